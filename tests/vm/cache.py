# SPDX-License-Identifier: LGPL-2.1-or-later
"""The directory that keeps what was fetched and built from one run to the next."""

import hashlib
import os
import pathlib
import sys

sys.path.append(str(pathlib.Path(__file__).resolve().parent.parent / "root"))

# pylint: disable=wrong-import-position
from apt_world import LINKS, NotToBeHad, fetch
from once import locked, make_once

__all__ = ["LINKS", "NotToBeHad", "default_directory", "digest", "digest_of_files", "make_once",
           "packages"]

# A suite that only adds to another one.
BASE_OF = {"bookworm-backports": "bookworm"}
NOT_UNPACKED = ("doc", "man", "locale", "info", "lintian", "bug")


def default_directory():
    """Outside of the build directory: a new build needs no new downloads."""
    named = os.environ.get("VFIO_VARIANT_VM_CACHE")
    home = os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache"
    return pathlib.Path(named or pathlib.Path(home, "vfio-variant-vm")).absolute()


def digest(*parts):
    """A short name for what something is made of: another recipe makes another directory."""
    text = "\0".join(str(part) for part in parts)
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def digest_of_files(directory):
    """The same of all files of a directory, by name and content."""
    files = sorted(path for path in directory.iterdir() if path.is_file())
    return digest(*(part for path in files for part in (path.name, path.read_bytes())))


def packages(cache, suite, names):
    """A directory with these packages and what they depend on, unpacked, none of them configured."""
    directory = cache / "packages" / f"{suite}-{digest(*names)}"
    return make_once(directory, lambda unfinished: fetch_suite(cache, suite, names, unfinished))


def fetch_suite(cache, suite, names, root):
    """One run at a time has apt's lists of a suite, which are fetched once."""
    suites = [suite, BASE_OF[suite]] if suite in BASE_OF else [suite]
    with locked(cache / "apt" / f"{suite}.lock"):
        fetch(cache / "apt" / suite, "debian", suites, names, root, NOT_UNPACKED)
