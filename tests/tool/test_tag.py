# SPDX-License-Identifier: LGPL-2.1-or-later
"""tag and untag where all goes well: the file, the compiled hwdb, the events, the way back."""

import os
import re
import shlex
import subprocess

from case import TAG_1, TAG_ALL, TAG_FUNCTIONS, Case, file_of, name_of, record
from room import MLX5, MLX5_MODALIAS

VFS = ["0000:3b:00.1", "0000:3b:00.2", "0000:3b:00.3"]
ALL_MLX5 = [*VFS, "0000:5e:00.1"]

# The words after `tag`, key, force and pin of the tag that they make, and the devices that it is for.
TAG_TABLE = [
    (["0000:3b:00.1"], (TAG_1,), VFS[:1]),
    (["--force", "0000:3b:00.1"], (TAG_1, "force"), VFS[:1]),
    (["--pin=vfio-pci", "0000:3b:00.1"], (TAG_1, "1", "vfio-pci"), VFS[:1]),
    (["0000:3b:00.1", "--pin", "vfio_pci", "--force"], (TAG_1, "force", "vfio_pci"), VFS[:1]),
    (["--modalias=pci:v000015B3d0000101E*"], (TAG_ALL,), ALL_MLX5),
    (["--modalias=" + MLX5_MODALIAS], (f"vfio-variant:{MLX5_MODALIAS}",), ALL_MLX5),
    (["--modalias=pci:v000015B[0-3]d0000101?*", "--force"],
     ("vfio-variant:pci:v000015B[0-3]d0000101?*", "force"), ["0000:3b:00.0", *ALL_MLX5]),
    (["--vfs-of=0000:3b:00.0"], (TAG_FUNCTIONS,), VFS),
    (["--vfs-of=3b:00.0", "--pin=mlx5_vfio_pci"], (TAG_FUNCTIONS, "1", "mlx5_vfio_pci"), VFS),
]


