# SPDX-License-Identifier: LGPL-2.1-or-later
"""Devices for made.py and tags.py: a network card with virtual functions, bridges, and others."""

import os

from devices import VERIFY_SYSFS, MadeSys
from trees import SAMPLE, make_tree
from udevd import CountedHelper, Udevd, make_root, mount_all

MLX5_VF = {"vendor": 0x15B3, "product": 0x101E, "pci_class": 0x020000}
VIRTIO_MODALIAS = "pci:v00001AF4d00001041sv00001AF4sd00001041bc02sc00i00"


class World:
    """A udevd, a helper that is counted, and devices below a made /sys."""

    def __init__(self, build, system, scratch):
        root = scratch / "root"
        make_root(root, build, system)
        make_tree(root, SAMPLE)
        self.root = root
        self.sys = MadeSys(scratch / "sys")
        self.bridges = self.make_bridges()
        self.card, self.functions = self.make_card("0000:3b:00", 3, (0x15B3, 1))
        self.other_card, self.other_functions = self.make_card("0000:5e:00", 1, (0x1590, 2))
        self.others = self.make_others()
        self.cdx = self.make_cdx()
        mount_all(root, self.sys.directory)
        self.counted = CountedHelper(root)
        self.udevd = Udevd(root, VERIFY_SYSFS)

    def make_bridges(self):
        """Host, PCI and ISA bridge, and one whose class is of another kind (060A)."""
        return [self.sys.add_pci(place, 0x8086, 0x3420 + number, pci_class)
                for number, (place, pci_class) in enumerate([
                    ("0000:00:00.0", 0x060000), ("0000:00:1c.0", 0x060400),
                    ("0000:00:1f.0", 0x060100), ("0000:00:1f.1", 0x060A00),
                    ("0000:00:1c.0/0000:3a:00.0", 0x060400)])]

    def make_card(self, slot, count, sub):
        """A physical function and its virtual functions, below two bridges."""
        bridges = "0000:00:1c.0/0000:3a:00.0"
        card = self.sys.add_pci(f"{bridges}/{slot}.0", 0x15B3, 0x101D, 0x020000, sub)
        functions = [self.sys.add_pci(f"{bridges}/{slot}.{number}", **MLX5_VF, sub=sub)
                     for number in range(1, count + 1)]
        return card, functions

    def make_others(self):
        """Devices of the root bus, by a word for each."""
        return {name: self.sys.add_pci(*values) for name, values in {
            "gpu": ("0000:65:00.0", 0x10DE, 0x2342, 0x030200),
            "disk": ("0000:66:00.0", 0x8086, 0x0A54, 0x010802),
            # Not bridges, although there is a 06 in them: an NVSwitch, AHCI, base class 60, a class of 0006.
            "switch": ("0000:67:00.0", 0x10DE, 0x22A3, 0x068000),
            "subclass 06": ("0000:00:17.0", 0x8086, 0xA102, 0x010601),
            "base class 60": ("0000:00:18.0", 0x8086, 0x0601, 0x600400),
            "class 0006": ("0000:00:19.0", 0x0604, 0x0600, 0x000600),
        }.items()}

    def make_cdx(self):
        modalias = "cdx:v10EEd8084sv10EEsd0001c020000"
        return self.sys.add("/devices/platform/axi/cdx-00:00", "cdx", {"MODALIAS": modalias},
                            modalias=modalias)

    def real_answer(self, device):
        """The answer of the helper itself, asked directly and without a pin."""
        environment = {"DEVPATH": device.devpath, **device.uevent()}
        text = self.udevd.run(self.counted.real, environment=environment)
        return dict(line.split("=", 1) for line in text.splitlines())

    def set_physfn(self):
        """Links each virtual function to its physical function, as the kernel does after add."""
        for card, functions in ((self.card, self.functions),
                                (self.other_card, self.other_functions)):
            for function in functions:
                if not os.path.lexists(function.directory / "physfn"):
                    self.sys.link_physfn(function, card)

    def set_driver(self, device, driver):
        """The links that the kernel makes; None: no driver holds the device."""
        link = device.directory / "driver"
        link.unlink(missing_ok=True)
        for held in self.sys.directory.glob(f"bus/pci/drivers/*/{device.sysname}"):
            held.unlink()
        if driver:
            directory = self.sys.directory / "bus/pci/drivers" / driver
            directory.mkdir(parents=True, exist_ok=True)
            link.symlink_to(f"{'../' * (len(device.devpath.split('/')) - 1)}bus/pci/drivers/{driver}")
            (directory / device.sysname).symlink_to(f"../../../..{device.devpath}")
