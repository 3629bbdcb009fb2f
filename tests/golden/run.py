#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Asks the helper all rows of the golden table, and says where it answers otherwise.

    run.py [--table FILE] [--only ROW]... HELPER TREE...

HELPER is vfio_variant_id, TREE the descriptions of module trees (NAME.tree) that rows name. Each
row runs in a small root of its own making, with its own command line, modprobe.d and module
directory: as an ordinary user too, where user namespaces are allowed. Nothing of the host has a say,
but its kernel's release. Each row is asked twice: by argument, and by environment as udev does.
"""

import argparse
import contextlib
import os
import pathlib
import shlex
import shutil
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path += [str(HERE.parent / name) for name in ("root", "trees")]
sys.dont_write_bytecode = True  # the source directory stays as it is
# pylint: disable=wrong-import-position
import module_tree
from small_root import build_small_root

# The helper brings it in by dlopen(): ldd doesn't name it.
DLOPENED = ["libkmod.so.2"]
# A lookup takes milliseconds. The limit ends a helper that hangs.
SECONDS = 900
# In the order in which they are printed: the alias is last, as it alone can be too long for the 512
# bytes of DESIGN 4, and must not cost another property then.
PROPERTIES = ("driver", "module", "fallback", "alias")
LISTS = ("why", "but", "modprobe.d", "loaded")
KEYS = ("tree", "device", "run", "cmdline", "pin", "answer", "says", *PROPERTIES, *LISTS)
RUNS = ("options", "lib", "usr-lib")
EXIT_TROUBLE = 1
ANSWERS = ("none", "error", "unknown")
NO_DRIVER = "no VFIO driver matches"  # what a person is told
# What a helper built with a sanitizer reads of /proc/self/environ. The search for leaks would need
# more of /proc than the small root has.
SANITIZER = "ASAN_OPTIONS=detect_leaks=0\0"


class Wrong(Exception):
    """What is wrong with the table or the machine: a message for a person."""


# --- reading the table


def read_table(path):
    """The rows: a dictionary each, of the keys that the head of the table tells."""
    rows = []
    for number, line in enumerate(path.read_text(encoding="ascii").splitlines(), start=1):
        words = line.split(maxsplit=1)
        if not words or line.startswith("#"):
            continue
        if len(words) != 2:
            raise Wrong(f"{path}:{number}: '{words[0]}' without a value")
        if words[0] == "row":
            rows.append({"row": words[1].strip(), "where": f"{path}:{number}",
                         **{key: [] for key in LISTS}})
        elif words[0] not in KEYS or not rows:
            raise Wrong(f"{path}:{number}: '{words[0]}' is no key, or before any row")
        elif words[0] in LISTS:
            rows[-1][words[0]].append(words[1].strip())
        elif words[0] in rows[-1]:
            raise Wrong(f"{path}:{number}: '{words[0]}' again")
        else:
            rows[-1][words[0]] = words[1].strip()
    check_rows(rows)
    return rows


def check_rows(rows):
    """A row that can't fail, or says nothing of why, is no row."""
    names = set()
    for row in rows:
        where = f"{row['where']}: row {row['row']}"
        if row["row"] in names:
            raise Wrong(f"{where} is there twice")
        names.add(row["row"])
        for key in ("tree", "device", "why"):
            if not row.get(key):
                raise Wrong(f"{where} has no '{key}'")
        if ("driver" in row) == ("answer" in row):
            raise Wrong(f"{where} needs either 'driver' or 'answer'")
        if "answer" in row and any(key in row for key in PROPERTIES):
            raise Wrong(f"{where} has an answer and properties")
        if row.get("answer", "none") not in ANSWERS or row.get("run", "lib") not in RUNS:
            raise Wrong(f"{where}: 'answer' is one of {', '.join(ANSWERS)}, 'run' one of "
                        f"{', '.join(RUNS)}")


# --- the small root that a row runs in


