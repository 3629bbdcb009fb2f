# SPDX-License-Identifier: LGPL-2.1-or-later
"""A small root with the tool in it, a fake kernel for its /sys, and eight devices with equal ids.

All of it runs in namespaces (see enter() of udev/udevd.py), in which this process is root.
"""

import concurrent.futures
import itertools
import os
import pathlib
import shutil
import subprocess
import tempfile

from devices import VERIFY_SYSFS
from fake_kernel import FakeKernel
from modules import Modules
from programs import copy_programs, program_of
from small_root import build_small_root, needed_libraries
from trees import make_tree
from udevd import mount_proc

HERE = pathlib.Path(__file__).resolve().parent
# What ends a call that hangs; it says nothing of how long one takes.
SECONDS = 900
KILLED = 128 + 9
ENOUGH = 5  # what is wrong so often needs no more of it

NIC = "pci:v00008086d000010D3sv00008086sd0000A01Fbc02sc00i00"
OTHER = "pci:v00001AF4d00001041sv00001AF4sd00001100bc02sc00i00"
EQUAL = [f"0000:03:00.{number}" for number in range(8)]
ONE = EQUAL[3]

# The tagged one is one of eight with equal ids. Each has an IOMMU group of its own; each native
# driver knows several devices; the variant is a module that is not loaded yet.
WORLD = "\n".join([
    "bus pci", "bus cdx",
    "module e1000e loaded", "module other_nic loaded", "module vfio_pci", "module nic_vfio_pci",
    "driver pci e1000e module=e1000e id=pci:v00008086d000010D3*",
    "driver pci other_nic module=other_nic id=pci:v00001AF4d00001041*",
    "driver pci vfio-pci module=vfio_pci vfio-cdev id=pci:*",
    "driver pci nic_vfio_pci module=nic_vfio_pci vfio-cdev id=pci:v00008086d000010D3*",
    "driver pci stranger id=pci:v0000FFFF*",
    *(f"device pci {name} modalias={NIC} at=pci0000:00/0000:00:1c.0 group={10 + number}"
      for number, name in enumerate(EQUAL)),
    f"device pci 0000:04:00.0 modalias={OTHER} group=30",
])

# What udev keeps of a tagged device, as the rules and the helper give it.
ANSWER = {"VFIO_VARIANT_DRIVER": "nic_vfio_pci", "VFIO_VARIANT_MODULE": "nic_vfio_pci",
          "VFIO_VARIANT_FALLBACK": "vfio-pci", "VFIO_VARIANT_BIND": "1"}


class Done:
    """What a run of the tool came to."""

    def __init__(self, status, stdout, stderr, loaded):
        self.status = status
        self.stdout, self.stderr = stdout, stderr
        self.loaded = loaded  # the modules that it had the kernel load

    def __repr__(self):
        return f"status {self.status}, said {self.stdout!r} {self.stderr!r}"


