# SPDX-License-Identifier: LGPL-2.1-or-later
"""SIGKILL after each system call of bind, unbind, tag and untag that may change anything: what is left is
whole, and the same command run again completes it."""

import itertools
import os
import threading
import time

from checks import check
from refusals import NATIVE, VARIANT, bound
from scene import EQUAL, KILLED, NIC, ONE, WORLD, Scene, spread

TAGS = "etc/udev/hwdb.d"
HWDB = "etc/udev/hwdb.bin"
KEY = f"vfio-variant:device:{ONE}:{NIC}"
# A person's own file, and that of another tag.
OTHERS = {
    "61-local-vfio.hwdb": "# mine\nvfio-variant:pci:v0000FFFF*\n VFIO_VARIANT_BIND=0\n",
    "61-vfio-variant-device:0000:04:00.0:pci:v00001AF4d00001041%2A.hwdb":
        "# Made by `vfio-variant tag`. To remove it: vfio-variant untag 0000:04:00.0\n"
        "vfio-variant:device:0000:04:00.0:pci:v00001AF4d00001041*\n VFIO_VARIANT_BIND=1\n",
}
# That of the tag that is made and removed.
NAME = f"61-vfio-variant-device:{ONE}:pci:v00008086d000010D3%2A.hwdb"
TEXTS = {pin: f"# Made by `vfio-variant tag`. To remove it: vfio-variant untag {ONE}\n"
              f"vfio-variant:device:{ONE}:pci:v00008086d000010D3*\n VFIO_VARIANT_BIND=1\n"
              f" VFIO_VARIANT_PIN={pin}\n" for pin in ("vfio-pci", VARIANT)}
# Each device that there is costs a hundred system calls of a walk through all of them.
FEW = "\n".join(line for line in WORLD.splitlines()
                if not any(f" {name} " in line for name in EQUAL if name != ONE))
# {(content of the compiled hwdb, key): properties}
QUERIED = {}
# By the whole path: a name is looked for among all devices first.
PATH = f"/sys/bus/pci/devices/{ONE}"


def is_held_as(scene, driver, override):
    state = scene.kernel.state()[ONE]
    if (state.driver, state.override) != (driver, override):
        raise AssertionError(f"{state}")


def do(scene, *words):
    done = scene.run(*words)
    if done.status:
        raise AssertionError(f"{words} run again: {done}")


# --- a verb, what there is before it, and what must be so after it was killed


class Bind:
    """As a person runs it."""

    words = ["bind", PATH]

    @staticmethod
    def prepare(scene):
        scene.reset()

    @staticmethod
    def look(scene):
        do(scene, "bind", PATH)
        is_held_as(scene, VARIANT, VARIANT)
        scene.others_untouched()
        do(scene, "unbind", PATH)
        is_held_as(scene, NATIVE, None)


class BindFallback(Bind):
    """The variant refuses; later it doesn't."""

    @staticmethod
    def prepare(scene):
        scene.reset(f"refuse {VARIANT} EINVAL")

    @staticmethod
    def look(scene):
        scene.kernel.say(f"refuse {VARIANT} 0")
        Bind.look(scene)


class BindRefused(Bind):
    """All refuse, and it is rolled back; later they don't."""

    @staticmethod
    def prepare(scene):
        scene.reset(f"refuse {VARIANT} EINVAL", "refuse vfio-pci EINVAL")

    @staticmethod
    def look(scene):
        scene.kernel.say(f"refuse {VARIANT} 0", "refuse vfio-pci 0")
        Bind.look(scene)


class BindAsUdev(Bind):
    """As RUN of a rule does, after the rule has written its override."""

    words = ["bind-added"]

    @staticmethod
    def prepare(scene):
        scene.reset(f"file devices/pci0000:00/0000:00:1c.0/{ONE}/driver_override {VARIANT}")


class Unbind:
    words = ["unbind", PATH]

    @staticmethod
    def prepare(scene):
        bound(scene)

    @staticmethod
    def look(scene):
        Bind.look(scene)


class Tag:
    """One tag more."""

    words = ["tag", "--pin=vfio-pci", PATH]

    @staticmethod
    def prepare(scene):
        scene.reset(world=FEW)
        Files.put(scene, "tagged before", Tag.make)

    @staticmethod
    def make(scene):
        directory = scene.root / TAGS
        directory.mkdir(parents=True)
        for name, text in OTHERS.items():
            (directory / name).write_text(text, encoding="ascii")
        scene.inside("/usr/bin/systemd-hwdb", "update")

    @staticmethod
    def look(scene):
        has = files_are_whole(scene)
        database_is_whole(scene)
        do(scene, "tag", "--pin=vfio-pci", PATH)
        if files_are_whole(scene) != "vfio-pci":
            raise AssertionError(f"not tagged (before: {has})")
        equal_database(scene, "1", "vfio-pci")
        no_rest(scene)
        scene.others_untouched()


