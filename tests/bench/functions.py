#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""What `vfio-variant list --json` costs for each function of a host:

    functions.py TOOL [BEFORE] [--properties PROGRAM] [--guard]

The host is a made /sys of virtual functions on their native driver, each in an IOMMU group of its
own, half of them with a network interface, all known to udev. Prints the CPU time for each of 8,000
functions, in turn with the tool of another commit, BEFORE, and with a program that only reads a
property of each by libudev. With --guard it counts system calls
instead, as the difference of two hosts, and fails if they are above the limit.
"""

import argparse
import os
import pathlib
import resource
import statistics
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path.append(str(HERE.parent / "udev"))

# pylint: disable=wrong-import-position
import cost
from devices import VERIFY_SYSFS, MadeSys
from host import mount
from udevd import enter

# DESIGN, "Numbers"
MOST_MICROSECONDS = 100
# What they are: a third of them are libudev's, which reads the properties.
MOST_CALLS = 78
N_FUNCTIONS, PASSES = 8000, 3
FEW, MANY = 20, 60


def sysname_of(number):
    """64 functions are a bus, and 4,096 a domain."""
    return f"{number >> 12:04x}:{number >> 6 & 63:02x}:{number >> 3 & 7:02x}.{number & 7}"


class MadeHost:
    """Has a /sys and a udev database, in a directory."""

    def __init__(self, directory):
        self.sys, self.data = MadeSys(directory / "sys"), directory / "run/udev/data"
        self.driver = self.sys.directory / "bus/pci/drivers/mlx5_core"
        for made in (self.data, self.driver, self.sys.directory / "class/net",
                     self.sys.directory / "class/block"):
            made.mkdir(parents=True)

    @staticmethod
    def link(link, target):
        link.symlink_to(os.path.relpath(target, link.parent))

    def add(self, number):
        sysname = sysname_of(number)
        directory = self.sys.add_pci(sysname, 0x15B3, 0x101E, 0x020000).directory
        self.link(directory / "driver", self.driver)
        members = self.sys.directory / f"kernel/iommu_groups/{number}/devices"
        members.mkdir(parents=True)
        self.link(members / sysname, directory)
        self.link(directory / "iommu_group", members.parent)
        (directory / "config").write_bytes(bytes(64))
        if number % 2:
            (directory / f"net/eth{number}").mkdir(parents=True)
            self.link(self.sys.directory / f"class/net/eth{number}", directory / f"net/eth{number}")
        (self.data / f"+pci:{sysname}").write_text(
            "I:1\nE:VFIO_VARIANT_DRIVER=mlx5_vfio_pci\nE:VFIO_VARIANT_MODULE=mlx5_vfio_pci\n"
            "E:VFIO_VARIANT_FALLBACK=vfio-pci\nV:1\n", encoding="ascii")


def make(directory, n_functions):
    """Mounts a host of so many functions over this one, in memory as sysfs is."""
    mount("-t", "tmpfs", "tmpfs", directory)
    host = MadeHost(directory)
    for number in range(n_functions):
        host.add(number)
    mount("--bind", directory / "run", "/run")
    mount("--bind", directory / "sys", "/sys")


def run_list(tool):
    """The microseconds of CPU time that `list --json` of a tool, or another program, takes."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([tool, "list", "--json"], check=True, stdout=subprocess.DEVNULL,
                   env={**os.environ, **VERIFY_SYSFS})
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return 1e6 * (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)


def count_calls(tool):
    return cost.system_calls([str(tool), "list", "--json"], {**os.environ, **VERIFY_SYSFS})


def on_host(n_functions, measure, *tools):
    """What MEASURE finds on a host of so many functions."""
    with tempfile.TemporaryDirectory(prefix="functions-") as directory:
        make(pathlib.Path(directory), n_functions)
        try:
            return measure(*tools)
        finally:
            for place in ("/sys", "/run", directory):
                cost.run([cost.find("umount"), place])


def guard(tool):
    few, many = (on_host(n, count_calls, tool) for n in (FEW, MANY))
    calls = (many - few) / (MANY - FEW)
    print(f"list: {calls:.1f} system calls for each function, at most {MOST_CALLS} wanted")
    return 0 < calls <= MOST_CALLS


def run_in_turn(*tools):
    """The microseconds of CPU time of each tool, for each of all functions."""
    runs = [[run_list(tool) for tool in tools] for _ in range(PASSES)]
    return [statistics.median(times) / N_FUNCTIONS for times in zip(*runs)]


def measure(tools, properties):
    now, *others = on_host(N_FUNCTIONS, run_in_turn, *tools, *properties)
    print(f"list of {N_FUNCTIONS:,} functions: {now:.0f} us of CPU time for each, at most "
          f"{MOST_MICROSECONDS} wanted", *(f"(before: {one:.0f})" for one in others[:len(tools) - 1]))
    for floor in others[len(tools) - 1:]:
        print(f"libudev alone, which reads one property of each: {floor:.0f} us")
    return True


def parse_arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument("--inside", action="store_true")
    parser.add_argument("--guard", action="store_true")
    parser.add_argument("--properties", type=pathlib.Path, nargs=1, default=[])
    parser.add_argument("tools", type=pathlib.Path, nargs="+")
    return parser.parse_args()


def main():
    arguments = parse_arguments()
    if not arguments.inside:
        command = enter(pathlib.Path(__file__).resolve(), "--inside", *sys.argv[1:])
        os.execvp(command[0], command)
    tools = [tool.resolve() for tool in arguments.tools]
    properties = [program.resolve() for program in arguments.properties]
    sys.exit(not (guard(*tools) if arguments.guard else measure(tools, properties)))


if __name__ == "__main__":
    main()
