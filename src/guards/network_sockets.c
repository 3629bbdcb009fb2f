/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Network guard: PPPoE sessions and packet sockets, as /proc/net lists them. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cleanup.h"
#include "guard.h"
#include "network.h"
#include "text.h"

/* A file of /proc/net: a heading, and a line for each socket. */
struct table {
        const char *path;
        unsigned column; /* the field that names the interface, from 0 */
        bool has_index;  /* it is the index of the interface, not its name */
        const char *what;
};

/* Source: pppoe_seq_show() of the kernel's drivers/net/ppp/pppoe.c */
static const struct table pppoe = {"/proc/net/pppoe", 2, false, " carries a PPPoE session"};

/* Source: packet_seq_show() of the kernel's net/packet/af_packet.c. A socket for all interfaces has
 * the index 0. */
static const struct table packet = {"/proc/net/packet", 4, true,
                                    ": a process has a packet socket on it"};

static void close_file(FILE **file) {
        if (*file)
                (void)fclose(*file);
}

/* Returns field COLUMN of LINE, which is modified; NULL if it has fewer. */
static const char *take_word(char *line, unsigned column) {
        char *rest = NULL, *word = strtok_r(line, " \n", &rest);

        for (; word && column > 0; column--)
                word = strtok_r(NULL, " \n", &rest);
        return word;
}

static bool is_named(const struct interface *interface, const struct table *table,
                     const char *word) {
        char index[sizeof("4294967295")];

        (void)snprintf(index, sizeof(index), "%u", interface->index);
        return streq(word, table->has_index ? index : interface->name);
}

static int check_line(char *line, const struct table *table, const struct interface *interface,
                      struct finding *ret) {
        const char *word = take_word(line, table->column);

        for (; interface && word; interface = interface->next)
                if (interface->affected && is_named(interface, table, word))
                        return network_report(interface, table->what, "", ret);
        return 0;
}

static int check_table(const struct table *table, const struct interface *interfaces,
                       struct finding *ret) {
        _cleanup_(close_file) FILE *file = fopen(table->path, "re");
        _cleanup_free_ char *line = NULL;
        size_t size = 0;
        int r = 0;

        if (!file)
                return errno == ENOENT ? 0 : -errno; /* the kernel does not support such sockets */
        for (bool is_heading = true; r == 0 && getline(&line, &size, file) >= 0; is_heading = false)
                if (!is_heading)
                        r = check_line(line, table, interfaces, ret);
        return ferror(file) ? -EIO : r;
}

int network_check_pppoe(const struct interface *interfaces, struct finding *ret) {
        return check_table(&pppoe, interfaces, ret);
}

int network_check_packet_socket(const struct interface *interfaces, struct finding *ret) {
        return check_table(&packet, interfaces, ret);
}
