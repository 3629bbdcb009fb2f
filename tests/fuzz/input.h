/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Ways to take an input apart, and to hand it over as a file. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What is not yet taken of an input. */
struct input {
        const uint8_t *bytes;
        size_t size;
};

/*
 * Takes the bytes up to the next newline, which is dropped, or all. Returns them as a string that
 * the caller frees; a NUL in it ends it early.
 */
char *input_take_line(struct input *input);

/* Takes one byte; 0 where there is none. */
uint8_t input_take_byte(struct input *input);

/*
 * The rest of INPUT as a file in memory. *ret_dir_fd and the name, in RET_NAME, are what openat(2)
 * opens it by; they stay the target's own, and are the same for each input.
 */
#define INPUT_NAME_SIZE 16
void input_file(const struct input *input, int *ret_dir_fd, char ret_name[INPUT_NAME_SIZE]);
