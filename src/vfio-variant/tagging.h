/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the files of `tag` and `untag` share. */
#pragma once

#include "command_options.h"
#include "tag_change.h"
#include "vfio-variant.h"

/* --- tag_targets.c: what the arguments name --- */

struct tag_target {
        enum { TARGET_DEVICE, TARGET_FUNCTIONS, TARGET_KIND } kind;
        const char *name;                   /* the sysname, as given if DEVICE is NULL; or a glob */
        struct vfio_variant_device *device; /* NULL: it is not present, or is a kind */
};

typedef int (*tag_target_fn)(const struct tag_target *target, void *userdata);

/*
 * Checks that OPTIONS name exactly one of DEVICE..., --modalias and --vfs-of, and calls ON_TARGET
 * for each device, each once; for one that is not present only with MAY_BE_ABSENT. Returns the
 * worst exit status; errors were reported.
 */
int tag_each_target(struct vfio_variant *context, const struct options *options, bool may_be_absent,
                    tag_target_fn on_target, void *userdata);

/* --- tag_list.c: tags that one `tag` command adds, each once --- */

/* Space for a clause that a guard found, FINDING_SIZE. */
#define TAG_CLAUSE_SIZE 512

struct tag_item {
        struct tag tag, old; /* OLD: replaced by it; its key is "" if there is none */
        bool is_new;         /* it was not there, or was different */
        struct vfio_variant_device *device; /* that was given; NULL: the tag matches several */
        unsigned n_devices;                 /* the number of present devices that it matches */
        bool is_bound;                      /* DEVICE, to its choice */
        char obstacle[TAG_CLAUSE_SIZE];     /* why DEVICE cannot be bound now; "": it can */
};

/* Zero-initialised: empty. */
struct tag_list {
        struct tag_item *items;
        size_t n;
};

void tag_list_done(struct tag_list *list);

/* Adds the tag KEY with the force and the pin of OPTIONS. DEVICE may be NULL; a reference is
 * taken.
 */
void tag_list_add(struct tag_list *list, const char *key, struct vfio_variant_device *device,
                  const struct options *options);

/* Adds all tags, or none; with DRY_RUN only finds what would be replaced. Returns the exit status;
 * an error was reported. */
int tag_list_write(struct tag_list *list, struct vfio_variant *context, bool dry_run);

/* Was any of them added or replaced? */
bool tag_list_is_changed(const struct tag_list *list);

/* Finds what prevents devices from being bound now. */
void tag_list_find_obstacles(struct tag_list *list);

/* --- tag_guard.c: devices that the system needs, which must not be tagged by mistake --- */

/* Prints why DEVICE must not be tagged; with --force, a warning instead. Returns EXIT_SUCCESS or
 * EXIT_REFUSED. */
int tag_guard_device(struct vfio_variant_device *device, const struct options *options);

/* The same for all devices that KEY matches. */
int tag_guard_matched(struct vfio_variant *context, const char *key, const struct options *options);

/* Prints a warning if the host uses DEVICE in a way that does not prevent a tag: a network
 * interface, a display. */
void tag_warn_of_use(struct vfio_variant_device *device);

/* --- tag_image.c: the initramfs image, which has the tags of the time when it was made --- */

/* Checks, before a tag is changed, that --initramfs is possible. Returns the exit status. */
int tag_check_image(const struct options *options);

/* Prints the command that makes the image again, after a change of tags (IS_CHANGED); or with
 * --initramfs runs it. Returns the exit status. */
int tag_update_image(const struct options *options, bool is_changed);

/* --- tag_messages.c --- */

/* Print why a tag cannot be changed, or why there is no match key of TARGET. Return the exit
 * status. SUBJECT: of struct tag_change. */
int tag_report_error(const char *subject, int error);
int tag_report_no_key(const struct tag_target *target, int error);

/* For tag_change_begin(). */
void tag_report_wait(void);

/* What tag and untag wait for, for terminal_show_progress(). */
#define TAG_PROGRESS "compiling the hardware database..."

/* Prints the command that makes TAG. */
void tag_print_command(const struct tag *tag);

/* Has udev compute the device's properties again. Prints a warning on failure. */
void tag_trigger(struct vfio_variant_device *device);
