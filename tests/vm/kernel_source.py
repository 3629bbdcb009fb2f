# SPDX-License-Identifier: LGPL-2.1-or-later
"""The kernel's source, out of Debian's package of it, and upstream's variant drivers compiled of that.
Nothing of it is in our tree."""

import subprocess

from cache import NotToBeHad, packages

# Upstream's variant drivers by the name of their module: its directory, and what make is told.
UPSTREAM = {"virtio-vfio-pci": ("drivers/vfio/pci/virtio", ["CONFIG_VIRTIO_VFIO_PCI=m"])}


def unpack_source(cache, suite, directory, part="."):
    """Puts the source of a suite's kernel, or that directory of it, into an empty directory."""
    package = packages(cache, suite, ("linux-source",))
    [archive] = package.glob("usr/src/linux-source-*.tar.xz")
    top = archive.name.partition(".tar")[0]
    if part != ".":
        top = f"{top}/{part}"
    command = ["tar", "-x", "--xz", "-f", archive, "-C", directory,
               f"--strip-components={top.count('/') + 1}", top]
    done = subprocess.run(command, stderr=subprocess.PIPE, text=True, check=False)
    if done.returncode:
        raise NotToBeHad(f"{archive.name} of {suite} has no {top}, or can't be unpacked: "
                         f"{done.stderr}")
