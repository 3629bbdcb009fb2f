# SPDX-License-Identifier: LGPL-2.1-or-later
"""check: what it finds of the host, of many devices at once, and how it is printed."""

import os
import pty
import re
import shutil
import subprocess

from case import TAG_1, record
from check_case import ANSWER, DEVICE, HERE, IMAGE, RELEASE, RULES, CheckCase
from room import become_ordinary
from small_root import inside
from trees import make_tree, remove_tree


class Host(CheckCase):
    def test_all_is_well(self):
        self.assert_found()
        said = self.done("check")
        self.assertEqual(said, "no problems found; checked the host and 1 device\n")

    def test_no_iommu(self):
        shutil.rmtree(self.world.root / "sys/class/iommu")
        self.assert_found()  # there is a group, which is as good
        shutil.rmtree(self.world.root / "sys/kernel/iommu_groups")
        (self.directory() / "iommu_group").unlink()
        with self.processor(None):
            self.assert_found("error iommu None: there is no IOMMU, or it is off")
        for parameter, vendor in (("iommu", None), ("amd_iommu", "AuthenticAMD"),
                                  ("intel_iommu", "GenuineIntel")):
            with self.command_line(f"quiet {parameter}=off"), self.processor(vendor):
                self.assert_found(f"error iommu None: .*by {parameter}=off .*remove that parameter")
        with self.command_line("quiet amd_iommu=off"), self.processor("GenuineIntel"):
            self.assert_found("error iommu None: .*VT-d")
        for mode, says in (("N", "no-IOMMU mode is off"), ("", "CONFIG_VFIO_NOIOMMU is not set"),
                           (None, "except in VFIO's no-IOMMU mode")):
            self.world.set_no_iommu_mode(mode)
            self.assert_found(f"error iommu None: .*{says}")
        self.world.set_no_iommu_mode("Y")
        self.assert_found("warning iommu None: there is no IOMMU, and VFIO's no-IOMMU mode.*echo N")

    # Processor, its flags, vendor of the system, ACPI tables, and what is advised
    PLATFORMS = (
        (None, "", None, (), r"firmware, if that has a setting"),
        ("GenuineIntel", "vmx", "Dell Inc.", (), r"\"VT-d\".*intel_iommu=on"),
        ("GenuineIntel", "vmx", "Dell Inc.", ("DMAR",), r"describes one: add intel_iommu=on"),
        ("AuthenticAMD", "svm", "ASUS", (), r"\"AMD-Vi\"\); it needs no kernel parameter"),
        ("AuthenticAMD", "svm", "ASUS", ("IVRS",), r"without a parameter: `dmesg`"),
        ("HygonGenuine", "svm", None, (), r"\"AMD-Vi\""),
        ("Arm", "", None, ("IORT",), r"no kernel parameter.*SMMU"),
        ("Arm", "", "QEMU", (), r"iommu=smmuv3"),
        ("IBM/S390", "", None, (), r"dmesg.*s390"),
        ("GenuineIntel", "hypervisor", "QEMU", (), r"-device intel-iommu.*<iommu model='intel'/>"),
        ("AuthenticAMD", "hypervisor", "QEMU", (), r"-device intel-iommu"),
        ("GenuineIntel", "hypervisor", "QEMU", ("DMAR",), r"has one: add intel_iommu=on"),
        ("GenuineIntel", "hypervisor", "VMware, Inc.", (), r"Expose IOMMU to the guest OS"),
        ("GenuineIntel", "hypervisor", "Microsoft Corporation", (), r"Hyper-V has no IOMMU"),
        ("GenuineIntel", "vmx", "Microsoft Corporation", (), r"\"VT-d\""),
        ("GenuineIntel", "hypervisor", "Amazon EC2", (), r"hypervisor must provide"),
        ("GenuineIntel", "hypervisor", None, (), r"-device intel-iommu"),
        ("GenuineIntel", "no_hypervisor hypervisor_x", "Dell Inc.", (), r"\"VT-d\""),
        ("\x1b[2J", "", "\x1b[2J", (), r"firmware, if that has a setting"),
    )

    def test_no_iommu_on_platforms(self):
        """What is advised is true on a machine of that kind."""
        shutil.rmtree(self.world.root / "sys/class/iommu")
        shutil.rmtree(self.world.root / "sys/kernel/iommu_groups")
        (self.directory() / "iommu_group").unlink()
        for processor, flags, vendor, tables, says in self.PLATFORMS:
            for table in tables:
                self.file(f"sys/firmware/acpi/tables/{table}", "")
            if vendor:
                self.file("sys/class/dmi/id/sys_vendor", f"{vendor}\n")
            with self.subTest(processor=processor, flags=flags, vendor=vendor, tables=tables), \
                    self.processor(processor, flags):
                self.assert_found(f"error iommu None: [^;]*; .*{says}")
            for name in ("sys/firmware", "sys/class/dmi"):
                shutil.rmtree(self.world.root / name, ignore_errors=True)
        self.file("sys/firmware/devicetree/base/hypervisor/compatible", "linux,kvm")
        with self.processor("Arm"):
            self.assert_found("error iommu None: this virtual machine .*iommu=smmuv3")

    def test_unsafe_mode_beside_an_iommu(self):
        self.file("sys/module/vfio/parameters/enable_unsafe_noiommu_mode", "Y\n")
        self.assert_found("warning iommu None: there is an IOMMU, but VFIO's no-IOMMU mode")
        self.file("sys/kernel/iommu_groups/12/name", "vfio-noiommu\n")
        self.assert_found("warning iommu", f"warning group {DEVICE}: bound without")

    def test_without_sys(self):
        sys = self.world.root / "sys"
        sys.rename(self.world.root / "no-sys")
        try:
            done = self.world.run("check")
        finally:
            (self.world.root / "no-sys").rename(sys)
        self.assertIn(b"/sys is not mounted", done.stdout)
        self.assertEqual(done.returncode, 5)

    def test_index(self):
        directory = self.world.root / "usr/lib/modules" / RELEASE
        (directory / "modules.alias.bin").write_bytes(b"nonsense and more")
        try:
            self.assert_found("error index None: modules.alias.bin .*damaged.*depmod")
            # What can't be looked up is said once, of the host
            (directory / "modules.alias").unlink()
            self.assert_found("error index None: modules.alias.bin .*damaged.*depmod")
        finally:
            make_tree(self.world.root, HERE / "check.tree")

    def test_no_modules(self):
        remove_tree(self.world.root)
        try:
            self.assert_found(f"error index None: cannot look up drivers: /lib/modules/{RELEASE} does "
                              "not exist; install .* depmod, or reboot .* container, mount")
            (self.world.root / "usr/lib/modules" / RELEASE).mkdir()
            found = self.found()
            self.assertRegex(found[0], f"error index None: cannot look up drivers: /lib/modules/{RELEASE}"
                             " has no module index; run depmod; in a container, mount")
        finally:
            make_tree(self.world.root, HERE / "check.tree")

    def test_rules(self):
        for name, without in zip(RULES, ("no choices", "no tagged device is bound")):
            with self.subTest(rules=name):
                own = self.world.root / "etc/udev/rules.d" / name
                self.file(own.relative_to(self.world.root), "# own\n")
                self.assert_found(f"note rules None: /etc/udev/rules.d/{name} replaces .*remove it")
                self.file(own.relative_to(self.world.root))
                self.assert_found(f"note rules None: /etc/.*{name} disables.*{without}.*remove it")
                own.unlink()
                own.symlink_to("/dev/null")
                self.assert_found("note rules None: .*disables")
                own.unlink()
                (self.world.root / "usr/lib/udev/rules.d" / name).unlink()
                self.assert_found(f"error rules None: {name} is not installed.*{without}")
                self.file(f"usr/lib/udev/rules.d/{name}", "# rules\n")

    def test_disabled_by_parameter(self):
        """The choices that udev does not have then are not reported for each device."""
        self.know(VFIO_VARIANT_BIND="")
        with self.command_line("quiet vfio_variant=off"):
            self.assert_found("warning rules None: vfio_variant=off on the kernel command line disables.*"
                              "remove the parameter if it is not intended, and reboot")
        self.assertRegex(self.found()[0], f"warning tag {DEVICE}: the udev database has no VFIO_VARIANT_BIND")

    def test_old_keys(self):
        """Keys that are not looked up any more, each with its line and the key to write."""
        new = {"vfio-variant:*:pci:v1*": "vfio-variant:pci:v1*",
               "vfio-variant:vf:0000:3b:00.0:*": "vfio-variant:vfs-of:0000:3b:00.0:*",
               "vfio-variant:0000:3b:00.1:pci:v1*": "vfio-variant:device:0000:3b:00.1:pci:v1*",
               "vfio-variant:cdx-00:00:*": "vfio-variant:device:cdx-00:00:*",
               "vfio-variant:vf:0000:\x1b[2J*": "vfio-variant:vfs-of:0000:?[2J*"}
        text = "# vfio-variant:*:pci:v9*\n" + "\n".join(new) + "\n VFIO_VARIANT_BIND=1\n"
        self.world.write_hwdb("70-old.hwdb", text)
        self.assert_found(*(
            re.escape(f"warning hwdb None: /etc/udev/hwdb.d/70-old.hwdb:{number}: the match key "
                      f"{old.replace(chr(27), '?')} has an old form, which is not looked up; write "
                      f"{key} instead, and run `systemd-hwdb update")
            for number, (old, key) in enumerate(new.items(), 2)))

    def test_hwdb(self):
        compiled = self.world.root / "etc/udev/hwdb.bin"
        newer = compiled.stat().st_mtime + 5
        name = "\x1b[2Jodd.hwdb"
        self.file(f"etc/udev/hwdb.d/{name}", "# nothing\n")
        os.utime(self.world.root / "etc/udev/hwdb.d" / name, (newer, newer))
        self.assert_found(r"warning hwdb None: /etc/udev/hwdb.d/\?\[2Jodd.hwdb was written after")
        compiled.unlink()
        self.assert_found("warning hwdb None: .*not compiled.*systemd-hwdb update",
                          f"warning tag {DEVICE}: tagged in /etc/udev/hwdb.d/61-admin.hwdb:1, which is "
                          "not in the compiled.*systemd-hwdb update",
                          f"warning tag {DEVICE}: the udev database has VFIO_VARIANT_BIND=1, but "
                          "the hwdb has none; ")

    def test_hidden_hwdb(self):
        """One of /etc that hides the one that packages update, and one that is out of date for that."""
        usr = self.world.root / "usr/lib/udev/hwdb.bin"
        self.addCleanup(usr.unlink, missing_ok=True)
        self.world.run_inside("systemd-hwdb", "--usr", "update")
        compiled = (self.world.root / "etc/udev/hwdb.bin").stat().st_mtime
        remedy = ".*run `systemd-hwdb --usr update && rm /etc/udev/hwdb.bin && udevadm control --reload`"
        for seconds, says in ((-5, "note hwdb None: .*, which package installations update"),
                              (5, "warning hwdb None: .*, which was compiled later")):
            os.utime(usr, (compiled + seconds, compiled + seconds))
            self.assert_found(says.replace(".*", "/etc/udev/hwdb.bin hides /usr/lib/udev/hwdb.bin") + remedy)
        (self.world.root / "etc/udev/hwdb.bin").unlink()
        self.world.run_inside("systemd-hwdb", "--usr", "update")
        self.assert_found()

    def test_tag_in_one_file_of_several(self):
        """The directory is in memory, which lists the newest file first: the tag is read last."""
        for number in range(3):
            self.file(f"etc/udev/hwdb.d/50-other-{number}.hwdb", "# nothing\n")
        self.world.run_inside("systemd-hwdb", "update")
        self.assert_found()

    def test_udev(self):
        (self.world.root / "run/udev/control").unlink()
        self.assert_found("warning database None: udevd does not run.*systemctl")
        shutil.rmtree(self.world.root / "run/udev")
        self.assert_found("note database None: there is no udev database")

    def test_as_ordinary_user(self):
        """What may not be read is said not to have been looked at."""
        (self.world.root / IMAGE).chmod(0)
        self.assert_found("note initramfs None: .*cannot be read.*run it as root",
                          before=become_ordinary)


