/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Indexes made by hand: node by node, in either order of kmod, at any offset. */
#include "bin.h"

#include <string.h>

void bin_u8(struct bin *bin, uint8_t value) {
        assert_often(bin->size < BIN_SIZE_MAX, "too large an index for a test");
        bin->bytes[bin->size++] = value;
}

void bin_u32(struct bin *bin, uint32_t value) {
        for (int shift = 24; shift >= 0; shift -= 8)
                bin_u8(bin, (uint8_t)(value >> shift));
}

void bin_text(struct bin *bin, const char *text) {
        do
                bin_u8(bin, (uint8_t)*text);
        while (*text++);
}

void bin_set_u32(struct bin *bin, uint32_t offset, uint32_t value) {
        uint32_t size = bin->size;

        bin->size = offset;
        bin_u32(bin, value);
        bin->size = size;
}

void bin_pad(struct bin *bin, uint32_t offset) {
        assert_often(bin->size <= offset && offset <= BIN_SIZE_MAX, "no room for that");
        memset(bin->bytes + bin->size, 0xa5, offset - bin->size);
        bin->size = offset;
}

void bin_begin(struct bin *bin) {
        bin->size = 0;
        bin_u32(bin, 0xB007F457);
        bin_u32(bin, 0x00020001);
        bin_u32(bin, 0);
}

void bin_root(struct bin *bin, uint32_t reference) {
        bin_set_u32(bin, 8, reference);
}

static uint32_t parts(const struct bin_node *node) {
        return (node->prefix ? NODE_HAS_PREFIX : 0) | (node->characters ? NODE_HAS_CHILDREN : 0) |
               (node->values[0].module ? NODE_HAS_VALUES : 0);
}

static void write_values(struct bin *bin, const struct bin_node *node) {
        uint32_t n = 0;

        while (node->values[n].module)
                n++;
        if (n > 0)
                bin_u32(bin, n);
        for (uint32_t i = 0; i < n; i++) {
                bin_u32(bin, node->values[i].priority);
                bin_text(bin, node->values[i].module);
        }
}

/* Returns the offset of its table of references, which are still 0. */
static uint32_t write_parts(struct bin *bin, const struct bin_node *node) {
        uint32_t table = 0;

        if (node->prefix)
                bin_text(bin, node->prefix);
        if (node->characters) {
                char first = node->characters[0],
                     last = node->characters[strlen(node->characters) - 1];

                bin_u8(bin, (uint8_t)first);
                bin_u8(bin, (uint8_t)last);
                table = bin->size;
                for (char c = first; c <= last; c++)
                        bin_u32(bin, 0);
        }
        write_values(bin, node);
        return table;
}

static void put_child(struct bin *bin, const struct bin_node *node, uint32_t table, size_t i,
                      uint32_t reference) {
        bin_set_u32(bin, table + (uint32_t)(node->characters[i] - node->characters[0]) * 4,
                    reference);
}

/* Writes NODE and all below it. Returns its reference. */
static uint32_t write_node(struct bin *bin, const struct bin_node *node, enum bin_order order,
                           uint32_t pad) {
        size_t n = node->characters ? strlen(node->characters) : 0;
        uint32_t references[6] = {}, offset = bin->size, table = 0;

        if (order == BIN_PREORDER)
                table = write_parts(bin, node);
        for (size_t i = 0; i < n; i++) {
                bin_pad(bin, bin->size + pad);
                if (node->children[i])
                        references[i] = write_node(bin, node->children[i], order, pad);
        }
        if (order == BIN_POSTORDER) {
                bin_pad(bin, bin->size + pad);
                offset = bin->size;
                table = write_parts(bin, node);
        }
        for (size_t i = 0; i < n; i++)
                put_child(bin, node, table, i, references[i]);
        return offset | parts(node);
}

void bin_write(struct bin *bin, const struct bin_node *root, enum bin_order order, uint32_t pad) {
        bin_begin(bin);
        bin_root(bin, write_node(bin, root, order, pad));
}

void bin_save(const struct bin *bin, const struct temp_directory *directory, const char *name) {
        temp_file_bytes(directory, name, bin->bytes, bin->size);
}
