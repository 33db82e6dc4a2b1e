"""Where the service's CPU goes, by layer: samples of `perf`, each put down to one layer by the
function it was in, or, inside the kernel, by the system call it came through."""

import collections
import re
import subprocess

# In the kernel, by the first of these in a function of the stack, the innermost first. (A call that
# ends in another leaves no frame of its own, so system calls are known by several names.)
KERNEL = (("page_fault", "kernel: page faults"),
          ("eventfd", "kernel: waking threads"), ("futex", "kernel: waking threads"),
          ("pthread_cond", "kernel: waking threads"),
          *((name, "kernel: sockets, epoll") for name in (
              "tcp_", "sock_", "inet_", "skb", "net_rx", "sendmsg", "sendto", "recv", "epoll",
              "accept")),
          *((name, "kernel: the store's file") for name in (
              "fdatasync", "fsync", "pwrite", "pread", "ext4", "blk_", "fcntl")),
          ("exit_to_user_mode", "kernel: switching threads"),
          ("irqentry", "kernel: switching threads"), ("mprotect", "kernel: page faults"))
ROOMS = (("boxoffice::http", "HTTP"), ("Pistache", "HTTP"), ("boost::beast", "HTTP"),
         ("boxoffice::persistence", "persistence (ours)"), ("boxoffice::domain", "rules (domain)"),
         ("boxoffice::actors", "actors (ours)"), ("caf::", "CAF"), ("nlohmann", "HTTP"),
         # names too long to be written out
         ("_ZN9boxoffice6actors", "actors (ours)"), ("_ZN3caf", "CAF"),
         ("boxoffice::", "other of ours"))
LIBRARIES = (("sqlite", "SQLite"), ("mimalloc", "allocator"), ("libcaf", "CAF"),
             ("pistache", "HTTP"), ("libc.so", "C and C++ library"), ("libc-", "C and C++ library"), ("libstdc++", "C and C++ library"),
             ("libm.so", "C and C++ library"), ("libpqxx", "C and C++ library"))  # whose copy of std::string's code is used


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
    if "vdso" in library:
        return "C and C++ library"
    if "kernel" in library:
        for caller, _ in frames:
            for part, layer in KERNEL:
                if part in caller:
                    return layer
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
    return "C and C++ library" if own.startswith(("std::", "__gnu", "_ZNSt", "_ZNKSt")) else "the rest"


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
