/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The files that a process has open or mapped. */
#include "open_files.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "arena.h"
#include "cleanup.h"
#include "directory.h"
#include "fd.h"
#include "proc_text.h"
#include "text.h"

struct walk {
        struct open_file file; /* the file that is examined */
        open_file_fn on_file;
        void *userdata;
        bool has_files;
        int maps_fd;              /* of /proc/PID/map_files */
        char mapped[MAPPED_SIZE]; /* the file of the line before */
};

static int examine_file(struct walk *walk, int dir_fd, const char *name) {
        int r;

        walk->file.dir_fd = dir_fd;
        walk->file.name = name;
        r = walk->on_file(&walk->file, walk->userdata);
        return r == -ENOENT ? 0 : r;
}

static int check_descriptor(int dir_fd, const char *name, void *userdata) {
        struct walk *walk = userdata;

        walk->has_files = true;
        return examine_file(walk, dir_fd, name);
}

static int check_descriptors(struct walk *walk, int dir_fd) {
        return directory_read_at(dir_fd, "fd", check_descriptor, walk);
}

static int check_thread(int dir_fd, const char *name, void *userdata) {
        _cleanup_close_ int fd = fd_open_directory(dir_fd, name);
        int r = fd < 0 ? fd : check_descriptors(userdata, fd);

        return r == -ENOENT || r == -ESRCH ? 0 : r;
}

/* If the main thread has ended, only the other threads have descriptors. */
static int check_threads(struct walk *walk, int process_fd) {
        int r = directory_read_at(process_fd, "task", check_thread, walk);

        return r == -ENOENT ? 0 : r;
}

/* --- mappings: proc_pid_maps(5) --- */

/* "7f0000000000-7f0000001000" */
#define RANGE_SIZE (2 * (2 * sizeof(unsigned long) + 1))

/*
 * *ret: device and inode of the file that is mapped, from a line of maps. Returns false if none is,
 * or if the line is invalid.
 */
static bool find_mapped_file(const char *line, char ret[MAPPED_SIZE]) {
        const char *device = line, *inode;
        size_t length;

        for (int i = 0; i < 3; i++) { /* addresses, permissions, offset */
                device += strcspn(device, " ");
                device += strspn(device, " ");
        }
        inode = device + strcspn(device, " ");
        inode += strspn(inode, " ");
        length = (size_t)(inode - device) + strspn(inode, "0123456789");
        return text_is_digit(*inode) && *inode != '0' &&
               (size_t)snprintf(ret, MAPPED_SIZE, "%.*s", (int)length, device) < MAPPED_SIZE;
}

/* map_files has no leading zeros: do_proc_map_files_readdir() in fs/proc/base.c of the kernel */
static bool format_range(const char *line, char ret[RANGE_SIZE]) {
        size_t start = strspn(line, "0"), middle = strcspn(line, "-"), end;

        if (line[middle] != '-')
                return false;
        end = middle + 1 + strspn(line + middle + 1, "0");
        return (size_t)snprintf(ret, RANGE_SIZE, "%.*s-%.*s", (int)(middle - start), line + start,
                                (int)strcspn(line + end, " "), line + end) < RANGE_SIZE;
}

/* A program is mapped in several parts, which follow each other: it is examined once. */
static int check_mapping(const char *line, size_t length, void *userdata) {
        struct walk *walk = userdata;
        char mapped[MAPPED_SIZE], range[RANGE_SIZE];

        (void)length;
        if (!find_mapped_file(line, mapped) || streq(mapped, walk->mapped) ||
            !format_range(line, range))
                return 0;
        (void)text_put(walk->mapped, MAPPED_SIZE, mapped);
        return examine_file(walk, walk->maps_fd, range);
}

static int check_mappings(struct walk *walk, int process_fd) {
        _cleanup_(arena_done) struct arena arena = {};
        _cleanup_close_ int fd = fd_open_directory(process_fd, "map_files");
        const char *maps;
        int r = fd < 0 ? fd : proc_text_read(&arena, process_fd, "maps", &maps);

        if (r < 0)
                return r;
        walk->file.mapped = walk->mapped;
        walk->maps_fd = fd;
        return proc_text_each_line(maps, check_mapping, walk);
}

int open_files_each(const struct process *process, open_file_fn on_file, void *userdata) {
        struct walk walk = {.file = {.process = process}, .on_file = on_file, .userdata = userdata};
        int r = check_descriptors(&walk, process->fd);

        if (r == 0 && !walk.has_files)
                r = check_threads(&walk, process->fd);
        return r == 0 ? check_mappings(&walk, process->fd) : r;
}
