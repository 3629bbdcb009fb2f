/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* vfio-variant tag: has devices bound whenever they are added. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "bind_set.h"
#include "choose_driver.h"
#include "cleanup.h"
#include "commands.h"
#include "device_keys.h"
#include "device_properties.h"
#include "messages.h"
#include "open_device.h"
#include "tagging.h"
#include "text.h"

static const char help[] =
        "tag [OPTION...] DEVICE...\n"
        "       vfio-variant tag [OPTION...] --modalias=GLOB\n"
        "       vfio-variant tag [OPTION...] --vfs-of=DEVICE\n"
        "Tag devices, so that they are bound to their VFIO driver whenever they are\n"
        "added: each DEVICE while this card is in its slot, all devices of a kind, or\n"
        "virtual functions.\n"
        "\n" HELP_DEVICE "\n"
        "      --modalias=GLOB  Tag all devices whose modalias matches this pattern, such\n"
        "                       as 'pci:v000015B3d0000101E*'\n"
        "      --vfs-of=DEVICE  Tag the virtual functions of DEVICE\n"
        "      --group          Tag each DEVICE and all members of its IOMMU group that\n"
        "                       can be assigned to a guest\n"
        "      --now            Also bind the devices that are present\n"
        "      --force          Override guards when the device is bound, and tag it\n"
        "                       although the system needs it\n"
        "      --pin=DRIVER     Bind to this driver or module instead of the choice\n"
        "      --initramfs      Also update the initramfs images, so that no native\n"
        "                       driver in them binds the devices at boot\n"
        "  -n, --dry-run        Print what would be done, and change nothing\n"
        "  -h, --help           Print this help\n";

/* The tags that are added. */
struct tagging {
        struct vfio_variant *context;
        const struct options *options;
        struct tag_list list;
        struct tag_item *item; /* that is being applied */
        struct device_set now; /* with --now: the devices to bind */
        bool is_pin_checked;
};

static void tagging_done(struct tagging *tagging) {
        tag_list_done(&tagging->list);
        device_set_done(&tagging->now);
}

/* --- which tags --- */

/* Has a pin that names no driver or module reported by the library. */
static void look_up(struct tagging *tagging, struct vfio_variant_device *device) {
        const char *pin = tagging->options->pin;
        int r;

        (void)vfio_variant_device_set_property(device, PROPERTY_PIN, pin);
        r = vfio_variant_device_look_up(device, NULL);
        if (pin && r < 0 && r != -ENODATA && !tagging->is_pin_checked)
                log_warning("cannot check whether there is the driver ", pin, ": ",
                            describe_choice_error(r));
        tagging->is_pin_checked = true;
}

static int read_key(const struct tag_target *target, char ret[TAG_KEY_SIZE]) {
        switch (target->kind) {
        case TARGET_DEVICE:
                return vfio_variant_device_key(target->device, ret);
        case TARGET_FUNCTIONS:
                return vfio_variant_device_key_of_functions(target->device, ret);
        case TARGET_KIND:
        default:
                return tag_key_of_kind(target->name, ret);
        }
}

static int add_target(const struct tag_target *target, void *userdata) {
        bool is_slot = target->kind == TARGET_DEVICE;
        struct tagging *tagging = userdata;
        char key[TAG_KEY_SIZE];
        int r = read_key(target, key);

        if (r < 0)
                return tag_report_no_key(target, r);
        if (target->kind == TARGET_FUNCTIONS && tagging->options->pin)
                look_up(tagging, target->device); /* there may be no virtual function yet */
        tag_list_add(&tagging->list, key, is_slot ? target->device : NULL, tagging->options);
        return is_slot ? tag_guard_device(target->device, tagging->options)
                       : tag_guard_matched(tagging->context, key, tagging->options);
}

/* All that were named must exist and pass the guard before any is tagged. */
static int add_all(struct tagging *tagging) {
        const struct options *options = tagging->options;
        int status = tag_each_target(tagging->context, options, false, add_target, tagging);

        if (status != EXIT_SUCCESS && status != EXIT_USAGE && options->n_devices > 1)
                log_error(
                        "nothing was tagged: either all devices of a command are tagged, or none");
        return status;
}

