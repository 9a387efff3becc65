#include "agent/do/stick_key.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/mem.h"

static bool make_key(const char *path, struct tp_receipt_pair *pair, struct tp_error *error)
{
    char text[TP_RECEIPT_SECRET_TEXT_MAX + 1];
    bool ok;

    if (!tp_receipt_pair_generate(pair, error))
        return false;
    tp_base64(pair->secret, sizeof(pair->secret), text);
    text[TP_RECEIPT_SECRET_TEXT_MAX - 1] = '\n';
    ok = tp_file_write_atomic(path, text, TP_RECEIPT_SECRET_TEXT_MAX, 0600, error);
    tp_wipe(text, sizeof(text));
    return ok;
}

bool tp_stick_key_read(const char *state, struct tp_receipt_pair *pair, struct tp_error *error)
{
    char *path = tp_asprintf("%s/" TP_STICK_KEY_FILE, state);
    char text[TP_RECEIPT_SECRET_TEXT_MAX];
    bool ok;

    if (!path)
        return tp_fail_memory(error);
    if (access(path, F_OK) != 0 && errno == ENOENT)
        ok = make_key(path, pair, error);
    else
        ok = tp_secret_read(path, text, sizeof(text), error) &&
             (tp_receipt_pair_from_text(text, pair, NULL) ||
              tp_fail(error, TP_ERR_CRYPTO, "'%s' holds no key; remove it, and a new one is made",
                      path));
    tp_wipe(text, sizeof(text));
    tp_free(path);
    return ok;
}

static bool read_certificate(const char *state, char certificate[TP_CERTIFICATE_TEXT_MAX])
{
    char *path = tp_asprintf("%s/" TP_STICK_CERTIFICATE_FILE, state);
    struct tp_buf text;
    bool ok;

    tp_buf_init(&text, TP_CERTIFICATE_TEXT_MAX);
    ok = path && tp_file_read(path, &text, NULL);
    (void)snprintf(certificate, TP_CERTIFICATE_TEXT_MAX, "%s", tp_buf_text(&text));
    tp_buf_finish(&text);
    tp_free(path);
    return ok;
}

bool tp_stick_certificate_take(const char *state, const struct tp_identity *identity,
                               const char *certificate, struct tp_error *error)
{
    char kept[TP_CERTIFICATE_TEXT_MAX];
    struct tp_receipt_pair pair;
    char *path;
    char *line;
    bool ok = true;

    if (read_certificate(state, kept) && strcmp(kept, certificate) == 0)
        return true;
    if (!tp_stick_key_read(state, &pair, error))
        return false;
    if (tp_device_is_certified(&identity->receipt_key, identity->device_id, &pair.key,
                               certificate)) {
        path = tp_asprintf("%s/" TP_STICK_CERTIFICATE_FILE, state);
        line = tp_asprintf("%s\n", certificate);
        ok = path && line ? tp_file_write_atomic(path, line, strlen(line), 0644, error)
                          : tp_fail_memory(error);
        tp_free(path);
        tp_free(line);
    }
    tp_wipe(&pair, sizeof(pair));
    return ok;
}

bool tp_stick_signer_read(const char *state, const struct tp_identity *identity,
                          struct tp_device_signer *signer, struct tp_error *error)
{
    struct tp_device_signer read = {0};
    bool ok = tp_stick_key_read(state, &read.pair, error);

    if (ok) {
        (void)snprintf(read.device_id, sizeof(read.device_id), "%.*s", TP_BUNDLE_DEVICE_MAX - 1,
                       identity->device_id);
        ok = (read_certificate(state, read.certificate) &&
              tp_device_is_certified(&identity->receipt_key, read.device_id, &read.pair.key,
                                     read.certificate)) ||
             tp_fail(error, TP_ERR_NOT_FOUND,
                     "the store has not certified this screen for USB sticks yet; it does so at "
                     "the first contact over a network");
    }
    if (ok)
        *signer = read;
    tp_wipe(&read, sizeof(read));
    return ok;
}
