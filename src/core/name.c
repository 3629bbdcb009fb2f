/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Names of modules and drivers. They differ: vfio_pci is a module, vfio-pci its driver. */
#include "name.h"

#include "text.h"

bool name_is_valid(const char *name, size_t length) {
        if (length == 0 || length >= NAME_SIZE || name[0] == '.')
                return false;
        for (size_t i = 0; i < length; i++)
                if (!text_is_alphanumeric(name[i]) && name[i] != '_' && name[i] != '-' &&
                    name[i] != '.' && name[i] != '+')
                        return false;
        return true;
}

bool name_is_same_module(const char *a, const char *b) {
        for (; *a && text_underscored(*a) == text_underscored(*b); a++)
                b++;
        return *a == *b;
}

void name_normalise(const char *module, char ret[NAME_SIZE]) {
        size_t n = 0;

        for (; module[n] && n < NAME_SIZE - 1; n++)
                ret[n] = text_underscored(module[n]);
        ret[n] = '\0';
}

const char *name_known_driver(const char *module) {
        if (streq(module, "vfio_pci"))
                return "vfio-pci";
        if (streq(module, "xe_vfio_pci"))
                return "xe-vfio-pci";
        if (streq(module, "vfio_cdx"))
                return "vfio-cdx";
        return NULL;
}
