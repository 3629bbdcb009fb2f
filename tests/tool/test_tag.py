# SPDX-License-Identifier: LGPL-2.1-or-later
"""tag and untag where all goes well: the file, the compiled hwdb, the events, the way back."""

import os
import re
import shlex

from case import TAG_1, TAG_ALL, TAG_FUNCTIONS, Case, record
from room import HEAD, MLX5, MLX5_MODALIAS

VFS = ["0000:3b:00.1", "0000:3b:00.2", "0000:3b:00.3"]
ALL_MLX5 = [*VFS, "0000:5e:00.1"]

# The words behind `tag`, the record that they make, and the devices that it is for.
TAG_TABLE = [
    (["0000:3b:00.1"], record(TAG_1), VFS[:1]),
    (["--force", "0000:3b:00.1"], record(TAG_1, "force"), VFS[:1]),
    (["--pin=vfio-pci", "0000:3b:00.1"], record(TAG_1, "1", "vfio-pci"), VFS[:1]),
    (["0000:3b:00.1", "--pin", "vfio_pci", "--force"], record(TAG_1, "force", "vfio_pci"), VFS[:1]),
    (["--modalias=pci:v000015B3d0000101E*"], record(TAG_ALL), ALL_MLX5),
    (["--modalias=" + MLX5_MODALIAS], record(f"vfio-variant:*:{MLX5_MODALIAS}"), ALL_MLX5),
    (["--modalias=pci:v000015B[0-3]d0000101?*", "--force"],
     record("vfio-variant:*:pci:v000015B[0-3]d0000101?*", "force"), ["0000:3b:00.0", *ALL_MLX5]),
    (["--vfs-of=0000:3b:00.0"], record(TAG_FUNCTIONS), VFS),
    (["--vfs-of=3b:00.0", "--pin=mlx5_vfio_pci"], record(TAG_FUNCTIONS, "1", "mlx5_vfio_pci"), VFS),
]


class Tag(Case):
    def undo(self, said):
        """Runs the command that undoes it, as it was printed."""
        commands = re.findall(r"^  to undo: (.*)$", said, re.MULTILINE)
        self.assertEqual(len(commands), 1, said)
        words = shlex.split(commands[0])
        self.assertEqual(words.pop(0), "vfio-variant")
        return self.done(*words)

    def test_table(self):
        for words, wanted, devices in TAG_TABLE:
            with self.subTest(words=words):
                self.world.reset()
                said = self.done("tag", *words, says="tagged")
                self.assertEqual(self.world.tags(), HEAD + "\n" + wanted)
                self.assertEqual(self.world.triggered(), devices)
                self.assertIn(wanted.split("\n", 1)[0], said)
                self.assertEqual(self.world.beside_tags(), ["60-vfio-variant-tag.hwdb"])
                self.undo(said)
                self.assertEqual(self.world.tags(), None)
                self.assertEqual(self.world.triggered(), devices)

    def test_there_and_back_and_there(self):
        for words, wanted, devices in TAG_TABLE:
            with self.subTest(words=words):
                self.world.reset()
                self.undo(self.undo(self.done("tag", *words)))
                self.assertEqual(self.world.tags(), HEAD + "\n" + wanted)
                self.assertEqual(self.world.triggered(), devices)

    def test_compiled(self):
        self.done("tag", "--pin=vfio-pci", "3b:00.1")
        key = f"vfio-variant:0000:3b:00.1:{MLX5_MODALIAS}"
        self.assertEqual(self.world.looked_up(key),
                         {"VFIO_VARIANT_BIND": "1", "VFIO_VARIANT_PIN": "vfio-pci"})
        self.assertEqual([self.world.tagged(one) for one in ALL_MLX5], ["1", "-", "-", "-"])
        self.done("untag", "3b:00.1")
        self.assertEqual(self.world.looked_up(key), {})

    def test_another_card_in_the_slot_is_not_tagged(self):
        self.done("tag", "0000:5e:00.1")
        self.assertEqual(self.world.tagged("0000:5e:00.1"), "1")
        (self.world.devices["0000:5e:00.1"].folder / "modalias").write_text(
            "pci:v00008086d00001572sv00000000sd00000000bc02sc00i00\n", encoding="ascii")
        self.assertEqual(self.world.tagged("0000:5e:00.1"), "-")
        self.done("untag", "0000:5e:00.1", says="another card")
        self.assertEqual(self.world.tags(), None)

    def test_twice_is_one_record(self):
        self.done("tag", "3b:00.1")
        self.done("tag", "3b:00.1", says="before")
        self.assertEqual(self.world.tags(), HEAD + "\n" + record(TAG_1))
        self.done("tag", "--force", "--pin=vfio-pci", "3b:00.1")
        self.assertEqual(self.world.tags(), HEAD + "\n" + record(TAG_1, "force", "vfio-pci"))
        self.done("tag", "3b:00.1")
        self.assertEqual(self.world.tags(), HEAD + "\n" + record(TAG_1))

    def test_closer_ones_stand_behind(self):
        self.done("tag", "3b:00.1")
        self.done("tag", "--vfs-of=3b:00.0")
        # Of two of these it has not the last word, and says so
        self.done("tag", "--modalias=pci:v000015B3d0000101E*", "--force", warns="last word")
        self.done("tag", "3b:00.2")
        tag_2 = TAG_1.replace("00.1", "00.2")
        self.assertEqual(self.world.tags(), "\n".join([
            HEAD, record(TAG_ALL, "force"), record(TAG_FUNCTIONS), record(TAG_1), record(tag_2)]))
        self.assertEqual([self.world.tagged(one) for one in ALL_MLX5], ["1", "1", "force", "force"])

    def test_several_at_once(self):
        self.done("tag", "3b:00.1", "0000:3b:00.3")
        self.assertEqual([self.world.tagged(one) for one in VFS], ["1", "-", "1"])
        self.done("untag", "3b:00.1", "3b:00.2", "3b:00.3", says="3b:00.2: was not tagged")
        self.assertEqual(self.world.tags(), None)

    def test_missing_folder_is_made(self):
        (self.world.root / "etc/udev").rmdir()
        self.done("tag", "3b:00.1")
        self.assertEqual(self.world.tagged("0000:3b:00.1"), "1")


