/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Checks an index for damage. A lookup only reads the part that it needs. */
#include "index_verify.h"

#include <errno.h>
#include <stddef.h>

#include "bus.h"
#include "cleanup.h"

/*
 * Records that FILE is damaged, if it is; R: the result of reading it. Returns 0 or the negative
 * errno of a read.
 */
static int note_damage(struct index_verification *verification, const struct index_file *file,
                       int r) {
        if (r == -EBADMSG || file->damaged)
                verification->damaged = file->bin;
        return r == -EBADMSG || r > 0 ? 0 : r;
}

static int check_module(const char *alias, const char *module, uint32_t priority, void *userdata) {
        struct index_verification *verification = userdata;
        int r = 0;

        (void)alias;
        (void)priority;
        for (size_t i = 0;
             i < sizeof(verification->lists) / sizeof(verification->lists[0]) && r == 0; i++)
                r = note_damage(verification, verification->lists[i],
                                index_file_has_module(verification->lists[i], verification->dir_fd,
                                                      module));
        return r;
}

static int check_bus(struct index_verification *verification, struct index_file *aliases,
                     const char *modalias) {
        _uninitialized_ struct modalias key, begin;
        int r = modalias_parse(modalias, &key);

        if (r < 0)
                return r;
        modalias_bus_prefix(&key, &begin);
        return note_damage(verification, aliases,
                           index_file_lookup(aliases, verification->dir_fd, &begin, check_module,
                                             NULL, verification));
}

int index_verify_aliases(struct index_verification *verification, struct index_file *aliases) {
        int r = 0;

        for (const struct bus *bus = buses; r >= 0 && bus->subsystem; bus++)
                r = check_bus(verification, aliases, bus->prefix);
        return r;
}
