#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Bad use of the helper, and hostile surroundings: run.py HELPER. Each time the right exit status,
nothing on standard output, and a message that says what to do."""

import os
import pathlib
import re
import signal
import subprocess
import sys
import tempfile
import unittest

HELPER = pathlib.Path(sys.argv.pop()).resolve()
HERE = pathlib.Path(__file__).resolve().parent
TREES = HERE.parent / "trees"

GOOD = "pci:v000015B3d0000101Esv000015B3sd00000001bc02sc00i00"
NO_ANSWER = "nosuch:v000015B3d0000101Esv000015B3sd00000001bc02sc00i00"
ANSWER = b"VFIO_VARIANT_DRIVER=mlx5_vfio_pci\n"
# A device that no machine has: PCI has no slot 3f.
NO_DEVICE = "0000:00:3f.0"
# DESIGN, "Properties": what udev may be given.
PROPERTIES = re.compile(rb"(?:[A-Z0-9_]+=[!-~]+\n)*\Z")
PROPERTIES_SIZE = 512
# Only a helper that hangs takes so long.
SECONDS = 900
# Root without these capabilities cannot read each file either.
ENTER = [] if os.geteuid() else ["setpriv", "--bounding-set=-dac_override,-dac_read_search"]


class Trees:
    """Two module trees with the same answers, one of real .bin files and one of text alone, and
    things that are no directory."""

    def __init__(self):
        self.directory = tempfile.TemporaryDirectory()
        top = pathlib.Path(self.directory.name)
        self.real, self.text, self.empty = top / "real", top / "text", top / "empty"
        subprocess.run([sys.executable, TREES / "module-tree", TREES / "sample.tree", self.real],
                       check=True)
        self.text.mkdir()
        for name in ("modules.alias", "modules.dep"):
            (self.text / name).write_bytes((self.real / name).read_bytes())
        self.empty.mkdir()
        self.nowhere, self.file = top / "nowhere", top / "file"
        self.file.touch()
        self.dangling, self.loop = top / "dangling", top / "loop"
        self.dangling.symlink_to(self.nowhere)
        self.loop.symlink_to(self.loop)
        self.unreadable = top / "unreadable"
        self.unreadable.mkdir(mode=0o000)


def run(*arguments, stdout=subprocess.PIPE, environment=None, before=None):
    return subprocess.run([*ENTER, HELPER, *arguments], stdout=stdout, stderr=subprocess.PIPE,
                          stdin=subprocess.DEVNULL, env=environment or {}, timeout=SECONDS,
                          check=False, preexec_fn=before)


class Usage(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.trees = Trees()
        cls.addClassCleanup(cls.trees.directory.cleanup)
        cls.common = [f"--modules-dir={cls.trees.real}", f"--modprobe-dir={cls.trees.empty}"]

    def assert_refused(self, done, status, says):
        """The exit status, no output, and a message of which SAYS is a part."""
        self.assertEqual((done.returncode, done.stdout or b""), (status, b""), done.stderr)
        # What getopt_long() says begins with the path by which the helper was called.
        self.assertRegex(done.stderr, rb"\A(?:(?:\S*/)?vfio_variant_id: [ -~]+\n)+\Z")
        self.assertRegex(done.stderr.decode(), says)


class WrongUsage(Usage):
    def refuse(self, *arguments, says="--help", environment=None):
        with self.subTest(arguments=[str(one)[:60] for one in arguments]):
            self.assert_refused(run(*arguments, environment=environment), 2, says)

    def test_option_that_is_unknown(self):
        for option in ("--nonsense", "-x", "-n", "--modules-dirs=/", "--mod=/", "--"):
            self.refuse(*self.common, option)
        self.refuse(*self.common, "--nonsense", GOOD)
        self.refuse(*self.common, GOOD, "--nonsense")

    def test_option_without_its_value(self):
        for option in ("--modules-dir", "--modprobe-dir"):
            self.refuse(option)
        self.refuse(GOOD, "--modules-dir")

    def test_option_with_a_value_too_many(self):
        for option in ("--help=1", "--version=1", "-h1", "-hV"):
            self.refuse(option)

    def test_nodes_of_a_modalias(self):
        self.refuse("--nodes", GOOD, says="--nodes needs a DEVICE, not the modalias pci:v")
        self.refuse(GOOD, "--nodes", says="--nodes needs a DEVICE")

    def test_argument_that_is_nothing(self):
        for argument in ("", "nonsense", ":", "pci", "..", "../..", "/", "/etc/passwd",
                         "/sys/../etc", "/sys/devices/../../etc", "pci:v 0", "pci:v\n", "\n",
                         b"pci:\xff\xfe", b"\xc3\xa9", "*", "pci:" + "0" * 100_000):
            self.refuse(*self.common, argument, says="--help|modalias|device")

    def test_address_without_its_domain(self):
        for argument in ("3b:00.1", "af:1f.7"):
            self.refuse(*self.common, argument, says=f"0000:{argument}")

    def test_too_many_arguments(self):
        self.refuse(*self.common, GOOD, GOOD)
        self.refuse(*self.common, GOOD, "")
        self.refuse(*self.common, *[GOOD] * 1000)

    def test_no_device_at_all(self):
        self.refuse(*self.common, says="MODALIAS")
        self.refuse(*self.common, says="MODALIAS", environment={"SUBSYSTEM": "pci"})
        self.refuse(*self.common, says="MODALIAS", environment={"MODALIAS": "", "DEVPATH": ""})


class Errors(Usage):
    def no_directories(self):
        trees = self.trees
        yield from (trees.nowhere, trees.file, trees.dangling, trees.loop)
        yield trees.file / "below"
        yield "/" + "x" * 5000
        yield trees.unreadable

    def test_directory_of_modules(self):
        for directory in self.no_directories():
            with self.subTest(directory=str(directory)[:60]):
                self.assert_refused(run(f"--modules-dir={directory}", GOOD), 1,
                                    re.escape(str(directory)[:200]) or "modules-dir")

    def test_directory_of_modprobe(self):
        for directory in self.no_directories():
            with self.subTest(directory=str(directory)[:60]):
                done = run(self.common[0], f"--modprobe-dir={directory}", GOOD)
                self.assert_refused(done, 1, re.escape(str(directory)[:200]) or "modprobe-dir")

    def test_no_directory_at_all(self):
        for option in ("--modules-dir", "--modprobe-dir"):
            for arguments in ([option + "=", GOOD], [option]):
                with self.subTest(arguments=arguments):
                    self.assert_refused(run(*arguments), 2, option)

    def test_device_that_is_not_there(self):
        for device in (NO_DEVICE, "0000:3b", "1:2:3:4", "/sys/devices/nothing", "/sys/devices",
                       f"/sys/bus/pci/devices/{NO_DEVICE}", "/sys/" + "x" * 100_000):
            with self.subTest(device=device[:60]):
                self.assert_refused(run(*self.common, device), 1, re.escape(device[:60]))

    def test_devpath_that_is_not_there(self):
        for path in ("/devices/nothing", "/devices/" + "x/" * 2000):
            with self.subTest(path=path[:60]):
                done = run(*self.common, environment={"DEVPATH": path, "SUBSYSTEM": "pci"})
                self.assert_refused(done, 1, "DEVPATH|No such device|" + re.escape(path[:40]))


class Output(Usage):
    """The helper says 0 only when all it had to say was written."""

    def outputs(self):
        yield "an answer", [*self.common, GOOD]
        yield "help", ["--help"]
        yield "version", ["--version"]

    def assert_unwritten(self, **how):
        for name, arguments in self.outputs():
            with self.subTest(output=name):
                self.assert_refused(run(*arguments, **how), 1, "standard output|stdout")

    def test_written(self):
        for name, arguments in self.outputs():
            with self.subTest(output=name):
                done = run(*arguments)
                self.assertEqual((done.returncode, done.stderr), (0, b""))
                self.assertNotEqual(done.stdout, b"")

    def test_full(self):
        with open("/dev/full", "wb") as full:
            self.assert_unwritten(stdout=full)

    def test_closed(self):
        self.assert_unwritten(stdout=None, before=lambda: os.close(1))

    def test_everything_closed(self):
        for name, arguments in self.outputs():
            with self.subTest(output=name):
                done = run(*arguments, stdout=None, before=lambda: os.closerange(0, 3))
                self.assertEqual(done.returncode, 1)

    def test_read_only(self):
        with open("/dev/null", "rb") as null:
            self.assert_unwritten(stdout=null)

    def closed_pipe(self):
        reader, writer = os.pipe()
        os.close(reader)
        self.addCleanup(os.close, writer)
        return writer

    def test_pipe_nobody_reads(self):
        """It dies of the signal, as any program does: no success, at least."""
        for name, arguments in self.outputs():
            with self.subTest(output=name):
                done = run(*arguments, stdout=self.closed_pipe())
                self.assertEqual(done.returncode, -signal.SIGPIPE)

    def test_pipe_nobody_reads_with_its_signal_ignored(self):
        self.assert_unwritten(stdout=self.closed_pipe(),
                              before=lambda: signal.signal(signal.SIGPIPE, signal.SIG_IGN))

    def test_full_pipe_that_does_not_wait(self):
        reader, writer = os.pipe()
        self.addCleanup(os.close, reader)
        self.addCleanup(os.close, writer)
        os.set_blocking(writer, False)
        try:
            while os.write(writer, bytes(4096)):
                pass
        except BlockingIOError:
            self.assert_unwritten(stdout=writer)

    def test_no_answer_needs_no_output(self):
        with open("/dev/full", "wb") as full:
            done = run(*self.common, NO_ANSWER, stdout=full)
        self.assertEqual(done.returncode, 0)
        self.assertEqual(done.stderr, f"vfio_variant_id: no VFIO driver matches {NO_ANSWER}\n".encode())
        for words, environment in (([], {"MODALIAS": NO_ANSWER}), (["--nodes"], {"MODALIAS": GOOD})):
            done = run(*self.common, *words, environment=environment)
            self.assertEqual((done.returncode, done.stdout, done.stderr), (0, b"", b""))
        device = next(pathlib.Path("/sys/bus").glob("*/devices/*/modalias")).parent
        done = run("--nodes", device)
        self.assertEqual((done.returncode, done.stdout), (0, b""))
        self.assertEqual(done.stderr,
                         f"vfio_variant_id: no VFIO driver is bound to {device}\n".encode())

    def test_no_index(self):
        """By an option, for udev as well: someone has named that directory."""
        for words, environment in (([GOOD], {}), ([], {"MODALIAS": GOOD})):
            with self.subTest(environment=environment):
                done = run(f"--modules-dir={self.trees.empty}", self.common[1], *words,
                           environment=environment)
                self.assert_refused(done, 1, f"cannot look up drivers: {self.trees.empty} has no "
                                             "module index; run depmod\n")


class Hostile(Usage):
    """Strings of a device that lies. What comes out is a whole answer, or nothing and a message."""

    MODALIASES = [
        b"pci:v000015B3d0000101E\nsv0sd0bc02sc00i00", GOOD.encode() + b"\nVFIO_VARIANT_DRIVER=x",
        b"pci:v\x01\x7f\x1b[2Jd0", b"pci:v\xff\xfed\xc3\xa9", b"pci:", b"pci:*", b"*", b"", b":",
        b"pci:v[0-9]d[!a]sv?sd\\*bc*sc*i*", b"pci:v[d[[sv]]sd[]bcsci", b"pci:" + b"[" * 500,
        b"pci:" + b"*" * 500, b"pci:v" + b"0" * 65536, b"0" * 65536, b"pci:v*d*sv*sd*bc*sc*i*",
        b"$(reboot):v", b"pci:v%n%s%n", b"../../etc:v", b"pci:/etc/passwd", b"-:v", b"--help",
        b"vfio_pci:v*d*sv*sd*bc*sc*i*",
    ]
    DEVPATHS = [
        b"../", b"../../../../etc", b"/devices/../../etc", b"/../etc/passwd", b"/", b"devices",
        b"/class/net", b"/devices/\n", b"/devices/\xff", b"/devices//..", b"/devices/" * 5000,
        b"/devices/%n%s", b"",
    ]

    def directories(self):
        return [self.trees.real, self.trees.text]

    def assert_sane(self, done):
        self.assertIn(done.returncode, (0, 1, 2), done.stderr)
        self.assertLessEqual(len(done.stdout), PROPERTIES_SIZE)
        self.assertRegex(done.stdout, PROPERTIES)
        # What the message quotes of a device must not start a line, or move a terminal's cursor.
        self.assertRegex(done.stderr, rb"\A(?:vfio_variant_id: [ -~]+\n)*\Z")
        if done.returncode:
            self.assertEqual(done.stdout, b"")
            self.assertNotEqual(done.stderr, b"")

    def ask(self, directory, **environment):
        return run(f"--modules-dir={directory}", self.common[1], environment=environment)

    def test_modalias(self):
        for directory in self.directories():
            for value in self.MODALIASES:
                with self.subTest(directory=directory.name, value=value[:60]):
                    done = self.ask(directory, MODALIAS=value)
                    self.assert_sane(done)
                    self.assertNotIn(b"mlx5", done.stdout)

    def test_devpath_costs_its_own_property_alone(self):
        for value in self.DEVPATHS:
            with self.subTest(value=value[:60]):
                done = self.ask(self.trees.real, MODALIAS=GOOD, DEVPATH=value)
                self.assert_sane(done)
                self.assertEqual(done.returncode, 0, done.stderr)
                self.assertIn(ANSWER, done.stdout)
                self.assertNotIn(b"PHYSFN", done.stdout)

    def test_devpath_alone(self):
        for value in self.DEVPATHS:
            with self.subTest(value=value[:60]):
                done = self.ask(self.trees.real, DEVPATH=value, SUBSYSTEM="pci")
                self.assert_sane(done)
                self.assertEqual(done.stdout, b"")
                self.assertNotEqual(done.returncode, 0)

    def test_other_properties(self):
        hostile = [b"", b"../../etc", b"\n", b"\xff", b"x" * 65536, b"%n%s", b"vfio_pci\nX=1"]
        for name in ("SUBSYSTEM", "VFIO_VARIANT_PIN"):
            for value in hostile:
                with self.subTest(name=name, value=value[:60]):
                    done = self.ask(self.trees.real, MODALIAS=GOOD, **{name: value})
                    self.assert_sane(done)
                    self.assertEqual(done.returncode, 0, done.stderr)
                    self.assertIn(ANSWER, done.stdout)


if __name__ == "__main__":
    unittest.main()
