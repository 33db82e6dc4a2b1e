#!/usr/bin/env python3
"""Measures bookings and charges of the service beside those of what a team would build instead,
Node with Fastify and pg, and Go with net/http and pgx, on one PostgreSQL, by turns, and writes a
table and a chart.

usage: run.py --server BINARY --bench DIRECTORY [--rounds 3] [--seconds 5] [--bookings 200000]
              [--connections 64,256] [--only NAME,...] [--processes 2] [--node-pool 32]
              [--go-pool 32] [--wait 10] [--results FILE] [--into DIRECTORY]

It starts a PostgreSQL of its own in a temporary directory. BINARY is boxoffice, DIRECTORY (--bench)
holds prepare_store. Every measurement has a copy of the sale to itself, in which so many seats are
free and so many users admitted that each request changes something; an answer that is not 200 ends
the run, and so do books that are not right afterwards. --results keeps what was
measured, a line of JSON each, and the table covers all that stands there; --into writes peers.md
and peers.svg into DIRECTORY.
"""

import argparse
import json
import os
import pathlib
import signal
import sys
import tempfile

sys.dont_write_bytecode = True  # nothing is left in the source tree
HERE = pathlib.Path(__file__).resolve().parent
HTTP, POSTGRES = HERE.parent / "http", HERE.parent / "postgres"
sys.path[:0] = [str(POSTGRES), str(HTTP), str(HERE)]

import agreement
import contenders
import machine
import report
import run as postgres_bench  # that of bench/postgres
import sales
import wrk

CALLS = {"booking": ("/mock/booking", HTTP / "bookings.lua"),
         "charge": ("/mock/balance", HERE / "charges.lua")}
WARM_UP_SECONDS = 1


class Bench:
    def __init__(self, options, scratch, postgres):
        self.options, self.postgres = options, postgres
        self.sale = sales.Sale(options, scratch, postgres)
        ours = contenders.Boxoffice
        built = [ours(options, ours.BEHIND),
                 contenders.Fastify(options.processes, options.node_pool),
                 contenders.Go(options.go_pool, scratch),
                 ours(options, ours.STORE),
                 ours(options, ours.LOCAL)]
        self.contenders = [c for c in built if not options.only or c.name in options.only]
        self.compare_answers()

    def compare_answers(self):
        """What all answer to the same requests must be the same."""
        said = {}
        for contender in self.contenders:
            database = self.sale.copy_database(contender.database_of(self.sale))
            with contender.running(self.sale, database) as server:
                said[contender.name] = agreement.answers(server, *self.sale.first_lines)
            self.sale.drop_database(database)
        ours = said[self.contenders[0].name]
        for name, theirs in said.items():
            if found := agreement.differences(ours, theirs):
                sys.exit(f"{name} answers otherwise:\n" + "\n".join(found))

    def measure(self, contender, call, connections):
        database = self.sale.copy_database(contender.database_of(self.sale))
        with contender.running(self.sale, database) as server:
            warmed = self.load(server, call, connections, self.sale.warm_up, WARM_UP_SECONDS)
            machine.wait_until_quiet(self.options.wait)
            service_before, postgres_before = server.cpu_seconds(), self.postgres.cpu_seconds()
            load_before = wrk.children_seconds()
            figure = self.load(server, call, connections, self.sale.bookings,
                               self.options.seconds)
            load = wrk.children_seconds() - load_before
            serving = server.cpu_seconds() - service_before
            behind = self.postgres.cpu_seconds() - postgres_before
        for done in (warmed, figure):
            if done.refused or done.socket_errors:
                sys.exit(f"{contender.name}: {done.refused} of {done.requests} answers were not "
                         f"200, {done.socket_errors} socket errors")
        answered = warmed.requests + figure.requests
        self.check_books(contender, call, database, answered, 2 * connections)
        seconds = figure.requests / figure.rate
        capacity = seconds * os.cpu_count()
        note = {"name": contender.name, "call": call, "connections": connections,
                "requests": figure.requests, "rate": figure.rate, "p50": figure.p50,
                "p99": figure.p99, "service": serving * 1e6 / figure.requests,
                "database": behind * 1e6 / figure.requests, "load": load * 1e6 / figure.requests,
                "busy": (serving + behind + load) / capacity,
                "others": max(0, figure.others_share + figure.server_cpu / capacity
                              - (serving + behind) / capacity)}
        print(f"  {call}, {connections}, {contender.name}: {figure.rate:.0f}/s, "
              f"p99 {figure.p99:.1f} ms", file=sys.stderr)
        return note

    @staticmethod
    def load(server, call, connections, users, seconds):
        path, script = CALLS[call]
        return wrk.run(server, path, connections, seconds, script, [users, wrk.THREADS])

    def check_books(self, contender, call, database, answered, under_way):
        if contender.in_postgres:
            self.sale.check(database)
            bookings, charges = self.sale.count(database)
            done = bookings if call == "booking" else charges
            # wrk doesn't count what is still under way when it ends.
            if not answered <= done <= answered + under_way:
                sys.exit(f"{contender.name}: {answered} of {call} were answered, {done} are there")
        self.sale.drop_database(database)

    def round(self):
        for connections in self.options.connections:
            for call in CALLS:
                for contender in self.contenders:
                    yield self.measure(contender, call, connections)


def read_options():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--server", type=pathlib.Path, required=True)
    parser.add_argument("--bench", type=pathlib.Path, required=True)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=int, default=5)
    parser.add_argument("--bookings", type=int, default=200_000)
    parser.add_argument("--connections", default="64,256",
                        type=lambda text: [int(n) for n in text.split(",")])
    parser.add_argument("--only", type=lambda text: text.split(","))
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--node-pool", type=int, default=32)
    parser.add_argument("--go-pool", type=int, default=32)
    parser.add_argument("--wait", type=int, default=10)
    parser.add_argument("--results", type=pathlib.Path)
    parser.add_argument("--into", type=pathlib.Path)
    return parser.parse_args()


def main():
    options = read_options()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("terminated"))  # ends what it started
    about = machine.describe()
    with tempfile.TemporaryDirectory(prefix="boxoffice-bench-") as name, \
            postgres_bench.Postgres.of_its_own() as postgres:
        results = options.results or pathlib.Path(name) / "results"
        bench = Bench(options, pathlib.Path(name), postgres)
        with results.open("a", encoding="utf-8") as kept:
            for _ in range(options.rounds):
                for note in bench.round():
                    print(json.dumps(note), file=kept, flush=True)
        notes = [json.loads(line) for line in results.read_text(encoding="utf-8").splitlines()]
    report.write(notes, about, report.versions(options), options)


if __name__ == "__main__":
    main()
