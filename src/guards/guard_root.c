/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Guard: the root file system is on the network, and an interface of the device is in use. */
#include <stdbool.h>

#include "guard.h"
#include "mounts.h"
#include "text.h"

static bool is_one_of(const struct mounts_word *word, const char *const *texts) {
        for (; *texts; texts++)
                if (text_is(word->text, word->length, *texts))
                        return true;
        return false;
}

/* Which interface leads to the server is not asked: it may be any, by a route or a bridge. */
static int find_remote(const struct mount *mount, const struct mount_namespace *namespace,
                       void *userdata) {
        static const char *const places[] = {"/", "/usr", "/boot", NULL};
        static const char *const types[] = {"nfs", "nfs4", "cifs", "smb3", "ceph", NULL};

        (void)namespace;
        (void)userdata;
        return is_one_of(&mount->where, places) && is_one_of(&mount->type, types);
}

int guard_root(const struct guard_target *target, struct finding *ret) {
        int r = mounts_each(target->snapshot, find_remote, NULL);

        return r > 0 ? guard_network(target, ret) : r;
}
