# SPDX-License-Identifier: LGPL-2.1-or-later
"""What an admin writes into hwdb, compiled by the real systemd-hwdb and read by a real udevd with
our rules: tags.py BUILD SYSTEM SCRATCH, in namespaces (see udevd.py)."""

import pathlib
import sys

from checks import check, equal, ours
from made import GPU, MLX5
from udevd import find_installed
from world import World

ALL = "vfio-variant:pci:v000015B3d0000101E*"
CARD = "vfio-variant:vfs-of:0000:3b:00.0:*"
SLOT = "vfio-variant:device:0000:3b:00.1:pci:v000015B3d0000101E*"
PINNED = {"DRIVER": "vfio-pci", "MODULE": "vfio_pci", "PIN": "vfio-pci"}

# Values that would harm a program which took them for more than a string.
HOSTILE = {"quotes": "\"';x=`id`", "a substitution": "$env{PATH}%k$(id)", "2 KiB": "x" * 2048,
           "15 KiB": "y" * 15000, "a path": "../../etc/passwd", "a space": "vfio-pci x",
           "an assignment": "VFIO_VARIANT_DRIVER=evil", "another script": "vfio-pcï"}


def records(*pairs):
    """The text of a hwdb file: a match line and its properties, each."""
    return "\n".join(match + "\n" + "".join(f" VFIO_VARIANT_{key}={value}\n"
                                            for key, value in properties.items())
                     for match, properties in pairs)


def bound(world, device, action="trigger"):
    """VFIO_VARIANT_BIND in the database after an event."""
    world.udevd.event(action, device)
    return ours(world.udevd.stored(device)).get("BIND", "-")


def answer_of(world, action, device):
    """What is in the database after an event, and the pins that the helper was run with."""
    world.counted.take_runs()
    world.udevd.event(action, device)
    pins = [pin for _, _, pin in world.counted.take_runs()]
    return ours(world.udevd.stored(device)), pins


def check_shipped(world):
    with check("the hwdb file that is installed compiles, and tags nothing"):
        world.udevd.update_hwdb("")
        for device in [world.card, *world.functions, *world.others.values(), world.cdx]:
            equal(bound(world, device, "add"), "-", device.sysname)


def check_examples(world):
    """The examples in the comments: each line with "#", one space, and a record after it."""
    text = find_installed(world.root, "60-vfio-variant.hwdb").read_text(encoding="ascii")
    lines = [line[2:] for line in text.partition("# Examples")[2].splitlines()
             if line.startswith(("# vfio-variant:", "#  VFIO_VARIANT_"))]
    examples = "\n".join(("\n" + line if line.startswith("vfio") else line) for line in lines)
    queries = {
        "pci:v000015B3d0000101Esv0": {"BIND": "1"},
        "device:0000:99:00.2:pci:v000015B3d0000101Esv0": {},
        "device:0000:5e:00.3:pci:v000015B3d0000101Esv0": {"BIND": "0"},
        "device:0000:3b:00.1:pci:v000010DEd00002342sv0": {"BIND": "1"},
        "device:0000:3b:00.1:pci:v000010DEd00002345sv0": {},
        "device:0000:3b:00.2:pci:v000010DEd00002342sv0": {},
        "vfs-of:0000:af:00.0:pci:v00008086d00001889sv0": {"BIND": "1"},
        "vfs-of:0000:af:00.1:pci:v00008086d00001889sv0": {},
        "pci:v00008086d00004941sv0": {"BIND": "1", "PIN": "vfio-pci"},
    }
    with check("the examples in its comments compile, and mean what is said of them"):
        world.udevd.update_hwdb(examples + "\n")
        for key, wanted in queries.items():
            found = world.udevd.run("systemd-hwdb", "query", f"vfio-variant:{key}")
            equal(ours(dict(line.split("=", 1) for line in found.splitlines())), wanted, key)


def check_one_slot(world):
    with check("a key by sysname tags only that device, on every action"):
        world.udevd.update_hwdb(records((SLOT, {"BIND": "1"})))
        for action in ("add", "change", "bind", "unbind", "online"):
            equal([bound(world, device, action) for device in [world.card, *world.functions]],
                  ["-", "1", "-", "-"], action)
    with check("a card that moved into a tagged slot is not tagged"):
        world.udevd.update_hwdb(records((SLOT.replace("0000:3b:00.1", "0000:65:00.0"),
                                         {"BIND": "1"})))
        equal(bound(world, world.others["gpu"]), "-")


def check_no_longer_tagged(world):
    function = world.functions[0]
    with check("a tag and a pin that the admin removed: gone with the next event that has a key"):
        world.udevd.update_hwdb(records((SLOT, {"BIND": "1", "PIN": "vfio-pci"})))
        found = answer_of(world, "trigger", function)[0]
        equal((found["BIND"], found["PIN"]), ("1", "vfio-pci"), "before")
        world.udevd.update_hwdb("")
        found = answer_of(world, "bind", function)[0]
        equal([name for name in ("BIND", "PIN") if name in found], [])


def check_parents(world):
    with check("what is said of a bridge is not said of the devices below it"):
        world.udevd.update_hwdb(records(("vfio-variant:pci:*bc06*", {"BIND": "1"}),
                                        ("vfio-variant:pci:v00008086*", {"BIND": "1"})))
        equal([bound(world, device) for device in [world.card, *world.functions]], ["-"] * 4)


