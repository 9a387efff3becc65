/*
 * What sealing (odk.c) and opening (odk_open.c) share. For core/store only.
 */
#ifndef TP_STORE_ODK_INTERNAL_H
#define TP_STORE_ODK_INTERNAL_H

#include <openssl/evp.h>

#include "store/odk.h"

#define TP_ODK_KEY_BYTES 32u
#define TP_ODK_BLOCK 16u
#define TP_ODK_MD5_BYTES 16u

/* OAEP with SHA-256 in both places, for encrypting or decrypting. NULL on failure. */
EVP_PKEY_CTX *tp_odk_oaep(EVP_PKEY *key, bool encrypt);

/* The IV of the `number`-th file (from 0): the MD5 of instance ID and AES key, with byte
 * `i % 16` raised by one for each file i up to it. */
bool tp_odk_iv(const char *instance_id, const unsigned char key[TP_ODK_KEY_BYTES], size_t number,
               unsigned char iv[TP_ODK_BLOCK]);

/* What the element signature is the MD5 of: form ID, version (where there is one), wrapped key,
 * instance ID, and of each file of `media` (manifest->media_count of them, opened; NULL: none) and
 * then of the XML "NAME::" with its MD5, a line each. */
bool tp_odk_signed(const struct tp_odk_manifest *manifest, const struct tp_odk_media *media,
                   const void *xml, size_t count, unsigned char md5[TP_ODK_MD5_BYTES]);

#endif
