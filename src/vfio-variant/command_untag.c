/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* vfio-variant untag: removes tags that tag added. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cleanup.h"
#include "commands.h"
#include "context.h"
#include "device_keys.h"
#include "messages.h"
#include "tagging.h"
#include "terminal.h"
#include "text.h"

static const char help[] =
        "untag [OPTION...] DEVICE...\n"
        "       vfio-variant untag [OPTION...] --modalias=GLOB\n"
        "       vfio-variant untag [OPTION...] --vfs-of=DEVICE\n"
        "Remove tags that `vfio-variant tag` added. Devices that are bound remain bound.\n"
        "\n" HELP_DEVICE "A DEVICE that is not present is given by its sysname.\n"
        "\n"
        "      --group          Untag each DEVICE and all members of its IOMMU group\n"
        "      --modalias=GLOB  Remove the tag that `tag --modalias=GLOB` added\n"
        "      --vfs-of=DEVICE  Remove the tag that `tag --vfs-of=DEVICE` added\n"
        "      --initramfs      Also update the initramfs images\n"
        "  -n, --dry-run        Print what would be done, and change nothing\n"
        "  -h, --help           Print this help\n";

/* A target, and the tags that are removed. */
struct target {
        struct tag_target named;   /* with a reference to its device */
        char prefix[TAG_KEY_SIZE]; /* what the keys of its tags begin with; of a kind, its key */
        int n_removed;
};

struct untagging {
        struct vfio_variant *context;
        bool dry_run;
        struct target *targets;
        size_t n_targets;
        struct tag *removed;
        size_t n_removed;
};

static void untagging_done(struct untagging *untagging) {
        while (untagging->n_targets > 0)
                (void)vfio_variant_device_unref(
                        untagging->targets[--untagging->n_targets].named.device);
        free(untagging->targets);
        free(untagging->removed);
}

/* --- what was named --- */

static int add_target(const struct tag_target *named, void *userdata) {
        struct untagging *untagging = userdata;
        struct target target = {.named = *named};
        int r = named->kind == TARGET_KIND
                        ? tag_key_of_kind(named->name, target.prefix)
                        : tag_key_prefix(named->name, named->kind == TARGET_FUNCTIONS,
                                         target.prefix);

        if (r < 0)
                return tag_report_no_key(named, r);
        if (named->device)
                target.named.device = vfio_variant_device_ref(named->device);
        array_append(untagging->targets, untagging->n_targets, target);
        return EXIT_SUCCESS;
}

/* --- removing --- */

static void keep_removed(const struct tag *tag, void *userdata) {
        struct untagging *untagging = userdata;

        array_append(untagging->removed, untagging->n_removed, *tag);
}

/* A name of neither a device nor a tag is an error of the user. */
static int check_known(const struct target *target) {
        if (target->n_removed > 0 || target->named.device || target->named.kind == TARGET_KIND)
                return EXIT_SUCCESS;
        log_error("cannot untag ", target->named.name,
                  ": there is no such device, and no tag for it; a device that is not present is ",
                  "given by its sysname, such as 0000:3b:00.1");
        return EXIT_FAILURE;
}

static int remove_all(struct untagging *untagging, struct tag_change *change) {
        int status = EXIT_SUCCESS;

        for (size_t i = 0; i < untagging->n_targets; i++) {
                struct target *target = &untagging->targets[i];

                target->n_removed =
                        tag_change_remove(change, target->prefix, target->named.kind == TARGET_KIND,
                                          keep_removed, untagging);
                if (target->n_removed < 0)
                        return tag_report_error(change->subject, target->n_removed);
                status = worst_status(status, check_known(target));
        }
        return status;
}

/* All, or none. */
static int write_all(struct untagging *untagging) {
        _cleanup_(tag_change_end) struct tag_change change = {.directory_fd = -1};
        int r = tag_change_begin(untagging->dry_run, tag_report_wait, &change), status;

        if (r < 0)
                return tag_report_error(change.subject, r);
        status = remove_all(untagging, &change);
        if (status != EXIT_SUCCESS)
                return status;
        terminal_show_progress(TAG_PROGRESS);
        r = tag_change_commit(&change);
        terminal_show_progress(NULL);
        context_close_hwdb(untagging->context);
        return r < 0 ? tag_report_error(change.subject, r) : EXIT_SUCCESS;
}

/* --- what was done --- */

static int trigger_matched(struct vfio_variant_device *device, void *userdata) {
        const struct untagging *untagging = userdata;
        bool is_matched = false;

        for (size_t i = 0; i < untagging->n_removed; i++)
                is_matched = is_matched ||
                             vfio_variant_device_is_matched(device, untagging->removed[i].key);
        if (!is_matched)
                return 0;
        log_set_device(device);
        tag_trigger(device);
        log_set_device(NULL);
        return 0;
}

