#!/usr/bin/env python3
"""Takes PostgreSQL away from a sale that goes on at a steady rate, brings it back, and prints what
came of it: the sale's rate and latency before, while and after, what the service told of the lag
beside what its log of events held, and how long the catching up took.

usage: away.py --server BINARY --bench DIRECTORY [--away 600] [--rate 300] [--around 15]

BINARY is boxoffice, DIRECTORY holds prepare_store; times are seconds, the rate is bookings a second.
Every booking must be answered with 200, what is told must be true within a second, and in the end
PostgreSQL must hold what the store holds, row by row.
"""

import argparse
import http.client
import json
import pathlib
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request

sys.dont_write_bytecode = True  # nothing is left in the source tree
HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "http")]  # run.py is this directory's

import machine
import run
import service

THREADS = 4


class Sale:
    """Books at a steady rate; each booking is (when it was due, how long its answer took)."""

    def __init__(self, server, lines, rate):
        self.port = int(server.address.rsplit(":", 1)[1])
        self.lines, self.rate = lines, rate
        self.done = [[] for _ in range(THREADS)]
        self.ends = threading.Event()
        self.failed = []
        self.begin = time.monotonic()
        self.threads = [threading.Thread(target=self.sell, args=(n,)) for n in range(THREADS)]
        for thread in self.threads:
            thread.start()

    def sell(self, number):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            for at in range(number, len(self.lines), THREADS):
                due = self.begin + at / self.rate
                if self.ends.wait(max(0, due - time.monotonic())):
                    return
                user, token, seat = self.lines[at].split()
                body = json.dumps({"userId": user, "concertOptionId": 1, "seats": seat})
                begun = time.monotonic()
                connection.request("POST", "/mock/booking", body,
                                   {"Content-Type": "application/json", "Queue-Token": token})
                answer = connection.getresponse()
                text = answer.read()
                if answer.status != 200:
                    raise RuntimeError(f"{answer.status} {text}")
                self.done[number].append((begun, time.monotonic() - begun))
            raise RuntimeError("nothing is left to book")
        except Exception as failure:  # told by whoever waits for the sale
            self.failed.append(failure)

    def end(self):
        self.ends.set()
        for thread in self.threads:
            thread.join()

    def between(self, begin, end):
        took = sorted(t for some in self.done for at, t in some if begin <= at < end)
        if not took:
            return "no booking"
        return (f"{len(took) / (end - begin):.0f} bookings/s, p50 {took[len(took) // 2] * 1e3:.1f} ms, "
                f"p99 {took[len(took) * 99 // 100] * 1e3:.1f} ms, longest {took[-1] * 1e3:.0f} ms")


def told(server):
    with urllib.request.urlopen(server.address + "/readyz", timeout=10) as answer:
        return json.load(answer)["postgres"]


def events_after(store, commit):
    with sqlite3.connect(f"file:{store}/boxoffice.db?mode=ro", uri=True) as log:
        return log.execute("SELECT coalesce(sum(changes), 0) FROM event_log "
                           "WHERE commit_number > ?", [commit]).fetchone()[0]


def watch_away(options, server, store, postgres, shipped):
    """PostgreSQL is away; gives how far what was told was from what is so, at most."""
    gone = time.monotonic()
    postgres.stop()
    worst_changes = worst_seconds = 0
    print("| away for, s | told: events | in the log, before and after | told: seconds |")
    print("|--:|--:|--:|--:|")
    step = max(1, options.away / 10)
    for n in range(1, 11):
        time.sleep(max(0, gone + n * step - time.monotonic()))
        before = events_after(store, shipped())
        lag, after = told(server), events_after(store, shipped())
        away = time.monotonic() - gone
        print(f"| {away:.0f} | {lag['lagChanges']:,} | {before:,} to {after:,} | "
              f"{lag['lagSeconds']:.1f} |", flush=True)
        outside = max(before - lag["lagChanges"], lag["lagChanges"] - after, 0)
        worst_changes = max(worst_changes, outside)
        worst_seconds = max(worst_seconds, abs(lag["lagSeconds"] - away))
        if lag["state"] != "connecting":
            sys.exit(f"it is away, and told is {lag}")
    return gone, worst_changes, worst_seconds


def experiment(options, scratch, postgres):
    store = scratch / "store"
    seats = int((options.away + 6 * options.around + 120) * options.rate)
    subprocess.run([options.bench / "prepare_store", store, str(seats), str(seats)], check=True,
                   timeout=600)
    database = postgres.make_database()
    url = postgres.url(database)
    with service.running(options.server, store, "--postgres.url", url) as server:
        service.wait_until_followed(server)
        sale = Sale(server, (store / "bookings.txt").read_text().splitlines(), options.rate)
        begun = time.monotonic()
        time.sleep(options.around)
        last = {}

        def shipped():
            if "commit" not in last:  # what it has does not change while it is away
                with urllib.request.urlopen(server.address + "/metrics", timeout=10) as page:
                    for line in page.read().decode().splitlines():
                        if line.startswith("boxoffice_postgres_commit "):
                            last["commit"] = int(float(line.split()[1]))
            return last["commit"]

        gone, changes, seconds = watch_away(options, server, store, postgres, shipped)
        backlog = told(server)["lagChanges"]
        postgres.start()
        back = time.monotonic()
        while (lag := told(server))["state"] != "following" or lag["lagChanges"] > options.rate:
            if sale.failed or time.monotonic() - back > 600:
                sys.exit(f"it does not catch up: {lag} {sale.failed}")
            time.sleep(0.05)
        caught_up = time.monotonic()
        time.sleep(options.around)
        ended = time.monotonic()
        sale.end()
        if sale.failed:
            sys.exit(f"a booking failed: {sale.failed[0]}")
        service.wait_until_followed(server)
    subprocess.run([options.server, "audit", "--store.path", store, "--postgres.url", url],
                   check=True, timeout=900, stdout=subprocess.DEVNULL)
    print(f"\nbefore:         {sale.between(begun, gone)}"
          f"\naway, {back - gone:.0f} s:    {sale.between(gone, back)}"
          f"\ncatching up:    {sale.between(back, caught_up)}"
          f"\nafter:          {sale.between(caught_up, ended)}"
          f"\nCaught up with {backlog:,} events in {caught_up - back:.1f} s, "
          f"{backlog / (caught_up - back):,.0f} a second, while the sale went on."
          f"\nWhat was told was off by {changes} events and {seconds:.1f} s at most."
          "\nIn the end both hold the same, row by row.")
    if changes > 0 or seconds > 1.5:
        sys.exit("the lag was not told as it was")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--server", type=pathlib.Path, required=True)
    parser.add_argument("--bench", type=pathlib.Path, required=True)
    parser.add_argument("--away", type=int, default=600)
    parser.add_argument("--rate", type=int, default=300)
    parser.add_argument("--around", type=int, default=15)
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("terminated"))  # ends what it started

    print(machine.describe(), "\n", sep="")
    with tempfile.TemporaryDirectory(prefix="boxoffice-bench-") as name, \
            run.Postgres.of_its_own() as postgres:
        experiment(options, pathlib.Path(name), postgres)


if __name__ == "__main__":
    main()
