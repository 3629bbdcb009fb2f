/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* All that is known of a device, for a person. */
#include <stdarg.h>
#include <stdio.h>

#include "facts.h"
#include "info.h"
#include "screen.h"
#include "text.h"
#include "vfio-variant-tag.h"
#include "words.h"

/* Behind the longest label. */
#define INDENT    15
#define LINE_SIZE 4096

__attribute__((format(printf, 2, 3))) static void print(const char *label, const char *format,
                                                        ...) {
        char first[INDENT + 1], text[LINE_SIZE];
        va_list arguments;

        va_start(arguments, format);
        (void)vsnprintf(text, sizeof(text), format, arguments);
        va_end(arguments);
        (void)snprintf(first, sizeof(first), "  %-*s", INDENT - 2, label);
        screen_print_wrapped(first, INDENT, text);
}

static void print_fact(const char *label, struct vfio_variant_device *device,
                       enum vfio_variant_string what) {
        const char *text = fact_string(device, what);

        if (text)
                print(label, "%s", text);
}

static void print_heading(struct vfio_variant_device *device) {
        char vendor[VFIO_VARIANT_NAME_SIZE], model[VFIO_VARIANT_NAME_SIZE];

        vfio_variant_device_get_name(device, vendor, model);
        (void)printf("%s%s%s%s%s\n", vfio_variant_device_get_sysname(device), *vendor ? "  " : "",
                     vendor, *model ? "  " : "", model);
}

static void print_state(const struct device_state *state) {
        const char *reason = state->reason;

        print("state", "%s%s%s", state_text(state), *reason ? ": " : "", reason);
}

/* That it is surely so goes without saying. */
static const char *doubt(int evidence) {
        switch (evidence) {
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
              word_of_type(fact_number(device, VFIO_VARIANT_TYPE)),
              doubt(fact_number(device, VFIO_VARIANT_TYPE_EVIDENCE)), module ? ", module " : "",
              module ? module : "");
}

static void print_answer(struct vfio_variant_device *device) {
        const char *driver = fact_string(device, VFIO_VARIANT_ANSWER);
        const char *module = fact_string(device, VFIO_VARIANT_ANSWER_MODULE);

        if (!driver) {
                print("variant", "none");
                return;
        }
        if (module)
                print("variant", "%s (module %s)", driver, module);
        else
                print("variant", "%s (built in)", driver);
        print("origin", "%s",
              fact_number(device, VFIO_VARIANT_ANSWER_ORIGIN) == VFIO_VARIANT_FROM_DATABASE
                      ? "the udev database"
                      : "looked up now, since the udev database has no answer");
        print_fact("alias", device, VFIO_VARIANT_ANSWER_ALIAS);
        print_fact("fallback", device, VFIO_VARIANT_ANSWER_FALLBACK);
}

static void print_source(const char *place, const char *match, void *userdata) {
        (void)userdata;
        print("", "%s: %s", place, match);
}

static void print_tag(struct vfio_variant_device *device) {
        const char *bind = vfio_variant_device_get_property(device, "VFIO_VARIANT_BIND");
        const char *pin = vfio_variant_device_get_property(device, "VFIO_VARIANT_PIN");

        if (bind)
                print("tag", "VFIO_VARIANT_BIND=%s", bind);
        if (pin)
                print("pin", "%s", pin);
        if (bind || pin)
                (void)vfio_variant_device_each_tag(device, print_source, NULL);
}

static int print_member(struct vfio_variant_device *member, void *userdata) {
        const char *driver = fact_string(member, VFIO_VARIANT_HOLDER);
        bool *is_first = userdata;

        print(*is_first ? "members" : "", "%s on %s%s", vfio_variant_device_get_sysname(member),
              driver ? driver : "no driver",
              fact_number(member, VFIO_VARIANT_BREAKS_GROUP) > 0 ? ", in the way" : "");
        *is_first = false;
        return 0;
}

static void print_group(struct vfio_variant_device *device) {
        const char *culprit = fact_string(device, VFIO_VARIANT_GROUP_CULPRIT);
        int number = fact_number(device, VFIO_VARIANT_GROUP_NUMBER);
        bool is_first = true;

        if (number < 0) {
                print("IOMMU group", "none");
                return;
        }
        print("IOMMU group", "%d, %s%s%s", number, culprit ? "not viable, because of " : "viable",
              culprit ? culprit : "",
              fact_number(device, VFIO_VARIANT_HAS_NO_IOMMU) > 0 ? ", without an IOMMU" : "");
        (void)vfio_variant_device_each_member(device, print_member, &is_first);
}

static void print_use(struct vfio_variant_device *device) {
        int is_ready = fact_number(device, VFIO_VARIANT_IS_READY);
        int must_reset = fact_number(device, VFIO_VARIANT_MUST_RESET);

        if (is_ready >= 0)
                print("unmanaged", "%s",
                      is_ready ? "can be assigned as it is" : "can't be assigned: bind it first");
        if (must_reset >= 0)
                print("reset", "%s", must_reset ? "by whoever assigns it" : "by its VFIO driver");
        if (fact_number(device, VFIO_VARIANT_IS_STRAY_NVME) > 0)
                print("NVMe", "a controller on neither nvme nor a VFIO driver");
}

void info_print(struct vfio_variant_device *device, const struct device_state *state) {
        print_heading(device);
        print_state(state);
        print_holder(device);
        print_answer(device);
        print_tag(device);
        print_use(device);
        print_group(device);
        print_fact("group node", device, VFIO_VARIANT_GROUP_NODE);
        print_fact("cdev node", device, VFIO_VARIANT_CDEV_NODE);
        print_fact("physfn", device, VFIO_VARIANT_PHYSFN);
        print_fact("modalias", device, VFIO_VARIANT_MODALIAS);
        print_fact("syspath", device, VFIO_VARIANT_SYSPATH);
}
