/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Lookups in the .bin indexes that depmod(8) writes. */
#include "trie.h"

#include <errno.h>
#include <string.h>

#include "alias.h"
#include "cleanup.h"
#include "fd.h"
#include "name.h"
#include "node.h"
#include "text.h"

#define MAGIC         UINT32_C(0xB007F457)
#define VERSION_MAJOR UINT32_C(2) /* a minor version only adds what an older reader ignores */

/* An index without entries, as depmod writes it: a root that has no part. */
static bool trie_is_empty(const struct trie *trie) {
        return !(trie->root & ~NODE_OFFSET_MASK);
}

static int read_header(struct trie *trie) {
        uint32_t header[TRIE_HEADER_SIZE / sizeof(uint32_t)];
        int r;

        for (uint32_t i = 0; i < TRIE_HEADER_SIZE / sizeof(uint32_t); i++) {
                r = page_cache_read_u32(&trie->cache, i * sizeof(uint32_t), &header[i]);
                if (r < 0)
                        return r;
        }
        if (header[0] != MAGIC || header[1] >> 16 != VERSION_MAJOR)
                return -EBADMSG;
        trie->root = header[2];
        /* Only a file that is only a header can be empty */
        return trie_is_empty(trie) && trie->cache.size > TRIE_HEADER_SIZE ? -EBADMSG : 0;
}

static int trie_begin_reading(struct trie *trie, int fd, struct arena *arena) {
        uint64_t size;
        int r = fd_size(fd, &size);

        if (r < 0)
                return r;
        /* A reference has 28 bits for the offset */
        if (size < TRIE_HEADER_SIZE || size > (uint64_t)NODE_OFFSET_MASK + 1)
                return -EBADMSG;
        page_cache_init(&trie->cache, fd, (uint32_t)size, arena);
        return read_header(trie);
}

int trie_open(int dir_fd, const char *name, struct arena *arena, struct trie *ret) {
        int fd = fd_open_file(dir_fd, name);
        int r = fd < 0 ? fd : trie_begin_reading(ret, fd, arena);

        if (r < 0)
                fd_close(fd);
        return r;
}

void trie_done(struct trie *trie) {
        page_cache_done(&trie->cache);
}

/* A lookup: the alias read so far, and what is called for a match. */
struct walk {
        struct trie *trie;
        const struct modalias *key;
        trie_match_fn on_match;
        void *userdata;
        int64_t bytes_left; /* each byte of the file is read once at most */
        char alias[ALIAS_SIZE];
};

/* Counts SIZE more bytes. If they are too many, the walk came to some of them twice. */
static int walk_spend(struct walk *walk, uint32_t size) {
        walk->bytes_left -= size;
        return walk->bytes_left < 0 ? -EBADMSG : 0;
}

/* The part of an alias that was read. */
struct reached {
        size_t length;
        bool is_glob; /* differs from the key: only the whole alias can be matched */
};

/* Appends a character to the alias. Returns 1, 0 if no alias below can match, or -EBADMSG. */
static int walk_take(struct walk *walk, struct reached *reached, char c) {
        const struct modalias *key = walk->key;

        if (reached->length + 1 >= sizeof(walk->alias))
                return -EBADMSG;
        if (!reached->is_glob && strchr(ALIAS_SPECIAL, c))
                reached->is_glob = true;
        if (!reached->is_glob && c != key->key[reached->length])
                return 0;
        if (!text_is_graph(c))
                return -EBADMSG;
        walk->alias[reached->length++] = c;
        if (key->is_prefix && reached->length == key->length)
                reached->is_glob = true;
        return 1;
}

/* Appends the prefix of NODE. Returns as walk_take(). */
static int walk_prefix(struct walk *walk, struct node *node, struct reached *reached) {
        for (;;) {
                const uint8_t *bytes;
                size_t n;
                int r = page_cache_view(&walk->trie->cache, node->at, &bytes, &n);

                if (r < 0)
                        return r;
                node->at += (uint32_t)n;
                for (size_t i = 0; i < n; i++) {
                        if (!bytes[i]) {
                                node->at -= (uint32_t)(n - i - 1);
                                return 1;
                        }
                        r = walk_spend(walk, 1);
                        if (r < 0)
                                return r;
                        r = walk_take(walk, reached, (char)bytes[i]);
                        if (r <= 0)
                                return r;
                }
        }
}

/* Finds the children and the values of NODE, after its prefix. */
static int walk_parts(struct walk *walk, struct node *node) {
        uint32_t begin = node->at;
        int r = node_find_parts(walk->trie, node);

        return r < 0 ? r : walk_spend(walk, node->values - begin);
}

/* Reports the module at *AT, and moves *AT past it. */
static int walk_value(struct walk *walk, uint32_t *at) {
        char module[NAME_SIZE] = "";
        uint32_t priority, begin = *at;
        int r = page_cache_read_u32(&walk->trie->cache, *at, &priority);

        if (r < 0)
                return r;
        *at += sizeof(priority);
        r = node_read_string(walk->trie, at, module, sizeof(module));
        if (r < 0)
                return r;
        r = walk_spend(walk, *at - begin);
        if (r < 0)
                return r;
        if (!name_is_valid(module, strlen(module)))
                return -EBADMSG;
        return walk->on_match(walk->alias, module, priority, walk->userdata);
}

