#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Tests module-tree: what depmod makes of a description, and what a wrong one is told."""

import pathlib
import subprocess
import sys
import tempfile
import unittest

MODULE_TREE = pathlib.Path(__file__).resolve().parent / "module-tree"
# What a wrong description is told, after the number of its line.
WRONG = (
    ("alias x\n", 1, "'alias' before any module"),
    ("module a\n\nfoo\n", 3, "'foo' with 0 values is not known"),
    ("module a\nalias one two\n", 2, "'alias' with 2 values"),
    ("repeat X 0 3\nmodule m{X}\n", 1, "'repeat' without its 'end'"),
    ("end\n", 1, "'end' without its 'repeat'"),
    ("repeat X 0 three\nend\n", 1, "'three' is no number"),
    ("repeat X 0 1\nmodule m{Y}\nend\n", 2, "can't put the numbers"),
    ("never modules.dep\n", 1, "depmod reads only"),
    ("module a\nwithout modules.nothing\n", 2, "there is no modules.nothing"),
    ("module a\ngone b\n", 2, "there is no module b"),
    ("module a\ncut modules.dep 1000\n", 2, "modules.dep has 13 bytes, can't be cut to 1000"),
    ("module a\nbyte modules.dep.bin 0 256\n", 2, "no such byte"),
)


class ModuleTree(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.directory = pathlib.Path(scratch.name)
        self.output = self.directory / "out"

    def make(self, description, *options):
        """Runs module-tree; returns the finished process."""
        path = self.directory / "test.tree"
        path.write_text(description, encoding="ascii")
        return subprocess.run([sys.executable, MODULE_TREE, path, self.output, *options],
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                              check=False)

    def made(self, description, *options):
        """Runs module-tree, which must succeed."""
        done = self.make(description, *options)
        self.assertEqual((done.returncode, done.stdout), (0, ""))

    def lines(self, name):
        return (self.output / name).read_text(encoding="ascii").splitlines()

    def test_index(self):
        self.made("# a comment\nmodule b/b-two   # another\n  alias vfio_pci:v*#1\nmodule a\n  alias x\n"
                  "builtin c/c-three\n  alias y\n", "--stamp", self.directory / "stamp")
        self.assertTrue((self.directory / "stamp").exists())
        self.assertEqual(self.lines("modules.order"), ["kernel/b/b-two.ko", "kernel/a.ko"])
        self.assertEqual(self.lines("modules.alias")[1:], ["alias vfio_pci:v*#1 b_two", "alias x a"])
        self.assertEqual(self.lines("modules.dep"), ["kernel/b/b-two.ko:", "kernel/a.ko:"])
        self.assertEqual(self.lines("modules.builtin"), ["kernel/c/c-three.ko"])
        self.assertIn(b"c_three", (self.output / "modules.builtin.alias.bin").read_bytes())

    def test_repeat(self):
        self.made("repeat M 0 1\n module m{M}\n repeat A 0xfe 0x100\n  alias {M}:{A:04X}[{A}]*\n end\nend\n")
        self.assertEqual(self.lines("modules.alias")[1:],
                         ["alias 0:00FE[254]* m0", "alias 0:00FF[255]* m0", "alias 0:0100[256]* m0",
                          "alias 1:00FE[254]* m1", "alias 1:00FF[255]* m1", "alias 1:0100[256]* m1"])

    def test_include_and_changes(self):
        (self.directory / "base.tree").write_text("module a\nalias x\nmodule b\nalias y\n", encoding="ascii")
        self.made("include base.tree\ngone a\ntext-alias z c\nwithout modules.softdep\n"
                  "cut modules.alias.bin 7\nbyte modules.symbols.bin 1 0x41\n")
        self.assertEqual(self.lines("modules.dep"), ["kernel/b.ko:"])
        self.assertEqual(self.lines("modules.alias")[1:], ["alias x a", "alias y b", "alias z c"])
        self.assertFalse((self.output / "modules.softdep").exists())
        self.assertFalse((self.output / "kernel/a.ko").exists())
        self.assertEqual((self.output / "modules.alias.bin").stat().st_size, 7)
        self.assertEqual((self.output / "modules.symbols.bin").read_bytes()[1], 0x41)

    def test_never(self):
        # What the helper's rule for an empty index stands on: depmod itself leaves it.
        self.made("builtin a\nnever modules.builtin.modinfo\nnever modules.builtin\n")
        for name in ("modules.builtin.alias.bin", "modules.builtin.bin"):
            self.assertEqual((self.output / name).stat().st_size, 0)

    def test_unordered(self):
        self.made("module a\nunordered\nalias x\nmodule z\nalias x\n")
        self.assertEqual(self.lines("modules.alias")[1:], ["alias x z", "alias x a"])

    def test_needs(self):
        self.made("module c\nneeds b-x\nmodule directory/b-x\nneeds a\nmodule a\nmodule d\n")
        self.assertEqual(sorted(self.lines("modules.dep")),
                         ["kernel/a.ko:", "kernel/c.ko: kernel/directory/b-x.ko kernel/a.ko", "kernel/d.ko:",
                          "kernel/directory/b-x.ko: kernel/a.ko"])

    def test_softdep(self):
        self.made("module a-x\nsoftdep b\nmodule b\n")
        self.assertEqual(self.lines("modules.softdep")[1:], ["softdep a_x post: b"])

    def test_again(self):
        self.made("module a\n")
        self.made("module b\n")
        self.assertEqual(self.lines("modules.dep"), ["kernel/b.ko:"])

    def test_output_of_others_stays(self):
        self.output.mkdir()
        (self.output / "note").write_text("mine", encoding="ascii")
        done = self.make("module a\n")
        self.assertEqual(done.returncode, 1)
        self.assertIn("note is in it", done.stdout)
        self.assertTrue((self.output / "note").exists())

    def test_wrong_descriptions(self):
        for description, line, message in WRONG:
            with self.subTest(description=description):
                done = self.make(description)
                self.assertEqual(done.returncode, 1)
                self.assertIn(f"test.tree:{line}: {message}", done.stdout)
                self.assertFalse(self.output.exists())
                self.assertNotIn("Traceback", done.stdout)


if __name__ == "__main__":
    unittest.main()
