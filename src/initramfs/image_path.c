/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The paths of the initramfs images of the installed kernels. */
#include "image_path.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "cleanup.h"
#include "directory.h"
#include "fd.h"
#include "text.h"

/*
 * Of a kernel: %r is its release, %b the name of its package on Arch Linux ("linux-lts"), %m the
 * machine ID or the entry token of kernel-install(8). Those that end in .efi are unified kernel
 * images, which lsinitrd and lsinitcpio list as well.
 */
static const char *const places[] = {
        "/boot/initrd.img-%r",         /* Debian and Ubuntu */
        "/boot/initramfs-%r.img",      /* Fedora, and others with dracut */
        "/boot/initrd-%r",             /* openSUSE */
        "/boot/initramfs-%b.img",      /* Arch Linux, without the release */
        "/efi/%m/%r/initrd",           /* kernel-install: the Boot Loader Specification */
        "/boot/%m/%r/initrd",          /* the same */
        "/boot/efi/%m/%r/initrd",      /* the same */
        "/efi/EFI/Linux/%m-%r.efi",    /* kernel-install and ukify */
        "/boot/EFI/Linux/%m-%r.efi",   /* the same */
        "/efi/EFI/Linux/arch-%b.efi",  /* mkinitcpio */
        "/boot/EFI/Linux/arch-%b.efi", /* the same */
        "/lib/modules/%r/initrd",      /* dracut, if /boot is not writable */
        "/boot/initramfs-linux.img",
};

/* *ret: the first word of the file PATH; "" if it cannot be read. */
static void read_word(const char *path, char ret[IMAGE_PATH_SIZE]) {
        _cleanup_close_ int fd = fd_open_file(AT_FDCWD, path);
        ssize_t n = fd < 0 ? -1 : fd_read_some(fd, ret, IMAGE_PATH_SIZE - 1, 0);

        ret[n < 0 ? 0 : n] = '\0';
        ret[strcspn(ret, " \t\n/")] = '\0';
}

struct names {
        char release[IMAGE_PATH_SIZE], package[IMAGE_PATH_SIZE], token[IMAGE_PATH_SIZE];
};

static void read_names(const char *release, struct names *ret) {
        char path[IMAGE_PATH_SIZE];

        (void)text_put(ret->release, sizeof(ret->release), release);
        (void)snprintf(path, sizeof(path), "/usr/lib/modules/%s/pkgbase", release);
        read_word(path, ret->package);
        read_word("/etc/kernel/entry-token", ret->token);
        if (!ret->token[0])
                read_word("/etc/machine-id", ret->token);
}

static const char *value_of(const struct names *names, char placeholder) {
        switch (placeholder) {
        case 'r':
                return names->release;
        case 'b':
                return names->package;
        default:
                return names->token;
        }
}

/* *ret: PLACE with its placeholders replaced. Returns false if one is empty, or it is too long. */
static bool expand(const char *place, const struct names *names, char ret[IMAGE_PATH_SIZE]) {
        size_t n = 0;

        for (; *place && n < IMAGE_PATH_SIZE - 1; place++) {
                const char *value;

                if (*place != '%') {
                        ret[n++] = *place;
                        continue;
                }
                value = value_of(names, *++place);
                if (!*value)
                        return false;
                n += text_put(ret + n, IMAGE_PATH_SIZE - n, value);
        }
        if (n >= IMAGE_PATH_SIZE)
                return false;
        ret[n] = '\0';
        return !*place;
}

/* As image_path_find(), of the kernel RELEASE. */
static int find(const char *release, char ret[IMAGE_PATH_SIZE]) {
        char path[IMAGE_PATH_SIZE];
        struct names names;

        read_names(release, &names);
        for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
                if (!expand(places[i], &names, path) || access(path, F_OK) < 0)
                        continue;
                (void)text_put(ret, IMAGE_PATH_SIZE, path);
                return 0;
        }
        return -ENOENT;
}

int image_path_find(char ret[IMAGE_PATH_SIZE]) {
        struct utsname uts;

        return uname(&uts) < 0 ? -errno : find(uts.release, ret);
}

struct others {
        char running[IMAGE_PATH_SIZE]; /* "": it has no image */
        int (*on_image)(const char *path, void *userdata);
        void *userdata;
};

static int visit_release(int parent_fd, const char *release, void *userdata) {
        const struct others *others = userdata;
        char path[IMAGE_PATH_SIZE];

        (void)parent_fd;
        /* dracut(8) makes no image either without this file: the kernel was removed */
        (void)snprintf(path, sizeof(path), "/lib/modules/%s/modules.dep", release);
        if (!text_is_word(release, strlen(release)) || access(path, F_OK) < 0 ||
            find(release, path) < 0 || streq(path, others->running))
                return 0;
        return others->on_image(path, others->userdata);
}

int image_path_each_other(int (*on_image)(const char *path, void *userdata), void *userdata) {
        struct others others = {.on_image = on_image, .userdata = userdata};

        if (image_path_find(others.running) < 0)
                others.running[0] = '\0';
        return directory_read_sorted(AT_FDCWD, "/lib/modules", visit_release, &others);
}
