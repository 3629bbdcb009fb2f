/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The udev properties of a device: one row each. */
#include "property.h"

#include "name.h"
#include "text.h"

static bool is_name(const char *value) {
        return name_is_valid(value, strlen(value));
}

static bool is_alias(const char *value) {
        return text_is_word(value, strlen(value));
}

static bool is_bind(const char *value) {
        return streq(value, "0") || streq(value, "1") || streq(value, "force");
}

const struct property_row property_rows[N_PROPERTIES] = {
        [PROPERTY_DRIVER] = {"VFIO_VARIANT_DRIVER", PROPERTY_SET_BY_LOOKUP, is_name},
        [PROPERTY_MODULE] = {"VFIO_VARIANT_MODULE", PROPERTY_SET_BY_LOOKUP, is_name},
        [PROPERTY_ALIAS] = {"VFIO_VARIANT_ALIAS", PROPERTY_SET_BY_LOOKUP, is_alias},
        [PROPERTY_FALLBACK] = {"VFIO_VARIANT_FALLBACK", PROPERTY_SET_BY_LOOKUP, is_name},
        [PROPERTY_BIND] = {"VFIO_VARIANT_BIND", PROPERTY_SET_BY_ADMIN, is_bind},
        [PROPERTY_PIN] = {"VFIO_VARIANT_PIN", PROPERTY_SET_BY_ADMIN, is_name},
        [PROPERTY_PHYSFN] = {"VFIO_VARIANT_PHYSFN", PROPERTY_SET_BY_LOOKUP, NULL},
        [PROPERTY_BOUND] = {"VFIO_VARIANT_BOUND", PROPERTY_SET_BY_NODES, NULL},
        [PROPERTY_CDEV] = {"VFIO_VARIANT_CDEV", PROPERTY_SET_BY_NODES, NULL},
        [PROPERTY_GROUP] = {"VFIO_VARIANT_GROUP", PROPERTY_SET_BY_NODES, NULL},
};

bool property_is_tag(const char *bind) {
        return bind && *bind && !streq(bind, "0");
}