/* --- the devices of a tag --- */

static void report_source(const char *place, const char *match, void *userdata) {
        (void)userdata;
        log_warning("tagged by ", match, " at ", place);
}

/* Has udev read the tag, and reports whether another record overrides it. */
static void make_known(const struct tagging *tagging, struct vfio_variant_device *device) {
        const char *bind;

        tag_trigger(device);
        (void)vfio_variant_device_read_tag(device);
        bind = vfio_variant_device_get_property(device, PROPERTY_BIND);
        if (bind && streq(bind, tagging->options->force ? "force" : "1"))
                return;
        log_warning("a record that takes precedence sets VFIO_VARIANT_BIND=", bind ? bind : "",
                    ": correct it in hwdb.d");
        (void)vfio_variant_device_each_tag(device, report_source, NULL);
}

/* Sets the properties that the device would have with the tag. */
static void pretend(struct tagging *tagging, struct vfio_variant_device *device) {
        (void)vfio_variant_device_set_property(device, PROPERTY_BIND,
                                               tagging->options->force ? "force" : "1");
        /* Now, while this is set: a later lookup asks the hwdb, which does not have the tag */
        if (tagging->options->now || tagging->item->device)
                look_up(tagging, device);
}

static bool is_to_be_bound(const struct vfio_variant_device *device) {
        return property_is_tag(vfio_variant_device_get_property(device, PROPERTY_BIND));
}

static int apply_to_device(struct vfio_variant_device *device, void *userdata) {
        struct tagging *tagging = userdata;
        const struct options *options = tagging->options;

        if (!vfio_variant_device_is_matched(device, tagging->item->tag.key))
                return 0;
        tagging->item->n_devices++;
        log_set_device(device);
        if (options->dry_run)
                pretend(tagging, device);
        if (options->pin && !tagging->is_pin_checked)
                look_up(tagging, device);
        if (!options->dry_run)
                make_known(tagging, device);
        if (is_to_be_bound(device) && options->now)
                device_set_add(&tagging->now, device);
        else if (is_to_be_bound(device))
                tag_warn_of_use(device);
        log_set_device(NULL);
        return 0;
}

static void apply_all(struct tagging *tagging) {
        for (size_t i = 0; i < tagging->list.n; i++) {
                tagging->item = &tagging->list.items[i];
                if (tagging->item->device)
                        (void)apply_to_device(tagging->item->device, tagging);
                else
                        (void)each_device(tagging->context, apply_to_device, tagging);
        }
}

/* --- what was done --- */

static void print_properties(const char *label, const struct tag *tag) {
        (void)printf("  %s: %s=%s", label, property_name(PROPERTY_BIND),
                     tag->force ? "force" : "1");
        if (*tag->pin)
                (void)printf(" %s=%s", property_name(PROPERTY_PIN), tag->pin);
        (void)printf("\n");
}

static void print_undo(const struct tag_item *item) {
        char arguments[TAG_KEY_SIZE];

        (void)printf("  to undo: ");
        if (item->is_new && *item->old.key) {
                tag_print_command(&item->old);
                return;
        }
        tag_key_arguments(item->tag.key, arguments);
        (void)printf("vfio-variant untag %s\n", arguments);
}

/* When the tag takes effect. A command that would be refused now is not advised. */
static void print_effect(const struct tagging *tagging, const struct tag_item *item) {
        bool dry_run = tagging->options->dry_run;

        if (item->is_bound &&
            vfio_variant_device_get_type(item->device) == VFIO_VARIANT_TYPE_NATIVE)
                log_warning("a guest cannot use the device, because --pin names its native driver: "
                            "name a VFIO driver");
        else if (item->is_bound)
                (void)printf("  the device is already bound\n");
        if (item->is_bound)
                return;
        if (!dry_run)
                (void)printf("  takes effect when the device is next added\n");
        if (item->obstacle[0])
                (void)printf("  it cannot be bound now: %s\n", item->obstacle);
        else if (dry_run)
                (void)printf("  it could be bound now, with --now\n");
        else
                (void)printf("  to bind it now: vfio-variant bind %s%s\n",
                             tagging->options->group ? "--group " : "",
                             vfio_variant_device_get_sysname(item->device));
}

