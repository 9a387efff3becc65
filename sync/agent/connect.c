#include "agent/connect.h"

#include <stdio.h>
#include <string.h>

#include "agent/wire/form_list.h"
#include "agent/wire/xml.h"
#include "base/mem.h"

#define TRY_TOTAL_S 60L

/* Where the token of an address stands: ODK Central's app users and its links for drafts, and
 * KoboToolbox's data collectors. "" where there is none. */
static const char *find_token(const char *whole)
{
    static const char *const before[] = {"/key/", "/v1/test/", "/collector/"};

    for (size_t i = 0; i < sizeof(before) / sizeof(before[0]); i++) {
        const char *at = strstr(whole, before[i]);

        if (at)
            return at + strlen(before[i]);
    }
    return "";
}

bool tp_connect_part(const char *whole, char url[TP_STORE_URL_MAX], char token[TP_TOKEN_MAX],
                     struct tp_error *error)
{
    const char *from = find_token(whole);
    size_t length = strcspn(from, "/?#");
    char *marked;
    bool ok;

    if (length == 0) {
        *token = '\0';
        return tp_http_check_store_url(whole, url, error);
    }
    if (length >= TP_TOKEN_MAX)
        return tp_fail(error, TP_ERR_LIMIT, "the token in the address is longer than %d bytes",
                       TP_TOKEN_MAX - 1);
    marked =
        tp_asprintf("%.*s" TP_IDENTITY_TOKEN_MARK "%s", (int)(from - whole), whole, from + length);
    ok = marked ? tp_http_check_store_url(marked, url, error) : tp_fail_memory(error);
    if (ok) {
        memcpy(token, from, length);
        token[length] = '\0';
    }
    tp_free(marked);
    return ok;
}

/* GET of the form list: the answer's status, and how many surveys it lists. */
static bool try_once(struct tp_agent *agent, const struct tp_identity *identity, size_t *surveys,
                     struct tp_verdict *verdict, long *status, struct tp_error *error)
{
    struct tp_http *http = tp_agent_connect_as(agent, identity, error);
    struct tp_http_request request = {
        .method = "GET", .answer_max = TP_XML_BYTES_MAX, .total_s = TRY_TOTAL_S};
    struct tp_form_list list = {0};
    struct tp_http_answer answer;
    char url[TP_HTTP_URL_MAX];
    bool ok = http && tp_http_path(http, "/formList", url, error);

    request.url = url;
    ok = ok && tp_http_call(http, &request, &answer, error);
    if (ok) {
        *status = answer.exchange.answered ? answer.exchange.status : 0;
        verdict->kind = TP_VERDICT_LATER;
        if (tp_verdict_of_get(&answer.exchange, "the form list", verdict)) {
            ok = tp_form_list_read(tp_buf_text(&answer.body), answer.body.length, &list, error);
            verdict->kind = TP_VERDICT_DELIVERED;
            *surveys = list.count;
            tp_form_list_finish(&list);
        }
        tp_http_answer_finish(&answer);
    }
    tp_http_destroy(http);
    return ok;
}

/* By the way that was named, or by the ways there are, the safest first: a server that wants
 * another says 401. */
static bool find_auth(struct tp_agent *agent, const char *named, struct tp_identity *identity,
                      size_t *surveys, struct tp_error *error)
{
    static const enum tp_http_auth with_user[] = {TP_AUTH_DIGEST, TP_AUTH_BASIC};
    static const enum tp_http_auth with_token[] = {TP_AUTH_TOKEN, TP_AUTH_BEARER};
    static const enum tp_http_auth alone[] = {TP_AUTH_NONE};
    bool in_url = strstr(identity->store_url, TP_IDENTITY_TOKEN_MARK);
    const enum tp_http_auth *ways = *identity->user               ? with_user
                                    : *identity->token && !in_url ? with_token
                                                                  : alone;
    size_t count = ways == alone ? 1 : 2;
    struct tp_verdict verdict = {.kind = TP_VERDICT_LATER};
    long status = 401;
    enum tp_http_auth only;

    if (named) {
        if (!tp_identity_auth_of(named, &only))
            return tp_fail(error, TP_ERR_MISUSE,
                           "--auth can be none, digest, basic, token or bearer");
        ways = &only;
        count = 1;
    }
    for (size_t i = 0; i < count && (status == 401 || status == 403); i++) {
        identity->auth = ways[i];
        if (!try_once(agent, identity, surveys, &verdict, &status, error))
            return false;
        if (verdict.kind == TP_VERDICT_DELIVERED)
            return true;
    }
    if (verdict.kind == TP_VERDICT_BARRED)
        return tp_fail(error, TP_ERR_NETWORK,
                       "the server does not let this screen in (%ld); look at its name, password "
                       "or token",
                       status);
    return tp_fail(error, TP_ERR_NETWORK, "%s", verdict.words);
}

/* The same key as before, so that what waits can still be opened. */
static bool take_key(struct tp_identity *now, const struct tp_identity *before,
                     struct tp_error *error)
{
    if (before->plain)
        now->outbox = before->outbox;
    else if (!tp_seal_pair_generate(&now->outbox, error))
        return false;
    now->sealing_key = now->outbox.key;
    now->plain = true;
    return true;
}

static bool describe(struct tp_agent *agent, const struct tp_connect *connect,
                     const struct tp_identity *before, struct tp_identity *now,
                     struct tp_error *error)
{
    const struct tp_odk_settings *settings = connect->settings;
    char uuid[TP_UUID_TEXT_MAX];

    now->kind = TP_STORE_OPENROSA;
    if (!tp_connect_part(settings->url, now->store_url, now->token, error))
        return false;
    if (!*now->token)
        memcpy(now->token, settings->password, sizeof(now->token));
    memcpy(now->user, settings->user, sizeof(now->user));
    if (*now->user && !*now->token)
        return tp_fail(error, TP_ERR_MISUSE,
                       "'%s' has no password; name its file with "
                       "--password-file",
                       now->user);
    (void)snprintf(now->name, sizeof(now->name), "%s", connect->name);
    tp_random_uuid(&agent->random, uuid);
    if (*before->device_id)
        memcpy(now->device_id, before->device_id, sizeof(now->device_id));
    else
        (void)snprintf(now->device_id, sizeof(now->device_id), "uuid:%s", uuid);
    return !connect->plain || take_key(now, before, error);
}

bool tp_connect_run(struct tp_agent *agent, const struct tp_connect *connect,
                    struct tp_identity *identity, size_t *surveys, struct tp_error *error)
{
    struct tp_identity now = {0};
    bool ok = describe(agent, connect, identity, &now, error) &&
              find_auth(agent, connect->auth, &now, surveys, error) &&
              tp_identity_write_openrosa(agent->options->state, &now, error);

    if (ok)
        *identity = now;
    tp_identity_wipe(&now);
    return ok;
}
