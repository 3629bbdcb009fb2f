# SPDX-License-Identifier: LGPL-2.1-or-later
"""Which record wins: precedence.py BUILD SYSTEM SCRATCH, in namespaces (see udevd.py).

Each of the three match keys of a virtual function (kind, physical function, device) says each of six
things, in each order of three hwdb files. A real udevd with the rules and the library must both take each
property from the closest key that sets it. Each row has a physical function and six virtual functions of
its own, one for each order, so that the hwdb is compiled once.
"""

import itertools
import pathlib
import shutil
import sys

from checks import check, equal, ours
from devices import VERIFY_SYSFS, MadeSys
from trees import SAMPLE, make_tree
from udevd import Udevd, make_root, mount_all
from small_root import build_small_root, copy_path, needed_libraries

LEVELS = ("kind", "physical function", "device")  # the closest last
ORDERS = tuple(itertools.permutations((91, 92, 93)))
# The pins differ, so that each shows whose it is.
PINS = {"kind": "vfio-pci", "physical function": "nvgrace_gpu_vfio_pci", "device": "mlx5_vfio_pci"}
SAYS = ("-", "1", "force", "0", "pin", "empty")
NO_PIN = "vfio-pci"  # the driver without a pin: no variant of the tree is for these devices


def properties_of(level, says):
    if says == "-":
        return {}
    if says == "empty":
        return {"BIND": "", "PIN": ""}
    return {"PIN": PINS[level]} if says == "pin" else {"BIND": says}


def wanted_of(row):
    """What the closest key says, property by property."""
    wanted = {}
    for level, says in zip(LEVELS, row):
        wanted.update(properties_of(level, says))
    return {name: value for name, value in wanted.items() if value}


class Row:
    """What the three keys say, and the devices that they are for."""

    def __init__(self, sys_tree, number, says):
        self.says = says
        domain = f"{number:04x}"
        self.card = sys_tree.add_pci(f"{domain}:01:00.0", 0x15B3, 0x101D, 0x020000)
        self.functions = []
        for order in range(len(ORDERS)):
            # A kind of its own for each: the subsystem tells row and order
            function = sys_tree.add_pci(f"{domain}:01:00.{order + 1}", 0x8086, 0x1889, 0x020000,
                                        (number + 1, order))
            sys_tree.link_physfn(function, self.card)
            self.functions.append(function)

    def key(self, level, function):
        modalias = function.uevent()["MODALIAS"]
        return {"kind": f"vfio-variant:{modalias}",
                "physical function": f"vfio-variant:vfs-of:{self.card.sysname}:{modalias}",
                "device": f"vfio-variant:device:{function.sysname}:{modalias}"}[level]

    def write_records(self, texts):
        for function, order in zip(self.functions, ORDERS):
            for level, says, number in zip(LEVELS, self.says, order):
                lines = [f" VFIO_VARIANT_{name}={value}"
                         for name, value in properties_of(level, says).items()]
                if lines:
                    texts[number] += "\n".join([self.key(level, function), *lines, "", ""])

    def check(self, udevd, read):
        """READ: what the library read, by sysname."""
        wanted = wanted_of(self.says)
        driver = wanted.get("PIN", NO_PIN)
        names = ", ".join(f"{level} {says}" for level, says in zip(LEVELS, self.says))
        with check(f"{names}: BIND={wanted.get('BIND', '-')} PIN={wanted.get('PIN', '-')}"):
            for function, order in zip(self.functions, ORDERS):
                found = ours(udevd.event("trigger", function))
                equal({name: found[name] for name in ("BIND", "PIN") if found.get(name)}, wanted,
                      f"udevd, {order}")
                equal(found["DRIVER"], driver, f"udevd, {order}")
                equal(read[function.sysname],
                      (wanted.get("BIND", "-"), wanted.get("PIN", "-")), f"library, {order}")


def install_reader(root, build, system):
    """Returns the path of the program that asks the library."""
    reader = build / "tests/udev/read-tag"
    shutil.copy(reader, root / "usr/bin/read-tag")
    for path in needed_libraries(pathlib.Path("/"), str(reader)):
        try:
            build_small_root(root, [], [pathlib.Path(path).name], system)
        except FileNotFoundError:
            copy_path(pathlib.Path("/"), root, path)
    return "/usr/bin/read-tag"


def main():
    build, system, scratch = (pathlib.Path(argument) for argument in sys.argv[1:])
    root = scratch / "root"
    make_root(root, build, system)
    make_tree(root, SAMPLE)
    sys_tree = MadeSys(scratch / "sys")
    rows = [Row(sys_tree, number, says)
            for number, says in enumerate(itertools.product(SAYS, repeat=len(LEVELS)))]
    reader = install_reader(root, build, system)
    mount_all(root, sys_tree.directory)
    udevd = Udevd(root, VERIFY_SYSFS)
    texts = {91: "", 92: "", 93: ""}
    for row in rows:
        row.write_records(texts)
    for number, text in texts.items():
        path = root / f"etc/udev/hwdb.d/{number}-test.hwdb"
        path.write_text(text, encoding="ascii")
    udevd.start()
    udevd.update_hwdb("")
    lines = udevd.run(reader).splitlines()
    read = {sysname: (bind, pin) for sysname, bind, pin in (line.split() for line in lines)}
    for row in rows:
        row.check(udevd, read)
    udevd.stop()


if __name__ == "__main__":
    main()
