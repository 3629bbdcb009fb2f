#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Holds the index reader and the choice against others, in trees that the real depmod indexed.

    run.py [--seed N] [--count N] [--keep DIR] ORACLE SAMPLE

ORACLE is the compiled oracle.c, SAMPLE the description of the sample tree. Beside that one there
are random trees, made of the seed as the random devices are: the same seed does the same again.
--keep leaves the trees in DIR.
"""

import argparse
import collections
import contextlib
import pathlib
import random
import re
import subprocess
import sys
import tempfile

MODULE_TREE = pathlib.Path(__file__).resolve().parent.parent / "trees/module-tree"
SEED = 9
COUNT = 12000
HEX = "0123456789ABCDEF"
BUSES = ("pci", "pci", "pci", "pci", "cdx", "foo-bar", "x")

CATCH_ALL = "vfio_pci:v*d*sv*sd*bc*sc*i*"


class RandomTree:
    """The description of a tree: few vendors, devices and classes, so that aliases meet."""

    def __init__(self, generator, catch_all, built_ins):
        self.random = generator
        self.vendors = [self.number(8) for _ in range(3)]
        self.devices = [self.number(8) for _ in range(4)]
        self.classes = ["01", "02", "03", "0C"]
        self.aliases = [CATCH_ALL] if catch_all else []
        self.lines = []
        self.names, self.loadable = [], []
        self.write(catch_all, built_ins)

    def number(self, length):
        digits = min(length, 4)
        return "0" * (length - digits) + "".join(self.random.choice(HEX) for _ in range(digits))

    def field(self, values, anything):
        return "*" if self.random.random() < anything else self.random.choice(values)

    def pci(self):
        """As modpost writes it: from one that names all fields to one that names none."""
        anything = self.random.choice((0.1, 0.5, 0.5, 0.8, 0.95))
        alias = (f"v{self.field(self.vendors, anything)}d{self.field(self.devices, anything)}"
                 f"sv{self.field(self.vendors, 0.7)}sd{self.field(self.devices, 0.8)}"
                 f"bc{self.field(self.classes, 0.6)}sc{self.field(self.classes, 0.7)}"
                 f"i{self.field(['00', '02'], 0.7)}")
        return alias if alias.endswith("*") else alias + "*"

    def cdx(self):
        return (f"v{self.field(self.vendors, 0.3)}d{self.field(self.devices, 0.5)}"
                f"sv{self.field(self.vendors, 0.7)}sd{self.field(self.devices, 0.8)}c*")

    def other(self):
        words = [self.random.choice(("a", "b-", "c_d", "E0", "*", "?", "-")) for _ in range(4)]
        return "".join(words)

    def loosen(self, alias):
        """Puts in what modpost doesn't write for PCI, but MODULE_ALIAS() may."""
        at = self.random.randrange(len(alias))
        kind = self.random.randrange(6)
        if kind == 0:
            return alias[:at] + "?" + alias[at + 1:]
        if kind == 1 and at > len(alias) // 2:
            return alias[:at] + "*"
        if kind == 2:
            return alias[:at] + "*" + alias[at:]
        character = alias[at] if alias[at] not in "*?[]-" else "0"
        content = self.random.choice((f"{character}F", f"0-3{character}", f"!{character}", "A-F",
                                      f"^-{character}", f"{character}-", "0-9", f"-{character}"))
        return alias[:at] + f"[{content}]" + alias[at + 1:]

    def alias(self):
        if self.aliases and self.random.random() < 0.2:
            return self.random.choice(self.aliases)
        bus = self.random.choice(BUSES)
        alias = {"pci": self.pci, "cdx": self.cdx}.get(bus, self.other)()
        if self.random.random() < 0.25:
            alias = self.loosen(alias)
        prefix = "" if self.random.random() < 0.1 else "vfio_"
        self.aliases.append(f"{prefix}{bus}:{alias}")
        return self.aliases[-1]

    def module(self, word, name, aliases):
        self.names.append(name)
        self.lines.append(f"{word} {name}")
        self.lines += [f"  alias {alias}" for alias in aliases]
        if word == "module" and self.random.random() < 0.15:
            self.lines.append("  unordered")
        # Of one that was described before: no module needs itself.
        if word == "module" and self.loadable and self.random.random() < 0.3:
            self.lines.append(f"  needs {self.random.choice(self.loadable)}")
        if word == "module":
            self.loadable.append(name)

    def write(self, catch_all, built_ins):
        generic = [("vfio-pci", [CATCH_ALL] if catch_all else []),
                   ("vfio-cdx", ["vfio_cdx:v*d*sv*sd*c*"] if catch_all else []),
                   ("vfio-x", []),     # variants have aliases for its bus
                   ("vfio-y", []),     # no alias speaks of its bus
                   ("poweroff-pci", [CATCH_ALL])]
        plain = [(f"m{number:02}{self.random.choice('-_')}vfio-pci",
                  [self.alias() for _ in range(self.random.randrange(1, 8))]) for number in range(40)]
        # depmod says "Unmatched bracket", and leaves these out of the .bin.
        plain.append(("unmatched", ["vfio_pci:v[0*", "vfio_pci:v]*", self.alias()]))
        everything = generic + plain
        self.random.shuffle(everything)
        for name, aliases in everything:
            self.module("builtin" if self.random.random() < built_ins else "module", name, aliases)
        self.lines += [f"gone {name}" for name in self.random.sample(self.loadable, 4)]

    def configuration(self):
        """What modprobe.d says: some modules are blacklisted or disabled, and the admin has aliases."""
        modules = [name.replace("-", "_") for name in self.random.sample(self.names, 10)]
        lines = [f"blacklist {name}" for name in modules[:3]]
        lines += [f"install {name} /bin/false" for name in modules[6:8]]
        lines += [f"install {modules[8]} /bin/true", f"install {modules[9]} modprobe -i {modules[9]}"]
        lines += [f"alias {alias} {name}" for alias, name in
                  zip([f"vfio_pci:v{self.vendors[0]}d{self.devices[0]}*", "vfio_y:1*", "vfio_z:*"],
                      modules[3:6])]
        return "".join(line + "\n" for line in lines)


