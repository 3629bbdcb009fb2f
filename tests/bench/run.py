#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The benchmark: makes the indexes to measure in, then calls measure.py.

    run.py BUILD_DIR [--quick] [--kernel DIR] [--before BUILD_DIR] [--json FILE]
    run.py BUILD_DIR --guard

tools/bench calls it. It prints each number beside its limit. Without --guard it asserts nothing;
with it, it counts page faults, system calls and growth, in made indexes, and fails if one is above
its limit.
"""

import argparse
import json
import pathlib
import subprocess
import sys
import tempfile

import trees
from cost import Missing
from host import run_inside

HERE = pathlib.Path(__file__).resolve().parent
# What depmod wants for 2,700,000 aliases, and as much again for the machine to breathe.
LARGE_KIB = 7 * 1024 * 1024


def available_kib():
    with open("/proc/meminfo", encoding="ascii") as lines:
        words = dict(line.split()[:2] for line in lines)
    return int(words["MemAvailable:"])


class Indexes:
    """The directories of the indexes, by name, and the sizes of the made ones."""

    def __init__(self, cache):
        self.cache, self.root = cache, cache / "made"
        self.directories = {"usual": trees.make(self.root, "27000", trees.describe(100, 1))}
        self.sizes = {}

    def add_real(self, arguments):
        """The real one, and its name in words."""
        real = trees.RealTree(self.cache, arguments.kernel, not arguments.quick)
        self.directories.update(real=real.directory or self.directories["usual"], what=real.what)

    def add_growth(self, is_small):
        """One a hundred times larger than the other."""
        small = self.directories["usual"]
        large = None if is_small else trees.make(self.root, "2700000", trees.describe(100, 100))
        if is_small:
            small, large = trees.make(self.root, "270", trees.describe(1, 1)), small
        self.directories.update(small=small, large=large)
        self.sizes["large"] = 27_000 if is_small else 2_700_000


def parse_arguments():
    parser = argparse.ArgumentParser(description="Measures the helper and the index.")
    parser.add_argument("build", type=pathlib.Path)
    parser.add_argument("--quick", action="store_true", help="fewer runs, smaller indexes")
    parser.add_argument("--kernel", type=pathlib.Path, metavar="DIR",
                        help="measure in the index of this directory, .../lib/modules/VERSION")
    parser.add_argument("--before", type=pathlib.Path, metavar="DIR",
                        help="also measure the build of another commit in DIR, in turn")
    parser.add_argument("--json", type=pathlib.Path, metavar="FILE", help="write each line there")
    parser.add_argument("--guard", action="store_true", help="fail where a limit is passed")
    return parser.parse_args()


def make_indexes(arguments, cache):
    indexes = Indexes(cache)
    if arguments.guard:
        indexes.directories["what"] = "made, 27,000 aliases"
        indexes.add_growth(is_small=True)
    else:
        indexes.add_real(arguments)
        indexes.add_growth(is_small=arguments.quick or available_kib() < LARGE_KIB)
    return indexes


def main():
    arguments = parse_arguments()
    build = arguments.build.resolve()
    cache = build / ("guard-trees" if arguments.guard else "bench-trees")
    cache.mkdir(exist_ok=True)
    try:
        indexes = make_indexes(arguments, cache)
    except (Missing, RuntimeError) as error:
        sys.exit(f"bench: {error}")
    plan = {"build": build, "quick": arguments.quick, "guard": arguments.guard,
            "before": arguments.before and arguments.before.resolve(),
            "json": arguments.json and arguments.json.resolve(), "trees": indexes.directories,
            "sizes": indexes.sizes}
    # Of this process, which has none of the other's mounts, and can delete it when they are gone.
    with tempfile.TemporaryDirectory(prefix="vfio-variant-bench-") as scratch:
        file = pathlib.Path(scratch, "plan.json")
        file.write_text(json.dumps(plan, default=str), encoding="utf-8")
        status = run_inside(HERE / "measure.py", scratch, file)
    if not arguments.guard and not arguments.quick:
        builds = [build, arguments.before.resolve()] if arguments.before else [build]
        subprocess.run([HERE / "functions.py", *(one / "src/vfio-variant/vfio-variant" for one in builds),
                        "--properties", build / "tests/bench/properties"], check=False)
    return status


if __name__ == "__main__":
    sys.exit(main())
