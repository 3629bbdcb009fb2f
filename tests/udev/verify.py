# SPDX-License-Identifier: LGPL-2.1-or-later
"""`udevadm verify` of the rules as they are installed: verify.py BUILD SYSTEM SCRATCH, in
namespaces (see udevd.py)."""

import pathlib
import subprocess
import sys

from checks import check, equal
from udevd import BIND_RULES, RULES, find_installed, inside, make_root, mount_proc


def verify(root, rules):
    """The exit status of udevadm, and all that it says."""
    done = subprocess.run([*inside(root), "udevadm", "verify", rules], check=False, text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    return done.returncode, done.stdout.strip()


def check_rules(root, name):
    rules = find_installed(root, name)
    with check(f"udevadm verify has no complaint about {name}"):
        status, said = verify(root, f"/{rules.relative_to(root)}")
        complaints = [line for line in said.splitlines() if name in line]
        equal((status, complaints), (0, []), said)
    with check(f"udevadm verify would see a fault in {name}"):
        wrong = root / "wrong.rules"
        wrong.write_text(rules.read_text().replace("ACTION!=", "ACTOIN!=", 1))
        equal(verify(root, "/wrong.rules")[0] != 0, True, "refused")


def main():
    build, system, scratch = (pathlib.Path(argument) for argument in sys.argv[1:])
    root = scratch / "root"
    make_root(root, build, system)
    mount_proc(root)
    for name in (RULES, BIND_RULES):
        check_rules(root, name)


if __name__ == "__main__":
    main()
