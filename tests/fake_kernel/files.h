/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The fake /sys as a file system in user space (libfuse 3). */
#pragma once

#include "kernel.h"

struct files;

/* Mounts it on DIRECTORY. Returns NULL where that can't be; libfuse says why on standard error. */
struct files *files_mount(struct kernel *kernel, const char *directory);

/* Readable when there is a request to be answered. */
int files_fd(const struct files *files);

/* Answers one request. Returns 0 or a negative errno: -ENODEV where it is not mounted any more. */
int files_answer(struct files *files);

/* How long until a write that waits is due: milliseconds, -1 for never. */
int files_wait(const struct files *files);

/* Goes on with the writes that are due; with ALL also with those that are blocked. */
void files_go_on(struct files *files, bool all);

/* How many writes are blocked. */
int files_n_blocked(const struct files *files);

void files_unmount(struct files *files);
