/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Names of the files of tags: 61-vfio-variant-KEY.hwdb, where KEY is the match key without
 * "vfio-variant:", with %XX for each character except [A-Za-z0-9:._-]
 */
#pragma once

#include <stdbool.h>

#include "tag_key.h"

/* NAME_MAX of linux/limits.h, and a NUL. */
#define TAG_NAME_SIZE 256

/* *ret: the name of the file for KEY. Returns 0, or -ENAMETOOLONG. */
int tag_name_of(const char *key, char ret[TAG_NAME_SIZE]);

/* *ret: the hidden name of the file until it is complete. Returns as tag_name_of(). */
int tag_name_of_new(const char *key, char ret[TAG_NAME_SIZE]);

/* *ret: the key whose file is NAME. Returns false if there is none. */
bool tag_name_read(const char *name, char ret[TAG_KEY_SIZE]);

/* Is NAME such a hidden name? */
bool tag_name_is_hidden(const char *name);
