/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The place of a line in modprobe.d. */
#include "place.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cleanup.h"
#include "directory.h"
#include "fd.h"
#include "modprobe_scan.h"
#include "text.h"

/* A file of modprobe.d, and its directory. */
struct file {
        char *name;
        const char *directory;
};

struct files {
        struct file *list;
        size_t n;
        const char *directory; /* the one that is being read */
};

static void files_done(struct files *files) {
        for (size_t i = 0; i < files->n; i++)
                free(files->list[i].name);
        free(files->list);
}

static bool files_have(const struct files *files, const char *name) {
        for (size_t i = 0; i < files->n; i++)
                if (strcmp(files->list[i].name, name) == 0)
                        return true;
        return false;
}

static int files_add(int directory_fd, const char *name, void *userdata) {
        struct files *files = userdata;
        struct file *list;
        char *copy;

        (void)directory_fd;
        if (!modprobe_is_configuration(name) || files_have(files, name))
                return 0;
        list = reallocarray(files->list, files->n + 1, sizeof(*list));
        if (!list)
                return -ENOMEM;
        files->list = list;
        copy = strdup(name);
        if (!copy)
                return -ENOMEM;
        list[files->n++] = (struct file){.name = copy, .directory = files->directory};
        return 0;
}

/* Files that cannot be read are skipped. */
static int files_add_directory(struct files *files, const char *directory) {
        _cleanup_close_ int fd = fd_open_directory(AT_FDCWD, directory);

        files->directory = directory;
        return fd >= 0 && directory_read(fd, files_add, files) == -ENOMEM ? -ENOMEM : 0;
}

static int compare_files(const void *a, const void *b) {
        const struct file *one = a, *other = b;

        return strcmp(one->name, other->name);
}

static int files_find(struct files *files, const char *const *directories) {
        int r = 0;

        for (; *directories && r == 0; directories++)
                r = files_add_directory(files, *directories);
        if (r == 0 && files->n > 0)
                qsort(files->list, files->n, sizeof(*files->list), compare_files);
        return r;
}

/* The end of a longer line is ignored: no such line is written by hand. */
#define LINE_SIZE 4096

/*
 * Reads a line, which continues in the next one after a backslash at its end. Other backslashes are
 * dropped, as libkmod's freadline_wrapped() does. *line is the number of the last line read.
 * Returns false at the end of the file.
 */
static bool read_line(FILE *file, char ret[LINE_SIZE], unsigned *line) {
        size_t n = 0;
        int c = getc(file);
        bool any = c != EOF;

        for (; c != EOF && c != '\n'; c = getc(file)) {
                if (c == '\\') {
                        c = getc(file);
                        if (c == '\n') {
                                (*line)++;
                                continue;
                        }
                        if (c == EOF)
                                break;
                }
                if (n + 1 < LINE_SIZE)
                        ret[n++] = (char)c;
        }
        ret[n] = '\0';
        (*line)++;
        return any;
}

/* Returns the first word at *AT, ended by a NUL, and moves *AT past it. */
static char *take_word(char **at) {
        char *word = *at + strspn(*at, "\t ");
        size_t length = strcspn(word, "\t ");

        *at = word + length;
        if (**at)
                *(*at)++ = '\0';
        return word;
}

/* As libkmod, which does not replace a hyphen within brackets: it may be a range */
static void underscore(char *name) {
        for (; *name; name++) {
                if (*name == '[')
                        name += strcspn(name, "]");
                if (!*name)
                        break;
                *name = text_underscored(*name);
        }
}

static int split_line(char *line, struct place *place, place_fn on_place, void *userdata) {
        char *at = line, *argument;

        if (*line == '#')
                return 0;
        place->command = take_word(&at);
        argument = take_word(&at);
        underscore(argument);
        place->argument = argument;
        place->rest = at + strspn(at, "\t ");
        return *place->command ? on_place(place, userdata) : 0;
}

static int read_file(const struct file *file, place_fn on_place, void *userdata) {
        char path[PLACE_SIZE], line[LINE_SIZE];
        unsigned number = 0, first = 1;
        FILE *stream = NULL;
        int r = 0;

        if (snprintf(path, sizeof(path), "%s/%s", file->directory, file->name) < PLACE_SIZE)
                stream = fopen(path, "re");
        if (!stream)
                return 0;
        for (; r == 0 && read_line(stream, line, &number); first = number + 1) {
                struct place place = {};

                (void)snprintf(place.text, sizeof(place.text), "%.480s:%u", path, first);
                r = split_line(line, &place, on_place, userdata);
        }
        (void)fclose(stream);
        return r;
}

int place_each(const char *const *directories, place_fn on_place, void *userdata) {
        _cleanup_(files_done) struct files files = {};
        int r = files_find(&files, directories ? directories : modprobe_system_directories);

        for (size_t i = 0; i < files.n && r == 0; i++)
                r = read_file(&files.list[i], on_place, userdata);
        return r;
}
