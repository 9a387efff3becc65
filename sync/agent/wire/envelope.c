#include "agent/wire/envelope.h"

#include <stdio.h>

#include "base/xml_text.h"
#include "store/encode.h"
#include "store/odk.h"

/* The boundary is cut from the hash of the sealed bytes: nobody can choose bytes that hold part of
 * their own hash. */
#define BOUNDARY_DIGITS 32
#define BOUNDARY_MAX (sizeof("talkpoint-") + BOUNDARY_DIGITS)
/* The envelope's text with the longest IDs, escaped. */
#define OVERHEAD_MAX (64u * 1024u)
#define SEALED_NAME "submission.tpsealed"

/* The IDs were checked when the form was loaded; a row damaged since must not become a document
 * that no store can read: false. */
static bool put_xml(struct tp_buf *body, const struct tp_envelope *envelope)
{
    bool ok;

    tp_buf_puts(body, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                      "<data xmlns=\"http://opendatakit.org/submissions\" id=\"");
    ok = tp_xml_put_name(body, envelope->form_id);
    if (*envelope->form_version) {
        tp_buf_puts(body, "\" version=\"");
        ok = tp_xml_put_name(body, envelope->form_version) && ok;
    }
    tp_buf_printf(body,
                  "\" encrypted=\"yes\">\n"
                  "  <tps:sealed xmlns:tps=\"urn:talkpoint:submission:1\" "
                  "algorithm=\"%s\" sha256=\"%s\">" SEALED_NAME "</tps:sealed>\n"
                  "  <meta xmlns=\"http://openrosa.org/xforms\"><instanceID>",
                  tp_odk_is(envelope->sealed, envelope->sealed_length) ? "odk-1" : "sealedbox-1",
                  envelope->sha256);
    ok = tp_xml_put_name(body, envelope->instance_id) && ok;
    tp_buf_puts(body, "</instanceID></meta>\n</data>\n");
    return ok;
}

static bool make_boundary(const char *sha256, char boundary[BOUNDARY_MAX], struct tp_error *error)
{
    if (!tp_sha256_is_text(sha256))
        return tp_fail(error, TP_ERR_INVALID, "an answer without a proper hash");
    (void)snprintf(boundary, BOUNDARY_MAX, "talkpoint-%.*s", BOUNDARY_DIGITS, sha256);
    return true;
}

static void begin_xml(struct tp_buf *body, const char *boundary)
{
    tp_buf_printf(body,
                  "--%s\r\nContent-Disposition: form-data; name=\"xml_submission_file\"; "
                  "filename=\"submission.xml\"\r\nContent-Type: text/xml\r\n\r\n",
                  boundary);
}

static void put_file(struct tp_buf *body, const char *boundary, const char *name, const void *bytes,
                     size_t length)
{
    tp_buf_printf(body,
                  "\r\n--%s\r\nContent-Disposition: form-data; name=\"%s\"; filename=\"%s\"\r\n"
                  "Content-Type: application/octet-stream\r\n\r\n",
                  boundary, name, name);
    tp_buf_add(body, bytes, length);
}

static bool end(struct tp_buf *body, const char *boundary, size_t length,
                char content_type[TP_CONTENT_TYPE_MAX], struct tp_error *error)
{
    tp_buf_printf(body, "\r\n--%s--\r\n", boundary);
    if (!tp_buf_ok(body) && length < body->max - OVERHEAD_MAX)
        return tp_fail_memory(error);
    if (!tp_buf_ok(body))
        return tp_fail(error, TP_ERR_LIMIT, "an answer larger than %zu bytes", body->max);
    (void)snprintf(content_type, TP_CONTENT_TYPE_MAX, "multipart/form-data; boundary=%s", boundary);
    return true;
}

bool tp_envelope_write(const struct tp_envelope *envelope, struct tp_buf *body,
                       char content_type[TP_CONTENT_TYPE_MAX], struct tp_error *error)
{
    char boundary[BOUNDARY_MAX];

    if (!make_boundary(envelope->sha256, boundary, error))
        return false;
    begin_xml(body, boundary);
    if (!put_xml(body, envelope))
        return tp_fail(error, TP_ERR_INVALID,
                       "an answer whose form's name holds a control character");
    put_file(body, boundary, SEALED_NAME, envelope->sealed, envelope->sealed_length);
    return end(body, boundary, envelope->sealed_length, content_type, error);
}

bool tp_plain_envelope_write(const struct tp_plain_envelope *envelope, struct tp_buf *body,
                             char content_type[TP_CONTENT_TYPE_MAX], struct tp_error *error)
{
    char boundary[BOUNDARY_MAX];

    if (!make_boundary(envelope->sha256, boundary, error))
        return false;
    begin_xml(body, boundary);
    tp_buf_add(body, envelope->xml, envelope->xml_length);
    if (envelope->file)
        put_file(body, boundary, envelope->file, envelope->bytes, envelope->length);
    return end(body, boundary, envelope->xml_length + envelope->length, content_type, error);
}
