/*
 * A submission as it goes over the wire, one multipart/form-data body (docs/PROTOCOL.md,
 * Submission): to Talkpoint's store the OpenRosa envelope and the sealed bytes, to another OpenRosa
 * server ODK's own form of it. The same answer always gives the same
 * bytes, so that a resend is recognisably the same. Thread: any.
 */
#ifndef TP_AGENT_WIRE_ENVELOPE_H
#define TP_AGENT_WIRE_ENVELOPE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/error.h"

/* The store takes 10 MiB (413 beyond); the envelope's own text is far below 64 KiB. */
#define TP_ENVELOPE_BYTES_MAX (10u * 1024u * 1024u + 64u * 1024u)
#define TP_CONTENT_TYPE_MAX 128

struct tp_envelope {
    const char *form_id;
    const char *form_version; /* "" leaves the attribute out */
    const char *instance_id;  /* with "uuid:" */
    const char *sha256;       /* 64 hex digits, of `sealed` */
    const void *sealed;       /* a seal, or what is encrypted to the form's own key (store/odk.h) */
    size_t sealed_length;
};

/* Appends the body to `body` (made by the caller with a cap of TP_ENVELOPE_BYTES_MAX) and writes
 * the Content-Type with its boundary. */
bool tp_envelope_write(const struct tp_envelope *envelope, struct tp_buf *body,
                       char content_type[TP_CONTENT_TYPE_MAX], struct tp_error *error);

/* As ODK Collect sends it: `xml` as xml_submission_file, and where `file` is not NULL beside it
 * the file of that name. `sha256` is of the bytes in the outbox, for the boundary. */
struct tp_plain_envelope {
    const void *xml;
    size_t xml_length;
    const char *file;
    const void *bytes;
    size_t length;
    const char *sha256;
};
bool tp_plain_envelope_write(const struct tp_plain_envelope *envelope, struct tp_buf *body,
                             char content_type[TP_CONTENT_TYPE_MAX], struct tp_error *error);

#endif
