# SPDX-License-Identifier: LGPL-2.1-or-later
"""Each refusal at each step: the device ends on the wanted driver, on the fallback, or where it was,
the message says which and why, and nothing else was touched."""

import collections
import errno
import os
import re
import subprocess
import time

from checks import check, equal
from scene import ANSWER, EQUAL, NIC, ONE, OTHER, SECONDS, WORLD, Scene

VARIANT, GENERIC, NATIVE = "nic_vfio_pci", "vfio-pci", "e1000e"
OVERRIDE = f"*/{ONE}/driver_override"
PROBE = "bus/pci/drivers_probe"
UNBIND = "*/drivers/*/unbind"
GIVE_BACK = "*/drivers/*/bind"
ALONE = {key: value for key, value in ANSWER.items() if key != "VFIO_VARIANT_FALLBACK"}

# Here no other device waits for the module of the native driver.
LONE_NATIVE = "other_nic"
LONE_WORLD = WORLD.replace("module other_nic loaded", "module other_nic").replace(
    f"{ONE} modalias={NIC}", f"{ONE} modalias={OTHER}").partition("\ndevice pci 0000:04:00.0")[0]

# What is ordered, and what comes of it: exit status, who holds the device, what is said.
Row = collections.namedtuple("Row", "why orders status driver says refuse properties world",
                             defaults=({}, ANSWER, WORLD))

REFUSE_BOTH = [f"refuse {VARIANT} EINVAL", f"refuse {GENERIC} ENXIO"]

