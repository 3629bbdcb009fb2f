# SPDX-License-Identifier: LGPL-2.1-or-later
"""Builds a small root directory: a few programs, the shared libraries they need, and nothing else.

    from small_root import build_small_root
    build_small_root(dest, ["udevadm", "/usr/lib/systemd/systemd-udevd"], ["libkmod.so.2"])

Everything lies under dest at the path that it has on the source system, and each symbolic
link on the way there (/lib -> usr/lib, libkmod.so.2 -> libkmod.so.2.4.0) is a link again,
so that `chroot dest` finds what the source system finds. May be called again for the same
dest: what is there stays, what is missing comes in.
"""

import errno
import os
import pathlib
import re
import shutil
import subprocess

PROGRAM_DIRECTORIES = ("usr/bin", "usr/sbin", "bin", "sbin")
LIBRARY_DIRECTORIES = ("usr/lib/*-linux-*", "usr/lib64", "usr/lib", "lib/*-linux-*", "lib64", "lib")
LOADERS = ("lib64/ld-*.so.*", "lib/ld-*.so.*", "lib/*-linux-*/ld-*.so.*")
LINKS_IN_ONE_PATH = 40  # as many as the kernel follows (MAXSYMLINKS in include/linux/namei.h)


def build_small_root(dest, programs, libraries=(), source="/"):
    """Copies programs and libraries from source to dest, with all libraries that they need.

    programs: paths as seen inside source ("/usr/bin/udevadm"), or names, which are looked up
    in the usual directories (no PATH: an admin's own wrapper there is no part of a test).
    libraries: sonames or paths of what programs dlopen, and ldd therefore doesn't name.
    source: the system to take them from; another than "/" is, say, a directory of unpacked
    packages, and its own loader then says what is needed (see inside()).
    Raises FileNotFoundError where something is not there.
    """
    source, dest = pathlib.Path(source), pathlib.Path(dest)
    copy_top_links(source, dest)
    wanted = [find_program(source, name) for name in programs]
    wanted += [find_library(source, name) for name in libraries]
    for path in wanted:
        for needed in [path, *needed_libraries(source, path)]:
            copy_path(source, dest, needed)


def find_program(source, name):
    """The path inside source of a program: a name is looked up, a path taken as it is."""
    return find_one(source, PROGRAM_DIRECTORIES, name)


def find_library(source, name):
    """The path inside source of a shared library: a soname is looked up, a path taken as it is."""
    # The machine's own architecture first: a Debian may have libraries of others too.
    own = f"{os.uname().machine}-linux-gnu"
    return find_one(source, (f"usr/lib/{own}", f"lib/{own}", *LIBRARY_DIRECTORIES), name)


def find_one(source, directories, name):
    if "/" in name:
        return name
    for directory in [found for pattern in directories for found in sorted(source.glob(pattern))]:
        # lexists: an absolute link inside source is good, regardless of what the host has there.
        if os.path.lexists(directory / name):
            return "/" + str((directory / name).relative_to(source))
    raise FileNotFoundError(errno.ENOENT, "not installed, or not in the usual directories", name)


def find_loader(source):
    """The path inside source of the dynamic loader."""
    for pattern in LOADERS:
        for path in sorted(source.glob(pattern)):
            return "/" + str(path.relative_to(source))
    raise FileNotFoundError(errno.ENOENT, "no dynamic loader in", str(source))


def needed_libraries(source, path):
    """The paths of all libraries that an ELF file needs, loader included, as the loader says."""
    if not is_elf(real_file(source, path)):
        return []  # a script or data: its interpreter is the caller's to name
    # The loader itself rather than ldd: that one is a bash script, often not in source.
    command = [find_loader(source), "--list", path]
    if source != pathlib.Path("/"):
        command = [*inside(source), *command]
    listing = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                             text=True, check=False).stdout
    missing = re.findall(r"^\s*(\S+) => not found|^(\S+): error while loading", listing, re.M)
    if missing:
        raise FileNotFoundError(errno.ENOENT, f"{path} lacks a library: {listing.strip()}")
    # Either "name => /path (0x...)" or "/path (0x...)"; the vDSO has no path.
    return re.findall(r"(/\S+) \(0x[0-9a-f]+\)$", listing, re.M)


def inside(root):
    """What to put before a command that shall see root as "/".

    An ordinary user needs a user namespace for that, in which it is root.
    """
    mapped = [] if os.geteuid() == 0 else ["--map-root-user"]
    return ["unshare", *mapped, f"--root={root}", "--wd=/"]


def is_elf(path):
    with open(path, "rb") as file:
        return file.read(4) == b"\x7fELF"


def real_file(source, path):
    """Where path inside source ends, with absolute links taken as inside source."""
    return source / path_steps(source, path)[-1]


def copy_top_links(source, dest):
    """Makes /bin -> usr/bin and its like even where no file needs them: scripts name /bin/sh."""
    for name in ("bin", "sbin", "lib", "lib64"):
        if (source / name).is_symlink() and not os.path.lexists(dest / name):
            dest.mkdir(parents=True, exist_ok=True)
            (dest / os.readlink(source / name).lstrip("/")).mkdir(parents=True, exist_ok=True)
            (dest / name).symlink_to(os.readlink(source / name))


def copy_path(source, dest, path):
    """Copies one file to the same path under dest; directories and links on the way are made alike."""
    *links, file = path_steps(source, path)
    for link in links:
        target = dest / link
        target.parent.mkdir(parents=True, exist_ok=True)
        if not target.is_symlink():
            target.symlink_to(os.readlink(source / link))
    target = dest / file
    if not target.exists():
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(source / file, target)


def path_steps(source, path):
    """The links met on the way to path, in order, and at the end the file itself.

    All are relative to source, and none has a link among its directories.
    """
    steps, done, rest = [], pathlib.Path(), list(pathlib.Path(path.lstrip("/")).parts)
    while rest:
        part = rest.pop(0)
        if part == "..":
            done = done.parent
            continue
        done = done / part
        if not (source / done).is_symlink():
            continue
        steps.append(done)
        if len(steps) > LINKS_IN_ONE_PATH:
            raise OSError(errno.ELOOP, os.strerror(errno.ELOOP), path)
        target = os.readlink(source / done)
        rest = list(pathlib.Path(target.lstrip("/")).parts) + rest
        done = pathlib.Path() if target.startswith("/") else done.parent
    if not (source / done).is_file():
        raise FileNotFoundError(errno.ENOENT, "no such file in the source system", path)
    return [*steps, done]
