#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""What tools/wide says of a row: passed, FAILED, or NOT TRIED and why."""

import importlib.machinery
import importlib.util
import pathlib
import tempfile
import unittest
from unittest import mock

WIDE = pathlib.Path(__file__).resolve().parents[2] / "tools/wide"


def load_wide():
    loader = importlib.machinery.SourceFileLoader("wide", str(WIDE))
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader("wide", loader))
    loader.exec_module(module)
    return module


class Rows(unittest.TestCase):
    def test_results(self):
        wide = load_wide()
        for text, result, note in (("print('fine')", "passed", ""),
                                   ("import sys; print('first\\nwhy'); sys.exit(77)", "NOT TRIED", "why"),
                                   ("import sys; sys.exit(1)", "FAILED", "see LOG")):
            with self.subTest(text=text), tempfile.TemporaryDirectory() as place, \
                 mock.patch.object(wide.os.path, "relpath", lambda path: "LOG"):
                row = pathlib.Path(place, "row")
                row.write_text(text, encoding="ascii")
                self.assertEqual(wide.try_row([row], pathlib.Path(place, "log")), (result, note))


if __name__ == "__main__":
    unittest.main()
