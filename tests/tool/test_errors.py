# SPDX-License-Identifier: LGPL-2.1-or-later
"""tag and untag where something fails: nothing is half done, and the message says what to do."""

import contextlib
import fcntl
import os
import shutil
import signal
import stat
import subprocess
import time

from case import TAG_1, Case, file_of, name_of
from room import SECONDS, TAGS, become_ordinary

SCRIPTS = {
    "exits with 1": ("#!/bin/sh\nexit 1\n", "exit status 1"),
    "exits with 77": ("#!/bin/sh\nexit 77\n", "exit status 77"),
    "dies of a signal": ("#!/bin/sh\nkill -9 $$\n", "exit status 137"),
    "is no program": ("\x7fELF", "exit status 126"),
}
# As Ctrl-C in a terminal: to all processes of the command.
INTERRUPTED = "#!/bin/sh\nkill -INT $PPID $$\nexit 0\n"


class Errors(Case):
    def setUp(self):
        super().setUp()
        self.hwdb = self.world.root / "usr/bin/systemd-hwdb"
        self.udevadm = self.world.root / "usr/bin/udevadm"

    @contextlib.contextmanager
    def mounted(self, options, directory="etc/udev/hwdb.d", kind="tmpfs"):
        place = self.world.root / directory
        place.mkdir(parents=True, exist_ok=True)
        source = [place] if kind == "bind" else [kind]
        words = ["--bind"] if kind == "bind" else ["-t", kind, "-o", options]
        subprocess.run(["mount", *words, *source, place], check=True)
        if kind == "bind":
            subprocess.run(["mount", "-o", f"remount,bind,{options}", place], check=True)
        try:
            yield place
        finally:
            subprocess.run(["umount", place], check=True)

    def assert_nothing_done(self, *words, says, **how):
        """All files are as before, and there is none beside them."""
        before = self.world.tags()
        said = self.refused(1, says, *words, **how)
        self.assertIn("nothing was changed", said)
        self.assertEqual(self.world.tags(), before)
        self.assertEqual(self.world.triggered(), [])

    def test_compiler_that_fails(self):
        for name, (script, says) in SCRIPTS.items():
            with self.subTest(script=name):
                self.world.reset()
                self.hwdb.write_text(script, encoding="ascii")
                self.assert_nothing_done("tag", "3b:00.1", says=says)
                self.world.reset()
                self.done("tag", "3b:00.1", "3b:00.3")
                self.world.triggered()
                self.hwdb.write_text(script, encoding="ascii")
                self.assert_nothing_done("tag", "3b:00.2", says=says)
                self.assert_nothing_done("tag", "--force", "3b:00.1", "3b:00.2", says=says)
                self.assert_nothing_done("untag", "3b:00.1", "3b:00.3", says=says)

    def test_compiler_that_is_interrupted(self):
        """All is restored, and then the command ends by the signal as well."""
        real = self.hwdb.read_bytes()
        for words in (["tag", "3b:00.1"], ["untag", "3b:00.2"]):
            with self.subTest(words=words):
                self.hwdb.write_bytes(real)
                self.done("tag", "3b:00.2")
                before = self.world.tags()
                self.hwdb.write_text(INTERRUPTED, encoding="ascii")
                done = self.world.run(*words)
                self.assertIn(done.returncode, (-signal.SIGINT, 128 + signal.SIGINT))
                self.assertRegex(done.stderr.decode(), "exit status 130.*nothing was changed")
                self.assertEqual(self.world.tags(), before)

    def test_directory_that_the_umask_would_hide(self):
        directory = self.world.root / "etc/udev/hwdb.d"
        shutil.rmtree(directory, ignore_errors=True)
        self.done("tag", "3b:00.1", before=lambda: os.umask(0o077))
        self.assertEqual(stat.S_IMODE(directory.stat().st_mode), 0o755)

    def test_compiler_is_missing(self):
        self.hwdb.unlink()
        self.done("tag", "3b:00.1")
        self.assertEqual(self.world.tags(), {name_of(TAG_1): file_of(TAG_1)})
        self.world.triggered()
        self.udevadm.unlink()
        for words in (["untag", "3b:00.1"], ["tag", "3b:00.2"]):
            self.assert_nothing_done(*words, says="systemd-hwdb.*install udev")

    def test_compiler_sees_nothing_of_the_caller_s_environment(self):
        self.hwdb.write_text("#!/bin/sh\nset >/run/environment\n", encoding="ascii")
        self.world.run("tag", "3b:00.1", environment={"SECRET": "x", "SYSTEMD_HWDB_UPDATE_BYPASS": "1",
                                                      "LD_LIBRARY_PATH": "/nowhere"})
        seen = (self.world.root / "run/environment").read_text(encoding="ascii")
        self.assertIn("PATH=", seen)
        for name in ("SECRET", "BYPASS", "LD_"):
            self.assertNotIn(name, seen)

    def test_no_permission(self):
        directory = self.world.root / TAGS
        directory.mkdir()
        for mode in (0o555, 0o000):
            directory.chmod(mode)
            self.refused(1, r"/etc/udev/hwdb\.d.*Permission denied.*outside of a container", "tag", "3b:00.1",
                         before=become_ordinary)
        directory.chmod(0o755)
        self.done("tag", "3b:00.1")
        (directory / name_of(TAG_1)).chmod(0o000)
        self.refused(1, "Permission denied.*outside of a container", "tag", "--force", "3b:00.1",
                     before=become_ordinary)
        self.assertEqual(self.world.tags(), {name_of(TAG_1): file_of(TAG_1)})

    def test_no_permission_for_the_directory(self):
        (self.world.root / "etc/udev").chmod(0o555)
        self.refused(1, "Permission denied.*outside of a container", "tag", "3b:00.1", before=become_ordinary)
        (self.world.root / "etc/udev").chmod(0o755)

    def test_read_only(self):
        self.done("tag", "3b:00.1")
        self.world.triggered()
        with self.mounted("ro", directory="etc/udev", kind="bind"):
            for words in (["tag", "3b:00.2"], ["untag", "3b:00.1"]):
                self.assert_nothing_done(*words, says="Read-only file system")

    def test_full_disk(self):
        with self.mounted("size=4k,nr_inodes=3") as directory:
            (directory / "61-admin.hwdb").write_bytes(b"#" * 4096)
            self.assert_nothing_done("tag", "3b:00.1", says="No space left.*free space")
        # Room for the file, but none for a second one beside it
        with self.mounted("size=8k,nr_inodes=10") as directory:
            self.done("tag", "3b:00.1")
            self.world.triggered()
            (directory / "61-admin.hwdb").write_bytes(b"#" * 4096)
            self.assert_nothing_done("tag", "3b:00.2", says="No space left.*free space")
            self.done("untag", "3b:00.1")  # which needs none
            self.assertEqual(self.world.tags(), {})

    def test_full_disk_for_what_is_restored(self):
        with self.mounted("size=8k,nr_inodes=10") as directory:
            self.done("tag", "3b:00.1")
            self.world.triggered()
            (directory / "61-admin.hwdb").write_bytes(b"#" * 4096)
            self.hwdb.write_text(SCRIPTS["exits with 1"][0], encoding="ascii")
            self.assert_nothing_done("untag", "3b:00.1", says="exit status 1")

    def test_full_disk_for_the_compiled_hwdb(self):
        with self.mounted("size=8k,nr_inodes=12", directory="etc/udev") as directory:
            (directory / "filler").write_bytes(b"#" * 4096)
            self.assert_nothing_done("tag", "3b:00.1", says="systemd-hwdb|no space")

    def test_no_file_of_ours(self):
        path = self.world.root / TAGS / name_of(TAG_1)
        for make, says in ((path.mkdir, "directory"), (lambda: os.mkfifo(path), "not a regular file"),
                           (lambda: path.symlink_to("/dev/null"), "link"),
                           (lambda: path.symlink_to("nowhere"), "link"),
                           (lambda: path.write_bytes(b"#\n" * 600_000), "not made by")):
            self.world.reset()
            path.parent.mkdir()
            make()
            for words in (["tag", "3b:00.1"], ["tag", "--dry-run", "3b:00.1"], ["untag", "3b:00.1"]):
                said = self.refused(1, says, *words)
                self.assertIn(f"/etc/udev/hwdb.d/{path.name}", said)
                self.assertIn("nothing was changed", said)

    def test_directory_is_none(self):
        path = self.world.root / TAGS
        path.touch()
        self.refused(1, r"/etc/udev/hwdb\.d.*Not a directory", "tag", "3b:00.1")

    def test_event_that_cannot_be_sent(self):
        uevent = self.world.devices["0000:3b:00.1"].directory / "uevent"
        uevent.chmod(0o444)
        self.done("tag", "3b:00.1", warns="trigger.*udevadm trigger", before=become_ordinary)
        self.assertEqual(self.world.tagged("0000:3b:00.1"), "1")

    def test_hwdb_that_is_damaged(self):
        (self.world.root / "etc/udev/hwdb.bin").write_bytes(b"KSLPHHRH" + bytes(100))
        self.done("claim", warns=r"\ANo device is tagged.\n\Z")
        self.done("tag", "3b:00.1")
        self.assertEqual(self.world.tagged("0000:3b:00.1"), "1")


