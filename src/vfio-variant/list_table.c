/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The table of `list`: a line for each device, and on a screen the reason on lines of its own. */
#include "list_table.h"

#include <stdio.h>

#include "facts.h"
#include "screen.h"
#include "words.h"

enum column { ADDRESS, NAME, DRIVER, TYPE, VARIANT, TAGGED, GROUP, STATE, N_COLUMNS };

static const struct table_column columns[N_COLUMNS] = {
        [ADDRESS] = {"ADDRESS"},
        [NAME] = {"NAME", .is_cut = true},
        [DRIVER] = {"DRIVER"},
        [TYPE] = {"TYPE"},
        [VARIANT] = {"VARIANT"},
        [TAGGED] = {"TAGGED"},
        [GROUP] = {"GROUP", .is_number = true},
        [STATE] = {"STATE"},
};

/* On a narrower screen what STATE says anyhow is left out. */
#define WIDE 110

static bool is_shown(enum column column) {
        size_t width = screen_width();

        return (column != TYPE && column != TAGGED) || width == 0 || width >= WIDE;
}

struct table *list_table_new(bool has_headings) {
        struct table_column shown[N_COLUMNS + 1] = {};
        size_t n = 0;

        for (enum column column = 0; column < N_COLUMNS; column++)
                if (is_shown(column))
                        shown[n++] = columns[column];
        return table_new(shown, has_headings);
}

static void add_shown(struct table *table, const char *const all[N_COLUMNS], const char *colour,
                      const char *note) {
        const char *cells[N_COLUMNS];
        size_t n = 0;

        for (enum column column = 0; column < N_COLUMNS; column++)
                if (is_shown(column))
                        cells[n++] = all[column];
        table_add(table, cells, colour, note);
}

/* What STATE says where a device has one line and no more. */
static const char *whole_state(const struct device_state *state, char *ret, size_t size) {
        if (!state->reason[0])
                return state_text(state);
        (void)snprintf(ret, size, "%s%s", state->is_tagged ? "tagged, " : "", state->reason);
        return ret;
}

void list_table_add(struct table *table, struct vfio_variant_device *device,
                    const struct device_state *state) {
        char vendor[VFIO_VARIANT_NAME_SIZE], model[VFIO_VARIANT_NAME_SIZE], group[16] = "";
        char whole[REASON_SIZE + sizeof("tagged, ")];
        int number = fact_number(device, VFIO_VARIANT_GROUP_NUMBER);
        bool is_screen = screen_width() > 0;
        const char *const cells[N_COLUMNS] = {
                [ADDRESS] = vfio_variant_device_get_sysname(device),
                [NAME] = model,
                [DRIVER] = fact_string(device, VFIO_VARIANT_HOLDER),
                [TYPE] = word_of_type(fact_number(device, VFIO_VARIANT_TYPE)),
                [VARIANT] = fact_string(device, VFIO_VARIANT_ANSWER),
                [TAGGED] = state->is_tagged ? "yes" : "no",
                [GROUP] = group,
                [STATE] = is_screen ? state_text(state) : whole_state(state, whole, sizeof(whole)),
        };

        vfio_variant_device_get_name(device, vendor, model);
        if (number >= 0)
                (void)snprintf(group, sizeof(group), "%d", number);
        add_shown(table, cells, state_colour(state),
                  is_screen && state->reason[0] ? state->reason : NULL);
}
