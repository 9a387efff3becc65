#include "store/tree.h"

#include <nettle/sha2.h>

void tp_tree_leaf(const void *bytes, size_t count, struct tp_tree_hash *hash)
{
    static const uint8_t leaf = 0;
    struct sha256_ctx state;

    sha256_init(&state);
    sha256_update(&state, 1, &leaf);
    sha256_update(&state, count, bytes);
    sha256_digest(&state, sizeof(hash->bytes), hash->bytes);
}

/* `above` may be one of the two. */
static void join(const struct tp_tree_hash *left, const struct tp_tree_hash *right,
                 struct tp_tree_hash *above)
{
    static const uint8_t node = 1;
    struct sha256_ctx state;

    sha256_init(&state);
    sha256_update(&state, 1, &node);
    sha256_update(&state, sizeof(left->bytes), left->bytes);
    sha256_update(&state, sizeof(right->bytes), right->bytes);
    sha256_digest(&state, sizeof(above->bytes), above->bytes);
}

/* The last of an odd level has no sibling and stands in the next as it is: so the left part of
 * every node is a whole tree, as the RFC has it. */
void tp_tree_build(struct tp_tree *tree, size_t count)
{
    size_t from = 0;
    size_t to = count;

    tree->count = count;
    while (count > 1) {
        for (size_t i = 0; i + 1 < count; i += 2)
            join(&tree->nodes[from + i], &tree->nodes[from + i + 1], &tree->nodes[to + i / 2]);
        if (count % 2)
            tree->nodes[to + count / 2] = tree->nodes[from + count - 1];
        from = to;
        count = (count + 1) / 2;
        to += count;
    }
    tree->length = to;
}

const struct tp_tree_hash *tp_tree_root(const struct tp_tree *tree)
{
    return &tree->nodes[tree->length - 1];
}

static bool has_sibling(size_t index, size_t count)
{
    return index % 2 || index + 1 < count;
}

size_t tp_tree_path_length(size_t index, size_t count)
{
    size_t length = 0;

    for (; count > 1; index /= 2, count = (count + 1) / 2)
        length += has_sibling(index, count);
    return length;
}

void tp_tree_path(const struct tp_tree *tree, size_t index,
                  struct tp_tree_hash path[TP_TREE_PATH_MAX])
{
    size_t count = tree->count;
    size_t from = 0;
    size_t length = 0;

    while (count > 1) {
        if (has_sibling(index, count))
            path[length++] = tree->nodes[from + (index ^ 1u)];
        from += count;
        index /= 2;
        count = (count + 1) / 2;
    }
}

void tp_tree_climb(const struct tp_tree_hash *leaf, size_t index, size_t count,
                   const struct tp_tree_hash *path, struct tp_tree_hash *root)
{
    struct tp_tree_hash here = *leaf;

    for (; count > 1; index /= 2, count = (count + 1) / 2) {
        if (!has_sibling(index, count))
            continue;
        if (index % 2)
            join(path, &here, &here);
        else
            join(&here, path, &here);
        path++;
    }
    *root = here;
}
