/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* vfio-variant check: the command that would bind a device now, or what prevents it. */
#include <stdbool.h>
#include <string.h>

#include "check.h"
#include "device_keys.h"
#include "identity.h"
#include "text.h"

bool is_of_one_card(const char *a, const char *b) {
        const char *dot = strrchr(a, '.');

        return dot && strncmp(a, b, (size_t)(dot - a) + 1) == 0;
}

/* Space for what prevents binding a device. */
#define CLAUSE_SIZE 512

/* The members of an IOMMU group, as `bind --group` sees them. */
struct group {
        const struct subject *subject;
        bool is_tagged;        /* all that have to be bound are */
        char use[CLAUSE_SIZE]; /* of the member that prevents it, "" if it is not in use */
};

/* Ends with 1 at a member that prevents binding the group as a whole. */
static int check_member(struct vfio_variant_device *member, void *userdata) {
        const char *sysname = vfio_variant_device_get_sysname(member);
        struct group *group = userdata;
        bool is_tagged;

        if (vfio_variant_device_is_blocking(member) <= 0)
                return 0;
        if (vfio_variant_device_check_use(member) > 0)
                return text_put(group->use, sizeof(group->use),
                                vfio_variant_device_get_finding(member)) > 0;
        if (identity_not_for_guests(member) || !vfio_variant_device_get_variant_driver(member))
                return 1;
        is_tagged = vfio_variant_device_read_tag(member) > 0;
        group->is_tagged = group->is_tagged && is_tagged;
        /* The host may need a member of another card, unless the administrator tagged it */
        return !is_tagged && !is_of_one_card(sysname, group->subject->sysname);
}

static bool group_can_be_bound(struct group *group) {
        return vfio_variant_device_each_member(group->subject->device, check_member, group) == 0;
}

/* The options with which `bind` would not be refused now; NULL: there are none. *ret_is_tagged:
 * would `bind --tagged` do the same? */
static const char *options_of_bind(const struct subject *subject, bool *ret_is_tagged) {
        struct group group = {.subject = subject, .is_tagged = true};
        int r = vfio_variant_device_check_guards(subject->device);

        *ret_is_tagged = subject->is_tagged;
        /* Only its driver_override is corrected */
        if (streq(subject->driver, subject->now[PROPERTY_DRIVER]))
                return "";
        if (r <= 0)
                return r < 0 ? NULL : "";
        if (!vfio_variant_device_can_force(subject->device))
                return NULL;
        if (subject->is_forced)
                return "--force ";
        if (vfio_variant_device_get_iommu_group(subject->device) < 0 ||
            vfio_variant_device_check_use(subject->device) > 0 || !group_can_be_bound(&group))
                return NULL;
        *ret_is_tagged = subject->is_tagged && group.is_tagged;
        return "--group ";
}

#define TOGETHER "the functions of a card must be bound together"

void advise_group(struct check *check, const struct subject *subject) {
        struct group group = {.subject = subject};
        struct findings *findings = &check->findings;

        if (group_can_be_bound(&group))
                findings_advise(
                        findings, TOGETHER ": run %s`vfio-variant bind --group " FINDING_DEVICE "`",
                        subject->is_tagged ? "`vfio-variant tag --group " FINDING_DEVICE "` and "
                                           : "");
        else if (group.use[0])
                findings_advise(findings, TOGETHER "; stop this first: %s", group.use);
        else
                findings_advise(findings,
                                TOGETHER ", but not each can be assigned to a guest: "
                                         "`vfio-variant info " FINDING_DEVICE "` shows them");
}

/* No command is advised that would be refused. Other obstacles than a use were reported before. */
static void advise_obstacle(struct check *check, const struct subject *subject) {
        struct findings *findings = &check->findings;

        if (vfio_variant_device_get_iommu_group(subject->device) < 0)
                findings_advise(findings, "correct the IOMMU first");
        else if (vfio_variant_device_check_use(subject->device) > 0 ||
                 (!check->is_group_blocked &&
                  vfio_variant_device_check_guards(subject->device) > 0))
                findings_advise(findings, "no VFIO driver can be bound while %s",
                                vfio_variant_device_get_finding(subject->device));
        else if (check->is_group_blocked)
                findings_advise(findings, "correct the IOMMU group first");
        else
                findings_advise(findings, "`vfio-variant info " FINDING_DEVICE
                                          "` reports what cannot be read");
}

void advise_bind(struct check *check, const struct subject *subject, const char *purpose) {
        bool is_tagged;
        const char *options = options_of_bind(subject, &is_tagged);

        if (!options) {
                advise_obstacle(check, subject);
                return;
        }
        findings_advise(&check->findings, "run `vfio-variant bind %s" FINDING_DEVICE "`%s", options,
                        purpose);
        if (is_tagged)
                findings_advise_all(&check->findings, "run `vfio-variant bind --tagged`%s",
                                    purpose);
}
