# SPDX-License-Identifier: LGPL-2.1-or-later
"""A real systemd-udevd in a small root of its own, and uevents that reach no other program.

All of this runs inside namespaces (see enter()): a network namespace has its own
uevents, so the kernel hands what send() gives it to our udevd only, and the host's
udevd hears nothing. The mounts are our own too: /sys is read-only for our udevd, /run is empty.
"""

import contextlib
import os
import pathlib
import shutil
import socket
import struct
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "root"))

# pylint: disable-next=wrong-import-position
from small_root import build_small_root, inside, needed_libraries

NETLINK_KOBJECT_UEVENT = 15  # include/uapi/linux/netlink.h
GROUP_UDEV = 2  # what udevd sends when it is done with a device: "udev" of `udevadm monitor`
NLMSG_MIN_TYPE, NLM_F_REQUEST, NLM_F_ACK = 16, 1, 4
NETLINK_HEADER = struct.Struct("=IHHII")
# libudev's header, of which only two numbers matter: where the properties are, and how long.
UDEV_HEADER = struct.Struct("=8s4sIII")
PATIENCE = 900  # seconds for one event: only what hangs takes so long

HELPER = "vfio_variant_id"
RULES = "60-vfio-variant.rules"
BIND_RULES = "70-vfio-variant-bind.rules"
STOCK_RULES = ("50-udev-default.rules", "80-drivers.rules")
RULES_DIRECTORIES = ("usr/lib/udev/rules.d", "lib/udev/rules.d")
# The last word: all that happens to a device in our rules, it must come by here.
MARK_RULES, MARK = "etc/udev/rules.d/99-mark.rules", "ALL_RULES_WERE_READ"
UDEVD = ("usr/lib/systemd/systemd-udevd", "lib/systemd/systemd-udevd")
NOTIFY = "@vfio-variant-udevd"  # abstract, hence of this network namespace alone


# As root of the user namespace an ordinary user may do all the rest.
NAMESPACES = ["unshare", "--user", "--map-root-user", "--mount", "--net", "--pid", "--fork",
              "--kill-child"]


def enter(program, *arguments):
    """The command that runs a Python program in namespaces of its own."""
    return [*NAMESPACES, sys.executable, "-B", str(program), *map(str, arguments)]


def first_there(source, paths):
    for path in paths:
        if os.path.lexists(source / path):
            return path
    raise FileNotFoundError(f"{source}: none of {', '.join(paths)}: install udev")


# --- the root


def make_root(root, build, source=pathlib.Path("/")):
    """Installs udev from source and the project from its build directory into root."""
    build_small_root(root, ["udevadm", "systemd-hwdb", "sh", "/" + first_there(source, UDEVD)],
                     ["libkmod.so.2"], source)
    for directory in ("dev", "etc/udev/hwdb.d", "etc/udev/rules.d", "proc", "run", "sys"):
        (root / directory).mkdir(parents=True, exist_ok=True)
    stock = first_there(source, RULES_DIRECTORIES)
    (root / stock).mkdir(parents=True, exist_ok=True)
    for name in STOCK_RULES:
        shutil.copy(source / stock / name, root / stock / name)
    (root / MARK_RULES).write_text(f'ENV{{{MARK}}}="yes"\n', encoding="ascii")
    run(["meson", "install", "-C", build, "--no-rebuild", "--quiet", "--destdir", root])
    # The helper was built here, for the libraries of this machine; those of source will do.
    needed = needed_libraries(pathlib.Path("/"), str(find_installed(root, HELPER)))
    build_small_root(root, [], [pathlib.Path(path).name for path in needed], source)


def find_installed(root, name):
    """The one file of that name in root."""
    tops = [root / top for top in ("usr", "lib") if not (root / top).is_symlink()]
    found = [path for top in tops for path in top.rglob(name)]
    if len(found) != 1:
        raise FileNotFoundError(f"{name}: {len(found)} of them installed, not one")
    return found[0]


def run(command, **options):
    """Runs a command and returns its standard output; what it says is shown where it fails."""
    done = subprocess.run([str(word) for word in command], stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, text=True, check=False, **options)
    if done.returncode:
        raise RuntimeError(f"{command}: exit {done.returncode}\n{done.stdout}{done.stderr}")
    return done.stdout


def mount_all(root, sys_tree=None):
    """Mounts what udevd wants, in this mount namespace. sys_tree: a directory to be /sys instead."""
    if sys_tree:
        run(["mount", "--bind", sys_tree, root / "sys"])
    else:
        # Recursive: what is mounted below /sys may not be uncovered in a user namespace.
        run(["mount", "--rbind", "/sys", root / "sys"])
        # SELinux has no policy in the root, and udevd would look for one.
        if (root / "sys/fs/selinux").is_dir():
            run(["mount", "-t", "tmpfs", "tmpfs", root / "sys/fs/selinux"])
    # Root outside is root inside, and may write to the real devices' attributes: no.
    run(["mount", "-o", "remount,bind,ro,nosuid,nodev,noexec", root / "sys"])
    mount_proc(root)
    for directory in ("dev", "run"):
        run(["mount", "-t", "tmpfs", "tmpfs", root / directory])
    for name in ("null", "urandom"):
        (root / "dev" / name).touch()
        run(["mount", "--bind", f"/dev/{name}", root / "dev" / name])


def mount_proc(root):
    try:
        run(["mount", "-t", "proc", "proc", root / "proc"])
    except RuntimeError:
        # In most containers parts of /proc are hidden, and a new one would show them.
        run(["mount", "--rbind", "/proc", root / "proc"])


# --- events