class Tag(Case):
    def undo(self, said):
        """Runs the command that undoes it, as it was printed."""
        commands = re.findall(r"^  to undo: (.*)$", said, re.MULTILINE)
        self.assertEqual(len(commands), 1, said)
        words = shlex.split(commands[0])
        self.assertEqual(words.pop(0), "vfio-variant")
        return self.done(*words)

    def assert_tags(self, *tags):
        """These and no others: each is key, force and pin."""
        self.assertEqual(self.world.tags(), {name_of(tag[0]): file_of(*tag) for tag in tags})

    def test_table(self):
        for words, wanted, devices in TAG_TABLE:
            with self.subTest(words=words):
                self.world.reset()
                said = self.done("tag", *words, says="tagged")
                self.assert_tags(wanted)
                self.assertEqual(self.world.triggered(), devices)
                self.assertIn(f"  match key: {wanted[0]}\n", said)
                self.assertIn(f"  file: /etc/udev/hwdb.d/{name_of(wanted[0])}\n", said)
                self.undo(said)
                self.assert_tags()
                self.assertEqual(self.world.triggered(), devices)

    def test_no_guest_can_have_it(self):
        """A bridge and an IOMMU are not tagged, not even by force."""
        iommu = self.world.add("0000:00:00.2", 0x1022, 0x1481, 0x080600)
        for sysname in "0000:00:1c.0", iommu.sysname:
            for words in ([], ["--force"], ["--dry-run"]):
                with self.subTest(sysname=sysname, words=words):
                    self.refused(1, "guest", "tag", *words, sysname)
                    self.assert_tags()

    def test_there_and_back_and_there(self):
        for words, wanted, devices in TAG_TABLE:
            with self.subTest(words=words):
                self.world.reset()
                self.undo(self.undo(self.done("tag", *words)))
                self.assert_tags(wanted)
                self.assertEqual(self.world.triggered(), devices)

    def test_header_names_the_command_that_removes_it(self):
        for words, wanted, _ in TAG_TABLE:
            with self.subTest(words=words):
                self.world.reset()
                self.done("tag", *words)
                first = self.world.tags()[name_of(wanted[0])].split("\n", 1)[0]
                self.done(*shlex.split(first.partition(": vfio-variant ")[2]), says="untagged")
                self.assert_tags()

    def test_compiled(self):
        self.done("tag", "--pin=vfio-pci", "3b:00.1")
        key = f"vfio-variant:device:0000:3b:00.1:{MLX5_MODALIAS}"
        self.assertEqual(self.world.looked_up(key),
                         {"VFIO_VARIANT_BIND": "1", "VFIO_VARIANT_PIN": "vfio-pci"})
        self.assertEqual([self.world.tagged(one) for one in ALL_MLX5], ["1", "-", "-", "-"])
        self.done("untag", "3b:00.1")
        self.assertEqual(self.world.looked_up(key), {})

    def test_another_card_in_the_slot_is_not_tagged(self):
        self.done("tag", "0000:5e:00.1")
        self.assertEqual(self.world.tagged("0000:5e:00.1"), "1")
        (self.world.devices["0000:5e:00.1"].directory / "modalias").write_text(
            "pci:v00008086d00001572sv00000000sd00000000bc02sc00i00\n", encoding="ascii")
        self.assertEqual(self.world.tagged("0000:5e:00.1"), "-")
        self.done("untag", "0000:5e:00.1", says="another card")
        self.assertEqual(self.world.tags(), {})

    def test_twice_is_one_tag(self):
        self.done("tag", "3b:00.1")
        said = self.done("tag", "3b:00.1", says="already tagged")
        self.assertNotIn("replaces", said)
        self.assertIn("  to undo: vfio-variant untag 0000:3b:00.1\n", said)
        self.assert_tags((TAG_1,))

    def test_named_twice(self):
        said = self.done("tag", "3b:00.1", "0000:3b:00.1")
        self.assertEqual(said.count("0000:3b:00.1: tagged"), 1)
        self.assertEqual(self.done("untag", "3b:00.1", "0000:3b:00.1").count("untagged"), 1)

    def test_another_tag_of_a_key_replaces_it(self):
        """And the way back leads through all of them."""
        steps = [((TAG_1,), ["3b:00.1"], None),
                 ((TAG_1, "force", "vfio-pci"), ["--force", "--pin=vfio-pci", "3b:00.1"],
                  "VFIO_VARIANT_BIND=1"),
                 ((TAG_1, "1", "mlx5_vfio_pci"), ["--pin=mlx5_vfio_pci", "3b:00.1"],
                  "VFIO_VARIANT_BIND=force VFIO_VARIANT_PIN=vfio-pci"),
                 ((TAG_1,), ["3b:00.1"], "VFIO_VARIANT_BIND=1 VFIO_VARIANT_PIN=mlx5_vfio_pci")]
        said = []
        for wanted, words, replaced in steps:
            dry = self.done("tag", "--dry-run", *words, says="would be tagged")
            said.append(self.done("tag", *words, says="0000:3b:00.1: tagged"))
            self.assert_tags(wanted)
            for text in (dry, said[-1]):
                self.assertEqual(re.findall("  replaces: (.*)", text), [replaced] if replaced else [])
        for (wanted, _, _), text in zip(steps[-2::-1], said[::-1]):
            self.undo(text)
            self.assert_tags(wanted)
        self.undo(said[0])
        self.assert_tags()

    def test_closer_keys_win(self):
        self.done("tag", "3b:00.1")
        self.done("tag", "--vfs-of=3b:00.0")
        # Of the virtual functions it has not the takes precedence, and says so
        self.done("tag", "--modalias=pci:v000015B3d0000101E*", "--force", warns="takes precedence")
        self.done("tag", "--force", "3b:00.2")
        self.assert_tags((TAG_ALL, "force"), (TAG_FUNCTIONS,), (TAG_1,),
                         (TAG_1.replace("00.1", "00.2"), "force"))
        self.assertEqual([self.world.tagged(one) for one in ALL_MLX5], ["1", "force", "1", "force"])

    def test_several_at_once(self):
        self.done("tag", "3b:00.1", "0000:3b:00.3")
        self.assertEqual([self.world.tagged(one) for one in VFS], ["1", "-", "1"])
        self.done("untag", "3b:00.1", "3b:00.2", "3b:00.3", says="3b:00.2: was not tagged")
        self.assert_tags()

    def test_all_or_none(self):
        for wrong, status, says in (("3b:00.7", 1, "cannot open the device 3b:00.7"),
                                    ("00:1c.0", 1, "cannot be assigned to a guest"),
                                    ("eth7", 1, "cannot open the device eth7")):
            for words in ([wrong, "3b:00.1"], ["3b:00.1", wrong]):
                with self.subTest(words=words):
                    said = self.refused(status, says, "tag", *words)
                    self.assertIn("nothing was tagged: either all devices", said)
                    self.assert_tags()
                    self.assertEqual(self.world.triggered(), [])
        self.done("tag", "3b:00.1", "3b:00.2")
        self.refused(1, "cannot untag 3b:00.7: there is no such device, and no tag for it", "untag",
                     "3b:00.1", "3b:00.7")
        self.assert_tags((TAG_1,), (TAG_1.replace("00.1", "00.2"),))

    def test_pin_of_no_driver(self):
        """It may be installed later: a warning, once, with --dry-run as without."""
        for words in (["3b:00.1"], ["--vfs-of=3b:00.0"], ["--modalias=pci:v000015B3d0000101E*"]):
            for dry in ([], ["--dry-run"]):
                with self.subTest(words=words, dry=dry):
                    done = self.world.run("tag", "--pin=no_such_driver", *words, *dry)
                    self.assertEqual(done.returncode, 0)
                    self.assertEqual(done.stderr.count(b"VFIO_VARIANT_PIN=no_such_driver of "), 1,
                                     done.stderr)
                    self.assertEqual(done.stderr.count(b"0000:3b:00."), 1, done.stderr)

    def test_pin_of_the_native_driver(self):
        """The index has no native driver, so that this one has an unusual name."""
        (self.world.root / "sys/class/vfio-dev").mkdir(parents=True)
        self.world.bind_to("0000:3b:00.1", "vfio-pci")
        said = self.done("tag", "--pin=vfio-pci", "3b:00.1",
                         warns="a guest cannot use the device.*name a VFIO driver")
        self.assertNotIn("already bound", said)

    def test_what_prevents_binding_now(self):
        for number, sysname in enumerate(VFS):
            self.world.set_group(sysname, number)
        effect = r"  takes effect when the device is next added\n  "
        self.done("tag", "3b:00.1", says=effect + r"to bind it now: vfio-variant bind 0000:3b:00.1\n")
        self.done("tag", "--group", "3b:00.1", says=r"vfio-variant bind --group 0000:3b:00.1\n")
        self.done("tag", "5e:00.1", says=effect + r"it cannot be bound now: .*no IOMMU group")
        self.world.set_group("0000:3b:00.0", 0)
        self.world.bind_to("0000:3b:00.0", "mlx5_core")
        self.world.bind_to("0000:3b:00.1", "mlx5_core")
        self.done("tag", "3b:00.1", says=effect + r"it cannot be bound now: .*0000:3b:00.0.*mlx5_core")
        for words in (["--now", "--dry-run"], ["--dry-run"]):
            said = self.done("tag", "3b:00.2", *words)
            self.assertNotIn("takes effect", said)

    def test_dry_run_says_what_prevents_it_and_what_it_sets(self):
        self.world.set_group("0000:3b:00.1", 1)
        would = r"(?s)would be tagged\n.*"
        self.done("tag", "-n", "3b:00.1", says=would + r"  it could be bound now, with --now\n\Z")
        self.done("tag", "-n", "5e:00.1", says=would + r"  it cannot be bound now: .*no IOMMU group")
        self.assertNotIn("properties", self.done("tag", "-n", "3b:00.1"))
        for words in (["-n"], []):
            said = self.done("tag", "--force", "--pin=vfio-pci", "3b:00.1", *words)
            self.assertIn("  properties: VFIO_VARIANT_BIND=force VFIO_VARIANT_PIN=vfio-pci\n", said)

    def test_pattern_that_matches_no_device(self):
        """It may be of a card that is not there yet. What is wrong with it, if anything, is said."""
        for glob, says in (("pci:v000015B3d0000101E", "must match the whole modalias: end it with [*]"),
                           ("pci:v000015b3*", "hexadecimal digits are upper-case"),
                           ("pci:v00001234*", "no device that is present matches; `cat ")):
            with self.subTest(glob=glob):
                self.done("tag", f"--modalias={glob}", warns=says)
                self.assertEqual(self.world.tags(), {name_of(f"vfio-variant:{glob}"):
                                                     file_of(f"vfio-variant:{glob}")})
                self.done("untag", f"--modalias={glob}")

    def test_missing_directory_is_made(self):
        (self.world.root / "etc/udev").rmdir()
        self.done("tag", "3b:00.1")
        self.assertEqual(self.world.tagged("0000:3b:00.1"), "1")


