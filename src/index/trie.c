/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Look-ups in the .bin indexes that depmod(8) writes. */
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
#define VERSION_MAJOR UINT32_C(2) /* the minor version only adds what an older reader can skip */

/* depmod's index of nothing: a root without any part. */
static bool trie_is_empty(const struct trie *trie) {
        return !(trie->root & ~NODE_OFFSET_MASK);
}

static int read_header(struct trie *trie) {
        uint32_t header[TRIE_HEADER_SIZE / sizeof(uint32_t)];
        int r;

        for (uint32_t i = 0; i < TRIE_HEADER_SIZE / sizeof(uint32_t); i++) {
                r = blocks_read_u32(&trie->blocks, i * sizeof(uint32_t), &header[i]);
                if (r < 0)
                        return r;
        }
        if (header[0] != MAGIC || header[1] >> 16 != VERSION_MAJOR)
                return -EBADMSG;
        trie->root = header[2];
        /* Only a file that is nothing but a header has nothing in it */
        return trie_is_empty(trie) && trie->blocks.size > TRIE_HEADER_SIZE ? -EBADMSG : 0;
}

static int trie_begin_reading(struct trie *trie, int fd, struct arena *arena) {
        uint64_t size;
        int r = fd_size(fd, &size);

        if (r < 0)
                return r;
        /* A reference has 28 bits for the offset */
        if (size < TRIE_HEADER_SIZE || size > (uint64_t)NODE_OFFSET_MASK + 1)
                return -EBADMSG;
        blocks_init(&trie->blocks, fd, (uint32_t)size, arena);
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
        blocks_done(&trie->blocks);
}

/* A look-up under way: the letters so far, and what to do with a match. */
struct walk {
        struct trie *trie;
        const struct modalias *key;
        trie_match_fn on_match;
        void *userdata;
        int64_t bytes_left; /* of the file: a walk comes to each of them once at most */
        char alias[ALIAS_SIZE];
};

/* Notes that SIZE more bytes were walked over; where that is too many, some were so twice. */
static int walk_spend(struct walk *walk, uint32_t size) {
        walk->bytes_left -= size;
        return walk->bytes_left < 0 ? -EBADMSG : 0;
}

/* Takes one more letter, the alias's one at *LENGTH. Returns 1; 0 where nothing can match any more.
 */
static int walk_take(struct walk *walk, struct alias_matcher *matcher, size_t *length, uint8_t c) {
        if (*length + 1 >= sizeof(walk->alias))
                return -EBADMSG;
        /* Elsewhere only what is in the key can match, and that was checked */
        if ((matcher->in_set || walk->key->is_begin) && !text_is_graph((char)c))
                return -EBADMSG;
        walk->alias[*length] = (char)c;
        if (!alias_take(matcher, walk->key, walk->alias, *length))
                return 0;
        (*length)++;
        return 1;
}

/* Takes the prefix of NODE. Returns as walk_take(). */
static int walk_prefix(struct walk *walk, struct node *node, struct alias_matcher *matcher,
                       size_t *length) {
        for (;;) {
                const uint8_t *bytes;
                size_t n;
                int r = blocks_view(&walk->trie->blocks, node->at, &bytes, &n);

                if (r < 0)
                        return r;
                node->at += (uint32_t)n;
                for (size_t i = 0; i < n; i++) {
                        if (!bytes[i]) {
                                node->at -= (uint32_t)(n - i - 1);
                                return 1;
                        }
                        r = walk_spend(walk, 1);
                        if (r >= 0)
                                r = walk_take(walk, matcher, length, bytes[i]);
                        if (r <= 0)
                                return r;
                }
        }
}

/* Finds the children and the values of NODE, whose prefix was taken. */
static int walk_parts(struct walk *walk, struct node *node) {
        uint32_t begin = node->at;
        int r = node_find_parts(walk->trie, node);

        return r < 0 ? r : walk_spend(walk, node->values - begin);
}

/* Reports the module at *AT, and moves *AT behind it. */
static int walk_value(struct walk *walk, uint32_t *at) {
        char module[NAME_SIZE] = "";
        uint32_t priority, begin = *at;
        int r = blocks_read_u32(&walk->trie->blocks, *at, &priority);

        if (r < 0)
                return r;
        *at += sizeof(priority);
        r = node_read_string(walk->trie, at, module, sizeof(module));
        if (r >= 0)
                r = walk_spend(walk, *at - begin);
        if (r < 0)
                return r;
        if (!name_is_valid(module, strlen(module)))
                return -EBADMSG;
        return walk->on_match(walk->alias, module, priority, walk->userdata);
}

/* Reports the modules of the alias that ends in NODE. */
static int walk_values(struct walk *walk, const struct node *node, size_t length) {
        uint32_t at = node->values, count;
        int r = blocks_read_u32(&walk->trie->blocks, at, &count);

        if (r < 0)
                return r;
        if (count == 0 || count > (walk->trie->blocks.size - at) / VALUE_SIZE_MIN)
                return -EBADMSG;
        at += sizeof(count);
        walk->alias[length] = '\0';
        for (; r >= 0 && count > 0; count--)
                r = walk_value(walk, &at);
        return r;
}

