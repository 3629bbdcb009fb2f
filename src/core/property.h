/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The udev properties of a device: one row each. */
#pragma once

#include <stdbool.h>

enum property {
        /* The choice, and what led to it: the library reads these */
        PROPERTY_DRIVER,
        PROPERTY_MODULE,
        PROPERTY_ALIAS,
        PROPERTY_FALLBACK,
        PROPERTY_BIND,
        PROPERTY_PIN,
        N_CHOICE_PROPERTIES,
        /* What sysfs has as well: for rules and units of others */
        PROPERTY_PHYSFN = N_CHOICE_PROPERTIES,
        PROPERTY_BOUND,
        PROPERTY_CDEV,
        PROPERTY_GROUP,
        N_PROPERTIES,
};

enum property_setter {
        PROPERTY_SET_BY_LOOKUP, /* the helper: on add and change, kept on other actions */
        PROPERTY_SET_BY_NODES,  /* the helper: while a VFIO driver is bound */
        PROPERTY_SET_BY_ADMIN,  /* hwdb */
};

struct property_row {
        const char *name; /* "VFIO_VARIANT_DRIVER" */
        enum property_setter setter;
        /* Can the property have VALUE, which is not ""? NULL: the library does not read it */
        bool (*is_valid)(const char *value);
};

/* The rules have the same names: tests/build/tables.py. */
extern const struct property_row property_rows[N_PROPERTIES];

static inline const char *property_name(enum property property) {
        return property_rows[property].name;
}

/* Does BIND, the value of PROPERTY_BIND or NULL, tag a device? */
bool property_is_tag(const char *bind);
