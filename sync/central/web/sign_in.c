/* Signing in and out. */
#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "central/data/people.h"
#include "central/http/access.h"
#include "central/web/page.h"
#include "central/web/web.h"

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

/* Tries the name and password with a fresh cookie, so that nobody can plant one beforehand. */
static void try_sign_in(struct tp_central *central, struct tp_exchange *exchange, const char *name,
                        const char *password)
{
    struct tp_sign_in result;
    struct tp_error error;
    char problem[160];

    tp_respond_see_other(exchange, "/");
    tp_access_new_session(central, exchange);
    if (!tp_people_sign_in(central, name, password, exchange->remote, exchange->session, &result,
                           &error)) {
        tp_respond_problem(exchange, 503, "the store is not ready; try again in a few seconds");
        return;
    }
    if (result.signed_in)
        return;
    if (result.wait_ms > 0) {
        int64_t seconds = (result.wait_ms + 999) / 1000;

        (void)snprintf(problem, sizeof(problem), "%s. Wait %lld second%s, then try again.",
                       result.busy ? "Others are signing in" : "Too many attempts failed",
                       (long long)seconds, seconds == 1 ? "" : "s");
        show_form(central, exchange, result.busy ? 503 : 429, name, problem);
        tp_respond_header(exchange, "Retry-After", "%lld", (long long)seconds);
        return;
    }
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
    try_sign_in(central, exchange, name, password);
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
