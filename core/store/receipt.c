#include "store/receipt.h"

#include <assert.h>
#include <sodium.h>
#include <string.h>

#include "base/mem.h"
#include "store/proof.h"

#define ALONE "talkpoint-receipt-1\n"
#define AMONG "talkpoint-receipt-2\n"
#define ROOT "talkpoint-receipts-2\n"

/* The prefix and three fields, each with its line end. */
#define SIGNED_MAX (sizeof(ALONE) + TP_INSTANCE_ID_MAX + TP_SHA256_TEXT_MAX + TP_TIME_TEXT_MAX)
#define ROOT_MAX (sizeof(ROOT) + sizeof("65536\n") + TP_SHA256_TEXT_MAX)

static_assert(TP_RECEIPT_KEY_BYTES == crypto_sign_PUBLICKEYBYTES, "the public half's length");
static_assert(TP_RECEIPT_SECRET_BYTES == crypto_sign_SECRETKEYBYTES, "the secret half's length");
static_assert(TP_RECEIPT_SIGNATURE_BYTES == crypto_sign_BYTES, "the signature's length");

static bool start(struct tp_error *error)
{
    return sodium_init() >= 0 || tp_fail(error, TP_ERR_CRYPTO, "libsodium cannot start");
}

bool tp_receipt_pair_generate(struct tp_receipt_pair *pair, struct tp_error *error)
{
    if (!start(error))
        return false;
    if (crypto_sign_keypair(pair->key.bytes, pair->secret) != 0)
        return tp_fail(error, TP_ERR_CRYPTO, "libsodium made no receipt key");
    return true;
}

bool tp_receipt_pair_from_text(const char *secret_text, struct tp_receipt_pair *pair,
                               struct tp_error *error)
{
    unsigned char given[TP_RECEIPT_SECRET_BYTES];
    struct tp_receipt_pair read;
    bool ok;

    if (!start(error))
        return false;
    /* The second half of the secret repeats the public key; made anew, so that a damaged one shows.
     */
    ok = tp_base64_decode(secret_text, given, sizeof(given)) &&
         crypto_sign_seed_keypair(read.key.bytes, read.secret, given) == 0 &&
         sodium_memcmp(read.secret, given, sizeof(given)) == 0;
    if (ok)
        *pair = read;
    tp_wipe(&read, sizeof(read));
    tp_wipe(given, sizeof(given));
    return ok || tp_fail(error, TP_ERR_CRYPTO,
                         "the private receipt key is not 64 bytes in base64: copy the whole line");
}

bool tp_receipt_key_from_text(const char *text, struct tp_receipt_key *key, struct tp_error *error)
{
    struct tp_receipt_key read;

    if (!start(error))
        return false;
    if (!tp_base64_decode(text, read.bytes, sizeof(read.bytes)) ||
        crypto_core_ed25519_is_valid_point(read.bytes) != 1)
        return tp_fail(error, TP_ERR_CRYPTO,
                       "the receipt key '%.64s' is not a public key in base64", text);
    *key = read;
    return true;
}

void tp_receipt_key_to_text(const struct tp_receipt_key *key, char text[TP_RECEIPT_KEY_TEXT_MAX])
{
    tp_base64(key->bytes, sizeof(key->bytes), text);
}

bool tp_instance_id_is_valid(const char *instance_id)
{
    size_t length = strnlen(instance_id, TP_INSTANCE_ID_MAX);

    if (length == 0 || length == TP_INSTANCE_ID_MAX)
        return false;
    for (size_t i = 0; i < length; i++) {
        if (instance_id[i] < '!' || instance_id[i] > '~')
            return false;
    }
    return true;
}

/* "2026-11-23T09:41:07.123Z": the one form that tp_time_utc writes. */
static bool is_time(const char *text)
{
    static const char shape[] = "dddd-dd-ddTdd:dd:dd.dddZ";

    for (size_t i = 0; i < sizeof(shape); i++) {
        if (shape[i] == 'd' ? text[i] < '0' || text[i] > '9' : text[i] != shape[i])
            return false;
    }
    return true;
}

