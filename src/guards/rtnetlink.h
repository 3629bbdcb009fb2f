/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Lists network interfaces, addresses and routes through rtnetlink(7). */
#pragma once

#include <errno.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <stddef.h>
#include <stdint.h>

/* The attributes of a message, by their type; NULL if missing. */
#define NETLINK_N_ATTRIBUTES 64

struct netlink_attributes {
        const struct rtattr *by_type[NETLINK_N_ATTRIBUTES];
};

/*
 * Called for each message, with its body, which has at least the requested size, and its
 * attributes. A non-zero return value stops the iteration.
 */
typedef int (*netlink_fn)(const void *body, const struct netlink_attributes *attributes,
                          void *userdata);

/*
 * Sends the request TYPE (RTM_GETLINK, _GETADDR, _GETROUTE, _GETNEXTHOP, _GETQDISC), and calls
 * ON_MESSAGE for each message of the reply, whose body must have at least BODY_SIZE bytes. Returns
 * 0, the first non-zero value of ON_MESSAGE, -EINTR if what it lists changed in the meantime, so
 * that an entry may be missing, or another negative errno.
 */
int netlink_list(uint16_t type, size_t body_size, netlink_fn on_message, void *userdata);

/* Returns a socket of the network namespace of the calling thread, or a negative errno. */
int netlink_open(void);

/* netlink_list() with this socket. */
int netlink_list_from(int fd, uint16_t type, size_t body_size, netlink_fn on_message,
                      void *userdata);

/*
 * *ret: the number by which the namespace of the socket FD refers to the namespace NAMESPACE_FD, as
 * in IFLA_LINK_NETNSID. Returns 0, -ENOENT if it does not refer to it, or a negative errno.
 */
int netlink_namespace_id(int fd, int namespace_fd, uint32_t *ret);

/* A host that starts containers changes its interfaces all the time. */
#define NETLINK_TRIES 20

/* Returns what READ returns; calls it again while that is -EINTR, and returns -EAGAIN in the end.
 */
static inline int netlink_retry(int (*read)(void *userdata), void *userdata) {
        int r = -EINTR;

        for (unsigned i = 0; r == -EINTR && i < NETLINK_TRIES; i++)
                r = read(userdata);
        return r == -EINTR ? -EAGAIN : r;
}

/* Returns the attribute TYPE if it has at least SIZE bytes, else NULL. */
static inline const void *netlink_bytes(const struct netlink_attributes *attributes, unsigned type,
                                        size_t size) {
        const struct rtattr *attribute = attributes->by_type[type];

        return attribute && RTA_PAYLOAD(attribute) >= size ? RTA_DATA(attribute) : NULL;
}

/*
 * Returns the attribute INNER inside the attribute TYPE if it has at least SIZE bytes, else NULL.
 */
const void *netlink_nested(const struct netlink_attributes *attributes, unsigned type,
                           unsigned inner, size_t size);

/* Returns the attribute TYPE as a number of 32 bits, 0 if it is missing. */
static inline uint32_t netlink_number(const struct netlink_attributes *attributes, unsigned type) {
        const void *bytes = netlink_bytes(attributes, type, sizeof(uint32_t));
        uint32_t number = 0;

        if (bytes)
                __builtin_memcpy(&number, bytes, sizeof(number));
        return number;
}
