# SPDX-License-Identifier: LGPL-2.1-or-later
"""A machine that was recorded, as a small root that the tool runs in; HACKING.md tells how one is added.

All of it runs in namespaces (see run.py), in which this process is root.
"""

import errno
import os
import pathlib
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path += [str(HERE.parent / "tool"), str(HERE.parent / "udev")]

# pylint: disable=wrong-import-position
import description
import recording
from devices import MadeSys
from fake_uname import fake_release, put_fake_uname
from room import World
from trees import make_tree
from udevd import mount_proc, run

# Of each machine, with any kernel that the tests run on.
RELEASE = "6.12.0"
UDEVD = "run/udev/control"  # the socket of udevd
NAMES = "usr/lib/udev/hwdb.d/20-pci-vendor-model.hwdb"  # as systemd's file of them

# Device nodes that a process of a recorded machine may have open, in /real: 1:5 and 1:7.
OPEN_NODES = ("zero", "full")

# What a machine that does not say otherwise has there: nothing of the machine that the tests run on.
# Our own rules are installed.
FILES = {
    "proc/cmdline": "quiet\n",
    "proc/cpuinfo": "processor\t: 0\n",
    "proc/self/mountinfo": "22 1 0:20 / / rw shared:1 - tmpfs none rw\n",
    "proc/swaps": "Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n",
    "usr/lib/udev/rules.d/60-vfio-variant.rules": "# as shipped\n",
    "usr/lib/udev/rules.d/70-vfio-variant-bind.rules": "# as shipped\n",
}


class Machine(World):
    """The root; it is made once, and nothing in it is changed."""

    def __init__(self, tool, directory):
        self.description = description.read(directory / "system")
        self.recorded = recording.read(directory / "devices.umockdev")
        super().__init__(tool)
        for interface, prefix in self.description.addresses:
            add_interface(interface, prefix)

    def close(self):
        for interface, _ in self.description.addresses:
            run(["ip", "link", "delete", interface])
        super().close()

    # --- /proc

    def make_proc(self):
        """A directory that leads to the real one but for the files that the machine has its own of."""
        real, made = self.root / "real", self.root / "proc"
        (real / "proc").mkdir(parents=True)
        mount_proc(real)
        for name in OPEN_NODES:
            (real / name).touch()
            run(["mount", "--bind", f"/dev/{name}", real / name])
        own = self.files()
        link_all(real / "proc", made, "/real/proc", {"self", *own})
        link_all(real / "proc/self", made / "self", "/real/proc/self",
                 {os.path.basename(path) for path in own if path.startswith("proc/self/")})
        return real / "proc"

    def files(self):
        """Where any device is known to udev it runs."""
        has_udev = any(device.of_udev() for device in self.recorded)
        files = {**FILES, **({UDEVD: ""} if has_udev else {}), **self.description.files}
        return {path: text for path, text in files.items() if path not in self.description.missing}

    def environment(self, more=None):
        """A tool with a sanitizer: the search for leaks would need processes in /proc."""
        faked = fake_release(RELEASE)
        return {**super().environment(more), **faked,
                "ASAN_OPTIONS": f"{faked['ASAN_OPTIONS']}:detect_leaks=0"}

    # --- what World asks for

    def make_modules(self):
        put_fake_uname(self.root)
        if self.description.modules:
            make_tree(self.root, self.description.modules, RELEASE)

    def reset(self):
        self.sys = MadeSys(self.root / "sys")
        for device in self.recorded:
            self.load(device)
        for module, drivers in self.description.loaded:
            self.load_module(module, drivers)
        for path in self.description.directories:
            (self.root / path).mkdir(parents=True, exist_ok=True)
        for path, text in {**self.files(), NAMES: self.names()}.items():
            (self.root / path).parent.mkdir(parents=True, exist_ok=True)
            (self.root / path).write_text(text, encoding="utf-8", errors="surrogateescape")
        for path, target in self.description.links.items():
            (self.root / path).parent.mkdir(parents=True, exist_ok=True)
            (self.root / path).symlink_to(target)
        for path in self.description.programs:
            (self.root / path).chmod(0o755)
        self.run_inside("systemd-hwdb", "update")

    def names(self):
        """A hwdb file with the names of the devices here, and no other."""
        records = [f"{device.properties['MODALIAS']}\n" + "".join(
            f" {key}={value}\n" for key, value in device.properties.items()
            if key.endswith("_FROM_DATABASE")) for device in self.recorded
                   if "ID_VENDOR_FROM_DATABASE" in device.properties]
        return "\n".join(["# pci.ids\n", *records])

    # --- /sys, /dev and the udev database

    def load(self, recorded):
        add = self.sys.add if recording.is_on_bus(recorded) else self.sys.add_of_class
        device = add(recorded.devpath, recorded.subsystem, recorded.uevent())
        for name, value in recorded.attributes.items():
            (device.directory / name).parent.mkdir(parents=True, exist_ok=True)
            (device.directory / name).write_bytes(value)
        for name, target in recorded.links.items():
            (device.directory / name).parent.mkdir(parents=True, exist_ok=True)
            (device.directory / name).symlink_to(target)
        self.make_link_ends(recorded, device)
        if recorded.node:
            (self.root / "dev" / recorded.node).parent.mkdir(parents=True, exist_ok=True)
            (self.root / "dev" / recorded.node).touch()
        if recorded.of_udev():
            self.write_database(recorded.sysname, recorded.of_udev(), recorded.subsystem)

    def make_link_ends(self, recorded, device):
        """What links lead to that is no device: a driver, and an IOMMU group, which knows of it."""
        driver = recording.link_end(recorded, "driver")
        if driver:
            (self.sys.directory / driver).mkdir(parents=True, exist_ok=True)
        group = recording.link_end(recorded, "iommu_group")
        if group:
            members = self.sys.directory / group / "devices"
            members.mkdir(parents=True, exist_ok=True)
            (members / recorded.sysname).symlink_to(os.path.relpath(device.directory, members))

    def load_module(self, module, drivers):
        directory = self.sys.directory / "module" / module
        directory.mkdir(parents=True)
        (directory / "initstate").write_text("live\n", encoding="ascii")
        for name in drivers:
            driver = self.sys.directory / "bus" / name.replace(":", "/drivers/", 1)
            driver.mkdir(parents=True, exist_ok=True)
            (driver / "module").symlink_to(os.path.relpath(directory, driver))
            (directory / "drivers").mkdir(exist_ok=True)
            (directory / "drivers" / name).symlink_to(os.path.relpath(driver, directory / "drivers"))

    # --- what is asked of it

    def for_guests(self):
        """The devices that are no bridges."""
        return [device.sysname for device in self.recorded
                if device.subsystem in ("pci", "cdx") and not device.is_bridge()]


def link_all(directory, made, target, own):
    """Makes links to all that is in a directory, but for what is the machine's own, and processes."""
    made.mkdir(exist_ok=True)
    for name in os.listdir(directory):
        if not name.isdigit() and name not in own and f"proc/{name}" not in own:
            (made / name).symlink_to(f"{target}/{name}")


def add_interface(name, prefix):
    """An interface of that name in our network namespace; of which kind it is plays no part."""
    try:
        run(["ip", "link", "add", name, "type", "bridge"])
        run(["ip", "address", "add", prefix, "dev", name])
        run(["ip", "link", "set", name, "up"])
    except FileNotFoundError as error:
        raise FileNotFoundError(errno.ENOENT, "install iproute2", "ip") from error
