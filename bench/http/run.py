#!/usr/bin/env python3
"""Measures the service over HTTP beside its peers and its limits, all in one run, and prints a table.

usage: run.py --server BINARY --bench DIRECTORY [--rounds 3] [--seconds 5] [--bookings 200000]
              [--wait 10]

Before each measurement it waits --wait seconds at most for the other programs on this machine to
fall quiet; of the rounds it prints the one in which they used the least of the cores.
BINARY is boxoffice, DIRECTORY holds prepare_store and store_bench. Every booking must be answered
with 200 and stand in the store afterwards, else the run fails.
"""

import argparse
import datetime
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True  # nothing is left in the source tree

import machine
import service
import wrk

HERE = pathlib.Path(__file__).resolve().parent
WARM_USERS = 1000
CONNECTIONS = (64, 256)


class Bench:
    def __init__(self, options, scratch):
        self.options = options
        self.scratch = scratch
        self.day = None  # of the performance
        self.figures = {}  # (name, connections) -> [wrk.Figure]

    def prepare(self, seats, buyers):
        store = self.scratch / f"prepared-{seats}"
        subprocess.run([self.options.bench / "prepare_store", store, str(seats), str(buyers)],
                       check=True, timeout=300)
        return store

    def copy(self, prepared):
        store = self.scratch / "store"
        shutil.rmtree(store, ignore_errors=True)
        shutil.copytree(prepared, store)
        os.sync()  # so that the copy isn't written back while the service is measured
        return store

    def note(self, name, connections, figure):
        if figure.refused or figure.socket_errors:
            sys.exit(f"{name}: {figure.refused} of {figure.requests} answers were not 200, "
                     f"{figure.socket_errors} socket errors")
        self.figures.setdefault((name, connections), []).append(figure)
        print(f"  {name}, {connections} connections: {figure.rate:.0f}/s", file=sys.stderr)

    def load(self, server, path, connections, script=None, arguments=(), seconds=None):
        machine.wait_until_quiet(self.options.wait)
        return wrk.run(server, path, connections, seconds or self.options.seconds,
                       script and HERE / script, arguments)

    def measure_reads(self, prepared, name, path):
        with service.running(self.options.server, self.copy(prepared)) as server:
            self.load(server, path, 64, seconds=1)
            for connections in CONNECTIONS:
                self.note(name, connections, self.load(server, path, connections))

    def measure_round_trips(self, prepared):
        with service.running(self.options.server, self.copy(prepared)) as server:
            path = "/mock/balance/buyer1"
            self.load(server, path, 64, "balances.lua", [WARM_USERS], seconds=2)
            for connections in CONNECTIONS:
                self.note("GET /livez", connections, self.load(server, "/livez", connections))
                self.note("GET /mock/balance", connections,
                          self.load(server, path, connections, "balances.lua", [WARM_USERS]))

    def measure_bookings(self, prepared, name, connections, *settings):
        store = self.copy(prepared)
        bookings = store / "bookings.txt"
        with service.running(self.options.server, store, *settings) as server:
            # The first booking waits until the queue is read from the store; the rest don't.
            service.book(server, bookings.read_text().splitlines()[-1])
            figure = self.load(server, "/mock/booking", connections, "bookings.lua",
                               [bookings, wrk.THREADS])
        self.note(name, connections, figure)
        held = service.seats_held(self.options.server, store) - 1
        # wrk doesn't count what is still under way when it ends.
        if not figure.requests <= held <= figure.requests + connections:
            sys.exit(f"{name}: {figure.requests} bookings were answered, the store holds {held}")

    def round(self, sale, small, stadium):
        self.measure_round_trips(sale)
        for connections in CONNECTIONS:
            self.measure_bookings(sale, "booking", connections)
            self.measure_bookings(sale, "booking, durability none", connections,
                                  "--durability", "none")
            self.measure_bookings(sale, "booking, requests logged", connections,
                                  "--log.requests", "true")
        day = (datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(days=30)).date()
        seats = f"/mock/available-seats?concertId=1&date={day}"
        self.measure_reads(small, "100 seats", seats)
        self.measure_reads(stadium, "50,000 seats", seats)


def quietest(figures):
    """The figure that other programs disturbed least."""
    return min(figures, key=lambda f: f.others_share)


def print_table(bench):
    limit = {c: quietest(bench.figures["GET /livez", c]).rate for c in CONNECTIONS}
    peer = {c: quietest(bench.figures["GET /mock/balance", c]).rate for c in CONNECTIONS}
    print("| call | connections | requests/s | p50 ms | p99 ms | MB/s | of the round trip | "
          "of /livez | server CPU us each | load CPU | others' CPU |")
    print("|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|")
    for (name, connections), figures in bench.figures.items():
        f = quietest(figures)
        print(f"| {name} | {connections} | {f.rate:,.0f} | {f.p50:.2f} | {f.p99:.2f} | "
              f"{f.megabytes:.1f} | {f.rate / peer[connections]:.2f} | "
              f"{f.rate / limit[connections]:.3f} | {f.server_cpu * 1e6 / f.requests:.0f} | "
              f"{f.load_cpu_share:.0%} | {f.others_share:.0%} |")
    print(f"\nOf {bench.options.rounds} rounds, each line is the one least disturbed by others.")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--server", type=pathlib.Path, required=True)
    parser.add_argument("--bench", type=pathlib.Path, required=True)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=int, default=5)
    parser.add_argument("--wait", type=int, default=10)
    parser.add_argument("--bookings", type=int, default=200_000)
    options = parser.parse_args()

    signal.signal(signal.SIGTERM, lambda *_: sys.exit("terminated"))  # ends the service as well

    print(machine.describe(), "\n", sep="")
    with tempfile.TemporaryDirectory(prefix="boxoffice-bench-") as name:
        scratch = pathlib.Path(name)
        bench = Bench(options, scratch)
        sale = bench.prepare(options.bookings, options.bookings)
        small, stadium = bench.prepare(100, 1), bench.prepare(50_000, 1)
        subprocess.run([options.bench / "store_bench", scratch / "limit"], check=True, timeout=300)
        print(flush=True)
        for _ in range(options.rounds):
            bench.round(sale, small, stadium)
        print_table(bench)
    print(f"\nLoad average at the end: {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main()
