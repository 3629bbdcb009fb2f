# SPDX-License-Identifier: LGPL-2.1-or-later
"""The life of the packages in a root directory: what apt pulls in, installation, upgrade, removal, purge."""

import hashlib
import os
import re
import shutil
import subprocess
import sys

import enter
import sources

TOOL, LIBRARY, DEVELOPMENT = "vfio-variant", "libvfio-variant0", "libvfio-variant-dev"

# The packages that each depends on directly. What these need is the release's.
DEPENDS = {TOOL: {"libc6", "libjson-c5", "libkmod2", "libsmartcols1", "libudev1", "udev"},
           LIBRARY: {"libc6", "libkmod2", "libudev1"},
           DEVELOPMENT: {LIBRARY}}

# What apt, dpkg and the dynamic linker write with each package, and the compiled hwdb: it has the tags.
CHANGING = re.compile(r"(dev|proc|sys|tmp|debs|var/cache|var/log|var/lib/(apt|dpkg))(/|$)"
                      r"|usr/lib/udev/hwdb\.bin$")

KEY = "pci:v000015B3d0000101E*"
TAG = f"etc/udev/hwdb.d/61-vfio-variant-{KEY.replace('*', '%2A')}.hwdb"
MLX5 = "pci:v000015B3d0000101Esv000015B3sd00000001bc02sc00i00"
OTHER = "other:device"
IN_USR, IN_ETC = "usr/lib/udev/hwdb.bin", "etc/udev/hwdb.bin"


class Failed(Exception):
    """What a package did that it must not do, or the reverse."""


def expect(condition, message):
    if not condition:
        raise Failed(message)


class System:
    """A root directory that has apt."""

    def __init__(self, root, archives):
        self.root = root
        shutil.rmtree(root / "debs", ignore_errors=True)
        (root / "debs").mkdir()
        self.archives = {}
        for path in archives:
            shutil.copy(path, root / "debs")
            self.archives[path.name.partition("_")[0]] = f"/debs/{path.name}"

    def run(self, *command, succeeds=True):
        done = subprocess.run(enter.command(self.root, ["env", "DEBIAN_FRONTEND=noninteractive", *command]),
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              text=True, errors="replace", check=False)
        expect((done.returncode == 0) == succeeds,
               f"{' '.join(command)}: exit {done.returncode}\n{done.stdout[-8000:]}")
        return done.stdout

    def apt(self, *words):
        return self.run("apt-get", "-q", "--yes", *words)

    def would_install(self, *names):
        """The packages that apt would install for these, with them. A name may be an option."""
        printed = self.run("apt-get", "--simulate", "--yes", "install", *names)
        return set(re.findall(r"^Inst (\S+)", printed, re.M))

    def files(self):
        """Mode and content of each file, by name; what CHANGING matches is left out."""
        found = {}
        for directory, directories, names in os.walk(self.root):
            inside = os.path.relpath(directory, self.root)
            inside = "" if inside == "." else inside + "/"
            directories[:] = [name for name in directories if not CHANGING.match(inside + name)]
            for name in [*directories, *names]:
                if not CHANGING.match(inside + name):
                    found[inside + name] = describe(os.path.join(directory, name))
        return found

    def looked_up(self, key):
        """What the compiled hwdb that is in effect has for a key."""
        return self.run("systemd-hwdb", "query", key).splitlines()

    def version(self, name):
        return self.run("dpkg-query", "--show", "--showformat", "${Version}", name)

    def has(self, name):
        return os.path.lexists(self.root / name)

    def other_package(self):
        """An archive of a package of another project, with a record for OTHER."""
        directory = self.root / "debs/other"
        # dpkg's trigger is for the directory that the release's packages use.
        hwdb = re.search(r"(?m)^/(.*/hwdb\.d)$", self.run("dpkg", "--listfiles", TOOL))[1]
        control = "Package: other\nVersion: 1\nArchitecture: all\nMaintainer: test\nDescription: test\n"
        for path, text in {"DEBIAN/control": control, f"{hwdb}/70-other.hwdb": "other:*\n OTHER=1\n"}.items():
            (directory / path).parent.mkdir(parents=True, exist_ok=True)
            (directory / path).write_text(text, encoding="ascii")
        directory.chmod(0o755)
        return self.make_archive("other")

    def make_archive(self, name):
        self.run("dpkg-deb", "--build", "--root-owner-group", f"/debs/{name}", f"/debs/{name}.deb")
        return f"/debs/{name}.deb"

    def previous_version(self):
        """The package as of an earlier version."""
        self.run("dpkg-deb", "--raw-extract", self.archives[TOOL], "/debs/previous")
        control = self.root / "debs/previous/DEBIAN/control"
        text = re.sub(r"(?m)^Version: .*", "Version: 0.0.1-1", control.read_text(encoding="utf-8"))
        control.write_text(text, encoding="utf-8")
        return self.make_archive("previous")


