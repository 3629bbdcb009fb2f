# SPDX-License-Identifier: LGPL-2.1-or-later
"""explain: the rank of the candidates, by which rule, and what became of each."""

import contextlib
import json
import pathlib
import shutil

import jsonschema

from case import TAG_1, Case, record
from room import MLX5, MLX5_MODALIAS
from test_hostile import HOSTILE
from trees import make_tree

HERE = pathlib.Path(__file__).resolve().parent
TREE = HERE / "explain.tree"
DEPENDENCIES_TREE = HERE.parent / "golden/trees/dependencies.tree"
NO_VFIO_TREE = HERE.parent / "golden/trees/no-vfio.tree"
BUILT_IN_GENERIC_TREE = HERE.parent / "golden/trees/builtin-generic.tree"
OLD_TREE = HERE.parent / "golden/trees/old.tree"
SCHEMA = json.loads((HERE.parent.parent / "src/vfio-variant/vfio-variant.schema.json")
                    .read_text(encoding="ascii"))
jsonschema.Draft202012Validator.check_schema(SCHEMA)
VALIDATOR = jsonschema.Draft202012Validator({**SCHEMA, "anyOf": [{"$ref": "#/$defs/explain"}]})
DEVICE = "0000:3b:00.1"
BRIDGE = "0000:00:1c.0"
CLOSER_MODALIAS = "pci:v000015B3d0000101Esv000015B3sd00000001bc02sc00i00"
# Of a class that has a driver of its own.
CLASS_MODALIAS = "pci:v000015B3d0000101Esv000015B3sd00000001bc0Bsc40i00"
OTHER_MODALIAS = "pci:v00009999d00000001sv00000000sd00000000bc02sc00i00"
LOWER = ["vfio-pci next generic", "any_vfio_pci lower last"]
# What is answered for DEVICE without any configuration.
ANSWER = ["mlx5_vfio_pci won wildcards", "vfio-pci fallback generic", "any_vfio_pci lower last"]


def modalias(number):
    """Of a device that is not here, for which explain.tree has a driver."""
    return f"pci:v00001234d0000000{number}sv00000000sd00000000bc02sc00i00"


class ExplainCase(Case):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        make_tree(cls.world.root, TREE)

    def setUp(self):
        super().setUp()
        shutil.rmtree(self.world.root / "etc/modprobe.d", ignore_errors=True)

    def questions(self, *words, status=0, warns=r"\A\Z"):
        """What --json prints, which is as the schema has it."""
        done = self.world.run("explain", "--json", *words)
        self.assertEqual(done.returncode, status, done.stderr)
        self.assertRegex(done.stderr.decode(), warns)
        self.assertRegex(done.stdout + done.stderr, rb"\A(?:[ -~]*\n)+\Z")
        document = json.loads(done.stdout)
        VALIDATOR.validate(document)
        return document["results"]

    def question(self, word, **how):
        found, = self.questions(word, **how)
        return found

    def candidates(self, word, **how):
        return self.question(word, **how)["candidates"]

    def assert_weighed(self, word, *wanted, **how):
        """Just these, in this order: "DRIVER VERDICT RULE". Returns them whole."""
        found = self.candidates(word, **how)
        self.assertEqual(["{driver} {verdict} {rule}".format(**one) for one in found], list(wanted))
        return found

    def modprobe(self, text):
        """Has the administrator's modprobe.d say this."""
        path = self.world.root / "etc/modprobe.d/local.conf"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def pin(self, name):
        self.world.write_hwdb("61-admin.hwdb", f"{TAG_1}\n VFIO_VARIANT_PIN={name}\n")

    @contextlib.contextmanager
    def tree(self, description):
        """Another module tree."""
        make_tree(self.world.root, description)
        try:
            yield
        finally:
            make_tree(self.world.root, TREE)


