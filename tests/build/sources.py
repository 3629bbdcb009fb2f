# SPDX-License-Identifier: LGPL-2.1-or-later
"""The project's own files, for the tests that look at all of them."""

import pathlib
import shutil
import subprocess

ROOT = pathlib.Path(__file__).resolve().parents[2]


def _listed_by_git():
    # A checkout may belong to another user than the one who tests it: git then refuses.
    command = ["git", "-c", "safe.directory=*", "-C", ROOT, "ls-files", "-z", "--cached",
               "--others", "--exclude-standard"]
    names = subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout
    return [ROOT / name.decode() for name in names.split(b"\0") if name]


# What Debian adds to an unpacked archive: the packaging, and what quilt knows of its patches.
PACKAGING = ("debian", ".pc")


def _is_foreign(directory):
    """A distribution names a build directory as it likes; each has meson's own directory in it."""
    return directory.name in PACKAGING or (directory / "meson-private").is_dir()


def _found():
    for top in sorted(ROOT.iterdir()):
        if not _is_foreign(top):
            yield top
            yield from (path for path in sorted(top.rglob("*")) if "__pycache__" not in path.parts)


def everything():
    """Files and symbolic links: those tracked or about to be, or, in an unpacked archive, all but
    what a build left."""
    names = _listed_by_git() if (ROOT / ".git").exists() else _found()
    return [path for path in names if path.is_symlink() or path.is_file()]


def copy_to(target):
    """Copies everything, as a clean checkout has it."""
    for path in everything():
        copy = target / path.relative_to(ROOT)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(path, copy, follow_symlinks=False)


def all_files():
    return [path for path in everything() if not path.is_symlink()]


def relative(path):
    return str(path.relative_to(ROOT))


def c_files():
    return [path for path in all_files() if path.suffix in (".c", ".h")]


def scripts(*interpreters):
    """The files whose first line names one of these interpreters."""
    def first_line(path):
        with open(path, "rb") as text:
            return text.readline().split()

    def is_one(words):
        return bool(words) and words[0].startswith(b"#!") and any(
            word.rpartition(b"/")[2].decode() in interpreters for word in words)

    return [path for path in all_files() if is_one(first_line(path))]


def sourced_scripts():
    """The files that another shell reads, and that so say to shellcheck what they are."""
    return [path for path in all_files() if b"\n# shellcheck shell=" in path.read_bytes()[:1024]]
