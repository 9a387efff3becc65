#include "central/keys.h"

#include <dirent.h>
#include <errno.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/mem.h"
#include "central/export/unlock.h"

/* One line of base64; a key file that is longer is something else. */
#define KEY_FILE_MAX 256u
#define PATH_MAX_BYTES 4096u
/* An RSA key of 8,192 bits takes 6.4 kB. */
#define PEM_FILE_MAX (16u * 1024u)

static bool path_in(const char *folder, const char *name, char path[PATH_MAX_BYTES],
                    struct tp_error *error)
{
    int length = snprintf(path, PATH_MAX_BYTES, "%s/%s", folder, name);

    return (length > 0 && (size_t)length < PATH_MAX_BYTES) ||
           tp_fail(error, TP_ERR_LIMIT, "the path of '%s' is too long", name);
}

static bool write_line(const char *folder, const char *name, const char *text, mode_t mode,
                       struct tp_error *error)
{
    char path[PATH_MAX_BYTES];
    char line[KEY_FILE_MAX];
    int length = snprintf(line, sizeof(line), "%s\n", text);
    bool ok = path_in(folder, name, path, error) &&
              tp_file_write_atomic(path, line, (size_t)length, mode, error);

    tp_wipe(line, sizeof(line));
    return ok;
}

static bool read_line(const char *path, char line[KEY_FILE_MAX], struct tp_error *error)
{
    struct tp_buf text;
    bool ok;

    tp_buf_init(&text, KEY_FILE_MAX - 1);
    ok = tp_file_read(path, &text, error);
    if (ok) {
        memcpy(line, tp_buf_text(&text), text.length + 1);
        line[strcspn(line, "\r\n")] = '\0';
    }
    tp_buf_finish(&text);
    return ok;
}

static bool is_there(const char *folder, const char *name)
{
    char path[PATH_MAX_BYTES];

    return path_in(folder, name, path, NULL) && access(path, F_OK) == 0;
}

/* Writes a key into a file that must not be there: a stick, or a folder on another machine. */
static bool write_apart(const char *path, const char *text, struct tp_error *error)
{
    char line[KEY_FILE_MAX];
    int length = snprintf(line, sizeof(line), "%s\n", text);
    bool ok;

    if (access(path, F_OK) == 0)
        return tp_fail(error, TP_ERR_CONFLICT, "'%s' is there already; choose another name", path);
    ok = tp_file_write_atomic(path, line, (size_t)length, 0600, error);
    tp_wipe(line, sizeof(line));
    return ok;
}

static bool make_sealing(const char *folder, const char *apart, struct tp_error *error)
{
    struct tp_seal_pair pair;
    char public[TP_SEAL_KEY_TEXT_MAX];
    char secret[TP_BASE64_MAX(sizeof(pair.secret))];
    bool ok;

    if (!tp_seal_pair_generate(&pair, error))
        return false;
    tp_seal_key_to_text(&pair.key, public);
    tp_base64(pair.secret, sizeof(pair.secret), secret);
    /* The public half last: it says that the pair is whole. */
    ok = (apart ? write_apart(apart, secret, error)
                : write_line(folder, "sealing.key", secret, 0600, error)) &&
         write_line(folder, "sealing.pub", public, 0644, error);
    tp_wipe(&pair, sizeof(pair));
    tp_wipe(secret, sizeof(secret));
    return ok;
}

static bool make_receipt(const char *folder, struct tp_error *error)
{
    struct tp_receipt_pair pair;
    char public[TP_RECEIPT_KEY_TEXT_MAX];
    char secret[TP_RECEIPT_SECRET_TEXT_MAX];
    bool ok;

    if (!tp_receipt_pair_generate(&pair, error))
        return false;
    tp_receipt_key_to_text(&pair.key, public);
    tp_base64(pair.secret, sizeof(pair.secret), secret);
    ok = write_line(folder, "receipt.key", secret, 0600, error) &&
         write_line(folder, "receipt.pub", public, 0644, error);
    tp_wipe(&pair, sizeof(pair));
    tp_wipe(secret, sizeof(secret));
    return ok;
}

bool tp_keys_make(const char *data, const char *apart, struct tp_error *error)
{
    char folder[PATH_MAX_BYTES];

    return path_in(data, "keys", folder, error) && tp_dir_make(folder, 0700, error) &&
           (is_there(folder, "sealing.pub") || make_sealing(folder, apart, error)) &&
           (is_there(folder, "receipt.pub") || make_receipt(folder, error));
}

/* Puts a file of the present pair aside, where it is there. */
static bool put_aside(const char *folder, const char *name, const char *aside,
                      struct tp_error *error)
{
    char from[PATH_MAX_BYTES];
    char to[PATH_MAX_BYTES];

    if (!is_there(folder, name))
        return true;
    return path_in(folder, name, from, error) && path_in(folder, aside, to, error) &&
           (link(from, to) == 0 || errno == EEXIST ||
            tp_fail_errno(error, errno, "cannot keep '%s'", aside));
}

