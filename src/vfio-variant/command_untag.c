/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* vfio-variant untag: removes tags that tag added. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cleanup.h"
#include "commands.h"
#include "context.h"
#include "device_keys.h"
#include "device_set.h"
#include "fd.h"
#include "messages.h"
#include "open_device.h"
#include "tag_messages.h"
#include "terminal.h"
#include "text.h"

static const char help[] =
        "Usage: vfio-variant untag [OPTION...] DEVICE...\n"
        "       vfio-variant untag [OPTION...] --modalias=GLOB\n"
        "       vfio-variant untag [OPTION...] --vfs-of=DEVICE\n"
        "Remove tags that `vfio-variant tag` added. Devices that are bound remain bound.\n"
        "\n" HELP_DEVICE "A DEVICE that is not present is given by its sysname.\n"
        "\n"
        "      --group          Untag each DEVICE and all members of its IOMMU group\n"
        "      --modalias=GLOB  Remove the tag that `tag --modalias=GLOB` added\n"
        "      --vfs-of=DEVICE  Remove the tag that `tag --vfs-of=DEVICE` added\n"
        "  -n, --dry-run        Print what would be done, and change nothing\n"
        "  -h, --help           Print this help\n" HELP_END;

/* What was named: a slot, the virtual functions of one, or a kind. */
struct target {
        const char *name;                   /* as it is printed; of OPTIONS, or of DEVICE */
        struct vfio_variant_device *device; /* NULL if it is not present */
        char prefix[TAG_KEY_SIZE];          /* what the keys of its tags begin with */
        bool is_whole;                      /* PREFIX is the key */
        bool is_device;                     /* a slot */
        unsigned n_removed;
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
                (void)vfio_variant_device_unref(untagging->targets[--untagging->n_targets].device);
        free(untagging->targets);
        free(untagging->removed);
}

/* --- what was named --- */

static struct target *add_target(struct untagging *untagging, const struct target *target) {
        void *targets =
                reallocarray(untagging->targets, untagging->n_targets + 1, sizeof(struct target));

        check_memory(targets);
        untagging->targets = targets;
        untagging->targets[untagging->n_targets] = *target;
        return &untagging->targets[untagging->n_targets++];
}

/* Takes over the reference to DEVICE, which may be NULL. */
static int add_slot(struct untagging *untagging, const char *name,
                    struct vfio_variant_device *device, bool functions) {
        const char *sysname = device ? vfio_variant_device_get_sysname(device) : name;
        struct target *target = add_target(
                untagging,
                &(struct target){.name = sysname, .device = device, .is_device = !functions});

        if (tag_key_prefix(sysname, functions, target->prefix) < 0)
                return report_open_error(name, -EINVAL);
        return EXIT_SUCCESS;
}

/* The device by any of its names. One that is not present is named by its sysname: *ret is NULL
 * then. */
static int open_present(struct untagging *untagging, const char *name,
                        struct vfio_variant_device **ret) {
        int r = vfio_variant_device_new(untagging->context, name, ret);

        if (r == -ENODEV && !strchr(name, '/'))
                return EXIT_SUCCESS;
        return r < 0 ? report_open_error(name, r) : EXIT_SUCCESS;
}

static int add_named(struct untagging *untagging, const char *name, bool functions) {
        struct vfio_variant_device *device = NULL;
        int status = open_present(untagging, name, &device);

        return status == EXIT_SUCCESS ? add_slot(untagging, name, device, functions) : status;
}

static int add_group(struct untagging *untagging, const char *name) {
        _cleanup_(vfio_variant_device_unrefp) struct vfio_variant_device *device = NULL;
        _cleanup_(device_set_done) struct device_set set = {};
        int status = open_named(untagging->context, name, &device), r;

        log_set_device(NULL);
        if (status != EXIT_SUCCESS)
                return status;
        r = device_set_add_group(&set, device);
        if (r < 0)
                return report_open_error(name, r);
        for (unsigned i = 0; i < set.n; i++)
                status = worst_status(
                        status,
                        add_slot(untagging, name, vfio_variant_device_ref(set.devices[i]), false));
        return status;
}

static int add_kind(struct untagging *untagging, const char *glob) {
        struct target *target =
                add_target(untagging, &(struct target){.name = glob, .is_whole = true});

        return tag_key_of_kind(glob, target->prefix) < 0 ? tag_report_glob(glob) : EXIT_SUCCESS;
}

static int add_all(struct untagging *untagging, const struct options *options) {
        int status = EXIT_SUCCESS;

        if (options->modalias)
                return add_kind(untagging, options->modalias);
        if (options->functions_of)
                return add_named(untagging, options->functions_of, true);
        for (char **name = options->devices; *name; name++)
                status = worst_status(status, options->group ? add_group(untagging, *name)
                                                             : add_named(untagging, *name, false));
        return status;
}

/* --- removing --- */

static void keep_removed(const struct tag *tag, void *userdata) {
        struct untagging *untagging = userdata;
        void *removed =
                reallocarray(untagging->removed, untagging->n_removed + 1, sizeof(struct tag));

        check_memory(removed);
        untagging->removed = removed;
        untagging->removed[untagging->n_removed++] = *tag;
}

