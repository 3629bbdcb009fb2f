#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""What it costs to ask, against scanning the text index as libvirt does:

    speed.py SPEED SCAN EMPTY [--guard]

An index of 27,000 aliases, a device that udev knows, and one that it doesn't. Of a device that is
open the property must be read at least 50 times faster than the text is scanned. To open it again
takes libudev alone some 30 us. Prints times, and how many are asked a second with 1 and 2 threads.
With --guard it counts instructions instead, and fails where they are above the limit.
"""

import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path += [str(HERE.parent / name) for name in ("bench", "root", "udev")]

# pylint: disable=wrong-import-position
import cost
import trees
from devices import VERIFY_SYSFS, MadeSys
from host import make_mount_point, mount, real_place
from udevd import enter

KNOWN, UNKNOWN = "0000:00:01.0", "0000:00:02.0"
RATIO = 50
COUNT, PASSES = 2000, 9


def make(scratch):
    """Mounts the directories that the library looks into. Returns the text index and the modalias."""
    made = MadeSys(scratch / "sys")
    for sysname in (KNOWN, UNKNOWN):
        device = made.add_pci(sysname, 0x15B3, 0x101E, 0x020000)
    directory = scratch / "run/udev/data"
    directory.mkdir(parents=True)
    (directory / f"+pci:{KNOWN}").write_text(
        "I:1\nE:VFIO_VARIANT_DRIVER=mlx5_vfio_pci\nE:VFIO_VARIANT_MODULE=mlx5_vfio_pci\n"
        "E:VFIO_VARIANT_FALLBACK=vfio-pci\nV:1\n", encoding="ascii")
    tree = trees.make(scratch, "27000", trees.describe(100, 1))
    modules = scratch / "modules"
    modules.mkdir()
    (modules / os.uname().release).symlink_to(tree)
    make_mount_point(real_place("/lib/modules"), scratch)
    mount("--bind", modules, real_place("/lib/modules"))
    mount("--bind", scratch / "run", "/run")
    mount("--bind", scratch / "sys", "/sys")
    return tree / "modules.alias", (device.directory / "modalias").read_text(encoding="ascii").strip()


def run(*command):
    return subprocess.run(command, check=True, text=True, stdout=subprocess.PIPE,
                          env={**os.environ, **VERIFY_SYSFS}).stdout.split()


def ask(speed, way, sysname, threads, origin):
    """The nanoseconds that each thread's questions took, all of them together."""
    took, answer, told_origin = run(speed, way, sysname, str(COUNT), str(threads))
    if (answer, told_origin) != ("mlx5_vfio_pci", origin):
        raise RuntimeError(f"{sysname}: {answer}, origin {told_origin}")
    return int(took)


def nanoseconds(speed, way, sysname, threads, origin):
    """Of one question, in all threads together."""
    took = statistics.median(ask(speed, way, sysname, threads, origin) for _ in range(PASSES))
    return took / COUNT / threads


def instructions_of(*command):
    return cost.instructions(command, {**os.environ, **VERIFY_SYSFS})


def guard(speed, scan, empty, text, modalias):
    """Whether the scan takes enough instructions more than one question to an open device."""
    ask(speed, "kept", KNOWN, 1, "0")
    scanned = instructions_of(scan, text, modalias) - instructions_of(empty)
    one, many = (instructions_of(speed, "kept", KNOWN, str(count), "1") for count in (1, COUNT + 1))
    read = (many - one) / COUNT
    print(f"scan of {text.stat().st_size:,} bytes of text: {scanned:,} instructions; property of "
          f"an open device: {read:,.0f}, {scanned / read:,.0f} times fewer, at least {RATIO} wanted")
    return scanned >= RATIO * read


def scan_nanoseconds(scan, empty, text, modalias):
    """Without what a program costs at all. Each is run in turn with the other."""
    times = {scan: [], empty: []}
    for _ in range(40):
        for command in ([scan, text, modalias], [empty]):
            begin = time.perf_counter_ns()
            run(*command)
            times[command[0]].append(time.perf_counter_ns() - begin)
    return statistics.median(times[scan]) - statistics.median(times[empty])


def measure(speed, scan, empty, text, modalias):
    """Prints times, and asserts nothing of them."""
    scanned = scan_nanoseconds(scan, empty, text, modalias)
    read = nanoseconds(speed, "kept", KNOWN, 1, "0")
    opened = nanoseconds(speed, "new", KNOWN, 1, "0")
    print(f"scan of {text.stat().st_size:,} bytes of text: {scanned / 1000:,.0f} us")
    print(f"property of an open device: {read / 1000:,.2f} us, {scanned / read:,.0f} times faster")
    print(f"the device opened, asked and closed: {opened / 1000:,.1f} us, "
          f"{scanned / opened:,.0f} times faster")
    for name, sysname, origin in (("property", KNOWN, "0"), ("lookup", UNKNOWN, "1")):
        for threads in (1, 2):
            ns = nanoseconds(speed, "new", sysname, threads, origin)
            print(f"by {name}, {threads} thread{'s'[:threads - 1]}: {1e9 / ns:,.0f} a second")


def main():
    if sys.argv[1] != "--inside":
        command = enter(pathlib.Path(__file__).resolve(), "--inside", *sys.argv[1:])
        os.execvp(command[0], command)
    programs = [pathlib.Path(path).resolve() for path in sys.argv[2:5]]
    with tempfile.TemporaryDirectory(prefix="library-speed-") as directory:
        text, modalias = make(pathlib.Path(directory))
        if run(programs[1], text, modalias) != ["mlx5_vfio_pci"]:
            raise RuntimeError("the scan does not find the variant driver")
        if sys.argv[5:] == ["--guard"]:
            sys.exit(not guard(*programs, text, modalias))
        measure(*programs, text, modalias)


if __name__ == "__main__":
    main()
