# SPDX-License-Identifier: LGPL-2.1-or-later
"""claim, and of bind what needs no kernel: which driver, which devices, and the guards' no."""

from case import TAG_1, TAG_ALL, TAG_FUNCTIONS, Case, record
from room import MLX5, MLX5_MODALIAS
from trees import remove_tree

FORCED = "no IOMMU group"
NONE_TAGGED = r"\ANo device is tagged.\n\Z"
ALL_DONE = r"\ANothing to do: each tagged device has a driver or is claimed.\n\Z"


class Claim(Case):
    # The records, and the overrides of 3b:00.1, 3b:00.2 and 5e:00.1: as 60-vfio-variant.rules has
    # it, whose own test has the same order of who wins. "-": none.
    TABLE = [
        ([], "- - -"),
        ([(TAG_1, "1")], "mlx5_vfio_pci - -"),
        ([(TAG_1, "force")], "mlx5_vfio_pci - -"),
        ([(TAG_1, "0")], "- - -"),
        ([(TAG_1, "1", "vfio-pci")], "vfio-pci - -"),
        ([(TAG_1, "1", "vfio_pci")], "vfio-pci - -"),
        ([(TAG_1, "1", "nothing_of_this_name")], "mlx5_vfio_pci - -"),
        ([(TAG_ALL, "1")], "mlx5_vfio_pci mlx5_vfio_pci mlx5_vfio_pci"),
        ([(TAG_ALL, "1"), (TAG_1, "0")], "- mlx5_vfio_pci mlx5_vfio_pci"),
        ([(TAG_FUNCTIONS, "1")], "mlx5_vfio_pci mlx5_vfio_pci -"),
        ([(TAG_ALL, "1"), (TAG_FUNCTIONS, "0")], "- - mlx5_vfio_pci"),
        ([(TAG_FUNCTIONS, "1"), (TAG_1, "0")], "- mlx5_vfio_pci -"),
        ([(TAG_FUNCTIONS, "0"), (TAG_1, "1")], "mlx5_vfio_pci - -"),
        ([(TAG_FUNCTIONS, "1", "vfio-pci"), (TAG_1, "1")], "vfio-pci vfio-pci -"),
        ([(TAG_FUNCTIONS, "1", "vfio-pci"), (TAG_1, "1", "mlx5_vfio_pci")],
         "mlx5_vfio_pci vfio-pci -"),
        ([(TAG_ALL, "0"), (TAG_FUNCTIONS, "1")], "mlx5_vfio_pci mlx5_vfio_pci -"),
        ([(TAG_1, "1"), (TAG_FUNCTIONS, "0"), (TAG_ALL, "1")], "mlx5_vfio_pci - mlx5_vfio_pci"),
        ([(TAG_ALL, "force"), (TAG_FUNCTIONS, "1"), (TAG_1, "force")],
         "mlx5_vfio_pci mlx5_vfio_pci mlx5_vfio_pci"),
        ([("vfio-variant:pci:*", "1", "vfio-pci")], "vfio-pci vfio-pci vfio-pci"),
        ([(TAG_ALL, "force"), (TAG_FUNCTIONS, "0")], "- - mlx5_vfio_pci"),
    ]

    def overrides(self, *sysnames):
        found = [self.world.override(sysname) for sysname in sysnames]
        return " ".join("-" if one == "(null)" else one for one in found)

    def test_table(self):
        for records, wanted in self.TABLE:
            with self.subTest(records=records):
                self.world.reset()
                if records:
                    self.world.write_hwdb("61-admin.hwdb",
                                          "\n".join(record(*one) for one in records))
                missing = any("nothing_of_this_name" in one for one in records)
                warns = NONE_TAGGED if wanted == "- - -" else "is ignored" if missing else None
                said = self.done("claim", warns=warns)
                self.assertEqual(
                    self.overrides("0000:3b:00.1", "0000:3b:00.2", "0000:5e:00.1"), wanted)
                self.assertEqual(self.overrides("0000:00:1c.0"), "-", "a bridge")
                for sysname in ("0000:3b:00.1", "0000:3b:00.2", "0000:5e:00.1"):
                    claimed = self.overrides(sysname) != "-"
                    self.assertEqual(f"{sysname}: claimed" in said, claimed)
                    self.assertEqual(f"vfio-variant unbind {sysname}\n" in said, claimed)

    def test_of_eight_equal_cards_one(self):
        for number in range(8):
            self.world.add(f"0000:7{number}:00.0", **MLX5)
        self.done("tag", "74:00.0")
        self.done("claim")
        self.assertEqual(self.overrides(*[f"0000:7{number}:00.0" for number in range(8)]),
                         "- - - - mlx5_vfio_pci - - -")

    def test_what_a_driver_holds_is_left_alone(self):
        self.world.write_hwdb("61-admin.hwdb", record(TAG_ALL))
        self.world.bind_to("0000:3b:00.1", "mlx5_core")
        self.done("claim")
        self.assertEqual(self.overrides("0000:3b:00.1", "0000:3b:00.2"), "- mlx5_vfio_pci")

    def test_again(self):
        self.world.write_hwdb("61-admin.hwdb", record(TAG_1))
        self.done("claim")
        self.done("claim", says=r"\A\Z", warns=ALL_DONE)
        self.assertEqual(self.overrides("0000:3b:00.1"), "mlx5_vfio_pci")

    def test_disabled_by_parameter(self):
        self.world.write_hwdb("61-admin.hwdb", record(TAG_1))
        with self.command_line('quiet vfio_variant="off"'):
            self.done("claim", says=r"\A\Z", warns=r"\ANothing to do: vfio_variant=off is on the kernel command")
        self.assertEqual(self.overrides("0000:3b:00.1"), "-")

    def test_without_its_module(self):
        """An override without its driver would leave the device without any."""
        self.world.write_hwdb("61-admin.hwdb", record(TAG_1))
        remove_tree(self.world.root)
        try:
            self.refused(1, "no module index|does not exist", "claim")
            self.assertEqual(self.overrides("0000:3b:00.1"), "-")
            # Of a device that has a driver nothing is looked up
            self.world.bind_to("0000:3b:00.1", "mlx5_core")
            self.done("claim", says=r"\A\Z", warns=ALL_DONE)
        finally:
            self.world.make_modules()

    def test_without_sys(self):
        (self.world.root / "sys").rename(self.world.root / "no-sys")
        try:
            self.assertEqual(self.world.run("claim").stdout, b"")
        finally:
            (self.world.root / "no-sys").rename(self.world.root / "sys")


