/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tags that one `tag` command adds, each once. */
#include "tagging.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "choose_driver.h"
#include "cleanup.h"
#include "context.h"
#include "device_set.h"
#include "messages.h"
#include "terminal.h"
#include "text.h"

void tag_list_done(struct tag_list *list) {
        while (list->n > 0)
                (void)vfio_variant_device_unref(list->items[--list->n].device);
        free(list->items);
        *list = (struct tag_list){};
}

static bool has(const struct tag_list *list, const char *key) {
        for (size_t i = 0; i < list->n; i++)
                if (streq(list->items[i].tag.key, key))
                        return true;
        return false;
}

void tag_list_add(struct tag_list *list, const char *key, struct vfio_variant_device *device,
                  const struct options *options) {
        struct tag_item item = {.tag.force = options->force};

        if (has(list, key))
                return;
        (void)text_put(item.tag.key, sizeof(item.tag.key), key);
        (void)text_put(item.tag.pin, sizeof(item.tag.pin), options->pin ? options->pin : "");
        if (device)
                item.device = vfio_variant_device_ref(device);
        array_append(list->items, list->n, item);
}

/* --- writing --- */

static int set_all(struct tag_list *list, struct tag_change *change) {
        for (size_t i = 0; i < list->n; i++) {
                struct tag_item *item = &list->items[i];
                int r = tag_change_set(change, &item->tag, &item->old);

                if (r < 0)
                        return r;
                item->is_new = r > 0;
        }
        return tag_change_commit(change);
}

int tag_list_write(struct tag_list *list, struct vfio_variant *context, bool dry_run) {
        _cleanup_(tag_change_end) struct tag_change change = {.directory_fd = -1};
        int r;

        if (!dry_run)
                terminal_show_progress(TAG_PROGRESS);
        r = tag_change_begin(dry_run, tag_report_wait, &change);
        if (r >= 0)
                r = set_all(list, &change);
        terminal_show_progress(NULL);
        context_close_hwdb(context);
        return r < 0 ? tag_report_error(change.subject, r) : EXIT_SUCCESS;
}

bool tag_list_is_changed(const struct tag_list *list) {
        for (size_t i = 0; i < list->n; i++)
                if (list->items[i].is_new)
                        return true;
        return false;
}

/* --- what prevents them from being bound --- */

static struct tag_item *item_of(const struct tag_list *list,
                                const struct vfio_variant_device *device) {
        for (size_t i = 0; i < list->n; i++)
                if (list->items[i].device == device)
                        return &list->items[i];
        return NULL;
}

static const char *describe(const struct vfio_variant_report *report, int error) {
        if (!report)
                return error == -ENODATA ? "no VFIO driver of the running kernel is usable"
                                         : describe_choice_error(error);
        switch (vfio_variant_report_get_result(report)) {
        case VFIO_VARIANT_RESULT_POSSIBLE:
        case VFIO_VARIANT_RESULT_ALREADY:
                return "";
        case VFIO_VARIANT_RESULT_REFUSED:
                return vfio_variant_report_get_finding(report);
        case VFIO_VARIANT_RESULT_CANCELLED:
                return "another device of its IOMMU group cannot be bound";
        default:
                return describe_choice_error(error);
        }
}

static void find_in_group(const struct tag_list *list, const struct device_set *group) {
        _cleanup_free_ struct vfio_variant_report **reports =
                calloc(group->n, sizeof(struct vfio_variant_report *));
        int r;

        check_memory(reports);
        r = vfio_variant_bind_devices(group->devices, group->n, NULL,
                                      VFIO_VARIANT_FLAG_DRY_RUN | VFIO_VARIANT_FLAG_FORCE_IF_TAGGED,
                                      reports);
        for (unsigned i = 0; i < group->n; i++) {
                struct tag_item *item = item_of(list, group->devices[i]);

                item->is_bound = reports[i] && vfio_variant_report_get_result(reports[i]) ==
                                                       VFIO_VARIANT_RESULT_ALREADY;
                (void)snprintf(item->obstacle, sizeof(item->obstacle), "%s",
                               describe(reports[i], r));
                reports[i] = vfio_variant_report_free(reports[i]);
        }
}

void tag_list_find_obstacles(struct tag_list *list) {
        _cleanup_(device_set_done) struct device_set rest = {};

        for (size_t i = 0; i < list->n; i++)
                if (list->items[i].device)
                        device_set_add(&rest, list->items[i].device);
        while (rest.n > 0) {
                _cleanup_(device_set_done) struct device_set group = {};

                device_set_take_group(&rest, &group);
                find_in_group(list, &group);
        }
}
