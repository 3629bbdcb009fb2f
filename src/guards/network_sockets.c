/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Network guard: PPPoE sessions and packet sockets, as /proc/net lists them. */
#include <stdio.h>

#include "network.h"
#include "text.h"

/* A file of /proc/net: a heading, and a line for each socket. */
struct table {
        const char *path;
        unsigned column; /* the field that names the interface, from 0 */
        bool has_index;  /* it is the index of the interface, not its name */
        const char *what;
};

static const struct table tables[] = {
        /* Source: pppoe_seq_show() of the kernel's drivers/net/ppp/pppoe.c */
        {"/proc/net/pppoe", 2, false, " carries a PPPoE session"},
        /* Source: packet_seq_show() of the kernel's net/packet/af_packet.c. A socket for all
         * interfaces has the index 0. */
        {"/proc/net/packet", 4, true, ": a process has a packet socket on it"},
};

struct socket_search {
        const struct table *table;
        const struct interface *interfaces;
        struct finding *finding;
        bool is_past_heading;
};

static bool is_named(const struct interface *interface, const struct table *table, const char *word,
                     size_t length) {
        char index[sizeof("4294967295")];

        (void)snprintf(index, sizeof(index), "%u", interface->index);
        return text_is(word, length, table->has_index ? index : interface->name);
}

static int check_line(const char *line, size_t length, void *userdata) {
        struct socket_search *search = userdata;
        const char *word;
        size_t n = 0;

        if (!search->is_past_heading) {
                search->is_past_heading = true;
                return 0;
        }
        for (unsigned i = 0; i <= search->table->column; i++)
                n = text_next_word(&line, &length, &word);
        for (const struct interface *interface = search->interfaces; interface;
             interface = interface->next)
                if (is_named(interface, search->table, word, n))
                        return network_report(interface, search->table->what, "", search->finding);
        return 0;
}

int network_check_sockets(struct snapshot *snapshot, const struct interface *interfaces,
                          struct finding *ret) {
        int r = 0;

        for (size_t i = 0; r == 0 && i < sizeof(tables) / sizeof(tables[0]); i++) {
                struct socket_search search = {
                        .table = &tables[i], .interfaces = interfaces, .finding = ret};

                r = snapshot_each_line(snapshot, tables[i].path, check_line, &search);
        }
        return r;
}
