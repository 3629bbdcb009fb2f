# SPDX-License-Identifier: LGPL-2.1-or-later
"""The root directory of a release, in which nothing is installed beyond what its smallest systems have."""

import pathlib
import shutil
import subprocess
import sys

sys.path[:0] = [str(pathlib.Path(__file__).resolve().parent.parent / name) for name in ("root", "vm")]

# pylint: disable=wrong-import-position
from apt_root import let_apt_in, let_network_in, make_apt_root
from apt_world import NotToBeHad, apt, keyring, mirror, prepare
from cache import packages
from once import locked, make_once

SUITES = {"bookworm": "debian", "trixie": "debian", "sid": "debian", "noble": "ubuntu"}
IMAGES = {"fedora": "fedora:latest", "arch": "archlinux:latest"}
RELEASES = (*SUITES, *IMAGES)


class NotTried(Exception):
    """Why this machine cannot have a release."""


def fill(cache, release, root):
    """Fills the directory root with the release, ready to install packages."""
    if release in IMAGES:
        from_image(IMAGES[release], root)
    else:
        from_mirror(cache, release, root)
    let_network_in(root)


def from_mirror(cache, suite, root):
    """Keeps the root as apt made it, before anything was installed in it."""
    place = cache / "fresh" / suite
    world = place / "apt"
    with locked(place / "lock"):
        prepare(world, SUITES[suite], [suite], source_of(cache, suite, world))
        kept = make_once(place / "root", lambda unfinished: make_apt_root(world, suite, unfinished))
        subprocess.run(["cp", "-a", f"{kept}/.", root], check=True)
        let_apt_in(world, root)


def source_of(cache, suite, world):
    """The mirror of a suite, and its keyring."""
    distribution = SUITES[suite]
    try:
        return mirror(distribution), keyring(distribution)
    except NotToBeHad as reason:
        if distribution == "ubuntu":
            source = source_beside_debian(cache)
            prepare(world, distribution, [suite], source)
            if answers(world):
                return source
            reason = f"{reason}; nor is there one beside that of Debian"
        raise NotTried(reason) from None


def source_beside_debian(cache):
    """A host that mirrors Debian often mirrors Ubuntu beside it. Debian has a package of its keyring."""
    try:
        beside = mirror("debian").rstrip("/").rpartition("/")[0]
        keys = packages(cache, "trixie", ["ubuntu-archive-keyring"])
        return f"{beside}/ubuntu", f"{keys}{keyring('ubuntu')}"
    except NotToBeHad as reason:
        raise NotTried(reason) from reason


def answers(world):
    try:
        apt(world, "update")
    except NotToBeHad:
        return False
    return True


def from_image(image, root):
    client = shutil.which("podman") or shutil.which("docker")
    if not client:
        raise NotTried("its container image is fetched by podman or docker, which is not installed")
    container = client_says(client, "create", image, "true").split()[-1]
    try:
        with subprocess.Popen([client, "export", container], stdout=subprocess.PIPE) as archive:
            subprocess.run(["tar", "-x", "-C", root, "--no-same-owner"], stdin=archive.stdout, check=True)
    finally:
        client_says(client, "rm", container)


def client_says(*command):
    done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, text=True, check=False)
    if done.returncode:
        raise NotTried(f"{' '.join(command)}: {done.stderr.strip()}")
    return done.stdout
