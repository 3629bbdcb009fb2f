#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""What the tool says on each machine, against the files beside it:
run.py TOOL SCHEMA [--update] [MACHINE...]

As root or as an ordinary user, in namespaces and a small root of its own. With --update the files
are written again: look at what `git diff` shows then, since it is what users will see.
"""

import argparse
import difflib
import json
import os
import pathlib
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path.append(str(HERE.parent / "udev"))

# pylint: disable-next=wrong-import-position
from udevd import enter


def machines():
    return sorted(path.parent for path in HERE.glob("*/devices.umockdev"))


def read(path):
    return path.read_text(encoding="ascii") if path.exists() else ""


def compare(directory, files):
    """What differs from the files of the machine, in words; files that are not written, too."""
    for name, text in files.items():
        difference = difflib.unified_diff(read(directory / name).splitlines(), text.splitlines(),
                                          f"{directory.name}/{name}", "now", n=1, lineterm="")
        yield from difference
    known = {"README.md", "devices.umockdev", "system", *files}
    yield from (f"{path}: no output of the tool" for path in sorted(directory.iterdir())
                if path.name not in known and path.suffix != ".tree")


def update(directory, files):
    for name, text in files.items():
        (directory / name).write_text(text, encoding="ascii")


def look_at(directory, tool, schema, is_update):
    """Returns what is wrong with the machine, in words."""
    # pylint: disable=import-outside-toplevel
    from machine import Machine
    from outputs import Outputs
    machine = Machine(tool, directory)
    try:
        outputs = Outputs(machine, schema)
    finally:
        machine.close()
    if is_update:
        update(directory, outputs.files)
    return outputs.wrong + list(compare(directory, outputs.files))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("tool", type=pathlib.Path)
    parser.add_argument("schema", type=pathlib.Path)
    parser.add_argument("machines", nargs="*", metavar="MACHINE")
    parser.add_argument("--update", action="store_true")
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    arguments = parser.parse_intermixed_args()
    if not arguments.inside:
        command = enter(pathlib.Path(__file__).resolve(), "--inside", *sys.argv[1:])
        os.execvp(command[0], command)
    schema = json.loads(arguments.schema.read_text(encoding="ascii"))
    chosen = [directory for directory in machines() if directory.name in (arguments.machines or directory.name)]
    failed = 0
    for directory in chosen:
        wrong = look_at(directory, arguments.tool.resolve(), schema, arguments.update)
        failed += bool(wrong)
        print("\n".join([f"{'FAIL' if wrong else 'ok'} {directory.name}", *wrong]))
    print(f"{len(chosen) - failed} of {len(chosen)} machines are as described")
    sys.exit(failed or not chosen)


if __name__ == "__main__":
    main()
