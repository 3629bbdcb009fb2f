# SPDX-License-Identifier: LGPL-2.1-or-later
"""A guest that boots from a disk: an installed Debian system with our package in it, installed by apt."""

import os
import pathlib
import shutil
import subprocess
import sys

sys.path.append(str(pathlib.Path(__file__).resolve().parent.parent / "package"))

# pylint: disable=wrong-import-position
from cache import NotToBeHad
from make_debs import DEBIAN, debs, provide_build
from system_root import run, system_root

# An ordinary user's PATH on Debian lacks the directory of mke2fs.
PATH = f"{os.environ['PATH']}:/usr/sbin:/sbin"
UPDATE_DONE = "usr/lib/systemd/systemd-update-done"
SPARE_SIZE = 400 << 20
# What the root directory has for apt alone: no script of a package may start a service there.
FOR_APT = ("usr/sbin/policy-rc.d", "etc/apt/apt.conf.d/00machine")


class InstalledGuest:
    """The disk, which outlives a boot, and what QEMU needs to boot from it."""

    kernel_line = ("root=/dev/vda", "ro", "systemd.unit=vm-scenario.service")

    def __init__(self, cache, suite, kernel, scenario, files, directory):
        self.release, self.directory = kernel.release, directory
        self.disk, self.saved = directory / "disk", directory / "disk.before"
        root = directory / "root"
        base = system_root(cache, suite, kernel.release, scenario.installed)
        subprocess.run(["cp", "-a", "--reflink=auto", base, root], check=True)
        add_modules(root, kernel)
        add_ours(root, debs(provide_build(cache, suite)))
        for name, source in files.items():
            copy_to(source, root / name)
        run(root, "/vm/prepare")
        self.write_disk(root)
        shutil.rmtree(root)

    def write_disk(self, root):
        for name in FOR_APT:
            (root / name).unlink()
        # Otherwise the first boot makes caches of all that was installed. Debian 12 does not have it.
        if (root / UPDATE_DONE).exists():
            run(root, "/" + UPDATE_DONE)
        mapped = [] if os.geteuid() == 0 else ["unshare", "--map-root-user"]
        size = (size_of(root) + SPARE_SIZE) >> 10
        say("mke2fs", "-q", "-t", "ext4", "-m", "0", "-d", root, self.disk, f"{size}k", before=mapped)

    def save(self):
        """Keeps the disk as it is before a boot, for another try of the same boot."""
        subprocess.run(["cp", "--sparse=always", self.disk, self.saved], check=True)

    def restore(self):
        subprocess.run(["cp", "--sparse=always", self.saved, self.disk], check=True)

    def options(self):
        """With the initramfs image that is on the disk now."""
        image = self.directory / "initrd"
        image.unlink(missing_ok=True)
        say("debugfs", "-R", f"dump /boot/initrd.img-{self.release} {image}", self.disk)
        if not image.exists() or not image.stat().st_size:
            raise NotToBeHad(f"the disk has no /boot/initrd.img-{self.release}")
        return ["-initrd", image, "-drive", f"id=root,if=none,format=raw,cache=unsafe,file={self.disk}",
                "-device", "virtio-blk-pci,drive=root,addr=2"]

    def remove(self):
        for path in (self.disk, self.saved, self.directory / "initrd"):
            path.unlink(missing_ok=True)


def say(*command, before=()):
    done = subprocess.run([*before, *command], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, check=False, env={**os.environ, "PATH": PATH})
    if done.returncode:
        raise NotToBeHad(f"{command[0]}: exit {done.returncode}\n{done.stdout}")


def size_of(root):
    return sum(os.lstat(os.path.join(directory, name)).st_size + 4096
               for directory, directories, names in os.walk(root) for name in (*directories, *names))


def copy_to(source, target):
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(source, target)


def add_modules(root, kernel):
    """Our variant drivers, where DKMS puts modules of others."""
    updates = root / "usr/lib/modules" / kernel.release / "updates"
    shutil.copytree(kernel.modules / "lib/modules" / kernel.release / "updates", updates)
    run(root, "depmod", kernel.release)


def add_ours(root, archives):
    """Our packages, and what autopkgtest reads of the source package."""
    shutil.copytree(DEBIAN, root / "vm/source/debian")
    for path in archives:
        copy_to(path, root / "vm/debs" / path.name)
    [ours] = (path.name for path in archives if path.name.startswith("vfio-variant_"))
    run(root, "apt-get", "-q", "--yes", "install", f"/vm/debs/{ours}")
