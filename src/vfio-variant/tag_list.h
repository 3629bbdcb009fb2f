/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tags that one `tag` command adds, each once. */
#pragma once

#include "command_options.h"
#include "tag_change.h"
#include "vfio-variant.h"

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

/* Finds what prevents devices from being bound now. */
void tag_list_find_obstacles(struct tag_list *list);