class NoIommu(Case):
    """Devices without an IOMMU group, of which VFIO's no-IOMMU mode binds those that are forced."""

    def setUp(self):
        super().setUp()
        self.world.set_no_iommu_mode("Y")


class Bind(NoIommu):
    """What `bind --dry-run` would do."""

    def dry_run(self, *words, says, warns="no IOMMU group", **how):
        return self.done("bind", "--dry-run", "--force", *words, says=says, warns=warns, **how)

    def test_a_guard_says_no(self):
        said = self.refused(3, "no IOMMU group", "bind", "--dry-run", "3b:00.1")
        self.assertIn("--force", said)
        self.assertIn("nothing was changed", said)

    def test_no_iommu_mode(self):
        """Force helps only if VFIO would bind the device."""
        words = ["bind", "--dry-run", "--force", "3b:00.1"]
        for mode, says in (("N", "enable_unsafe_noiommu_mode of the module vfio is N"),
                           ("", "CONFIG_VFIO_NOIOMMU is not set"),
                           (None, "the module vfio is not loaded")):
            self.world.set_no_iommu_mode(mode)
            with self.subTest(mode=mode):
                said = self.refused(3, f"no IOMMU group.*{says}", *words)
                self.assertIn("--force does not override this", said)

    def test_never_a_bridge(self):
        (self.world.devices["0000:00:1c.0"].directory / "config").write_bytes(
            bytes(14) + b"\x01" + bytes(49))
        for words in ([], ["--force"]):
            said = self.refused(3, "bridge|header", "bind", "--dry-run", *words, "0000:00:1c.0")
            self.assertIn("--force does not override this", said)

    def test_never_what_the_host_depends_on(self):
        """Such a bridge has an ordinary header; so has an NVSwitch, which a guest may have."""
        for sysname, pci_class, says in (("0000:00:00.0", 0x060000, "it is a bridge"),
                                         ("0000:00:1f.0", 0x060100, "it is a bridge"),
                                         ("0000:00:00.2", 0x080600, "it is an IOMMU")):
            self.world.add(sysname, 0x8086, 0x2020, pci_class)
            for words in ([], ["--force"]):
                with self.subTest(sysname=sysname, words=words):
                    self.refused(3, f"{says}; nothing was changed; --force does not override this",
                                 "bind", "--dry-run", *words, sysname)
        self.world.add("0000:c1:00.0", 0x10DE, 0x1AF1, 0x068000)
        self.dry_run("0000:c1:00.0", says="would be bound to vfio-pci")

    def test_by_own_look_up(self):
        self.dry_run("3b:00.1", says="would be bound to mlx5_vfio_pci, current driver: none")
        self.dry_run("3b:00.0", says="would be bound to vfio-pci")
        self.world.write_hwdb("61-admin.hwdb", record(TAG_1, "1", "vfio-pci"))
        self.dry_run("3b:00.1", says="would be bound to vfio-pci")

    def test_by_the_database(self):
        self.world.write_database("0000:3b:00.1", {"VFIO_VARIANT_DRIVER": "virtio_vfio_pci",
                                                   "VFIO_VARIANT_MODULE": "virtio_vfio_pci"})
        self.dry_run("3b:00.1", says="would be bound to virtio_vfio_pci")
        self.dry_run("--driver=vfio-pci", "3b:00.1", says="would be bound to vfio-pci")
        self.world.write_database("0000:3b:00.1", {"VFIO_VARIANT_PIN": "vfio-pci"})
        self.dry_run("3b:00.1", says="would be bound to vfio-pci")

    def test_by_driver_or_module(self):
        for name in ("vfio-pci", "vfio_pci"):
            self.dry_run(f"--driver={name}", "3b:00.1", says="would be bound to vfio-pci")
        self.refused(1, "no module.*nothing_of_this_name.*depmod", "bind", "--dry-run",
                     "--driver=nothing_of_this_name", "3b:00.1")

    def test_no_driver_fits(self):
        remove_tree(self.world.root)
        try:
            self.refused(1, "does not exist; install", "bind", "--dry-run", "3b:00.1")
        finally:
            self.world.make_modules()

    def test_each_driver_is_out(self):
        """By which line or parameter; as check and explain have it."""
        config = self.world.root / "etc/modprobe.d/old.conf"
        config.parent.mkdir(parents=True, exist_ok=True)
        for lines, reason, advice in (
                ("# keep the card\nblacklist vfio-pci\n",
                 "blacklisted in /etc/modprobe.d/old.conf:2", "remove the line if it is not intended"),
                ("install vfio_pci /bin/false\n",
                 "the install line in /etc/modprobe.d/old.conf:1 disables it",
                 "remove the line if it is not intended"),
                ("install vfio* /bin/true\n",
                 "the install line in /etc/modprobe.d/old.conf:1 disables it",
                 "remove the line if it is not intended")):
            config.write_text(lines, encoding="ascii")
            done = self.world.run("bind", "0000:3b:00.0")
            self.assertEqual(done.returncode, 1)
            self.assertIn(f"no VFIO driver is usable: vfio_pci ({reason}); {advice}\n",
                          done.stderr.decode())
            said = self.done("explain", "0000:3b:00.0", environment={"COLUMNS": "500"})
            self.assertIn(f": {reason}\nNone of these is usable: {advice}.\n", said)
        config.unlink()

    def test_driver_whose_module_is_disabled(self):
        config = self.world.root / "etc/modprobe.d/cis.conf"
        config.parent.mkdir(parents=True, exist_ok=True)
        config.write_text("install vfio-pci /bin/false\n", encoding="ascii")
        done = self.world.run("bind", "--driver=vfio-pci", "0000:3b:00.1")
        self.assertEqual(done.returncode, 1)
        self.assertIn("cannot load vfio_pci (the install line in /etc/modprobe.d/cis.conf:1 disables "
                      "it); remove the line if it is not intended\n", done.stderr.decode())
        config.unlink()

    def test_several(self):
        """An error of one takes precedence over a refusal of another."""
        self.refused(1, "eth77", "bind", "--dry-run", "3b:00.1", "eth77")
        self.refused(3, "no IOMMU group", "bind", "--dry-run", "3b:00.1", "3b:00.2")
        said = self.dry_run("3b:00.1", "3b:00.2", says="0000:3b:00.2: would be bound")
        self.assertIn("0000:3b:00.1: would be bound", said)


