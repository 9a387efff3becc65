/*
 * Answers for a form with a public key of its own: ODK's encrypted submissions
 * (getodk.github.io/xforms-spec/encryption), as ODK Collect makes and ODK Central, Briefcase and
 * Kobo's tools open them.
 *
 * An AES-256 key made for one answer encrypts the instance XML (CFB, PKCS#7 padding); RSA
 * (OAEP, SHA-256, MGF1 with SHA-256) encrypts that key to the form's public key, beside it the
 * MD5 of what belongs together (the "element signature"). The manifest, plain XML, says so; it
 * names form, version and instance ID and nothing that was answered. The XML is filled up with
 * line ends first, so that its length tells little.
 *
 * The outbox keeps manifest and ciphertext in one piece of bytes: "TPODKE1\n", the manifest's
 * length (four bytes, the highest first), the manifest, the ciphertext. Thread: any.
 */
#ifndef TP_STORE_ODK_H
#define TP_STORE_ODK_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/error.h"
#include "store/encode.h"

#define TP_ODK_MAGIC "TPODKE1\n"
#define TP_ODK_MAGIC_BYTES 8u

/* The instance's name as a file, and as the file that travels; ODK's own. */
#define TP_ODK_XML_NAME "submission.xml"
#define TP_ODK_FILE_NAME TP_ODK_XML_NAME ".enc"

/* RSA keys of 2,048 (ODK's documentation) to 8,192 bits. */
#define TP_ODK_BITS_MIN 2048
#define TP_ODK_BITS_MAX 8192
#define TP_ODK_WRAPPED_MAX (TP_ODK_BITS_MAX / 8u)
#define TP_ODK_WRAPPED_TEXT_MAX TP_BASE64_MAX(TP_ODK_WRAPPED_MAX)

/* Two wrapped values and the names, escaped. */
#define TP_ODK_MANIFEST_MAX (16u * 1024u)
#define TP_ODK_PAD 1024u
#define TP_ODK_PLAIN_MAX (10u * 1024u * 1024u)
#define TP_ODK_SEALED_MAX                                                                          \
    (TP_ODK_MAGIC_BYTES + 4u + TP_ODK_MANIFEST_MAX + TP_ODK_PLAIN_MAX + 2u * TP_ODK_PAD)

/* Is this a form's public_key: the base64 of an RSA key (X.509 SubjectPublicKeyInfo, white space
 * allowed) of a length that is taken? TP_ERR_CRYPTO in words for the form's author. */
bool tp_odk_key_check(const char *public_key, struct tp_error *error);

struct tp_odk_answer {
    const char *public_key;
    const char *form_id;
    const char *form_version; /* "": the form has none */
    const char *instance_id;
    const void *xml; /* the caller wipes it */
    size_t xml_count;
};

/* Appends the bytes for the outbox to `sealed`, which is as it was on failure. Every copy of the
 * plain bytes and of the AES key made here is wiped. */
bool tp_odk_seal(const struct tp_odk_answer *answer, struct tp_buf *sealed, struct tp_error *error);

/* The parts of those bytes, pointing into them. */
struct tp_odk_parts {
    const char *manifest;
    size_t manifest_count;
    const unsigned char *encrypted;
    size_t encrypted_count;
};

/* False where they are not of this kind at all. */
bool tp_odk_is(const void *sealed, size_t count);
/* TP_ERR_INVALID where they are not whole. */
bool tp_odk_split(const void *sealed, size_t count, struct tp_odk_parts *parts,
                  struct tp_error *error);
/* The other way: what arrived as two files. Appends; TP_ERR_LIMIT where it is too much. Where the
 * encrypted one is still to come (encrypted_count 0) the bytes are not whole for tp_odk_split. */
bool tp_odk_join(const struct tp_odk_parts *parts, struct tp_buf *sealed, struct tp_error *error);

/* ---- the office's side ---- */

/* An RSA private key (PKCS#8, DER) of the form's author; wipe with tp_wipe after use. */
#define TP_ODK_PRIVATE_MAX 5120u
struct tp_odk_private {
    unsigned char der[TP_ODK_PRIVATE_MAX];
    size_t count; /* 0: none */
};

/* From a PEM file's bytes without a passphrase (PKCS#8 or PKCS#1). */
bool tp_odk_private_from_pem(const void *pem, size_t count, struct tp_odk_private *key,
                             struct tp_error *error);

/* What a manifest says, as read by the caller. */
struct tp_odk_manifest {
    const char *form_id;
    const char *form_version; /* "" for none */
    const char *instance_id;
    const char *wrapped_key; /* base64EncryptedKey, exactly as it stands */
    const char *signature;   /* base64EncryptedElementSignature; "" for none */
    size_t media_count;      /* media files, encrypted before the XML */
};

/* Files come to an office's machine at most this large. */
#define TP_ODK_MEDIA_MAX (256u * 1024u * 1024u)

/* A file that belongs to an answer, in the manifest's order. */
struct tp_odk_media {
    const char *name; /* as the manifest has it: with ".enc" */
    const void *encrypted;
    size_t count;
    struct tp_buf plain; /* initialised by the caller, who wipes it; filled here */
};

/* The name that it had before it was encrypted: the length of it in `name`. */
size_t tp_odk_media_name(const char *name);

/* Appends the instance XML to `plain`, and opens all its files: manifest->media_count of them. The
 * element signature must be there and fit all of them together, so that none was altered, swapped
 * or left out: else TP_ERR_CRYPTO, as for another key. Nothing that was opened is to be used on
 * failure. With `media` NULL the XML alone is opened; the signature is then held against it where
 * there is one and the answer has no files (whose own hashes it would need too). */
bool tp_odk_open(const struct tp_odk_private *key, const struct tp_odk_manifest *manifest,
                 struct tp_odk_media *media, const void *encrypted, size_t count,
                 struct tp_buf *plain, struct tp_error *error);

#endif
