#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The example of libvirt's hostdev code, and the asker, against the fake kernel:
hostdev.py EXAMPLE ASK LAUNCH FAKE_KERNEL"""

import os
import pathlib
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path += [str(HERE.parent / name) for name in ("act", "root", "udev", "fake_kernel")]

# pylint: disable=wrong-import-position
from checks import check as checks
from scene import NIC, ONE, WORLD, Scene
from udevd import enter

STRIDE = 3  # of the requests, one of three: each is of a kind that comes often
BOUND = "driver: nic_vfio_pci, type vfio"


def check(name, is_so, what=None):
    with checks(name):
        assert is_so, what


def said(done, status, *parts):
    """Is it the exit status, and are all parts in what was said?"""
    text = done.stdout + done.stderr
    return done.status == status and all(part in text for part in parts)


def hostdev(scene):
    scene.reset()
    done = scene.run("prepare", "unmanaged", ONE)
    check("unmanaged, bound to its native driver: refused",
          said(done, 1, "driver: e1000e, type native", "bind it first"), done)
    check("and left there", scene.driver() == "e1000e")
    done = scene.run("prepare", "managed", ONE)
    check("managed: bound to the variant",
          said(done, 0, BOUND, "reset: by its VFIO driver", "group: /dev/vfio/13", "cdev: "), done)
    check("by its driver", scene.driver() == "nic_vfio_pci")
    done = scene.run("prepare", "unmanaged", ONE)
    check("unmanaged, when it is bound", said(done, 0, BOUND), done)
    done = scene.run("reattach", ONE)
    check("re-attached", said(done, 0, "driver: e1000e, type native"), done)
    check("to its native driver", scene.driver() == "e1000e")
    scene.others_untouched()


def refused(scene):
    scene.reset("refuse nic_vfio_pci EINVAL")
    done = scene.run("prepare", "managed", ONE)
    check("the variant refuses: the fallback", said(done, 0, "driver: vfio-pci, type vfio"), done)
    scene.reset("refuse nic_vfio_pci EINVAL", "refuse vfio-pci EINVAL")
    done = scene.run("prepare", "managed", ONE)
    check("both refuse: restored", said(done, 1, "bound to no driver") and
          scene.driver() == "e1000e", done)
    other = WORLD + "\ndevice pci 0000:03:00.9 modalias=pci:v0000AAAAd0001 group=13"
    other = other.replace("driver pci stranger id=pci:v0000FFFF*",
                          "driver pci stranger id=pci:v0000AAAA*")
    scene.reset(world=other)
    done = scene.run("prepare", "managed", ONE)
    check("another member of the group is in use", said(done, 1, "0000:03:00.9"), done)
    check("so it is skipped", scene.driver() == "e1000e")


def answers_for_itself(done):
    """Where the first device was opened, nothing that is told is of the one that came after it."""
    if done.status not in (0, 3):
        return False
    told = dict(line.partition("=")[::2] for line in done.stdout.splitlines())
    if done.status == 3 or told["modalias"] != NIC:
        return True
    return (told["driver"] in ("e1000e", "-ENODEV") and told["variant"] in ("nic_vfio_pci", "-ENODEV")
            and told["type"] in ("4", "-ENODEV"))


def unplugged(ask, programs):
    """The device is pulled out, or swapped, before each request that the asker makes."""
    with Scene({**programs, "tool": ask}) as scene:
        scene.reset()
        before = scene.kernel.count()[1]
        done = scene.run(ONE)
        steps = scene.kernel.count()[1] - before
        check("asked of a device that stays", said(done, 0, "driver=e1000e", "variant=nic_vfio_pci")
              and steps > 50, (steps, done))
        for line in (f"remove {ONE}", f"swap {ONE} modalias=pci:v0000AAAAd00000001"):
            wrong = []
            for step in range(1, steps + 1, STRIDE):
                scene.reset(f"on step {step} {line}")
                done = scene.run(ONE)
                if not answers_for_itself(done):
                    wrong.append((step, done))
            check(f"{line.split()[0]} before each of {steps} requests", not wrong, wrong[:3])


def main():
    if sys.argv[1] != "--inside":
        command = enter(pathlib.Path(__file__).resolve(), "--inside", *sys.argv[1:])
        os.execvp(command[0], command)
    example, ask, launch, fake_kernel = (pathlib.Path(path).resolve() for path in sys.argv[2:])
    programs = {"tool": example, "launch": launch, "fake_kernel": fake_kernel}
    with Scene(programs) as scene:
        hostdev(scene)
        refused(scene)
    unplugged(ask, programs)
    sys.exit(checks.close())


if __name__ == "__main__":
    main()