def check_filter(world):
    function = world.functions[0]
    with check("a choice that is set in hwdb is ignored, on each event"):
        world.udevd.update_hwdb(records((ALL, {"DRIVER": "evil", "BOUND": "1", "BIND": "1"})))
        wanted = answer_of(world, "add", function)[0]
        equal([wanted["DRIVER"] == "evil", wanted.get("BOUND"), wanted["BIND"]], [False, None, "1"])
        equal(answer_of(world, "bind", function)[0]["DRIVER"], wanted["DRIVER"])


def check_cdx(world):
    with check("a cdx device is tagged and pinned like any other"):
        world.udevd.update_hwdb(records(("vfio-variant:device:cdx-00:00:cdx:v10EE*",
                                         {"BIND": "1", "PIN": "vfio-cdx"})))
        found, pins = answer_of(world, "add", world.cdx)
        equal((found["DRIVER"], found["BIND"], pins), ("vfio-cdx", "1", ["vfio-cdx"]))


def check_functions(world):
    world.set_physfn()
    with check("the key of a card tags its virtual functions, not itself, nor another card's"):
        world.udevd.update_hwdb(records((CARD, {"BIND": "1"})))
        tagged = [*world.functions, world.card, world.other_card, *world.other_functions]
        equal([bound(world, device) for device in tagged], ["1", "1", "1", "-", "-", "-"])
        equal([bound(world, device, "bind") for device in tagged], ["1", "1", "1", "-", "-", "-"])


def check_pins(world):
    gpu, function = world.others["gpu"], world.functions[0]
    physfn = {"PHYSFN": world.card.sysname}
    with check("a pin reaches the helper at once, and only where it is said"):
        world.udevd.update_hwdb(records(("vfio-variant:device:0000:65:00.0:*", {"PIN": "vfio-pci"})))
        found, pins = answer_of(world, "add", gpu)
        equal(({**found, "ALIAS": ""}, pins), ({**PINNED, "ALIAS": ""}, ["vfio-pci"]))
        for action in ("bind", "unbind", "online"):
            equal(answer_of(world, action, gpu), (found, []), action)
        equal(answer_of(world, "add", function), ({**MLX5, **physfn}, ["-"]), "another device")
    with check("a pin of the card: the helper once more, and nothing left of its first answer"):
        world.udevd.update_hwdb(records((CARD, {"PIN": "vfio-pci"})))
        found, pins = answer_of(world, "trigger", function)
        equal(({**found, "ALIAS": ""}, pins),
              ({**PINNED, **physfn, "ALIAS": ""}, ["-", "vfio-pci"]))
        equal(answer_of(world, "bind", function), (found, []), "bind")
        equal(answer_of(world, "trigger", world.card)[1], ["-"], "the card itself")
    with check("a pin of the card that the helper fails with: no answer rather than the first"):
        with world.counted.saying('[ -z "$VFIO_VARIANT_PIN" ] || exit 1\n'):
            found, pins = answer_of(world, "trigger", function)
        equal((found, pins), ({"PIN": "vfio-pci", **physfn}, ["-", "vfio-pci"]))
    with check("a pin of the slot takes precedence over the card's, by one process"):
        world.udevd.update_hwdb(records((SLOT, {"PIN": "vfio-pci"}),
                                        (CARD, {"PIN": "nvgrace_gpu_vfio_pci"})))
        found, pins = answer_of(world, "trigger", function)
        equal((found["DRIVER"], pins), ("vfio-pci", ["vfio-pci"]))
    with check("a pin of the card takes precedence over that of all cards, by a second process"):
        world.udevd.update_hwdb(records((ALL, {"PIN": "nvgrace_gpu_vfio_pci"}),
                                        (CARD, {"PIN": "vfio-pci"})))
        found, pins = answer_of(world, "trigger", function)
        equal((found["DRIVER"], pins), ("vfio-pci", ["nvgrace_gpu_vfio_pci", "vfio-pci"]))


def check_hostile(world):
    gpu = world.others["gpu"]
    for what, value in HOSTILE.items():
        with check(f"a pin and a tag with {what}: the answer is as without them"):
            world.udevd.update_hwdb(records(("vfio-variant:device:0000:65:00.0:*",
                                             {"BIND": value, "PIN": value})))
            found = answer_of(world, "trigger", gpu)[0]
            equal({key: text for key, text in found.items() if key in GPU}, GPU)
            equal({key: text for key, text in found.items() if key not in GPU},
                  {"BIND": value, "PIN": value}, "what hwdb said")
    function = world.functions[0]
    for what, value in HOSTILE.items():
        with check(f"the same with {what} for the functions of a card"):
            world.udevd.update_hwdb(records((CARD, {"BIND": value, "PIN": value})))
            found = answer_of(world, "trigger", function)[0]
            equal({key: text for key, text in found.items() if key in MLX5}, MLX5)
            equal(found["PHYSFN"], world.card.sysname)


def main():
    world = World(*(pathlib.Path(argument) for argument in sys.argv[1:]))
    world.udevd.start()
    for one in (check_shipped, check_examples, check_one_slot, check_no_longer_tagged, check_parents,
                check_filter, check_cdx, check_functions, check_pins, check_hostile):
        one(world)
    world.udevd.stop()


if __name__ == "__main__":
    main()
