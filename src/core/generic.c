/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The generic VFIO module of a bus as a candidate. */
#include "generic.h"

#include <string.h>

#include "alias.h"
#include "text.h"

/*
 * The aliases that modpost writes for PCI_DRIVER_OVERRIDE_DEVICE_VFIO(PCI_ANY_ID, PCI_ANY_ID) and
 * CDX_DEVICE_DRIVER_OVERRIDE(CDX_ANY_ID, ...). Sources: drivers/vfio/pci/vfio_pci.c,
 * drivers/vfio/cdx/main.c and scripts/mod/file2alias.c of the kernel.
 */
static const char *const catch_alls[] = {
        "vfio_pci:v*d*sv*sd*bc*sc*i*",
        "vfio_cdx:v*d*sv*sd*c*",
};

static const char *find_catch_all(const char *generic) {
        size_t length = strlen(generic);

        for (size_t i = 0; i < sizeof(catch_alls) / sizeof(catch_alls[0]); i++)
                if (startswith(catch_alls[i], generic) && catch_alls[i][length] == ':')
                        return catch_alls[i];
        return NULL;
}

bool generic_candidate(const struct modalias *key, struct candidate *ret) {
        const char *catch_all = find_catch_all(key->generic);

        *ret = (struct candidate){
                .module = key->generic,
                .origin = VFIO_VARIANT_CANDIDATE_GENERIC,
                .priority = UINT32_MAX,
                .wildcards = UINT16_MAX,
        };
        if (!catch_all)
                return true;
        alias_count(catch_all, &ret->wildcards, &ret->literals);
        return alias_match(catch_all, key);
}
