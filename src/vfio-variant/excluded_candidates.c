/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The candidates for a device that are excluded, and why. */
#include "excluded_candidates.h"

#include <stdio.h>
#include <string.h>

#include "text.h"

const char *candidate_why(const struct vfio_variant_candidate *candidate) {
        const char *reason = vfio_variant_candidate_get_reason(candidate);
        const char *colon = strstr(reason, ": ");

        return colon ? colon + 2 : reason;
}

bool candidate_is_excluded(const struct vfio_variant_candidate *candidate) {
        switch (vfio_variant_candidate_get_verdict(candidate)) {
        case VFIO_VARIANT_VERDICT_WON:
        case VFIO_VARIANT_VERDICT_FALLBACK:
        case VFIO_VARIANT_VERDICT_NEXT:
        case VFIO_VARIANT_VERDICT_LOWER:
        case VFIO_VARIANT_VERDICT_SAME:
                return false;
        default:
                return true;
        }
}

void excluded_add(struct excluded *excluded, const struct vfio_variant_candidate *candidate) {
        const char *module = vfio_variant_candidate_get_module(candidate);
        enum vfio_variant_verdict verdict = vfio_variant_candidate_get_verdict(candidate);
        size_t n = strlen(excluded->list);

        if (!candidate_is_excluded(candidate) || streq(module, excluded->last))
                return;
        if (vfio_variant_candidate_is_excluded_by_cmdline(candidate))
                excluded->is_by_parameter = true;
        else if (verdict != VFIO_VARIANT_VERDICT_MISSING && verdict != VFIO_VARIANT_VERDICT_INVALID)
                excluded->is_by_line = true;
        (void)text_put(excluded->last, sizeof(excluded->last), module);
        (void)snprintf(excluded->list + n, sizeof(excluded->list) - n, "%s%s (%s)",
                       n > 0 ? ", " : "", module, candidate_why(candidate));
}

static int add_candidate(const struct vfio_variant_candidate *candidate, void *userdata) {
        excluded_add(userdata, candidate);
        return 0;
}

int excluded_read(struct vfio_variant_device *device, struct excluded *ret) {
        *ret = (struct excluded){};
        return vfio_variant_device_each_candidate(device, NULL, add_candidate, ret);
}

const char *excluded_advice(const struct excluded *excluded) {
        if (excluded->is_by_line)
                return excluded->is_by_parameter
                               ? "remove the line, or remove the parameter and reboot"
                               : "remove the line if it is not intended";
        return excluded->is_by_parameter ? "remove the parameter if it is not intended, and reboot"
                                         : "install one and run depmod";
}
