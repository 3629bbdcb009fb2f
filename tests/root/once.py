# SPDX-License-Identifier: LGPL-2.1-or-later
"""Directories that are made once and kept."""

import contextlib
import fcntl
import shutil


@contextlib.contextmanager
def locked(path):
    """Two runs at a time are usual: the second one waits, and finds what the first one made."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path, "w", encoding="ascii") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def make_once(directory, make):
    """Returns the directory, filled by make(directory) the first time; it is whole or not there."""
    with locked(directory.with_name(directory.name + ".lock")):
        if not directory.exists():
            unfinished = directory.with_name(directory.name + ".new")
            shutil.rmtree(unfinished, ignore_errors=True)
            unfinished.mkdir(parents=True)
            make(unfinished)
            unfinished.rename(directory)
    return directory
