# SPDX-License-Identifier: LGPL-2.1-or-later
"""The scripts of the hooks: what they put into an image, and of mkinitcpio the hook, with its documented
functions; and that a failure ends the tools. tests/vm boots images of the other tools."""

import os
import re
import shutil
import subprocess

from case import TAG_1, TAG_ALL, TAG_FUNCTIONS, Case, record
from room import HERE
from small_root import build_small_root, inside
from trees import make_tree

PROGRAMS = ("bash", "cat", "cmp", "cp", "grep", "install", "ln", "mkdir", "mktemp", "mount", "readlink", "rm",
            "sed", "sort", "umount")
# Of mkinitcpio(8), as they are documented: only what a hook may rely on.
FUNCTIONS = r"""
set -e
BUILDROOT=/image KERNELVERSION=target
map() { local f=$1; shift; for x; do "$f" "$x"; done; }
add_module() { echo "module $1"; }
add_file() { install -D "$1" "$BUILDROOT${2:-$1}"; }
add_binary() { add_file "$@"; }
add_symlink() { mkdir -p "$BUILDROOT${1%/*}"; ln -s "$2" "$BUILDROOT$1"; }
add_runscript() { echo runscript; }
. "$1"
build || echo "what a hook returns is ignored"
"""
# As dracut calls it. It sources only hooks whose names end in .sh.
DRACUT = r"""
dfatal() { echo "$*" >&2; }
dracut_module_included() { false; }
inst_multiple() { :; } ; inst_libdir_file() { :; }
inst_hook() { [[ -e $3 && $3 = *.sh ]] && echo "hook $1 $2"; }
instmods() { echo "modules $*"; }
initdir=/image kernel=target hostonly=
. "$1"
install; installkernel
"""
RULES = ("60-vfio-variant.rules", "70-vfio-variant-bind.rules")
MKINITCPIO = "/usr/lib/initcpio/install/vfio-variant"


