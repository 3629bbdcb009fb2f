# SPDX-License-Identifier: LGPL-2.1-or-later
"""The tool used badly: the right exit status, nothing on standard output, and what to do."""

import json
import os

from case import Case
from programs import program_of
from room import MLX5_MODALIAS

VERBS = ("bind", "unbind", "tag", "untag")
DEVICE = "0000:3b:00.1"

# The words, and what is said of them.
WRONG_TABLE = [
    ([], "no command is given"),
    (["--all"], "option --all needs a command"),
    ([""], "unknown command"),
    (["frobnicate"], "unknown command frobnicate"),
    (["frobnicate", "--help"], "unknown command frobnicate"),
    (["binds", DEVICE], "unknown command binds"),
    (["--nonsense"], "unknown option --nonsense"),
    (["--force", "list"], "list has no option --force"),
    (["-n", "list"], "list has no option --dry-run"),
    (["list", DEVICE], "list takes no DEVICE"),
    (["monitor", DEVICE], "monitor takes no DEVICE"),
    (["info"], "info needs at least one DEVICE"),
    (["explain"], "explain needs at least one DEVICE or MODALIAS"),
    (["list", "-o"], "--output needs a value"),
    (["list", "--output="], "--output needs a value"),
    (["list", "-o", "ADDRESS,FOO"], "unknown column FOO.*ADDRESS, NAME,.*PHYSFN"),
    (["list", "-oADDRESS,"], 'unknown column "".*ADDRESS, NAME,'),
    (["list", "-o", "x" * 5000], "unknown column x+[.]"),
    (["list", "-o", "state,STATE"], "column STATE is given twice"),
    (["list", "-o", "state", "--json"], "only one of --output and --json"),
    (["list", "--json=long"], "invalid value of --json: long"),
    (["list", "--json="], "invalid value of --json"),
    (["list", "--json", "pretty"], "list takes no DEVICE"),
    (["bind"], "DEVICE"),
    (["bind", "--force"], "DEVICE"),
    (["bind", "--driver"], "--driver needs a value"),
    (["bind", "--driver=", DEVICE], "--driver needs a value"),
    (["bind", "--force=1", DEVICE], "--force takes no value"),
    (["bind", "--help=1"], "--help takes no value"),
    (["bind", "--pin=x", DEVICE], "has no option --pin"),
    (["bind", "--driver=../x", DEVICE], "invalid driver or module"),
    (["bind", "--driver=a b", DEVICE], "invalid driver or module"),
    (["bind", "--driver=" + "x" * 5000, DEVICE], "invalid driver or module"),
    (["unbind"], "DEVICE"),
    (["unbind", "--force", DEVICE], "has no option --force"),
    (["tag"], "DEVICE"),
    (["tag", "--force"], "DEVICE"),
    (["tag", DEVICE, "--vfs-of=" + DEVICE], "only one of DEVICE"),
    (["tag", DEVICE, "--modalias=pci:*"], "only one of DEVICE"),
    (["tag", "--vfs-of=" + DEVICE, "--modalias=pci:*"], "only one of DEVICE"),
    (["tag", "--modalias="], "--modalias needs a value"),
    (["tag", "--pin=", DEVICE], "--pin needs a value"),
    (["tag", "--modalias=pci:v[*"], "invalid pattern --modalias=pci:v.\\*"),
    (["untag", "--modalias=pci:v[]*"], "invalid pattern --modalias=pci:v.]\\*"),
    (["tag", "--group", "--modalias=pci:*"], "--group needs a DEVICE"),
    (["untag", "--group", "--vfs-of=" + DEVICE], "--group needs a DEVICE"),
    (["untag"], "DEVICE"),
    (["untag", "--force", DEVICE], "has no option --force"),
    (["untag", "--pin=x", DEVICE], "has no option --pin"),
    *[([verb, "-x"], "unknown option -x") for verb in VERBS],
    *[([verb, "-xyz"], "unknown option -x") for verb in VERBS],
    *[([verb, "--"], "DEVICE") for verb in VERBS],
    *[([verb, name], "invalid device")
      for verb in VERBS for name in ("", ".", "..", "/etc/passwd", "/sys/../etc")],
]

# The same of the program that rules and units start.
WRONG_FOR_UDEV = [
    (["bind-added"], "DEVPATH"), (["bind-added", "a", "b"], "only one SYSPATH"),
    (["bind-added", "-x"], "unknown option -x"), (["bind-added", "--force"], "has no option --force"),
    (["claim", DEVICE], "takes no DEVICE"), (["claim", "--force"], "has no option --force"),
    (["claim", "-x"], "unknown option -x"),
]

# Names of devices that are none.
NOWHERE = ["0000:ff:1f.7", "ff:1f.7", "eth77", "/sys/devices/nothing", "x" * 300, "0000:3b", ":",
           "3b:00.1x", "*", "%n", "$(reboot)", "--", "\n", "a\nb", "\x1b[2J", "ä"]


