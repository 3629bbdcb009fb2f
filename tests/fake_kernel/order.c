/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Orders: what is to go otherwise than it would, and when. */
#include "order.h"

#include <errno.h>
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#include "memory.h"

/* Beyond EHWPOISON, the last one of asm-generic/errno.h. */
#define ERRNO_END 134

int order_errno(const char *name) {
        if (strcmp(name, "0") == 0)
                return 0;
        for (int error = 1; error < ERRNO_END; error++) {
                const char *known = strerrorname_np(error);

                if (known && strcmp(known, name) == 0)
                        return error;
        }
        return -1;
}

static const struct {
        const char *name;
        enum order_what what;
        int n_words; /* after the name */
} actions[] = {
        {"fail", ORDER_FAIL, 1},   {"late", ORDER_LATE, 1},   {"nothing", ORDER_NOTHING, 0},
        {"give", ORDER_GIVE, 1},   {"block", ORDER_BLOCK, 0}, {"wait", ORDER_WAIT, 1},
        {"remove", ORDER_LINE, 1}, {"swap", ORDER_LINE, -1},  {"load", ORDER_LINE, 1},
        {"refuse", ORDER_LINE, 2}, {"file", ORDER_LINE, 2},
};

/* The words from FIRST on as one line again. */
static char *line_of(const struct words *words, int first) {
        char *line = memory_text(""), *longer;

        for (int i = first; i < words->n; i++) {
                longer = memory_format("%s%s ", line, words->word[i]);
                free(line);
                line = longer;
        }
        return line;
}

static int read_action(struct order *order, const struct words *words, int first) {
        const char *arg = first + 1 < words->n ? words->word[first + 1] : "";
        size_t i = 0, n = sizeof(actions) / sizeof(*actions);

        while (i < n && (first >= words->n || strcmp(actions[i].name, words->word[first]) != 0))
                i++;
        if (i == n || (actions[i].n_words >= 0 && words->n - first - 1 != actions[i].n_words))
                return -EINVAL;
        order->what = actions[i].what;
        order->arg = order->what == ORDER_LINE ? line_of(words, first) : arg;
        if (order->what == ORDER_FAIL || order->what == ORDER_LATE)
                order->error = -order_errno(arg);
        if (order->what == ORDER_WAIT)
                order->wait = words_number(arg);
        return order->error > 0 || order->wait < 0 ? -EINVAL : 0;
}

static void append(struct kernel *kernel, struct order *order) {
        struct order **last = &kernel->orders;

        while (*last)
                last = &(*last)->next;
        *last = order;
}

/* "on write PATH N ACTION...", "on request N ACTION...", "on step N ACTION..."; N "each": 0 */
int order_add(struct kernel *kernel, const struct words *words) {
        const char *on = words->n > 1 ? words->word[1] : "";
        int at = strcmp(on, "write") == 0 ? 3 : 2, r;
        struct order *order;

        if (words->n <= at || (at == 2 && strcmp(on, "request") != 0 && strcmp(on, "step") != 0))
                return -EINVAL;
        order = memory_new(sizeof(*order));
        order->on = at == 3 ? ON_WRITE : strcmp(on, "step") == 0 ? ON_STEP : ON_REQUEST;
        order->path = at == 3 ? words->word[2] : NULL;
        if (strcmp(words->word[at], "each") != 0) {
                order->countdown = words_number(words->word[at]);
                if (order->countdown < 1)
                        return -EINVAL;
        }
        r = read_action(order, words, at + 1);
        if (r < 0 || (at == 2 && order->what != ORDER_LINE))
                return -EINVAL;
        append(kernel, order);
        return 0;
}

/* Is it its turn? One whose turn was before is spent. */
static bool is_due(struct order *order) {
        if (order->countdown == 0)
                return true;
        if (order->countdown < 0)
                return false;
        order->countdown = order->countdown > 1 ? order->countdown - 1 : -1;
        return order->countdown < 0;
}

static void do_line(struct kernel *kernel, const char *line) {
        char *answer = NULL;

        if (world_line(kernel, line, &answer) < 0)
                (void)fprintf(kernel->log, "order\t%s\t%s\n", line, answer);
        free(answer);
}

void order_request(struct kernel *kernel, bool is_write) {
        struct order *next;

        for (struct order *order = kernel->orders; order; order = next) {
                next = order->next;
                if ((order->on == ON_REQUEST || (order->on == ON_STEP && !is_write)) &&
                    is_due(order))
                        do_line(kernel, order->arg);
        }
}

const struct order *order_write(struct kernel *kernel, const char *path) {
        const struct order *found = NULL;
        struct order *next;

        for (struct order *order = kernel->orders; order; order = next) {
                next = order->next;
                if (order->on != ON_WRITE || fnmatch(order->path, path, 0) != 0 || !is_due(order))
                        continue;
                if (order->what == ORDER_LINE)
                        do_line(kernel, order->arg);
                else if (!found)
                        found = order;
        }
        return found;
}
