#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""What the built helper promises, read from its ELF file: elf.py HELPER."""

import json
import os
import pathlib
import platform
import re
import shlex
import struct
import subprocess
import sys
import unittest

import sources

HELPER = pathlib.Path(sys.argv.pop()).resolve()
BUILD = HELPER.parents[2]

# Note type of the dlopen metadata (uapi-group.org, "ELF dlopen metadata"), its owner is "FDO".
DLOPEN_NOTE = 0x407C0C0A

# What a processor has against jumps to where no function begins, or returns, by e_machine (elf.h).
E_MACHINE = 18
EM_386, EM_X86_64, EM_AARCH64 = 3, 62, 183
PROTECTIONS = {EM_386: {"IBT", "SHSTK"}, EM_X86_64: {"IBT", "SHSTK"}, EM_AARCH64: {"BTI", "PAC"}}
MACHINE, = struct.unpack_from("=H", HELPER.read_bytes(), E_MACHINE)
PROTECTION = PROTECTIONS.get(MACHINE, set())


def readelf(*options, path=HELPER):
    # Its exit status is 1 for a note of a type that it does not know.
    return subprocess.run(["readelf", "-W", *options, path], check=False, text=True,
                          stdout=subprocess.PIPE, env={**os.environ, "LC_ALL": "C"}).stdout


def segments():
    """{type: flags} of the program headers, flags as "R E"."""
    line = re.compile(r"^  (\w+) +(?:0x\w+ +){5}([R ][W ][E ]) ", re.MULTILINE)
    return line.findall(readelf("--program-headers"))


def dynamic(tag):
    return re.findall(rf"\({tag}\) +(.*)", readelf("--dynamic"))


# Each protection's module flag in LLVM's bitcode, which clang writes instead of ELF for LTO.
BITCODE = b"BC\xc0\xde"
BITCODE_FLAGS = {"IBT": b"cf-protection-branch", "SHSTK": b"cf-protection-return",
                 "BTI": b"branch-target-enforcement", "PAC": b"sign-return-address"}


def branch_protection(path):
    content = pathlib.Path(path).read_bytes()
    if content.startswith(BITCODE):
        return {name for name, flag in BITCODE_FLAGS.items() if flag in content}
    found = re.search(r"(?:x86|AArch64) feature: ([\w, ]*)", readelf("--notes", path=path))
    return set(found[1].split(", ")) if found else set()


def start_file():
    """The C library's own part of each program."""
    compiler = shlex.split(os.environ.get("CC", "cc"))
    return subprocess.run([*compiler, "-print-file-name=Scrt1.o"], check=True, text=True,
                          stdout=subprocess.PIPE).stdout.strip()


def imported():
    return set(re.findall(r" UND (\w+)", readelf("--dyn-syms")))


def section(name):
    found = re.search(rf" {re.escape(name)} +[A-Z]+ +\w+ (\w+) (\w+) ", readelf("--section-headers"))
    offset, size = (int(number, 16) for number in found.groups()) if found else (0, 0)
    return HELPER.read_bytes()[offset:offset + size]


def strings():
    """Each run of text, the names in debug information among them."""
    return [text.decode() for text in re.findall(rb"[ -~]{4,}", HELPER.read_bytes())]


def notes(content):
    """(owner, type, description) of each note in a section."""
    def aligned(size):
        return (size + 3) & ~3

    while content:
        name_size, size, kind = struct.unpack_from("=III", content)
        start = 12 + aligned(name_size)
        yield content[12:12 + name_size].rstrip(b"\0"), kind, content[start:start + size]
        content = content[start + aligned(size):]


class Hardening(unittest.TestCase):
    def test_position_independent(self):
        self.assertRegex(readelf("--file-header"), r"Type: +DYN")
        self.assertIn("INTERP", dict(segments()))
        self.assertIn("PIE", " ".join(dynamic("FLAGS_1")))

    def test_full_relro(self):
        self.assertIn("GNU_RELRO", dict(segments()))
        self.assertRegex(" ".join(dynamic("FLAGS") + dynamic("FLAGS_1")), r"\b(BIND_)?NOW\b")
        self.assertNotIn("TEXTREL", readelf("--dynamic"))

    def test_no_segment_is_writable_and_executable(self):
        self.assertGreater(len(segments()), 5)
        self.assertEqual([kind for kind, flags in segments() if flags[1:] == "WE"], [])

    def test_stack_is_not_executable(self):
        self.assertEqual(dict(segments())["GNU_STACK"], "RW ")

    def test_stack_protector(self):
        self.assertIn("__stack_chk_fail", imported())

    def test_fortified(self):
        """No function that has a checked form is called in its unchecked one."""
        checked = {"stpcpy", "strcat", "strcpy", "strncpy",
                   "dprintf", "printf", "snprintf", "sprintf", "vsnprintf", "syslog"}
        self.assertEqual(imported() & checked, set())

    def test_branch_protection(self):
        """Each of our own objects has it. The linker says so of the whole only where the C library's
        start file has it as well, which Debian's does not."""
        objects = list(BUILD.glob("src/**/*.o"))
        self.assertTrue(objects)
        for path in objects:
            self.assertLessEqual(PROTECTION, branch_protection(path), path)
        self.assertLessEqual(branch_protection(start_file()), branch_protection(HELPER))


class Contents(unittest.TestCase):
    def test_needs_libc_alone(self):
        """And the program that the rules and units start, too."""
        for path in HELPER, BUILD / "src/vfio_variant_bind/vfio_variant_bind":
            needed = re.findall(r"\(NEEDED\) .*\[(.*)\]", readelf("--dynamic", path=path))
            self.assertEqual([name for name in needed if not name.startswith("ld-linux")],
                             ["libc.so.6"], path)

    def test_no_search_path(self):
        self.assertEqual(dynamic("RPATH") + dynamic("RUNPATH"), [])

    def test_names_what_it_loads_later(self):
        found = [text for owner, kind, text in notes(section(".note.dlopen"))
                 if (owner, kind) == (b"FDO", DLOPEN_NOTE)]
        self.assertEqual(len(found), 1)
        entries = json.loads(found[0].rstrip(b"\0"))
        self.assertEqual([entry["soname"] for entry in entries], [["libkmod.so.2"]])
        self.assertIn(entries[0]["priority"], ("required", "recommended", "suggested"))

    def test_no_path_of_this_machine(self):
        # "/src" would be a part of "../src" and of "/usr/src".
        path = re.compile(rf"(?<![\w.])({re.escape(str(sources.ROOT))}|{re.escape(str(BUILD))})\b")
        self.assertEqual([text for text in strings() if path.search(text)], [])

    def test_no_host_name(self):
        """As a whole string or a part of a path: a short one may be a part of any word."""
        self.assertEqual([text for text in strings() if platform.node() in text.split("/")], [])


if __name__ == "__main__":
    unittest.main()
