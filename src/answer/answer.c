/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The answer: which driver VFIO would use for a device, by the module index and the policy. */
#include "answer.h"

#include <errno.h>

#include "choice.h"
#include "cleanup.h"
#include "index.h"
#include "policy.h"

static int source_fill(struct answer_source *source, const char *folder,
                       const char *const *modprobe_folders) {
        int r = index_open(folder, &source->arena, &source->index);

        if (r >= 0)
                r = policy_open(folder, modprobe_folders, &source->arena, &source->policy);
        source->facts = (struct facts_book){
                .arena = &source->arena,
                .index = source->index,
                .policy = source->policy,
                .running = !folder,
        };
        return r;
}

int answer_source_open(const char *folder, const char *const *modprobe_folders,
                       struct answer_source **ret) {
        struct arena arena = {};
        struct answer_source *source = arena_take(&arena, sizeof(*source));
        int r;

        if (!source)
                return -ENOMEM;
        source->arena = arena;
        r = source_fill(source, folder, modprobe_folders);
        if (r < 0) {
                answer_source_close(source);
                return r;
        }
        *ret = source;
        return 0;
}

void answer_source_close(struct answer_source *source) {
        struct arena arena;

        if (!source)
                return;
        index_close(source->index);
        policy_close(source->policy);
        arena_done(&source->matches);
        arena = source->arena; /* the source lies in it */
        arena_done(&arena);
}

const char *answer_source_damaged_file(const struct answer_source *source) {
        return index_damaged_file(source->index);
}

static void answer_clear(struct answer *answer) {
        answer->driver[0] = answer->module[0] = answer->alias[0] = answer->fallback[0] = '\0';
        answer->pin = PIN_NONE;
        answer->pin_ban = POLICY_NO_BAN;
        answer->pin_banned[0] = '\0';
}

static int find(struct search *search, const char *modalias) {
        _uninitialized_ struct modalias key;
        int r = modalias_parse(modalias, &key);

        if (r < 0)
                return r;
        arena_rewind(&search->source->matches);
        search->key = &key;
        answer_clear(search->answer);
        return choice_search(search);
}

int answer_find(struct answer_source *source, const char *modalias, const char *pin,
                struct answer *ret) {
        struct search search = {.source = source, .pin = pin, .answer = ret};

        return find(&search, modalias);
}

int answer_explain(struct answer_source *source, const char *modalias, const char *pin,
                   answer_candidate_fn on_candidate, void *userdata) {
        struct answer answer;
        struct search search = {
                .source = source,
                .pin = pin,
                .answer = &answer,
                .on_candidate = on_candidate,
                .userdata = userdata,
        };

        return find(&search, modalias);
}

int answer_module_has_alias(struct answer_source *source, const char *modalias,
                            const char *module) {
        _uninitialized_ struct modalias key;
        int r = modalias_parse(modalias, &key);

        return r < 0 ? r : index_module_has_alias(source->index, &key, module);
}

int answer_source_check(struct answer_source *source, const char **ret) {
        return index_check(source->index, ret);
}
