# SPDX-License-Identifier: LGPL-2.1-or-later
"""What `vfio-variant monitor` tells of the events of a real udevd: monitor.py BUILD SYSTEM SCRATCH, in
namespaces (see udevd.py)."""

import ctypes
import itertools
import json
import os
import pathlib
import re
import select
import signal
import socket
import stat
import subprocess
import sys
import time

from checks import check, equal
from trees import CHANGED, SAMPLE, make_tree
from udevd import PATIENCE, inside
from small_root import build_small_root, copy_path, needed_libraries
from world import World

HERE = pathlib.Path(__file__).resolve().parent
sys.path.append(str(HERE.parent / "machines"))

# pylint: disable-next=wrong-import-position
from outputs import violations

SCHEMA = json.loads((HERE.parent.parent / "src/vfio-variant/vfio-variant.schema.json")
                    .read_text(encoding="ascii"))
# Seconds in which a monitor that listens has told of a device; one that doesn't yet is asked again.
ONE_TRY = 0.3
# Events that no small socket has room for.
MANY = 50
SYS_PIDFD_GETFD = 438  # the same on each architecture: asm-generic/unistd.h
# A tool has its few files there.
FILES = range(3, 16)


class MonitorWorld(World):
    """The made devices, and the tool that was installed, with all that it needs."""

    def __init__(self, build, system, scratch):
        super().__init__(build, system, scratch)
        tool = next(self.root.glob("**/bin/vfio-variant"))
        self.tool = f"/{tool.relative_to(self.root)}"
        # It was built for the libraries of this machine, which may have more than the system has
        for path in needed_libraries(pathlib.Path("/"), str(self.root / self.tool.lstrip("/"))):
            try:
                build_small_root(self.root, [], [pathlib.Path(path).name], system)
            except FileNotFoundError:
                copy_path(pathlib.Path("/"), self.root, path)
        self.fresh = (self.sys.add_pci(f"0000:7e:{number // 8:02x}.{number % 8}", 0x8086, 0x10D3, 0x020000)
                      for number in itertools.count())

    def appear(self):
        """A device that was not there before, after all that was printed so far."""
        device = next(self.fresh)
        self.udevd.event("add", device)
        return device


class Monitor:
    """One that runs. Its lines come as they are, or as what JSON says."""

    def __init__(self, world, *words, stdout=subprocess.PIPE):
        self.world = world
        self.is_json = "--json" in words
        self.rest = b""
        # pylint: disable-next=consider-using-with
        self.running = subprocess.Popen(
            [*inside(world.root), world.tool, "monitor", *words], stdin=subprocess.DEVNULL,
            stdout=stdout, stderr=subprocess.PIPE, env=world.udevd.environment)

    def line(self, seconds=PATIENCE):
        """The next one; None where none comes."""
        end = time.monotonic() + seconds
        while b"\n" not in self.rest:
            if not select.select([self.running.stdout], [], [], max(0, end - time.monotonic()))[0]:
                return None
            more = os.read(self.running.stdout.fileno(), 65536)
            if not more:
                return None
            self.rest += more
        line, _, self.rest = self.rest.partition(b"\n")
        if not re.fullmatch(rb"[ -~]+", line):
            raise AssertionError(f"not printable: {line}")
        return self.parse(line) if self.is_json else line.decode()

    @staticmethod
    def parse(line):
        document = json.loads(line)
        equal(list(violations(SCHEMA, "monitor", document)), [], "what is not as in the schema")
        return document

    def is_of(self, line, device):
        return line["sysname"] == device.sysname if self.is_json else line.startswith(device.sysname)

    def wait(self):
        """Returns once it tells of what happens from now on."""
        for _ in range(int(PATIENCE / ONE_TRY)):
            device = self.world.appear()
            while (line := self.line(ONE_TRY)) is not None:
                if self.is_of(line, device):
                    return self
        raise AssertionError(f"it tells nothing: {self.running.poll()}")

    def told(self):
        """The lines up to now, but for the device that was made to see where that is."""
        device, lines = self.world.appear(), []
        while (line := self.line()) is not None:
            if self.is_of(line, device):
                return lines
            lines.append(line)
        raise AssertionError(f"it has ended: {lines}")

    def end(self, number=signal.SIGTERM):
        """Returns its exit status, and what it said on standard error."""
        self.running.send_signal(number)
        return self.ended()

    def ended(self):
        said = self.running.communicate(timeout=PATIENCE)[1]
        return self.running.returncode, said.decode()


