/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* JSON by json-c, as far as the commands need it. */
#include "json.h"

#include <stdio.h>

#include "messages.h"

json_object *json_new_object(void) {
        json_object *object = json_object_new_object();

        check_memory(object);
        return object;
}

json_object *json_new_array(void) {
        json_object *array = json_object_new_array();

        check_memory(array);
        return array;
}

void json_put(json_object *object, const char *key, json_object *value) {
        check_memory(
                json_object_object_add_ex(object, key, value, JSON_C_OBJECT_ADD_CONSTANT_KEY) == 0);
}

static json_object *new_string(const char *value) {
        json_object *string = json_object_new_string(value);

        check_memory(string);
        return string;
}

void json_put_string(json_object *object, const char *key, const char *value) {
        json_put(object, key, value ? new_string(value) : NULL);
}

void json_put_flag(json_object *object, const char *key, bool value) {
        json_object *flag = json_object_new_boolean(value);

        check_memory(flag);
        json_put(object, key, flag);
}

void json_put_number(json_object *object, const char *key, int value) {
        json_object *number = value < 0 ? NULL : json_object_new_int(value);

        check_memory(number || value < 0);
        json_put(object, key, number);
}

void json_append(json_object *array, json_object *value) {
        check_memory(json_object_array_add(array, value) == 0);
}

void json_append_string(json_object *array, const char *value) {
        json_append(array, new_string(value));
}

void json_print(json_object *value, enum json_format format) {
        int layout = format == JSON_SHORT ? JSON_C_TO_STRING_PLAIN
                                          : JSON_C_TO_STRING_PRETTY | JSON_C_TO_STRING_SPACED;
        const char *text =
                json_object_to_json_string_ext(value, layout | JSON_C_TO_STRING_NOSLASHESCAPE);

        check_memory(text);
        (void)puts(text); /* main() reports whether that failed */
}
