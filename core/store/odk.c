#include <openssl/err.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <sodium.h>
#include <string.h>

#include "base/mem.h"
#include "base/xml_text.h"
#include "store/odk_internal.h"

#define LENGTH_BYTES 4u
#define ENCRYPTED_END ".enc"
#define HEAD_BYTES (TP_ODK_MAGIC_BYTES + LENGTH_BYTES)
/* The public key's own text, with room for line ends. */
#define PUBLIC_DER_MAX 2048u

/* ---- what both sides do ---- */

EVP_PKEY_CTX *tp_odk_oaep(EVP_PKEY *key, bool encrypt)
{
    EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_pkey(NULL, key, NULL);

    if (context &&
        (encrypt ? EVP_PKEY_encrypt_init(context) : EVP_PKEY_decrypt_init(context)) == 1 &&
        EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_OAEP_PADDING) == 1 &&
        EVP_PKEY_CTX_set_rsa_oaep_md(context, EVP_sha256()) == 1 &&
        EVP_PKEY_CTX_set_rsa_mgf1_md(context, EVP_sha256()) == 1)
        return context;
    EVP_PKEY_CTX_free(context);
    return NULL;
}

bool tp_odk_iv(const char *instance_id, const unsigned char key[TP_ODK_KEY_BYTES], size_t number,
               unsigned char iv[TP_ODK_BLOCK])
{
    EVP_MD_CTX *md5 = EVP_MD_CTX_new();
    bool ok = md5 && EVP_DigestInit_ex(md5, EVP_md5(), NULL) == 1 &&
              EVP_DigestUpdate(md5, instance_id, strlen(instance_id)) == 1 &&
              EVP_DigestUpdate(md5, key, TP_ODK_KEY_BYTES) == 1 &&
              EVP_DigestFinal_ex(md5, iv, NULL) == 1;

    EVP_MD_CTX_free(md5);
    for (size_t i = 0; ok && i <= number; i++)
        iv[i % TP_ODK_BLOCK]++;
    return ok;
}

static bool add_line(EVP_MD_CTX *md5, const char *line)
{
    return EVP_DigestUpdate(md5, line, strlen(line)) == 1 && EVP_DigestUpdate(md5, "\n", 1) == 1;
}

size_t tp_odk_media_name(const char *name)
{
    size_t length = strlen(name);

    return length > strlen(ENCRYPTED_END) &&
                   strcmp(name + length - strlen(ENCRYPTED_END), ENCRYPTED_END) == 0
               ? length - strlen(ENCRYPTED_END)
               : length;
}

static bool add_file(EVP_MD_CTX *md5, const char *name, size_t length, const void *bytes,
                     size_t count)
{
    unsigned char digest[TP_ODK_MD5_BYTES];
    char text[TP_HEX_MAX(TP_ODK_MD5_BYTES)];

    if (EVP_Digest(bytes, count, digest, NULL, EVP_md5(), NULL) != 1)
        return false;
    tp_hex(digest, sizeof(digest), text);
    return EVP_DigestUpdate(md5, name, length) == 1 && EVP_DigestUpdate(md5, "::", 2) == 1 &&
           add_line(md5, text);
}

bool tp_odk_signed(const struct tp_odk_manifest *manifest, const struct tp_odk_media *media,
                   const void *xml, size_t count, unsigned char md5[TP_ODK_MD5_BYTES])
{
    EVP_MD_CTX *lines = EVP_MD_CTX_new();
    bool ok = lines && EVP_DigestInit_ex(lines, EVP_md5(), NULL) == 1 &&
              add_line(lines, manifest->form_id) &&
              (!*manifest->form_version || add_line(lines, manifest->form_version)) &&
              add_line(lines, manifest->wrapped_key) && add_line(lines, manifest->instance_id);

    for (size_t i = 0; ok && media && i < manifest->media_count; i++)
        ok = add_file(lines, media[i].name, tp_odk_media_name(media[i].name),
                      tp_buf_text(&media[i].plain), media[i].plain.length);
    ok = ok && add_file(lines, TP_ODK_XML_NAME, strlen(TP_ODK_XML_NAME), xml, count) &&
         EVP_DigestFinal_ex(lines, md5, NULL) == 1;
    EVP_MD_CTX_free(lines);
    return ok;
}

