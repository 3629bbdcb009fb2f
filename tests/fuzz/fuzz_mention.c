/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Fuzzes the first look at modprobe.d: where libkmod reads an alias, a blacklist or an install
 * line with "vfio" in it, that look must not have said that there is nothing. The input: a file of
 * modprobe.d.
 */
#include <fcntl.h>
#include <libkmod.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fuzz.h"
#include "input.h"
#include "modprobe_scan.h"

#define VFIO "vfio"

static char directory[512], path[sizeof(directory) + sizeof("/x.conf")];

static void remove_directory(void) {
        (void)unlink(path);
        (void)rmdir(directory);
}

/* A directory for the file. Where the target ends by a finding it stays. */
static void make_directory(void) {
        const char *temporary = getenv("TMPDIR");

        if (directory[0])
                return;
        (void)snprintf(directory, sizeof(directory), "%s/vfio-variant-fuzz-XXXXXX",
                       temporary ? temporary : "/tmp");
        must(mkdtemp(directory));
        (void)snprintf(path, sizeof(path), "%s/x.conf", directory);
        must(atexit(remove_directory) == 0);
        must(setenv("KMOD_LOG", "0", true) == 0); /* it has an opinion on most inputs */
}

static void write_file(const struct input *input) {
        int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

        must(fd >= 0);
        must(write(fd, input->bytes, input->size) == (ssize_t)input->size);
        must(close(fd) == 0);
}

/* Goes through ITERATOR, and frees it: has any entry VFIO in its key or its value? */
static bool any_has_vfio(struct kmod_config_iter *iterator) {
        bool found = false;

        must(iterator);
        while (kmod_config_iter_next(iterator)) {
                const char *key = kmod_config_iter_get_key(iterator);
                const char *value = kmod_config_iter_get_value(iterator);

                found = found || strstr(key, VFIO) || (value && strstr(value, VFIO));
        }
        kmod_config_iter_free_iter(iterator);
        return found;
}

/*
 * Says libkmod anything of VFIO? It also reads the kernel command line of this host: that is what
 * it says without any directory.
 */
static bool libkmod_says(const char *const *directories) {
        struct kmod_ctx *context = kmod_new(NULL, directories);
        bool says;

        must(context);
        says = any_has_vfio(kmod_config_get_blacklists(context)) |
               any_has_vfio(kmod_config_get_aliases(context)) |
               any_has_vfio(kmod_config_get_install_commands(context));
        (void)kmod_unref(context);
        return says;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size) {
        struct input input = {bytes, size};
        const char *const directories[] = {directory, NULL}, *const none[] = {NULL};
        static char text[MODPROBE_FILE_SIZE_MAX];
        int mentioned;

        make_directory();
        write_file(&input);
        mentioned = modprobe_scan_directories(directories, VFIO, text, NULL, NULL);
        must(mentioned == 0 || mentioned == 1);
        /* A line break within "vfio" may be overlooked: src/policy/modprobe_scan.c */
        if (mentioned == 0 && memmem(bytes, size, VFIO, strlen(VFIO)))
                must(!libkmod_says(directories) || libkmod_says(none));
        return 0;
}