class Together(Case):
    def test_many_at_once(self):
        for number in range(4, 8):
            self.world.add(f"0000:3b:00.{number}", 0x15B3, 0x101E, 0x020000)
        names = [f"0000:3b:00.{number}" for number in range(1, 8)]
        for verb, wanted in (("tag", "1"), ("untag", "-")):
            running = [self.world.start(verb, name) for name in names]
            for name, process in zip(names, running):
                stdout, stderr = process.communicate(timeout=SECONDS)
                self.assertEqual(process.returncode, 0, (name, stdout, stderr))
            self.assertEqual([self.world.tagged(name) for name in names], [wanted] * 7)
        self.assertEqual(self.world.tags(), {})

    def test_it_says_what_it_waits_for(self):
        self.done("tag", "3b:00.2")
        directory = os.open(self.world.root / TAGS, os.O_RDONLY)
        fcntl.flock(directory, fcntl.LOCK_EX)
        process = self.world.start("tag", "3b:00.1")
        line = process.stderr.readline()
        self.assertIn(b"waiting for another process that changes /etc/udev/hwdb.d", line)
        time.sleep(0.2)
        self.assertEqual(process.poll(), None)
        self.assertEqual(self.world.tagged("0000:3b:00.1"), "-")
        os.close(directory)
        process.communicate(timeout=SECONDS)
        self.assertEqual(process.returncode, 0)
        self.assertEqual(self.world.tagged("0000:3b:00.1"), "1")
