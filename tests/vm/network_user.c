/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Uses a network interface: network-user HOW INTERFACE. HOW is
 *
 * packet  opens a packet socket, as a DHCP client does, and waits for a signal
 * pppoe   opens a PPPoE session whose other end does not answer, and waits for a signal
 * xdp     attaches an XDP program that passes all packets
 * no-xdp  detaches it
 * next-hop, no-next-hop  adds and removes a next hop object with the id 7
 * clsact, no-clsact      adds and removes a qdisc for tc programs
 *
 * Static: the guest has another C library.
 */
#include <net/if.h> /* first: linux/if.h yields to it */

#include <arpa/inet.h>
#include <errno.h>
#include <linux/bpf.h>
#include <linux/if_link.h>
#include <linux/if_packet.h>
#include <linux/if_pppox.h>
#include <linux/nexthop.h>
#include <linux/pkt_sched.h>
#include <linux/rtnetlink.h>
#include <net/ethernet.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

static int complain(const char *what) {
        (void)fprintf(stderr, "%s: %s\n", what, strerror(errno));
        return 1;
}

static int open_packet(const char *interface) {
        struct sockaddr_ll address = {.sll_family = AF_PACKET,
                                      .sll_protocol = htons(ETH_P_ALL),
                                      .sll_ifindex = (int)if_nametoindex(interface)};
        int fd = socket(AF_PACKET, SOCK_RAW, htons(ETH_P_ALL));

        if (fd < 0 || bind(fd, (const struct sockaddr *)&address, sizeof(address)) < 0)
                return complain("packet socket");
        return pause() < 0;
}

static int open_pppoe(const char *interface) {
        struct sockaddr_pppox address = {.sa_family = AF_PPPOX, .sa_protocol = PX_PROTO_OE};
        int fd = socket(AF_PPPOX, SOCK_STREAM, PX_PROTO_OE);

        address.sa_addr.pppoe.sid = htons(1);
        (void)memset(address.sa_addr.pppoe.remote, 2, sizeof(address.sa_addr.pppoe.remote));
        (void)snprintf(address.sa_addr.pppoe.dev, sizeof(address.sa_addr.pppoe.dev), "%s",
                       interface);
        if (fd < 0 || connect(fd, (const struct sockaddr *)&address, sizeof(address)) < 0)
                return complain("PPPoE socket");
        return pause() < 0;
}

/* Returns a descriptor. */
static int load_program(void) {
        const struct bpf_insn program[] = {
                {.code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = BPF_REG_0, .imm = XDP_PASS},
                {.code = BPF_JMP | BPF_EXIT},
        };
        union bpf_attr attributes;

        (void)memset(&attributes, 0, sizeof(attributes));
        attributes.prog_type = BPF_PROG_TYPE_XDP;
        attributes.insns = (uintptr_t)program;
        attributes.insn_cnt = sizeof(program) / sizeof(program[0]);
        attributes.license = (uintptr_t) "GPL";
        return (int)syscall(SYS_bpf, BPF_PROG_LOAD, &attributes, sizeof(attributes));
}

/* Sends a request, and waits for the acknowledgement. */
static int exchange(const struct nlmsghdr *request, const char *what) {
        struct {
                struct nlmsghdr header;
                struct nlmsgerr error;
                char rest[1024];
        } answer;
        int fd = socket(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE);

        if (fd < 0 || send(fd, request, request->nlmsg_len, 0) < 0 ||
            recv(fd, &answer, sizeof(answer), 0) < 0)
                return complain("rtnetlink");
        errno = -answer.error.error;
        return errno ? complain(what) : 0;
}

