/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Mounts of all mount namespaces, and lines of /proc/swaps. */
#include "mounts.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>

#include "escape.h"
#include "processes.h"
#include "text.h"

/* The rest of a line. */
struct rest {
        const char *text;
        size_t length;
};

/* *ret: the next field. Returns false if there is none. */
static bool take_word(struct rest *rest, struct mounts_word *ret) {
        ret->length = text_next_word(&rest->text, &rest->length, &ret->text);
        return ret->length > 0;
}

static bool skip_words(struct rest *rest, int n) {
        struct mounts_word word;

        while (n > 0 && take_word(rest, &word))
                n--;
        return n == 0;
}

/* Skips the optional fields, of any number, and the "-" that ends them. */
static bool skip_optional(struct rest *rest) {
        struct mounts_word word;

        while (take_word(rest, &word))
                if (text_is(word.text, word.length, "-"))
                        return true;
        return false;
}

bool mount_parse(const char *line, size_t length, struct mount *ret) {
        struct rest rest = {.text = line, .length = length};
        struct mount mount;

        /* ID, parent, number, root, mount point, options, optional fields, "-", type, source,
         * options */
        if (!skip_words(&rest, 2) || !take_word(&rest, &mount.number) || !skip_words(&rest, 1) ||
            !take_word(&rest, &mount.where) || !skip_words(&rest, 1) || !skip_optional(&rest) ||
            !take_word(&rest, &mount.type) || !take_word(&rest, &mount.source))
                return false;
        *ret = mount;
        return true;
}

bool swap_parse(const char *line, size_t length, struct mounts_word *ret) {
        struct rest rest = {.text = line, .length = length};
        struct mounts_word word;

        if (!take_word(&rest, &word) || word.text[0] != '/')
                return false;
        *ret = word;
        return true;
}

/* --- all mount namespaces --- */

struct mount_namespace {
        struct mount_namespace *next;
        struct stat status;
        const char *pid; /* of the first process that was found in it; NULL: the caller's own */
        char comm[COMM_SIZE];
        const char *text; /* mountinfo */
};

/* Is STATUS that of a mount namespace that was read? */
static bool is_read(const struct snapshot *snapshot, const struct stat *status) {
        for (const struct mount_namespace *namespace = snapshot->namespaces; namespace;
             namespace = namespace->next)
                if (namespace->status.st_ino == status->st_ino &&
                    namespace->status.st_dev == status->st_dev)
                        return true;
        return false;
}

/* Appends it: the caller's own comes first, because its mounts are the most useful finding. */
static int add_namespace(struct snapshot *snapshot, const struct mount_namespace *namespace) {
        struct mount_namespace **end = &snapshot->namespaces;

        while (*end)
                end = &(*end)->next;
        *end = arena_take(&snapshot->arena, sizeof(*namespace));
        if (!*end)
                return -ENOMEM;
        **end = *namespace;
        return 0;
}

static int add_own(struct snapshot *snapshot) {
        struct mount_namespace namespace = {};
        int r = proc_text_read(&snapshot->arena, AT_FDCWD, "/proc/self/mountinfo", &namespace.text);

        if (r < 0)
                return r == -ENOENT ? 0 : r;
        (void)stat("/proc/self/ns/mnt", &namespace.status); /* else it is read twice */
        return add_namespace(snapshot, &namespace);
}

static int add_of_process(const struct process *process, void *userdata) {
        struct snapshot *snapshot = userdata;
        struct mount_namespace namespace = {};
        int r;

        if (fstatat(process->fd, "ns/mnt", &namespace.status, 0) < 0)
                return -errno;
        if (is_read(snapshot, &namespace.status))
                return 0;
        r = proc_text_read(&snapshot->arena, process->fd, "mountinfo", &namespace.text);
        if (r < 0)
                return r == -EINVAL ? 0 : r; /* it ended: mounts_open_common() of the kernel */
        namespace.pid = arena_text(&snapshot->arena, process->pid);
        process_comm(process, namespace.comm);
        return namespace.pid ? add_namespace(snapshot, &namespace) : -ENOMEM;
}

static int read_namespaces(struct snapshot *snapshot) {
        unsigned unexamined = 0;
        int r;

        if (snapshot->has_namespaces)
                return 0;
        snapshot->namespaces = NULL;
        r = add_own(snapshot);
        if (r >= 0)
                r = processes_each(add_of_process, snapshot, &unexamined);
        snapshot->has_namespaces = r >= 0;
        if (unexamined > snapshot->unexamined)
                snapshot->unexamined = unexamined;
        return r;
}

struct search {
        const struct mount_namespace *namespace;
        mount_fn on_mount;
        void *userdata;
};

static int check_line(const char *line, size_t length, void *userdata) {
        const struct search *search = userdata;
        struct mount mount;

        return mount_parse(line, length, &mount)
                       ? search->on_mount(&mount, search->namespace, search->userdata)
                       : 0;
}

int mounts_each(struct snapshot *snapshot, mount_fn on_mount, void *userdata) {
        struct search search = {.on_mount = on_mount, .userdata = userdata};
        int r = read_namespaces(snapshot);

        for (search.namespace = snapshot->namespaces; search.namespace && r == 0;
             search.namespace = search.namespace->next)
                r = proc_text_each_line(search.namespace->text, check_line, &search);
        return r;
}

void mount_add_place(const struct mount *mount, const struct mount_namespace *namespace,
                     struct finding *ret) {
        const char *const parts[] = {" in the mount namespace of process ", namespace->pid, " (",
                                     namespace->comm, ")"};

        escape_append_bytes(ret->text, sizeof(ret->text), mount->where.text, mount->where.length);
        for (size_t i = 0; namespace->pid && i < sizeof(parts) / sizeof(parts[0]); i++)
                escape_append(ret->text, sizeof(ret->text), parts[i]);
}
