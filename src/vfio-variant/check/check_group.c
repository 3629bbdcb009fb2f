/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* vfio-variant check: the IOMMU group of a device, and the members that block it. */
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "check.h"
#include "device_keys.h"
#include "text.h"

/* Some members by name. Of the others only the number is reported. */
#define LIST_SIZE 256
#define LIST_MAX  3

/* Members that keep a group from being viable. */
struct blockers {
        const struct subject *subject;
        size_t n, n_other_cards; /* of another card, which the host may need */
        char list[LIST_SIZE];    /* "0000:3b:00.0 is bound to mlx5_core, ..." */
};

static int check_member(struct vfio_variant_device *member, void *userdata) {
        struct blockers *blockers = userdata;
        const char *sysname = vfio_variant_device_get_sysname(member);
        size_t n = strlen(blockers->list);
        const char *driver;

        if (streq(sysname, blockers->subject->sysname) ||
            vfio_variant_device_is_blocking(member) <= 0)
                return 0;
        /* A tagged member will be bound as well */
        if (blockers->subject->type != VFIO_VARIANT_TYPE_VFIO &&
            vfio_variant_device_read_tag(member) > 0)
                return 0;
        if (!is_of_one_card(sysname, blockers->subject->sysname))
                blockers->n_other_cards++;
        if (blockers->n++ >= LIST_MAX)
                return 0;
        driver = vfio_variant_device_get_driver(member);
        (void)snprintf(blockers->list + n, sizeof(blockers->list) - n, "%s%s is bound to %s",
                       n > 0 ? ", " : "", sysname, driver ? driver : "?");
        return 0;
}

/*
 * The VMD controller of a device below one: 0000:5d:05.5 of
 * /sys/devices/pci0000:5d/0000:5d:05.5/pci10000:e0/.... Its domain has five digits and more.
 * Source: vmd_find_free_domain() in drivers/pci/controller/vmd.c.
 */
static bool find_vmd(const char *syspath, char *ret, size_t size) {
        const char *root = strstr(syspath, "/pci1"), *end, *name;

        if (!root || strcspn(root + sizeof("/pci") - 1, ":") < sizeof("10000") - 1)
                return false;
        end = root;
        for (name = end; name > syspath && name[-1] != '/';)
                name--;
        return snprintf(ret, size, "%.*s", (int)(end - name), name) < (int)size;
}

static void advise_not_viable(struct check *check, const struct blockers *blockers) {
        struct findings *findings = &check->findings;
        const struct subject *subject = blockers->subject;
        char vmd[LIST_SIZE];

        if (find_vmd(subject->syspath, vmd, sizeof(vmd)))
                findings_advise(
                        findings,
                        "Intel VMD puts all devices of a controller into one group: disable VMD "
                        "for the slot in the firmware, or assign the controller %s as a whole",
                        vmd);
        else if (blockers->n_other_cards > 0)
                findings_advise(findings,
                                "the IOMMU group contains devices of other cards: move the card to "
                                "another slot, or enable ACS in the firmware");
        else
                advise_group(check, subject);
}

static void add_not_viable(struct check *check, const struct blockers *blockers, int group) {
        struct findings *findings = &check->findings;
        char more[64] = "";

        if (blockers->n > LIST_MAX)
                (void)snprintf(more, sizeof(more), ", and %zu more", blockers->n - LIST_MAX);
        /* A device that is bound already cannot be opened */
        findings_add(findings,
                     blockers->subject->type == VFIO_VARIANT_TYPE_VFIO ? SEVERITY_ERROR
                                                                       : SEVERITY_WARNING,
                     "group", NULL, "IOMMU group %d cannot be assigned to a guest: %s%s", group,
                     blockers->list, more);
        advise_not_viable(check, blockers);
}

static void add_no_group(struct check *check) {
        findings_add(
                &check->findings, SEVERITY_ERROR, "group",
                "the kernel's log (dmesg) may have the reason; try another slot, or newer firmware",
                "in no IOMMU group, although there is an IOMMU, so that no VFIO driver can bind");
}

void check_group(struct check *check, const struct subject *subject) {
        struct blockers blockers = {.subject = subject};
        int group = vfio_variant_device_get_iommu_group(subject->device);

        check->is_group_blocked = false;
        if (group == -ENODATA && check->has_iommu)
                add_no_group(check);
        if (group < 0)
                return;
        if (vfio_variant_device_has_no_iommu(subject->device) > 0) {
                findings_add(&check->findings, SEVERITY_WARNING, "group",
                             "enable the IOMMU, except for tests",
                             "bound without an IOMMU: a guest can access all memory");
        }
        (void)vfio_variant_device_each_member(subject->device, check_member, &blockers);
        check->is_group_blocked = blockers.n > 0;
        if (blockers.n > 0)
                add_not_viable(check, &blockers, group);
}
