# SPDX-License-Identifier: LGPL-2.1-or-later
"""A scenario: a shell file for the guest, whose comments say what machine it needs."""

import copy
import pathlib
import re

from build_root import SUITE_OF_KERNEL

HERE = pathlib.Path(__file__).resolve().parent
DIRECTORY, PLANTED = HERE / "scenarios", HERE / "planted"
# "# device: e1000e,addr=5" and its like, above the first line that is no comment.
LINE = re.compile(r"#\s*(device|share|boots|disk|kernel line|kernels|seconds|clock|upstream module|iommu"
                  r"|packages|memory|installed)(?: of boot (\d))?:\s*(.+)")
# A planted fault names the one that must notice it, and its check.
NOTICED_BY = re.compile(r"^# scenario: (\S+)\n# noticed by: (.+)$", re.M)
# A boot takes 10 to 20 s on an idle machine of two cores; CI's is not idle.
DEFAULT_SECONDS = 150
# In MiB.
DEFAULT_MEMORY = 768
# Has none of our variant drivers, and so is for a scenario that names it.
OLD_KERNEL = "5.10"


class Scenario:
    """What the head of the file says."""

    def __init__(self, path):
        self.path, self.name = path, path.name
        self.planted, self.noticed_by = None, None
        self.options, self.disks, self.kernel_line = [], [], []
        self.more_options, self.more_kernel_line, self.boot_count = {}, {}, 1
        self.upstream, self.kernels = [], None
        self.seconds = DEFAULT_SECONDS
        self.counts = False
        self.has_iommu = True
        self.packages, self.memory = None, DEFAULT_MEMORY
        self.installed = None
        for line in path.read_text(encoding="utf-8").splitlines():
            if not line.startswith("#"):
                break
            found = LINE.match(line)
            if found:
                self.take(found[1], found[2], found[3].strip())

    def fits(self, kernel, suite):
        if self.installed and SUITE_OF_KERNEL.get(kernel) != suite:
            return False
        return kernel != OLD_KERNEL if self.kernels is None else kernel in self.kernels

    def must_fit(self, kernel, suite):
        if not self.fits(kernel, suite):
            wanted = "the kernels " + ", ".join(self.kernels or ["with variant drivers"])
            if self.installed:
                wanted += ", each with the suite that it is of"
            raise ValueError(f"{self.name} is for {wanted}, not for {kernel} with {suite}")

    def take(self, what, boot, value):
        if boot and what == "kernel line":
            self.more_kernel_line.setdefault(int(boot), []).append(value)
        elif boot:
            self.more_options.setdefault(int(boot), []).append(["-device", value])
        elif what == "boots":
            self.boot_count = int(value)
        elif what == "kernel line":
            self.kernel_line.append(value)
        elif what == "seconds":
            self.seconds = int(value)
        elif what == "memory":
            self.memory = int(value)
        elif what == "packages":
            self.packages = value
        elif what == "installed":
            self.installed = value.split()
        elif what == "clock" and value == "instructions":
            self.counts = True
        elif what == "iommu" and value == "none":
            self.has_iommu = False
        elif what == "kernels":
            self.kernels = value.split()
        elif what == "upstream module":
            self.upstream.append(value)
        elif what == "share":
            self.options.append(["-fsdev", f"local,id={value},path=.,security_model=none,readonly=on"])
        elif what == "disk":
            self.disks.append(value)
            self.options.append(["-drive", f"id={value},if=none,format=raw,file={value}"])
        else:
            self.options.append(["-device", value])

    def boots(self):
        """The machine of each boot."""
        for number in range(1, self.boot_count + 1):
            machine = copy.copy(self)
            machine.options = self.options + self.more_options.get(number, [])
            # What is of one boot comes last: it may have a `--`, which ends the kernel's own
            machine.kernel_line = [*self.kernel_line, f"vm.boot={number}",
                                   *self.more_kernel_line.get(number, [])]
            yield machine


def find_scenario(name):
    path = DIRECTORY / name
    if "/" in name or not path.is_file():
        known = ", ".join(sorted(path.name for path in DIRECTORY.iterdir()))
        raise ValueError(f"no scenario is called {name}; there are: {known}")
    return Scenario(path)


def find_planted(name):
    """The scenario that must fail by a fault, with the fault for the guest to begin with."""
    path = PLANTED / name
    if "/" in name or not path.is_file():
        known = ", ".join(sorted(path.name for path in PLANTED.iterdir()))
        raise ValueError(f"no planted fault is called {name}; there are: {known}")
    name_of_scenario, check = NOTICED_BY.search(path.read_text(encoding="utf-8")).groups()
    scenario = find_scenario(name_of_scenario)
    scenario.planted, scenario.noticed_by = path, check
    return scenario
