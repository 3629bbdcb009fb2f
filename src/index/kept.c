/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The aliases of one bus, kept in rank order. */
#include "kept.h"

#include <errno.h>
#include <string.h>

#include "alias.h"

int kept_add(struct kept *kept, const char *alias, const char *module,
             const struct candidate *like) {
        if (kept->all.n == KEPT_MAX)
                return -E2BIG;
        return matches_add(&kept->all, &kept->arena, alias, module, like);
}

int kept_end(struct kept *kept) {
        kept->heads = arena_take(&kept->arena, (kept->all.n + 1) * sizeof(*kept->heads));
        if (!kept->heads)
                return -ENOMEM;
        matches_sort(&kept->all, kept->key.generic);
        for (size_t i = 0; i < kept->all.n; i++)
                kept->heads[i] = alias_head(kept->all.list[i].alias);
        return 0;
}

/* The letters at the end of a head tell two aliases apart: they begin with bus and vendor alike. */
#define TELLING 8

static bool is_match(const char *alias, size_t head, const struct modalias *key) {
        size_t end = head < TELLING ? 0 : head - TELLING;

        return head <= key->length && memcmp(alias + end, key->key + end, head - end) == 0 &&
               memcmp(alias, key->key, end) == 0 && alias_match_behind(alias, head, key);
}

int kept_lookup(const struct kept *kept, const struct modalias *key, struct arena *arena,
                struct matches *matches) {
        int r = 0;

        for (size_t i = 0; i < kept->all.n && r == 0; i++)
                if (is_match(kept->all.list[i].alias, kept->heads[i], key))
                        r = matches_add_candidate(matches, arena, &kept->all.list[i]);
        return r;
}

void kept_done(struct kept *kept) {
        arena_done(&kept->arena);
        kept->all = (struct matches){};
        kept->heads = NULL;
}
