#include "agent/identity.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/config.h"
#include "base/file.h"
#include "base/mem.h"

/* What stands before a sealing key where the store signs for it (docs/PROTOCOL.md, Heartbeat). */
#define TP_SEALING_SIGNED "talkpoint-sealing-1\n"

static bool is_guarded(const char *path, struct tp_error *error)
{
    struct stat status;

    if (stat(path, &status) != 0)
        return tp_fail_errno(error, errno, "cannot read '%s'", path);
    if (!S_ISREG(status.st_mode))
        return tp_fail(error, TP_ERR_INVALID, "'%s' is not a file", path);
    if (status.st_mode & 077)
        return tp_fail(error, TP_ERR_INVALID,
                       "'%s' may be read by others (mode %04o); run: chmod 600 '%s'", path,
                       (unsigned)(status.st_mode & 07777), path);
    if (status.st_uid != geteuid() && status.st_uid != 0)
        return tp_fail(error, TP_ERR_INVALID, "'%s' belongs to another user; run: chown %u '%s'",
                       path, (unsigned)geteuid(), path);
    return true;
}

static bool read_line(const char *path, char *out, size_t size, struct tp_error *error)
{
    struct tp_buf text;
    size_t length;
    bool ok;

    tp_buf_init(&text, size + 1);
    ok = tp_file_read(path, &text, error);
    length = ok ? strcspn(tp_buf_text(&text), "\r\n") : 0;
    if (ok && (length == 0 || length >= size))
        ok = tp_fail(error, TP_ERR_INVALID, "'%s' does not hold one line of 1 to %zu bytes", path,
                     size - 1);
    if (ok) {
        memcpy(out, text.data, length);
        out[length] = '\0';
    }
    tp_buf_finish(&text);
    return ok;
}

bool tp_secret_read(const char *path, char *out, size_t size, struct tp_error *error)
{
    return is_guarded(path, error) && read_line(path, out, size, error);
}

/* The credential of this name where systemd gives one, else the file of the state folder. */
static bool read_secret(const char *state, const char *credentials, const char *name, char *out,
                        size_t size, struct tp_error *error)
{
    char *path = NULL;
    bool ok;

    if (credentials) {
        path = tp_asprintf("%s/%s", credentials, name);
        if (!path)
            return tp_fail_memory(error);
        if (access(path, F_OK) == 0) {
            ok = read_line(path, out, size, error);
            tp_free(path);
            return ok;
        }
        tp_free(path);
    }
    path = tp_asprintf("%s/%s", state, name);
    if (!path)
        return tp_fail_memory(error);
    ok = tp_secret_read(path, out, size, error);
    tp_free(path);
    return ok;
}

static bool take(const struct tp_config *config, const char *section, const char *name, char *out,
                 size_t size, struct tp_error *error)
{
    const char *text = tp_config_text(config, section, name, "");
    size_t length = strlen(text);

    if (length == 0)
        return tp_fail(error, TP_ERR_INVALID, "'" TP_IDENTITY_FILE "': [%s] %s is missing", section,
                       name);
    if (length >= size)
        return tp_fail(error, TP_ERR_LIMIT,
                       "'" TP_IDENTITY_FILE "': [%s] %s is longer than %zu bytes", section, name,
                       size - 1);
    memcpy(out, text, length + 1);
    return true;
}

static const struct {
    enum tp_http_auth auth;
    const char *word;
} auth_words[] = {
    {TP_AUTH_NONE, "none"},   {TP_AUTH_DIGEST, "digest"}, {TP_AUTH_BASIC, "basic"},
    {TP_AUTH_TOKEN, "token"}, {TP_AUTH_BEARER, "bearer"},
};
#define AUTH_WORDS (sizeof(auth_words) / sizeof(auth_words[0]))

const char *tp_identity_auth_word(enum tp_http_auth auth)
{
    for (size_t i = 0; i < AUTH_WORDS; i++)
        if (auth_words[i].auth == auth)
            return auth_words[i].word;
    return "none";
}

bool tp_identity_auth_of(const char *word, enum tp_http_auth *auth)
{
    for (size_t i = 0; i < AUTH_WORDS; i++) {
        if (strcmp(auth_words[i].word, word) == 0) {
            *auth = auth_words[i].auth;
            return true;
        }
    }
    return false;
}

static bool read_kind(const struct tp_config *config, enum tp_store_kind *kind,
                      struct tp_error *error)
{
    const char *word = tp_config_text(config, "store", "kind", "talkpoint");

    if (strcmp(word, "talkpoint") != 0 && strcmp(word, "openrosa") != 0)
        return tp_fail(error, TP_ERR_INVALID,
                       "'" TP_IDENTITY_FILE "': [store] kind is '%.40s'; it can be talkpoint or "
                       "openrosa",
                       word);
    *kind = *word == 'o' ? TP_STORE_OPENROSA : TP_STORE_TALKPOINT;
    return true;
}

