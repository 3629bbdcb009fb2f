/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The files of rules that udev reads. */
#include "rules.h"

#include <stdbool.h>
#include <stdio.h>
#include <sys/stat.h>

#include "text.h"

#define PATH_SIZE 256

static const struct {
        const char *path;
        bool is_shipped; /* for packages, not for administrators */
} directories[] = {
        {"/etc/udev/rules.d", false},          {"/run/udev/rules.d", false},
        {"/usr/local/lib/udev/rules.d", true}, {"/usr/lib/udev/rules.d", true},
        {"/lib/udev/rules.d", true},
};

enum rules_state rules_find(const char *name, char *ret, size_t size) {
        for (size_t i = 0; i < sizeof(directories) / sizeof(directories[0]); i++) {
                char path[PATH_SIZE];
                struct stat status;

                (void)snprintf(path, sizeof(path), "%s/%s", directories[i].path, name);
                if (stat(path, &status) < 0)
                        continue;
                (void)text_put(ret, size, path);
                if (!S_ISREG(status.st_mode) || status.st_size == 0)
                        return RULES_OFF;
                return directories[i].is_shipped ? RULES_SHIPPED : RULES_OWN;
        }
        return RULES_MISSING;
}
