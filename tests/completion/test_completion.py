# SPDX-License-Identifier: LGPL-2.1-or-later
"""What each shell completes: all that the help has and nothing else, devices, drivers."""

import re
import subprocess
import unittest

from place import ANOTHER_DRIVER, Place  # run.py makes one
from shells import Bash, BashCompletion, Fish, Zsh

VERBS_WITHOUT_DEVICE = {"list", "monitor"}
# With what `vfio-variant list` has the devices that a verb may be for, where it isn't plain `list`.
LISTED_BY = {"info": ["--all"], "untag": ["--tagged"]}

# What is typed after the tool's name, and what is there after the Tab key.
LINES = [
    ("inf", "info "),
    ("--vers", "--version "),
    ("nonsense 0000:04", "nonsense 0000:04"),
    ("info 0000:00:17", "info 0000:00:17.0 "),
    ("bind 0000:6", "bind 0000:65:00."),
    ("bind 0000:65:00.1 0000:04", "bind 0000:65:00.1 0000:04:00.0 "),
    ("bind --force 0000:04", "bind --force 0000:04:00.0 "),
    ("unbind 0000:", "unbind 0000:65:00."),
    ("unbind 0000:04", "unbind 0000:04"),
    ("tag --vfs-of=0000:04", "tag --vfs-of=0000:04:00.0 "),
    ("tag --vfs-of 0000:04", "tag --vfs-of 0000:04:00.0 "),
    ("tag --modalias=", "tag --modalias="),
    ("tag --pin=ml", "tag --pin=mlx5_vfio_pci "),
    ("bind --driver ml", "bind --driver mlx5_vfio_pci "),
    ("bind --driver=vf", "bind --driver=vfio-pci "),
    ("list 0000:04", "list 0000:04"),
    ("--dry-run bi", "--dry-run bind "),
    ("-n bind 0000:04", "-n bind 0000:04:00.0 "),
    ("bind 0000:04:00.0 --dr", "bind 0000:04:00.0 --dr"),
]

# One as it should be, and what would do harm as a part of a command: address, name, type, variant.
ODD_DEVICES = [
    ("0000:01:00.0", "it's \"a\" `card`", "native", "vfio-pci"),
    ("$(touch${IFS}harm)", ":$(touch harm)", "none", "$(touch${IFS}harm);x"),
    ("`touch\tharm`", "-n -e \\c %s\\r\\x41 *", "none", "*"),
    ("*", "; touch harm", "none", "a&&touch"),
]


def verbs(help_text):
    """Each with what the help says of it."""
    return dict(re.findall(r"^  ([a-z]+) +(.*)$", help_text, re.MULTILINE))


def options(help_text):
    return sorted(re.findall(r"^  (?:-\w, |    )(--[a-z-]+)", help_text, re.MULTILINE))


# A tool that prints the devices above: those columns that it is asked for.
ODD_TOOL = """
case "$*" in
*ADDRESS,TYPE,NAME*) cat <<'TEXT'
{address_type_name}
TEXT
;;
*ADDRESS,TYPE*) cat <<'TEXT'
{address_type}
TEXT
;;
*ADDRESS*) cat <<'TEXT'
{address}
TEXT
;;
*VARIANT*) cat <<'TEXT'
{variant}
TEXT
esac
"""


def odd_tool():
    """As `vfio-variant list --no-legend --output=COLUMNS` prints them."""
    return ODD_TOOL.format(
        address_type_name="\n".join(f"{address:20} {kind:6} {name}"
                                    for address, name, kind, _ in ODD_DEVICES),
        address_type="\n".join(f"{address:20} {kind}" for address, _, kind, _ in ODD_DEVICES),
        address="\n".join(address for address, *_ in ODD_DEVICES),
        variant="\n".join(variant for *_, variant in ODD_DEVICES))


