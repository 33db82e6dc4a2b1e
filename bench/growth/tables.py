"""Writes growth.md and growth.svg from what run.py measured."""

import pathlib
import statistics
import subprocess

import chart

HERE = pathlib.Path(__file__).resolve().parent
PHASES = ("untouched", "touched")
MB = 1e6


def median(figures, key):
    return statistics.median(f[key] for f in figures)


def of(sale, phase, call, key):
    """The median, or nothing where the step was too small for the call."""
    figures = sale.figures.get((phase, call))
    return median(figures, key) if figures else None


def row(name, values, form="{:,.0f}"):
    return f"| {name} | " + " | ".join("—" if v is None else form.format(v) for v in values) + " |"


def heading(sales, first):
    return [f"| {first} | " + " | ".join(f"{s.size:,}" for s in sales) + " |",
            "|---|" + "--:|" * len(sales)]


def memory_table(sales):
    return heading(sales, "seats, wallets and tokens, each") + [
        row("ready after, s", [s.ready for s in sales], "{:.2f}"),
        row("its queue serves after, s", [s.serving for s in sales], "{:.2f}"),
        row("memory when ready, MB", [s.memory["ready"] / MB for s in sales], "{:,.1f}"),
        row("with the queue's tokens, MB", [s.memory["queue"] / MB for s in sales], "{:,.1f}"),
        row("all wallets, and bookings of 11 seats in 12, MB",
            [s.memory["touched"] / MB for s in sales], "{:,.1f}"),
        row("a token, bytes", [(s.memory["queue"] - sales[0].memory["ready"]) / s.size
                               if s.size >= 10_000 else None for s in sales]),
        row("a wallet in memory, bytes", [s.wallet for s in sales]),
        row("a booking with its seat, bytes", [s.memory["bookings"] / s.booked for s in sales]),
    ]


def figure_table(sales, calls, name, key, form="{:,.0f}"):
    lines = heading(sales, name)
    for phase in PHASES:
        lines += [row(f"{call}, {phase}", [of(s, phase, call, key) for s in sales], form)
                  for call in calls]
    return lines


def ratio_table(sales, calls):
    """The largest step's rate of that of the smallest that was measured."""
    lines = ["| | largest of smallest | bound | |", "|---|--:|--:|---|"]
    for phase in PHASES:
        for call in calls:
            rates = [r for r in (of(s, phase, call, "rate") for s in sales) if r is not None]
            ratio = rates[-1] / rates[0]
            word = "met" if ratio >= 0.9 else "**missed**"
            lines.append(f"| {call}, {phase} | {ratio:.2f} | ≥ 0.9 | {word} |")
    return lines


def bound_table(sales):
    largest = sales[-1]
    rows = [("ready", f"{largest.ready:.1f} s", "≤ 10 s", largest.ready <= 10),
            ("queue serves", f"{largest.serving:.1f} s", "", None),
            ("memory, on demand", f"{largest.memory['queue'] / 1e9:.2f} GB", "≤ 2 GB",
             largest.memory["queue"] <= 2e9),
            ("memory, all touched", f"{largest.memory['touched'] / 1e9:.2f} GB", "", None)]
    return [f"| {largest.size:,} of each | | bound | |", "|---|--:|--:|---|"] + [
        f"| {name} | {value} | {bound} | "
        f"{'' if met is None else 'met' if met else '**missed**'} |"
        for name, value, bound, met in rows]


def line_table(lines):
    return heading(lines, "tokens that wait") + [
        row("ready after, s", [q.ready for q in lines], "{:.2f}"),
        row("places told after, s", [q.serving for q in lines], "{:.2f}"),
        row("memory, MB", [q.memory["queue"] / MB for q in lines], "{:,.1f}"),
        row("a token, bytes", [None, (lines[-1].memory["queue"] - lines[0].memory["queue"]) /
                               (lines[-1].size - lines[0].size)]),
        row("places told a second", [of(q, "waiting", "place", "rate") for q in lines]),
        row("p99 ms", [of(q, "waiting", "place", "p99") for q in lines], "{:.2f}"),
    ]


