/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the unit tests share: temporary directories, and the run of a suite. */
#pragma once

#include <check.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/resource.h>

#define N_ROWS(rows) ((int)(sizeof(rows) / sizeof((rows)[0])))

/* In a test over the rows of a table: CONDITION, or say which row is wrong and what it is about. */
#define assert_row(condition, row) ck_assert_msg(condition, "row %d: %s", _i, (row)->why)

/* As assert_row(), for very many calls: Check records each of its assertions in a file. */
#define assert_often(condition, ...)                                                               \
        do {                                                                                       \
                if (!(condition))                                                                  \
                        ck_abort_msg(__VA_ARGS__);                                                 \
        } while (0)

/* The tests of one subject. */
struct unit_case {
        const char *name;
        void (*add)(TCase *tcase);
};

/* Runs CASES, which end in a NULL name, as the suite ROOM. Returns the exit status. */
int unit_run(const char *room, const struct unit_case *cases);

struct temp_directory {
        int fd;
        char path[128];
};

/* Makes a directory. It goes, with all that is in it, when the suite has run, failed or not. */
struct temp_directory temp_directory_new(void);

/* Writes the file NAME in DIRECTORY. */
void temp_file(const struct temp_directory *directory, const char *name, const char *text);
void temp_file_bytes(const struct temp_directory *directory, const char *name, const void *bytes,
                     size_t n);

bool is_open(int fd);

/* N characters, of a string that ends with its block. */
char *repeated(char *ret, char character, size_t n);

/* Adds TEXT and ";" to USERDATA, a char[JOINED_SIZE]. Returns 0, as what is called for each wants.
 */
#define JOINED_SIZE 256
int join_text(const char *text, void *userdata);

/* Whether WHAT, which was filled with '#', is so still. */
bool is_untouched(const void *what, size_t size);

/* Has malloc(3), calloc(3) and mmap(2) fail until memory_is_back(), also for an assertion of Check.
 */
void memory_is_short(void);
void memory_is_back(void);

/* Has mmap(2) fail in libraries, too, until mappings_work(): none can be loaded. */
void mappings_fail(void);
void mappings_work(void);

/* Uses up all file descriptors. Returns the limit to restore. */
struct rlimit no_descriptors_left(void);

/* A number that looks random and is the same in each run; *STATE is any, and changes. */
unsigned next_random(unsigned *state, unsigned below);
