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

/*
 * Does `module_blacklist=` name MODULE? The kernel itself refuses such a module, whoever asks for
 * it, and libkmod knows nothing of it. As for the kernel, the last one counts.
 * Source: blacklisted() in kernel/module/main.c.
 */
bool cmdline_refuses_module(const struct cmdline *cmdline, const char *module);

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
