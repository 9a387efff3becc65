/* Receipts that anybody may have sent: four texts, one a line. Nobody can forge one. */
#include "store/receipt.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define GOOD_SIGNATURE                                                                             \
    "84GiDuJ5i/vCq+YcvMu05M6Ee4Q9VJsJBHpzuHFj33PKD3++qukVnRtOsiYLC93eIlARyhdwBtPfHKZ2+t0DAw=="

/* The third of five (tests/unit/store/receipt_test.c), also in receipt.corpus. */
#define GOOD_PROOF                                                                                 \
    "2:2:5:YkHQ2LrrCLBMwVRrNZFdNIp/LMb+NBeZxPkX4ADGMYOxXlo/2b18o612E98yfC/"                        \
    "mBHeeg0/NPShggMlqeNmg8DE4bVEM62dzA9S5PPkBY7LmOVbE9Ud1HAm+uNAaUCek:"                           \
    "zFOb8ihVyZbf10J/3OVtUlT7+z3D2pNg0Yw7q3OA2ELCu07/g5+6Mct+KbxHccaZ7iH7AJrqUfMpm4TInDxXBA=="

static void insist(bool holds)
{
    if (!holds)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = tp_strndup((const char *)data, size);
    char *rest = text;
    const char *fields[4] = {0};
    struct tp_receipt_key key;
    struct tp_receipt receipt;
    struct tp_error error;

    for (size_t i = 0; i < 4 && rest; i++)
        fields[i] = strsep(&rest, "\n");
    insist(tp_receipt_key_from_text("A6EHv/POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg=", &key, &error));
    if (fields[0] && tp_receipt_key_from_text(fields[0], &key, &error)) {
        char again[TP_RECEIPT_KEY_TEXT_MAX];

        tp_receipt_key_to_text(&key, again);
        insist(strcmp(again, fields[0]) == 0);
    } else if (tp_receipt_from_texts(fields[0], fields[1], fields[2], fields[3], &receipt,
                                     &error) &&
               tp_receipt_verify(&key, NULL, &receipt, &error)) {
        insist(strcmp(receipt.signature, GOOD_SIGNATURE) == 0 ||
               strcmp(receipt.signature, GOOD_PROOF) == 0);
    }
    tp_free(text);
    return 0;
}
