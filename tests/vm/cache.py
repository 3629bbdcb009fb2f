# SPDX-License-Identifier: LGPL-2.1-or-later
"""The folder that keeps what was fetched and built from one run to the next."""

import contextlib
import fcntl
import hashlib
import os
import pathlib
import shutil


def default_folder():
    """Outside of the build folder: a new build needs no new downloads."""
    named = os.environ.get("VFIO_VARIANT_VM_CACHE")
    home = os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache"
    return pathlib.Path(named or pathlib.Path(home, "vfio-variant-vm")).absolute()


def digest(*parts):
    """A short name for what something is made of: another recipe makes another folder."""
    text = "\0".join(str(part) for part in parts)
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def digest_of_files(folder):
    """The same of all files of a folder, by name and content."""
    files = sorted(path for path in folder.iterdir() if path.is_file())
    return digest(*(part for path in files for part in (path.name, path.read_bytes())))


@contextlib.contextmanager
def locked(path):
    """Two runs at a time are usual: the second one waits, and finds what the first one made."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path, "w", encoding="ascii") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def make_once(folder, make):
    """Returns the folder, filled by make(folder) the first time; it is whole or not there."""
    with locked(folder.with_name(folder.name + ".lock")):
        if not folder.exists():
            unfinished = folder.with_name(folder.name + ".new")
            shutil.rmtree(unfinished, ignore_errors=True)
            unfinished.mkdir(parents=True)
            make(unfinished)
            unfinished.rename(folder)
    return folder
