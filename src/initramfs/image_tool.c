/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The tool that makes the initramfs images of this system. */
#include "image_tool.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cleanup.h"
#include "fd.h"
#include "image_path.h"
#include "run.h"
#include "text.h"

/* OPTIONS: the arguments that follow, as a user types them. BEFORE: what the user does before. */
#define TOOL(hook, directory, name, before, options, ...)                                          \
        {                                                                                          \
                hook, {directory name, __VA_ARGS__}, name " " options,                             \
                        before "run `" name " " options "`"                                        \
        }

#define INITRAMFS_TOOLS "/usr/share/initramfs-tools/hooks/vfio-variant"

/* The images of all kernels: the newest kernel, which update-initramfs(8) would choose, may not be
 * the running one, whose image dracut(8) would make. Debian's dracut has an update-initramfs as
 * well, since version 112. */
static const struct image_tool tools[] = {
        TOOL(INITRAMFS_TOOLS, "/usr/sbin/", "update-initramfs", "", "-u -k all", "-u", "-k", "all"),
        TOOL("/usr/lib/dracut/modules.d/99vfio-variant/module-setup.sh", "/usr/bin/", "dracut", "",
             "--force --regenerate-all", "--force", "--regenerate-all"),
        TOOL("/usr/lib/initcpio/install/vfio-variant", "/usr/bin/", "mkinitcpio",
             "add vfio-variant to HOOKS in /etc/mkinitcpio.conf if it is not there, and ", "-P",
             "-P"),
};

/* Instead of the first, if its configuration disables -u, which then does nothing and succeeds. */
static const struct image_tool create_tool =
        TOOL(INITRAMFS_TOOLS, "/usr/sbin/", "update-initramfs", "", "-c -k all", "-c", "-k", "all");

#define CONFIGURATION "/etc/initramfs-tools/update-initramfs.conf"
/* Debian's has 400 bytes. */
#define CONFIGURATION_SIZE 4096
#define SETTING            "update_initramfs="

/* A script of sh. It only sets variables, and the last value counts. */
static bool update_is_disabled(void) {
        _cleanup_close_ int fd = fd_open_file(AT_FDCWD, CONFIGURATION);
        char text[CONFIGURATION_SIZE];
        ssize_t n = fd < 0 ? -1 : fd_read_some(fd, text, sizeof(text) - 1, 0);
        bool is_disabled = false;

        text[n < 0 ? 0 : n] = '\0';
        for (char *rest = text, *line; (line = strsep(&rest, "\n"));) {
                line += strspn(line, " \t");
                if (!startswith(line, SETTING))
                        continue;
                line += strlen(SETTING);
                line += strspn(line, "\"'");
                is_disabled = startswith(line, "no") && !text_is_alphanumeric(line[2]);
        }
        return is_disabled;
}

const struct image_tool *image_tool_find(void) {
        size_t i = 0;

        while (i < sizeof(tools) / sizeof(tools[0]) &&
               (access(tools[i].hook, F_OK) < 0 || access(tools[i].program[0], X_OK) < 0))
                i++;
        if (i == sizeof(tools) / sizeof(tools[0]))
                return NULL;
        return i == 0 && update_is_disabled() ? &create_tool : &tools[i];
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
        if (r != 0)
                return r;
        if (after.st_ino == 0)
                return -ENOENT;
        return is_same_file(&before, &after) ? -ESTALE : 0;
}
