#include "central/http/access.h"

#include <arpa/inet.h>
#include <sodium.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "central/data/collectors.h"
#include "central/data/people.h"
#include "central/http/app.h"
#include "central/http/known.h"

/* "__Host-": the browser then takes it only over TLS, for this host, from its root. */
#define COOKIE_SECURE "__Host-talkpoint"
#define COOKIE_PLAIN "talkpoint"
/* When a phone was last heard is written down once in this time, not at each request. */
#define SEEN_STEP_MS (60 * 1000LL)

static bool is_loopback_name(const char *host)
{
    static const char *const names[] = {"localhost", "127.0.0.1", "[::1]"};

    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        size_t length = strlen(names[i]);

        if (strncasecmp(host, names[i], length) == 0 &&
            (host[length] == '\0' || host[length] == ':'))
            return true;
    }
    return false;
}

static bool is_tls(const struct tp_central *central, const struct tp_exchange *exchange)
{
    const char *scheme = tp_exchange_header(exchange, "X-Forwarded-Proto");

    return *central->settings.certificate || strncmp(central->settings.url, "https:", 6) == 0 ||
           (scheme && strcasecmp(scheme, "https") == 0);
}

/* Only a browser on this very machine, talking to us directly, gets a cookie without Secure. */
static bool is_secure(const struct tp_central *central, const struct tp_exchange *exchange)
{
    const char *host = tp_exchange_header(exchange, "Host");

    return is_tls(central, exchange) || !host || !is_loopback_name(host);
}

/* Whether what a client sends can be read by it and us alone: TLS, or this very machine. */
static bool is_private(const struct tp_central *central, const struct tp_exchange *exchange)
{
    const char *host = tp_exchange_header(exchange, "Host");

    return is_tls(central, exchange) || (host && is_loopback_name(host));
}

bool tp_access_read_cookie(struct tp_central *central, struct tp_exchange *exchange)
{
    const char *header = tp_exchange_header(exchange, "Cookie");

    exchange->session[0] = '\0';
    return header &&
           tp_cookie_find(header, is_secure(central, exchange) ? COOKIE_SECURE : COOKIE_PLAIN,
                          exchange->session, TP_TOKEN_TEXT_MAX);
}

void tp_access_set_cookie(struct tp_central *central, struct tp_exchange *exchange)
{
    bool secure = is_secure(central, exchange);

    tp_respond_header(exchange, "Set-Cookie", "%s=%s; Path=/; HttpOnly; SameSite=Strict%s%s",
                      secure ? COOKIE_SECURE : COOKIE_PLAIN, exchange->session,
                      secure ? "; Secure" : "", *exchange->session ? "" : "; Max-Age=0");
}

void tp_access_new_session(struct tp_central *central, struct tp_exchange *exchange)
{
    unsigned char bytes[32];

    tp_random_fill(&central->random, bytes, sizeof(bytes));
    tp_base64url(bytes, sizeof(bytes), exchange->session);
    tp_wipe(bytes, sizeof(bytes));
    tp_access_set_cookie(central, exchange);
}

void tp_access_form_token(const struct tp_exchange *exchange, char token[TP_TOKEN_TEXT_MAX])
{
    static const char purpose[] = "talkpoint-form-1";
    unsigned char bytes[32];

    (void)crypto_generichash(bytes, sizeof(bytes), (const unsigned char *)exchange->session,
                             strlen(exchange->session), (const unsigned char *)purpose,
                             sizeof(purpose) - 1);
    tp_base64url(bytes, sizeof(bytes), token);
}

bool tp_access_check_form(struct tp_exchange *exchange)
{
    const char *given = tp_exchange_field(exchange, "token");
    char wanted[TP_TOKEN_TEXT_MAX];

    if (exchange->route->access < TP_VIEWER || exchange->method != TP_POST)
        return true;
    tp_access_form_token(exchange, wanted);
    if (given && strlen(given) == strlen(wanted) &&
        sodium_memcmp(given, wanted, strlen(wanted)) == 0)
        return true;
    tp_respond_problem(exchange, 403,
                       "this form is from an earlier sign-in; go back, load the page again and "
                       "send it once more");
    return false;
}

/* What a device may prove itself with. Basic, which shows the password, only where nobody on the
 * way can read it. */
static void challenge(struct tp_central *central, struct tp_exchange *exchange, bool stale)
{
    char nonce[TP_NONCE_MAX];

    tp_nonce_make(&central->keys, tp_clock_wall_ms(&central->clock), nonce);
    tp_respond_header(exchange, "WWW-Authenticate",
                      "Digest realm=\"" TP_REALM "\", nonce=\"%s\", algorithm=MD5, qop=\"auth\"%s",
                      nonce, stale ? ", stale=true" : "");
    if (is_private(central, exchange))
        tp_respond_header(exchange, "WWW-Authenticate",
                          "Basic realm=\"" TP_REALM "\", charset=\"UTF-8\"");
    tp_respond_header(exchange, "WWW-Authenticate", "Bearer realm=\"" TP_REALM "\"");
}

static bool refuse_device(struct tp_central *central, struct tp_exchange *exchange, int status,
                          const char *why, bool stale)
{
    tp_respond_text(exchange, status, "%s", why);
    if (status == 401)
        challenge(central, exchange, stale);
    return false;
}

