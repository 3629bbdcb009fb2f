# SPDX-License-Identifier: LGPL-2.1-or-later
"""What a real udevd with our rules does to devices that an admin tagged: act.py BUILD SYSTEM SCRATCH,
in namespaces (see udevd.py). The tool that RUN starts is a script that notes how it was called."""

import contextlib
import pathlib
import re
import sys

from checks import check, equal, ours
from tags import ALL, CARD, records
from udevd import BIND_RULES, find_installed, run
from world import World

NODES = {"BOUND": "1", "CDEV": "/dev/vfio/devices/vfio7", "GROUP": "/dev/vfio/12"}

# The shell's own builtins: there is nothing else in the root.
TOOL = """#!/bin/sh
echo "$*|$ACTION|$DEVPATH|$VFIO_VARIANT_DRIVER|$VFIO_VARIANT_MODULE|$VFIO_VARIANT_FALLBACK|\
$VFIO_VARIANT_BIND" >>/run/tool-runs
"""


def program_path(root):
    """The program that the rule names, in udev's directory."""
    rules = find_installed(root, BIND_RULES)
    name, = set(re.findall(r'RUN\{program\}\+="(\S+) ', rules.read_text(encoding="utf-8")))
    return rules.parent.parent / name


class ActWorld(World):
    """The made devices, with what a driver needs to be bound, and the tool, counted."""

    def __init__(self, *arguments):
        super().__init__(*arguments)
        self.rules = find_installed(self.root, BIND_RULES)
        self.runs_file = self.root / "run/tool-runs"
        run(["mount", "-o", "remount,bind,rw", self.root / "sys"])
        self.put_tool()
        for device in [self.card, *self.functions, *self.others.values()]:
            self.override(device).touch()

    def put_tool(self):
        tool = program_path(self.root)
        tool.unlink(missing_ok=True)
        tool.write_text(TOOL, encoding="ascii")
        tool.chmod(0o755)

    @staticmethod
    def override(device):
        return device.directory / "driver_override"

    def act(self, action, device, override=""):
        """(driver_override, runs of the tool, properties) after an event of a device, which has
        that driver_override before."""
        self.override(device).write_text(override, encoding="ascii")
        self.runs_file.unlink(missing_ok=True)
        event = self.udevd.event(action, device)
        runs = (self.runs_file.read_text(encoding="utf-8").splitlines()
                if self.runs_file.exists() else [])
        return self.override(device).read_text(encoding="ascii").strip(), runs, event

    def set_vfio(self, device):
        """What a VFIO driver makes."""
        cdev = device.directory / "vfio-dev/vfio7/dev"
        cdev.parent.mkdir(parents=True)
        cdev.write_text("511:7\n", encoding="ascii")
        group = self.sys.directory / "kernel/iommu_groups/12"
        group.mkdir(parents=True, exist_ok=True)
        (device.directory / "iommu_group").symlink_to(
            f"{'../' * (len(device.devpath.split('/')) - 1)}kernel/iommu_groups/12")

    def forget(self, device):
        """The device goes, and udev's memory of it."""
        self.udevd.event("remove", device)


@contextlib.contextmanager
def uevent_with(device, line):
    """Has each event of a device contain one more property."""
    uevent = device.directory / "uevent"
    before = uevent.read_text(encoding="utf-8")
    uevent.write_text(f"{before}{line}\n", encoding="utf-8")
    try:
        yield
    finally:
        uevent.write_text(before, encoding="utf-8")


def requested(device):
    """As an event of `udevadm trigger`."""
    return uevent_with(device, "SYNTH_UUID=0")


def called(device, bind="1", driver="mlx5_vfio_pci", fallback="vfio-pci", action="add"):
    """The one run of the tool that there should be: its arguments, then its environment."""
    return [f"bind-added|{action}|{device.devpath}|{driver}|{driver.replace('-', '_')}|"
            f"{fallback}|{bind}"]


def check_untagged(world):
    for name, device in {"virtual function": world.functions[0], **world.others}.items():
        with check(f"{name}, not tagged: nothing is done on any event"):
            for action in ("add", "change", "bind", "unbind"):
                equal(world.act(action, device)[:2], ("", []), action)
            world.forget(device)


