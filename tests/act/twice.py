# SPDX-License-Identifier: LGPL-2.1-or-later
"""Two of the tool at one device at once: one waits, and both end right."""

import signal
import time

from checks import check, equal
from refusals import NATIVE, UNBIND, VARIANT, bound, wait_until
from scene import ONE, Scene

ROUNDS = 25
WAITING = b"waiting for another process that works on " + ONE.encode()


def waits(running):
    """Reads what it says until it says that it waits."""
    said = running.stderr.readline()
    if WAITING not in said:
        raise AssertionError(f"it does not wait: {said!r}")


def in_turn(scene, first_verb, second_verb, driver):
    """The first one stands at its unbind; the second one must wait until that is through."""
    first = scene.start(first_verb, ONE)
    wait_until("the first is at its unbind", lambda: scene.kernel.say("blocked") == "1")
    second = scene.start(second_verb, ONE)
    waits(second[0])
    equal((first[0].poll(), second[0].poll()), (None, None), "neither has ended")
    scene.kernel.say("go")
    equal([scene.end(first).status, scene.end(second).status], [0, 0], "exit statuses")
    equal(scene.driver(), driver)
    return scene.others_untouched()


def named(scene):
    with check("bind and bind: the second finds that all is done"):
        scene.reset(f"on write {UNBIND} 1 block")
        writes = in_turn(scene, "bind", "bind", VARIANT)
        equal([write.path.rpartition("/")[2] for write in writes],
              ["driver_override", "unbind", "drivers_probe"], "written once")
    with check("bind and unbind"):
        scene.reset(f"on write {UNBIND} 1 block")
        in_turn(scene, "bind", "unbind", NATIVE)
    with check("unbind and bind"):
        bound(scene)
        scene.kernel.say(f"on write {UNBIND} 1 block")
        in_turn(scene, "unbind", "bind", VARIANT)


def killed(scene):
    with check("the lock of one that is killed during the operation is the other's"):
        scene.reset(f"on write {UNBIND} 1 block")
        first = scene.start("bind", ONE)
        wait_until("the first is at its unbind", lambda: scene.kernel.say("blocked") == "1")
        second = scene.start("bind", ONE)
        waits(second[0])
        first[0].send_signal(signal.SIGKILL)
        scene.kernel.say("go")
        equal(scene.end(first).status, -signal.SIGKILL)
        equal((scene.end(second).status, scene.driver()), (0, VARIANT))
        scene.others_untouched()


def stuck(scene):
    """The driver does not release the device: it is said, and Ctrl-C ends the command alone."""
    with check("the driver does not release the device: said, shown, and completed after Ctrl-C"):
        scene.reset(f"on write {UNBIND} 1 block")
        first = scene.start("bind", ONE)
        wait_until("it is at its unbind", lambda: scene.kernel.say("blocked") == "1")
        said = first[0].stderr.readline().decode("ascii")
        equal(said.startswith(f"vfio-variant: pci {ONE}: waiting for its driver to release it: "
                              f"being unbound from {NATIVE} for "), True, said)
        shown = scene.run("info", ONE).stdout
        equal(f"being unbound from {NATIVE} for " in shown, True, shown)
        first[0].send_signal(signal.SIGINT)
        equal(first[0].wait(), -signal.SIGINT)
        equal(scene.kernel.say("blocked"), "1", "it still waits")
        scene.kernel.say("go")
        released = f"{ONE}: its driver has released it; current driver: {VARIANT}"
        wait_until("the journal has the result", lambda: released in scene.journal())
        scene.end(first)
        equal(scene.driver(), VARIANT)
        equal([path.name for path in (scene.root / "run/vfio-variant").iterdir()], ["lock"], "no record")


def at_once(scene):
    """Without any order, and with what is started later and later."""
    for verbs in (("bind", "bind"), ("bind", "unbind"), ("bind", "bind", "bind")):
        with check(f"{' and '.join(verbs)}, {ROUNDS} times at any moment"):
            for number in range(ROUNDS):
                scene.reset()
                started = []
                for verb in verbs:
                    started.append(scene.start(verb, ONE))
                    time.sleep(number / 1000)
                equal([scene.end(one).status for one in started], [0] * len(verbs),
                      f"round {number}: exit statuses")
                state = scene.kernel.state()[ONE]
                held = {(VARIANT, VARIANT)} | ({(NATIVE, None)} if "unbind" in verbs else set())
                if (state.driver, state.override) not in held:
                    raise AssertionError(f"round {number}: {state}")
                scene.others_untouched()


def run(programs):
    with Scene(programs) as scene:
        named(scene)
        killed(scene)
        stuck(scene)
        at_once(scene)
