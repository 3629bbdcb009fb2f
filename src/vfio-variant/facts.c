/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the library says of a device, where it is no matter that it has nothing to say. */
#include "facts.h"

#include <errno.h>
#include <fnmatch.h>
#include <stddef.h>
#include <stdio.h>

#include "text.h"
#include "vfio-variant-tag.h"

const char *fact_string(struct vfio_variant_device *device, enum vfio_variant_string what) {
        const char *string;

        return vfio_variant_device_get_string(device, what, &string) < 0 ? NULL : string;
}

const char *fact_answer(struct vfio_variant_device *device, const char *otherwise) {
        const char *answer = NULL;
        int r = vfio_variant_device_get_string(device, VFIO_VARIANT_ANSWER, &answer);

        return r < 0 && r != -ENODATA ? otherwise : answer;
}

int fact_number(struct vfio_variant_device *device, enum vfio_variant_number what) {
        return vfio_variant_device_get_number(device, what);
}

bool fact_is_tagged(struct vfio_variant_device *device) {
        const char *bind;

        if (vfio_variant_device_read_database(device) <= 0)
                return vfio_variant_device_read_tag(device) > 0;
        bind = vfio_variant_device_get_property(device, "VFIO_VARIANT_BIND");
        return bind && !streq(bind, "0");
}

const char *fact_not_for_guests(const struct vfio_variant_device *device) {
        if (vfio_variant_device_is_bridge(device))
                return "a bridge";
        return vfio_variant_device_is_iommu(device) ? "an IOMMU" : NULL;
}

const char *fact_of_candidate(const struct vfio_variant_candidate *candidate,
                              enum vfio_variant_candidate_string what) {
        const char *text = vfio_variant_candidate_get_string(candidate, what);

        return text ? text : "";
}

/* Of PCI both have eight digits, of which the first four are 0; of CDX four. Source:
 * modalias_show() of the kernel's drivers/pci/pci-sysfs.c and drivers/cdx/cdx.c. */
void fact_ids(const struct vfio_variant_device *device, char ret[FACT_IDS_SIZE]) {
        const char *modalias = vfio_variant_device_get_modalias(device);
        const char *ids = modalias + sizeof("pci:v") - 1;

        ret[0] = '\0';
        if (fnmatch("pci:v0000????d0000????sv*", modalias, 0) == 0)
                (void)snprintf(ret, FACT_IDS_SIZE, "%.4s:%.4s", ids + 4, ids + 13);
        else if (fnmatch("cdx:v????d????sv*", modalias, 0) == 0)
                (void)snprintf(ret, FACT_IDS_SIZE, "%.4s:%.4s", ids, ids + 5);
}
