"""Writes limits.md and limits.svg from what run.py measured."""

import collections
import pathlib
import platform
import sqlite3
import statistics
import subprocess

import chart
import nginx

HERE = pathlib.Path(__file__).resolve().parent

# What is measured, against what, and the bound of the ratio where there is one.
RATIOS = (
    ("booking", "HTTP + actor no-op", 0.5),
    ("charge", "HTTP + actor no-op", 0.5),
    ("queue position", "HTTP + actor no-op", 0.8),
    ("seat map, 304", "HTTP no-op", 0.7),
    ("50,000-seat map", "nginx, sendfile", 0.7),
    ("50,000-seat map", "nginx, copying", None),
    ("HTTP + actor no-op", "HTTP no-op", None),
    ("booking", "service alone", None),
    ("booking", "journal alone", None),
    ("booking", "store alone", None),
    ("booking", "fsync alone", None),
)
CALLS = ("HTTP no-op", "HTTP + actor no-op", "booking", "charge", "queue position",
         "seat map, 304", "booking, 80 % offered", "charge, 80 % offered", "50,000-seat map",
         "nginx, sendfile", "nginx, copying", "service alone", "journal alone", "store alone",
         "fsync alone")


def median(figures, key):
    values = [f[key] for f in figures if key in f]
    return statistics.median(values) if values else None


def spread(figures, key="rate"):
    values = [f[key] for f in figures]
    return f"{min(values):,.0f}–{max(values):,.0f}"


def cell(value, digits=2):
    return "" if value is None else f"{value:,.{digits}f}"


def cpu_each(figures):
    each = [f["cpu"] * 1e6 / f["answers"] for f in figures if "cpu" in f]
    return f"{statistics.median(each):.0f}" if each else ""


def table_of_calls(figures):
    lines = ["| what | a second, median | of the rounds | p50 ms | p99 ms | worst ms | "
             "CPU µs each | others' share of the cores |", "|---|--:|--:|--:|--:|--:|--:|--:|"]
    for name in CALLS:
        f = figures[name]
        others = median(f, "others")
        lines.append(f"| {name} | {median(f, 'rate'):,.0f} | {spread(f)} | "
                     f"{cell(median(f, 'p50'))} | {cell(median(f, 'p99'))} | "
                     f"{cell(median(f, 'worst'), 1)} | {cpu_each(f)} | "
                     f"{'' if others is None else f'{others:.0%}'} |")
    return lines


def ratios(figures):
    return [(what, of, median(figures[what], "rate") / median(figures[of], "rate"), bound)
            for what, of, bound in RATIOS]


def verdict(value, bound):
    if bound is None:
        return ""
    return "met" if value >= bound else "**missed**"


def table_of_ratios(found):
    lines = ["| what | of | ratio | bound | |", "|---|---|--:|--:|---|"]
    for what, of, ratio, bound in found:
        lines.append(f"| {what} | {of} | {ratio:.2f} | {'' if bound is None else f'≥ {bound}'} | "
                     f"{verdict(ratio, bound)} |")
    return lines


def table_of_shares(title, counts):
    counts = collections.Counter(counts)
    whole = sum(counts.values())
    lines = [f"| {title} | share of the CPU |", "|---|--:|"]
    return lines + [f"| {name} | {n / whole:.1%} |" for name, n in counts.most_common()]


def table_of_allocations(found):
    lines = ["| call | allocations | bytes asked for |", "|---|--:|--:|"]
    return lines + [f"| {name} | {n:,.1f} | {size:,.0f} |" for name, (n, size) in found.items()]


def version_of(server):
    said = subprocess.run(["git", "-C", HERE, "rev-parse", "--short", "HEAD"], capture_output=True,
                          text=True)
    return f"boxoffice {said.stdout.strip()}" if said.returncode == 0 else str(server)


def write(options, figures, facts, described, day):
    found = ratios(figures)
    groups = figures["booking"]
    lines = [
        "# The limits, layer by layer", "",
        f"Written by `bench/limits/run.py` on {day}; medians of {options.rounds} rounds of "
        f"{options.seconds} s by turns.", "",
        f"{described}. {version_of(options.server)}, release build, 2 HTTP workers, 2 actor "
        f"threads, `durability = local`; SQLite {sqlite3.sqlite_version}, {nginx.version()}, "
        f"Python {platform.python_version()}. 64 connections and a closed loop; maps 16 "
        "connections; \"80 % offered\" is an open loop, each call timed from when it was due. The "
        "load (2 threads) runs on the same cores.", "",
        f"Before the clock: {options.entities:,} seats, users and admitted tokens, and 200,000 "
        f"tokens that wait; {facts['used']:,} of them were used at most, each once. Ready after "
        f"{facts['ready']:.1f} s, the queue of all these tokens served after "
        f"{facts['serving']:.1f} s. The audit at the end found {facts['held']:,} seats held, as "
        "many as were answered.", "", "![ratios and their bounds](limits.svg)", "",
        "## Ratios", "", *table_of_ratios(found), "",
        "## Rates", "", *table_of_calls(figures), "",
        f"A commit held {median(groups, 'group'):.1f} bookings and wrote "
        f"{median(groups, 'bytes') / 1024:,.0f} KB; \"fsync alone\" appends as many bytes and "
        f"syncs them, {median(figures['fsync alone'], 'syncs'):,.0f} times a second, counted as "
        "that many bookings. \"Store alone\" commits 64 bookings in a group from a loop; "
        "\"journal alone\" is the journal's actor given the same facts by 64 clients in its own "
        "process; \"service alone\" all actors, without HTTP. A map is "
        f"{facts['map'] / 1e6:.1f} MB.", "",
        "## A booking's CPU, by layer", "",
        "Samples of the service while it booked (`perf`, 1,999 a second), each put down to the "
        "function it was in; in the kernel, to the system call it came through.", "",
        *table_of_shares("layer", facts["layers"]), "",
        *table_of_shares("thread", facts["threads"]), "",
        "## Allocations a request", "",
        "Counted by a library loaded before the allocator, all that the service did meanwhile "
        "divided by the answers.", "", *table_of_allocations(facts["allocations"]), "",
    ]
    options.out.mkdir(parents=True, exist_ok=True)
    (options.out / "limits.md").write_text("\n".join(lines))
    (options.out / "limits.svg").write_text(chart.bars(
        "Rates as a share of the limit beside them",
        [(f"{what} / {of}", ratio, bound) for what, of, ratio, bound in found]))
    print("\n".join(lines))