class Uevents:
    """Both ends: what the kernel says to udevd, and what udevd says when it is done."""

    def __init__(self):
        self.kernel = self.open(0)
        self.udev = self.open(GROUP_UDEV)

    @staticmethod
    def open(groups):
        uevents = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, NETLINK_KOBJECT_UEVENT)
        uevents.bind((0, groups))
        uevents.settimeout(PATIENCE)
        return uevents

    def send(self, action, devpath, properties):
        """Has the kernel send a uevent in this network namespace; it adds the SEQNUM itself."""
        strings = [f"{action}@{devpath}", f"ACTION={action}", f"DEVPATH={devpath}"]
        strings += [f"{key}={value}" for key, value in properties.items()]
        text = b"".join(string.encode() + b"\0" for string in strings)
        self.kernel.send(NETLINK_HEADER.pack(NETLINK_HEADER.size + len(text), NLMSG_MIN_TYPE,
                                             NLM_F_REQUEST | NLM_F_ACK, 0, 0) + text)
        answer = self.kernel.recv(4096)
        error = struct.unpack_from("=i", answer, NETLINK_HEADER.size)[0]
        if error:
            raise OSError(-error, f"the kernel refuses the uevent: {os.strerror(-error)}")

    def wait(self, action, devpath):
        """The properties that udevd gave the device, once rules, RUN and database are done."""
        while True:
            text = self.udev.recv(65536)
            _, _, _, offset, length = UDEV_HEADER.unpack_from(text)
            strings = text[offset:offset + length].rstrip(b"\0").split(b"\0")
            properties = dict(string.decode().split("=", 1) for string in strings)
            if (properties["ACTION"], properties["DEVPATH"]) == (action, devpath):
                if MARK not in properties:
                    raise AssertionError("udevd gave up the event before the last rule")
                return properties


# --- the daemon


class Udevd:
    """systemd-udevd in a root that make_root() and mount_all() made."""

    def __init__(self, root, environment=None):
        self.root = root
        self.environment = {"PATH": "/usr/bin:/usr/sbin:/bin:/sbin", **(environment or {})}
        self.log_file = root / "udevd.log"
        self.daemon = None
        self.uevents = Uevents()

    def start(self):
        """Returns when the rules are read and events are listened to."""
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as ready, \
                self.log_file.open("ab") as log:
            ready.bind("\0" + NOTIFY[1:])
            ready.settimeout(PATIENCE)
            udevd = first_there(self.root, UDEVD)
            self.daemon = subprocess.Popen(
                [*inside(self.root), f"/{udevd}", "--debug"], stdin=subprocess.DEVNULL, stdout=log,
                stderr=log, env={**self.environment, "NOTIFY_SOCKET": NOTIFY})
            while b"READY=1" not in ready.recv(4096):
                pass

    def stop(self):
        self.daemon.terminate()
        self.daemon.wait(PATIENCE)
        self.daemon = None

    def restart(self):
        """Reads rules and hwdb again; the database stays."""
        self.stop()
        self.start()

    def run(self, *command, environment=None):
        """Standard output of a command in the root."""
        return run([*inside(self.root), *command], env={**self.environment, **(environment or {})})

    def update_hwdb(self, text):
        """Gives the admin this hwdb file, compiled by the real systemd-hwdb."""
        (self.root / "etc/udev/hwdb.d/90-test.hwdb").write_text(text, encoding="utf-8")
        done = subprocess.run([*inside(self.root), "systemd-hwdb", "update", "--strict"], text=True,
                              env=self.environment, stderr=subprocess.PIPE, check=True)
        # Most faults don't fail, not even with --strict: the line is dropped, with a word on it.
        if ".hwdb" in done.stderr:
            raise AssertionError(f"systemd-hwdb complains: {done.stderr}")
        self.restart()

    def event(self, action, device):
        """Has udevd see an event of a device, and returns the properties it gave it. The action
        "trigger" is a change as `udevadm trigger` requests it."""
        properties = dict(device.uevent())
        if action == "trigger":
            action, properties["SYNTH_UUID"] = "change", "0"
        if action == "unbind":
            # As the kernel does: zap_modalias_env() in its lib/kobject_uevent.c.
            properties.pop("MODALIAS", None)
        self.uevents.send(action, device.devpath, properties)
        return self.uevents.wait(action, device.devpath)

    def stored(self, device):
        """The properties in the database, as `udevadm info` shows them."""
        lines = self.run("udevadm", "info", "--query=property", f"--path=/sys{device.devpath}")
        return dict(line.split("=", 1) for line in lines.splitlines())

    def log(self):
        return self.log_file.read_text(encoding="utf-8", errors="replace")


# --- the helper, counted


WRAPPER = """#!/bin/sh
echo "$ACTION $DEVPATH ${VFIO_VARIANT_PIN:--}" >>/run/helper-runs
[ -e /run/helper-says ] && . /run/helper-says
exec "$0.real" "$@"
"""


class CountedHelper:
    """Puts a script before the installed helper that notes each run, or answers in its place."""

    def __init__(self, root):
        self.runs_file = root / "run/helper-runs"
        self.says_file = root / "run/helper-says"
        helper = find_installed(root, HELPER)
        self.real = f"/{helper.relative_to(root)}.real"
        helper.rename(f"{helper}.real")
        helper.write_text(WRAPPER, encoding="ascii")
        helper.chmod(0o755)

    def take_runs(self):
        """(action, devpath, pin) of each run since the last call."""
        if not self.runs_file.exists():
            return []
        lines = self.runs_file.read_text(encoding="utf-8").splitlines()
        self.runs_file.unlink()
        return [tuple(line.split(" ", 2)) for line in lines]

    @contextlib.contextmanager
    def saying(self, script):
        """Has these lines of shell run before the helper, or in its place."""
        self.says_file.write_text(script, encoding="ascii")
        try:
            yield
        finally:
            self.says_file.unlink()
