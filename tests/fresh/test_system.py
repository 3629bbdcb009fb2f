#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Where the systems of tests/fresh/run come from, and why this machine may not have one."""

import os
import pathlib
import tempfile
import unittest
from unittest import mock

import system

# A container of one file, for as long as the file "container" is there.
CLIENT = """#!/bin/sh
cd "$(dirname "$0")" || exit
case $1 in
create) [ "$2 $3" = "fedora:latest true" ] && : >container && echo 4711 ;;
export) [ "$2" = 4711 ] && [ -e container ] && echo Fedora >release && tar -c release ;;
rm) [ "$2" = 4711 ] && rm container ;;
esac
"""
CLIENT_WITHOUT_NETWORK = "#!/bin/sh\necho 'no route to the registry' >&2\nexit 125\n"


class Images(unittest.TestCase):
    def setUp(self):
        place = tempfile.TemporaryDirectory()
        self.addCleanup(place.cleanup)
        self.place = pathlib.Path(place.name)

    def script(self, name, text):
        (self.place / name).write_text(text, encoding="ascii")
        (self.place / name).chmod(0o755)
        return self.place / name

    def fill(self, path):
        root = self.place / "root"
        root.mkdir()
        with mock.patch.dict(os.environ, PATH=path):
            system.fill(self.place, "fedora", root)
        return root

    def test_no_client(self):
        with self.assertRaisesRegex(system.NotTried, "podman or docker"):
            self.fill(str(self.place))

    def test_client_fails(self):
        self.script("podman", CLIENT_WITHOUT_NETWORK)
        with self.assertRaisesRegex(system.NotTried, "create fedora:latest.*no route to the registry"):
            self.fill(f"{self.place}:{os.environ['PATH']}")

    def test_image(self):
        self.script("podman", CLIENT)
        root = self.fill(f"{self.place}:{os.environ['PATH']}")
        self.assertEqual((root / "release").read_text(encoding="ascii"), "Fedora\n")
        self.assertFalse((self.place / "container").exists())


class Mirrors(unittest.TestCase):
    def test_no_mirror_at_all(self):
        with mock.patch.object(system, "mirror", side_effect=system.NotToBeHad("no mirror here")):
            for suite in ("bookworm", "noble"):
                with self.assertRaisesRegex(system.NotTried, "no mirror here"):
                    system.source_of(None, suite, None)

    def test_ubuntu_beside_debian(self):
        def mirror(distribution):
            if distribution == "debian":
                return "http://mirror.example/pub/debian/"
            raise system.NotToBeHad("no mirror of ubuntu")

        with mock.patch.object(system, "mirror", mirror), \
             mock.patch.object(system, "packages", return_value="/kept"), \
             mock.patch.object(system, "prepare") as prepare, \
             mock.patch.object(system, "answers", return_value=True) as answers:
            source = system.source_of(None, "noble", "world")
            self.assertEqual(source, ("http://mirror.example/pub/ubuntu",
                                      "/kept/usr/share/keyrings/ubuntu-archive-keyring.gpg"))
            prepare.assert_called_with("world", "ubuntu", ["noble"], source)
            answers.return_value = False
            with self.assertRaisesRegex(system.NotTried, "no mirror of ubuntu; nor"):
                system.source_of(None, "noble", "world")


if __name__ == "__main__":
    unittest.main()
