/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Commands of `install` lines in modprobe.d. */
#pragma once

#include <stdbool.h>

/*
 * Does COMMAND never load a module? libkmod runs it with /bin/sh instead of loading the module.
 * True only if it consists of `false`, `true`, `:`, `exit` and `echo`, with any path and any
 * arguments. Any other command may load the module.
 */
bool command_loads_nothing(const char *command);
