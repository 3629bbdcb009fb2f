/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The files of rules that udev reads. */
#pragma once

#include <stddef.h>

enum rules_state {
        RULES_MISSING, /* there is none of that name */
        RULES_SHIPPED, /* it is a package's */
        RULES_OWN,     /* it is an administrator's, in the place of one that is shipped */
        RULES_OFF,     /* an empty file or a link to /dev/null */
};

/*
 * What became of the file of rules NAME: of several of one name the first counts, udev(7). *ret, of
 * SIZE bytes: its path, untouched where there is none. Returns an enum rules_state.
 */
enum rules_state rules_find(const char *name, char *ret, size_t size);
