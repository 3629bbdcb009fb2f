# SPDX-License-Identifier: LGPL-2.1-or-later
"""Module directories to measure in: a real kernel's index, and made ones of any size.

All are indexed by the real depmod and kept in the build directory for the next time.
"""

import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

from cost import find, run

HERE = pathlib.Path(__file__).resolve().parent
MODULE_TREE = HERE.parent / "trees/module-tree"
SAMPLE = HERE.parent / "trees/sample.tree"
# DESIGN, "Numbers": an index of 27,000 aliases. One of fewer is no distribution's.
FEWEST_ALIASES = 20_000


def count_aliases(directory):
    try:
        with open(directory / "modules.alias", "rb") as lines:
            return sum(line.startswith(b"alias ") for line in lines)
    except OSError:
        return 0


# --- made ones

# Modules, and the aliases of one: the mixture of a distribution's kernel, 270 a module.
MODULES = """
repeat M 0 {last_module}
    module drivers/made/m{{M}}
    repeat K 0 {last_copy}
        repeat D 1 95
            alias pci:v0000{{M:02X}}{{K:02X}}d0000{{D:04X}}sv*sd*bc*sc*i*
        end
        repeat D 1 86
            alias usb:v{{M:02X}}{{K:02X}}p{{D:04X}}d*dc*dsc*dp*ic*isc*ip*in*
        end
        repeat D 1 20
            alias of:N*T*Cmaker{{M}},part{{K}}x{{D}}C*
            alias spi:part{{M}}x{{K}}x{{D}}
        end
        repeat D 1 20
            alias i2c:part{{M}}x{{K}}x{{D}}
        end
        repeat D 1 14
            alias acpi*:MK{{M:02X}}{{K:02X}}{{D:02X}}:*
        end
        repeat D 1 15
            alias hid:b0003g*v0000{{M:02X}}{{K:02X}}p0000{{D:04X}}
        end
    end
end
repeat B 0 39
    builtin drivers/made/b{{B}}
    repeat K 0 {last_copy}
        alias platform:b{{B}}x{{K}}
        alias pci:v0001{{B:02X}}{{K:02X}}d*sv*sd*bc*sc*i*
    end
end
"""

def describe(modules, copies):
    """A description of modules * copies * 270 aliases, and those of the sample tree."""
    made = MODULES.format(last_module=modules - 1, last_copy=copies - 1)
    return SAMPLE.read_text(encoding="ascii") + made


def make(root, name, description):
    """The module directory of a description; made only where it is not there already."""
    directory = root / "lib/modules" / name
    written, unfinished = directory.with_suffix(".tree"), directory.with_suffix(".new")
    if not (directory.is_dir() and written.is_file() and written.read_text("ascii") == description):
        make_root(root)
        unfinished.write_text(description, encoding="ascii")
        run([sys.executable, MODULE_TREE, unfinished, directory])
        unfinished.rename(written)
    return directory


def make_root(root):
    """A directory that depmod and modprobe take for a root."""
    (root / "lib/modules").mkdir(parents=True, exist_ok=True)
    # A kmod that was built for /usr/lib/modules looks there.
    (root / "usr").mkdir(exist_ok=True)
    if not (root / "usr/lib").is_symlink():
        (root / "usr/lib").symlink_to("../lib")


# --- a real one


def running_tree():
    for top in ("/lib/modules", "/usr/lib/modules"):
        directory = pathlib.Path(top, os.uname().release)
        if count_aliases(directory) >= FEWEST_ALIASES:
            return directory
    return None


def depends(package):
    lines = run([find("apt-cache"), "depends", "--important", package]).splitlines()
    return [words[1] for words in map(str.split, lines) if words[0].startswith("Depends")]


def packages_of_a_kernel():
    """Those of the distribution's kernel that have its modules, by the name apt knows them by."""
    architecture = run([find("dpkg"), "--print-architecture"]).strip()
    for meta in (f"linux-image-{architecture}", "linux-image-generic"):
        try:
            image = [name for name in depends(meta) if re.match(r"linux-image-\d", name)][0]
        except (RuntimeError, IndexError):
            continue
        version = image.partition("linux-image-")[2]
        more = [f"linux-modules-{version}", f"linux-modules-extra-{version}"]
        return [image, *filter(apt_has, more)]
    raise RuntimeError("apt knows no kernel: run apt-get update")