class Compiled(Case):
    """Which compiled database `tag` updates: that which udev reads."""

    def setUp(self):
        super().setUp()
        self.usr = self.world.root / "usr/lib/udev/hwdb.bin"
        self.etc = self.world.root / "etc/udev/hwdb.bin"
        self.addCleanup(self.usr.unlink, missing_ok=True)

    def assert_tagged(self):
        self.assertEqual(self.world.run_inside("systemd-hwdb", "query", TAG_1.rstrip("*")).strip(),
                         "VFIO_VARIANT_BIND=1")

    def test_of_usr(self):
        """As on Debian and Arch Linux: none of /etc appears, which would hide it."""
        self.world.run_inside("systemd-hwdb", "--usr", "update")
        self.done("tag", "3b:00.1")
        self.assert_tagged()
        self.assertFalse(self.etc.exists())
        self.done("untag", "3b:00.1")
        self.assertEqual(self.world.run_inside("systemd-hwdb", "query", TAG_1.rstrip("*")), "")

    def test_of_usr_by_udevadm(self):
        self.world.run_inside("systemd-hwdb", "--usr", "update")
        (self.world.root / "usr/bin/systemd-hwdb").unlink()
        self.done("tag", "3b:00.1")
        self.assertFalse(self.etc.exists())
        self.assertIn(b"0000:3b:00.1", self.usr.read_bytes())

    def test_of_etc(self):
        """As on Fedora, or if there is one in /etc already."""
        self.world.run_inside("systemd-hwdb", "--usr", "update")
        before = self.usr.read_bytes()
        self.world.run_inside("systemd-hwdb", "update")
        self.done("tag", "3b:00.1")
        self.assert_tagged()
        self.assertEqual(self.usr.read_bytes(), before)

    def test_of_usr_that_is_read_only(self):
        """As on a system that is updated as an image."""
        self.world.run_inside("systemd-hwdb", "--usr", "update")
        directory = self.usr.parent
        subprocess.run(["mount", "--bind", directory, directory], check=True)
        self.addCleanup(subprocess.run, ["umount", directory], check=True)
        subprocess.run(["mount", "-o", "remount,bind,ro", directory], check=True)
        self.done("tag", "3b:00.1")
        self.assert_tagged()
        self.assertTrue(self.etc.exists())


