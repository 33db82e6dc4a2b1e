#!/usr/bin/env python3
"""Measures each layer of the service beside the layer below it, in one run, by turns, as ratios.

usage: run.py --server BINARY --bench DIRECTORY [--entities 2000000] [--store DIRECTORY]
              [--rounds 3] [--seconds 4] [--wait 5] [--out docs/benchmarks]
              [--state FILE] [--until calls|maps|inside|allocations]

BINARY is boxoffice, DIRECTORY holds the programs of bench/. As many seats, users and tokens as
--entities says are made before any clock starts; --store keeps them for another run. Where the
machine is to be had for minutes only, --state keeps what was measured and --until ends behind a
part; the next run goes on there. Writes limits.md and limits.svg. An answer that is not as expected
ends the run, and afterwards the service's own audit must find as many seats held as bookings were
answered.
"""

import argparse
import datetime
import json
import os
import pathlib
import re
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request

sys.dont_write_bytecode = True  # nothing is left in the source tree
sys.path[:0] = [str(pathlib.Path(__file__).resolve().parent.parent / "http"),
                str(pathlib.Path(__file__).resolve().parent.parent)]

import layers
import machine
import nginx
import report
import service

CONNECTIONS = 64
WARM = 1000  # users whose wallets are in memory: the round trip to an actor that changes nothing
STADIUM = 50_000
MAPS_CONNECTIONS = 16
SEATS = "/v1/options/1/seats"
KEPT_LONG = ("--queue.abandon_after", "24h")


class Load:
    """Asks one server. No line of bookings.txt is used for two bookings, nor for two charges."""

    def __init__(self, options, server_pid, port, store):
        self.options = options
        self.pid = server_pid
        self.port = port
        self.files = {"booking": store / "bookings.txt", "charge": store / "bookings.txt",
                      "balance": store / "warm.txt", "position": store / "waiting.txt"}
        self.used = {"booking": 0, "charge": 0}

    def run(self, what, source=None, seconds=None, rate=0, connections=CONNECTIONS, threads=2):
        machine.wait_until_quiet(self.options.wait)
        seconds = seconds or self.options.seconds
        others, cpu = machine.busy_seconds(), self.pid and machine.cpu_seconds_of(self.pid)
        begin = time.monotonic()
        done = subprocess.run(
            [self.options.bench / "limits_load", str(self.port), what,
             source or self.files[what], str(self.used.get(what, 0)), str(connections),
             str(threads), str(seconds), str(rate)],
            capture_output=True, text=True, timeout=seconds + 60)
        if done.returncode != 0:
            sys.exit(f"{what}: {done.stderr}")
        figure = json.loads(done.stdout)
        if what in self.used:
            # The threads take lines by turns, and one may be ahead of the other.
            self.used[what] += int(figure["answers"] * 1.2) + 2 * connections
        if figure["refused"] or figure["ran_out"]:
            sys.exit(f"{what}: {figure['refused']} answers refused, ran out: {figure['ran_out']}")
        if self.pid:
            figure["cpu"] = machine.cpu_seconds_of(self.pid) - cpu
            busy = machine.busy_seconds() - others - figure["cpu"] - figure["load_cpu"]
            figure["others"] = max(busy, 0) / (time.monotonic() - begin) / os.cpu_count()
        return figure


def metric(server, name):
    with urllib.request.urlopen(server.address + "/metrics", timeout=10) as answer:
        text = answer.read().decode()
    return float(re.search(rf"^{name} (\S+)$", text, re.MULTILINE)[1])


def bytes_written(pid):
    with open(f"/proc/{pid}/io", encoding="utf-8") as f:
        return int(re.search(r"^write_bytes: (\d+)", f.read(), re.MULTILINE)[1])


def syncs_a_second(directory, size, seconds):
    """Appends as many bytes as a commit writes and syncs them, again and again."""
    page = b"x" * size
    fd = os.open(directory / "sync", os.O_CREAT | os.O_WRONLY | os.O_APPEND, 0o600)
    try:
        done, begin = 0, time.monotonic()
        while time.monotonic() < begin + seconds:
            os.write(fd, page)
            os.fdatasync(fd)
            done += 1
        return done / (time.monotonic() - begin)
    finally:
        os.close(fd)
        os.unlink(directory / "sync")


