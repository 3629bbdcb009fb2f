# SPDX-License-Identifier: LGPL-2.1-or-later
"""Devices: those that this machine has, and those that no machine has at one time.

The latter are a directory that looks like /sys as far as udev looks. libsystemd takes it for /sys
where SYSTEMD_DEVICE_VERIFY_SYSFS=0 says so.
"""

import os
import pathlib

VERIFY_SYSFS = {"SYSTEMD_DEVICE_VERIFY_SYSFS": "0"}


class Device:
    """A device below a sysfs: a directory, known by its devpath."""

    def __init__(self, sys_tree, devpath):
        self.directory = pathlib.Path(f"{sys_tree}{devpath}")
        self.devpath = devpath
        self.sysname = devpath.rpartition("/")[2]

    def uevent(self):
        """The properties that the kernel sends with each uevent of the device."""
        subsystem = os.path.basename(os.readlink(self.directory / "subsystem"))
        lines = (self.directory / "uevent").read_text(encoding="utf-8").splitlines()
        return {"SUBSYSTEM": subsystem, **dict(line.split("=", 1) for line in lines)}

    def is_bridge(self):
        """By the class that the device itself says, not by what the rules look at."""
        return (self.directory / "class").read_text(encoding="ascii").startswith("0x06")


def real_devices(bus="pci"):
    """This machine's devices on a bus."""
    return [Device("/sys", str(link.resolve())[len("/sys"):])
            for link in sorted(pathlib.Path("/sys/bus", bus, "devices").glob("*"))]


class MadeSys:
    """A directory that is /sys to udev."""

    def __init__(self, directory):
        self.directory = directory
        (directory / "devices").mkdir(parents=True)
        (directory / "kernel").mkdir()

    def add(self, devpath, subsystem, uevent, **attributes):
        """Makes a device on a bus; uevent: its properties, attributes: its files."""
        bus = self.directory / "bus" / subsystem
        device = self.make(devpath, bus, bus / "devices", uevent)
        for name, value in attributes.items():
            (device.directory / name).write_text(f"{value}\n", encoding="utf-8")
        return device

    def add_of_class(self, devpath, subsystem, uevent):
        """Makes a device that is on no bus."""
        directory = self.directory / "class" / subsystem
        return self.make(devpath, directory, directory, uevent)

    def make(self, devpath, subsystem, all_devices, uevent):
        """The device, and its link in the directory of all devices of its subsystem."""
        device = Device(self.directory, devpath)
        device.directory.mkdir(parents=True, exist_ok=True)
        all_devices.mkdir(parents=True, exist_ok=True)
        (all_devices / device.sysname).symlink_to(os.path.relpath(device.directory, all_devices))
        (device.directory / "subsystem").symlink_to(os.path.relpath(subsystem, device.directory))
        text = "".join(f"{key}={value}\n" for key, value in uevent.items())
        (device.directory / "uevent").write_text(text, encoding="utf-8", errors="surrogateescape")
        return device

    def add_pci(self, place, vendor, product, pci_class, sub=(0, 0)):
        """Makes a PCI device; place: its sysname, after those of the bridges above it."""
        sysname = place.rpartition("/")[2]
        modalias = (f"pci:v{vendor:08X}d{product:08X}sv{sub[0]:08X}sd{sub[1]:08X}"
                    f"bc{pci_class >> 16:02X}sc{pci_class >> 8 & 255:02X}i{pci_class & 255:02X}")
        # As drivers/pci/pci-driver.c writes them: the class without leading zeros.
        uevent = {"PCI_CLASS": f"{pci_class:04X}", "PCI_ID": f"{vendor:04X}:{product:04X}",
                  "PCI_SUBSYS_ID": f"{sub[0]:04X}:{sub[1]:04X}", "PCI_SLOT_NAME": sysname,
                  "MODALIAS": modalias}
        attributes = {"modalias": modalias, "vendor": f"0x{vendor:04x}",
                      "device": f"0x{product:04x}", "class": f"0x{pci_class:06x}"}
        return self.add(f"/devices/pci0000:00/{place}", "pci", uevent, **attributes)

    @staticmethod
    def link_physfn(function, physical):
        """What the kernel does just after the add event of a virtual function."""
        (function.directory / "physfn").symlink_to(f"../{physical.sysname}")