class Cases:
    """For each shell."""

    place = shell = None
    before = ()  # commands that take another

    @classmethod
    def setUpClass(cls):
        cls.started = cls.place.start(cls.shell)
        cls.addClassCleanup(cls.started.close)

    def completes(self, typed, line):
        self.assertEqual(self.started.completed(typed), line)

    def devices_of(self, verb):
        """The devices that a verb may be for."""
        if verb in VERBS_WITHOUT_DEVICE:
            return []
        return [device["sysname"] for device in self.place.devices(*LISTED_BY.get(verb, []))
                if verb != "unbind" or device["type"] != "native"]

    def test_verbs(self):
        help_text = self.place.said("--help")
        self.assertGreater(len(verbs(help_text)), 1)
        self.assertEqual(self.started.all_words("vfio-variant "), sorted(verbs(help_text)))
        self.assertEqual(self.started.all_words("vfio-variant --"), options(help_text))

    def test_options(self):
        for verb in verbs(self.place.said("--help")):
            with self.subTest(verb=verb):
                words = self.started.all_words(f"vfio-variant {verb} --")
                self.assertEqual([word.rstrip("=") for word in words],
                                 options(self.place.said(verb, "--help")))

    def test_devices(self):
        for verb in verbs(self.place.said("--help")):
            with self.subTest(verb=verb):
                devices = self.devices_of(verb)
                words = self.started.all_words(f"vfio-variant {verb} ")
                self.assertEqual([word for word in words if not word.startswith("-")], devices)
                self.assertEqual(devices == [], verb in VERBS_WITHOUT_DEVICE)

    def test_drivers(self):
        for typed in ("bind --driver=", "bind --driver ", "tag --pin="):
            with self.subTest(typed=typed):
                self.assertEqual(self.started.all_words(f"vfio-variant {typed}"),
                                 [ANOTHER_DRIVER, "mlx5_vfio_pci", "vfio-pci"])

    def test_columns(self):
        """Those that the tool names when it does not know one."""
        done = subprocess.run([self.place.bin / "vfio-variant", "list", "-o", "x"], check=False,
                              text=True, stderr=subprocess.PIPE, env=self.place.machine.environment())
        columns = re.search(r"The columns are: (.*)", done.stderr)[1].split(", ")
        words = self.started.all_words("vfio-variant list --output=")
        # zsh lets more columns follow
        self.assertEqual([word.rstrip(",") for word in words], sorted(columns))
        line = self.started.completed("vfio-variant list --output=ADDRESS,MODA")
        self.assertEqual(line.rstrip(" ,"), "vfio-variant list --output=ADDRESS,MODALIAS")

    def test_lines(self):
        for typed, line in LINES:
            with self.subTest(typed=typed):
                self.completes(f"vfio-variant {typed}", f"vfio-variant {line}")

    def test_option_that_takes_a_value(self):
        self.completes("vfio-variant tag --vf", f"vfio-variant tag --vfs-of{self.started.before_value}")
        self.completes("vfio-variant tag --fo", "vfio-variant tag --force ")

    def test_where_a_command_begins(self):
        for before in ("x=y ", "ls; ", "ls && ", *self.before):
            with self.subTest(before=before):
                self.completes(f"{before}vfio-variant inf", f"{before}vfio-variant info ")
                self.completes(f"{before}vfio-variant info 0000:00:17",
                               f"{before}vfio-variant info 0000:00:17.0 ")

    def test_in_the_middle(self):
        for typed, after in (("vfio-variant info 0000:00:17", " 0000:65:00.1"),
                              ("vfio-variant inf", " 0000:00:17.0 0000:65:00.1")):
            line = self.started.completed(typed, after)
            self.assertRegex(line, r"\Avfio-variant info +0000:00:17\.0 +0000:65:00\.1\Z")

    def test_it_is_quiet(self):
        typed = "vfio-variant bind --driver=x 0000:00:17"
        self.addCleanup(self.place.restore_tool)
        self.started.screen = b""
        self.place.write_program("vfio-variant", "echo Damaged >&2; exit 1")
        self.completes(typed, typed)
        (self.place.bin / "vfio-variant").unlink()
        self.completes(typed, typed)
        self.assertNotRegex(self.started.screen, b"(?i)damaged|not found|no such|error")

    def test_odd_words(self):
        self.addCleanup(self.place.restore_tool)
        self.place.write_program("vfio-variant", odd_tool())
        for verb, word in (("info ", "0000:01:00.0"), ("bind --driver=", "vfio-pci")):
            words = self.started.all_words(f"vfio-variant {verb}")
            self.assertIn(word, words)
            if not self.started.quotes:
                self.assertEqual([word for word in words if not re.fullmatch(r"[\w:.-]+", word)], [])
        self.completes("vfio-variant info 0000:", "vfio-variant info 0000:01:00.0 ")
        self.assertEqual(list(self.started.directory.rglob("harm")), [])