static bool not_ready(struct tp_central *central, struct tp_exchange *exchange)
{
    return refuse_device(central, exchange, 503,
                         "the store is not ready; try again in a few seconds", false);
}

static bool confirm(struct tp_sql *db, void *context, struct tp_error *error)
{
    const struct tp_exchange *exchange = context;

    return tp_devices_confirm(db, exchange->device, exchange->started_wall_ms, error);
}

static bool mark_seen(struct tp_sql *db, void *context, struct tp_error *error)
{
    const struct tp_exchange *exchange = context;

    return tp_collector_seen(db, exchange->device, exchange->started_wall_ms, error);
}

/* Lets in who is known and not taken off. */
static bool admit(struct tp_central *central, struct tp_exchange *exchange,
                  const struct tp_device_standing *standing, bool stale)
{
    if (!standing->known)
        return refuse_device(central, exchange, 401, "this screen is not enrolled", stale);
    if (standing->revoked)
        return refuse_device(central, exchange, 403,
                             "this screen was taken off the list by an administrator", false);
    memcpy(exchange->device, standing->id, sizeof(exchange->device));
    return standing->confirmed || tp_committer_run(central->committer, confirm, exchange, NULL) ||
           not_ready(central, exchange);
}

static bool check_token(struct tp_central *central, struct tp_exchange *exchange, const char *token)
{
    struct tp_device_standing standing = {.known = false};
    struct tp_sql *db;
    bool ok;

    if (exchange->route->access == TP_SENDER &&
        tp_known_find(central->known, token, exchange->device))
        return true;
    db = tp_sql_pool_take(central->readers);
    ok = tp_devices_authenticate(db, token, &standing, NULL);
    tp_sql_pool_give(central->readers, db);
    if (!ok)
        return not_ready(central, exchange);
    if (!admit(central, exchange, &standing, false))
        return false;
    tp_known_add(central->known, token, standing.id);
    return true;
}

static const char *method_text(const struct tp_exchange *exchange)
{
    static const char *const names[] = {"GET", "HEAD", "POST", ""};

    return names[exchange->method];
}

static bool check_password(struct tp_central *central, struct tp_exchange *exchange,
                           const struct tp_claimed *claimed)
{
    struct tp_device_standing standing = {.known = false};
    struct tp_sql *db = tp_sql_pool_take(central->readers);
    int64_t now_ms = tp_clock_wall_ms(&central->clock);
    char ha1[TP_HA1_MAX];
    int64_t seen_ms = 0;
    bool stale = false;
    bool ok = tp_collector_find(db, claimed->login, &standing, ha1, &seen_ms, NULL);

    tp_sql_pool_give(central->readers, db);
    if (!ok)
        return not_ready(central, exchange);
    standing.known = tp_claimed_proves(claimed, &central->keys, ha1, method_text(exchange),
                                       exchange->target, now_ms, &stale);
    return admit(central, exchange, &standing, stale) &&
           (now_ms - seen_ms < SEEN_STEP_MS ||
            tp_committer_run(central->committer, mark_seen, exchange, NULL) ||
            not_ready(central, exchange));
}

static bool check_device(struct tp_central *central, struct tp_exchange *exchange)
{
    const char *header = tp_exchange_header(exchange, "Authorization");
    struct tp_claimed claimed;
    bool ok;

    if (header && strncasecmp(header, "Bearer ", 7) == 0 && strlen(header + 7) == 43)
        return check_token(central, exchange, header + 7);
    tp_claimed_read(header, &claimed);
    ok = claimed.scheme == TP_SCHEME_NONE
             ? refuse_device(central, exchange, 401, "this screen is not enrolled", false)
             : check_password(central, exchange, &claimed);
    tp_wipe(&claimed, sizeof(claimed));
    return ok;
}

static bool check_person(struct tp_central *central, struct tp_exchange *exchange)
{
    struct tp_error error;
    bool signed_in = false;

    if (tp_access_read_cookie(central, exchange) &&
        !tp_people_session(central, exchange, &signed_in, &error)) {
        tp_respond_problem(exchange, 503, "the store is not ready; try again in a few seconds");
        return false;
    }
    if (!signed_in) {
        tp_respond_see_other(exchange, "/sign-in");
        return false;
    }
    if (tp_access_may(exchange, exchange->route->access))
        return true;
    tp_respond_problem(exchange, 403,
                       "your role does not include this; ask an administrator to do it, or to "
                       "change your role on the page People");
    return false;
}

bool tp_access_may(const struct tp_exchange *exchange, enum tp_access access)
{
    static const enum tp_access allowed[] = {[TP_ROLE_VIEWER] = TP_VIEWER,
                                             [TP_ROLE_OFFICER] = TP_OFFICER,
                                             [TP_ROLE_ADMINISTRATOR] = TP_ADMINISTRATOR};

    return exchange->person != 0 && access <= allowed[exchange->role];
}

bool tp_access_check(struct tp_central *central, struct tp_exchange *exchange)
{
    switch (exchange->route->access) {
    case TP_ANYONE:
        return true;
    case TP_DEVICE:
    case TP_SENDER:
        return check_device(central, exchange);
    case TP_VIEWER:
    case TP_OFFICER:
    case TP_ADMINISTRATOR:
        return check_person(central, exchange);
    }
    return false;
}
