#!/usr/bin/env python3
"""Measures the sale with PostgreSQL behind the store and as the store, beside what PostgreSQL itself
does with one transaction a request, all in one run, and prints a table.

usage: run.py --server BINARY --bench DIRECTORY [--rounds 2] [--seconds 5] [--bookings 150000]
              [--wait 10]

It starts a PostgreSQL of its own in a temporary directory, on a free port of loopback. BINARY is
boxoffice, DIRECTORY holds prepare_store and store_bench. Every booking must be answered with 200,
and in the end PostgreSQL must hold what the store holds.
"""

import argparse
import contextlib
import glob
import os
import pathlib
import pwd
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True  # nothing is left in the source tree
HERE = pathlib.Path(__file__).resolve().parent
HTTP = HERE.parent / "http"
sys.path.insert(0, str(HTTP))

import machine
import service
import wrk

# What an application without actors does for one booking: lock the seat, look, write, commit.
ROW_LOCKS = """
\\set seat random(1, 100000)
BEGIN;
SELECT is_reserved FROM pgb_seat WHERE seat_id = :seat FOR UPDATE;
UPDATE pgb_seat SET is_reserved = NOT is_reserved WHERE seat_id = :seat;
INSERT INTO pgb_reservation (seat_id, user_id, reserved_at) VALUES (:seat, :client_id, now());
COMMIT;
"""
TABLES = """
CREATE TABLE pgb_seat (seat_id bigint PRIMARY KEY, is_reserved boolean NOT NULL);
INSERT INTO pgb_seat SELECT n, false FROM generate_series(1, 100000) n;
CREATE TABLE pgb_reservation (id bigserial PRIMARY KEY, seat_id bigint NOT NULL REFERENCES pgb_seat,
                              user_id bigint NOT NULL, reserved_at timestamptz NOT NULL);
"""

# What a writer behind does without arrays: the rows of 64 bookings one by one, prepared, in one
# transaction, in the tables of the service.
SEATS_ONE_BY_ONE = 500_000
ROWS = f"""
INSERT INTO users SELECT 'u' || n, 'u', 'u@example', now() FROM generate_series(1, 1000) n;
INSERT INTO concert VALUES (1, 'c', now(), now());
INSERT INTO concert_option VALUES (1, 1, now(), 'hall', 'UTC', now(), now(), now(), true);
INSERT INTO seat SELECT n, 1, n, false, 1, 'A', 100 FROM generate_series(1, {SEATS_ONE_BY_ONE}) n;
ANALYZE;
"""
ONE_BOOKING = """
\\set n :n + 1
\\set u 1 + :n % 1000
UPDATE seat SET is_reserved = true WHERE seat_id = :n AND NOT is_reserved;
INSERT INTO booking VALUES (:n, 1, 1, 'u' || :u, gen_random_uuid(), 100, now(), now(), 'PENDING');
INSERT INTO reservation VALUES (:n, 1, 'u' || :u, :n, now(), false, :n, 100);
INSERT INTO temp_reservation VALUES (:n, 'u' || :u, :n, now(), now(), :n);
"""
ONE_BY_ONE = f"""
BEGIN;
{64 * ONE_BOOKING}
COMMIT;
"""


def hold_a_port():
    """One that the system gives to nobody, so that it is free still when the server is started
    again, and a claim to it among those who test on this machine, which ends with the process."""
    given_from = int(pathlib.Path("/proc/sys/net/ipv4/ip_local_port_range").read_text().split()[0])
    for port in random.sample(range(10_000, given_from), k=min(1_000, given_from - 10_000)):
        claim = socket.socket(socket.AF_UNIX)
        try:
            claim.bind(f"\0boxoffice-port-{port}")
            with socket.socket() as probe:
                probe.bind(("127.0.0.1", port))
        except OSError:
            claim.close()
            continue
        return port, claim
    raise SystemExit("no free port")


