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
import glob
import json
import os
import pathlib
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request

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


class Postgres:
    """A cluster of its own; as root it runs as the user postgres, as it must."""

    def __init__(self, directory):
        self.directory = directory
        self.programs = pathlib.Path(sorted(glob.glob("/usr/lib/postgresql/*/bin/initdb"))[-1]).parent
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
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
        self.server_command("pg_ctl", "-w", "-D", directory / "data", "-l", directory / "log",
                            "start")

    def server_command(self, program, *arguments):
        as_user = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
        subprocess.run([*as_user, self.programs / program, *map(str, arguments)], check=True,
                       cwd="/", stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, timeout=120)

    def stop(self):
        self.server_command("pg_ctl", "-w", "-m", "fast", "-D", self.directory / "data", "stop")

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
        script = scratch / "row_locks.sql"
        script.write_text(ROW_LOCKS)
        said = subprocess.run(
            [self.programs / "pgbench", "-n", "-M", "prepared", "-c", str(clients), "-j", "2",
             "-T", str(seconds), "-f", script, self.url(database)],
            check=True, capture_output=True, text=True, timeout=seconds + 60).stdout
        return float(said.split("tps = ")[1].split()[0])


def wait_until_followed(server):
    """Until PostgreSQL has all that the store has; a minute at most."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        with urllib.request.urlopen(server.address + "/readyz", timeout=10) as answer:
            behind = json.load(answer)["postgres"]
        if behind["state"] == "following" and behind["lagChanges"] == 0:
            return
        time.sleep(0.05)
    sys.exit(f"PostgreSQL does not catch up: {behind}")


class Bench:
    def __init__(self, options, scratch, postgres):
        self.options, self.scratch, self.postgres = options, scratch, postgres
        self.prepared = scratch / "prepared"
        subprocess.run([options.bench / "prepare_store", self.prepared, str(options.bookings),
                        str(options.bookings)], check=True, timeout=300)
        self.rates = {}  # (name, connections) -> [(bookings/s, p50, p99, server us)]

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
                wait_until_followed(server)  # the first shipment is no part of the sale
            service.book(server, bookings.read_text().splitlines()[-1])
            figure = wrk.run(server, "/mock/booking", connections, self.options.seconds,
                             HTTP / "bookings.lua", [bookings, wrk.THREADS])
            if same_as:
                wait_until_followed(server)
        if figure.refused or figure.socket_errors:
            sys.exit(f"{name}: {figure.refused} of {figure.requests} answers were not 200")
        if same_as:
            subprocess.run([self.options.server, "audit", "--store.path", store, "--postgres.url",
                            same_as], check=True, timeout=600, stdout=subprocess.DEVNULL)
        self.rates.setdefault((name, connections), []).append(
            (figure.rate, figure.p50, figure.p99, figure.server_cpu * 1e6 / figure.requests))
        print(f"  {name}, {connections}: {figure.rate:.0f}/s", file=sys.stderr)

    def round(self):
        for clients in (16, 64):
            tps = self.postgres.row_locks(clients, self.options.seconds, self.scratch)
            self.rates.setdefault(("pgbench, SELECT FOR UPDATE, no HTTP", clients), []).append(
                (tps, 0, 0, 0))
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
    print("| what | connections | bookings/s | p50 ms | p99 ms | server CPU us each | "
          "of pgbench's best |")
    print("|---|--:|--:|--:|--:|--:|--:|")
    for (name, connections), all_of in bench.rates.items():
        rate, p50, p99, server = max(all_of)
        print(f"| {name} | {connections} | {rate:,.0f} | {p50:.2f} | {p99:.2f} | {server:.0f} | "
              f"{rate / row_locks:.2f} |")


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
            tempfile.TemporaryDirectory(prefix="boxoffice-postgres-") as cluster:
        scratch = pathlib.Path(name)
        postgres = Postgres(pathlib.Path(cluster))
        try:
            bench = Bench(options, scratch, postgres)
            subprocess.run([options.bench / "store_bench", scratch / "limit",
                            postgres.url(postgres.make_database())], check=True, timeout=600)
            print(flush=True)
            for _ in range(options.rounds):
                bench.round()
            print_table(bench)
        finally:
            postgres.stop()
    print(f"\nLoad average at the end: {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main()
