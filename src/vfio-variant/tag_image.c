/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The initramfs images have the tags of the time when they were made. */
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

static int report_failure(const struct image_tool *tool, const char *failure) {
        log_error("cannot update the initramfs images: `", tool->command, failure,
                  "; an image that was not written has its old tags. Correct that, and run `",
                  tool->command, "`");
        return EXIT_FAILURE;
}

static int make_images(const struct image_tool *tool) {
        int r;

        (void)fflush(stdout); /* the tool prints as well */
        terminal_show_progress("updating the initramfs images...");
        r = image_tool_run(tool);
        terminal_show_progress(NULL);
        switch (r) {
        case 0:
                (void)printf("initramfs images: updated by %s\n", tool->command);
                return EXIT_SUCCESS;
        case -ENOENT:
                /* None may be needed, or it is where only the administrator knows */
                log_warning("`", tool->command,
                            "` succeeded, but no initramfs image of the running kernel is in /boot",
                            "; if there is one elsewhere, list its files");
                return EXIT_SUCCESS;
        case -ESTALE:
                return report_failure(tool, "` succeeded, but did not write that of the running "
                                            "kernel (/boot may be read-only)");
        default:
                return report_failure(tool, "` failed");
        }
}

int tag_update_image(const struct options *options, bool is_changed) {
        const struct image_tool *tool = image_tool_find();

        if (!tool || (!options->initramfs && !is_changed))
                return EXIT_SUCCESS;
        if (options->initramfs && !options->dry_run)
                return make_images(tool);
        (void)printf("initramfs images: %s: %s\n",
                     options->initramfs ? "would be updated by"
                     : options->dry_run ? "would have to be updated"
                                        : "to update them",
                     tool->command);
        return EXIT_SUCCESS;
}