bool tp_keys_rotate(const char *data, const char *apart, struct tp_error *error)
{
    char folder[PATH_MAX_BYTES];
    char path[PATH_MAX_BYTES];
    char line[KEY_FILE_MAX];
    char private_name[64];
    char public_name[64];
    unsigned char digest[TP_SHA256_BYTES];
    char hex[TP_SHA256_TEXT_MAX];

    if (!path_in(data, "keys", folder, error) || !path_in(folder, "sealing.pub", path, error) ||
        !read_line(path, line, error))
        return false;
    tp_token_digest(line, digest);
    tp_hex(digest, sizeof(digest), hex);
    (void)snprintf(private_name, sizeof(private_name), "sealing-%.12s.key", hex);
    (void)snprintf(public_name, sizeof(public_name), "sealing-%.12s.pub", hex);
    if (!put_aside(folder, "sealing.key", private_name, error) ||
        !put_aside(folder, "sealing.pub", public_name, error))
        return false;
    /* A private key that stayed would not be that of the new public one. */
    if (apart && path_in(folder, "sealing.key", path, error) && is_there(folder, "sealing.key") &&
        unlink(path) != 0)
        return tp_fail_errno(error, errno, "cannot remove '%s'", path);
    return make_sealing(folder, apart, error);
}

static bool know(struct tp_keys *keys, const struct tp_seal_key *key, struct tp_error *error)
{
    if (tp_keys_knows(keys, key))
        return true;
    if (keys->known_count == TP_SEALING_KEYS_MAX)
        return tp_fail(error, TP_ERR_LIMIT, "more than %u sealing keys", TP_SEALING_KEYS_MAX);
    keys->known[keys->known_count++] = *key;
    return true;
}

/* The key of a private key's openings comes out of it, so that there is no second file to keep. */
static void derive_opening(const struct tp_seal_pair *pair, unsigned char key[TP_OPENING_KEY_BYTES])
{
    static const unsigned char purpose[] = "talkpoint-opening-1\n";

    (void)crypto_generichash(key, TP_OPENING_KEY_BYTES, purpose, sizeof(purpose) - 1, pair->secret,
                             sizeof(pair->secret));
}

static bool add_private(const char *path, struct tp_keys *keys, struct tp_error *error)
{
    char line[KEY_FILE_MAX];
    struct tp_seal_pair pair;
    bool ok = read_line(path, line, error) &&
              (tp_seal_pair_from_text(line, &pair, error) || tp_fail_prefix(error, "'%s'", path));

    tp_wipe(line, sizeof(line));
    if (!ok)
        return false;
    ok = know(keys, &pair.key, error);
    if (ok && keys->unsealing_count < TP_SEALING_KEYS_MAX) {
        derive_opening(&pair, keys->opening[keys->unsealing_count]);
        keys->unsealing[keys->unsealing_count++] = pair;
    }
    tp_wipe(&pair, sizeof(pair));
    return ok;
}

static bool add_pem(const struct tp_buf *pem, struct tp_keys *keys, struct tp_error *error)
{
    if (keys->odk_count == TP_ODK_KEYS_MAX)
        return tp_fail(error, TP_ERR_LIMIT, "more than %u keys of forms", TP_ODK_KEYS_MAX);
    if (!tp_odk_private_from_pem(tp_buf_text(pem), pem->length, &keys->odk[keys->odk_count], error))
        return false;
    keys->odk_count++;
    return true;
}

/* A file that may be either kind: a PEM says so itself. */
static bool add_any(const char *path, struct tp_keys *keys, struct tp_error *error)
{
    struct tp_buf bytes;
    bool ok;

    tp_buf_init(&bytes, PEM_FILE_MAX);
    ok = tp_file_read(path, &bytes, error);
    if (ok && strstr(tp_buf_text(&bytes), "-----BEGIN "))
        ok = add_pem(&bytes, keys, error) || tp_fail_prefix(error, "'%s'", path);
    else if (ok)
        ok = add_private(path, keys, error);
    tp_buf_finish(&bytes);
    return ok;
}

static bool add_public(const char *path, struct tp_seal_key *key, struct tp_keys *keys,
                       struct tp_error *error)
{
    char line[KEY_FILE_MAX];

    return read_line(path, line, error) &&
           (tp_seal_key_from_text(line, key, error) || tp_fail_prefix(error, "'%s'", path)) &&
           know(keys, key, error);
}

static bool ends_with(const char *name, const char *end)
{
    size_t length = strlen(name);

    return length >= strlen(end) && strcmp(name + length - strlen(end), end) == 0;
}

static bool read_folder(const char *folder, bool public_too, struct tp_keys *keys,
                        struct tp_error *error)
{
    DIR *dir = opendir(folder);
    struct dirent *entry;
    bool ok = true;

    if (!dir)
        return tp_fail(error, TP_ERR_NOT_FOUND, "cannot read the folder of keys '%s'", folder);
    while (ok && (entry = readdir(dir))) {
        char path[PATH_MAX_BYTES];
        struct tp_seal_key key;

        if (strncmp(entry->d_name, "sealing", 7) != 0 && strncmp(entry->d_name, "odk", 3) != 0)
            continue;
        ok = path_in(folder, entry->d_name, path, error);
        if (ok && ends_with(entry->d_name, ".pem"))
            ok = add_any(path, keys, error);
        else if (ok && ends_with(entry->d_name, ".key"))
            ok = add_private(path, keys, error);
        else if (ok && public_too && ends_with(entry->d_name, ".pub"))
            ok = add_public(path, &key, keys, error);
    }
    (void)closedir(dir);
    return ok;
}

