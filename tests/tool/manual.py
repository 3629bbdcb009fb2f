#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The tool's commands and its man page agree: manual.py TOOL PAGE"""

import pathlib
import re
import subprocess
import sys
import unittest

PAGE = pathlib.Path(sys.argv.pop())
TOOL = pathlib.Path(sys.argv.pop()).resolve()

OPTION = re.compile(r"(?<![\w-])(--[a-z][a-z-]*)(=[A-Z]+)?")
OPTION_NAME = re.compile(r"(?<![\w-])--[a-z-]+")
PROPERTY = re.compile(r"\bVFIO_VARIANT_[A-Z]+\b")
VERBS = ("list", "info", "explain", "check", "monitor", "bind", "unbind", "tag", "untag")
# The options that the page describes once, and the commands that have them.
COMMON = {"--help": VERBS, "--json": ("list", "info", "explain", "check", "monitor"),
          "--dry-run": ("bind", "unbind", "tag", "untag")}


def page_text():
    """The page without what is only layout: font changes, and spaces between two fonts."""
    lines = []
    for line in PAGE.read_text(encoding="utf-8").split("\n.SH NAME\n", 1)[1].splitlines():
        fonts = re.match(r"\.(?:BI|IB|BR|RB|IR|RI) (.*)", line)
        line = re.sub(r' (?=(?:[^"]*"[^"]*")*[^"]*$)', "", fonts[1]) if fonts else line
        lines.append(re.sub(r"\\f.|\\c|\\\|", "", line).replace("\\-", "-").replace('"', ""))
    return "\n".join(lines)


def section(name, kind="SH"):
    found = re.search(rf"^\.{kind} {name}\n(.*?)(?=^\.SH |^\.SS |\Z)", page_text(),
                      re.MULTILINE | re.DOTALL)
    return found[1] if found else ""


def entries(text):
    """The options that have a paragraph of their own, as they are in its tag."""
    tags = re.findall(r"^\.TP\n(.*)$", text, re.MULTILINE)
    return {option for tag in tags for option in OPTION.findall(tag)}


def said(*words):
    return subprocess.run([TOOL, *words], check=True, text=True, stdout=subprocess.PIPE).stdout


def options_of(text):
    """Of a help text: what begins a line."""
    return set(OPTION.findall("\n".join(re.findall(r"^  (?:-\w, |    )(--\S+)", text, re.MULTILINE))))


class UdevProgram(unittest.TestCase):
    """The page of the program that rules and units start has its commands and their options."""

    PROGRAM = TOOL.parent.parent / "vfio_variant_bind/vfio_variant_bind"
    TEXT = (PAGE.parent / "vfio_variant_bind.8").read_text(encoding="utf-8").replace("\\-", "-")

    def help_of(self, *words):
        return subprocess.run([self.PROGRAM, *words, "--help"], check=True, text=True,
                              stdout=subprocess.PIPE).stdout

    def test_commands(self):
        found = re.findall(r"^  ([a-z-]+)  ", self.help_of(), re.MULTILINE)
        self.assertEqual(re.findall(r"^\.SS (.*)$", self.TEXT, re.MULTILINE), found)
        self.assertEqual(re.findall(r"^\.B vfio_variant_bind (\S+)$", self.TEXT, re.MULTILINE)[:3], found)

    def test_usage(self):
        """Also of unbind, which the tool has as well."""
        for words in ((), ("bind-added",), ("claim",), ("unbind",)):
            with self.subTest(words=words):
                lines = self.help_of(*words).splitlines()
                self.assertIn(" ".join(("Usage: vfio_variant_bind", *words, "[OPTION...]")), lines[0])
                self.assertEqual(lines[-1], "See vfio_variant_bind(8).")

    def test_options(self):
        found = options_of(self.help_of()) | options_of(self.help_of("bind-added")) | \
            options_of(self.help_of("claim"))
        self.assertEqual({name for name, _ in found}, set(OPTION_NAME.findall(self.TEXT)))


class Manual(unittest.TestCase):
    def test_verbs(self):
        found = re.findall(r"^  ([a-z]+) ", said("--help"), re.MULTILINE)
        self.assertEqual(found, list(VERBS))
        self.assertEqual(re.findall(r"^\.SS (.*)$", page_text(), re.MULTILINE), list(VERBS))

    def test_options(self):
        """OPTIONS has the options of several commands, and of the tool without a command."""
        common = {(name, "") for name in COMMON}
        self.assertEqual(entries(section("OPTIONS")), options_of(said("--help")) | common)
        for verb in VERBS:
            with self.subTest(verb=verb):
                own = entries(section(verb, "SS"))
                shared = {(name, "") for name, verbs in COMMON.items() if verb in verbs}
                self.assertEqual(own & common, set())
                self.assertEqual(own | shared, options_of(said(verb, "--help")))

    def test_usage(self):
        """The synopsis has the forms that the help has."""
        synopsis = section("SYNOPSIS")
        for verb in VERBS:
            with self.subTest(verb=verb):
                help_text = said(verb, "--help")
                self.assertRegex(help_text, rf"\AUsage: vfio-variant {verb}\b")
                self.assertRegex(synopsis, rf"vfio-variant {verb}\b")
                for option in ("--modalias=GLOB", "--vfs-of=DEVICE"):
                    in_usage = any(option in line for line in help_text.splitlines()
                                   if f"vfio-variant {verb}" in line)
                    part = re.split(r"^\.br$", synopsis, flags=re.MULTILINE)
                    in_page = any(option in form and f"vfio-variant {verb}" in form
                                  for form in part)
                    self.assertEqual(in_page, in_usage, option)

    def test_page_names_no_other_option(self):
        known = set(options_of(said("--help")))
        for verb in VERBS:
            known |= options_of(said(verb, "--help"))
        used = {name for name, _ in OPTION.findall(page_text())}
        self.assertEqual(used, {name for name, _ in known})

    def test_properties(self):
        built = set(PROPERTY.findall(TOOL.read_bytes().decode("latin-1")))
        self.assertLessEqual(set(PROPERTY.findall(page_text())), built)

    def test_exit_status(self):
        self.assertEqual(re.findall(r"^\.TP\n\.B (\d)$", section("EXIT STATUS"), re.MULTILINE),
                         ["0", "1", "2", "3", "4", "5"])

    def test_version(self):
        self.assertRegex(said("--version"), r"\Avfio-variant \d+(\.\d+)*\S*\n\Z")


if __name__ == "__main__":
    unittest.main()