class Group(Case):
    """Devices of one IOMMU group, and --group."""

    MEMBERS = ("0000:3b:00.1", "0000:3b:00.2")

    def setUp(self):
        super().setUp()
        for sysname in (*self.MEMBERS, "0000:00:1c.0"):
            self.world.set_group(sysname, 7)
        for sysname in self.MEMBERS:
            self.world.bind_to(sysname, "mlx5_core")

    def would_be_bound(self, said):
        return [line.split(":  ")[0].split(": would")[0] for line in said.splitlines()
                if "would be bound" in line]

    def test_both_named(self):
        said = self.refused(3, "0000:3b:00.2 is bound to mlx5_core", "bind", "--dry-run", "3b:00.1")
        self.assertIn("nothing was changed", said)
        for words in (self.MEMBERS, tuple(reversed(self.MEMBERS)), (*self.MEMBERS, "3b:00.1")):
            said = self.done("bind", "--dry-run", *words)
            self.assertEqual(sorted(self.would_be_bound(said)), list(self.MEMBERS))

    def test_group(self):
        """All but the bridge."""
        for name in ("3b:00.1", "3b:00.2"):
            said = self.done("bind", "--dry-run", "--group", name)
            self.assertEqual(self.would_be_bound(said), list(self.MEMBERS))
        said = self.done("unbind", "--group", "3b:00.1")
        self.assertEqual(said.count("already bound to mlx5_core"), 2)

    def test_one_is_refused(self):
        """Of the other no guard says anything, and it is named as well."""
        (self.world.devices["0000:3b:00.2"].directory / "sriov_numvfs").write_text("1\n",
                                                                              encoding="ascii")
        said = self.refused(3, "virtual function", "bind", "--dry-run", "--group", "3b:00.1")
        self.assertIn("0000:3b:00.1: cannot bind to mlx5_vfio_pci: another device", said)
        self.assertIn("current driver: mlx5_core, as before", said)

    def test_no_driver_for_one(self):
        said = self.refused(1, "nothing_of_this_name", "bind",
                            "--dry-run", "--driver=nothing_of_this_name", *self.MEMBERS) \
            .replace("\n", " ")
        self.assertIn("bound together or not at all", said)

    def test_tag(self):
        said = self.done("tag", "--group", "3b:00.2")
        self.assertIn("now: vfio-variant bind --group 0000:3b:00.1", said)
        self.assertEqual([self.world.tagged(name) for name in (*self.MEMBERS, "0000:5e:00.1")],
                         ["1", "1", "-"])
        self.assertEqual(self.done("untag", "--group", "3b:00.1").count("untagged: "), 2)
        self.assertEqual([self.world.tagged(name) for name in self.MEMBERS], ["-", "-"])

    def test_event(self):
        """The event of one brings the other, whose own may not have come."""
        device = self.world.devices["0000:3b:00.2"]
        event = {"ACTION": "add", "DEVPATH": device.devpath, "SUBSYSTEM": "pci",
                 "VFIO_VARIANT_BIND": "1", "VFIO_VARIANT_DRIVER": "mlx5_vfio_pci"}
        words = ["bind-added", "--dry-run"]
        self.refused(3, "0000:3b:00.1 is bound to mlx5_core", *words, environment=event)
        for value in ("0", "1", "force"):
            self.world.write_hwdb("61-admin.hwdb", record(TAG_1, value))
            if value == "0":
                self.refused(3, "0000:3b:00.1 is bound to", *words, environment=event)
                continue
            said = self.done(*words, environment=event)
            self.assertEqual(sorted(self.would_be_bound(said)), list(self.MEMBERS))
        # By the unit; the database has of the other what it had before the tag
        self.world.write_database("0000:3b:00.1", {"VFIO_VARIANT_DRIVER": "mlx5_vfio_pci"})
        self.world.write_database("0000:3b:00.2", {"VFIO_VARIANT_DRIVER": "mlx5_vfio_pci",
                                                   "VFIO_VARIANT_BIND": "1"})
        said = self.done(*words, f"/sys{device.devpath}")
        self.assertEqual(sorted(self.would_be_bound(said)), list(self.MEMBERS))

    def test_force_of_one_is_not_that_of_another(self):
        (self.world.devices["0000:3b:00.2"].directory / "boot_vga").write_text("1\n", encoding="ascii")
        self.world.write_hwdb("61-admin.hwdb", record(TAG_1, "force") + "\n" +
                              record(TAG_1.replace("00.1", "00.2")))
        self.refused(3, "display that the firmware", "bind", "--tagged", "--dry-run")
        self.world.write_hwdb("61-admin.hwdb", record(TAG_1) + "\n" +
                              record(TAG_1.replace("00.1", "00.2"), "force"))
        self.done("bind", "--tagged", "--dry-run", warns="overridden with --force: it is the display")


