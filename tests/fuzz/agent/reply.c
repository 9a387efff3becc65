/* A hostile answer to a submission: no receipt that verifies comes out of bytes nobody signed. */
#include "agent/wire/reply.h"

#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct tp_receipt_key key = {.bytes = {1, 2, 3}};
    struct tp_reply reply;
    struct tp_error error;

    if (tp_reply_read((const char *)data, size, &reply, &error) && reply.has_receipt &&
        tp_receipt_verify(&key, NULL, &reply.receipt, &error))
        abort();
    return 0;
}