/* PROGRAM: a descriptor, or -1 to detach. */
static int set_xdp(const char *interface, int program) {
        struct {
                struct nlmsghdr header;
                struct ifinfomsg body;
                struct rtattr xdp;
                struct rtattr fd_head;
                int fd;
                struct rtattr flags_head;
                unsigned flags;
        } request = {
                .header = {.nlmsg_len = sizeof(request),
                           .nlmsg_type = RTM_SETLINK,
                           .nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK},
                .body = {.ifi_index = (int)if_nametoindex(interface)},
                .xdp = {.rta_len = RTA_LENGTH(2 * RTA_SPACE(sizeof(int))),
                        .rta_type = IFLA_XDP | NLA_F_NESTED},
                .fd_head = {.rta_len = RTA_LENGTH(sizeof(int)), .rta_type = IFLA_XDP_FD},
                .fd = program,
                .flags_head = {.rta_len = RTA_LENGTH(sizeof(int)), .rta_type = IFLA_XDP_FLAGS},
                .flags = XDP_FLAGS_SKB_MODE,
        };

        return exchange(&request.header, "IFLA_XDP");
}

/* COMMAND: RTM_NEWNEXTHOP or RTM_DELNEXTHOP. */
static int set_next_hop(const char *interface, uint16_t command) {
        struct {
                struct nlmsghdr header;
                struct nhmsg body;
                struct rtattr id_head;
                uint32_t id;
                struct rtattr interface_head;
                uint32_t interface;
        } request = {
                .header = {.nlmsg_len = sizeof(request),
                           .nlmsg_type = command,
                           .nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK},
                .body = {.nh_family = AF_INET},
                .id_head = {.rta_len = RTA_LENGTH(sizeof(uint32_t)), .rta_type = NHA_ID},
                .id = 7,
                .interface_head = {.rta_len = RTA_LENGTH(sizeof(uint32_t)), .rta_type = NHA_OIF},
                .interface = if_nametoindex(interface),
        };

        if (command == RTM_NEWNEXTHOP)
                request.header.nlmsg_flags |= NLM_F_CREATE;
        else
                request.header.nlmsg_len -= (uint32_t)RTA_SPACE(sizeof(uint32_t));
        return exchange(&request.header, "next hop");
}

/* COMMAND: RTM_NEWQDISC or RTM_DELQDISC. */
static int set_clsact(const char *interface, uint16_t command) {
        struct {
                struct nlmsghdr header;
                struct tcmsg body;
                struct rtattr kind_head;
                char kind[8];
        } request = {
                .header = {.nlmsg_len = sizeof(request),
                           .nlmsg_type = command,
                           .nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK},
                .body = {.tcm_ifindex = (int)if_nametoindex(interface),
                         .tcm_handle = TC_H_MAKE(TC_H_CLSACT, 0),
                         .tcm_parent = TC_H_CLSACT},
                .kind_head = {.rta_len = RTA_LENGTH(sizeof("clsact")), .rta_type = TCA_KIND},
                .kind = "clsact",
        };

        if (command == RTM_NEWQDISC)
                request.header.nlmsg_flags |= NLM_F_CREATE | NLM_F_EXCL;
        return exchange(&request.header, "clsact");
}

static int attach_xdp(const char *interface) {
        int program = load_program();

        return program < 0 ? complain("BPF_PROG_LOAD") : set_xdp(interface, program);
}

int main(int argc, char **argv) {
        const char *how = argc == 3 ? argv[1] : "";

        if (strcmp(how, "packet") == 0)
                return open_packet(argv[2]);
        if (strcmp(how, "pppoe") == 0)
                return open_pppoe(argv[2]);
        if (strcmp(how, "xdp") == 0)
                return attach_xdp(argv[2]);
        if (strcmp(how, "no-xdp") == 0)
                return set_xdp(argv[2], -1);
        if (strcmp(how, "next-hop") == 0)
                return set_next_hop(argv[2], RTM_NEWNEXTHOP);
        if (strcmp(how, "no-next-hop") == 0)
                return set_next_hop(argv[2], RTM_DELNEXTHOP);
        if (strcmp(how, "clsact") == 0)
                return set_clsact(argv[2], RTM_NEWQDISC);
        if (strcmp(how, "no-clsact") == 0)
                return set_clsact(argv[2], RTM_DELQDISC);
        (void)fprintf(stderr, "usage: network-user HOW INTERFACE\n");
        return 2;
}
