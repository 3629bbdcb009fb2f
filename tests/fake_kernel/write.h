/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A write to an attribute: what comes of it, and when it is answered. */
#pragma once

#include <fuse_lowlevel.h>

#include "files.h"

struct late_write;

struct files {
        struct kernel *kernel;
        struct fuse_session *session;
        struct fuse_buf buffer;
        struct late_write *late; /* not answered yet */
};

void write_begin(struct files *files, fuse_req_t request, struct node *file, const char *bytes,
                 size_t size);
