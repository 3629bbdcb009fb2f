# SPDX-License-Identifier: LGPL-2.1-or-later
"""A root directory in which nothing is installed but the essential packages and apt, as in a minimal
container. Needs no root rights."""

import pathlib
import re
import shutil
import subprocess

import apt_world
import enter

# Without usr-is-merged apt would choose the other package that init-system-helpers of bookworm may
# depend on, which brings all of Perl.
PACKAGES = ("?and(?essential,?architecture({architecture}))", "apt",
            "?and(?name(^usr-is-merged$),?architecture({architecture}))")

# The system is thrown away after use: no write has to reach the disk.
DPKG_OPTIONS = "force-unsafe-io\n"

# A single-user namespace has no user for apt to change to, see enter.py.
APT_OPTIONS = 'APT::Sandbox::User "root";\n'

# invoke-rc.d: no package may start a service here.
POLICY = "#!/bin/sh\nexit 101\n"

# How a host is found, and how a mirror by HTTPS is known: apt depends on no package for that.
NETWORK_FILES = ("resolv.conf", "hosts", "ssl/certs/ca-certificates.crt")


def output_of(*command):
    return subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout


def make_apt_root(world, suite, root):
    """Fills the empty directory root with this suite. World has been made by apt_world.prepare()."""
    architecture = output_of("dpkg", "--print-architecture").strip()
    archives = apt_world.download(world, [suite], [name.format(architecture=architecture)
                                                   for name in PACKAGES])
    apt_world.unpack(archives, root, ())
    # No package has been configured so far, and dpkg doesn't know of any: it installs all again.
    write(root / "var/lib/dpkg/status", "")
    write(root / "etc/dpkg/dpkg.cfg.d/unsafe-io", DPKG_OPTIONS)
    write(root / "usr/sbin/policy-rc.d", POLICY).chmod(0o755)
    names = [shutil.copy(path, root / "tmp") for path in archives]
    run(root, ["dpkg", "--install", "--force-depends",
               *(f"/tmp/{pathlib.Path(name).name}" for name in names)])
    for name in names:
        pathlib.Path(name).unlink()
    apt_world.apt(world, "clean")
    return root


def let_network_in(root):
    """Has programs in root find hosts as those of this machine do."""
    for name in NETWORK_FILES:
        if pathlib.Path("/etc", name).exists():
            copy = root / "etc" / name
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.unlink(missing_ok=True)
            shutil.copy(pathlib.Path("/etc", name), copy)


def let_apt_in(world, root):
    """Has apt in root reach the mirror as apt of this machine does. For each run again: the machine's
    settings may have changed."""
    acquire = [line for line in output_of("apt-config", "dump").splitlines()
               if line.startswith("Acquire::")]
    write(root / "etc/apt/apt.conf.d/00machine", "\n".join([*acquire, APT_OPTIONS]))
    sources = (world / "sources.list").read_text(encoding="utf-8")
    for key in set(re.findall(r"signed-by=([^]]+)", sources)):
        copy = "/usr/share/keyrings/" + pathlib.Path(key).name
        sources = sources.replace(key, copy)
        if not (root / copy.lstrip("/")).exists():
            shutil.copy(key, root / copy.lstrip("/"))
    write(root / "etc/apt/sources.list", sources)


def write(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def run(root, command):
    done = subprocess.run(enter.command(root, command), stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    if done.returncode:
        raise apt_world.NotToBeHad(f"{command[0]}, in {root}: exit {done.returncode}\n{done.stdout}")
