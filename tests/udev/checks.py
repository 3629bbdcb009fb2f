# SPDX-License-Identifier: LGPL-2.1-or-later
"""One line for each check, and what a check may say of answers."""

import collections
import contextlib

PREFIX = "VFIO_VARIANT_"


class Checks:
    """Prints and counts: `with check("what is so"): ...`"""

    def __init__(self):
        self.counts = collections.Counter()

    @contextlib.contextmanager
    def __call__(self, name):
        """Whether its block goes through. An event that never ends, ends the run."""
        try:
            yield
        except TimeoutError:
            self.say(f"FAIL {name}: udevd didn't finish the event")
            raise
        except Exception as error:  # pylint: disable=broad-except
            self.say(f"FAIL {name}: {error}")
        else:
            self.say(f"ok {name}")

    def say(self, line):
        """Prints and counts a line, which may be that of another program."""
        self.counts[line.partition(" ")[0]] += 1
        print(line, flush=True)

    def close(self):
        """Prints the closing line; returns whether anything failed, or nothing was checked."""
        passed, failed = self.counts["ok"], self.counts["FAIL"]
        print(f"{passed} passed, {failed} failed")
        return failed > 0 or passed == 0


check = Checks()


def equal(found, wanted, what=""):
    """Fails unless both are the same."""
    if found != wanted:
        raise AssertionError(f"{what + ': ' if what else ''}found {found}, not {wanted}")


def ours(properties):
    """Of a device's properties those that are the project's, without their common prefix."""
    return {key[len(PREFIX):]: value for key, value in properties.items()
            if key.startswith(PREFIX)}


def others(properties):
    """All properties but the project's, and but those that differ from event to event."""
    return {key: value for key, value in properties.items()
            if not key.startswith((PREFIX, "." + PREFIX)) and key not in ("SEQNUM", "USEC_INITIALIZED")}


def lines_to_properties(text):
    """What a helper printed."""
    return dict(line.split("=", 1) for line in text.splitlines())
