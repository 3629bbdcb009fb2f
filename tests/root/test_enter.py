#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""enter.py: a program is root in a directory that it sees as "/", for any user that starts it."""

import os
import pathlib
import tempfile
import unittest

import enter
from small_root import build_small_root

PROGRAMS = ("sh", "chown", "id", "ls", "sleep")
ORDINARY_USER = 65534


def start(user, root, text):
    """Runs the shell commands as this user; returns the exit status and the output. An ordinary user
    may not be able to reach this Python, so none is started again."""
    with tempfile.TemporaryFile() as output:
        child = os.fork()
        if child == 0:
            try:
                os.dup2(output.fileno(), 1)
                os.dup2(output.fileno(), 2)
                if user != os.geteuid():
                    os.setgroups([])
                    os.setgid(user)
                    os.setuid(user)
                enter.enter(root, ["sh", "-ec", text])
            finally:
                os._exit(127)
        status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        output.seek(0)
        return status, output.read().decode()


class Enter(unittest.TestCase):
    def setUp(self):
        # An ordinary user must be able to reach it.
        place = tempfile.TemporaryDirectory()
        self.addCleanup(place.cleanup)
        os.chmod(place.name, 0o755)
        self.root = pathlib.Path(place.name, "root")
        build_small_root(self.root, PROGRAMS)
        for name in ("dev", "proc", "tmp"):
            (self.root / name).mkdir()

    def users(self):
        """Each user that can be tried, who then owns the directory: only root can become another."""
        is_root = os.geteuid() == 0
        for user in (0, ORDINARY_USER) if is_root else (os.geteuid(),):
            for path in (self.root, *self.root.rglob("*")) if is_root else ():
                os.lchown(path, user, user)
            yield user

    def inside(self, user, text):
        status, said = start(user, self.root, text)
        self.assertEqual(status, 0, said)
        return said

    def test_is_root(self):
        for user in self.users():
            self.assertEqual(self.inside(user, "id -u"), "0\n")

    # A package manager does this.
    def test_changes_owners(self):
        for user in self.users():
            file = self.root / "tmp" / str(user)
            self.inside(user, f": >/tmp/{user}; chown 7:8 /tmp/{user}")
            self.assertEqual(file.stat().st_uid, 7 if user == 0 else user)

    def test_sees_no_device_and_no_process_of_the_machine(self):
        for user in self.users():
            self.assertEqual(self.inside(user, "echo /dev/*").split(),
                             [f"/dev/{name}" for name in ("fd", "full", "null", "ptmx", "pts", "random",
                                                          "shm", "tty", "urandom", "zero")])
            self.assertEqual(self.inside(user, "echo $$ >/tmp/pid; ls -d /proc/[0-9]*").split()[0],
                             "/proc/1")

    def test_leaves_no_process(self):
        for user in self.users():
            self.inside(user, "sleep 1234.5 >/dev/null 2>&1 &")
            listed = [path.read_bytes() for path in pathlib.Path("/proc").glob("[0-9]*/cmdline")]
            self.assertNotIn(b"sleep\x001234.5\x00", listed)


if __name__ == "__main__":
    unittest.main()
