#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""tools/demo builds from nothing, names each PCI device of this machine, and fits a terminal."""

import os
import pathlib
import re
import subprocess
import tempfile
import unittest

import sources

DEVICES = pathlib.Path("/sys/bus/pci/devices")
WIDTH = 80


def driver_of(sysname):
    link = DEVICES / sysname / "driver"
    return os.path.basename(os.readlink(link)) if link.is_symlink() else "-"


class Demo(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        with tempfile.TemporaryDirectory() as build:
            done = subprocess.run([sources.ROOT / "tools" / "demo", "--no-vm"], check=False, text=True,
                                  stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                  stderr=subprocess.PIPE, env={**os.environ, "BUILD_DIR": build})
        cls.status, cls.said = done.returncode, done.stderr
        # Where a tree or a build lies is as long as it is.
        cls.lines = [line for line in done.stdout.splitlines() if not line.startswith("/")]

    def test_works(self):
        self.assertEqual((self.status, self.said), (0, ""))

    def test_fits(self):
        self.assertEqual([line for line in self.lines if len(line) > WIDTH], [])

    def test_names_each_device_and_who_holds_it(self):
        found = [line.split()[:2] for line in self.lines if re.match(r"[0-9a-f]{4,}:", line)]
        devices = sorted(os.listdir(DEVICES)) if DEVICES.is_dir() else []
        self.assertEqual(found, [[sysname, driver_of(sysname)] for sysname in devices])

    def test_has_answers(self):
        text = "\n".join(self.lines)
        self.assertRegex(text, r"vfio")
        self.assertRegex(text, r"\n {14}alias vfio_pci:v\S+\n")


if __name__ == "__main__":
    unittest.main()
