# SPDX-License-Identifier: LGPL-2.1-or-later
"""The guest's root file system: cpio archives, one after the other, which the kernel unpacks into
its first file system. The first one, of packages and modules, is kept; the second one is ours."""

import os
import shutil
import stat
import subprocess

from cache import LINKS, NotToBeHad, digest, make_once, packages

# systemd for its journal in each guest, and as PID 1 in some. Newer ones load the libraries by
# dlopen, so that nothing depends on them.
# busybox's own shell would run its depmod and modprobe before kmod's: hence dash.
PACKAGES = ("udev", "systemd", "kmod", "dash", "busybox-static", "util-linux", "libkmod2",
            "libblkid1", "libjson-c5", "libmount1", "libseccomp2", "libselinux1", "libsmartcols1")
# What a scenario may have beside that (`# packages: libvirt`).
MORE_PACKAGES = {"libvirt": ("libvirt-daemon-system", "libvirt-clients", "qemu-system-x86", "dbus"),
                 "driverctl": ("driverctl", "bash", "coreutils")}
SUITE_OF_UDEV = {"bookworm": 252, "bookworm-backports": 254, "trixie": 257, "sid": 262}
# The distribution's hwdb has 10 MB that no test reads.
LEFT_OUT = ("usr/share", "usr/lib/udev/hwdb.d", "usr/lib/x86_64-linux-gnu/gconv", "var", "usr/include")
# libvirt and QEMU read their data in usr/share. libvirt starts each QEMU program to see what it can do.
LEFT_OUT_OF = {"libvirt": (*(name for name in LEFT_OUT if name != "usr/share"),
                           "usr/bin/qemu-system-i386", "usr/bin/qemu-system-amd64",
                           "usr/bin/qemu-system-x86_64-microvm", "usr/bin/mdevctl")}
EMPTY_DIRECTORIES = ("dev", "proc", "sys", "run", "tmp", "root", "mnt", "var/lib", "etc/udev/hwdb.d",
                 "etc/modprobe.d")


def base_image(cache, suite, kernel, more=None):
    """The archive of what doesn't change: the suite's user land, with more of MORE_PACKAGES, and the
    kernel's modules."""
    root = packages(cache, suite, PACKAGES + MORE_PACKAGES.get(more, ()))
    left_out = LEFT_OUT_OF.get(more, LEFT_OUT)
    name = f"{root.name}-{kernel.modules.name}-{digest(*left_out)}"
    directory = make_once(cache / "images" / name,
                          lambda unfinished: write_base(root, kernel.modules, left_out,
                                                        unfinished / "base.cpio"))
    return directory / "base.cpio"


class SmallGuest:
    """A guest whose only file system is the first one of the kernel."""

    kernel_line = ("rdinit=/init",)

    def __init__(self, cache, suite, kernel, scenario, files, build, directory):
        self.image = directory / "image.cpio"
        write_image(base_image(cache, suite, kernel, scenario.packages), build, files, self.image)

    def options(self):
        return ["-initrd", self.image]

    def save(self):
        """Nothing of it outlives a boot."""

    restore = save

    def remove(self):
        self.image.unlink()


def write_base(root, modules, left_out, path):
    with open(path, "wb") as file:
        archive = Archive(file)
        for name in EMPTY_DIRECTORIES:
            archive.add_directory(name)
        archive.add_tree(root, left_out)
        archive.add_tree(modules)
        archive.add_link("usr/bin/sh", "dash")
        archive.finish()


def write_image(base, build, files, path):
    """The whole image at path: base, what `meson install` of build installs, and more files, of
    which each has a name in the guest."""
    installed = path.with_suffix(".installed")
    shutil.rmtree(installed, ignore_errors=True)
    command = ["meson", "install", "-C", build, "--no-rebuild", "--quiet", "--destdir", installed]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                          check=False)
    if done.returncode:
        raise NotToBeHad(f"meson install of {build}: exit {done.returncode}; is it built?\n"
                         f"{done.stdout}")
    shutil.copyfile(base, path)
    with open(path, "ab") as file:
        archive = Archive(file)
        archive.add_tree(installed)
        for name, source in files.items():
            archive.add_file(name, source)
        archive.finish()
    shutil.rmtree(installed)


class Archive:
    """Writes the format "newc" of cpio (kernel: Documentation/driver-api/early-userspace/
    buffer-format.rst). All belongs to root, for any user that writes it."""

    def __init__(self, file):
        self.file = file
        self.known = set()
        self.number = 0

    def add_tree(self, root, left_out=()):
        for directory, directories, names in os.walk(root):
            inside = os.path.relpath(directory, root)
            inside = "" if inside == "." else inside + "/"
            directories[:] = sorted(name for name in directories if inside + name not in left_out)
            for name in sorted(directories + [name for name in names if inside + name not in left_out]):
                self.add(inside + name, os.path.join(directory, name))

    def add(self, name, source):
        if os.path.islink(source):
            self.add_link(name, os.readlink(source))
        elif os.path.isdir(source):
            self.add_directory(name)
        elif os.path.isfile(source):
            self.add_file(name, source)

    def add_link(self, name, target):
        self.write(name, stat.S_IFLNK | 0o777, os.fsencode(target))

    def add_directory(self, name):
        self.write(name, stat.S_IFDIR | 0o755, b"")

    def add_file(self, name, source):
        mode = 0o755 if os.access(source, os.X_OK) else 0o644
        with open(source, "rb") as file:
            self.write(name, stat.S_IFREG | mode, file.read())

    def write(self, name, mode, content):
        """An entry, and before it the directories that it lies in."""
        name = self.merged(name)
        if name in self.known or name in LINKS and stat.S_ISDIR(mode):
            return
        above = os.path.dirname(name)
        if above:
            self.add_directory(above)
        self.known.add(name)
        self.write_entry(name, mode, content)

    @staticmethod
    def merged(name):
        """/lib is a link to /usr/lib in the guest: the kernel would put a directory in its place."""
        top, slash, rest = name.partition("/")
        return LINKS.get(top, top) + slash + rest if slash else name

    def write_entry(self, name, mode, content):
        text = os.fsencode(name) + b"\0"
        self.number += 1
        fields = [self.number, mode, 0, 0, 1, 0, len(content), 0, 0, 0, 0, len(text), 0]
        header = b"070701" + b"".join(b"%08X" % field for field in fields) + text
        self.file.write(padded(header) + padded(content))

    def finish(self):
        self.write_entry("TRAILER!!!", 0, b"")


def padded(content):
    return content + bytes(-len(content) % 4)
