#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Words that this project does not use, because its readers know another word from the documents of
udev, systemd and the kernel: words.py. Prints each of them, and the word to write.

Only files below PLACES are read. A place is added once its sentences have been read.
"""

import re
import sys
import unittest

import sources

PLACES = ("README.md", "HACKING.md", "NEWS", "examples/choice.c", "examples/sessions.md", "hwdb.d/", "initramfs/",
          "man/vfio", "rules.d/", "src/", "systemd/", "tests/", "tools/")
# The words themselves, and files that are copied from other projects.
EXCEPTIONS = ("tests/build/words.py", "tests/bench/host/")
# A word, as a regular expression, and what is written instead.
WORDS = {
    r"folders?": "directory",
    r"letters?": "character, literal character",
    r"amid": "during",
    r"lest": "so that ... not",
    r"anew": "again",
    r"behind": "after, below, following, lower-ranked",
    r"troubles?": "error, failure",
    r"nobody|somebody|whom|whoever|whichever": "the program, driver or user, by its name",
    r"whatever": "each, all; regardless of",
    r"culprits?": "blocking member",
    r"see to (that|it)|seen to": "what to do, as a command",
    r"speaks? against|in the way": "blocks, prevents",
    r"(is|are) (not )?to be (had|seen|found)": "is available, cannot",
    r"can(no|')t be had|can be had": "is not available, cannot",
    r"passed over|left alone": "ignored, skipped",
    r"given? (it |them )?back|gives? back|gave back": "bound to its previous driver",
    r"hand(ed|s)? (it |them )?to a guest|hand to": "assign",
    r"(look|looks|looked) again": "retry, look up again",
    r"offer(ed|s)? again": "retry, probe again",
    r"look-ups?": "lookup",
    r"goes before|went before": "takes precedence over",
    r"holds? it|held by|holder|had it": "is bound to, in use by",
    r"fits not|no name of": "does not match, invalid",
    r"minds": "honours",
}


def is_read(name):
    return name.startswith(PLACES) and not name.startswith(EXCEPTIONS)


def complaints(name, text):
    """Where NAME, which contains TEXT, has one of the words. A sentence may go on on the next line."""
    found = []
    for word, instead in WORDS.items():
        pattern = rf"(?<![\w-])(?:{word})(?![\w-])".replace(" ", r"[\s#]+")
        for match in re.finditer(pattern, text, re.IGNORECASE):
            line = text.count("\n", 0, match.start()) + 1
            found.append(f"{name}:{line}: \"{match[0]}\": write: {instead}")
    return found


class Words(unittest.TestCase):
    def test_sources(self):
        files = [path for path in sources.all_files() if is_read(sources.relative(path))]
        found = [complaint for path in files for complaint in
                 complaints(sources.relative(path), path.read_text(encoding="utf-8", errors="replace"))]
        self.assertEqual(found, [], "\n" + "\n".join(found))
        self.assertGreater(len(files), 10)

    def test_each_place_exists(self):
        names = [sources.relative(path) for path in sources.all_files()]
        for place in PLACES:
            self.assertTrue(any(name.startswith(place) for name in names), place)

    def test_a_word_is_found(self):
        self.assertEqual(len(complaints("x", "A folder, whose look-up\n# speaks\n# against Amid.\n")), 4)
        self.assertEqual(complaints("x", "fd_open_folder() prefolder left-behind\n"), [])


if __name__ == "__main__":
    sys.exit(unittest.main())
