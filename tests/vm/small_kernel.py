# SPDX-License-Identifier: LGPL-2.1-or-later
"""A kernel built of Debian's source package, small, with what Debian's own kernels lack."""

import os
import pathlib
import shutil

from build_root import SUITE_OF_KERNEL, complete_root, run_inside
from cache import NotToBeHad, digest, make_once, packages
from kernel import Kernel
from kernel_source import unpack_source

CONFIG = pathlib.Path(__file__).resolve().parent / "small_kernel.config"
# A kernel before 6.18 does not publish the device aliases of what is built in.
SUITE = "sid"
KERNELS = [*SUITE_OF_KERNEL, "small"]
PACKAGES = ("gcc", "libc6-dev", "make", "flex", "bison", "bc", "libelf-dev", "perl", "kmod", "dash",
            "coreutils", "sed", "grep", "mawk", "findutils", "diffutils", "tar", "xz-utils")


class SmallKernel(Kernel):
    """Its tree stays in the directory with the compiler: our modules are compiled against it."""

    VARIANT_HEADER = "linux/*/include/linux/vfio_pci_core.h"

    def provide(self):
        root = complete_root(packages(self.cache, SUITE, PACKAGES))
        self.source = make_once(root / "linux" / digest(CONFIG.read_bytes()),
                                lambda directory: self.build(root, directory))
        return root, root / "usr/lib/modules" / release_of(self.source)

    def build(self, root, directory):
        """Minutes of all processors; the directory has another name until it is done."""
        inside = f"/linux/{directory.name}"

        def make(*words):
            run_inside(root, ["make", "-C", inside, f"LOCALVERSION=-{directory.stem}", "-s", *words])

        unpack_source(self.cache, SUITE, directory)
        make("tinyconfig")
        with open(directory / ".config", "ab") as config:
            config.write(CONFIG.read_bytes())
        make("olddefconfig")
        complain_of_lost(directory / ".config")
        make(f"-j{os.cpu_count()}", "vmlinux", "modules")
        make("modules_install")
        link = root / "usr/lib/modules" / release_of(directory) / "build"
        link.unlink()
        link.symlink_to(f"/linux/{directory.stem}")

    def make_image(self, directory):
        shutil.copy(self.source / "vmlinux", directory)


def provide_kernel(cache, version):
    return SmallKernel(cache, version) if version == "small" else Kernel(cache, version)


def release_of(source):
    return (source / "include/config/kernel.release").read_text(encoding="ascii").strip()


def complain_of_lost(config):
    """What depends on something that is not set is dropped by make, without a word."""
    wanted = [line for line in CONFIG.read_text(encoding="ascii").splitlines()
              if line.startswith("CONFIG_")]
    kept = config.read_text(encoding="ascii").splitlines()
    lost = [line for line in wanted if line not in kept]
    if lost:
        raise NotToBeHad(f"the small kernel can't have {', '.join(lost)}: see what these depend on, "
                         f"and add it to {CONFIG.name}")
