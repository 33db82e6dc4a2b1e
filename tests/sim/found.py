#!/usr/bin/env python3
"""Runs again what the simulator once found.

usage: found.py BOXOFFICE LIST     each line of LIST: flags of `boxoffice sim`, '|', the story
"""

import pathlib
import subprocess
import sys


def main():
    program, stories = sys.argv[1:3]
    failed = ran = 0
    for line in pathlib.Path(stories).read_text(encoding="utf-8").splitlines():
        if line.startswith("#") or not line.strip():
            continue
        flags, story = (part.strip() for part in line.split("|", 1))
        done = subprocess.run([program, "sim", *flags.split()], stdout=subprocess.PIPE, text=True)
        ran += 1
        if done.returncode != 0:
            failed += 1
            print(f"AGAIN {flags}: {story}\n{done.stdout}")
    print(f"{ran} runs, {failed} failed")
    return 1 if failed or ran == 0 else 0


if __name__ == "__main__":
    sys.exit(main())
