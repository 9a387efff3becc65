#include <limits.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <sodium.h>
#include <string.h>

#include "base/mem.h"
#include "store/odk_internal.h"

/* A PEM file with a passphrase asks the terminal by itself; here it is refused instead. */
static int no_passphrase(char *out, int size, int writing, void *context)
{
    (void)out;
    (void)size;
    (void)writing;
    (void)context;
    return -1;
}

bool tp_odk_private_from_pem(const void *pem, size_t count, struct tp_odk_private *key,
                             struct tp_error *error)
{
    BIO *bio = count && count <= INT_MAX ? BIO_new_mem_buf(pem, (int)count) : NULL;
    EVP_PKEY *read = bio ? PEM_read_bio_PrivateKey(bio, NULL, no_passphrase, NULL) : NULL;
    unsigned char *to = key->der;
    int length = read && EVP_PKEY_is_a(read, "RSA") ? i2d_PrivateKey(read, NULL) : 0;
    bool ok = length > 0 && (size_t)length <= sizeof(key->der);

    BIO_free(bio);
    if (ok)
        key->count = (size_t)i2d_PrivateKey(read, &to);
    EVP_PKEY_free(read);
    ERR_clear_error(); /* libpq looks at the same queue */
    return ok || tp_fail(error, TP_ERR_CRYPTO,
                         "not an RSA private key (PEM) without a passphrase; take one off with: "
                         "openssl pkey -in KEY -out PLAIN");
}

/* From base64 (white space allowed) through RSA: exactly `count` bytes. */
static bool unwrap(EVP_PKEY *key, const char *text, unsigned char *out, size_t count)
{
    unsigned char wrapped[TP_ODK_WRAPPED_MAX];
    unsigned char plain[TP_ODK_WRAPPED_MAX];
    size_t wrapped_count = 0;
    size_t length = sizeof(plain);
    EVP_PKEY_CTX *context = tp_odk_oaep(key, false);
    bool ok = context &&
              sodium_base642bin(wrapped, sizeof(wrapped), text, strlen(text), " \t\r\n",
                                &wrapped_count, NULL, sodium_base64_VARIANT_ORIGINAL) == 0 &&
              EVP_PKEY_decrypt(context, plain, &length, wrapped, wrapped_count) == 1 &&
              length == count;

    if (ok)
        memcpy(out, plain, count);
    tp_wipe(plain, sizeof(plain));
    EVP_PKEY_CTX_free(context);
    return ok;
}

static bool decrypt(const unsigned char key[TP_ODK_KEY_BYTES], const unsigned char iv[TP_ODK_BLOCK],
                    const void *encrypted, size_t count, unsigned char *out)
{
    EVP_CIPHER_CTX *cipher = EVP_CIPHER_CTX_new();
    int length = 0;
    bool ok = cipher && EVP_DecryptInit_ex(cipher, EVP_aes_256_cfb128(), NULL, key, iv) == 1 &&
              EVP_DecryptUpdate(cipher, out, &length, encrypted, (int)count) == 1 &&
              (size_t)length == count;

    EVP_CIPHER_CTX_free(cipher);
    return ok;
}

/* PKCS#7: the last byte says how many like it are padding. */
static bool unpad(const unsigned char *bytes, size_t *count)
{
    size_t padding = bytes[*count - 1];

    if (padding == 0 || padding > TP_ODK_BLOCK || padding > *count)
        return false;
    for (size_t i = 1; i <= padding; i++)
        if (bytes[*count - i] != padding)
            return false;
    *count -= padding;
    return true;
}

static bool signature_fits(EVP_PKEY *key, const struct tp_odk_manifest *manifest,
                           const struct tp_odk_media *media, const void *xml, size_t count)
{
    unsigned char theirs[TP_ODK_MD5_BYTES];
    unsigned char ours[TP_ODK_MD5_BYTES];

    if (!media && (manifest->media_count || !*manifest->signature))
        return true;
    return unwrap(key, manifest->signature, theirs, sizeof(theirs)) &&
           tp_odk_signed(manifest, media, xml, count, ours) &&
           sodium_memcmp(theirs, ours, sizeof(ours)) == 0;
}

