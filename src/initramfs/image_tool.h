/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The tool that makes the initramfs images of this system, for all of its kernels. */
#pragma once

struct image_tool {
        const char *hook;       /* of this project, which adds the tags to an image */
        const char *program[5]; /* and its arguments; ends in NULL */
        const char *command;    /* the same, as a user types it */
        const char *advice;     /* a clause: what to do to have the tags in the image */
};

/* Returns the tool; NULL if none is installed that has a hook. */
const struct image_tool *image_tool_find(void);

/*
 * Makes the images again. Returns as run_program(); -ESTALE if the tool succeeded and the image of
 * the running kernel is the one of before: update-initramfs(8) does that if /boot is read-only;
 * -ENOENT if the tool succeeded and no image of the running kernel is at a known path.
 */
int image_tool_run(const struct image_tool *tool);
