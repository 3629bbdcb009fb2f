/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* All properties of a device, as text. */
#include <stdio.h>

#include "choose_driver.h"
#include "group_members.h"
#include "identity.h"
#include "info_text.h"
#include "terminal.h"
#include "text.h"

/* The width of the labels. */
#define INDENT 15

static const char *padded(const char *label, char ret[INDENT + 1]) {
        (void)snprintf(ret, INDENT + 1, "  %-*s", INDENT - 2, label);
        return ret;
}

#define print(label, ...) terminal_print(padded(label, (char[INDENT + 1]){}), INDENT, __VA_ARGS__)

/* TEXT: NULL for nothing. */
static void print_text(const char *label, const char *text) {
        if (text)
                print(label, "%s", text);
}

static void print_name(struct vfio_variant_device *device) {
        char ids[IDENTITY_IDS_SIZE];

        identity_ids(device, ids);
        print_text("name", vfio_variant_device_get_model(device));
        print_text("vendor", vfio_variant_device_get_vendor(device));
        print_text("ids", *ids ? ids : NULL);
}

static void print_state(const struct device_state *state) {
        char whole[STATE_SIZE];

        state_describe(state, whole);
        print("state", "%s", whole);
}

/* Only for a VFIO driver. */
static const char *evidence_note(struct vfio_variant_device *device) {
        if (vfio_variant_device_get_type(device) != VFIO_VARIANT_TYPE_VFIO)
                return "";
        switch (vfio_variant_device_get_type_evidence(device)) {
        case VFIO_VARIANT_EVIDENCE_CORE:
                return ", determined by its use of vfio_pci_core";
        case VFIO_VARIANT_EVIDENCE_GUESS:
                return ", guessed from its name";
        default:
                return "";
        }
}

static void print_driver(struct vfio_variant_device *device) {
        const char *driver = vfio_variant_device_get_driver(device);
        const char *module = vfio_variant_device_get_driver_module(device);

        if (!driver) {
                driver = vfio_variant_device_get_unbinding_driver(device);
                print("driver", "%s%s", driver ? driver : "none",
                      driver ? ", which has not released the device yet" : "");
                return;
        }
        print("driver", "%s (%s%s%s%s)", driver,
              vfio_variant_type_name(vfio_variant_device_get_type(device)), evidence_note(device),
              module ? ", module " : "", module ? module : "");
}

static void print_choice(struct vfio_variant_device *device) {
        const char *driver = vfio_variant_device_get_variant_driver(device), *module;

        if (!driver) {
                print("variant", "%s", get_choice_name(device, "unknown") ? "unknown" : "none");
                return;
        }
        module = vfio_variant_device_get_variant_module(device);
        if (module)
                print("variant", "%s (module %s)", driver, module);
        else
                print("variant", "%s (built in)", driver);
        print_text("alias", vfio_variant_device_get_variant_alias(device));
        print_text("fallback", vfio_variant_device_get_fallback_driver(device));
        print("origin", "%s",
              vfio_variant_device_get_variant_origin(device) == VFIO_VARIANT_ORIGIN_DATABASE
                      ? "the udev database"
                      : "looked up now, because the udev database has no choice");
}

static void print_source(const char *place, const char *match, void *userdata) {
        (void)userdata;
        print("", "%s: %s", place, match);
}

static void print_tag(struct vfio_variant_device *device) {
        const char *bind = vfio_variant_device_get_tag(device);
        const char *pin = vfio_variant_device_get_pin(device);

        if (bind)
                print("tag", "VFIO_VARIANT_BIND=%s%s", bind,
                      streq(bind, "0") ? ", which overrides a broader tag" : "");
        if (bind && !streq(bind, "0"))
                (void)vfio_variant_device_each_tag(device, print_source, NULL);
        if (pin)
                print("pin", "VFIO_VARIANT_PIN=%s", pin);
}

static int print_member(struct vfio_variant_device *member, void *userdata) {
        const char *driver = vfio_variant_device_get_driver(member);
        struct vfio_variant_device *device = userdata;

        if (!streq(vfio_variant_device_get_sysname(member),
                   vfio_variant_device_get_sysname(device)))
                print("", "with %s, current driver: %s", vfio_variant_device_get_sysname(member),
                      driver ? driver : "none");
        return 0;
}

static void print_group(struct vfio_variant_device *device) {
        int number = vfio_variant_device_get_iommu_group(device);
        struct members members;

        if (number < 0) {
                print("IOMMU group", "none");
                return;
        }
        members_read(device, &members);
        if (members.blocking.sysname[0])
                print("IOMMU group", "%d, not viable while %s is bound to %s", number,
                      members.blocking.sysname, members.blocking.driver);
        else
                print("IOMMU group", "%d%s%s", number, members.n_others ? "" : ", no other members",
                      vfio_variant_device_has_no_iommu(device) > 0 ? ", without an IOMMU" : "");
        (void)vfio_variant_device_each_member(device, print_member, device);
}

/* Information for a caller that assigns the device unmanaged. */
static void print_use(struct vfio_variant_device *device) {
        if (vfio_variant_device_is_unusable_nvme(device) > 0)
                print("NVMe", "bound to neither nvme nor a VFIO driver");
        if (vfio_variant_device_is_ready(device) <= 0)
                return;
        print("reset", "%s",
              vfio_variant_device_must_reset(device) > 0 ? "by the program that assigns it"
                                                         : "by its VFIO driver");
        print_text("group node", vfio_variant_device_get_group_node(device));
        print_text("cdev node", vfio_variant_device_get_cdev_node(device));
}

void info_print(struct vfio_variant_device *device, const struct device_state *state) {
        (void)puts(vfio_variant_device_get_sysname(device));
        print_name(device);
        print_state(state);
        print_driver(device);
        if (state_is_for_guests(state->state))
                print_choice(device);
        print_tag(device);
        print_group(device);
        print_use(device);
        print_text("physfn", vfio_variant_device_get_physfn(device));
        print_text("modalias", vfio_variant_device_get_modalias(device));
        print_text("syspath", vfio_variant_device_get_syspath(device));
}
