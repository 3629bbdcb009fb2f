# SPDX-License-Identifier: LGPL-2.1-or-later
"""One boot: starts QEMU, listens to the guest and does what it asks for, until it says the end."""

import signal
import socket
import subprocess
import time

from qmp import Qmp
from verdict import Talk

# Until the guest's first program runs, of which nothing is ours: 2 to 20 s.
SECONDS_TO_COME_UP = 60


class Machine:
    """A running QEMU in a folder that takes its sockets and logs."""

    def __init__(self, command, folder):
        self.folder = folder
        with open(folder / "qemu", "wb") as log:
            self.qemu = subprocess.Popen(command, cwd=folder, stdin=subprocess.DEVNULL,
                                         stdout=log, stderr=subprocess.STDOUT)
        self.deadline = 0

    def run(self, seconds):
        """Returns what the guest said in SECONDS from when it came up; it is stopped afterwards."""
        self.deadline = time.monotonic() + SECONDS_TO_COME_UP
        talk = Talk()
        try:
            with self.connect("talk") as line, Qmp(self.connect("qmp")) as qmp:
                self.listen(line, qmp, talk, seconds)
        except TimeoutError:
            talk.broken_off(f"no end after {seconds} s" if talk.up else "it did not come up")
        except OSError as error:
            talk.broken_off(f"lost the machine: {error}")
        finally:
            self.stop()
        if self.qemu.returncode == -signal.SIGABRT:
            talk.emulator_failed = True
            talk.broken_off(f"QEMU failed by itself: {self.last_of_log()}")
        return talk

    def last_of_log(self):
        lines = (self.folder / "qemu").read_text(encoding="utf-8", errors="replace").splitlines()
        return lines[-1] if lines else "it said nothing"

    def left(self):
        left = self.deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError
        return left

    def connect(self, name):
        """A connection to one of QEMU's sockets, which is there a moment after the start."""
        while True:
            line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            try:
                # By /proc: a socket's path may have 107 bytes, and folders of CI are deep.
                with_folder = f"/proc/{self.qemu.pid}/cwd/{name}"
                line.connect(with_folder)
                line.settimeout(self.left())
                return line
            except (FileNotFoundError, ConnectionRefusedError):
                line.close()
                if self.qemu.poll() is not None:
                    raise OSError(f"QEMU exited with {self.qemu.returncode}") from None
                self.left()
                time.sleep(0.05)

    def listen(self, line, qmp, talk, seconds):
        rest = b""
        while not talk.ended:
            line.settimeout(self.left())
            got = line.recv(4096)
            if not got:
                talk.broken_off("the machine stopped by itself")
                return
            *whole, rest = (rest + got).split(b"\n")
            for text in whole:
                command = talk.hear(text.decode(errors="replace").rstrip("\r"))
                if text.strip() == b"up":
                    self.deadline = time.monotonic() + seconds
                if command:
                    line.sendall(qmp.execute(command).encode() + b"\n")

    def stop(self):
        self.qemu.kill()
        self.qemu.wait()
