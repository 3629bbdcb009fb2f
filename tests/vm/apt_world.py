# SPDX-License-Identifier: LGPL-2.1-or-later
"""Packages of any Debian suite, by apt in a state of its own, which knows nothing of the machine's
and leaves that as it is. Needs no root."""

import os
import pathlib
import shutil
import subprocess

from cache import digest, locked, make_once

KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg"
LINKS = {"bin": "usr/bin", "sbin": "usr/sbin", "lib": "usr/lib", "lib64": "usr/lib64"}
NOT_UNPACKED = ("doc", "man", "locale", "info", "lintian", "bug")
# A suite that only adds to another one.
BASE_OF = {"bookworm-backports": "bookworm"}


class NotToBeHad(Exception):
    """Why something can't be fetched or built, and what to do."""


def mirror():
    """The address of Debian's archive, out of the machine's own configuration of apt."""
    if not shutil.which("apt-get"):
        raise NotToBeHad("kernels and user lands for the VM are fetched by apt, which is not here: "
                         "run this on Debian")
    command = ["apt-get", "indextargets", "--format", "$(COMPONENT) $(REPO_URI)",
               "Identifier: Packages"]
    listed = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout
    for component, address in (line.split(" ", 1) for line in listed.splitlines()):
        # Security updates, and other people's packages, have mirrors of their own.
        if component == "main" and address.rstrip("/").rpartition("/")[2] == "debian":
            return address
    raise NotToBeHad("apt's sources name no mirror of Debian, from which the kernels and user "
                     "lands for the VM are fetched: add one to /etc/apt/sources.list")


def packages(cache, suite, names):
    """A folder with these packages and what they depend on, unpacked, none of them configured."""
    folder = cache / "packages" / f"{suite}-{digest(*names)}"
    return make_once(folder, lambda unfinished: fetch(cache, suite, names, unfinished))


def fetch(cache, suite, names, root):
    world = cache / "apt" / suite
    with locked(cache / "apt" / f"{suite}.lock"):
        prepare(world, suite)
        apt(world, "update")
        wanted = ["--target-release", suite] if suite in BASE_OF else []
        apt(world, "install", "--download-only", "--no-install-recommends", "--yes", *wanted, *names)
        unpack(sorted((world / "cache/archives").glob("*.deb")), root)
        apt(world, "clean")


def prepare(world, suite):
    for name in ("lists/partial", "cache/archives/partial", "state", "parts"):
        (world / name).mkdir(parents=True, exist_ok=True)
    # Nothing is installed there: apt fetches all that a package depends on.
    (world / "status").touch()
    suites = [suite, BASE_OF[suite]] if suite in BASE_OF else [suite]
    lines = [f"deb [signed-by={KEYRING}] {mirror()} {name} main\n" for name in suites]
    (world / "sources.list").write_text("".join(lines), encoding="utf-8")


def apt(world, *arguments):
    places = {"Dir::Etc::sourcelist": world / "sources.list",
              "Dir::Etc::sourceparts": world / "parts",
              "Dir::Etc::preferences": "/dev/null", "Dir::Etc::preferencesparts": world / "parts",
              "Dir::State": world / "state", "Dir::State::lists": world / "lists",
              "Dir::State::status": world / "status", "Dir::Cache": world / "cache",
              # Its own user could not write into the folder of whoever runs the tests.
              "APT::Sandbox::User": "root"}
    options = [f"-o{name}={value}" for name, value in places.items()]
    done = subprocess.run(["apt-get", "-qq", *options, *arguments], stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    if done.returncode:
        raise NotToBeHad(f"apt-get {' '.join(arguments)}: exit {done.returncode}\n{done.stdout}")


def unpack(archives, root):
    for link, target in LINKS.items():
        (root / target).mkdir(parents=True)
        os.symlink(target, root / link)
    excluded = [f"--exclude=./usr/share/{name}" for name in NOT_UNPACKED]
    for package in archives:
        with subprocess.Popen(["dpkg-deb", "--fsys-tarfile", package],
                              stdout=subprocess.PIPE) as archive:
            subprocess.run(["tar", "-x", "-C", root, "--keep-directory-symlink",
                            "--no-same-owner", "--no-same-permissions", *excluded],
                           stdin=archive.stdout, check=True)
        if archive.returncode:
            raise NotToBeHad(f"dpkg-deb can't read {pathlib.Path(package).name}")
