/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The initramfs image has the tags of the time when it was made. */
#include <errno.h>
#include <stdio.h>

#include "image_tool.h"
#include "messages.h"
#include "tagging.h"
#include "terminal.h"

int tag_check_image(const struct options *options) {
        if (!options->initramfs || image_tool_find())
                return EXIT_SUCCESS;
        log_error("cannot use --initramfs: none of initramfs-tools, dracut and mkinitcpio is "
                  "installed with the hook of vfio-variant; see vfio-variant.initramfs(7)");
        return EXIT_FAILURE;
}

static int make_image(const struct image_tool *tool) {
        int r;

        (void)fflush(stdout); /* the tool prints as well */
        terminal_show_progress("updating the initramfs image...");
        r = image_tool_run(tool);
        terminal_show_progress(NULL);
        if (r == 0) {
                (void)printf("initramfs image: updated by %s\n", tool->command);
                return EXIT_SUCCESS;
        }
        log_error("cannot update the initramfs image: `", tool->command,
                  r == -ESTALE ? "` succeeded, but did not write it (its configuration may disable "
                                 "that, or /boot is read-only)"
                               : "` failed",
                  "; it has the tags of before. Correct that, and run `", tool->command, "`");
        return EXIT_FAILURE;
}

int tag_update_image(const struct options *options, bool is_changed) {
        const struct image_tool *tool = image_tool_find();

        if (!tool || (!options->initramfs && !is_changed))
                return EXIT_SUCCESS;
        if (options->initramfs && !options->dry_run)
                return make_image(tool);
        (void)printf("initramfs image: %s: %s\n",
                     options->initramfs ? "would be updated by" : "to update it", tool->command);
        return EXIT_SUCCESS;
}
