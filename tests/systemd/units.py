#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The installed units, as systemd itself judges them, and what each must say: units.py BUILD UNITDIR."""

import pathlib
import shutil
import subprocess
import sys
import tempfile

# In tenths, 0 is the safest. bind@ loads modules, and looks at disks, other users' processes and other
# network namespaces: the unit says why it needs each thing that counts against it.
MOST_EXPOSED = {"vfio-variant-claim.service": 25, "vfio-variant-refresh.service": 25,
                "vfio-variant-refresh-start.service": 25,
                "vfio-variant-bind.service": 34, "vfio-variant-bind@.service": 34}

# What a unit must say; a list in any order, and no more than that. The reason stands in the unit.
BINDING = {
    "CapabilityBoundingSet": "CAP_SYS_MODULE CAP_SYS_PTRACE CAP_DAC_READ_SEARCH CAP_CHECKPOINT_RESTORE "
                             "CAP_SYS_ADMIN",
    "RestrictNamespaces": "yes\nnet",
    "RuntimeDirectory": "vfio-variant",
    "RuntimeDirectoryPreserve": "yes",
    "SystemCallFilter": "@system-service @module\n~@resources",
}
SERVICE = {
    "Type": "oneshot",
    "NoNewPrivileges": "yes",
    "ProtectSystem": "strict",
    "RestrictAddressFamilies": "AF_UNIX AF_NETLINK",
    "IPAddressDeny": "any",
    "MemoryDenyWriteExecute": "yes",
    "UMask": "0077",
}
EXPECTED = {
    "vfio-variant-claim.service": {
        **SERVICE,
        "ExecStart": "UDEV/vfio_variant_bind claim",
        "DefaultDependencies": "no",
        "After": "systemd-hwdb-update.service",
        "Before": "systemd-udev-trigger.service systemd-modules-load.service sysinit.target "
                  "shutdown.target\ndracut-cmdline.service dracut-pre-udev.service",
        "Conflicts": "shutdown.target",
        "CapabilityBoundingSet": "",
        # It fails on Debian 12, where the root file system is mounted read-only at that time.
        "PrivateDevices": None,
        "SystemCallFilter": "@system-service\n~@resources @privileged",
        "RemainAfterExit": "yes",
        "ConditionKernelCommandLine": "!vfio_variant=off\n!vfio-variant=off",
        # An initramfs image that does not get on must not keep the machine from booting.
        "TimeoutStartSec": "30",
        "TimeoutStopSec": "1",
        "RuntimeDirectory": "vfio-variant",
        "RuntimeDirectoryPreserve": "yes",
        "WantedBy": "sysinit.target",
    },
    "vfio-variant-bind.service": {
        **SERVICE, **BINDING,
        "ExecStart": "BIN/vfio-variant bind --tagged",
        "DefaultDependencies": None,
        "After": "vfio-variant-claim.service systemd-udev-trigger.service",
        "Before": "libvirtd.service virtqemud.service libvirt-guests.service",
        "ConditionKernelCommandLine": "!vfio_variant=off\n!vfio-variant=off",
        "RemainAfterExit": "yes",
        "TimeoutStartSec": "180",
        # The process that a driver keeps waiting goes on
        "KillMode": "process",
        "WantedBy": "multi-user.target",
    },
    "vfio-variant-bind@.service": {
        **SERVICE, **BINDING,
        "ExecStart": "UDEV/vfio_variant_bind bind-added %f",
        "DefaultDependencies": "no",
        "After": "systemd-udevd.service",
        "Before": "shutdown.target",
        "Conflicts": "shutdown.target",
        "RemainAfterExit": None,
        "TimeoutStartSec": "infinity",
        "KillMode": None,
        "PrivateDevices": None,
        "WantedBy": None,
    },
    "vfio-variant-refresh.service": {
        **SERVICE,
        # A change event binds nothing
        "ExecStart": "udevadm control --reload\n"
                     "udevadm trigger --action=change --subsystem-match=pci --subsystem-match=cdx",
        # What changes while it is started must not be lost
        "After": "systemd-udevd.service\nvfio-variant-refresh-start.service",
        "StartLimitIntervalSec": "0",
        "CapabilityBoundingSet": "",
        "SystemCallFilter": "@system-service\n~@resources @privileged",
        "WantedBy": None,
    },
    "vfio-variant-refresh-start.service": {
        **SERVICE,
        "ExecStart": "systemctl --no-block restart vfio-variant-refresh.service",
        "StartLimitIntervalSec": "0",
        "CapabilityBoundingSet": "",
        "SystemCallFilter": "@system-service\n~@resources @privileged",
        "WantedBy": None,
    },
    "vfio-variant-refresh.path": {"WantedBy": "paths.target",
                                  "Unit": "vfio-variant-refresh-start.service"},
}
# All that the path unit watches.
INDEX_FILES = ("modules.alias.bin", "modules.builtin.alias.bin", "modules.alias", "modules.dep.bin")
WATCHED = {*(f"{directory}/modules/%v/{name}" for directory in ("/lib", "/usr/lib") for name in INDEX_FILES),
           "/etc/systemd/hwdb/hwdb.bin", "/etc/udev/hwdb.bin",
           "/usr/lib/systemd/hwdb/hwdb.bin", "/usr/lib/udev/hwdb.bin",
           "/etc/modprobe.d", "/run/modprobe.d", "/usr/local/lib/modprobe.d", "/usr/lib/modprobe.d",
           "/lib/modprobe.d"}
