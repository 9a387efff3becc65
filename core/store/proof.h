/*
 * A receipt's signature as text, of either form (docs/PROTOCOL.md, "Receipts"): base64, or
 * "2:INDEX:COUNT:PATH:SIGNATURE". There is one text for each proof: numbers have no zeros in front,
 * and the path has the length that index and count ask for. For core/store only. Thread: any.
 */
#ifndef TP_STORE_PROOF_H
#define TP_STORE_PROOF_H

#include "store/receipt.h"
#include "store/tree.h"

struct tp_proof {
    size_t count; /* leaves of the tree; 0: a receipt of its own */
    size_t index;
    struct tp_tree_hash path[TP_TREE_PATH_MAX];
    unsigned char signature[TP_RECEIPT_SIGNATURE_BYTES];
};

/* False where the text is of neither form. */
bool tp_proof_read(const char *text, struct tp_proof *proof);
/* The form of one among many; proof->count is not 0. */
void tp_proof_write(const struct tp_proof *proof, char text[TP_RECEIPT_PROOF_TEXT_MAX]);

#endif
