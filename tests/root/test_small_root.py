#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Tests of small_root.py: programs of this machine run in a root that it built."""

import os
import pathlib
import subprocess
import tempfile
import unittest

import small_root


def run_inside(root, *command):
    """Standard output of a command in a chroot of root."""
    command = [*small_root.inside(root), *command]
    return subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout


class SmallRoot(unittest.TestCase):
    def setUp(self):
        directory = tempfile.TemporaryDirectory(prefix="vfio-variant-root-")
        self.addCleanup(directory.cleanup)
        self.directory = pathlib.Path(directory.name)
        self.root = self.directory / "root"

    def test_programs_run(self):
        small_root.build_small_root(self.root, ["ls", "sh"])
        self.assertIn("usr", run_inside(self.root, "/bin/ls", "/").split())
        self.assertEqual(run_inside(self.root, "/bin/sh", "-c", "echo yes"), "yes\n")

    def test_links_stay_links(self):
        small_root.build_small_root(self.root, ["sh"])
        for name in ("bin", "lib", "lib64", "sbin"):
            source = pathlib.Path("/") / name
            if source.is_symlink():
                self.assertEqual(os.readlink(self.root / name), os.readlink(source))

    def test_dlopened_library_and_what_it_needs(self):
        small_root.build_small_root(self.root, [], ["libkmod.so.2"])
        names = {path.name for path in self.root.rglob("*.so*")}
        self.assertIn("libkmod.so.2", names)
        self.assertIn("libc.so.6", names)

    def test_every_link_ends_inside(self):
        small_root.build_small_root(self.root, ["ls"], ["libkmod.so.2"])
        for path in self.root.rglob("*"):
            if path.is_symlink() and path.parent != self.root:
                inside = str(path.relative_to(self.root))
                self.assertTrue(small_root.real_file(self.root, inside).is_file(), path)

    def test_twice_is_once(self):
        small_root.build_small_root(self.root, ["ls"])
        before = sorted(self.root.rglob("*"))
        small_root.build_small_root(self.root, ["ls"])
        self.assertEqual(sorted(self.root.rglob("*")), before)

    def test_out_of_another_root(self):
        small_root.build_small_root(self.root, ["ls"])
        second = self.directory / "second"
        small_root.build_small_root(second, ["ls"], source=self.root)
        self.assertIn("usr", run_inside(second, "/bin/ls", "/").split())

    def test_absolute_link_is_taken_inside_source(self):
        small_root.build_small_root(self.root, ["ls"])
        (self.root / "usr/bin/list").symlink_to("/usr/bin/only-inside")
        (self.root / "usr/bin/ls").rename(self.root / "usr/bin/only-inside")
        second = self.directory / "second"
        small_root.build_small_root(second, ["list"], source=self.root)
        self.assertEqual(os.readlink(second / "usr/bin/list"), "/usr/bin/only-inside")
        self.assertTrue((second / "usr/bin/only-inside").is_file())

    def test_missing_program_and_library(self):
        for programs, libraries in ((["no-such-program"], []), ([], ["libnosuch.so.1"]),
                                    (["/usr/bin/no-such-program"], [])):
            with self.assertRaises(FileNotFoundError):
                small_root.build_small_root(self.root, programs, libraries)

    def test_missing_library_of_a_program(self):
        small_root.build_small_root(self.root, ["ls"])
        for library in self.root.rglob("libc.so.6"):
            library.unlink()
        with self.assertRaises(FileNotFoundError):
            small_root.build_small_root(self.directory / "second", ["ls"], source=self.root)

    def test_endless_link(self):
        small_root.build_small_root(self.root, ["ls"])
        (self.root / "usr/bin/loop").symlink_to("loop")
        with self.assertRaises(OSError):
            small_root.build_small_root(self.directory / "second", ["loop"], source=self.root)


if __name__ == "__main__":
    unittest.main()