static void print_number(const struct tagging *tagging, const struct tag_item *item) {
        const char *glob = tagging->options->modalias;

        if (!glob)
                (void)printf("  virtual functions now: %u\n", item->n_devices);
        else if (item->n_devices > 0)
                (void)printf("  matching devices now: %u\n", item->n_devices);
        else if (glob[strlen(glob) - 1] != '*')
                log_warning("no device that is present matches; the pattern must match the whole "
                            "modalias: end it with *");
        else
                log_warning("no device that is present matches; `cat /sys/bus/pci/devices/*/",
                            "modalias` prints their modaliases, in which the hexadecimal digits "
                            "are upper-case");
}

static void print_item(const struct tagging *tagging, const struct tag_item *item) {
        const struct options *options = tagging->options;
        char arguments[TAG_KEY_SIZE], path[TAG_PATH_SIZE] = "";

        tag_key_arguments(item->tag.key, arguments);
        (void)tag_file_path(item->tag.key, path);
        (void)printf("%s: %s\n  match key: %s\n  file: %s\n", arguments,
                     !item->is_new      ? "already tagged"
                     : options->dry_run ? "would be tagged"
                                        : "tagged",
                     item->tag.key, path);
        if (item->tag.force || *item->tag.pin)
                print_properties("properties", &item->tag);
        if (item->is_new && *item->old.key)
                print_properties("replaces", &item->old);
        if (!options->dry_run)
                print_undo(item);
        if (!item->device)
                print_number(tagging, item);
        else if (!options->now)
                print_effect(tagging, item);
}

/* --now. A tag is kept if its device cannot be bound now. */
static int bind_all(struct tagging *tagging) {
        const struct bind_options bind_options = {
                .flags = VFIO_VARIANT_FLAG_FORCE_IF_TAGGED |
                         (tagging->options->dry_run ? VFIO_VARIANT_FLAG_DRY_RUN : 0U),
                .is_for_tag = true,
        };
        int status = bind_set(&tagging->now, &bind_options);

        if (status != EXIT_SUCCESS && !tagging->options->dry_run)
                log_warning("the tag is kept: the device is bound when it is next added; to remove "
                            "the tag, run the command that is printed after \"to undo\"");
        return status;
}

static int run_tag(struct vfio_variant *context, const struct options *options) {
        _cleanup_(tagging_done) struct tagging tagging = {.context = context, .options = options};
        int status = EXIT_SUCCESS;

        if (options->pin && !name_is_valid(options->pin, strlen(options->pin)))
                return report_usage("invalid value of --pin: ", options->pin);
        status = tag_check_image(options);
        if (status == EXIT_SUCCESS)
                status = add_all(&tagging);
        if (status == EXIT_SUCCESS)
                status = tag_list_write(&tagging.list, context, options->dry_run);
        if (status != EXIT_SUCCESS)
                return status;
        apply_all(&tagging);
        if (!options->now)
                tag_list_find_obstacles(&tagging.list);
        for (size_t i = 0; i < tagging.list.n; i++)
                print_item(&tagging, &tagging.list.items[i]);
        if (options->now)
                status = bind_all(&tagging);
        return worst_status(status, tag_update_image(options, tag_list_is_changed(&tagging.list)));
}

const struct command command_tag = {
        .name = "tag",
        .help = help,
        .argument = "DEVICE",
        .options = {OPTION_MODALIAS, OPTION_FUNCTIONS_OF, OPTION_GROUP, OPTION_NOW, OPTION_FORCE,
                    OPTION_PIN, OPTION_INITRAMFS, OPTION_DRY_RUN},
        .max_arguments = ARGUMENTS_ANY,
        .run = run_tag,
};