class Many(CheckCase):
    """63 tagged functions of one card, each in a group of its own, and on its native driver."""

    FIRST, LAST = "0000:65:01.0", "0000:65:08.6"

    def setUp(self):
        super().setUp()
        self.world.write_hwdb("61-admin.hwdb", record("vfio-variant:pci:v00008086d00001889*"))
        for number in range(63):
            card = self.world.add(f"0000:65:{1 + number // 8:02x}.{number % 8}", 0x8086, 0x1889, 0x020000)
            self.group(card.sysname, 100 + number)
            self.know(card.sysname, VFIO_VARIANT_DRIVER="vfio-pci", VFIO_VARIANT_MODULE="vfio_pci",
                      VFIO_VARIANT_ALIAS="vfio_pci:v*d*sv*sd*bc*sc*i*", VFIO_VARIANT_BIND="1")
            self.hold("iavf", card.sysname)
        self.know()
        self.hold(None)  # of the device that is there in the other cases

    def text(self):
        done = self.world.run("check", environment={"COLUMNS": "1000"})
        self.assertEqual(done.stderr, b"")
        return done.stdout.decode().splitlines()

    def test_one_line(self):
        everything = f"warning: 63 devices ({self.FIRST} to {self.LAST}): "
        self.assertEqual(self.text(), [
            f"{everything}tagged, but bound to the native driver iavf, and vfio_pci is not "
            "loaded; run `vfio-variant bind --tagged`",
            "63 warnings; checked the host and 63 devices"])
        found = self.found()
        self.assertEqual(len(found), 63)
        for one in found:
            sysname = one.split()[2].rstrip(":")
            self.assertTrue(one.endswith(f"; run `vfio-variant bind {sysname}`"), one)

    def test_what_differs_is_apart(self):
        """Two on another driver, one in use, one that udev has not seen."""
        for sysname in (self.FIRST, self.LAST):
            self.hold("other", sysname)
        (self.directory("0000:65:02.0") / "boot_vga").write_text("1\n", encoding="ascii")
        (self.world.root / "run/udev/data/+pci:0000:65:03.0").unlink()
        lines = self.text()
        self.assertEqual(len(lines), 5)
        self.assertRegex(lines[0], f"warning: {self.FIRST}, {self.LAST}: .* other, .*; run `vfio-variant "
                                   f"bind {self.FIRST} {self.LAST}`$")
        self.assertRegex(lines[1], r"warning: 60 devices \(0000:65:01.1 to 0000:65:08.5\): ")
        self.assertRegex(lines[2], "warning: 0000:65:02.0: .*display")
        self.assertRegex(lines[3], "warning: 0000:65:03.0: not in the udev database yet")

    def test_all_are_stale(self):
        """udevadm would have to be told of each."""
        shutil.rmtree(self.world.root / "run/udev/data")
        lines = self.text()
        self.assertRegex(lines[0], "63 devices .*not in the udev database yet; run `systemctl start "
                                   "vfio-variant-refresh.service`$")
        self.assertEqual(len(lines), 3)


