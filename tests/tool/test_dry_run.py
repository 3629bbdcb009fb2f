# SPDX-License-Identifier: LGPL-2.1-or-later
"""--dry-run of untag, claim and unbind: what would be done, the exit status of it, and no change."""

from case import TAG_1, TAG_ALL, TAG_FUNCTIONS, Case, file_of, name_of, record

DEVICE = "0000:3b:00.1"

# The arguments of untag, and the keys that it removes, of those that are there.
KEYS = (TAG_1, TAG_ALL, TAG_FUNCTIONS)
UNTAG_TABLE = [
    ([DEVICE], [TAG_1]),
    (["3b:00.1", DEVICE], [TAG_1]),
    (["--modalias=pci:v000015B3d0000101E*"], [TAG_ALL]),
    (["--vfs-of=3b:00.0"], [TAG_FUNCTIONS]),
    (["0000:5e:00.1"], []),
]


class DryRun(Case):
    def state(self):
        """What a command could change."""
        return (self.world.tags(), self.world.triggered(),
                [self.world.override(sysname) for sysname in self.world.devices],
                sorted(str(path.readlink()) for path in (self.world.root / "sys").rglob("driver")))

    def bind_to_vfio(self, sysname):
        self.world.bind_to(sysname, "vfio-pci")
        (self.world.devices[sysname].directory / "vfio-dev/vfio0").mkdir(parents=True)

    def test_untag(self):
        for words, keys in UNTAG_TABLE:
            with self.subTest(words=words):
                self.world.reset()
                for key in KEYS:
                    self.world.write_tag(name_of(key), file_of(key))
                before = self.state()
                done = self.world.run("untag", "-n", *words)
                said = done.stdout.decode()
                self.assertEqual([line.removeprefix("would be untagged: ")
                                  for line in said.splitlines() if line.startswith("would be ")], keys)
                self.assertEqual("was not tagged" in said, not keys)
                self.assertEqual(self.state(), before)
                self.assertEqual(done.returncode, 0, done.stderr)

    def test_untag_of_what_is_still_tagged(self):
        """The exit status is that without --dry-run."""
        for other in (None, record(TAG_ALL)):
            with self.subTest(other=other):
                self.world.reset()
                if other:
                    self.world.write_hwdb("61-admin.hwdb", other)
                self.done("tag", DEVICE)
                self.world.triggered()
                before = self.state()
                done = self.world.run("untag", "--dry-run", DEVICE)
                self.assertEqual(done.returncode, int(bool(other)), done.stderr)
                self.assertEqual(b"still tagged by" in done.stderr, bool(other))
                self.assertEqual(self.state(), before)
                self.assertEqual(self.world.run("untag", DEVICE).returncode, done.returncode)

    def test_untag_of_no_device(self):
        self.refused(1, "cannot untag 0000:77:00.0: there is no such device", "untag", "-n",
                     "0000:77:00.0")

    def test_untag_of_a_file_that_is_not_ours(self):
        self.world.write_tag(name_of(TAG_1), record(TAG_1))
        self.refused(1, "was not made by", "untag", "-n", DEVICE)

    def test_claim(self):
        self.world.write_hwdb("61-admin.hwdb", record(TAG_ALL))
        self.world.bind_to("0000:3b:00.2", "mlx5_core")
        before = self.state()
        said = self.done("claim", "--dry-run")
        self.assertEqual(said, "".join(f"{sysname}: would be claimed for mlx5_vfio_pci\n"
                                       for sysname in (DEVICE, "0000:3b:00.3", "0000:5e:00.1")))
        self.assertEqual(self.state(), before)
        self.done("claim")
        self.done("claim", "-n", says=r"\A\Z", warns="Nothing to do")

    def test_unbind(self):
        self.bind_to_vfio(DEVICE)
        before = self.state()
        self.done("unbind", "--dry-run", DEVICE, says=rf"\A{DEVICE}: would be bound to its native "
                  r"driver, current driver: vfio-pci\n\Z")
        self.assertEqual(self.state(), before)

        self.done("unbind", "-n", "3b:00.2", says="would be bound to its native driver, if it has one, "
                  "current driver: none")

    def test_unbind_a_group(self):
        for sysname in (DEVICE, "0000:3b:00.2"):
            self.world.set_group(sysname, 7)
            self.bind_to_vfio(sysname)
        before = self.state()
        said = self.done("-n", "unbind", "--group", DEVICE)
        self.assertEqual(said.count("would be bound to its native driver"), 2)
        self.assertEqual(self.state(), before)
