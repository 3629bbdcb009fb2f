# SPDX-License-Identifier: LGPL-2.1-or-later
"""The surroundings of the helper as udev calls it: directories of an ordinary host, an environment.

In namespaces of its own the machine has the module directory, the modprobe.d directories, the kernel
command line and the device of an ordinary host, instead of what it really has, at the places where the
helper looks. Where a machine allows no namespace the helper is told the directories by options.
"""

import os
import pathlib
import subprocess
import sys

from cost import find, run

HERE = pathlib.Path(__file__).resolve().parent
ETC, LIB = HERE / "host/etc/modprobe.d", HERE / "host/usr/lib/modprobe.d"
# Where kmod reads modprobe.d too, and an ordinary host has nothing.
EMPTY = ("/run/modprobe.d", "/usr/local/lib/modprobe.d")

COMMAND_LINE = ("BOOT_IMAGE=/boot/vmlinuz-6.12.0-amd64 "
                "root=UUID=0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9 ro quiet splash "
                "intel_iommu=on iommu=pt default_hugepagesz=1G hugepages=16\n")


class Device:
    """A PCI function, and what udev knows of it when it asks for the answer."""

    def __init__(self, slot, numbers, names, physfn=None):
        vendor, product, sub, classes = numbers
        self.devpath = f"/devices/pci0000:00/0000:00:1c.4/{slot}"
        self.head = f"pci:v{vendor:08X}d{product:08X}"
        self.modalias = (f"{self.head}sv{sub[0]:08X}sd{sub[1]:08X}"
                         f"bc{classes[0]:02X}sc{classes[1]:02X}i{classes[2]:02X}")
        self.physfn = physfn
        self.environment = {
            "ACTION": "add", "DEVPATH": self.devpath, "SUBSYSTEM": "pci",
            "PCI_CLASS": f"{classes[0]:X}{classes[1]:02X}{classes[2]:02X}",
            "PCI_ID": f"{vendor:04X}:{product:04X}",
            "PCI_SUBSYS_ID": f"{sub[0]:04X}:{sub[1]:04X}", "PCI_SLOT_NAME": slot,
            "MODALIAS": self.modalias, "SEQNUM": "4711", "USEC_INITIALIZED": "9876543",
            "ID_VENDOR_FROM_DATABASE": names[0], "ID_MODEL_FROM_DATABASE": names[1],
            "ID_PCI_CLASS_FROM_DATABASE": "Network controller",
            "ID_PCI_SUBCLASS_FROM_DATABASE": "Ethernet controller",
        }


PLAIN = Device("0000:04:00.0", (0x8086, 0x10D3, (0x8086, 0xA01F), (2, 0, 0)),
               ("Intel Corporation", "82574L Gigabit Network Connection"))
VARIANT = Device("0000:3b:00.1", (0x15B3, 0x101E, (0x15B3, 0x0023), (2, 0, 0)),
                 ("Mellanox Technologies", "ConnectX Family mlx5Gen Virtual Function"),
                 "0000:3b:00.0")


# --- namespaces


def namespaces():
    """What to put before a command so that its mounts are its own; None where that can't be."""
    unshare = find("unshare")
    ways = [[unshare, "--user", "--map-root-user", "--mount"]]
    if os.geteuid() == 0:
        ways.append([unshare, "--mount"])
    for way in ways:
        if subprocess.run([*way, "true"], stderr=subprocess.DEVNULL, check=False).returncode == 0:
            return way
    return None


def mount_namespace():
    return os.readlink("/proc/self/ns/mnt")


def run_inside(program, *arguments):
    """Runs a Python program in namespaces of its own, where they are available; returns its status.
    Its first argument says in which mount namespace we are, so that it never mounts anything here.
    """
    command = [*(namespaces() or []), sys.executable, "-B", str(program), mount_namespace(),
               *map(str, arguments)]
    return subprocess.run(command, stdin=subprocess.DEVNULL, check=False).returncode


