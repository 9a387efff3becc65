#include "central/http/access.h"

#include <arpa/inet.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "central/data/devices.h"
#include "central/data/people.h"
#include "central/http/app.h"

/* "__Host-": the browser then takes it only over TLS, for this host, from its root. */
#define COOKIE_SECURE "__Host-talkpoint"
#define COOKIE_PLAIN "talkpoint"

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

/* Only a browser on this very machine, talking to us directly, gets a cookie without Secure. */
static bool is_secure(const struct tp_central *central, const struct tp_exchange *exchange)
{
    const char *host = tp_exchange_header(exchange, "Host");
    const char *scheme = tp_exchange_header(exchange, "X-Forwarded-Proto");

    if (strncmp(central->settings.url, "https:", 6) == 0)
        return true;
    if (scheme && strcasecmp(scheme, "https") == 0)
        return true;
    return !host || !is_loopback_name(host);
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

    if (exchange->route->access != TP_PERSON || exchange->method != TP_POST)
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

static void refuse_device(struct tp_exchange *exchange, int status, const char *why)
{
    tp_respond_text(exchange, status, "%s", why);
    if (status == 401)
        tp_respond_header(exchange, "WWW-Authenticate", "Bearer realm=\"talkpoint\"");
}

static bool confirm(struct tp_sql *db, void *context, struct tp_error *error)
{
    const struct tp_exchange *exchange = context;

    return tp_devices_confirm(db, exchange->device, exchange->started_wall_ms, error);
}

static bool check_device(struct tp_central *central, struct tp_exchange *exchange)
{
    const char *header = tp_exchange_header(exchange, "Authorization");
    struct tp_device_standing standing = {.known = false};
    struct tp_error error;
    struct tp_sql *db;
    bool ok;

    if (!header || strncasecmp(header, "Bearer ", 7) != 0 || strlen(header + 7) != 43) {
        refuse_device(exchange, 401, "this screen is not enrolled");
        return false;
    }
    db = tp_sql_pool_take(central->readers);
    ok = tp_devices_authenticate(db, header + 7, &standing, &error);
    tp_sql_pool_give(central->readers, db);
    if (ok && standing.known && !standing.revoked) {
        memcpy(exchange->device, standing.id, sizeof(exchange->device));
        if (standing.confirmed || tp_committer_run(central->committer, confirm, exchange, &error))
            return true;
        ok = false;
    }
    if (!ok) {
        refuse_device(exchange, 503, "the store is not ready; try again in a few seconds");
        tp_respond_header(exchange, "Retry-After", "5");
    } else if (!standing.known) {
        refuse_device(exchange, 401, "this screen is not enrolled");
    } else {
        refuse_device(exchange, 403, "this screen was taken off the list by an administrator");
    }
    return false;
}

static bool check_person(struct tp_central *central, struct tp_exchange *exchange)
{
    struct tp_error error;
    bool signed_in = false;

    if (tp_access_read_cookie(central, exchange) &&
        !tp_people_session(central, exchange->session, &exchange->person, exchange->person_name,
                           sizeof(exchange->person_name), &signed_in, &error)) {
        tp_respond_problem(exchange, 503, "the store is not ready; try again in a few seconds");
        return false;
    }
    if (signed_in)
        return true;
    tp_respond_see_other(exchange, "/sign-in");
    return false;
}

bool tp_access_check(struct tp_central *central, struct tp_exchange *exchange)
{
    switch (exchange->route->access) {
    case TP_ANYONE:
        return true;
    case TP_DEVICE:
        return check_device(central, exchange);
    case TP_PERSON:
        return check_person(central, exchange);
    }
    return false;
}
