/*
 * Receipts that share a signature: for trees of every size each is believed as it was made, and
 * nothing else is, whether or not the root's signature is remembered from a receipt before it.
 */
#include "tp_test.h"

#include <stdio.h>
#include <string.h>

#include "store/receipt.h"
#include "store/tree.h"

#define RECEIVED_MS 1795426867123

static struct tp_error error;
static struct tp_receipt_pair pair;
static struct tp_receipt made[TP_TREE_MADE_MAX];
static struct tp_receipt *receipts[TP_TREE_MADE_MAX];

static int start(void **state)
{
    (void)state;
    assert_true(tp_receipt_pair_generate(&pair, &error));
    for (size_t i = 0; i < TP_TREE_MADE_MAX; i++)
        receipts[i] = &made[i];
    return 0;
}

static void sign(size_t count)
{
    for (size_t i = 0; i < count; i++) {
        char sha256[TP_SHA256_TEXT_MAX];
        char id[32];

        (void)snprintf(id, sizeof(id), "uuid:%zu", i);
        tp_sha256_text(id, strlen(id), sha256);
        assert_true(tp_receipt_fill(id, sha256, RECEIVED_MS + (int64_t)i, &made[i], &error));
    }
    assert_true(tp_receipt_sign_together(&pair, receipts, count, &error));
}

/* The definition of RFC 9162, clause 2.1.1, as it stands there. */
static void hash_of(const struct tp_tree_hash *leaves, size_t count, struct tp_tree_hash *root)
{
    struct {
        unsigned char mark;
        struct tp_tree_hash left;
        struct tp_tree_hash right;
    } node = {.mark = 1};
    char hex[TP_SHA256_TEXT_MAX];
    size_t k = 1;

    if (count == 1) {
        *root = leaves[0];
        return;
    }
    while (k * 2 < count)
        k *= 2;
    hash_of(leaves, k, &node.left);
    hash_of(leaves + k, count - k, &node.right);
    tp_sha256_text(&node, sizeof(node), hex);
    assert_true(tp_hex_decode(hex, root->bytes, sizeof(root->bytes)));
}

static void a_tree_is_the_rfcs_at_every_size(void **state)
{
    static struct tp_tree tree;

    (void)state;
    for (size_t count = 1; count <= TP_TREE_MADE_MAX; count++) {
        struct tp_tree_hash leaves[TP_TREE_MADE_MAX];
        struct tp_tree_hash root;

        for (size_t i = 0; i < count; i++)
            tp_tree_leaf(&i, sizeof(i), &leaves[i]);
        memcpy(tree.nodes, leaves, count * sizeof(leaves[0]));
        tp_tree_build(&tree, count);
        hash_of(leaves, count, &root);
        assert_memory_equal(tp_tree_root(&tree), &root, sizeof(root));
        for (size_t i = 0; i < count; i++) {
            struct tp_tree_hash path[TP_TREE_PATH_MAX];

            tp_tree_path(&tree, i, path);
            tp_tree_climb(&leaves[i], i, count, path, &root);
            assert_memory_equal(tp_tree_root(&tree), &root, sizeof(root));
        }
    }
}

static void each_receipt_of_a_group_is_believed(void **state)
{
    (void)state;
    for (size_t count = 1; count <= TP_TREE_MADE_MAX; count += count < 70 ? 1 : 31) {
        struct tp_receipt_roots roots = {.next = 0};
        struct tp_receipt_pair other;

        sign(count);
        assert_true(tp_receipt_pair_generate(&other, &error));
        for (size_t i = 0; i < count; i++) {
            struct tp_receipt read;

            assert_true(tp_receipt_from_texts(made[i].instance_id, made[i].sha256, made[i].received,
                                              made[i].signature, &read, &error));
            assert_true(tp_receipt_verify(&pair.key, &roots, &read, &error));
        }
        assert_true(tp_receipt_verify(&pair.key, NULL, &made[count - 1], &error));
        assert_false(tp_receipt_verify(&other.key, NULL, &made[count - 1], &error));
    }
}

static void refused(struct tp_receipt_roots *roots, const struct tp_receipt *receipt)
{
    assert_false(tp_receipt_verify(&pair.key, NULL, receipt, &error));
    assert_false(tp_receipt_verify(&pair.key, roots, receipt, &error));
}

/* In the identifier, the hash, the time, the place, the size, the path and the signature. */
static void no_bit_of_any_field_may_be_another(void **state)
{
    static const size_t counts[] = {1, 2, 3, 7, 64, 100};

    (void)state;
    for (size_t c = 0; c < sizeof(counts) / sizeof(counts[0]); c++) {
        struct tp_receipt_roots roots = {.next = 0};
        struct tp_receipt bad;
        char *texts[4] = {bad.instance_id, bad.sha256, bad.received, bad.signature};

        sign(counts[c]);
        bad = made[counts[c] / 2];
        assert_true(tp_receipt_verify(&pair.key, &roots, &bad, &error));
        for (size_t field = 0; field < 4; field++) {
            for (char *p = texts[field]; *p; p++) {
                for (unsigned bit = 1; bit < 256; bit <<= 1) {
                    char was = *p;

                    *p = (char)((unsigned char)was ^ bit);
                    refused(&roots, &bad);
                    *p = was;
                }
            }
        }
        assert_true(tp_receipt_verify(&pair.key, &roots, &bad, &error));
    }
}

