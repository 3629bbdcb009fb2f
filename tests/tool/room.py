# SPDX-License-Identifier: LGPL-2.1-or-later
"""A small root with the tool, the real systemd-hwdb and a made /sys, for the cases beside this file.

All of it runs in namespaces (see run.py), in which this process is root.
"""

import ctypes
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path += [str(HERE.parent / "root"), str(HERE.parent / "udev")]

# pylint: disable=wrong-import-position
from devices import VERIFY_SYSFS, MadeSys
from programs import copy_programs, program_of
from small_root import build_small_root, inside, needed_libraries
from trees import SAMPLE, make_tree
from udevd import mount_proc

TAGS = "etc/udev/hwdb.d"
# Only a tool that hangs takes so long.
SECONDS = 900

PR_CAPBSET_DROP, CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH = 24, 1, 2  # linux/prctl.h, capability.h

MLX5 = {"vendor": 0x15B3, "product": 0x101E, "pci_class": 0x020000}
MLX5_MODALIAS = "pci:v000015B3d0000101Esv00000000sd00000000bc02sc00i00"


def become_ordinary():
    """Before an exec: root without its right to pass over a file's mode."""
    libc = ctypes.CDLL(None, use_errno=True)
    for capability in (CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH):
        if libc.prctl(PR_CAPBSET_DROP, capability, 0, 0, 0):
            raise OSError(ctypes.get_errno(), "prctl")


