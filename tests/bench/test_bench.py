#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Tests what the benchmark measures with: test_bench.py DIRECTORY_OF_ITS_PROGRAMS."""

import io
import pathlib
import sys
import tempfile
import unittest
from unittest import mock

import cost
import trees
from host import VARIANT
from table import Table, percent

PROGRAMS = pathlib.Path(sys.argv.pop()).resolve()
EMPTY, SPAWN, SCAN = (PROGRAMS / name for name in ("empty", "spawn", "scan"))


def shell(script):
    return [cost.find("sh"), "-c", script]


class Cost(unittest.TestCase):
    def test_instructions_are_the_same_each_time(self):
        one, other = (cost.instructions([EMPTY], {}) for _ in range(2))
        self.assertAlmostEqual(one, other, delta=one / 1000)

    def test_instructions_of_children_count(self):
        one = cost.instructions([EMPTY], {})
        self.assertGreater(cost.instructions(shell(f"{EMPTY}; {EMPTY}; :"), {}), 2 * one)

    def test_system_calls_of_children_count(self):
        one = cost.system_calls([EMPTY], {})
        self.assertGreater(one, 5)
        self.assertGreater(cost.system_calls(shell(f"{EMPTY}; {EMPTY}; :"), {}), 2 * one)

    def test_resident_memory_is_not_that_of_who_starts_it(self):
        own = max(map(cost.Spawner(SPAWN, {}).resident, ([EMPTY], shell(":"))))
        self.assertTrue(100 < own < 8 * 1024, own)

    def test_time_and_faults_are_those_of_each_command(self):
        (fast, faults), (slow, _) = cost.Spawner(SPAWN, {}).in_turn(
            [[EMPTY], shell("i=0; while [ $i -lt 50000 ]; do i=$((i + 1)); done")], 4)
        self.assertEqual((len(fast), len(slow)), (4, 4))
        self.assertGreater(min(slow), 2 * max(fast))
        self.assertGreater(faults, 0)

    def test_failure_is_told(self):
        with self.assertRaisesRegex(RuntimeError, "exit 1"):
            cost.instructions(shell("exit 1"), {})
        with self.assertRaisesRegex(RuntimeError, "a command failed"):
            cost.Spawner(SPAWN, {}).in_turn([shell("exit 1")], 1)
        with self.assertRaisesRegex(cost.Missing, "install no-such-program"):
            cost.find("no-such-program")


class Trees(unittest.TestCase):
    def setUp(self):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.root = pathlib.Path(directory.name)

    def test_sizes(self):
        sample = trees.count_aliases(trees.make(self.root, "0", trees.SAMPLE.read_text("ascii")))
        self.assertEqual(trees.count_aliases(trees.make(self.root, "1", trees.describe(2, 3))),
                         sample + 2 * 3 * 270)

    def test_made_once(self):
        directory = trees.make(self.root, "0", trees.describe(1, 1))
        with mock.patch.object(trees, "run", side_effect=AssertionError("made again")):
            trees.make(self.root, "0", trees.describe(1, 1))
            with self.assertRaises(AssertionError):
                trees.make(self.root, "0", trees.describe(1, 2))
        self.assertTrue(directory.is_dir())

    def test_scan_finds_the_variant(self):
        directory = trees.make(self.root, "0", trees.describe(1, 1))
        found = cost.run([SCAN, directory / "modules.alias", VARIANT.modalias])
        self.assertEqual(found, "mlx5_vfio_pci\n")


class Lines(unittest.TestCase):
    def test_limits(self):
        table = Table(io.StringIO())
        with mock.patch("sys.stdout", io.StringIO()) as printed:
            table.head("Title", "is", "at most")
            table.line("at the limit", "1", limit=0.01, value=0.01, form=percent)
            self.assertEqual(table.n_above, 0)
            table.line("above it", "1", limit=0.01, value=0.0101, form=percent)
            self.assertEqual(table.n_above, 1)
        self.assertIn("+1.00 % ABOVE", printed.getvalue())
        self.assertTrue(all(len(line) <= 80 for line in printed.getvalue().splitlines()))


if __name__ == "__main__":
    unittest.main()
