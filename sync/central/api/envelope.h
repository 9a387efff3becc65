/*
 * What arrives as xml_submission_file: the envelope of a sealed answer, ODK's manifest of an
 * encrypted one, or a plain ODK instance.
 *
 * Read as a stream, so that memory does not grow with it: no network, no document type, no
 * entities of its own, libxml2's caps on depth and names. Thread: any.
 */
#ifndef TP_CENTRAL_API_ENVELOPE_H
#define TP_CENTRAL_API_ENVELOPE_H

#include "base/error.h"
#include "central/data/forms.h"
#include "store/receipt.h"

struct tp_envelope {
    char instance_id[TP_INSTANCE_ID_MAX];
    char form[TP_FORM_ID_MAX + 1];
    char version[TP_FORM_VERSION_MAX + 1];
    char replaces[TP_INSTANCE_ID_MAX]; /* meta/deprecatedID: the answer that this one edits; "" */
    bool encrypted;                    /* the root says encrypted="yes" */
    bool sealed;                       /* there is a tps:sealed */
    char algorithm[32];
    char sha256[TP_SHA256_TEXT_MAX];
    char part[TP_MEDIA_NAME_MAX + 1]; /* the name of the part with the sealed bytes */
    /* ODK's encryptedXmlFile: the name of the part with the encrypted answer; "" for none. */
    char odk_part[TP_MEDIA_NAME_MAX + 1];
};

/* TP_ERR_INVALID, saying what is wrong in words for whoever sent it; TP_ERR_MEMORY. */
bool tp_envelope_read(const void *xml, size_t length, struct tp_envelope *envelope,
                      struct tp_error *error);

/* True where these bytes (store/odk.h) are whole and their manifest is of this answer. */
bool tp_envelope_is_of(const void *sealed, size_t count, const char *instance_id, const char *form);

#endif
