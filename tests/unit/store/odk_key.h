/* A form's key and what opens it (golden_odk/), for tests that seal to one. */
#ifndef TP_STORE_ODK_KEY_H
#define TP_STORE_ODK_KEY_H

#include "store/odk.h"
#include "unit/store/fixture.h"

#define ODK_KEY_FOLDER "tests/unit/store/golden_odk/"

struct odk_key {
    char public_key[1024];
    struct tp_odk_private private_key;
};

static inline void odk_key_read(struct odk_key *key)
{
    struct tp_buf text;

    tp_buf_init(&text, 8192);
    assert_true(tp_file_read(ODK_KEY_FOLDER "key.pub", &text, NULL));
    (void)snprintf(key->public_key, sizeof(key->public_key), "%s", tp_buf_text(&text));
    tp_buf_reset(&text);
    assert_true(tp_file_read(ODK_KEY_FOLDER "key.pem", &text, NULL));
    assert_true(tp_odk_private_from_pem(text.data, text.length, &key->private_key, NULL));
    tp_buf_finish(&text);
}

/* The text of an element of a manifest made here. */
static inline bool odk_text_of(const char *manifest, const char *name, char *out, size_t size)
{
    char open[100];
    const char *from;
    size_t length;

    (void)snprintf(open, sizeof(open), "<%s>", name);
    from = strstr(manifest, open);
    if (!from)
        return false;
    from += strlen(open);
    length = strcspn(from, "<");
    if (length >= size)
        return false;
    memcpy(out, from, length);
    out[length] = '\0';
    return true;
}

/* Opens what was sealed here for this form; false where it does not open. */
static inline bool odk_opens(const struct odk_key *key, const char *form_id, const char *version,
                             const void *sealed, size_t count, struct tp_buf *plain)
{
    char text[TP_ODK_MANIFEST_MAX + 1], id[TP_INSTANCE_ID_MAX];
    char wrapped[TP_ODK_WRAPPED_TEXT_MAX], signature[TP_ODK_WRAPPED_TEXT_MAX];
    struct tp_odk_manifest manifest = {.form_id = form_id,
                                       .form_version = version,
                                       .instance_id = id,
                                       .wrapped_key = wrapped,
                                       .signature = signature};
    struct tp_odk_parts parts;

    if (!tp_odk_split(sealed, count, &parts, NULL))
        return false;
    (void)snprintf(text, sizeof(text), "%.*s", (int)parts.manifest_count, parts.manifest);
    return odk_text_of(text, "base64EncryptedKey", wrapped, sizeof(wrapped)) &&
           odk_text_of(text, "base64EncryptedElementSignature", signature, sizeof(signature)) &&
           odk_text_of(text, "orx:instanceID", id, sizeof(id)) &&
           tp_odk_open(&key->private_key, &manifest, NULL, parts.encrypted, parts.encrypted_count,
                       plain, NULL);
}

#endif
