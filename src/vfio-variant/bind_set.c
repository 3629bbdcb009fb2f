/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Binds devices, those of one IOMMU group in one transaction. */
#include "bind_set.h"

#include "arena.h"
#include "bind_report.h"
#include "choose_driver.h"
#include "cleanup.h"
#include "messages.h"
#include "terminal.h"
#include "watch.h"

/* Each must have a driver to be bound to. Returns the exit status. */
static int choose_all(const struct device_set *set, const char *driver) {
        int status = EXIT_SUCCESS;

        for (unsigned i = 0; i < set->n; i++) {
                log_set_device(set->devices[i]);
                status = worst_status(status, choose_driver(set->devices[i], driver));
        }
        log_set_device(NULL);
        if (status != EXIT_SUCCESS && set->n > 1)
                log_error("the devices of one IOMMU group are bound together or not at all, ",
                          "so nothing was done for any of them");
        return status;
}

static int report_all(const struct device_set *set, struct vfio_variant_report **reports, int r,
                      const struct bind_options *options) {
        int status = EXIT_SUCCESS;

        for (unsigned i = 0; i < set->n; i++) {
                log_set_device(set->devices[i]);
                status = worst_status(status,
                                      outcome_of_bind(set->devices[i], reports[i], r, options));
                reports[i] = vfio_variant_report_free(reports[i]);
        }
        log_set_device(NULL);
        return status;
}

struct group {
        const struct device_set *set;
        const struct bind_options *options;
};

static int bind_chosen(void *userdata) {
        _cleanup_(arena_done) struct arena arena = {};
        const struct group *group = userdata;
        const struct device_set *set = group->set;
        struct vfio_variant_report **reports =
                arena_take(&arena, set->n * sizeof(struct vfio_variant_report *));
        int r;

        check_memory(reports);
        r = vfio_variant_bind_devices(set->devices, set->n, group->options->driver,
                                      group->options->flags, reports);
        terminal_show_progress(NULL);
        return report_all(set, reports, r, group->options);
}

/* The unit has no limit: it waits for a device that an event did not wait for any more. */
static int limit_of(const struct bind_options *options) {
        if (options->flags & VFIO_VARIANT_FLAG_DRY_RUN)
                return LIMIT_DRY_RUN;
        if (options->is_event)
                return LIMIT_EVENT;
        return options->flags & VFIO_VARIANT_FLAG_JUST_ADDED ? LIMIT_NONE : LIMIT_COMMAND;
}

/* SET: of one group. */
static int bind_group(const struct device_set *set, const struct bind_options *options) {
        struct group group = {set, options};
        int status = choose_all(set, options->driver);

        if (status != EXIT_SUCCESS)
                return status;
        terminal_show_progress("binding, which may reset the device...");
        status = run_watched(&(struct watched){
                .set = set,
                .what = "bind",
                .run = bind_chosen,
                .userdata = &group,
                .limit = limit_of(options),
        });
        terminal_show_progress(NULL);
        return status;
}

int bind_set(struct device_set *set, const struct bind_options *options) {
        int status = EXIT_SUCCESS;

        while (set->n > 0) {
                /* Their locks are released before those of the next group are taken */
                _cleanup_(device_set_done) struct device_set group = {};

                device_set_take_group(set, &group);
                status = worst_status(status, bind_group(&group, options));
        }
        return status;
}
