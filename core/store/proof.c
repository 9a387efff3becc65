#include "store/proof.h"

#include <stdio.h>
#include <string.h>

#define MARK "2:"
#define PATH_TEXT_MAX TP_BASE64_MAX(TP_TREE_PATH_MAX *TP_SHA256_BYTES)

/* A number as it is written here, at most `most`, and the colon after it; NULL where it is none. */
static const char *read_number(const char *text, size_t most, size_t *number)
{
    const char *digit = text;
    size_t read = 0;

    while (*digit >= '0' && *digit <= '9' && read <= most)
        read = read * 10 + (size_t)(*digit++ - '0');
    if (digit == text || *digit != ':' || read > most || (*text == '0' && digit != text + 1))
        return NULL;
    *number = read;
    return digit + 1;
}

/* The path of `length` hashes and the colon after it. */
static const char *read_path(const char *text, size_t length, struct tp_tree_hash *path)
{
    const char *colon = strchr(text, ':');
    char copy[PATH_TEXT_MAX];

    if (!colon || (size_t)(colon - text) >= sizeof(copy))
        return NULL;
    memcpy(copy, text, (size_t)(colon - text));
    copy[colon - text] = '\0';
    return tp_base64_decode(copy, path, length * sizeof(*path)) ? colon + 1 : NULL;
}

bool tp_proof_read(const char *text, struct tp_proof *proof)
{
    proof->count = 0;
    if (strncmp(text, MARK, sizeof(MARK) - 1) == 0) {
        text = read_number(text + sizeof(MARK) - 1, TP_TREE_LEAVES_MAX - 1, &proof->index);
        text = text ? read_number(text, TP_TREE_LEAVES_MAX, &proof->count) : NULL;
        if (!text || proof->index >= proof->count)
            return false;
        text = read_path(text, tp_tree_path_length(proof->index, proof->count), proof->path);
        if (!text)
            return false;
    }
    return tp_base64_decode(text, proof->signature, sizeof(proof->signature));
}

void tp_proof_write(const struct tp_proof *proof, char text[TP_RECEIPT_PROOF_TEXT_MAX])
{
    size_t length = tp_tree_path_length(proof->index, proof->count);
    size_t at = (size_t)snprintf(text, TP_RECEIPT_PROOF_TEXT_MAX, MARK "%zu:%zu:", proof->index,
                                 proof->count);

    tp_base64(proof->path, length * sizeof(proof->path[0]), text + at);
    at += strlen(text + at);
    text[at++] = ':';
    tp_base64(proof->signature, sizeof(proof->signature), text + at);
}