class World:
    """The root, which is the same for all cases of a class, and what a case finds in it."""

    def __init__(self, tool):
        # pylint: disable-next=consider-using-with
        self.directory = tempfile.TemporaryDirectory(prefix="vfio-variant-tool-")
        # In memory: each case makes and removes some hundred files
        subprocess.run(["mount", "-t", "tmpfs", "tmpfs", self.directory.name], check=True)
        self.root = pathlib.Path(self.directory.name, "root")
        build_small_root(self.root, ["systemd-hwdb", "udevadm", "sh"], ["libkmod.so.2"])
        needed = needed_libraries(pathlib.Path("/"), str(tool))
        build_small_root(self.root, [], [pathlib.Path(path).name for path in needed])
        copy_programs(tool, self.root)
        self.make_modules()
        # No system is without a hwdb, and systemd-hwdb would remark on it
        shipped = self.root / "usr/lib/udev/hwdb.d"
        shipped.mkdir(parents=True)
        shutil.copy(HERE.parent.parent / "hwdb.d/60-vfio-variant.hwdb", shipped)
        for name in ("proc", "dev", "run", "etc/udev"):
            (self.root / name).mkdir(parents=True, exist_ok=True)
        (self.root / "dev/null").touch()
        self.proc = self.make_proc()
        self.programs = [self.root / "usr/bin" / name for name in ("systemd-hwdb", "udevadm")]
        self.sys = None
        self.devices = {}
        self.always = {}  # what more each program has in its environment
        self.reset()

    def close(self):
        subprocess.run(["umount", "--recursive", self.directory.name], check=True)
        self.directory.cleanup()

    def make_proc(self):
        """Returns where it is mounted."""
        mount_proc(self.root)
        return self.root / "proc"

    def make_modules(self):
        """The module directory of the running kernel."""
        make_tree(self.root, SAMPLE)

    # --- what a case begins with

    def reset(self):
        """No tags, whole programs, and the devices as they are at first."""
        for name in ("etc/udev", "sys", "run/udev"):
            shutil.rmtree(self.root / name, ignore_errors=True)
        (self.root / "etc/udev").mkdir()
        for path in self.programs:
            source = pathlib.Path("/usr/bin", path.name)
            if not path.exists() or path.stat().st_size != source.stat().st_size:
                shutil.copy(source, path)
        self.sys = MadeSys(self.root / "sys")
        self.devices = {}
        card = self.add("0000:3b:00.0", 0x15B3, 0x101D, 0x020000)
        (card.directory / "sriov_totalvfs").write_text("3\n", encoding="ascii")
        for number in (1, 2, 3):
            self.sys.link_physfn(self.add(f"0000:3b:00.{number}", **MLX5), card)
        self.add("0000:5e:00.1", **MLX5)
        self.add("0000:00:1c.0", 0x8086, 0x3420, 0x060400)

    def add(self, place, vendor, product, pci_class):
        device = self.sys.add_pci(place, vendor, product, pci_class)
        (device.directory / "driver_override").write_text("(null)\n", encoding="ascii")
        self.devices[device.sysname] = device
        return device

    def add_interface(self, name, device):
        """A network interface, whose device is a directory below the made /sys."""
        directory = device / "net" / name
        directory.mkdir(parents=True)
        (directory / "device").symlink_to("../..")
        (directory / "uevent").write_text(f"INTERFACE={name}\n", encoding="ascii")
        net = self.root / "sys/class/net"
        net.mkdir(parents=True, exist_ok=True)
        (net / name).symlink_to(os.path.relpath(directory, net))
        (directory / "subsystem").symlink_to(os.path.relpath(net, directory))

    def set_no_iommu_mode(self, value):
        """VFIO's parameter; "": the kernel has none; None: the module vfio is not loaded."""
        module = self.root / "sys/module/vfio"
        shutil.rmtree(module, ignore_errors=True)
        if value is not None:
            (module / "parameters").mkdir(parents=True)
        if value:
            parameter = module / "parameters/enable_unsafe_noiommu_mode"
            parameter.write_text(f"{value}\n", encoding="ascii")

    def bind_to(self, sysname, driver):
        """Has a driver hold the device."""
        drivers = self.root / "sys/bus/pci/drivers" / driver
        drivers.mkdir(parents=True, exist_ok=True)
        directory = self.devices[sysname].directory
        (directory / "driver").symlink_to(os.path.relpath(drivers, directory))

    def set_group(self, sysname, number):
        """The device's IOMMU group."""
        group = self.root / "sys/kernel/iommu_groups" / str(number) / "devices"
        group.mkdir(parents=True, exist_ok=True)
        directory = self.devices[sysname].directory
        (group / sysname).symlink_to(os.path.relpath(directory, group))
        (directory / "iommu_group").symlink_to(os.path.relpath(group.parent, directory))

    def write_tag(self, name, text):
        """A file of a tag, not compiled."""
        path = self.root / TAGS / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def write_hwdb(self, name, text):
        """An administrator's own file, compiled."""
        path = self.root / "etc/udev/hwdb.d" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        self.run_inside("systemd-hwdb", "update")

    def write_database(self, sysname, properties, subsystem="pci"):
        """What udevd would have kept of the device, in the format of systemd's device_update_db()."""
        directory = self.root / "run/udev/data"
        directory.mkdir(parents=True, exist_ok=True)
        lines = ["I:1", *(f"E:{name}={value}" for name, value in properties.items()), "V:1", ""]
        (directory / f"+{subsystem}:{sysname}").write_text("\n".join(lines), encoding="utf-8",
                                                        errors="surrogateescape")

    # --- what it does

    def environment(self, more=None):
        return {"PATH": "/usr/bin:/bin", **VERIFY_SYSFS, **self.always, **(more or {})}

    def run(self, *words, environment=None, stdout=subprocess.PIPE, before=None):
        """The tool, with an exit status of any kind."""
        command = [*inside(self.root), program_of(words), *words]
        return subprocess.run(command, stdout=stdout, stderr=subprocess.PIPE, check=False,
                              stdin=subprocess.DEVNULL, env=self.environment(environment),
                              timeout=SECONDS, preexec_fn=before)

    def start(self, *words):
        return subprocess.Popen([*inside(self.root), program_of(words), *words],
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                stdin=subprocess.DEVNULL, env=self.environment())

    def run_inside(self, *command):
        return subprocess.run([*inside(self.root), *command], stdout=subprocess.PIPE, check=True,
                              text=True, env=self.environment()).stdout

    # --- what came of it

    def tags(self):
        """The text of each file in the directory of tags but the administrator's, by name."""
        directory = self.root / TAGS
        if not directory.is_dir():
            return {}
        return {path.name: path.read_bytes().decode() for path in directory.iterdir()
                if path.name != "61-admin.hwdb"}

    def looked_up(self, key):
        """The properties that the compiled hwdb has for a key."""
        if not (self.root / "etc/udev/hwdb.bin").exists():
            return {}
        lines = self.run_inside("systemd-hwdb", "query", key).splitlines()
        return dict(line.split("=", 1) for line in lines)

    def tagged(self, sysname):
        """VFIO_VARIANT_BIND of a device in the compiled hwdb, by its closest key."""
        directory = self.devices[sysname].directory
        modalias = (directory / "modalias").read_text(encoding="ascii").strip()
        keys = [f"device:{sysname}:{modalias}", modalias]
        if (directory / "physfn").exists():
            keys.insert(1, f"vfs-of:{(directory / 'physfn').resolve().name}:{modalias}")
        found = (self.looked_up(f"vfio-variant:{key}").get("VFIO_VARIANT_BIND") for key in keys)
        return next((bind for bind in found if bind), "-")

    def override(self, sysname):
        return (self.devices[sysname].directory / "driver_override").read_text(encoding="ascii").strip()

    def triggered(self):
        """The devices that had an event asked for; they forget it."""
        found = []
        for sysname, device in self.devices.items():
            uevent = device.directory / "uevent"
            text = uevent.read_text(encoding="utf-8")
            if text.startswith("change"):
                found.append(sysname)
                uevent.write_text("PCI_CL" + text[len("change"):], encoding="utf-8")
        return sorted(found)
