#!/usr/bin/env python3
"""One seed is one run: in every process, in every build, traced or not.

usage: replay.py BOXOFFICE ANOTHER_BUILD
"""

import re
import subprocess
import sys

SEEDS = 40


def hash_of(program, *arguments):
    done = subprocess.run([program, "sim", *arguments], stdout=subprocess.PIPE, text=True)
    found = re.findall(r"trace hash ([0-9a-f]{16})", done.stdout)
    if done.returncode != 0 or not found:
        sys.exit(f"{program} sim {' '.join(arguments)} ended with {done.returncode}:\n"
                 + done.stdout[-2000:])
    return found[-1]


def main():
    program, other_build = sys.argv[1:3]
    seeds = ("--seed", "1", "--seeds", str(SEEDS))
    hashes = {
        "once": hash_of(program, *seeds),
        "in another process, one run at a time": hash_of(program, *seeds, "--jobs", "1"),
        "in another build": hash_of(other_build, *seeds),
    }
    for how, value in hashes.items():
        print(f"seeds 1 to {SEEDS} {how}: {value}")
    traced = [hash_of(p, "--seed", "7", "--trace") for p in (program, other_build)]
    print("seed 7 traced, in both builds:", *traced)
    return 0 if len(set(hashes.values())) == 1 and len(set(traced)) == 1 else 1


if __name__ == "__main__":
    sys.exit(main())
