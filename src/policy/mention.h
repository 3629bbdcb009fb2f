/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Does modprobe.d say anything of a name at all?
 *
 * libkmod is the authority on what they say, but to load it costs several times what the rest of a
 * look-up does, and on nearly all hosts they say nothing of VFIO. So this reads the text first, and
 * where in doubt says yes.
 */
#pragma once

/* The folders that libkmod reads, one or the other of its versions; ends in NULL. */
extern const char *const mention_system_folders[];

/*
 * Has any file in FOLDERS (ends in NULL) an `alias` or `blacklist` line with NAME in it, `-` and
 * `_` being one letter, or a line that goes on in the next, which only libkmod reads? Returns 1, 0,
 * or a negative errno where a file can't be read. A folder that is missing says nothing.
 */
int mention_in_folders(const char *const *folders, const char *name);
