#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The rules and the hwdb file under a real systemd-udevd: run.py [--system DIR] BUILD_DIR

Runs real.py (this machine's PCI devices), made.py (devices of a directory that looks like /sys),
tags.py (the same, with an admin's hwdb records), precedence.py (which record wins), act.py (those that
are bound), monitor.py (what the tool tells of them) and verify.py (`udevadm verify`), each in namespaces and a root of its own, as root or as an ordinary user. Prints one line for each check.

Where this machine's udev is older than 254 and has no verify, all is done once more with a newer
one, which is fetched into BUILD_DIR. DIR: take udev from this directory of unpacked packages instead.
"""

import argparse
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

from checks import check, equal
from devices import real_devices
from newer_udev import fetch_udev
from udevd import NAMESPACES, enter, inside

HERE = pathlib.Path(__file__).resolve().parent
PARTS = ("real.py", "made.py", "tags.py", "precedence.py", "act.py", "monitor.py")
VERIFY_SINCE = 254
NEEDED = {"unshare": "util-linux", "mount": "util-linux", "meson": "meson", "depmod": "kmod",
          "udevadm": "udev", "systemd-hwdb": "udev"}
UDEV_FILES = ("run/udev/data/+pci:*", "run/udev/data/+cdx:*", "etc/udev/**/*",
              "usr/lib/udev/hwdb.bin", "lib/udev/hwdb.bin")


# --- what must stay as it is


def host_state():
    """All that a mistake of these tests could change outside: udev's files, and who drives what."""
    files = [path for pattern in UDEV_FILES for path in pathlib.Path("/").glob(pattern)]
    state = {path: (path.lstat().st_mtime_ns, path.lstat().st_size) for path in files}
    for device in real_devices() + real_devices("cdx"):
        for name in ("driver", "driver_override"):
            path = device.directory / name
            state[path] = str(path.resolve()) if path.is_symlink() else read(path)
    return state


def read(path):
    return path.read_text(encoding="utf-8") if path.exists() else None


# --- runs


def what_is_missing():
    """What these tests can't do without, a line each."""
    path = os.environ.get("PATH", os.defpath) + ":/usr/sbin:/sbin"
    missing = [f"{program} is missing: install {package}" for program, package in NEEDED.items()
               if not shutil.which(program, path=path)]
    if not missing and subprocess.run([*NAMESPACES, "true"], check=False).returncode:
        missing.append("no namespaces for this user here: run as root, or outside the container")
    return missing


def udev_version(system):
    words = subprocess.run([*inside(system), "udevadm", "--version"], stdout=subprocess.PIPE,
                           stderr=subprocess.DEVNULL, text=True, check=True).stdout
    return int(words.split()[0].partition(".")[0])


def run_all(build, system):
    """Runs all parts with the udev of a system, and returns its version."""
    version = udev_version(system)
    print(f"# udev {version}", flush=True)
    verify = ["verify.py"] if version >= VERIFY_SINCE else []
    for part in [*verify, *PARTS]:
        run_part(part, build, system)
    return version


def run_part(part, build, system):
    """Runs one program in namespaces, and passes its lines on."""
    with tempfile.TemporaryDirectory(prefix="vfio-variant-udev-") as scratch:
        with subprocess.Popen(enter(HERE / part, build, system, scratch), text=True,
                              stdout=subprocess.PIPE) as running:
            for line in running.stdout:
                check.say(line.rstrip("\n"))
        with check(f"{part}: went to its end"):
            equal(running.returncode, 0, show_logs(scratch, running.returncode))


def show_logs(scratch, failed):
    logs = [log.read_text(errors="replace").splitlines()[-20:]
            for log in pathlib.Path(scratch).rglob("udevd.log") if failed]
    return "\n".join(["its exit", *(line for log in logs for line in ["udevd said last:", *log])])


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--system", type=pathlib.Path, default=pathlib.Path("/"))
    parser.add_argument("build", type=pathlib.Path)
    arguments = parser.parse_args()
    missing = what_is_missing()
    if missing:
        sys.exit("\n".join(missing))
    build = arguments.build.resolve()
    before = host_state()
    if run_all(build, arguments.system.resolve()) < VERIFY_SINCE:
        with check("udevadm verify and all the rest, with a newer udev too"):
            run_all(build, fetch_udev(build / "tests/udev/newer"))
    with check("nothing of this machine's own udev state, nor any driver, has changed"):
        equal(host_state(), before)
    sys.exit(check.close())


if __name__ == "__main__":
    main()
