/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The columns of `list`: their names, and what each has of a device. */
#include "list_table.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "choose_driver.h"
#include "identity.h"
#include "messages.h"
#include "text.h"

static const char *const names[LIST_N_COLUMNS] = {
        [LIST_ADDRESS] = "ADDRESS", [LIST_NAME] = "NAME",         [LIST_DRIVER] = "DRIVER",
        [LIST_VARIANT] = "VARIANT", [LIST_GROUP] = "GROUP",       [LIST_STATE] = "STATE",
        [LIST_TYPE] = "TYPE",       [LIST_TAG] = "TAG",           [LIST_VENDOR] = "VENDOR",
        [LIST_IDS] = "IDS",         [LIST_MODALIAS] = "MODALIAS", [LIST_PHYSFN] = "PHYSFN",
};

const char *list_column_name(enum list_column column) {
        return names[column];
}

/* "ADDRESS, NAME, ..." */
static int report_unknown(const char *name) {
        char all[LIST_CELL_SIZE];
        size_t n = 0;

        for (unsigned i = 0; i < LIST_N_COLUMNS; i++)
                n += (size_t)snprintf(all + n, sizeof(all) - n, "%s%s", i > 0 ? ", " : "",
                                      names[i]);
        return report_usage("unknown column ", *name ? name : "\"\"", ". The columns are: ", all);
}

static int add_column(struct list_columns *columns, const char *name) {
        enum list_column column = 0;

        while (column < LIST_N_COLUMNS && strcasecmp(names[column], name) != 0)
                column++;
        if (column == LIST_N_COLUMNS)
                return report_unknown(name);
        for (unsigned i = 0; i < columns->n; i++)
                if (columns->list[i] == column)
                        return report_usage("column ", names[column], " is given twice");
        columns->list[columns->n++] = column;
        return EXIT_SUCCESS;
}

/* Space for a name that is given, and may be unknown. */
#define NAME_GIVEN_SIZE 64

int list_columns_parse(const char *given, struct list_columns *ret) {
        int status = EXIT_SUCCESS;

        *ret = (struct list_columns){.is_given = given};
        for (enum list_column i = 0; !given && i < LIST_N_DEFAULT; i++)
                ret->list[ret->n++] = i;
        while (given && status == EXIT_SUCCESS) {
                char name[NAME_GIVEN_SIZE];
                const char *comma = strchr(given, ',');

                (void)snprintf(name, sizeof(name), "%.*s",
                               comma ? (int)(comma - given) : (int)sizeof(name), given);
                status = add_column(ret, name);
                given = comma ? comma + 1 : NULL;
        }
        return status;
}

/* The following return what a column has, in BUFFER or elsewhere; NULL for nothing. */

static const char *name_of(struct vfio_variant_device *device, char buffer[LIST_CELL_SIZE]) {
        const char *model = vfio_variant_device_get_model(device);
        const char *vendor = vfio_variant_device_get_vendor(device);
        char ids[IDENTITY_IDS_SIZE];

        if (model)
                return model;
        identity_ids(device, ids);
        (void)snprintf(buffer, LIST_CELL_SIZE, "%s%s%s%s", *ids ? "[" : "", ids, *ids ? "] " : "",
                       vendor ? vendor : "");
        return buffer;
}

static const char *group_of(struct vfio_variant_device *device, char buffer[LIST_CELL_SIZE]) {
        int number = vfio_variant_device_get_iommu_group(device);

        (void)snprintf(buffer, LIST_CELL_SIZE, "%d", number);
        return number >= 0 ? buffer : NULL;
}

static const char *text_of(enum list_column column, struct vfio_variant_device *device,
                           const struct device_state *state, char buffer[LIST_CELL_SIZE]) {
        switch (column) {
        case LIST_ADDRESS:
                return vfio_variant_device_get_sysname(device);
        case LIST_NAME:
                return name_of(device, buffer);
        case LIST_DRIVER:
                return state->driver;
        case LIST_VARIANT:
                return state_is_for_guests(state->state) ? get_choice_name(device, "unknown")
                                                         : NULL;
        case LIST_GROUP:
                return group_of(device, buffer);
        case LIST_STATE:
                state_describe(state, buffer);
                return buffer;
        case LIST_TYPE:
                return vfio_variant_type_name(state->type);
        case LIST_TAG:
                return vfio_variant_device_get_tag(device);
        case LIST_VENDOR:
                return vfio_variant_device_get_vendor(device);
        case LIST_IDS:
                identity_ids(device, buffer);
                return buffer;
        case LIST_MODALIAS:
                return vfio_variant_device_get_modalias(device);
        default:
                return vfio_variant_device_get_physfn(device);
        }
}

void list_cell(enum list_column column, struct vfio_variant_device *device,
               const struct device_state *state, char ret[LIST_CELL_SIZE]) {
        char buffer[LIST_CELL_SIZE];
        const char *text = text_of(column, device, state, buffer);

        (void)snprintf(ret, LIST_CELL_SIZE, "%s", text ? text : "");
}
