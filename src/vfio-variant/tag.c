/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* vfio-variant tag: devices that are to be bound whenever they appear. */
#include <errno.h>
#include <stdio.h>

#include "bind_set.h"
#include "named.h"
#include "screen.h"
#include "tag_guard.h"
#include "tag_words.h"
#include "tell.h"
#include "text.h"
#include "verbs.h"
#include "vfio-variant-tag.h"

static const char help[] =
        "Usage: vfio-variant tag [OPTION...] DEVICE...\n"
        "       vfio-variant tag [OPTION...] --modalias=GLOB\n"
        "       vfio-variant tag [OPTION...] --vfs-of=DEVICE\n"
        "Have devices bound to their VFIO driver whenever they appear: each DEVICE as\n"
        "long as that card sits in its slot, all of a kind, or one's virtual functions.\n"
        "\n" HELP_DEVICE "\n"
        "  --modalias=GLOB  all devices with a modalias like that, such as\n"
        "                   'pci:v000015B3d0000101E*'\n"
        "  --vfs-of=DEVICE  the virtual functions of DEVICE\n"
        "  --group          each DEVICE with all of its IOMMU group that a guest can have\n"
        "  --now            bind what is there now, too\n"
        "  --force          although something might use it, or a disk of it is in use\n"
        "  --pin=DRIVER     to this driver or module, whatever fits best\n"
        "  --dry-run        tell what would be done\n"
        "  --help           print this text\n"
        "\n"
        "See vfio-variant(8).\n";

static const struct option known[] = {
        {"modalias", required_argument, NULL, OPTION_MODALIAS},
        {"vfs-of", required_argument, NULL, OPTION_FUNCTIONS_OF},
        {"group", no_argument, NULL, OPTION_GROUP},
        {"now", no_argument, NULL, OPTION_NOW},
        {"dry-run", no_argument, NULL, OPTION_DRY_RUN},
        {"force", no_argument, NULL, OPTION_FORCE},
        {"pin", required_argument, NULL, OPTION_PIN},
        {"help", no_argument, NULL, OPTION_HELP},
        {},
};

/* A tag that is being made. */
struct tagging {
        struct vfio_variant *context;
        const struct options *options;
        const char *match;
        unsigned n_devices;    /* that it is for, of those that are there */
        struct device_set set; /* with --now: those to be bound */
};

static void tell_source(const char *place, const char *match, void *userdata) {
        (void)userdata;
        log_warning("tagged by ", match, " at ", place);
}

/* Has udev see the tag, and tells where another record has the last word. */
static void make_known(struct tagging *tagging, struct vfio_variant_device *device) {
        const char *bind;

        (void)tag_words_trigger(device);
        (void)vfio_variant_device_read_tag(device);
        bind = vfio_variant_device_get_property(device, "VFIO_VARIANT_BIND");
        if (!bind || !streq(bind, tagging->options->force ? "force" : "1")) {
                log_warning("another record has the last word, VFIO_VARIANT_BIND=",
                            bind ? bind : "", ": correct it in hwdb.d");
                (void)vfio_variant_device_each_tag(device, tell_source, NULL);
        }
}

/* What the tag would make of the device. */
static void pretend(const struct tagging *tagging, struct vfio_variant_device *device) {
        (void)vfio_variant_device_set_property(device, "VFIO_VARIANT_BIND",
                                               tagging->options->force ? "force" : "1");
        (void)vfio_variant_device_set_property(device, "VFIO_VARIANT_PIN", tagging->options->pin);
        /* Now, while these are set: a later lookup asks the hwdb, which does not have the tag */
        (void)vfio_variant_device_look_up(device, NULL);
}

static bool is_to_be_bound(const struct vfio_variant_device *device) {
        const char *bind = vfio_variant_device_get_property(device, "VFIO_VARIANT_BIND");

        return bind && !streq(bind, "0");
}

static int visit(struct vfio_variant_device *device, void *userdata) {
        struct tagging *tagging = userdata;

        if (!vfio_variant_device_is_matched(device, tagging->match))
                return 0;
        tagging->n_devices++;
        tell_about(device);
        if (tagging->options->dry_run)
                pretend(tagging, device);
        else
                make_known(tagging, device);
        if (tagging->options->now && is_to_be_bound(device))
                device_set_add(&tagging->set, device);
        tell_about(NULL);
        return 0;
}

/* Writes MATCH, and tells it of WHAT; UNDO: the words behind untag. */
static int write_tag(struct tagging *tagging, const char *match, const char *what,
                     const char *undo) {
        const struct options *options = tagging->options;
        int is_new = 1, r;

        if (!options->dry_run) {
                screen_show_progress(TAG_PROGRESS);
                is_new = vfio_variant_tag(tagging->context, match, options->force, options->pin);
                screen_show_progress(NULL);
        }
        if (is_new < 0)
                return tag_words_tell(tagging->context, is_new);
        tagging->match = match;
        r = vfio_variant_each_device(tagging->context, visit, tagging);
        tagging->match = NULL;
        if (r < 0)
                log_warning("cannot list the devices: ", log_errno(r),
                            "; run `udevadm trigger --subsystem-match=pci`");
        (void)printf("%s: %s\n  match key: %s\n  in: %s\n", what,
                     options->dry_run ? "would be tagged"
                     : is_new         ? "tagged"
                                      : "was tagged before",
                     match, vfio_variant_tag_path());
        if (options->dry_run)
                (void)printf("  nothing was done\n");
        else
                (void)printf("  to undo: vfio-variant untag %s\n", undo);
        return EXIT_DONE;
}