class Root:
    """A root directory with the helper in it, changed for each row."""

    def __init__(self, directory, helper):
        self.directory = directory
        self.helper = str(pathlib.Path(helper).resolve())
        self.lent = None  # the tree that is in the root, and where
        build_small_root(directory, [self.helper], DLOPENED)
        part_lib_from_usr(directory)
        (directory / "proc/self").mkdir(parents=True)
        (directory / "proc/self/exe").symlink_to(self.helper)
        (directory / "proc/self/environ").write_text(SANITIZER, encoding="ascii")

    def prepare(self, row, tree):
        """Makes the root what the row says; returns the helper's options."""
        if self.lent:
            tree_of_before, place = self.lent
            place.rename(tree_of_before)
            self.lent = None
        for name in ("etc/modprobe.d", "lib/modules", "usr/lib/modules", "given", "sys"):
            shutil.rmtree(self.directory / name, ignore_errors=True)
        (self.directory / "proc/cmdline").write_text(row.get("cmdline", "quiet") + "\n", encoding="ascii")
        for words in row["loaded"]:
            self.load(*words.split())
        run = row.get("run", "options")
        if run != "options":
            self.put(tree, f"{run.replace('-', '/', 1)}/modules/{os.uname().release}")
            self.write_configuration("etc/modprobe.d", row)
            return []
        self.put(tree, "given/tree")
        self.write_configuration("given/modprobe.d", row)
        return ["--modules-dir=/given/tree", "--modprobe-dir=/given/modprobe.d"]

    def put(self, tree, name):
        """Moves the tree there: a copy of its files takes longer than all else that a row does."""
        place = self.directory / name
        place.parent.mkdir(parents=True, exist_ok=True)
        if tree:
            tree.rename(place)
            self.lent = tree, place

    def write_configuration(self, name, row):
        (self.directory / name).mkdir(parents=True, exist_ok=True)
        lines = "".join(line + "\n" for line in row["modprobe.d"])
        (self.directory / name / "golden.conf").write_text(lines, encoding="ascii")

    def load(self, module, driver):
        """A loaded module as sysfs shows it: a link to its driver's directory."""
        bus, _, name = driver.partition(":")
        drivers = self.directory / "sys/module" / module / "drivers"
        drivers.mkdir(parents=True, exist_ok=True)
        (self.directory / "sys/bus" / bus / "drivers" / name).mkdir(parents=True)
        (drivers / driver).symlink_to(f"../../../bus/{bus}/drivers/{name}")

    def ask(self, arguments, environment):
        """Runs the helper; returns the finished process."""
        command, enter = [self.helper, *arguments], None
        if os.geteuid() == 0:
            enter = self.enter
        else:
            command = ["unshare", "--map-root-user", f"--root={self.directory}", "--wd=/", *command]
        return subprocess.run(command, env=environment, preexec_fn=enter, text=True,
                              errors="backslashreplace", stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=SECONDS,
                              check=False)

    def enter(self):
        os.chroot(self.directory)
        os.chdir("/")


def part_lib_from_usr(directory):
    """Makes /lib a directory of its own, so that /lib/modules and /usr/lib/modules are two."""
    lib = directory / "lib"
    if not lib.is_symlink():
        lib.mkdir(exist_ok=True)
        return
    lib.unlink()
    lib.mkdir()
    for entry in (directory / "usr/lib").iterdir():
        (lib / entry.name).symlink_to(f"/usr/lib/{entry.name}")


# --- the trees


class Trees:
    """Makes each tree that rows want, once."""

    def __init__(self, directory, descriptions):
        self.directory = directory
        self.descriptions = {path.stem: path.resolve() for path in descriptions}
        self.made = {}

    def make(self, row):
        """The directory of a row's tree, or None for none."""
        if row["tree"] == "none":
            return None
        wanted = (row["tree"], *row["but"])
        if wanted not in self.made:
            self.made[wanted] = self.make_new(row, self.directory / str(len(self.made)))
        return self.made[wanted]

    def make_new(self, row, directory):
        if row["tree"] not in self.descriptions:
            raise Wrong(f"{row['where']}: no {row['tree']}.tree was given")
        description = directory.with_suffix(".tree")
        lines = [f"include {self.descriptions[row['tree']]}", *row["but"]]
        description.write_text("".join(line + "\n" for line in lines), encoding="utf-8")
        try:
            module_tree.make(description, directory)
        except module_tree.Wrong as error:
            raise Wrong(f"{row['where']}: {error}") from error
        return directory


# --- what is expected, and what comes


def expected_output(row):
    return "".join(f"VFIO_VARIANT_{key.upper()}={row[key]}\n" for key in PROPERTIES if key in row)


def expected_exit(row, is_by_udev):
    failing = ("error",) if is_by_udev else ("error", "unknown")
    return EXIT_TROUBLE if row.get("answer") in failing else 0


def check_row(row, root, tree):
    """What is wrong with the answers, in words; nothing where they are as expected."""
    options = root.prepare(row, tree)
    try:
        return ask_twice(row, root, options)
    except subprocess.TimeoutExpired:
        return [f"expected an answer, got none in {SECONDS} seconds"]