def check_tagged(world):
    function, gpu = world.functions[0], world.others["gpu"]
    for value in ("1", "force"):
        world.udevd.update_hwdb(records((ALL, {"BIND": value})))
        with check(f"tagged with {value}: override at once, the tool after it, on add alone"):
            equal(world.act("add", function)[:2],
                  ("mlx5_vfio_pci", called(function, value)), "add")
            for action in ("change", "bind", "online", "remove"):
                equal(world.act(action, function)[:2], ("", []), action)
            equal(world.act("add", function)[1], called(function, value), "add, again")
            equal(world.act("unbind", function)[:2], ("", []), "unbind")
            world.forget(function)
        with check("claimed at boot: bound like any other"):
            equal(world.act("add", function, "mlx5_vfio_pci\n")[:2],
                  ("mlx5_vfio_pci", called(function, value)))
            world.forget(function)
        with check("a requested add: bound like any other"), requested(function):
            equal(world.act("add", function)[:2], ("mlx5_vfio_pci", called(function, value)))
            world.forget(function)
        with check("a device of another kind: not touched"):
            equal(world.act("add", gpu)[:2], ("", []))
            world.forget(gpu)


def check_subsystems(world):
    with check("cdx device: bound like any other"):
        world.udevd.update_hwdb(records(("vfio-variant:cdx:v10EE*", {"BIND": "1"})))
        world.override(world.cdx).touch()
        equal(world.act("add", world.cdx)[:2],
              ("vfio-cdx", called(world.cdx, driver="vfio-cdx", fallback="")))
    with check("device of another subsystem, with the properties of a tagged one: not touched"):
        decoy = world.sys.add("/devices/platform/decoy", "platform",
                              {"VFIO_VARIANT_BIND": "1", "VFIO_VARIANT_DRIVER": "vfio-pci"})
        equal(world.act("add", decoy)[:2], ("", []))


def check_not_to_be_bound(world):
    function = world.functions[0]
    for value in ("0", "yes", "11", "forced"):
        world.udevd.update_hwdb(records((ALL, {"BIND": value})))
        with check(f"VFIO_VARIANT_BIND={value}: nothing is done"):
            equal(world.act("add", function)[:2], ("", []))
            world.forget(function)
    world.udevd.update_hwdb(records((ALL, {"BIND": "1"})))
    with check("no answer: nothing is done"):
        with world.counted.saying("exit 0\n"):
            equal(world.act("add", function)[:2], ("", []))
        world.forget(function)
    with check("the helper fails: nothing is done"):
        with world.counted.saying("echo VFIO_VARIANT_DRIVER=x\nexit 1\n"):
            equal(world.act("add", function)[:2], ("", []))
        world.forget(function)


def check_claimed_without_answer(world):
    function = world.functions[0]
    world.udevd.update_hwdb(records((ALL, {"BIND": "1"})))
    unbound = f"unbind {function.sysname}|add|{function.devpath}||||1"
    with world.counted.saying("exit 1\n"):
        with check("claimed at boot, no answer: the native driver gets it"):
            equal(world.act("add", function, "mlx5_vfio_pci\n")[1], [unbound])
            world.forget(function)
        with check("no driver_override, no answer: nothing is done"):
            for none in ("(null)\n", "\n"):
                equal(world.act("add", function, none)[1], [], repr(none))
                world.forget(function)
        with check("bound to a driver, no answer: nothing is done"):
            world.set_driver(function, "mlx5_core")
            equal(world.act("add", function, "mlx5_vfio_pci\n")[1], [])
            world.set_driver(function, None)
            world.forget(function)
    with check("driver_override, no answer on change: nothing is done"):
        with world.counted.saying(f"echo VFIO_VARIANT_PHYSFN={world.card.sysname}\nexit 0\n"):
            equal(world.act("change", function, "mlx5_vfio_pci\n")[1], [])
        world.forget(function)


def claimed_in_image(world, device):
    """What an initramfs image leaves of a tagged device in the udev database."""
    data = world.root / "run/udev/data" / f"+pci:{device.sysname}"
    data.write_text("I:1\nE:VFIO_VARIANT_CLAIMED=1\nE:VFIO_VARIANT_DRIVER=mlx5_vfio_pci\nP:1\n", encoding="ascii")


