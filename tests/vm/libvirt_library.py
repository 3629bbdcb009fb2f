# SPDX-License-Identifier: LGPL-2.1-or-later
"""Debian's libvirt.so.0, built from its source with what is in the directory libvirt. It takes the place
of the packaged one: the daemon and its drivers stay as they are."""

import pathlib
import shutil
import subprocess
import sys

from apt_world import download_source
from build_root import complete_root, run_inside
from cache import digest, locked, make_once, packages

CHANGES = pathlib.Path(__file__).resolve().parents[2] / "libvirt"
SUITE = "trixie"
# What it asks for the driver.
LOOKUPS = ("udev", "library")
# In the guest, for the scenario.
LOOKUP_FILE = "vm/libvirt-asks"
PACKAGES = ("gcc", "libc6-dev", "meson", "ninja-build", "pkgconf", "python3", "perl", "xsltproc",
            "libxml2-utils", "libxml2-dev", "libglib2.0-dev", "libgnutls28-dev", "libtirpc-dev",
            "libnl-3-dev", "libnl-route-3-dev", "libudev-dev", "libpciaccess-dev", "libjson-c-dev",
            "libsasl2-dev", "dash", "coreutils", "sed", "grep", "mawk", "diffutils")
# What the drivers of the package need of the library, and no more. With runstatedir and
# remote_default_mode as in the package virsh finds libvirtd.
OPTIONS = ("--buildtype=plain", "--prefix=/usr", "--libdir=lib/x86_64-linux-gnu", "-Drunstatedir=/run",
           "-Dremote_default_mode=legacy", "-Dsystem=true", "-Dno_git=true", "-Dinit_script=none",
           "-Dauto_features=disabled",
           *(f"-D{name}=enabled" for name in ("driver_libvirtd", "driver_network", "driver_qemu",
                                              "driver_remote", "json_c", "libnl", "pciaccess",
                                              "sasl", "udev")))
# What libvirt/apply changes.
CHANGED = ("virpci.c", "meson.build")


def libvirt_library(cache, build, lookup):
    """The files of the guest, by name, for what LOOKUPS names."""
    changes = sorted(path for path in CHANGES.iterdir() if path.suffix != ".md")
    recipe = digest(pathlib.Path(__file__).read_bytes(), *(path.read_bytes() for path in changes))
    directory = make_once(cache / "libvirt" / f"{SUITE}-{recipe}",
                          lambda unfinished: compile_libraries(cache, build, unfinished)) / lookup
    return {LOOKUP_FILE: directory / "lookup",
            **{f"usr/lib/x86_64-linux-gnu/{path.name}": path for path in directory.glob("libvirt.so.*")}}


def source(cache):
    """The directory with the archives of the source."""
    def download(directory):
        with locked(cache / "apt" / f"{SUITE}-source.lock"):
            download_source(cache / "apt" / f"{SUITE}-source", "debian", SUITE, "libvirt", directory)

    return make_once(cache / "libvirt" / f"sources-{SUITE}", download)


def unpack_source(archives, tree):
    """With the changes of the package: its drivers need functions that these add."""
    [upstream] = archives.glob("*.orig.tar.*")
    [debian] = archives.glob("*.debian.tar.*")
    subprocess.run(["tar", "-x", "-f", upstream, "-C", tree, "--strip-components=1"], check=True)
    subprocess.run(["tar", "-x", "-f", debian, "-C", tree], check=True)
    patches = tree / "debian/patches"
    for line in (patches / "series").read_text(encoding="utf-8").splitlines():
        name = line.partition("#")[0].strip()
        if name:
            subprocess.run(["patch", "--quiet", "-p1", "-d", tree, "-i", patches / name], check=True)


def compile_libraries(cache, build, directory):
    """One after the other in the same tree: they differ in a few objects."""
    root = complete_root(packages(cache, SUITE, PACKAGES))
    work = root / "libvirt"
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir()
    unpack_source(source(cache), work)
    originals = {work / "src/util" / name: (work / "src/util" / name).read_bytes() for name in CHANGED}
    install_ours(build, root)
    for lookup in LOOKUPS:
        for path, text in originals.items():
            path.write_bytes(text)
        subprocess.run([sys.executable, CHANGES / "apply", work, "--lookup", lookup], check=True)
        compile_library(root, work, directory / lookup, lookup)
    shutil.rmtree(work)


def compile_library(root, work, directory, lookup):
    inside = f"/{work.relative_to(root)}"
    if not (work / "build").exists():
        run_inside(root, ["meson", "setup", f"{inside}/build", inside, *OPTIONS])
    run_inside(root, ["meson", "compile", "-C", f"{inside}/build", "virt:shared_library"])
    [library] = (path for path in work.glob("build/src/libvirt.so.0.*") if path.is_file())
    directory.mkdir()
    shutil.copy(library, directory)
    (directory / "lookup").write_text(lookup + "\n", encoding="ascii")


def install_ours(build, root):
    """libvfio-variant, as `meson install` puts it, in the root directory with the compiler."""
    subprocess.run(["meson", "install", "-C", build, "--no-rebuild", "--quiet", "--destdir", root],
                   check=True)