static bool check_fields(const char *instance_id, const char *sha256, const char *received,
                         struct tp_error *error)
{
    if (!instance_id || !tp_instance_id_is_valid(instance_id))
        return tp_fail(error, TP_ERR_INVALID, "the receipt has no instance ID");
    if (!sha256 || !tp_sha256_is_text(sha256))
        return tp_fail(error, TP_ERR_INVALID, "the receipt has no SHA-256");
    if (!received || !is_time(received))
        return tp_fail(error, TP_ERR_INVALID, "the receipt has no time");
    return true;
}

/* The fields were checked: each fits. */
static size_t put_fields(const char *prefix, const struct tp_receipt *receipt,
                         char bytes[SIGNED_MAX])
{
    const char *texts[] = {prefix, receipt->instance_id, "\n", receipt->sha256,
                           "\n",   receipt->received,    "\n"};
    size_t length = 0;

    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        size_t count = strlen(texts[i]);

        memcpy(bytes + length, texts[i], count);
        length += count;
    }
    return length;
}

static void hash_leaf(const struct tp_receipt *receipt, struct tp_tree_hash *hash)
{
    char bytes[SIGNED_MAX];

    tp_tree_leaf(bytes, put_fields(AMONG, receipt, bytes), hash);
}

static size_t put_root(const struct tp_tree_hash *root, size_t leaves, char bytes[ROOT_MAX])
{
    char hex[TP_SHA256_TEXT_MAX];

    tp_hex(root->bytes, sizeof(root->bytes), hex);
    return (size_t)snprintf(bytes, ROOT_MAX, ROOT "%zu\n%s\n", leaves, hex);
}

/* The fields were checked: each fits. */
static void set_fields(struct tp_receipt *receipt, const char *instance_id, const char *sha256,
                       const char *received)
{
    *receipt = (struct tp_receipt){.instance_id = ""};
    memcpy(receipt->instance_id, instance_id, strlen(instance_id) + 1);
    memcpy(receipt->sha256, sha256, strlen(sha256) + 1);
    memcpy(receipt->received, received, strlen(received) + 1);
}

bool tp_receipt_fill(const char *instance_id, const char *sha256, int64_t received_ms,
                     struct tp_receipt *receipt, struct tp_error *error)
{
    char received[TP_TIME_TEXT_MAX];

    tp_time_utc(received_ms, received);
    if (!check_fields(instance_id, sha256, received, error))
        return false;
    set_fields(receipt, instance_id, sha256, received);
    return true;
}

static bool sign(const struct tp_receipt_pair *pair, const char *bytes, size_t count,
                 unsigned char signature[TP_RECEIPT_SIGNATURE_BYTES], struct tp_error *error)
{
    return crypto_sign_detached(signature, NULL, (const unsigned char *)bytes, count,
                                pair->secret) == 0 ||
           tp_fail(error, TP_ERR_CRYPTO, "libsodium made no signature");
}

bool tp_receipt_sign(const struct tp_receipt_pair *pair, const char *instance_id,
                     const char *sha256, int64_t received_ms, struct tp_receipt *receipt,
                     struct tp_error *error)
{
    unsigned char signature[TP_RECEIPT_SIGNATURE_BYTES];
    char bytes[SIGNED_MAX];
    struct tp_receipt made;

    if (!start(error) || !tp_receipt_fill(instance_id, sha256, received_ms, &made, error) ||
        !sign(pair, bytes, put_fields(ALONE, &made, bytes), signature, error))
        return false;
    tp_base64(signature, sizeof(signature), made.signature);
    *receipt = made;
    return true;
}

bool tp_receipt_sign_together(const struct tp_receipt_pair *pair,
                              struct tp_receipt *const *receipts, size_t count,
                              struct tp_error *error)
{
    struct tp_tree tree;
    struct tp_proof proof = {.count = count};
    char bytes[ROOT_MAX];

