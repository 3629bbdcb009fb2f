# SPDX-License-Identifier: LGPL-2.1-or-later
"""What came of a boot, from the lines that the guest sent and its console."""

import re

# What the kernel writes when something of it broke (lib/bug.c, kernel/panic.c, mm/kasan, ...).
BROKEN = re.compile(r"\b(Oops|BUG:|WARNING: CPU|WARNING: .* at |Kernel panic|general protection "
                    r"fault|unable to handle|UBSAN:|KASAN:|blocked for more than|"
                    r"rcu.*detected.*stall)")


class Talk:
    """The guest's lines: "up", then "ok WHAT", "failed WHAT", "number WHAT", "show TEXT", "qmp COMMAND",
    "end COUNT"."""

    def __init__(self):
        self.rows = []  # (True or False or None, text); None is a number for the reader
        self.up = False
        self.end = None
        self.why = None
        self.emulator_failed = False
        self.cpu_seconds = 0

    @property
    def ended(self):
        return self.end is not None

    def hear(self, line):
        """Takes a line in; returns the command for QEMU if it is one."""
        word, _, rest = line.partition(" ")
        if word == "qmp":
            return rest
        if word in ("ok", "failed"):
            self.rows.append((word == "ok", rest))
        elif line == "up":
            self.up = True
        elif word == "show":
            # For who watches: at once.
            print(rest, flush=True)
        elif word == "number":
            self.rows.append((None, rest))
        elif word == "end" and rest.isdigit():
            self.end = int(rest)
        else:
            self.rows.append((False, f"a line that means nothing: {line}"))
        return None

    def broken_off(self, why):
        self.why = why


def judge(talk, console):
    """All that is wrong, a line each: none means that the scenario passed."""
    wrong = [text for passed, text in talk.rows if passed is False]
    checks = sum(passed is not None for passed, _ in talk.rows)
    if talk.why:
        wrong.append(talk.why)
    if talk.end is None:
        wrong.append("no result line: the scenario did not come to its end")
    elif talk.end != checks:
        wrong.append(f"{checks} checks arrived, {talk.end} were made")
    elif checks == 0:
        wrong.append("the scenario checked nothing")
    wrong += [f"on the console: {line.strip()}" for line in console.splitlines()
              if BROKEN.search(line)]
    return wrong


def unnoticed(check, wrong):
    """What is wrong where a fault was planted: it must be noticed by that check, and by no other."""
    if len(wrong) == 1 and wrong[0].startswith(f"{check}: "):
        return []
    return [f"the planted fault was not noticed by: {check}", *wrong]


def table(talk):
    """A line for each check, as the guest made them."""
    words = {True: "ok", False: "FAILED", None: ""}
    return "\n".join(f"  {words[passed]:<6}  {text}" for passed, text in talk.rows)
