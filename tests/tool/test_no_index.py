# SPDX-License-Identifier: LGPL-2.1-or-later
"""Every verb where the running kernel has no module index: the state is unknown, and says so. And
every verb whose output is empty."""

import contextlib
import json
import re
import shutil
import subprocess

from case import TAG_1, Case, record
from fake_uname import fake_release, put_fake_uname
from room import MLX5_MODALIAS, TAGS, become_ordinary
from trees import SAMPLE, make_tree, remove_tree

RELEASE = "6.1.0"
DEVICE = "0000:3b:00.1"
ANSWER = {"VFIO_VARIANT_DRIVER": "mlx5_vfio_pci", "VFIO_VARIANT_MODULE": "mlx5_vfio_pci"}

LINE = "cannot look up drivers: /lib/modules/6.1.0 "
NO_DIRECTORY = (f"{LINE}does not exist; install the modules of the running kernel and run depmod, or "
                "reboot if the kernel was upgraded; in a container, mount the host's /lib/modules")
NO_INDEX = f"{LINE}has no module index; run depmod; in a container, mount the host's /lib/modules"
DAMAGED = "cannot look up drivers: the module index in /lib/modules/6.1.0 is damaged; run depmod"
NOT_A_DIRECTORY = "cannot look up drivers: cannot open /lib/modules/6.1.0: Not a directory; .*"
NO_RIGHT = "cannot look up drivers: cannot open /lib/modules/6.1.0: Permission denied; .*"

UNKNOWN = r"unknown: no module index"
# The words of each verb, what the exit status is, and all of standard output.
FAILS = [
    (["list"], rf"(?s)ADDRESS .*\n{DEVICE} .* unknown +{UNKNOWN}\n.*"),
    (["list", "--all", "--no-legend"], rf"(?s).*0000:00:1c.0 .* bridge\n.*{DEVICE} .*{UNKNOWN}\n.*"),
    (["list", "--json"], r'(?s)\{.*"state": "unknown",\s*"reason": "no module index".*\}\n'),
    (["info", DEVICE], rf"(?s){DEVICE}\n.*  state +{UNKNOWN}\n.*  variant +unknown\n.*  physfn .*\n"),
    (["info", "3b:00.1", "3b:00.2"], rf"(?s){DEVICE}\n.*{UNKNOWN}.*\n\n0000:3b:00.2\n.*{UNKNOWN}.*\n"),
    (["info", "--json", DEVICE], r'(?s)\{.*"variant": null.*"state": "unknown".*\}\n'),
    (["explain", DEVICE], ""),
    (["explain", MLX5_MODALIAS], ""),
    (["explain", "--json", DEVICE, "3b:00.2"], r'\{\s*"results":\s*\[\s*\]\s*\}\n'),
    (["bind", DEVICE], ""),
    (["bind", "--force", "--dry-run", DEVICE, "3b:00.2"], ""),
    (["bind", "--driver=vfio-pci", DEVICE], ""),
    (["bind", "--driver=mlx5_vfio_pci", "--dry-run", DEVICE], ""),
]
# With DEVICE tagged, in the hwdb and the udev database.
FAILS_TAGGED = [
    (["list", "--tagged", "--no-legend"], rf"{DEVICE} .* tagged, {UNKNOWN}\n"),
    (["bind", "--tagged", DEVICE], ""),
    (["claim"], ""),
]
# What needs no index.
NEEDS_NONE = [
    (["list", "--tagged"], ""),
    (["tag", DEVICE], rf"(?s){DEVICE}: tagged\n.*"),
    (["tag", f"--modalias={MLX5_MODALIAS}"], r"(?s)--modalias=.*: tagged\n.*"),
    (["tag", "--vfs-of=3b:00.0"], r"(?s)--vfs-of=0000:3b:00.0: tagged\n.*"),
    (["untag", DEVICE], rf"{DEVICE}: was not tagged\n"),
    (["unbind", "3b:00.2"], r"0000:3b:00.2: already bound to mlx5_core, which is not a VFIO driver\n"),
]
ELSEWHERE = {"check", "monitor"}  # test_check_says_the_same(), test_monitor_waits()


