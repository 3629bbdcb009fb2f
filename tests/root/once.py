# SPDX-License-Identifier: LGPL-2.1-or-later
"""Folders that are made once and kept."""

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