BIND_ROWS = [
    Row("nothing is refused", [], 0, VARIANT, r"\A\Z"),
    Row("no fallback is named", [], 0, VARIANT, r"\A\Z", properties=ALONE),

    Row("the variant's probe refuses", [f"refuse {VARIANT} EINVAL"], 0, GENERIC,
        f"cannot bind to {VARIANT}: its probe failed.*bound to {GENERIC}"),
    Row("both probes refuse", REFUSE_BOTH, 1, NATIVE,
        f"cannot bind to {VARIANT}.*probe failed.*fallback.*probe failed.*: {NATIVE}, as before; "),
    Row("the probe refuses, and there is no fallback", [f"refuse {VARIANT} EINVAL"], 1, NATIVE,
        f"cannot bind to {VARIANT}.*probe failed.*{NATIVE}", properties=ALONE),

    Row("the fallback is not there either: the next candidate of the index", [
        f"refuse {VARIANT} EINVAL"], 0, GENERIC,
        f"cannot bind to {VARIANT}: its probe failed.*the fallback missing: .*bound to {GENERIC}",
        properties={**ANSWER, "VFIO_VARIANT_FALLBACK": "missing"}),
    Row("all candidates refuse: each is named", REFUSE_BOTH, 1, NATIVE,
        f"cannot bind to {VARIANT}: .*probe failed.*the fallback missing: .*nor to {GENERIC}: .*probe failed"
        f".*{NATIVE}", properties={**ANSWER, "VFIO_VARIANT_FALLBACK": "missing"}),

    Row("the variant's module can't be loaded", [], 0, GENERIC,
        f"cannot bind to {VARIANT}: .*module.*bound to {GENERIC}", {VARIANT: errno.ENOEXEC}),
    Row("no module can be loaded", [], 1, NATIVE, "module",
        {VARIANT: errno.ENOEXEC, "vfio_pci": errno.EPERM}),
    Row("there is no such module", [], 1, NATIVE, "No such file", properties={
        **ALONE, "VFIO_VARIANT_DRIVER": "missing", "VFIO_VARIANT_MODULE": "missing"}),
    Row("the module has no such driver", [], 0, GENERIC, f"bound to {GENERIC}", properties={
        **ANSWER, "VFIO_VARIANT_DRIVER": "missing", "VFIO_VARIANT_MODULE": "other_nic"},
        world=WORLD.replace("driver pci other_nic module=other_nic", "driver pci other_nic")),
    Row("the driver is called otherwise than its module", [], 0, "nic-vfio-pci", r"\A\Z",
        world=WORLD.replace(f"driver pci {VARIANT}", "driver pci nic-vfio-pci")),

    Row("override: fails once", [f"on write {OVERRIDE} 1 fail EIO"], 0, GENERIC,
        f"cannot bind to {VARIANT}: .*driver_override.*bound to {GENERIC}"),
    Row("override: fails each time", [f"on write {OVERRIDE} each fail EIO"], 1, NATIVE,
        "driver_override"),
    Row("override: says success and does nothing", [f"on write {OVERRIDE} each nothing"], 1, NATIVE,
        NATIVE),
    Row("override: fails the second time", [f"refuse {VARIANT} EINVAL",
                                            f"on write {OVERRIDE} 2 fail EIO"], 1, NATIVE,
        "probe failed.*driver_override"),
    Row("override: can't be cleared", [*REFUSE_BOTH, f"on write {OVERRIDE} 3 fail EIO"], 1, NATIVE,
        "probe failed"),

    Row("unbind: EBUSY once", [f"on write {UNBIND} 1 fail EBUSY"], 0, GENERIC,
        f"cannot bind to {VARIANT}: .*bound to {GENERIC}"),
    Row("unbind: EBUSY each time", [f"on write {UNBIND} each fail EBUSY"], 1, NATIVE, NATIVE),
    Row("unbind: says success and does nothing", [f"on write {UNBIND} each nothing"], 1, NATIVE,
        NATIVE),
    Row("unbind: done, but it says no", [f"on write {UNBIND} 1 late EIO"], 0, (VARIANT, GENERIC),
        ""),
    Row("unbind: takes its time", [f"on write {UNBIND} 1 wait 100"], 0, VARIANT, r"\A\Z"),

    Row("probe: EINVAL once", [f"on write {PROBE} 1 fail EINVAL"], 0, GENERIC,
        f"cannot bind to {VARIANT}: .*bound to {GENERIC}"),
    Row("probe: EINVAL each time", [f"on write {PROBE} each fail EINVAL"], 1, NATIVE, NATIVE),
    Row("probe: success and no driver binds, once", [f"on write {PROBE} 1 nothing"], 0, GENERIC,
        f"cannot bind to {VARIANT}: .*bound to {GENERIC}"),
    Row("probe: success and no driver binds, each time", [f"on write {PROBE} each nothing"], 1, NATIVE,
        NATIVE),
    Row("probe: done, but it says no", [f"on write {PROBE} 1 late EIO"], 0, (VARIANT, GENERIC), ""),
    Row("probe: the wrong driver binds, once", [f"on write {PROBE} 1 give stranger"], 0, GENERIC,
        f"cannot bind to {VARIANT}: stranger was bound instead.*bound to {GENERIC}"),
    Row("probe: the wrong driver binds, each time", [f"on write {PROBE} each give stranger"], 1,
        NATIVE, f"stranger was bound instead.*{NATIVE}"),
    Row("probe: the wrong driver binds, and doesn't let go", [
        f"on write {PROBE} 1 give stranger", "on write */stranger/unbind each fail EBUSY"], 1,
        "stranger", "current driver: stranger; "),

    Row("roll-back: bind fails once", [*REFUSE_BOTH, f"on write {GIVE_BACK} 1 fail EBUSY"], 1,
        NATIVE, f"probe failed.*{NATIVE}"),
    Row("roll-back: bind fails each time", [*REFUSE_BOTH, f"on write {GIVE_BACK} each fail EBUSY"],
        1, NATIVE, f"probe failed.*{NATIVE}"),
    Row("roll-back: the native driver refuses as well", [
        *REFUSE_BOTH, f"on write {UNBIND} 1 refuse {NATIVE} EIO"], 1, None,
        "not bound to any driver.*probe failed.*vfio-variant unbind"),
    Row("a rule had written the override, it has no driver, both refuse: a native driver comes",
        REFUSE_BOTH, 1, NATIVE, "probe failed",
        world=WORLD.replace(f"{ONE} ", f"{ONE} override={VARIANT} ")),
    Row("a rule had written the override, and the module brings the driver", [], 0, VARIANT,
        r"\A\Z", world=WORLD.replace(f"{ONE} ", f"{ONE} override={VARIANT} ")),
]

