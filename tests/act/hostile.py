# SPDX-License-Identifier: LGPL-2.1-or-later
"""Hostile values wherever one can come from: properties in the environment as RUN of a rule gives
them, the udev database, hwdb, sysfs, arguments. Refused or dropped, and nothing else is written."""

import itertools
import os
import re
import time

from checks import check
from fake_kernel import word
from refusals import NATIVE, VARIANT
from scene import ANSWER, NIC, ONE, WORLD, Scene, spread

VALUES = [
    b"vfio-pci\nVFIO_VARIANT_BIND=force", b"vfio-pci\nDEVPATH=/devices/x", b"\n", b"\nvfio-pci",
    b"vfio-pci\n", b"vfio-pci\r\n", b"1\n", b"force\nx", b"$env{DEVPATH}", b"$kernel", b"%p", b"%s%n",
    b"%%", b"%", b'"', b"'", b'vfio-pci"', b'", RUN+="/bin/sh', b"a b", b" vfio-pci", b"vfio-pci ",
    b"a\tb", b"../../../etc/passwd", b"..", b".", b"../vfio-pci", b"vfio-pci/../e1000e", b"/", b"//",
    b"/etc/passwd", b"/sys/../etc/passwd", b"/sys/devices/../../etc", b"\x01", b"\x1b[2J\x1b[H",
    b"\x7f", b"\x08\x08", b"\xff\xfe", b"\xc3\x28", "vf\u00efo-pci".encode(), b"\xe2\x80\xae",
    b"\xed\xa0\x80", b"A" * 55, b"A" * 56, b"A" * 255, b"A" * 256, b"A" * 4096, b"A" * 65536,
    b"../" * 20000, b"\n" * 4096, b"", b" ", b";reboot", b"`id`", b"$(id)", b"|id", b"&", b"*", b"?",
    b"[a-z]*", b"[", b"[!", b"\\", b"\\x2e\\x2e", b"#", b"vfio-pci#", b"=", b"KEY=value", b",", b"@",
    b"(null)", b"{}", b"-", b"--", b"--force", b"-x", b"0", b"01", b"2", b"FORCE", b"true", b"-1",
    b"4294967296", b"VFIO_VARIANT_BIND=1", b"bind", b"unbind", b"new_id", b"uevent", b"e1000e/unbind",
]
KEYS = ["VFIO_VARIANT_DRIVER", "VFIO_VARIANT_MODULE", "VFIO_VARIANT_FALLBACK", "VFIO_VARIANT_PIN",
        "VFIO_VARIANT_BIND", "DEVPATH", "SUBSYSTEM"]
DATABASE_KEYS = KEYS[:5]
ARGUMENTS = [["bind", b"%s"], ["bind", b"--driver=%s", ONE], ["unbind", b"%s"], ["tag", b"%s"],
             ["tag", b"--modalias=%s"], ["tag", b"--pin=%s", ONE], ["tag", b"--vfs-of=%s"],
             ["untag", b"%s"], ["untag", b"--modalias=%s"], ["untag", b"--vfs-of=%s"], [b"%s"],
             ["bind", "--tagged", b"%s"], ["bind-added", b"%s"]]
SYSFS_PLACES = ("modalias", "whole modalias", "override", "driver", "group")
SYSFS_VERBS = [["bind", ONE], ["unbind", ONE], ["tag", ONE], ["untag", ONE]]

HWDB = "etc/udev/hwdb.bin"
RECORD = "etc/udev/hwdb.d/70-hostile.hwdb"
LOCK = "run/vfio-variant/lock"
# What the name of a file of a tag may be, and all that a line of it may be.
TAG_NAME = re.compile(r"etc/udev/hwdb\.d/61-vfio-variant-[0-9A-Za-z:._%-]+\.hwdb")
TAG_LINE = re.compile(r"|#[ -~]*|vfio-variant:[!-~]+|"
                      r" VFIO_VARIANT_(BIND=(1|force)|PIN=[A-Za-z0-9_.+-]{1,55})")
PRINTED = re.compile(r"([ -~]*\n)*")
NAMED = re.compile(r"((vfio-variant: |Usage: |  )[ -~]*\n|Try '(vfio-variant|vfio_variant_bind) --help' for more information\.\n)*"
                   r"(No device is tagged\.\n)?")
JOURNAL = re.compile(r"(<2[789]>vfio-variant: [ -~]*\n)*")
# What a driver_override may become: a driver that there is, or nothing.
OVERRIDES = {VARIANT, "vfio-pci", NATIVE, "other_nic", "stranger", "\\x0a"}


def files_of(scene):
    """All files of the root but those that are no part of it."""
    found, top = set(), len(str(scene.root)) + 1
    for directory, directories, names in os.walk(scene.root):
        if directory == str(scene.root):
            directories[:] = [name for name in directories if name not in ("proc", "sys", "mnt")]
        found |= {f"{directory}/{name}"[top:] for name in names}
    return found


