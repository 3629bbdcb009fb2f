#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Tests of what needs no machine: the verdict, the head of a scenario, the archive."""

import contextlib
import io
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

from image import Archive
from kernel_image import payload_of
from machine import Budget, Machine
from scenario import DIRECTORY, PLANTED, Scenario, find_planted, find_scenario
from verdict import Talk, judge, table, unnoticed


def wrong(*lines, console="", why=None):
    talk = Talk()
    for line in lines:
        talk.hear(line)
    if why:
        talk.broken_off(why)
    return judge(talk, console)


class Verdict(unittest.TestCase):
    def test_passes(self):
        self.assertEqual(wrong("ok one", "number 3 s", "ok two", "end 2"), [])

    def test_failed_check(self):
        self.assertEqual(wrong("ok one", "failed two: no", "end 2"), ["two: no"])

    def test_no_result_line(self):
        self.assertIn("no result line", wrong("ok one")[0])
        self.assertIn("no result line", wrong()[0])

    def test_lost_check(self):
        self.assertEqual(wrong("ok one", "end 2"), ["1 checks arrived, 2 were made"])

    def test_no_check(self):
        self.assertEqual(wrong("end 0"), ["the scenario checked nothing"])
        self.assertEqual(wrong("number 3 s", "end 0"), ["the scenario checked nothing"])

    def test_garbage(self):
        for line in ("oks one", "end", "end x", "", "end -1"):
            self.assertTrue(wrong("ok one", line, "end 1"), line)

    def test_broken_off(self):
        self.assertIn("too slow", wrong("ok one", "end 1", why="too slow"))

    def test_broken_kernel(self):
        for text in ("BUG: kernel NULL pointer dereference, address: 0000000000000000",
                     "Oops: 0000 [#1] PREEMPT SMP", "WARNING: CPU: 0 PID: 1 at kernel/x.c:1 x+0x1",
                     "Kernel panic - not syncing: Attempted to kill init!",
                     "general protection fault, probably for non-canonical address",
                     "INFO: task x:1 blocked for more than 120 seconds.",
                     "rcu: INFO: rcu_preempt self-detected stall on CPU"):
            said = wrong("ok one", "end 1", console=f"quiet\n[ 1.0] {text}\n")
            self.assertEqual(said, [f"on the console: [ 1.0] {text}"])

    def test_quiet_console(self):
        self.assertEqual(wrong("ok one", "end 1", console="[ 1.0] systemd[1]: debug, oopsie\n"), [])
        self.assertEqual(wrong("ok one", "end 1", console="RCU CPU stall warnings suppressed\n"), [])

    def test_planted_fault(self):
        self.assertEqual(unnoticed("two", wrong("ok one", "failed two: no", "end 2")), [])
        for lines in (("ok one", "ok two", "end 2"), ("failed one: no", "end 1"), ("ok one",),
                      ("failed two and more: no", "end 1"), ("failed two: no", "end 2")):
            self.assertTrue(unnoticed("two", wrong(*lines)), lines)

    def test_command_for_qemu(self):
        talk = Talk()
        self.assertEqual(talk.hear('qmp {"execute": "stop"}'), '{"execute": "stop"}')
        self.assertIsNone(talk.hear("ok one"))
        self.assertEqual(talk.rows, [(True, "one")])

    def test_shows(self):
        talk, said = Talk(), io.StringIO()
        with contextlib.redirect_stdout(said):
            talk.hear("show # a command")
        self.assertEqual((said.getvalue(), talk.rows), ("# a command\n", []))

    def test_comes_up(self):
        talk = Talk()
        self.assertFalse(talk.up)
        talk.hear("ok one")
        self.assertFalse(talk.up)
        talk.hear("up")
        self.assertTrue(talk.up)
        self.assertEqual(talk.rows, [(True, "one")])

    def test_table(self):
        talk = Talk()
        for line in ("ok one", "failed two", "number 3 s"):
            talk.hear(line)
        self.assertEqual([line.split() for line in table(talk).splitlines()],
                         [["ok", "one"], ["FAILED", "two"], ["3", "s"]])


# Stands for QEMU: takes both connections, says that the guest is up, then fails by an assertion.
FAILING_QEMU = """
import os, socket
lines = [socket.socket(socket.AF_UNIX) for _ in range(2)]
for line, name in zip(lines, ("talk", "qmp")):
    line.bind(name)
    line.listen()
talk, qmp = (line.accept()[0] for line in lines)
qmp.sendall(b"{}\\n")
qmp.recv(4096)
qmp.sendall(b'{"return": {}}\\n')
talk.sendall(b"up\\nok one\\n")
print("an assertion failed", flush=True)
os.abort()
"""


class MachineThatFails(unittest.TestCase):
    def test_tells_qemu_from_guest(self):
        with tempfile.TemporaryDirectory() as directory:
            talk = Machine([sys.executable, "-c", FAILING_QEMU], pathlib.Path(directory)).run(20)
        self.assertEqual((talk.up, talk.rows, talk.emulator_failed), (True, [(True, "one")], True))
        self.assertEqual(talk.why, "QEMU failed by itself: an assertion failed")


