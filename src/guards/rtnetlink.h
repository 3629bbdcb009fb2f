/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the kernel knows of network interfaces, asked by rtnetlink(7). */
#pragma once

#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <stddef.h>
#include <stdint.h>

/* Attributes of one message, by their type; NULL for each that it has not. */
#define NETLINK_N_ATTRIBUTES 64

struct netlink_attributes {
        const struct rtattr *by_type[NETLINK_N_ATTRIBUTES];
};

/*
 * Called for each message, with its body, which is at least as long as was asked for, and its
 * attributes. What is not 0 ends it.
 */
typedef int (*netlink_fn)(const void *body, const struct netlink_attributes *attributes,
                          void *userdata);

/*
 * Asks for all that the request TYPE (RTM_GETLINK, _GETADDR, _GETROUTE) lists, whose bodies have at
 * least BODY_SIZE bytes. Returns 0, ON_MESSAGE's, or a negative errno.
 */
int netlink_list(uint16_t type, size_t body_size, netlink_fn on_message, void *userdata);

/* The attribute TYPE, if it has SIZE bytes at least; else NULL. */
static inline const void *netlink_bytes(const struct netlink_attributes *attributes, unsigned type,
                                        size_t size) {
        const struct rtattr *attribute = attributes->by_type[type];

        return attribute && RTA_PAYLOAD(attribute) >= size ? RTA_DATA(attribute) : NULL;
}

/* The attribute INNER inside the attribute TYPE, if it has SIZE bytes at least; else NULL. */
const void *netlink_nested(const struct netlink_attributes *attributes, unsigned type,
                           unsigned inner, size_t size);

/* The attribute TYPE as a number of 32 bits, 0 where there is none. */
static inline uint32_t netlink_number(const struct netlink_attributes *attributes, unsigned type) {
        const void *bytes = netlink_bytes(attributes, type, sizeof(uint32_t));
        uint32_t number = 0;

        if (bytes)
                __builtin_memcpy(&number, bytes, sizeof(number));
        return number;
}