bool tp_keys_add(const char *path, struct tp_keys *keys, struct tp_error *error)
{
    struct stat status;

    if (stat(path, &status) == 0 && S_ISDIR(status.st_mode))
        return read_folder(path, false, keys, error);
    return add_any(path, keys, error);
}

bool tp_keys_read(const char *data, struct tp_keys *keys, struct tp_error *error)
{
    struct tp_keys read = {.known_count = 0};
    char folder[PATH_MAX_BYTES];
    char path[PATH_MAX_BYTES];
    char line[KEY_FILE_MAX] = "";
    bool ok = path_in(data, "keys", folder, error) && path_in(folder, "sealing.pub", path, error) &&
              add_public(path, &read.sealing, &read, error) &&
              read_folder(folder, true, &read, error) &&
              path_in(folder, "receipt.key", path, error) && read_line(path, line, error) &&
              (tp_receipt_pair_from_text(line, &read.receipt, error) ||
               tp_fail_prefix(error, "'%s'", path));

    tp_wipe(line, sizeof(line));
    if (ok)
        *keys = read;
    tp_keys_finish(&read);
    return ok;
}

void tp_keys_finish(struct tp_keys *keys)
{
    tp_wipe(keys, sizeof(*keys));
}

bool tp_keys_knows(const struct tp_keys *keys, const struct tp_seal_key *key)
{
    for (size_t i = 0; i < keys->known_count; i++) {
        if (memcmp(&keys->known[i], key, sizeof(*key)) == 0)
            return true;
    }
    return false;
}

bool tp_keys_can_unseal(const struct tp_keys *keys)
{
    return keys->unsealing_count || keys->odk_count;
}

bool tp_keys_which(const struct tp_keys *keys, const void *sealed, size_t count, size_t *which,
                   struct tp_error *error)
{
    struct tp_seal_key key;

    if (!tp_seal_recipient(sealed, count, &key, error))
        return false;
    for (size_t i = 0; i < keys->unsealing_count; i++) {
        if (memcmp(&keys->unsealing[i].key, &key, sizeof(key)) == 0) {
            *which = i;
            return true;
        }
    }
    return tp_fail(error, TP_ERR_CRYPTO,
                   "the private sealing key for this answer is not here; use the machine that "
                   "holds it, or name it with --key");
}

bool tp_keys_unseal(const struct tp_keys *keys, const void *sealed, size_t count,
                    struct tp_buf *plain, struct tp_error *error)
{
    size_t which = 0;

    if (tp_odk_is(sealed, count))
        return tp_unlock(keys->odk, keys->odk_count, sealed, count, plain, error);
    return tp_keys_which(keys, sealed, count, &which, error) &&
           tp_unseal(&keys->unsealing[which], sealed, count, plain, error);
}

void tp_keys_token(const struct tp_keys *keys, int64_t id, const char *secret,
                   char token[TP_BASE64_MAX(32)])
{
    static const char purpose[] = "talkpoint-claim-1\n";
    unsigned char key[crypto_generichash_KEYBYTES];
    unsigned char bytes[32];
    crypto_generichash_state state;

    (void)crypto_generichash(key, sizeof(key), (const unsigned char *)purpose, sizeof(purpose) - 1,
                             keys->receipt.secret, crypto_sign_SEEDBYTES);
    (void)crypto_generichash_init(&state, key, sizeof(key), sizeof(bytes));
    (void)crypto_generichash_update(&state, (const unsigned char *)&id, sizeof(id));
    (void)crypto_generichash_update(&state, (const unsigned char *)secret, strlen(secret));
    (void)crypto_generichash_final(&state, bytes, sizeof(bytes));
    tp_base64url(bytes, sizeof(bytes), token);
    tp_wipe(key, sizeof(key));
    tp_wipe(bytes, sizeof(bytes));
    tp_wipe(&state, sizeof(state));
}

void tp_keys_announce(const struct tp_keys *keys, char key[TP_SEAL_KEY_TEXT_MAX],
                      char signature[TP_BASE64_MAX(64)])
{
    unsigned char bytes[crypto_sign_BYTES];
    char message[TP_SEAL_KEY_TEXT_MAX + 32];
    int length;

    tp_seal_key_to_text(&keys->sealing, key);
    length = snprintf(message, sizeof(message), "talkpoint-sealing-1\n%s", key);
    (void)crypto_sign_detached(bytes, NULL, (const unsigned char *)message,
                               (unsigned long long)length, keys->receipt.secret);
    tp_base64(bytes, sizeof(bytes), signature);
}

void tp_token_digest(const char *token, unsigned char digest[TP_SHA256_BYTES])
{
    (void)crypto_hash_sha256(digest, (const unsigned char *)token, strlen(token));
}
