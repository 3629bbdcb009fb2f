# SPDX-License-Identifier: LGPL-2.1-or-later
"""This machine's real PCI devices, as a real udevd sees them with our rules: real.py BUILD SYSTEM
SCRATCH, in namespaces (see udevd.py)."""

import pathlib
import sys

from checks import check, equal, lines_to_properties, others, ours
from devices import real_devices
from trees import SAMPLE, make_tree
from udevd import HELPER, RULES, CountedHelper, Udevd, find_installed, make_root, mount_all

# Every action of the kernel's kobject_actions[] but move, which wants another name, and remove.
KEPT = ("bind", "unbind", "trigger", "online", "offline", "add")


def without_rules(udevd, rules, devices):
    """What udevd makes of the devices where our rules are not installed."""
    away = rules.with_suffix(".away")
    rules.rename(away)
    udevd.start()
    properties = {device.devpath: udevd.event("add", device) for device in devices}
    udevd.stop()
    away.rename(rules)
    return properties


def check_answer(udevd, helper, device, before):
    direct = ours(lines_to_properties(udevd.run(helper, device.sysname)))
    driver = direct.get("DRIVER", "no driver")
    with check(f"{device.sysname}: {driver} is in the database, as the helper says"):
        event = udevd.event("add", device)
        equal(ours(udevd.stored(device)), direct)
        equal("DRIVER" in direct, True, "the sample tree has a driver for every PCI device")
        equal(others(event), others(before), "properties of others")
    with check(f"{device.sysname}: still there after {', '.join(KEPT)}"):
        for action in KEPT:
            udevd.event(action, device)
            equal(ours(udevd.stored(device)), direct, action)


def check_bridge(udevd, device, before):
    with check(f"{device.sysname}: a bridge, has no answer"):
        for action in KEPT:
            event = udevd.event(action, device)
            equal(ours(event), {}, action)
            equal(ours(udevd.stored(device)), {}, action)
        equal(others(event), others(before), "properties of others")


def check_processes(udevd, counted, device):
    # Two witnesses: the helper's own list, and what udevd says of each process it starts.
    already = len(udevd.log())
    for action in KEPT:
        udevd.event(action, device)
    wanted = 0 if device.is_bridge() else sum(action in ("add", "trigger") for action in KEPT)
    with check(f"{device.sysname}: {wanted} processes for {', '.join(KEPT)}"):
        equal(len(counted.take_runs()), wanted, "runs of the helper")
        equal(udevd.log()[already:].count("Starting '"), wanted, "processes in udevd's log")


def check_remove(udevd, counted, device):
    with check(f"{device.sysname}: no process on remove, and nothing left"):
        udevd.event("remove", device)
        equal(counted.take_runs(), [])
        equal(ours(udevd.stored(device)), {})


def main():
    build, system, scratch = (pathlib.Path(argument) for argument in sys.argv[1:])
    root = scratch / "root"
    make_root(root, build, system)
    make_tree(root, SAMPLE)
    rules, helper = find_installed(root, RULES), find_installed(root, HELPER)
    mount_all(root)
    udevd, devices = Udevd(root), real_devices()
    if not devices:
        print("# this machine has no PCI device: there is nothing to check on it")
    before = without_rules(udevd, rules, devices)
    udevd.start()
    for device in devices:
        if device.is_bridge():
            check_bridge(udevd, device, before[device.devpath])
        else:
            check_answer(udevd, "/" + str(helper.relative_to(root)), device,
                         before[device.devpath])
    counted = CountedHelper(root)
    for device in devices:
        check_processes(udevd, counted, device)
    for device in devices:
        check_remove(udevd, counted, device)
    udevd.stop()


if __name__ == "__main__":
    main()
