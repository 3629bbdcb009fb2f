# SPDX-License-Identifier: LGPL-2.1-or-later
"""Reads the file `system` of a machine: what a recording of its devices does not have.

"#" in the first column begins a comment. What there is, one a line:

    modules FILE                    the module directory, as tests/trees/module-tree describes one; FILE
                                    is beside `system`, or as written from there. Without it: none;
                                    a `directory /usr/lib/modules/6.12.0` would be one without an index
    loaded MODULE [BUS:DRIVER]...   a module that is loaded, and its drivers
    address INTERFACE PREFIX        a network interface that is up and has this address
    directory PATH                     a directory that is there
    file PATH                       a file, of the lines that follow, indented by four blanks
    program PATH                    the same, which can be run
    link PATH TARGET                a symbolic link
    missing PATH                    a file that is not there, though other machines have it
"""

import pathlib

INDENT = "    "


class Wrong(Exception):
    """What is wrong with the file: a message for a person."""


class Description:
    """What a `system` says."""

    def __init__(self):
        self.modules = None
        self.loaded = []
        self.addresses = []
        self.directories = []
        self.files = {}
        self.programs = []
        self.links = {}
        self.missing = set()
        self.pending = {}

    def take(self, directory, word, rest):
        """One line. Returns the path of the file that the lines after it belong to, or None."""
        if word == "modules" and len(rest) == 1:
            self.modules = (directory / rest[0]).resolve()
        elif word == "loaded" and rest:
            self.loaded.append((rest[0], rest[1:]))
        elif word == "address" and len(rest) == 2:
            self.addresses.append(tuple(rest))
        elif word == "directory" and len(rest) == 1:
            self.directories.append(rest[0].lstrip("/"))
        elif word == "link" and len(rest) == 2:
            self.links[rest[0].lstrip("/")] = rest[1]
        elif word == "missing" and len(rest) == 1:
            self.missing.add(rest[0].lstrip("/"))
        elif word in ("file", "program") and len(rest) == 1:
            path = rest[0].lstrip("/")
            self.files[path] = ""
            if word == "program":
                self.programs.append(path)
            return path
        else:
            raise Wrong(f"no line of a system: {word} {' '.join(rest)}")
        return None

    def add_to(self, path, line):
        """Blank lines count between others, and not after the last."""
        lines = self.pending.pop(path, "") + line + "\n"
        if line:
            self.files[path] += lines
        else:
            self.pending[path] = lines


def read(path):
    description, file = Description(), None
    for line in pathlib.Path(path).read_text(encoding="utf-8").splitlines():
        if file and (line.startswith(INDENT) or not line):
            description.add_to(file, line[len(INDENT):])
        elif line and not line.startswith("#"):
            word, *rest = line.split()
            file = description.take(path.parent, word, rest)
    return description
