# SPDX-License-Identifier: LGPL-2.1-or-later
"""One kernel: its image, its modules with ours among them."""

import lzma
import pathlib
import shutil
import subprocess

from build_root import SUITE_OF_KERNEL, build_root, run_inside
from cache import NotToBeHad, digest, digest_of_files, make_once
from kernel_image import unpack_kernel
from kernel_source import UPSTREAM, unpack_source

HERE = pathlib.Path(__file__).resolve().parent
SOURCES = HERE / "modules"
# Native drivers of QEMU's devices, VFIO, a file system to mount, and what can be built on a network card.
WANTED = ("vfio_pci", "vfio_iommu_type1", "e1000e", "igb", "igbvf", "8139cp", "virtio_pci",
          "virtio_net", "virtio_rng", "nvme", "ext4", "crc32c_generic", "loop", "snd_hda_intel",
          "snd_hda_codec_generic", "bochs", "bochs_drm",
          "bridge", "bonding", "8021q", "macvlan", "pppoe", "sch_ingress",
          "9p", "9pnet_virtio", "dm_crypt", "crypto_null", "raid1", "nvmet",
          "xhci_pci", "usb_storage", "sd_mod", "usbhid", "hid_generic")


class Kernel:
    """What is known of one kernel, and a directory with the modules that the guest has."""

    NEEDED = ("e1000e", "vfio_pci", "nvme")
    # What a variant driver is compiled with.
    VARIANT_HEADER = "usr/src/linux-headers-*/include/linux/vfio_pci_core.h"

    def __init__(self, cache, version):
        self.cache, self.version = cache, version
        self.root, self.tree = self.provide()
        self.release = self.tree.name
        variants = make_once(cache / "variants" / f"{self.release}-{digest_of_files(SOURCES)}",
                             self.build_variants)
        recipe = digest(pathlib.Path(__file__).read_bytes(), variants, self.root)
        self.modules = make_once(cache / "modules" / f"{version}-{recipe}",
                                 lambda directory: self.gather(variants, directory))
        self.image = make_once(cache / "kernels" / self.release, self.make_image) / "vmlinux"

    def provide(self):
        """The directory with the compiler, and in it that with all modules."""
        root = build_root(self.cache, self.version)
        [tree] = (root / "usr/lib/modules").iterdir()
        return root, tree

    def make_image(self, directory):
        unpack_kernel(self.root, self.find_vmlinuz(), directory / "vmlinux")

    def find_vmlinuz(self):
        """Where the package has it: from 7.2 on beside its modules."""
        for path in (self.tree / "vmlinuz", self.root / f"boot/vmlinuz-{self.release}"):
            if path.exists():
                return path
        raise NotToBeHad(f"the package of kernel {self.release} has no vmlinuz where it was before")

    def build_variants(self, directory):
        """Compiles tests/vm/modules; none for a kernel before 5.15, which has no vfio_pci_core to
        build a variant on."""
        if not list(self.root.glob(self.VARIANT_HEADER)):
            return
        self.compile(lambda work: shutil.copytree(SOURCES, work, dirs_exist_ok=True), directory)

    def upstream_module(self, name):
        """A variant driver of the kernel's own, which Debian doesn't build, for this kernel."""
        part, words = UPSTREAM[name]

        def fill(work):
            unpack_source(self.cache, SUITE_OF_KERNEL[self.version], work, part)

        directory = make_once(self.cache / "variants" / f"{self.release}-{name}",
                           lambda unfinished: self.compile(fill, unfinished, words))
        return directory / f"{name}.ko"

    def compile(self, fill, directory, words=()):
        """Compiles what FILL puts into a directory, as any module outside of the kernel's tree."""
        work = self.root / "variants" / directory.name
        shutil.rmtree(work, ignore_errors=True)
        work.mkdir(parents=True)
        fill(work)
        headers = f"/usr/lib/modules/{self.release}/build"
        # Without the last one: pahole and the whole kernel's debug information are wanted.
        run_inside(self.root, ["make", "-C", headers, f"M=/variants/{directory.name}", "modules", *words,
                               "CONFIG_DEBUG_INFO_BTF_MODULES="])
        for module in work.glob("*.ko"):
            shutil.copy(module, directory)
        shutil.rmtree(work)

    def gather(self, variants, directory):
        """lib/modules/RELEASE with the wanted modules and ours in updates/, by the real depmod."""
        tree = directory / "lib/modules" / self.release
        for name in self.with_dependencies():
            self.copy_module(self.tree / name, tree / name)
        for module in variants.glob("*.ko"):
            (tree / "updates").mkdir(exist_ok=True)
            shutil.copy(module, tree / "updates")
        for name in ("modules.builtin", "modules.builtin.modinfo", "modules.order"):
            shutil.copy(self.tree / name, tree)
        depmod(directory, self.release)

    def with_dependencies(self):
        """The paths of the wanted modules and of all that they need; what is built in is not there."""
        depmod(self.root, self.release)
        needs = {}
        for line in (self.tree / "modules.dep").read_text(encoding="ascii").splitlines():
            path, _, rest = line.partition(":")
            needs[module_name(path)] = [path, *rest.split()]
        found = [path for name in WANTED for path in needs.get(name, [])]
        for name in self.NEEDED:
            if name not in needs:
                raise NotToBeHad(f"kernel {self.release} has no module {name}")
        return list(dict.fromkeys(found))

    @staticmethod
    def copy_module(source, target):
        """The guest loads an uncompressed one faster, and the host's depmod may not know xz."""
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.suffix == ".xz":
            target.with_suffix("").write_bytes(lzma.decompress(source.read_bytes()))
        else:
            shutil.copy(source, target)


def module_name(path):
    return pathlib.Path(path).name.partition(".ko")[0].replace("-", "_")


def depmod(base, release):
    subprocess.run(["depmod", "-b", base, release], check=True)