def check_claimed_in_image(world):
    function = world.functions[0]
    with check("claimed in an image, tagged: bound like any other"):
        claimed_in_image(world, function)
        equal(world.act("add", function, "mlx5_vfio_pci\n")[:2], ("mlx5_vfio_pci", called(function)))
        world.forget(function)
    world.udevd.update_hwdb("")
    with check("claimed in an image, the tag removed since: the native driver gets it, once"):
        claimed_in_image(world, function)
        _, runs, event = world.act("add", function, "mlx5_vfio_pci\n")
        equal([one.partition("|")[0] for one in runs], [f"unbind {function.sysname}"])
        equal("VFIO_VARIANT_CLAIMED" in event, False)
        equal(world.act("add", function, "mlx5_vfio_pci\n")[1], [])
        world.forget(function)
    with check("an override that driverctl wrote: kept"):
        equal(world.act("add", function, "mlx5_vfio_pci\n")[:2], ("mlx5_vfio_pci", []))
        world.forget(function)
    world.udevd.update_hwdb(records((ALL, {"BIND": "1"})))


def check_pinned(world):
    function = world.functions[0]
    world.udevd.update_hwdb(records((ALL, {"BIND": "1", "PIN": "vfio-pci"})))
    with check("pinned: the pinned driver is what the override names"):
        equal(world.act("add", function)[:2],
              ("vfio-pci", called(function, driver="vfio-pci", fallback="")))
        world.forget(function)


def check_held(world):
    function = world.functions[0]
    systemd = world.root / "run/systemd/system"
    world.udevd.update_hwdb(records((ALL, {"BIND": "1"})))
    world.set_driver(function, "mlx5_core")
    with check("bound to a native driver, no systemd: the tool, in RUN"):
        equal(world.act("add", function)[:2], ("", called(function)))
        world.forget(function)
    systemd.mkdir(parents=True)
    with check("bound to a native driver: with systemd too, and no unit is started"):
        override, runs, event = world.act("add", function)
        equal((override, runs), ("", called(function)))
        equal("SYSTEMD_WANTS" in event, False)
        world.forget(function)
    world.set_driver(function, None)
    with check("bound to no driver: the tool, with systemd too"):
        override, runs, event = world.act("add", function)
        equal((override, runs), ("mlx5_vfio_pci", called(function)))
        equal("SYSTEMD_WANTS" in event, False)
        world.forget(function)
    systemd.rmdir()


def check_tagged_by_physfn(world):
    function, second = world.functions[:2]
    world.udevd.update_hwdb(records((CARD, {"BIND": "1"})))
    with check("virtual function tagged by its PF: on the change that tells the PF, once"):
        for one in (function, second):
            equal(world.act("add", one)[:2], ("", []), "add")
        world.set_physfn()
        for one in (function, second):
            equal(world.act("change", one)[:2],
                  ("mlx5_vfio_pci", called(one, action="change")), "change")
            for action in ("change", "bind", "change", "online"):
                equal(world.act(action, one)[:2], ("", []), f"{action} after it")
    with check("virtual function that comes again, PF known at once: on add, and on no change"):
        world.forget(function)
        equal(world.act("add", function)[:2], ("mlx5_vfio_pci", called(function)), "add")
        equal(world.act("change", function)[:2], ("", []), "change")
    with check("virtual function that was there before the rules were installed: not on a requested change"):
        world.forget(function)
        with requested(function):
            override, runs, event = world.act("change", function)
        equal((override, runs), ("", []))
        equal((event["VFIO_VARIANT_DRIVER"], event["VFIO_VARIANT_BIND"]), ("mlx5_vfio_pci", "1"))
    with check("the physical function itself: not touched"):
        for action in ("add", "change"):
            equal(world.act(action, world.card)[:2], ("", []), action)


