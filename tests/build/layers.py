#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Each folder of src/ includes only what stands below it, and only one opens /sys, one loads
modules, one knows udev. That it links is the build's own proof; this one names the line."""

import pathlib
import re
import sys

import sources

LOWEST = {"core", "basic"}
FOR_CHOICE = LOWEST | {"index", "policy", "sysfs"}
ALL_LOWER = FOR_CHOICE | {"choice", "guards", "bind", "udev", "tags", "initramfs"}
MAY_USE = {
    "basic": set(),
    "core": {"basic"},
    "index": LOWEST,
    "policy": LOWEST,
    "initramfs": {"basic"},
    "sysfs": LOWEST,
    "udev": LOWEST,
    "tags": LOWEST | {"udev"},
    "guards": LOWEST | {"sysfs"},
    "bind": LOWEST | {"sysfs", "guards"},
    "choice": FOR_CHOICE,
    "vfio_variant_id": FOR_CHOICE | {"choice"},
    "libvfio-variant": ALL_LOWER,
    "vfio-variant": ALL_LOWER | {"libvfio-variant"},
}
# Any layer may include it, for its enums. The linker keeps its functions out.
PUBLIC_HEADER = "vfio-variant.h"
# No files of one of these include one another in a circle.
WITHOUT_CIRCLE = ("libvfio-variant", "vfio-variant")
MAY_OPEN_SYS = ("sysfs", "guards")
# Who alone may use it.
ONLY_USER = {"libkmod.h": "policy", "libudev.h": "udev", "dlfcn.h": "policy"}
# core is pure: no I/O, no allocation.
CORE_MAY_INCLUDE = {"assert.h", "ctype.h", "errno.h", "limits.h", "stdarg.h", "stdbool.h",
                    "stddef.h", "stdint.h", "string.h"}

INCLUDE = re.compile(r'^\s*#\s*include\s+([<"])([^>"]+)[>"]')
SYSFS_PATH = re.compile(r'"/sys[/"]')
SRC = sources.ROOT / "src"


def folder_of(path):
    return path.relative_to(SRC).parts[0]


def included_folder(path, name):
    """The folder of src/ that a quoted include leads to."""
    for start in (path.parent, SRC, *(folder for folder in SRC.rglob("*") if folder.is_dir()),
                  SRC / "libvfio-variant/include"):
        target = pathlib.Path(start, name).resolve()
        if target.is_file() and SRC in target.parents:
            return folder_of(target)
    return None


def check_quoted(path, name):
    if name == PUBLIC_HEADER:
        return None
    here, there = folder_of(path), included_folder(path, name)
    if there is None:
        # Made by the build: it belongs to no layer.
        return None if name == "config.h" else f"includes {name}, which is nowhere in src/"
    if there != here and there not in MAY_USE[here]:
        return f"{here} may not use {there}"
    return None


def check_system(path, name):
    here = folder_of(path)
    if ONLY_USER.get(name, here) != here:
        return f"only {ONLY_USER[name]} may include {name}"
    if here == "core" and name not in CORE_MAY_INCLUDE:
        return f"core is pure and may not include {name}"
    return None


def check_line(path, line):
    found = INCLUDE.match(line)
    if found:
        check = check_quoted if found[1] == '"' else check_system
        return check(path, found[2])
    if SYSFS_PATH.search(line) and folder_of(path) not in MAY_OPEN_SYS:
        return f"only {' and '.join(MAY_OPEN_SYS)} may open /sys"
    return None


def check_file(path):
    if folder_of(path) not in MAY_USE:
        return [f"{sources.relative(path)}: no layer is called {folder_of(path)}"]
    lines = path.read_text(encoding="utf-8").splitlines()
    wrong = ((number, check_line(path, line)) for number, line in enumerate(lines, 1))
    return [f"{sources.relative(path)}:{number}: {what}" for number, what in wrong if what]


def includes(files):
    """{part: parts}: a part is X.c with X.h. The library's headers are those of its parts."""
    found = {}
    for path in files:
        names = re.findall(r'^#include "(\w[\w-]*)\.h"', path.read_text(encoding="utf-8"), re.M)
        found.setdefault(path.stem, set()).update(set(names) - {path.stem})
    return {part: others & set(found) for part, others in found.items()}


def circles(files):
    """Parts of one directory that include one another, directly or not."""
    graph, wrong = includes(files), []
    for start in graph:
        reached, todo = set(), [*graph[start]]
        while todo:
            part = todo.pop()
            if part not in reached:
                reached.add(part)
                todo += graph[part]
        wrong += [start] * (start in reached)
    return wrong


def check_circles(files):
    for folder in WITHOUT_CIRCLE:
        wrong = circles([path for path in files if folder_of(path) == folder])
        if wrong:
            yield f"src/{folder}: these include one another: {', '.join(wrong)}"


def main():
    files = [path for path in sources.c_files() if SRC in path.parents]
    wrong = [line for path in files for line in check_file(path)] + [*check_circles(files)]
    print("\n".join(wrong) or f"{len(files)} files keep to their layers")
    return bool(wrong) or not files


if __name__ == "__main__":
    sys.exit(main())
