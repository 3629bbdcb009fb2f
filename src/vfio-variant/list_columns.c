/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The columns of `list`: their names, and what each has of a device. */
#include "list_columns.h"

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

/* TEXT: NULL for nothing. */
static void put(char ret[LIST_CELL_SIZE], const char *text) {
        (void)snprintf(ret, LIST_CELL_SIZE, "%s", text ? text : "");
}

static void put_name(struct vfio_variant_device *device, char ret[LIST_CELL_SIZE]) {
        const char *model = vfio_variant_device_get_model(device);
        const char *vendor = vfio_variant_device_get_vendor(device);
        char ids[IDENTITY_IDS_SIZE];

        identity_ids(device, ids);
        if (model)
                put(ret, model);
        else
                (void)snprintf(ret, LIST_CELL_SIZE, "%s%s%s%s", *ids ? "[" : "", ids,
                               *ids ? "] " : "", vendor ? vendor : "");
}

static void put_ids(const struct vfio_variant_device *device, char ret[LIST_CELL_SIZE]) {
        char ids[IDENTITY_IDS_SIZE];

        identity_ids(device, ids);
        put(ret, ids);
}

static void put_group(struct vfio_variant_device *device, char ret[LIST_CELL_SIZE]) {
        int number = vfio_variant_device_get_iommu_group(device);

        if (number >= 0)
                (void)snprintf(ret, LIST_CELL_SIZE, "%d", number);
}

static void put_variant(struct vfio_variant_device *device, const struct device_state *state,
                        char ret[LIST_CELL_SIZE]) {
        if (state_is_for_guests(state->state))
                put(ret, get_choice_name(device, "unknown"));
}

void list_cell(enum list_column column, struct vfio_variant_device *device,
               const struct device_state *state, char ret[LIST_CELL_SIZE]) {
        ret[0] = '\0';
        switch (column) {
        case LIST_ADDRESS:
                put(ret, vfio_variant_device_get_sysname(device));
                break;
        case LIST_NAME:
                put_name(device, ret);
                break;
        case LIST_DRIVER:
                put(ret, state->driver);
                break;
        case LIST_VARIANT:
                put_variant(device, state, ret);
                break;
        case LIST_GROUP:
                put_group(device, ret);
                break;
        case LIST_STATE:
                state_describe(state, ret);
                break;
        case LIST_TYPE:
                put(ret, vfio_variant_type_name(vfio_variant_device_get_type(device)));
                break;
        case LIST_TAG:
                put(ret, vfio_variant_device_get_tag(device));
                break;
        case LIST_VENDOR:
                put(ret, vfio_variant_device_get_vendor(device));
                break;
        case LIST_IDS:
                put_ids(device, ret);
                break;
        case LIST_MODALIAS:
                put(ret, vfio_variant_device_get_modalias(device));
                break;
        case LIST_PHYSFN:
                put(ret, vfio_variant_device_get_physfn(device));
                break;
        default:
                break;
        }
}