LISTS = {"After", "Before", "Conflicts", "CapabilityBoundingSet", "SystemCallFilter", "WantedBy",
         "RestrictAddressFamilies"}


def run(command):
    done = subprocess.run([str(word) for word in command], text=True, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, check=False)
    return done.returncode, done.stdout


def read_unit(path):
    """{key: values, in order} of a unit's file."""
    found = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        key, is_setting, value = line.partition("=")
        if is_setting and not line.startswith("#"):
            found.setdefault(key, []).append(value)
    return found


def words(key, value):
    """A list in one order; of a filter each word with its own "~"."""
    if key not in LISTS:
        return value
    found = []
    for line in value.split("\n"):
        mark = "~" if line.startswith("~") else ""
        found += [mark + word.removeprefix("~") for word in line.split()]
    return sorted(found)


def differences(path, directories):
    """What the unit says other than the table."""
    found, wrong = read_unit(path), []
    for key, wanted in EXPECTED[path.name].items():
        said = "\n".join(found[key]) if key in found else None
        if wanted is not None:
            for word, directory in directories.items():
                wanted = wanted.replace(f"{word}/", f"{directory}/")
        if said is None or wanted is None:
            is_wrong = said != wanted
        else:
            is_wrong = words(key, said) != words(key, wanted)
        if is_wrong:
            wrong.append(f"{path.name}: {key} is {said!r}, not {wanted!r}")
    if path.suffix == ".path":
        found = set(found["PathChanged"])
        wrong += [f"{path.name}: {watched} is not watched" for watched in sorted(WATCHED - found)]
        wrong += [f"{path.name}: {watched} is watched" for watched in sorted(found - WATCHED)]
    return wrong


def find_directory(root, program):
    """Where a program was installed, as the units have it."""
    path, = root.glob(f"**/{program}")
    return f"/{path.parent.relative_to(root)}"


def instance_of(path, directory):
    """A template can only be judged by one of its instances."""
    if "@." not in path.name:
        return path
    made = directory / path.name.replace("@.", "@sys-devices-pci0000:00.")
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
    """Beside systemd's own units, which ours name, and the programs of systemd that ours run."""
    subprocess.run(["meson", "install", "-C", build, "--no-rebuild", "--quiet", "--destdir", root],
                   check=True)
    shutil.copytree(unitdir, root / unitdir.lstrip("/"), symlinks=True, dirs_exist_ok=True,
                    ignore=shutil.ignore_patterns("vfio-variant*"))
    (root / "usr/bin").mkdir(parents=True, exist_ok=True)
    for program in ("udevadm", "systemctl"):
        shutil.copy2(shutil.which(program), root / "usr/bin" / program)


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
        directories = {"BIN": find_directory(root, "bin/vfio-variant"),
                       "UDEV": find_directory(root, "vfio_variant_bind")}
        if {unit.name for unit in units} != set(EXPECTED):
            print(f"other units than expected: {units}")
            failed = True
        for unit in units:
            wrong = differences(unit, directories)
            print("\n".join(wrong) or f"{unit.name}: says what it must")
            failed = failed or bool(wrong)
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
