/* Authorization headers: Basic and Digest, read and checked. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "central/http/digest.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct tp_keys keys;
    char *header = tp_strndup((const char *)data, size);
    struct tp_claimed claimed;
    bool stale;

    if (!header)
        return 0;
    tp_claimed_read(header, &claimed);
    /* No header proves a password that nobody has. */
    if (tp_claimed_proves(&claimed, &keys, "00000000000000000000000000000000", "GET", "/formList",
                          1, &stale) ||
        stale)
        abort();
    if (claimed.scheme != TP_SCHEME_NONE && strlen(claimed.login) > TP_LOGIN_MAX)
        abort();
    tp_free(header);
    return 0;
}