/* ---- the form's key ---- */

static EVP_PKEY *read_key(const char *text, struct tp_error *error)
{
    unsigned char der[PUBLIC_DER_MAX];
    const unsigned char *from = der;
    size_t count = 0;
    EVP_PKEY *key = NULL;

    if (sodium_base642bin(der, sizeof(der), text, strlen(text), " \t\r\n", &count, NULL,
                          sodium_base64_VARIANT_ORIGINAL) == 0)
        key = d2i_PUBKEY(NULL, &from, (long)count);
    if (!key || from != der + count || !EVP_PKEY_is_a(key, "RSA"))
        tp_fail(error, TP_ERR_CRYPTO,
                "the form's public_key is not an RSA public key in base64: copy all of it, without "
                "its first and last line");
    else if (EVP_PKEY_get_bits(key) < TP_ODK_BITS_MIN || EVP_PKEY_get_bits(key) > TP_ODK_BITS_MAX)
        tp_fail(error, TP_ERR_CRYPTO,
                "the form's public_key has %d bits; make one of %d to %d (openssl genpkey "
                "-algorithm RSA -pkeyopt rsa_keygen_bits:%d)",
                EVP_PKEY_get_bits(key), TP_ODK_BITS_MIN, TP_ODK_BITS_MAX, TP_ODK_BITS_MIN);
    else
        return key;
    EVP_PKEY_free(key);
    ERR_clear_error(); /* libcurl and libpq look at the same queue */
    return NULL;
}

bool tp_odk_key_check(const char *public_key, struct tp_error *error)
{
    EVP_PKEY *key = read_key(public_key, error);

    EVP_PKEY_free(key);
    return key;
}

/* RSA of a few bytes, as base64 without line ends. */
static bool wrap(EVP_PKEY *key, const void *plain, size_t count, char text[TP_ODK_WRAPPED_TEXT_MAX])
{
    unsigned char wrapped[TP_ODK_WRAPPED_MAX];
    size_t length = sizeof(wrapped);
    EVP_PKEY_CTX *context = tp_odk_oaep(key, true);
    bool ok = context && EVP_PKEY_encrypt(context, wrapped, &length, plain, count) == 1;

    if (ok)
        tp_base64(wrapped, length, text);
    EVP_PKEY_CTX_free(context);
    return ok;
}

/* ---- sealing ---- */

static bool put_manifest(struct tp_buf *xml, const struct tp_odk_manifest *manifest)
{
    bool ok;

    tp_buf_puts(xml, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                     "<data xmlns=\"http://opendatakit.org/submissions\" id=\"");
    ok = tp_xml_put_name(xml, manifest->form_id);
    if (*manifest->form_version) {
        tp_buf_puts(xml, "\" version=\"");
        ok = tp_xml_put_name(xml, manifest->form_version) && ok;
    }
    tp_buf_printf(xml,
                  "\" encrypted=\"yes\">"
                  "<base64EncryptedKey>%s</base64EncryptedKey>"
                  "<orx:meta xmlns:orx=\"http://openrosa.org/xforms\"><orx:instanceID>",
                  manifest->wrapped_key);
    ok = tp_xml_put_name(xml, manifest->instance_id) && ok;
    tp_buf_printf(xml,
                  "</orx:instanceID></orx:meta>"
                  "<encryptedXmlFile>" TP_ODK_FILE_NAME "</encryptedXmlFile>"
                  "<base64EncryptedElementSignature>%s</base64EncryptedElementSignature></data>\n",
                  manifest->signature);
    return ok && tp_buf_ok(xml);
}

/* The XML and line ends, one byte short of a multiple of TP_ODK_PAD: the cipher's own padding adds
 * it. XML allows white space after the root. */
