# SPDX-License-Identifier: LGPL-2.1-or-later
"""Starts a fake kernel, tells it what there is and what shall go wrong, and reads what was written.

    with FakeKernel(program, root / "sys", log) as kernel:
        kernel.say("bus pci", "driver pci e1000e id=pci:v00008086d000010D3*")

README.md tells the lines. All of this runs inside namespaces (see enter() of udev/udevd.py): a file
system in user space is mounted there by anybody.
"""

import collections
import errno
import os
import socket
import subprocess
import threading

PATIENCE = 900  # seconds for one answer: only what hangs takes so long

# One write to an attribute: its path below /sys, the value (escaped), "0" or the errno's name, and
# the device that felt it as "SYSNAME#SERIAL", or "-".
Write = collections.namedtuple("Write", "path value result device")

# A device: the serial tells it from others of its name; None where it has none of these. All that
# the kernel says is escaped as word() does.
State = collections.namedtuple("State", "serial driver override")


def word(value):
    """Bytes as one word of a line, of any value."""
    return "".join(chr(byte) if chr(byte).isalnum() and byte < 128 else f"\\x{byte:02x}"
                   for byte in value)


class Refused(Exception):
    """A line that the fake kernel can't make sense of."""


class FakeKernel:
    """A fake kernel, mounted on a directory for as long as the `with` lasts."""

    def __init__(self, program, directory, log):
        self.directory, self.log = directory, log
        self.read_to = 0
        self.lock = threading.Lock()  # an answer belongs to what was said last
        self.socket, other = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self.socket.settimeout(PATIENCE)
        with other:
            # It frees no node, because a program may have it open: no leak.
            environment = {**os.environ, "ASAN_OPTIONS": "detect_leaks=0"}
            self.running = subprocess.Popen([program, directory, log, str(other.fileno())],
                                            pass_fds=[other.fileno()], env=environment)
        if self.socket.recv(64) != b"ready":
            raise RuntimeError(f"{program} did not start: exit {self.running.wait(PATIENCE)}")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()
        if self.running.wait(PATIENCE):
            raise RuntimeError(f"the fake kernel failed: exit {self.running.returncode}")

    def say(self, *lines):
        """Does lines of a description; returns what the last one has to say."""
        with self.lock:
            # A packet without a byte would look like the end
            self.socket.send(b"\n" + "\n".join(lines).encode())
            answer = self.socket.recv(1 << 20).decode()
        word, _, rest = answer.partition("\n")
        if word != "ok":
            raise Refused(rest)
        return rest

    def reset(self, text, *lines):
        """A new world, and nothing that was written in the old one."""
        self.say("reset", *text.splitlines(), *lines)
        self.writes()

    def load(self, module):
        """Loads a module. Returns 0 or the errno that finit_module(2) would have."""
        try:
            self.say(f"load {module}")
        except Refused as refused:
            return getattr(errno, str(refused).partition(":")[0])
        return 0

    def state(self):
        """{sysname: State} of all devices."""
        found = {}
        for line in self.say("state").splitlines():
            device, driver, override = line.split(" ")
            name, serial = device.split("#")
            found[name] = State(int(serial), *(None if word == "-" else word
                                               for word in (driver, override)))
        return found

    def count(self):
        """How many requests there were, and how many of them were no writes."""
        return tuple(map(int, self.say("count").split()))

    def writes(self):
        """What was written since the last call."""
        with open(self.log, encoding="ascii") as log:
            log.seek(self.read_to)
            lines = log.read()
            self.read_to = log.tell()
        wrong = [line for line in lines.splitlines() if line.startswith("order\t")]
        if wrong:
            raise Refused(wrong)
        return [Write(*line.split("\t")) for line in lines.splitlines()]
