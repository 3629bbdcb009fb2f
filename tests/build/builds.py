#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Builds the project as others build it, each time from a clean copy: builds.py CASE...

  options  the option tests, on a machine that has what the build needs and nothing else
  debian   the archive of "meson dist", without git, in obj-x86_64-linux-gnu: plain, with Debian's
           flags, without LTO, with warnings that the project does not ask for
  fedora   a git checkout, in redhat-linux-build: plain, with Fedora's flags, with LTO
  clang    with clang
  i386     for 32 bit, with packages of Debian, in a directory that the build sees as "/"
  arm64    the same for arm64, as a cross build; runs what it built in QEMU's user mode

The last two fetch packages by apt and keep them where tests/vm keeps its own. Needs no root rights.
"""

import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

import foreign
import sources

# All that the build itself runs. A compiler's own programs are found by their paths.
BUILD_PROGRAMS = ("ar", "as", "cc", "cmp", "depmod", "env", "gcc", "gcc-ar", "ld", "meson", "ninja",
                  "pkg-config", "python3", "sh")
# The packages that tests/meson.build names have to be among those of tools/setup.
NEEDED = re.compile(r"[\w+ -]+ \(([\w+.-]+)\)")

# A warning beyond the project's own, which a compiler of tomorrow may have: no error.
MORE_WARNINGS = "-Wpadded"
# Debian 13, dpkg-buildflags. A package's -ffile-prefix-map= is added.
DEBIAN_CFLAGS = """
-g -O2 -Werror=implicit-function-declaration -fstack-protector-strong -fstack-clash-protection -Wformat
-Werror=format-security -fcf-protection
"""
DEBIAN_CPPFLAGS = "-Wdate-time -D_FORTIFY_SOURCE=2"
DEBIAN_LDFLAGS = "-Wl,-z,relro"
# Fedora 42, redhat-rpm-config, without the -specs= files, which only Fedora has.
FEDORA_CFLAGS = """
-O2 -flto=auto -ffat-lto-objects -fexceptions -g -grecord-gcc-switches -pipe -Wall
-Wno-complain-wrong-lang -Werror=format-security -Wp,-U_FORTIFY_SOURCE,-D_FORTIFY_SOURCE=3
-Wp,-D_GLIBCXX_ASSERTIONS -fstack-protector-strong -m64 -march=x86-64 -mtune=generic
-fasynchronous-unwind-tables -fstack-clash-protection -fcf-protection -mtls-dialect=gnu2
-fno-omit-frame-pointer -mno-omit-leaf-frame-pointer
"""
FEDORA_LDFLAGS = ("-Wl,-z,relro -Wl,--as-needed -Wl,-z,pack-relative-relocs -Wl,-z,now "
                  "-Wl,--build-id=sha1")


class Failed(Exception):
    """What a build did that it must not do, or the reverse."""


def run(*command, cwd=None, succeeds=True, **environment):
    """Returns what the command printed."""
    print("$", " ".join(map(str, command)), flush=True)
    done = subprocess.run(command, cwd=cwd, env={**os.environ, **environment}, text=True,
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          errors="replace", check=False)
    if (done.returncode == 0) != succeeds:
        raise Failed(f"exit {done.returncode}\n{done.stdout[-8000:]}")
    return done.stdout


def expect(condition, message):
    if not condition:
        raise Failed(message)


# --- places


def checkout(place):
    """A git repository of the sources as they are now."""
    sources.copy_to(place)
    git = ("git", "-C", place, "-c", "user.name=tests", "-c", "user.email=tests")
    run(*git, "init", "--quiet")
    run(*git, "add", "--all")
    run(*git, "commit", "--quiet", "--message=all")
    return place


def build(source, name, *options, **environment):
    """Builds what is installed, and runs the tests that look at the sources and at the result."""
    directory = source / name
    run("meson", "setup", directory, source, *options, **environment)
    said = run("meson", "compile", "-C", directory, "vm-programs")
    run("meson", "test", "-C", directory, "--no-rebuild", "--print-errorlogs", "head", "layout", "elf",
        "installed")
    return said


# --- cases


def options(place):
    programs = place / "programs"
    programs.mkdir()
    for name in BUILD_PROGRAMS:
        # The python3 of PATH may be a wrapper that needs more programs.
        found = sys.executable if name == "python3" else shutil.which(
            name, path=os.environ["PATH"] + ":/usr/sbin:/sbin")
        if found:
            (programs / name).symlink_to(found)
    # check and fuse3 are found by pkg-config.
    hidden = {"PATH": str(programs), "PKG_CONFIG_LIBDIR": str(visible_pkgconfig(place / "pkgconfig"))}

    said = run("meson", "setup", place / "auto", sources.ROOT, "-Dtests=auto", **hidden)
    for line in (r"tests/unit *: needs check \(check\)", r"tests/act *: needs .*fuse3 \(libfuse3-dev\)",
                 r"tests/completion *: needs .*fish \(fish\), .*zsh \(zsh\)"):
        expect(re.search(line, said), f"the summary has no line {line}\n{said}")
    listed = run("meson", "test", "-C", place / "auto", "--list", **hidden)
    expect("fuzz-alias" in listed and "vfio-variant:unit" not in listed, listed)
    run("ninja", "-C", place / "auto", "-n", "vm-programs", **hidden)

    said = run("meson", "setup", place / "disabled", sources.ROOT, "-Dtests=disabled", **hidden)
    expect("found: NO" not in said, f"looked for what only tests need\n{said}")
    targets = json.loads(run("meson", "introspect", "--targets", place / "disabled", **hidden))
    defined_in = {pathlib.Path(target["defined_in"]).relative_to(sources.ROOT).parts[0] for target in targets}
    expect(defined_in == {"src", "man"}, f"targets of {defined_in}")

    said = run("meson", "setup", place / "enabled", sources.ROOT, "-Dtests=enabled", succeeds=False,
               **hidden)
    error = said.partition("ERROR: ")[2]
    expect("check (check)" in error and "fuse3 (libfuse3-dev)" in error, said)
    known = (sources.ROOT / "tools/setup").read_text(encoding="utf-8")
    for package in NEEDED.findall(error.partition("Debian)")[2]):
        expect(re.search(rf"[' ]{re.escape(package)}[' ]", known), f"tools/setup knows no {package}")


def visible_pkgconfig(directory):
    """A directory with all that pkg-config knows, but for what only tests need."""
    directory.mkdir()
    listed = subprocess.run(["pkg-config", "--variable", "pc_path", "pkg-config"], check=True, text=True,
                            stdout=subprocess.PIPE).stdout
    for path in listed.strip().split(":"):
        for file in pathlib.Path(path).glob("*.pc"):
            link = directory / file.name
            if file.stem not in ("check", "fuse3") and not link.exists():
                link.symlink_to(file)
    return directory


def debian(place):
    source = checkout(place / "checkout")
    run("meson", "setup", place / "dist", source, "-Dtests=disabled")
    run("meson", "dist", "-C", place / "dist", "--no-tests")
    archive, = (place / "dist/meson-dist").glob("*.tar.xz")
    run("tar", "-xf", archive, "-C", place)
    unpacked = place / archive.name.removesuffix(".tar.xz")
    (unpacked / "debian").mkdir()
    (unpacked / "debian/control").write_text("Source: vfio-variant\n", encoding="ascii")

    flags = [*supported(DEBIAN_CFLAGS.split()), f"-ffile-prefix-map={unpacked}=.", MORE_WARNINGS]
    said = build(unpacked, "obj-x86_64-linux-gnu", "--buildtype=plain", "-Db_lto=false",
                 CFLAGS=" ".join(flags), CPPFLAGS=DEBIAN_CPPFLAGS, LDFLAGS=DEBIAN_LDFLAGS)
    expect(f"[{MORE_WARNINGS}]" in said, f"{MORE_WARNINGS} warned of nothing: it proved nothing")
    run("meson", "compile", "-C", unpacked / "obj-x86_64-linux-gnu")


def fedora(place):
    source = checkout(place / "checkout")
    build(source, "redhat-linux-build", "--buildtype=plain", "--auto-features=enabled",
          CFLAGS=" ".join(supported(FEDORA_CFLAGS.split())),
          LDFLAGS=" ".join(supported(FEDORA_LDFLAGS.split())))
    changed = run("git", "-C", source, "status", "--porcelain")
    expect(changed == "", f"git sees what a build leaves:\n{changed}")


def supported(flags):
    """Those that the compiler of this machine knows."""
    def is_known(flag):
        test = ["gcc", flag, "-x", "c", "-o", "/dev/null", "-"]
        return subprocess.run(test, input="int main(void) { return 0; }", text=True, check=False,
                              stderr=subprocess.DEVNULL).returncode == 0

    known = [flag for flag in flags if is_known(flag)]
    print("flags that gcc here does not know:", *sorted(set(flags) - set(known)))
    return known


def clang(place):
    build(checkout(place / "checkout"), "build", CC="clang")


def i386(_place):
    foreign.build("i386")


def arm64(_place):
    foreign.build("arm64")


CASES = {case.__name__: case for case in (options, debian, fedora, clang, i386, arm64)}


def main():
    if not sys.argv[1:] or not set(sys.argv[1:]) <= set(CASES):
        sys.exit(__doc__)
    for name in sys.argv[1:]:
        print(f"--- {name}", flush=True)
        with tempfile.TemporaryDirectory() as place:
            try:
                CASES[name](pathlib.Path(place))
            except (Failed, foreign.NotToBeHad) as error:
                sys.exit(f"{name}: {error}")
        print(f"{name}: passed", flush=True)


if __name__ == "__main__":
    main()
