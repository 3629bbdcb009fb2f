#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Two builds of the same sources in different directories give the same helper, byte by byte."""

import os
import pathlib
import re
import subprocess
import sys
import tempfile

import sources

PROGRAM = "src/vfio_variant_id/vfio_variant_id"
# Where the sources lie and where they are built, in directories of different length and depth, once
# inside and once outside; and what else differs from machine to machine.
PLACES = [("a", "a/build", {"LC_ALL": "C", "TZ": "UTC", "SOURCE_DATE_EPOCH": "1"}),
          ("some/where/deeper", "out", {"LC_ALL": "C.UTF-8", "TZ": "Asia/Tokyo", "USER": "another"})]

# ccache takes an object of one directory for the same source in another, with the debug information of
# the first: meson uses it where it is installed.
NO_CACHE = {"CCACHE_DISABLE": "1"}


def helper_built(source, build, environment):
    sources.copy_to(source)
    for command in (["meson", "setup", build, source, "-Dtests=disabled"],
                    ["meson", "compile", "-C", build, pathlib.Path(PROGRAM).name]):
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stdin=subprocess.DEVNULL,
                       env={**os.environ, **environment, **NO_CACHE})
    return (build / PROGRAM).read_bytes()


def main():
    with tempfile.TemporaryDirectory() as directory:
        top = pathlib.Path(directory)
        first, second = [helper_built(top / source, top / build, environment)
                         for source, build, environment in PLACES]
    if first == second:
        print(f"both builds are the same {len(first)} bytes")
        return 0
    first_strings, second_strings = (set(re.findall(rb"[ -~]{6,}", program))
                                     for program in (first, second))
    print("the builds differ; in the one but not in the other, and the reverse:")
    print(sorted(first_strings - second_strings)[:20], sorted(second_strings - first_strings)[:20])
    return 1


if __name__ == "__main__":
    sys.exit(main())
