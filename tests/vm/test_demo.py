#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""tools/demo ends with a machine in which a tagged card comes up bound: test_demo.py BUILD."""

import os
import pathlib
import subprocess
import sys
import unittest

DEMO = pathlib.Path(__file__).resolve().parents[2] / "tools/demo"
COLUMNS = 80
BUILD = sys.argv.pop(1)


class DemoWithMachine(unittest.TestCase):
    def run_demo(self, **environment):
        return subprocess.run([DEMO], check=False, text=True, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                              env={**os.environ, "BUILD_DIR": BUILD, **environment})

    def test_shows_a_tagged_card_that_comes_up_bound(self):
        done = self.run_demo()
        self.assertEqual((done.returncode, done.stderr), (0, ""), done.stdout)
        before, tagged, after = done.stdout.partition("\n# vfio-variant tag 0000:01:00.0\n")
        self.assertTrue(tagged)
        self.assertIn("\nE: DRIVER=e1000e\n", before)
        self.assertIn("\nE: DRIVER=vm_exact_vfio_pci\n", after)
        self.assertIn("\nE: VFIO_VARIANT_BOUND=1\n", after)
        self.assertRegex(before, "(?m)^01:00.0 82574L .* e1000e +vm_exact_vfio_pci .* ready$")
        self.assertRegex(after, "(?m)^01:00.0 82574L .* vm_exact_vfio_pci += .* bound$")
        self.assertRegex(after, "(?m)^02:00.0 82574L .* ready$")
        # A path is not broken: it is to be copied.
        lines = [line for line in done.stdout.splitlines() if not line.startswith("  file: /")]
        self.assertEqual([line for line in lines if len(line) > COLUMNS], [])

    def test_says_what_is_missing_and_how_to_do_without(self):
        done = self.run_demo(VFIO_VARIANT_VM_CACHE="/proc/no-such-directory")
        self.assertEqual(done.returncode, 1)
        self.assertIn("/proc/no-such-directory", done.stderr)
        self.assertIn("tools/demo --no-vm", done.stderr)
        self.assertNotIn("Traceback", done.stderr)


if __name__ == "__main__":
    unittest.main()