class Now(NoIommu):
    """tag --now, and bind --tagged without a device."""

    def test_bind_tagged(self):
        words = ["bind", "--tagged", "--dry-run"]
        self.done(*words, says=r"\A\Z", warns="No device is tagged")
        self.world.write_hwdb("61-admin.hwdb", record(TAG_FUNCTIONS, "force"))
        said = self.done(*words, warns="no IOMMU group")
        self.assertEqual(said.count("would be bound to mlx5_vfio_pci"), 3)
        self.assertEqual(self.done(*words, "--group", warns="no IOMMU group"), said)
        self.world.write_hwdb("61-admin.hwdb", record(TAG_1))
        self.refused(3, "no IOMMU group", *words)

    def test_claimed_by_an_image(self):
        """The image left a record without a tag, and udevd has not processed the device since."""
        self.world.write_hwdb("61-admin.hwdb", record(TAG_1))
        self.world.set_group("0000:3b:00.1", 7)
        self.world.write_database("0000:3b:00.1", {"VFIO_VARIANT_CLAIMED": "1", "VFIO_VARIANT_DRIVER": "vfio-pci"})
        self.done("bind", "--tagged", "--dry-run", says="0000:3b:00.1: would be bound to mlx5_vfio_pci")

    def test_bound_already(self):
        self.world.write_hwdb("61-admin.hwdb", record(TAG_1))
        self.world.set_group("0000:3b:00.1", 7)
        self.world.bind_to("0000:3b:00.1", "mlx5_vfio_pci")
        (self.world.devices["0000:3b:00.1"].directory / "vfio-dev/vfio0").mkdir(parents=True)
        self.done("bind", "--tagged", says=r"\A\Z", warns="All tagged devices are bound")

    def test_now(self):
        self.world.set_group("0000:3b:00.1", 7)
        before = self.world.tags()
        said = self.done("tag", "--now", "--dry-run", "3b:00.1")
        self.assertRegex(said, "(?s)0000:3b:00.1: would be tagged.*would be bound to mlx5_vfio_pci")
        said = self.done("tag", "--now", "--dry-run", "--pin=vfio_pci", "3b:00.1")
        self.assertIn("would be bound to vfio-pci", said)
        said = self.done("tag", "--now", "--dry-run", "--force", "--vfs-of=3b:00.0",
                         warns="no IOMMU group")
        self.assertEqual(said.count("would be bound to"), 3)
        self.assertEqual((self.world.tags(), self.world.triggered()), (before, []))

    def test_the_tag_stays(self):
        said = self.refused(3, "no IOMMU group", "tag", "--now", "3b:00.1")
        self.assertIn("the tag is kept", said)
        self.assertEqual(self.world.tagged("0000:3b:00.1"), "1")


