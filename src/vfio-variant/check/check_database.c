/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* vfio-variant check: whether the udev database is up to date with the hwdb and the index. */
#include <errno.h>

#include "check.h"
#include "device_keys.h"
#include "text.h"

static void advise_trigger(struct check *check, const struct subject *subject) {
        findings_advise(&check->findings, "run `udevadm trigger --action=change %s`",
                        subject->syspath);
        findings_advise_all(&check->findings, "run `systemctl start vfio-variant-refresh.service`");
}

/* SOURCE has another PROPERTY than the database. */
static void add_other(struct check *check, const struct subject *subject, const char *topic,
                      enum property property, const char *source) {
        const char *old = subject->database[property], *now = subject->now[property];

        findings_add(&check->findings, SEVERITY_WARNING, topic, NULL,
                     "the udev database has %s%s%s%s, but %s has %s", *old ? "" : "no ",
                     property_name(property), *old ? "=" : "", old, source, *now ? now : "none");
        advise_trigger(check, subject);
}

/* Reports the first of the properties set by SETTER that changed. */
static void compare(struct check *check, const struct subject *subject, const char *topic,
                    enum property_setter setter, const char *source) {
        for (enum property i = 0; i < N_CHOICE_PROPERTIES; i++)
                if (property_rows[i].setter == setter &&
                    !streq(subject->database[i], subject->now[i])) {
                        add_other(check, subject, topic, i, source);
                        return;
                }
}

/* Keeps the place of the last record that tags the device. */
static void keep_place(const char *place, const char *match, void *userdata) {
        (void)match;
        (void)text_put(userdata, TAG_KEY_SIZE, place);
}

/* The compiled hwdb against its files. */
static void check_source(struct check *check, const struct subject *subject) {
        char place[TAG_KEY_SIZE] = "";

        if (vfio_variant_device_each_tag(subject->device, keep_place, place) < 0)
                return;
        if (place[0] && !subject->now[PROPERTY_BIND][0])
                findings_add(&check->findings, SEVERITY_WARNING, "tag", NULL,
                             "tagged in %s, which is not in the compiled hwdb", place);
        else if (!place[0] && subject->is_tagged)
                findings_add(&check->findings, SEVERITY_WARNING, "tag", NULL,
                             "tagged in the compiled hwdb, but in no hwdb file");
        else
                return;
        findings_advise(&check->findings, CHECK_COMPILE, hwdb_compile_command());
}

void check_database(struct check *check, const struct subject *subject) {
        check_source(check, subject);
        if (!check->has_choices)
                return;
        if (subject->known == 0) {
                findings_add(&check->findings, SEVERITY_WARNING, "freshness", NULL,
                             "not in the udev database yet");
                advise_trigger(check, subject);
        }
        if (subject->known <= 0)
                return;
        compare(check, subject, "tag", PROPERTY_SET_BY_ADMIN, "the hwdb");
        if (subject->looked_up >= 0 || subject->looked_up == -ENODATA)
                compare(check, subject, "freshness", PROPERTY_SET_BY_LOOKUP, "the module index");
}
