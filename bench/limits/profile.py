"""Where the service's CPU goes, by layer: samples of `perf`, each put down to one layer by the
function it was in, or, inside the kernel, by the system call it came through."""

import collections
import re
import subprocess

SYSTEM_CALLS = {
    "kernel: sockets, epoll": "sendto sendmsg writev recvfrom recvmsg read accept4 epoll_wait "
                              "epoll_pwait epoll_ctl",
    "kernel: the store's file": "fdatasync fsync pwrite64 pread64 fcntl ftruncate",
    "kernel: waking threads": "futex write sched_yield",
}
LAYER_OF_CALL = {call: layer for layer, calls in SYSTEM_CALLS.items() for call in calls.split()}
ROOMS = (("boxoffice::http", "HTTP"), ("Pistache", "HTTP"), ("boost::beast", "HTTP"),
         ("boxoffice::persistence", "persistence (ours)"), ("boxoffice::domain", "rules (domain)"),
         ("boxoffice::actors", "actors (ours)"), ("caf::", "CAF"), ("boxoffice::", "other of ours"))
LIBRARIES = (("sqlite", "SQLite"), ("mimalloc", "allocator"), ("libcaf", "CAF"),
             ("pistache", "HTTP"), ("libc.so", "libc"), ("libc-", "libc"), ("libstdc++", "libc"),
             ("vdso", "libc"), ("libm.so", "libc"))


def without_arguments(name):
    """A function's own qualified name: no template arguments, no parameters."""
    name = name.replace("(anonymous namespace)", "")
    kept, depth = [], 0
    for character in name:
        if character in "<(":
            depth += 1
        if depth == 0:
            kept.append(character)
        if character in ">)":
            depth -= 1
    return "".join(kept)


def layer_of(frames):
    """`frames`: (function, library), the innermost first."""
    function, library = frames[0]
    if "kernel" in library or library.startswith("["):
        for caller, _ in frames:
            if "page_fault" in caller:
                return "kernel: page faults"
            call = re.match(r"__(?:x64|arm64)_sys_(\w+)", caller)
            if call:
                return LAYER_OF_CALL.get(call[1], "kernel: the rest")
        return "kernel: the rest"
    for part, layer in LIBRARIES:
        if part in library:
            return layer
    own = without_arguments(function)
    for part, layer in ROOMS:
        if part in own:
            return layer
    if own.startswith("sqlite3"):
        return "SQLite"
    for part, layer in ROOMS:  # a standard container's function, put down to what it holds
        if part in function:
            return layer
    return "the rest"


def thread_of(name):
    return {"caf.multiplexer": "actors' threads", "caf.actor": "journal, loader and librarian",
            "caf.clock": "CAF's clock"}.get(name, "HTTP workers and main")


def read_samples(script):
    layers, threads = collections.Counter(), collections.Counter()
    for block in script.split("\n\n"):
        lines = block.strip("\n").splitlines()
        if len(lines) < 2:
            continue
        frames = []
        for line in lines[1:]:
            found = re.match(r"\s+[0-9a-f]+ (.*) \((.*)\)$", line)
            if found:
                frames.append((re.sub(r"\+0x[0-9a-f]+$", "", found[1]), found[2]))
        if frames:
            layers[layer_of(frames)] += 1
            threads[thread_of(lines[0].strip())] += 1
    return layers, threads


class Recording:
    """Samples a running process until stopped."""

    def __init__(self, pid, data):
        self.data = data
        self.process = subprocess.Popen(
            ["perf", "record", "-q", "-F", "1999", "-e", "cpu-clock", "-g", "-o", data, "-p",
             str(pid)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def stop(self):
        self.process.send_signal(2)
        self.process.wait(timeout=30)
        script = subprocess.run(["perf", "script", "-i", self.data, "-F", "comm,ip,sym,dso"],
                                check=True, timeout=120, capture_output=True, text=True)
        return read_samples(script.stdout)
