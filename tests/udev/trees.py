# SPDX-License-Identifier: LGPL-2.1-or-later
"""The module trees that the helper finds in the root of a test."""

import os
import pathlib
import shutil
import sys

TREES = pathlib.Path(__file__).resolve().parent.parent / "trees"
sys.path.insert(0, str(TREES))

# pylint: disable-next=wrong-import-position
import module_tree

SAMPLE = TREES / "sample.tree"
CHANGED = pathlib.Path(__file__).resolve().parent / "changed.tree"


def make_tree(root, description, release=None):
    """Makes the module tree of the running kernel, or of a release, in root; one that is there makes
    way."""
    directory = root / "usr/lib/modules" / (release or os.uname().release)
    module_tree.make(pathlib.Path(description), directory)


def remove_tree(root, release=None):
    shutil.rmtree(root / "usr/lib/modules" / (release or os.uname().release))
