/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * scan FILE MODALIAS: looks a PCI device up in the text modules.alias by the method of libvirt: the
 * whole file is read, each line that is a PCI alias of VFIO is taken apart field by field, and the
 * one with the fewest wildcards wins. Our own code, and only to be measured.
 */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define PREFIX "alias vfio_pci:"

/* The names of the fields in the order of the alias, each in front of its value. */
static const char *const names[] = {"v", "d", "sv", "sd", "bc", "sc", "i"};

#define N_FIELDS (sizeof(names) / sizeof(names[0]))

struct field {
        const char *text;
        size_t length;
};

/* Parses the text after "pci:". Returns its end, or NULL if it has another form. */
static const char *parse(const char *text, struct field *fields) {
        for (size_t i = 0; i < N_FIELDS; i++) {
                size_t n = strlen(names[i]);

                if (strncmp(text, names[i], n) != 0)
                        return NULL;
                fields[i].text = text += n;
                text += strspn(text, "0123456789ABCDEF*");
                fields[i].length = (size_t)(text - fields[i].text);
        }
        return text;
}

static bool is_any(const struct field *field) {
        return field->length == 1 && field->text[0] == '*';
}

/* The number of wildcards in ALIAS where it matches DEVICE; -1 where it doesn't. */
static int match(const struct field *alias, const struct field *device) {
        int wildcards = 0;

        for (size_t i = 0; i < N_FIELDS; i++) {
                if (is_any(&alias[i]))
                        wildcards++;
                else if (alias[i].length != device[i].length ||
                         memcmp(alias[i].text, device[i].text, device[i].length) != 0)
                        return -1;
        }
        return wildcards;
}

static char *read_all(const char *path) {
        FILE *file = fopen(path, "re");
        struct stat st;
        char *text;

        if (!file || fstat(fileno(file), &st) < 0)
                return NULL;
        text = malloc((size_t)st.st_size + 1);
        if (text)
                text[fread(text, 1, (size_t)st.st_size, file)] = '\0';
        (void)fclose(file);
        return text;
}

/* Prints the module of the line in TEXT that fits best. */
static void scan(const char *text, const struct field *device) {
        struct field alias[N_FIELDS];
        const char *best = NULL;
        int fewest = (int)N_FIELDS + 1;

        for (const char *line = text; line && *line; line = strchr(line, '\n')) {
                const char *end;
                int wildcards;

                line += *line == '\n';
                if (strncmp(line, PREFIX, strlen(PREFIX)) != 0)
                        continue;
                end = parse(line + strlen(PREFIX), alias);
                wildcards = end ? match(alias, device) : -1;
                if (wildcards >= 0 && wildcards < fewest) {
                        fewest = wildcards;
                        best = end + strspn(end, " ");
                }
        }
        if (best)
                printf("%.*s\n", (int)strcspn(best, "\n"), best);
}

int main(int argc, char **argv) {
        struct field device[N_FIELDS];
        char *text;

        if (argc != 3 || strncmp(argv[2], "pci:", 4) != 0 || !parse(argv[2] + 4, device))
                return EXIT_FAILURE;
        text = read_all(argv[1]);
        if (!text)
                return EXIT_FAILURE;
        scan(text, device);
        free(text);
        return EXIT_SUCCESS;
}
