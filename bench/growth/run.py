#!/usr/bin/env python3
"""Measures the service as it grows: seats, wallets and queue tokens, tenfold from step to step.

usage: run.py --server BINARY --bench DIRECTORY [--steps 1000,10000,100000,1000000]
              [--stores DIRECTORY] [--rounds 3] [--seconds 1] [--connections 10000] [--wait 2]
              [--out docs/benchmarks]

Of each step a service of its own runs, all at the same time, and each kind of call is measured on
one after the other, by turns: first while nearly nothing is in memory, then with every wallet,
seat and booking in memory. Then connections that say nothing are kept beside a sale. --stores
keeps the prepared stores for another run. Writes growth.md and growth.svg.
"""

import argparse
import contextlib
import datetime
import json
import os
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request

sys.dont_write_bytecode = True  # nothing is left in the source tree
sys.path[:0] = [str(pathlib.Path(__file__).resolve().parent.parent / "http"),
                str(pathlib.Path(__file__).resolve().parent.parent)]

import machine
import service
import tables

CONNECTIONS = 64
# What has come into memory stays there, no hold runs out, and a wallet may be charged again at once.
SETTINGS = ("--actors.idle_after", "24h", "--booking.hold_for", "24h",
            "--wallet.double_submit_window", "0ms", "--http.idle_timeout", "1h")
CALLS = {"booking": "booking", "charge": "charge", "balance": "balance", "place": "position"}


def memory_of(pid):
    """Bytes in memory that are the process's own; files that it has mapped are not."""
    with open(f"/proc/{pid}/status", encoding="utf-8") as f:
        return int(re.search(r"^RssAnon:\s*(\d+)", f.read(), re.MULTILINE)[1]) * 1024


