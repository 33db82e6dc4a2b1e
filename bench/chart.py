"""Charts as SVG: bars beside their bounds, and lines over a logarithmic axis. No library needed."""

import html
import math

COLOURS = ("#2563a8", "#c2571a", "#3b8a4c", "#7a4ea3")
STYLE = ("text{font:13px sans-serif;fill:#222}.small{font-size:11px;fill:#555}"
         ".title{font-size:15px;font-weight:bold}")


def _document(width, height, parts):
    return (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
            f'width="{width}" height="{height}"><style>{STYLE}</style>'
            f'<rect width="{width}" height="{height}" fill="#fff"/>' + "".join(parts) + "</svg>\n")


def _text(x, y, words, kind="", anchor="start"):
    return (f'<text x="{x:.1f}" y="{y:.1f}" class="{kind}" text-anchor="{anchor}">'
            f"{html.escape(str(words))}</text>")


def bars(title, rows, unit=""):
    """`rows`: (name, value, bound or None). The bound is a line across the bar's row."""
    left, top, step, width = 300, 48, 28, 860
    room = width - left - 130
    most = max(max(value, bound or 0) for _, value, bound in rows)
    parts = [_text(16, 26, title, "title")]
    for n, (name, value, bound) in enumerate(rows):
        y = top + n * step
        parts.append(_text(left - 10, y + 15, name, anchor="end"))
        parts.append(f'<rect x="{left}" y="{y}" width="{room * value / most:.1f}" height="20" '
                     f'fill="{COLOURS[0]}"/>')
        at = left + room * max(value, bound or 0) / most + 8
        parts.append(_text(at, y + 15, f"{value:,.3g}{unit}" if value < 1000 else f"{value:,.0f}"))
        if bound is not None:
            x = left + room * bound / most
            parts.append(f'<line x1="{x:.1f}" x2="{x:.1f}" y1="{y - 3}" y2="{y + 23}" '
                         f'stroke="{COLOURS[1]}" stroke-width="3"/>')
    parts.append(_text(left, top + len(rows) * step + 16, "orange: the bound", "small"))
    return _document(width, top + len(rows) * step + 30, parts)


def _nice_ceiling(value):
    power = 10 ** math.floor(math.log10(value))
    return next(f * power for f in (1, 2, 5, 10) if f * power >= value)


def _panel(x0, y0, width, height, title, xs, series, parts):
    """One small chart; xs are spread evenly by their logarithm, y begins at zero."""
    top = _nice_ceiling(max(max(values) for _, values in series))
    low, high = math.log10(xs[0]), math.log10(xs[-1])

    def point(x, y):
        return (x0 + width * (math.log10(x) - low) / (high - low), y0 + height * (1 - y / top))

    parts.append(_text(x0, y0 - 12, title, "title"))
    for share in (0, 0.5, 1):
        y = y0 + height * (1 - share)
        parts.append(f'<line x1="{x0}" x2="{x0 + width}" y1="{y}" y2="{y}" stroke="#ddd"/>')
        parts.append(_text(x0 - 6, y + 4, f"{top * share:,g}", "small", "end"))
    for x in xs:
        parts.append(_text(point(x, 0)[0], y0 + height + 16, f"{x:,}", "small", "middle"))
    for n, (name, values) in enumerate(series):
        line = " ".join(f"{px:.1f},{py:.1f}" for px, py in map(point, xs, values))
        colour = COLOURS[n % len(COLOURS)]
        parts.append(f'<polyline points="{line}" fill="none" stroke="{colour}" stroke-width="2"/>')
        for px, py in map(point, xs, values):
            parts.append(f'<circle cx="{px:.1f}" cy="{py:.1f}" r="3" fill="{colour}"/>')
        parts.append(f'<rect x="{x0 + n * 150}" y="{y0 + height + 28}" width="12" height="12" '
                     f'fill="{colour}"/>')
        parts.append(_text(x0 + n * 150 + 17, y0 + height + 38, name, "small"))


def panels(xs, charts):
    """`charts`: (title, [(name, values)]) each over the same xs; two in a row."""
    width, height, columns = 330, 170, 2
    parts = []
    for n, (title, series) in enumerate(charts):
        x0, y0 = 80 + (n % columns) * (width + 110), 40 + (n // columns) * (height + 90)
        _panel(x0, y0, width, height, title, xs, series, parts)
    rows = (len(charts) + columns - 1) // columns
    return _document(columns * (width + 110), rows * (height + 90) + 10, parts)
