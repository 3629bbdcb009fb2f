#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Shows that the golden table can fail: each way to alter one expectation makes one row fail.

    test_run.py HELPER TREE...     as run.py has them
"""

import pathlib
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
# The row, what to alter in it, and into what: one for each kind of expectation, in both directions.
ALTERATIONS = (
    ("mlx5", "driver    mlx5_vfio_pci", "driver    mlx5-vfio-pci"),
    ("mlx5", "module    mlx5_vfio_pci", "module    mlx5_vfio_pc"),
    ("mlx5", "    module    mlx5_vfio_pci\n", ""),
    ("mlx5", "bc*sc*i*", "bc*sc*i"),
    ("mlx5", "    fallback  vfio-pci\n", ""),
    ("mlx5", "fallback  vfio-pci", "fallback  vfio_pci"),
    ("generic", "    module", "    fallback  vfio_pci\n    module"),
    ("mlx5", "    fallback", "    says      damaged\n    fallback"),
    ("pin-unknown", "says      VFIO_VARIANT_PIN", "says      VFIO_VARIANT_PIN depmod42"),
    ("pin-unknown", "    says      VFIO_VARIANT_PIN\n", ""),
    ("folder-missing", "answer    none", "answer    error"),
    ("folder-missing-by-option", "answer    error", "answer    none"),
    ("cut-modalias", "answer    none", "driver    vfio-pci"),
    # The surroundings, not the expectation: that they reach the helper at all.
    ("pin-module", "pin       virtio_vfio_pci", "pin       qat_vfio_pci"),
    ("blacklisted-in-etc", "blacklist mlx5_vfio_pci", "blacklist qat_vfio_pci"),
    ("cmdline-module-blacklist", "nouveau,mlx5_vfio_pci", "nouveau"),
    ("usr-lib-modules", "run       usr-lib", "run       options\n    but       without modules.dep.bin"
                                             "\n    but       without modules.dep"),
    ("gone-variant", "gone mlx5_vfio_pci", "gone qat_vfio_pci"),
    ("loaded-driver", "pci:mlx5-variant", "pci:mlx5-another"),
)
# The head of the table, which a table of one row needs not.
ROW = "\nrow "


def stanza_of(table, name):
    """The text of one row."""
    stanzas = [text for text in table.split(ROW)[1:] if text.split("\n", 1)[0] == name]
    if len(stanzas) != 1:
        sys.exit(f"test_run.py: {len(stanzas)} rows are called {name}")
    return "row " + stanzas[0].split("\n# ---", 1)[0]


def run(table, arguments):
    """Runs run.py with a table; returns its exit status and its last line."""
    with tempfile.NamedTemporaryFile("w", encoding="ascii", suffix=".table") as file:
        file.write(table)
        file.flush()
        done = subprocess.run([sys.executable, HERE / "run.py", "--table", file.name, *arguments],
                              stdout=subprocess.PIPE, text=True, check=False)
    lines = done.stdout.splitlines()
    return done.returncode, lines[-1] if lines else ""


def check(table, name, old, new, arguments):
    """Whether a row passes as it is and fails altered; says so where not."""
    row = stanza_of(table, name)
    if old not in row:
        sys.exit(f"test_run.py: row {name} has no '{old}' to alter")
    as_it_is = run(row, arguments)
    if as_it_is != (0, "1 passed, 0 failed"):
        print(f"FAIL {name}: not altered, it says {as_it_is}")
        return False
    altered = run(row.replace(old, new), arguments)
    if altered != (1, "0 passed, 1 failed"):
        print(f"FAIL {name}: with '{new}' for '{old}' it says {altered}")
        return False
    return True


def main():
    table = (HERE / "choice.table").read_text(encoding="ascii")
    passed = sum(check(table, *alteration, sys.argv[1:]) for alteration in ALTERATIONS)
    print(f"{passed} passed, {len(ALTERATIONS) - passed} failed")
    sys.exit(0 if passed == len(ALTERATIONS) else 1)


if __name__ == "__main__":
    main()
