/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Match keys of tags: tag_key.c is the only C file that defines their form. Neither reads files nor
 * allocates memory. The same keys are in rules.d/60-vfio-variant.rules, and are documented in
 * hwdb.d/60-vfio-variant.hwdb.
 */
#pragma once

#include <stdbool.h>

/* The size of a match key, and of the arguments of `tag` for it. */
#define TAG_KEY_SIZE 1024

/* The prefix of all match keys. */
#define TAG_KEY "vfio-variant:"

/*
 * *ret: the key of the device SYSNAME: its slot, and the vendor and device ID of MODALIAS. Returns
 * 0, or -EINVAL if one of them is invalid or has a character with a meaning in a match key.
 */
int tag_key_of_device(const char *sysname, const char *modalias, char ret[TAG_KEY_SIZE]);

/*
 * *ret: the key of the virtual functions of the physical function SYSNAME. Returns as
 * tag_key_of_device().
 */
int tag_key_of_functions(const char *sysname, char ret[TAG_KEY_SIZE]);

/*
 * *ret: the key of all devices with a modalias that matches GLOB. Returns as tag_key_of_device().
 */
int tag_key_of_kind(const char *glob, char ret[TAG_KEY_SIZE]);

/*
 * *ret: the prefix of all keys of the slot SYSNAME, for any device in it; if FUNCTIONS is true, of
 * all keys of its virtual functions. Returns as tag_key_of_device().
 */
int tag_key_prefix(const char *sysname, bool functions, char ret[TAG_KEY_SIZE]);

/* Is KEY a key that `tag` writes? */
bool tag_key_is_valid(const char *key);

/*
 * *ret: the arguments of `tag` and `untag` for KEY: "0000:3b:00.1", "--vfs-of=0000:3b:00.0",
 * "--modalias='pci:*'".
 */
void tag_key_arguments(const char *key, char ret[TAG_KEY_SIZE]);

#define TAG_LOOKUPS_MAX 3

/* The strings by which the rules look up a device, the closest first. */
struct tag_lookups {
        unsigned n;
        char keys[TAG_LOOKUPS_MAX][TAG_KEY_SIZE];
};

/*
 * *ret: the lookups of a device. PHYSFN is "" if it is not a virtual function. Returns 0, or
 * -EINVAL if the rules do not look up the device.
 */
int tag_lookups_of(const char *sysname, const char *modalias, const char *physfn,
                   struct tag_lookups *ret);

/* Does the match line KEY match one of LOOKUPS? */
bool tag_lookups_match(const struct tag_lookups *lookups, const char *key);

/*
 * Is MATCH a key of the form before 0.1, which the rules do not look up? *ret: the key to write
 * instead.
 */
bool tag_key_is_old(const char *match, char ret[TAG_KEY_SIZE]);
