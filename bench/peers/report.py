"""The table of bench/peers, and its page."""

import json
import os
import pathlib
import platform
import statistics
import subprocess

import chart

HERE = pathlib.Path(__file__).resolve().parent
OURS = "boxoffice"  # at equal durability; the others are compared with it
WHAT = {
    "boxoffice": "boxoffice, `durability = postgres`",
    "boxoffice on PostgreSQL": "boxoffice, `store.kind = postgres`",
    "boxoffice on its disk": "boxoffice, local store (`durability = local`)",
    "Fastify": "Node, Fastify and pg",
    "Go": "Go, net/http and pgx",
}


class Line:
    """The rounds of one contender's call; each figure is their median."""

    def __init__(self, notes):
        self.notes = notes

    def __getattr__(self, figure):
        return statistics.median(n[figure] for n in self.notes)

    def range_of(self, figure):
        return min(n[figure] for n in self.notes), max(n[figure] for n in self.notes)

    @property
    def cpu(self):
        return self.service + self.database

    @property
    def ceiling(self):
        """Requests a second at which CPU time for one, the load's too, uses up the cores."""
        return os.cpu_count() * 1e6 / (self.cpu + self.load)


def lines_of(notes):
    """{(call, connections): {name: Line}}, in the order in which they were measured."""
    groups = {}
    for n in notes:
        groups.setdefault((n["call"], n["connections"]), {}).setdefault(n["name"], []).append(n)
    return {key: {name: Line(found) for name, found in group.items()}
            for key, group in groups.items()}


def version_of(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True,
                          timeout=60).stdout.strip()


def versions(options):
    lock = json.loads((HERE / "node/package-lock.json").read_text(encoding="utf-8"))["packages"]
    npm = {name: lock[f"node_modules/{name}"]["version"] for name in ("fastify", "pg")}
    pgx = version_of("dpkg-query", "-W", "-f=${Version}", "golang-github-jackc-pgx-v4-dev")
    return (f"{version_of(options.server, '--version').splitlines()[0]}; "
            f"Node {version_of('node', '--version')}, Fastify {npm['fastify']}, pg {npm['pg']}; "
            f"{version_of('go', 'version').split()[2].replace('go', 'Go ')}, pgx {pgx} of Debian; "
            f"{version_of('psql', '--version')}; Python {platform.python_version()}")


def table(lines):
    yield ("| call | connections | | requests/s (range) | p50 ms | p99 ms | service CPU µs each | "
           "PostgreSQL's | load's | cores at work | others' share | boxoffice's rate is | its p99 is "
           "| CPU each, of boxoffice's | cores carry, at most | boxoffice: more by |")
    yield "|---|--:|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|"
    for (call, connections), group in lines.items():
        ours = group.get(OURS)
        for name, line in group.items():
            low, high = line.range_of("rate")
            beside = ["", "", "", f"{line.ceiling:,.0f}", ""]
            if ours is not None and line is not ours:
                beside = [f"{ours.rate / line.rate:.2f} ×", f"{ours.p99 / line.p99:.2f} ×",
                          f"{line.cpu / ours.cpu:.1f} ×", f"{line.ceiling:,.0f}",
                          f"{ours.ceiling / line.ceiling:.1f} ×"]
            yield (f"| {call} | {connections} | {WHAT[name]} | {line.rate:,.0f} "
                   f"({low:,.0f}–{high:,.0f}) | {line.p50:.2f} | {line.p99:.2f} | "
                   f"{line.service:.0f} | {line.database:.0f} | {line.load:.0f} | "
                   f"{line.busy * os.cpu_count():.2f} | {line.others:.0%} | "
                   + " | ".join(beside) + " |")


def rounds_of(lines):
    counts = {len(line.notes) for group in lines.values() for line in group.values()}
    return str(*counts) if len(counts) == 1 else f"{min(counts)} to {max(counts)}"


PAGE = """# Beside its peers

What a team would pick instead, on the same machine, PostgreSQL, tables and load, by turns. Written by `bench/peers/run.py`; what it means stands in [BENCHMARKS.md](../BENCHMARKS.md#beside-what-a-team-would-pick-instead).

![requests a second and p99 of each](peers.svg)

{table}

Medians of {rounds} rounds; in each round all take turns. `boxoffice's rate` and `its p99` are those of `durability = postgres` beside the line's. CPU is user and system time by `/proc`, the load generator's apart (it reads its list of users in that time, too); `cores at work` adds up service, PostgreSQL and load, `others' share` is what other programs took of all cores meanwhile. `cores carry, at most` is reckoned: the rate at which the CPU time of a request, the load's share in it, uses up all cores; beside other programs it says more than the rate does.

- **Machine**: {machine}.
- **Versions**: {versions}.
- **Load**: wrk, {threads} threads, {seconds} s a measurement, closed loop, on the same cores; {bookings:,} free seats, as many users with a token, prepared before the clock starts, a copy for each measurement: each request is a write that succeeds, by a user whom the service has not met. A second of the same goes before, for programs that are compiled while they run. Requests that failed: 0.
- **PostgreSQL**: `fsync`, `full_page_writes`, `synchronous_commit` on; `shared_buffers` 256 MB, `max_wal_size` 4 GB; the service's own tables, constraints and indexes for all. The peers' ids come from sequences; their sessions plan without scans, as the service's does, for the plan of a foreign key is made while its table is empty.
- **Fastify**: {processes} process(es), {node_pool} connections in all, named statements, BEGIN and the checks in one round trip (`pipeline`), the writes and COMMIT in another.
- **Go**: `GOMAXPROCS` as it is, {go_pool} connections, the same statements and round trips (`pgx.Batch`).
- **Books**: after each measurement no seat is there twice, seats are marked as they are reserved, prices add up to totals and entries to balances, the service's own `audit` agrees, for the peers' tables as well, and as many bookings or charges are there as were answered.
"""


def write(notes, about, of, options):
    lines = lines_of(notes)
    text = "\n".join(table(lines))
    print(about, of, text, sep="\n\n")
    if options.into is None:
        return
    into = pathlib.Path(options.into)
    into.mkdir(parents=True, exist_ok=True)
    (into / "peers.svg").write_text(chart.draw(lines), encoding="utf-8")
    (into / "peers.md").write_text(PAGE.format(
        table=text, rounds=rounds_of(lines), machine=about, versions=of, threads=2,
        seconds=options.seconds, bookings=options.bookings, processes=options.processes,
        node_pool=options.node_pool, go_pool=options.go_pool), encoding="utf-8")
