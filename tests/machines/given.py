# SPDX-License-Identifier: LGPL-2.1-or-later
"""What the tests beside this file are given: TEST TOOL SCHEMA, and namespaces to run in."""

import json
import os
import pathlib
import sys
import unittest

HERE = pathlib.Path(__file__).resolve().parent
sys.path.append(str(HERE.parent / "udev"))

# pylint: disable-next=wrong-import-position
from udevd import enter


class Given:
    """Set by main()."""

    tool = None
    schema = None


def main():
    """Runs the tests of the program."""
    if "--inside" not in sys.argv:
        command = enter(pathlib.Path(sys.argv[0]).resolve(), "--inside", *sys.argv[1:])
        os.execvp(command[0], command)
    sys.argv.remove("--inside")
    Given.tool = pathlib.Path(sys.argv.pop(1)).resolve()
    Given.schema = json.loads(pathlib.Path(sys.argv.pop(1)).read_text(encoding="ascii"))
    unittest.main(module="__main__", verbosity=2)
