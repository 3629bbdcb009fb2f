#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""What the real umockdev-record writes is read as it was meant, and what is wrong is seen:
test_recording.py TOOL SCHEMA
"""

import json
import pathlib
import subprocess
import tempfile
import unittest

import recording
from given import HERE, Given, main
from run import compare, machines, update


def output_of(*command):
    return subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout


class Format(unittest.TestCase):
    def test_machines_are_as_recorded(self):
        """umockdev makes a /sys of each description, and umockdev-record writes it down again."""
        for directory in machines():
            with self.subTest(machine=directory.name):
                file = directory / "devices.umockdev"
                again = output_of("umockdev-run", "-d", file, "--", "umockdev-record", "--all")
                self.assertEqual(
                    list(recording.differences(recording.read(file), recording.parse(again))), [])

    def test_not_a_recording(self):
        for text in ("E: SUBSYSTEM=pci\n", "P: /devices/a\nnothing\n", "# a comment\n",
                     "P: /devices/a\nP: /devices/b\n", "P: /devices/a\nX: a=b\n",
                     "P: /devices/a\nH: config=8\n"):
            with self.subTest(text=text), self.assertRaises(ValueError):
                recording.parse(text.encode())

    def test_escapes(self):
        device, = recording.parse(b"P: /devices/a\nA: x=1\\n2\\\\n\\033[\\t\\377\\\"\nH: y=00ff\n")
        self.assertEqual(device.attributes, {"x": b"1\n2\\n\x1b[\t\xff\"", "y": b"\0\xff"})


def record_this_machine():
    """umockdev-record fails if a device is removed while it lists all: another test may mount and
    unmount a file system of its own, which is a device."""
    for _ in range(9):
        done = subprocess.run(["umockdev-record", "--all"], stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, check=False)
        if b"No such device" not in done.stderr:
            break
    done.check_returncode()
    return done.stdout


class ThisMachine(unittest.TestCase):
    """All that it has: as a user would record it, and as the tool then sees it."""

    def listed(self, recorded):
        # pylint: disable-next=import-outside-toplevel
        from machine import Machine
        with tempfile.TemporaryDirectory(prefix="vfio-variant-recorded-") as directory:
            path = pathlib.Path(directory)
            (path / "devices.umockdev").write_bytes(recorded)
            (path / "system").write_text(f"modules {HERE}/server.tree\n", encoding="ascii")
            machine = Machine(Given.tool, path)
            try:
                done = machine.run("list", "--all", "--json")
            finally:
                machine.close()
        self.assertEqual((done.returncode, done.stderr), (0, b""))
        return {device["sysname"]: device["driver"] for device in json.loads(done.stdout)["devices"]}

    def test_list(self):
        there = {}
        for device in pathlib.Path("/sys/bus/pci/devices").glob("*"):
            driver = device / "driver"
            there[device.name] = driver.resolve().name if driver.is_symlink() else None
        self.assertEqual(self.listed(record_this_machine()), there)


class Files(unittest.TestCase):
    def test_what_differs(self):
        with tempfile.TemporaryDirectory(prefix="vfio-variant-files-") as name:
            directory = pathlib.Path(name)
            files = {"list.txt": "a\nb\n", "list.json": "{}\n"}
            update(directory, files)
            self.assertEqual(list(compare(directory, files)), [])
            for other in ({**files, "list.txt": "a\nc\n"}, {**files, "list.txt": ""},
                          {**files, "more.txt": "x\n"}, {"list.txt": "a\nb\n"}):
                with self.subTest(other):
                    self.assertNotEqual(list(compare(directory, other)), [])


class Schema(unittest.TestCase):
    def test_wrong_documents(self):
        # pylint: disable-next=import-outside-toplevel
        from outputs import violations
        document = json.loads((HERE / "intel-mlx5/info.json").read_text(encoding="ascii"))
        self.assertEqual(list(violations(Given.schema, "info", document)), [])
        for key in list(document["devices"][0]):
            less = json.loads(json.dumps(document))
            del less["devices"][0][key]
            with self.subTest(without=key):
                self.assertNotEqual(list(violations(Given.schema, "info", less)), [])
        for key, value in (("state", "fine"), ("group", -1), ("more", 1), ("model", "\x1b[2J"),
                           ("tagged", None), ("cdev_node", "/dev/vfio/1"), ("driver", "")):
            other = json.loads(json.dumps(document))
            other["devices"][0][key] = value
            with self.subTest(key=key):
                self.assertNotEqual(list(violations(Given.schema, "info", other)), [])


if __name__ == "__main__":
    main()
