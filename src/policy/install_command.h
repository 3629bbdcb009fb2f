/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Commands of `install` lines in modprobe.d. */
#pragma once

#include <stdbool.h>

/*
 * Can COMMAND, which libkmod has /bin/sh run in place of loading the module, not load any module?
 * That is so if it is made of `false`, `true`, `:`, `exit` and `echo` alone, with any path and any
 * arguments. A command that is not understood may load it.
 */
bool command_loads_nothing(const char *command);