class Scene:
    """The root and its kernel; as new after each reset()."""

    def __init__(self, programs, programs_inside=()):
        """programs: {"tool": path, "launch": path, "fake_kernel": path}"""
        # pylint: disable-next=consider-using-with
        self.directory = tempfile.TemporaryDirectory(prefix="vfio-variant-act-")
        # In memory: a disk would take its time over each file that is made
        subprocess.run(["mount", "-t", "tmpfs", "tmpfs", self.directory.name], check=True)
        self.root = pathlib.Path(self.directory.name, "root")
        self.programs = programs
        needed = needed_libraries(pathlib.Path("/"), str(programs["tool"]))
        build_small_root(self.root, programs_inside,
                         ["libkmod.so.2", *(pathlib.Path(path).name for path in needed)])
        copy_programs(programs["tool"], self.root)
        make_tree(self.root, HERE / "act.tree")
        for name in ("dev", "etc/udev", "proc", "run", "sys", "usr/lib/udev/hwdb.d"):
            (self.root / name).mkdir(parents=True, exist_ok=True)
        (self.root / "dev/null").touch()
        (self.root / "usr/lib/udev/hwdb.d/60-none.hwdb").write_text(
            "none:*\n NONE=1\n", encoding="ascii")
        mount_proc(self.root)
        self.kernel = FakeKernel(programs["fake_kernel"], self.root / "sys",
                                 pathlib.Path(self.directory.name, "writes"))
        self.before = {}
        self.files = set()  # for a test to keep those that were there at first
        self.reset()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        with self.kernel:
            pass
        subprocess.run(["umount", "--recursive", self.directory.name], check=True)
        self.directory.cleanup()

    def reset(self, *lines, properties=None, world=WORLD):
        """The world as it is at first, and what udev keeps of the tagged device."""
        for name in ("run/udev", "etc/udev"):
            shutil.rmtree(self.root / name, ignore_errors=True)
        (self.root / "etc/udev").mkdir()
        # The kernel's log, which the tool uses for the journal: a file that is as good
        (self.root / "dev/kmsg").write_text("", encoding="ascii")
        self.kernel.reset(world, *lines)
        self.before = self.kernel.state()
        self.keep(ONE, ANSWER if properties is None else properties)

    def keep(self, name, properties):
        """The udev database, in the format of systemd's device_update_db()."""
        directory = self.root / "run/udev/data"
        directory.mkdir(parents=True, exist_ok=True)
        text = "".join(f"E:{key}={value}\n" for key, value in properties.items())
        (directory / f"+pci:{name}").write_bytes(os.fsencode(f"I:1\n{text}V:1\n"))

    # --- running the tool

    def start(self, *words, environment=None, kill_at=0, refuse=None):
        """Starts the tool; refuse: {module: errno that loading it gives}."""
        modules = Modules(self.kernel, refuse)
        command = [self.programs["launch"], self.root, str(modules.given.fileno()), str(kill_at),
                   program_of(words), *words]
        running = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            pass_fds=[modules.given.fileno()], env={**VERIFY_SYSFS, **(environment or {}),
                                                    **sanitizer(kill_at)})
        modules.start()
        return running, modules

    @staticmethod
    def end(started):
        running, modules = started
        stdout, stderr = running.communicate(timeout=SECONDS)
        modules.stop()
        return Done(running.returncode, os.fsdecode(stdout), os.fsdecode(stderr), modules.loaded)

    def run(self, *words, **how):
        return self.end(self.start(*words, **how))

    def run_as_udev(self, properties=None, name=ONE, **how):
        """As RUN of a rule does: the environment has the device and its properties."""
        return self.run("bind-added", environment=self.as_udev(properties, name), **how)

    def as_udev(self, properties=None, name=ONE):
        link = os.readlink(self.root / "sys/bus/pci/devices" / name)
        modalias = (self.root / "sys/bus/pci/devices" / name / "modalias").read_text("ascii")
        return {"ACTION": "add", "SUBSYSTEM": "pci", "DEVPATH": link.replace("../../..", ""),
                "MODALIAS": modalias.rstrip("\n"),
                **(ANSWER if properties is None else properties)}

    def inside(self, *command):
        """Standard output of another program in the root."""
        return subprocess.run([self.programs["launch"], self.root, "0", "0", *command], check=True,
                              stdout=subprocess.PIPE, env=VERIFY_SYSFS).stdout.decode("ascii")

    def journal(self):
        return os.fsdecode((self.root / "dev/kmsg").read_bytes())

    # --- looking at what came of it

    def driver(self, name=ONE):
        return self.kernel.state()[name].driver

    def others_untouched(self, names=(ONE,)):
        """All but these are as they were, and nothing was written that named another one, nor any
        new_id; raises AssertionError. Returns what was written."""
        state = self.kernel.state()
        for name, was in self.before.items():
            if name not in names and state.get(name) != was:
                raise AssertionError(f"{name} was {was}, is {state.get(name)}")
        writes = self.kernel.writes()
        for write in writes:
            check_write(write, names)
        return writes


def check_write(write, names):
    """Does a write concern none but the devices of these names?"""
    attribute = os.path.basename(write.path)
    if attribute in ("driver_override", "uevent"):
        named = write.path.split("/")[-2]
    elif attribute in ("bind", "unbind", "drivers_probe"):
        named = write.value
    else:
        raise AssertionError(f"this must not be written: {write}")
    if named not in names or write.device.partition("#")[0] not in (*names, "-"):
        raise AssertionError(f"another device: {write}")


def sanitizer(kill_at):
    """LeakSanitizer doesn't work in a process that is traced."""
    return {"ASAN_OPTIONS": "detect_leaks=0"} if kill_at else {}


class Sample:
    """Every Nth job is done: 1 for all of them, more for a quick look."""

    step = 1


def spread(scenes, jobs, work):
    """Calls work(scene, job) for each job, as many at a time as there are scenes; False ends it.

    Raises AssertionError with what was wrong, in which job. Returns how many were done.
    """
    jobs = itertools.islice(jobs, Sample.step - 1, None, Sample.step)
    wrong, count, ended = [], 0, False

    def work_on(scene):
        nonlocal count, ended
        for job in jobs:
            try:
                ended = work(scene, job) is False or ended
            except AssertionError as error:
                wrong.append(f"{job}: {error}")
            if ended or len(wrong) >= ENOUGH:
                return
            count += 1

    with concurrent.futures.ThreadPoolExecutor(len(scenes)) as pool:
        for one in [pool.submit(work_on, scene) for scene in scenes]:
            one.result()
    if wrong:
        raise AssertionError("; ".join(wrong))
    return count