static bool read_openrosa(const struct tp_config *config, struct tp_identity *identity,
                          struct tp_error *error)
{
    const char *auth = tp_config_text(config, "store", "auth", "none");
    const char *key = tp_config_text(config, "store", "sealing_key", "");

    if (!tp_identity_auth_of(auth, &identity->auth))
        return tp_fail(error, TP_ERR_INVALID,
                       "'" TP_IDENTITY_FILE "': [store] auth is '%.40s'; it can be none, digest, "
                       "basic, token or bearer",
                       auth);
    if ((identity->auth == TP_AUTH_BASIC || identity->auth == TP_AUTH_DIGEST) &&
        !take(config, "store", "user", identity->user, sizeof(identity->user), error))
        return false;
    identity->plain = *key;
    return !*key || tp_seal_key_from_text(key, &identity->sealing_key, error) ||
           tp_fail_prefix(error, "[store] sealing_key");
}

/* Nothing but an address without a token needs none. */
static bool needs_token(const struct tp_identity *identity)
{
    return identity->kind == TP_STORE_TALKPOINT || identity->auth != TP_AUTH_NONE ||
           strstr(identity->store_url, TP_IDENTITY_TOKEN_MARK);
}

static bool read_secrets(const char *state, const char *credentials, struct tp_identity *identity,
                         struct tp_error *error)
{
    char text[TP_SEAL_KEY_TEXT_MAX];
    bool ok =
        !needs_token(identity) || read_secret(state, credentials, TP_IDENTITY_TOKEN_FILE,
                                              identity->token, sizeof(identity->token), error);

    if (!ok || !identity->plain)
        return ok;
    ok = read_secret(state, credentials, TP_IDENTITY_OUTBOX_KEY_FILE, text, sizeof(text), error) &&
         tp_seal_pair_from_text(text, &identity->outbox, error);
    tp_wipe(text, sizeof(text));
    if (ok &&
        memcmp(&identity->outbox.key, &identity->sealing_key, sizeof(struct tp_seal_key)) != 0)
        ok = tp_fail(error, TP_ERR_CRYPTO,
                     "'" TP_IDENTITY_OUTBOX_KEY_FILE "' is not the key of '" TP_IDENTITY_FILE "'");
    return ok;
}

bool tp_identity_url(const struct tp_identity *identity, char url[TP_IDENTITY_URL_MAX],
                     struct tp_error *error)
{
    const char *mark = strstr(identity->store_url, TP_IDENTITY_TOKEN_MARK);
    int length =
        mark ? snprintf(url, TP_IDENTITY_URL_MAX, "%.*s%s%s", (int)(mark - identity->store_url),
                        identity->store_url, identity->token, mark + strlen(TP_IDENTITY_TOKEN_MARK))
             : snprintf(url, TP_IDENTITY_URL_MAX, "%s", identity->store_url);

    return (length > 0 && (size_t)length < TP_IDENTITY_URL_MAX) ||
           tp_fail(error, TP_ERR_LIMIT, "the server's address is too long");
}

static bool read_ini(const struct tp_config *config, struct tp_identity *identity,
                     struct tp_error *error)
{
    char text[TP_STORE_URL_MAX];

    if (!take(config, "device", "id", identity->device_id, sizeof(identity->device_id), error) ||
        !take(config, "device", "name", identity->name, sizeof(identity->name), error) ||
        !take(config, "store", "url", text, sizeof(text), error) ||
        !tp_http_check_store_url(text, identity->store_url, error) ||
        !read_kind(config, &identity->kind, error))
        return false;
    if (identity->kind == TP_STORE_OPENROSA)
        return read_openrosa(config, identity, error);
    if (!take(config, "store", "sealing_key", text, sizeof(text), error) ||
        !tp_seal_key_from_text(text, &identity->sealing_key, error))
        return tp_fail_prefix(error, "[store] sealing_key");
    if (!take(config, "store", "receipt_key", text, sizeof(text), error) ||
        !tp_receipt_key_from_text(text, &identity->receipt_key, error))
        return tp_fail_prefix(error, "[store] receipt_key");
    return true;
}

bool tp_identity_read(const char *state, const char *credentials, struct tp_identity *identity,
                      struct tp_error *error)
{
    struct tp_config *config = tp_config_create();
    char *path = tp_asprintf("%s/" TP_IDENTITY_FILE, state);
    struct tp_identity read = {0};
    bool ok = false;

    if (!config || !path) {
        tp_fail_memory(error);
        goto free_all;
    }
    if (access(path, F_OK) != 0 && errno == ENOENT) {
        tp_fail(error, TP_ERR_NOT_FOUND,
                "this screen is not enrolled; run: talkpoint-sync enrol --store URL --name NAME");
        goto free_all;
    }
    ok = tp_config_read(config, path, error) && read_ini(config, &read, error);
    /* A device.ini without a token is half an identity, not none. */
    if (ok && !read_secrets(state, credentials, &read, error)) {
        if (error && error->code == TP_ERR_NOT_FOUND)
            error->code = TP_ERR_INVALID;
        ok = false;
    }
    if (ok)
        *identity = read;
free_all:
    tp_identity_wipe(&read);
    tp_config_destroy(config);
    tp_free(path);
    return ok;
}