class Rank(ExplainCase):
    def test_wildcards(self):
        found = self.assert_weighed(CLOSER_MODALIAS, "closer_vfio_pci won wildcards",
                                    "mlx5_vfio_pci fallback wildcards", *LOWER)
        self.assertEqual([one["wildcards"] for one in found], [4, 5, 7, 7])
        self.assertEqual(found[0]["alias"], "vfio_pci:v000015B3d0000101Esv000015B3sd*bc*sc*i*")
        self.assertEqual([len(one["alias"]) - one["wildcards"] for one in found],
                         [one["literals"] for one in found])

    def test_literals(self):
        """The wildcard after the last digit is not counted, or class_vfio_pci had one more."""
        found = self.assert_weighed(CLASS_MODALIAS, "closer_vfio_pci won literals",
                                    "class_vfio_pci fallback wildcards",
                                    "mlx5_vfio_pci next wildcards", *LOWER)
        self.assertEqual([one["wildcards"] for one in found], [4, 4, 5, 7, 7])
        self.assertGreater(found[0]["literals"], found[1]["literals"])
        self.assertIn("more literal characters", found[0]["reason"])

    def test_generic(self):
        """Before another one that fits all, wherever that is in modules.order."""
        found = self.assert_weighed(OTHER_MODALIAS, "vfio-pci won generic", "any_vfio_pci lower last")
        self.assertEqual(found[0]["module"], "vfio_pci")

    def test_order(self):
        found = self.assert_weighed(modalias(1), "second_vfio_pci won priority",
                                    "first_vfio_pci fallback wildcards",
                                    "twice_vfio_pci next wildcards", *LOWER)
        self.assertLess(found[0]["priority"], found[1]["priority"])
        self.assertIn("modules.order", found[0]["reason"])

    def test_name(self):
        found = self.assert_weighed(modalias(3), "beside_vfio_pci won name",
                                    "inside_vfio_pci fallback wildcards",
                                    "twice_vfio_pci next wildcards", *LOWER)
        self.assertEqual([one["built_in"] for one in found], [True, True, False, False, False])

    def test_same(self):
        found = self.assert_weighed(modalias(2), "twice_vfio_pci won wildcards",
                                    "twice_vfio_pci same wildcards",
                                    "vfio-pci fallback generic", LOWER[1])
        self.assertNotEqual(found[0]["alias"], found[1]["alias"])

    def test_missing(self):
        """The best one is out: its fallback becomes the answer, and the next the fallback."""
        found = self.assert_weighed(modalias(4), "lost_vfio_pci missing wildcards",
                                    "twice_vfio_pci won wildcards", "vfio-pci fallback generic",
                                    LOWER[1])
        self.assertIn("no such module", found[0]["reason"])

    def test_other_bus(self):
        self.assert_weighed("cdx:v10EEd8084sv10EEsd0001c020000", "vfio-cdx won last")

    def test_old_kernel(self):
        """Which has no aliases for VFIO drivers, but the generic one."""
        with self.tree(OLD_TREE):
            found, = self.assert_weighed(DEVICE, "vfio-pci won last")
        self.assertEqual((found["origin"], found["alias"], found["built_in"], found["priority"]),
                         ("generic", None, False, None))

    def test_generic_is_built_in_without_alias(self):
        """The index knows the bus, and not its generic driver (Ubuntu)."""
        with self.tree(BUILT_IN_GENERIC_TREE):
            found = self.assert_weighed(DEVICE, "mlx5_vfio_pci won wildcards",
                                        "vfio-pci fallback last")
            self.assertIn("\nThe choice is vfio-pci, which is built in; there is no fallback.\n",
                          self.done("explain", OTHER_MODALIAS))
        self.assertEqual([one["built_in"] for one in found], [False, True])

    def test_generic_without_alias_is_missing(self):
        with self.tree(NO_VFIO_TREE):
            found, = self.assert_weighed(DEVICE, "vfio-pci missing last")
        self.assertEqual((found["origin"], found["alias"]), ("generic", None))

    def test_it_is_what_udev_is_told(self):
        """The same as the answer that info has."""
        for name in self.world.devices:
            if name == BRIDGE:
                continue
            answer = json.loads(self.done("info", "--json", name))["devices"][0]["variant"]
            verdicts = {one["verdict"]: one["driver"] for one in self.candidates(name)}
            self.assertEqual((answer["driver"], answer["fallback"]),
                             (verdicts["won"], verdicts.get("fallback")))


