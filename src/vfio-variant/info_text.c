/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* All that is known of a device, for a person. */
#include <stdio.h>

#include "facts.h"
#include "info.h"
#include "members.h"
#include "screen.h"
#include "text.h"
#include "vfio-variant-tag.h"
#include "words.h"

/* Behind the longest label. */
#define INDENT 15

static const char *padded(const char *label, char ret[INDENT + 1]) {
        (void)snprintf(ret, INDENT + 1, "  %-*s", INDENT - 2, label);
        return ret;
}

#define print(label, ...) screen_print(padded(label, (char[INDENT + 1]){}), INDENT, __VA_ARGS__)

static void print_fact(const char *label, struct vfio_variant_device *device,
                       enum vfio_variant_string what) {
        const char *text = fact_string(device, what);

        if (text)
                print(label, "%s", text);
}

static void print_name(struct vfio_variant_device *device) {
        char vendor[VFIO_VARIANT_NAME_SIZE], model[VFIO_VARIANT_NAME_SIZE], ids[FACT_IDS_SIZE];

        vfio_variant_device_get_name(device, vendor, model);
        fact_ids(device, ids);
        if (*model)
                print("name", "%s", model);
        if (*vendor)
                print("vendor", "%s", vendor);
        if (*ids)
                print("ids", "%s", ids);
}

static void print_state(const struct device_state *state) {
        char whole[STATE_SIZE];

        state_whole(state, whole);
        print("state", "%s", whole);
}

/* Of a VFIO driver alone: that a native one is no other is never in question. */
static const char *doubt(struct vfio_variant_device *device) {
        if (fact_number(device, VFIO_VARIANT_TYPE) != VFIO_VARIANT_TYPE_VFIO)
                return "";
        switch (fact_number(device, VFIO_VARIANT_TYPE_EVIDENCE)) {
        case VFIO_VARIANT_BY_CORE:
                return ", judged by its use of vfio_pci_core";
        case VFIO_VARIANT_BY_GUESS:
                return ", a guess by its name";
        default:
                return "";
        }
}

static void print_holder(struct vfio_variant_device *device) {
        const char *driver = fact_string(device, VFIO_VARIANT_HOLDER);
        const char *module = fact_string(device, VFIO_VARIANT_HOLDER_MODULE);

        if (!driver) {
                print("driver", "none");
                return;
        }
        print("driver", "%s (%s%s%s%s)", driver,
              word_of_type(fact_number(device, VFIO_VARIANT_TYPE)), doubt(device),
              module ? ", module " : "", module ? module : "");
}

static void print_answer(struct vfio_variant_device *device) {
        const char *driver = fact_string(device, VFIO_VARIANT_ANSWER);
        const char *module = fact_string(device, VFIO_VARIANT_ANSWER_MODULE);

        if (!driver) {
                print("variant", "%s", fact_answer(device, "unknown") ? "unknown" : "none");
                return;
        }
        if (module)
                print("variant", "%s (module %s)", driver, module);
        else
                print("variant", "%s (built in)", driver);
        print_fact("alias", device, VFIO_VARIANT_ANSWER_ALIAS);
        print_fact("fallback", device, VFIO_VARIANT_ANSWER_FALLBACK);
        print("origin", "%s",
              fact_number(device, VFIO_VARIANT_ANSWER_ORIGIN) == VFIO_VARIANT_FROM_DATABASE
                      ? "the udev database"
                      : "looked up now, since the udev database has no answer");
}

static void print_source(const char *place, const char *match, void *userdata) {
        (void)userdata;
        print("", "%s: %s", place, match);
}

static void print_tag(struct vfio_variant_device *device) {
        const char *bind = vfio_variant_device_get_property(device, "VFIO_VARIANT_BIND");
        const char *pin = vfio_variant_device_get_property(device, "VFIO_VARIANT_PIN");

        if (bind)
                print("tag", "VFIO_VARIANT_BIND=%s%s", bind,
                      streq(bind, "0") ? ", which undoes a broader tag" : "");
        if (bind && !streq(bind, "0"))
                (void)vfio_variant_device_each_tag(device, print_source, NULL);
        if (pin)
                print("pin", "VFIO_VARIANT_PIN=%s", pin);
}

static int print_member(struct vfio_variant_device *member, void *userdata) {
        const char *driver = fact_string(member, VFIO_VARIANT_HOLDER);
        struct vfio_variant_device *device = userdata;

        if (!streq(vfio_variant_device_get_sysname(member),
                   vfio_variant_device_get_sysname(device)))
                print("", "with %s, on %s", vfio_variant_device_get_sysname(member),
                      driver ? driver : "no driver");
        return 0;
}

static void print_group(struct vfio_variant_device *device) {
        int number = fact_number(device, VFIO_VARIANT_GROUP_NUMBER);
        struct members members;

        if (number < 0) {
                print("IOMMU group", "none");
                return;
        }
        members_look(device, &members);
        if (members.in_the_way.sysname[0])
                print("IOMMU group", "%d, not viable as long as %s is on %s", number,
                      members.in_the_way.sysname, members.in_the_way.driver);
        else
                print("IOMMU group", "%d%s%s", number, members.n_others ? "" : ", alone in it",
                      fact_number(device, VFIO_VARIANT_HAS_NO_IOMMU) > 0 ? ", without an IOMMU"
                                                                         : "");
        (void)vfio_variant_device_each_member(device, print_member, device);
}

/* What who assigns a device as it is must know. */
static void print_use(struct vfio_variant_device *device) {
        if (fact_number(device, VFIO_VARIANT_IS_STRAY_NVME) > 0)
                print("NVMe", "a controller that neither nvme nor a VFIO driver holds");
        if (fact_number(device, VFIO_VARIANT_IS_READY) <= 0)
                return;
        print("reset", "%s",
              fact_number(device, VFIO_VARIANT_MUST_RESET) > 0 ? "by whoever assigns it"
                                                               : "by its VFIO driver");
        print_fact("group node", device, VFIO_VARIANT_GROUP_NODE);
        print_fact("cdev node", device, VFIO_VARIANT_CDEV_NODE);
}

void info_print(struct vfio_variant_device *device, const struct device_state *state) {
        (void)puts(vfio_variant_device_get_sysname(device));
        print_name(device);
        print_state(state);
        print_holder(device);
        if (state_is_for_guests(state->state))
                print_answer(device);
        print_tag(device);
        print_group(device);
        print_use(device);
        print_fact("physfn", device, VFIO_VARIANT_PHYSFN);
        print_fact("modalias", device, VFIO_VARIANT_MODALIAS);
        print_fact("syspath", device, VFIO_VARIANT_SYSPATH);
}
