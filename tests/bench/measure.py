#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Measures and prints all numbers: measure.py MOUNT_NAMESPACE SCRATCH PLAN, as run.py calls it."""

import json
import os
import pathlib
import shutil
import statistics
import sys

import cost
from host import PLAIN, VARIANT, Host
from table import Table, percent, ratio

# DESIGN, "Numbers". Faults and system calls are those beyond the empty program's; they are limited
# to what they are.
MOST_TIME = 1.12
MOST_FAULTS = 12
MOST_CALLS = 69
MOST_GROWTH = 0.01
MOST_KIB = 256
# How many pages a fault maps hangs on the addresses: the usual number is that of many runs.
GUARD_RUNS = 200

# What the helper must say, so that no program is measured that fails.
EXPECTED = {PLAIN: {"DRIVER": "vfio-pci"},
            VARIANT: {"DRIVER": "mlx5_vfio_pci", "FALLBACK": "vfio-pci"}}


class Programs:
    """The programs under their measure. The helper and the empty program lie at paths of one
    length: the dynamic linker counts the characters."""

    def __init__(self, build, host):
        bench = build / "tests/bench"
        self.host = host
        self.helper = self.copy(build / "src/vfio_variant_id/vfio_variant_id", host.scratch / "a")
        self.empty = [self.copy(bench / "empty", host.scratch / "b")]
        self.spawn, self.scan = bench / "spawn", bench / "scan"
        self.lookups = bench / "lookups"

    @staticmethod
    def copy(program, directory):
        directory.mkdir()
        return shutil.copy2(program, directory / "program")

    def ask(self):
        return [self.helper, *self.host.helper_options()]

    def check(self, device):
        said = cost.run(self.ask(), device.environment)
        answer = dict(line.split("=", 1) for line in said.splitlines())
        for key, value in EXPECTED[device].items():
            if answer.get(f"VFIO_VARIANT_{key}") != value:
                raise RuntimeError(f"the helper says of {device.modalias}:\n{said}")