def check_nodes(world):
    function = world.functions[2]
    world.udevd.update_hwdb(records((ALL, {"BIND": "1"})))
    world.act("add", function)
    with check("bound to a native driver: no nodes, and no process"):
        world.set_driver(function, "mlx5_core")
        world.counted.take_runs()
        equal("BOUND" in ours(world.act("bind", function)[2]), False)
        equal(world.counted.take_runs(), [])
    answer = {"DRIVER": "mlx5_vfio_pci", "MODULE": "mlx5_vfio_pci", "FALLBACK": "vfio-pci",
              "ALIAS": "vfio_pci:v000015B3d0000101Esv*sd*bc*sc*i*", "BIND": "1",
              "PHYSFN": world.card.sysname}
    world.set_driver(function, "mlx5_vfio_pci")
    world.set_vfio(function)
    with check("bound to a VFIO driver: the nodes beside the answer, by one process"):
        equal(ours(world.act("bind", function)[2]), {**answer, **NODES})
        equal(len(world.counted.take_runs()), 1, "processes")
    with check("kept on other actions, without a process"):
        for action in ("online", "offline"):
            equal(ours(world.act(action, function)[2]), {**answer, **NODES}, action)
        equal(world.counted.take_runs(), [])
    with check("told on change and add, too, and nothing is done to what is bound"):
        for action in ("change", "add"):
            override, runs, event = world.act(action, function)
            equal((override, runs, ours(event)), ("", [], {**answer, **NODES}), action)
    with check("on another VFIO driver than the choice: moved on add, not on change"):
        world.set_driver(function, "vfio-pci")
        equal(world.act("change", function)[:2], ("", []), "change")
        equal(world.act("add", function)[:2], ("", called(function)), "add")
        world.set_driver(function, "mlx5_vfio_pci")
        equal(world.act("add", function)[:2], ("", []), "on its choice")
    with check("the bind of a native driver comes late, the VFIO driver has it by now: no process"):
        world.counted.take_runs()
        late = world.sys.directory / "bus/pci/drivers/mlx5_core"
        late.mkdir(parents=True, exist_ok=True)
        with uevent_with(function, "DRIVER=mlx5_core"):
            world.act("bind", function)
        equal(world.counted.take_runs(), [])
    with check("the bind of the VFIO driver, or of one that the bus does not list: one process"):
        for driver in ("mlx5_vfio_pci", "unlisted"):
            with uevent_with(function, f"DRIVER={driver}"):
                equal(ours(world.act("bind", function)[2]), {**answer, **NODES}, driver)
            equal(len(world.counted.take_runs()), 1, driver)
    with check("a VFIO driver without it in its name: the nodes, by vfio-dev"):
        world.set_driver(function, "closer")
        equal(ours(world.act("bind", function)[2]), {**answer, **NODES})
    with check("a VFIO driver of a kernel before 6.1, without vfio-dev: one process"):
        vfio_dev, hidden = function.directory / "vfio-dev", function.directory / "hidden"
        vfio_dev.rename(hidden)
        world.set_driver(function, "mlx5_vfio_pci")
        world.counted.take_runs()
        world.act("bind", function)
        equal(len(world.counted.take_runs()), 1)
        hidden.rename(vfio_dev)
    with check("bound to a native driver without an unbind before: the nodes are gone"):
        equal(ours(world.act("bind", function)[2]), {**answer, **NODES}, "before")
        vfio_dev.rename(hidden)
        world.set_driver(function, "mlx5_core")
        equal(ours(world.act("bind", function)[2]), answer)
        hidden.rename(vfio_dev)
        world.set_driver(function, "mlx5_vfio_pci")
        world.act("bind", function)
    with check("gone with unbind"):
        equal(ours(world.act("unbind", function)[2]), answer)
    with check("without a cdev (no IOMMUFD in the kernel): the group alone"):
        (function.directory / "vfio-dev/vfio7/dev").unlink()
        nodes = {key: value for key, value in NODES.items() if key != "CDEV"}
        equal(ours(world.act("bind", function)[2]), {**answer, **nodes})


def check_masked(world):
    function = world.functions[0]
    mask = world.root / "etc/udev/rules.d" / BIND_RULES
    mask.symlink_to("/dev/null")
    world.udevd.restart()
    with check(f"{BIND_RULES} masked: nothing is done, and the answer is there"):
        world.forget(function)
        override, runs, event = world.act("add", function)
        equal((override, runs, ours(event)["DRIVER"]), ("", [], "mlx5_vfio_pci"))


def main():
    world = ActWorld(*(pathlib.Path(argument) for argument in sys.argv[1:]))
    world.udevd.start()
    for one in (check_untagged, check_tagged, check_subsystems, check_not_to_be_bound,
                check_claimed_without_answer, check_claimed_in_image, check_pinned, check_held,
                check_tagged_by_physfn, check_nodes, check_masked):
        one(world)
    world.udevd.stop()


if __name__ == "__main__":
    main()
