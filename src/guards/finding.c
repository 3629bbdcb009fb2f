/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The finding of a guard. */
#include "finding.h"

#include <errno.h>
#include <stdio.h>

#include "escape.h"
#include "open_files.h"

int finding_set_parts(struct finding *ret, enum guard guard, const char *const *parts) {
        ret->guard = guard;
        ret->text[0] = '\0';
        for (; *parts; parts++)
                escape_append(ret->text, sizeof(ret->text), *parts);
        return 1;
}

int finding_set_user(struct finding *ret, enum guard guard, const struct open_file *file,
                     const char *node) {
        char comm[COMM_SIZE];

        process_comm(file->process, comm);
        return finding_set(ret, guard, "process ", file->process->pid, " (", comm, ") has ", node,
                           file->mapped ? " mapped" : " open");
}

int finding_set_unexamined(struct finding *ret, unsigned n) {
        if (n == 0)
                return 0;
        ret->unexamined = n;
        (void)snprintf(ret->text, sizeof(ret->text), "%u process%s could not be examined", n,
                       n == 1 ? "" : "es");
        return -EACCES;
}
