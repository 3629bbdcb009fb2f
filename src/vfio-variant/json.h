/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * JSON by json-c, as little of it as the verbs need. What they print is described in
 * vfio-variant.schema.json: keys may come on top, none goes or changes.
 *
 * Where memory is short these end the program with EXIT_FAILURE: nothing half is printed.
 */
#pragma once

#include <json-c/json.h>
#include <stdbool.h>

#include "cleanup.h"
#include "command_options.h"

/* json_object_put() returns what a clean-up does not need. */
DEFINE_CLEANUP(json_object *, json_object_put);

json_object *json_new_object(void);
json_object *json_new_array(void);

/* OBJECT gets the key KEY, a static string. VALUE is taken over; NULL is null. */
void json_put(json_object *object, const char *key, json_object *value);
void json_put_string(json_object *object, const char *key, const char *value);
void json_put_flag(json_object *object, const char *key, bool value);

/* A number below 0 is null. */
void json_put_number(json_object *object, const char *key, int value);

/* VALUE is taken over. */
void json_append(json_object *array, json_object *value);
void json_append_string(json_object *array, const char *value);

/* Prints VALUE, with JSON_SHORT on one line. */
void json_print(json_object *value, enum json_format format);
