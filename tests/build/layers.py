#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Each directory of src/ includes only the directories below it, and no files of src/ include one another
in a circle. Only one directory opens /sys, one loads modules, one uses libudev. The linker checks the
layers, too; this test names the line."""

import functools
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
    "vfio_variant_bind": ALL_LOWER | {"libvfio-variant", "vfio-variant"},
}
# Any layer may include it, for its enums. The linker keeps its functions out.
PUBLIC_HEADER = "vfio-variant.h"
MAY_OPEN_SYS = ("sysfs", "guards")
# Who alone may use it.
ONLY_USERS = {"libkmod.h": ["policy"], "libudev.h": ["udev", "vfio_variant_bind"],
              "dlfcn.h": ["policy", "vfio_variant_bind"]}
# core is pure: no I/O, no allocation.
CORE_MAY_INCLUDE = {"assert.h", "ctype.h", "errno.h", "limits.h", "stdarg.h", "stdbool.h",
                    "stddef.h", "stdint.h", "string.h"}

INCLUDE = re.compile(r'^\s*#\s*include\s+([<"])([^>"]+)[>"]')
SYSFS_PATH = re.compile(r'"/sys[/"]')
SRC = sources.ROOT / "src"


def directory_of(path):
    return path.relative_to(SRC).parts[0]


@functools.cache
def by_name():
    """{name: paths} of the files of src/."""
    found = {}
    for path in sources.c_files():
        if SRC in path.parents:
            found.setdefault(path.name, []).append(path)
    return found


def included(path, name):
    """The file of src/ that PATH includes as NAME: its own directory comes first."""
    found = by_name().get(name, [])
    return next((other for other in found if other.parent == path.parent), found[0] if found else None)


def check_quoted(path, name):
    if name == PUBLIC_HEADER:
        return None
    target = included(path, name)
    if target is None:
        return f"includes {name}, which is nowhere in src/"
    here, there = directory_of(path), directory_of(target)
    if there != here and there not in MAY_USE[here]:
        return f"{here} may not use {there}"
    return None


def check_system(path, name):
    here = directory_of(path)
    if here not in ONLY_USERS.get(name, [here]):
        return f"only {' and '.join(ONLY_USERS[name])} may include {name}"
    if here == "core" and name not in CORE_MAY_INCLUDE:
        return f"core is pure and may not include {name}"
    return None


def check_line(path, line):
    found = INCLUDE.match(line)
    if found:
        check = check_quoted if found[1] == '"' else check_system
        return check(path, found[2])
    if SYSFS_PATH.search(line) and directory_of(path) not in MAY_OPEN_SYS:
        return f"only {' and '.join(MAY_OPEN_SYS)} may open /sys"
    return None


def check_file(path):
    if directory_of(path) not in MAY_USE:
        return [f"{sources.relative(path)}: no layer is called {directory_of(path)}"]
    lines = path.read_text(encoding="utf-8").splitlines()
    wrong = ((number, check_line(path, line)) for number, line in enumerate(lines, 1))
    return [f"{sources.relative(path)}:{number}: {what}" for number, what in wrong if what]


def part_of(path):
    """X.c and X.h of one directory are one part."""
    return path.with_suffix("")


def includes(files):
    """{part: the parts that it includes}"""
    found = {}
    for path in files:
        names = re.findall(r'^#include "([^"]+)"', path.read_text(encoding="utf-8"), re.M)
        parts = {part_of(target) for name in names if (target := included(path, name))}
        found.setdefault(part_of(path), set()).update(parts - {part_of(path)})
    return found


def circles(graph):
    """The parts that include themselves by way of others."""
    for start in graph:
        reached, todo = set(), [*graph[start]]
        while todo:
            part = todo.pop()
            if part not in reached:
                reached.add(part)
                todo += graph.get(part, ())
        if start in reached:
            yield start


def check_circles(files):
    found = [sources.relative(part) for part in circles(includes(files))]
    return [f"these include one another: {', '.join(found)}"] if found else []


def main():
    files = [path for path in sources.c_files() if SRC in path.parents]
    wrong = [line for path in files for line in check_file(path)] + [*check_circles(files)]
    print("\n".join(wrong) or f"{len(files)} files keep to their layers")
    return bool(wrong) or not files


if __name__ == "__main__":
    sys.exit(main())
