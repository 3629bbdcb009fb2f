/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* vfio-variant untag: what tag did, undone. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "device_set.h"
#include "named.h"
#include "screen.h"
#include "tag_words.h"
#include "tell.h"
#include "text.h"
#include "verbs.h"
#include "vfio-variant-tag.h"

static const char help[] =
        "Usage: vfio-variant untag [OPTION...] DEVICE...\n"
        "       vfio-variant untag --modalias=GLOB\n"
        "       vfio-variant untag --vfs-of=DEVICE\n"
        "Take tags back that `vfio-variant tag` made. Nothing that is bound is touched.\n"
        "\n" HELP_DEVICE "One that is not there any more is named by its sysname.\n"
        "\n"
        "  --group          those of each DEVICE and of all its IOMMU group\n"
        "  --modalias=GLOB  that of all devices with a modalias like that\n"
        "  --vfs-of=DEVICE  that of the virtual functions of DEVICE\n"
        "  --help           print this text\n"
        "\n"
        "See vfio-variant(8).\n";

static const struct option known[] = {
        {"group", no_argument, NULL, OPTION_GROUP},
        {"modalias", required_argument, NULL, OPTION_MODALIAS},
        {"vfs-of", required_argument, NULL, OPTION_FUNCTIONS_OF},
        {"help", no_argument, NULL, OPTION_HELP},
        {},
};

/* A tag that is being taken back. */
struct untagging {
        struct vfio_variant *context;
        const char *match; /* that was removed last */
        const char *again; /* what tags it once more; NULL where only this very card can be */
        const char *own;   /* the match key of the device that is there; NULL where none is */
};

static int trigger_matched(struct vfio_variant_device *device, void *userdata) {
        const struct untagging *untagging = userdata;

        if (!vfio_variant_device_is_matched(device, untagging->match))
                return 0;
        tell_about(device);
        (void)tag_words_trigger(device);
        tell_about(NULL);
        return 0;
}

static void print_removed(const char *match, int force, const char *pin, void *userdata) {
        struct untagging *untagging = userdata;

        screen_show_progress(NULL);
        (void)printf("untagged: %s\n  it was in: %s\n", match, vfio_variant_tag_path());
        if (untagging->own && !streq(untagging->own, match))
                (void)printf("  that was for another card in this slot\n");
        else
                (void)printf("  to undo: vfio-variant tag%s%s%s %s\n", force ? " --force" : "",
                             pin ? " --pin=" : "", pin ? pin : "", untagging->again);
        untagging->match = match;
        (void)vfio_variant_each_device(untagging->context, trigger_matched, untagging);
}

/* Takes out MATCH, or all that begin with it. Returns how many, or a negative exit status. */
static int take_out(struct untagging *untagging, const char *match, int is_prefix) {
        int n;

        screen_show_progress(TAG_PROGRESS);
        n = vfio_variant_untag(untagging->context, match, is_prefix, print_removed, untagging);
        screen_show_progress(NULL);
        return n < 0 ? -tag_words_tell(untagging->context, n) : n;
}

static void tell_source(const char *place, const char *match, void *userdata) {
        (void)userdata;
        log_error("it is still tagged by ", match, " at ", place,
                  ": change that by hand, or untag it by its own key");
}

/* Says what is the matter with a device of which nothing of ours, or not all, was the tag. */
static int tell_rest(struct vfio_variant_device *device, int n) {
        int r = vfio_variant_device_read_tag(device);

        if (r > 0) {
                (void)vfio_variant_device_each_tag(device, tell_source, NULL);
                return EXIT_TROUBLE;
        }
        if (n == 0)
                (void)printf("%s: was not tagged\n", vfio_variant_device_get_sysname(device));
        return EXIT_DONE;
}

/* The device by any of its names; one that is not there by its sysname, *ret is NULL then. */
static int open_named(struct vfio_variant *context, const char *name,
                      struct vfio_variant_device **ret) {
        int r = vfio_variant_device_new(context, name, ret);

        if (r == -ENODEV && !strchr(name, '/'))
                return EXIT_DONE;
        if (r < 0)
                return named_tell(name, r);
        tell_about(*ret);
        return EXIT_DONE;
}

