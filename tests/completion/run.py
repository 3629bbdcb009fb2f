#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""What real shells complete on a machine that was recorded: run.py BUILD TOOL [CASE...]

As root or as an ordinary user, in namespaces and a small root of its own.
"""

import os
import pathlib
import sys
import unittest

HERE = pathlib.Path(__file__).resolve().parent
sys.path.append(str(HERE.parent / "udev"))

# pylint: disable-next=wrong-import-position
from udevd import enter


def main():
    if "--inside" not in sys.argv:
        build, tool = (pathlib.Path(path).resolve() for path in sys.argv[1:3])
        command = enter(pathlib.Path(__file__).resolve(), "--inside", build, tool, *sys.argv[3:])
        os.execvp(command[0], command)
    sys.argv.remove("--inside")
    # pylint: disable-next=import-outside-toplevel
    import test_completion
    test_completion.Cases.place = test_completion.Place(*map(pathlib.Path, sys.argv[1:3]))
    try:
        suite = unittest.defaultTestLoader.loadTestsFromNames(sys.argv[3:] or ["test_completion"])
        result = unittest.TextTestRunner(verbosity=2).run(suite)
    finally:
        test_completion.Cases.place.close()
    sys.exit(not result.wasSuccessful() or not result.testsRun or bool(result.skipped))


if __name__ == "__main__":
    main()