class Untag(Tag):
    """And one less."""

    words = ["untag", PATH]

    @staticmethod
    def prepare(scene):
        scene.reset(world=FEW)
        Files.put(scene, "tagged", Untag.make)

    @staticmethod
    def make(scene):
        Tag.make(scene)
        do(scene, "tag", "--pin=vfio-pci", PATH)

    @staticmethod
    def look(scene):
        files_are_whole(scene)
        database_is_whole(scene)
        do(scene, "untag", PATH)
        if files_are_whole(scene):
            raise AssertionError("not untagged")
        equal_database(scene, None, None)
        no_rest(scene)
        scene.others_untouched()


class TagAgain(Tag):
    """With another pin, in the place of the first."""

    @staticmethod
    def prepare(scene):
        scene.reset(world=FEW)
        Files.put(scene, "tagged with another pin", TagAgain.make)

    @staticmethod
    def make(scene):
        Tag.make(scene)
        do(scene, "tag", f"--pin={VARIANT}", PATH)

    @staticmethod
    def look(scene):
        if not files_are_whole(scene):
            raise AssertionError("the tag is lost")
        Tag.look(scene)


def files_are_whole(scene):
    """All other files are there, and ours, if it is there, is whole. Returns its pin, or None."""
    found = {path.name: path.read_text(encoding="ascii") for path in (scene.root / TAGS).iterdir()
             if not path.name.startswith(".")}
    ours = found.pop(NAME, None)
    if found != OTHERS:
        raise AssertionError(f"the other files are {found}")
    pins = [pin for pin, text in TEXTS.items() if text == ours]
    if ours is not None and not pins:
        raise AssertionError(f"the file is {ours!r}")
    return pins[0] if pins else None


class Files:
    """The files of tags and the compiled hwdb: made once by the real programs, then copied."""

    made = {}
    lock = threading.Lock()

    @classmethod
    def put(cls, scene, name, make):
        with cls.lock:
            if name not in cls.made:
                make(scene)
                names = [f"{TAGS}/{one}" for one in os.listdir(scene.root / TAGS)]
                cls.made[name] = {path: (scene.root / path).read_bytes() for path in [*names, HWDB]}
                return
        # In this order: the compiled file must not be older
        for path, content in cls.made[name].items():
            (scene.root / path).parent.mkdir(parents=True, exist_ok=True)
            (scene.root / path).write_bytes(content)


def looked_up(scene, key):
    """The properties of a key. The program is asked once for each content of the compiled hwdb."""
    content = (scene.root / HWDB).read_bytes()
    if (content, key) not in QUERIED:
        lines = scene.inside("/usr/bin/systemd-hwdb", "query", key).splitlines()
        QUERIED[content, key] = dict(line.split("=", 1) for line in lines)
    return QUERIED[content, key]


def database_is_whole(scene):
    """Old or new, but one of both, and readable."""
    if looked_up(scene, "vfio-variant:device:0000:04:00.0:pci:v00001AF4d00001041sv") != \
            {"VFIO_VARIANT_BIND": "1"}:
        raise AssertionError("the compiled hwdb has lost a tag")
    wanted = [{}, *({"VFIO_VARIANT_BIND": "1", "VFIO_VARIANT_PIN": pin} for pin in TEXTS)]
    if looked_up(scene, KEY) not in wanted:
        raise AssertionError(f"the compiled hwdb says {looked_up(scene, KEY)}")


def equal_database(scene, bind, pin):
    found = looked_up(scene, KEY)
    if (found.get("VFIO_VARIANT_BIND"), found.get("VFIO_VARIANT_PIN")) != (bind, pin):
        raise AssertionError(f"the compiled hwdb says {found}")


def no_rest(scene):
    found = set(os.listdir(scene.root / TAGS)) - {NAME, *OTHERS}
    if found:
        raise AssertionError(f"left: {found}")


# --- one after the other


def kill(scene, verb, number):
    """Kills it at that kill point of launch. Returns whether it came that far."""
    verb.prepare(scene)
    how = {"environment": scene.as_udev()} if "bind-added" in verb.words else {}
    done = scene.run(*verb.words, kill_at=number, **how)
    if done.status != KILLED:
        return False
    scene.others_untouched()
    verb.look(scene)
    return True


VERBS = [Bind, BindFallback, BindRefused, BindAsUdev, Unbind, Tag, TagAgain, Untag]


def run(programs):
    inside = ["systemd-hwdb", "udevadm"]
    with Scene(programs, inside) as first, Scene(programs, inside) as second:
        for verb in VERBS:
            with check(f"{' '.join(verb.words)} ({verb.__doc__ or 'back to the native driver'})"):
                start = time.monotonic()
                count = spread([first, second], itertools.count(1),
                               lambda scene, number, verb=verb: kill(scene, verb, number))
                print(f"# killed at each of {count} kill points, in "
                      f"{time.monotonic() - start:.0f} s")
