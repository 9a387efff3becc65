/* A hostile manifest in the store, when an officer's key is tried on it: read within the caps, and
 * opened by nothing, alone or with the files that it names. */
#include "central/export/unlock.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool read_any(void *context, const char *name, struct tp_buf *encrypted,
                     struct tp_error *error)
{
    (void)context;
    (void)error;
    if (*name == '\0' || *name == '.' || strchr(name, '/'))
        abort();
    return tp_buf_puts(encrypted, "0123456789abcdef");
}

static bool take_none(void *context, const char *name, const struct tp_buf *plain,
                      struct tp_error *error)
{
    (void)context;
    (void)name;
    (void)plain;
    (void)error;
    abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct tp_odk_private no_key = {.count = 0};
    const struct tp_odk_parts parts = {.manifest = (const char *)data,
                                       .manifest_count = size,
                                       .encrypted = (const unsigned char *)"0123456789abcdef",
                                       .encrypted_count = 16};
    static const struct tp_unlock_files files = {.read = read_any, .take = take_none};
    struct tp_buf sealed;
    struct tp_buf plain;

    tp_buf_init(&sealed, TP_ODK_SEALED_MAX);
    tp_buf_init(&plain, TP_ODK_PLAIN_MAX);
    if (tp_odk_join(&parts, &sealed, NULL) &&
        (tp_unlock(&no_key, 1, sealed.data, sealed.length, &plain, NULL) ||
         tp_unlock_with_files(&no_key, 1, sealed.data, sealed.length, &files, &plain, NULL)))
        abort();
    tp_buf_finish(&plain);
    tp_buf_finish(&sealed);
    return 0;
}
