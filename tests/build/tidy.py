#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""clang-tidy over all C files: tidy.py BUILD. A file that passed is not looked at again as long as
neither it nor a header of the project that it includes changed."""

import concurrent.futures
import hashlib
import json
import os
import pathlib
import re
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
    """What the verdict of each file depends on."""
    version = subprocess.run(["clang-tidy", "--version"], check=True, stdout=subprocess.PIPE).stdout
    return hashlib.sha256(version + pathlib.Path(__file__).read_bytes() +
                          (sources.ROOT / ".clang-tidy").read_bytes())


def included_headers(path, headers):
    """The project's headers that the file includes, and those that these include. A header is found
    by its base name: if two have the same one, both count."""
    found, left = set(), [path]
    while left:
        text = left.pop().read_text(encoding="utf-8")
        names = {pathlib.PurePath(name).name
                 for name in re.findall(r'^\s*#\s*include\s*["<]([^">]+)[">]', text, re.MULTILINE)}
        new = {header for header in headers if header.name in names} - found
        found |= new
        left += new
    return sorted(found)


def look(build, path, flags, key, headers):
    for file in [path, *included_headers(path, headers)]:
        key.update(str(sources.relative(file)).encode() + b"\0" + file.read_bytes())
    key.update("\0".join(flags).encode())
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
    headers = [path for path in sources.c_files() if path.suffix == ".h"]
    with concurrent.futures.ThreadPoolExecutor(len(os.sched_getaffinity(0))) as pool:
        looks = [pool.submit(look, build, path, flags, key.copy(), headers)
                 for path, flags in sorted(files.items())]
    said = "".join(one.result() for one in looks)
    print(said or f"{len(files)} files are tidy")
    return bool(said) or not files


if __name__ == "__main__":
    sys.exit(main())
