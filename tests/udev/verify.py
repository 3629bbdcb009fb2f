# SPDX-License-Identifier: LGPL-2.1-or-later
"""`udevadm verify` of the rules as they are installed: verify.py BUILD SYSTEM SCRATCH, in
namespaces (see udevd.py)."""

import pathlib
import subprocess
import sys

from checks import check, equal
from udevd import RULES, find_installed, inside, make_root, mount_proc


def main():
    build, system, scratch = (pathlib.Path(argument) for argument in sys.argv[1:])
    root = scratch / "root"
    make_root(root, build, system)
    mount_proc(root)
    rules = f"/{find_installed(root, RULES).relative_to(root)}"
    with check("udevadm verify has no complaint about the rules"):
        done = subprocess.run([*inside(root), "udevadm", "verify", rules], check=False, text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        complaints = [line for line in done.stdout.splitlines() if RULES in line]
        equal((done.returncode, complaints), (0, []), done.stdout.strip())
    with check("udevadm verify would see a fault in them"):
        wrong = root / "wrong.rules"
        wrong.write_text((root / rules[1:]).read_text().replace('ACTION==', 'ACTOIN==', 1))
        done = subprocess.run([*inside(root), "udevadm", "verify", "/wrong.rules"], check=False,
                              stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        equal(done.returncode != 0, True, "refused")


if __name__ == "__main__":
    main()
