/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Checks an index for damage. A lookup only reads the part that it needs. */
#include "index_verify.h"

#include <errno.h>
#include <stddef.h>

#include "cleanup.h"

/*
 * Records that FILE is damaged, if it is; R: the result of reading it. Returns 0 or the negative
 * errno of a read.
 */
static int note(struct whole *whole, const struct source *source, int r) {
        if (r == -EBADMSG || source->damaged)
                whole->damaged = source->bin;
        return r == -EBADMSG || r > 0 ? 0 : r;
}

static int check_module(const char *alias, const char *module, uint32_t priority, void *userdata) {
        struct whole *whole = userdata;
        int r = 0;

        (void)alias;
        (void)priority;
        for (size_t i = 0; i < sizeof(whole->lists) / sizeof(whole->lists[0]) && r == 0; i++)
                r = note(whole, whole->lists[i],
                         source_has_module(whole->lists[i], whole->dir_fd, module));
        return r;
}

static int check_bus(struct whole *whole, struct source *aliases, const char *modalias) {
        _uninitialized_ struct modalias key, begin;
        int r = modalias_parse(modalias, &key);

        if (r < 0)
                return r;
        modalias_begin(&key, &begin);
        return note(whole, aliases,
                    source_lookup(aliases, whole->dir_fd, &begin, check_module, NULL, whole));
}

int whole_aliases(struct whole *whole, struct source *aliases) {
        int r = check_bus(whole, aliases, "pci:");

        return r < 0 ? r : check_bus(whole, aliases, "cdx:");
}
