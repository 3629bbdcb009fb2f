/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The kernel command line. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/* COMMAND_LINE_SIZE is 4096 at most (x86: 2048); a boot loader's additions come on top. */
#define CMDLINE_SIZE 8192

/* Reads it, from /proc/cmdline, as a string; where /proc is not mounted it is "". Returns 0 or -errno. */
int cmdline_read(char ret[CMDLINE_SIZE]);

/*
 * Does `module_blacklist=` in CMDLINE name MODULE? The kernel itself refuses such a module, whoever
 * asks for it, and libkmod knows nothing of it. As for the kernel, the last one counts.
 * Source: blacklisted() in kernel/module/main.c.
 */
bool cmdline_refuses_module(const char *cmdline, const char *module);
