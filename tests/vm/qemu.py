# SPDX-License-Identifier: LGPL-2.1-or-later
"""QEMU: always the same one, fetched, so that it has the devices (igb came with 8.0) and the
behaviour that the tests were written for."""

import os

from cache import packages

SUITE = "trixie"
LIBRARIES = ("usr/lib/x86_64-linux-gnu", "usr/lib/x86_64-linux-gnu/pulseaudio")

# What the firmware and the kernel would wait for, each boot.
NO_USE = "sata=off,smbus=off,i8042=off,fd-bootchk=off"
# A stock kernel hangs under nested KVM on some machines where /dev/kvm opens: emulation only. Without
# rdrand mke2fs and its like wait for seconds until the kernel has found chance elsewhere.
MACHINE = ("-machine", f"q35,{NO_USE}", "-cpu", "qemu64,+rdrand", "-smp", "2",
           "-nodefaults", "-no-user-config", "-display", "none", "-no-reboot",
           # for hda-duplex
           "-audiodev", "none,id=silent")
IOMMU = ("-device", "intel-iommu,intremap=on")
# One thread for both processors: with one each, QEMU 10 loses interrupts and fails by an assertion
# (iotlb_to_section() in system/physmem.c) where devices are plugged in below the IOMMU, in every
# fifth boot of a busy machine; so in none of thirty.
EMULATION = "tcg,thread=single"
USUAL_CLOCK = ("-accel", EMULATION)
# Each instruction takes a nanosecond, regardless of what else the host does, and waiting takes no time of
# the host's: what is measured in the guest can be compared.
COUNTING_CLOCK = ("-accel", EMULATION, "-icount", "shift=0,sleep=off")
# What costs a second of each boot, and is nothing to us: the kernel's keys and its tests of ciphers.
LEFT_OUT = ("crypto_kdf108_init", "init_encrypted", "jent_mod_init", "load_system_certificate_list")
# The watchdogs measure the host's time: where that is busy they report a fault of the guest that is none.
# A guest that hangs is found by the scenario's own limit.
WATCHDOGS_OFF = "nowatchdog rcupdate.rcu_cpu_stall_suppress=1"
# Defences against speculation and pages that are zeroed twice are nothing to us either, and emulation
# makes them dear.
KERNEL_LINE = ("console=ttyS0 quiet panic=-1 intel_iommu=on no_timer_check "
               f"mitigations=off init_on_alloc=0 {WATCHDOGS_OFF} "
               f"cryptomgr.notests initcall_blacklist={','.join(LEFT_OUT)}")


def qemu_command(cache):
    """QEMU as it lies unpacked, by its own loader and with its own libraries."""
    root = packages(cache, SUITE, ("qemu-system-x86",))
    libraries = ":".join(str(root / directory) for directory in LIBRARIES)
    return [root / "usr/lib64/ld-linux-x86-64.so.2", "--library-path", libraries,
            root / "usr/bin/qemu-system-x86_64", "-L", root / "usr/share/qemu",
            "-L", root / "usr/share/seabios"]


def machine_options(kernel_image, guest, scenario, directory):
    """What the machine has: a console for the kernel, a line to talk, and the devices wanted."""
    clock = COUNTING_CLOCK if scenario.counts else USUAL_CLOCK
    options = [*MACHINE, "-m", str(scenario.memory), *(IOMMU if scenario.has_iommu else ()), *clock,
               "-kernel", kernel_image, *guest.options(),
               "-append", " ".join([KERNEL_LINE, *guest.kernel_line, *scenario.kernel_line]),
               "-serial", f"file:{directory / 'console'}",
               "-chardev", f"socket,id=talk,path={short(directory / 'talk')},server=on,wait=on",
               "-serial", "chardev:talk",
               "-qmp", f"unix:{short(directory / 'qmp')},server=on,wait=off"]
    for option in scenario.options:
        options += option
    return options


def short(path):
    """A socket's path may have 107 bytes (unix(7)); QEMU is started in its directory."""
    return os.path.basename(path)