class Usage(Case):
    def test_wrong(self):
        for words, says in WRONG_TABLE + WRONG_FOR_UDEV:
            with self.subTest(words=[word[:60] for word in words]):
                said = self.refused(2, says, *words)
                program = os.path.basename(program_of(words))
                self.assertTrue(said.endswith(f"\nTry '{program} --help' for more information.\n"))
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
        for words in [["--help"], ["-h"], ["--version"], ["-V"], *[[verb, "--help"] for verb in VERBS],
                      *[["-h", verb] for verb in VERBS], ["bind-added", "--help"], ["claim", "-h"]]:
            with self.subTest(words=words):
                said = self.done(*words)
                self.assertTrue(said.endswith("\n"))
                self.assertLessEqual(max(len(line) for line in said.splitlines()), 80)

    def test_options_before_and_after_the_command(self):
        for before, after in (((), ("--all", "-o", "address,driver")),
                              (("--all", "-oaddress,driver"), ()),
                              (("--output=Address,Driver",), ("--all",))):
            with self.subTest(before=before, after=after):
                said = self.done(*before, "list", *after, warns="without an IOMMU group")
                self.assertRegex(said, r"\AADDRESS +DRIVER\n(0000:.*\n){6}\Z")
        said = self.done("list", "-o", "type,state,physfn,ids,modalias,name", "--no-legend", "--all",
                         environment={"COLUMNS": "40"}, warns="without an IOMMU group")
        self.assertIn(f"none no IOMMU 0000:3b:00.0 15B3:101E {MLX5_MODALIAS} [15B3:101E] \n", said)
        self.done("-n", "tag", "3b:00.1", says="would be tagged")
        self.done("tag", "3b:00.1", "--dry-run", says="would be tagged")
        self.assertEqual(self.world.tags(), {})

    def test_json_formats(self):
        """The same document, indented unless the user asks for one line."""
        for words in (["list", "--all"], ["info", DEVICE], ["explain", DEVICE], ["check"]):
            with self.subTest(words=words):
                default, pretty, short = [self.world.run(*words, option).stdout.decode() for option in
                                          ("--json", "--json=pretty", "--json=short")]
                self.assertEqual(pretty, default)
                self.assertGreater(pretty.count("\n"), 1)
                self.assertRegex(short, r"\A\{[^\n]*\}\n\Z")
                self.assertEqual(json.loads(short), json.loads(pretty))

    def test_option_given_twice(self):
        """The last value counts, as in getopt(3)."""
        said = self.done("list", "--all", "-o", "address", "--output=type", warns="IOMMU")
        self.assertTrue(said.startswith("TYPE\n"), said)
        said = self.done("tag", "-n", "--pin=mlx5_core", "--pin=vfio-pci", "3b:00.1")
        self.assertIn("VFIO_VARIANT_PIN=vfio-pci", said)

    def test_abbreviated_option(self):
        self.done("untag", "--dry", "3b:00.1", says="was not tagged")
        self.refused(2, "unknown option --d", "bind", "--d", DEVICE)

    def test_general_help_says_which_commands_have_an_option(self):
        said = self.done("--help")
        for heading, option, verbs in (("Query commands have:", "--json", ("list", "check")),
                                       ("Commands that change something have:", "--dry-run",
                                        ("bind", "untag"))):
            self.assertRegex(said, rf"(?m)^{heading}\n  .*{option}")
            for verb in verbs:
                self.assertIn(option, self.done(verb, "--help"))

    def test_device_of_another_subsystem(self):
        directory = self.world.devices[DEVICE].directory
        self.world.add_interface("ens3f0v0", directory)
        self.world.add_interface("lo", self.world.root / "sys/devices/virtual")
        (self.world.root / "sys/class/net/lo/device").unlink()
        self.refused(1, rf"cannot use /sys/class/net/ens3f0v0: it is a device of the subsystem net; name "
                     rf"the device that it belongs to: {DEVICE}\n", "info", "/sys/class/net/ens3f0v0")
        for verb in ("info", "bind", "unbind", "tag", "untag"):
            with self.subTest(verb=verb):
                self.refused(1, "network interface lo does not belong to a PCI or CDX device", verb, "lo")
            for name in ("/sys/class/net/lo", "/sys/devices/virtual/net/lo"):
                with self.subTest(name=name, verb=verb):
                    self.refused(1, f"cannot use {name}: it is a device of the subsystem net, and "
                                 "belongs to no PCI or CDX device", verb, name)

    def test_modalias_as_a_device(self):
        for verb in ("info", "bind", "unbind", "tag", "untag"):
            for word in (MLX5_MODALIAS, "pci:v*", "pci:"):
                with self.subTest(verb=verb, word=word):
                    self.refused(2, "is a modalias, not a device; .*--modalias", verb, word)

    def test_command_after_two_hyphens(self):
        self.done("--dry-run", "--", "tag", "3b:00.1", says="would be tagged")

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
