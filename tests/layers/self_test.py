#!/usr/bin/env python3
"""Plants violations in a tree of its own and sees that layers.py finds each, and nothing else."""

import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parent))
import layers  # noqa: E402

HOUSE = pathlib.Path(__file__).resolve().parents[2]

# A tree in which every room includes what it may.
SOUND = {
    "actors/domain/seat.hpp": "#include <vector>\n#include <ext/pb_ds/tree_policy.hpp>\n",
    "actors/domain/seat.cpp": '#include "actors/domain/seat.hpp"\n',
    "config/log.hpp": "#include <nlohmann/json.hpp>\n",
    "config/logging.cpp": "#include <spdlog/spdlog.h>\n",
    "config/command_line.cpp": "#include <CLI/CLI.hpp>\n",
    "persistence/store.hpp":
        '#include "actors/domain/seat.hpp"\n#include "config/log.hpp"\n\n#include <sqlite3.h>\n',
    "actors/caf_pch.hpp": "#include <caf/all.hpp>\n",
    "actors/seat_actor.hpp":
        '#include "actors/domain/seat.hpp"\n#include "persistence/store.hpp"\n\n'
        "#include <caf/fwd.hpp>\n",
    "http/routes.hpp":
        '#include "actors/seat_actor.hpp"\n\n#include <boost/beast/http.hpp>\n'
        "#include <nlohmann/json.hpp>\n#include <pistache/reactor.h>\n#include <sys/socket.h>\n",
    "sim/network.hpp":
        '#include "actors/domain/seat.hpp"\n#include "actors/seat_actor.hpp"\n'
        '#include "config/log.hpp"\n#include "persistence/store.hpp"\n\n#include <vector>\n',
    "main.cpp":
        '#include "persistence/store.hpp"\n#include "serving/serve.hpp"\n'
        '#include "sim/network.hpp"\n',
    "serving/serve.hpp": '#include "http/routes.hpp"\n#include "persistence/store.hpp"\n',
    "tests/support.hpp": '#include "http/routes.hpp"\n\n#include <caf/fwd.hpp>\n',
    "tests/http/routes_test.cpp": '#include "tests/support.hpp"\n',
    "bench/bench.cpp": '#include "actors/seat_actor.hpp"\n',
    "run": "#!/bin/sh\n",
}

# path, the line that is planted in it, words of the violation
PLANTED = [
    ("actors/domain/seat.cpp", '#include "config/log.hpp"', "actors/domain must not include config"),
    ("actors/domain/seat.cpp", '#include "actors/seat_actor.hpp"', "must not include actors"),
    ("actors/domain/seat.cpp", "#include <nlohmann/json.hpp>", "must not include nlohmann"),
    ("actors/domain/seat.cpp", "#include <boost/uuid/uuid.hpp>", "must not include Boost"),
    ("actors/domain/seat.cpp", "#include <unistd.h>", "standard library only"),
    ("config/log.hpp", '#include "actors/domain/seat.hpp"', "must not include actors/domain"),
    ("config/log.hpp", "#include <spdlog/spdlog.h>", "must not include spdlog"),
    ("config/log.hpp", "#include <CLI/CLI.hpp>", "must not include CLI11"),
    ("config/logging.cpp", "#include <CLI/CLI.hpp>", "must not include CLI11"),
    ("persistence/store.hpp", '#include "actors/seat_actor.hpp"', "must not include actors"),
    ("persistence/store.hpp", "#include <caf/fwd.hpp>", "must not include CAF"),
    ("persistence/store.hpp", '#include "caf/fwd.hpp"', "must not include CAF"),
    ("persistence/store.hpp", "#include <nlohmann/json.hpp>", "must not include nlohmann"),
    ("actors/seat_actor.hpp", '#include "http/routes.hpp"', "actors must not include http"),
    ("actors/seat_actor.hpp", "#include <pistache/reactor.h>", "must not include Pistache"),
    ("actors/seat_actor.hpp", "  #  include <sqlite3.h>", "must not include SQLite"),
    ("actors/seat_actor.hpp", "#include <caf/all.hpp>", "actors/caf_pch.hpp only"),
    ("actors/seat_actor.hpp", "using namespace caf;", "no `using namespace caf`"),
    ("tests/http/routes_test.cpp", "using namespace  ::caf;", "no `using namespace caf`"),
    ("actors/seat_actor.hpp", '#include "sim/network.hpp"', "actors must not include sim"),
    ("sim/network.hpp", '#include "http/routes.hpp"', "sim must not include http"),
    ("sim/network.hpp", "#include <caf/fwd.hpp>", "must not include CAF"),
    ("sim/network.hpp", "#include <sqlite3.h>", "must not include SQLite"),
    ("http/routes.hpp", '#include "sim/network.hpp"', "http must not include sim"),
    ("http/routes.hpp", '#include "persistence/store.hpp"', "http must not include persistence"),
    ("http/routes.hpp", "#include <caf/fwd.hpp>", "must not include CAF"),
    ("http/routes.hpp", "#include <spdlog/spdlog.h>", "must not include spdlog"),
    ("http/routes.hpp", '#include "tests/support.hpp"', "nothing outside tests includes tests"),
    ("http/routes.hpp", '#include "seat.hpp"', "not a path from the top"),
    ("bench/bench.cpp", '#include "tests/support.hpp"', "nothing outside tests includes tests"),
    ("tests/support.hpp", '#include "bench/bench.cpp"', "nothing outside bench includes bench"),
    ("main.cpp", "#include <caf/fwd.hpp>", "must not include CAF"),
    ("elsewhere/a.cpp", "int a;", "in no room"),
    ("http/routes.hpp", "// TO" "DO: later", "unfinished"),
    ("run", "# FIX" "ME", "unfinished"),
    (".ci/run", "# XX" "X", "unfinished"),
    ("http/long.cpp", "// a line\n" * (layers.MOST_LINES + 1), "more than 400 lines"),
]