class WithNames:
    """Of shells that show what a word stands for."""

    def test_names(self):
        self.assertTrue(self.started.shows("vfio-variant info 0000:", "MT2892 Family [ConnectX-6 Dx]"))

    def test_verbs_are_what_the_help_says(self):
        text = next(self.place.data.rglob(self.file)).read_text(encoding="ascii")
        for verb, meaning in verbs(self.place.said("--help")).items():
            self.assertIn(self.form.format(verb=verb, meaning=meaning), text)


class InBash(Cases, unittest.TestCase):
    shell = Bash

    def test_address_without_domain(self):
        """Readline replaces only what is after a colon, so the domain can't be added."""
        self.completes("vfio-variant bind 65:00.4", "vfio-variant bind 65:00.4 ")
        self.completes("vfio-variant bind 04:", "vfio-variant bind 04:00.0 ")
        self.completes("vfio-variant tag --vfs-of=04:", "vfio-variant tag --vfs-of=04:00.0 ")
        self.completes("vfio-variant unbind 04:", "vfio-variant unbind 04:")

    def test_other_word_breaks(self):
        """A user may have taken any of them out."""
        started = self.place.start(self.shell)
        self.addCleanup(started.close)
        started.type("BREAKS=$COMP_WORDBREAKS")
        for characters in ("=", ":", "=:"):
            started.type(f"COMP_WORDBREAKS=${{BREAKS//[{characters}]}}")
            for typed, line in LINES:
                with self.subTest(typed=typed, characters=characters):
                    self.assertEqual(started.completed(f"vfio-variant {typed}"), f"vfio-variant {line}")


class InBashWithCompletion(InBash):
    shell = BashCompletion
    before = ("sudo ", "sudo -u root ")


class InZsh(Cases, WithNames, unittest.TestCase):
    shell = Zsh
    before = ("sudo ", "sudo -u root ")
    file, form = "_vfio-variant", "'{verb}:{meaning}'\n"

    def test_directory(self):
        """zsh looks there by itself; below a prefix of one's own the user has to add it."""
        directory = self.place.installed("_vfio-variant").parent
        if directory.parts[:3] == ("/", "usr", "share"):
            searched = subprocess.run(["zsh", "-f", "-c", "print -l $fpath"], check=True, text=True,
                                      stdout=subprocess.PIPE).stdout
            self.assertIn(str(directory), searched.splitlines())

    def test_address_without_domain(self):
        self.completes("vfio-variant bind 65:00.4", "vfio-variant bind 0000:65:00.4 ")
        self.completes("vfio-variant bind 04:", "vfio-variant bind 0000:04:00.0 ")
        self.completes("vfio-variant tag --vfs-of=04:", "vfio-variant tag --vfs-of=0000:04:00.0 ")

    def test_what_does_not_go_together(self):
        self.assertEqual(self.started.all_words("vfio-variant untag 0000:04:00.0 --"),
                         ["--dry-run", "--group", "--help", "--initramfs"])
        for by in ("--modalias=x", "--vfs-of=0000:04:00.0"):
            for verb in ("tag", "untag"):
                with self.subTest(verb=verb, by=by):
                    words = self.started.all_words(f"vfio-variant {verb} {by} ")
                    self.assertEqual([word for word in words if not word.startswith("-")], [])
                    words = self.started.all_words(f"vfio-variant {verb} {by} --")
                    self.assertFalse({"--modalias=", "--vfs-of=", "--group"} & set(words))
                    self.assertIn("--help", words)


class InFish(Cases, WithNames, unittest.TestCase):
    shell = Fish
    before = ("sudo ", "sudo -u root ")
    file, form = "vfio-variant.fish", " -a {verb} -d '{meaning}'\n"

    def test_address_without_domain(self):
        self.completes("vfio-variant bind 65:00.4", "vfio-variant bind 0000:65:00.4 ")
        self.completes("vfio-variant bind 04:", "vfio-variant bind 0000:04:00.0 ")
        # fish would put the address in the place of the option, too
        self.completes("vfio-variant tag --vfs-of=04:", "vfio-variant tag --vfs-of=04:")
