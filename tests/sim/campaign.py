#!/usr/bin/env python3
"""Runs the simulator as the suite does, and checks that the runs were worth their time.

usage: campaign.py BOXOFFICE SEEDS

The seeds are the same every time, so that a change is judged by the same sales as the last one.
With BOXOFFICE_TEST_LONG=1 ten times as many fresh ones follow.
"""

import os
import re
import subprocess
import sys

LEAST_MEDIAN = 5000  # messages a run
LEAST_RECOVERED = 0.5  # of the runs


def campaign(program, *arguments):
    """The simulator's own verdict, unreached coverage included; then ours."""
    print("boxoffice sim", *arguments, flush=True)
    done = subprocess.run([program, "sim", *arguments], stdout=subprocess.PIPE, text=True)
    print(done.stdout, flush=True)
    if done.returncode != 0:
        return [f"boxoffice sim ended with {done.returncode}"]
    runs, median = (int(n) for n in re.search(
        r"^(\d+) runs in .* \(median (\d+) a run\)", done.stdout, re.MULTILINE).groups())
    recovered = int(re.search(r"recoveries from a crash, in (\d+) of the runs", done.stdout).group(1))
    faults = []
    if median < LEAST_MEDIAN:
        faults.append(f"a run has {median} messages in the median, less than {LEAST_MEDIAN}")
    if recovered < LEAST_RECOVERED * runs:
        faults.append(f"only {recovered} of {runs} runs recovered from a crash")
    return faults


def main():
    program, seeds = sys.argv[1], int(sys.argv[2])
    faults = campaign(program, "--seed", "1", "--seeds", str(seeds))
    if os.environ.get("BOXOFFICE_TEST_LONG") == "1":
        faults += campaign(program, "--seeds", str(10 * seeds))
    for fault in faults:
        print("FAILED:", fault)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
