# SPDX-License-Identifier: LGPL-2.1-or-later
"""check: a host and a device with which all is well, and what is found where one thing is not."""

import contextlib
import json
import os
import pathlib
import pty
import re
import shutil
import subprocess

from case import TAG_1, TAG_ALL, Case, record
from room import MLX5, become_ordinary
from small_root import inside
from trees import make_tree, remove_tree

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

    def command_line(self, text):
        return self.of_proc("cmdline", text)

    def processor(self, vendor, flags=""):
        """/proc/cpuinfo, of a vendor; None: of none that it names."""
        text = {None: "", "Arm": "CPU implementer\t: 0x41\n"}.get(vendor, f"vendor_id\t: {vendor}\n")
        return self.of_proc("cpuinfo", f"processor\t: 0\n{text}flags\t\t: fpu {flags} lm\n")

    @contextlib.contextmanager
    def of_proc(self, name, text):
        own, path = self.file(f"tmp/{name}", text), self.world.root / "proc" / name
        subprocess.run(["mount", "--bind", own, path], check=True)
        try:
            yield
        finally:
            subprocess.run(["umount", path], check=True)

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
        return ["{severity} {topic} {device}: {message}; {advice}".format(**one) for one in found]

    def assert_found(self, *patterns, words=(), **how):
        """Just these, in this order."""
        found = self.found(*words, **how)
        self.assertEqual(len(found), len(patterns), found)
        for one, pattern in zip(found, patterns):
            self.assertRegex(one, pattern)


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
            with self.command_line(f"quiet {parameter}=off\n"), self.processor(vendor):
                self.assert_found(f"error iommu None: .*by {parameter}=off .*remove that parameter")
        with self.command_line("quiet amd_iommu=off\n"), self.processor("GenuineIntel"):
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
        self.assert_found("warning iommu", f"warning group {DEVICE}: it is bound without")

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
                          f"warning tag {DEVICE}: /etc/udev/hwdb.d/61-admin.hwdb:1 tags it, but is "
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


