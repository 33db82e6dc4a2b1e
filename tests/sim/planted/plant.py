#!/usr/bin/env python3
"""Plants a bug: writes a copy of a source file with a mistake in it.

usage: plant.py BUG OUT     reads BUG, a .bug file beside this script, and writes OUT

A .bug file says in comments what the mistake is and whom it would hurt, and then, each line by its
first word, which file it is made in and which invariants it breaks, one of which must be what the
simulator finds. Then come the edits:

    # The queue forgets who was admitted.
    file actors/domain/queue.cpp
    breaks some invariant | another, if that is seen first
    <<<<<<<
    the text as it stands, whole lines
    =======
    what it becomes
    >>>>>>>

The text must be in the file exactly once, so a bug does not outlive the code that it was made for.
"""

import pathlib
import sys

TREE = pathlib.Path(__file__).resolve().parents[3]
BEGIN, MIDDLE, END = "<<<<<<<", "=======", ">>>>>>>"


class Unplantable(Exception):
    pass


def read_edits(lines):
    """The pairs of texts between the marks."""
    edits, before, after = [], None, None
    for number, line in enumerate(lines, 1):
        mark = line.rstrip("\n")
        if mark == BEGIN and before is None:
            before = []
        elif mark == MIDDLE and before is not None and after is None:
            after = []
        elif mark == END and after is not None:
            edits.append(("".join(before), "".join(after)))
            before = after = None
        elif mark in (BEGIN, MIDDLE, END):
            raise Unplantable(f"line {number}: {mark} stands in the wrong place")
        elif after is not None:
            after.append(line)
        elif before is not None:
            before.append(line)
    if before is not None:
        raise Unplantable(f"the last edit has no {END}")
    if not edits:
        raise Unplantable("there is no edit")
    return edits


def read_word(lines, word):
    """What follows the one line that begins with this word, before the first edit."""
    found = []
    for line in lines:
        if line.rstrip("\n") == BEGIN:
            break
        if line.startswith(word + " "):
            found.append(line[len(word):].strip())
    if len(found) != 1:
        raise Unplantable(f"there are {len(found)} lines that begin with \"{word}\"")
    return found[0]


def plant(bug):
    lines = bug.read_text(encoding="utf-8").splitlines(keepends=True)
    if not lines or not lines[0].startswith("#"):
        raise Unplantable("it does not begin by saying what the mistake is")
    read_word(lines, "breaks")
    path = read_word(lines, "file")
    text = (TREE / path).read_text(encoding="utf-8")
    for before, after in read_edits(lines):
        # A text in the midst of a line would be found where nobody meant it.
        count = ("\n" + text).count("\n" + before)
        if count != 1:
            raise Unplantable(f"{path} holds this {count} times:\n{before}")
        text = ("\n" + text).replace("\n" + before, "\n" + after)[1:]
    return text


def main():
    bug, out = map(pathlib.Path, sys.argv[1:])
    try:
        text = plant(bug)
    except (Unplantable, OSError) as fault:
        print(f"{bug}: {fault}", file=sys.stderr)
        return 1
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
