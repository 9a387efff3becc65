/* Sealed bytes and key texts that anybody may have sent. What opens must be what was sealed. */
#include "store/seal.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void insist(bool holds)
{
    if (!holds)
        abort();
}

static void read_key(const uint8_t *data, size_t size)
{
    char *text = tp_strndup((const char *)data, size);
    char again[TP_SEAL_KEY_TEXT_MAX];
    struct tp_seal_pair pair;
    struct tp_seal_key key;
    struct tp_error error;

    if (tp_seal_key_from_text(text, &key, &error)) {
        tp_seal_key_to_text(&key, again);
        insist(strcmp(text, again) == 0);
    }
    (void)tp_seal_pair_from_text(text, &pair, &error);
    tp_free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct tp_seal_pair pair;
    struct tp_error error;
    struct tp_buf plain;
    struct tp_buf sealed;

    insist(tp_seal_pair_from_text("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=", &pair, &error));
    read_key(data, size);
    tp_buf_init(&plain, TP_SEAL_PLAIN_MAX);
    tp_buf_init(&sealed, TP_SEAL_SEALED_MAX);
    if (!tp_unseal(&pair, data, size, &plain, &error))
        insist(plain.length == 0 && tp_buf_ok(&plain));
    tp_buf_reset(&plain);
    insist(tp_seal(&pair.key, data, size, &sealed, &error));
    insist(tp_unseal(&pair, sealed.data, sealed.length, &plain, &error));
    insist(plain.length == size && (size == 0 || memcmp(plain.data, data, size) == 0));
    tp_buf_finish(&sealed);
    tp_buf_finish(&plain);
    return 0;
}
