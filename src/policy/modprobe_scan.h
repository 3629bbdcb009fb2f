/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Does modprobe.d say anything of a name at all?
 *
 * libkmod is the authority on what they say, but to load it costs several times what the rest of a
 * lookup does, and on nearly all hosts they say nothing of VFIO. So this reads the text first, and
 * where in doubt says yes.
 */
#pragma once

#include <stdbool.h>

#include "arena.h"

/* The directories that libkmod reads, one or the other of its versions; ends in NULL. */
extern const char *const mention_system_directories[];

/* Is the file called NAME one that libkmod reads? Its versions up to 34 read `.alias`, too. */
bool mention_is_configuration(const char *name);

/* The name in an `install` line: of a module, or a pattern, in which `-` is not `_` yet. */
struct mention_install {
        const struct mention_install *next;
        const char *name; /* "*" if only libkmod can tell the name */
};

/*
 * Has any file in DIRECTORIES (ends in NULL) an `alias`, `blacklist` or `install` line with NAME in
 * it,
 * `-` and `_` being one character, or a line that goes on in the next, which only libkmod reads?
 * Returns 1, 0, or a negative errno where a file can't be read. A directory that is missing says
 * nothing.
 *
 * *installs, unless INSTALLS is NULL: the names in all `install` lines, if 0 is returned. Their
 * memory is taken from ARENA.
 */
int mention_in_directories(const char *const *directories, const char *name, struct arena *arena,
                           const struct mention_install **installs);
