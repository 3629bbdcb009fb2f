# SPDX-License-Identifier: LGPL-2.1-or-later
"""Devices that this machine needn't have, as a real udevd sees them with our rules: made.py BUILD
SYSTEM SCRATCH, in namespaces (see udevd.py)."""

import pathlib
import sys

from checks import check, equal, ours
from trees import CHANGED, SAMPLE, make_tree, remove_tree
from udevd import RULES
from world import VIRTIO_MODALIAS, World

ANY = "vfio_pci:v*d*sv*sd*bc*sc*i*"
GENERIC = {"DRIVER": "vfio-pci", "MODULE": "vfio_pci", "ALIAS": ANY}
MLX5 = {"DRIVER": "mlx5_vfio_pci", "MODULE": "mlx5_vfio_pci", "FALLBACK": "vfio-pci",
        "ALIAS": "vfio_pci:v000015B3d0000101Esv*sd*bc*sc*i*"}
GPU = {"DRIVER": "nvgrace_gpu_vfio_pci", "MODULE": "nvgrace_gpu_vfio_pci", "FALLBACK": "vfio-pci",
       "ALIAS": "vfio_pci:v000010DEd00002342sv*sd*bc*sc*i*"}
CDX = {"DRIVER": "vfio-cdx", "MODULE": "vfio_cdx", "ALIAS": "vfio_cdx:v*d*sv*sd*c*"}
# Of a module that only the second tree has.
CLOSER = {"DRIVER": "closer_vfio_pci", "MODULE": "closer_vfio_pci", "FALLBACK": "mlx5_vfio_pci",
          "ALIAS": "vfio_pci:v000015B3d0000101Esv000015B3sd*bc*sc*i*"}

# What would end one word of a builtin's line and begin another, or be replaced.
HOSTILE = {
    "a quote": VIRTIO_MODALIAS + "'",
    "quotes and words": "pci:x' --device=+pci:0000:65:00.0 'y",
    "a double quote": VIRTIO_MODALIAS + '"',
    "a space": VIRTIO_MODALIAS + " x",
    "a tab": VIRTIO_MODALIAS + "\tx",
    "$": VIRTIO_MODALIAS + "$kernel",
    "$env": VIRTIO_MODALIAS + "$env{PATH}",
    "%": VIRTIO_MODALIAS + "%k",
    "a backslash": VIRTIO_MODALIAS + "\\",
    "a character of another script": VIRTIO_MODALIAS + "é",
    "a wildcard": "pci:v*",
    "an option": "--subsystem=pci",
    "another bus": "usb:v1D6Bp0002d0510dc09dsc00dp03ic09isc00ip00in00",
    "no id": "pci:",
}


def answer_of(world, action, device):
    """What is in the database after an event, and how often the helper ran."""
    world.counted.take_runs()
    world.udevd.event(action, device)
    return ours(world.udevd.stored(device)), len(world.counted.take_runs())


def check_rules_are_read(world):
    with check("udevd has no complaint about the rules"):
        # Where /lib is a link, it may find the same file there a second time.
        lines = [line for line in world.udevd.log().splitlines()
                 if RULES in line and "Skipping overridden file" not in line]
        equal(len(lines), 1, "lines that name the file")
        equal("Reading rules file" in lines[0], True, lines[0])


def check_answers(world):
    devices = {"virtual function": (world.functions[0], MLX5), "card": (world.card, GENERIC),
               "cdx device": (world.cdx, CDX)}
    devices.update((name, (device, GPU if name == "gpu" else GENERIC))
                   for name, device in world.others.items())
    for name, (device, wanted) in devices.items():
        with check(f"{name}: {wanted['DRIVER']} after add, by one process, as the helper says"):
            equal(answer_of(world, "add", device), (wanted, 1))
            equal(ours(world.real_answer(device)), wanted, "the helper, asked directly")
        with check(f"{name}: kept without a process on bind, unbind, online, offline"):
            for action in ("bind", "unbind", "online", "offline"):
                equal(answer_of(world, action, device), (wanted, 0), action)


def check_bridges(world):
    for device in world.bridges:
        pci_class = device.uevent()["PCI_CLASS"]
        with check(f"bridge of class {pci_class}: no answer and no process"):
            already = len(world.udevd.log())
            for action in ("add", "change", "bind", "unbind"):
                equal(answer_of(world, action, device), ({}, 0), action)
            equal("Starting '" in world.udevd.log()[already:], False, "a process in udevd's log")