def changes(monitor):
    """[SYSNAME, change...] of each line."""
    return [[one["sysname"], *one["changes"]] for one in monitor.told()]


def check_appears_and_goes(world, monitor):
    with check("a device that appears, and one that goes: told once"):
        device = next(world.fresh)
        world.udevd.event("add", device)
        line = monitor.line()
        equal((line["sysname"], line["changes"]), (device.sysname, ["added"]))
        equal((line["device"]["sysname"], line["device"]["driver"]), (device.sysname, None))
        equal(line["device"]["variant"]["driver"], "vfio-pci")
        for action in ("add", "change", "online"):
            world.udevd.event(action, device)
        equal(changes(monitor), [], "told of no change")
        for _ in range(2):
            world.udevd.event("remove", device)
        gone, = monitor.told()
        equal(gone, {"sysname": device.sysname, "changes": ["removed"], "device": None})
        world.udevd.event("add", device)
        equal(changes(monitor), [[device.sysname, "added"]], "it comes again")


def check_choice(world, monitor):
    function = world.functions[0]
    world.udevd.event("add", function)
    monitor.told()
    with check("a new index: told with the change event, not before"):
        make_tree(world.root, CHANGED)
        world.udevd.event("bind", function)
        equal(changes(monitor), [])
        world.udevd.event("trigger", function)
        line, = monitor.told()
        equal((line["sysname"], line["changes"]), (function.sysname, ["choice"]))
        answer = line["device"]["variant"]
        equal((answer["driver"], answer["fallback"]), ("closer_vfio_pci", "mlx5_vfio_pci"))
        world.udevd.event("trigger", function)
        equal(changes(monitor), [], "told once")
    with check("the fallback alone is another: told"):
        with world.counted.saying("echo VFIO_VARIANT_DRIVER=closer_vfio_pci\n"
                                  "echo VFIO_VARIANT_MODULE=closer_vfio_pci\n"
                                  "echo VFIO_VARIANT_FALLBACK=vfio-pci\nexit 0\n"):
            world.udevd.event("trigger", function)
        equal(changes(monitor), [[function.sysname, "choice"]])
        world.udevd.event("trigger", function)
        equal(changes(monitor), [[function.sysname, "choice"]], "and back")


def check_driver(world, monitor):
    function = world.functions[0]
    with check("another driver: told with bind and unbind"):
        for driver, action in (("mlx5_core", "bind"), (None, "unbind"), ("mlx5_vfio_pci", "bind")):
            world.set_driver(function, driver)
            world.udevd.event(action, function)
            line, = monitor.told()
            equal((line["sysname"], line["changes"]), (function.sysname, ["driver"]))
            equal(line["device"]["driver"], driver)
    with check("another driver and another choice: one line"):
        make_tree(world.root, SAMPLE)
        world.set_driver(function, None)
        world.udevd.event("trigger", function)
        equal(changes(monitor), [[function.sysname, "choice", "driver"]])


def check_others(world, monitor):
    with check("devices of other buses: not told"):
        device = world.sys.add("/devices/platform/decoy", "platform", {"MODALIAS": "platform:decoy"})
        for action in ("add", "change", "remove"):
            world.udevd.event(action, device)
        equal(changes(monitor), [])
    with check("a device of CDX: told"):
        world.udevd.event("remove", world.cdx)
        world.udevd.event("add", world.cdx)
        lines = monitor.told()
        equal([one["changes"] for one in lines], [["removed"], ["added"]])
        equal(lines[1]["device"]["variant"]["driver"], "vfio-cdx")


def check_hostile(world, monitor):
    with check("a name that moves the cursor: printed with printable characters"):
        device = world.sys.add("/devices/pci0000:00/0000:7d:00.0\x1b[2J", "pci",
                               {"PCI_CLASS": "20000", "MODALIAS": "pci:v\x1b"}, modalias="pci:v\x1b")
        world.udevd.event("add", device)
        world.udevd.event("remove", device)
        for line in monitor.told():
            equal(line["sysname"], "0000:7d:00.0?[2J")