class Device(CheckCase):
    def test_bridge(self):
        (self.world.devices["0000:00:1c.0"].directory / "config").write_bytes(
            bytes(14) + b"\x01" + bytes(49))
        self.assert_found("note choice 0000:00:1c.0: it is a bridge", words=("0000:00:1c.0",))

    def test_which_are_looked_at(self):
        """Without a name: those that are tagged, by either word, bound, or stray."""
        self.world.add("0000:05:00.0", 0x144D, 0xA80A, 0x010802)
        self.assert_found("warning nvme 0000:05:00.0: this NVMe controller is bound to no driver.*"
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
                          "warning freshness 0000:3b:00.0: it is not in the udev database yet.*change",
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
            with self.command_line(f"quiet {parameter}=mlx5_vfio_pci\n"):
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
        self.assert_found(f"warning freshness {DEVICE}: it is not in the udev database yet; {trigger}")

    def test_tag(self):
        self.know(**{**ANSWER, "VFIO_VARIANT_BIND": "force"})
        self.assert_found(f"warning tag {DEVICE}: the udev database has VFIO_VARIANT_BIND=force, "
                          "but the hwdb has 1; ")
        self.know(**ANSWER)
        (self.world.root / "etc/udev/hwdb.d/61-admin.hwdb").unlink()
        self.assert_found(f"warning tag {DEVICE}: the compiled hwdb tags it, but no hwdb file does")

    def test_group(self):
        self.group("0000:3b:00.2", 12)
        self.assert_found()
        self.hold("mlx5_core", "0000:3b:00.2")
        self.assert_found(f"error group {DEVICE}: its IOMMU group 12 cannot be assigned to a guest: "
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
        first = "correct its IOMMU group first"
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
        self.assert_found(f"error group {DEVICE}: it has no IOMMU group, although.*dmesg")

    def test_not_bound(self):
        bind = f"`vfio-variant bind {DEVICE}`"
        unloaded = ", and mlx5_vfio_pci is not loaded"
        for driver, pattern in (
                (None, f"warning driver {DEVICE}: it is tagged, but bound to no driver{unloaded}; run "
                       f"{bind}$"),
                ("mlx5_core", f"warning driver .*bound to its native driver mlx5_core{unloaded}; "),
                ("pci-stub", "note driver .*reserved by pci-stub; "),
                ("a\x1b[2Jb\n", r"warning driver .*bound to its native driver a\?\[2Jb\?, ")):
            with self.subTest(driver=driver):
                self.hold(driver)
                self.assert_found(pattern)
        self.hold("mlx5_core")
        self.file("sys/module/mlx5_vfio_pci/initstate", "live\n")
        self.assert_found("warning driver .*bound to its native driver mlx5_core; run")

    def test_bound_to_another(self):
        self.hold("vfio-pci")
        self.assert_found(f"warning driver {DEVICE}: it is bound to its fallback vfio-pci: "
                          "mlx5_vfio_pci failed to bind.*dmesg")
        self.hold("odd_vfio_pci")
        self.assert_found(f"warning driver {DEVICE}: it is bound to odd_vfio_pci, but "
                          "mlx5_vfio_pci matches best")
        self.hold("nvidia")  # whose parts of a GPU are on it
        self.assert_found(f"note driver {DEVICE}: it is bound to nvidia")
        self.group("0000:5e:00.1", 15)
        self.know("0000:5e:00.1", **{**ANSWER, "VFIO_VARIANT_BIND": ""})
        self.hold("nvidia", "0000:5e:00.1")
        self.assertEqual(self.found("5e:00.1"), [])

    def test_override(self):
        for text in ("mlx5_vfio_pci", "vfio-pci", "(null)"):
            self.override(text)
            self.assert_found()
        self.override("e1000e")
        self.assert_found(f"warning override {DEVICE}: its driver_override is e1000e, so that "
                          "mlx5_vfio_pci cannot bind to it")
        self.group("0000:5e:00.1", 15)
        self.know("0000:5e:00.1", **{**ANSWER, "VFIO_VARIANT_BIND": ""})
        self.override("\x1b[2J", "0000:5e:00.1")
        self.assert_found(r"warning override 0000:5e:00.1: it is bound to no driver, .*only \?\[2J; "
                          "run `vfio-variant unbind", words=("5e:00.1",))

    def test_in_use(self):
        self.file("sys/module/mlx5_vfio_pci/initstate", "live\n")
        (self.directory() / "boot_vga").write_text("1\n", encoding="ascii")
        self.assert_found()  # the user bound it knowingly
        self.hold("mlx5_core")
        self.assert_found(f"warning in-use {DEVICE}: it is tagged, but still bound to mlx5_core, because .*is "
                          f"the display.*; .*`vfio-variant bind --force {DEVICE}`")
        self.world.write_hwdb("61-admin.hwdb", record(TAG_1, "force"))
        self.know(**{**ANSWER, "VFIO_VARIANT_BIND": "force"})
        self.assert_found(f"note in-use {DEVICE}: ", "warning driver")


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
            f"{everything}it is tagged, but bound to its native driver iavf, and vfio_pci is not "
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
        self.assertRegex(lines[3], "warning: 0000:65:03.0: it is not in the udev database yet")

    def test_all_are_stale(self):
        """udevadm would have to be told of each."""
        shutil.rmtree(self.world.root / "run/udev/data")
        lines = self.text()
        self.assertRegex(lines[0], "63 devices .*not in the udev database yet; run `systemctl start "
                                   "vfio-variant-refresh.service`$")
        self.assertEqual(len(lines), 3)


class Image(CheckCase):
    def setUp(self):
        super().setUp()
        self.in_image = "usr/lib/modules/6.1/kernel/drivers/net/mlx5/mlx5-core.ko"
        self.variant = "usr/lib/modules/6.1/kernel/drivers/vfio/pci/mlx5/mlx5-vfio-pci.ko.xz"
        os.utime(self.world.root / IMAGE) # it was made after the tag

    def test_native_driver(self):
        for line in (self.in_image, self.in_image + ".xz", f"-rw-r--r-- 1 root 77 {self.in_image}.zst"):
            self.lists(LISTED + line + "\n")
            self.assert_found(f"note initramfs {DEVICE}: .*mlx5_core is in /{re.escape(IMAGE)}, and")
        self.hold("mlx5_core")
        self.assertRegex(self.found()[-1], f"warning initramfs {DEVICE}: ")
        self.lists(LISTED + self.in_image + CLAIMING + f"etc/udev/hwdb.d/61-admin.hwdb\n{self.variant}\n")
        self.assertFalse(any("initramfs" in one for one in self.found()))

    def test_tags_of_the_image(self):
        """They are compared by the names and the times of the hwdb files."""
        named = CLAIMING + "etc/udev/hwdb.d/61-admin.hwdb\n"
        self.lists(named + self.variant + "\n")
        self.assert_found()
        os.utime(self.world.root / IMAGE, (1, 1))
        self.assert_found(f"warning initramfs None: /{re.escape(IMAGE)} is older than the tag 61-admin.hwdb; "
                          "make the image again")
        os.utime(self.world.root / IMAGE)
        self.lists(CLAIMING + self.variant + "\n")
        self.assert_found("warning initramfs None: .*does not have the tag 61-admin.hwdb")
        removed = "61-vfio-variant-device:0000:04:00.0:pci:v00001234d00001111%2A.hwdb"
        self.lists(f"{named}etc/udev/hwdb.d/{removed}\netc/udev/hwdb.d/20-other.hwdb\n{self.variant}\n")
        self.assert_found(f"warning initramfs None: .*still has the tag {removed}")
        self.lists(f"{CLAIMING}{self.in_image}\n")
        self.assert_found("warning initramfs None: .*does not have the tag 61-admin.hwdb",
                          f"note initramfs {DEVICE}: .*mlx5_core is in ")

    def test_variant_is_missing(self):
        self.lists(f"{CLAIMING}etc/udev/hwdb.d/61-admin.hwdb\n{self.in_image}\n")
        self.assert_found(f"warning initramfs {DEVICE}: the module of its choice, mlx5_vfio_pci, is not in ")

    def test_untagged(self):
        """The image is read if a tag was changed since it was made, and a tool has our hook."""
        (self.world.root / "etc/udev/hwdb.d/61-admin.hwdb").unlink()
        self.world.run_inside("systemd-hwdb", "update")
        self.know(**{**ANSWER, "VFIO_VARIANT_BIND": ""})
        self.hold("mlx5_core")
        self.lists(f"{CLAIMING}etc/udev/hwdb.d/61-vfio-variant-device:0000:04:00.0:pci:%2A.hwdb\n")
        self.assertFalse(any("initramfs" in one for one in self.found()))
        os.utime(self.world.root / IMAGE, (1, 1))
        self.assertFalse(any("initramfs" in one for one in self.found()))
        self.file("usr/share/initramfs-tools/hooks/vfio-variant")
        self.file("usr/sbin/update-initramfs").chmod(0o755)
        self.assertRegex("\n".join(self.found()), "warning initramfs None: .*still has the tag .*; "
                                                  "run `update-initramfs -u`")
        shutil.rmtree(self.world.root / "usr/share/initramfs-tools")
        (self.world.root / "usr/sbin/update-initramfs").unlink()

    def test_other_modules(self):
        for line in ("mlx5_core.kob", "mlx5_core", "mlx5_core_x.ko", "x_mlx5_core.ko", ".ko"):
            self.lists(f"{LISTED}usr/lib/modules/{line}\n")
            self.assert_found()
        self.lists(self.in_image + "\n")
        self.file("etc/modprobe.d/no.conf", "blacklist mlx5_core\n")
        self.assert_found()

    def test_tools(self):
        self.lists(self.in_image + "\n")
        (self.world.root / "usr/bin/lsinitramfs").rename(self.world.root / "usr/bin/lsinitrd")
        self.assert_found("note initramfs .*mlx5_core is in")
        self.lister("lsinitrd", "exit 3")
        self.assert_found("note initramfs None: .*cannot be listed \\(its tool failed\\).*list its files")
        (self.world.root / "usr/bin/lsinitrd").unlink()
        self.assert_found("note initramfs None: none of lsinitramfs, lsinitrd and lsinitcpio.*install")

    def test_places(self):
        self.lists(self.in_image + "\n")
        image = self.world.root / IMAGE
        machine, package = "0123456789abcdef0123456789abcdef", "linux-lts"
        self.file("etc/machine-id", machine + "\n")
        self.file(f"usr/lib/modules/{RELEASE}/pkgbase", package + "\n")
        for name in (f"boot/initramfs-{RELEASE}.img", f"boot/initrd-{RELEASE}", f"boot/initramfs-{package}.img",
                     "boot/initramfs-linux.img", f"boot/{machine}/{RELEASE}/initrd",
                     f"efi/EFI/Linux/{machine}-{RELEASE}.efi", f"boot/EFI/Linux/arch-{package}.efi"):
            (self.world.root / name).parent.mkdir(parents=True, exist_ok=True)
            image = image.rename(self.world.root / name)
            self.lister("lsinitramfs", f'[ "$1" = "/{name}" ] && echo {self.in_image}')
            self.assert_found(f"note initramfs {DEVICE}: .*mlx5_core is in /{re.escape(name)}, ")
        self.file("etc/kernel/entry-token", "mine\n")
        (self.world.root / "boot/mine" / RELEASE).mkdir(parents=True)
        image = image.rename(self.world.root / "boot/mine" / RELEASE / "initrd")
        self.lister("lsinitramfs", f'[ "$1" = "/boot/mine/{RELEASE}/initrd" ] && echo {self.in_image}')
        self.assert_found(f"note initramfs {DEVICE}: .*mlx5_core is in /boot/mine/")
        for name in ("etc/machine-id", "etc/kernel/entry-token", f"usr/lib/modules/{RELEASE}/pkgbase"):
            (self.world.root / name).unlink()
        image.unlink()
        self.assert_found("note initramfs None: no initramfs image.*in /boot")

    def test_is_not_read_in_vain(self):
        self.lister("lsinitramfs", ": >/run/was-run")
        self.found("5e:00.1")
        self.assertFalse((self.world.root / "run/was-run").exists())
        # Nor is libkmod asked, which can die of that
        index = self.world.root / "usr/lib/modules" / RELEASE / "modules.alias.bin"
        whole = index.read_bytes()
        index.write_bytes(whole[:len(whole) // 2])
        self.assertRegex(self.found("3b:00.1")[0], "error index")
        self.assertFalse((self.world.root / "run/was-run").exists())
        index.write_bytes(whole)
        self.found("3b:00.1")
        self.assertTrue((self.world.root / "run/was-run").exists())
        (self.world.root / "run/was-run").unlink()


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
        self.assertIn(f"warning: {DEVICE}: it is tagged", done.stdout.decode())

    def test_devices_of_one_group(self):
        """What is said of each of them is said once; a program has it of each."""
        for number in (2, 3):
            self.group(f"0000:3b:00.{number}", 12)
            self.hold(("mlx5_vfio_pci", "mlx5_core")[number - 2], f"0000:3b:00.{number}")
        self.world.write_hwdb("61-admin.hwdb", "\n".join([record(TAG_1),
                                                          record(TAG_1.replace("00.1", "00.2"))]))
        self.know("0000:3b:00.2", **ANSWER)
        wanted = (f"error: {DEVICE}, 0000:3b:00.2: its IOMMU group 12 cannot be assigned to a guest: "
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
