# SPDX-License-Identifier: LGPL-2.1-or-later
"""Answers a program's finit_module(2) in the place of the kernel: see launch.c, seccomp_unotify(2).

The module that the program opened is loaded into the fake kernel, so that its drivers appear there.
"""

import ctypes
import errno
import fcntl
import os
import re
import select
import socket
import struct
import threading

# linux/seccomp.h: struct seccomp_notif, struct seccomp_notif_resp, and the two ioctls for them
NOTIFICATION = struct.Struct("=QII" + "iIQ6Q")
ANSWER = struct.Struct("=QqiI")
RECEIVE, SEND = 0xC0502100, 0xC0182101
PIDFD_GETFD = 438  # the same on each machine: asm-generic/unistd.h


def path_of(pid, fd):
    """The path of a file that another process has open; its /proc may be out of sight here."""
    pidfd = os.pidfd_open(pid)
    try:
        ours = ctypes.CDLL(None, use_errno=True).syscall(PIDFD_GETFD, pidfd, fd, 0)
        if ours < 0:
            raise OSError(ctypes.get_errno(), "pidfd_getfd")
    finally:
        os.close(pidfd)
    try:
        return os.readlink(f"/proc/self/fd/{ours}")
    finally:
        os.close(ours)


class Modules:
    """Modules are loaded into a fake kernel, or refused: {module: errno}."""

    def __init__(self, kernel, refuse=None):
        self.kernel, self.refuse = kernel, refuse or {}
        self.loaded = []  # what was asked for, in this order
        self.socket, self.given = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self.thread = threading.Thread(target=self.serve, daemon=True)

    def start(self):
        """Once the program has the other end of the socket, which is then closed here."""
        self.given.close()
        self.thread.start()

    def stop(self):
        """Once the program has ended."""
        self.thread.join()
        self.socket.close()

    def serve(self):
        _, listeners, _, _ = socket.recv_fds(self.socket, 1, 1)
        for listener in listeners:
            poll = select.poll()
            poll.register(listener, select.POLLIN)
            # The program has ended: POLLHUP
            while poll.poll()[0][1] & select.POLLIN:
                self.answer(listener)
            os.close(listener)

    def answer(self, listener):
        buffer = bytearray(NOTIFICATION.size)
        try:
            fcntl.ioctl(listener, RECEIVE, buffer)
            number, pid, _, _, _, _, fd, *_ = NOTIFICATION.unpack(buffer)
            name = re.sub(r"\.ko$", "", os.path.basename(path_of(pid, fd)))
            error = self.load(name.replace("-", "_"))
            fcntl.ioctl(listener, SEND, bytearray(ANSWER.pack(number, 0, -error, 0)))
        except OSError as caught:
            # Killed meanwhile
            if caught.errno not in (errno.ENOENT, errno.ESRCH, errno.EINPROGRESS):
                raise

    def load(self, name):
        """What the kernel would answer: an errno, 0 for success."""
        self.loaded.append(name)
        if name in self.refuse:
            return self.refuse[name]
        return self.kernel.load(name)
