#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""list, info, monitor, bind and unbind need the shared library alone: library_verbs.py PROGRAM TOOL

PROGRAM is these verbs with the shared library. That it links is half of the test. It must report of
this machine what the tool reports, which contains the library.
"""

import os
import subprocess
import sys
import unittest

TOOL, PROGRAM = sys.argv.pop(), sys.argv.pop()
VERBS = ("list", "info", "monitor", "bind", "unbind")
BAD_DEVICE = "ffff:ff:1f.7"
COMMANDS = (("list",), ("list", "--all", "--json"), ("info", BAD_DEVICE), ("bind", BAD_DEVICE),
            ("bind", "--tagged", "--dry-run"), ("unbind", BAD_DEVICE), ("monitor", BAD_DEVICE),
            *((verb, "--help") for verb in VERBS))


def run(program, words):
    done = subprocess.run([program, *words], check=False, text=True, stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          env={**os.environ, "LC_ALL": "C"})
    return done.returncode, done.stdout, done.stderr


class LibraryVerbs(unittest.TestCase):
    def test_links_the_shared_library(self):
        dynamic = subprocess.run(["readelf", "--wide", "--dynamic", PROGRAM], check=True, text=True,
                                 stdout=subprocess.PIPE).stdout
        self.assertIn("libvfio-variant.so.0", dynamic)
        self.assertNotIn("libudev", dynamic)

    def test_reports_what_the_tool_reports(self):
        for words in COMMANDS:
            with self.subTest(words):
                self.assertEqual(run(PROGRAM, words), run(TOOL, words))

    def test_has_no_other_verb(self):
        for verb in ("check", "explain", "tag", "untag", "claim"):
            with self.subTest(verb):
                self.assertEqual(run(PROGRAM, [verb])[0], 2)


if __name__ == "__main__":
    unittest.main()
