# SPDX-License-Identifier: LGPL-2.1-or-later
"""The device is replaced at a random moment, a thousand times: no wrong one is ever touched.

A step is a check that the device is the one that was opened, and the write that names it, right
after it. Between these two there is no request, and the kernel has no way to name a device otherwise:
there a card of another kind comes, whose driver's own unbind refuses; at all other moments one that
is equal in each character.
"""

import collections
import random

from checks import check
from refusals import NATIVE, VARIANT, bound
from scene import NIC, ONE, OTHER, Scene, spread

COUNT = 1000
SEED = 20261125
PATH = f"/sys/bus/pci/devices/{ONE}"
VERBS = ("bind", "bind-added", "unbind")
REFUSALS = ([], [f"refuse {VARIANT} EINVAL"],
            [f"refuse {VARIANT} EINVAL", "refuse vfio-pci EINVAL"])
LIKE, OTHER_CARD, GONE, TWICE = "its like", "another card", "nothing", "its like, twice"

# What holds a device that has not been changed, and what may hold one that the verb was through with.
UNTOUCHED = {NIC: (NATIVE, None), OTHER: ("other_nic", None)}


def prepare(scene, verb, refusals):
    if verb == "unbind":
        bound(scene)
    else:
        scene.reset()
    scene.kernel.say(*refusals)


def run_verb(scene, verb, orders=()):
    """Under orders that count from its first request on: it alone makes any."""
    words, environment = [verb, PATH], None
    if verb == "bind-added":
        words, environment = [verb], scene.as_udev()
    scene.kernel.say(*orders)
    return scene.run(*words, environment=environment)


class Race:
    """One of them; told in a message, it can be run again."""

    def __init__(self, chance, lengths):
        self.verb = chance.choice(VERBS)
        self.refusals = chance.choice(REFUSALS) if self.verb != "unbind" else []
        self.what = chance.choice((LIKE, LIKE, LIKE, OTHER_CARD, OTHER_CARD, GONE, TWICE))
        requests, steps = lengths[self.verb, len(self.refusals)]
        if self.what in (LIKE, TWICE):
            self.on, length = "step", steps
        else:
            self.on, length = "request", requests
        self.came_to = None  # the number of writes to the first device, once it was run
        self.number = chance.randint(1, length)
        self.again = chance.randint(self.number, length)

    def __repr__(self):
        return f"{self.verb} {self.refusals}, {self.what} at {self.on} {self.number}/{self.again}"

    def key(self):
        return self.verb, len(self.refusals), *self.order()

    def order(self):
        swap = f"on {self.on} {{}} swap {ONE} override="
        if self.what == OTHER_CARD:
            return [swap.format(self.number) + f" modalias={OTHER}"]
        if self.what == GONE:
            return [f"on request {self.number} remove {ONE}"]
        orders = [swap.format(self.number)]
        return orders + ([swap.format(self.again)] if self.what == TWICE else [])


def serial_of(device):
    return int(device.partition("#")[2])


def run_race(scene, race):
    prepare(scene, race.verb, race.refusals)
    old = scene.kernel.state()[ONE].serial
    scene.kernel.writes()
    done = run_verb(scene, race.verb, race.order())
    if done.status not in (0, 1):
        raise AssertionError(str(done))
    state = scene.kernel.state().get(ONE)
    writes = [write.device for write in scene.others_untouched() if write.device != "-"]
    touched = set(writes)
    # All that was done was done to one and the same, be it the one that was there first or, where
    # the tool came later, the next.
    if len(touched) > 1:
        raise AssertionError(f"several were touched: {touched}, {done}")
    race.came_to = sum(serial_of(device) == old for device in writes)
    if not state or state.serial == old:
        return
    if f"{ONE}#{state.serial}" not in touched and \
            (state.driver, state.override) != UNTOUCHED[OTHER if race.what == OTHER_CARD else NIC]:
        raise AssertionError(f"the new one is {state}, {done}")


def run_late_event(scene, number):
    """The event was of another card than the one that sits there when the tool comes."""
    scene.reset()
    run_verb(scene, "bind-added", [f"on request {number} swap {ONE} modalias={OTHER}"])
    state = scene.kernel.state()[ONE]
    if (state.driver, state.override) != UNTOUCHED[OTHER]:
        raise AssertionError(f"the new one is {state}")
    scene.others_untouched()


def measure(scene):
    """{(verb, number of refusals): (requests, steps)} of a run that nothing disturbs."""
    lengths = {}
    for verb in VERBS:
        for refusals in REFUSALS:
            prepare(scene, verb, refusals)
            before = scene.kernel.count()
            run_verb(scene, verb)
            after = scene.kernel.count()
            lengths[verb, len(refusals)] = tuple(b - a for a, b in zip(before, after))
    return lengths


def run(programs):
    chance = random.Random(SEED)
    with Scene(programs) as first, Scene(programs) as second:
        lengths = measure(first)
        # Equal ones have the same result: orders count requests, not time.
        races = list({race.key(): race for race in (Race(chance, lengths) for _ in range(COUNT))}.values())
        with check("the event was of another card"):
            spread([first, second], range(1, 40), run_late_event)
        with check(f"{COUNT} random races (seed {SEED}), {len(races)} of them different: 0 wrong devices touched"):
            count = spread([first, second], races, run_race)
            came_to = collections.Counter(race.came_to for race in races if race.came_to is not None)
            print("# so many had written so often to the first:", sorted(came_to.items()))
            # Otherwise they were not in the middle of a change
            if min(came_to[number] for number in range(4)) < count // 100:
                raise AssertionError("the races are too much alike")
