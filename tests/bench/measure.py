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

# DESIGN, "Numbers". Faults and system calls are those beyond the empty program's.
MOST_TIME = 1.12
MOST_FAULTS = 10
MOST_CALLS = 40
MOST_GROWTH = 0.01
MOST_KIB = 256
HELPER = "src/vfio_variant_id/vfio_variant_id"
# What they are in the made index, which --guard does not let grow.
GUARD_FAULTS = 9
GUARD_CALLS = 68
# How many pages a fault maps hangs on the addresses: the usual number is that of many runs.
GUARD_RUNS = 200

# What the helper must say, so that no program is measured that fails.
EXPECTED = {PLAIN: {"DRIVER": "vfio-pci"},
            VARIANT: {"DRIVER": "mlx5_vfio_pci", "FALLBACK": "vfio-pci"}}


class Programs:
    """The programs under their measure. The helpers and the empty program lie at paths of one
    length: the dynamic linker counts the characters. BEFORE: a build of another commit, or None."""

    def __init__(self, build, before, host):
        bench = build / "tests/bench"
        self.host = host
        self.helper = self.copy(build / HELPER, host.scratch / "a")
        self.empty = [self.copy(bench / "empty", host.scratch / "b")]
        self.before = self.copy(pathlib.Path(before, HELPER), host.scratch / "c") if before else None
        self.spawn, self.scan = bench / "spawn", bench / "scan"
        self.lookups, self.reads = bench / "lookups", bench / "reads"

    @staticmethod
    def copy(program, directory):
        directory.mkdir()
        return shutil.copy2(program, directory / "program")

    def ask(self, helper=None):
        return [helper or self.helper, *self.host.helper_options()]

    def measured(self):
        """{name: command}: the empty program first."""
        commands = {"empty": self.empty, "now": self.ask()}
        return {**commands, "before": self.ask(self.before)} if self.before else commands

    def check(self, device):
        for name, command in self.measured().items():
            if name != "empty":
                self.check_answer(command, device)

    @staticmethod
    def check_answer(command, device):
        said = cost.run(command, device.environment)
        answer = dict(line.split("=", 1) for line in said.splitlines())
        for key, value in EXPECTED[device].items():
            if answer.get(f"VFIO_VARIANT_{key}") != value:
                raise RuntimeError(f"the helper says of {device.modalias}:\n{said}")


def beyond(columns, name, what):
    """At the most, of the devices: how much the program has more than the empty one."""
    return max(one[name][what] - one["empty"][what] for one in columns)


class Bench:
    """All there is to measure with."""

    def __init__(self, plan, host, table):
        self.host, self.table, self.trees, self.quick = host, table, plan["trees"], plan["quick"]
        self.sizes = plan["sizes"]
        self.programs = Programs(pathlib.Path(plan["build"]), plan.get("before"), host)
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
        """{name: {what: value}} of each program; the time is a ratio to the empty one's."""
        self.programs.check(device)
        commands = self.programs.measured()
        spawner = self.spawner(device)
        runs = spawner.in_turn(list(commands.values()), self.runs)
        return {name: {
            "instructions": cost.instructions(command, device.environment),
            "system calls": cost.system_calls(command, device.environment),
            "page faults": faults,
            "resident KiB": spawner.resident(command),
            "time": cost.ratio_of_pairs(times, runs[0][0]),
        } for (name, command), (times, faults) in zip(commands.items(), runs)}

    def print_counts(self, columns):
        empty = columns[0]["empty"]
        for what in ("instructions", "system calls", "page faults", "resident KiB"):
            cells = [f"{one['now'][what]:,} {ratio(one['now'][what] / one['empty'][what])}"
                     for one in columns]
            self.table.line(what, f"{empty[what]:,}", *cells)
        self.table.line("time (median of pairs)", "x1", *(ratio(one["now"]["time"]) for one in columns))

    def print_limits(self, columns):
        """For one lookup in modules.dep, which is the plain device's: the variant's has two, for
        the fallback, and the link to a physical function."""
        names = [name for name in ("before", "now") if name in columns[0]]
        self.table.head("Limits of the helper, beyond the empty program", *names, "at most")
        self.print_limit("CPU time / empty", [columns[0][name]["time"] for name in names], MOST_TIME,
                         ratio)
        for what, most in (("page faults", MOST_FAULTS), ("system calls", MOST_CALLS)):
            self.print_limit(what, [beyond(columns[:1], name, what) for name in names], most)
        what = "resident KiB"
        self.print_limit(what, [beyond(columns, name, what) for name in names], MOST_KIB)

    def print_limit(self, label, values, most, form=str):
        self.table.line(label, *map(form, values), limit=most, value=values[-1], form=form)

    def guard(self):
        """What is the same each time."""
        self.host.use(self.trees["usual"])
        self.programs.check(PLAIN)
        commands = [self.programs.empty, self.programs.ask()]
        self.table.head("The helper, beyond the empty program", "measured", "at most")
        faults = [faults for _, faults in self.spawner(PLAIN).in_turn(commands, GUARD_RUNS)]
        calls = [cost.system_calls(one, PLAIN.environment) for one in commands]
        self.print_limit("page faults", [faults[1] - faults[0]], GUARD_FAULTS)
        self.print_limit("system calls", [calls[1] - calls[0]], GUARD_CALLS)

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
            "reading the same files": [self.programs.reads, *self.host.files()],
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
