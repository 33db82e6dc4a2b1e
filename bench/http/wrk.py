"""Runs wrk and reads what it prints."""

import dataclasses
import os
import re
import resource
import subprocess
import time

import machine

THREADS = 2
MILLISECONDS = {"us": 0.001, "ms": 1, "s": 1000, "m": 60_000}
MEGABYTES = {"B": 1e-6, "KB": 1 / 1024, "MB": 1, "GB": 1024}


@dataclasses.dataclass
class Figure:
    requests: int
    rate: float  # a second
    p50: float  # milliseconds
    p99: float
    megabytes: float  # read a second
    refused: int  # answers of 400 and above
    socket_errors: int
    server_cpu: float = 0  # seconds
    load_cpu_share: float = 0  # of the machine's cores, by wrk
    others_share: float = 0  # of the machine's cores, by neither wrk nor the service


def number(pattern, text, default=None):
    found = re.search(pattern, text, re.MULTILINE)
    if found is None and default is None:
        raise ValueError(f"wrk printed no {pattern}:\n{text}")
    return found.groups() if found else default


def parse(text):
    def latency(percent):
        value, unit = number(rf"^\s*{percent}%\s+([\d.]+)(us|ms|s|m) *$", text)
        return float(value) * MILLISECONDS[unit]

    size, unit = number(r"^Transfer/sec:\s+([\d.]+)(B|KB|MB|GB)$", text)
    errors = number(r"Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)", text,
                    (0, 0, 0, 0))
    return Figure(requests=int(number(r"(\d+) requests in", text)[0]),
                  rate=float(number(r"^Requests/sec:\s+([\d.]+)$", text)[0]),
                  p50=latency(50), p99=latency(99), megabytes=float(size) * MEGABYTES[unit],
                  refused=int(number(r"Non-2xx or 3xx responses: (\d+)", text, (0,))[0]),
                  socket_errors=sum(map(int, errors)))


def children_seconds():
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def run(server, path, connections, seconds, script=None, arguments=()):
    command = ["wrk", "-t", str(THREADS), "-c", str(connections), "-d", f"{seconds}s", "--latency",
               "--timeout", "10s"]
    if script:
        command += ["-s", str(script)]
    command += [server.address + path]
    command += ["--", *map(str, arguments)]

    begin, all_before = time.monotonic(), machine.busy_seconds()
    server_before, load_before = machine.cpu_seconds_of(server.pid), children_seconds()
    done = subprocess.run(command, check=True, timeout=seconds + 60, capture_output=True, text=True)
    figure = parse(done.stdout)
    capacity = (time.monotonic() - begin) * os.cpu_count()
    figure.server_cpu = machine.cpu_seconds_of(server.pid) - server_before
    load = children_seconds() - load_before
    others = machine.busy_seconds() - all_before - figure.server_cpu - load
    figure.load_cpu_share = load / capacity
    figure.others_share = max(others, 0) / capacity
    return figure
