# SPDX-License-Identifier: LGPL-2.1-or-later
"""Fetches a newer udev than the machine has, for `udevadm verify`, which came with version 254.

By apt, from the mirror that this machine uses, of a later release of the same distribution, and
into a private folder: apt's own state there knows nothing of the machine, nor the reverse.
"""

import os
import pathlib
import shlex
import shutil
import subprocess

# The first release of each distribution, as long-lived as can be, that has 254 or later.
SUITES = {"debian": "trixie", "ubuntu": "noble"}
FOLDERS = ("lists/partial", "cache/archives/partial", "state", "root")
LINKS = {"bin": "usr/bin", "sbin": "usr/sbin", "lib": "usr/lib", "lib64": "usr/lib64"}
# dash: the shell that the tests run scripts with.
PACKAGES = ("udev", "dash")


class NotToBeHad(Exception):
    """Why there is no newer udev, and what to do."""


def fetch(folder):
    """Returns a folder with the unpacked packages; what was fetched before is not fetched again."""
    done = folder / "root"
    if done.exists():
        return done
    world = folder / "unfinished"
    shutil.rmtree(world, ignore_errors=True)
    for name in FOLDERS:
        (world / name).mkdir(parents=True)
    (world / "status").touch()
    (world / "sources.list").write_text(source_line(distribution()), encoding="utf-8")
    apt(world, "update")
    apt(world, "install", "--download-only", "--no-install-recommends", "--yes", *PACKAGES)
    unpack(world)
    (world / "root").rename(done)
    shutil.rmtree(world)
    return done


def distribution():
    release = pathlib.Path("/etc/os-release").read_text(encoding="utf-8")
    for line in shlex.split(release, comments=True):
        if line.startswith("ID=") and line[3:] in SUITES and shutil.which("apt-get"):
            return line[3:]
    raise NotToBeHad("`udevadm verify` needs systemd 254 or later. This machine has an older one, "
                     "and newer packages are fetched by apt on Debian and Ubuntu only: "
                     "run the tests on a newer release")


def source_line(name):
    """One line of sources.list, of the mirror that the machine itself uses."""
    command = ["apt-get", "indextargets", "--format", "$(COMPONENT) $(REPO_URI)",
               "Identifier: Packages"]
    listed = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout
    for component, mirror in (line.split(" ", 1) for line in listed.splitlines()):
        # Security updates, and other people's packages, have mirrors of their own.
        if component == "main" and mirror.rstrip("/").rpartition("/")[2].startswith(name) \
                and "security" not in mirror:
            keys = f"/usr/share/keyrings/{name}-archive-keyring.gpg"
            return f"deb [signed-by={keys}] {mirror} {SUITES[name]} main\n"
    raise NotToBeHad(f"apt's sources name no mirror of {name}: a newer udev can't be fetched")


def apt(world, *arguments):
    places = {"Dir::Etc::sourcelist": world / "sources.list", "Dir::Etc::sourceparts": "-",
              "Dir::Etc::preferences": "-", "Dir::Etc::preferencesparts": "-",
              "Dir::State": world / "state", "Dir::State::lists": world / "lists",
              "Dir::State::status": world / "status", "Dir::Cache": world / "cache",
              # Its own user could not write into the folder of whoever runs the tests.
              "APT::Sandbox::User": "root"}
    options = [f"-o{name}={value}" for name, value in places.items()]
    done = subprocess.run(["apt-get", "-qq", *options, *arguments], stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    if done.returncode:
        raise NotToBeHad(f"apt-get {' '.join(arguments)}: exit {done.returncode}\n{done.stdout}")


def unpack(world):
    root = world / "root"
    for link, target in LINKS.items():
        (root / target).mkdir(parents=True)
        os.symlink(target, root / link)
    for package in sorted((world / "cache/archives").glob("*.deb")):
        with subprocess.Popen(["dpkg-deb", "--fsys-tarfile", package],
                              stdout=subprocess.PIPE) as archive:
            subprocess.run(["tar", "-x", "-C", root, "--keep-directory-symlink",
                            "--no-same-owner", "--exclude=./usr/share/*"],
                           stdin=archive.stdout, check=True)
        if archive.returncode:
            raise NotToBeHad(f"dpkg-deb can't read {package.name}")