UNBIND_ROWS = [
    Row("nothing is refused", [], 0, NATIVE, r"\A\Z"),
    Row("the native driver's module is loaded", [], 0, LONE_NATIVE, r"\A\Z", world=LONE_WORLD),
    Row("the native driver's module can't be loaded", [], 1, None, "module",
        {LONE_NATIVE: errno.ENOEXEC}, world=LONE_WORLD),
    Row("the native driver refuses", [f"refuse {NATIVE} EIO"], (0, 1), None, ""),
    Row("override: can't be cleared", [f"on write {OVERRIDE} 1 fail EIO"], 1, VARIANT,
        "driver_override"),
    Row("override: says success and does nothing", [f"on write {OVERRIDE} each nothing"], 1,
        (VARIANT, None), VARIANT),
    Row("unbind: EBUSY", [f"on write {UNBIND} each fail EBUSY"], 1, VARIANT, "busy|in use|unbind"),
    Row("unbind: says success and does nothing", [f"on write {UNBIND} each nothing"], 1, VARIANT,
        VARIANT),
    Row("unbind: takes its time", [f"on write {UNBIND} 1 wait 100"], 0, NATIVE, r"\A\Z"),
    Row("probe: EINVAL", [f"on write {PROBE} each fail EINVAL"], 1, None, "prob"),
    Row("probe: success and no driver binds", [f"on write {PROBE} each nothing"], (0, 1), None, ""),
    Row("probe: the wrong driver binds", [f"on write {PROBE} each give stranger"], (0, 1), "stranger",
        ""),
]

# It vanishes, or another one comes in its place, right before the first write to each of these.
CHANGES = {
    "is pulled out": f"remove {ONE}",
    "is swapped for its like": f"swap {ONE}",
    "is swapped for another": f"swap {ONE} modalias={OTHER}",
    "is swapped for its like in another group": f"swap {ONE} group=40",
}
BIND_WRITES = {"override": OVERRIDE, "probe": PROBE}
AT_UNBIND = {"unbind": UNBIND}


def one_of(found, wanted, what):
    if found not in (wanted if isinstance(wanted, tuple) else (wanted,)):
        raise AssertionError(f"{what}: found {found}, not {wanted}")


def look(scene, row, done):
    """Is all as the row says?"""
    one_of(done.status, row.status, f"exit status of {done}")
    one_of(scene.driver(), row.driver, f"the driver after {done}")
    if not re.search(row.says, done.stderr, re.S):
        raise AssertionError(f"it does not say {row.says!r}: {done}")
    scene.others_untouched()
    if done.status == 1 and scene.kernel.state()[ONE].override in (VARIANT, GENERIC) and \
            row.driver == NATIVE and "override" not in row.why:
        raise AssertionError(f"the override stayed: {scene.kernel.state()[ONE]}")


def bind_rows(scene):
    for row in BIND_ROWS:
        with check(f"bind: {row.why}"):
            scene.reset(*row.orders, properties=row.properties, world=row.world)
            look(scene, row, scene.run("bind", ONE, refuse=row.refuse))
        with check(f"bind, as udev runs it: {row.why}"):
            scene.reset(*row.orders, world=row.world)
            done = scene.run_as_udev(row.properties, refuse=row.refuse)
            look(scene, row, done)
            if done.stderr and ONE not in scene.journal():
                raise AssertionError(f"nothing in the journal: {scene.journal()!r}")


def bound(scene, world=WORLD):
    """A world in which the device is on its variant, as bind leaves it."""
    bound_world = world.replace(f"{ONE} ", f"{ONE} override={VARIANT} ")
    scene.reset(f"load {VARIANT}", world=bound_world)
    if scene.driver() != VARIANT:
        scene.kernel.say(f"swap {ONE}")
    equal(scene.driver(), VARIANT, "before")


def unbind_rows(scene):
    for row in UNBIND_ROWS:
        with check(f"unbind: {row.why}"):
            bound(scene, row.world)
            scene.kernel.say(*row.orders)
            look(scene, row, scene.run("unbind", ONE, refuse=row.refuse))