def apt_has(package):
    return subprocess.run([find("apt-cache"), "show", package], stdout=subprocess.DEVNULL,
                          stderr=subprocess.DEVNULL, check=False).returncode == 0


def fetch(root):
    """Has the distribution's package manager fetch its kernel, and unpacks it into root."""
    packages = packages_of_a_kernel()
    print(f"fetching {' '.join(packages)} (once) ...", flush=True)
    with tempfile.TemporaryDirectory(dir=root.parent) as directory:
        # apt's own user need not be able to write here.
        subprocess.run([find("apt-get"), "-qq", "-o", "APT::Sandbox::User=root", "download",
                        *packages], cwd=directory, check=True, stdin=subprocess.DEVNULL)
        for package in pathlib.Path(directory).iterdir():
            run([find("dpkg-deb"), "--extract", package, f"{directory}/root"])
        os.rename(f"{directory}/root", root)


def unpacked_tree(cache, may_fetch):
    """The module directory of the distribution's kernel, from the cache or fetched; or None."""
    root = cache / "distribution"
    if not root.is_dir():
        if not may_fetch or not shutil.which("apt-get"):
            return None
        try:
            fetch(root)
        except (RuntimeError, OSError, subprocess.CalledProcessError) as error:
            print(f"not fetched: {error}", flush=True)
            return None
    directories = [path.parent for path in root.glob("**/modules.order")]
    return directories[0] if directories else None


def copy_inputs(source, target):
    """What depmod reads besides the modules, which it finds through a link."""
    target.mkdir()
    for name in ("modules.order", "modules.builtin", "modules.builtin.modinfo"):
        if (source / name).exists():
            shutil.copyfile(source / name, target / name)
    (target / "kernel").symlink_to(source / "kernel")


def add_variants(source, target):
    """Puts those modules of the sample tree in that the kernel doesn't have."""
    known = {re.sub(r"\.ko.*", "", path.name).replace("-", "_")
             for path in (source / "kernel").glob("drivers/vfio/**/*.ko*")}
    with tempfile.TemporaryDirectory() as directory:
        sample = pathlib.Path(directory, "sample")
        run([sys.executable, MODULE_TREE, SAMPLE, sample])
        for path in sample.glob("kernel/**/*.ko"):
            if path.stem.replace("-", "_") not in known:
                (target / "updates").mkdir(exist_ok=True)
                shutil.copyfile(path, target / "updates" / path.name)


def with_variants(source, root):
    """A module directory with all that source has and the variants, indexed by depmod."""
    version = source.name
    target = root / "lib/modules" / version
    if (target / "done").exists():
        return target
    shutil.rmtree(root, ignore_errors=True)
    make_root(root)
    copy_inputs(source, target)
    add_variants(source, target)
    run([find("depmod"), "-b", root, version])
    (target / "done").touch()
    return target


class RealTree:
    """The index that the helper is measured in, and how we came by it. Its directory is None where
    there is none."""

    def __init__(self, cache, given, may_fetch):
        source, what = self.choose(cache, given, may_fetch)
        self.directory = with_variants(source, cache / "real") if source else None
        aliases = count_aliases(self.directory) if source else 27_000
        self.what = f"{what}, {aliases:,} aliases"
        if aliases < FEWEST_ALIASES:
            raise RuntimeError(f"{self.directory} has but {aliases:,} aliases")

    @staticmethod
    def choose(cache, given, may_fetch):
        if given:
            return given.resolve(), f"kernel {given.name} and variants"
        running = running_tree()
        if running:
            return running, f"running kernel {running.name} and variants"
        fetched = unpacked_tree(cache, may_fetch)
        if fetched:
            return fetched, f"kernel {fetched.name} (by apt) and variants"
        return None, "A MADE ONE, no real kernel is at hand"
