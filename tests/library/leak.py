#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""All that the library reports of a device, under valgrind, with new objects in each round: leak.py TREE ASK

No memory and no descriptor is lost, and no byte is read before it is written. More rounds leave no more
memory, also none that the library can still reach. The device is below a made /sys, which udev knows.
A bad value in the udev database makes the library look the choice up itself.
"""

import os
import pathlib
import re
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path += [str(HERE.parent / name) for name in ("udev", "root", "bench")]

# pylint: disable=wrong-import-position
from devices import VERIFY_SYSFS, MadeSys
from host import make_mount_point, mount, real_place
from trees import make_tree
from udevd import enter

SLOT = "0000:00:01.0"
ANSWER = "E:VFIO_VARIANT_DRIVER=nic_vfio_pci\nE:VFIO_VARIANT_MODULE=nic_vfio_pci\n"
BAD = "E:VFIO_VARIANT_DRIVER=../escape\nE:VFIO_VARIANT_PIN=no such name\n"
# What a round leaves is counted exactly: many rounds find no more than these.
FEW, MANY = 5, 25


def make(scratch, tree):
    """Mounts the directories that the library looks into."""
    sys_directory = scratch / "sys"
    made = MadeSys(sys_directory)
    device = made.add_pci(SLOT, 0x8086, 0x10D3, 0x020000)
    (device.directory / "vfio-dev/vfio3").mkdir(parents=True)
    (device.directory / "vfio-dev/vfio3/dev").write_text("511:3\n", encoding="ascii")
    driver = sys_directory / "bus/pci/drivers/e1000e"
    driver.mkdir(parents=True)
    (device.directory / "driver").symlink_to(os.path.relpath(driver, device.directory))
    members = sys_directory / "kernel/iommu_groups/12/devices"
    members.mkdir(parents=True)
    (device.directory / "iommu_group").symlink_to(os.path.relpath(members.parent, device.directory))
    (members / SLOT).symlink_to(os.path.relpath(device.directory, members))
    (scratch / "run/udev/data").mkdir(parents=True)
    make_tree(scratch, tree)
    place = real_place("/lib/modules")
    make_mount_point(place, scratch)
    mount("--bind", scratch / "usr/lib/modules", place)
    mount("--bind", scratch / "run", "/run")
    mount("--bind", sys_directory, "/sys")


def run(ask, rounds):
    """Returns what the rounds leave: bytes and blocks. None if anything is lost or read too early."""
    command = ["valgrind", "--leak-check=full", "--show-leak-kinds=definite,indirect,possible",
               "--errors-for-leak-kinds=definite,indirect,possible", "--error-exitcode=9",
               "--track-fds=yes", ask, SLOT, str(rounds)]
    done = subprocess.run(command, check=False, text=True, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, stdin=subprocess.DEVNULL,
                          env={**os.environ, **VERIFY_SYSFS})
    lost = re.search(r"definitely lost: ([\d,]+)", done.stderr)
    fds = re.search(r"FILE DESCRIPTORS: (\d+) open \((\d+) std\)", done.stderr)
    left = re.search(r"in use at exit: (.*)", done.stderr)
    good = (done.returncode == 0 and "variant=nic_vfio_pci" in done.stdout
            and (not lost or lost[1] == "0") and fds and fds[1] == fds[2] and left)
    if not good:
        print(done.stdout, done.stderr)
        return None
    return left[1]


def leaves_nothing(scratch, ask, database):
    (scratch / f"run/udev/data/+pci:{SLOT}").write_text(f"I:1\n{database}V:1\n", encoding="ascii")
    few, many = run(ask, FEW), run(ask, MANY)
    good = few is not None and few == many
    print(f"{'ok' if good else 'FAIL'} {database.splitlines()[0]}: {FEW} rounds leave {few}, "
          f"{MANY} rounds {many}")
    return good


def main():
    if sys.argv[1] != "--inside":
        command = enter(pathlib.Path(__file__).resolve(), "--inside", *sys.argv[1:])
        os.execvp(command[0], command)
    tree, ask = (pathlib.Path(path).resolve() for path in sys.argv[2:])
    with tempfile.TemporaryDirectory(prefix="library-leak-") as directory:
        scratch = pathlib.Path(directory)
        make(scratch, tree)
        results = [leaves_nothing(scratch, ask, database) for database in (ANSWER, BAD)]
    sys.exit(not all(results))


if __name__ == "__main__":
    main()
