# SPDX-License-Identifier: LGPL-2.1-or-later
"""check: what it finds in the initramfs image."""

import os
import re
import shutil

from case import TAG_1, record
from check_case import ANSWER, CLAIMING, DEVICE, IMAGE, LISTED, RELEASE, CheckCase


class Image(CheckCase):
    def setUp(self):
        super().setUp()
        self.in_image = "usr/lib/modules/6.1/kernel/drivers/net/mlx5/mlx5-core.ko"
        self.variant = "usr/lib/modules/6.1/kernel/drivers/vfio/pci/mlx5/mlx5-vfio-pci.ko.xz"
        os.utime(self.world.root / IMAGE) # it was made after the tag

    def test_native_driver(self):
        for line in (self.in_image, self.in_image + ".xz", f"-rw-r--r-- 1 root 77 {self.in_image}.zst"):
            self.lists(LISTED + line + "\n")
            self.assert_found(f"note initramfs {DEVICE}: .*mlx5_core is in /{re.escape(IMAGE)}, and")
        self.hold("mlx5_core")
        self.assertRegex(self.found()[-1], f"warning initramfs {DEVICE}: ")
        self.lists(LISTED + self.in_image + CLAIMING + f"etc/udev/hwdb.d/61-admin.hwdb\n{self.variant}\n")
        self.assertFalse(any("initramfs" in one for one in self.found()))

    def test_tags_of_the_image(self):
        """They are compared by the names and the times of the hwdb files."""
        named = CLAIMING + "etc/udev/hwdb.d/61-admin.hwdb\n"
        self.lists(named + self.variant + "\n")
        self.assert_found()
        os.utime(self.world.root / IMAGE, (1, 1))
        self.assert_found(f"warning initramfs None: /{re.escape(IMAGE)} is older than the tag 61-admin.hwdb; "
                          "make the image again")
        os.utime(self.world.root / IMAGE)
        self.lists(CLAIMING + self.variant + "\n")
        self.assert_found("warning initramfs None: .*does not have the tag 61-admin.hwdb")
        self.lists(f"{named}usr/lib/udev/hwdb.d/20-other.hwdb\n{self.variant}\n")
        self.assert_found()
        for removed in ("61-vfio-variant-device:0000:04:00.0:pci:v00001234d00001111%2A.hwdb", "62-mine.hwdb"):
            self.lists(f"{named}etc/udev/hwdb.d/{removed}\n{self.variant}\n")
            self.assert_found(f"warning initramfs None: .*still has the tag {removed}")
        self.lists(f"{CLAIMING}{self.in_image}\n")
        self.assert_found("warning initramfs None: .*does not have the tag 61-admin.hwdb",
                          f"note initramfs {DEVICE}: .*mlx5_core is in ")

    def test_record_removed_from_its_file(self):
        self.lists(f"{CLAIMING}etc/udev/hwdb.d/61-admin.hwdb\netc/udev/hwdb.d/62-mine.hwdb\n{self.variant}\n")
        mine = self.file("etc/udev/hwdb.d/62-mine.hwdb", "#vfio-variant:pci:*\n")
        self.addCleanup(mine.unlink)
        os.utime(self.world.root / "etc/udev/hwdb.d/61-admin.hwdb", (1, 1))
        os.utime(self.world.root / IMAGE, (5, 5))
        os.utime(mine, (9, 9))
        self.assert_found("warning initramfs None: .*still has the tag 62-mine.hwdb")
        os.utime(mine, (1, 1))
        self.assert_found() # it never had a tag: the configuration of dracut adds it to the image

    def test_hidden_file(self):
        """Neither systemd-hwdb nor the hook reads it."""
        hidden = self.file("etc/udev/hwdb.d/.62-mine.hwdb", record(TAG_1))
        self.addCleanup(hidden.unlink)
        self.lists(f"{CLAIMING}etc/udev/hwdb.d/61-admin.hwdb\n{self.variant}\n")
        os.utime(self.world.root / IMAGE)
        self.assert_found()

    def test_nothing_to_reserve(self):
        """A hook adds nothing for a pin alone."""
        self.world.write_hwdb("61-admin.hwdb", record(TAG_1, bind="0", pin="vfio-pci"))
        self.know(**{**ANSWER, "VFIO_VARIANT_BIND": ""})
        self.hold("mlx5_core")
        self.install_tool()
        self.lists("")
        os.utime(self.world.root / IMAGE, (1, 1))
        self.assertFalse(any("initramfs" in one for one in self.found()))

    def test_last_record_removed_from_its_file(self):
        """The directory is older than the image. Nothing is tagged."""
        (self.world.root / "etc/udev/hwdb.d/61-admin.hwdb").unlink()
        self.world.run_inside("systemd-hwdb", "update")
        self.know(**{**ANSWER, "VFIO_VARIANT_BIND": ""})
        self.install_tool()
        self.lists(f"{CLAIMING}etc/udev/hwdb.d/62-mine.hwdb\n")
        mine = self.file("etc/udev/hwdb.d/62-mine.hwdb", "#vfio-variant:pci:*\n")
        self.addCleanup(mine.unlink)
        written = (self.world.root / "etc/udev/hwdb.d").stat().st_mtime
        for path, seconds, is_found in ((IMAGE, 10, False), (mine, 20, True)):
            os.utime(self.world.root / path, (written + seconds, written + seconds))
            self.assertIs(any("still has the tag 62-mine.hwdb" in one for one in self.found()), is_found)

    def test_variant_is_missing(self):
        self.lists(f"{CLAIMING}etc/udev/hwdb.d/61-admin.hwdb\n{self.in_image}\n")
        self.assert_found(f"warning initramfs {DEVICE}: the module of the choice, mlx5_vfio_pci, is not in ")

    def test_disabled_rules(self):
        """No image is to be made with tags, and one that has them is reported."""
        self.file("etc/udev/rules.d/70-vfio-variant-bind.rules")
        self.lists(self.in_image + "\n")
        self.assert_found("note rules None: .*disables")
        self.lists(f"{CLAIMING}etc/udev/hwdb.d/61-admin.hwdb\n{self.variant}\n")
        self.assert_found("note rules None: .*disables", f"warning initramfs None: /{re.escape(IMAGE)} reserves the "
                          "tagged devices, although the rules .* are disabled.*; make the image again")
        shutil.rmtree(self.world.root / "etc/udev/rules.d")

    def test_untagged(self):
        """The image is read if a tag was changed since it was made, and a tool has our hook."""
        (self.world.root / "etc/udev/hwdb.d/61-admin.hwdb").unlink()
        self.world.run_inside("systemd-hwdb", "update")
        self.know(**{**ANSWER, "VFIO_VARIANT_BIND": ""})
        self.hold("mlx5_core")
        self.lists(f"{CLAIMING}etc/udev/hwdb.d/61-vfio-variant-device:0000:04:00.0:pci:%2A.hwdb\n")
        self.assertFalse(any("initramfs" in one for one in self.found()))
        os.utime(self.world.root / IMAGE, (1, 1))
        self.assertFalse(any("initramfs" in one for one in self.found()))
        self.install_tool()
        self.assertRegex("\n".join(self.found()), "warning initramfs None: .*still has the tag .*; "
                                                  "run `update-initramfs -u -k all`")

    def lists_of(self, lists, others):
        """The files of the images of these kernels, and of all others."""
        cases = "".join(f"*{release}) printf '{listed}' ;; " for release, listed in lists.items())
        self.lister("lsinitramfs", f"case $1 in {cases}*) printf '{others}' ;; esac")

    def install_tool(self):
        for path in (self.file("usr/share/initramfs-tools/hooks/vfio-variant"),
                     self.file("usr/sbin/update-initramfs")):
            path.chmod(0o755)
            self.addCleanup(path.unlink)

    def set_age(self, path, seconds):
        written = (self.world.root / "etc/udev/hwdb.d").stat().st_mtime
        os.utime(path, (written - seconds, written - seconds))

    def add_kernel(self, release, image, age):
        """Another installed kernel, and its image, of that many seconds before the last change of a tag."""
        self.file(f"usr/lib/modules/{release}/modules.dep")
        self.addCleanup(shutil.rmtree, self.world.root / "usr/lib/modules" / release)
        self.set_age(self.file(image), age)

    def test_images_of_other_kernels(self):
        """They are listed if a tag was changed since they were made."""
        named = f"{CLAIMING}etc/udev/hwdb.d/61-admin.hwdb\n{self.variant}\n"
        self.lists_of({}, named)
        self.add_kernel("5.0.0-old", "boot/initrd.img-5.0.0-old", 10)
        self.set_age(self.world.root / "etc/udev/hwdb.d/61-admin.hwdb", 20)
        self.install_tool()
        self.assert_found() # the tags are equal
        self.lists_of({"5.0.0-old": ""}, named)
        self.assert_found("note initramfs None: /boot/initrd.img-5.0.0-old does not have the tag 61-admin.hwdb; "
                          "run `update-initramfs -u -k all`")
        more = f"{named}etc/udev/hwdb.d/62-mine.hwdb\n"
        self.lists_of({"5.0.0-old": more, "5.1.0-new": more, "5.4.0-removed": more}, named)
        self.add_kernel("5.1.0-new", "boot/initrd.img-5.1.0-new", -1)
        self.add_kernel("5.2.0-none", "boot/other", 1)
        self.add_kernel("5.3.0-old", "boot/initramfs-5.3.0-old.img", 30)
        self.add_kernel("5.4.0-removed", "boot/initrd.img-5.4.0-removed", 1)
        (self.world.root / "usr/lib/modules/5.4.0-removed/modules.dep").unlink()
        old = ("note initramfs None: /boot/initrd.img-5.0.0-old still has the tag 62-mine.hwdb",
               "note initramfs None: /boot/initramfs-5.3.0-old.img is older than the tag 61-admin.hwdb")
        self.assert_found(*old)
        (self.world.root / IMAGE).unlink()
        self.assert_found("note initramfs None: no initramfs image", *old)
        self.file("etc/udev/rules.d/70-vfio-variant-bind.rules")
        self.addCleanup(shutil.rmtree, self.world.root / "etc/udev/rules.d")
        self.assertFalse(any("tag 6" in one for one in self.found()))
        self.assertRegex("\n".join(self.found()), "/boot/initrd.img-5.0.0-old reserves the tagged devices, although")

    def test_untagged_images_of_other_kernels(self):
        """That of the running kernel was made after the tag was removed."""
        (self.world.root / "etc/udev/hwdb.d/61-admin.hwdb").unlink()
        self.world.run_inside("systemd-hwdb", "update")
        self.know(**{**ANSWER, "VFIO_VARIANT_BIND": ""})
        self.hold("mlx5_core")
        self.install_tool()
        self.add_kernel("5.0.0-old", "boot/initrd.img-5.0.0-old", 10)
        os.utime(self.world.root / IMAGE)
        self.lists_of({}, "")
        self.assertFalse(any("initramfs" in one for one in self.found()))
        self.lists_of({"5.0.0-old": f"{CLAIMING}etc/udev/hwdb.d/61-admin.hwdb\n"}, "")
        self.assertRegex("\n".join(self.found()), "note initramfs None: /boot/initrd.img-5.0.0-old still has the "
                                                  "tag 61-admin.hwdb")

    def test_image_of_both_kernels(self):
        """Arch Linux has one image for the versions of a package."""
        (self.world.root / IMAGE).unlink()
        self.install_tool()
        self.file(f"usr/lib/modules/{RELEASE}/pkgbase", "linux\n")
        self.addCleanup((self.world.root / f"usr/lib/modules/{RELEASE}/pkgbase").unlink)
        self.add_kernel("5.0.0-next", "boot/initramfs-linux.img", 1)
        self.file("usr/lib/modules/5.0.0-next/pkgbase", "linux\n")
        self.lists(f"{CLAIMING}etc/udev/hwdb.d/61-admin.hwdb\n{self.variant}\n")
        self.lister("lsinitramfs", 'while read -r x; do echo "$x"; done </boot/list')
        self.assert_found("warning initramfs None: /boot/initramfs-linux.img is older than the tag")

    def test_other_modules(self):
        for line in ("mlx5_core.kob", "mlx5_core", "mlx5_core_x.ko", "x_mlx5_core.ko", ".ko"):
            self.lists(f"{LISTED}usr/lib/modules/{line}\n")
            self.assert_found()
        self.lists(self.in_image + "\n")
        self.file("etc/modprobe.d/no.conf", "blacklist mlx5_core\n")
        self.assert_found()

    def test_tools(self):
        self.lists(self.in_image + "\n")
        (self.world.root / "usr/bin/lsinitramfs").rename(self.world.root / "usr/bin/lsinitrd")
        self.assert_found("note initramfs .*mlx5_core is in")
        self.lister("lsinitrd", "exit 3")
        self.assert_found("note initramfs None: .*cannot be listed \\(its tool failed\\).*list its files")
        (self.world.root / "usr/bin/lsinitrd").unlink()
        self.assert_found("note initramfs None: none of lsinitramfs, lsinitrd and lsinitcpio.*install")

    def test_places(self):
        self.lists(self.in_image + "\n")
        image = self.world.root / IMAGE
        machine, package = "0123456789abcdef0123456789abcdef", "linux-lts"
        self.file("etc/machine-id", machine + "\n")
        self.file(f"usr/lib/modules/{RELEASE}/pkgbase", package + "\n")
        for name in (f"boot/initramfs-{RELEASE}.img", f"boot/initrd-{RELEASE}", f"boot/initramfs-{package}.img",
                     "boot/initramfs-linux.img", f"boot/{machine}/{RELEASE}/initrd",
                     f"efi/EFI/Linux/{machine}-{RELEASE}.efi", f"boot/EFI/Linux/arch-{package}.efi"):
            (self.world.root / name).parent.mkdir(parents=True, exist_ok=True)
            image = image.rename(self.world.root / name)
            self.lister("lsinitramfs", f'[ "$1" = "/{name}" ] && echo {self.in_image}')
            self.assert_found(f"note initramfs {DEVICE}: .*mlx5_core is in /{re.escape(name)}, ")
        self.file("etc/kernel/entry-token", "mine\n")
        (self.world.root / "boot/mine" / RELEASE).mkdir(parents=True)
        image = image.rename(self.world.root / "boot/mine" / RELEASE / "initrd")
        self.lister("lsinitramfs", f'[ "$1" = "/boot/mine/{RELEASE}/initrd" ] && echo {self.in_image}')
        self.assert_found(f"note initramfs {DEVICE}: .*mlx5_core is in /boot/mine/")
        for name in ("etc/machine-id", "etc/kernel/entry-token", f"usr/lib/modules/{RELEASE}/pkgbase"):
            (self.world.root / name).unlink()
        image.unlink()
        self.assert_found("note initramfs None: no initramfs image.*in /boot")

    def test_is_not_read_in_vain(self):
        self.lister("lsinitramfs", ": >/run/was-run")
        self.found("5e:00.1")
        self.assertFalse((self.world.root / "run/was-run").exists())
        # Nor is libkmod asked, which can die of that
        index = self.world.root / "usr/lib/modules" / RELEASE / "modules.alias.bin"
        whole = index.read_bytes()
        index.write_bytes(whole[:len(whole) // 2])
        self.assertRegex(self.found("3b:00.1")[0], "error index")
        self.assertFalse((self.world.root / "run/was-run").exists())
        index.write_bytes(whole)
        self.found("3b:00.1")
        self.assertTrue((self.world.root / "run/was-run").exists())
        (self.world.root / "run/was-run").unlink()