def connection_lines(options, found):
    def of_kind(kind):
        return (f"{median(found[kind], 'p50'):.2f} | {median(found[kind], 'p99'):.2f} | "
                f"{median(found[kind], 'worst'):.1f} |")

    return ["| 4,000 bookings a second offered | p50 ms | p99 ms | worst ms |",
            "|---|--:|--:|--:|", f"| alone | {of_kind('alone')}",
            f"| beside {options.connections:,} silent connections | {of_kind('beside')}", "",
            f"A connection that is kept and says nothing takes {found['each'][0]:,.0f} bytes of "
            "the service's memory (the kernel's own not counted). None was lost."]


def picture(sales, calls):
    sizes = [s.size for s in sales]
    enough = [s for s in sales if of(s, "untouched", "booking", "rate")]
    charts = [
        ("memory, MB", [("on demand", [s.memory["queue"] / MB for s in sales]),
                        ("all touched", [s.memory["touched"] / MB for s in sales])]),
        ("seconds", [("ready", [s.ready for s in sales]),
                     ("queue serves", [s.serving for s in sales])]),
    ]
    for phase in PHASES:
        charts.append((f"calls a second, {phase}",
                       [(c, [of(s, phase, c, "rate") for s in sales])
                        for c in calls if len(enough) == len(sales) or c != "booking"]))
    if len(enough) < len(sales) and len(enough) > 1:
        return chart.panels(sizes, charts), chart.panels(
            [s.size for s in enough],
            [("bookings a second", [(p, [of(s, p, "booking", "rate") for s in enough])
                                    for p in PHASES]),
             ("bookings, p99 ms", [(p, [of(s, p, "booking", "p99") for s in enough])
                                   for p in PHASES])])
    return chart.panels(sizes, charts), None


def write(options, sales, calls, queues, connections, described, day):
    said = subprocess.run(["git", "-C", HERE, "rev-parse", "--short", "HEAD"], capture_output=True,
                          text=True)
    whole, bookings = picture(sales, calls)
    lines = [
        "# Growth", "",
        f"Written by `bench/growth/run.py` on {day}; medians of {options.rounds} rounds of "
        f"{options.seconds} s, the steps by turns.", "",
        f"{described}. boxoffice {said.stdout.strip()}, release build, `durability = local`, 2 "
        "HTTP workers, 2 actor threads; `actors.idle_after` and `booking.hold_for` 24 h, so that "
        "what has come into memory stays. The load runs on the same cores. Memory is anonymous "
        "resident memory.", "", "![growth](growth.svg)", "",
        "## One million", "", *bound_table(sales), "",
        "## Memory and start", "", *memory_table(sales), "",
        "## Throughput", "", *ratio_table(sales, calls), "",
        *figure_table(sales, calls, "a second", "rate"), "",
        *figure_table(sales, calls, "p99 ms, 64 connections, closed loop", "p99", "{:.2f}"), "",
        *figure_table(sales, calls, "server CPU µs each", "cpu_us"), "",
        "\"Untouched\": charges and balances meet wallets that nobody asked for since the start, "
        "each read from the store first, as long as there are such; in the small steps a round "
        "goes through all of them more than once and is in memory after the first. A step of 1,000 seats is sold in less than a tenth of a second, which is no rate.",
        "", *(["![bookings](growth-bookings.svg)", ""] if bookings else []),
        "## The line", "", *line_table(queues), "",
        "## Connections", "", *connection_lines(options, connections), "",
    ]
    options.out.mkdir(parents=True, exist_ok=True)
    (options.out / "growth.md").write_text("\n".join(lines))
    (options.out / "growth.svg").write_text(whole)
    if bookings:
        (options.out / "growth-bookings.svg").write_text(bookings)
    print("\n".join(lines))
