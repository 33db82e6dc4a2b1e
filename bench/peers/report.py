"""The table and the chart of bench/peers."""


def versions(options):
    return ""


def write(notes, about, of, options):
    for n in notes:
        print(n)
