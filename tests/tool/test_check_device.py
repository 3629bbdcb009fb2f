# SPDX-License-Identifier: LGPL-2.1-or-later
"""check: what it finds of one device."""

import json
import re
import shutil

from case import TAG_1, TAG_ALL, record
from check_case import ANSWER, DEVICE, SYSPATH, CheckCase
from room import MLX5


class Device(CheckCase):
    def test_bridge(self):
        (self.world.devices["0000:00:1c.0"].directory / "config").write_bytes(
            bytes(14) + b"\x01" + bytes(49))
        self.assert_found("note choice 0000:00:1c.0: it is a bridge", words=("0000:00:1c.0",))

    def test_which_are_looked_at(self):
        """Without a name: those that are tagged, by either word, bound, or stray."""
        self.world.add("0000:05:00.0", 0x144D, 0xA80A, 0x010802)
        self.assert_found("warning nvme 0000:05:00.0: bound to no driver instead of nvme.*"
                          "vfio-variant unbind 0000:05:00.0")
        self.hold("nvme", "0000:05:00.0")
        self.assert_found()
        self.know("0000:3b:00.2", VFIO_VARIANT_BIND="1")
        self.assertTrue(any(" 0000:3b:00.2: " in one for one in self.found()))
        self.assertEqual(self.world.run("check", "3b:00.1").returncode, 0)

    def test_one_that_cannot_be_opened(self):
        """The others are looked at."""
        card = self.world.add("0000:06:00.0", 0x144D, 0xA80A, 0x010802)
        (card.directory / "iommu_group").symlink_to("../../../kernel/iommu_groups/\x1b[2J")
        self.hold("vfio-pci")
        self.assert_found("warning device None: 0000:06:00.0 is skipped.*ls -l",
                          f"warning driver {DEVICE}: ")
        self.refused(1, "0000:06:00.0", "check", "0000:06:00.0")

    def test_no_device(self):
        self.world.write_hwdb("61-admin.hwdb", "")
        self.know()
        self.hold(None)
        self.assertEqual(self.done("check"),
                         "no problems found; no device is tagged or bound to a VFIO driver\n")

    def test_named(self):
        done = self.world.run("check", "--json", "eth77", "3b:00.1")
        self.assertEqual((done.returncode, json.loads(done.stdout)), (1, {"findings": []}))
        self.assertIn(b"eth77", done.stderr)
        self.refused(2, "invalid device", "check", "..")
        self.refused(2, "is a modalias, not a device", "check", "pci:v000015B3d0000101E*")
        done = self.world.run("check", "eth77")
        self.assertTrue(done.stdout.endswith(b"; checked the host and no device\n"), done.stdout)

    def test_no_driver_fits(self):
        self.file("etc/modprobe.d/no.conf", "blacklist vfio_pci\n")
        self.group("0000:3b:00.0", 13)
        self.assert_found(r"error choice 0000:3b:00.0: no VFIO driver is usable: vfio_pci \(blacklisted "
                          r"in /etc/modprobe\.d/no\.conf:1\); remove the line if it is not intended",
                          "warning freshness 0000:3b:00.0: not in the udev database yet.*change",
                          words=("3b:00.0",))

    def test_better_one_is_out(self):
        self.file("etc/modprobe.d/no.conf", "blacklist mlx5_vfio_pci\n")
        self.know(**{**ANSWER, "VFIO_VARIANT_DRIVER": "vfio-pci", "VFIO_VARIANT_MODULE": "vfio_pci",
                     "VFIO_VARIANT_ALIAS": "vfio_pci:v*d*sv*sd*bc*sc*i*",
                     "VFIO_VARIANT_FALLBACK": ""})
        self.hold("vfio-pci")
        self.assert_found(f"note blacklist {DEVICE}: mlx5_vfio_pci matches best, but is not used: "
                          r"blacklisted in /etc/modprobe\.d/no\.conf:1; remove the line")
        self.file("etc/modprobe.d/no.conf", "# CIS style\ninstall mlx5-vfio-pci /bin/false\n")
        self.assert_found(f"note blacklist {DEVICE}: mlx5_vfio_pci matches best, but is not used: the "
                          r"install line in /etc/modprobe\.d/no\.conf:2 disables it; remove the line")
        (self.world.root / "etc/modprobe.d/no.conf").unlink()
        for parameter, what in (("module_blacklist", "module_blacklist= on the kernel command line "
                                                     "forbids it"),
                                ("modprobe.blacklist", "blacklisted by modprobe.blacklist= on the "
                                                       "kernel command line")):
            with self.command_line(f"quiet {parameter}=mlx5_vfio_pci"):
                self.assert_found(f"note blacklist {DEVICE}: mlx5_vfio_pci matches best, but is not used: "
                                  f"{what}; remove the parameter if it is not intended, and reboot")
        card = self.world.add("0000:07:00.0", 0x1AF4, 0x1041, 0x020000)
        self.group(card.sysname, 14)
        self.hold("virtio-pci", card.sysname)
        found = self.found("07:00.0")
        self.assertRegex(found[0], "warning module 0000:07:00.0: lost_vfio_pci matches best, but is not a "
                                   "module.*depmod")

    def test_pin(self):
        for pin, why in (("no_such", "there is no such module"), ("mlx5_vfio_pci", None)):
            self.world.write_hwdb("61-admin.hwdb", record(TAG_1, "1", pin))
            self.know(**{**ANSWER, "VFIO_VARIANT_PIN": pin,
                         **({} if why else {"VFIO_VARIANT_ALIAS": ""})})
            patterns = [f"warning pin {DEVICE}: VFIO_VARIANT_PIN is {pin}, .*{why}"] if why else []
            self.assert_found(*patterns)

    def test_value_that_it_cannot_have(self):
        """As a user writes it who has not read the manual."""
        for bind, pin, name in (("yes", None, "BIND"), ("1", "vfio pci", "PIN")):
            self.world.write_hwdb("61-admin.hwdb", record(TAG_1, bind, pin))
            self.assertRegex(self.found()[0], f"warning tag {DEVICE}: VFIO_VARIANT_{name} of {DEVICE} "
                                              "is ignored: its value in the hwdb.*; correct it there, and")

    def test_freshness(self):
        trigger = f"run `udevadm trigger --action=change {SYSPATH}`"
        self.know(**{**ANSWER, "VFIO_VARIANT_DRIVER": "vfio-pci"})
        self.assert_found(f"warning freshness {DEVICE}: the udev database has VFIO_VARIANT_DRIVER="
                          f"vfio-pci, but the module index has mlx5_vfio_pci; {trigger}")
        self.know(VFIO_VARIANT_BIND="1")
        self.assert_found(f"warning freshness {DEVICE}: the udev database has no "
                          "VFIO_VARIANT_DRIVER, but the module index has mlx5_vfio_pci; ")
        (self.world.root / f"run/udev/data/+pci:{DEVICE}").unlink()
        self.assert_found(f"warning freshness {DEVICE}: not in the udev database yet; {trigger}")

    def test_tag(self):
        self.know(**{**ANSWER, "VFIO_VARIANT_BIND": "force"})
        self.assert_found(f"warning tag {DEVICE}: the udev database has VFIO_VARIANT_BIND=force, "
                          "but the hwdb has 1; ")
        self.know(**ANSWER)
        (self.world.root / "etc/udev/hwdb.d/61-admin.hwdb").unlink()
        self.assert_found(f"warning tag {DEVICE}: tagged in the compiled hwdb, but in no hwdb file")

    def test_group(self):
        self.group("0000:3b:00.2", 12)
        self.assert_found()
        self.hold("mlx5_core", "0000:3b:00.2")
        self.assert_found(f"error group {DEVICE}: IOMMU group 12 cannot be assigned to a guest: "
                          "0000:3b:00.2 is bound to mlx5_core.*run `vfio-variant tag --group "
                          f"{DEVICE}` and `vfio-variant bind --group {DEVICE}`$")
        (self.directory("0000:3b:00.2") / "boot_vga").write_text("1\n", encoding="ascii")
        self.assert_found(f"error group {DEVICE}: .*stop this first: it is the display")
        (self.directory("0000:3b:00.2") / "boot_vga").unlink()
        for number in range(3, 7):
            if number > 3:
                self.world.add(f"0000:3b:00.{number}", **MLX5)
            self.group(f"0000:3b:00.{number}", 12)
            self.hold("mlx5_core", f"0000:3b:00.{number}")
        self.assert_found(f"error group {DEVICE}: .*, and 2 more; .*vfio-variant tag --group")
        # Another card's, which may be what the host boots from, is not advised
        self.group("0000:5e:00.1", 12)
        self.hold("ahci", "0000:5e:00.1")
        found = self.found("3b:00.1")[0]
        self.assertRegex(found, f"error group {DEVICE}: .*, and 3 more; .*another slot")
        self.assertNotIn("vfio-variant tag", found)
        self.hold("pci-stub")
        self.assertTrue(any(one.startswith(f"warning group {DEVICE}") for one in self.found("3b:00.1")))

    def companion(self, driver="mlx5_core"):
        """Another function of the card in its group, on a native driver as the device itself."""
        self.group("0000:3b:00.2", 12)
        self.hold(driver, "0000:3b:00.2")
        self.hold("mlx5_core")

    def advice(self):
        """What is advised of the driver."""
        advice, = (one.rpartition("; ")[2] for one in self.found("3b:00.1")
                   if one.startswith(f"warning driver {DEVICE}"))
        return advice

    def test_whole_group(self):
        """Both are on native drivers: one alone would be refused."""
        whole = f"run `vfio-variant bind --group {DEVICE}`"
        self.companion()
        self.assertEqual(self.advice(), whole)
        self.world.write_hwdb("61-admin.hwdb", record(TAG_ALL))
        self.assertEqual(self.advice(), whole)
        self.world.write_hwdb("61-admin.hwdb", record(TAG_1, "force"))
        self.know(**{**ANSWER, "VFIO_VARIANT_BIND": "force"})
        self.assertEqual(self.advice(), f"run `vfio-variant bind --force {DEVICE}`")

    def test_group_that_cannot_be_bound(self):
        """Another member is of another card, in use, a bridge, or has no driver."""
        self.companion()
        other = self.directory("0000:3b:00.2")
        first = "correct the IOMMU group first"
        (other / "boot_vga").write_text("1\n", encoding="ascii")
        self.assertEqual(self.advice(), first)
        (other / "boot_vga").unlink()
        modalias = (other / "modalias").read_text(encoding="ascii")
        (other / "modalias").write_text("usb:v1234\n", encoding="ascii")
        self.assertEqual(self.advice(), first)
        (other / "modalias").write_text(modalias, encoding="ascii")
        self.assertIn("--group", self.advice())
        self.group("0000:5e:00.1", 12)
        self.hold("mlx5_core", "0000:5e:00.1")
        self.assertEqual(self.advice(), first)
        # One that is tagged may be bound, of any card
        self.world.write_hwdb("61-admin.hwdb", record(TAG_ALL))
        self.assertIn("--group", self.advice())

    def test_vmd(self):
        """What is below a controller is in its group."""
        card = self.world.sys.add("/devices/pci0000:5d/0000:5d:05.5/pci10000:00/10000:01:00.0", "pci", {
            "MODALIAS": "pci:v00008086d00000A54sv00008086sd00004702bc01sc08i02",
            "PCI_CLASS": "10802", "PCI_ID": "8086:0A54", "PCI_SLOT_NAME": "10000:01:00.0",
            "PCI_SUBSYS_ID": "8086:4702"})
        self.world.devices[card.sysname] = card
        self.group(card.sysname, 9)
        self.hold("vfio-pci", card.sysname)
        self.group("0000:5e:00.1", 9)
        self.hold("vmd", "0000:5e:00.1")
        self.assertTrue(any(re.match(f"error group {card.sysname}: .*VMD.*0000:5d:05.5 as a whole", one)
                            for one in self.found(card.sysname)))

    def test_no_group(self):
        (self.directory() / "iommu_group").unlink()
        self.assert_found(f"error group {DEVICE}: in no IOMMU group, although.*dmesg")

    def test_not_bound(self):
        bind = f"`vfio-variant bind {DEVICE}`"
        unloaded = ", and mlx5_vfio_pci is not loaded"
        for driver, pattern in (
                (None, f"warning driver {DEVICE}: tagged, but bound to no driver{unloaded}; run "
                       f"{bind}$"),
                ("mlx5_core", f"warning driver .*bound to the native driver mlx5_core{unloaded}; "),
                ("pci-stub", "note driver .*reserved by pci-stub; "),
                ("a\x1b[2Jb\n", r"warning driver .*bound to the native driver a\?\[2Jb\?, ")):
            with self.subTest(driver=driver):
                self.hold(driver)
                self.assert_found(pattern)
        self.hold("mlx5_core")
        self.file("sys/module/mlx5_vfio_pci/initstate", "live\n")
        self.assert_found("warning driver .*bound to the native driver mlx5_core; run")

    def test_pinned_to_the_native_driver(self):
        """The index has no native driver, so that this one has an unusual name."""
        self.world.write_hwdb("61-admin.hwdb", record(TAG_1, pin="vfio-pci"))
        self.know(**{**ANSWER, "VFIO_VARIANT_DRIVER": "vfio-pci", "VFIO_VARIANT_MODULE": "vfio_pci",
                     "VFIO_VARIANT_BIND": "1", "VFIO_VARIANT_PIN": "vfio-pci"})
        self.hold("vfio-pci")
        shutil.rmtree(self.directory() / "vfio-dev")
        found = self.found()
        self.assertTrue(any("VFIO_VARIANT_PIN names the native driver: run `vfio-variant tag "
                            f"{DEVICE}`" in one for one in found), found)
        self.assertFalse(any("vfio-variant bind" in one for one in found), found)

    def test_bound_to_another(self):
        self.hold("vfio-pci")
        self.assert_found(f"warning driver {DEVICE}: bound to the fallback vfio-pci: "
                          "mlx5_vfio_pci failed to bind.*dmesg")
        self.hold("odd_vfio_pci")
        self.assert_found(f"warning driver {DEVICE}: bound to odd_vfio_pci, but "
                          "mlx5_vfio_pci matches best")
        self.hold("nvidia")  # whose parts of a GPU are on it
        self.assert_found(f"note driver {DEVICE}: bound to nvidia")
        self.group("0000:5e:00.1", 15)
        self.know("0000:5e:00.1", **{**ANSWER, "VFIO_VARIANT_BIND": ""})
        self.hold("nvidia", "0000:5e:00.1")
        self.assertEqual(self.found("5e:00.1"), [])

    def test_override(self):
        for text in ("mlx5_vfio_pci", "vfio-pci", "(null)"):
            self.override(text)
            self.assert_found()
        self.override("e1000e")
        self.assert_found(f"warning override {DEVICE}: driver_override is e1000e, so that "
                          "mlx5_vfio_pci cannot bind; ")
        self.group("0000:5e:00.1", 15)
        self.know("0000:5e:00.1", **{**ANSWER, "VFIO_VARIANT_BIND": ""})
        self.override("\x1b[2J", "0000:5e:00.1")
        self.assert_found(r"warning override 0000:5e:00.1: bound to no driver, .*only \?\[2J; "
                          "run `vfio-variant unbind", words=("5e:00.1",))

    def test_in_use(self):
        self.file("sys/module/mlx5_vfio_pci/initstate", "live\n")
        (self.directory() / "boot_vga").write_text("1\n", encoding="ascii")
        self.assert_found()  # the user bound it knowingly
        self.hold("mlx5_core")
        self.assert_found(f"warning in-use {DEVICE}: tagged, but still bound to mlx5_core, because .*is "
                          f"the display.*; .*`vfio-variant bind --force {DEVICE}`")
        self.world.write_hwdb("61-admin.hwdb", record(TAG_1, "force"))
        self.know(**{**ANSWER, "VFIO_VARIANT_BIND": "force"})
        self.assert_found(f"note in-use {DEVICE}: ", "warning driver")