class Disk(Case):
    """A device whose disk the system uses is not tagged, except by force."""

    USED = ("0000:3b:00.1: cannot tag: device is in use: /dev/nvme0n1 is mounted on /proc; stop "
            "this use, or use --force to override this\n")
    # What would tag the first virtual function, with others or alone.
    FORMS = [["3b:00.1"], ["--group", "3b:00.2"], ["--vfs-of=3b:00.0"],
             ["--modalias=pci:v000015B3d0000101E*"]]

    def enter(self, mounted=True):
        """The first virtual function has a disk."""
        self.world.reset()
        for function in VFS:
            self.world.set_group(function, 7)
        # A file system that is mounted in the room
        number = self.world.proc.stat().st_dev
        self.add_disk("0000:3b:00.1", "nvme0n1",
                      f"{os.major(number)}:{os.minor(number)}" if mounted else "259:63")

    def add_disk(self, sysname, name, number):
        devpath = self.world.devices[sysname].devpath
        disk = self.world.sys.add_of_class(f"{devpath}/{name}", "block", {})
        (disk.directory / "dev").write_text(f"{number}\n", encoding="ascii")

    def test_refused(self):
        self.enter()
        for words in [*self.FORMS, *([*form, "--dry-run"] for form in self.FORMS)]:
            with self.subTest(words=words):
                said = self.refused(3, re.escape(self.USED), "tag", *words)
                self.assertEqual(said.count("cannot tag"), 1, said)
                self.assertEqual(self.world.tags(), {})
                self.assertEqual(self.world.triggered(), [])

    def test_forced(self):
        for words in self.FORMS:
            with self.subTest(words=words):
                self.enter()
                self.done("tag", "--force", *words, warns="tagged with --force, although the device "
                          "is in use: /dev/nvme0n1 is mounted on /proc; the system may not boot without it\n")
                self.assertIn("VFIO_VARIANT_BIND=force", str(self.world.tags()))

    def test_what_the_host_loses(self):
        """A use that does not prevent a tag is warned about, unless it is bound at once."""
        (self.world.devices["0000:3b:00.1"].directory / "boot_vga").write_text("1\n", encoding="ascii")
        loses = r"device is in use: .*display.*; the device is unbound from its driver when it is next added"
        for words in (["3b:00.1"], ["3b:00.1", "--dry-run"], ["--vfs-of=3b:00.0"]):
            with self.subTest(words=words):
                self.done("tag", *words, warns=loses + r", if it is not in use then\n")
        self.done("tag", "3b:00.1", "--force", warns=loses + r"\n")
        said = self.refused(3, "no IOMMU group|display", "tag", "--now", "3b:00.1")
        self.assertNotIn("loses", said)

    def test_held_by_an_array(self):
        self.add_disk("0000:3b:00.2", "sdb", "8:16")
        (self.world.root / "sys/class/block/sdb/holders/md0").mkdir(parents=True)
        self.world.sys.add_of_class("/devices/virtual/block/md0", "block", {})
        self.refused(3, "3b:00.2: cannot tag: device is in use: /dev/sdb is in use by /dev/md0",
                     "tag", "3b:00.2")
        self.assertEqual(self.world.tags(), {})

    def test_others_are_not_tagged_either(self):
        self.enter()
        self.done("tag", "3b:00.2")
        self.refused(3, "cannot tag", "tag", "3b:00.1", "3b:00.3")
        self.refused(3, "cannot tag", "tag", "3b:00.3", "3b:00.1")
        self.assertEqual([self.world.tagged(one) for one in VFS], ["-", "1", "-"])

    def test_dry_run_by_force(self):
        self.enter()
        self.done("tag", "--force", "--dry-run", "3b:00.1", warns="would be tagged with --force, although")
        self.assertEqual(self.world.tags(), {})

    def test_unused(self):
        for words in self.FORMS:
            with self.subTest(words=words):
                self.enter(mounted=False)
                self.done("tag", *words)
                self.assertIn("VFIO_VARIANT_BIND=1", str(self.world.tags()))