static bool is_removed(const struct untagging *untagging, const char *key) {
        for (size_t i = 0; i < untagging->n_removed; i++)
                if (streq(untagging->removed[i].key, key))
                        return true;
        return false;
}

/* Whether TAG is for another card than the one in its slot now. */
static bool is_of_another(const struct untagging *untagging, const struct tag *tag) {
        for (size_t i = 0; i < untagging->n_targets; i++) {
                const struct target *target = &untagging->targets[i];

                if (target->named.kind == TARGET_DEVICE && target->named.device &&
                    startswith(tag->key, target->prefix))
                        return !vfio_variant_device_is_matched(target->named.device, tag->key);
        }
        return false;
}

static void print_removed(const struct untagging *untagging, const struct tag *tag) {
        char path[TAG_PATH_SIZE] = "";

        (void)tag_file_path(tag->key, path);
        (void)printf("%s: %s\n  file: %s\n", untagging->dry_run ? "would be untagged" : "untagged",
                     tag->key, path);
        if (is_of_another(untagging, tag)) {
                (void)printf("  for another card in this slot\n");
                return;
        }
        if (untagging->dry_run)
                return;
        (void)printf("  to undo: ");
        tag_print_command(tag);
}

/* A device, and whether a record that is not removed tags it. */
struct rest {
        const struct untagging *untagging;
        bool is_tagged;
};

/* With --dry-run, the compiled hwdb has the removed tags as well. */
static void report_source(const char *place, const char *match, void *userdata) {
        struct rest *rest = userdata;

        if (rest->untagging->dry_run && is_removed(rest->untagging, match))
                return;
        rest->is_tagged = true;
        log_error("still tagged by ", match, " at ", place,
                  ": remove that record, or untag by its own key");
}

static bool is_still_tagged(const struct untagging *untagging, const struct target *target) {
        struct rest rest = {.untagging = untagging};
        struct vfio_variant_device *device = target->named.device;

        if (target->named.kind != TARGET_DEVICE || !device ||
            vfio_variant_device_read_tag(device) <= 0)
                return false;
        rest.is_tagged = !untagging->dry_run;
        log_set_device(device);
        (void)vfio_variant_device_each_tag(device, report_source, &rest);
        log_set_device(NULL);
        return rest.is_tagged;
}

/* Reports what still tags the target, or that nothing did. Returns the exit status. */
static int report_rest(const struct untagging *untagging, const struct target *target) {
        static const char *const before[] = {
                [TARGET_DEVICE] = "",
                [TARGET_FUNCTIONS] = "--vfs-of=",
                [TARGET_KIND] = "--modalias='",
        };

        if (is_still_tagged(untagging, target))
                return EXIT_FAILURE;
        if (target->n_removed == 0)
                (void)printf("%s%s%s: was not tagged\n", before[target->named.kind],
                             target->named.name, target->named.kind == TARGET_KIND ? "'" : "");
        return EXIT_SUCCESS;
}

static int report_all(struct untagging *untagging) {
        int status = EXIT_SUCCESS;

        for (size_t i = 0; i < untagging->n_removed; i++)
                print_removed(untagging, &untagging->removed[i]);
        if (untagging->n_removed > 0 && !untagging->dry_run)
                (void)vfio_variant_each_device(untagging->context, trigger_matched, untagging);
        for (size_t i = 0; i < untagging->n_targets; i++)
                status = worst_status(status, report_rest(untagging, &untagging->targets[i]));
        return status;
}

static int run_untag(struct vfio_variant *context, const struct options *options) {
        _cleanup_(untagging_done) struct untagging untagging = {.context = context,
                                                                .dry_run = options->dry_run};
        int status = tag_check_image(options);

        if (status == EXIT_SUCCESS)
                status = tag_each_target(context, options, true, add_target, &untagging);
        if (status == EXIT_SUCCESS)
                status = write_all(&untagging);
        if (status != EXIT_SUCCESS)
                return status;
        status = report_all(&untagging);
        return worst_status(status, tag_update_image(options, untagging.n_removed > 0));
}

const struct command command_untag = {
        .name = "untag",
        .help = help,
        .argument = "DEVICE",
        .options = {OPTION_GROUP, OPTION_MODALIAS, OPTION_FUNCTIONS_OF, OPTION_INITRAMFS,
                    OPTION_DRY_RUN},
        .max_arguments = ARGUMENTS_ANY,
        .run = run_untag,
};
