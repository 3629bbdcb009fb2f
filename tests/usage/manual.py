#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The helper and its man page agree: manual.py HELPER PAGE."""

import pathlib
import re
import subprocess
import sys
import unittest

PAGE = pathlib.Path(sys.argv.pop())
HELPER = pathlib.Path(sys.argv.pop()).resolve()

OPTION = re.compile(r"(?<![\w-])(--[a-z][a-z-]*)(=[A-Z]+)?")
PROPERTY = re.compile(r"\bVFIO_VARIANT_[A-Z]+\b")


def page_text():
    """The page without what is only layout: font changes, and spaces between two fonts."""
    lines = []
    for line in PAGE.read_text(encoding="utf-8").split("\n.SH NAME\n", 1)[1].splitlines():
        fonts = re.match(r"\.(?:BI|IB|BR|RB|IR|RI) (.*)", line)
        line = re.sub(r' (?=(?:[^"]*"[^"]*")*[^"]*$)', "", fonts[1]) if fonts else line
        lines.append(re.sub(r"\\f.", "", line).replace("\\-", "-").replace('"', ""))
    return "\n".join(lines)


def page_section(name):
    return re.search(rf"^\.SH {name}\n(.*?)(?=^\.SH |\Z)", page_text(), re.MULTILINE | re.DOTALL)[1]


def help_text():
    return subprocess.run([HELPER, "--help"], check=True, text=True, stdout=subprocess.PIPE).stdout


def options_of(text):
    return set(OPTION.findall(text))


class Manual(unittest.TestCase):
    def test_options(self):
        self.assertEqual(options_of(page_section("OPTIONS")), options_of(help_text()))
        self.assertGreaterEqual(len(options_of(help_text())), 4)

    def test_short_options(self):
        """-h and -V print the same as their long forms, which the page has beside them."""
        for short, long in (("-h", "--help"), ("-V", "--version")):
            with self.subTest(short):
                said = [subprocess.run([HELPER, option], check=True, text=True,
                                       stdout=subprocess.PIPE).stdout for option in (short, long)]
                self.assertEqual(said[0], said[1])
                self.assertIn(f"{short}, {long}", page_section("OPTIONS"))
                self.assertIn(f"  {short}, {long} ", help_text())

    def test_page_names_no_other_option_of_ours(self):
        others = {"--query"}  # of udevadm, in an example
        used = {name for name, _ in options_of(page_text())} - others
        self.assertEqual(used, {name for name, _ in options_of(help_text())})

    def test_properties(self):
        built = set(PROPERTY.findall(HELPER.read_bytes().decode("latin-1")))
        # The table of all properties has it, unless the linker drops it: the helper does not use it
        built.discard("VFIO_VARIANT_BIND")
        self.assertEqual(set(PROPERTY.findall(page_text())), built)

    def test_help_fits_a_terminal(self):
        self.assertEqual([line for line in help_text().splitlines() if len(line) > 80], [])

    def test_version(self):
        version = subprocess.run([HELPER, "--version"], check=True, text=True,
                                 stdout=subprocess.PIPE).stdout
        self.assertRegex(version, r"\A(vfio_variant_id|vfio-variant) \d+(\.\d+)*\S*\n\Z")


if __name__ == "__main__":
    unittest.main()
