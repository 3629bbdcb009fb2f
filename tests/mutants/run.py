#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Changes one condition of the sources, the rules or the units at a time, each of which a test must notice.

Each line of mutants.table names a test, a file, a text that the file has exactly once, and what it becomes.
The test is a unit test, a program of tests/udev, or units.py. The sources are copied: those of the working
tree stay as they are.
"""

import argparse
import json
import os
import pathlib
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path += [str(HERE.parent / "build"), str(HERE.parent / "udev")]

# pylint: disable=wrong-import-position
import sources
from udevd import enter

# What a test that hangs because of the change may take.
SECONDS = 900


class Wrong(Exception):
    """What is wrong with a line of the table, or with a test."""


def read_table():
    """Yields (test, file, before, after)."""
    for number, line in enumerate((HERE / "mutants.table").read_text(encoding="ascii").splitlines(), 1):
        if not line or line.startswith("#"):
            continue
        # "\\|" is a "|" of C, "\\n" a new line
        columns = [column.strip().replace("\\|", "|").replace("\\n", "\n") for column in line.split(" | ")]
        if len(columns) != 4:
            raise Wrong(f"mutants.table:{number}: not TEST | FILE | BEFORE | AFTER")
        mutant = tuple(columns)
        changed(sources.ROOT / mutant[1], *mutant[2:])
        yield mutant


def setup(top):
    sources.copy_to(top / "source")
    subprocess.run(["meson", "setup", top / "build", top / "source", "-Dtests=enabled", "-Db_lto=false"],
                   check=True, stdout=subprocess.DEVNULL, stdin=subprocess.DEVNULL)
    return top / "source", top / "build"


def build(directory, *targets):
    done = subprocess.run(["ninja", "-C", directory, *targets], stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, check=False)
    if done.returncode:
        raise Wrong(f"it does not compile:\n{done.stdout[-2000:]}")


def build_installed(directory):
    """Builds what `meson install` copies. ninja also writes the rules and units again that changed."""
    targets = json.loads(subprocess.run(["meson", "introspect", "--targets", directory], text=True,
                                        stdout=subprocess.PIPE, check=True).stdout)
    build(directory, *(os.path.relpath(name, directory) for target in targets if target["installed"]
                       for name in target["filename"]), "tests/udev/read-tag")


def passes(directory, test):
    """Builds what a test needs, and runs it."""
    if test.endswith(".py"):
        build_installed(directory)
        return units_pass(directory) if test == "units.py" else udev_passes(directory, test)
    return unit_passes(directory, test)


def unit_passes(directory, test):
    program = f"tests/unit/test-{test}"
    build(directory, program)
    done = subprocess.run([directory / program], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                          stdin=subprocess.DEVNULL, timeout=SECONDS, check=False,
                          env={**os.environ, "UNIT_TREE": "/nowhere", "UNIT_LOAD_TREE": "/nowhere"})
    return done.returncode == 0


def udev_passes(directory, test):
    """Runs one program of tests/udev, which prints a line for each check."""
    with tempfile.TemporaryDirectory(prefix="vfio-variant-mutants-udev-") as scratch:
        done = subprocess.run(enter(HERE.parent / "udev" / test, directory, "/", scratch), text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL,
                              timeout=SECONDS, check=False)
    lines = done.stdout.splitlines()
    return done.returncode == 0 and bool(lines) and all(line.startswith("ok ") for line in lines)


def units_pass(directory):
    unitdir = subprocess.run(["pkg-config", "--variable=systemdsystemunitdir", "systemd"], text=True,
                             stdout=subprocess.PIPE, check=True).stdout.strip()
    done = subprocess.run([sys.executable, HERE.parent / "systemd/units.py", directory, unitdir],
                          stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL,
                          timeout=SECONDS, check=False)
    return done.returncode == 0


def changed(path, before, after):
    text = path.read_text(encoding="utf-8")
    if text.count(before) != 1:
        raise Wrong(f"{path}: {before!r} is there {text.count(before)} times, not once")
    return text.replace(before, after)


def is_noticed(source, directory, mutant):
    test, name, before, after = mutant
    path = source / name
    original = path.read_text(encoding="utf-8")
    path.write_text(changed(path, before, after), encoding="utf-8")
    try:
        return not passes(directory, test)
    finally:
        path.write_text(original, encoding="utf-8")


def run(mutants):
    unnoticed = 0
    with tempfile.TemporaryDirectory(prefix="vfio-variant-mutants-") as top:
        source, directory = setup(pathlib.Path(top))
        for test in sorted({mutant[0] for mutant in mutants}):
            if not passes(directory, test):
                raise Wrong(f"the test {test} fails without any change")
        for mutant in mutants:
            try:
                good = is_noticed(source, directory, mutant)
            except Wrong as wrong:
                print(wrong)
                good = False
            print("ok  " if good else "FAIL", repr(mutant), flush=True)
            unnoticed += not good
    print(f"{len(mutants) - unnoticed} of {len(mutants)} noticed")
    return unnoticed


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--every", type=int, default=1, metavar="N", help="only every Nth")
    parser.add_argument("texts", nargs="*", metavar="TEXT", help="only lines that contain one of these")
    arguments = parser.parse_args()
    try:
        mutants = [mutant for mutant in read_table() if not arguments.texts or
                   any(text in " | ".join(mutant) for text in arguments.texts)][::arguments.every]
        if not mutants:
            raise Wrong("no line of mutants.table is left")
        sys.exit(run(mutants) > 0)
    except Wrong as wrong:
        sys.exit(f"tests/mutants/run.py: {wrong}")


if __name__ == "__main__":
    main()