def real_place(directory):
    parent, name = os.path.split(directory)
    return os.path.join(os.path.realpath(parent), name)


def mount(*words):
    run([find("mount"), *words])


def make_mount_point(place, scratch):
    """Has a directory at place, where the machine has none."""
    if os.path.isdir(place):
        return
    parent, name = os.path.split(place)
    layer = scratch / ("layer" + place.replace("/", "-"))
    (layer / name).mkdir(parents=True)
    mount("-t", "overlay", "overlay", "-o", f"lowerdir={layer}:{parent}", parent)


# --- the host


class Host:
    """The directories of an ordinary host."""

    def __init__(self, outside, scratch):
        self.scratch = scratch
        self.notes = []
        self.tree = None
        self.is_own = self.make(outside)

    def make(self, outside):
        """Mounts the directories. Returns whether the helper finds all at its default places."""
        try:
            if outside == mount_namespace():
                raise RuntimeError("unshare(1) is refused here")
            self.mount_directories()
        except (RuntimeError, OSError) as error:
            self.notes.append(f"No namespace with the directories of an ordinary host: {error}")
            self.notes.append("The helper is told its directories by options instead.")
            return False
        for step, what in ((self.mount_command_line, "kernel command line"),
                           (self.mount_devices, "devices")):
            try:
                step()
            except (RuntimeError, OSError):
                self.notes.append(f"With this machine's {what}, not an ordinary host's.")
        return True

    def mount_directories(self):
        nothing, modules = self.scratch / "nothing", self.scratch / "modules"
        nothing.mkdir()
        (modules / os.uname().release).mkdir(parents=True)
        # Later ones win: on most hosts /lib is /usr/lib.
        contents = {real_place("/usr/lib/modprobe.d"): nothing,
                    **{directory: nothing for directory in EMPTY if os.path.isdir(directory)},
                    real_place("/etc/modprobe.d"): ETC, real_place("/lib/modprobe.d"): LIB,
                    real_place("/lib/modules"): modules}
        for place in contents:
            make_mount_point(place, self.scratch)
        for place, content in contents.items():
            mount("--bind", content, place)

    def mount_command_line(self):
        file = self.scratch / "cmdline"
        file.write_text(COMMAND_LINE, encoding="ascii")
        mount("--bind", file, "/proc/cmdline")

    def mount_devices(self):
        top = self.scratch / "sys"
        for device in (PLAIN, VARIANT):
            directory = top / device.devpath.lstrip("/")
            directory.mkdir(parents=True)
            (directory / "modalias").write_text(device.modalias + "\n", encoding="ascii")
            if device.physfn:
                (directory / "physfn").symlink_to(f"../{device.physfn}")
        mount("--bind", top / "devices", "/sys/devices")

    def use(self, tree):
        """Makes this module directory the running kernel's."""
        if self.is_own:
            place = f"/lib/modules/{os.uname().release}"
            if self.tree:
                run([find("umount"), place])
            mount("--bind", tree, place)
        self.tree = tree

    def helper_options(self):
        if self.is_own:
            return []
        return [f"--modules-dir={self.tree}", f"--modprobe-dir={ETC}", f"--modprobe-dir={LIB}"]

    def directories(self):
        """The same for lookups.c, which takes but one directory of modprobe.d."""
        return [] if self.is_own else [self.tree, ETC]

    @staticmethod
    def configuration():
        return sorted([*ETC.iterdir(), *LIB.iterdir()])

    def files(self):
        """That the helper reads, and the directories that it lists."""
        index = ("modules.alias.bin", "modules.builtin.alias.bin", "modules.dep.bin")
        return [ETC, LIB, *self.configuration(), "/proc/cmdline",
                *(os.path.join(self.tree, name) for name in index)]

    def describe(self):
        files = self.configuration()
        size = sum(path.stat().st_size for path in files)
        return f"modprobe.d: {len(files)} files, {size:,} bytes"