class Policy(ExplainCase):
    def test_blacklist(self):
        self.modprobe("blacklist mlx5-vfio-pci\n")
        found = self.assert_weighed(DEVICE, "mlx5_vfio_pci blacklisted wildcards",
                                    "vfio-pci won generic", "any_vfio_pci lower last")
        self.assertIn("modprobe.d", found[0]["reason"])

    def test_blacklist_on_the_command_line(self):
        with self.command_line("quiet module_blacklist=mlx5_vfio_pci,vfio_pci"):
            self.assert_weighed(DEVICE, "mlx5_vfio_pci refused wildcards",
                                "vfio-pci refused generic", "any_vfio_pci won last")

    def test_install_line(self):
        self.modprobe("# CIS\ninstall mlx5_vfio_pci /bin/false\n")
        found = self.assert_weighed(DEVICE, "mlx5_vfio_pci disabled wildcards",
                                    "vfio-pci won generic", "any_vfio_pci lower last")
        self.assertEqual(found[0]["reason"], "out: the install line in /etc/modprobe.d/local.conf:2 "
                                             "disables it")
        self.modprobe("install mlx5_vfio_pci modprobe -i mlx5_vfio_pci\n")
        self.assert_weighed(DEVICE, *ANSWER)

    def test_dependency(self):
        with self.tree(DEPENDENCIES_TREE):
            self.modprobe("\n\ninstall mlx5-core /bin/true\n")
            found = self.assert_weighed(DEVICE, "mlx5_vfio_pci dependency wildcards",
                                        "vfio-pci won last")
            self.assertEqual(found[0]["reason"], "out: it depends on mlx5_core, which the install line "
                                                 "in /etc/modprobe.d/local.conf:3 disables")
            self.modprobe("")
            with self.command_line("module_blacklist=irqbypass"):
                found = self.assert_weighed(DEVICE, "mlx5_vfio_pci dependency wildcards",
                                            "vfio-pci dependency last")
                self.assertIn("remove the parameter if it is not intended, and reboot.\n",
                              self.done("explain", DEVICE, environment={"COLUMNS": "500"}))
        self.assertEqual({one["reason"] for one in found},
                         {"out: it depends on irqbypass, which module_blacklist= on the kernel command "
                          "line forbids"})

    def test_place(self):
        """Of files with one name the first directory's, and files in the order of their names."""
        directory = self.world.root / "usr/lib/modprobe.d"
        directory.mkdir(parents=True, exist_ok=True)
        (directory / "local.conf").write_text("blacklist mlx5_vfio_pci\n", encoding="ascii")
        (directory / "zz.conf").write_text("\nblacklist mlx5_vfio_pci\n", encoding="ascii")
        self.modprobe("# hides that of the distribution\n")
        self.assertEqual(self.candidates(DEVICE)[0]["reason"],
                         "out: blacklisted in /usr/lib/modprobe.d/zz.conf:2")
        (directory / "local.conf").unlink()
        (directory / "zz.conf").unlink()

    def test_all_are_out(self):
        self.modprobe("blacklist mlx5_vfio_pci\nblacklist vfio_pci\nblacklist any_vfio_pci\n")
        self.assert_weighed(DEVICE, "mlx5_vfio_pci blacklisted wildcards",
                            "vfio-pci blacklisted generic", "any_vfio_pci blacklisted last")
        self.assertIn("\nNone of these is usable: remove the line if it is not intended.\n",
                      self.done("explain", DEVICE))

    def test_alias_of_the_administrator(self):
        self.modprobe("alias vfio_pci:v000015B3d0000101E* closer-vfio-pci\n")
        found = self.assert_weighed(DEVICE, "closer_vfio_pci won origin",
                                    "mlx5_vfio_pci fallback wildcards", *LOWER)
        self.assertEqual([one["origin"] for one in found], ["admin", "index", "index", "index"])
        self.assertEqual(found[0]["alias"], "vfio_pci:v000015B3d0000101E*")
        self.assertEqual(found[0]["reason"], "won: by the alias in /etc/modprobe.d/local.conf:1")

    def test_alias_of_the_administrator_to_nothing(self):
        self.modprobe("alias vfio_pci:v000015B3d0000101E* no_such_vfio_pci\n"
                      "alias vfio_pci:v000015B3d0000101F* closer_vfio_pci\n")
        self.assert_weighed(DEVICE, "no_such_vfio_pci missing origin", *ANSWER)

    def test_pin(self):
        for name in ("closer_vfio_pci", "closer-vfio-pci"):
            self.pin(name)
            found = self.assert_weighed(DEVICE, f"{name} won origin",
                                        "mlx5_vfio_pci fallback wildcards", *LOWER)
            self.assertEqual((found[0]["origin"], found[0]["alias"]), ("pin", None))
            self.assertEqual(self.question(DEVICE)["pin"], name)
        self.assertIn("\nVFIO_VARIANT_PIN=closer-vfio-pci\n", self.done("explain", DEVICE))
        self.assertIsNone(self.question("0000:3b:00.2")["pin"])
        self.assertIsNone(self.question(MLX5_MODALIAS)["pin"])

    def test_pin_of_a_candidate(self):
        """It is told twice: as pinned, and in its rank."""
        for name in ("vfio-pci", "vfio_pci"):
            self.pin(name)
            found = self.assert_weighed(DEVICE, "vfio-pci won origin",
                                        "mlx5_vfio_pci lower wildcards",
                                        "vfio-pci same generic", LOWER[1])
            self.assertEqual(found[0]["module"], "vfio_pci")

    def test_pin_goes_past_a_blacklist(self):
        self.modprobe("blacklist closer_vfio_pci\nalias vfio_pci:v* any_vfio_pci\n")
        self.pin("closer_vfio_pci")
        self.assert_weighed(DEVICE, "closer_vfio_pci won origin",
                            "any_vfio_pci fallback origin", "mlx5_vfio_pci next wildcards",
                            "vfio-pci next generic", "any_vfio_pci same last")

    def test_pin_that_the_kernel_refuses(self):
        self.pin("closer_vfio_pci")
        with self.command_line("module_blacklist=closer_vfio_pci"):
            found = self.assert_weighed(DEVICE, "closer_vfio_pci refused origin", *ANSWER)
        self.assertIn("module_blacklist=", found[0]["reason"])

    def test_pin_of_nothing(self):
        self.pin("no_such")
        self.assert_weighed(DEVICE, "no_such missing origin", *ANSWER)

    def test_pin_in_the_udev_database(self):
        """Where the rules were run it is the pin that counts."""
        self.pin("closer_vfio_pci")
        self.world.write_database(DEVICE, {"VFIO_VARIANT_DRIVER": "any_vfio_pci",
                                           "VFIO_VARIANT_PIN": "any_vfio_pci"})
        self.assertEqual(self.question(DEVICE)["pin"], "any_vfio_pci")
        self.assertEqual(self.candidates(DEVICE)[0]["driver"], "any_vfio_pci")


