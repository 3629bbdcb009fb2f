/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The program that the udev rules and units start: its commands and its help. */
#include "udev_commands.h"

#include <stddef.h>

#include "program.h"

static const char help[] =
        "[OPTION...] COMMAND\n"
        "Bind and claim tagged devices. Run by the udev rules and units of vfio-variant.\n"
        "\n"
        "Commands:\n"
        "  bind-added  Bind the device of a udev event to its VFIO driver\n"
        "  claim       Reserve tagged devices before native drivers are loaded\n"
        "  unbind      Bind devices to their native driver again\n"
        "\n"
        "Options:\n"
        "  -h, --help     Print this help, or that of COMMAND\n"
        "  -V, --version  Print the version\n";

static const struct command *const commands[] = {&command_bind_added, &command_claim,
                                                 &command_unbind, NULL};

const struct program program = {"vfio_variant_bind", help, commands};
