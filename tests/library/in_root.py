#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Runs a program that uses the library in a small root of its own: in_root.py TREE PROGRAM [ARGUMENT...]

The root has the program, its libraries, and the module directory of TREE. The program makes itself a
/sys, a /run and a /dev. All of it runs in namespaces, as root or as an ordinary user.
"""

import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path += [str(HERE.parent / "udev"), str(HERE.parent / "root")]

# pylint: disable=wrong-import-position
from devices import VERIFY_SYSFS
from small_root import build_small_root, inside
from trees import make_tree
from udevd import enter, mount_proc

DIRECTORIES = ("dev", "etc/modprobe.d", "proc", "run", "sys", "tmp")


def make_root(root, tree, programs):
    """A file system of its own, which the program can make private."""
    root.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "tmpfs", root], check=True)
    build_small_root(root, programs, ["libkmod.so.2"])
    for name in DIRECTORIES:
        (root / name).mkdir(parents=True, exist_ok=True)
    make_tree(root, tree)
    mount_proc(root)


def main():
    if sys.argv[1] != "--inside":
        command = enter(pathlib.Path(__file__).resolve(), "--inside", *sys.argv[1:])
        os.execvp(command[0], command)
    tree, program, *arguments = sys.argv[2:]
    program = str(pathlib.Path(program).resolve())
    with tempfile.TemporaryDirectory(prefix="vfio-variant-library-") as directory:
        root = pathlib.Path(directory, "root")
        try:
            make_root(root, tree, [program])
            done = subprocess.run([*inside(root), program, *arguments], check=False,
                                  env={**os.environ, **VERIFY_SYSFS, "TMPDIR": "/tmp"})
        finally:
            subprocess.run(["umount", "--recursive", root], check=True)
            shutil.rmtree(root)
    sys.exit(done.returncode)


if __name__ == "__main__":
    main()