class Tagged(NoIommu):
    """bind --tagged of a device, and bind-added, as rules and units call it."""

    def test_force_of_a_tag_is_not_that_of_a_person(self):
        """A plain bind by hand passes no guard, with any value of the tag."""
        self.world.write_database("0000:3b:00.1", {"VFIO_VARIANT_BIND": "force",
                                                   "VFIO_VARIANT_DRIVER": "vfio-pci"})
        self.refused(3, "no IOMMU group", "bind", "--dry-run", "3b:00.1")
        self.done("bind", "--dry-run", "--tagged", "3b:00.1", warns="no IOMMU group")

    def test_named(self):
        words = ["bind", "--tagged", "--dry-run", "0000:3b:00.1"]
        untagged = "0000:3b:00.1 is not tagged: nothing to do"
        self.done(*words, says=r"\A\Z", warns=rf"\A{untagged}\.\n\Z")
        for tag, warns in (("0", untagged), ("2", "value in the udev database is invalid"),
                           ("yes", "is ignored")):
            self.world.write_database("0000:3b:00.1", {"VFIO_VARIANT_BIND": tag})
            self.done(*words, says=r"\A\Z", warns=warns)
        self.world.write_database("0000:3b:00.1", {"VFIO_VARIANT_BIND": "1"})
        self.refused(3, "no IOMMU group.*tag --force", *words)
        self.world.write_database("0000:3b:00.1", {"VFIO_VARIANT_BIND": "force",
                                                   "VFIO_VARIANT_DRIVER": "vfio-pci"})
        self.done(*words, says="would be bound to vfio-pci", warns="no IOMMU group")
        self.done(*words[:-1], "/sys" + self.world.devices["0000:3b:00.1"].devpath,
                  says="would be bound to vfio-pci", warns="no IOMMU group")

    def call(self, **properties):
        """The environment of a program in RUN."""
        device = self.world.devices["0000:3b:00.1"]
        return {"ACTION": "add", "DEVPATH": device.devpath, "SUBSYSTEM": "pci",
                **{f"VFIO_VARIANT_{name}": value for name, value in properties.items()}}

    def test_from_the_environment(self):
        words = ["bind-added", "--dry-run"]
        for properties in ({}, {"BIND": ""}, {"BIND": "0"}, {"BIND": "0", "DRIVER": "vfio-pci"}):
            self.done(*words, says=r"\A\Z", environment=self.call(**properties))
        self.done(*words, says="would be bound to vfio-pci", warns="no IOMMU group",
                  environment=self.call(BIND="force", DRIVER="vfio-pci", MODULE="vfio_pci"))
        self.done(*words, says="would be bound to mlx5_vfio_pci", warns="no IOMMU group",
                  environment=self.call(BIND="force"))
        said = self.refused(3, "no IOMMU group", *words, environment=self.call(BIND="1"))
        self.assertIn("pci 0000:3b:00.1: ", said)

    def test_event_of_another_card(self):
        environment = self.call(BIND="force", DRIVER="vfio-pci")
        words = ["bind-added", "--dry-run"]
        self.done(*words, says="would be bound", warns="no IOMMU group",
                  environment={**environment, "MODALIAS": MLX5_MODALIAS})
        self.done(*words, says=r"\A\Z", warns="nothing to do: the device of this event was replaced", environment={
            **environment, "MODALIAS": MLX5_MODALIAS.replace("101E", "101F")})

    def test_device_that_is_gone(self):
        environment = {**self.call(BIND="1"), "DEVPATH": "/devices/pci0000:00/0000:77:00.0"}
        self.refused(1, "No such device", "bind-added", environment=environment)
        self.refused(1, "No such device", "bind", "--tagged", "0000:77:00.0")