class NoIndex(Case):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        put_fake_uname(cls.world.root)
        cls.world.always = fake_release(RELEASE)
        remove_tree(cls.world.root)

    def setUp(self):
        super().setUp()
        self.modules = self.world.root / "usr/lib/modules"
        self.place = self.modules / RELEASE
        self.addCleanup(self.clear)

    def clear(self):
        for path in (self.place, self.modules):
            if path.is_symlink() or path.is_file():
                path.unlink()
            elif path.exists():
                path.chmod(0o755)
                shutil.rmtree(path)
        self.modules.mkdir()

    def assert_said(self, line, status, words, stdout, **how):
        environment = fake_release(how.pop("release", RELEASE))
        done = self.world.run(*words, environment=environment, **how)
        self.assertEqual(done.returncode, status, (words, done.stdout, done.stderr))
        self.assertTrue(re.fullmatch(stdout, done.stdout.decode()), (words, stdout, done.stdout))
        others = [one for one in done.stderr.decode().splitlines() if not one.startswith("No device")]
        self.assertEqual(len(others), line is not None, (words, done.stderr))
        if line:
            self.assertRegex(others[0], rf"\Avfio-variant: {line}\Z")

    def assert_all_fail(self, line, **how):
        for words, stdout in FAILS:
            with self.subTest(words=words):
                self.assert_said(line, 1, words, stdout, **how)

    def tag(self):
        self.world.write_hwdb("61-admin.hwdb", record(TAG_1))
        self.world.write_database(DEVICE, {"VFIO_VARIANT_BIND": "1"})

    def test_every_verb_is_here(self):
        verbs = re.findall(r"^  ([a-z]+) ", self.done("--help"), re.MULTILINE)
        tried = {words[0] for words, _ in FAILS + FAILS_TAGGED + NEEDS_NONE}
        self.assertEqual({*verbs, "claim"}, tried | ELSEWHERE)

    def test_every_verb(self):
        for line in (NO_DIRECTORY, NO_INDEX):
            with self.subTest(line=line):
                if line == NO_INDEX:
                    self.place.mkdir()
                self.world.reset()
                self.assert_all_fail(line)
                self.tag()
                for words, stdout in FAILS_TAGGED:
                    with self.subTest(words=words):
                        self.assert_said(line, 1, words, stdout)
                self.assertEqual(self.world.override(DEVICE), "(null)")
                self.world.reset()
                self.world.bind_to("0000:3b:00.2", "mlx5_core")
                for words, stdout in NEEDS_NONE:
                    with self.subTest(words=words):
                        shutil.rmtree(self.world.root / TAGS, ignore_errors=True)
                        self.assert_said(None, 0, words, stdout)

    def test_pin_cannot_be_checked(self):
        """The tag is made, and the user learns that the name may be wrong."""
        for words in ([], ["--dry-run"]):
            self.assert_said("pci 0000:3b:00.1: cannot check whether there is the driver bogus: no module "
                             "index", 0, ["tag", "--pin=bogus", DEVICE, *words],
                             rf"(?s){DEVICE}: .*tagged\n.*  properties: VFIO_VARIANT_BIND=1 "
                             r"VFIO_VARIANT_PIN=bogus\n.*  it cannot be bound now: no module index\n")

    def test_check_says_the_same(self):
        for line in (NO_DIRECTORY, NO_INDEX):
            self.assert_said(None, 5, ["check", DEVICE], rf"(?s).*error: {line}\n.*")
            self.place.mkdir(exist_ok=True)

    def test_monitor_waits(self):
        """It reports the changes of drivers; of what is unknown, see tests/udev/monitor.py."""
        monitor = self.world.start("monitor")
        self.assertIn(b"no udevd runs here", monitor.stderr.readline())
        monitor.terminate()
        self.assertEqual((monitor.communicate()[0], monitor.returncode), (b"", 0))

    def test_a_bound_device(self):
        """Its state is known, and which driver fits it is not."""
        self.world.bind_to(DEVICE, "vfio-pci")
        self.assert_said(NO_DIRECTORY, 1, ["info", DEVICE],
                         r"(?s).*  state +bound\n.*  variant +unknown\n.*")
        self.assert_said(NO_DIRECTORY, 1, ["list", "--all"],
                         rf"(?s).*{DEVICE} .* vfio-pci +unknown +bound\n.*")

    def test_the_udev_database_has_the_answer(self):
        for sysname in self.world.devices:
            self.world.write_database(sysname, ANSWER)
        self.assert_said(None, 0, ["list", "--json"], r'(?s)(?!.*"state": "unknown").*mlx5_vfio_pci.*')
        self.assert_said(None, 0, ["info", DEVICE], r"(?s).*  variant +mlx5_vfio_pci .*udev database.*")
        self.world.set_no_iommu_mode("Y")
        done = self.world.run("bind", "--dry-run", "--force", DEVICE)
        self.assertEqual((done.returncode, done.stdout.splitlines()[0]),
                         (0, f"{DEVICE}: would be bound to mlx5_vfio_pci, current driver: none".encode()))
        # These two ask the index itself
        self.assert_said(NO_DIRECTORY, 1, ["explain", DEVICE], "")
        self.assert_said(NO_DIRECTORY, 1, ["bind", "--driver=vfio-pci", DEVICE], "")

    # --- the same state in other ways

    def test_installed_without_depmod(self):
        """vfio_pci is built in, and no aliases say so: a variant may fit better."""
        self.place.mkdir()
        (self.place / "modules.builtin").write_text("kernel/drivers/vfio/pci/vfio-pci.ko\n", "ascii")
        (self.place / "modules.order").write_text("kernel/a/mlx5-vfio-pci.ko\n", "ascii")
        self.assert_all_fail(NO_INDEX)

    def test_links_to_nowhere(self):
        self.place.symlink_to("/nowhere")
        self.assert_all_fail(NO_DIRECTORY)
        self.clear()
        self.modules.rmdir()
        self.modules.symlink_to("/nowhere")
        self.assert_all_fail(NO_DIRECTORY)

    def test_link_to_another_place(self):
        make_tree(self.world.root, SAMPLE, "elsewhere")
        self.place.symlink_to("elsewhere")
        self.assert_said(None, 0, ["explain", DEVICE], "(?s).*The choice is mlx5_vfio_pci.*")

    def each_but_reason(self, line, **how):
        """The reason in STATE is another, and exit status and standard error are as ever."""
        for words, stdout in FAILS:
            with self.subTest(words=words):
                self.assert_said(line, 1, words, "(?s).+" if stdout else "", **how)

    def test_no_directory_but_a_file(self):
        self.place.touch()
        self.each_but_reason(NOT_A_DIRECTORY)

    def test_directory_that_may_not_be_read(self):
        make_tree(self.world.root, SAMPLE, RELEASE)
        self.place.chmod(0)
        self.each_but_reason(NO_RIGHT, before=become_ordinary)

    def test_damaged(self):
        self.place.mkdir()
        for content in (b"", b"nonsense and more"):
            (self.place / "modules.alias.bin").write_bytes(content)
            self.each_but_reason(DAMAGED)

    def test_text_alone_is_an_index(self):
        make_tree(self.world.root, SAMPLE, RELEASE)
        for path in self.place.glob("*.bin"):
            path.unlink()
        self.assert_said(None, 0, ["explain", DEVICE], "(?s).*The choice is mlx5_vfio_pci.*")
        done = self.world.run("list")
        self.assertEqual((done.returncode, b"unknown" in done.stdout, b"depmod" in done.stderr),
                         (0, False, False), done)

    def test_odd_releases(self):
        for release, shown in (("6.1.0+rt~2", r"6\.1\.0\+rt~2"), ("6.1\x1b[2J\n", r"6\.1\?\[2J\?"),
                               ("x" * 64, "x" * 64), ("%s%n", "%s%n"), ("", "")):
            line = NO_DIRECTORY.replace("6.1.0", shown)
            if not release:  # there is a directory of that name
                line = NO_INDEX.replace("6.1.0", "")
            with self.subTest(release=release):
                self.assert_said(line, 1, ["explain", DEVICE], "", release=release)
                self.assert_said(line, 1, ["info", DEVICE], rf"(?s){DEVICE}\n.*", release=release)
        make_tree(self.world.root, SAMPLE, "6.1.0+rt~2")
        self.assert_said(None, 0, ["explain", DEVICE], "(?s).*The choice is mlx5_vfio_pci.*",
                         release="6.1.0+rt~2")


