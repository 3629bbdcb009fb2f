#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The buses and properties in the rules, the units, the hwdb file, the schema and the man pages are those
of core/bus.c and core/property.c: tables.py PROGRAM, which prints these."""

import fnmatch
import json
import re
import subprocess
import sys
import unittest

import sources

LOOK_UP = "60-vfio-variant.rules"
BIND = "70-vfio-variant-bind.rules"
# From the initramfs image until the first event of the system only.
CLAIMED = "VFIO_VARIANT_CLAIMED"
BUSES, BRIDGES, SETTERS = [], [], {}


def read_tables(program):
    for line in subprocess.run([program], check=True, stdout=subprocess.PIPE, text=True).stdout.splitlines():
        kind, name, what = line.split()
        if kind == "property":
            SETTERS[name] = what
        else:
            BUSES.append(name)
            BRIDGES.extend([what] * (what != "-"))


def text(name):
    return (sources.ROOT / name).read_text(encoding="utf-8")


def rule_lines(name):
    return [line for line in text("rules.d/" + name).splitlines() if line and not line.startswith("#")]


def objects(value):
    """All objects in a value of JSON."""
    if isinstance(value, dict):
        yield value
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from objects(inner)


def set_by(*setters):
    return [name for name, setter in SETTERS.items() if setter in setters]


def imports(lines):
    return [found[1] for line in lines if (found := re.search(r'IMPORT\{db\}="(\w+)"', line))]


class Guards(unittest.TestCase):
    """The tables of guards in vfio-variant(8) have the guards of the code, in the same two parts."""

    @staticmethod
    def of_code():
        names = re.findall(r"^ +GUARD_(\w+),", text("src/guards/finding.h"), re.M)
        return [name.lower().replace("_", "-") for name in names if name != "NONE"]

    @staticmethod
    def of_page():
        page = text("man/vfio-variant.8")
        guards = page[page.index(".SH GUARDS"):page.index(".SH JSON")]
        return [[name.replace("\\-", "-") for name in re.findall(r"^_\n([^|]+)\|T\{$", table, re.M)]
                for table in re.findall(r"^\.TS$(.*?)^\.TE$", guards, re.M | re.S)]

    def test_page(self):
        never, forced = self.of_page()
        self.assertEqual(sorted(never + forced), sorted(self.of_code()))
        self.assertEqual(sorted(forced), sorted(self.of_code()[self.of_code().index("no-group"):]))
        self.assertIn("return guard >= GUARD_NO_GROUP;", text("src/guards/finding.h"))

    def test_each_is_used(self):
        sources_of_guards = "".join(path.read_text(encoding="utf-8")
                                    for path in (sources.ROOT / "src/guards").glob("*.c"))
        for name in self.of_code():
            self.assertIn("GUARD_" + name.upper().replace("-", "_"), sources_of_guards)


class Buses(unittest.TestCase):
    def test_subsystems(self):
        for name in LOOK_UP, BIND:
            self.assertIn(f'SUBSYSTEM!="{"|".join(BUSES)}"', "\n".join(rule_lines(name)), name)

    def test_modaliases(self):
        pattern = "|".join(f"{bus}:?*" for bus in BUSES)
        self.assertIn(f'ENV{{MODALIAS}}!="{pattern}"', "\n".join(rule_lines(LOOK_UP)))

    def test_refresh(self):
        """The unit triggers the devices of each bus."""
        matches = re.findall(r"--subsystem-match=(\w+)", text("systemd/vfio-variant-refresh.service.in"))
        self.assertEqual(matches, BUSES)

    def test_schema(self):
        schema = json.loads(text("src/vfio-variant/vfio-variant.schema.json"))
        self.assertIn(BUSES, [found.get("enum") for found in objects(schema)])

    def test_bridges(self):
        self.assertEqual(len(BRIDGES), 1)
        self.assertIn(f'ENV{{MODALIAS}}=="{"|".join(BRIDGES)}", GOTO', "\n".join(rule_lines(LOOK_UP)))

    def test_pages(self):
        for name in "man/vfio-variant.8", "man/vfio-variant.rules.7", "README.md":
            for bus in BUSES:
                self.assertRegex(text(name), rf"(?i)\b{bus}\b", name)


class Properties(unittest.TestCase):
    def test_names(self):
        """The rules use no other name, and each."""
        names = set(re.findall(r"(?<!\.)\bVFIO_VARIANT_[A-Z]+\b", "\n".join(rule_lines(LOOK_UP))))
        self.assertEqual(names, set(SETTERS))
        used = set(re.findall(r"(?<!\.)\bVFIO_VARIANT_[A-Z]+\b", "\n".join(rule_lines(BIND))))
        self.assertLess(used - {CLAIMED}, set(SETTERS))
        for rules in "rules.d/" + BIND, "initramfs/70-vfio-variant-claim.rules":
            self.assertIn(f'ENV{{{CLAIMED}}}', text(rules))

    def test_kept(self):
        """One block keeps each property from one event to the next."""
        lines = rule_lines(LOOK_UP)
        kept = imports(lines[:lines.index('LABEL="vfio_variant_look_up"')])
        self.assertEqual(sorted(kept), sorted(SETTERS))

    def test_reset(self):
        """What the helper looks up is unset before its second run: all but what it does not look up."""
        lines = rule_lines(LOOK_UP)
        reset = [found[1] for line in lines if (found := re.fullmatch(r'ENV\{(\w+)\}=""', line))]
        self.assertEqual(reset, [name for name in set_by("lookup") if name != "VFIO_VARIANT_PHYSFN"])

    def test_hwdb(self):
        """Each lookup imports properties of an administrator only, and both kinds of lookups import each."""
        lookups = [re.search(r"\"hwdb (?:--filter=(\S+))?", line) for line in rule_lines(LOOK_UP) if "hwdb" in line]
        filters = [found[1] for found in lookups]
        self.assertNotIn(None, filters)
        for kind in [one for one in filters if "*" in one], [one for one in filters if "*" not in one]:
            self.assertEqual({name for name in SETTERS for one in kind if fnmatch.fnmatch(name, one)},
                             set(set_by("admin")))
        documented = re.findall(r"^#   (VFIO_VARIANT_\w+)=", text("hwdb.d/60-vfio-variant.hwdb"), re.M)
        self.assertEqual(set(documented), set(set_by("admin")))

    def test_pages(self):
        page = re.findall(r"^\.TP\n\.B (VFIO_VARIANT_\w+)$", text("man/vfio-variant.rules.7"), re.M)
        self.assertEqual(page, [*set_by("lookup", "nodes"), *set_by("admin")])
        helper = text("man/vfio_variant_id.8")
        for name in set_by("lookup", "nodes"):
            self.assertIn(f"\n.B {name}\n", helper)


if __name__ == "__main__":
    read_tables(sys.argv.pop())
    sys.exit(unittest.main())
