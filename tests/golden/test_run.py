#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Shows that the golden table can fail: each way to alter one expectation makes one row fail.

    test_run.py HELPER TREE...     as run.py has them
"""

import contextlib
import io
import pathlib
import subprocess
import sys
import tempfile

import run

HERE = run.HERE
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
    ("directory-missing", "answer    unknown", "answer    error"),
    ("directory-missing", "answer    unknown", "answer    none"),
    ("cut-modalias", "answer    none", "answer    unknown"),
    ("directory-missing-by-option", "answer    error", "answer    none"),
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


def run_program(text, arguments):
    """Runs run.py with a table; returns its exit status and its last line."""
    with table_file(text) as path:
        done = subprocess.run([sys.executable, HERE / "run.py", "--table", path, *arguments],
                              stdout=subprocess.PIPE, text=True, check=False)
    lines = done.stdout.splitlines()
    return done.returncode, lines[-1] if lines else ""


def run_here(text, root, trees):
    """The same in this process: the number of rows that fail."""
    with table_file(text) as path, contextlib.redirect_stdout(io.StringIO()):
        return run.run_rows(run.read_table(path), root, trees)


@contextlib.contextmanager
def table_file(text):
    with tempfile.NamedTemporaryFile("w", encoding="ascii", suffix=".table") as file:
        file.write(text)
        file.flush()
        yield pathlib.Path(file.name)


def check(row, altered, ask, passed, failed):
    """Whether ask() says passed of the row and failed of the altered one; prints what it says."""
    found = ask(row), ask(altered)
    if found != (passed, failed):
        print(f"FAIL: {found} of\n{row}\naltered into\n{altered}")
    return found == (passed, failed)


def check_program(row, altered):
    return check(row, altered, lambda text: run_program(text, sys.argv[1:]),
                 (0, "1 passed, 0 failed"), (1, "0 passed, 1 failed"))


def alter(table, name, old, new):
    """The text of a row, as it is and altered."""
    row = stanza_of(table, name)
    if old not in row:
        sys.exit(f"test_run.py: row {name} has no '{old}' to alter")
    return row, row.replace(old, new)


def main():
    table = (HERE / "choice.table").read_text(encoding="ascii")
    helper, *descriptions = map(pathlib.Path, sys.argv[1:])
    pairs = [alter(table, *alteration) for alteration in ALTERATIONS]
    with run.root_and_trees(helper, descriptions) as (root, trees):
        results = [check(*pair, lambda text: run_here(text, root, trees), 0, 1) for pair in pairs]
    # That the number of failed rows becomes the exit status: once is enough.
    results.append(check_program(*pairs[0]))
    print(f"{sum(results)} passed, {len(results) - sum(results)} failed")
    sys.exit(not all(results))


if __name__ == "__main__":
    main()
