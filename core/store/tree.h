/*
 * A Merkle tree over a few hundred leaves (RFC 9162, clause 2.1), so that one signature of its root
 * stands for all of them, and each can show by a short path that it is in it.
 *
 * A leaf is hashed with a byte 0 in front and a node with a byte 1: no node can be passed off as a
 * leaf. Who owns what: a tree is embedded by its caller and holds nothing outside itself. Thread:
 * any; a tree belongs to one at a time.
 */
#ifndef TP_STORE_TREE_H
#define TP_STORE_TREE_H

#include <stddef.h>

#include "store/encode.h"

/* Leaves of a tree that is made here: as many as answers share one commit. */
#define TP_TREE_MADE_MAX 256u
/* Of a tree that is believed: a later version may make larger ones. */
#define TP_TREE_LEAVES_MAX 65536u
#define TP_TREE_PATH_MAX 16u

struct tp_tree_hash {
    unsigned char bytes[TP_SHA256_BYTES];
};

struct tp_tree {
    size_t count; /* leaves */
    /* The leaves, then each level above them, the root last. */
    struct tp_tree_hash nodes[2 * TP_TREE_MADE_MAX + TP_TREE_PATH_MAX];
    size_t length;
};

/* The hash of a leaf that holds these bytes. */
void tp_tree_leaf(const void *bytes, size_t count, struct tp_tree_hash *hash);

/* Builds the levels above the 1 to TP_TREE_MADE_MAX leaves that stand first in tree->nodes. */
void tp_tree_build(struct tp_tree *tree, size_t count);
const struct tp_tree_hash *tp_tree_root(const struct tp_tree *tree);

/* How many hashes the path of leaf `index` of `count` has (index < count <= TP_TREE_LEAVES_MAX). */
size_t tp_tree_path_length(size_t index, size_t count);
/* Those hashes, from the leaf upwards. */
void tp_tree_path(const struct tp_tree *tree, size_t index,
                  struct tp_tree_hash path[TP_TREE_PATH_MAX]);

/* The root that a leaf and its path lead to (RFC 9162, clause 2.1.3.2): the tree's own where they
 * are as tp_tree_path gave them, and any other for anything else. */
void tp_tree_climb(const struct tp_tree_hash *leaf, size_t index, size_t count,
                   const struct tp_tree_hash *path, struct tp_tree_hash *root);

#endif
