# SPDX-License-Identifier: LGPL-2.1-or-later
"""Where the shells run: a machine whose /sys is ours, with its tool in PATH and what is installed.

All of it runs in namespaces (see run.py), in which this process is root.
"""

import json
import os
import pathlib
import shlex
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
MACHINES = HERE.parent / "machines"
sys.path += [str(MACHINES), str(HERE.parent / "root"), str(HERE.parent / "udev")]

# pylint: disable=wrong-import-position
from machine import Machine
from small_root import inside
from udevd import run

MACHINE = "intel-mlx5"
ANOTHER_DRIVER = "another_vfio_pci"  # that is loaded, and fits no device here best


class Place:
    def __init__(self, build, tool):
        self.machine = Machine(tool, MACHINES / MACHINE)
        (self.machine.root / "sys/bus/pci/drivers" / ANOTHER_DRIVER).mkdir()
        run(["mount", "--bind", self.machine.root / "sys", "/sys"])
        # pylint: disable-next=consider-using-with
        self.temporary = tempfile.TemporaryDirectory(prefix="vfio-variant-completion-")
        self.directory = pathlib.Path(self.temporary.name)
        self.bin = self.directory / "bin"
        self.bin.mkdir()
        self.restore_tool()
        self.write_program("sudo", 'exec "$@"')  # fish completes only for a command that is there
        self.dest = self.directory / "dest"
        run(["meson", "install", "-C", build, "--no-rebuild", "--quiet", "--destdir", self.dest])
        self.data = next(self.dest.rglob("bash-completion")).parent
        self.n_shells = 0

    def installed(self, name):
        """Where a file is, once it is really installed."""
        return "/" / next(self.dest.rglob(name)).relative_to(self.dest)

    def close(self):
        run(["umount", "/sys"])
        self.machine.close()
        self.temporary.cleanup()

    def write_program(self, name, text):
        (self.bin / name).write_text(f"#!/bin/sh\n{text}\n", encoding="ascii")
        (self.bin / name).chmod(0o755)

    def restore_tool(self):
        command = shlex.join([*inside(self.machine.root), "vfio-variant"])
        self.write_program("vfio-variant", f'exec {command} "$@"')

    def start(self, shell):
        self.n_shells += 1
        directory = self.directory / f"home-{self.n_shells}"
        directory.mkdir()
        # What a user has exported must not cut what is read of the table
        return shell(directory, self.data, {**self.machine.environment(), "COLUMNS": "80",
                                         "PATH": f"{self.bin}:{os.environ['PATH']}"})

    def said(self, *words):
        """What the tool prints."""
        return subprocess.run([self.bin / "vfio-variant", *words], check=True, text=True,
                              stdout=subprocess.PIPE, env=self.machine.environment()).stdout

    def devices(self, *options):
        return json.loads(self.said("list", "--json", *options))["devices"]
