# SPDX-License-Identifier: LGPL-2.1-or-later
"""Strings that want to be more than strings: refused, or dropped, and nothing is written of them."""

import string

from case import TAG_1, Case, file_of, name_of, record
from room import MLX5_MODALIAS

# In a modalias, a glob, a pin, a name of a driver: each is refused.
HOSTILE = [
    "a\nb", "a\n VFIO_VARIANT_BIND=1", "a\n\nusb:*\n ID_X=1", "a\rb", "a\tb", "a b", "a\x00"[:1] + "\x01",
    "a\x1b[2J", "a\x7f", "a#b", "#", 'a"b', "a'b", "a`id`", "a$(reboot)", "$env{PATH}", "%k", "%n%s",
    "a;b", "a|b", "a&b", "a>b", "a\\b", "a/b", "../../etc/passwd", "a{b,c}", "a=b", "a,b", "é", "☃",
    b"a\xff\xfe".decode("utf-8", "surrogateescape"), "x" * 65536,
]
# Means something in a match key, and is in no modalias and no sysname.
GLOBS = ["*", "?", "[", "]", "[!a]", "a*"]
# A glob of modaliases may have these.
GOOD_GLOBS = ["pci:*", "cdx:v10EEd8084*", "pci:v0000????d*", "pci:v*d0000101[EF]*", "pci:v[!0]*", "pci:v[0-3]*"]


class Modalias(Case):
    def set_modalias(self, text):
        (self.world.devices["0000:3b:00.1"].directory / "modalias").write_text(
            text, encoding="utf-8", errors="surrogateescape")

    def test_modalias(self):
        for value in HOSTILE + GLOBS:
            for text in (f"pci:v000015B3d0000101E{value}sv0sd0bc02sc00i00",
                         f"pci:v000015B3d0000101Esv0sd0bc02sc00i00{value}", value,
                         f"pci:{value}v000015B3d0000101Esv0sd0bc02sc00i00"):
                with self.subTest(text=text[:60]):
                    self.set_modalias(text)
                    self.refused(1, "match key|too long|cannot open", "tag", "3b:00.1")
                    self.assertEqual(self.world.tags(), {})

    def test_modalias_of_another_form(self):
        for text in ("", "pci:", "pci", "pci:v", "pci:vsv"[:5], "pci:d0000101Esv0", ":v1d2sv3",
                     "usb:v1234p5678", "pci:v000015B3d0000101E"):
            with self.subTest(text=text):
                self.set_modalias(text)
                self.refused(1, "match key", "tag", "3b:00.1")
                self.assertEqual(self.world.tags(), {})

    def test_device_with_a_hostile_string_costs_no_other(self):
        self.set_modalias("pci:v000015B3d0000101E\n*")
        self.done("tag", "--modalias=pci:v000015B3d0000101E*")
        self.assertEqual(self.world.triggered(), ["0000:3b:00.2", "0000:3b:00.3", "0000:5e:00.1"])
        self.done("claim", says="0000:3b:00.2")
        self.assertEqual(self.world.override("0000:3b:00.1"), "(null)")

    def test_device_without_a_modalias(self):
        """The state of one is unknown; all others are listed."""
        self.set_modalias("")
        for words in ([], ["--json"]):
            with self.subTest(words=words):
                done = self.world.run("list", *words)
                self.assertEqual(done.returncode, 1)
                self.assertRegex(done.stderr.decode(), ": invalid modalias of a device whose")
                self.assertRegex(done.stdout.decode(), r"unknown[^\n]*invalid modalias|"
                                                       r'"unknown",\s*"reason": "invalid modalias"')
                self.assertIn("0000:5e:00.1", done.stdout.decode())

    def test_name_of_a_device(self):
        for name in ("0000:6f:00.*", "0000:6f:00.[1]", "0000:6f:00 1", "0000:6f:00.1\n", "a\x1b[2J",
                     "0000:6f:00.#"):
            with self.subTest(name=name):
                self.world.reset()
                self.world.add(name, 0x15B3, 0x101E, 0x020000)
                said = self.refused(1, "match key|cannot open", "tag", name)
                self.assertNotIn("\x1b", said)
                self.done("tag", "3b:00.1")
                self.done("claim", says="0000:3b:00.1")