/* A name of neither a device nor a tag is a mistake of the user. */
static int refuse_unknown(const struct target *target) {
        log_error("cannot untag ", target->name, ": there is no such device, and no tag for it; ",
                  "`vfio-variant list --tagged` shows the devices that are tagged");
        return EXIT_FAILURE;
}

static int remove_all(struct untagging *untagging, struct tag_change *change) {
        int status = EXIT_SUCCESS;

        for (size_t i = 0; i < untagging->n_targets; i++) {
                struct target *target = &untagging->targets[i];
                int n = tag_change_remove(change, target->prefix, target->is_whole, keep_removed,
                                          untagging);

                if (n < 0)
                        return tag_report_error(change->subject, n);
                target->n_removed = (unsigned)n;
                if (n == 0 && !target->is_whole && !target->device)
                        status = refuse_unknown(target);
        }
        return status;
}

static bool is_removed(const struct untagging *untagging, const char *key) {
        for (size_t i = 0; i < untagging->n_removed; i++)
                if (streq(untagging->removed[i].key, key))
                        return true;
        return false;
}

/* --- what would be removed, with --dry-run --- */

struct finding {
        struct untagging *untagging;
        struct target *target;
        int directory_fd;
        char key[TAG_KEY_SIZE]; /* of the tag that is being read */
};

static int find_key(const char *key, void *userdata) {
        struct finding *finding = userdata;
        struct tag tag;
        int r;

        if (finding->target->is_whole && !streq(key, finding->target->prefix))
                return 0;
        (void)text_put(finding->key, sizeof(finding->key), key);
        r = tag_file_read(finding->directory_fd, key, &tag);
        if (r <= 0)
                return r;
        finding->target->n_removed++;
        if (!is_removed(finding->untagging, key))
                keep_removed(&tag, finding->untagging);
        return 0;
}

static int find_of_target(struct finding *finding) {
        char path[TAG_PATH_SIZE] = TAG_DIRECTORY;
        int r = finding->directory_fd < 0
                        ? finding->directory_fd
                        : tag_file_each(finding->directory_fd, finding->target->prefix, find_key,
                                        finding);

        if (r < 0 && r != -ENOENT) {
                if (*finding->key)
                        (void)tag_file_path(finding->key, path);
                return tag_report_error(path, r);
        }
        if (finding->target->n_removed == 0 && !finding->target->is_whole &&
            !finding->target->device)
                return refuse_unknown(finding->target);
        return EXIT_SUCCESS;
}

static int find_all(struct untagging *untagging) {
        _cleanup_close_ int fd = fd_open_directory(AT_FDCWD, TAG_DIRECTORY);
        int status = EXIT_SUCCESS;

        for (size_t i = 0; i < untagging->n_targets; i++) {
                struct finding finding = {
                        .untagging = untagging,
                        .target = &untagging->targets[i],
                        .directory_fd = fd,
                };

                status = worst_status(status, find_of_target(&finding));
        }
        return status;
}

/* All, or none. */
static int write_all(struct untagging *untagging) {
        _cleanup_(tag_change_end) struct tag_change change = {.directory_fd = -1};
        int r = tag_change_begin(tag_report_wait, &change), status;

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

/* Whether TAG is for another card than the one in its slot now. */
static bool is_of_another(const struct untagging *untagging, const struct tag *tag) {
        for (size_t i = 0; i < untagging->n_targets; i++) {
                const struct target *target = &untagging->targets[i];

                if (target->is_device && target->device && startswith(tag->key, target->prefix))
                        return !vfio_variant_device_is_matched(target->device, tag->key);
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

        if (!target->is_device || !target->device ||
            vfio_variant_device_read_tag(target->device) <= 0)
                return false;
        rest.is_tagged = !untagging->dry_run;
        log_set_device(target->device);
        (void)vfio_variant_device_each_tag(target->device, report_source, &rest);
        log_set_device(NULL);
        return rest.is_tagged;
}

/* Reports what still tags the target, or that nothing did. Returns the exit status. */
static int report_rest(const struct untagging *untagging, const struct target *target) {
        if (is_still_tagged(untagging, target))
                return EXIT_FAILURE;
        if (target->n_removed == 0)
                (void)printf("%s%s%s: was not tagged\n",
                             target->is_whole    ? "--modalias='"
                             : target->is_device ? ""
                                                 : "--vfs-of=",
                             target->name, target->is_whole ? "'" : "");
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
        int status = tag_check_options(options);

        if (status != EXIT_SUCCESS)
                return status;
        status = add_all(&untagging, options);
        if (status == EXIT_SUCCESS)
                status = options->dry_run ? find_all(&untagging) : write_all(&untagging);
        return status == EXIT_SUCCESS ? report_all(&untagging) : status;
}

const struct command command_untag = {
        .name = "untag",
        .help = help,
        .argument = "DEVICE",
        .options = {OPTION_GROUP, OPTION_MODALIAS, OPTION_FUNCTIONS_OF, OPTION_DRY_RUN},
        .max_arguments = ARGUMENTS_ANY,
        .run = run_untag,
};