class Disk(Case):
    """A device whose disk the system uses is not tagged, except by force."""

    USED = ("0000:3b:00.1: cannot tag: device is in use: /dev/nvme0n1 is mounted on /proc; end that "
            "first, or override by --force\n")
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
        (disk.folder / "dev").write_text(f"{number}\n", encoding="ascii")

    def test_refused(self):
        self.enter()
        for words in [*self.FORMS, *([*form, "--dry-run"] for form in self.FORMS)]:
            with self.subTest(words=words):
                said = self.refused(3, re.escape(self.USED), "tag", *words)
                self.assertEqual(said.count("cannot tag"), 1, said)
                self.assertEqual(self.world.tags(), None)
                self.assertEqual(self.world.triggered(), [])

    def test_forced(self):
        for words in self.FORMS:
            with self.subTest(words=words):
                self.enter()
                self.done("tag", "--force", *words, warns="tagged by force, although /dev/nvme0n1 is "
                          "mounted on /proc: the system may not boot without it\n")
                self.assertIn("VFIO_VARIANT_BIND=force", self.world.tags())

    def test_held_by_an_array(self):
        self.add_disk("0000:3b:00.2", "sdb", "8:16")
        (self.world.root / "sys/class/block/sdb/holders/md0").mkdir(parents=True)
        self.world.sys.add_of_class("/devices/virtual/block/md0", "block", {})
        self.refused(3, "3b:00.2: cannot tag: device is in use: /dev/sdb is held by /dev/md0",
                     "tag", "3b:00.2")
        self.assertEqual(self.world.tags(), None)

    def test_others_are_tagged(self):
        self.enter()
        self.done("tag", "3b:00.2")
        self.refused(3, "cannot tag", "tag", "3b:00.1", "3b:00.3")
        self.assertEqual([self.world.tagged(one) for one in VFS], ["-", "1", "1"])

    def test_unused(self):
        for words in self.FORMS:
            with self.subTest(words=words):
                self.enter(mounted=False)
                self.done("tag", *words)
                self.assertIn("VFIO_VARIANT_BIND=1", self.world.tags())