static int untag_device(struct vfio_variant *context, const char *name) {
        _cleanup_(vfio_variant_device_unrefp) struct vfio_variant_device *device = NULL;
        char prefix[VFIO_VARIANT_MATCH_SIZE], own[VFIO_VARIANT_MATCH_SIZE];
        struct untagging untagging = {.context = context, .again = name};
        int status = open_named(context, name, &device), n;

        if (status != EXIT_DONE)
                return status;
        if (device && vfio_variant_device_match(device, own) == 0)
                untagging.own = own;
        if (device)
                untagging.again = vfio_variant_device_get_sysname(device);
        if (vfio_variant_match_prefix(untagging.again, false, prefix) < 0)
                return named_tell(name, -EINVAL);
        n = take_out(&untagging, prefix, true);
        if (n < 0)
                return -n;
        tell_about(device);
        if (device)
                return tell_rest(device, n);
        if (n == 0)
                (void)printf("%s: was not tagged, and is not there\n", name);
        return EXIT_DONE;
}

static int untag_group(struct vfio_variant *context, const char *name) {
        _cleanup_(vfio_variant_device_unrefp) struct vfio_variant_device *device = NULL;
        _cleanup_(device_set_done) struct device_set set = {};
        int status = named_open(context, name, &device), r;

        if (status != EXIT_DONE)
                return status;
        r = device_set_add_group(&set, device);
        if (r < 0)
                return named_tell(name, r);
        for (unsigned i = 0; i < set.n; i++)
                status = worse(status, untag_device(context, vfio_variant_device_get_sysname(
                                                                     set.devices[i])));
        return status;
}

static int untag_functions(struct vfio_variant *context, const char *name) {
        _cleanup_(vfio_variant_device_unrefp) struct vfio_variant_device *device = NULL;
        char prefix[VFIO_VARIANT_MATCH_SIZE], again[VFIO_VARIANT_MATCH_SIZE];
        struct untagging untagging = {.context = context, .again = again};
        int status = open_named(context, name, &device), n;
        const char *sysname = device ? vfio_variant_device_get_sysname(device) : name;

        if (status != EXIT_DONE)
                return status;
        tell_about(NULL);
        if (vfio_variant_match_prefix(sysname, true, prefix) < 0)
                return named_tell(name, -EINVAL);
        (void)snprintf(again, sizeof(again), "--vfs-of=%s", sysname);
        n = take_out(&untagging, prefix, true);
        if (n == 0)
                (void)printf("%s: was not tagged in %s\n", again, vfio_variant_tag_path());
        return n < 0 ? -n : EXIT_DONE;
}

static int untag_modalias(struct vfio_variant *context, const char *glob) {
        char match[VFIO_VARIANT_MATCH_SIZE], again[VFIO_VARIANT_MATCH_SIZE];
        struct untagging untagging = {.context = context, .again = again};
        int n;

        if (vfio_variant_match_modalias(glob, match) < 0)
                return tag_words_refuse_glob(glob);
        (void)snprintf(again, sizeof(again), "--modalias='%s'", glob);
        n = take_out(&untagging, match, false);
        if (n == 0)
                (void)printf("%s: was not tagged in %s\n", again, vfio_variant_tag_path());
        return n < 0 ? -n : EXIT_DONE;
}

static int run(struct vfio_variant *context, const struct options *options) {
        int status = EXIT_DONE;

        if (tag_words_check(options) < 0)
                return EXIT_USAGE;
        if (options->modalias)
                return untag_modalias(context, options->modalias);
        if (options->functions_of)
                return untag_functions(context, options->functions_of);
        for (char **name = options->devices; *name; name++) {
                status = worse(status, options->group ? untag_group(context, *name)
                                                      : untag_device(context, *name));
                tell_about(NULL);
        }
        return status;
}

const struct verb verb_untag = {"untag", help, known, run};
