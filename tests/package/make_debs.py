# SPDX-License-Identifier: LGPL-2.1-or-later
"""Builds the packages of a release of Debian, in a root directory that has the Build-Depends and no more.
Needs no root rights."""

import hashlib
import os
import pathlib
import shutil
import subprocess
import sys

sys.path[:0] = [str(pathlib.Path(__file__).resolve().parent.parent / name)
                for name in ("build", "fresh", "root", "vm")]

# pylint: disable=wrong-import-position
import enter
import sources
from cache import digest
from once import locked, make_once
from system import NotToBeHad, fill

DEBIAN = sources.ROOT / "packaging/debian"
CLONE = "root/vfio-variant"
# Beside the Build-Depends: tools/package reads the commit with git.
TOOLS = ("build-essential", "git", "lintian")
APT = ("env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq", "--yes", "--no-install-recommends")
INSTALL = (*APT, "install")
USER = 1000
# What no package has anything of.
OUTSIDE = ("tests", "libvirt", "HACKING.md", ".ci")


def run(root, *command):
    print("$", *command, flush=True)
    done = subprocess.run(enter.command(root, command), stdin=subprocess.DEVNULL, text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, errors="replace", check=False)
    if done.returncode:
        raise NotToBeHad(f"{' '.join(map(str, command))}: exit {done.returncode}\n{done.stdout[-8000:]}")
    return done.stdout


def build_root(cache, suite, tools=TOOLS):
    """A root directory with what the build needs, made once for each list of it. Its user has locked it."""
    control = (DEBIAN / "control").read_text(encoding="utf-8")
    name = f"build-{digest(control.partition('Package:')[0], *tools)}"
    return make_once(cache / "package" / suite / name,
                     lambda root: make_build_root(cache, suite, tools, root))


def lock_build_root(cache, name):
    return locked(cache / "package" / f"{name}.lock")


def make_build_root(cache, suite, tools, root):
    fill(cache, suite, root)
    shutil.copytree(DEBIAN, root / "tmp/source/debian")
    run(root, "apt-get", "-qq", "update")
    run(root, *APT, "build-dep", "/tmp/source")
    run(root, *INSTALL, *tools)
    run(root, "apt-get", "clean")


def clone(target):
    """The files of the working tree, as the only commit of a repository."""
    shutil.rmtree(target, ignore_errors=True)
    sources.copy_to(target)
    name = ["-c", "user.name=package", "-c", "user.email=package@localhost"]
    for command in (["init", "--quiet"], ["add", "--all"], [*name, "commit", "--quiet", "-m", "package"]):
        subprocess.run(["git", "-C", target, *command], check=True,
                       env={**os.environ, "GIT_COMMITTER_DATE": "@1700000000"})


def build(root, name, kind="deb", by=()):
    """Returns the directory with what tools/package made, run by the command BY, which changes to USER."""
    clone(root / name)
    (root / name / "build-package").mkdir()
    # The clone is another user's, and git refuses such repositories.
    run(root, "git", "config", "--global", "--replace-all", "safe.directory", "*")
    if by:
        run(root, "chown", "-R", f"{USER}:{USER}", f"/{name}")
    run(root, *by, f"/{name}/tools/package", kind, f"/{name}/build-package")
    return root / name / "build-package"


def debs(directory):
    return sorted(path for path in directory.glob("*.deb") if "-dbgsym" not in path.name)


def digest_of_sources():
    """Of the files that the packages are made of."""
    found = [path for path in sources.everything()
             if path.relative_to(sources.ROOT).parts[0] not in OUTSIDE and not path.is_symlink()]
    return digest(*(f"{sources.relative(path)} {hashlib.sha256(path.read_bytes()).hexdigest()}"
                    for path in found))


def provide_build(cache, suite):
    """The directory with what tools/package makes of the working tree, made once for each state of it."""
    def make(directory):
        with lock_build_root(cache, suite):
            shutil.copytree(build(build_root(cache, suite), CLONE), directory, dirs_exist_ok=True)

    return make_once(cache / "package" / suite / f"debs-{digest_of_sources()}", make)
