#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Runs a program as root in a directory that the program sees as "/": enter.py ROOT PROGRAM [ARG...]

Needs no root rights. The directory holds a whole system, with a package manager that works in it. The
program gets its own mounts and process IDs, and the caller's network. Its processes end with it.
"""

import ctypes
import os
import sys

# The only user of a single-user namespace is root: the kernel refuses to change an owner to any
# other. A package manager takes that for an error, so these system calls do nothing and succeed.
OWNER_CALLS = ("chown", "lchown", "fchown", "fchownat", "setgroups")

# seccomp.h
SCMP_ACT_ALLOW = 0x7fff0000
SCMP_ACT_ERRNO_0 = 0x00050000

# The nodes and links that a program may expect, and no other device of the machine.
ENTER = r"""
root=$1
shift
mount -t tmpfs -o mode=755 tmpfs "$root/dev"
for node in full null random tty urandom zero; do
    : >"$root/dev/$node"
    mount --bind "/dev/$node" "$root/dev/$node"
done
mkdir "$root/dev/pts" "$root/dev/shm"
mount -t devpts -o newinstance,ptmxmode=666 devpts "$root/dev/pts"
ln -s pts/ptmx "$root/dev/ptmx"
ln -s /proc/self/fd "$root/dev/fd"
mount -t proc proc "$root/proc"
exec chroot "$root" "$@"
"""

ENVIRONMENT = {"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
               "HOME": "/root", "LC_ALL": "C.UTF-8", "TERM": "dumb"}
# How the machine reaches its mirror.
KEPT = ("http_proxy", "https_proxy", "no_proxy")


def ignore_owners():
    """Has each call of OWNER_CALLS succeed, in this process and those that it starts."""
    # apt needs this library too, so it is there wherever apt is.
    seccomp = ctypes.CDLL("libseccomp.so.2")
    seccomp.seccomp_init.restype = ctypes.c_void_p
    rules = ctypes.c_void_p(seccomp.seccomp_init(SCMP_ACT_ALLOW))
    for name in OWNER_CALLS:
        number = seccomp.seccomp_syscall_resolve_name(name.encode())
        r = seccomp.seccomp_rule_add(rules, SCMP_ACT_ERRNO_0, number, 0)
        if r < 0:
            raise OSError(-r, f"seccomp_rule_add({name}): {os.strerror(-r)}")
    r = seccomp.seccomp_load(rules)
    if r < 0:
        raise OSError(-r, f"seccomp_load: {os.strerror(-r)}")


def command(root, program):
    """What subprocess.run() takes to run the program in root."""
    return [sys.executable, "-B", os.path.abspath(__file__), str(root), *map(str, program)]


def enter(root, program):
    """Becomes the program, which runs in root."""
    mapped = []
    if os.geteuid() != 0:
        ignore_owners()
        mapped = ["--map-root-user"]
    kept = {name: os.environ[name] for name in KEPT if name in os.environ}
    # PATH: an ordinary user's lacks the directory of chroot on Debian.
    os.execvpe("unshare", ["unshare", *mapped, "--mount", "--pid", "--fork", "--kill-child",
                           "sh", "-e", "-c", ENTER, "sh", root, *program], {**ENVIRONMENT, **kept})


def main():
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    enter(sys.argv[1], sys.argv[2:])


if __name__ == "__main__":
    main()
