/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Messages of a program to its user: standard error, and the journal where udev started it. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/*
 * NAME, which must outlive all messages, goes in front of each line on standard error. With JOURNAL
 * each line also goes to the journal, by way of /dev/kmsg: udevd shows a program's standard error
 * only at its debug level, so that a helper that it started has no other voice.
 */
void log_open(const char *name, bool journal);

/*
 * From now on each line tells which device it is about, "pci 0000:3b:00.0: "; SUBSYSTEM may be
 * NULL. Both must outlive all messages.
 */
void log_about(const char *subsystem, const char *sysname);

/* syslog(3): LOG_DAEMON with LOG_ERR and with LOG_WARNING. */
#define LOG_PRIORITY_ERROR   "<27>"
#define LOG_PRIORITY_WARNING "<28>"

/* Write one line of the strings that are given. */
#define log_error(...)   log_parts((const char *[]){LOG_PRIORITY_ERROR, __VA_ARGS__, NULL})
#define log_warning(...) log_parts((const char *[]){LOG_PRIORITY_WARNING, __VA_ARGS__, NULL})

/* PARTS, which end in NULL, begin with the priority. */
__attribute__((cold)) void log_parts(const char *const *parts);

/* strerror(3) of a negative errno, but for those that mean something else here: DESIGN, "Errors".
 */
__attribute__((cold)) const char *log_errno(int error);