    if (!start(error))
        return false;
    if (count == 0 || count > TP_TREE_MADE_MAX)
        return tp_fail(error, TP_ERR_LIMIT, "%zu receipts cannot be signed at once", count);
    for (size_t i = 0; i < count; i++) {
        if (!check_fields(receipts[i]->instance_id, receipts[i]->sha256, receipts[i]->received,
                          error))
            return false;
        hash_leaf(receipts[i], &tree.nodes[i]);
    }
    tp_tree_build(&tree, count);
    if (!sign(pair, bytes, put_root(tp_tree_root(&tree), count, bytes), proof.signature, error))
        return false;
    for (size_t i = 0; i < count; i++) {
        proof.index = i;
        tp_tree_path(&tree, i, proof.path);
        tp_proof_write(&proof, receipts[i]->signature);
    }
    return true;
}

bool tp_receipt_from_texts(const char *instance_id, const char *sha256, const char *received,
                           const char *signature, struct tp_receipt *receipt,
                           struct tp_error *error)
{
    struct tp_proof proof;

    if (!start(error) || !check_fields(instance_id, sha256, received, error))
        return false;
    if (!signature || !tp_proof_read(signature, &proof))
        return tp_fail(error, TP_ERR_INVALID, "the receipt has no signature");
    set_fields(receipt, instance_id, sha256, received);
    memcpy(receipt->signature, signature, strlen(signature) + 1);
    return true;
}

static bool has_signed(const struct tp_receipt_key *key, const char *bytes, size_t count,
                       const unsigned char signature[TP_RECEIPT_SIGNATURE_BYTES])
{
    return crypto_sign_verify_detached(signature, (const unsigned char *)bytes, count,
                                       key->bytes) == 0;
}

/* All of it must be the same, the signature too: what is known is that this key made this one. */
static bool is_known(const struct tp_receipt_roots *roots, const struct tp_receipt_root *root)
{
    for (size_t i = 0; roots && i < TP_RECEIPT_ROOTS_MAX; i++) {
        const struct tp_receipt_root *known = &roots->known[i];

        if (known->count == root->count &&
            memcmp(&known->hash, &root->hash, sizeof(root->hash)) == 0 &&
            memcmp(known->signature, root->signature, sizeof(root->signature)) == 0)
            return true;
    }
    return false;
}

static bool verify_among(const struct tp_receipt_key *key, struct tp_receipt_roots *roots,
                         const struct tp_receipt *receipt, const struct tp_proof *proof)
{
    struct tp_receipt_root root = {.count = proof->count};
    struct tp_tree_hash leaf;
    char bytes[ROOT_MAX];

    hash_leaf(receipt, &leaf);
    tp_tree_climb(&leaf, proof->index, proof->count, proof->path, &root.hash);
    memcpy(root.signature, proof->signature, sizeof(root.signature));
    if (is_known(roots, &root))
        return true;
    if (!has_signed(key, bytes, put_root(&root.hash, root.count, bytes), root.signature))
        return false;
    if (roots) {
        roots->known[roots->next] = root;
        roots->next = (roots->next + 1) % TP_RECEIPT_ROOTS_MAX;
    }
    return true;
}

bool tp_receipt_verify(const struct tp_receipt_key *key, struct tp_receipt_roots *roots,
                       const struct tp_receipt *receipt, struct tp_error *error)
{
    struct tp_proof proof;
    char bytes[SIGNED_MAX];
    bool ok;

    /* Checked again: the struct may have been filled by hand. */
    if (!start(error) ||
        !check_fields(receipt->instance_id, receipt->sha256, receipt->received, error))
        return false;
    if (!tp_proof_read(receipt->signature, &proof))
        return tp_fail(error, TP_ERR_INVALID, "the receipt has no signature");
    ok = proof.count ? verify_among(key, roots, receipt, &proof)
                     : has_signed(key, bytes, put_fields(ALONE, receipt, bytes), proof.signature);
    return ok || tp_fail(error, TP_ERR_CRYPTO,
                         "the receipt is not signed by the central store this device knows");
}

bool tp_receipt_key_has_signed(const struct tp_receipt_key *key, const void *bytes, size_t count,
                               const char *signature)
{
    unsigned char decoded[TP_RECEIPT_SIGNATURE_BYTES];

    return start(NULL) && tp_base64_decode(signature, decoded, sizeof(decoded)) &&
           crypto_sign_verify_detached(decoded, bytes, count, key->bytes) == 0;
}
