#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""What the shared library promises: abi.py BUILD LIBRARY

Its symbols and the numbers of its header are those of abi.txt, which only grows. Each function is
in the map, has a docstring and a manual page, and the programs in examples/ compile.
"""

import os
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
HEADER = ROOT / "src/libvfio-variant/include/vfio-variant.h"
MAP = ROOT / "src/libvfio-variant/libvfio-variant.sym"
KNOWN = HERE / "abi.txt"
FUNCTION = re.compile(r"^(?:const |enum |struct )*\w+[ *]*\n?(vfio_variant_\w+)\([^;{]*\);",
                      re.M | re.S)
LIBRARY, BUILD = (pathlib.Path(sys.argv.pop()).resolve() for _ in range(2))


def output(*command, **how):
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True,
                          env={**os.environ, "LC_ALL": "C"}, **how).stdout


def lines_of(path):
    return [line for line in path.read_text(encoding="ascii").splitlines()
            if line and line[0] != "#"]


def mapped():
    """{symbol: stanza} of the map."""
    found, stanza = {}, None
    for line in lines_of(MAP):
        begin = re.match(r"(LIBVFIO_VARIANT_\S+) \{", line)
        stanza = begin[1] if begin else stanza
        symbol = re.match(r"\s+(vfio_variant_\w+);", line)
        if symbol:
            found[symbol[1]] = stanza
    return found


def exported():
    names = output("nm", "--dynamic", "--defined-only", LIBRARY).split()
    return dict(name.split("@@") for name in names if "@@" in name)


def constants():
    """{constant: value} of all enums of the header, as a compiler has them."""
    text = re.sub(r"/\*.*?\*/", "", HEADER.read_text(encoding="ascii"), flags=re.DOTALL)
    names = [name for body in re.findall(r"enum \w+ \{(.*?)\}", text, re.DOTALL)
             for name in re.findall(r"\b(VFIO_VARIANT_\w+)", body)]
    source = '#include <stdio.h>\n#include "vfio-variant.h"\nint main(void) {\n'
    source += "".join(f'printf("{name} %d\\n", (int){name});\n' for name in names) + "return 0;}\n"
    with tempfile.TemporaryDirectory() as directory:
        program = pathlib.Path(directory, "constants")
        subprocess.run(["cc", "-x", "c", "-", f"-I{HEADER.parent}", "-o", program], check=True,
                       input=source, text=True)
        return dict(line.split() for line in output(program).splitlines())


def docstrings():
    """{function: the comment right before it, on one line}."""
    text = HEADER.read_text(encoding="ascii")
    found = {}
    for one in FUNCTION.finditer(text):
        before = text[:one.start()].rstrip()
        comment = before[before.rfind("/*"):] if before.endswith("*/") else ""
        found[one[1]] = re.sub(r"\s*\n \*\s*", " ", comment)
    return found


class Abi(unittest.TestCase):
    def test_exports_what_the_map_says(self):
        self.assertEqual(exported(), mapped())

    def test_nothing_that_is_known_changes(self):
        known = dict(line.split() for line in lines_of(KNOWN))
        now = {**mapped(), **constants()}
        self.assertEqual({name: now.get(name) for name in known}, known)
        self.assertEqual(sorted(set(now) - set(known)), [], "add these to abi.txt")

    def test_object(self):
        dynamic = output("readelf", "--wide", "--dynamic", LIBRARY)
        self.assertEqual(re.findall(r"\(SONAME\).*\[(.*)\]", dynamic), ["libvfio-variant.so.0"])
        needed = set(re.findall(r"\(NEEDED\).*\[(.*?)\.so", dynamic))
        self.assertEqual(needed & {"libkmod", "libdl"}, set())
        self.assertIn("libudev", needed)
        self.assertRegex(dynamic, "BIND_NOW")
        self.assertNotRegex(dynamic, "TEXTREL|RPATH|RUNPATH")

    def test_no_state(self):
        """Nothing is written to but by the compiler's own start and end."""
        own = {"completed.0", "__TMC_END__", "__dso_handle", "__bss_start", "_edata", "_end"}
        found = {line.split()[-1]: line.split()[-2] for line in output("nm", LIBRARY).splitlines()}
        relro = output("readelf", "--wide", "--section-headers", LIBRARY)
        sections = {int(number): name for number, name in
                    re.findall(r"\[ *(\d+)\] (\S+)", relro)}
        symbols = re.findall(r"(?:OBJECT|TLS) +\w+ +\w+ +(\d+) (\S+)",
                             output("readelf", "--wide", "--symbols", LIBRARY))
        writable = {name for number, name in symbols
                    if sections[int(number)] in (".data", ".bss", ".tdata", ".tbss")}
        self.assertEqual(writable - own, set())
        self.assertIn("vfio_variant_new", found)


