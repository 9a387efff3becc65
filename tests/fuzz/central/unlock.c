/* A hostile manifest in the store, when an officer's key is tried on it: read within the caps, and
 * opened by nothing. */
#include "central/export/unlock.h"

#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct tp_odk_private no_key = {.count = 0};
    const struct tp_odk_parts parts = {.manifest = (const char *)data,
                                       .manifest_count = size,
                                       .encrypted = (const unsigned char *)"0123456789abcdef",
                                       .encrypted_count = 16};
    struct tp_buf sealed;
    struct tp_buf plain;

    tp_buf_init(&sealed, TP_ODK_SEALED_MAX);
    tp_buf_init(&plain, TP_ODK_PLAIN_MAX);
    if (tp_odk_join(&parts, &sealed, NULL) &&
        tp_unlock(&no_key, 1, sealed.data, sealed.length, &plain, NULL))
        abort();
    tp_buf_finish(&plain);
    tp_buf_finish(&sealed);
    return 0;
}