def describe(path):
    status = os.lstat(path)
    if os.path.islink(path):
        return "link", os.readlink(path)
    if os.path.isfile(path):
        with open(path, "rb") as file:
            return f"{status.st_mode:o}", hashlib.sha256(file.read()).hexdigest()
    return f"{status.st_mode:o}", None


def differences(before, after):
    return sorted(f"{'added' if name not in before else 'removed' if name not in after else 'changed'}: {name}"
                  for name in before.keys() | after.keys() if before.get(name) != after.get(name))


# --- the steps; each depends on those before it


def dependencies(system):
    """Each depends on what it needs, and on nothing else."""
    for name, archive in system.archives.items():
        field = system.run("dpkg-deb", "--field", archive, "Depends")
        found = set(re.findall(r"(?:^|, )([^\s,]+)", field.strip()))
        expect(found == DEPENDS[name], f"{name} depends on {sorted(found)}, not on {sorted(DEPENDS[name])}")
    system.apt("update")
    pulled = system.would_install(system.archives[TOOL]) - {TOOL}
    needed = system.would_install("--no-install-recommends", system.archives[TOOL]) - {TOOL}
    print("  vfio-variant needs:", *sorted(needed))
    print("  what these recommend:", *sorted(pulled - needed))
    system.apt("install", *sorted(pulled))
    system.before = system.files()


def install(system):
    system.apt("install", system.archives[TOOL])
    system.first = system.files()


def works(system):
    """The program and the helper find all libraries, and a driver in a module index."""
    version = system.version(TOOL).partition("-")[0]
    expect(system.run("vfio-variant", "--version").split()[1] == version, "the version differs")
    release = os.uname().release
    modules = system.root / "lib/modules" / release
    subprocess.run([sys.executable, "-B", sources.ROOT / "tests/trees/module-tree",
                    sources.ROOT / "tests/trees/sample.tree", modules], check=True)
    expect("mlx5_vfio_pci" in system.run("vfio-variant", "explain", MLX5), "no driver is found")
    printed = system.run("/lib/udev/vfio_variant_id", MLX5)
    expect("VFIO_VARIANT_DRIVER=mlx5_vfio_pci\n" in printed, printed)
    # modprobe.d is read by libkmod, which no program is linked with.
    (system.root / "etc/modprobe.d").mkdir(exist_ok=True)
    configuration = system.root / "etc/modprobe.d/test.conf"
    configuration.write_text("blacklist mlx5_vfio_pci\n", encoding="ascii")
    printed = system.run("/lib/udev/vfio_variant_id", MLX5)
    expect("VFIO_VARIANT_DRIVER=vfio-pci\n" in printed, printed)
    configuration.unlink()
    shutil.rmtree(modules)
    for name in ("usr/lib/modules", "etc/modprobe.d"):
        if name not in system.before:
            (system.root / name).rmdir()


def units(system):
    """Enabled by preset; no script starts or restarts those that bind or reserve devices. A removal may
    stop them: they have no ExecStop=, so that it does nothing to a device."""
    for wanted in ("sysinit.target.wants/vfio-variant-claim.service",
                   "multi-user.target.wants/vfio-variant-bind.service",
                   "paths.target.wants/vfio-variant-refresh.path"):
        expect(system.has(f"etc/systemd/system/{wanted}"), f"{wanted} is not enabled")
    for path in re.findall(r"(?m)^/(.*\.service)$", system.run("dpkg", "--listfiles", TOOL)):
        expect("ExecStop" not in (system.root / path).read_text(encoding="utf-8"), f"{path} has ExecStop=")
    info = system.root / "var/lib/dpkg/info"
    invoked = [line for name in ("preinst", "postinst", "prerm", "postrm")
               if (info / f"{TOOL}.{name}").exists()
               for line in (info / f"{TOOL}.{name}").read_text(encoding="utf-8").splitlines()
               if re.search(r"(deb-systemd-invoke|systemctl) .*(start|stop|\$_dh_action)", line)]
    expect(invoked, "no script starts a unit: this check has become blind")
    for line in invoked:
        expect("claim" not in line and "bind" not in line or line in stopped_by_removal(info), line)


