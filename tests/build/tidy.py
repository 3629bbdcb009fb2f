#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""clang-tidy over all C files: tidy.py BUILD. What passed is not looked at again as long as
neither it nor any header changed."""

import concurrent.futures
import hashlib
import json
import os
import pathlib
import shlex
import subprocess
import sys

import sources

# Of how a file is compiled this is what matters; the build's other flags are gcc's alone.
KEEP = ("-I", "-D", "-U", "-std=", "-isystem")
# Without optimisation there is no fortification, and a warning instead.
DROP = "-D_FORTIFY_SOURCE"


def compiled_files(build):
    """{file: the flags it is compiled with} of the project's own files."""
    commands = json.loads((build / "compile_commands.json").read_text(encoding="utf-8"))
    ours = set(sources.c_files())
    found = {}
    for entry in commands:
        path = (pathlib.Path(entry["directory"]) / entry["file"]).resolve()
        if path in ours:
            found[path] = [flag for flag in shlex.split(entry["command"])
                           if flag.startswith(KEEP) and not flag.startswith(DROP)]
    return found


def common_key():
    """Of all that any file's verdict depends on."""
    version = subprocess.run(["clang-tidy", "--version"], check=True, stdout=subprocess.PIPE).stdout
    key = hashlib.sha256(version + pathlib.Path(__file__).read_bytes())
    for path in [sources.ROOT / ".clang-tidy", *sources.c_files()]:
        if path.suffix != ".c":
            key.update(path.read_bytes())
    return key


def look(build, path, flags, key):
    key.update("\0".join(flags).encode() + path.read_bytes())
    passed = build / "tidy-passed" / key.hexdigest()
    if passed.exists():
        return ""
    done = subprocess.run(["clang-tidy", "--quiet", path, "--", *flags], check=False, cwd=build,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if done.returncode == 0:
        passed.parent.mkdir(exist_ok=True)
        passed.touch()
        return ""
    return done.stdout or f"{path}: clang-tidy failed with {done.returncode}\n"


def main():
    build = pathlib.Path(sys.argv[1]).resolve()
    files, key = compiled_files(build), common_key()
    with concurrent.futures.ThreadPoolExecutor(len(os.sched_getaffinity(0))) as pool:
        looks = [pool.submit(look, build, path, flags, key.copy())
                 for path, flags in sorted(files.items())]
    said = "".join(one.result() for one in looks)
    print(said or f"{len(files)} files are tidy")
    return bool(said) or not files


if __name__ == "__main__":
    sys.exit(main())