class Name(Case):
    """DEVICE in all its forms."""

    def test_forms(self):
        self.world.add_interface("ens3f0v0", self.world.devices["0000:3b:00.1"].directory)
        for name in ("0000:3b:00.1", "3b:00.1", "ens3f0v0", "/sys/bus/pci/devices/0000:3b:00.1",
                     "/sys/devices/pci0000:00/0000:3b:00.1"):
            with self.subTest(name=name):
                self.done("tag", name, says=r"^0000:3b:00.1: ")
                self.assertEqual(self.world.tagged("0000:3b:00.1"), "1")
                self.done("untag", name)
                self.assertEqual(self.world.tags(), {})

    def add_below(self, subsystem, name):
        """A device of another bus, below the virtual function."""
        directory = self.world.devices["0000:3b:00.1"].directory / name
        directory.mkdir()
        bus = self.world.root / "sys/bus" / subsystem / "devices"
        bus.mkdir(parents=True)
        (directory / "subsystem").symlink_to(f"../../../../bus/{subsystem}")
        (directory / "uevent").write_text(f"DRIVER={subsystem}\n", encoding="ascii")
        (bus / name).symlink_to(f"../../../devices/pci0000:00/0000:3b:00.1/{name}")
        return directory

    def test_virtio_interface_is_of_the_device_above(self):
        self.world.add_interface("eth0", self.add_below("virtio", "virtio0"))
        self.done("tag", "eth0", says=r"^0000:3b:00.1: ")

    def test_usb_interface_is_of_no_controller(self):
        self.world.add_interface("eth1", self.add_below("usb", "usb1"))
        self.refused(1, "eth1.*USB", "tag", "eth1")
        self.assertEqual(self.world.tags(), {})

    def test_domains(self):
        self.world.add("0001:3b:00.1", **MLX5)
        self.world.add("10000:01:00.0", **MLX5)
        for verb in ("tag", "untag", "bind", "unbind"):
            self.refused(1, "several.*0000:3b:00.1", verb, "3b:00.1")
        self.assertEqual(self.world.tags(), {})
        self.done("tag", "01:00.0", says="^10000:01:00.0: ")
        self.done("tag", "0001:3b:00.1", says="^0001:3b:00.1: ")

    def test_untag_of_a_card_that_is_gone(self):
        self.done("tag", "5e:00.1")
        directory = self.world.devices.pop("0000:5e:00.1").directory
        (self.world.root / "sys/bus/pci/devices/0000:5e:00.1").unlink()
        directory.rename(directory.with_name("gone"))
        self.done("untag", "0000:5e:00.1", says="to undo")
        self.assertEqual(self.world.tags(), {})
        self.refused(1, "no such device, and no tag for it", "untag", "0000:5e:00.1")

    def test_untag_of_no_device(self):
        for words in (["3b:00.7"], ["--vfs-of=3b:00.7"], ["eth7"]):
            with self.subTest(words=words):
                self.refused(1, "cannot untag .*: there is no such device, and no tag for it; .*given by "
                             "its sysname, such as 0000:3b:00.1", "untag", *words)


