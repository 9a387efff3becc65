#include "agent/enrol.h"

#include <errno.h>
#include <jansson.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "agent/identity.h"
#include "base/config.h"
#include "base/file.h"
#include "base/mem.h"
#include "store/encode.h"
#include "store/settings.h"

#define ALPHABET "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
#define SECRET_BYTES 32
#define TOTAL_S 60L
/* A code that waits already is one in 852 thousand million; three in a row are something else. */
#define CODES_TRIED 3

void tp_enrol_wipe(struct tp_enrolment *enrolment)
{
    tp_wipe(enrolment, sizeof(*enrolment));
}

int64_t tp_enrol_poll_ms(int64_t since_ms)
{
    return since_ms < TP_ENROL_POLL_FIRST_MS ? TP_ENROL_POLL_MS : TP_ENROL_POLL_LATER_MS;
}

void tp_enrol_make_code(const struct tp_random *random, char code[TP_ENROL_CODE_MAX])
{
    for (int i = 0; i < TP_ENROL_CODE_MAX - 1; i++)
        code[i] = i == 4 ? '-' : ALPHABET[tp_random_below(random, sizeof(ALPHABET) - 1)];
    code[TP_ENROL_CODE_MAX - 1] = '\0';
}

static char *pending_path(const char *state, struct tp_error *error)
{
    char *path = tp_asprintf("%s/" TP_IDENTITY_PENDING_FILE, state);

    if (!path)
        tp_fail_memory(error);
    return path;
}

static bool take(const struct tp_config *config, const char *name, char *out, size_t size,
                 struct tp_error *error)
{
    const char *text = tp_config_text(config, "enrolment", name, "");
    size_t length = strlen(text);

    if (length == 0 || length >= size)
        return tp_fail(error, TP_ERR_INVALID,
                       "'" TP_IDENTITY_PENDING_FILE "' is damaged; remove it and enrol again");
    memcpy(out, text, length + 1);
    return true;
}

bool tp_enrol_read(const char *state, struct tp_enrolment *enrolment, struct tp_error *error)
{
    struct tp_config *config = tp_config_create();
    char *path = pending_path(state, error);
    struct tp_enrolment read = {0};
    long id = 0;
    bool ok = false;

    if (!config) {
        tp_fail_memory(error);
        goto free_all;
    }
    ok = path && tp_config_read(config, path, error) &&
         take(config, "store", read.store_url, sizeof(read.store_url), error) &&
         take(config, "name", read.name, sizeof(read.name), error) &&
         take(config, "code", read.code, sizeof(read.code), error) &&
         take(config, "secret", read.secret, sizeof(read.secret), error) &&
         tp_config_integer(config, "enrolment", "id", 1, LONG_MAX, &id, error);
    if (ok && id == 0)
        ok = tp_fail(error, TP_ERR_INVALID,
                     "'" TP_IDENTITY_PENDING_FILE "' is damaged; remove it and enrol again");
    read.id = id;
    if (ok)
        *enrolment = read;
free_all:
    tp_enrol_wipe(&read);
    tp_config_destroy(config);
    tp_free(path);
    return ok;
}

static bool keep(const char *state, const struct tp_enrolment *enrolment, struct tp_error *error)
{
    char *path = pending_path(state, error);
    char *text =
        tp_asprintf("[enrolment]\nstore = %s\nname = %s\ncode = %s\nsecret = %s\nid = %lld\n",
                    enrolment->store_url, enrolment->name, enrolment->code, enrolment->secret,
                    (long long)enrolment->id);
    bool ok = path && (text || tp_fail_memory(error)) &&
              tp_file_write_atomic(path, text, strlen(text), 0600, error);

    tp_free_secret(text);
    tp_free(path);
    return ok;
}

bool tp_enrol_forget(const char *state, struct tp_error *error)
{
    char *path = pending_path(state, error);
    bool ok = path && (unlink(path) == 0 || errno == ENOENT ||
                       tp_fail_errno(error, errno, "cannot remove '%s'", path));

    tp_free(path);
    return ok;
}

static bool show(struct tp_store *store, const char *code, bool enrolled, struct tp_error *error)
{
    struct tp_agent_status status;

    if (!tp_agent_status_get(store, &status, error))
        return false;
    (void)snprintf(status.enrolment_code, sizeof(status.enrolment_code), "%s", code);
    status.enrolled = status.enrolled || enrolled;
    if (enrolled)
        status.last_error[0] = '\0';
    return tp_agent_status_set(store, &status, error);
}

static bool post(struct tp_http *http, const char *path, json_t *json,
                 struct tp_http_answer *answer, struct tp_error *error)
{
    char *text = json ? json_dumps(json, JSON_COMPACT) : NULL;
    struct tp_http_request request = {.method = "POST",
                                      .content_type = "application/json",
                                      .body = text,
                                      .body_count = text ? strlen(text) : 0,
                                      .answer_max = TP_ENROLMENT_BYTES_MAX,
                                      .total_s = TOTAL_S};
    char url[TP_HTTP_URL_MAX];
    bool ok = text || tp_fail_memory(error);