static size_t filled_up(size_t count)
{
    return (count / TP_ODK_PAD + 1) * TP_ODK_PAD - 1;
}

static bool encrypt(const unsigned char key[TP_ODK_KEY_BYTES], const unsigned char iv[TP_ODK_BLOCK],
                    const unsigned char *plain, size_t count, unsigned char *out)
{
    EVP_CIPHER_CTX *cipher = EVP_CIPHER_CTX_new();
    int length = 0;
    int last = 0;
    bool ok = cipher && EVP_EncryptInit_ex(cipher, EVP_aes_256_cfb128(), NULL, key, iv) == 1 &&
              EVP_EncryptUpdate(cipher, out, &length, plain, (int)count) == 1 &&
              EVP_EncryptFinal_ex(cipher, out + length, &last) == 1 &&
              (size_t)length + (size_t)last == count;

    EVP_CIPHER_CTX_free(cipher);
    return ok;
}

/* One answer on its way into its bytes. */
struct sealing {
    unsigned char key[TP_ODK_KEY_BYTES];
    unsigned char iv[TP_ODK_BLOCK];
    char wrapped_key[TP_ODK_WRAPPED_TEXT_MAX];
    char signature[TP_ODK_WRAPPED_TEXT_MAX];
    struct tp_buf manifest;
};

static bool lock(const struct tp_odk_answer *answer, EVP_PKEY *public_key,
                 const unsigned char *padded, size_t xml_count, struct sealing *sealing)
{
    const struct tp_odk_manifest manifest = {.form_id = answer->form_id,
                                             .form_version = answer->form_version,
                                             .instance_id = answer->instance_id,
                                             .wrapped_key = sealing->wrapped_key,
                                             .signature = sealing->signature};
    unsigned char md5[TP_ODK_MD5_BYTES];

    randombytes_buf(sealing->key, sizeof(sealing->key));
    return wrap(public_key, sealing->key, sizeof(sealing->key), sealing->wrapped_key) &&
           tp_odk_signed(&manifest, NULL, padded, xml_count, md5) &&
           wrap(public_key, md5, sizeof(md5), sealing->signature) &&
           tp_odk_iv(answer->instance_id, sealing->key, 0, sealing->iv) &&
           put_manifest(&sealing->manifest, &manifest);
}

static void put_length(struct tp_buf *sealed, size_t count)
{
    for (unsigned shift = 32; shift; shift -= 8)
        tp_buf_putc(sealed, (char)(count >> (shift - 8) & 0xff));
}

/* There is room: nothing of it can fail. */
static void put_head(struct tp_buf *sealed, const void *manifest, size_t count)
{
    tp_buf_add(sealed, TP_ODK_MAGIC, TP_ODK_MAGIC_BYTES);
    put_length(sealed, count);
    tp_buf_add(sealed, manifest, count);
}

static bool seal_padded(const struct tp_odk_answer *answer, EVP_PKEY *public_key,
                        const unsigned char *padded, size_t xml_count, struct tp_buf *sealed,
                        struct tp_error *error)
{
    size_t count = xml_count + 1; /* with the cipher's padding: PKCS#7, here always one byte */
    struct sealing sealing = {.manifest = {.max = TP_ODK_MANIFEST_MAX}};
    size_t before = sealed->length;
    unsigned char *out;
    bool ok = lock(answer, public_key, padded, xml_count, &sealing);

    if (!ok && !tp_buf_ok(&sealing.manifest)) {
        tp_fail_memory(error); /* the names are capped far below the manifest's most */
    } else if (!ok) {
        tp_fail(error, TP_ERR_CRYPTO, "the answer cannot be encrypted to the form's public_key");
    } else if ((ok = tp_buf_make_room(sealed, HEAD_BYTES + sealing.manifest.length + count,
                                      error))) {
        put_head(sealed, sealing.manifest.data, sealing.manifest.length);
        out = tp_calloc(count, 1);
        ok = out && encrypt(sealing.key, sealing.iv, padded, count, out);
        if (ok)
            tp_buf_add(sealed, out, count);
        else if (!out)
            tp_fail_memory(error);
        else
            tp_fail(error, TP_ERR_CRYPTO, "the answer cannot be encrypted");
        tp_free(out);
    }
    if (!ok)
        sealed->length = before;
    tp_buf_finish(&sealing.manifest);
    tp_wipe(&sealing, sizeof(sealing));
    return ok;
}