class Scenarios(unittest.TestCase):
    def test_head(self):
        with tempfile.TemporaryDirectory() as directory:
            path = pathlib.Path(directory, "some")
            path.write_text("#!/bin/sh\n# What it is.\n# device: edu,addr=4\n# disk: d0\n"
                            "# kernel line: a=b\n# seconds: 9\n# clock: instructions\n\n# device: no\n", encoding="utf-8")
            scenario = Scenario(path)
        self.assertEqual(scenario.options, [["-device", "edu,addr=4"],
                                            ["-drive", "id=d0,if=none,format=raw,file=d0"]])
        self.assertEqual((scenario.disks, scenario.kernel_line, scenario.seconds),
                         (["d0"], ["a=b"], 9))
        self.assertTrue(scenario.counts)

    def test_boots(self):
        with tempfile.TemporaryDirectory() as directory:
            path = pathlib.Path(directory, "some")
            path.write_text("# boots: 2\n# device: edu\n# device of boot 1: a\n# device of boot 2: b,addr=2\n"
                            "# device of boot 2: c\n# kernel line: a=b\n# kernel line of boot 2: -- c\n",
                            encoding="utf-8")
            first, second = Scenario(path).boots()
        self.assertEqual([value for _, value in first.options], ["edu", "a"])
        self.assertEqual([value for _, value in second.options], ["edu", "b,addr=2", "c"])
        self.assertEqual(first.kernel_line, ["a=b", "vm.boot=1"])
        self.assertEqual(second.kernel_line, ["a=b", "vm.boot=2", "-- c"])

    def test_one_boot(self):
        [machine] = find_scenario("answer").boots()
        self.assertEqual(machine.options, find_scenario("answer").options)

    def test_limited_to_kernels(self):
        with tempfile.TemporaryDirectory() as directory:
            path = pathlib.Path(directory, "some")
            path.write_text("# kernels: 6.12 small\n# upstream module: virtio-vfio-pci\n",
                            encoding="utf-8")
            scenario = Scenario(path)
        self.assertEqual(scenario.upstream, ["virtio-vfio-pci"])
        scenario.must_fit("small", "sid")
        with self.assertRaises(ValueError):
            scenario.must_fit("6.1", "bookworm")
        self.assertTrue(find_scenario("answer").fits("6.1", "sid"))
        self.assertFalse(find_scenario("answer").fits("5.10", "bookworm"))
        self.assertTrue(find_scenario("old").fits("5.10", "bookworm"))

    def test_installed(self):
        """A system has the kernel of its suite."""
        scenario = find_scenario("installed")
        scenario.must_fit("6.12", "trixie")
        for kernel, suite in (("6.12", "bookworm"), ("6.1", "bookworm-backports"), ("small", "sid")):
            with self.assertRaises(ValueError):
                scenario.must_fit(kernel, suite)

    def test_unknown(self):
        for name in ("none", "../run"):
            with self.assertRaises(ValueError):
                find_scenario(name)

    def test_all_have_one(self):
        for path in DIRECTORY.iterdir():
            self.assertIn("\nscenario() {", path.read_text(encoding="utf-8"), path.name)


    def test_none_is_forgotten(self):
        build = "".join((DIRECTORY.parent / name).read_text(encoding="utf-8")
                        for name in ("meson.build", "installed/meson.build"))
        for path in (*DIRECTORY.iterdir(), *PLANTED.iterdir()):
            # test_demo.py has the one, tests/vm/wide those of the kernel that takes long to build.
            if path.name != "demo" and Scenario(path).kernels != ["small"]:
                self.assertIn(f"'{path.name}'", build)

    def test_planted(self):
        for path in PLANTED.iterdir():
            scenario = find_planted(path.name)
            self.assertEqual(scenario.planted, path)
            self.assertTrue(scenario.noticed_by)
            self.assertIn("\nplant() {", path.read_text(encoding="utf-8"), path.name)
        with self.assertRaises(ValueError):
            find_planted("none")


class Image(unittest.TestCase):
    def entries(self, *names):
        file = io.BytesIO()
        archive = Archive(file)
        for name in names:
            archive.add_link(name, "target")
        archive.finish()
        text, found = file.getvalue(), []
        while text:
            self.assertEqual(text[:6], b"070701")
            sizes = [int(text[6 + 8 * n:14 + 8 * n], 16) for n in range(13)]
            size, name_size = sizes[6], sizes[11]
            found.append(text[110:110 + name_size - 1].decode())
            name_end = -(-(110 + name_size) // 4) * 4
            text = text[name_end + -(-size // 4) * 4:]
        return found

    def test_directories_come_first_and_once(self):
        self.assertEqual(self.entries("a/b/c", "a/b/d"), ["a", "a/b", "a/b/c", "a/b/d", "TRAILER!!!"])

    def test_links_at_the_top_are_followed(self):
        # An entry "lib" that is a directory would take the place of the link.
        self.assertEqual(self.entries("lib/udev/x"), ["usr", "usr/lib", "usr/lib/udev",
                                                      "usr/lib/udev/x", "TRAILER!!!"])


class KernelImage(unittest.TestCase):
    def test_payload(self):
        text = bytearray(0x400 + 0x20 + 10)
        text[0x1F1] = 1
        text[0x248:0x24C] = (0x20).to_bytes(4, "little")
        text[0x24C:0x250] = (10).to_bytes(4, "little")
        text[0x420:0x42A] = b"kernel" + bytes(4)
        self.assertEqual(payload_of(bytes(text)), b"kernel")


class CpuTime(unittest.TestCase):
    def test_work_uses_it_up(self):
        budget = Budget(os.getpid(), 0.1)
        with self.assertRaises(TimeoutError):
            while True:  # which takes CPU time
                budget.check()

    def test_another_process_does_not(self):
        with subprocess.Popen(["sleep", "1000"]) as idle:
            budget, own = Budget(idle.pid, 10), Budget(os.getpid(), 0.1)
            with self.assertRaises(TimeoutError):
                while True:
                    own.check()
            budget.check()
            idle.kill()

    def test_the_process_has_ended(self):
        with subprocess.Popen(["true"]) as ended:
            budget = Budget(ended.pid, 10)
        budget.check()


if __name__ == "__main__":
    unittest.main()