def ask_twice(row, root, options):
    """Asks by argument and by environment; returns what is wrong, in words."""
    pin = {"VFIO_VARIANT_PIN": row["pin"]} if "pin" in row else {}
    bus = row["device"].partition(":")[0]
    by_argument = root.ask([*options, row["device"]], pin)
    by_environment = root.ask(options, {"ACTION": "add", "SUBSYSTEM": bus,
                                        "MODALIAS": row["device"], **pin})
    wrong = list(compare(row, by_argument, False))
    wrong_too = list(compare(row, by_environment, True))
    if wrong != wrong_too:
        wrong = [f"by argument: {text}" for text in wrong]
        wrong += [f"by environment: {text}" for text in wrong_too]
    return [*wrong, *compare_message(row, by_argument.stderr),
            *compare_message_to_udev(row, by_environment.stderr)]


def compare(row, answer, is_by_udev):
    """The differences between what is expected and the answer, in words."""
    expected, status = expected_output(row), expected_exit(row, is_by_udev)
    if answer.returncode != status:
        message = f", message: {on_one_line(answer.stderr)}" if answer.stderr else ""
        yield f"expected exit {status}, got {answer.returncode}{message}"
    if answer.stdout != expected:
        same = sorted(answer.stdout.splitlines()) == sorted(expected.splitlines())
        order = " (only the order differs)" if same else ""
        yield f"expected {brief(expected)}, got {brief(answer.stdout)}{order}"


def compare_message(row, message):
    missing = [word for word in row.get("says", "").split() if word not in message]
    if missing:
        return [f"expected a message with {' '.join(missing)}, got {on_one_line(message)}"]
    if "says" not in row and message and "answer" not in row:
        return [f"expected no message, got {on_one_line(message)}"]
    if "answer" in row and not message:
        return ["expected a message, got nothing"]
    if row.get("answer") == "none" and NO_DRIVER not in message:
        return [f"expected {NO_DRIVER}, got {on_one_line(message)}"]
    return []


def compare_message_to_udev(row, message):
    """Each line would be one in the journal for each event of each such device."""
    is_silent = row.get("answer") == "unknown" or (row.get("answer") == "none" and "says" not in row)
    if message and is_silent:
        return [f"expected no message for udev, got {on_one_line(message)}"]
    return []


def brief(text):
    """Properties, on one line, without what all of them begin with."""
    return on_one_line(text.replace("VFIO_VARIANT_", ""))


def on_one_line(text):
    return " | ".join(text.splitlines()) or "nothing"


# --- the program


@contextlib.contextmanager
def root_and_trees(helper, descriptions):
    """What rows run in: a root, and the trees that have been made."""
    with tempfile.TemporaryDirectory(prefix="golden-") as scratch:
        root = Root(pathlib.Path(scratch, "root"), helper)
        pathlib.Path(scratch, "trees").mkdir()
        yield root, Trees(pathlib.Path(scratch, "trees"), descriptions)


def run_rows(rows, root, trees):
    """Prints a line for each row that fails; returns the number of these."""
    failed = 0
    for row in rows:
        wrong = check_row(row, root, trees.make(row))
        if wrong:
            failed += 1
            print(f"FAIL {row['row']}: {'; '.join(wrong)}; why: {' '.join(row['why'])}")
    return failed


def check_machine():
    """An ordinary user needs a user namespace for chroot; some systems forbid these."""
    if os.geteuid() == 0:
        return
    tried = ["unshare", "--map-root-user", "--root=/", "--wd=/", "true"]
    if not shutil.which("unshare"):
        raise Wrong("unshare is not there: install util-linux, or run as root")
    if subprocess.run(tried, stderr=subprocess.DEVNULL, check=False).returncode != 0:
        raise Wrong(f"'{shlex.join(tried)}' is refused: run as root, or allow user namespaces "
                    "(sysctl kernel.apparmor_restrict_unprivileged_userns=0 on Ubuntu)")


def main():
    parser = argparse.ArgumentParser(description="Asks vfio_variant_id all rows of the golden table.")
    parser.add_argument("--table", type=pathlib.Path, default=HERE / "choice.table")
    parser.add_argument("--only", metavar="ROW", action="append", default=[])
    parser.add_argument("helper", type=pathlib.Path, metavar="HELPER")
    parser.add_argument("trees", type=pathlib.Path, metavar="TREE", nargs="+")
    arguments = parser.parse_args()
    try:
        check_machine()
        rows = read_table(arguments.table)
        unknown = set(arguments.only) - {row["row"] for row in rows}
        if unknown or not rows:
            raise Wrong(f"no such row: {' '.join(sorted(unknown)) or 'the table is empty'}")
        rows = [row for row in rows if not arguments.only or row["row"] in arguments.only]
        with root_and_trees(arguments.helper, arguments.trees) as (root, trees):
            failed = run_rows(rows, root, trees)
    except (Wrong, OSError) as error:
        sys.exit(f"run.py: {error}")
    print(f"{len(rows) - failed} passed, {failed} failed")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
