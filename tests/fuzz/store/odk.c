/* Bytes that claim to be an encrypted answer, and texts that claim to be a form's key: parts lie
 * within the bytes and go together again; a key that is taken can be sealed to. */
#include "store/odk.h"

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

static void try_parts(const uint8_t *data, size_t size)
{
    struct tp_odk_parts parts;
    struct tp_buf again;

    if (!tp_odk_split(data, size, &parts, NULL))
        return;
    insist(parts.manifest_count && parts.encrypted_count);
    insist(parts.encrypted + parts.encrypted_count == data + size);
    tp_buf_init(&again, size);
    insist(tp_odk_join(&parts, &again, NULL));
    insist(again.length == size && memcmp(again.data, data, size) == 0);
    tp_buf_finish(&again);
}

static void try_key(const uint8_t *data, size_t size)
{
    char *key = tp_strndup((const char *)data, size);
    const struct tp_odk_answer answer = {.public_key = key,
                                         .form_id = "f",
                                         .form_version = "",
                                         .instance_id = "uuid:1",
                                         .xml = "<a/>",
                                         .xml_count = 4};
    struct tp_buf sealed;

    tp_buf_init(&sealed, TP_ODK_SEALED_MAX);
    if (key && tp_odk_key_check(key, NULL))
        insist(tp_odk_seal(&answer, &sealed, NULL));
    tp_buf_finish(&sealed);
    tp_free(key);
}

static void try_pem(const uint8_t *data, size_t size)
{
    static const struct tp_odk_manifest manifest = {.form_id = "f",
                                                    .form_version = "",
                                                    .instance_id = "uuid:1",
                                                    .wrapped_key = "AAAA",
                                                    .signature = ""};
    struct tp_odk_private key;
    struct tp_buf plain;

    tp_buf_init(&plain, TP_ODK_PLAIN_MAX);
    if (tp_odk_private_from_pem(data, size, &key, NULL))
        insist(!tp_odk_open(&key, &manifest, NULL, "0123456789abcdef", 16, &plain, NULL));
    tp_buf_finish(&plain);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    /* RSA is slow: each only where the bytes begin as such a text does. */
    if (size && *data == 'M')
        try_key(data, size);
    else if (size && *data == '-')
        try_pem(data, size);
    else
        try_parts(data, size);
    return 0;
}
