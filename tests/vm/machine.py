# SPDX-License-Identifier: LGPL-2.1-or-later
"""One boot: starts QEMU, listens to the guest and does what it asks for, until it says the end."""

import os
import select
import signal
import socket
import subprocess
import time

from qmp import Qmp
from verdict import Talk

# CPU seconds until the guest's first program runs, of which nothing is ours: 2 to 20. An installed system
# says that it is up when all its units are.
SECONDS_TO_COME_UP = 60
SECONDS_TO_BOOT = 300
# A guest that waits takes no CPU time. The wall clock ends one that waits for ever, on a busy machine.
WALL_SECONDS = 10  # for each CPU second that is allowed
POLL_SECONDS = 1


class Budget:
    """The CPU time that a process may take from now on, which does not depend on the other load."""

    def __init__(self, pid, seconds):
        self.pid = pid
        self.cpu_end = self.cpu_seconds() + seconds
        self.wall_end = time.monotonic() + seconds * WALL_SECONDS

    def cpu_seconds(self):
        try:
            with open(f"/proc/{self.pid}/stat", encoding="ascii", errors="replace") as stat:
                fields = stat.read().rpartition(")")[2].split()
        except (FileNotFoundError, ProcessLookupError):
            return 0  # it has ended, and its socket says so
        # proc(5): utime and stime, the fields 14 and 15 of which the first two are cut off
        return sum(map(int, fields[11:13])) / os.sysconf("SC_CLK_TCK")

    def check(self):
        """Raises TimeoutError once it is used up."""
        if self.cpu_seconds() > self.cpu_end or time.monotonic() > self.wall_end:
            raise TimeoutError


class Machine:
    """A running QEMU in a directory that takes its sockets and logs."""

    def __init__(self, command, directory, seconds_to_come_up=SECONDS_TO_COME_UP):
        self.directory = directory
        with open(directory / "qemu", "wb") as log:
            self.qemu = subprocess.Popen(command, cwd=directory, stdin=subprocess.DEVNULL,
                                         stdout=log, stderr=subprocess.STDOUT)
        self.budget = Budget(self.qemu.pid, seconds_to_come_up)

    def run(self, seconds):
        """Returns what the guest said in SECONDS of CPU time from when it came up; it is stopped
        afterwards."""
        talk = Talk()
        try:
            with self.connect("talk") as line, Qmp(self.connect("qmp")) as qmp:
                self.listen(line, qmp, talk, seconds)
        except TimeoutError:
            talk.broken_off(f"no end after {seconds} s of CPU time, or {seconds * WALL_SECONDS} s"
                            if talk.up else "it did not come up")
        except OSError as error:
            talk.broken_off(f"lost the machine: {error}")
        finally:
            talk.cpu_seconds = self.budget.cpu_seconds()
            self.stop()
        if self.qemu.returncode == -signal.SIGABRT:
            talk.emulator_failed = True
            talk.broken_off(f"QEMU failed by itself: {self.last_of_log()}")
        return talk

    def last_of_log(self):
        lines = (self.directory / "qemu").read_text(encoding="utf-8", errors="replace").splitlines()
        return lines[-1] if lines else "it said nothing"

    def connect(self, name):
        """A connection to one of QEMU's sockets, which is there a moment after the start."""
        while True:
            line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            try:
                # By /proc: a socket's path may have 107 bytes, and directories of CI are deep.
                with_directory = f"/proc/{self.qemu.pid}/cwd/{name}"
                line.connect(with_directory)
                line.settimeout(SECONDS_TO_COME_UP * WALL_SECONDS)
                return line
            except (FileNotFoundError, ConnectionRefusedError):
                line.close()
                if self.qemu.poll() is not None:
                    raise OSError(f"QEMU exited with {self.qemu.returncode}") from None
                self.budget.check()
                time.sleep(0.05)

    def listen(self, line, qmp, talk, seconds):
        rest = b""
        while not talk.ended:
            self.budget.check()
            if not select.select([line], [], [], POLL_SECONDS)[0]:
                continue
            got = line.recv(4096)
            if not got:
                talk.broken_off("the machine stopped by itself")
                return
            *whole, rest = (rest + got).split(b"\n")
            for text in whole:
                command = talk.hear(text.decode(errors="replace").rstrip("\r"))
                if text.strip() == b"up":
                    self.budget = Budget(self.qemu.pid, seconds)
                if command:
                    line.sendall(qmp.execute(command).encode() + b"\n")

    def stop(self):
        self.qemu.kill()
        self.qemu.wait()
