#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The picture of `list` in the README is what the tool prints on a machine beside this file:
readme.py README"""

import pathlib
import sys

HERE = pathlib.Path(__file__).resolve().parent
MACHINE = HERE / "intel-mlx5" / "list.txt"


def main():
    blocks = pathlib.Path(sys.argv[1]).read_text(encoding="utf-8").split("\n```\n")
    pictures = [block for block in blocks if block.startswith("$ vfio-variant list\n")]
    if len(pictures) != 1:
        sys.exit(f"{len(pictures)} pictures of list in {sys.argv[1]}, not one")
    said = MACHINE.read_text(encoding="ascii").split("\n\n")[0]
    if pictures[0] != said:
        sys.exit(f"{sys.argv[1]} shows\n{pictures[0]}\nand {MACHINE.name} has\n{said}")


if __name__ == "__main__":
    main()
