#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""What an installation puts where: installed.py BUILD [--with=WHAT]... NAME=DIRECTORY..., held against
installed.txt, in which @NAME@ stands for DIRECTORY. A line that ends in "if WHAT" counts with WHAT."""

import os
import pathlib
import re
import subprocess
import sys
import tempfile

LIST = pathlib.Path(__file__).with_name("installed.txt")


def expected(directories, parts):
    lines = (line.split() for line in LIST.read_text(encoding="utf-8").splitlines())
    return {re.sub(r"@(\w+)@", lambda name: directories[name[1]], path): mode
            for mode, path, *condition in (line for line in lines if line and line[0] != "#")
            if not condition or condition[1] in parts}


def installed(build):
    with tempfile.TemporaryDirectory() as target:
        subprocess.run(["meson", "install", "-C", build, "--no-rebuild", "--destdir", target],
                       check=True, stdout=subprocess.DEVNULL, stdin=subprocess.DEVNULL)
        found = [pathlib.Path(directory, name) for directory, _, names in os.walk(target)
                 for name in names]
        return {"/" + str(path.relative_to(target)): f"{path.lstat().st_mode & 0o7777:o}"
                for path in found}


def main():
    directories = dict(argument.split("=", 1) for argument in sys.argv[2:] if argument[0] != "-")
    parts = [argument.split("=", 1)[1] for argument in sys.argv[2:] if argument[0] == "-"]
    wanted, found = expected(directories, parts).items(), installed(sys.argv[1]).items()
    for mode, path in sorted((mode, path) for path, mode in found - wanted):
        print(f"installed, but not in {LIST.name}: {mode} {path}")
    for mode, path in sorted((mode, path) for path, mode in wanted - found):
        print(f"in {LIST.name}, but not installed: {mode} {path}")
    return wanted != found


if __name__ == "__main__":
    sys.exit(main())