class Bench:
    """All there is to measure with."""

    def __init__(self, plan, host, table):
        self.host, self.table, self.trees, self.quick = host, table, plan["trees"], plan["quick"]
        self.sizes = plan["sizes"]
        self.programs = Programs(pathlib.Path(plan["build"]), host)
        self.runs = 100 if self.quick else 1000

    def spawner(self, device):
        return cost.Spawner(self.programs.spawn, device.environment)

    # --- the helper

    def helper(self):
        self.host.use(self.trees["real"])
        self.table.head("The helper, as udev calls it", "empty program", "plain device",
                        "variant device")
        columns = [self.measure_helper(device) for device in (PLAIN, VARIANT)]
        self.print_counts(columns)
        self.print_limits(columns)

    def measure_helper(self, device):
        """{what: (the empty program's, the helper's)}; the time is a ratio."""
        self.programs.check(device)
        commands = [self.programs.empty, self.programs.ask()]
        spawner = self.spawner(device)
        (times, faults), (helper_times, helper_faults) = spawner.in_turn(commands, self.runs)
        return {
            "instructions": [cost.instructions(one, device.environment) for one in commands],
            "system calls": [cost.system_calls(one, device.environment) for one in commands],
            "page faults": (faults, helper_faults),
            "resident KiB": [spawner.resident(one) for one in commands],
            "time": cost.ratio_of_pairs(helper_times, times),
        }

    def print_counts(self, columns):
        plain, variant = columns
        for what in ("instructions", "system calls", "page faults", "resident KiB"):
            cells = [f"{one[what][1]:,} {ratio(one[what][1] / one[what][0])}" for one in columns]
            self.table.line(what, f"{plain[what][0]:,}", *cells)
        self.table.line("time (median of pairs)", "x1", ratio(plain["time"]),
                        ratio(variant["time"]))

    def print_limit(self, label, value, most, form=str):
        self.table.line(label, form(value), limit=most, value=value, form=form)

    def print_limits(self, columns):
        """For one lookup in modules.dep, which is the plain device's: the variant's has two, for
        the fallback, and the link to a physical function."""
        plain = columns[0]
        self.table.head("Limits of the helper, beyond the empty program", "measured", "at most")
        self.print_limit("CPU time / empty", plain["time"], MOST_TIME, ratio)
        self.print_counts_beyond(plain["page faults"], plain["system calls"])
        self.print_limit("resident KiB", max(one["resident KiB"][1] - one["resident KiB"][0]
                                             for one in columns), MOST_KIB)

    def print_counts_beyond(self, faults, calls):
        self.print_limit("page faults", faults[1] - faults[0], MOST_FAULTS)
        self.print_limit("system calls", calls[1] - calls[0], MOST_CALLS)

    def guard(self):
        """What is the same each time."""
        self.host.use(self.trees["usual"])
        self.programs.check(PLAIN)
        commands = [self.programs.empty, self.programs.ask()]
        self.table.head("The helper, beyond the empty program", "measured", "at most")
        self.print_counts_beyond(
            [faults for _, faults in self.spawner(PLAIN).in_turn(commands, GUARD_RUNS)],
            [cost.system_calls(one, PLAIN.environment) for one in commands])

    # --- growth

    def count_in(self, tree):
        self.host.use(self.trees[tree])
        self.programs.check(PLAIN)
        return cost.instructions(self.programs.ask(), PLAIN.environment)

    def growth(self):
        self.table.head("Growth of the helper's instructions", "instructions", "growth", "at most")
        small, large = self.count_in("small"), self.count_in("large")
        growth, size = large / small - 1, self.sizes["large"]
        self.table.line(f"{size:,}, not {size // 100:,}", f"{large:,}", percent(growth),
                        limit=MOST_GROWTH, value=growth, form=percent)

    # --- a process that stays

    def lookup(self, layer, device, *numbers):
        return [self.programs.lookups, layer, *numbers, device.head, *self.host.directories()]

    def lookup_instructions(self, *which):
        """Of a lookup, without those of the process that it is in."""
        few, many = (cost.instructions(self.lookup(*which, 1, count), {}) for count in (1000, 3000))
        return round((many - few) / 2000)

    def lookup_nanoseconds(self, layer, device):
        count = 4096
        command = self.lookup(layer, device, 15 if self.quick else 51, count)
        *passes, found = cost.run(command, {}).split()
        if found.replace("_", "-") != EXPECTED[device]["DRIVER"].replace("_", "-"):
            raise RuntimeError(f"a lookup of {device.modalias} by {layer} found {found}")
        return statistics.median(map(int, passes)) / count

    def print_lookup(self, layer, device, name):
        """One of ours, with libkmod's as its limit."""
        ours, theirs = (self.lookup_nanoseconds(one, device) for one in (layer, "libkmod"))
        self.table.line(f"{layer}, {name} device", f"{self.lookup_instructions(layer, device):,}",
                        f"{ours:.0f} ns", limit=theirs, value=ours, form="{:.0f} ns".format)

    def open_process(self):
        self.host.use(self.trees["real"])
        self.table.head("A lookup in a process that keeps the index open", "instructions", "time",
                        "at most, libkmod's")
        for layer in ("index", "choice"):
            for device, name in ((PLAIN, "plain"), (VARIANT, "variant")):
                self.print_lookup(layer, device, name)

    # --- other ways to the same answer

    def other_ways(self):
        """{what: command}, for the plain device; each finds vfio_pci."""
        tree = pathlib.Path(self.host.tree)
        text, root, modalias = tree / "modules.alias", tree.parents[2], PLAIN.modalias
        pattern = f"^alias vfio_pci:v({PLAIN.head[5:13]}|[*])d({PLAIN.head[14:22]}|[*])sv"
        script = f"line=$({cost.find('grep')} -E '{pattern}' {text}); echo ${{line##* }}"
        return {
            "empty program": self.programs.empty,
            "vfio_variant_id": self.programs.ask(),
            "modprobe -R": [cost.find("modprobe"), "-d", root, "-S", tree.name, "-R",
                            f"vfio_{modalias}"],
            "scan of the text, as libvirt": [self.programs.scan, text, modalias],
            "grep in a shell": [cost.find("sh"), "-c", script],
        }

    def compare(self):
        self.host.use(self.trees["real"])
        ways = self.other_ways()
        self.table.head("The same lookup in other ways, for the plain device", "instr.\n/ empty",
                        "instr.\n/ helper", "time\n/ empty", "time\n/ helper", "system\ncalls")
        runs = [times for times, _ in self.spawner(PLAIN).in_turn(list(ways.values()), self.runs)]
        counts = [cost.instructions(one, PLAIN.environment) for one in ways.values()]
        for (label, command), count, times in zip(ways.items(), counts, runs):
            ratios = [count / counts[0], count / counts[1], cost.ratio_of_pairs(times, runs[0]),
                      cost.ratio_of_pairs(times, runs[1])]
            self.table.line(label, *map(ratio, ratios),
                            f"{cost.system_calls(command, PLAIN.environment)}")


def measure(plan, host, table):
    bench = Bench(plan, host, table)
    table.note(f"Index: {plan['trees']['what']}.")
    table.note(f"Host: {host.describe()}.")
    for note in host.notes:
        table.note(note)
    parts = (bench.guard, bench.growth) if plan["guard"] else (
        bench.helper, bench.growth, bench.open_process, bench.compare)
    for part in parts:
        part()
    table.end()


def main():
    outside, scratch, file = sys.argv[1:]
    plan = json.loads(pathlib.Path(file).read_text(encoding="utf-8"))
    host = Host(outside, pathlib.Path(scratch))
    with open(plan.get("json") or os.devnull, "w", encoding="utf-8") as json_file:
        table = Table(json_file)
        measure(plan, host, table)
    return bool(plan["guard"] and table.n_above)


if __name__ == "__main__":
    try:
        sys.exit(main())
    except (cost.Missing, RuntimeError) as wrong:
        sys.exit(f"bench: {wrong}")
