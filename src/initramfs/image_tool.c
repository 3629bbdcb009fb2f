/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The tool that makes the initramfs images of this system. */
#include "image_tool.h"

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/stat.h>
#include <unistd.h>

#include "image_path.h"
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

/* *ret: of the image of the running kernel; zero if it is not at a known path. */
static void read_status(struct stat *ret) {
        char path[IMAGE_PATH_SIZE];

        if (image_path_find(path) < 0 || stat(path, ret) < 0)
                *ret = (struct stat){};
}

static bool is_same_file(const struct stat *a, const struct stat *b) {
        return a->st_ino == b->st_ino && a->st_mtim.tv_sec == b->st_mtim.tv_sec &&
               a->st_mtim.tv_nsec == b->st_mtim.tv_nsec;
}

int image_tool_run(const struct image_tool *tool) {
        struct stat before, after;
        int r;

        read_status(&before);
        r = run_program(tool->program, RUN_SHOWN);
        read_status(&after);
        if (r != 0 || before.st_ino == 0)
                return r;
        return is_same_file(&before, &after) ? -ESTALE : 0;
}
