# SPDX-License-Identifier: LGPL-2.1-or-later
"""What takes more than a second says so on a terminal only."""

import os
import subprocess
import termios

from case import Case
from room import SECONDS
from small_root import inside

ERASED = b"\r\x1b[K\r"


class Progress(Case):
    def on_terminal(self, *words, terminal="xterm"):
        """What is on standard error, which is a terminal."""
        ours, its = os.openpty()
        # A newline stays one
        attributes = termios.tcgetattr(its)
        attributes[1] &= ~termios.OPOST
        termios.tcsetattr(its, termios.TCSANOW, attributes)
        environment = self.world.environment({"TERM": terminal} if terminal else None)
        subprocess.run([*inside(self.world.root), "vfio-variant", *words], stderr=its, check=True,
                       stdout=subprocess.DEVNULL, stdin=subprocess.DEVNULL, env=environment,
                       timeout=SECONDS)
        os.write(its, b"end")
        os.close(its)
        text = b""
        while not text.endswith(b"end"):
            text += os.read(ours, 4096)
        os.close(ours)
        return text[:-len(b"end")]

    def test_terminal(self):
        for words in (("tag", "3b:00.1"), ("untag", "3b:00.1")):
            with self.subTest(words=words):
                said = self.on_terminal(*words)
                self.assertIn(b"compiling the hardware database...\r", said)
                self.assertTrue(said.endswith(ERASED), said)

    def test_what_can_erase_nothing(self):
        for terminal in ("dumb", None):
            with self.subTest(terminal=terminal):
                self.assertEqual(self.on_terminal("tag", "3b:00.1", terminal=terminal), b"")

    def test_pipe(self):
        done = self.world.run("tag", "3b:00.1", environment={"TERM": "xterm"})
        self.assertEqual((done.returncode, done.stderr), (0, b""))
