# SPDX-License-Identifier: LGPL-2.1-or-later
"""After a removal of the package no kernel's initramfs image reserves devices. initramfs-tools makes the images,
with small trees of modules."""

import re
import subprocess
import sys

import sources
from cycle import KEY, TAG, TOOL, expect

# Two with a tag, and one without. That is the one that update-initramfs chooses by itself.
OLD, MIDDLE, NEWEST = KERNELS = "6.1.0-1-test", "6.12.0-1-test", "7.2.0-1-test"
# These must stay: without a tag, of a kernel that was removed, and a backup as initramfs-tools makes it.
UNTOUCHED = (NEWEST, "6.0.0-1-test", f"{OLD}.bak")

OURS = "70-vfio-variant-claim.rules"
UPDATES = "etc/initramfs-tools/update-initramfs.conf"
# This ignores update_initramfs=no.
COMMAND = "update-initramfs -c -k"
POSTRM = f"/var/lib/dpkg/info/{TOOL}.postrm"


def image(system, kernel):
    return system.root / f"boot/initrd.img-{kernel}"


def has_ours(system, kernel):
    return OURS in system.run("lsinitramfs", f"/boot/initrd.img-{kernel}")


def state(system, kernels):
    return {kernel: (image(system, kernel).stat().st_ino, image(system, kernel).stat().st_mtime_ns)
            for kernel in kernels}


def write(system, name, line):
    (system.root / name).write_text(f"{line}\n", encoding="ascii")


def named(printed):
    """The images that the script names, each with a command."""
    return dict(re.findall(r"(?m)^vfio-variant: /boot/initrd\.img-(\S+) may still reserve .*: (.*?)\r?$", printed))


# --- the steps; each depends on those before it


def make(system):
    (system.root / TAG).unlink()
    system.apt("install", "--no-install-recommends", "initramfs-tools")
    write(system, UPDATES, "update_initramfs=no")
    printed = system.apt("install", system.archives[TOOL])
    expect("Processing triggers for initramfs-tools" in printed, f"the package activates no trigger\n{printed}")
    for kernel in KERNELS:
        subprocess.run([sys.executable, "-B", sources.ROOT / "tests/trees/module-tree",
                        sources.ROOT / "tests/trees/sample.tree", system.root / "lib/modules" / kernel], check=True)
        write(system, f"boot/vmlinuz-{kernel}", "")
        write(system, f"boot/config-{kernel}", "CONFIG_RD_GZIP=y") # Debian 12 requires it
    write(system, "etc/initramfs-tools/conf.d/test", "MODULES=list\nCOMPRESSLEVEL=1")
    tag_all(system)
    system.run("vfio-variant", "untag", f"--modalias={KEY}")
    system.run(*COMMAND.split(), NEWEST)
    expect(not has_ours(system, NEWEST), "the image has a tag")
    system.run("vfio-variant", "tag", f"--modalias={KEY}")
    # An image takes some seconds: these are copies.
    for kernel in UNTOUCHED[1:]:
        image(system, kernel).write_bytes(image(system, OLD).read_bytes())


def tag_all(system):
    """The tool makes the images of all kernels, although updates are disabled and there is none yet."""
    printed = system.run("vfio-variant", "tag", "--initramfs", f"--modalias={KEY}")
    # The kernel that runs here is not one of them
    expect("`update-initramfs -c -k all` succeeded, but no initramfs image of the running kernel" in printed, printed)
    expect(all(has_ours(system, kernel) for kernel in KERNELS), f"an image has no tag\n{printed}")


def remove(system):
    """An image that cannot be made again prevents neither the removal nor the other images."""
    write(system, UPDATES, "update_initramfs=yes")
    in_the_way = system.root / f"boot/initrd.img-{OLD}.new"
    in_the_way.mkdir()
    before = state(system, (OLD, *UNTOUCHED))
    printed = system.apt("remove", TOOL)
    in_the_way.rmdir()
    expect(not has_ours(system, MIDDLE), f"the image of {MIDDLE} still reserves devices\n{printed}")
    expect(state(system, before) == before, f"another image was made again\n{printed}")
    expect(named(printed) == {OLD: f"{COMMAND} {OLD}"}, f"the removal does not name the image, or others\n{printed}")


def disabled(system):
    """The administrator's configuration is respected."""
    write(system, UPDATES, "update_initramfs=no")
    before = state(system, (*KERNELS, *UNTOUCHED))
    printed = system.run(POSTRM, "remove")
    expect(state(system, before) == before, f"an image was made again\n{printed}")
    expect(named(printed) == {OLD: f"{COMMAND} {OLD}"}, printed)


def missing(system):
    """Without the tools, nothing is known of an image."""
    paths = [system.root / "usr" / name for name in ("bin/lsinitramfs", "sbin/update-initramfs")]
    for path in paths:
        path.rename(f"{path}.away")
    printed = system.run(POSTRM, "remove")
    for path in paths:
        path.with_name(f"{path.name}.away").rename(path)
    expect(set(named(printed)) == set(KERNELS), printed)


def others(system):
    """No other action makes an image again."""
    write(system, UPDATES, "update_initramfs=yes")
    image(system, OLD).write_bytes(image(system, f"{OLD}.bak").read_bytes())
    before = state(system, KERNELS)
    for action in ("upgrade", "failed-upgrade", "disappear", "abort-install", "abort-upgrade", "purge"):
        system.run(POSTRM, action, "1")
    expect(state(system, before) == before, "an image was made again")


STEPS = (make, remove, disabled, missing, others)


def try_images(system):
    for step in STEPS:
        print(f"--- images: {step.__name__}", flush=True)
        step(system)
