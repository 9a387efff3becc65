/* Signing in and out. */
#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "central/data/people.h"
#include "central/http/access.h"
#include "central/http/aside.h"
#include "central/web/page.h"
#include "central/web/web.h"

/* One password is looked at, and one may wait for it: guesses do not fill the memory. */
#define SIGNING_IN_MAX 2
/* How long who finds both taken is asked to wait. */
#define BUSY_MS 1000

static void show_form(struct tp_central *central, struct tp_exchange *exchange, int status,
                      const char *name, const char *problem)
{
    struct tp_html html;
    bool fresh = *exchange->session == '\0';

    if (fresh)
        tp_access_new_session(central, exchange);
    tp_page_begin(central, exchange, &html, status, TP_SECTION_NONE, "Sign in");
    tp_access_set_cookie(central, exchange);
    tp_page_problem(&html, problem, problem ? "name" : NULL);
    tp_page_form(&html, exchange, "/sign-in", "panel narrow");
    tp_page_field(&html, "name", "Name", NULL, "text", name, "username");
    tp_page_field(&html, "password", "Password", NULL, "password", NULL, "current-password");
    tp_html_element(&html, "button", "Sign in", "class", "button", NULL);
    tp_html_close(&html);
    /* TP_SESSION_IDLE_MS and TP_SESSION_LIFE_MS in words (WCAG 2.2.6). */
    tp_html_element(
        &html, "p",
        "After an hour without a click, and after twelve hours, you sign in again. What "
        "you had not saved is then lost.",
        "class", "hint below", NULL);
    tp_page_end(&html);
}

enum tp_next tp_web_sign_in_page(struct tp_central *central, struct tp_exchange *exchange)
{
    struct tp_error error;
    bool signed_in = false;

    if (tp_access_read_cookie(central, exchange) &&
        tp_people_session(central, exchange, &signed_in, &error) && signed_in) {
        tp_respond_see_other(exchange, "/");
        return TP_RESPOND;
    }
    exchange->person = 0;
    show_form(central, exchange, 200, NULL, NULL);
    return TP_RESPOND;
}

static bool token_fits(const struct tp_exchange *exchange)
{
    const char *given = tp_exchange_field(exchange, "token");
    char wanted[TP_TOKEN_TEXT_MAX];

    tp_access_form_token(exchange, wanted);
    return given && strlen(given) == strlen(wanted) &&
           sodium_memcmp(given, wanted, strlen(wanted)) == 0;
}

static void ask_to_wait(struct tp_central *central, struct tp_exchange *exchange, int status,
                        const char *why, int64_t wait_ms)
{
    int64_t seconds = (wait_ms + 999) / 1000;
    char problem[160];

    (void)snprintf(problem, sizeof(problem), "%s. Wait %lld second%s, then try again.", why,
                   (long long)seconds, seconds == 1 ? "" : "s");
    show_form(central, exchange, status, tp_exchange_field(exchange, "name"), problem);
    tp_respond_header(exchange, "Retry-After", "%lld", (long long)seconds);
}

/* Tries the name and password with a fresh cookie, so that nobody can plant one beforehand. */
static void try_sign_in(struct tp_central *central, struct tp_exchange *exchange)
{
    const char *name = tp_exchange_field(exchange, "name");
    struct tp_sign_in result;
    struct tp_error error;

    tp_respond_see_other(exchange, "/");
    tp_access_new_session(central, exchange);
    if (!tp_people_sign_in(central, name, tp_exchange_field(exchange, "password"), exchange->remote,
                           exchange->session, &result, &error))
        tp_respond_problem(exchange, 503, "the store is not ready; try again in a few seconds");
    else if (result.wait_ms > 0)
        ask_to_wait(central, exchange, 429, "Too many attempts failed", result.wait_ms);
    else if (!result.signed_in)
        show_form(central, exchange, 403, name, "The name or the password is not right.");
}

enum tp_next tp_web_sign_in(struct tp_central *central, struct tp_exchange *exchange)
{
    const char *name = tp_exchange_field(exchange, "name");
    const char *password = tp_exchange_field(exchange, "password");

    if (!tp_access_read_cookie(central, exchange) || !token_fits(exchange)) {
        exchange->session[0] = '\0';
        show_form(central, exchange, 403, NULL,
                  "This page was open for too long, or cookies are off. Sign in again.");
        return TP_RESPOND;
    }
    if (!name || !password || !tp_is_line(name, TP_PERSON_NAME_MAX) ||
        strlen(password) > TP_PASSWORD_MAX) {
        show_form(central, exchange, 400, NULL, "Write your name and your password.");
        return TP_RESPOND;
    }
    if (tp_aside(exchange, &central->signing_in, SIGNING_IN_MAX, try_sign_in))
        return TP_WAIT;
    ask_to_wait(central, exchange, 503, "Others are signing in", BUSY_MS);
    return TP_RESPOND;
}

enum tp_next tp_web_sign_out(struct tp_central *central, struct tp_exchange *exchange)
{
    if (!tp_people_sign_out(central, exchange->session, NULL)) {
        tp_respond_problem(exchange, 503, "the store is not ready; try again in a few seconds");
        return TP_RESPOND;
    }
    tp_respond_see_other(exchange, "/sign-in");
    exchange->session[0] = '\0';
    tp_access_set_cookie(central, exchange);
    return TP_RESPOND;
}
