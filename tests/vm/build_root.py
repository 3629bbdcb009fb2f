# SPDX-License-Identifier: LGPL-2.1-or-later
"""A kernel with its headers and the compiler that it wants, all of one suite, in one directory."""

import os
import subprocess

from cache import NotToBeHad, packages

# The kernel of each suite; the headers depend on the right compiler.
SUITE_OF_KERNEL = {"5.10": "bullseye", "6.1": "bookworm", "6.12": "trixie", "7.2": "sid"}
# What the kernel's makefiles call: nothing depends on these, since every Debian has them.
PACKAGES = ("linux-image-amd64", "linux-headers-amd64", "make", "dash", "coreutils", "sed", "grep",
            "mawk", "findutils", "xz-utils", "zstd")

# Sees its first argument as "/", with the machine's /dev and /proc, and runs the rest. objtool reads
# its limits in /proc. Unit tests change the propagation of "/", which has to be a mount for that.
ENTER = """
mount --bind "$0" "$0" || exit
for directory in dev proc; do mount --rbind "/$directory" "$0/$directory" || exit; done
exec chroot "$0" "$@"
"""


def build_root(cache, kernel):
    return complete_root(packages(cache, SUITE_OF_KERNEL[kernel], PACKAGES))


def complete_root(root):
    """Adds what no package brings."""
    for name in ("dev", "proc", "run", "sys", "tmp"):
        (root / name).mkdir(exist_ok=True)
    # The work of mawk's postinst.
    if not (root / "usr/bin/awk").is_symlink():
        (root / "usr/bin/awk").symlink_to("mawk")
    return root


def run_inside(root, command):
    """Runs a program of the directory itself, with its own libraries; returns what it wrote."""
    mapped = [] if os.geteuid() == 0 else ["--map-root-user"]
    enter = ["unshare", *mapped, "--mount", "sh", "-c", ENTER, root, *command]
    environment = {"PATH": "/usr/bin:/usr/sbin", "LC_ALL": "C"}
    done = subprocess.run(enter, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, env={**os.environ, **environment}, check=False)
    if done.returncode:
        raise NotToBeHad(f"{' '.join(command)}, in {root}: exit {done.returncode}\n"
                         f"{done.stdout.decode(errors='replace')}")
    return done.stdout