def taken_again(scene):
    """A VFIO driver knows the device by itself: which line has it do so."""
    ids, alias = "options vfio-pci ids=10de:1,8086:10d3\n", f"alias {NIC} vfio-pci\n"
    config = scene.root / "etc/modprobe.d/guide.conf"
    config.parent.mkdir(parents=True, exist_ok=True)
    for why, lines, pattern in (
            ("ids", "# x\n" + ids, r"again: ids= in /etc/modprobe\.d/guide\.conf:2 names it for "
             r"vfio-pci; remove that, and reboot or reload"),
            ("an alias, and ids", alias + ids, r"again: ids= in /etc/modprobe\.d/guide\.conf:2 names it "
             r"for vfio-pci, and the alias in /etc/modprobe\.d/guide\.conf:1 loads vfio-pci for it, "
             r"not the native driver; remove"),
            ("ids of another", "options vfio-pci ids=8086:10d4\n", "again: it has an ID of this device "
             r"\(new_id, or ids= when it was loaded\); write that ID to remove_id of vfio-pci\n"),
            ("no line", "", "again: it has an ID of this device")):
        with check(f"unbind: a VFIO driver takes it again by {why}"):
            bound(scene)
            config.write_text(lines, encoding="ascii")
            scene.kernel.say("load vfio_pci", f"on write {PROBE} each give vfio-pci")
            done = scene.run("unbind", ONE)
            equal((done.status, scene.driver()), (1, GENERIC), f"status and driver of {done}")
            if not re.search("cannot unbind: bound to vfio-pci " + pattern, done.stderr):
                raise AssertionError(f"not {pattern!r}: {done}")
            if "log" in done.stderr:
                raise AssertionError(f"the kernel's log says nothing of it: {done}")
    with check("unbind: an alias sends its modalias to the VFIO driver, and no driver takes it"):
        bound(scene, LONE_WORLD)
        config.write_text(f"alias {OTHER} vfio-pci\n", encoding="ascii")
        done = scene.run("unbind", ONE)
        equal((done.status, scene.driver()), (0, None), f"status and driver of {done}")
        said = ("bound to no driver, because the alias in /etc/modprobe.d/guide.conf:1 loads vfio-pci for it, "
                "not the native driver")
        if said not in done.stdout:
            raise AssertionError(f"not {said!r}: {done}")
    config.unlink()


# --- it changes during the operation


def natural(modalias):
    return {NIC: NATIVE, OTHER: "other_nic"}[modalias]


def new_one_untouched(scene, modalias):
    """The device that came in its place is on its own native driver, with no override."""
    state = scene.kernel.state().get(ONE)
    if state:
        equal((state.driver, state.override), (natural(modalias), None), "the new one")


def changes(scene):
    for what, line in CHANGES.items():
        modalias = OTHER if OTHER in line else NIC
        for when, path in BIND_WRITES.items():
            with check(f"bind: it {what} at {when}"):
                scene.reset(f"on write {path} 1 {line}")
                done = scene.run("bind", ONE)
                equal(done.status, 1, f"exit status of {done}")
                new_one_untouched(scene, modalias)
                scene.others_untouched()
        with check(f"unbind: it {what} at the first write"):
            bound(scene)
            scene.kernel.say(f"on write {OVERRIDE} 1 {line}" +
                             (" override=" if "swap" in line else ""))
            done = scene.run("unbind", ONE)
            equal(done.status, 1, f"exit status of {done}")
            new_one_untouched(scene, modalias)
            scene.others_untouched()
    # Between the check and the write of a name there is only the kernel; another card is on
    # another driver, whose unbind refuses it.
    for line in (CHANGES["is pulled out"], CHANGES["is swapped for another"]):
        with check(f"bind: at the very write of its name to unbind: {line}"):
            scene.reset(f"on write {UNBIND} 1 {line}")
            done = scene.run("bind", ONE)
            equal(done.status, 1, f"exit status of {done}")
            new_one_untouched(scene, OTHER)
            scene.others_untouched()


# --- it waits


