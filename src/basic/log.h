/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Messages of a program: to standard error, and to the journal if udevd started the program. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/*
 * NAME is the prefix of each line on standard error. If JOURNAL is true each line is also written
 * to the journal, through /dev/kmsg: udevd logs the standard error of a program only at its debug
 * level. So is a line if the reader of standard error has ended. NAME must outlive all messages.
 */
void log_open(const char *name, bool journal);

/*
 * Adds the device to each following line: "pci 0000:3b:00.0: ". SUBSYSTEM may be NULL. Both must
 * outlive all messages.
 */
void log_about(const char *subsystem, const char *sysname);

/* syslog(3): LOG_DAEMON with LOG_ERR, LOG_WARNING and LOG_NOTICE. */
#define LOG_PRIORITY_ERROR   "<27>"
#define LOG_PRIORITY_WARNING "<28>"
#define LOG_PRIORITY_NOTICE  "<29>"

/* Write one line: the given strings, concatenated. */
#define log_error(...)   log_parts((const char *[]){LOG_PRIORITY_ERROR, __VA_ARGS__, NULL})
#define log_warning(...) log_parts((const char *[]){LOG_PRIORITY_WARNING, __VA_ARGS__, NULL})
#define log_notice(...)  log_parts((const char *[]){LOG_PRIORITY_NOTICE, __VA_ARGS__, NULL})

/* The first of PARTS is the priority. The array ends in NULL. */
__attribute__((cold)) void log_parts(const char *const *parts);

/*
 * strerror(3) of a negative errno, except for errors that have a special meaning here: DESIGN,
 * "Errors".
 */
__attribute__((cold)) const char *log_errno(int error);
