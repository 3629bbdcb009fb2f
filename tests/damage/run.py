#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Damages a small index in all the ways there are, and adds up what that did.

    run.py library|main|helper PROGRAM HELPER DESCRIPTION [--sample N]

PROGRAM is the compiled damage.c, HELPER vfio_variant_id. "library" and "main" call functions in
PROGRAM's process: those that look up, and main() of the helper. "helper" runs HELPER. DESCRIPTION is
the tree. Each case is tried in both orders of nodes that depmod writes, with and without the text
files. --sample takes every Nth case only.
"""

import argparse
import collections
import concurrent.futures
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
sys.dont_write_bytecode = True  # the source directory stays as it is
sys.path += [str(HERE), str(HERE.parent / "trees")]
# pylint: disable=wrong-import-position
import module_tree
import trie_file

# modules.builtin.modinfo is no text form: that it is there says that there must be an index of it.
TEXT_FILES = ("modules.alias", "modules.dep", "modules.builtin")
# src/core/name.c: modules that call their driver otherwise
DRIVERS = {"vfio_pci": "vfio-pci", "vfio_cdx": "vfio-cdx"}


def known_names(tree):
    """All names that may be answered: from the text files, which no trie has a part in."""
    paths = [line.partition(":")[0] for name in ("modules.dep", "modules.builtin")
             for line in (tree / name).read_text(encoding="ascii").splitlines()]
    modules = [pathlib.PurePath(path).name.partition(".")[0].replace("-", "_") for path in paths]
    return sorted({*modules, *(DRIVERS.get(module, module) for module in modules)})


def make_variant(tree, directory, preorder, text):
    """A copy of the tree with its nodes in this order, with or without the text files."""
    shutil.copytree(tree, directory, ignore=shutil.ignore_patterns("kernel"))
    for path in directory.glob("*.bin"):
        path.write_bytes(trie_file.write(trie_file.read(path.read_bytes()), preorder))
    if not text:
        for name in TEXT_FILES:
            (directory / name).unlink()


def run_part(arguments, directory, part, parts, names):
    """Every case whose number is part, part + parts... Returns what the program said."""
    modprobe = directory.with_name(directory.name + ".modprobe.d")
    modprobe.mkdir()
    helper = arguments.helper.resolve() if arguments.how == "helper" else arguments.how
    done = subprocess.run([arguments.program.resolve(), directory, modprobe, helper, str(part * arguments.sample),
                           str(parts * arguments.sample), *names],
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                          errors="replace", check=False)
    return done.returncode, done.stdout


def run_variant(arguments, tree, scratch, names, preorder, text):
    """All cases of one variant, on all processors. Returns the counts and the faults."""
    parts = len(os.sched_getaffinity(0))
    directories = [scratch / f"{preorder}-{text}-{part}" for part in range(parts)]
    for directory in directories:
        make_variant(tree, directory, preorder, text)
    with concurrent.futures.ThreadPoolExecutor(parts) as pool:
        runs = [pool.submit(run_part, arguments, directory, part, parts, names)
                for part, directory in enumerate(directories)]
    counts, said = collections.Counter(), []
    for run in runs:
        status, output = run.result()
        lines = output.splitlines()
        words = lines.pop().split() if lines and lines[-1].startswith("cases ") else []
        if not words or status not in (0, 1):
            lines.append(f"damage ended with {status}")
            counts["crashes"] += 1
        counts.update({name: int(value) for name, value in zip(words[::2], words[1::2])})
        said += lines
    return counts, said


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("how", choices=("library", "main", "helper"))
    parser.add_argument("program", type=pathlib.Path)
    parser.add_argument("helper", type=pathlib.Path)
    parser.add_argument("description", type=pathlib.Path)
    parser.add_argument("--sample", type=int, default=1)
    arguments = parser.parse_args()
    total, failed = collections.Counter(), False
    with tempfile.TemporaryDirectory(prefix="vfio-variant-damage-") as scratch:
        scratch = pathlib.Path(scratch)
        tree = scratch / "tree"
        module_tree.make(arguments.description, tree)
        names = known_names(tree)
        for preorder in (False, True):
            for text in (True, False):
                counts, said = run_variant(arguments, tree, scratch, names, preorder, text)
                print("\n".join(said[:20]) + ("\n" if said else "") +
                      f"{'kmod 34' if preorder else 'kmod 33'}, "
                      f"{'with' if text else 'without'} text: " +
                      ", ".join(f"{value} {name}" for name, value in counts.items()), flush=True)
                total += counts
                failed = failed or bool(said)
    print(f"{total['cases']} cases: {total['crashes']} crashes, {total['hangs']} hangs, "
          f"{total['faults']} other faults")
    return failed or total["cases"] == 0 or total["crashes"] + total["hangs"] + total["faults"] > 0


if __name__ == "__main__":
    sys.exit(main())