/* The `number`-th file, to `out`, which has room for `*count` bytes. */
static bool open_file(const struct tp_odk_manifest *manifest,
                      const unsigned char aes[TP_ODK_KEY_BYTES], size_t number,
                      const void *encrypted, unsigned char *out, size_t *count)
{
    unsigned char iv[TP_ODK_BLOCK];

    return tp_odk_iv(manifest->instance_id, aes, number, iv) &&
           decrypt(aes, iv, encrypted, *count, out) && unpad(out, count);
}

static bool open_media(const struct tp_odk_manifest *manifest,
                       const unsigned char aes[TP_ODK_KEY_BYTES], struct tp_odk_media *media,
                       struct tp_error *error)
{
    for (size_t i = 0; media && i < manifest->media_count; i++) {
        struct tp_odk_media *file = &media[i];
        size_t length = file->count;

        if (length == 0 || length > TP_ODK_MEDIA_MAX)
            return tp_fail(error, TP_ERR_CRYPTO, "'%s' is empty or too large", file->name);
        if (!tp_buf_make_room(&file->plain, length, error))
            return false;
        if (!open_file(manifest, aes, i, file->encrypted, (unsigned char *)file->plain.data,
                       &length))
            return tp_fail(error, TP_ERR_CRYPTO, "'%s' was altered: it does not open", file->name);
        file->plain.length = length;
        file->plain.data[length] = '\0';
    }
    return true;
}

static bool open_with(EVP_PKEY *key, const struct tp_odk_manifest *manifest,
                      struct tp_odk_media *media, const void *encrypted, unsigned char *work,
                      size_t *count, struct tp_error *error)
{
    unsigned char aes[TP_ODK_KEY_BYTES];
    bool ok = unwrap(key, manifest->wrapped_key, aes, sizeof(aes));

    if (!ok)
        tp_fail(error, TP_ERR_CRYPTO, "the answer is encrypted to another key");
    ok = ok && open_media(manifest, aes, media, error);
    if (ok && !(open_file(manifest, aes, manifest->media_count, encrypted, work, count) &&
                signature_fits(key, manifest, media, work, *count)))
        ok = tp_fail(error, TP_ERR_CRYPTO,
                     media ? "the encrypted answer or a file of it was altered or swapped: they do "
                             "not fit its signature"
                           : "the encrypted answer was altered: it does not open");
    tp_wipe(aes, sizeof(aes));
    return ok;
}

bool tp_odk_open(const struct tp_odk_private *key, const struct tp_odk_manifest *manifest,
                 struct tp_odk_media *media, const void *encrypted, size_t count,
                 struct tp_buf *plain, struct tp_error *error)
{
    const unsigned char *der = key->der;
    EVP_PKEY *private_key;
    unsigned char *work;
    size_t length = count;
    bool ok = false;

    if (count == 0 || count > TP_ODK_PLAIN_MAX + 2 * TP_ODK_PAD)
        return tp_fail(error, TP_ERR_INVALID, "not an ODK encrypted answer");
    private_key = d2i_AutoPrivateKey(NULL, &der, (long)key->count);
    if (!private_key)
        return tp_fail(error, TP_ERR_CRYPTO, "not an RSA private key");
    work = tp_calloc(count, 1);
    if (!work)
        tp_fail_memory(error);
    else if (open_with(private_key, manifest, media, encrypted, work, &length, error) &&
             tp_buf_make_room(plain, length, error))
        ok = tp_buf_add(plain, work, length);
    if (work)
        tp_wipe(work, count);
    tp_free(work);
    EVP_PKEY_free(private_key);
    ERR_clear_error();
    return ok;
}
