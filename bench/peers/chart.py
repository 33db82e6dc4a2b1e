"""The chart of bench/peers: requests a second and p99 of each, a group of bars a call."""

import html

COLOURS = {"boxoffice": "#1b6ca8", "boxoffice on PostgreSQL": "#7fb2d6",
           "boxoffice on its disk": "#b9c6d0", "Go": "#3a9d6e", "Fastify": "#d98e2b"}
TITLES = {"boxoffice": "boxoffice, PostgreSQL's commit", "Fastify": "Fastify", "Go": "Go",
          "boxoffice on PostgreSQL": "boxoffice, PostgreSQL alone",
          "boxoffice on its disk": "boxoffice, local disk"}
WIDTH, LABELS, BAR, GAP = 960, 190, 15, 34
PANEL = (WIDTH - LABELS) // 2


def text(x, y, what, size=12, weight="normal", anchor="start"):
    return (f'<text x="{x:.0f}" y="{y:.0f}" font-size="{size}" font-weight="{weight}" '
            f'text-anchor="{anchor}">{html.escape(what)}</text>')


def shown(value):
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}"


def bars(group, figure, left, top, most):
    for n, (name, line) in enumerate(group.items()):
        value = getattr(line, figure)
        length = max(1, (PANEL - 75) * value / most)
        y = top + n * BAR
        yield (f'<rect x="{left}" y="{y}" width="{length:.1f}" height="{BAR - 3}" '
               f'fill="{COLOURS[name]}"/>')
        yield text(left + length + 4, y + BAR - 5, shown(value), 10)


def draw(lines):
    out, top = [], 56
    for figure, title, left in (("rate", "requests a second (more is better)", LABELS),
                                ("p99", "p99, ms (less is better)", LABELS + PANEL)):
        most = max(getattr(line, figure) for group in lines.values() for line in group.values())
        out.append(text(left, 38, title, 13, "bold"))
        y = top
        for group in lines.values():
            out.extend(bars(group, figure, left, y, most))
            y += len(group) * BAR + GAP
    for (call, connections), group in lines.items():
        out.append(text(8, top - 4, f"{call}, {connections} connections", 12, "bold"))
        for n, name in enumerate(group):
            out.append(text(8, top + n * BAR + BAR - 4, TITLES[name], 10))
        top += len(group) * BAR + GAP
    # The heading of a group stands above its bars.
    return (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {top}" '
            f'font-family="sans-serif"><rect width="{WIDTH}" height="{top}" fill="white"/>\n'
            + "\n".join([text(8, 18, "A booking and a charge, durable, on two cores", 15, "bold"),
                         *out]) + "\n</svg>\n")
