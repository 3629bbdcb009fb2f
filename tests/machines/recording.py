# SPDX-License-Identifier: LGPL-2.1-or-later
"""Reads what `umockdev-record` writes: devices, their properties, attributes and links.

    P: /devices/pci0000:00/0000:00:02.0     the devpath; a blank line ends the device
    N: vfio/devices/vfio0                   its node below /dev ("=" and its content may follow)
    S: disk/by-id/...                       a link to that
    E: KEY=value                            a property, the kernel's and udev's alike
    A: name=value                           an attribute; "\\n", "\\\\", "\\033" are what they are in C
    H: name=hex                             the same, of bytes
    L: name=target                          a link in the device's directory
"""

import os
import re

# What the kernel itself says of a device, in its `uevent`; all other properties are of udev.
OF_KERNEL = {"DEVMODE", "DEVNAME", "DEVPATH", "DEVTYPE", "DISKSEQ", "DRIVER", "IFINDEX", "INTERFACE",
             "MAJOR", "MINOR", "MODALIAS", "PCI_CLASS", "PCI_ID", "PCI_SLOT_NAME", "PCI_SUBSYS_ID",
             "SUBSYSTEM"}

ESCAPES = {b"b": b"\b", b"f": b"\f", b"n": b"\n", b"r": b"\r", b"t": b"\t", b"v": b"\v"}


class Recorded:
    """A device as it was recorded."""

    def __init__(self, devpath):
        self.devpath = devpath
        self.node = None
        self.properties = {}
        self.attributes = {}
        self.links = {}

    @property
    def sysname(self):
        return self.devpath.rpartition("/")[2]

    @property
    def subsystem(self):
        return self.properties["SUBSYSTEM"]

    def uevent(self):
        """What stands in the file of that name: the subsystem does not, it is a link."""
        return {key: value for key, value in self.properties.items()
                if key in OF_KERNEL - {"SUBSYSTEM", "DEVPATH"}}

    def of_udev(self):
        """What is in udev's database."""
        return {key: value for key, value in self.properties.items() if key not in OF_KERNEL}

    def is_bridge(self):
        return self.attributes.get("class", b"").startswith(b"0x06")


def unescaped(text):
    """As g_strescape() of GLib made it, which umockdev-record uses."""
    def meant(match):
        escape = match[1]
        return bytes([int(escape, 8)]) if escape.isdigit() else ESCAPES.get(escape, escape)
    return re.sub(rb"\\([0-7]{1,3}|.)", meant, text.encode("utf-8", "surrogateescape"))


def take_line(device, kind, text):
    name, _, value = text.partition("=")
    if kind == "N":
        device.node = name
    elif kind == "E":
        device.properties[name] = value
    elif kind == "A":
        device.attributes[name] = unescaped(value)
    elif kind == "H":
        device.attributes[name] = bytes.fromhex(value)
    elif kind == "L":
        device.links[name] = value
    elif kind != "S":
        raise ValueError(f"no line of umockdev-record begins with {kind!r}")


def parse(data):
    """The devices of a recording, sorted by devpath, so that each is ahead of those below it."""
    devices = {}
    device = None
    for line in data.decode("utf-8", "surrogateescape").split("\n"):
        kind, separator, text = line.partition(": ")
        if not line:
            device = None
        elif not separator or (device is None) != (kind == "P"):
            raise ValueError(f"not as umockdev-record writes it: {line!r}")
        elif kind == "P":
            device = devices.setdefault(text, Recorded(text))
        else:
            take_line(device, kind, text)
    return [devices[devpath] for devpath in sorted(devices, key=lambda path: path.split("/"))]


def read(path):
    with open(path, "rb") as file:
        return parse(file.read())


def differences(here, there):
    """What differs between two lists of devices, in words."""
    before, after = ({device.devpath: device for device in devices} for devices in (here, there))
    for devpath in sorted({*before, *after}):
        one, other = before.get(devpath), after.get(devpath)
        if not one or not other:
            yield f"{devpath}: only {'after' if other else 'before'}"
            continue
        for name, value in vars(one).items():
            if value != vars(other)[name]:
                yield f"{devpath}: {name}: {value!r}, then {vars(other)[name]!r}"


def is_on_bus(device):
    """All else is of a class. As umockdev does not say which, the buses that are met are here."""
    return (device.subsystem in ("pci", "cdx", "virtio", "platform", "usb", "scsi", "ap", "acpi")
            or f"/bus/{device.subsystem}/" in device.links.get("driver", ""))


def link_end(device, name):
    """Where a link of the device leads, from the top of /sys; None where there is none."""
    if name not in device.links:
        return None
    return os.path.normpath(f"{device.devpath}/{device.links[name]}").lstrip("/")