def wait_until(what, holds):
    """Polls, as long as a call may take."""
    end = time.monotonic() + SECONDS
    while not holds():
        if time.monotonic() > end:
            raise AssertionError(f"in vain: {what}")
        time.sleep(0.002)


def blocked(scene):
    for verb in ("bind", "unbind"):
        with check(f"{verb}: unbind of the driver blocks, and then goes on"):
            if verb == "bind":
                scene.reset()
            else:
                bound(scene)
            scene.kernel.say(f"on write {UNBIND} 1 block")
            started = scene.start(verb, ONE)
            wait_until("it is blocked", lambda: scene.kernel.say("blocked") == "1")
            equal(started[0].poll(), None, "it has not ended")
            scene.kernel.say("go")
            done = scene.end(started)
            equal((done.status, scene.driver()), (0, VARIANT if verb == "bind" else NATIVE))
            scene.others_untouched()


# --- the guards, as the program shows them


NO_IOMMU_MODE = "module/vfio/parameters/enable_unsafe_noiommu_mode"


def guards(scene):
    (scene.root / "mnt").mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "tmpfs", scene.root / "mnt"], check=True)
    mounted = os.stat(scene.root / "mnt").st_dev
    device = f"{os.major(mounted)}:{os.minor(mounted)}"
    disk = f"child {ONE} block nvme/nvme0/nvme0n1 dev=259:0"
    twin = EQUAL[4]
    rows = [
        ("bridge", [f"swap {ONE} header=1"], False, "bridge|header"),
        ("no IOMMU group, no-IOMMU mode on", [f"swap {ONE} group=", f"file {NO_IOMMU_MODE} Y"],
         True, "no IOMMU group"),
        ("no IOMMU group, no-IOMMU mode off", [f"swap {ONE} group=", f"file {NO_IOMMU_MODE} N"],
         False, "enable_unsafe_noiommu_mode"),
        ("no IOMMU group, no such mode", [f"swap {ONE} group=", "file module/vfio/version 0.3"],
         False, "CONFIG_VFIO_NOIOMMU"),
        ("no IOMMU group, no module vfio", [f"swap {ONE} group="], False, "vfio is not loaded"),
        ("group", [f"swap {twin} group=13"], True, f"{twin}.*{NATIVE}"),
        ("boot display", [f"swap {ONE} boot_vga=1"], True, "display|console"),
        ("in use by dm", ["directory class/block/dm-0", disk + " holders/dm-0"], False, "dm-0"),
        ("mounted", [disk.replace("259:0", device)], False, "mounted"),
    ]
    for why, lines, yields, says in rows:
        with check(f"guard: {why}"):
            scene.reset(*lines)
            before = scene.kernel.state()
            done = scene.run("bind", ONE)
            equal(done.status, 3, f"exit status of {done}")
            if not re.search(says, done.stderr):
                raise AssertionError(f"it does not say {says!r}: {done}")
            equal(scene.kernel.state(), before)
            equal(scene.kernel.writes(), [], "what was written")
        with check(f"guard and --force: {why}"):
            scene.reset(*lines)
            done = scene.run("bind", "--force", ONE)
            equal((done.status, scene.driver()), (0, VARIANT) if yields else (3, NATIVE), str(done))
            scene.others_untouched((ONE, twin) if why == "group" else (ONE,))


def native_by_name(scene):
    """--driver may name any driver; that a guest cannot use the device with it is said."""
    for driver, says in ((NATIVE, "already bound to"), (LONE_NATIVE, "bound to")):
        with check(f"bind --driver={driver}, which is not a VFIO driver"):
            scene.reset()
            done = scene.run("bind", f"--driver={driver}", ONE)
            equal((done.status, scene.driver()), (0, driver), str(done))
            if not done.stdout.startswith(f"{ONE}: {says} {driver}"):
                raise AssertionError(str(done))
            equal("is not a VFIO driver: a guest cannot use the device\n" in done.stdout, True, str(done))
            equal("/dev/vfio" in done.stdout, False, str(done))


def run(programs):
    with Scene(programs) as scene:
        bind_rows(scene)
        native_by_name(scene)
        unbind_rows(scene)
        taken_again(scene)
        changes(scene)
        blocked(scene)
        guards(scene)