class Header(unittest.TestCase):
    def test_compiles(self):
        for compiler, language, standards in (("cc", "c", ("c89", "c99", "c17")),
                                              ("c++", "c++", ("c++98", "c++17"))):
            for standard in standards:
                with self.subTest(standard=standard):
                    subprocess.run([compiler, "-x", language, f"-std={standard}", "-Wall",
                                    "-Wextra", "-pedantic-errors", "-Werror", "-fsyntax-only", "-"],
                                   input=f'#include "{HEADER}"\n#include "{HEADER}"\n', text=True,
                                   check=True)

    def test_each_function_is_told_of(self):
        self.assertEqual(set(docstrings()), set(mapped()))
        for name, text in docstrings().items():
            self.assertRegex(text, r"Since \d+\.\d+\.", name)
            version = "LIBVFIO_VARIANT_" + re.search(r"Since (\d+\.\d+)", text)[1]
            self.assertEqual(version, mapped()[name])

    def test_each_function_has_a_test(self):
        tests = "".join(path.read_text(encoding="ascii") for path in [*HERE.glob("test_*.c"), HERE / "scene.c"])
        called = set(re.findall(r"\bvfio_variant_\w+", tests))
        self.assertEqual(sorted(set(mapped()) - called), [])

    def test_each_function_has_a_page(self):
        for name in mapped():
            page = (BUILD / "man" / f"{name}.3").read_text(encoding="ascii")
            leads = re.search(r"^\.so man3/(\S+)$", page, re.M)
            if leads:
                page = (BUILD / "man" / leads[1]).read_text(encoding="ascii")
            self.assertIn(f".SS {name}()\n", page)
            done = subprocess.run(["groff", "-ww", "-man", "-Tutf8", "-z"], input=page, text=True,
                                  stderr=subprocess.PIPE, check=True)
            self.assertEqual(done.stderr, "")


class Program(unittest.TestCase):
    """Built by what is installed, as another program is."""

    @classmethod
    def setUpClass(cls):
        # pylint: disable-next=consider-using-with
        cls.directory = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.directory.cleanup)
        cls.top = pathlib.Path(cls.directory.name)
        subprocess.run(["meson", "install", "-C", BUILD, "--no-rebuild", "--quiet", "--destdir",
                        cls.top], check=True, stdin=subprocess.DEVNULL)
        cls.libdir = next(cls.top.rglob("libvfio-variant.so")).parent

    def build(self, source, *options):
        program = self.top / "program"
        environment = {**os.environ, "PKG_CONFIG_SYSROOT_DIR": str(self.top),
                       "PKG_CONFIG_PATH": str(self.libdir / "pkgconfig")}
        flags = subprocess.run(["pkg-config", "--cflags", "--libs", "vfio-variant"], check=True,
                               text=True, stdout=subprocess.PIPE, env=environment).stdout.split()
        subprocess.run(["cc", "-Wall", "-Wextra", "-Werror", *options, source, *flags, "-o",
                        program], check=True)
        return program

    def run_program(self, program, *words):
        return subprocess.run([program, *words], check=False, text=True, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE,
                              env={**os.environ, "LD_LIBRARY_PATH": str(self.libdir)})

    def test_first_program(self):
        done = self.run_program(self.build(ROOT / "examples/choice.c"), "ffff:ff:1f.7")
        self.assertEqual((done.returncode, done.stdout), (1, ""))

    def test_example(self):
        program = self.build(ROOT / "examples/libvirt-hostdev.c", "-std=c89")
        self.assertEqual(self.run_program(program).returncode, 2)
        done = self.run_program(program, "prepare", "unmanaged", "ffff:ff:1f.7")
        self.assertEqual(done.returncode, 1)
        self.assertIn("No such device", done.stderr)


if __name__ == "__main__":
    unittest.main()