def stopped_by_removal(info):
    """The lines of the prerm that stop units, which run in a removal only."""
    text = (info / f"{TOOL}.prerm").read_text(encoding="utf-8")
    return re.findall(r'^if .*\[ "\$1" = remove \].*\n(\tdeb-systemd-invoke stop .*)\nfi$', text, re.M)


def library(system):
    system.apt("install", "--no-install-recommends", system.archives[LIBRARY], system.archives[DEVELOPMENT])
    expect("libvfio-variant.so.0" in system.run("ldconfig", "-p"), "the loader does not find the library")
    system.apt("purge", LIBRARY, DEVELOPMENT)
    left = differences(system.first, system.files())
    expect(not left, f"after a purge of the library: {left}")


def autopkgtest(system):
    """The test of debian/tests, which Debian runs on its own machines."""
    shutil.copy(sources.ROOT / "packaging/debian/tests/tag", system.root / "debs")
    system.run("/debs/tag")


def tag(system):
    system.run("vfio-variant", "tag", f"--modalias={KEY}")
    expect(system.has(TAG), f"{TAG} is missing")
    expect("VFIO_VARIANT_BIND=1" in system.looked_up(f"vfio-variant:{MLX5}"), "the tag is not compiled")
    expect(system.has(IN_USR) and not system.has(IN_ETC), "the tag is not in the hwdb of the packages")


def other_package(system):
    """The hwdb file of a package that is installed later takes effect, beside the tag."""
    system.apt("install", system.other_package())
    expect("OTHER=1" in system.looked_up(OTHER), "the other package's record is not in effect")
    expect("VFIO_VARIANT_BIND=1" in system.looked_up(f"vfio-variant:{MLX5}"), "the tag is lost")
    system.apt("purge", "other")
    expect(system.looked_up(OTHER) == [], "the other package's record is still in effect")


def stale_hwdb(system):
    """`check` notices one in /etc, which an administrator compiled, and which is out of date now."""
    system.run("systemd-hwdb", "update")
    system.apt("install", system.other_package())
    expect(system.looked_up(OTHER) == [], "udev does not prefer the one in /etc any more")
    printed = system.run("vfio-variant", "check", succeeds=False)
    expect(re.search(r"hwdb\.bin hides /usr/lib/udev/hwdb\.bin, which was compiled later", printed), printed)
    command, = re.findall(r"`(systemd-hwdb --usr update && rm \S+)", printed)
    system.run("sh", "-ec", command)
    expect(system.looked_up(OTHER) == ["OTHER=1"], "the remedy does not help")
    printed = system.run("vfio-variant", "check", succeeds=False)
    expect("hwdb.bin" not in printed, printed)
    system.apt("purge", "other")


def upgrade(system):
    """From the previous version to this one: no tag is lost."""
    system.apt("install", "--allow-downgrades", system.previous_version())
    expect(system.version(TOOL) == "0.0.1-1", "the previous version was not installed")
    system.apt("install", system.archives[TOOL])
    left = differences(system.first, system.files())
    expect(left == [f"added: {TAG}"], f"after the upgrade: {left}")
    expect("VFIO_VARIANT_BIND=1" in system.looked_up(f"vfio-variant:{MLX5}"), "the tag is lost")


def remove(system):
    lock = system.root / "run/vfio-variant/lock" # as `bind` makes it
    lock.parent.mkdir()
    lock.touch()
    system.apt("remove", TOOL)
    expect(not system.has("usr/bin/vfio-variant") and not system.has("lib/udev/rules.d/60-vfio-variant.rules"),
           "the program or the rules are still there")


def purge(system):
    """Only the tags remain, and the purge names them."""
    printed = system.apt("purge", TOOL)
    expect(f"\n/{TAG}\n" in printed, f"the purge does not name the tag\n{printed}")
    left = differences(system.before, system.files())
    expect(left == [f"added: {TAG}"], f"after the purge: {left}")


STEPS = (dependencies, install, works, units, library, autopkgtest, tag, other_package, stale_hwdb, upgrade,
         remove, purge)


def try_packages(root, archives):
    system = System(root, archives)
    for step in STEPS:
        print(f"--- {step.__name__}", flush=True)
        step(system)
    return system
