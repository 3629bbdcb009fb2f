/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* An attribute inside an attribute of an rtnetlink(7) message. */
#include "rtnetlink.h"

const void *netlink_nested(const struct netlink_attributes *attributes, unsigned type,
                           unsigned inner, size_t size) {
        const struct rtattr *outer = attributes->by_type[type], *attribute;
        int left = outer ? (int)RTA_PAYLOAD(outer) : 0;

        if (!outer)
                return NULL;
        for (attribute = RTA_DATA(outer); RTA_OK(attribute, left);
             attribute = RTA_NEXT(attribute, left))
                if ((attribute->rta_type & NLA_TYPE_MASK) == inner)
                        return RTA_PAYLOAD(attribute) >= size ? RTA_DATA(attribute) : NULL;
        return NULL;
}