static void a_proof_is_for_its_own_answer_alone(void **state)
{
    struct tp_receipt_roots roots = {.next = 0};

    (void)state;
    sign(64);
    assert_true(tp_receipt_verify(&pair.key, &roots, &made[0], &error));
    for (size_t i = 0; i < 64; i++) {
        for (size_t k = 0; k < 64; k++) {
            struct tp_receipt bad = made[i];

            if (i == k)
                continue;
            memcpy(bad.signature, made[k].signature, sizeof(bad.signature));
            refused(&roots, &bad);
        }
    }
}

/* The two children of a node, given as the bytes of a leaf, are another hash than the node's; and a
 * node given in a leaf's place, one level up, is in no tree of half the size. */
static void a_node_is_not_a_leaf(void **state)
{
    static struct tp_tree tree;
    struct tp_tree_hash pretended;
    struct tp_tree_hash root;
    char proof[TP_RECEIPT_PROOF_TEXT_MAX];
    struct tp_receipt bad;
    const char *path;

    (void)state;
    for (size_t i = 0; i < 4; i++)
        tp_tree_leaf(&i, sizeof(i), &tree.nodes[i]);
    tp_tree_build(&tree, 4);
    tp_tree_leaf(tree.nodes, 2 * sizeof(tree.nodes[0]), &pretended);
    assert_memory_not_equal(&pretended, &tree.nodes[4], sizeof(pretended));
    tp_tree_climb(&pretended, 0, 2, &tree.nodes[5], &root);
    assert_memory_not_equal(&root, tp_tree_root(&tree), sizeof(root));

    /* The size is signed: the upper half of a path is no path of a smaller tree. */
    sign(4);
    bad = made[0];
    path = strchr(strchr(bad.signature + 2, ':') + 1, ':') + 1;
    (void)snprintf(proof, sizeof(proof), "2:0:2:%.44s%s", path, strrchr(bad.signature, ':'));
    memcpy(bad.signature, proof, sizeof(proof));
    refused(NULL, &bad);
}

static void there_is_one_text_for_each_proof(void **state)
{
    static const char *const wrong[] = {"2:",
                                        "2:0:0::",
                                        "2:1:1::",
                                        "2:00:1::",
                                        "2:0:01::",
                                        "2:-1:1::",
                                        "2: 0:1::",
                                        "2:0:1:",
                                        "3:0:1::",
                                        "2:0:65537::",
                                        "2:0:1:AA==:",
                                        "2:0:2::",
                                        "2:99999999999999999999999999:1::",
                                        "2:0:1:::"};
    char signature[TP_RECEIPT_PROOF_TEXT_MAX];

    (void)state;
    sign(1);
    assert_memory_equal(made[0].signature, "2:0:1::", 7);
    memcpy(signature, made[0].signature + 7, sizeof(signature) - 7);
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        (void)snprintf(made[0].signature, sizeof(made[0].signature), "%s%.88s", wrong[i],
                       signature);
        assert_false(tp_receipt_verify(&pair.key, NULL, &made[0], &error));
        assert_int_equal(error.code, TP_ERR_INVALID);
    }
}

static void a_receipt_of_its_own_and_one_of_many_are_not_each_other(void **state)
{
    struct tp_receipt alone;

    (void)state;
    sign(1);
    assert_true(
        tp_receipt_sign(&pair, made[0].instance_id, made[0].sha256, RECEIVED_MS, &alone, &error));
    assert_true(tp_receipt_verify(&pair.key, NULL, &alone, &error));
    /* The signature of the one in the form of the other. */
    (void)snprintf(alone.signature, sizeof(alone.signature), "%.88s", made[0].signature + 7);
    assert_false(tp_receipt_verify(&pair.key, NULL, &alone, &error));
}

static void a_group_that_cannot_be_signed_is_left_alone(void **state)
{
    (void)state;
    sign(3);
    made[0].signature[0] = '\0';
    made[2].instance_id[0] = '\0';
    assert_false(tp_receipt_sign_together(&pair, receipts, 3, &error));
    assert_string_equal(made[0].signature, "");
    assert_false(tp_receipt_sign_together(&pair, receipts, 0, &error));
    assert_false(tp_receipt_sign_together(&pair, receipts, TP_TREE_MADE_MAX + 1, &error));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_tree_is_the_rfcs_at_every_size),
        cmocka_unit_test(each_receipt_of_a_group_is_believed),
        cmocka_unit_test(no_bit_of_any_field_may_be_another),
        cmocka_unit_test(a_proof_is_for_its_own_answer_alone),
        cmocka_unit_test(a_node_is_not_a_leaf),
        cmocka_unit_test(there_is_one_text_for_each_proof),
        cmocka_unit_test(a_receipt_of_its_own_and_one_of_many_are_not_each_other),
        cmocka_unit_test(a_group_that_cannot_be_signed_is_left_alone),
    };

    return cmocka_run_group_tests(tests, start, NULL);
}