def blacklisted_by_kernel():
    """What this machine's kernel command line blacklists: the code under test reads it, too."""
    line = pathlib.Path("/proc/cmdline")
    words = line.read_text(encoding="ascii", errors="replace").split() if line.exists() else []
    lists = [word.partition("=")[2] for word in words
             if re.match(r"(modprobe\.|module_)blacklist=", word)]
    return [name.replace("-", "_") for names in lists for name in names.strip('"').split(",") if name]


def make_trees(directory, sample, seed):
    """(name, module directory, modprobe.d) of each tree."""
    descriptions = {"sample": (sample.read_text(encoding="ascii"), "")}
    for number, (catch_all, built_ins) in enumerate([(True, 0.1), (False, 0.4), (True, 0.8), (False, 0)]):
        tree = RandomTree(random.Random(seed * 10 + number), catch_all, built_ins)
        descriptions[f"random-{number}"] = ("\n".join(tree.lines) + "\n", tree.configuration())
    for name, (description, configuration) in descriptions.items():
        source = directory / f"{name}.tree"
        source.write_text(description, encoding="ascii")
        subprocess.run([sys.executable, MODULE_TREE, source, directory / name], check=True)
        modprobe = directory / f"{name}.modprobe.d"
        modprobe.mkdir()
        (modprobe / "test.conf").write_text(configuration, encoding="ascii")
        yield name, directory / name, modprobe


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("oracle", type=pathlib.Path)
    parser.add_argument("sample", type=pathlib.Path)
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--count", type=int, default=COUNT)
    parser.add_argument("--keep", type=pathlib.Path)
    arguments = parser.parse_args()
    print(f"seed {arguments.seed}, {arguments.count} devices (another run: --seed, --count)")
    passed, failed, reasons = 0, 0, collections.Counter()
    with contextlib.ExitStack() as stack:
        directory = arguments.keep or pathlib.Path(stack.enter_context(
            tempfile.TemporaryDirectory(prefix="vfio-variant-oracle-")))
        directory.mkdir(exist_ok=True)
        trees = list(make_trees(directory, arguments.sample, arguments.seed))
        for number, (name, tree, modprobe) in enumerate(trees):
            done = subprocess.run([arguments.oracle.resolve(), tree, modprobe,
                                   str(arguments.count // len(trees)), str(arguments.seed + number),
                                   *blacklisted_by_kernel()],
                                  stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                                  errors="replace", check=False)
            print(f"--- {name}\n{done.stdout}", end="", flush=True)
            counts = re.search(r"^(\d+) passed, (\d+) failed$", done.stdout, re.MULTILINE)
            for times, reason in re.findall(r"^differs from libvirt's: +(\d+)  (.*)$", done.stdout,
                                            re.MULTILINE):
                reasons[reason] += int(times)
            if counts:
                passed += int(counts[1])
                failed += int(counts[2])
            if done.returncode and not (counts and int(counts[2])):
                print(f"oracle ended with {done.returncode}")
                failed += 1
    print("--- all")
    for reason, times in reasons.most_common():
        print(f"differs from libvirt's: {times:6}  {reason}")
    print(f"{passed} passed, {failed} failed")
    return failed > 0 or passed == 0


if __name__ == "__main__":
    sys.exit(main())
