/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Messages of a program to its user: standard error, and the journal where udev started it. */
#pragma once

#include <stdbool.h>

/*
 * NAME, which must outlive all messages, goes in front of each line on standard error. With JOURNAL
 * each line also goes to the journal, by way of /dev/kmsg: udevd shows a program's standard error
 * only at its debug level, so that a helper that it started has no other voice.
 */
void log_open(const char *name, bool journal);

/* Writes one line; FORMAT has no newline. */
void log_error(const char *format, ...) __attribute__((format(printf, 1, 2), cold));
void log_warning(const char *format, ...) __attribute__((format(printf, 1, 2), cold));
