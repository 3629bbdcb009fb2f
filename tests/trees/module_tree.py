# SPDX-License-Identifier: LGPL-2.1-or-later
"""module-tree, called in this process: starting Python takes longer than making a tree."""

import importlib.machinery
import importlib.util
import pathlib

PROGRAM = pathlib.Path(__file__).resolve().with_name("module-tree")


def load():
    # The name of the program has no suffix by which Python would find it.
    loader = importlib.machinery.SourceFileLoader("module_tree_program", str(PROGRAM))
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader(loader.name, loader))
    loader.exec_module(module)
    return module


PROGRAM_CODE = load()
Wrong, make = PROGRAM_CODE.Wrong, PROGRAM_CODE.make
