# SPDX-License-Identifier: LGPL-2.1-or-later
"""Without a module index: what is loaded already is used, and what cannot be looked up is reported."""

import os

from checks import check, equal
from scene import ONE, WORLD, Scene
from trees import remove_tree

VARIANT, NATIVE = "nic_vfio_pci", "e1000e"
LOADED = WORLD.replace(f"module {VARIANT}", f"module {VARIANT} loaded")
LINE = (f"vfio-variant: cannot look up drivers: /lib/modules/{os.uname().release} does not exist; install "
        "the modules of the running kernel and run depmod, or reboot if the kernel was upgraded; in a "
        "container, mount the host's /lib/modules\n")


def check_bind(scene):
    with check("the udev database has the answer and its module is loaded: bound, and unbound again"):
        scene.reset(world=LOADED)
        done = scene.run("bind", ONE)
        equal((done.status, done.stderr, scene.driver()), (0, "", VARIANT), done)
        done = scene.run("unbind", ONE)
        equal((done.status, done.stderr, scene.driver()), (0, "", NATIVE), done)
        scene.others_untouched()
    with check("its module is not loaded: an error that names depmod, and nothing is changed"):
        scene.reset()
        done = scene.run("bind", ONE)
        equal((done.status, done.stdout, scene.driver()), (1, "", NATIVE), done)
        equal("loading the module" in done.stderr and "depmod" in done.stderr, True, done)
    with check("no answer in the udev database: unknown, and nothing is done"):
        scene.reset(properties={"VFIO_VARIANT_BIND": "1"}, world=LOADED)
        for words in (["bind", ONE], ["bind", "--tagged", ONE], ["bind", f"--driver={VARIANT}", ONE]):
            done = scene.run(*words)
            equal((done.status, done.stdout, done.stderr, scene.driver()), (1, "", LINE, NATIVE))
        equal(scene.kernel.writes(), [])


def check_unbind(scene):
    with check("unbind, and the native driver's module cannot be looked up: reported"):
        scene.reset(world=LOADED.replace(f"module {NATIVE} loaded", f"module {NATIVE}"))
        equal(scene.run("bind", ONE).status, 0)
        done = scene.run("unbind", ONE)
        equal((done.status, done.stderr, scene.driver()), (1, LINE, None), done)
        equal(done.stdout.startswith(f"{ONE}: bound to no driver"), True, done)
        equal("to undo: vfio-variant bind" in done.stdout, True, done)


def run(programs):
    with Scene(programs) as scene:
        remove_tree(scene.root)
        check_bind(scene)
        check_unbind(scene)
