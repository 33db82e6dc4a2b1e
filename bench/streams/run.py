#!/usr/bin/env python3
"""Measures what others cost a sale: the same sale with and without them, by turns.

usage: run.py --server BINARY --bench DIRECTORY [--listeners 5000 | --creating SEATS] [--rate 2000]
              [--seconds 10] [--rounds 3]

Bookings are offered at a fixed rate and timed from when they were due. Beside them an audience
follows the seats of the very performance that is sold, or an operator puts performances of SEATS
seats on offer, one after the other. BINARY is boxoffice, DIRECTORY holds prepare_store and
stream_load. The medians are compared at the end; it fails when the disturbed sale answers less
than 90 % of what it answers alone, when a booking is refused or when a listener is lost.
"""

import argparse
import json
import pathlib
import statistics
import subprocess
import sys
import tempfile
import threading
import urllib.request

sys.dont_write_bytecode = True  # nothing is left in the source tree
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "http"))

import machine
import service


ADMIN_TOKEN = "bench"


class Operator(threading.Thread):
    """Puts performances on offer, one after the other, until stopped."""

    def __init__(self, address, seats):
        super().__init__(daemon=True)
        self.address = address
        self.seats = seats
        self.made = 0
        self.ending = threading.Event()
        self.start()

    def run(self):
        wanted = {"startsAt": "2035-07-01T19:00:00Z", "venue": "Arena", "timeZone": "UTC",
                  "sections": [{"name": "A", "seats": self.seats, "price": 10000}]}
        fields = {"Content-Type": "application/json", "Authorization": f"Bearer {ADMIN_TOKEN}"}
        while not self.ending.is_set():
            asked = urllib.request.Request(self.address + "/v1/concerts/1/options",
                                           json.dumps(wanted).encode(), fields)
            urllib.request.urlopen(asked, timeout=60).close()
            self.made += 1

    def stop(self):
        self.ending.set()
        self.join()
        return self.made


def phases(options, scratch):
    """Of each phase the column heads with their figures, and the server's CPU seconds a second."""
    bookings = options.rate * (options.seconds + 1) * 2 * options.rounds + options.rate * 3
    store = scratch / "store"
    subprocess.run([options.bench / "prepare_store", store, str(bookings), str(bookings)],
                   check=True, timeout=300)
    with service.running(options.server, store, "--admin.token", ADMIN_TOKEN) as server:
        port = server.address.rpartition(":")[2]
        load = subprocess.Popen(
            [options.bench / "stream_load", port, store / "bookings.txt", str(options.listeners),
             str(options.rate), str(options.seconds), str(options.rounds)],
            stdout=subprocess.PIPE, text=True)
        heads = operator = None
        cpu = machine.cpu_seconds_of(server.pid)
        for line in load.stdout:
            if heads is None:
                heads = line.split()
                cpu = machine.cpu_seconds_of(server.pid)
                continue
            now = machine.cpu_seconds_of(server.pid)
            figures = dict(zip(heads, map(float, line.split())))
            figures["server_cpu_s"] = now - cpu  # opening and closing the audience included
            cpu = now
            figures["disturbed"] = figures["listeners"] > 0
            if operator:
                figures["options_made"] = operator.stop()
                figures["disturbed"] = True
                operator = None
            elif options.creating:
                figures["options_made"] = 0
                operator = Operator(server.address, options.creating)
            yield figures
        if operator:
            operator.stop()
        if load.wait() != 0:
            sys.exit("the load failed")
    service.seats_held(options.server, store)  # the books are right


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--server", type=pathlib.Path, required=True)
    parser.add_argument("--bench", type=pathlib.Path, required=True)
    parser.add_argument("--listeners", type=int, default=5000)
    parser.add_argument("--creating", type=int, metavar="SEATS")
    parser.add_argument("--rate", type=int, default=2000)
    parser.add_argument("--seconds", type=int, default=10)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    if options.creating:
        options.listeners = 0

    print(machine.describe(), "\n", sep="")
    measured = []
    with tempfile.TemporaryDirectory(prefix="boxoffice-streams-") as name:
        for figures in phases(options, pathlib.Path(name)):
            shown = {name: value for name, value in figures.items() if name != "disturbed"}
            if not measured:
                print("| " + " | ".join(shown) + " |\n" + "|--:" * len(shown) + "|")
            print("| " + " | ".join(f"{value:g}" for value in shown.values()) + " |", flush=True)
            measured.append(figures)

    def median(name, disturbed):
        return statistics.median(f[name] for f in measured if f["disturbed"] == disturbed)

    print("\nmedians, alone and disturbed:")
    for name in ("answered/s", "p50_ms", "p99_ms", "server_cpu_s"):
        print(f"  {name}: {median(name, False):.2f} {median(name, True):.2f}")
    share = median("answered/s", True) / median("answered/s", False)
    print(f"the disturbed sale answers {share:.1%} of what it answers alone")
    lost = sum(f["listeners"] - f["still_listening"] for f in measured)
    refused = sum(f["refused"] for f in measured)
    if share < 0.9 or lost or refused:
        sys.exit(f"too much: {lost:.0f} listeners lost, {refused:.0f} bookings refused")


if __name__ == "__main__":
    main()