def shrink_sockets(process):
    """Gives a process as little room for events as the kernel lets anybody have."""
    libc = ctypes.CDLL(None, use_errno=True)
    handle = os.pidfd_open(process.pid)
    opened = [libc.syscall(SYS_PIDFD_GETFD, handle, file, 0) for file in FILES]
    os.close(handle)
    for file in (one for one in opened if one >= 0):
        if stat.S_ISSOCK(os.fstat(file).st_mode):
            with socket.socket(fileno=file) as one:
                one.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1)
        else:
            os.close(file)


def check_lost(world):
    with check("more events than it could take: told, and the next ones are told again"):
        monitor = Monitor(world, "--json").wait()
        shrink_sockets(monitor.running)
        device = world.appear()
        monitor.told()
        monitor.running.send_signal(signal.SIGSTOP)
        for _ in range(MANY):
            world.udevd.event("change", device)
        monitor.running.send_signal(signal.SIGCONT)
        equal(monitor.line(), {"sysname": None, "changes": [], "device": None})
        equal(changes(monitor.wait()), [])
        status, said = monitor.end()
        equal((status, len(said.splitlines()), "events were lost" in said), (0, 1, True), said)


def check_text(world):
    monitor = Monitor(world).wait()
    with check("without --json: a line for a person"):
        function = world.functions[1]
        world.udevd.event("add", function)
        monitor.told()
        world.set_driver(function, "mlx5_core")
        world.udevd.event("bind", function)
        line, = monitor.told()
        equal(bool(re.fullmatch(rf"{function.sysname}: driver changed; current driver: mlx5_core, "
                                r"choice: mlx5_vfio_pci; \S.*", line)), True, line)
        world.udevd.event("remove", function)
        equal(monitor.told(), [f"{function.sysname}: removed"])
    with check("SIGINT (Ctrl-C) ends it, with success and without a word"):
        equal(monitor.end(signal.SIGINT), (0, ""))


def check_readers(world):
    with check("it ends by itself, with success, once no process reads it any more"):
        monitor = Monitor(world, "--json").wait()
        monitor.running.stdout.close()
        equal((monitor.running.wait(PATIENCE), monitor.running.stderr.read()), (0, b""))
    with check("the same where what it writes to is a socket, as that of the journal"):
        ours, its = socket.socketpair()
        with ours, its:
            monitor = Monitor(world, stdout=its)
            its.close()
            while not select.select([ours], [], [], ONE_TRY)[0]:
                world.appear()
            ours.recv(65536)
            ours.close()
            equal(monitor.ended(), (0, ""))
    with check("a full disk ends it, with failure and a word on why"), open("/dev/full", "wb") as full:
        monitor = Monitor(world, stdout=full)
        for _ in range(int(PATIENCE / ONE_TRY)):
            world.appear()
            if monitor.running.poll() is not None:
                break
            time.sleep(ONE_TRY)
        status, said = monitor.ended()
        equal((status, "space" in said), (1, True), said)


def check_without_udevd(world):
    world.udevd.stop()
    # Else a udevd that is to be started by it goes for one that runs
    (world.root / "run/udev/control").unlink(missing_ok=True)
    with check("no udevd: a warning, and it waits"):
        monitor = Monitor(world)
        said = monitor.running.stderr.readline()
        equal(b"no udevd runs here" in said, True, said)
        equal(monitor.end(), (0, ""))


def main():
    world = MonitorWorld(*(pathlib.Path(argument) for argument in sys.argv[1:]))
    world.udevd.start()
    monitor = Monitor(world, "--json").wait()
    for one in (check_appears_and_goes, check_choice, check_driver, check_others, check_hostile):
        one(world, monitor)
    with check("SIGTERM ends it, with success and without a word"):
        equal(monitor.end(), (0, ""))
    check_lost(world)
    check_text(world)
    check_readers(world)
    check_without_udevd(world)


if __name__ == "__main__":
    main()