void tp_identity_wipe(struct tp_identity *identity)
{
    tp_wipe(identity, sizeof(*identity));
}

static bool write_secret(const char *state, const char *name, const char *text,
                         struct tp_error *error)
{
    char *path = tp_asprintf("%s/%s", state, name);
    char *line = tp_asprintf("%s\n", text);
    bool ok = path && line ? tp_file_write_atomic(path, line, strlen(line), 0600, error)
                           : tp_fail_memory(error);

    tp_free_secret(line);
    tp_free(path);
    return ok;
}

struct lines {
    const char *device_id;
    const char *name;
    const char *store_url;
    const char *sealing_key;
    const char *receipt_key;
};

/* Takes the text (NULL: there was no memory for it). */
static bool put_ini(const char *state, char *ini, struct tp_error *error)
{
    char *path = tp_asprintf("%s/" TP_IDENTITY_FILE, state);
    char *comment = ini ? strstr(ini, " ;") : NULL;
    bool ok;

    /* To libinih the rest of the line would be a comment; only a name can hold one. */
    for (; comment; comment = strstr(comment, " ;"))
        comment[1] = ',';
    ok = path && ini ? tp_file_write_atomic(path, ini, strlen(ini), 0644, error)
                     : tp_fail_memory(error);
    tp_free(ini);
    tp_free(path);
    return ok;
}

static bool write_ini(const char *state, const struct lines *lines, struct tp_error *error)
{
    return put_ini(state,
                   tp_asprintf("[device]\nid = %s\nname = %s\n"
                               "[store]\nurl = %s\nsealing_key = %s\nreceipt_key = %s\n",
                               lines->device_id, lines->name, lines->store_url, lines->sealing_key,
                               lines->receipt_key),
                   error);
}

bool tp_identity_write_openrosa(const char *state, const struct tp_identity *identity,
                                struct tp_error *error)
{
    char key[TP_SEAL_KEY_TEXT_MAX] = "";
    char secret[TP_SEAL_KEY_TEXT_MAX] = "";
    bool ok = true;

    if (identity->plain) {
        tp_seal_key_to_text(&identity->outbox.key, key);
        tp_base64(identity->outbox.secret, sizeof(identity->outbox.secret), secret);
        ok = write_secret(state, TP_IDENTITY_OUTBOX_KEY_FILE, secret, error);
        tp_wipe(secret, sizeof(secret));
    }
    return ok &&
           (!*identity->token ||
            write_secret(state, TP_IDENTITY_TOKEN_FILE, identity->token, error)) &&
           put_ini(state,
                   tp_asprintf("[device]\nid = %s\nname = %s\n"
                               "[store]\nkind = openrosa\nurl = %s\nauth = %s\n%s%s%s%s%s%s",
                               identity->device_id, identity->name, identity->store_url,
                               tp_identity_auth_word(identity->auth),
                               *identity->user ? "user = " : "", identity->user,
                               *identity->user ? "\n" : "", *key ? "sealing_key = " : "", key,
                               *key ? "\n" : ""),
                   error);
}

bool tp_identity_write(const char *state, const char *store_url, const struct tp_claim *claim,
                       struct tp_error *error)
{
    const struct lines lines = {.device_id = claim->device_id,
                                .name = claim->name,
                                .store_url = store_url,
                                .sealing_key = claim->sealing_key,
                                .receipt_key = claim->receipt_key};

    return write_secret(state, TP_IDENTITY_TOKEN_FILE, claim->token, error) &&
           write_ini(state, &lines, error);
}

bool tp_identity_renew(const char *state, const struct tp_identity *identity,
                       const char *sealing_key, const char *signature, struct tp_error *error)
{
    char receipt_key[TP_RECEIPT_KEY_TEXT_MAX];
    const struct lines lines = {.device_id = identity->device_id,
                                .name = identity->name,
                                .store_url = identity->store_url,
                                .sealing_key = sealing_key,
                                .receipt_key = receipt_key};
    struct tp_seal_key key;
    char *message;
    bool ok;

    if (!tp_seal_key_from_text(sealing_key, &key, error))
        return false;
    if (memcmp(&key, &identity->sealing_key, sizeof(key)) == 0)
        return true;
    message = tp_asprintf(TP_SEALING_SIGNED "%s", sealing_key);
    if (!message)
        return tp_fail_memory(error);
    ok = tp_receipt_key_has_signed(&identity->receipt_key, message, strlen(message), signature) ||
         tp_fail(error, TP_ERR_CRYPTO, "a new sealing key is not signed by the store");
    tp_free(message);
    tp_receipt_key_to_text(&identity->receipt_key, receipt_key);
    return ok && write_ini(state, &lines, error);
}