class Database(ExplainCase):
    TRIGGER = f"\n  udevadm trigger --action=change /sys/bus/pci/devices/{DEVICE}\n"

    def test_nothing(self):
        for known in (None, {"ID_X": "1"}):
            if known:
                self.world.write_database(DEVICE, known)
            said = self.done("explain", DEVICE)
            self.assertIn("The udev database has no choice. To update it:", said)
            self.assertTrue(said.endswith(self.TRIGGER), said)

    def test_same(self):
        self.world.write_database(DEVICE, {"VFIO_VARIANT_DRIVER": "mlx5_vfio_pci"})
        said = self.done("explain", DEVICE)
        self.assertTrue(said.endswith("\nThe udev database has the same choice.\n"), said)
        self.assertNotIn("udevadm", said)

    def test_another(self):
        """It is what bind uses, and so explain must not say otherwise."""
        self.world.write_database(DEVICE, {"VFIO_VARIANT_DRIVER": "closer_vfio_pci"})
        said = self.done("explain", DEVICE)
        self.assertIn("\nThe choice is mlx5_vfio_pci, in module mlx5_vfio_pci;", said)
        self.assertIn("\nThe udev database has closer_vfio_pci, and `vfio-variant bind` uses "
                      "that. ", said)
        self.assertTrue(said.endswith(self.TRIGGER), said)
        self.world.set_no_iommu_mode("Y")
        self.done("bind", "--dry-run", "--force", DEVICE, says="closer_vfio_pci",
                  warns="overridden with --force")

    def test_hostile(self):
        for name in ("VFIO_VARIANT_DRIVER", "VFIO_VARIANT_PIN"):
            for value in (one for one in HOSTILE if len(one) < 1000 and not set("\r\n") & set(one)):
                with self.subTest(name=name, value=value):
                    self.world.write_database(DEVICE, {name: value})
                    said = self.done("explain", DEVICE, warns=rf"\A[^\n]*{name} of {DEVICE} is "
                                                              r"ignored:[^\n]*\n\Z")
                    self.assertRegex(said, r"\A(?:[ -~]+\n)+\Z")
                    self.assertIn("The udev database has no choice.", said)


