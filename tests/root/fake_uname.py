# SPDX-License-Identifier: LGPL-2.1-or-later
"""Programs in a small root see a kernel release of the test's choice."""

import os
import pathlib
import subprocess

SOURCE = pathlib.Path(__file__).with_name("fake_uname.c")
LIBRARY = "usr/lib/fake_uname.so"


def put_fake_uname(root):
    """Has each program in the root preload it; fake_release() says which release they see."""
    (root / LIBRARY).parent.mkdir(parents=True, exist_ok=True)
    subprocess.run([os.environ.get("CC", "cc"), "-shared", "-fPIC", "-O1", "-o", root / LIBRARY,
                    SOURCE], check=True)
    (root / "etc").mkdir(exist_ok=True)
    (root / "etc/ld.so.preload").write_text(f"/{LIBRARY}\n", encoding="ascii")


def fake_release(release):
    """For the environment. A sanitizer's library would have to be the first one."""
    return {"UNAME_RELEASE": release, "ASAN_OPTIONS": "verify_asan_link_order=0"}
