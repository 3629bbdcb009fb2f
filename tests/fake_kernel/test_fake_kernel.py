#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Does the fake kernel behave as a real one? test_fake_kernel.py PROGRAM

Each row of the table is a write, what it must answer, and which driver and driver_override the
device must have then. The rules: drivers/base/{bus,dd,driver}.c, drivers/pci/pci-driver.c.
"""

import errno
import os
import pathlib
import subprocess
import sys
import tempfile
import threading
import time
import unittest

from fake_kernel import FakeKernel, Refused

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "udev"))

# pylint: disable-next=wrong-import-position
from udevd import enter

NIC, TWIN, DISK, LONE = "0000:03:00.0", "0000:03:00.1", "0000:04:00.0", "0000:05:00.0"
MODALIAS = "pci:v00008086d000010D3sv00008086sd0000A01Fbc02sc00i00"
WORLD = f"""
bus pci
bus cdx
module e1000e loaded
module nvme builtin
module vfio_pci loaded
module late
driver pci e1000e module=e1000e id=pci:v00008086d000010D3*
driver pci nvme module=nvme id=pci:v*bc01sc08i02*
driver pci second id=pci:v00008086d000010D3*
driver pci vfio-pci module=vfio_pci vfio-cdev id=pci:*
driver pci old-vfio vfio-old
driver pci late-pci module=late vfio
driver cdx vfio-cdx vfio
device pci {NIC} modalias={MODALIAS} group=5 boot_vga=0
device pci {TWIN} modalias={MODALIAS} group=5 physfn={NIC}
device pci {DISK} modalias=pci:v00008086d00000A54sv00008086sd0000390Abc01sc08i02 group=6
device pci {LONE} modalias=pci:v00001234d00001111sv0sd0bc03sc00i00 header=1
child {DISK} block nvme/nvme0/nvme0n1 dev=259:0 holders/dm-0
child {NIC} net net/eth0 flags=0x1003
"""
DRIVERS = "bus/pci/drivers"
PROBE = "bus/pci/drivers_probe"


def override(name):
    return f"bus/pci/devices/{name}/driver_override"


# Before (lines), path, value, errno or 0, the device, its driver and its override afterwards.
ROWS = [
    # unbind
    ("by name", [], f"{DRIVERS}/e1000e/unbind", NIC, 0, NIC, None, None),
    ("a newline is no matter", [], f"{DRIVERS}/e1000e/unbind", NIC + "\n", 0, NIC, None, None),
    ("another driver's device", [], f"{DRIVERS}/nvme/unbind", NIC, errno.ENODEV, NIC, "e1000e",
     None),
    ("no such device", [], f"{DRIVERS}/e1000e/unbind", "0000:99:00.0", errno.ENODEV, NIC, "e1000e",
     None),
    ("a device without driver", [], f"{DRIVERS}/e1000e/unbind", LONE, errno.ENODEV, LONE, None,
     None),
    ("by the device's own link", [], f"bus/pci/devices/{NIC}/driver/unbind", NIC, 0, NIC, None,
     None),
    # bind
    ("bind: it is held", [], f"{DRIVERS}/e1000e/bind", NIC, errno.EBUSY, NIC, "e1000e", None),
    ("bind: the ids don't fit", [], f"{DRIVERS}/nvme/bind", LONE, errno.ENODEV, LONE, None, None),
    ("bind: a VFIO driver's ids are for an override only", [], f"{DRIVERS}/vfio-pci/bind", LONE,
     errno.ENODEV, LONE, None, None),
    ("bind: with an override", [(override(LONE), "vfio-pci")], f"{DRIVERS}/vfio-pci/bind", LONE, 0,
     LONE, "vfio-pci", "vfio-pci"),
    ("bind: an override for another", [(f"{DRIVERS}/e1000e/unbind", NIC),
                                       (override(NIC), "vfio-pci")],
     f"{DRIVERS}/e1000e/bind", NIC, errno.ENODEV, NIC, None, "vfio-pci"),
    ("bind: to one that is not the first", [(f"{DRIVERS}/e1000e/unbind", NIC)],
     f"{DRIVERS}/second/bind", NIC, 0, NIC, "second", None),
    ("bind: the probe refuses", ["refuse vfio-pci ENXIO", (override(LONE), "vfio-pci")],
     f"{DRIVERS}/vfio-pci/bind", LONE, errno.ENXIO, LONE, None, "vfio-pci"),
    # driver_override
    ("override: a driver", [], override(NIC), "vfio-pci", 0, NIC, "e1000e", "vfio-pci"),
    ("override: up to the newline", [], override(NIC), "vfio-pci\nx", 0, NIC, "e1000e",
     "vfio-pci"),
    ("override: cleared", [(override(NIC), "vfio-pci")], override(NIC), "\n", 0, NIC, "e1000e",
     None),
    ("override: no such driver", [], override(NIC), "no-such", 0, NIC, "e1000e", "no-such"),
    ("override: too long", [], override(NIC), "x" * 4095, errno.EINVAL, NIC, "e1000e", None),
    ("override: as long as it may be", [], override(NIC), "x" * 4094, 0, NIC, "e1000e", "x" * 4094),
    # drivers_probe
    ("probe: it is held", [(override(NIC), "vfio-pci")], PROBE, NIC, 0, NIC, "e1000e", "vfio-pci"),
    ("probe: no such device", [], PROBE, "0000:99:00.0", errno.ENODEV, NIC, "e1000e", None),
    ("probe: no driver matches it", [], PROBE, LONE, 0, LONE, None, None),
    ("probe: an override that names no driver", [(override(LONE), "vfio_pci")], PROBE, LONE, 0,
     LONE, None, "vfio_pci"),
    ("probe: an override", [(override(LONE), "vfio-pci")], PROBE, LONE, 0, LONE, "vfio-pci",
     "vfio-pci"),
    ("probe: the driver of an override refuses, and no other comes",
     ["refuse vfio-pci EINVAL", (f"{DRIVERS}/e1000e/unbind", NIC), (override(NIC), "vfio-pci")],
     PROBE, NIC, 0, NIC, None, "vfio-pci"),
    ("probe: the first one refuses, the second comes",
     ["refuse e1000e EINVAL", (f"{DRIVERS}/e1000e/unbind", NIC)], PROBE, NIC, 0, NIC, "second",
     None),
    ("probe: an override for a bus's other driver", [(override(LONE), "vfio-cdx")], PROBE, LONE, 0,
     LONE, None, "vfio-cdx"),
    ("probe: the device is on another bus", [], "bus/cdx/drivers_probe", NIC, errno.ENODEV, NIC,
     "e1000e", None),
    # new_id
    ("new_id drags along", [], f"{DRIVERS}/vfio-pci/new_id", "1234 1111", 0, LONE, "vfio-pci",
     None),
    ("new_id: no ids", [], f"{DRIVERS}/vfio-pci/new_id", "x", errno.EINVAL, LONE, None, None),
    # others
    ("uevent: an action", [], f"bus/pci/devices/{NIC}/uevent", "change", 0, NIC, "e1000e", None),
    ("uevent: none", [], f"bus/pci/devices/{NIC}/uevent", "dance", errno.EINVAL, NIC, "e1000e",
     None),
    # orders
    ("ordered: it fails", [f"on write {PROBE} 1 fail EIO"], PROBE, LONE, errno.EIO, LONE, None,
     None),
    ("ordered: success, and nothing done", [f"on write {PROBE} 1 nothing", (override(LONE), "vfio-pci")],
     PROBE, LONE, 0, LONE, None, "vfio-pci"),
    ("ordered: another driver", [f"on write {PROBE} 1 give nvme", (override(LONE), "vfio-pci")],
     PROBE, LONE, 0, LONE, "nvme", "vfio-pci"),
    ("ordered: done, but it says no", ["on write */e1000e/unbind 1 late EIO"],
     f"{DRIVERS}/e1000e/unbind", NIC, errno.EIO, NIC, None, None),
    ("ordered: for the second time only", [f"on write {PROBE} 2 fail EIO"], PROBE, LONE, 0, LONE,
     None, None),
    ("ordered: the second time", [f"on write {PROBE} 2 fail EIO", (PROBE, LONE)], PROBE, LONE,
     errno.EIO, LONE, None, None),
    ("ordered: each time", [f"on write {PROBE} each fail EBUSY"], PROBE, LONE, errno.EBUSY, LONE,
     None, None),
    ("ordered: it is swapped right before", [f"on write {PROBE} 1 swap {LONE} modalias={MODALIAS}"],
     PROBE, LONE, 0, LONE, "e1000e", None),
    ("ordered: a module is loaded", [f"on write {PROBE} 1 load late", (override(LONE), "late-pci")],
     PROBE, LONE, 0, LONE, "late-pci", "late-pci"),
    ("ordered: it is pulled out at that moment", [f"on write {PROBE} 1 remove {LONE}"], PROBE, LONE,
     errno.ENODEV, LONE, "gone", None),
]


def write(path, value):
    """The errno of one write(2), or 0."""
    try:
        fd = os.open(path, os.O_WRONLY)
        try:
            os.write(fd, value.encode())
        finally:
            os.close(fd)
    except OSError as error:
        return error.errno
    return 0


class World(unittest.TestCase):
    """A fake kernel for each test."""

    program = None

    def setUp(self):
        directory = tempfile.TemporaryDirectory(prefix="vfio-variant-fake-")
        self.addCleanup(directory.cleanup)
        self.sys = pathlib.Path(directory.name, "sys")
        self.sys.mkdir()
        self.kernel = FakeKernel(self.program, self.sys, pathlib.Path(directory.name, "log"))
        self.addCleanup(self.kernel.__exit__)
        self.kernel.reset(WORLD)

    def path_of(self, name):
        return self.sys / "bus/pci/devices" / name

    def read(self, path):
        return (self.sys / path).read_text(encoding="ascii").rstrip("\n")


class Writes(World):
    def test_rows(self):
        for why, before, path, value, error, name, driver, wanted in ROWS:
            with self.subTest(why):
                self.kernel.reset(WORLD)
                for step in before:
                    if isinstance(step, str):
                        self.kernel.say(step)
                    else:
                        self.assertEqual(write(self.sys / step[0], step[1]), 0)
                self.assertEqual(write(self.sys / path, value), error)
                self.check(name, driver, wanted)
                log = self.kernel.writes()[-1]
                self.assertTrue(log.path.endswith(path.rpartition("/")[2]))
                self.assertEqual(log.result, errno.errorcode.get(error, "0"))

    def check(self, name, driver, wanted):
        """What the kernel knows, and what its files show, are the same, and as wanted."""
        state = self.kernel.state().get(name)
        if driver == "gone":
            self.assertIsNone(state)
            self.assertFalse(os.path.lexists(self.path_of(name)))
            return
        self.assertEqual((state.driver, state.override), (driver, wanted))
        link = self.path_of(name) / "driver"
        self.assertEqual(os.path.basename(os.readlink(link)) if os.path.lexists(link) else None,
                         driver)
        self.assertEqual(self.read(f"bus/pci/devices/{name}/driver_override"), wanted or "(null)")
        if driver:
            self.assertEqual(os.path.realpath(self.sys / DRIVERS / driver / name),
                             os.path.realpath(self.path_of(name)))

    def test_only_one_is_touched(self):
        before = self.kernel.state()
        write(self.sys / override(NIC), "vfio-pci")
        write(self.sys / f"{DRIVERS}/e1000e/unbind", NIC)
        write(self.sys / PROBE, NIC)
        after = self.kernel.state()
        self.assertEqual(after.pop(NIC).driver, "vfio-pci")
        del before[NIC]
        self.assertEqual(after, before)
        self.assertEqual({log.device.partition("#")[0] for log in self.kernel.writes()}, {NIC})

    def test_log_is_one_line(self):
        write(self.sys / override(NIC), "a b\nc\\")
        self.assertEqual(self.kernel.writes()[0].value, "a\\x20b\\x0ac\\x5c")


class Shown(World):
    def test_attributes(self):
        shown = self.path_of(NIC)
        for name, value in (("vendor", "0x8086"), ("device", "0x10d3"), ("class", "0x020000"),
                            ("modalias", MODALIAS), ("boot_vga", "0")):
            self.assertEqual((shown / name).read_text(encoding="ascii"), value + "\n")
        self.assertEqual((self.path_of(LONE) / "config").read_bytes()[14], 1)
        self.assertEqual(len((self.path_of(LONE) / "config").read_bytes()), 256)
        self.assertIn(f"MODALIAS={MODALIAS}\n", (shown / "uevent").read_text(encoding="ascii"))
        self.assertIn("DRIVER=e1000e\n", (shown / "uevent").read_text(encoding="ascii"))

    def test_links(self):
        for path, end in ((f"bus/pci/devices/{NIC}", f"devices/pci0000:00/{NIC}"),
                          (f"bus/pci/devices/{NIC}/subsystem", "bus/pci"),
                          (f"bus/pci/devices/{NIC}/iommu_group", "kernel/iommu_groups/5"),
                          (f"bus/pci/devices/{TWIN}/physfn", f"devices/pci0000:00/{NIC}"),
                          (f"kernel/iommu_groups/5/devices/{TWIN}", f"devices/pci0000:00/{TWIN}"),
                          (f"{DRIVERS}/e1000e/module", "module/e1000e"),
                          ("module/e1000e/drivers/pci:e1000e", f"{DRIVERS}/e1000e"),
                          ("class/net/eth0/device", f"devices/pci0000:00/{NIC}")):
            self.assertEqual(os.path.realpath(self.sys / path), str(self.sys / end), path)

    def test_what_the_driver_makes(self):
        self.assertTrue((self.sys / "class/block/nvme0n1/holders/dm-0").is_dir())
        self.assertEqual(self.read("class/block/nvme0n1/dev"), "259:0")
        write(self.sys / f"{DRIVERS}/nvme/unbind", DISK)
        self.assertFalse(os.path.lexists(self.sys / "class/block/nvme0n1"))
        self.assertFalse((self.path_of(DISK) / "nvme").exists())
        write(self.sys / PROBE, DISK)
        self.assertTrue((self.path_of(DISK) / "nvme/nvme0/nvme0n1").is_dir())

    def test_vfio_dev(self):
        for driver, there, cdev in (("vfio-pci", True, True), ("old-vfio", False, False)):
            write(self.sys / override(LONE), driver)
            write(self.sys / PROBE, LONE)
            found = list(self.path_of(LONE).glob("vfio-dev/vfio*"))
            self.assertEqual(bool(found), there)
            self.assertEqual(any((path / "dev").exists() for path in found), cdev)
            write(self.path_of(LONE) / "driver/unbind", LONE)
            self.assertFalse((self.path_of(LONE) / "vfio-dev").exists())

    def test_modules(self):
        self.assertEqual(self.read("module/e1000e/initstate"), "live")
        self.assertTrue((self.sys / "module/nvme").is_dir())
        self.assertFalse((self.sys / "module/nvme/initstate").exists())
        self.assertFalse((self.sys / "module/late").exists())
        write(self.sys / override(LONE), "late-pci")
        self.kernel.say("load late")
        self.assertEqual(self.kernel.state()[LONE].driver, "late-pci")
        self.assertRaises(Refused, self.kernel.say, "load late")

    def test_modes(self):
        for path, flags in ((f"{DRIVERS}/e1000e/bind", os.O_RDONLY), (PROBE, os.O_RDWR),
                            (f"bus/pci/devices/{NIC}/modalias", os.O_WRONLY),
                            ("bus/pci/new", os.O_WRONLY | os.O_CREAT)):
            with self.assertRaises(PermissionError):
                os.open(self.sys / path, flags)

    def test_what_is_missing_stays_missing(self):
        self.assertFalse((self.path_of(LONE) / "iommu_group").exists())
        self.assertFalse((self.path_of(LONE) / "driver").exists())
        self.assertEqual(write(self.sys / f"{DRIVERS}/no-such/bind", NIC), errno.ENOENT)


class Gone(World):
    """A device that was open never becomes the next one of its name."""

    def setUp(self):
        super().setUp()
        self.fd = os.open(self.path_of(NIC), os.O_RDONLY)
        self.addCleanup(os.close, self.fd)
        self.file = os.open("driver_override", os.O_WRONLY, dir_fd=self.fd)
        self.addCleanup(os.close, self.file)
        self.unbind = os.open("driver/unbind", os.O_WRONLY, dir_fd=self.fd)
        self.addCleanup(os.close, self.unbind)

    def check_gone(self):
        for name in ("modalias", "driver", "driver/unbind", "."):
            with self.assertRaises(OSError) as caught:
                os.close(os.open(name + "/driver_override" if name == "." else name, os.O_RDONLY,
                                 dir_fd=self.fd))
            self.assertIn(caught.exception.errno, (errno.ENOENT, errno.ENODEV))
        with self.assertRaises(OSError) as caught:
            os.write(self.file, b"vfio-pci")
        self.assertEqual(caught.exception.errno, errno.ENODEV)
        self.assertEqual(os.listdir(self.fd), [])

    def test_removed(self):
        self.kernel.say(f"remove {NIC}")
        self.check_gone()
        self.assertFalse(os.path.lexists(self.path_of(NIC)))
        self.assertFalse(os.path.lexists(self.sys / f"kernel/iommu_groups/5/devices/{NIC}"))
        self.assertFalse(os.path.lexists(self.sys / "class/net/eth0"))
        with self.assertRaises(OSError):
            os.write(self.unbind, NIC.encode())

    def test_swapped(self):
        before = self.kernel.state()
        number = os.fstat(self.fd).st_ino
        self.kernel.say(f"swap {NIC} modalias=pci:v00008086d00000A54sv0sd0bc01sc08i02")
        self.check_gone()
        self.assertNotEqual(os.stat(self.path_of(NIC)).st_ino, number)
        self.assertEqual(os.fstat(self.fd).st_ino, number)
        after = self.kernel.state()
        self.assertEqual(after[NIC].driver, "nvme")
        self.assertGreater(after[NIC].serial, before[NIC].serial)
        # The old one's driver is not bound to it.
        with self.assertRaises(OSError) as caught:
            os.write(self.unbind, NIC.encode())
        self.assertEqual(caught.exception.errno, errno.ENODEV)

    def test_swapped_before_a_request(self):
        """Each request of a walk through a path can be the last one that finds the device."""
        for number in range(1, 12):
            self.kernel.reset(WORLD)
            old = self.kernel.state()[NIC].serial
            self.kernel.say(f"on request {number} swap {NIC} modalias={MODALIAS}")
            for _ in range(12):
                os.path.lexists(self.path_of(NIC) / "modalias")
            self.assertGreater(self.kernel.state()[NIC].serial, old)


class Waits(World):
    def write_in_thread(self):
        result = []
        thread = threading.Thread(target=lambda: result.append(
            write(self.sys / f"{DRIVERS}/e1000e/unbind", NIC)))
        thread.start()
        return thread, result

    def test_blocks_until_told(self):
        self.kernel.say("on write */e1000e/unbind 1 block")
        thread, result = self.write_in_thread()
        while self.kernel.say("blocked") != "1":
            time.sleep(0.001)
        self.assertEqual(self.read(f"bus/pci/devices/{NIC}/modalias"), MODALIAS)
        self.assertEqual(self.kernel.state()[NIC].driver, "e1000e")
        self.assertEqual(result, [])
        self.kernel.say("go")
        thread.join()
        self.assertEqual(result, [0])
        self.assertIsNone(self.kernel.state()[NIC].driver)

    def test_waits(self):
        self.kernel.say("on write */e1000e/unbind 1 wait 100")
        start = time.monotonic()
        thread, result = self.write_in_thread()
        thread.join()
        self.assertEqual(result, [0])
        self.assertGreaterEqual(time.monotonic() - start, 0.1)

    def test_gone_while_it_blocks(self):
        self.kernel.say("on write */driver_override 1 block")
        result = []
        thread = threading.Thread(
            target=lambda: result.append(write(self.sys / override(NIC), "vfio-pci")))
        thread.start()
        while self.kernel.say("blocked") != "1":
            time.sleep(0.001)
        self.kernel.say(f"swap {NIC}", "go")
        thread.join()
        self.assertEqual(result, [errno.ENODEV])
        self.assertIsNone(self.kernel.state()[NIC].override)


class Lines(World):
    def test_wrong_lines(self):
        for line in ("dance", "bus", "bus pci", "driver no-such x", "driver pci x module=no-such",
                     "device pci 0000:09:00.0", f"device pci {NIC} modalias=x", "load no-such",
                     "remove 0000:99:00.0", "swap 0000:99:00.0", "refuse no-such EIO",
                     "refuse nvme EWHAT", "on write", "on write x", "on write x 0 nothing",
                     "on write x 1 dance", "on write x 1 fail EWHAT", "on write x y nothing",
                     "on request 1 nothing", "on step 1 fail EIO", "on x 1 nothing",
                     "child 0000:99:00.0 net net/eth0", "link x y"):
            with self.subTest(line), self.assertRaises(Refused):
                self.kernel.say(line)

    def test_steps_leave_writes_out(self):
        requests, steps = self.kernel.count()
        write(self.sys / override(NIC), "vfio-pci")
        now_requests, now_steps = self.kernel.count()
        self.assertEqual(now_requests - requests, now_steps - steps + 1)

    def test_reset(self):
        fd = os.open(self.path_of(NIC), os.O_RDONLY)
        self.addCleanup(os.close, fd)
        self.kernel.reset("bus pci")
        self.assertEqual(self.kernel.state(), {})
        self.assertEqual(os.listdir(self.sys / "bus/pci/devices"), [])
        with self.assertRaises(OSError):
            os.open("modalias", os.O_RDONLY, dir_fd=fd)

    def test_other_files(self):
        self.kernel.say("file class/x/y a\\x20b\\x5cc", "directory class/z", "link class/l ../devices")
        self.assertEqual(self.read("class/x/y"), "a b\\c")
        self.kernel.say("file class/x/y new")
        self.assertEqual(self.read("class/x/y"), "new")
        self.assertEqual(os.path.realpath(self.sys / "class/l"), str(self.sys / "devices"))


if __name__ == "__main__":
    if sys.argv[1] == "inside":
        World.program = sys.argv[2]
        unittest.main(argv=sys.argv[:1] + sys.argv[3:])
    sys.exit(subprocess.run(enter(__file__, "inside", *sys.argv[1:]), check=False).returncode)
