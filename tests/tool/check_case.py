# SPDX-License-Identifier: LGPL-2.1-or-later
"""A host and a device with which all is well, and what check finds where one thing is not."""

import json
import os
import pathlib
import shutil

from case import TAG_1, Case, record
from trees import make_tree

HERE = pathlib.Path(__file__).resolve().parent
RELEASE = os.uname().release
IMAGE = f"boot/initrd.img-{RELEASE}"
DEVICE = "0000:3b:00.1"
SYSPATH = "/sys/devices/pci0000:00/0000:3b:00.1"
ANSWER = {"VFIO_VARIANT_DRIVER": "mlx5_vfio_pci", "VFIO_VARIANT_MODULE": "mlx5_vfio_pci",
          "VFIO_VARIANT_ALIAS": "vfio_pci:v000015B3d0000101Esv*sd*bc*sc*i*",
          "VFIO_VARIANT_FALLBACK": "vfio-pci", "VFIO_VARIANT_BIND": "1"}
RULES = ("60-vfio-variant.rules", "70-vfio-variant-bind.rules")
# What lsinitramfs prints of an image without the device's native driver.
LISTED = "kernel/x86/microcode\nusr/lib/modules/6.1/kernel/drivers/nvme/host/nvme.ko.xz\n"
# Of an image in which a hook put the tags.
CLAIMING = "usr/lib/udev/rules.d/70-vfio-variant-claim.rules\n"


class CheckCase(Case):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        make_tree(cls.world.root, HERE / "check.tree")

    def setUp(self):
        super().setUp()
        for name in ("boot", "etc/modprobe.d", "usr/lib/udev/rules.d"):
            shutil.rmtree(self.world.root / name, ignore_errors=True)
        for name in ("lsinitramfs", "lsinitrd", "lsinitcpio"):
            (self.world.root / "usr/bin" / name).unlink(missing_ok=True)
        self.make_host()
        self.make_device()

    def file(self, name, text=""):
        path = self.world.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    def lister(self, name, text):
        """A tool that lists images."""
        self.file(f"usr/bin/{name}", f"#!/bin/sh\n{text}\n").chmod(0o755)

    def lists(self, text):
        self.file("boot/list", text)

    def make_host(self):
        self.file("sys/class/iommu/dmar0/type")
        for name in RULES:
            self.file(f"usr/lib/udev/rules.d/{name}", "# rules\n")
        self.file("run/udev/control")
        self.file(IMAGE)
        self.lister("lsinitramfs", f'[ "$1" = "/{IMAGE}" ] && while read -r x; do echo "$x"; '
                                   'done </boot/list')
        self.lists(LISTED)

    def make_device(self):
        """It is tagged and bound, and udev knows it."""
        self.world.write_hwdb("61-admin.hwdb", record(TAG_1))
        self.know(**ANSWER)
        self.group(DEVICE, 12)
        self.hold("mlx5_vfio_pci")

    def directory(self, sysname=DEVICE):
        return self.world.devices[sysname].directory

    def know(self, sysname=DEVICE, **properties):
        self.world.write_database(sysname, properties)

    def group(self, sysname, number):
        members = self.world.root / f"sys/kernel/iommu_groups/{number}/devices"
        members.mkdir(parents=True, exist_ok=True)
        (members / sysname).symlink_to(os.path.relpath(self.directory(sysname), members))
        link = self.directory(sysname) / "iommu_group"
        link.unlink(missing_ok=True)
        link.symlink_to(os.path.relpath(members.parent, self.directory(sysname)))

    def hold(self, driver, sysname=DEVICE):
        """It is bound to a driver, as the kernel since 6.1 shows it; None: none does."""
        directory = self.directory(sysname)
        (directory / "driver").unlink(missing_ok=True)
        shutil.rmtree(directory / "vfio-dev", ignore_errors=True)
        (self.world.root / "sys/class/vfio-dev").mkdir(parents=True, exist_ok=True)
        if driver:
            self.world.bind_to(sysname, driver)
        if driver and ("vfio" in driver or driver == "nvidia"):
            (directory / "vfio-dev/vfio0").mkdir(parents=True)

    def override(self, text, sysname=DEVICE):
        (self.directory(sysname) / "driver_override").write_text(text + "\n", encoding="utf-8")

    def processor(self, vendor, flags=""):
        """/proc/cpuinfo, of a vendor; None: of none that it names."""
        text = {None: "", "Arm": "CPU implementer\t: 0x41\n"}.get(vendor, f"vendor_id\t: {vendor}\n")
        return self.of_proc("cpuinfo", f"processor\t: 0\n{text}flags\t\t: fpu {flags} lm\n")

    def found(self, *words, status=None, **how):
        """The findings, as "SEVERITY TOPIC DEVICE: MESSAGE; ADVICE" each."""
        done = self.world.run("check", "--json", *words, **how)
        self.assertEqual(done.stderr, b"", words)
        self.assertRegex(done.stdout, rb"\A(?:[ -~]*\n)+\Z")
        found = json.loads(done.stdout)["findings"]
        severities = [one["severity"] for one in found]
        wanted = 5 if "error" in severities else 4 if "warning" in severities else 0
        self.assertEqual(done.returncode, wanted if status is None else status, found)
        for one in found:
            self.assertEqual(list(one), ["severity", "device", "topic", "message", "advice"])
            self.assertTrue(one["message"] and one["advice"])
            # Several devices with the same finding have one line. What a guard says is of one device.
            if one["device"]:
                self.assertNotRegex(one["message"], r"^(it|its|this)\b(?! is (a bridge|the display))")
        return ["{severity} {topic} {device}: {message}; {advice}".format(**one) for one in found]

    def assert_found(self, *patterns, words=(), **how):
        """Just these, in this order."""
        found = self.found(*words, **how)
        self.assertEqual(len(found), len(patterns), found)
        for one, pattern in zip(found, patterns):
            self.assertRegex(one, pattern)
