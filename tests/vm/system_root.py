# SPDX-License-Identifier: LGPL-2.1-or-later
"""The root directory of a Debian system, as apt installs it: kernel, initramfs image, systemd, and nothing
of ours. Needs no root rights."""

import pathlib
import subprocess
import sys

sys.path[:0] = [str(pathlib.Path(__file__).resolve().parent.parent / name) for name in ("fresh", "root")]

# pylint: disable=wrong-import-position
import enter
from cache import NotToBeHad, digest, make_once
from system import fill

# libjson-c5 so that apt needs no network for our packages. systemd of sid does not depend on mount.
PACKAGES = ("linux-image-{release}", "systemd-sysv", "udev", "kmod", "mount", "e2fsprogs", "zstd", "libjson-c5")
NOT_UNPACKED = ("".join(f"path-exclude=/usr/share/{name}/*\n" for name in ("doc", "man", "locale")) +
                "path-include=/usr/share/doc/*/examples/*\n")
# What takes seconds of each boot, and has nothing to do with devices.
MASKED = ("apt-daily.timer", "apt-daily-upgrade.timer", "dpkg-db-backup.timer", "e2scrub_all.timer",
          "e2scrub_reap.service", "fstrim.timer", "getty.target", "serial-getty@ttyS0.service")
FSTAB = "/dev/vda / ext4 errors=remount-ro 0 1\n"


def run(root, *command):
    done = subprocess.run(enter.command(root, ["env", "DEBIAN_FRONTEND=noninteractive", *command]),
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          text=True, errors="replace", check=False)
    if done.returncode:
        raise NotToBeHad(f"{' '.join(map(str, command))}, in {root}: exit {done.returncode}\n"
                         f"{done.stdout[-8000:]}")
    return done.stdout


def system_root(cache, suite, release, names):
    """The directory with PACKAGES and the packages NAMES; made once for each list of them."""
    wanted = [name.format(release=release) for name in (*PACKAGES, *names)]
    return make_once(cache / "systems" / f"{suite}-{digest(*wanted, NOT_UNPACKED, FSTAB, *MASKED)}",
                     lambda root: install_system(cache, suite, wanted, root))


def install_system(cache, suite, names, root):
    fill(cache, suite, root)
    (root / "etc/dpkg/dpkg.cfg.d/small").write_text(NOT_UNPACKED, encoding="ascii")
    run(root, "apt-get", "-qq", "update")
    run(root, "apt-get", "-qq", "--yes", "--no-install-recommends", "install", *names)
    run(root, "apt-get", "clean")
    run(root, "systemctl", "--quiet", "mask", *MASKED)
    (root / "etc/fstab").write_text(FSTAB, encoding="ascii")
