/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* JSON by json-c, as far as the commands need it. */
#include "json.h"

#include <stdio.h>

#include "messages.h"

/* VALUE was just created. */
static json_object *checked(json_object *value) {
        check_memory(value);
        return value;
}

json_object *json_new_object(void) {
        return checked(json_object_new_object());
}

json_object *json_new_array(void) {
        return checked(json_object_new_array());
}

void json_put(json_object *object, const char *key, json_object *value) {
        check_memory(
                json_object_object_add_ex(object, key, value, JSON_C_OBJECT_ADD_CONSTANT_KEY) == 0);
}

void json_put_string(json_object *object, const char *key, const char *value) {
        json_put(object, key, value ? checked(json_object_new_string(value)) : NULL);
}

void json_put_flag(json_object *object, const char *key, int value) {
        json_put(object, key, value < 0 ? NULL : checked(json_object_new_boolean(value > 0)));
}

void json_put_number(json_object *object, const char *key, int value) {
        json_put(object, key, value < 0 ? NULL : checked(json_object_new_int(value)));
}

void json_append(json_object *array, json_object *value) {
        check_memory(json_object_array_add(array, value) == 0);
}

void json_append_string(json_object *array, const char *value) {
        json_append(array, checked(json_object_new_string(value)));
}

void json_print(json_object *value, enum json_format format) {
        int layout = format == JSON_SHORT ? JSON_C_TO_STRING_PLAIN
                                          : JSON_C_TO_STRING_PRETTY | JSON_C_TO_STRING_SPACED;
        const char *text =
                json_object_to_json_string_ext(value, layout | JSON_C_TO_STRING_NOSLASHESCAPE);

        check_memory(text);
        (void)puts(text); /* main() reports whether that failed */
}
