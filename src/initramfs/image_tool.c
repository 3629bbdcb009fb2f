/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The tool that makes the initramfs images of this system. */
#include "image_tool.h"

#include <stddef.h>
#include <unistd.h>

#include "run.h"

/* OPTIONS: the arguments that follow, as a user types them. BEFORE: what the user does before. */
#define TOOL(hook, directory, name, before, options, ...)                                          \
        {                                                                                          \
                hook, {directory name, __VA_ARGS__}, name " " options,                             \
                        before "run `" name " " options "`"                                        \
        }

/* The images of all kernels: the newest kernel, which update-initramfs(8) would choose, may not be
 * the running one, whose image dracut(8) would make. */
static const struct image_tool tools[] = {
        TOOL("/usr/share/initramfs-tools/hooks/vfio-variant", "/usr/sbin/", "update-initramfs", "",
             "-u -k all", "-u", "-k", "all"),
        TOOL("/usr/lib/dracut/modules.d/99vfio-variant/module-setup.sh", "/usr/bin/", "dracut", "",
             "--force --regenerate-all", "--force", "--regenerate-all"),
        TOOL("/usr/lib/initcpio/install/vfio-variant", "/usr/bin/", "mkinitcpio",
             "add vfio-variant to HOOKS in /etc/mkinitcpio.conf if it is not there, and ", "-P",
             "-P"),
};

const struct image_tool *image_tool_find(void) {
        for (size_t i = 0; i < sizeof(tools) / sizeof(tools[0]); i++)
                if (access(tools[i].hook, F_OK) == 0 && access(tools[i].program[0], X_OK) == 0)
                        return &tools[i];
        return NULL;
}

int image_tool_run(const struct image_tool *tool) {
        return run_program(tool->program, RUN_SHOWN);
}
