/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The files of rules that udev reads. */
#pragma once

#include <stddef.h>

enum rules_state {
        RULES_MISSING, /* there is no such file */
        RULES_SHIPPED, /* the file of a package */
        RULES_OWN,     /* an administrator's file, which replaces that of a package */
        RULES_OFF,     /* an empty file or a link to /dev/null */
};

/*
 * The state of the rules file NAME. The first file of this name in udev's directories is used:
 * udev(7). *ret, of SIZE bytes: its path, unchanged if there is none.
 */
enum rules_state rules_find(const char *name, char *ret, size_t size);
