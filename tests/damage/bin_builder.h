/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Index files made by hand, as no depmod would make them; and the directory that they lie in. */
#pragma once

#include <stdint.h>
#include <sys/types.h>

#define HAS_PREFIX   UINT32_C(0x80000000)
#define HAS_VALUES   UINT32_C(0x40000000)
#define HAS_CHILDREN UINT32_C(0x20000000)
#define HEADER_SIZE  12

/* A file that is being written, from the front to the back. */
struct bin {
        uint8_t *bytes;
        uint32_t size;
};

/* Begins a file with the header of an index whose root is REFERENCE. */
void bin_begin(struct bin *bin, uint32_t reference);
void bin_done(struct bin *bin);

/* Each adds to the end; a text comes with its NUL. */
void bin_add_u8(struct bin *bin, uint8_t value);
void bin_add_u32(struct bin *bin, uint32_t value);
void bin_add_text(struct bin *bin, const char *text);

/* One value: a module that is named by the alias. */
void bin_add_value(struct bin *bin, const char *module);

/* Makes an empty directory of the test's own. */
void scratch_make(void);
/* Its path, and that of an empty directory in it which can stand for modprobe.d. */
const char *scratch_path(void);
const char *scratch_modprobe_path(void);
void scratch_remove(void);

/* Deletes all that is in it. */
void scratch_clear(void);

/* Opens NAME in the scratch directory, as open(2) does; the caller closes it. */
int scratch_open(const char *name, int flags);

/* Deletes NAME from the scratch directory, if it is there. */
void scratch_delete(const char *name);

/* Writes NAME in the scratch directory: SIZE bytes, or a text. */
void scratch_write(const char *name, const void *bytes, size_t size);
void scratch_write_text(const char *name, const char *text);
