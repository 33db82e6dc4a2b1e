#!/usr/bin/env python3
"""Who may include whom, and the other rules of the house that a machine can check.

usage: layers.py TREE     prints every violation as path:line: what; exits 1 when there is one
"""

import pathlib
import re
import shutil
import subprocess
import sys

# A room and what its files may include: rooms of ours, and libraries by the names below.
ROOMS = {
    "actors/domain": {"rooms": {"actors/domain"}, "libraries": set()},
    "config": {"rooms": {"config"}, "libraries": {"nlohmann"}},
    "persistence": {"rooms": {"persistence", "actors/domain", "config"},
                    "libraries": {"SQLite", "libpqxx"}},
    "actors": {"rooms": {"actors", "actors/domain", "persistence", "config"},
               "libraries": {"CAF"}},
    "sim": {"rooms": {"sim", "actors", "actors/domain", "persistence", "config"},
            "libraries": set()},
    "http": {"rooms": {"http", "actors", "actors/domain", "config"},
             "libraries": {"Pistache", "Boost.Beast", "nlohmann", "OpenSSL"}},
    "serving": {"rooms": {"serving", "config", "persistence", "actors", "actors/domain", "http"},
                "libraries": set()},
    "rush": {"rooms": {"rush", "config"}, "libraries": {"Boost.Beast", "Boost", "nlohmann"}},
    "main.cpp": {"rooms": {"config", "persistence", "actors/domain", "sim", "serving", "rush"},
                 "libraries": set()},
}
# What nothing of ours includes, but its own files.
LEAVES = ("tests", "bench", "web", "docs")

# How a library's headers begin.
LIBRARIES = {
    "CAF": ("caf/",),
    "Pistache": ("pistache/",),
    "Boost.Beast": ("boost/beast",),
    "SQLite": ("sqlite3",),
    "libpqxx": ("pqxx/", "libpq", "postgresql/"),
    "nlohmann": ("nlohmann/",),
    "spdlog": ("spdlog/", "fmt/"),
    "CLI11": ("CLI/",),
    "Boost": ("boost/",),
    "prometheus-cpp": ("prometheus/",),
    "libcurl": ("curl/",),
    "OpenSSL": ("openssl/",),
    "Abseil": ("absl/",),
}
# A library that only certain files of its room may see, beside what ROOMS says.
FILES = {
    "config/logging.cpp": {"spdlog"},
    "config/command_line.cpp": {"CLI11"},
    "actors/time_zones.cpp": {"Abseil"},
    "config/metrics.cpp": {"prometheus-cpp"},
    "config/alerts.cpp": {"libcurl"},
}

CAF_UMBRELLA = "actors/caf_pch.hpp"  # the one place for caf/all.hpp: it is compiled once

# Headers that only the standard library has: no extension, or one of these.
STANDARD = re.compile(r"[a-z_0-9]+|ext/pb_ds/[a-z_]+\.hpp")

MOST_LINES = 400
CLANG_FORMAT = "14"  # another version formats otherwise

CODE = {".cpp", ".hpp", ".h"}
SCRIPTS = {".py", ".sh", ".cmake", ".sql"}
SCRIPT_NAMES = {"CMakeLists.txt", "run", "test"}
SKIPPED = {".git", "build", "data", "node_modules", "__pycache__"}

INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]')
# In two parts each, so that this file doesn't hold them.
UNFINISHED = re.compile(r"\b(?:TO" r"DO|FIX" r"ME|XX" r"X)\b")
USING_CAF = re.compile(r"\busing\s+namespace\s+(?:::\s*)?caf\b")


def room_of(path):
    """The longest room that a path is in, a leaf, or None."""
    rooms = [room for room in (*ROOMS, *LEAVES) if path == room or path.startswith(room + "/")]
    return max(rooms, key=len, default=None)


def library_of(header):
    """The library with the longest matching beginning, or None."""
    found = [(len(start), name) for name, starts in LIBRARIES.items() for start in starts
             if header.startswith(start)]
    return max(found)[1] if found else None


def include_fault(path, room, quote, header, exists):
    """What is wrong with one include, or None."""
    library = library_of(header)
    if header == "caf/all.hpp" and path != CAF_UMBRELLA:
        return f"caf/all.hpp belongs into {CAF_UMBRELLA} only"
    if library is None and quote == '"':
        if not exists(header):
            return f'"{header}" is not a path from the top of the tree'
        target = room_of(header)
        if target in LEAVES and target != room:
            return f"nothing outside {target} includes {target}"
        if room in ROOMS and target not in ROOMS[room]["rooms"]:
            return f"{room} must not include {target}"
        return None
    if room not in ROOMS:
        return None
    if library is not None and library not in ROOMS[room]["libraries"] | FILES.get(path, set()):
        return f"{path} must not include {library} ({header})"
    if room == "actors/domain" and not STANDARD.fullmatch(header):
        return f"actors/domain may include the standard library only ({header})"
    return None


def code_faults(path, lines, exists):
    room = room_of(path)
    if room is None:
        yield 1, "this file is in no room"
    for number, line in enumerate(lines, 1):
        include = INCLUDE.match(line)
        fault = include and include_fault(path, room, *include.groups(), exists)
        if fault:
            yield number, fault
        if USING_CAF.search(line):
            yield number, "no `using namespace caf`"


def format_faults(tree, paths):
    """Files that clang-format would change; none when the right version isn't here."""
    program = shutil.which("clang-format-" + CLANG_FORMAT) or shutil.which("clang-format")
    if program is None or not paths:
        return
    version = subprocess.run([program, "--version"], capture_output=True, text=True).stdout
    if f"version {CLANG_FORMAT}." not in version:
        return
    check = subprocess.run([program, "--dry-run", "-Werror", "--style=file", *paths], cwd=tree,
                           capture_output=True, text=True)
    first = {}
    for path, line in re.findall(r"^(.+?):(\d+):\d+: ", check.stderr, re.MULTILINE):
        first.setdefault(path, int(line))
    for path, line in first.items():
        yield path, line, "is not formatted by .clang-format"
    if check.returncode != 0 and not first:
        yield ".clang-format", 1, "clang-format failed: " + check.stderr.strip()


def is_ours(path):
    return path.suffix in CODE | SCRIPTS or path.name in SCRIPT_NAMES or path.parts[0] == ".ci"


def files(tree):
    for path in sorted(tree.rglob("*")):
        relative = path.relative_to(tree)
        if not SKIPPED.intersection(relative.parts) and is_ours(relative) and path.is_file():
            yield relative


def violations(tree):
    code = []
    for relative in files(tree):
        path = relative.as_posix()
        lines = (tree / relative).read_text(encoding="utf-8", errors="replace").splitlines()
        if len(lines) > MOST_LINES:
            yield path, len(lines), f"has more than {MOST_LINES} lines"
        for number, line in enumerate(lines, 1):
            if UNFINISHED.search(line):
                yield path, number, "says that something is unfinished"
        if relative.suffix in CODE:
            code.append(path)
            for number, what in code_faults(path, lines, lambda name: (tree / name).is_file()):
                yield path, number, what
    yield from format_faults(tree, code)


def main():
    tree = pathlib.Path(sys.argv[1]).resolve()
    if not any(True for _ in files(tree)):
        print(f"{tree}: holds no file to check")
        return 1
    found = list(violations(tree))
    for path, number, what in found:
        print(f"{path}:{number}: {what}")
    print(f"{len(found)} violations")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