class Argument(Case):
    def test_glob(self):
        for value in HOSTILE:
            for text in (f"pci:v{value}", f"pci:{value}*"):
                with self.subTest(glob=text[:60]):
                    self.refused(2, "--modalias|name is too long", "tag", f"--modalias={text}")
        for value in ("*", "?*", "[p]ci:*", "usb:*", "pci", "pci*", "vfio-variant:pci:*", "-"):
            with self.subTest(glob=value):
                self.refused(2, "--modalias", "tag", f"--modalias={value}")
                self.refused(2, "--modalias", "untag", f"--modalias={value}")
        self.assertEqual(self.world.tags(), {})

    def test_good_glob(self):
        for glob in GOOD_GLOBS:
            with self.subTest(glob=glob):
                self.world.reset()
                key = f"vfio-variant:{glob}"
                self.done("tag", f"--modalias={glob}", warns=r"\A|no device matches")
                self.assertEqual(self.world.tags(), {name_of(key): file_of(key)})

    def test_every_letter(self):
        """Of all characters only these are accepted."""
        good = string.ascii_letters + string.digits + ":*?[]!-"
        for character in map(chr, range(1, 127)):
            if character not in good:
                with self.subTest(character=character):
                    self.refused(2, "--modalias", "tag", f"--modalias=pci:{character}")

    def test_pin(self):
        for value in [*HOSTILE, *GLOBS, ".", "..", ".a", "a" * 56]:
            with self.subTest(pin=value[:60]):
                self.refused(2, "--pin", "tag", f"--pin={value}", "3b:00.1")
        self.assertEqual(self.world.tags(), {})

    def test_driver(self):
        for value in [*HOSTILE, *GLOBS]:
            with self.subTest(driver=value[:60]):
                self.refused(2, "invalid driver", "bind", "--dry-run", f"--driver={value}",
                             "3b:00.1")

    def test_device(self):
        for value in HOSTILE:
            for verb in ("bind", "unbind", "tag", "untag"):
                with self.subTest(verb=verb, device=value[:60]):
                    done = self.world.run(verb, value)
                    self.assertRegex(done.stderr, rb"\A(?:[ -~]+\n)*\Z")
                    self.assertRegex(done.stdout, rb"\A(?:[ -~]+\n)*\Z")
        self.assertEqual(self.world.tags(), {})


class Hwdb(Case):
    """What an administrator, or who can write for one, has in hwdb."""

    def test_bind(self):
        for value in ["yes", "true", "2", "11", "01", " 1", "Force", "forced", "x" * 300, "$(id)"]:
            with self.subTest(value=value[:60]):
                self.world.write_hwdb("61-admin.hwdb", f"{TAG_1}\n VFIO_VARIANT_BIND={value}\n")
                self.done("claim", warns="VFIO_VARIANT_BIND of 0000:3b:00.1 is ignored")
                self.assertEqual(self.world.override("0000:3b:00.1"), "(null)")

    def test_pin(self):
        for value in ["../../x", "a b", "x" * 300, "$(id)", "%n", "a;b", "é"]:
            with self.subTest(value=value[:60]):
                self.world.reset()
                self.world.write_hwdb("61-admin.hwdb", record(TAG_1, "1", value))
                self.done("claim", says="mlx5_vfio_pci",
                          warns="VFIO_VARIANT_PIN of 0000:3b:00.1 is ignored")
                self.assertEqual(self.world.override("0000:3b:00.1"), "mlx5_vfio_pci")

    def test_environment(self):
        device = self.world.devices["0000:3b:00.1"]
        environment = {"DEVPATH": device.devpath, "SUBSYSTEM": "pci", "ACTION": "add",
                       "VFIO_VARIANT_BIND": "1", "VFIO_VARIANT_DRIVER": "vfio-pci"}
        for name in ("VFIO_VARIANT_DRIVER", "VFIO_VARIANT_MODULE", "VFIO_VARIANT_FALLBACK",
                     "VFIO_VARIANT_PIN", "SUBSYSTEM", "DEVPATH"):
            for value in [one for one in HOSTILE if len(one) < 60000]:
                with self.subTest(name=name, value=value[:60]):
                    done = self.world.run("bind-added", "--dry-run",
                                          environment={**environment, name: value})
                    self.assertIn(done.returncode, (0, 1, 2, 3), done.stderr)
                    self.assertRegex(done.stderr, rb"\A(?:[ -~]+\n)*\Z")
                    self.assertRegex(done.stdout, rb"\A(?:[ -~]+\n)*\Z")
        self.assertEqual(self.world.override("0000:3b:00.1"), "(null)")

    def test_shown_source(self):
        self.world.write_hwdb("61-admin.hwdb", f"vfio-variant:{MLX5_MODALIAS}\n"
                                               "vfio-variant:*\x1b[2J*\n VFIO_VARIANT_BIND=1\n")
        self.refused(1, "still tagged", "untag", "3b:00.1")
        self.assertEqual(self.world.tags(), {})
