#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""One part of the tests of the act: run.py PART TOOL LAUNCH FAKE_KERNEL [N]

PART is a module beside this file; its run(programs) does the checks. N: every Nth of many cases. All is done in namespaces, as
root or as an ordinary user: nothing of this machine's /sys is read, let alone written.
"""

import importlib
import os
import pathlib
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path += [str(HERE.parent / name) for name in ("root", "udev", "fake_kernel")]

# pylint: disable=wrong-import-position
from checks import check
from udevd import enter


def main():
    if sys.argv[1] != "--inside":
        command = enter(pathlib.Path(__file__).resolve(), "--inside", *sys.argv[1:])
        os.execvp(command[0], command)
    part, *paths = sys.argv[2:6]
    if len(sys.argv) > 6:
        # pylint: disable-next=import-outside-toplevel
        from scene import Sample
        Sample.step = int(sys.argv[6])
    programs = dict(zip(("tool", "launch", "fake_kernel"),
                        (pathlib.Path(path).resolve() for path in paths)))
    importlib.import_module(part).run(programs)
    sys.exit(check.close())


if __name__ == "__main__":
    main()
