#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""libvirt/apply changes a tree with the places that it knows once, and no other tree."""

import pathlib
import subprocess
import sys
import tempfile
import unittest

APPLY = pathlib.Path(__file__).resolve().parents[2] / "libvirt/apply"
# The places that are changed, and something around them.
TREE = {
    "src/util/virpci.c": '#include "virpcivpd.h"\n\n    if (virPCIDeviceBindToStub(dev) < 0)\n        x;\n',
    "src/util/meson.build": "  'virpcivpd.c',\n    thread_dep,\n    win32_dep,\n  ],\n)\n\nlibvirt_libs\n",
}


class Apply(unittest.TestCase):
    def setUp(self):
        place = tempfile.TemporaryDirectory()
        self.addCleanup(place.cleanup)
        self.tree = pathlib.Path(place.name)
        for name, text in TREE.items():
            (self.tree / name).parent.mkdir(parents=True, exist_ok=True)
            (self.tree / name).write_text(text, encoding="utf-8")

    def apply(self, *arguments):
        return subprocess.run([sys.executable, "-B", APPLY, self.tree, *arguments], text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)

    def read(self):
        return {name: (self.tree / name).read_text(encoding="utf-8") for name in TREE}

    def test_changes_each_place(self):
        for_lookup = {"udev": "    udev_dep,\n", "library": "    dependency('vfio-variant'),\n"}
        before = self.read()
        for lookup, dependency in for_lookup.items():
            for name, text in before.items():
                (self.tree / name).write_text(text, encoding="utf-8")
            self.assertEqual(self.apply("--lookup", lookup).returncode, 0)
            after = self.read()
            self.assertIn("virPCIVariantBind(dev, virPCIDeviceBindToStub)", after["src/util/virpci.c"])
            self.assertIn(f"'virpcivariant_{lookup}.c'", after["src/util/meson.build"])
            self.assertIn(dependency, after["src/util/meson.build"])
            self.assertTrue((self.tree / "src/util" / f"virpcivariant_{lookup}.c").exists())

    def test_refuses_to_do_it_twice(self):
        self.apply()
        before = self.read()
        done = self.apply()
        self.assertEqual(done.returncode, 1)
        self.assertIn("0 places match", done.stdout)
        self.assertEqual(self.read(), before)

    def test_changes_nothing_of_another_tree(self):
        path = self.tree / "src/util/meson.build"
        path.write_text("  'virpcivpd.c',\n", encoding="utf-8")
        before = self.read()
        self.assertEqual(self.apply().returncode, 1)
        self.assertEqual(self.read(), before)
        self.assertFalse((self.tree / "src/util/virpcivariant.c").exists())


if __name__ == "__main__":
    unittest.main()
