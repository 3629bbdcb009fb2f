# SPDX-License-Identifier: LGPL-2.1-or-later
"""What the cases of the tool have in common."""

import contextlib
import re
import subprocess
import unittest

from room import World

TAG_1 = "vfio-variant:device:0000:3b:00.1:pci:v000015B3d0000101E*"
TAG_ALL = "vfio-variant:pci:v000015B3d0000101E*"
TAG_FUNCTIONS = "vfio-variant:vfs-of:0000:3b:00.0:*"


def record(match, bind="1", pin=None):
    """A record of a hwdb file."""
    return (f"{match}\n VFIO_VARIANT_BIND={bind}\n" +
            (f" VFIO_VARIANT_PIN={pin}\n" if pin else ""))


def words_of(match):
    """The arguments of `tag` that make the tag."""
    kind, _, rest = match.removeprefix("vfio-variant:").partition(":")
    if kind in ("pci", "cdx"):
        return f"--modalias='{kind}:{rest}'"
    sysname = re.match(r"(.*?):(?:pci:|cdx:|\*$)", rest)[1]
    return sysname if kind == "device" else f"--vfs-of={sysname}"


def file_of(match, bind="1", pin=None):
    """The file of a tag, as the tool writes it."""
    return (f"# Made by `vfio-variant tag`. To remove it: vfio-variant untag {words_of(match)}\n"
            f"{record(match, bind, pin)}")


def name_of(match):
    """The name of that file."""
    key = re.sub(r"[^0-9A-Za-z:._-]", lambda found: f"%{ord(found[0]):02X}",
                 match.removeprefix("vfio-variant:"))
    return f"61-vfio-variant-{key}.hwdb"


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

    @contextlib.contextmanager
    def of_proc(self, name, text):
        """/proc/NAME has this text."""
        own, path = self.world.root / "etc" / name, self.world.root / "proc" / name
        own.write_text(text, encoding="ascii")
        subprocess.run(["mount", "--bind", own, path], check=True)
        try:
            yield
        finally:
            subprocess.run(["umount", path], check=True)
            own.unlink()

    def command_line(self, text):
        """The kernel's."""
        return self.of_proc("cmdline", text + "\n")
