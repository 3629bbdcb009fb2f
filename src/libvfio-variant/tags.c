/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tags: match keys, and what they say of a device. */
#include <errno.h>
#include <fnmatch.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <syslog.h>

#include "hwdb.h"
#include "objects.h"
#include "tag_source.h"
#include "text.h"
#include "vfio-variant-tag.h"

/*
 * The letters that the rules in 60-vfio-variant.rules let through: no others are in a sysname or a
 * modalias that the kernel makes, and in a match key some would mean something else.
 */
static bool is_plain(const char *text, const char *extra) {
        if (!*text)
                return false;
        for (; *text; text++)
                if (!text_is_alphanumeric(*text) && *text != ':' && !strchr(extra, *text))
                        return false;
        return true;
}

static bool is_sysname(const char *text) {
        return is_plain(text, "._-");
}

__attribute__((format(printf, 2, 3))) static int put(char ret[VFIO_VARIANT_MATCH_SIZE],
                                                     const char *format, ...) {
        va_list arguments;
        int n;

        va_start(arguments, format);
        n = vsnprintf(ret, VFIO_VARIANT_MATCH_SIZE, format, arguments);
        va_end(arguments);
        return n < 0 || n >= VFIO_VARIANT_MATCH_SIZE ? -EINVAL : 0;
}

/*
 * How much of MODALIAS is bus, vendor and device: "pci:v000015B3d0000101E" before "sv". 0 where it
 * is of another form. Source: do_pci_entry() and do_cdx_entry() of scripts/mod/file2alias.c.
 */
static size_t id_length(const char *modalias) {
        const char *at = modalias;

        if (!startswith(at, "pci:v") && !startswith(at, "cdx:v"))
                return 0;
        while (*at && !startswith(at, "sv"))
                at++;
        return *at ? (size_t)(at - modalias) : 0;
}

int vfio_variant_device_match(const struct vfio_variant_device *device,
                              char ret[VFIO_VARIANT_MATCH_SIZE]) {
        const char *modalias = device->handle.modalias;
        size_t length = id_length(modalias);

        if (!is_sysname(device->handle.sysname) || !is_plain(modalias, "") || length == 0)
                return -EINVAL;
        if (device_is_of_bridge_class(device) || device_is_of_iommu_class(device))
                return -ENOTSUP;
        return put(ret, TAG_MATCH "%s:%.*s*", device->handle.sysname, (int)length, modalias);
}

int vfio_variant_match_prefix(const char *sysname, int functions,
                              char ret[VFIO_VARIANT_MATCH_SIZE]) {
        if (!is_sysname(sysname))
                return -EINVAL;
        return put(ret, "%s%s:", functions ? TAG_MATCH_PHYSFN : TAG_MATCH, sysname);
}

int vfio_variant_device_match_functions(const struct vfio_variant_device *device,
                                        char ret[VFIO_VARIANT_MATCH_SIZE]) {
        char total[32];

        if (!is_sysname(device->handle.sysname))
                return -EINVAL;
        if (device_attribute(device->handle.fd, "sriov_totalvfs", total, sizeof(total)) < 0)
                return -ENOTSUP;
        return put(ret, TAG_MATCH_PHYSFN "%s:*", device->handle.sysname);
}

int vfio_variant_match_modalias(const char *glob, char ret[VFIO_VARIANT_MATCH_SIZE]) {
        if (!startswith(glob, "pci:") && !startswith(glob, "cdx:"))
                return -EINVAL;
        if (!is_plain(glob, "*?[]!-"))
                return -EINVAL;
        return put(ret, TAG_MATCH_ALL "%s", glob);
}

/* The strings by which the rules look a device up. */
struct lookups {
        char slot[VFIO_VARIANT_MATCH_SIZE];
        char none[VFIO_VARIANT_MATCH_SIZE];      /* of a device that has no sysname of its own */
        char functions[VFIO_VARIANT_MATCH_SIZE]; /* "" where it is no virtual function */
};

/* Returns whether the rules look the device up at all. */
static bool lookups_of(const struct vfio_variant_device *device, struct lookups *ret) {
        const struct handle *handle = &device->handle;

        *ret = (struct lookups){};
        if (!is_sysname(handle->sysname) || !is_plain(handle->modalias, "") ||
            device_is_of_bridge_class(device) ||
            put(ret->slot, TAG_MATCH "%s:%s", handle->sysname, handle->modalias) < 0 ||
            put(ret->none, TAG_MATCH "none:%s", handle->modalias) < 0)
                return false;
        if (is_sysname(device->physfn))
                return put(ret->functions, TAG_MATCH_PHYSFN "%s:%s", device->physfn,
                           handle->modalias) == 0;
        return true;
}

int vfio_variant_device_is_matched(const struct vfio_variant_device *device, const char *match) {
        struct lookups lookups;

        return lookups_of(device, &lookups) &&
               (fnmatch(match, lookups.slot, 0) == 0 ||
                (lookups.functions[0] && fnmatch(match, lookups.functions, 0) == 0));
}

