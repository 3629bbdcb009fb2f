# SPDX-License-Identifier: LGPL-2.1-or-later
"""tag and untag: the initramfs images, which have the tags of the time when they were made."""

import os

from case import TAG_1, Case, name_of


class InitramfsImages(Case):
    """The command that makes the images again is printed, or run with --initramfs."""

    TOOLS = [("usr/share/initramfs-tools/hooks/vfio-variant", "usr/sbin/update-initramfs", "-u -k all"),
             ("usr/lib/dracut/modules.d/99vfio-variant/module-setup.sh", "usr/bin/dracut", "--force --regenerate-all"),
             ("usr/lib/initcpio/install/vfio-variant", "usr/bin/mkinitcpio", "-P")]
    IMAGE = f"boot/initrd.img-{os.uname().release}"
    WRITES = f"echo after >/{IMAGE}"

    def setUp(self):
        super().setUp()
        image = self.world.root / self.IMAGE
        image.parent.mkdir(exist_ok=True)
        self.addCleanup(image.unlink, missing_ok=True)

    def install(self, hook, program, status=0, last=WRITES):
        """A tool that makes images, and writes its arguments to a file."""
        for name, text in ((hook, ""), (program, f"#!/bin/sh\necho ${{0##*/}} $* >/run/made\n{last}\nexit {status}\n")):
            path = self.world.root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
            path.chmod(0o755)
            self.addCleanup(path.unlink, missing_ok=True)

    def made(self):
        path = self.world.root / "run/made"
        if not path.exists():
            return None
        text = path.read_text(encoding="utf-8")
        path.unlink()
        return text

    def test_tools(self):
        for hook, program, words in self.TOOLS:
            command = f"{program.rpartition('/')[2]} {words}"
            with self.subTest(command=command):
                self.doCleanups()
                self.world.reset()
                self.install(hook, program)
                self.assertIn(f"initramfs images: to update them: {command}\n", self.done("tag", "0000:3b:00.1"))
                self.assertNotIn("initramfs", self.done("tag", "0000:3b:00.1"))
                self.assertIn(f"initramfs images: would be updated by: {command}\n",
                              self.done("tag", "--initramfs", "-n", "0000:3b:00.1"))
                self.assertEqual(self.made(), None)
                self.assertIn(f"initramfs images: updated by {command}\n",
                              self.done("tag", "--initramfs", "0000:3b:00.1"))
                self.assertEqual(self.made(), command + "\n")
                self.assertIn(f"initramfs images: to update them: {command}\n", self.done("untag", "0000:3b:00.1"))
                self.assertEqual(self.made(), None)
                self.done("untag", "--initramfs", "0000:3b:00.1", says="was not tagged\ninitramfs images: updated")
                self.assertEqual(self.made(), command + "\n")

    def test_no_tool(self):
        for verb in ("tag", "untag"):
            self.refused(1, "none of initramfs-tools, dracut and mkinitcpio", verb, "--initramfs", "0000:3b:00.1")
        self.assertEqual(self.world.tags(), {})
        self.assertNotIn("initramfs", self.done("tag", "0000:3b:00.1"))

    def test_tool_that_fails(self):
        hook, program, _ = self.TOOLS[0]
        self.install(hook, program, status=9)
        self.refused(1, "`update-initramfs -u -k all` failed", "tag", "--initramfs", "0000:3b:00.1")
        self.assertEqual(self.made(), "update-initramfs -u -k all\n")
        self.assertEqual(list(self.world.tags()), [name_of(TAG_1)])

    def test_tool_that_does_nothing(self):
        """As update-initramfs, if /boot is read-only."""
        (self.world.root / self.IMAGE).write_text("before", encoding="ascii")
        hook, program, _ = self.TOOLS[0]
        self.install(hook, program, last="")
        self.refused(1, "succeeded, but did not write that of the running kernel", "tag", "--initramfs",
                     "0000:3b:00.1")
        self.assertEqual(list(self.world.tags()), [name_of(TAG_1)])
        self.install(hook, program)
        self.done("tag", "--initramfs", "0000:3b:00.1", says="updated by")

    def test_no_image(self):
        """As update-initramfs, which updates only an image that there is."""
        hook, program, _ = self.TOOLS[0]
        self.install(hook, program, last="")
        printed = self.done("tag", "--initramfs", "0000:3b:00.1",
                            warns="`update-initramfs -u -k all` succeeded, but no initramfs image")
        self.assertNotIn("updated", printed)

    def test_update_is_disabled(self):
        """In the configuration of update-initramfs, which is a script: the option -c ignores that."""
        configuration = self.world.root / "etc/initramfs-tools/update-initramfs.conf"
        configuration.parent.mkdir(exist_ok=True)
        self.addCleanup(configuration.unlink)
        for text, option in (("update_initramfs=no\n", "-c"), ("# x\n\n update_initramfs='no' # y", "-c"),
                             ("update_initramfs=yes\nupdate_initramfs=no\n", "-c"),
                             ("update_initramfs=no\nupdate_initramfs=all\n", "-u"),
                             ("#update_initramfs=no\nbackup_initramfs=no\n", "-u"),
                             ("update_initramfs=none\n", "-u"), ("", "-u")):
            with self.subTest(text=text):
                configuration.write_text(text, encoding="ascii")
                self.install(*self.TOOLS[0][:2])
                self.done("tag", "--initramfs", "0000:3b:00.1", says=f"updated by update-initramfs {option} -k all\n")
                self.assertEqual(self.made(), f"update-initramfs {option} -k all\n")
        configuration.write_text("update_initramfs=no\n", encoding="ascii")
        self.install(*self.TOOLS[1][:2])
        (self.world.root / self.TOOLS[0][1]).unlink()
        self.done("tag", "--initramfs", "0000:3b:00.1", says="updated by dracut --force --regenerate-all\n")
