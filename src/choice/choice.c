/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The choice: the VFIO driver for a device, from the module index and the policy. */
#include "choice.h"

#include <errno.h>

#include "candidate_search.h"
#include "cleanup.h"
#include "index.h"
#include "policy.h"

static int source_fill(struct choice_source *source, const char *directory,
                       const char *const *modprobe_directories) {
        int r = index_open(directory, &source->arena, &source->index);

        if (r >= 0)
                r = policy_open(directory, modprobe_directories, &source->arena, &source->policy);
        source->info = (struct module_info_cache){
                .arena = &source->arena,
                .index = source->index,
                .policy = source->policy,
                .running = !directory,
        };
        return r;
}

int choice_source_open(const char *directory, const char *const *modprobe_directories,
                       struct choice_source **ret) {
        struct arena arena = {};
        struct choice_source *source = arena_take(&arena, sizeof(*source));
        int r;

        if (!source)
                return -ENOMEM;
        source->arena = arena;
        r = source_fill(source, directory, modprobe_directories);
        if (r < 0) {
                choice_source_close(source);
                return r;
        }
        *ret = source;
        return 0;
}

void choice_source_close(struct choice_source *source) {
        struct arena arena;

        if (!source)
                return;
        index_close(source->index);
        policy_close(source->policy);
        arena_done(&source->matches);
        arena = source->arena; /* the source is part of it */
        arena_done(&arena);
}

struct index *choice_source_index(const struct choice_source *source) {
        return source->index;
}

static void choice_clear(struct choice *choice) {
        choice->driver[0] = choice->module[0] = choice->alias[0] = choice->fallback[0] = '\0';
        choice->pin = PIN_NONE;
        choice->pin_ban = POLICY_NO_BAN;
        choice->pin_banned[0] = '\0';
}

/*
 * Returns the memory for the next search. That of the first one is kept with the source, so that a
 * process with one search maps memory once.
 */
static struct arena *start_search(struct choice_source *source) {
        bool is_first = !source->is_used;

        source->is_used = true;
        arena_rewind(&source->matches);
        return is_first ? &source->arena : &source->matches;
}

static int choice_run(struct candidate_search *search, const char *modalias) {
        _uninitialized_ struct modalias key;
        int r = modalias_parse(modalias, &key);

        if (r < 0)
                return r;
        search->arena = start_search(search->source);
        search->key = &key;
        choice_clear(search->choice);
        return candidate_search_run(search);
}

int choice_find(struct choice_source *source, const char *modalias, const char *pin,
                struct choice *ret) {
        struct candidate_search search = {.source = source, .pin = pin, .choice = ret};

        return choice_run(&search, modalias);
}

int choice_explain(struct choice_source *source, const char *modalias, const char *pin,
                   choice_candidate_fn on_candidate, void *userdata) {
        struct choice choice;
        struct candidate_search search = {
                .source = source,
                .pin = pin,
                .choice = &choice,
                .on_candidate = on_candidate,
                .userdata = userdata,
        };

        return choice_run(&search, modalias);
}

int choice_module_has_alias(struct choice_source *source, const char *modalias,
                            const char *module) {
        _uninitialized_ struct modalias key;
        int r = modalias_parse(modalias, &key);

        return r < 0 ? r : index_module_has_alias(source->index, &key, module);
}
