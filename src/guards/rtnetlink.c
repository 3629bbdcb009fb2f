/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Lists network interfaces, addresses and routes through rtnetlink(7). */
#include "rtnetlink.h"

#include <errno.h>
#include <linux/net_namespace.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "cleanup.h"

/* The largest datagram that the kernel sends for a list: netlink(7), NLMSG_GOODSIZE. */
#define BUFFER_SIZE ((size_t)32 * 1024)

/* struct tcmsg is the largest that is used */
#define BODY_MAX sizeof(struct tcmsg)

struct list {
        size_t body_size;
        netlink_fn on_message;
        void *userdata;
};

static int send_request(int fd, uint16_t type, uint16_t flags, const void *body, size_t body_size) {
        struct {
                struct nlmsghdr header;
                char body[BODY_MAX];
        } request = {
                .header = {.nlmsg_len = (uint32_t)NLMSG_LENGTH(body_size),
                           .nlmsg_type = type,
                           .nlmsg_flags = NLM_F_REQUEST | flags},
        };

        (void)memcpy(request.body, body, body_size);
        return send(fd, &request, request.header.nlmsg_len, 0) < 0 ? -errno : 0;
}

/* LENGTH is signed: the macros subtract the padded length of an attribute. */
static void sort_attributes(const struct rtattr *attribute, int length,
                            struct netlink_attributes *ret) {
        for (; RTA_OK(attribute, length); attribute = RTA_NEXT(attribute, length)) {
                unsigned type = attribute->rta_type & NLA_TYPE_MASK;

                if (type < NETLINK_N_ATTRIBUTES)
                        ret->by_type[type] = attribute;
        }
}

static int take_message(const struct nlmsghdr *header, const struct list *list) {
        struct netlink_attributes attributes = {};
        const char *body = NLMSG_DATA(header);

        if (header->nlmsg_len < NLMSG_LENGTH(list->body_size))
                return -EBADMSG;
        sort_attributes((const void *)(body + NLMSG_ALIGN(list->body_size)),
                        (int)(header->nlmsg_len - NLMSG_SPACE(list->body_size)), &attributes);
        return list->on_message(body, &attributes, list->userdata);
}

/*
 * Returns 0 if more datagrams follow, 1 at the end, with the result in *ret, or a negative errno.
 */
static int take_datagram(const char *buffer, int size, const struct list *list, int *ret) {
        const struct nlmsghdr *header = (const void *)buffer;

        for (; NLMSG_OK(header, size); header = NLMSG_NEXT(header, size)) {
                if (header->nlmsg_flags & NLM_F_DUMP_INTR)
                        return -EINTR;
                if (header->nlmsg_type == NLMSG_DONE)
                        return 1;
                if (header->nlmsg_type == NLMSG_ERROR) {
                        const struct nlmsgerr *error = NLMSG_DATA(header);

                        return header->nlmsg_len < NLMSG_LENGTH(sizeof(*error)) || error->error >= 0
                                       ? -EBADMSG
                                       : error->error;
                }
                *ret = take_message(header, list);
                if (*ret != 0)
                        return 1;
        }
        return 0;
}

static int receive(int fd, const struct list *list) {
        _uninitialized_ _Alignas(struct nlmsghdr) char buffer[BUFFER_SIZE];
        int r = 0;

        for (;;) {
                ssize_t n = recv(fd, buffer, sizeof(buffer), MSG_TRUNC);
                int end;

                if (n < 0 && errno == EINTR)
                        continue;
                if (n < 0)
                        return -errno;
                if ((size_t)n > sizeof(buffer) || n == 0)
                        return -EBADMSG;
                end = take_datagram(buffer, (int)n, list, &r);
                if (end != 0)
                        return end < 0 ? end : r;
        }
}

int netlink_open(void) {
        int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);

        return fd < 0 ? -errno : fd;
}

/* The body has the size of that of a reply, or else some requests are invalid. It is zero: all. */
int netlink_list_from(int fd, uint16_t type, size_t body_size, netlink_fn on_message,
                      void *userdata) {
        struct list list = {.body_size = body_size, .on_message = on_message, .userdata = userdata};
        int r = send_request(fd, type, NLM_F_DUMP, (const char[BODY_MAX]){}, body_size);

        return r < 0 ? r : receive(fd, &list);
}

int netlink_list(uint16_t type, size_t body_size, netlink_fn on_message, void *userdata) {
        _cleanup_close_ int fd = netlink_open();

        return fd < 0 ? fd : netlink_list_from(fd, type, body_size, on_message, userdata);
}

/* Returns 1: there is one message. */
static int take_id(const void *body, const struct netlink_attributes *attributes, void *userdata) {
        (void)body;
        *(uint32_t *)userdata = netlink_number(attributes, NETNSA_NSID);
        return 1;
}

int netlink_namespace_id(int fd, int namespace_fd, uint32_t *ret) {
        const struct {
                struct rtgenmsg generic;
                _Alignas(NLMSG_ALIGNTO) struct rtattr head;
                uint32_t fd;
        } body = {.head = {.rta_len = RTA_LENGTH(sizeof(body.fd)), .rta_type = NETNSA_FD},
                  .fd = (uint32_t)namespace_fd};
        struct list list = {
                .body_size = sizeof(body.generic), .on_message = take_id, .userdata = ret};
        int r = send_request(fd, RTM_GETNSID, 0, &body, sizeof(body));

        if (r == 0)
                r = receive(fd, &list);
        if (r > 0)
                r = *ret == (uint32_t)NETNSA_NSID_NOT_ASSIGNED ? -ENOENT : 0;
        return r;
}
