#include "agent/do/pack.h"

#include "store/odk.h"
#include "store/seal.h"

static bool pack_sealed(const struct tp_outbox_item *item, struct tp_buf *body,
                        char content_type[TP_CONTENT_TYPE_MAX], struct tp_error *error)
{
    const struct tp_envelope envelope = {.form_id = item->form_id,
                                         .form_version = item->form_version,
                                         .instance_id = item->instance_id,
                                         .sha256 = item->sha256,
                                         .sealed = item->sealed,
                                         .sealed_length = item->sealed_count};

    return tp_envelope_write(&envelope, body, content_type, error);
}

static bool pack_encrypted(const struct tp_outbox_item *item, struct tp_buf *body,
                           char content_type[TP_CONTENT_TYPE_MAX], struct tp_error *error)
{
    struct tp_plain_envelope envelope = {.file = TP_ODK_FILE_NAME, .sha256 = item->sha256};
    struct tp_odk_parts parts;

    if (!tp_odk_split(item->sealed, item->sealed_count, &parts, error))
        return false;
    envelope.xml = parts.manifest;
    envelope.xml_length = parts.manifest_count;
    envelope.bytes = parts.encrypted;
    envelope.length = parts.encrypted_count;
    return tp_plain_envelope_write(&envelope, body, content_type, error);
}

/* A seal that is not this device's stays shut: it was for another destination. */
static bool pack_opened(const struct tp_outbox_item *item, const struct tp_identity *openrosa,
                        struct tp_buf *body, char content_type[TP_CONTENT_TYPE_MAX],
                        struct tp_error *error)
{
    struct tp_plain_envelope envelope = {.sha256 = item->sha256};
    struct tp_buf xml;
    bool ok;

    if (!openrosa->plain)
        return tp_fail(error, TP_ERR_INVALID,
                       "it is sealed to a Talkpoint store, and this screen's server is none");
    tp_buf_init(&xml, TP_OUTBOX_XML_MAX + TP_SEAL_PAD);
    ok = tp_unseal(&openrosa->outbox, item->sealed, item->sealed_count, &xml, error);
    if (!ok && error && error->code == TP_ERR_CRYPTO)
        error->code = TP_ERR_INVALID;
    if (ok) {
        envelope.xml = xml.data;
        envelope.xml_length = xml.length;
        ok = tp_plain_envelope_write(&envelope, body, content_type, error);
    }
    tp_buf_finish(&xml);
    return ok;
}

bool tp_pack(const struct tp_outbox_item *item, const struct tp_identity *openrosa,
             struct tp_buf *body, char content_type[TP_CONTENT_TYPE_MAX], struct tp_error *error)
{
    if (!openrosa)
        return pack_sealed(item, body, content_type, error);
    if (tp_odk_is(item->sealed, item->sealed_count))
        return pack_encrypted(item, body, content_type, error);
    return pack_opened(item, openrosa, body, content_type, error);
}