class Bench:
    def __init__(self, options, scratch):
        self.options, self.scratch = options, scratch
        self.figures = {}  # name -> [figure]
        self.facts = {}
        self.done = []
        if options.state and options.state.exists():
            self.figures, self.facts, self.done = json.loads(options.state.read_text())

    def keep(self, part):
        """For a later run to go on with."""
        self.done.append(part)
        if self.options.state:
            self.options.state.write_text(json.dumps([self.figures, self.facts, self.done]))

    def prepare(self, directory, seats, buyers, waiting=1000):
        if not (directory / "waiting.txt").exists():
            subprocess.run([self.options.bench / "prepare_store", directory, str(seats),
                            str(buyers), str(waiting)], check=True, timeout=1800)
        with (directory / "bookings.txt").open() as lines:
            (directory / "warm.txt").write_text("".join(line for line, _ in zip(lines, range(WARM))))

    def copy(self, prepared, name):
        store = self.scratch / name
        shutil.copytree(prepared, store)
        os.sync()  # so that the copy isn't written back while the service is measured
        return store

    def note(self, name, figure):
        self.figures.setdefault(name, []).append(figure)
        print(f"  {name}: {figure['rate']:,.0f}/s", file=sys.stderr, flush=True)
        return figure

    def measure_calls(self, prepared):
        store = self.copy(prepared, "calls")
        begin = time.monotonic()
        with service.running(self.options.server, store, *KEPT_LONG, patience=120) as server:
            self.facts["ready"] = time.monotonic() - begin
            service.wait_for_the_queue(server, store / "waiting.txt")
            self.facts["serving"] = time.monotonic() - begin
            load = Load(self.options, server.pid, server.address.rpartition(":")[2], store)
            for what in ("balance", "booking", "charge", "position"):
                load.run(what, seconds=1)
            for number in range(self.options.rounds):
                self.round_of_calls(server, load, sample=number == 0)
            self.offer_at_80_percent(load)
            booked, charged = load.used["booking"], load.used["charge"]
            told = metric(server, 'boxoffice_bookings_total{event="created"}')
        held = service.seats_held(self.options.server, store)
        if held != told:
            sys.exit(f"{told:.0f} bookings were made, the store holds {held}")
        self.facts["held"], self.facts["used"] = held, max(booked, charged)
        shutil.rmtree(store)

    def round_of_calls(self, server, load, sample):
        self.note("HTTP no-op", load.run("get", "/livez"))
        self.note("HTTP + actor no-op", load.run("balance"))
        commits = metric(server, "boxoffice_journal_commits_total")
        written = bytes_written(server.pid)
        figure = self.note("booking", load.run("booking"))
        commits = metric(server, "boxoffice_journal_commits_total") - commits
        figure["group"] = figure["answers"] / commits
        figure["bytes"] = (bytes_written(server.pid) - written) / commits
        size = int(figure["bytes"])
        rate = syncs_a_second(self.scratch, size, self.options.seconds / 2)
        self.note("fsync alone", {"rate": rate * figure["group"], "syncs": rate, "size": size})
        self.note("HTTP + actor no-op", load.run("balance"))
        self.note("charge", load.run("charge"))
        self.note("queue position", load.run("position"))
        self.note("HTTP no-op", load.run("get", "/livez"))
        self.note("seat map, 304", load.run("same", SEATS))
        if sample:
            recording = layers.Recording(server.pid, self.scratch / "perf.data")
            load.run("booking")
            self.facts["layers"], self.facts["threads"] = recording.stop()

    def offer_at_80_percent(self, load):
        for what in ("booking", "charge"):
            most = statistics.median(f["rate"] for f in self.figures[what])
            for _ in range(self.options.rounds):
                self.note(f"{what}, 80 % offered",
                          load.run(what, rate=int(0.8 * most), threads=1))

    def measure_inside(self, prepared):
        store = self.copy(prepared, "inside")
        first = 0
        for _ in range(self.options.rounds):
            for layer in ("store", "journal", "service"):
                machine.wait_until_quiet(self.options.wait)
                done = subprocess.run(
                    [self.options.bench / "limits_inside", store, layer, str(CONNECTIONS),
                     str(self.options.seconds), str(first)],
                    check=True, timeout=300, capture_output=True, text=True)
                figure = self.note(f"{layer} alone", json.loads(done.stdout))
                if figure["refused"]:
                    sys.exit(f"{layer}: {figure['refused']} refused")
                first += figure["answers"] + CONNECTIONS + 1
        shutil.rmtree(store)

    def measure_maps(self):
        prepared = self.scratch / "stadium"
        self.prepare(prepared, STADIUM, 1)
        with service.running(self.options.server, prepared) as server:
            port = server.address.rpartition(":")[2]
            body = urllib.request.urlopen(server.address + SEATS, timeout=30).read()
            self.facts["map"] = len(body)
            with nginx.serving(body, True) as sending, nginx.serving(body, False) as copying:
                for _ in range(self.options.rounds):
                    for name, pid, at, path in (
                            ("50,000-seat map", server.pid, port, SEATS),
                            ("nginx, sendfile", None, sending, "/map"),
                            ("nginx, copying", None, copying, "/map")):
                        self.note(name, Load(self.options, pid, at, prepared).run(
                            "get", path, connections=MAPS_CONNECTIONS))

    def count_allocations(self, prepared):
        store = self.copy(prepared, "counted")
        counters = self.scratch / "allocations"
        environment = {"LD_PRELOAD": str(self.options.bench / "libcount_allocations.so"),
                       "BOXOFFICE_ALLOCATIONS": str(counters)}

        def now():
            counted = counters.read_bytes()
            return (int.from_bytes(counted[:8], "little"), int.from_bytes(counted[8:16], "little"))

        self.facts["allocations"] = {}
        with service.running(self.options.server, store, *KEPT_LONG, environment=environment,
                             patience=120) as server:
            service.wait_for_the_queue(server, store / "waiting.txt")
            load = Load(self.options, server.pid, server.address.rpartition(":")[2], store)
            load.run("balance", seconds=1)
            for name, what, source in (
                    ("HTTP no-op", "get", "/livez"), ("HTTP + actor no-op", "balance", None),
                    ("seat map, 304", "same", SEATS), ("queue position", "position", None),
                    ("booking", "booking", None), ("charge", "charge", None)):
                before = now()
                answers = load.run(what, source, seconds=2)["answers"]
                after = now()
                self.facts["allocations"][name] = tuple(
                    (b - a) / answers for a, b in zip(before, after))
        shutil.rmtree(store)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--server", type=pathlib.Path, required=True)
    parser.add_argument("--bench", type=pathlib.Path, required=True)
    parser.add_argument("--entities", type=int, default=2_000_000)
    parser.add_argument("--store", type=pathlib.Path)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=int, default=4)
    parser.add_argument("--wait", type=int, default=5)
    parser.add_argument("--state", type=pathlib.Path)
    parser.add_argument("--until", choices=("calls", "maps", "inside", "allocations"))
    parser.add_argument("--out", type=pathlib.Path, default=pathlib.Path("docs/benchmarks"))
    options = parser.parse_args()
    options.bench = options.bench.resolve()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("terminated"))  # ends the service as well

    described = machine.describe()
    with tempfile.TemporaryDirectory(prefix="boxoffice-limits-") as name:
        scratch = pathlib.Path(name)
        bench = Bench(options, scratch)
        prepared = options.store or scratch / "prepared"
        bench.prepare(prepared, options.entities, options.entities, 200_000)
        small = options.store.with_name("small") if options.store else scratch / "small"
        bench.prepare(small, 100_000, 100_000)
        for part, measure in (("calls", lambda: bench.measure_calls(prepared)),
                              ("maps", bench.measure_maps),
                              ("inside", lambda: bench.measure_inside(prepared)),
                              ("allocations", lambda: bench.count_allocations(small))):
            if part not in bench.done:
                measure()
                bench.keep(part)
            if part == options.until:
                return
        report.write(options, bench.figures, bench.facts, described,
                     datetime.datetime.now(datetime.timezone.utc).date())


if __name__ == "__main__":
    main()