static int walk_node(struct walk *walk, uint32_t reference, uint32_t parent,
                     struct alias_matcher matcher, size_t length);

/* Goes on with the child of NODE under LETTER, if there is one. */
static int walk_child(struct walk *walk, const struct node *node, uint8_t letter,
                      const struct alias_matcher *matcher, size_t length) {
        struct alias_matcher taken;
        uint32_t child;
        int r = node_child(walk->trie, node, letter, &child);

        if (r < 0 || !child)
                return r;
        taken = *matcher;
        r = walk_take(walk, &taken, &length, letter);
        return r > 0 ? walk_node(walk, child, node->offset, taken, length) : r;
}

/* The bits of LETTERS, of WORD 0 or 1, that are from the first to the last child of NODE. */
static uint64_t letters_of_node(const struct node *node, size_t word, uint64_t letters) {
        size_t begin = word * 64, end = begin + 63;

        if (node->last < begin || node->first > end)
                return 0;
        if (node->first > begin)
                letters &= UINT64_MAX << (node->first - begin);
        if (node->last < end)
                letters &= UINT64_MAX >> (end - node->last);
        return letters;
}

/* Goes on with each child whose letter can come next. */
static int walk_children(struct walk *walk, const struct node *node,
                         const struct alias_matcher *matcher, size_t length) {
        uint64_t next[2] = {};

        alias_next(matcher, walk->key, next);
        for (size_t i = 0; i < 2; i++)
                for (uint64_t bits = letters_of_node(node, i, next[i]); bits; bits &= bits - 1) {
                        uint8_t letter = (uint8_t)(i * 64 + (size_t)__builtin_ctzll(bits));
                        int r = walk_child(walk, node, letter, matcher, length);

                        if (r < 0)
                                return r;
                }
        return 0;
}

/*
 * Walks the node that REFERENCE names, a child of the one at PARENT; MATCHER has taken the LENGTH
 * letters before it. The depth is bounded by ALIAS_SIZE, each child being one more letter.
 */
static int walk_node(struct walk *walk, uint32_t reference, uint32_t parent,
                     struct alias_matcher matcher, size_t length) {
        struct node node;
        int r = node_begin(walk->trie, reference, parent, &node);

        if (r < 0)
                return r;
        if (node.parts & NODE_HAS_PREFIX) {
                r = walk_prefix(walk, &node, &matcher, &length);
                if (r <= 0)
                        return r;
        }
        r = walk_parts(walk, &node);
        if (r < 0)
                return r;
        if (node.parts & NODE_HAS_VALUES && alias_is_match(&matcher, walk->key)) {
                r = walk_values(walk, &node, length);
                if (r < 0)
                        return r;
        }
        return node.parts & NODE_HAS_CHILDREN ? walk_children(walk, &node, &matcher, length) : 0;
}

int trie_lookup(struct trie *trie, const struct modalias *key, trie_match_fn on_match,
                void *userdata) {
        _uninitialized_ struct walk walk;
        struct alias_matcher matcher;

        if (trie_is_empty(trie))
                return 0;
        walk.trie = trie;
        walk.key = key;
        walk.on_match = on_match;
        walk.userdata = userdata;
        walk.bytes_left = trie->blocks.size;
        alias_begin(key, &matcher);
        return walk_node(&walk, trie->root, node_root_parent(trie), matcher, 0);
}

/*
 * Takes NODE's prefix off *KEY. Returns 1; 0 where the prefix differs, or is longer than *KEY: then
 * **KEY is the NUL at its end, if all that there is of it agrees.
 */
static int take_prefix(struct trie *trie, struct node *node, const char **key) {
        for (;;) {
                const uint8_t *bytes;
                size_t n;
                int r = blocks_view(&trie->blocks, node->at, &bytes, &n);

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
 * Follows KEY from the root, letter by letter. Returns 1 where it ends in a node, whose parts are
 * *ret; -ENOENT where it leaves the trie; 0 where it ends within a prefix: of a longer key.
 */
static int follow(struct trie *trie, const char *key, struct node *ret) {
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

int trie_has(struct trie *trie, const char *key) {
        struct node node;
        int r = follow(trie, key, &node);

        if (r == -ENOENT)
                return 0;
        return r > 0 ? (node.parts & NODE_HAS_VALUES) != 0 : r;
}

int trie_read(struct trie *trie, const char *key, char *ret, size_t size) {
        struct node node;
        uint32_t count, at;
        int r = follow(trie, key, &node);

        if (r == -ENOENT)
                return 0;
        if (r <= 0 || !(node.parts & NODE_HAS_VALUES))
                return r < 0 ? r : 0;
        r = blocks_read_u32(&trie->blocks, node.values, &count);
        if (r < 0)
                return r;
        if (count == 0)
                return -EBADMSG;
        at = node.values + (uint32_t)(sizeof(count) + sizeof(uint32_t)); /* past the priority */
        r = node_read_string(trie, &at, ret, size);
        return r < 0 ? r : 1;
}