/* A value that is longer than any of ours is none of ours, and can't be told: it is kept as "?". */
#define VALUE_SIZE 256

static void look_up(struct udev_hwdb *hwdb, const char *match, const char *property,
                    char ret[VALUE_SIZE]) {
        if (hwdb_value(hwdb, match, property, ret, VALUE_SIZE) < 0)
                (void)text_put(ret, VALUE_SIZE, "?");
}

/* The tag of a virtual function: its slot's, then its physical function's, then that for all; see
 * the rules, which say why. */
static void look_up_function(struct udev_hwdb *hwdb, const struct lookups *lookups,
                             char bind[VALUE_SIZE], char pin[VALUE_SIZE]) {
        char all[VALUE_SIZE], functions[VALUE_SIZE];

        look_up(hwdb, lookups->none, TAG_BIND, all);
        look_up(hwdb, lookups->functions, TAG_BIND, functions);
        if (streq(bind, all) && (streq(bind, "1") || streq(bind, "force")) && functions[0])
                bind[0] = '\0';
        if (!bind[0])
                (void)text_put(bind, VALUE_SIZE, functions);
        if (!pin[0])
                look_up(hwdb, lookups->functions, TAG_PIN, pin);
}

/* A value that it can't have is none, but not in silence: somebody wrote it. */
static void set_or_unset(struct vfio_variant_device *device, const char *name, const char *value) {
        if (vfio_variant_device_set_property(device, name, value) >= 0)
                return;
        (void)vfio_variant_device_set_property(device, name, NULL);
        context_log(device->context, LOG_WARNING, name, " of ", device->shown_sysname,
                    " was passed over: in the hwdb it has no value that it can have");
}

int vfio_variant_device_read_tag(struct vfio_variant_device *device) {
        struct vfio_variant *context = device->context;
        char bind[VALUE_SIZE] = "", pin[VALUE_SIZE] = "";
        struct lookups lookups;
        int r = context_open_hwdb(context);

        if (r < 0)
                return r;
        if (lookups_of(device, &lookups)) {
                look_up(context->hwdb, lookups.slot, TAG_BIND, bind);
                look_up(context->hwdb, lookups.slot, TAG_PIN, pin);
                if (lookups.functions[0])
                        look_up_function(context->hwdb, &lookups, bind, pin);
        }
        set_or_unset(device, TAG_BIND, bind);
        set_or_unset(device, TAG_PIN, pin);
        return streq(bind, "1") || streq(bind, "force");
}

struct tag_visit {
        void (*on_source)(const char *place, const char *match, void *userdata);
        void *userdata;
};

static int visit(const struct tag_source *source, void *userdata) {
        const struct tag_visit *tag_visit = userdata;
        char place[VFIO_VARIANT_MATCH_SIZE], shown[VFIO_VARIANT_MATCH_SIZE];
        char match[VFIO_VARIANT_MATCH_SIZE];

        (void)snprintf(place, sizeof(place), "%s/%s:%u", source->folder, source->name,
                       source->line);
        (void)snprintf(match, sizeof(match), "%.*s", (int)source->match->length,
                       source->match->bytes);
        show_text(shown, sizeof(shown), match);
        tag_visit->on_source(place, shown, tag_visit->userdata);
        return 0;
}

int vfio_variant_device_each_tag(const struct vfio_variant_device *device,
                                 void (*on_source)(const char *place, const char *match,
                                                   void *userdata),
                                 void *userdata) {
        struct tag_visit tag_visit = {.on_source = on_source, .userdata = userdata};
        const char *strings[3] = {};
        struct lookups lookups;

        if (!lookups_of(device, &lookups))
                return 0;
        strings[0] = lookups.slot;
        strings[1] = lookups.functions[0] ? lookups.functions : NULL;
        return tag_source_each(strings, TAG_BIND, visit, &tag_visit);
}

struct pin_visit {
        const char *pin;
        char *ret;
};

static int visit_pin(const struct tag_source *source, void *userdata) {
        const struct pin_visit *visit = userdata;

        if (text_is(source->value->bytes, source->value->length, visit->pin))
                (void)snprintf(visit->ret, VFIO_VARIANT_MATCH_SIZE, "%s/%s:%u", source->folder,
                               source->name, source->line);
        return 0;
}

void tags_find_pin(const struct vfio_variant_device *device, const char *pin,
                   char ret[VFIO_VARIANT_MATCH_SIZE]) {
        struct pin_visit pin_visit = {.pin = pin, .ret = ret};
        const char *strings[3] = {};
        struct lookups lookups;

        ret[0] = '\0';
        if (!lookups_of(device, &lookups))
                return;
        strings[0] = lookups.slot;
        strings[1] = lookups.functions[0] ? lookups.functions : NULL;
        (void)tag_source_each(strings, TAG_PIN, visit_pin, &pin_visit);
}
