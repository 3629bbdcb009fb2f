/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The kernel command line. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/* COMMAND_LINE_SIZE is 4096 at most (x86: 2048); a boot loader's additions come on top. */
#define CMDLINE_SIZE 8192

struct cmdline {
        char text[CMDLINE_SIZE];
        size_t length;
        bool blacklists; /* `modprobe.blacklist=` or `module_blacklist=` is in it */
};

/* Reads it, from /proc/cmdline; where /proc is not mounted it is empty. Returns 0 or -errno. */
int cmdline_read(struct cmdline *ret);

/* One parameter, as the kernel splits them: NAME or NAME=VALUE, without the quotes around it. */
struct cmdline_parameter {
        const char *name, *value; /* not terminated; VALUE is NULL without a `=` */
        size_t name_length, value_length;
};

/*
 * Takes the next parameter off *AT, which begins as the text of the command line. Returns false at
 * its end, and at `--`, after which all is for init.
 * Source: parse_args() in kernel/params.c and next_arg() in lib/cmdline.c of the kernel.
 */
bool cmdline_next(const char **at, struct cmdline_parameter *ret);

/* Is NAME the name of PARAMETER? `-` and `_` are one character, as for the kernel's parameq(). */
bool cmdline_is(const struct cmdline_parameter *parameter, const char *name);

/*
 * Does `module_blacklist=` name MODULE? The kernel refuses to load such a module, whoever asks for
 * it; libkmod does not read this parameter. The last one counts.
 * Source: blacklisted() in kernel/module/main.c, param_set_charp() in kernel/params.c.
 */
bool cmdline_refuses_module(const struct cmdline *cmdline, const char *module);

/* Is there a `module_blacklist=` at all? */
bool cmdline_refuses_any(const struct cmdline *cmdline);

/* Space for a word that switches the IOMMU off, "intel_iommu=off". */
#define CMDLINE_WORD_SIZE 32

/*
 * The parameter that disables the IOMMU of a machine with PROCESSOR, the vendor's name of
 * /proc/cpuinfo, or "" if that is not known: `intel_iommu=off`, `amd_iommu=off`, `iommu=off`.
 * A later `intel_iommu=on` undoes the first. Returns whether there is one, and *ret untouched if
 * not.
 */
bool cmdline_switches_iommu_off(const struct cmdline *cmdline, const char *processor,
                                char ret[CMDLINE_WORD_SIZE]);

/* May `modprobe.blacklist=`, which libkmod reads, name NAME? */
bool cmdline_mentions(const struct cmdline *cmdline, const char *name);
