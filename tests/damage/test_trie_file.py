#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Tests trie_file: what it writes is what depmod writes, of kmod 30 and of kmod 34, to the byte."""

import pathlib
import subprocess
import sys
import tempfile
import unittest

HERE = pathlib.Path(__file__).resolve().parent
MODULE_TREE = HERE.parent / "trees/module-tree"
sys.dont_write_bytecode = True  # the source directory stays as it is
sys.path.insert(0, str(HERE))
import trie_file  # noqa: E402  (the path is set above)

NAMES = ("modules.alias.bin", "modules.dep.bin")


class TrieFile(unittest.TestCase):
    def test_as_depmod(self):
        for name in NAMES:
            older = (HERE / "kmod-30" / name).read_bytes()
            newer = (HERE / "kmod-34" / name).read_bytes()
            with self.subTest(name=name):
                self.assertNotEqual(older, newer)
                self.assertEqual(trie_file.read(older), trie_file.read(newer))
                self.assertEqual(trie_file.write(trie_file.read(older), preorder=True), newer)
                self.assertEqual(trie_file.write(trie_file.read(newer), preorder=False), older)

    def test_depmod_of_this_machine(self):
        """Its files come in one of the two orders, and are those of small.tree that are kept here."""
        with tempfile.TemporaryDirectory() as scratch:
            tree = pathlib.Path(scratch, "tree")
            subprocess.run([sys.executable, MODULE_TREE, HERE / "small.tree", tree], check=True)
            for name in NAMES:
                kept = [(HERE / directory / name).read_bytes() for directory in ("kmod-30", "kmod-34")]
                self.assertIn((tree / name).read_bytes(), kept)

    def test_other_version(self):
        content = (HERE / "kmod-30" / NAMES[0]).read_bytes()
        with self.assertRaises(ValueError):
            trie_file.read(content[:4] + b"\0\3" + content[6:])


if __name__ == "__main__":
    unittest.main()
