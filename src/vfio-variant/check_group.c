/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* vfio-variant check: the IOMMU group of a device, and who stands in its way. */
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "check.h"
#include "facts.h"
#include "text.h"
#include "vfio-variant-tag.h"

/* Some members by name: of more only the number is told. */
#define LIST_SIZE 256
#define LIST_MAX  3

/* Members that keep a group from being a guest's. */
struct breakers {
        const struct subject *subject;
        size_t n, n_strangers; /* of another card, which the host may need */
        char list[LIST_SIZE];  /* "0000:3b:00.0 is held by mlx5_core, ..." */
        char names[LIST_SIZE]; /* "0000:3b:00.0 ..." */
};

/* Are both functions of one PCI device: the same but for what is behind the dot? */
static bool is_of_one_card(const char *a, const char *b) {
        const char *dot = strrchr(a, '.');

        return dot && strncmp(a, b, (size_t)(dot - a) + 1) == 0;
}

static void add_text(char ret[LIST_SIZE], const char *separator, const char *text) {
        size_t n = text_length(ret);

        (void)snprintf(ret + n, LIST_SIZE - n, "%s%s", n > 0 ? separator : "", text);
}

static int look_at_member(struct vfio_variant_device *member, void *userdata) {
        struct breakers *breakers = userdata;
        const char *sysname = vfio_variant_device_get_sysname(member);
        const char *holder;
        char text[LIST_SIZE];

        if (text_equal(sysname, breakers->subject->sysname) ||
            fact_number(member, VFIO_VARIANT_BREAKS_GROUP) <= 0)
                return 0;
        /* One that will be bound as well is no trouble, until a guest wants the other */
        if (breakers->subject->type != VFIO_VARIANT_TYPE_VFIO &&
            vfio_variant_device_read_tag(member) > 0)
                return 0;
        if (!is_of_one_card(sysname, breakers->subject->sysname))
                breakers->n_strangers++;
        if (breakers->n++ >= LIST_MAX)
                return 0;
        holder = fact_string(member, VFIO_VARIANT_HOLDER);
        (void)snprintf(text, sizeof(text), "%s is held by %s", sysname, holder ? holder : "?");
        add_text(breakers->list, ", ", text);
        add_text(breakers->names, " ", sysname);
        return 0;
}

static void add_not_viable(struct check *check, const struct breakers *breakers, int group) {
        struct findings *findings = &check->findings;
        char more[64] = "";

        if (breakers->n > LIST_MAX)
                (void)snprintf(more, sizeof(more), ", and %zu more", breakers->n - LIST_MAX);
        /* What a guest has, or should have, by now: it can't be opened */
        findings_add(findings,
                     breakers->subject->type == VFIO_VARIANT_TYPE_VFIO ? SEVERITY_ERROR
                                                                       : SEVERITY_WARNING,
                     "group", "its IOMMU group %d can't be given to a guest: %s%s", group,
                     breakers->list, more);
        if (breakers->n_strangers > 0)
                findings_advise(
                        findings,
                        "what shares a group goes together, but not all of that is of its "
                        "card: try another slot, or whether the firmware can switch on ACS");
        else
                findings_advise(findings,
                                "the functions of a card go together: `vfio-variant tag %s`%s",
                                breakers->names, breakers->n > LIST_MAX ? " and the others" : "");
}

static void add_no_group(struct check *check) {
        findings_add(&check->findings, SEVERITY_ERROR, "group",
                     "it has no IOMMU group, although there is an IOMMU");
        findings_advise(
                &check->findings,
                "the kernel's log (dmesg) may say why; try another slot, or newer firmware");
}

void check_group(struct check *check, const struct subject *subject) {
        struct breakers breakers = {.subject = subject};
        int group = fact_number(subject->device, VFIO_VARIANT_GROUP_NUMBER);

        check->is_group_blocked = false;
        if (group == -ENODATA && check->has_iommu)
                add_no_group(check);
        if (group < 0)
                return;
        if (fact_number(subject->device, VFIO_VARIANT_HAS_NO_IOMMU) > 0) {
                findings_add(&check->findings, SEVERITY_WARNING, "group",
                             "VFIO hands it out without an IOMMU: who has it can reach all of the "
                             "memory");
                findings_advise(&check->findings, "switch the IOMMU on, for all but tests");
        }
        (void)vfio_variant_device_each_member(subject->device, look_at_member, &breakers);
        check->is_group_blocked = breakers.n > 0;
        if (breakers.n > 0)
                add_not_viable(check, &breakers, group);
}
