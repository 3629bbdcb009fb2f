# SPDX-License-Identifier: LGPL-2.1-or-later
"""Builds for a processor other than this machine's, with a cross compiler and libraries of Debian, in
a directory of unpacked packages that the build sees as "/"."""

import pathlib
import re
import sys
import tempfile

import sources

sys.path.append(str(sources.ROOT / "tests/vm"))

# pylint: disable=wrong-import-position
from build_root import complete_root, run_inside
from cache import NotToBeHad, default_directory, packages

SUITE = "bookworm"
# What Debian's own packages for cross builds name, each for the other architecture.
LIBRARIES = ("check", "libc6-dev", "libjson-c-dev", "libkmod-dev", "libsmartcols-dev", "libudev-dev")
TOOLS = ("binutils", "coreutils", "dash", "kmod", "meson", "ninja-build", "pkgconf", "pkg-config",
         "python3", "util-linux")

# The names that GNU, Debian's libraries and meson have for it, and how its programs are run here.
MACHINES = {
    "i386": {"gnu": "i686-linux-gnu", "libraries": "i386-linux-gnu", "family": "x86", "cpu": "i686",
             "emulator": None, "packages": ("gcc-i686-linux-gnu",), "left_out": ()},
    "arm64": {"gnu": "aarch64-linux-gnu", "libraries": "aarch64-linux-gnu", "family": "aarch64",
              "cpu": "aarch64", "emulator": "qemu-aarch64-static",
              "packages": ("gcc-aarch64-linux-gnu", "qemu-user-static"),
              # The emulator enforces no RLIMIT_AS, and the kernel cannot execute the programs.
              "left_out": ("answer", "arena", "index", "policy", "policy-modprobe-config", "run",
                           "sysfs-blocks", "udev")},
}

# The answer that the helper must give with the sample tree.
MODALIAS = "pci:v000015B3d0000101Esv000015B3sd00000001bc02sc00i00"
ANSWER = "VFIO_VARIANT_DRIVER=mlx5_vfio_pci"

CROSS_FILE = """
[binaries]
c = '{gnu}-gcc'
ar = '{gnu}-gcc-ar'
strip = '{gnu}-strip'
pkgconfig = 'pkg-config'
{wrapper}

[properties]
pkg_config_libdir = '/usr/lib/{libraries}/pkgconfig:/usr/share/pkgconfig'
needs_exe_wrapper = {needs_wrapper}

[host_machine]
system = 'linux'
cpu_family = '{family}'
cpu = '{cpu}'
endian = 'little'
"""

# No udev.pc or systemd.pc: these packages bring the whole of systemd.
OPTIONS = ("-Dudevdir=/usr/lib/udev", "-Dunitdir=/usr/lib/systemd/system")


def cross_file(machine):
    emulator = machine["emulator"]
    wrapper = f"exe_wrapper = ['{emulator}', '-L', '/']" if emulator else ""
    return CROSS_FILE.format(**machine, wrapper=wrapper,
                             needs_wrapper="true" if emulator else "false").lstrip()


def make_root(architecture, machine):
    names = [*TOOLS, *machine["packages"], *(f"{name}:{architecture}" for name in LIBRARIES)]
    return complete_root(packages(default_directory(), SUITE, names))


class Place:
    """A copy of the sources inside the root, and what runs in it."""

    def __init__(self, root, machine, directory):
        self.root, self.machine = root, machine
        self.source = "/" + str(pathlib.Path(directory).relative_to(root))
        self.build = f"{self.source}/build"
        sources.copy_to(pathlib.Path(directory))
        pathlib.Path(directory, "cross").write_text(cross_file(machine), encoding="ascii")

    def run(self, *command):
        print("$", *command, flush=True)
        return run_inside(self.root, command).decode(errors="replace")

    def compile(self):
        self.run("meson", "setup", self.build, self.source, f"--cross-file={self.source}/cross", *OPTIONS)
        self.run("meson", "compile", "-C", self.build)

    def test(self):
        """The tests that meson itself starts, and starts in the emulator."""
        suites = ("--suite=unit", "--suite=fuzz")
        listed = self.run("meson", "test", "-C", self.build, "--list", *suites)
        names = [name for name in re.findall(r"^vfio-variant:\w+ / (\S+)$", listed, re.MULTILINE)
                 if name not in self.machine["left_out"]]
        print(f"{len(names)} tests; left out: {' '.join(self.machine['left_out']) or 'none'}")
        self.run("meson", "test", "-C", self.build, "--print-errorlogs", *names)

    def check_helper(self):
        helper = f"{self.build}/src/vfio_variant_id/vfio_variant_id"
        compiler = f"CC={self.machine['gnu']}-gcc"
        self.run("env", compiler, "python3", "-B", f"{self.source}/tests/build/elf.py", helper)
        tree, emulator = f"{self.source}/sample", self.machine["emulator"]
        self.run("env", compiler, f"{self.source}/tests/trees/module-tree",
                 f"{self.source}/tests/trees/sample.tree", tree)
        said = self.run(*([emulator, "-L", "/"] if emulator else []), helper, f"--modules-dir={tree}",
                        MODALIAS)
        print(said)
        if ANSWER not in said.splitlines():
            raise NotToBeHad(f"the helper does not print {ANSWER}")


def build(architecture):
    machine = MACHINES[architecture]
    root = make_root(architecture, machine)
    with tempfile.TemporaryDirectory(dir=root / "tmp") as directory:
        place = Place(root, machine, directory)
        place.compile()
        place.check_helper()
        place.test()
