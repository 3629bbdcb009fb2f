#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The installed units, as systemd itself judges them: units.py BUILD UNITDIR."""

import pathlib
import shutil
import subprocess
import sys
import tempfile

# In tenths, 0 is the safest. bind@ loads modules, and looks at disks and other users' processes: the
# unit says why it needs each thing that counts against it.
MOST_EXPOSED = {"vfio-variant-claim.service": 25, "vfio-variant-refresh.service": 25,
                "vfio-variant-bind@.service": 30}


def run(command):
    done = subprocess.run([str(word) for word in command], text=True, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, check=False)
    return done.returncode, done.stdout


def instance_of(path, folder):
    """A template can only be judged by one of its instances."""
    if "@." not in path.name:
        return path
    made = folder / path.name.replace("@.", "@sys-devices-pci0000:00.")
    made.write_text(path.read_text(encoding="utf-8"), encoding="utf-8")
    return made


def verify(root, unit):
    """All that systemd has to say of the unit's file."""
    _, said = run(["systemd-analyze", "verify", "--man=no", f"--root={root}", unit])
    return [line for line in said.splitlines() if "vfio-variant" in line]


def expose(unit, most):
    status, said = run(["systemd-analyze", "security", "--offline=yes", "--no-pager",
                        f"--threshold={most}", unit])
    overall = [line for line in said.splitlines() if "Overall exposure" in line]
    print("\n".join(overall) or said)
    return status != 0 or not overall


def install(build, root, unitdir):
    """Beside systemd's own units, which ours name, and a udevadm, which one of ours runs."""
    subprocess.run(["meson", "install", "-C", build, "--no-rebuild", "--quiet", "--destdir", root],
                   check=True)
    shutil.copytree(unitdir, root / unitdir.lstrip("/"), symlinks=True, dirs_exist_ok=True,
                    ignore=shutil.ignore_patterns("vfio-variant*"))
    (root / "usr/bin").mkdir(parents=True, exist_ok=True)
    shutil.copy2(shutil.which("udevadm"), root / "usr/bin/udevadm")


def main():
    build, unitdir = sys.argv[1:]
    failed = False
    with tempfile.TemporaryDirectory() as scratch:
        root, made = pathlib.Path(scratch, "root"), pathlib.Path(scratch, "made")
        made.mkdir()
        install(build, root, unitdir)
        units = sorted((root / unitdir.lstrip("/")).glob("vfio-variant*"))
        if {unit.name for unit in units if unit.suffix == ".service"} != set(MOST_EXPOSED):
            print(f"other services than expected: {units}")
            failed = True
        for unit in units:
            complaints = verify(root, unit.name.replace("@.", "@x."))
            print("\n".join(complaints) or f"{unit.name}: nothing to complain of")
            failed = failed or bool(complaints)
        for unit in units:
            if unit.suffix == ".service":
                failed = expose(instance_of(unit, made), MOST_EXPOSED[unit.name]) or failed
    return failed


if __name__ == "__main__":
    sys.exit(main())
