/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * JSON by json-c, as far as the commands need it. Their output is described in
 * vfio-variant.schema.json. If memory is short, these functions end the program.
 */
#pragma once

#include <json-c/json.h>

#include "cleanup.h"
#include "command_options.h"

/* The result of json_object_put() is not needed. */
DEFINE_CLEANUP(json_object *, json_object_put);

json_object *json_new_object(void);
json_object *json_new_array(void);

/* Sets KEY, a static string. VALUE, or NULL for null, is owned by OBJECT. */
void json_put(json_object *object, const char *key, json_object *value);
void json_put_string(json_object *object, const char *key, const char *value);

/* A value below 0, an error, is null: it does not apply. */
void json_put_flag(json_object *object, const char *key, int value);
void json_put_number(json_object *object, const char *key, int value);

/* VALUE is owned by ARRAY. */
void json_append(json_object *array, json_object *value);
void json_append_string(json_object *array, const char *value);

/* Prints VALUE, with JSON_SHORT on one line. */
void json_print(json_object *value, enum json_format format);