bool tp_odk_seal(const struct tp_odk_answer *answer, struct tp_buf *sealed, struct tp_error *error)
{
    size_t xml_count = filled_up(answer->xml_count);
    EVP_PKEY *public_key;
    unsigned char *padded;
    bool ok;

    if (answer->xml_count > TP_ODK_PLAIN_MAX)
        return tp_fail(error, TP_ERR_LIMIT, "an answer of %zu bytes; at most %u are taken",
                       answer->xml_count, TP_ODK_PLAIN_MAX);
    if (sodium_init() < 0)
        return tp_fail(error, TP_ERR_CRYPTO, "libsodium cannot start");
    public_key = read_key(answer->public_key, error);
    if (!public_key)
        return false;
    padded = tp_calloc(xml_count + 1, 1);
    if (!padded) {
        EVP_PKEY_free(public_key);
        return tp_fail_memory(error);
    }
    memcpy(padded, answer->xml, answer->xml_count);
    memset(padded + answer->xml_count, '\n', xml_count - answer->xml_count);
    padded[xml_count] = 1;
    ok = seal_padded(answer, public_key, padded, xml_count, sealed, error);
    tp_wipe(padded, xml_count + 1);
    tp_free(padded);
    EVP_PKEY_free(public_key);
    return ok;
}

/* ---- the bytes of the outbox ---- */

bool tp_odk_is(const void *sealed, size_t count)
{
    return count >= TP_ODK_MAGIC_BYTES && memcmp(sealed, TP_ODK_MAGIC, TP_ODK_MAGIC_BYTES) == 0;
}

bool tp_odk_split(const void *sealed, size_t count, struct tp_odk_parts *parts,
                  struct tp_error *error)
{
    const unsigned char *bytes = sealed;
    size_t length = 0;

    if (!tp_odk_is(sealed, count) || count < HEAD_BYTES)
        return tp_fail(error, TP_ERR_INVALID, "not an ODK encrypted answer");
    for (size_t i = 0; i < LENGTH_BYTES; i++)
        length = length << 8 | bytes[TP_ODK_MAGIC_BYTES + i];
    if (length == 0 || length > TP_ODK_MANIFEST_MAX || length >= count - HEAD_BYTES)
        return tp_fail(error, TP_ERR_INVALID, "an ODK encrypted answer that is not whole");
    *parts = (struct tp_odk_parts){.manifest = (const char *)bytes + HEAD_BYTES,
                                   .manifest_count = length,
                                   .encrypted = bytes + HEAD_BYTES + length,
                                   .encrypted_count = count - HEAD_BYTES - length};
    return true;
}

bool tp_odk_join(const struct tp_odk_parts *parts, struct tp_buf *sealed, struct tp_error *error)
{
    if (parts->manifest_count == 0)
        return tp_fail(error, TP_ERR_INVALID, "an ODK encrypted answer without its manifest");
    if (parts->manifest_count > TP_ODK_MANIFEST_MAX)
        return tp_fail(error, TP_ERR_LIMIT, "its manifest is larger than %u bytes",
                       TP_ODK_MANIFEST_MAX);
    if (!tp_buf_make_room(sealed, HEAD_BYTES + parts->manifest_count + parts->encrypted_count,
                          error))
        return false;
    put_head(sealed, parts->manifest, parts->manifest_count);
    return parts->encrypted_count == 0 ||
           tp_buf_add(sealed, parts->encrypted, parts->encrypted_count);
}