static int tag_device(struct tagging *tagging, const struct vfio_variant_device *device) {
        const struct options *options = tagging->options;
        char match[VFIO_VARIANT_MATCH_SIZE];
        const char *sysname;
        int status, r;

        tell_about(device);
        r = vfio_variant_device_match(device, match);
        if (r < 0)
                return tag_words_tell_match(device, r);
        tell_about(NULL);
        sysname = vfio_variant_device_get_sysname(device);
        status = write_tag(tagging, match, sysname, sysname);
        if (status == EXIT_DONE && !options->now && !options->dry_run)
                (void)printf("  it is bound when it appears next; now: vfio-variant bind %s%s\n",
                             options->group ? "--group " : "", sysname);
        return status;
}

static int tag_named(struct tagging *tagging, const char *name) {
        _cleanup_(vfio_variant_device_unrefp) struct vfio_variant_device *device = NULL;
        _cleanup_(device_set_done) struct device_set set = {};
        int status = named_open(tagging->context, name, &device), r = 0;

        if (status != EXIT_DONE)
                return status;
        if (tagging->options->group)
                r = device_set_add_group(&set, device);
        else
                device_set_add(&set, device);
        if (r < 0)
                return named_tell(name, r);
        /* All of a group, or none */
        for (unsigned i = 0; i < set.n; i++)
                status = worse(status, tag_guard_device(set.devices[i], tagging->options->force));
        for (unsigned i = 0, n = status == EXIT_DONE ? set.n : 0; i < n; i++)
                status = worse(status, tag_device(tagging, set.devices[i]));
        tell_about(NULL);
        return status;
}

static int tag_functions(struct tagging *tagging, const char *name) {
        _cleanup_(vfio_variant_device_unrefp) struct vfio_variant_device *device = NULL;
        char match[VFIO_VARIANT_MATCH_SIZE], undo[VFIO_VARIANT_MATCH_SIZE];
        int status = named_open(tagging->context, name, &device), r;

        if (status != EXIT_DONE)
                return status;
        r = vfio_variant_device_match_functions(device, match);
        if (r < 0)
                return tag_words_tell_match(device, r);
        tell_about(NULL);
        (void)snprintf(undo, sizeof(undo), "--vfs-of=%s", vfio_variant_device_get_sysname(device));
        status = tag_guard_matched(tagging->context, match, tagging->options->force);
        if (status == EXIT_DONE)
                status = write_tag(tagging, match, undo, undo);
        if (status == EXIT_DONE)
                (void)printf("  of its virtual functions there are %u now\n", tagging->n_devices);
        return status;
}

static int tag_modalias(struct tagging *tagging, const char *glob) {
        char match[VFIO_VARIANT_MATCH_SIZE], undo[VFIO_VARIANT_MATCH_SIZE];
        int status;

        if (vfio_variant_match_modalias(glob, match) < 0)
                return tag_words_refuse_glob(glob);
        (void)snprintf(undo, sizeof(undo), "--modalias='%s'", glob);
        status = tag_guard_matched(tagging->context, match, tagging->options->force);
        if (status != EXIT_DONE)
                return status;
        status = write_tag(tagging, match, undo, undo);
        if (status == EXIT_DONE && tagging->n_devices > 0)
                (void)printf("  of such devices there are %u now\n", tagging->n_devices);
        else if (status == EXIT_DONE)
                log_warning("no device here has such a modalias, which must match to its very end: "
                            "close it with *");
        return status;
}

static int tag_all(struct tagging *tagging) {
        const struct options *options = tagging->options;
        int status = EXIT_DONE;

        if (options->modalias)
                return tag_modalias(tagging, options->modalias);
        if (options->functions_of)
                return tag_functions(tagging, options->functions_of);
        for (char **name = options->devices; *name; name++)
                status = worse(status, tag_named(tagging, *name));
        return status;
}

/* --now. A tag stays when its device can't be bound now. */
static int bind_all(struct tagging *tagging) {
        const struct bind_options bind_options = {
                .flags = VFIO_VARIANT_FORCE_BY_TAG |
                         (tagging->options->dry_run ? VFIO_VARIANT_DRY_RUN : 0U),
                .is_for_tag = true,
        };
        int status = bind_set(&tagging->set, &bind_options);

        if (status != EXIT_DONE && !tagging->options->dry_run)
                log_warning("the tag stays: what could not be bound now is bound when it is next "
                            "added. To remove the tag: vfio-variant untag");
        return status;
}

static int run(struct vfio_variant *context, const struct options *options) {
        struct tagging tagging = {.context = context, .options = options};
        int status;

        if (tag_words_check(options) < 0)
                return EXIT_USAGE;
        status = tag_all(&tagging);
        if (options->now)
                status = worse(status, bind_all(&tagging));
        device_set_done(&tagging.set);
        return status;
}

const struct verb verb_tag = {"tag", help, known, run};