class Postgres:
    """A cluster of its own; as root it runs as the user postgres, as it must."""

    @classmethod
    @contextlib.contextmanager
    def of_its_own(cls):
        """One in a temporary directory, ended and gone in the end."""
        with tempfile.TemporaryDirectory(prefix="boxoffice-postgres-") as directory:
            postgres = cls(pathlib.Path(directory))
            try:
                yield postgres
            finally:
                if postgres.runs:
                    postgres.stop()
                postgres.guard.communicate(timeout=60)
                postgres.holds_port.close()

    def __init__(self, directory):
        self.directory = directory
        self.programs = pathlib.Path(sorted(glob.glob("/usr/lib/postgresql/*/bin/initdb"))[-1]).parent
        self.port, self.holds_port = hold_a_port()
        self.databases = 0
        if os.geteuid() == 0:
            user = pwd.getpwnam("postgres")
            os.chown(directory, user.pw_uid, user.pw_gid)
        self.server_command("initdb", "-D", directory / "data", "-A", "trust", "-U", "postgres",
                            "-E", "UTF8", "--locale=C.UTF-8")
        with (directory / "data/postgresql.conf").open("a") as settings:
            settings.write(f"listen_addresses = '127.0.0.1'\nport = {self.port}\n"
                           f"unix_socket_directories = '{directory}'\nshared_buffers = 256MB\n"
                           "max_wal_size = 4GB\nmax_connections = 120\n")
        self.guard = self.start_guard()
        self.start()

    def start_guard(self):
        """Ends it all when this process is gone: in a session of its own it outlives whoever kills
        this one's, and reads to the end of a pipe."""
        as_user = "runuser -u postgres -- " if os.geteuid() == 0 else ""
        end = (f"read nothing; if [ -e {self.directory}/data/postmaster.pid ]; then cd / && {as_user}"
               f"{self.programs}/pg_ctl -w -D {self.directory}/data -m immediate stop; "
               f"rm -rf {self.directory}; fi")
        return subprocess.Popen(["sh", "-c", end], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL,
                                stderr=subprocess.DEVNULL, start_new_session=True)

    def server_command(self, program, *arguments):
        as_user = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
        subprocess.run([*as_user, self.programs / program, *map(str, arguments)], check=True,
                       cwd="/", stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, timeout=120)

    def start(self):
        self.server_command("pg_ctl", "-w", "-D", self.directory / "data", "-l",
                            self.directory / "log", "start")
        self.runs = True

    def cpu_seconds(self):
        """CPU seconds of all its processes, of those that have ended too."""
        postmaster = int((self.directory / "data/postmaster.pid").read_text().split()[0])
        ticks = 0
        for name in filter(str.isdigit, os.listdir("/proc")):
            try:
                fields = pathlib.Path(f"/proc/{name}/stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue  # ended meanwhile
            if int(name) == postmaster:
                ticks += sum(map(int, fields[11:15]))
            elif int(fields[1]) == postmaster:
                ticks += sum(map(int, fields[11:13]))
        return ticks / machine.TICKS

    def stop(self):
        self.server_command("pg_ctl", "-w", "-m", "fast", "-D", self.directory / "data", "stop")
        self.runs = False

    def url(self, database):
        return f"postgresql://postgres@127.0.0.1:{self.port}/{database}"

    def sql(self, database, text):
        return subprocess.run(["psql", "-XqAt", "-d", self.url(database), "-c", text], check=True,
                              capture_output=True, text=True, timeout=600).stdout.strip()

    def make_database(self):
        self.databases += 1
        name = f"bench{self.databases}"
        self.sql("postgres", f"CREATE DATABASE {name}")
        return name

    def row_locks(self, clients, seconds, scratch):
        """Transactions a second of pgbench; each books one seat behind a lock of its row."""
        database = self.make_database()
        self.sql(database, TABLES)
        return self.pgbench(database, ROW_LOCKS, scratch, "-c", str(clients), "-j", "2", "-T",
                            str(seconds))

    def one_by_one(self, server, seconds, scratch):
        """Bookings a second that are written row by row, 64 in a transaction."""
        database = self.make_database()
        subprocess.run([server, "migrate", "--postgres.url", self.url(database)], check=True,
                       timeout=60, stdout=subprocess.DEVNULL)
        self.sql(database, ROWS)
        return 64 * self.pgbench(database, ONE_BY_ONE, scratch, "-c", "1", "-D", "n=0", "-T",
                                 str(seconds))

    def pgbench(self, database, script, scratch, *settings):
        """Transactions a second."""
        file = scratch / "pgbench.sql"
        file.write_text(script)
        said = subprocess.run(
            [self.programs / "pgbench", "-n", "-M", "prepared", *settings, "-f", file,
             self.url(database)],
            check=True, capture_output=True, text=True, timeout=120,
            # Else its foreign keys keep the plans that were right for empty tables, as ours would.
            env={**os.environ, "PGOPTIONS": "-c enable_seqscan=off -c jit=off"}).stdout
        return float(said.split("tps = ")[1].split()[0])


class Bench:
    def __init__(self, options, scratch, postgres):
        self.options, self.scratch, self.postgres = options, scratch, postgres
        self.prepared = scratch / "prepared"
        subprocess.run([options.bench / "prepare_store", self.prepared, str(options.bookings),
                        str(options.bookings)], check=True, timeout=300)
        # (name, connections) -> [(bookings/s, p50, p99, the service's us, PostgreSQL's us)]
        self.rates = {}

    def copy(self):
        store = self.scratch / "store"
        shutil.rmtree(store, ignore_errors=True)
        shutil.copytree(self.prepared, store)
        os.sync()
        return store

    def book(self, name, connections, *settings, same_as=None):
        store = self.copy()
        bookings = store / "bookings.txt"
        machine.wait_until_quiet(self.options.wait)
        with service.running(self.options.server, store, *settings) as server:
            if same_as:
                service.wait_until_followed(server)  # the first shipment is no part of the sale
            service.book(server, bookings.read_text().splitlines()[-1])
            before = self.postgres.cpu_seconds()
            figure = wrk.run(server, "/mock/booking", connections, self.options.seconds,
                             HTTP / "bookings.lua", [bookings, wrk.THREADS])
            if same_as:
                service.wait_until_followed(server)
            postgres = self.postgres.cpu_seconds() - before
        if figure.refused or figure.socket_errors:
            sys.exit(f"{name}: {figure.refused} of {figure.requests} answers were not 200")
        if same_as:
            subprocess.run([self.options.server, "audit", "--store.path", store, "--postgres.url",
                            same_as], check=True, timeout=600, stdout=subprocess.DEVNULL)
        self.rates.setdefault((name, connections), []).append(
            (figure.rate, figure.p50, figure.p99, figure.server_cpu * 1e6 / figure.requests,
             postgres * 1e6 / figure.requests))
        print(f"  {name}, {connections}: {figure.rate:.0f}/s", file=sys.stderr)

    def round(self):
        rate = self.postgres.one_by_one(self.options.server, self.options.seconds, self.scratch)
        self.rates.setdefault(("row by row, prepared, 64 bookings a commit, no HTTP", 1),
                              []).append((rate, 0, 0, 0, 0))
        for clients in (16, 64):
            tps = self.postgres.row_locks(clients, self.options.seconds, self.scratch)
            self.rates.setdefault(("pgbench, SELECT FOR UPDATE, no HTTP", clients), []).append(
                (tps, 0, 0, 0, 0))
        for connections in (64, 256):
            self.book("durability none", connections, "--durability", "none")
            self.book("durability local", connections)
            for durability in ("local", "postgres"):
                url = self.postgres.url(self.postgres.make_database())
                self.book(f"durability {durability}, write-behind", connections, "--durability",
                          durability, "--postgres.url", url, same_as=url)


def print_table(bench):
    row_locks = max(r[0] for (name, _), all_of in bench.rates.items() if "pgbench" in name
                    for r in all_of)
    print("| what | connections | bookings/s | p50 ms | p99 ms | service's CPU us each | "
          "PostgreSQL's | of pgbench's best |")
    print("|---|--:|--:|--:|--:|--:|--:|--:|")
    for (name, connections), all_of in bench.rates.items():
        rate, p50, p99, server, behind = max(all_of)
        print(f"| {name} | {connections} | {rate:,.0f} | {p50:.2f} | {p99:.2f} | {server:.0f} | "
              f"{behind:.0f} | {rate / row_locks:.2f} |")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--server", type=pathlib.Path, required=True)
    parser.add_argument("--bench", type=pathlib.Path, required=True)
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--seconds", type=int, default=5)
    parser.add_argument("--wait", type=int, default=10)
    parser.add_argument("--bookings", type=int, default=150_000)
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("terminated"))  # ends what it started

    print(machine.describe(), "\n", sep="")
    with tempfile.TemporaryDirectory(prefix="boxoffice-bench-") as name, \
            Postgres.of_its_own() as postgres:
        scratch = pathlib.Path(name)
        bench = Bench(options, scratch, postgres)
        subprocess.run([options.bench / "store_bench", scratch / "limit",
                        postgres.url(postgres.make_database())], check=True, timeout=600)
        print(flush=True)
        for _ in range(options.rounds):
            bench.round()
        print_table(bench)
    print(f"\nLoad average at the end: {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main()