class Contents(Case):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        root = cls.world.root
        built = cls.tool.parents[2] / "initramfs"
        build_small_root(root, PROGRAMS)
        text = (built / "initramfs-contents").read_text(encoding="utf-8")
        hook = (built / "mkinitcpio-install").read_text(encoding="utf-8")
        cls.program = re.search(r"\S+/initramfs-contents", hook)[0]
        cls.udev = re.search(r"(\S+)/vfio_variant_id", text)[1]
        unit = re.search(r"\S+/vfio-variant-claim.service", hook)[0]
        for source, target in (
                (built / "initramfs-contents", cls.program),
                (built / "initramfs-claim.sh", re.search(r"\S+/initramfs-claim.sh", hook)[0]),
                (built / "mkinitcpio-install", MKINITCPIO),
                (built / "dracut-module-setup.sh", "/module-setup.sh"),
                (HERE.parent.parent / "initramfs/70-vfio-variant-claim.rules",
                 re.search(r"\S+/70-vfio-variant-claim.rules", text)[0]),
                *((HERE.parent.parent / "rules.d" / name, f"{cls.udev}/rules.d/{name}") for name in RULES),
                (cls.tool.parents[1] / "vfio_variant_id/vfio_variant_id", f"{cls.udev}/vfio_variant_id"),
                (cls.tool.parents[2] / "systemd/vfio-variant-claim.service", unit)):
            path = root / target.lstrip("/")
            path.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(source, path)
            path.chmod(0o755)
        # The kernel that the image is for, and not the running one: it has another variant.
        make_tree(root, HERE / "initramfs.tree", "target")
        (root / "tmp").mkdir(exist_ok=True)

    def setUp(self):
        super().setUp()
        self.image = self.world.root / "image"
        shutil.rmtree(self.image, ignore_errors=True)
        (self.image / "usr/lib").mkdir(parents=True)
        (self.image / "lib").symlink_to("usr/lib")

    def contents(self, *words, status=0):
        done = subprocess.run([*inside(self.world.root), self.program, *words], stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, text=True, check=False,
                              env=self.world.environment())
        self.assertEqual((done.returncode, done.stderr), (status, ""), words)
        return done.stdout.split()

    def files(self):
        return sorted("/" + str(path.relative_to(self.image)) for top in ("etc", "usr")
                      for path in (self.image / top).rglob("*") if not path.is_dir())

    def in_image(self, key):
        return self.world.run_inside("systemd-hwdb", "--root=/image", "query", key).split()

    def test_nothing_is_tagged(self):
        for text in (None, record(TAG_1, bind="0"), f"#{record(TAG_1)}", "vfio-variant:pci:*\n VFIO_VARIANT_PIN=x\n"):
            with self.subTest(text=text):
                if text:
                    self.world.write_hwdb("61-admin.hwdb", text)
                for words in (["is-needed"], ["modules", "target"], ["files", "/image"]):
                    self.assertEqual(self.contents(*words, status=3), [])
                self.assertEqual(self.files(), [])

    def test_disabled(self):
        """Each way that `check` knows."""
        self.world.write_hwdb("61-admin.hwdb", record(TAG_1))
        for directory in ("etc", "run"):
            rules = self.world.root / directory / "udev/rules.d"
            rules.mkdir(parents=True, exist_ok=True)
            for name in ("60-vfio-variant.rules", "70-vfio-variant-bind.rules"):
                with self.subTest(directory=directory, name=name):
                    path = rules / name
                    for target in ("/dev/null", "../../../dev/null"):
                        path.symlink_to(target)
                        self.contents("files", "/image", status=3)
                        path.unlink()
                    path.touch()
                    self.contents("files", "/image", status=3)
                    self.assertEqual(self.files(), [])
                    path.write_text("# own\n", encoding="ascii")
                    self.contents("is-needed")
                    path.unlink()

    def test_failure(self):
        """It is not taken for a system without tags. The other files count if one has an odd name."""
        self.world.write_hwdb("61-admin.hwdb", record(TAG_1))
        self.world.write_hwdb("62-odd\nname.hwdb", record(TAG_ALL))
        self.contents("files", "/image")
        self.assertIn("/etc/udev/hwdb.d/61-admin.hwdb", self.files())
        (self.world.root / "tmp").rename(self.world.root / "no-tmp")
        done = self.world.run_inside("sh", "-c", f"{self.program} files /image || echo $?")
        (self.world.root / "no-tmp").rename(self.world.root / "tmp")
        self.assertEqual(done, "1\n")

    def test_unreadable_file(self):
        """It may have a tag. A directory has none."""
        self.world.write_hwdb("61-admin.hwdb", record(TAG_1))
        directory = self.world.root / "etc/udev/hwdb.d/62-directory.hwdb"
        directory.mkdir()
        self.addCleanup(directory.rmdir)
        self.contents("files", "/image")
        unreadable = self.world.root / "etc/udev/hwdb.d/62-unreadable.hwdb"
        unreadable.symlink_to("/proc/self/mem")
        self.addCleanup(unreadable.unlink)
        done = subprocess.run([*inside(self.world.root), self.program, "files", "/image"], capture_output=True,
                              text=True, check=False, env=self.world.environment())
        self.assertEqual((done.returncode, done.stdout), (1, ""))
        self.assertIn("62-unreadable.hwdb", done.stderr)

    def test_full_tmp(self):
        """The list is whole, or the tool ends."""
        self.world.write_hwdb("61-admin.hwdb", record(TAG_1))
        whole = self.contents("modules", "target")
        full = f"mount -t tmpfs -o size=4k tmpfs /tmp && {self.program} modules target; umount /tmp"
        self.assertEqual(self.world.run_inside("sh", "-c", full).split(), whole)

    def test_kernel_without_index(self):
        """Its image has no other module. The helper says why."""
        self.world.write_hwdb("61-admin.hwdb", record(TAG_1))
        done = subprocess.run([*inside(self.world.root), self.program, "modules", "monolithic"],
                              capture_output=True, text=True, check=False, env=self.world.environment())
        self.assertEqual((done.returncode, done.stdout), (0, "vfio_iommu_type1\nvfio_pci\n"))
        self.assertRegex(done.stderr, "cannot open --modules-dir=/lib/modules/monolithic")

    def test_own_rules(self):
        """Of the administrator: those of the choice are used, those that bind are not in an image."""
        self.world.write_hwdb("61-admin.hwdb", record(TAG_1))
        own = self.world.root / "etc/udev/rules.d"
        own.mkdir(parents=True, exist_ok=True)
        self.addCleanup(shutil.rmtree, own)
        for name in RULES:
            (own / name).write_text("# own\n", encoding="ascii")
        shutil.copytree(own, self.image / "etc/udev/rules.d")
        self.contents("files", "/image")
        self.assertFalse(any(RULES[1] in name for name in self.files()))
        self.assertEqual((self.image / self.udev.lstrip("/") / "rules.d" / RULES[0]).read_text(encoding="ascii"),
                         "# own\n")

    def test_hidden_file(self):
        self.world.write_hwdb("61-admin.hwdb", "")
        below = self.world.root / "usr/lib/udev/hwdb.d/61-admin.hwdb"
        below.write_text(record(TAG_1), encoding="utf-8")
        self.addCleanup(below.unlink)
        self.contents("is-needed", status=3)
        (self.world.root / "etc/udev/hwdb.d/61-admin.hwdb").unlink()
        self.contents("is-needed")

    def test_modules(self):
        """By the index of the target: of devices that are present, by IDs of those that are not, of pins."""
        always = ["vfio_iommu_type1", "vfio_pci"]
        absent = "vfio-variant:device:0000:99:00.0:pci:v00001DD8d00001003*"
        for text, modules in (
                (record(TAG_1), ["next_vfio_pci", "vfio-pci", *always]),
                (record(TAG_ALL), ["next_vfio_pci", "vfio-pci", *always]),
                (record("vfio-variant:pci:*bc02*", "force"), ["next_vfio_pci", "vfio-pci", *always]),
                (record(TAG_FUNCTIONS), ["next_vfio_pci", "vfio-pci", *always]),
                (record(absent), ["pds_vfio_pci", "vfio-pci", *always]),
                (record("vfio-variant:vfs-of:0000:77:00.0:*"), always),
                (record("vfio-variant:device:0000:77:00.0:pci:*", pin="other-vfio"), ["other-vfio", *always])):
            with self.subTest(text=text):
                self.world.write_hwdb("61-admin.hwdb", text)
                self.assertEqual(self.contents("modules", "target"), sorted(modules))

    def test_files(self):
        self.world.write_hwdb("61-admin.hwdb", record(TAG_1))
        self.world.write_hwdb("20-other.hwdb", "pci:v00001234*\n OTHER=1\n")
        self.contents("files", "/image")
        self.assertEqual(self.files(), sorted([
            "/etc/udev/hwdb.d/61-admin.hwdb", "/usr/lib/udev/hwdb.bin",
            "/usr/lib/udev/rules.d/60-vfio-variant.rules", "/usr/lib/udev/rules.d/70-vfio-variant-claim.rules"]))
        self.assertEqual(self.in_image("vfio-variant:device:0000:3b:00.1:pci:v000015B3d0000101Esv0"),
                         ["VFIO_VARIANT_BIND=1"])
        self.assertEqual(self.in_image("pci:v00001234d"), [])

    def test_compiled_hwdb_of_the_tool(self):
        """The image has the system's: it stays. If it is not the one in effect, that one is put there."""
        self.world.write_hwdb("61-admin.hwdb", record(TAG_1) + "\npci:v00001234*\n OTHER=1\n")
        place = self.image / "usr/lib/udev/hwdb.bin"
        place.parent.mkdir()
        for content in (b"old", (self.world.root / "etc/udev/hwdb.bin").read_bytes()):
            place.write_bytes(content)
            self.contents("files", "/image")
            self.assertEqual(self.in_image("pci:v00001234d"), ["OTHER=1"])
            self.assertEqual(self.in_image("vfio-variant:device:0000:3b:00.1:pci:v000015B3d0000101Esv0"),
                             ["VFIO_VARIANT_BIND=1"])
            self.assertEqual([name for name in self.files() if name.endswith(".bin")], ["/usr/lib/udev/hwdb.bin"])

    def mkinitcpio(self):
        return self.world.run_inside("bash", "-c", FUNCTIONS, "bash", MKINITCPIO)

    def test_mkinitcpio(self):
        self.assertEqual((self.mkinitcpio(), self.files()), ("", []))
        self.world.write_hwdb("61-admin.hwdb", record(TAG_1))
        self.assertRegex(self.mkinitcpio(), r"(?s)module next_vfio_pci\?\n.*module vfio_pci\?\nrunscript\n$")
        names = {os.path.basename(name) for name in self.files()}
        self.assertLessEqual({"vfio_variant_id", "vfio_variant_bind", "libkmod.so.2", "libudev.so.1",
                              "initramfs-claim.sh", "hwdb.bin"}, names)
        self.assertFalse(any("service" in name for name in names))

    def test_dracut(self):
        self.world.write_hwdb("61-admin.hwdb", record(TAG_1))
        printed = self.world.run_inside("bash", "-c", DRACUT, "bash", "/module-setup.sh")
        self.assertEqual(printed, "hook cmdline 00\nmodules next_vfio_pci vfio-pci vfio_iommu_type1 vfio_pci\n")

    def test_failure_ends_the_tool(self):
        """The image of before must remain: this one would have no tags, or tags without their modules."""
        program = self.world.root / self.program.lstrip("/")
        whole = program.read_text(encoding="utf-8")
        self.addCleanup(program.write_text, whole, encoding="utf-8")
        for command, message in (("files", "the tags could not be put"), ("modules", "the modules .* are not known")):
            program.write_text(f'#!/bin/sh\n[ "$1" != {command} ] || exit 1\n', encoding="utf-8")
            for functions, hook in ((FUNCTIONS, MKINITCPIO), (DRACUT, "/module-setup.sh")):
                with self.subTest(command=command, hook=hook):
                    done = subprocess.run([*inside(self.world.root), "bash", "-c", functions, "bash", hook],
                                          capture_output=True, text=True, check=False,
                                          env=self.world.environment())
                    self.assertEqual((done.returncode, done.stdout.replace("hook cmdline 00\n", "")), (1, ""))
                    self.assertRegex(done.stderr, f"vfio-variant: {message}")

    def test_mkinitcpio_with_systemd(self):
        self.world.write_hwdb("61-admin.hwdb", record(TAG_1))
        (self.image / "usr/lib/systemd").mkdir()
        (self.image / "usr/lib/systemd/systemd").touch()
        self.assertNotIn("runscript", self.mkinitcpio())
        link, = self.image.rglob("sysinit.target.wants/vfio-variant-claim.service")
        self.assertTrue(link.resolve().is_file())
        self.assertEqual(list(self.image.rglob("initramfs-claim*")), [])
