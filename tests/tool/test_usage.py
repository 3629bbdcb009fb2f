# SPDX-License-Identifier: LGPL-2.1-or-later
"""The tool used badly: the right exit status, nothing on standard output, and what to do."""

import os

from case import Case

VERBS = ("bind", "unbind", "tag", "untag", "claim")
DEVICE = "0000:3b:00.1"

# The words, and what is said of them.
WRONG_TABLE = [
    ([], "verb"),
    ([""], "unknown verb"),
    (["frobnicate"], "unknown verb frobnicate"),
    (["binds", DEVICE], "unknown verb binds"),
    (["--nonsense"], "unknown option --nonsense"),
    (["-h"], "unknown option -h"),
    (["bind"], "DEVICE"),
    (["bind", "--force"], "DEVICE"),
    (["bind", "--driver"], "value.*--driver"),
    (["bind", "--driver=", DEVICE], "value.*--driver"),
    (["bind", "--force=1", DEVICE], "no value.*--force"),
    (["bind", "--help=1"], "no value.*--help"),
    (["bind", "--pin=x", DEVICE], "unknown option --pin"),
    (["bind-added"], "DEVPATH"), (["bind-added", "a", "b"], "one device"),
    (["bind", "--driver=../x", DEVICE], "no name of a driver"),
    (["bind", "--driver=a b", DEVICE], "no name of a driver"),
    (["bind", "--driver=" + "x" * 5000, DEVICE], "no name of a driver"),
    (["unbind"], "DEVICE"),
    (["unbind", "--force", DEVICE], "unknown option --force"),
    (["tag"], "DEVICE"),
    (["tag", "--force"], "DEVICE"),
    (["tag", DEVICE, "--vfs-of=" + DEVICE], "no two"),
    (["tag", DEVICE, "--modalias=pci:*"], "no two"),
    (["tag", "--vfs-of=" + DEVICE, "--modalias=pci:*"], "no two"),
    (["tag", "--modalias="], "value.*--modalias"),
    (["tag", "--pin=", DEVICE], "value.*--pin"),
    (["tag", "--group", "--modalias=pci:*"], "--group goes with a DEVICE"),
    (["untag", "--group", "--vfs-of=" + DEVICE], "--group goes with a DEVICE"),
    (["untag"], "DEVICE"),
    (["untag", "--force", DEVICE], "unknown option --force"),
    (["untag", "--pin=x", DEVICE], "unknown option --pin"),
    (["claim", DEVICE], "no DEVICE"),
    (["claim", "--force"], "unknown option --force"),
    *[([verb, "-x"], "unknown option -x") for verb in VERBS],
    *[([verb, "-xyz"], "unknown option -x") for verb in VERBS],
    *[([verb, "--"], "DEVICE") for verb in VERBS if verb != "claim"],
    *[([verb, name], "no name of a device")
      for verb in VERBS[:-1] for name in ("", ".", "..", "/etc/passwd", "/sys/../etc")],
]

# Names of devices that are none.
NOWHERE = ["0000:ff:1f.7", "ff:1f.7", "eth77", "/sys/devices/nothing", "x" * 300, "0000:3b", ":",
           "3b:00.1x", "*", "%n", "$(reboot)", "--", "\n", "a\nb", "\x1b[2J", "ä"]


class Usage(Case):
    def test_wrong(self):
        for words, says in WRONG_TABLE:
            with self.subTest(words=[word[:60] for word in words]):
                said = self.refused(2, says, *words)
                self.assertIn("see --help", said)
                self.assertEqual(self.world.triggered(), [])
        self.assertEqual(self.world.tags(), {})

    def test_no_such_device(self):
        for verb in ("bind", "unbind", "tag"):
            for name in NOWHERE:
                with self.subTest(verb=verb, name=name[:60]):
                    self.refused(1, "[Nn]o such device|too long|several", verb, "--", name)
        self.assertEqual(self.world.tags(), {})

    def test_what_is_wrong_with_one_keeps_all(self):
        self.refused(1, "eth77", "tag", "3b:00.1", "eth77", "3b:00.2")
        self.assertEqual(self.world.tags(), {})

    def test_help(self):
        for words in [["--help"], ["--version"], *[[verb, "--help"] for verb in VERBS]]:
            with self.subTest(words=words):
                said = self.done(*words)
                self.assertTrue(said.endswith("\n"))
                self.assertLessEqual(max(len(line) for line in said.splitlines()), 80)

    def test_output_that_cannot_be_written(self):
        full = self.world.root / "dev/full"
        full.touch()
        for words in (["--help"], ["--version"], ["tag", "--help"], ["tag", "3b:00.1"],
                      ["untag", "3b:00.1"]):
            with self.subTest(words=words), open("/dev/full", "wb") as stdout:
                self.refused(1, "standard output", *words, stdout=stdout)
            with self.subTest(words=words):
                self.refused(1, "standard output", *words, stdout=None,
                             before=lambda: os.close(1))