class Sale:
    """A service on a store of `size` seats, wallets and admitted tokens."""

    def __init__(self, options, size, store):
        self.options, self.size, self.store = options, size, store
        self.lines = store / "bookings.txt"
        self.first = {"booking": 0, "charge": 0, "balance": 0, "position": 0}
        self.figures = {}  # (phase, call) -> [figure]
        self.memory = {}  # what has happened -> bytes

    @contextlib.contextmanager
    def running(self):
        begin = time.monotonic()
        with service.running(self.options.server, self.store, *SETTINGS, patience=180) as server:
            self.ready = time.monotonic() - begin
            self.pid, self.port = server.pid, server.address.rpartition(":")[2]
            self.memory["ready"] = memory_of(self.pid)
            service.wait_for_the_queue(server, self.lines)
            self.serving = time.monotonic() - begin
            self.memory["queue"] = memory_of(self.pid)
            yield server

    def ask(self, what, seconds, most, rate=0):
        done = subprocess.run(
            [self.options.bench / "limits_load", self.port, what, self.lines,
             str(self.first[what]), str(CONNECTIONS), "1" if rate else "2", str(seconds),
             str(rate), str(most)], capture_output=True, text=True, timeout=seconds + 60)
        if done.returncode != 0:
            sys.exit(f"{self.size}, {what}: {done.stderr}")
        figure = json.loads(done.stdout)
        if figure["refused"] or figure["ran_out"]:
            sys.exit(f"{self.size}, {what}: {figure}")
        return figure

    def measure(self, phase, call):
        """One round. A booking needs a seat of its own: there, as many as the step has for it."""
        what = CALLS[call]
        most = 10**9
        if what == "booking":
            most = min(self.size // (12 * self.options.rounds), 20_000)
            if most < 500:
                return  # too few to be a rate
        machine.wait_until_quiet(self.options.wait)
        cpu = machine.cpu_seconds_of(self.pid)
        figure = self.ask(what, self.options.seconds, most)
        figure["cpu_us"] = (machine.cpu_seconds_of(self.pid) - cpu) * 1e6 / figure["answers"]
        if what == "booking":
            self.first[what] += most
        elif phase == "untouched" and what != "position":
            self.first[what] += figure["answers"]  # the next round asks others, who are not there
        self.figures.setdefault((phase, call), []).append(figure)
        print(f"  {self.size:,} {phase}, {call}: {figure['rate']:,.0f}/s", file=sys.stderr,
              flush=True)

    def entities(self):
        """In memory, as the service counts them."""
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/metrics", timeout=10) as answer:
            text = answer.read().decode()
        return float(re.search(r"^boxoffice_entities (\S+)$", text, re.MULTILINE)[1])

    def touch(self):
        """Every wallet comes into memory; then seats are booked, but for those still measured."""
        before, there = memory_of(self.pid), self.entities()
        self.first["balance"] = 0
        self.ask("balance", 300, self.size)
        fresh = self.entities() - there  # others were there already
        self.wallet = (memory_of(self.pid) - before) / fresh if fresh >= 1000 else None
        left = min(self.size // 12, 20_000 * self.options.rounds) + 2 * CONNECTIONS
        count = self.size - left - self.first["booking"]
        before = memory_of(self.pid)
        if count > 0:
            self.ask("booking", 600, count)
            self.first["booking"] += count
        self.booked = max(count, 1)
        self.memory["bookings"] = memory_of(self.pid) - before
        self.memory["touched"] = memory_of(self.pid)
        self.first["charge"] = self.first["position"] = 0


class Silent:
    """Connections that asked once and are kept, saying nothing."""

    def __init__(self, port, count):
        self.sockets = []
        asked = b"GET /livez HTTP/1.1\r\nHost: bench\r\n\r\n"
        for _ in range(count):
            s = socket.create_connection(("127.0.0.1", int(port)))
            s.sendall(asked)
            if not s.recv(4096).startswith(b"HTTP/1.1 200"):
                sys.exit("a connection was refused")
            self.sockets.append(s)

    def count_open(self):
        still = 0
        for s in self.sockets:
            s.setblocking(False)
            try:
                still += s.recv(1) != b""
            except BlockingIOError:
                still += 1
        return still

    def close(self):
        for s in self.sockets:
            s.close()


def keep_connections(options, prepared, scratch):
    """A sale at a fixed rate beside connections that say nothing, with and without, by turns."""
    store = copy(prepared, scratch / "connections")
    sale = Sale(options, 100_000, store)
    found = {"alone": [], "beside": [], "each": []}
    with service.running(options.server, store, *SETTINGS, "--http.max_connections",
                         str(options.connections + 1000)) as server:
        sale.pid, sale.port = server.pid, server.address.rpartition(":")[2]
        service.wait_for_the_queue(server, sale.lines)
        sale.ask("booking", 2, 10**9, rate=4000)
        sale.first["booking"] += 8100

        def offer(to):
            machine.wait_until_quiet(options.wait)
            found[to].append(sale.ask("booking", 3, 10**9, rate=4000))
            sale.first["booking"] += 12_100

        for _ in range(3):
            offer("alone")
            before = memory_of(server.pid)
            silent = Silent(sale.port, options.connections)
            found["each"].append((memory_of(server.pid) - before) / options.connections)
            offer("beside")
            if silent.count_open() != options.connections:
                sys.exit("connections were lost")
            silent.close()
    service.seats_held(options.server, store)
    return found


def measure_lines(options, stores, scratch, steps):
    """Queues in which nearly all wait, and their places asked for, by turns."""
    lines = []
    with contextlib.ExitStack() as running:
        for size in (steps[0], steps[-1]):
            prepared = prepare(options, stores / f"line-{size}", 1000, 1000, size)
            line = Sale(options, size, copy(prepared, scratch / f"line-{size}"))
            line.lines = line.store / "waiting.txt"
            running.enter_context(line.running())
            lines.append(line)
        for _ in range(options.rounds):
            for line in lines:
                line.measure("waiting", "place")
    return lines


def prepare(options, directory, *sizes):
    if not (directory / "bookings.txt").exists():
        subprocess.run([options.bench / "prepare_store", directory, *map(str, sizes)], check=True,
                       timeout=1800)
    return directory


def copy(prepared, to):
    shutil.copytree(prepared, to)
    os.sync()  # so that the copy isn't written back while the service is measured
    return to


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--server", type=pathlib.Path, required=True)
    parser.add_argument("--bench", type=pathlib.Path, required=True)
    parser.add_argument("--steps", default="1000,10000,100000,1000000")
    parser.add_argument("--stores", type=pathlib.Path)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=int, default=1)
    parser.add_argument("--connections", type=int, default=10_000)
    parser.add_argument("--wait", type=int, default=2)
    parser.add_argument("--out", type=pathlib.Path, default=pathlib.Path("docs/benchmarks"))
    options = parser.parse_args()
    options.bench = options.bench.resolve()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("terminated"))  # ends the services as well
    steps = [int(step) for step in options.steps.split(",")]

    described = machine.describe()
    with tempfile.TemporaryDirectory(prefix="boxoffice-growth-") as name, \
            contextlib.ExitStack() as running:
        scratch = pathlib.Path(name)
        stores = options.stores or scratch / "prepared"
        connections = keep_connections(
            options, prepare(options, stores / "100000", 100_000, 100_000), scratch)
        lines = measure_lines(options, stores, scratch, steps)
        sales = []
        for size in steps:
            prepared = prepare(options, stores / str(size), size, size)
            sales.append(Sale(options, size, copy(prepared, scratch / str(size))))
        for sale in sales:
            running.enter_context(sale.running())
        for phase in ("untouched", "touched"):
            if phase == "touched":
                for sale in sales:
                    sale.touch()
            for call in CALLS:
                for _ in range(options.rounds):
                    for sale in sales:
                        sale.measure(phase, call)
        running.close()
        for sale in sales:
            service.seats_held(options.server, sale.store)  # the books are right
        tables.write(options, sales, list(CALLS), lines, connections, described,
                     datetime.datetime.now(datetime.timezone.utc).date())


if __name__ == "__main__":
    main()
