# SPDX-License-Identifier: LGPL-2.1-or-later
"""The files of tags: only those that the tool made are changed, and what a killed one left is removed."""

import os
import re

from case import TAG_1, TAG_ALL, TAG_FUNCTIONS, Case, file_of, name_of, record
from room import TAGS

# What a person made of a file, or has in one of that name: none of ours to change.
CHANGED = {
    "an empty file": "",
    "no header": record(TAG_1),
    "another header": "# for guest A\n" + record(TAG_1),
    "a comment": file_of(TAG_1) + "# mine\n",
    "a comment at the end of a line": file_of(TAG_1).replace("BIND=1", "BIND=1 # why"),
    "an empty line": file_of(TAG_1) + "\n",
    "another property": file_of(TAG_1) + " ID_FOO=bar\n",
    "another value": file_of(TAG_1).replace("BIND=1", "BIND=0"),
    "an empty pin": file_of(TAG_1) + " VFIO_VARIANT_PIN=\n",
    "two pins": file_of(TAG_1, "1", "a") + " VFIO_VARIANT_PIN=b\n",
    "a long pin": file_of(TAG_1, "1", "a" * 100),
    "another key": file_of(TAG_1).replace("00.1", "00.2"),
    "two keys": file_of(TAG_1).replace(TAG_1, f"{TAG_1}\n{TAG_ALL}"),
    "two records": file_of(TAG_1) + "\n" + record(TAG_ALL),
    "DOS line ends": file_of(TAG_1).replace("\n", "\r\n"),
    "no newline at the end": file_of(TAG_1).rstrip("\n"),
    "a NUL": file_of(TAG_1) + "\0",
}
# The arguments, and the key.
WORDS = [("3b:00.1", TAG_1), ("--modalias=pci:v000015B3d0000101E*", TAG_ALL),
         ("--vfs-of=3b:00.0", TAG_FUNCTIONS)]


class File(Case):
    def test_name(self):
        """Readable, of characters that no shell has a meaning for, and another one for each key."""
        names = set()
        for words, key in WORDS:
            self.done("tag", words)
            names |= set(self.world.tags())
            self.assertIn(name_of(key), names)
        self.assertEqual(len(names), len(WORDS))
        for name in names:
            self.assertRegex(name, r"\A61-vfio-variant-[0-9A-Za-z:._%-]+\.hwdb\Z")

    def test_globs_that_differ_little(self):
        globs = ["pci:v1*", "pci:v1?", "pci:v1[*]", "pci:v1[!*]", "pci:v1"]
        for glob in globs:
            self.done("tag", f"--modalias={glob}", warns="no device that is present matches")
        keys = [f"vfio-variant:{glob}" for glob in globs]
        self.assertEqual(self.world.tags(), {name_of(key): file_of(key) for key in keys})
        for glob in globs:
            said = self.done("untag", f"--modalias={glob}", says="untagged")
            self.assertEqual(said.count("untagged"), 1)
        self.assertEqual(self.world.tags(), {})

    def test_changed_by_a_person(self):
        name = name_of(TAG_1)
        for what, text in CHANGED.items():
            with self.subTest(text=what):
                self.world.reset()
                self.world.write_tag(name, text)
                for words in (["tag"], ["tag", "--force"], ["tag", "--dry-run"], ["untag"]):
                    self.refused(1, f"/etc/udev/hwdb.d/{re.escape(name)} was not made by `vfio-variant "
                                 "tag`, or was changed by hand, so nothing was changed", *words,
                                 "3b:00.1")
                self.assertEqual(self.world.tags(), {name: text})
                # Nor is one of several then
                self.refused(1, "not made by", "tag", "3b:00.2", "3b:00.1")
                self.assertEqual(self.world.tags(), {name: text})

    def test_as_the_tool_makes_it(self):
        """A copy from another host, or an edit of force and pin, is ours."""
        for tag in ((TAG_1,), (TAG_1, "force"), (TAG_1, "1", "vfio-pci")):
            self.world.reset()
            self.world.write_tag(name_of(TAG_1), file_of(*tag))
            self.done("tag", "--pin=vfio_pci", "3b:00.1", says="replaces")
            self.done("untag", "3b:00.1", says="--pin=vfio_pci")
            self.assertEqual(self.world.tags(), {})

    def test_files_of_a_person(self):
        """With any name they stay as they are."""
        names = ["61-local-vfio.hwdb", "60-vfio-variant-tag.hwdb", "61-vfio-variant-mine.hwdb",
                 "61-vfio-variant-.hwdb", "61-vfio-variant-%2A.hwdb", "61-vfio-variant-%.hwdb",
                 "61-vfio-variant-device:0000:3b:00.1:mine.hwdb", ".61-vfio-variant-x.hwdb.swp",
                 name_of(TAG_1).replace("%2A", "%2a"), name_of(TAG_1) + "~",
                 name_of(TAG_1).replace("device", "%64evice"), "61-vfio-variant-" + "a" * 230]
        files = {name: f"{record(TAG_1, '0')}" for name in names}
        for name, text in files.items():
            self.world.write_tag(name, text)
        for words, _ in WORDS:
            self.world.run("tag", words)
            self.world.run("untag", words)
        self.assertEqual(self.world.tags(), files)

    def test_long_key(self):
        glob = "pci:v" + "[0-9]" * 30 + "*"
        said = self.refused(1, "match key is too long for the name of a file", "tag",
                            f"--modalias={glob}")
        self.assertIn("nothing was changed", said)
        self.refused(1, "match key is too long", "tag", "--dry-run", f"--modalias={glob}")
        self.done("untag", f"--modalias={glob}", says="was not tagged")
        self.assertEqual(self.world.tags(), {})
        glob = glob.replace("[0-9]", "[1]", 30).replace("[1]", "1", 15)
        self.done("tag", f"--modalias={glob}", warns="no device that is present matches")
        self.done("untag", f"--modalias={glob}", says="untagged")

    def test_mode(self):
        self.done("tag", "3b:00.1", before=lambda: os.umask(0o077))
        path = self.world.root / TAGS / name_of(TAG_1)
        self.assertEqual(path.stat().st_mode & 0o7777, 0o644)

    def test_what_a_killed_one_left(self):
        directory = self.world.root / TAGS
        self.done("tag", "3b:00.1")
        for words in (["tag", "3b:00.2"], ["tag", "3b:00.2"], ["untag", "3b:00.2"],
                      ["untag", "3b:00.2"]):
            for key in (TAG_1, TAG_1.replace("00.1", "00.2")):
                (directory / f".{name_of(key)}.new").write_text("half a rec", "ascii")
            self.done(*words)
            self.assertEqual([name for name in self.world.tags() if name.startswith(".")], [])
        self.assertEqual(self.world.tags(), {name_of(TAG_1): file_of(TAG_1)})

    def test_hwdb_that_is_older_than_the_files_is_compiled(self):
        self.world.write_tag(name_of(TAG_1), file_of(TAG_1))
        self.done("tag", "3b:00.1", says="already tagged")
        self.assertEqual(self.world.tagged("0000:3b:00.1"), "1")
        os.unlink(self.world.root / TAGS / name_of(TAG_1))
        self.done("untag", "3b:00.1", says="not tagged")
        self.assertEqual(self.world.tagged("0000:3b:00.1"), "-")