    ok = ok && tp_http_path(http, path, url, error);
    request.url = url;
    ok = ok && tp_http_call(http, &request, answer, error);
    if (text)
        tp_wipe(text, strlen(text));
    free(text);
    json_decref(json);
    return ok;
}

/* Why an answer is none of those that are expected. */
static bool explain(const struct tp_http_answer *answer, struct tp_error *error)
{
    struct tp_verdict verdict;

    if (answer->exchange.answered && answer->exchange.openrosa && answer->exchange.status == 429)
        return tp_fail(error, TP_ERR_NETWORK,
                       "too many screens wait to be approved; try again later");
    if (tp_verdict_of_get(&answer->exchange, "enrolment", &verdict))
        return tp_fail(error, TP_ERR_NETWORK, "enrolment: not the answer that was expected");
    return tp_fail(error, TP_ERR_NETWORK, "%s", verdict.words);
}

bool tp_enrol_begin(const char *state, struct tp_store *store, struct tp_http *http,
                    const struct tp_random *random, struct tp_enrolment *enrolment,
                    struct tp_error *error)
{
    unsigned char secret[SECRET_BYTES];
    char digest[TP_SHA256_TEXT_MAX];
    struct tp_http_answer answer;
    long status = 409;
    bool ok = true;

    tp_random_fill(random, secret, sizeof(secret));
    tp_base64url(secret, sizeof(secret), enrolment->secret);
    tp_wipe(secret, sizeof(secret));
    tp_sha256_text(enrolment->secret, strlen(enrolment->secret), digest);
    for (int tried = 0; ok && status == 409 && tried < CODES_TRIED; tried++) {
        json_t *json;

        tp_enrol_make_code(random, enrolment->code);
        json = json_pack("{s:s, s:s, s:s, s:s}", "code", enrolment->code, "secret_sha256", digest,
                         "name", enrolment->name, "version", TP_VERSION);
        ok = post(http, "/talkpoint/enrolments", json, &answer, error);
        if (!ok)
            break;
        status = answer.exchange.answered && answer.exchange.openrosa ? answer.exchange.status : 0;
        if (status == 201)
            ok = tp_enrolment_read(tp_buf_text(&answer.body), answer.body.length, &enrolment->id,
                                   error);
        else if (status != 409 || tried == CODES_TRIED - 1)
            ok = explain(&answer, error);
        tp_http_answer_finish(&answer);
    }
    return ok && keep(state, enrolment, error) && show(store, enrolment->code, false, error);
}

static enum tp_enrol_claim give_up(const char *state, struct tp_store *store,
                                   enum tp_enrol_claim outcome, struct tp_error *error)
{
    return tp_enrol_forget(state, error) && show(store, "", false, error) ? outcome
                                                                          : TP_ENROL_FAILED;
}

static enum tp_enrol_claim take_claim(const char *state, struct tp_store *store,
                                      const struct tp_enrolment *enrolment,
                                      const struct tp_http_answer *answer, struct tp_error *error)
{
    struct tp_claim claim;
    enum tp_enrol_claim outcome = TP_ENROL_FAILED;

    /* Something else than the store's answer is asked for again, like silence. */
    if (!tp_claim_read(tp_buf_text(&answer->body), answer->body.length, &claim, error))
        return TP_ENROL_WAITS;
    if (tp_identity_write(state, enrolment->store_url, &claim, error) &&
        tp_enrol_forget(state, error) && show(store, "", true, error))
        outcome = TP_ENROL_DONE;
    tp_claim_wipe(&claim);
    return outcome;
}

enum tp_enrol_claim tp_enrol_claim(const char *state, struct tp_store *store, struct tp_http *http,
                                   const struct tp_enrolment *enrolment, struct tp_error *error)
{
    enum tp_enrol_claim outcome = TP_ENROL_WAITS;
    struct tp_http_answer answer;
    char path[64];

    *error = (struct tp_error){0};
    (void)snprintf(path, sizeof(path), "/talkpoint/enrolments/%lld/claim",
                   (long long)enrolment->id);
    if (!post(http, path, json_pack("{s:s}", "secret", enrolment->secret), &answer, error))
        return TP_ENROL_FAILED;
    switch (tp_exchange_is_contact(&answer.exchange) ? answer.exchange.status : 0) {
    case 200:
        outcome = take_claim(state, store, enrolment, &answer, error);
        break;
    case 202:
        break;
    case 403:
        outcome = give_up(state, store, TP_ENROL_REFUSED, error);
        break;
    case 404:
        outcome = give_up(state, store, TP_ENROL_LAPSED, error);
        break;
    default:
        (void)explain(&answer, error);
        break;
    }
    tp_wipe(answer.body.data, answer.body.length);
    tp_http_answer_finish(&answer);
    return outcome;
}
