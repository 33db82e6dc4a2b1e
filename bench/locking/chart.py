"""A chart of bench/locking: p99 and CPU of each strategy where all want the same."""

import html
import math

import report

LOADS = [(10, 1), (100, 1), (1000, 1)]
SHADES = ("#9ecae1", "#4292c6", "#084594")  # 10, 100, 1,000 at once
WIDTH, LABELS, PANEL, GAP, BAR = 1000, 130, 275, 15, 7
ROW = 3 * BAR + 8
TOP, HEAD = 70, 45
HEIGHT = HEAD + len(report.STRATEGIES) * ROW


def text(x, y, what, size=12, anchor="start", extra=""):
    return (f'<text x="{x:.0f}" y="{y:.0f}" font-size="{size}" text-anchor="{anchor}" {extra}>'
            f"{html.escape(what)}</text>")


def short(value):
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2g}"


def panel(figures, operation, figure, left, top, length_of):
    """A group of bars a strategy."""
    for row, strategy in enumerate(report.STRATEGIES):
        for n, load in enumerate(LOADS):
            f = figures.get((operation, *load, strategy))
            if f is None:
                continue
            value = figure(f)
            length = max(1, (PANEL - 45) * length_of(value))
            y = top + HEAD + row * ROW + n * BAR
            opacity = 0.35 if report.success(f) < 0.99 else 1
            yield (f'<rect x="{left}" y="{y}" width="{length:.1f}" height="{BAR - 1}" '
                   f'fill="{SHADES[n]}" opacity="{opacity}"/>')
            yield text(left + length + 3, y + BAR - 1, short(value), 8)


def scale(figures, figure):
    """From 0 to 1, by the logarithm, for what `figure` gives."""
    values = [figure(f) for (_, at_once, entities, _), f in figures.items()
              if (at_once, entities) in LOADS]
    low = min(values) / 2
    all_of = math.log10(max(values) / low)
    return lambda value: math.log10(value / low) / all_of


def draw(figures):
    parts = [text(10, 24, "The same wallet, seat or booking for all: locking strategies and actors",
                  17, extra='font-weight="bold"')]
    for n, load in enumerate(LOADS):
        x = LABELS + n * 130
        parts.append(f'<rect x="{x}" y="38" width="12" height="12" fill="{SHADES[n]}"/>')
        parts.append(text(x + 17, 48, f"{load[0]:,} at once"))
    parts.append(text(LABELS + 400, 48, "pale: more than 1 % are told to try again"))
    rows = (("p99, ms (logarithmic; shorter is better)", lambda f: f["p99_ms"]),
            ("CPU of an operation, µs: service, Redis and PostgreSQL (logarithmic)", report.cpu))
    for at, (title, figure) in enumerate(rows):
        top = TOP + at * (HEIGHT + 20)
        parts.append(text(LABELS, top + 14, title, 13, extra='font-weight="bold"'))
        for row, name in enumerate(report.STRATEGIES.values()):
            weight = ' font-weight="bold"' if "**" in name else ""
            parts.append(text(LABELS - 8, top + HEAD + row * ROW + 15, name.replace("**", ""), 11,
                              "end", weight))
        if not figures:
            continue
        length_of = scale(figures, figure)
        for column, operation in enumerate(report.OPERATIONS):
            left = LABELS + column * (PANEL + GAP)
            parts.append(text(left, top + HEAD - 8, operation, 12))
            parts.extend(panel(figures, operation, figure, left, top, length_of))
    height = TOP + 2 * (HEIGHT + 20)
    return (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" '
            f'font-family="sans-serif"><rect width="{WIDTH}" height="{height}" fill="white"/>'
            + "\n".join(parts) + "</svg>\n")
