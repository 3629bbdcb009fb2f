/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The fake /sys as a file system in user space.
 *
 * Nothing is cached: each step of a path is asked for, so that a device that is gone is gone for
 * each program that has its directory open, and never becomes the next one of that name.
 */
#define FUSE_USE_VERSION 34

#include "files.h"

#include <errno.h>
#include <fcntl.h>
#include <fuse_lowlevel.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "memory.h"
#include "node.h"
#include "order.h"
#include "write.h"

/* What sysfs says of the size of any attribute. */
#define ATTRIBUTE_SIZE 4096

static struct files *files_of(fuse_req_t request) {
        return fuse_req_userdata(request);
}

/* Notes the request, which may change the world, and only then looks at the node. */
static struct node *begin(fuse_req_t request, fuse_ino_t number) {
        struct kernel *kernel = files_of(request)->kernel;

        kernel->n_requests++;
        kernel->n_steps++;
        order_request(kernel, false);
        return node_by_number(number);
}

static struct stat status_of(const struct node *node) {
        static const mode_t types[] = {
                [NODE_DIRECTORY] = S_IFDIR, [NODE_LINK] = S_IFLNK, [NODE_FILE] = S_IFREG};

        return (struct stat){
                .st_ino = node->number,
                .st_mode = types[node->kind] | node->mode,
                .st_nlink = node->gone ? 0 : 1,
                .st_uid = geteuid(),
                .st_gid = getegid(),
                .st_size = node->kind == NODE_FILE ? ATTRIBUTE_SIZE : 0,
        };
}

static void answer_lookup(fuse_req_t request, fuse_ino_t parent, const char *name) {
        const struct node *directory = begin(request, parent);
        const struct node *node = directory->gone ? NULL : node_find(directory, name);
        struct fuse_entry_param entry = {0};

        if (!node) {
                (void)fuse_reply_err(request, ENOENT);
                return;
        }
        entry.ino = node->number;
        entry.attr = status_of(node);
        (void)fuse_reply_entry(request, &entry);
}

static void answer_getattr(fuse_req_t request, fuse_ino_t number, struct fuse_file_info *info) {
        struct stat status = status_of(begin(request, number));

        (void)info;
        (void)fuse_reply_attr(request, &status, 0);
}

/* A shell's ">" cuts the file first, to which sysfs says nothing. */
static void answer_setattr(fuse_req_t request, fuse_ino_t number, struct stat *attr, int to_set,
                           struct fuse_file_info *info) {
        (void)attr;
        (void)info;
        if (to_set & ~(FUSE_SET_ATTR_SIZE | FUSE_SET_ATTR_CTIME | FUSE_SET_ATTR_MTIME)) {
                (void)fuse_reply_err(request, EPERM);
                return;
        }
        answer_getattr(request, number, info);
}

static void answer_readlink(fuse_req_t request, fuse_ino_t number) {
        const struct node *link = begin(request, number);
        char *text;

        if (link->gone) {
                (void)fuse_reply_err(request, ENOENT);
                return;
        }
        text = node_link_text(link);
        (void)fuse_reply_readlink(request, text);
        free(text);
}

/* kernfs_fop_open(): not even root opens an attribute for what it can't do. */
static bool is_allowed(const struct node *file, int flags) {
        int how = flags & O_ACCMODE;

        return (how == O_WRONLY || file->mode & S_IRUSR) &&
               (how == O_RDONLY || file->mode & S_IWUSR);
}

static void answer_open(fuse_req_t request, fuse_ino_t number, struct fuse_file_info *info) {
        const struct node *file = begin(request, number);

        if (file->gone) {
                (void)fuse_reply_err(request, ENODEV);
                return;
        }
        if (!is_allowed(file, info->flags)) {
                (void)fuse_reply_err(request, EACCES);
                return;
        }
        info->direct_io = 1;
        (void)fuse_reply_open(request, info);
}

