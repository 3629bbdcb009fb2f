/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The kernel command line. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/* COMMAND_LINE_SIZE is 4096 at most (2048 on x86); a boot loader may add to it. */
#define CMDLINE_SIZE 8192

struct cmdline {
        const char *text;
        size_t length;
        bool blacklists; /* it has `modprobe.blacklist=` or `module_blacklist=` */
};

/*
 * Reads /proc/cmdline into BUFFER, which *ret refers to; empty if /proc is not mounted. Returns 0
 * or a negative errno.
 */
int cmdline_read(char buffer[CMDLINE_SIZE], struct cmdline *ret);

/* A parameter, as the kernel splits them: NAME or NAME=VALUE, without quotes. */
struct cmdline_parameter {
        const char *name, *value; /* not terminated; VALUE is NULL without a `=` */
        size_t name_length, value_length;
};

/*
 * *ret: the next parameter at *AT, which is moved past it; *AT begins as the text of the command
 * line. Returns false at its end and at `--`: the rest is for init. Source: parse_args() in
 * kernel/params.c and next_arg() in lib/cmdline.c of the kernel.
 */
bool cmdline_next(const char **at, struct cmdline_parameter *ret);

/* Is NAME the name of PARAMETER? `-` and `_` are one character, as for the kernel's parameq(). */
bool cmdline_is(const struct cmdline_parameter *parameter, const char *name);

/*
 * Does `module_blacklist=` name MODULE? The kernel never loads such a module. libkmod does not read
 * this parameter. If it is given several times the last one counts. Source: blacklisted() in
 * kernel/module/main.c, param_set_charp() in kernel/params.c.
 */
bool cmdline_refuses_module(const struct cmdline *cmdline, const char *module);

/* Does `vfio_variant=off` disable the rules and units of this project? As for udevd, quotes do not
 * matter, and the last one counts. */
bool cmdline_is_off(const struct cmdline *cmdline);

/* The same of the command line of this boot; false if it cannot be read. */
bool cmdline_disables_rules(void);

/* Does any `module_blacklist=` name a module? */
bool cmdline_refuses_any(const struct cmdline *cmdline);

/* The size of a parameter that disables the IOMMU, "intel_iommu=off". */
#define CMDLINE_PARAMETER_SIZE 32

/*
 * *ret: the parameter that disables the IOMMU: `intel_iommu=off`, `amd_iommu=off` or `iommu=off`.
 * PROCESSOR is the vendor's name in /proc/cpuinfo, or "" if it is not known. A later
 * `intel_iommu=on` reverts the first. Returns false if there is none; *ret is unchanged then.
 */
bool cmdline_disables_iommu(const struct cmdline *cmdline, const char *processor,
                            char ret[CMDLINE_PARAMETER_SIZE]);

/* May `modprobe.blacklist=`, which libkmod reads, name NAME? */
bool cmdline_mentions(const struct cmdline *cmdline, const char *name);
