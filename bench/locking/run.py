#!/usr/bin/env python3
"""Measures five ways to keep requests apart that want the same row, beside the actors, against a
PostgreSQL and a Redis of its own, and writes a table and a chart.

usage: run.py --bench DIRECTORY [--rounds 3] [--operations charge,booking,payment]
              [--connections 64] [--results FILE] [--into DIRECTORY]

DIRECTORY (--bench) holds locking/locking_bench of a release build. Servers run on free ports of
loopback, in temporary directories. What is measured is appended to FILE, a line of JSON each; a run
goes on where FILE ends, and the table covers all that stands in it. Exits with 1 when the books were
wrong anywhere.
"""

import argparse
import collections
import contextlib
import itertools
import json
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time

sys.dont_write_bytecode = True  # nothing is left in the source tree
HERE = pathlib.Path(__file__).resolve().parent
TOP = HERE.parent.parent
sys.path[:0] = [str(HERE.parent / "postgres"), str(HERE.parent / "http"), str(HERE)]

import chart
import machine
import report
import run as postgres_bench  # that of bench/postgres

Load = collections.namedtuple("Load", "at_once entities bursts")
LOADS = [Load(10, 1, 200), Load(100, 1, 20), Load(1000, 1, 4), Load(1000, 1000, 4)]
DATABASE = "postgres"  # the one that a cluster has from the start


class Redis:
    """One that keeps nothing: a lock that outlives its server is no lock. Ended by its pid."""

    @classmethod
    @contextlib.contextmanager
    def of_its_own(cls):
        if not (program := shutil.which("redis-server")):
            sys.exit("redis-server is missing: .ci/install bench")
        port, claim = postgres_bench.hold_a_port()
        with tempfile.TemporaryDirectory(prefix="boxoffice-redis-") as directory, \
                open(f"{directory}/log", "wb") as log:
            process = subprocess.Popen(
                [program, "--port", str(port), "--bind", "127.0.0.1", "--dir", directory, "--save",
                 "", "--appendonly", "no", "--daemonize", "no"],
                stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT)
            try:
                cls.wait_until_ready(port)
                yield cls(port, process.pid)
            finally:
                process.terminate()
                process.wait(timeout=20)
                claim.close()

    def __init__(self, port, pid):
        self.port, self.pid = port, pid

    @staticmethod
    def wait_until_ready(port):
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            said = subprocess.run(["redis-cli", "-p", str(port), "ping"], capture_output=True,
                                  text=True, timeout=10)
            if said.stdout.strip() == "PONG":
                return
            time.sleep(0.05)
        sys.exit("redis-server did not start")


def version(*command):
    said = subprocess.run(command, check=True, capture_output=True, text=True, timeout=30).stdout
    return re.search(r"\d+(\.\d+)+", said)[0]


def describe(postgres, options):
    return {
        "machine": machine.describe(),
        "postgres": postgres.sql("postgres", "SHOW server_version").split()[0],
        "redis": version("redis-server", "--version"),
        "fsync": postgres.sql("postgres", "SHOW fsync"),
        "synchronous_commit": postgres.sql("postgres", "SHOW synchronous_commit"),
        "connections": options.connections,
        "bursts": {f"{l.at_once}/{l.entities}": l.bursts for l in LOADS},
        "day": time.strftime("%-d %B %Y"),
    }


def measure(options, postgres, redis, strategy, operation, load):
    """What locking_bench says of one strategy under one load, in an empty database."""
    postgres.sql(DATABASE, "SET client_min_messages = warning; DROP SCHEMA public CASCADE; "
                           "CREATE SCHEMA public")
    postmaster = (postgres.directory / "data/postmaster.pid").read_text().split()[0]
    with tempfile.TemporaryDirectory(prefix="boxoffice-bench-") as scratch:
        machine.wait_until_quiet(options.wait)
        began, busy = time.monotonic(), machine.busy_seconds()
        done = subprocess.run(
            [options.bench / "locking/locking_bench", strategy, operation, str(load.at_once),
             str(load.entities), str(load.bursts), "--connections", str(options.connections),
             "--postgres", postgres.url(DATABASE), "--postgres-pid", postmaster, "--redis",
             str(redis.port), "--redis-pid", str(redis.pid), "--directory", f"{scratch}/store"],
            capture_output=True, text=True, timeout=300)
    if done.returncode not in (0, 1):
        sys.exit(f"{strategy}, {operation}: {done.stderr}")
    figures = json.loads(done.stdout)
    figures.update(strategy=strategy, operation=operation, at_once=load.at_once,
                   entities=load.entities,
                   cores_busy=(machine.busy_seconds() - busy) / (time.monotonic() - began))
    return figures


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--bench", type=pathlib.Path, required=True)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--operations", default=",".join(report.OPERATIONS))
    parser.add_argument("--strategies", default=",".join(report.STRATEGIES))
    parser.add_argument("--connections", type=int, default=64)
    parser.add_argument("--wait", type=int, default=3)
    parser.add_argument("--results", type=pathlib.Path)
    parser.add_argument("--into", type=pathlib.Path, default=TOP / "docs/benchmarks")
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("terminated"))  # ends what it started

    with contextlib.ExitStack() as stack:
        scratch = stack.enter_context(tempfile.TemporaryDirectory(prefix="boxoffice-bench-"))
        results = options.results or pathlib.Path(scratch) / "results"
        postgres = stack.enter_context(postgres_bench.Postgres.of_its_own())
        redis = stack.enter_context(Redis.of_its_own())
        about = describe(postgres, options)
        for operation in report.OPERATIONS:
            if measure(options, postgres, redis, "unguarded", operation, LOADS[1])["right"]:
                sys.exit(f"{operation}: without a lock the books came out right, so they show nothing")
        seen = collections.Counter(map(report.key, report.read(results)))
        for number in range(options.rounds):
            for what in itertools.product(options.operations.split(","), LOADS,
                                          options.strategies.split(",")):
                operation, load, strategy = what
                if seen[operation, load.at_once, load.entities, strategy] > number:
                    continue
                figures = measure(options, postgres, redis, strategy, operation, load)
                with results.open("a", encoding="utf-8") as out:
                    print(json.dumps(figures), file=out)
                print(report.line(figures), file=sys.stderr, flush=True)
        lines = report.read(results)
    options.into.mkdir(parents=True, exist_ok=True)
    best = report.least_disturbed(lines)
    (options.into / "locking.md").write_text(report.page(about, best, lines), encoding="utf-8")
    (options.into / "locking.svg").write_text(chart.draw(best), encoding="utf-8")
    if not all(figures["right"] for figures in lines):
        sys.exit("the books were wrong")


if __name__ == "__main__":
    main()