class Empty(Case):
    """A command whose output is empty says why, and has done what it was asked."""

    @contextlib.contextmanager
    def without(self, name):
        """NAME is a directory, and empty."""
        place, away = self.world.root / name, self.world.root / "away"
        place.rename(away)
        place.mkdir()
        try:
            yield
        finally:
            shutil.rmtree(place)
            away.rename(place)

    def test_nothing_tagged(self):
        for words in (["list", "--tagged"], ["list", "--tagged", "--all", "--no-legend"], ["claim"]):
            with self.subTest(words=words):
                self.done(*words, says=r"\A\Z", warns=r"\ANo device is tagged\.\n\Z")
        self.done("bind", "--tagged", DEVICE, says=r"\A\Z",
                  warns=rf"\A{DEVICE} is not tagged: nothing to do\.\n\Z")

    def test_json_is_a_document(self):
        document = json.loads(self.done("list", "--tagged", "--json"))
        self.assertEqual(document, {"devices": []})

    def test_all_hidden(self):
        for sysname in list(self.world.devices):
            if sysname != "0000:00:1c.0":
                device = self.world.devices.pop(sysname)
                (self.world.root / "sys/bus/pci/devices" / sysname).unlink()
                shutil.rmtree(device.directory)
        hidden = r"\ANo assignable devices found \({} hidden; use --all\)\.\n\Z"
        self.done("list", says=r"\A\Z", warns=hidden.format(1))
        self.world.add("0000:00:1d.0", 0x8086, 0x3420, 0x060400)
        self.world.add("0000:00:1e.0", 0x8086, 0x3420, 0x080600)  # an IOMMU
        self.done("list", "--no-legend", says=r"\A\Z", warns=hidden.format(3))
        self.done("list", "--all", says=r"(?s).*bridge.*IOMMU.*")

    def test_no_device(self):
        for name in ("sys/bus", "sys"):
            with self.subTest(missing=name), self.without(name):
                for words in (["list"], ["list", "--all"]):
                    done = self.world.run(*words)
                    self.assertEqual((done.returncode, done.stdout, done.stderr),
                                     (0, b"", b"No PCI or CDX devices found.\n"), words)

    def test_untag(self):
        self.done("untag", DEVICE, says=f"{DEVICE}: was not tagged")
        self.done("untag", "--vfs-of=3b:00.0", says="was not tagged")
        self.done("untag", "--modalias=pci:*", says="was not tagged")