class Layers(unittest.TestCase):
    def setUp(self):
        self.tree = pathlib.Path(tempfile.mkdtemp(prefix="boxoffice-layers-"))
        self.addCleanup(shutil.rmtree, self.tree)
        # Includes are planted where they stand, so their order must not count.
        style = (HOUSE / ".clang-format").read_text() + "\nSortIncludes: Never\n"
        (self.tree / ".clang-format").write_text(style)
        for path, content in SOUND.items():
            self.write(path, content)

    def write(self, path, content):
        (self.tree / path).parent.mkdir(parents=True, exist_ok=True)
        (self.tree / path).write_text(content)

    def found(self):
        return list(layers.violations(self.tree))

    def test_a_sound_tree_has_no_violation(self):
        self.assertEqual(self.found(), [])

    def test_each_planted_violation_is_found_alone(self):
        for path, line, words in PLANTED:
            with self.subTest(path=path, line=line[:60]):
                before = SOUND.get(path, "")
                self.write(path, before + line.rstrip("\n") + "\n")
                found = [each for each in self.found() if "not formatted" not in each[2]]
                self.assertEqual(len(found), 1, found)
                self.assertEqual(found[0][:2], (path, len((before + line).splitlines())))
                self.assertIn(words, found[0][2])
                self.write(path, before)
                if path not in SOUND:
                    (self.tree / path).unlink()

    def test_a_long_enough_file_is_allowed(self):
        self.write("http/long.cpp", "// a line\n" * layers.MOST_LINES)
        self.assertEqual(self.found(), [])

    def test_what_is_built_or_stored_is_not_ours(self):
        self.write("build/dev/generated.cpp", "using namespace caf;\n")
        self.write("data/x.py", "# TO" "DO\n")
        self.assertEqual(self.found(), [])

    def test_bad_formatting_is_found(self):
        program = shutil.which("clang-format-" + layers.CLANG_FORMAT)
        if program is None:
            self.skipTest("clang-format " + layers.CLANG_FORMAT + " is not installed")
        self.write("http/crooked.cpp", "int  a ;\n")
        self.assertEqual([(path, line) for path, line, _ in self.found()],
                         [("http/crooked.cpp", 1)])

    def test_an_empty_tree_fails(self):
        empty = tempfile.mkdtemp(prefix="boxoffice-layers-")
        self.addCleanup(shutil.rmtree, empty)
        script = [sys.executable, "-B", layers.__file__, empty]
        self.assertEqual(subprocess.run(script, capture_output=True).returncode, 1)


if __name__ == "__main__":
    unittest.main()
