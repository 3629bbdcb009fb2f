# SPDX-License-Identifier: LGPL-2.1-or-later
"""Packages of any suite of Debian or Ubuntu, by apt in a state of its own, which knows nothing of
the machine's and leaves that as it is. Needs no root."""

import os
import pathlib
import shutil
import subprocess

LINKS = {"bin": "usr/bin", "sbin": "usr/sbin", "lib": "usr/lib", "lib64": "usr/lib64"}


# Meson and ninja are in Ubuntu's universe, which its systems have enabled from the start.
COMPONENTS = {"debian": "main", "ubuntu": "main universe"}


class NotToBeHad(Exception):
    """Why something can't be fetched or built, and what to do."""


def mirror(distribution):
    """The address of "debian" or "ubuntu", out of the machine's own configuration of apt."""
    if not shutil.which("apt-get"):
        raise NotToBeHad("packages for the tests are fetched by apt, which is not here: run this "
                         "on Debian")
    command = ["apt-get", "indextargets", "--format", "$(COMPONENT) $(REPO_URI)",
               "Identifier: Packages"]
    listed = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout
    for component, address in (line.split(" ", 1) for line in listed.splitlines()):
        # Security updates, and other people's packages, have mirrors of their own.
        if component == "main" and "security" not in address \
                and address.rstrip("/").rpartition("/")[2] in (distribution, f"{distribution}-ports"):
            return address
    raise NotToBeHad(f"apt's sources name no mirror of {distribution}, from which packages for "
                     "the tests are fetched: add one to /etc/apt/sources.list")


def keyring(distribution):
    return f"/usr/share/keyrings/{distribution}-archive-keyring.gpg"


def fetch(world, distribution, suites, names, root, left_out):
    """Unpacks these packages of the first suite, with all that they depend on in any of the suites,
    into the directory root. World is apt's own directory; left out is what fits these patterns in usr/share.
    A name may end in ":ARCHITECTURE"."""
    add_architectures(world, names)
    prepare(world, distribution, suites)
    unpack(download(world, suites, names), root, left_out)
    apt(world, "clean")


def download(world, suites, names):
    """Returns the archives of these packages of the first suite, and of all that they depend on; they
    are there until apt's "clean"."""
    # An interrupted run may have left some.
    apt(world, "clean")
    apt(world, "update")
    wanted = ["--target-release", suites[0]] if suites[1:] else []
    apt(world, "install", "--download-only", "--no-install-recommends", "--yes", *wanted, *names)
    return sorted((world / "cache/archives").glob("*.deb"))


def download_source(world, distribution, suite, name, directory):
    """Puts the archives of this package of the suite into the directory: upstream's source and the
    distribution's changes of it."""
    prepare(world, distribution, [suite])
    sources = world / "sources.list"
    sources.write_text(sources.read_text(encoding="utf-8").replace("deb ", "deb-src ", 1),
                       encoding="utf-8")
    apt(world, "update")
    # Without the .dsc, which a mirror may lack: apt checks the archives by the list of sources.
    for kind in ("--tar-only", "--diff-only"):
        apt(world, "source", kind, "--only-source", "--download-only", name, directory=directory)


def prepare(world, distribution, suites, source=None):
    """Makes apt's own directory. Source is the mirror and its keyring, if not those of this machine."""
    for name in ("lists/partial", "cache/archives/partial", "state", "parts"):
        (world / name).mkdir(parents=True, exist_ok=True)
    # Nothing is installed there: apt fetches all that a package depends on.
    (world / "status").touch()
    address, keys = source or (mirror(distribution), keyring(distribution))
    lines = [f"deb [signed-by={keys}] {address} {suite} {COMPONENTS[distribution]}\n"
             for suite in suites]
    (world / "sources.list").write_text("".join(lines), encoding="utf-8")


def add_architectures(world, names):
    """Has apt know the architectures that these names end in, beside this machine's."""
    found = sorted({name.partition(":")[2] for name in names if ":" in name})
    own = subprocess.run(["dpkg", "--print-architecture"], stdout=subprocess.PIPE, text=True,
                         check=True).stdout.strip()
    world.mkdir(parents=True, exist_ok=True)
    lines = [f'APT::Architectures {{ "{name}"; }};\n' for name in [own, *found]]
    (world / "apt.conf").write_text("".join(lines), encoding="utf-8")


def apt(world, *arguments, directory=None):
    places = {"Dir::Etc::sourcelist": world / "sources.list",
              "Dir::Etc::sourceparts": world / "parts",
              "Dir::Etc::preferences": "/dev/null", "Dir::Etc::preferencesparts": world / "parts",
              "Dir::State": world / "state", "Dir::State::lists": world / "lists",
              "Dir::State::status": world / "status", "Dir::Cache": world / "cache",
              # Its own user could not write into the directory of the user who runs the tests.
              "APT::Sandbox::User": "root"}
    options = [f"-o{name}={value}" for name, value in places.items()]
    if (world / "apt.conf").exists():
        options.append(f"-c{world / 'apt.conf'}")
    done = subprocess.run(["apt-get", "-qq", *options, *arguments], stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False,
                          cwd=directory)
    if done.returncode:
        raise NotToBeHad(f"apt-get {' '.join(arguments)}: exit {done.returncode}\n{done.stdout}")


def unpack(archives, root, left_out):
    for link, target in LINKS.items():
        (root / target).mkdir(parents=True)
        os.symlink(target, root / link)
    excluded = [f"--exclude=./usr/share/{name}" for name in left_out]
    for package in archives:
        with subprocess.Popen(["dpkg-deb", "--fsys-tarfile", package],
                              stdout=subprocess.PIPE) as archive:
            subprocess.run(["tar", "-x", "-C", root, "--keep-directory-symlink",
                            "--no-same-owner", "--no-same-permissions", *excluded],
                           stdin=archive.stdout, check=True)
        if archive.returncode:
            raise NotToBeHad(f"dpkg-deb can't read {pathlib.Path(package).name}")
