#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""On a terminal there is colour, its width counts, and nothing else differs: test_terminal.py TOOL SCHEMA"""

import fcntl
import os
import re
import struct
import termios
import threading
import unittest

from given import HERE, Given, main
from machine import Machine

COLOUR = re.compile(r"\x1b\[[0-9;]*m")
NAME = "nvme"  # which has devices in each of the states that have a colour


def read_all(terminal, parts):
    """Until no process has the other end: read(2) then fails with EIO."""
    try:
        while part := os.read(terminal, 4096):
            parts.append(part)
    except OSError:
        pass


class Terminal(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.machine = Machine(Given.tool, HERE / NAME)
        cls.addClassCleanup(cls.machine.close)

    def on_terminal(self, columns, **environment):
        """What `list` prints on a terminal of so many columns."""
        ours, its = os.openpty()
        fcntl.ioctl(its, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
        parts = []
        reader = threading.Thread(target=read_all, args=(ours, parts))
        reader.start()
        done = self.machine.run("list", stdout=its, environment=environment)
        os.close(its)
        reader.join()
        os.close(ours)
        self.assertEqual((done.returncode, done.stderr), (0, b""))
        return b"".join(parts).decode("ascii").replace("\r\n", "\n")

    def in_pipe(self, columns):
        done = self.machine.run("list", environment={"COLUMNS": str(columns), "TERM": "xterm"})
        return done.stdout.decode("ascii")

    def test_colour(self):
        coloured = self.on_terminal(80, TERM="xterm")
        self.assertEqual(COLOUR.sub("", coloured), self.in_pipe(80))
        for state, colour in (("bound", 32), ("tagged, not bound", 31), ("tagged, not ready", 31)):
            self.assertRegex(coloured, rf"\x1b\[{colour}m *{state}\x1b\[0?m")
        self.assertNotRegex(self.in_pipe(80), COLOUR)

    def test_no_colour(self):
        for environment in ({"TERM": "xterm", "NO_COLOR": "1"}, {"TERM": "dumb"}, {}):
            with self.subTest(environment):
                self.assertEqual(self.on_terminal(80, **environment), self.in_pipe(80))
        self.assertRegex(self.on_terminal(80, TERM="xterm", NO_COLOR=""), COLOUR)

    def test_width(self):
        for columns in (60, 80, 100, 132, 200):
            with self.subTest(columns=columns):
                text = self.on_terminal(columns)
                self.assertEqual(text, self.in_pipe(columns))
                self.assertLessEqual(max(map(len, text.splitlines())), columns)
        # The terminal knows better than a variable that was set when it was smaller
        self.assertEqual(self.on_terminal(132, COLUMNS="80"), self.in_pipe(132))


if __name__ == "__main__":
    main()
