"""What the figures were measured on, and who else was at work meanwhile."""

import os
import platform
import re
import time

TICKS = os.sysconf("SC_CLK_TCK")


def describe():
    with open("/proc/cpuinfo", encoding="utf-8") as f:
        model = re.search(r"^model name\s*:\s*(.*)$", f.read(), re.MULTILINE)
    with open("/proc/meminfo", encoding="utf-8") as f:
        memory = int(re.search(r"^MemTotal:\s*(\d+)", f.read(), re.MULTILINE)[1]) / 2**20
    return (f"{os.cpu_count()} cores of {model[1] if model else platform.machine()}, "
            f"{memory:.0f} GB, Linux {platform.release()}; "
            f"load average at the start: {os.getloadavg()[0]:.1f}")


def busy_seconds():
    """CPU seconds that the machine has worked since it started, all cores together."""
    with open("/proc/stat", encoding="utf-8") as f:
        user, nice, system, _idle, _iowait, irq, softirq, steal = map(int, f.readline().split()[1:9])
    return (user + nice + system + irq + softirq + steal) / TICKS


def cpu_seconds_of(pid):
    """CPU seconds that a running process has used."""
    with open(f"/proc/{pid}/stat", encoding="utf-8") as f:
        fields = f.read().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def wait_until_quiet(seconds):
    """Waits until the cores are nearly idle, `seconds` at most: others may be at work here."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        begin, before = time.monotonic(), busy_seconds()
        time.sleep(0.5)
        if busy_seconds() - before < 0.1 * os.cpu_count() * (time.monotonic() - begin):
            return
