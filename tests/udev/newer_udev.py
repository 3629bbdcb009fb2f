# SPDX-License-Identifier: LGPL-2.1-or-later
"""Fetches a newer udev than the machine has, for `udevadm verify`, which came with version 254: by
apt, of a later release of the same distribution, into a directory of the build."""

import pathlib
import shlex
import sys

sys.path.append(str(pathlib.Path(__file__).resolve().parent.parent / "root"))

# pylint: disable=wrong-import-position
from apt_world import NotToBeHad, fetch
from once import make_once

# The first release of each distribution, as long-lived as can be, that has 254 or later.
SUITES = {"debian": "trixie", "ubuntu": "noble"}
# dash: the shell that the tests run scripts with.
PACKAGES = ("udev", "dash")


def fetch_udev(directory):
    """Returns a directory with the unpacked packages; what was fetched before is not fetched again."""
    name = distribution()
    return make_once(directory / "root", lambda root: fetch(directory / "apt", name, [SUITES[name]],
                                                         PACKAGES, root, ["*"]))


def distribution():
    release = pathlib.Path("/etc/os-release").read_text(encoding="utf-8")
    for line in shlex.split(release, comments=True):
        if line.startswith("ID=") and line[3:] in SUITES:
            return line[3:]
    raise NotToBeHad("`udevadm verify` needs systemd 254 or later. This machine has an older one, "
                     "and newer packages are fetched by apt on Debian and Ubuntu only: "
                     "run the tests on a newer release")
