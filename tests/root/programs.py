# SPDX-License-Identifier: LGPL-2.1-or-later
"""The tool, and the program that rules and units start, in a root directory."""

import pathlib
import shutil

TOOL, UDEV_PROGRAM = "/usr/bin/vfio-variant", "/usr/lib/udev/vfio_variant_bind"
UDEV_COMMANDS = ("bind-added", "claim")


def copy_programs(tool, root):
    """TOOL: as it was built, and the other program beside it; an example that is run as TOOL has none."""
    built = pathlib.Path(tool)
    for path, inside in ((built, TOOL), (built.parent.parent / "vfio_variant_bind/vfio_variant_bind", UDEV_PROGRAM)):
        if path != built and not path.exists():
            continue
        (root / inside[1:]).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, root / inside[1:])


def program_of(words):
    """The one that has this command."""
    return UDEV_PROGRAM if words and words[0] in UDEV_COMMANDS else TOOL
