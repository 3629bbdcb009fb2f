/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Messages of tag and untag. */
#pragma once

#include "tag_change.h"
#include "vfio-variant.h"

/* Each prints why it failed, and returns the exit status. SUBJECT: of struct tag_change. */
int tag_report_error(const char *subject, int error);
int tag_report_no_key(const struct vfio_variant_device *device, int error,
                      const char *not_supported);
int tag_report_glob(const char *glob);

/* For tag_change_begin(). */
void tag_report_wait(void);

/* What tag and untag wait for, for terminal_show_progress(). */
#define TAG_PROGRESS "compiling the hardware database..."

/* Prints the command that makes TAG. */
void tag_print_command(const struct tag *tag);

/* Has udev compute the device's properties again. Prints a warning on failure. */
void tag_trigger(struct vfio_variant_device *device);