class Text(CheckCase):
    def test_lines(self):
        self.hold("mlx5_core")
        (self.world.root / "usr/lib/udev/rules.d" / RULES[1]).unlink()
        done = self.world.run("check", environment={"COLUMNS": "80"})
        self.assertEqual((done.returncode, done.stderr), (5, b""))
        lines = done.stdout.decode().splitlines()
        self.assertTrue(all(len(line) <= 80 for line in lines), lines)
        self.assertEqual(lines[0], "error: 70-vfio-variant-bind.rules is not installed, so that no "
                                   "tagged device is")
        self.assertTrue(lines[1].startswith("    bound automatically; reinstall"))
        self.assertEqual(lines[-1], "1 error, 1 warning; checked the host and 1 device")
        self.assertIn(f"warning: {DEVICE}: tagged", done.stdout.decode())

    def test_devices_of_one_group(self):
        """What is said of each of them is said once; a program has it of each."""
        for number in (2, 3):
            self.group(f"0000:3b:00.{number}", 12)
            self.hold(("mlx5_vfio_pci", "mlx5_core")[number - 2], f"0000:3b:00.{number}")
        self.world.write_hwdb("61-admin.hwdb", "\n".join([record(TAG_1),
                                                          record(TAG_1.replace("00.1", "00.2"))]))
        self.know("0000:3b:00.2", **ANSWER)
        wanted = (f"error: {DEVICE}, 0000:3b:00.2: IOMMU group 12 cannot be assigned to a guest: "
                  "0000:3b:00.3 is bound to mlx5_core")
        said = self.world.run("check").stdout.decode()
        self.assertIn(wanted, said)
        self.assertEqual(said.count("IOMMU group 12"), 1)
        self.assertEqual(sum("error group" in one for one in self.found()), 2)

    def test_progress(self):
        """On a terminal alone: it takes seconds to list an image."""
        self.assertEqual(self.world.run("check").stderr, b"")
        ours, theirs = pty.openpty()
        try:
            subprocess.run([*inside(self.world.root), "vfio-variant", "check"], check=True,
                           stdout=subprocess.DEVNULL, stderr=theirs,
                           env=self.world.environment({"TERM": "xterm"}))
            os.write(theirs, b"end")
            shown = os.read(ours, 1024)
        finally:
            os.close(ours)
            os.close(theirs)
        self.assertRegex(shown, rb"reading the initramfs image.*\.\.\.\r\r\x1b\[K\r")

    def test_full_disk(self):
        with open("/dev/full", "wb") as full:
            self.assertEqual(self.world.run("check", stdout=full).returncode, 1)
