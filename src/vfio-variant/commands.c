/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The command-line tool: its commands and its help. */
#include "commands.h"

#include <stddef.h>

#include "program.h"

static const char help[] =
        "[OPTION...] COMMAND [DEVICE...]\n"
        "Find the VFIO driver that matches each device best, and bind devices to it.\n"
        "\n"
        "Query commands:\n"
        "  list     List devices, their drivers, and whether they can be bound\n"
        "  info     Show all properties of a device\n"
        "  explain  Show which drivers match a device, and why one is the choice\n"
        "  check    Report what prevents devices from being bound or assigned\n"
        "  monitor  Print changes of devices and drivers\n"
        "\n"
        "Commands that change the current driver:\n"
        "  bind     Bind devices to their VFIO driver\n"
        "  unbind   Bind devices to their native driver again\n"
        "\n"
        "Commands that change which devices are bound when they are added:\n"
        "  tag      Bind devices automatically\n"
        "  untag    Stop binding devices automatically\n"
        "\n"
        "Options:\n"
        "  -h, --help                 Print this help, or that of COMMAND\n"
        "  -V, --version              Print the version\n"
        "\n"
        "Query commands have:\n"
        "      --json[=pretty|short]  Print JSON, indented or on one line\n"
        "\n"
        "Commands that change something have:\n"
        "  -n, --dry-run              Print what would be done, and change nothing\n"
        "\n"
        "`vfio-variant COMMAND --help` prints all options of a command.\n";

static const struct command *const commands[] = {
        &command_list, &command_info,   &command_explain, &command_check, &command_monitor,
        &command_bind, &command_unbind, &command_tag,     &command_untag, NULL};

const struct program program = {"vfio-variant", help, commands};
