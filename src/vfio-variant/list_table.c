/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The table of `list`: a line for each device, and on a screen the reason on lines of its own. */
#include "list_table.h"

#include <stdio.h>
#include <string.h>

#include "choose_driver.h"
#include "identity.h"
#include "terminal.h"
#include "text.h"

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

/* A narrower screen has no room for what is said elsewhere in the row. */
#define WIDE 110

static bool is_narrow(void) {
        size_t width = terminal_width();

        return width > 0 && width < WIDE;
}

static bool is_shown(enum column column) {
        return (column != TYPE && column != TAGGED) || !is_narrow();
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

/* Without the domain it is still a DEVICE. */
static const char *address(const struct vfio_variant_device *device, bool is_of_one_domain) {
        const char *sysname = vfio_variant_device_get_sysname(device);

        return is_of_one_domain && is_narrow() ? sysname + sizeof("0000:") - 1 : sysname;
}

/* A longer name is cut. */
#define DEVICE_NAME_SIZE 256

static void put_name(struct vfio_variant_device *device, char ret[DEVICE_NAME_SIZE]) {
        const char *model = vfio_variant_device_get_model(device);
        const char *vendor = vfio_variant_device_get_vendor(device);
        char ids[IDENTITY_IDS_SIZE];

        identity_ids(device, ids);
        if (model)
                (void)snprintf(ret, DEVICE_NAME_SIZE, "%s", model);
        else
                (void)snprintf(ret, DEVICE_NAME_SIZE, "%s%s%s%s", *ids ? "[" : "", ids,
                               *ids ? "] " : "", vendor ? vendor : "");
}

/* The longest name of a driver that the kernel has has 20 letters; a longer one must not push the
 * others off the screen. */
#define CELL_SIZE 25

static const char *cut(const char *text, char ret[CELL_SIZE]) {
        if (!text || terminal_width() == 0 || strlen(text) < CELL_SIZE)
                return text;
        (void)snprintf(ret, CELL_SIZE, "%.*s...", CELL_SIZE - 4, text);
        return ret;
}

/* The choice; "=" if the current driver is that, and so need not be read twice. */
static const char *variant(struct vfio_variant_device *device, const struct device_state *state) {
        const char *choice = get_choice_name(device, "unknown");

        if (!choice || !state_is_for_guests(state->state))
                return NULL;
        return is_narrow() && streq(state->driver, choice) ? "=" : choice;
}

/* Standard error has the reason once for all devices. */
static bool is_without_choice(struct vfio_variant_device *device,
                              const struct device_state *state) {
        return state->state == STATE_UNKNOWN && !vfio_variant_device_get_variant_driver(device);
}

/* Why somebody's own disk can't be taken, nobody asks of each: `info` tells. */
static bool has_note(struct vfio_variant_device *device, const struct device_state *state) {
        if (terminal_width() == 0 || !state->reason[0])
                return false;
        return state->is_tagged ||
               (state->state != STATE_NOT_READY && !is_without_choice(device, state));
}

void list_table_add(struct table *table, struct vfio_variant_device *device,
                    const struct device_state *state, bool is_of_one_domain) {
        char name[DEVICE_NAME_SIZE], group[16] = "", whole[STATE_SIZE];
        char short_driver[CELL_SIZE], short_choice[CELL_SIZE];
        int number = vfio_variant_device_get_iommu_group(device);
        const char *const cells[N_COLUMNS] = {
                [ADDRESS] = address(device, is_of_one_domain),
                [NAME] = name,
                [DRIVER] = cut(state->driver, short_driver),
                [TYPE] = vfio_variant_type_name(vfio_variant_device_get_type(device)),
                [VARIANT] = cut(variant(device, state), short_choice),
                [TAGGED] = state->is_tagged ? "yes" : "no",
                [GROUP] = group,
                [STATE] = terminal_width() > 0 ? state_text(state) : whole,
        };

        put_name(device, name);
        state_describe(state, whole);
        if (number >= 0)
                (void)snprintf(group, sizeof(group), "%d", number);
        add_shown(table, cells, state_colour(state),
                  has_note(device, state) ? state->reason : NULL);
}