class Word(ExplainCase):
    """What DEVICE|MODALIAS may be."""

    def test_device(self):
        self.world.add_interface("eth0", self.world.devices[DEVICE].directory)
        for name in (DEVICE, "3b:00.1", f"/sys/devices/pci0000:00/{DEVICE}", "eth0"):
            with self.subTest(name=name):
                found = self.question(name)
                self.assertEqual((found["sysname"], found["modalias"]), (DEVICE, MLX5_MODALIAS))

    def test_modalias(self):
        """Of a device that is not here; and of one that is, by its modalias alone."""
        self.pin("closer_vfio_pci")
        for word in (modalias(1), MLX5_MODALIAS):
            found = self.question(word)
            self.assertEqual((found["sysname"], found["modalias"]), (None, word))
        self.assert_weighed(MLX5_MODALIAS, *ANSWER)
        self.assertNotIn("udev", self.done("explain", MLX5_MODALIAS))

    def test_modalias_that_nothing_fits(self):
        for word in ("pci:v", "pci:v*", "pci:v000015B3d0000101E"):
            with self.subTest(word=word):
                self.assertEqual(self.candidates(word), [])
                said = self.done("explain", word)
                self.assertTrue(said.startswith(f"vfio_{word}\nNo alias of the module index matches"))
                self.assertIn("the modalias is complete", said)

    def test_buses(self):
        """The advice is of the bus, and no generic module is invented for a bus that has none."""
        self.done("explain", "cdx:v10", says="vfio_cdx matches each device of this bus")
        word = "usb:v1D6Bp0002d0510dc09dsc00dp03ic09isc00ip00in00"
        self.assertEqual(self.candidates(word), [])
        said = self.done("explain", word, says="PCI and CDX devices have a generic VFIO driver")
        self.assertNotIn("vfio_usb ", said)

    def test_several(self):
        """In their order; one that isn't there costs no other, and no empty line."""
        found = self.questions(DEVICE, "eth77", MLX5_MODALIAS, status=1, warns="eth77")
        self.assertEqual([one["sysname"] for one in found], [DEVICE, None])
        done = self.world.run("explain", "eth77", DEVICE, "eth77", modalias(3))
        self.assertEqual(done.returncode, 1)
        texts = done.stdout.decode().split("\n\n")
        self.assertEqual([text.split("\n")[0] for text in texts],
                         [f"{DEVICE}: vfio_{MLX5_MODALIAS}", f"vfio_{modalias(3)}"])

    def test_info_of_several(self):
        """As explain does."""
        said = self.world.run("info", "eth77", DEVICE, "eth77", "5e:00.1").stdout.decode()
        self.assertEqual([text.split()[0] for text in said.split("\n\n")], [DEVICE, "0000:5e:00.1"])

    def test_wrong(self):
        self.refused(2, "at least one DEVICE or MODALIAS", "explain")
        self.refused(2, "unknown option --bogus", "explain", "--bogus", DEVICE)
        self.refused(2, "invalid device", "explain", "..")
        self.refused(2, "invalid modalias: pci:; `cat ", "explain", "pci:")
        self.refused(2, "pci:v1 is a modalias, not a device", "info", "pci:v1")
        for word in ("eth77", "0000:77:00.0", f"{DEVICE}x"):
            with self.subTest(word=word):
                self.refused(1, "No such device", "explain", word)
        for word in ("pci:v000015B3 ", "pci:v\x1b[2J", "pci:vé", "pci:v" + "1" * 65536):
            with self.subTest(word=word[:60]):
                self.refused(2, "invalid modalias", "explain", word)

    def test_hostile(self):
        for value in HOSTILE:
            for word in (value, f"pci:v{value}", f"pci:{value}:x"):
                with self.subTest(word=word[:60]):
                    done = self.world.run("explain", word)
                    self.assertIn(done.returncode, (0, 1, 2))
                    self.assertRegex(done.stdout + done.stderr, rb"\A(?:[ -~]+\n)+\Z")

    def test_hostile_modalias_of_a_device(self):
        path = self.world.devices[DEVICE].directory / "modalias"
        for value in HOSTILE:
            with self.subTest(value=value[:60]):
                path.write_text(f"pci:v{value}\n", encoding="utf-8", errors="surrogateescape")
                done = self.world.run("explain", DEVICE)
                self.assertIn(done.returncode, (0, 1))
                self.assertRegex(done.stdout + done.stderr, rb"\A(?:[ -~]+\n)+\Z")


