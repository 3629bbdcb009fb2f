#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The tool's verbs on a made /sys, with the real systemd-hwdb: run.py TOOL [CASE...]

As root or as an ordinary user, in namespaces and a small root of its own. Binding for real is
tested elsewhere, against a kernel that is alive.
"""

import os
import pathlib
import sys
import unittest

HERE = pathlib.Path(__file__).resolve().parent
sys.path.append(str(HERE.parent / "udev"))

# pylint: disable-next=wrong-import-position
from udevd import enter

PARTS = ("test_usage", "test_tag", "test_tag_image", "test_file", "test_errors", "test_hostile", "test_act",
         "test_check", "test_check_device", "test_check_image", "test_dry_run", "test_explain",
         "test_progress", "test_no_index", "test_initramfs")


def main():
    if "--inside" not in sys.argv:
        tool = pathlib.Path(sys.argv[1]).resolve()
        command = enter(pathlib.Path(__file__).resolve(), "--inside", tool, *sys.argv[2:])
        os.execvp(command[0], command)
    sys.argv.remove("--inside")
    # pylint: disable-next=import-outside-toplevel
    from case import Case
    Case.tool = pathlib.Path(sys.argv.pop(1))
    suite = unittest.defaultTestLoader.loadTestsFromNames(sys.argv[1:] or PARTS)
    result = unittest.TextTestRunner(verbosity=2).run(suite)
    sys.exit(not result.wasSuccessful() or not result.testsRun or bool(result.skipped))


if __name__ == "__main__":
    main()