class Name(Case):
    """DEVICE in all its forms."""

    def test_forms(self):
        self.world.add_interface("ens3f0v0", self.world.devices["0000:3b:00.1"].folder)
        for name in ("0000:3b:00.1", "3b:00.1", "ens3f0v0", "/sys/bus/pci/devices/0000:3b:00.1",
                     "/sys/devices/pci0000:00/0000:3b:00.1"):
            with self.subTest(name=name):
                self.done("tag", name, says=r"^0000:3b:00.1: ")
                self.assertEqual(self.world.tagged("0000:3b:00.1"), "1")
                self.done("untag", name)
                self.assertEqual(self.world.tags(), None)

    def add_below(self, subsystem, name):
        """A device of another bus, below the virtual function."""
        folder = self.world.devices["0000:3b:00.1"].folder / name
        folder.mkdir()
        bus = self.world.root / "sys/bus" / subsystem / "devices"
        bus.mkdir(parents=True)
        (folder / "subsystem").symlink_to(f"../../../../bus/{subsystem}")
        (folder / "uevent").write_text(f"DRIVER={subsystem}\n", encoding="ascii")
        (bus / name).symlink_to(f"../../../devices/pci0000:00/0000:3b:00.1/{name}")
        return folder

    def test_virtio_interface_is_of_the_device_above(self):
        self.world.add_interface("eth0", self.add_below("virtio", "virtio0"))
        self.done("tag", "eth0", says=r"^0000:3b:00.1: ")

    def test_usb_interface_is_of_no_controller(self):
        self.world.add_interface("eth1", self.add_below("usb", "usb1"))
        self.refused(1, "eth1.*USB", "tag", "eth1")
        self.assertEqual(self.world.tags(), None)

    def test_domains(self):
        self.world.add("0001:3b:00.1", **MLX5)
        self.world.add("10000:01:00.0", **MLX5)
        for verb in ("tag", "untag", "bind", "unbind"):
            self.refused(1, "several.*0000:3b:00.1", verb, "3b:00.1")
        self.assertEqual(self.world.tags(), None)
        self.done("tag", "01:00.0", says="^10000:01:00.0: ")
        self.done("tag", "0001:3b:00.1", says="^0001:3b:00.1: ")

    def test_untag_of_a_card_that_is_gone(self):
        self.done("tag", "5e:00.1")
        folder = self.world.devices.pop("0000:5e:00.1").folder
        (self.world.root / "sys/bus/pci/devices/0000:5e:00.1").unlink()
        folder.rename(folder.with_name("gone"))
        self.done("untag", "0000:5e:00.1", says="to undo")
        self.assertEqual(self.world.tags(), None)
        self.done("untag", "0000:5e:00.1", says="not tagged")


class Others(Case):
    """What an administrator wrote elsewhere."""

    def test_a_later_file_wins(self):
        self.world.write_hwdb("61-admin.hwdb", f"{TAG_1}\n VFIO_VARIANT_BIND=0\n")
        self.done("tag", "3b:00.1", warns="last word.*BIND=0")
        self.assertEqual(self.world.tagged("0000:3b:00.1"), "0")

    def test_untag_names_who_tags(self):
        self.world.write_hwdb("61-admin.hwdb", "# x\n\n" + record(TAG_ALL))
        said = self.refused(1, "still tagged", "untag", "3b:00.1")
        self.assertIn(f"{TAG_ALL} at /etc/udev/hwdb.d/61-admin.hwdb:3", said)
        self.done("tag", "3b:00.1")
        self.refused(1, "61-admin.hwdb:3", "untag", "3b:00.1")
        self.assertEqual(self.world.tags(), None)

    def test_untag_names_another_tag_of_ours(self):
        self.done("tag", "--vfs-of=3b:00.0")
        self.refused(1, re.escape(TAG_FUNCTIONS), "untag", "3b:00.1")
        self.done("untag", "--vfs-of=3b:00.0")
        self.done("untag", "3b:00.1", says="not tagged")

    def test_nothing_is_tagged(self):
        for words in (["3b:00.1"], ["--vfs-of=3b:00.0"], ["--modalias=pci:v1234*"]):
            self.done("untag", *words, says="not tagged")
        self.assertEqual(self.world.tags(), None)

    def test_untag_of_one_leaves_the_others(self):
        for number in (1, 2, 3):
            self.done("tag", f"3b:00.{number}")
        self.done("untag", "3b:00.2")
        tags = [record(TAG_1.replace("00.1", f"00.{number}")) for number in (1, 3)]
        self.assertEqual(self.world.tags(), "\n".join([HEAD, *tags]))