class Errors(ExplainCase):
    def test_damaged_index(self):
        directory, = (self.world.root / "usr/lib/modules").iterdir()
        index = directory / "modules.alias.bin"
        whole = index.read_bytes()
        try:
            index.write_bytes(whole[:100])
            self.assert_weighed(DEVICE, *ANSWER, warns="modules.alias.bin.*damaged.*depmod")
            (directory / "modules.alias").unlink()
            self.refused(1, "damaged.*depmod", "explain", DEVICE)
            self.refused(1, "damaged.*depmod", "explain", MLX5_MODALIAS)
            self.assertEqual(self.questions(DEVICE, MLX5_MODALIAS, status=1, warns="depmod"), [])
        finally:
            make_tree(self.world.root, TREE)

    def test_full_disk(self):
        for words in ((), ("--json",)):
            with open("/dev/full", "wb") as full:
                done = self.world.run("explain", *words, DEVICE, stdout=full)
            self.assertEqual(done.returncode, 1)
            self.assertIn(b"space", done.stderr)


class Text(ExplainCase):
    """All of it, as a person sees it."""

    def test_device(self):
        self.world.write_database(DEVICE, {"VFIO_VARIANT_DRIVER": "mlx5_vfio_pci"})
        self.assertEqual(self.done("explain", DEVICE, environment={"COLUMNS": "80"}), f"""\
{DEVICE}: vfio_{MLX5_MODALIAS}
# DRIVER        MODULE        WILDCARDS LITERALS VERDICT
1 mlx5_vfio_pci mlx5_vfio_pci         5       36 won
  vfio_pci:v000015B3d0000101Esv*sd*bc*sc*i*: it has fewer wildcards than the
  next
2 vfio-pci      vfio_pci              7       20 fallback
  vfio_pci:v*d*sv*sd*bc*sc*i*: tried if the probe of the winner fails
3 any_vfio_pci  any_vfio_pci          7       20 lower
  vfio_pci:v*d*sv*sd*bc*sc*i*: ranks below the generic driver, the last that is
  tried
The choice is mlx5_vfio_pci, in module mlx5_vfio_pci; if its probe fails,
vfio-pci.
The udev database has the same choice.
""")

    def test_built_in_and_pinned(self):
        """A pin has no alias, and so nothing to count; what is built in is in no module."""
        self.assertIn("\nThe choice is beside_vfio_pci, which is built in; if its probe fails, "
                      "inside_vfio_pci.\n", self.done("explain", modalias(3)))
        self.pin("closer_vfio_pci")
        self.assertRegex(self.done("explain", DEVICE),
                         r"\n1 closer_vfio_pci closer_vfio_pci +won\n"
                         r"  pinned in /etc/udev/hwdb\.d/61-admin\.hwdb:\d+\n2 ")

    def test_no_fallback(self):
        self.assertIn("\nThe choice is vfio-cdx, in module vfio_cdx; there is no fallback.\n",
                      self.done("explain", "cdx:v10EEd8084sv10EEsd0001c020000"))

    def test_not_for_guests(self):
        (self.world.devices[BRIDGE].directory / "config").write_bytes(bytes(14) + b"\x01" + bytes(49))
        iommu = self.world.add("0000:00:00.2", 0x1022, 0x1481, 0x080600)
        for name, what in ((BRIDGE, "a bridge"), (iommu.sysname, "an IOMMU")):
            said = self.done("explain", name)
            self.assertTrue(said.endswith(f"\nIt cannot be assigned to a guest: it is {what}.\n"), said)
            self.assertNotIn("The choice is", said)

    def test_80_columns(self):
        """But for a modalias, an alias and a command, which are parted nowhere."""
        self.modprobe(f"alias vfio_pci:v000015B3d0000101Esv{'?' * 8}sd* {'x' * 40}_pci\n")
        self.world.add("0000:77:00.0", **MLX5)
        for name in (DEVICE, "77:00.0", BRIDGE, modalias(1), modalias(4), "pci:v"):
            for line in self.done("explain", name, environment={"COLUMNS": "80"}).splitlines():
                if not line.split(": ")[-1].startswith("vfio_pci:"):
                    self.assertLessEqual(len(line), 80, line)