/* Reports the modules of the alias that ends in NODE, if it matches. */
static int walk_values(struct walk *walk, const struct node *node, size_t length) {
        uint32_t at = node->values, count;
        int r;

        walk->alias[length] = '\0';
        if (!alias_match(walk->alias, walk->key))
                return 0;
        r = page_cache_read_u32(&walk->trie->cache, at, &count);
        if (r < 0)
                return r;
        if (count == 0 || count > (walk->trie->cache.size - at) / VALUE_SIZE_MIN)
                return -EBADMSG;
        at += sizeof(count);
        for (; r >= 0 && count > 0; count--)
                r = walk_value(walk, &at);
        return r;
}

static int walk_node(struct walk *walk, uint32_t reference, uint32_t parent,
                     struct reached reached);

/* Walks the child of NODE under the character C, if it exists. */
static int walk_child(struct walk *walk, const struct node *node, char c, struct reached reached) {
        uint32_t child;
        int r = node_child(walk->trie, node, (uint8_t)c, &child);

        if (r >= 0 && child)
                r = walk_take(walk, &reached, c);
        return r > 0 ? walk_node(walk, child, node->offset, reached) : r;
}

/* Walks all children of NODE. */
static int walk_all(struct walk *walk, const struct node *node, const struct reached *reached) {
        int r = 0;

        for (unsigned c = node->first; c <= node->last && r >= 0; c++)
                r = walk_child(walk, node, (char)c, *reached);
        return r;
}

/* Walks those children of NODE that can match: under the key's next character, or a special one. */
static int walk_children(struct walk *walk, const struct node *node,
                         const struct reached *reached) {
        int r = 0;
        char next;

        if (reached->is_glob)
                return walk_all(walk, node, reached);
        for (const char *special = ALIAS_SPECIAL; *special && r >= 0; special++)
                r = walk_child(walk, node, *special, *reached);
        next = walk->key->key[reached->length];
        if (r < 0 || !next || strchr(ALIAS_SPECIAL, next))
                return r;
        return walk_child(walk, node, next, *reached);
}

/*
 * Walks the node of REFERENCE, a child of the node at PARENT; REACHED is the alias up to there. The
 * depth is bounded by ALIAS_SIZE, because each level adds a character.
 */
static int walk_node(struct walk *walk, uint32_t reference, uint32_t parent,
                     struct reached reached) {
        struct node node;
        int r = node_begin(walk->trie, reference, parent, &node);

        if (r < 0)
                return r;
        if (node.parts & NODE_HAS_PREFIX) {
                r = walk_prefix(walk, &node, &reached);
                if (r <= 0)
                        return r;
        }
        r = walk_parts(walk, &node);
        if (r < 0)
                return r;
        if (node.parts & NODE_HAS_VALUES) {
                r = walk_values(walk, &node, reached.length);
                if (r < 0)
                        return r;
        }
        return node.parts & NODE_HAS_CHILDREN ? walk_children(walk, &node, &reached) : 0;
}

int trie_lookup(struct trie *trie, const struct modalias *key, trie_match_fn on_match,
                void *userdata) {
        _uninitialized_ struct walk walk;

        if (trie_is_empty(trie))
                return 0;
        walk.trie = trie;
        walk.key = key;
        walk.on_match = on_match;
        walk.userdata = userdata;
        walk.bytes_left = trie->cache.size;
        return walk_node(&walk, trie->root, node_root_parent(trie), (struct reached){});
}

/*
 * Moves *KEY past NODE's prefix. Returns 1; or 0 if the prefix differs or is longer than *KEY. If
 * it is longer but does not differ, **KEY is the NUL then.
 */
static int take_prefix(struct trie *trie, struct node *node, const char **key) {
        for (;;) {
                const uint8_t *bytes;
                size_t n;
                int r = page_cache_view(&trie->cache, node->at, &bytes, &n);

                if (r < 0)
                        return r;
                for (size_t i = 0; i < n; i++, (*key)++) {
                        node->at++;
                        if (!bytes[i])
                                return 1;
                        if ((char)bytes[i] != **key)
                                return 0;
                }
        }
}

/*
 * Finds the node of KEY. Returns 1 and *ret, if KEY ends at a node; -ENOENT if no key begins with
 * KEY; or 0 if KEY ends within a prefix, so that only longer keys begin with it.
 */
static int find_node(struct trie *trie, const char *key, struct node *ret) {
        uint32_t reference = trie->root, parent = node_root_parent(trie);
        int r;

        if (trie_is_empty(trie))
                return -ENOENT;
        for (;;) {
                r = node_begin(trie, reference, parent, ret);
                if (r < 0)
                        return r;
                parent = ret->offset;
                r = ret->parts & NODE_HAS_PREFIX ? take_prefix(trie, ret, &key) : 1;
                if (r == 0)
                        return *key ? -ENOENT : 0;
                if (r > 0)
                        r = node_find_parts(trie, ret);
                if (r < 0)
                        return r;
                if (!*key)
                        return 1;
                r = node_child(trie, ret, (uint8_t)*key++, &reference);
                if (r < 0)
                        return r;
                if (!reference)
                        return -ENOENT;
        }
}

int trie_find(struct trie *trie, const char *key, char *ret, size_t size) {
        struct node node;
        uint32_t count, at;
        int r = find_node(trie, key, &node);

        if (r == -ENOENT)
                return 0;
        if (r <= 0 || !(node.parts & NODE_HAS_VALUES))
                return r < 0 ? r : 0;
        if (!ret)
                return 1;
        r = page_cache_read_u32(&trie->cache, node.values, &count);
        if (r < 0)
                return r;
        if (count == 0)
                return -EBADMSG;
        at = node.values + (uint32_t)(sizeof(count) + sizeof(uint32_t)); /* past the priority */
        r = node_read_string(trie, &at, ret, size);
        return r < 0 ? r : 1;
}
