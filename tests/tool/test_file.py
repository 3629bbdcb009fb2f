# SPDX-License-Identifier: LGPL-2.1-or-later
"""The file of tags with a person's lines in it: all of them stay, to the byte."""

import collections
import os

from case import TAG_1, TAG_ALL, Case, record
from room import HEAD, TAGS

OURS_2 = record(TAG_1.replace("00.1", "00.2"), "force", "vfio-pci")

# What a person, or an earlier `tag`, left in the file: each as it is before and after tag and untag.
TEXTS = {
    "a comment": "# my own words\n",
    "two comments and space": "\n\n# my own words\n\n  \n# and more\n\n\n",
    "another record": "usb:v1234*\n ID_FOO=bar\n",
    "a record with our property and another": TAG_ALL + "\n VFIO_VARIANT_BIND=1\n ID_FOO=bar\n",
    "a record that undoes": TAG_ALL + "\n VFIO_VARIANT_BIND=0\n",
    "two match lines": TAG_ALL + "\nvfio-variant:*:pci:v1234*\n VFIO_VARIANT_BIND=1\n",
    "a comment inside": TAG_ALL + "\n# why\n VFIO_VARIANT_BIND=1\n",
    "a comment behind": TAG_ALL + "\n VFIO_VARIANT_BIND=1 # why\n",
    "a blank behind": TAG_ALL + " \n VFIO_VARIANT_BIND=1\n",
    "the pin first": TAG_ALL + "\n VFIO_VARIANT_PIN=vfio-pci\n VFIO_VARIANT_BIND=1\n",
    "a pin that is none": TAG_ALL + "\n VFIO_VARIANT_BIND=1\n VFIO_VARIANT_PIN=a b\n",
    "a match line alone": TAG_ALL + "\n",
    "a property alone": " VFIO_VARIANT_BIND=1\n",
    "no empty line between": TAG_ALL + "\n VFIO_VARIANT_BIND=1\nvfio-variant:*:pci:v1*\n X=1\n",
    "DOS line ends": "# x\r\n\r\n" + TAG_ALL + "\r\n VFIO_VARIANT_BIND=1\r\n",
    "a tag of ours": OURS_2,
    "the file as it is made": HEAD + "\n" + OURS_2,
    "ours and a person's": HEAD + "\n# mine\n" + OURS_2 + "\nusb:v1*\n A=1\n",
    "other letters": "# für mich: ☃\n",
    "a closer record, with its comment": "# x\n\n# mine\nvfio-variant:0000:99:00.0:*\n"
                                         " VFIO_VARIANT_BIND=0\n",
    "a slot's record": "vfio-variant:0000:3b:00.1:*\n VFIO_VARIANT_BIND=0\n",
    "many": "\n".join(f"usb:v{number:04X}*\n A={number}\n" for number in range(5000)),
}
# They lack the newline at the end, which comes where a record is put behind.
UNENDED = {"a comment": "# my own words", "a record": "usb:v1234*\n ID_FOO=bar"}
WORDS = [["3b:00.1"], ["--modalias=pci:v000015B3d0000101E*"], ["--vfs-of=3b:00.0"]]


class File(Case):
    def run_quietly(self, *words):
        """What a person's records say may be the last word, or tag on; that is said, and no matter
        here."""
        done = self.world.run(*words)
        self.assertIn(done.returncode, (0, 1), done.stderr)
        self.assertNotRegex(done.stderr, b"cannot")

    def test_round_trip(self):
        for words in WORDS:
            for name, text in TEXTS.items():
                with self.subTest(words=words, text=name):
                    self.world.reset()
                    self.world.write_tags(text)
                    self.run_quietly("tag", *words)
                    tagged = self.world.tags()
                    self.assertIn(" VFIO_VARIANT_BIND=1\n", tagged)
                    self.assertGreater(len(tagged), len(text))
                    lost = collections.Counter(text.splitlines())
                    lost.subtract(tagged.splitlines())
                    self.assertEqual([line for line, n in lost.items() if n > 0], [])
                    self.run_quietly("untag", *words)
                    self.assertEqual(self.world.tags(), text)

    def test_text_without_a_newline_at_its_end(self):
        for name, text in UNENDED.items():
            with self.subTest(text=name):
                self.world.write_tags(text)
                self.done("tag", "3b:00.1")
                self.assertEqual(self.world.tags(), f"{text}\n\n{record(TAG_1)}")
                self.done("untag", "3b:00.1")
                self.assertEqual(self.world.tags(), text + "\n")

    def test_empty_file(self):
        for words in WORDS:
            self.world.write_tags("")
            self.run_quietly("untag", *words)
            self.assertIn(self.world.tags(), ("", None))
            self.world.write_tags("")
            self.run_quietly("tag", *words)
            self.assertIn(" VFIO_VARIANT_BIND=1\n", self.world.tags())

    def test_a_comment_stays_where_it_is(self):
        text = f"# for guest A\n{record(TAG_1)}\n# the end\n"
        self.world.write_tags(text)
        self.done("tag", "--force", "3b:00.1")
        self.assertEqual(self.world.tags(), text.replace("BIND=1", "BIND=force"))
        self.done("untag", "3b:00.1")
        self.assertEqual(self.world.tags(), "# for guest A\n\n# the end\n")

    def test_new_ones_go_before_the_closer_and_its_comment(self):
        text = "# mine\nvfio-variant:0000:99:00.0:*\n VFIO_VARIANT_BIND=0\n"
        self.world.write_tags(text)
        self.done("tag", "--modalias=pci:v000015B3d0000101E*")
        self.assertEqual(self.world.tags(), record(TAG_ALL) + "\n" + text)

    def test_a_person_s_record_is_not_ours_to_take_out(self):
        text = f"{TAG_1}\n# why\n VFIO_VARIANT_BIND=1\n"
        self.world.write_tags(text)
        said = self.refused(1, "still tagged", "untag", "3b:00.1")
        self.assertIn("60-vfio-variant-tag.hwdb:1", said)
        self.assertEqual(self.world.tags(), text)

    def test_mode_is_kept(self):
        self.done("tag", "3b:00.1")
        path = self.world.root / TAGS
        self.assertEqual(path.stat().st_mode & 0o7777, 0o644)
        path.chmod(0o640)
        self.done("tag", "3b:00.2")
        self.assertEqual(path.stat().st_mode & 0o7777, 0o640)

    def test_what_a_killed_one_left(self):
        self.done("tag", "3b:00.1")
        folder = (self.world.root / TAGS).parent
        for words in (["tag", "3b:00.2"], ["tag", "3b:00.2"], ["untag", "3b:00.2"],
                      ["untag", "3b:00.2"]):
            for suffix in ("new", "old"):
                (folder / f".60-vfio-variant-tag.hwdb.{suffix}").write_text("half a rec", "ascii")
            self.done(*words)
            self.assertEqual(self.world.beside_tags(), ["60-vfio-variant-tag.hwdb"])

    def test_hwdb_that_is_behind_the_file_is_compiled(self):
        self.world.write_tags(HEAD + "\n" + record(TAG_1))
        self.done("tag", "3b:00.1", says="before")
        self.assertEqual(self.world.tagged("0000:3b:00.1"), "1")
        os.unlink(self.world.root / TAGS)
        self.done("untag", "3b:00.1", says="not tagged")
        self.assertEqual(self.world.tagged("0000:3b:00.1"), "-")
