#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The commands in the code blocks of HACKING.md work as they are printed: hacking.py BUILD.

They run in a copy of the tree whose build/ is BUILD. A command that cannot run here is named below,
with the reason; its program must be there and must be one that can be run.
"""

import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

import sources

SECONDS = 240
# What stands for something else in a command, and what is put there.
PLACEHOLDERS = {"MACHINE": "nvme"}
NOT_RUN = {
    "tools/setup test": "installs packages",
    "meson setup build": "the build directory exists: this test runs in it",
    "meson compile -C build": "compiles what is being tested",
    "meson test -C build --suite quick": "would write the log of the run that this test is part of",
    "meson test -C build elf": "likewise",
    "tools/demo": "the test demo runs it",
    "tools/test": "runs this test",
    "tests/vm/run answer --kernel=6.12 --suite=trixie": "takes minutes; the suite vm runs it",
    "tests/vm/run units --kernel=6.12 --suite=trixie --pid1=systemd": "likewise",
    "tools/bench --before 6fe035b^": "takes minutes, and the copy has no history",
    "tools/bench --before 6fe035b^ --vm": "takes half an hour or more",
    "tests/vm/run scale --kernel=6.12 --suite=trixie": "takes minutes",
    "tests/vm/run numbers --kernel=6.12 --suite=trixie": "likewise",
    "tests/fresh/run trixie": "fetches a system; the suite fresh runs it with bookworm",
    "tests/package/run trixie --twice": "fetches a system; the suite package runs it with bookworm",
    "tests/package/other rpm": "fetches a system; tools/wide runs it",
    "tools/wide --no-vm": "runs these for each release",
}
# Of README.md. Its blocks with a prompt are run in virtual machines.
README_NOT_RUN = {
    "tools/package deb .": "tests/package builds and installs the packages in a root directory",
    "apt install ./vfio-variant_*.deb": "likewise",
    "tools/setup build": "installs packages",
    "meson setup build -Dtests=disabled": "tests/fresh runs it on a fresh system",
    "meson compile -C build": "likewise",
    "meson install -C build": "likewise",
}
# What a command that looks a driver up reports in a container, and rightly so.
NO_INDEX = "cannot look up drivers: "
# Inline code that begins with a path of the tree.
INLINE = re.compile(r"`((?:tools|tests)/[\w./-]+)")


def blocks(text):
    """The code blocks, each as its lines."""
    return [block.splitlines() for block in re.findall(r"^```\w*\n(.*?)^```$", text, re.M | re.S)]


def commands(text):
    """Without the remarks after them, and without what follows a prompt."""
    lines = [re.sub(r"\s+#.*", "", line) for block in blocks(text) if is_typed(block)
             for line in block if not re.match(r"\s*(#|$)", line)]
    return [line.strip() for line in lines]


def is_typed(block):
    """A block of commands, and not one that shows a session or a picture."""
    return bool(re.match(r"(apt|tools|tests|build|meson|env|umockdev-record)\b", block[0]))


def has_module_index():
    return any(pathlib.Path(top, "lib/modules", os.uname().release, name).exists()
               for top in ("/", "/usr") for name in ("modules.alias.bin", "modules.alias"))


class Hacking(unittest.TestCase):
    build = None

    @classmethod
    def setUpClass(cls):
        cls.text = (sources.ROOT / "HACKING.md").read_text(encoding="utf-8")
        scratch = tempfile.TemporaryDirectory(prefix="vfio-variant-hacking-")
        cls.addClassCleanup(scratch.cleanup)
        cls.tree = pathlib.Path(scratch.name)
        for name in ("src", "tests", "tools"):
            shutil.copytree(sources.ROOT / name, cls.tree / name, symlinks=True,
                            ignore=shutil.ignore_patterns("__pycache__"))
        shutil.copytree(sources.ROOT / "hwdb.d", cls.tree / "hwdb.d")
        (cls.tree / "build").symlink_to(cls.build)

    def run_in_tree(self, command):
        return subprocess.run(command, shell=True, cwd=self.tree, check=False, text=True,
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, timeout=SECONDS,
                              env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"})

    def run_as_printed(self, command):
        for name, value in PLACEHOLDERS.items():
            command = re.sub(rf"\b{name}\b", value, command)
        done = self.run_in_tree(command)
        for _ in range(9):
            # umockdev-record: a device of another test was removed while it listed all
            if done.returncode and "No such device" in done.stdout:
                done = self.run_in_tree(command)
        if done.returncode and NO_INDEX in done.stdout:
            self.assertFalse(has_module_index(), f"{command}\n{done.stdout}")
            return
        self.assertEqual(done.returncode, 0, f"{command}\n{done.stdout}")

    def assert_can_be_run(self, command):
        program = command.split()[0]
        if "/" in program:
            self.assertTrue(os.access(sources.ROOT / program, os.X_OK), f"{program} is not executable")
        else:
            self.assertIsNotNone(shutil.which(program), f"{program} is not installed")

    def test_commands(self):
        found = commands(self.text)
        self.assertEqual(sorted(set(NOT_RUN) - set(found)), [], "not in HACKING.md any more")
        ran = [command for command in found if command not in NOT_RUN]
        self.assertGreaterEqual(len(ran), 5, found)
        for command in found:
            with self.subTest(command):
                self.assert_can_be_run(command)
                if command in ran:
                    self.run_as_printed(command)

    def test_readme(self):
        found = commands((sources.ROOT / "README.md").read_text(encoding="utf-8"))
        self.assertEqual(sorted(set(found)), sorted(README_NOT_RUN))
        for command in found:
            with self.subTest(command):
                self.assert_can_be_run(command)

    def test_paths_in_the_text(self):
        """What is named in a sentence exists, and can be run if it is a program."""
        for path in set(INLINE.findall(self.text)):
            with self.subTest(path):
                named = sources.ROOT / path
                self.assertTrue(named.exists(), path)
                if named.is_file() and named.read_bytes().startswith(b"#!"):
                    self.assertTrue(os.access(named, os.X_OK), f"{path} is not executable")


class Blocks(unittest.TestCase):
    def test_commands(self):
        text = ("a\n```\ntools/x  # a remark\n\n# nothing\nmeson y\n```\n```\n$ shown\n```\n"
                "```c\nint x;\n```\n```\ntests/z >a\n```\n")
        self.assertEqual(commands(text), ["tools/x", "meson y", "tests/z >a"])


if __name__ == "__main__":
    Hacking.build = pathlib.Path(sys.argv.pop(1)).resolve()
    unittest.main(verbosity=2)
