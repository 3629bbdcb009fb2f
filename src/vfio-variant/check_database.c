/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* vfio-variant check: does what udev knows of a device still hold? */
#include <errno.h>

#include "check.h"
#include "text.h"
#include "vfio-variant-tag.h"

static void advise_trigger(struct check *check, const struct subject *subject) {
        findings_advise(&check->findings, "run `udevadm trigger --action=change %s`",
                        subject->syspath);
}

static const char *or_nothing(const char *value) {
        return *value ? value : "nothing";
}

/* The first of the properties from FIRST to LAST that is another now. */
static void compare(struct check *check, const struct subject *subject, const char *topic,
                    enum property first, enum property last, const char *who) {
        for (enum property i = first; i <= last; i++) {
                if (text_equal(subject->database[i], subject->now[i]))
                        continue;
                findings_add(&check->findings, SEVERITY_WARNING, topic,
                             "in the udev database %s is %s, but %s %s now", property_name(i),
                             or_nothing(subject->database[i]), who, or_nothing(subject->now[i]));
                advise_trigger(check, subject);
                return;
        }
}

/* Where a record stands that tags the device; the last one. */
struct source {
        char place[VFIO_VARIANT_MATCH_SIZE];
};

static void keep_place(const char *place, const char *match, void *userdata) {
        struct source *source = userdata;

        (void)match;
        (void)text_put(source->place, sizeof(source->place), place);
}

/* The compiled hwdb against its files. */
static void check_source(struct check *check, const struct subject *subject) {
        struct source source = {};

        if (vfio_variant_device_each_tag(subject->device, keep_place, &source) < 0)
                return;
        if (source.place[0] && !subject->now[PROPERTY_BIND][0])
                findings_add(&check->findings, SEVERITY_WARNING, "tag",
                             "%s tags it, but is not in the compiled hwdb", source.place);
        else if (!source.place[0] && subject->is_tagged)
                findings_add(&check->findings, SEVERITY_WARNING, "tag",
                             "the compiled hwdb tags it, but no file of it does any more");
        else
                return;
        findings_advise(&check->findings, "run `systemd-hwdb update`");
}

void check_database(struct check *check, const struct subject *subject) {
        check_source(check, subject);
        if (!check->has_answers)
                return;
        if (subject->known == 0) {
                findings_add(&check->findings, SEVERITY_WARNING, "freshness",
                             "udev has not seen it yet");
                advise_trigger(check, subject);
        }
        if (subject->known <= 0)
                return;
        compare(check, subject, "tag", PROPERTY_BIND, PROPERTY_PIN, "the hwdb says");
        if (subject->looked_up >= 0 || subject->looked_up == -ENODATA)
                compare(check, subject, "freshness", PROPERTY_DRIVER, PROPERTY_FALLBACK,
                        "the module index says");
}
