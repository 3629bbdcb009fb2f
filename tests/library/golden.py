#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Over the golden table, each answer by the property equals that by lookup:
golden.py HELPER ASK TREE...

The helper's answer is put into a udev database as udev would, and the library is asked twice: with
that database, and with one that knows no more than the pin.
"""

import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path += [str(HERE.parent / name) for name in ("golden", "root", "udev")]

# pylint: disable=wrong-import-position
from devices import VERIFY_SYSFS, MadeSys
from run import HERE as GOLDEN, Root, Trees, read_table
from small_root import build_small_root
from udevd import enter, mount_proc

SLOT = "0000:00:01.0"
KEYS = {"DRIVER": "variant", "MODULE": "module", "ALIAS": "alias", "FALLBACK": "fallback"}
BY_DATABASE, BY_LOOK_UP = "0", "1"


def uncover_self(directory):
    """A device's handle needs /proc/self/fd; the rest of /proc is what a row says."""
    real = directory / "real"
    (real / "proc").mkdir(parents=True)
    mount_proc(real)
    shutil.rmtree(directory / "proc/self")
    (directory / "proc/self").symlink_to("../real/proc/self")


def make_sys(directory, device, bus):
    """A device in what the row made of /sys."""
    made = MadeSys(directory / "made")
    made.add(f"/devices/pci0000:00/{SLOT}", bus, {"MODALIAS": device}, modalias=device)
    for name in ("devices", "bus"):
        shutil.copytree(directory / "made" / name, directory / "sys" / name, symlinks=True,
                        dirs_exist_ok=True)
    shutil.rmtree(directory / "made")


def keep(root, bus, properties):
    directory = root / "run/udev/data"
    shutil.rmtree(directory, ignore_errors=True)
    directory.mkdir(parents=True)
    lines = ["I:1", *(f"E:VFIO_VARIANT_{key}={value}" for key, value in properties.items()), "V:1"]
    (directory / f"+{bus}:{SLOT}").write_text("\n".join([*lines, ""]), encoding="ascii")


def ask(root, program):
    """What the library says: {name: value}."""
    done = subprocess.run([program, SLOT], preexec_fn=root.enter, text=True,
                          env={**VERIFY_SYSFS, "ASAN_OPTIONS": "detect_leaks=0"},
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)
    if done.returncode:
        raise RuntimeError(f"exit {done.returncode}: {done.stdout}{done.stderr}")
    return dict(line.partition("=")[::2] for line in done.stdout.splitlines())


def helper_says(root, device, pin):
    done = root.ask([device], {"VFIO_VARIANT_PIN": pin} if pin else {})
    return {line.partition("=")[0].removeprefix("VFIO_VARIANT_"): line.partition("=")[2]
            for line in done.stdout.splitlines()}


def compare(row, root, tree, program):
    """What is wrong, in words."""
    root.prepare({**row, "run": "lib"}, tree)
    bus, pin = row["device"].partition(":")[0], row.get("pin")
    answer = helper_says(root, row["device"], pin)
    pinned = {"PIN": pin} if pin and pin.isprintable() else {}
    make_sys(root.directory, row["device"], bus)
    keep(root.directory, bus, {**pinned, **answer})
    by_database = ask(root, program)
    keep(root.directory, bus, pinned)
    by_look_up = ask(root, program)
    wanted = {name: answer.get(key) for key, name in KEYS.items()}
    if answer and by_database["origin"] != BY_DATABASE:
        yield f"the database was not asked: {by_database['origin']}"
    if answer and by_look_up["origin"] != BY_LOOK_UP:
        yield f"was not looked up: {by_look_up['origin']}"
    for way, told in (("database", by_database), ("lookup", by_look_up)):
        got = {name: None if told[name].startswith("-E") else told[name] for name in wanted}
        if got != wanted:
            yield f"by {way}: {got}, the helper says {wanted}"


def tell_row(row, root, tree, program):
    """Returns whether anything is wrong with it."""
    wrong = list(compare(row, root, tree, program))
    if wrong:
        print(f"FAIL {row['row']}: {'; '.join(wrong)}")
    return bool(wrong)


def main():
    if sys.argv[1] != "--inside":
        command = enter(pathlib.Path(__file__).resolve(), "--inside", *sys.argv[1:])
        os.execvp(command[0], command)
    helper, program, *descriptions = (pathlib.Path(path).resolve() for path in sys.argv[2:])
    rows = [row for row in read_table(GOLDEN / "choice.table")
            if row["device"].partition(":")[0] in ("pci", "cdx")]
    n_answers = sum("driver" in row for row in rows)
    with tempfile.TemporaryDirectory(prefix="library-golden-") as scratch:
        build_small_root(pathlib.Path(scratch, "root"), [str(program)])
        root = Root(pathlib.Path(scratch, "root"), helper)
        uncover_self(root.directory)
        pathlib.Path(scratch, "trees").mkdir()
        trees = Trees(pathlib.Path(scratch, "trees"), descriptions)
        try:
            n_wrong = sum(tell_row(row, root, trees.make(row), str(program)) for row in rows)
        finally:  # before all of the directory is removed
            subprocess.run(["umount", "--recursive", root.directory / "real/proc"], check=True)
    print(f"{len(rows) - n_wrong} rows alike, {n_wrong} not; {n_answers} have an answer")
    sys.exit(n_wrong > 0 or n_answers < 20)


if __name__ == "__main__":
    main()
