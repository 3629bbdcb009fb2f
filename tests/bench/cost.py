# SPDX-License-Identifier: LGPL-2.1-or-later
"""What a command costs: instructions, system calls, page faults, resident memory, time.

A command is a list whose first word is a path. Each gets the same environment and nothing else, so
that none is charged for the words of the shell that started the benchmark.
"""

import os
import pathlib
import re
import shutil
import statistics
import subprocess
import tempfile

# Where an ordinary user's PATH does not lead.
SBIN = ":/usr/sbin:/sbin"
PACKAGES = {"depmod": "kmod", "modprobe": "kmod", "strace": "strace", "valgrind": "valgrind",
            "unshare": "util-linux", "mount": "mount (util-linux)", "grep": "grep", "sh": "dash"}


RESIDENT_RUNS = 21


class Missing(Exception):
    """A program that is not there, and what to install."""


def find(program):
    path = shutil.which(program, path=os.environ.get("PATH", os.defpath) + SBIN)
    if path is None:
        raise Missing(f"{program} is not there: install {PACKAGES.get(program, program)}")
    return path


def run(command, environment=None):
    """Standard output of a command, which must succeed; what it says is shown where it fails."""
    command = [str(word) for word in command]
    done = subprocess.run(command, env=environment, stdin=subprocess.DEVNULL, check=False,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    if done.returncode:
        said = (done.stdout + done.stderr).decode(errors="replace")
        raise RuntimeError(f"{' '.join(command)}: exit {done.returncode}\n{said}")
    return done.stdout.decode()


def instructions(command, environment):
    """Those of the command and its children, in user space, as callgrind counts them."""
    with tempfile.TemporaryDirectory() as directory:
        run([find("valgrind"), "--tool=callgrind", "--trace-children=yes",
             f"--callgrind-out-file={directory}/%p", *command], environment)
        counts = [read_summary(path) for path in pathlib.Path(directory).iterdir()]
    if not counts:
        raise RuntimeError(f"callgrind has counted nothing of {command[0]}")
    return sum(counts)


def read_summary(path):
    text = path.read_text(encoding="ascii", errors="replace")
    return int(re.search(r"^(?:summary|totals): (\d+)", text, re.MULTILINE)[1])


def system_calls(command, environment):
    """Those of the command and its children, execve(2) among them."""
    with tempfile.NamedTemporaryFile() as file:
        run([find("strace"), "-f", "-c", "-o", file.name, *command], environment)
        table = pathlib.Path(file.name).read_text(encoding="ascii", errors="replace")
    # "% time, seconds, usecs/call, calls, errors, name"; the last line sums them up.
    lines = (line.split() for line in table.splitlines())
    return sum(int(words[3]) for words in lines
               if len(words) >= 5 and words[3].isdigit() and words[-1] != "total")


class Spawner:
    """Starts commands by spawn.c, which says what they cost."""

    def __init__(self, program, environment):
        self.program, self.environment = program, environment

    def resident(self, command):
        """KiB that the command has in memory at the most. Of several runs: how many pages of a
        library one fault maps hangs on the addresses, which are others each time."""
        return statistics.median_high(int(run([self.program, "memory", *command], self.environment))
                                      for _ in range(RESIDENT_RUNS))

    def in_turn(self, commands, runs):
        """[(microseconds of CPU time of each run, page faults of a usual run)], one for each command."""
        words = [word for command in commands for word in ["--", *command]][1:]
        output = run([self.program, "time", runs, *words], self.environment)
        found = [([], []) for _ in commands]
        for number, microseconds, faults in (map(int, line.split()) for line in output.splitlines()):
            found[number][0].append(microseconds)
            found[number][1].append(faults)
        return [(times, statistics.median_high(faults)) for times, faults in found]


def ratio_of_pairs(times, others):
    """The median of time / other time, run by run: so what disturbs both plays no part."""
    return statistics.median(time / other for time, other in zip(times, others))