def must_match(pattern, text, what):
    if not pattern.fullmatch(text):
        raise AssertionError(f"{what}: {text[:400]!r}")


def look(scene, done):
    """Nothing was written that may not be, and it ended as a program does."""
    if done.status not in (0, 1, 2, 3):
        raise AssertionError(f"exit status {done.status}: {str(done)[:400]}")
    must_match(NAMED, done.stderr, "it said")
    must_match(PRINTED, done.stdout, "it printed")
    must_match(JOURNAL, scene.journal(), "the journal")
    for write in scene.others_untouched():
        if write.path.endswith("driver_override") and write.value not in OVERRIDES:
            raise AssertionError(f"the override {write.value}")
    new = files_of(scene) - scene.files - {HWDB, RECORD, LOCK}
    tags = {path for path in new if TAG_NAME.fullmatch(path)}
    if new - tags:
        raise AssertionError(f"files: {new - tags}")
    for path in tags:
        for line in (scene.root / path).read_text("utf-8", "surrogateescape").split("\n"):
            must_match(TAG_LINE, line, "a line of the tags")


class Case:
    """A value at one place."""

    def __init__(self, place, value):
        self.place, self.value = place, value

    def __repr__(self):
        return f"{type(self).__name__} {self.place} {self.value[:60]!r}"


class Environment(Case):
    def run(self, scene):
        scene.reset()
        environment = scene.as_udev()
        environment[self.place] = self.value
        return scene.run("bind-added", environment=environment)


class Database(Case):
    """What udev keeps of the device: a line, so a newline in it begins the next one."""

    def run(self, scene):
        scene.reset(properties={**ANSWER, self.place: os.fsdecode(self.value)})
        return scene.run("bind-added", ONE)


class Argument(Case):
    def run(self, scene):
        scene.reset()
        return scene.run(*(part.replace(b"%s", self.value) if isinstance(part, bytes) else part
                           for part in self.place))


class Sysfs(Case):
    """The modalias of the device, or of the name of its current driver, is not what it should
    be. PAGE_SIZE bounds what the kernel shows."""

    def run(self, scene):
        scene.reset(properties={}, world=self.world())
        return scene.run(*self.place[1])

    def world(self):
        what, value = self.place[0], word(self.value[:4000])
        if what == "modalias":
            return WORLD.replace(f"{ONE} modalias={NIC}", f"{ONE} modalias=pci:{value}")
        if what == "whole modalias":
            return WORLD.replace(f"{ONE} modalias={NIC}", f"{ONE} modalias={value}")
        if what == "override":
            return WORLD.replace(f"{ONE} ", f"{ONE} override={value} ")
        name = word(self.value[:200].replace(b"/", b"!")) or "x"
        if what == "driver":
            native = f"{NATIVE} module={NATIVE}"
            return WORLD.replace(f"driver pci {native}", f"driver pci {name} module={NATIVE}")
        return WORLD.replace("group=13", f"group={name}")


class Hwdb(Case):
    """An administrator's record, as systemd-hwdb compiles it: a line at most."""

    def run(self, scene):
        scene.reset(properties={}, world=WORLD.replace(f"{ONE} ", f"{ONE} unbound "))
        directory = scene.root / "etc/udev/hwdb.d"
        directory.mkdir()
        value = self.value.replace(b"\n", b" ")
        record = {"VFIO_VARIANT_BIND": b"1", self.place: value}
        text = b"".join(b" %s=%s\n" % (key.encode(), record[key]) for key in sorted(record))
        (scene.root / RECORD).write_bytes(b"vfio-variant:device:%s:*\n%s" % (ONE.encode(), text))
        scene.inside("/usr/bin/systemd-hwdb", "update")
        return scene.run("claim")


def cases():
    # Each value at each place in sysfs, and each verb at each place, but not all verbs for all
    verbs = itertools.cycle(SYSFS_VERBS)
    for value in VALUES:
        yield from (Environment(key, value) for key in KEYS)
        yield from (Database(key, value) for key in DATABASE_KEYS)
        yield from (Argument(place, value) for place in ARGUMENTS)
        yield from (Sysfs((what, next(verbs)), value) for what in SYSFS_PLACES)
        yield from (Hwdb(key, value) for key in ("VFIO_VARIANT_PIN", "VFIO_VARIANT_BIND"))


def run_case(scene, case):
    look(scene, case.run(scene))


def run(programs):
    inside = ["systemd-hwdb", "udevadm"]
    with Scene(programs, inside) as first, Scene(programs, inside) as second:
        for scene in (first, second):
            scene.files = files_of(scene)
        for kind in (Environment, Database, Argument, Sysfs, Hwdb):
            with check(f"{len(VALUES)} hostile values: {kind.__name__}"):
                start = time.monotonic()
                count = spread([first, second],
                               [case for case in cases() if isinstance(case, kind)], run_case)
                print(f"# {count} cases in {time.monotonic() - start:.0f} s")