class Others(Case):
    """What an administrator wrote elsewhere."""

    def test_a_later_file_wins(self):
        self.world.write_hwdb("70-admin.hwdb", f"{TAG_1}\n VFIO_VARIANT_BIND=0\n")
        self.done("tag", "3b:00.1", warns="takes precedence.*BIND=0")
        self.assertEqual(self.world.tagged("0000:3b:00.1"), "0")

    def test_untag_names_who_tags(self):
        self.world.write_hwdb("61-admin.hwdb", "# x\n\n" + record(TAG_ALL))
        said = self.refused(1, "still tagged", "untag", "3b:00.1")
        self.assertIn(f"{TAG_ALL} at /etc/udev/hwdb.d/61-admin.hwdb:3", said)
        self.done("tag", "3b:00.1")
        self.refused(1, "61-admin.hwdb:3", "untag", "3b:00.1")
        self.assertEqual(self.world.tags(), {})

    def test_untag_names_another_tag_of_ours(self):
        self.done("tag", "--vfs-of=3b:00.0")
        self.refused(1, re.escape(TAG_FUNCTIONS), "untag", "3b:00.1")
        self.done("untag", "--vfs-of=3b:00.0")
        self.done("untag", "3b:00.1", says="not tagged")

    def test_nothing_is_tagged(self):
        for words in (["3b:00.1"], ["--vfs-of=3b:00.0"], ["--modalias=pci:v1234*"]):
            self.done("untag", *words, says="not tagged")
        self.assertEqual(self.world.tags(), {})

    def test_untag_of_one_leaves_the_others(self):
        for number in (1, 2, 3):
            self.done("tag", f"3b:00.{number}")
        self.done("untag", "3b:00.2")
        keys = [TAG_1.replace("00.1", f"00.{number}") for number in (1, 3)]
        self.assertEqual(self.world.tags(), {name_of(key): file_of(key) for key in keys})
