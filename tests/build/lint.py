#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""One look at all files of a kind: lint.py layout|shell|python|man|head|version|reuse BUILD. Prints what is wrong."""

import ast
import pathlib
import re
import subprocess
import sys

import sources

# The head of a file: the license, right at the top.
HEAD_LINES = 3
LICENSE = re.compile(rb"SPDX-License-Identifier: (LGPL-2\.1-or-later|CC0-1\.0|GPL-2\.0-only)\b")


def output_of(command):
    """What the command says; its exit status counts as an answer as well."""
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False,
                          text=True, errors="replace")
    if done.returncode and not done.stdout:
        return f"{command[0]} failed with {done.returncode}"
    return done.stdout


def layout():
    return output_of(["clang-format", "--dry-run", "-Werror", *sources.c_files()])


def shell():
    return output_of(["shellcheck", "-x", *sources.scripts("sh", "bash"), *sources.sourced_scripts()])


def python():
    """Syntax of the oldest version we run on; the tests run it, so no more is needed."""
    wrong, programs = [], set(sources.scripts("python3"))
    for path in sources.all_files():
        if path.suffix != ".py" and path not in programs:
            continue
        try:
            ast.parse(path.read_text(encoding="utf-8"), feature_version=(3, 9))
        except SyntaxError as error:
            wrong.append(f"{sources.relative(path)}:{error.lineno}: {error.msg}")
    return "\n".join(wrong)


def linked_page(path):
    """The name of the page that this one stands for, by a line ".so man7/NAME"; None: it is one."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return lines[-1].rpartition("/")[2] if lines[-1].startswith(".so ") else None


def too_wide(pages):
    """The lines that do not fit a terminal of 80 columns."""
    wide = []
    for page in pages:
        text = output_of(["mandoc", "-T", "ascii", "-O", "width=78", page])
        wide += [f"{page.name}: too wide: {line}" for line in re.sub(".\x08", "", text).splitlines()
                 if len(line) > 80]
    return "\n".join(wide)


def man():
    """The pages of the sources, and in BUILD those that are made of the header."""
    generated = sorted(pathlib.Path(sys.argv[2], "man").glob("*.3"))
    if not generated:
        return f"there is no page in {sys.argv[2]}/man"
    pages = [path for path in sources.all_files() if re.fullmatch(r"\.[1-9]", path.suffix)] + generated
    own = [path for path in pages if not linked_page(path)]
    nowhere = [f"{path.name} leads to {linked_page(path)}, which is no page here"
               for path in pages if path not in own
               and linked_page(path) not in [page.name for page in own]]
    # One page at a time: what a page sets in groff would be in effect for the next one.
    by_groff = "".join(output_of(["groff", "-t", "-ww", "-man", "-Tutf8", "-z", path]) for path in own)
    return "\n".join(nowhere) + by_groff + output_of(["mandoc", "-T", "lint", *own]) + too_wide(own)


def has_head(path):
    # debian/copyright has the license of the packaging, whose formats have no place for it.
    if path == sources.ROOT / "LICENSE" or path.parent == sources.ROOT / "LICENSES" or sources.ROOT / "packaging/debian" in path.parents:
        return True
    # What has no place for a comment (a fuzzer's seed) is covered by its directory.
    for beside in (path, path.with_name(path.name + ".license"), path.with_name("README.md")):
        if beside.is_file():
            with open(beside, "rb") as text:
                if LICENSE.search(b"".join(text.readlines(1024)[:HEAD_LINES])):
                    return True
    return False


def head():
    return "\n".join(f"{sources.relative(path)}: no SPDX-License-Identifier in its first "
                     f"{HEAD_LINES} lines" for path in sources.all_files() if not has_head(path))


def version():
    """meson.build has the version. The other files that have it must have the same."""
    def first(name, pattern):
        return re.search(pattern, (sources.ROOT / name).read_text(encoding="utf-8"), re.M)[1]

    wanted = first("meson.build", r"^ +version: '(.*)'")
    found = {"NEWS": first("NEWS", r"^Changes in (\S+)"),
             "packaging/debian/changelog": first("packaging/debian/changelog", r"^vfio-variant \((.*)-")}
    return "\n".join(f"{name}: the version is {other}, but meson.build has {wanted}"
                     for name, other in found.items() if other != wanted)


def reuse():
    """Each file has a license and a copyright, and LICENSES has their texts."""
    done = subprocess.run(["reuse", "--root", sources.ROOT, "lint"], stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, check=False, text=True)
    return done.stdout if done.returncode else ""


LOOKS = {"layout": layout, "shell": shell, "python": python, "man": man, "head": head, "version": version,
         "reuse": reuse}

if __name__ == "__main__":
    complaints = LOOKS[sys.argv[1]]()
    print(complaints)
    sys.exit(bool(complaints))