def check_physfn(world):
    function = world.functions[0]
    wanted = {**MLX5, "PHYSFN": world.card.sysname}
    look_up = f"vfio-variant:vfs-of:{world.card.sysname}:{function.uevent()['MODALIAS']}"
    with check("virtual function: PHYSFN is there on change, once the link is, and kept"):
        equal(answer_of(world, "add", function), (MLX5, 1), "add")
        equal("vfio-variant:vfs-of:" in world.udevd.log(), False, "looked up before PHYSFN is known")
        world.set_physfn()
        equal(answer_of(world, "change", function), (wanted, 1), "change")
        equal(look_up in world.udevd.log(), True, "looked up")
        equal(answer_of(world, "bind", function), (wanted, 0), "bind")
    with check("virtual function: PHYSFN is known once, and on no change after that: no process"):
        equal(answer_of(world, "change", function), (wanted, 0))
        equal(answer_of(world, "trigger", function), (wanted, 1), "requested")
    with check("virtual function: PHYSFN is not kept if the helper fails"):
        with world.counted.saying("exit 1\n"):
            equal(answer_of(world, "trigger", function), ({}, 1))
    with check("virtual function: no key of the physical function where its name is hostile"):
        already = len(world.udevd.log())
        with world.counted.saying("echo VFIO_VARIANT_DRIVER=x\n"
                                  "echo \"VFIO_VARIANT_PHYSFN=0000:3b:00.0' 'y\"\nexit 0\n"):
            equal(answer_of(world, "trigger", function)[0]["DRIVER"], "x")
        equal("vfio-variant:vfs-of:" in world.udevd.log()[already:], False, "looked up")


def check_change_of_index(world):
    function = world.functions[1]
    with check("a new index: the old answer until change, then the new one"):
        equal(answer_of(world, "add", function)[0]["DRIVER"], "mlx5_vfio_pci")
        make_tree(world.root, CHANGED)
        equal(answer_of(world, "bind", function)[0]["DRIVER"], "mlx5_vfio_pci")
        found = answer_of(world, "trigger", function)[0]
        equal(found, {**CLOSER, "PHYSFN": world.card.sysname})
    with check("no module tree: no answer, and the event goes on"):
        remove_tree(world.root)
        equal(answer_of(world, "change", world.others["gpu"]), ({}, 1))
    make_tree(world.root, SAMPLE)


def check_failing_helper(world):
    device = world.others["gpu"]
    for what, script in {"exit 1": "exit 1\n",
                         "half an answer, then exit 1": "echo VFIO_VARIANT_DRIVER=x\nexit 1\n",
                         "killed": "kill -9 $$\n",
                         "not even started": "exec /no/such/program\n"}.items():
        with check(f"helper that fails ({what}): the event goes on, without an answer"):
            for action in ("add", "change"):
                equal(answer_of(world, "change", device), (GPU, 1), f"before {action}")
                with world.counted.saying(script):
                    equal(answer_of(world, action, device), ({}, 1), action)
    with check("the answer is there again with the next change"):
        equal(answer_of(world, "change", device), (GPU, 1))


def check_not_ours(world):
    platform = world.sys.add("/devices/platform/decoy", "platform", {"MODALIAS": VIRTIO_MODALIAS})
    bare = world.sys.add("/devices/pci0000:00/0000:00:0a.0", "pci", {"PCI_CLASS": "20000"})
    for what, device in {"device of another subsystem, with the modalias of PCI": platform,
                         "device without MODALIAS": bare}.items():
        with check(f"{what}: not touched"):
            for action in ("add", "change", "bind"):
                equal(answer_of(world, action, device), ({}, 0), action)


def check_hostile(world):
    for number, (what, modalias) in enumerate(HOSTILE.items()):
        device = world.sys.add(f"/devices/pci0000:00/0000:01:{number:02x}.0", "pci",
                               {"PCI_CLASS": "20000", "MODALIAS": modalias})
        check_untouched(world, f"MODALIAS with {what}", device)
    for number, end in enumerate((" ", "' --device=+pci:0000:65:00.0 'y", "$kernel", "%k", '"')):
        device = world.sys.add(f"/devices/pci0000:00/0000:02:0{number}.0{end}", "pci",
                               {"PCI_CLASS": "20000", "MODALIAS": VIRTIO_MODALIAS})
        check_untouched(world, f"sysname that ends in '{end}'", device)


def check_untouched(world, what, device):
    with check(f"{what}: no answer, no process, no lookup, and the event goes on"):
        world.counted.take_runs()
        already = len(world.udevd.log())
        event = world.udevd.event("add", device)
        equal((ours(event), world.counted.take_runs()), ({}, []))
        equal("vfio-variant:" in world.udevd.log()[already:], False, "looked up")
        equal(event["PCI_CLASS"], "20000", "a property of others")


def check_remove(world):
    with check("remove: no process, no lookup; a device that comes again is asked again"):
        device = world.others["disk"]
        already = len(world.udevd.log())
        equal(answer_of(world, "remove", device), ({}, 0))
        equal("vfio-variant:" in world.udevd.log()[already:], False, "looked up")
        equal(answer_of(world, "bind", device), ({}, 0), "bind of a device that udevd forgot")
        equal(answer_of(world, "add", device), (GENERIC, 1))


def main():
    world = World(*(pathlib.Path(argument) for argument in sys.argv[1:]))
    world.udevd.start()
    for one in (check_rules_are_read, check_answers, check_bridges, check_physfn,
                check_change_of_index, check_failing_helper, check_not_ours, check_hostile,
                check_remove):
        one(world)
    world.udevd.stop()


if __name__ == "__main__":
    main()
