/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* vfio-variant check: the IOMMU group of a device, and who stands in its way. */
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "check.h"
#include "device_keys.h"
#include "text.h"

/* Some members by name: of more only the number is told. */
#define LIST_SIZE 256
#define LIST_MAX  3

/* Members that keep a group from being a guest's. */
struct breakers {
        const struct subject *subject;
        size_t n, n_strangers; /* of another card, which the host may need */
        char list[LIST_SIZE];  /* "0000:3b:00.0 is held by mlx5_core, ..." */
};

static int look_at_member(struct vfio_variant_device *member, void *userdata) {
        struct breakers *breakers = userdata;
        const char *sysname = vfio_variant_device_get_sysname(member);
        size_t n = strlen(breakers->list);
        const char *holder;

        if (streq(sysname, breakers->subject->sysname) ||
            vfio_variant_device_is_blocking(member) <= 0)
                return 0;
        /* One that will be bound as well is no trouble, until a guest wants the other */
        if (breakers->subject->type != VFIO_VARIANT_TYPE_VFIO &&
            vfio_variant_device_read_tag(member) > 0)
                return 0;
        if (!is_of_one_card(sysname, breakers->subject->sysname))
                breakers->n_strangers++;
        if (breakers->n++ >= LIST_MAX)
                return 0;
        holder = vfio_variant_device_get_driver(member);
        (void)snprintf(breakers->list + n, sizeof(breakers->list) - n, "%s%s is held by %s",
                       n > 0 ? ", " : "", sysname, holder ? holder : "?");
        return 0;
}

/*
 * The VMD controller of a device that is behind one: 0000:5d:05.5 of
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

static void advise_not_viable(struct check *check, const struct breakers *breakers) {
        struct findings *findings = &check->findings;
        const struct subject *subject = breakers->subject;
        char vmd[LIST_SIZE];

        if (find_vmd(subject->syspath, vmd, sizeof(vmd)))
                findings_advise(findings,
                                "Intel VMD puts all devices of a controller into one group: "
                                "disable VMD for its slot in the firmware, or assign the "
                                "controller %s as a whole",
                                vmd);
        else if (breakers->n_strangers > 0)
                findings_advise(
                        findings,
                        "what shares a group goes together, but not all of that is of its "
                        "card: try another slot, or whether the firmware can switch on ACS");
        else
                advise_group(check, subject);
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
        advise_not_viable(check, breakers);
}

static void add_no_group(struct check *check) {
        findings_add(
                &check->findings, SEVERITY_ERROR, "group",
                "it has no IOMMU group, although there is an IOMMU, so that no VFIO driver can "
                "bind to it");
        findings_advise(
                &check->findings,
                "the kernel's log (dmesg) may say why; try another slot, or newer firmware");
}

void check_group(struct check *check, const struct subject *subject) {
        struct breakers breakers = {.subject = subject};
        int group = vfio_variant_device_get_iommu_group(subject->device);

        check->is_group_blocked = false;
        if (group == -ENODATA && check->has_iommu)
                add_no_group(check);
        if (group < 0)
                return;
        if (vfio_variant_device_has_no_iommu(subject->device) > 0) {
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