static void answer_opendir(fuse_req_t request, fuse_ino_t number, struct fuse_file_info *info) {
        if (begin(request, number)->gone)
                (void)fuse_reply_err(request, ENOENT);
        else
                (void)fuse_reply_open(request, info);
}

/* sysfs makes no file because a program wants to write it. */
static void answer_create(fuse_req_t request, fuse_ino_t parent, const char *name, mode_t mode,
                          struct fuse_file_info *info) {
        (void)begin(request, parent);
        (void)name;
        (void)mode;
        (void)info;
        (void)fuse_reply_err(request, EACCES);
}

static void answer_read(fuse_req_t request, fuse_ino_t number, size_t size, off_t offset,
                        struct fuse_file_info *info) {
        const struct node *file = begin(request, number);
        size_t at = (size_t)offset < file->length ? (size_t)offset : file->length;

        (void)info;
        if (file->gone)
                (void)fuse_reply_err(request, ENODEV);
        else
                (void)fuse_reply_buf(request, file->bytes + at,
                                     size < file->length - at ? size : file->length - at);
}

static void answer_readdir(fuse_req_t request, fuse_ino_t number, size_t size, off_t offset,
                           struct fuse_file_info *info) {
        const struct node *directory = begin(request, number);
        char *names = memory_new(size);
        size_t n = 0, more;

        (void)info;
        /* Nodes lie in the order of their numbers: the last one that was shown tells where we are
         */
        for (const struct node *child = directory->children; child; child = child->next) {
                struct stat status = status_of(child);

                if (child->number <= (uint64_t)offset)
                        continue;
                more = fuse_add_direntry(request, names + n, size - n, child->name, &status,
                                         (off_t)child->number);
                if (more > size - n)
                        break;
                n += more;
        }
        if (directory->gone)
                (void)fuse_reply_err(request, ENOENT);
        else
                (void)fuse_reply_buf(request, names, n);
        free(names);
}

static void answer_write(fuse_req_t request, fuse_ino_t number, const char *bytes, size_t size,
                         off_t offset, struct fuse_file_info *info) {
        (void)offset;
        (void)info;
        write_begin(files_of(request), request, node_by_number(number), bytes, size);
}

static const struct fuse_lowlevel_ops ops = {
        .lookup = answer_lookup,
        .getattr = answer_getattr,
        .setattr = answer_setattr,
        .readlink = answer_readlink,
        .open = answer_open,
        .opendir = answer_opendir,
        .create = answer_create,
        .read = answer_read,
        .readdir = answer_readdir,
        .write = answer_write,
};

struct files *files_mount(struct kernel *kernel, const char *directory) {
        char *words[] = {memory_text("fake_kernel"), memory_text("-ofsname=sysfs"), NULL};
        struct fuse_args arguments = FUSE_ARGS_INIT(2, words);
        struct files *files = memory_new(sizeof(*files));

        files->kernel = kernel;
        files->session = fuse_session_new(&arguments, &ops, sizeof(ops), files);
        /* A request can be taken back between poll(2) and read(2) */
        if (files->session && fuse_session_mount(files->session, directory) == 0 &&
            fcntl(files_fd(files), F_SETFL, O_NONBLOCK) == 0)
                return files;
        if (files->session)
                fuse_session_destroy(files->session);
        free(files);
        return NULL;
}

int files_fd(const struct files *files) {
        return fuse_session_fd(files->session);
}

int files_answer(struct files *files) {
        int r = fuse_session_receive_buf(files->session, &files->buffer);

        if (r == -EINTR || r == -EAGAIN)
                return 0;
        if (r <= 0)
                return r < 0 ? r : -ENODEV;
        fuse_session_process_buf(files->session, &files->buffer);
        return fuse_session_exited(files->session) ? -ENODEV : 0;
}

void files_unmount(struct files *files) {
        fuse_session_unmount(files->session);
        fuse_session_destroy(files->session);
        free(files->buffer.mem);
        free(files);
}
