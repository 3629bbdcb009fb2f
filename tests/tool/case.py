# SPDX-License-Identifier: LGPL-2.1-or-later
"""What the cases of the tool have in common."""

import unittest

from room import World

TAG_1 = "vfio-variant:0000:3b:00.1:pci:v000015B3d0000101E*"
TAG_ALL = "vfio-variant:*:pci:v000015B3d0000101E*"
TAG_FUNCTIONS = "vfio-variant:vf:0000:3b:00.0:*"


def record(match, bind="1", pin=None):
    """As the tool writes one."""
    return (f"{match}\n VFIO_VARIANT_BIND={bind}\n" +
            (f" VFIO_VARIANT_PIN={pin}\n" if pin else ""))


class Case(unittest.TestCase):
    """A world for each class, as new for each case."""

    tool = None  # set by run.py

    @classmethod
    def setUpClass(cls):
        cls.world = World(cls.tool)
        cls.addClassCleanup(cls.world.close)

    def setUp(self):
        self.world.reset()

    def done(self, *words, says=None, warns=None, **how):
        """It went well. Returns its standard output."""
        done = self.world.run(*words, **how)
        self.assertEqual(done.returncode, 0, (words, done.stdout, done.stderr))
        stdout, stderr = (done.stdout or b"").decode(), done.stderr.decode()
        if says is not None:
            self.assertRegex(stdout, says)
        if warns is None:
            self.assertEqual(stderr, "", words)
        else:
            self.assertRegex(stderr, warns)
        return stdout

    def refused(self, status, says, *words, **how):
        """It didn't, and said why and what to do. Returns what it said."""
        done = self.world.run(*words, **how)
        self.assertEqual(done.returncode, status, (words, done.stdout, done.stderr))
        self.assertRegex(done.stderr.decode(), says)
        # What a message quotes must not start a line of its own, or move a terminal's cursor.
        self.assertRegex(done.stderr, rb"\A(?:[ -~]+\n)+\Z")
        return done.stderr.decode()
