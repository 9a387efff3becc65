#include "central/web/page.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "central/http/access.h"
#include "central/http/app.h"
#include "central/web/web.h"

#define HTML_TYPE "text/html; charset=utf-8"

struct place {
    enum tp_section section;
    const char *href;
    const char *label;
};
static const struct place places[] = {
    {TP_SECTION_OVERVIEW, "/", "Overview"},
    {TP_SECTION_SURVEYS, "/surveys", "Surveys"},
    {TP_SECTION_NOTICES, "/notices", "Notices"},
    {TP_SECTION_SCREENS, "/screens", "Screens"},
    {TP_SECTION_RESPONSES, "/responses", "Responses"},
    {TP_SECTION_PEOPLE, "/people", "People"},
};

struct tp_deed tp_page_deed(const struct tp_central *central, const struct tp_exchange *exchange)
{
    return (struct tp_deed){.who = exchange->person_name,
                            .at_ms = tp_clock_wall_ms(&central->clock)};
}

void tp_page_not_ready(struct tp_exchange *exchange)
{
    tp_respond_problem(exchange, 503, "the store is not ready; try again in a few seconds");
}

static void protect(struct tp_exchange *exchange)
{
    tp_respond_header(exchange, "Content-Security-Policy",
                      "default-src 'none'; style-src 'self'; form-action 'self'; "
                      "frame-ancestors 'none'; base-uri 'none'");
    tp_respond_header(exchange, "X-Frame-Options", "DENY");
    tp_respond_header(exchange, "X-Content-Type-Options", "nosniff");
    tp_respond_header(exchange, "Referrer-Policy", "same-origin");
    tp_respond_header(exchange, "Cache-Control", "no-store");
}

static void navigation(struct tp_html *html, const struct tp_exchange *exchange,
                       enum tp_section section)
{
    tp_html_open(html, "nav", "aria-label", "Main", NULL);
    tp_html_open(html, "ul", NULL);
    for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
        tp_html_open(html, "li", NULL);
        tp_html_element(html, "a", places[i].label, "href", places[i].href, "aria-current",
                        places[i].section == section ? "page" : NULL, NULL);
        tp_html_close(html);
    }
    tp_html_close(html);
    tp_html_close(html);
    tp_page_form(html, exchange, "/sign-out", "sign-out");
    tp_html_element(html, "button", "Sign out", "class", "link", NULL);
    tp_html_close(html);
}

void tp_page_begin_with(const struct tp_central *central, struct tp_exchange *exchange,
                        struct tp_html *html, int status, enum tp_section section,
                        const char *title, const char *action, const char *href)
{
    tp_respond(exchange, status, HTML_TYPE);
    protect(exchange);
    tp_html_init(html, &exchange->response.body);
    tp_html_prolog(html, "<!DOCTYPE html>\n");
    tp_html_open(html, "html", "lang", "en-GB", NULL);
    tp_html_open(html, "head", NULL);
    tp_html_void(html, "meta", "charset", "utf-8", NULL);
    tp_html_void(html, "meta", "name", "viewport", "content", "width=device-width, initial-scale=1",
                 NULL);
    tp_html_open(html, "title", NULL);
    tp_html_textf(html, "%s%s \xe2\x80\x93 %s", status >= 400 && central ? "Problem: " : "", title,
                  central ? central->settings.title : "Talkpoint");
    tp_html_close(html);
    tp_html_void(html, "link", "rel", "stylesheet", "href", "/static/style.css", NULL);
    tp_html_close(html);
    tp_html_open(html, "body", "class", exchange->person ? NULL : "alone", NULL);
    tp_html_element(html, "a", "Skip to the page", "class", "skip", "href", "#main", NULL);
    tp_html_open(html, "header", "class", "bar", NULL);
    tp_html_element(html, "a", central ? central->settings.title : "Talkpoint", "class", "brand",
                    "href", "/", NULL);
    if (exchange->person)
        navigation(html, exchange, section);
    tp_html_close(html);
    tp_html_open(html, "main", "id", "main", NULL);
    tp_html_open(html, "div", "class", "title", NULL);
    tp_html_element(html, "h1", title, NULL);
    if (action)
        tp_html_element(html, "a", action, "class", "button", "href", href, NULL);
    tp_html_close(html);
}

void tp_page_begin(const struct tp_central *central, struct tp_exchange *exchange,
                   struct tp_html *html, int status, enum tp_section section, const char *title)
{
    tp_page_begin_with(central, exchange, html, status, section, title, NULL, NULL);
}

void tp_page_end(struct tp_html *html)
{
    tp_html_close_to(html, 0);
    tp_html_prolog(html, "\n");
}

const char *tp_page_path(char path[TP_PAGE_PATH_MAX], const char *before, const char *segment,
                         const char *after)
{
    struct tp_buf buf;

    tp_buf_init(&buf, TP_PAGE_PATH_MAX - 1);
    (void)tp_buf_puts(&buf, before);
    (void)tp_percent_encode(&buf, segment);
    (void)tp_buf_puts(&buf, after);
    (void)snprintf(path, TP_PAGE_PATH_MAX, "%s", tp_buf_text(&buf));
    tp_buf_finish(&buf);
    return path;
}

static void begin_form(struct tp_html *html, const struct tp_exchange *exchange, const char *action,
                       const char *class, const char *encoding)
{
    char token[TP_TOKEN_TEXT_MAX];

    tp_access_form_token(exchange, token);
    tp_html_open(html, "form", "method", "post", "action", action, "class", class, "enctype",
                 encoding, NULL);
    tp_html_void(html, "input", "type", "hidden", "name", "token", "value", token, NULL);
}

void tp_page_form(struct tp_html *html, const struct tp_exchange *exchange, const char *action,
                  const char *class)
{
    begin_form(html, exchange, action, class, NULL);
}

void tp_page_upload(struct tp_html *html, const struct tp_exchange *exchange, const char *action,
                    const char *class)
{
    begin_form(html, exchange, action, class, "multipart/form-data");
}

void tp_page_button(struct tp_html *html, const struct tp_exchange *exchange, const char *action,
                    const char *class, const char *label, const char *spoken)
{
    tp_page_form(html, exchange, action, "inline");
    tp_html_element(html, "button", label, "class", class, "aria-label", spoken, NULL);
    tp_html_close(html);
}

void tp_page_field(struct tp_html *html, const char *name, const char *label, const char *hint,
                   const char *type, const char *value, const char *autocomplete)
{
    char hint_id[64];
    char described[TP_DESCRIBED_MAX];

    (void)snprintf(hint_id, sizeof(hint_id), "%s-hint", name);
    tp_html_open(html, "div", "class", "field", NULL);
    tp_html_element(html, "label", label, "for", name, NULL);
    if (hint)
        tp_html_element(html, "p", hint, "class", "hint", "id", hint_id, NULL);
    tp_html_void(html, "input", "type", type, "id", name, "name", name, "value", value,
                 "autocomplete", autocomplete, "aria-describedby",
                 tp_page_described(html, name, hint ? hint_id : NULL, described), "aria-invalid",
                 tp_page_is_wrong(html, name) ? "true" : NULL, "required", "required", "spellcheck",
                 "false", NULL);
    tp_html_close(html);
}

void tp_page_card(struct tp_html *html, const char *label, const char *figure, const char *words,
                  bool alarm)
{
    tp_html_open(html, "div", "class", alarm ? "card alarm" : "card", NULL);
    tp_html_element(html, "h2", label, NULL);
    tp_html_element(html, "p", figure, "class", "figure", NULL);
    tp_html_element(html, "p", words, NULL);
    tp_html_close(html);
}

void tp_page_choice(struct tp_html *html, const char *name, const char *label,
                    const char *const *values, const char *chosen)
{
    tp_html_open(html, "fieldset", NULL);
    tp_html_element(html, "legend", label, NULL);
    for (; *values; values += 2) {
        tp_html_open(html, "label", "class", "choice", NULL);
        tp_html_void(html, "input", "type", "radio", "name", name, "value", values[0], "checked",
                     strcmp(values[0], chosen) == 0 ? "checked" : NULL, "required", "required",
                     NULL);
        tp_html_text(html, values[1]);
        tp_html_close(html);
    }
    tp_html_close(html);
}

/* An error's words (lower case, no full stop: base/error.h) as a sentence; one that begins with a
 * file's name keeps it. */
static void sentence(const char *text, char out[TP_ERROR_TEXT_MAX])
{
    size_t length = strlen(text);

    (void)snprintf(out, TP_ERROR_TEXT_MAX, "%s%s", text,
                   length > 0 && strchr(".?!", text[length - 1]) ? "" : ".");
    if (out[0] >= 'a' && out[0] <= 'z' && !memchr(out, '.', strcspn(out, " ")))
        out[0] = (char)(out[0] - 32);
}

void tp_page_problem(struct tp_html *html, const char *text, const char *field)
{
    char target[TP_DESCRIBED_MAX];
    char said[TP_ERROR_TEXT_MAX];

    if (!text || !*text)
        return;
    html->wrong = field;
    sentence(text, said);
    tp_html_open(html, "div", "class", "notice problem", "role", "alert", NULL);
    tp_html_element(html, "h2", "There is a problem", NULL);
    tp_html_open(html, "p", "id", "problem", NULL);
    if (field) {
        (void)snprintf(target, sizeof(target), "#%s", field);
        tp_html_element(html, "a", said, "href", target, NULL);
    } else {
        tp_html_text(html, said);
    }
    tp_html_close(html);
    tp_html_close(html);
}

bool tp_page_is_wrong(const struct tp_html *html, const char *name)
{
    return html->wrong && strcmp(html->wrong, name) == 0;
}

const char *tp_page_described(const struct tp_html *html, const char *name, const char *hint_id,
                              char text[TP_DESCRIBED_MAX])
{
    bool wrong = tp_page_is_wrong(html, name);

    (void)snprintf(text, TP_DESCRIBED_MAX, "%s%s%s", wrong ? "problem" : "",
                   wrong && hint_id ? " " : "", hint_id ? hint_id : "");
    return *text ? text : NULL;
}

void tp_page_done(struct tp_html *html, const char *text)
{
    if (!text || !*text)
        return;
    tp_html_open(html, "div", "class", "notice done", "role", "status", NULL);
    tp_html_element(html, "p", text, NULL);
    tp_html_close(html);
}

void tp_page_done_word(struct tp_html *html, const struct tp_exchange *exchange,
                       const char *const *notices)
{
    char word[32];

    if (!tp_exchange_query(exchange, "done", word, sizeof(word)))
        return;
    for (; *notices; notices += 2) {
        if (strcmp(notices[0], word) == 0)
            tp_page_done(html, notices[1]);
    }
}

void tp_page_table(struct tp_html *html, const char *caption, const char *const *headings)
{
    tp_html_open(html, "table", NULL);
    tp_html_element(html, "caption", caption, NULL);
    tp_html_open(html, "thead", NULL);
    tp_html_open(html, "tr", NULL);
    for (; *headings; headings++) {
        bool numbers = **headings == '#';

        if (**headings == '\0')
            tp_html_element(html, "td", "", NULL);
        else
            tp_html_element(html, "th", *headings + numbers, "scope", "col", "class",
                            numbers ? "number" : NULL, NULL);
    }
    tp_html_close(html);
    tp_html_close(html);
    tp_html_open(html, "tbody", NULL);
}

void tp_page_table_end(struct tp_html *html)
{
    tp_html_close(html);
    tp_html_close(html);
}

void tp_page_cell(struct tp_html *html, const char *heading, const char *text)
{
    bool numbers = *heading == '#';

    tp_html_element(html, "td", text, "data-label", heading + numbers, "class",
                    numbers ? "number" : NULL, NULL);
}

const char *tp_page_number(int64_t number, char text[TP_NUMBER_TEXT_MAX])
{
    char digits[TP_NUMBER_TEXT_MAX];
    int length =
        snprintf(digits, sizeof(digits), "%lld", (long long)(number < 0 ? -number : number));
    int out = 0;

    if (number < 0)
        text[out++] = '-';
    for (int i = 0; i < length; i++) {
        if (i > 0 && (length - i) % 3 == 0)
            text[out++] = ',';
        text[out++] = digits[i];
    }
    text[out] = '\0';
    return text;
}

static const char *month(int zero_based)
{
    static const char *const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                         "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

    return months[zero_based >= 0 && zero_based < 12 ? zero_based : 0];
}

const char *tp_page_clock(const struct tp_central *central, int64_t when_ms, int64_t now_ms,
                          char text[TP_WHEN_TEXT_MAX])
{
    struct tm when = tp_central_local(central, when_ms);
    struct tm now = tp_central_local(central, now_ms);

    if (when.tm_yday == now.tm_yday && when.tm_year == now.tm_year)
        (void)snprintf(text, TP_WHEN_TEXT_MAX, "%02d:%02d", when.tm_hour, when.tm_min);
    else if (when.tm_year == now.tm_year)
        (void)snprintf(text, TP_WHEN_TEXT_MAX, "%d %s %02d:%02d", when.tm_mday, month(when.tm_mon),
                       when.tm_hour, when.tm_min);
    else
        (void)snprintf(text, TP_WHEN_TEXT_MAX, "%d %s %d %02d:%02d", when.tm_mday,
                       month(when.tm_mon), when.tm_year + 1900, when.tm_hour, when.tm_min);
    return text;
}

const char *tp_page_ago(const struct tp_central *central, int64_t when_ms, int64_t now_ms,
                        char text[TP_WHEN_TEXT_MAX])
{
    int64_t minutes = (now_ms - when_ms) / 60000;
    struct tm when = tp_central_local(central, when_ms);
    struct tm yesterday = tp_central_local(central, now_ms - 24 * 3600 * 1000LL);

    if (when_ms == 0)
        (void)snprintf(text, TP_WHEN_TEXT_MAX, "Never");
    else if (minutes < 1)
        (void)snprintf(text, TP_WHEN_TEXT_MAX, "Just now");
    else if (minutes < 60)
        (void)snprintf(text, TP_WHEN_TEXT_MAX, "%d minute%s ago", (int)minutes,
                       minutes == 1 ? "" : "s");
    else if (minutes < 12 * 60)
        (void)snprintf(text, TP_WHEN_TEXT_MAX, "%d hour%s ago", (int)(minutes / 60),
                       minutes < 120 ? "" : "s");
    else if (when.tm_yday == yesterday.tm_yday && when.tm_year == yesterday.tm_year)
        (void)snprintf(text, TP_WHEN_TEXT_MAX, "Yesterday %02d:%02d", when.tm_hour, when.tm_min);
    else
        (void)tp_page_clock(central, when_ms, now_ms, text);
    return text;
}

const char *tp_page_day(const char *day, const char *today, char text[TP_WHEN_TEXT_MAX])
{
    long year = strtol(day, NULL, 10);
    long month_of = strlen(day) > 6 ? strtol(day + 5, NULL, 10) : 1;
    long of_month = strlen(day) > 9 ? strtol(day + 8, NULL, 10) : 1;

    if (strncmp(day, today, 4) == 0)
        (void)snprintf(text, TP_WHEN_TEXT_MAX, "%ld %s", of_month, month((int)month_of - 1));
    else
        (void)snprintf(text, TP_WHEN_TEXT_MAX, "%ld %s %ld", of_month, month((int)month_of - 1),
                       year);
    return text;
}

void tp_respond_problem(struct tp_exchange *exchange, int status, const char *format, ...)
{
    const char *accept = tp_exchange_header(exchange, "Accept");
    char text[TP_ERROR_TEXT_MAX];
    char said[TP_ERROR_TEXT_MAX];
    struct tp_html html;
    va_list args;

    va_start(args, format);
    (void)vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    if (!accept || !strstr(accept, "text/html")) {
        tp_respond_text(exchange, status, "%s", text);
        return;
    }
    tp_page_begin(NULL, exchange, &html, status, TP_SECTION_NONE, "That did not work");
    sentence(text, said);
    tp_html_element(&html, "p", said, "class", "lead", NULL);
    tp_html_open(&html, "p", NULL);
    tp_html_element(&html, "a", "Back to the overview", "href", "/", NULL);
    tp_page_end(&html);
}

/* sync/central/web/style.css, as it is, and a NUL. */
extern const char tp_style_css[];
__asm__(".pushsection .rodata\n"
        ".global tp_style_css\n"
        "tp_style_css:\n"
        ".incbin \"sync/central/web/style.css\"\n"
        ".byte 0\n"
        ".popsection\n");

enum tp_next tp_web_style(struct tp_central *central, struct tp_exchange *exchange)
{
    (void)central;
    tp_respond(exchange, 200, "text/css; charset=utf-8");
    tp_respond_header(exchange, "Cache-Control", "public, max-age=300");
    tp_respond_header(exchange, "X-Content-Type-Options", "nosniff");
    (void)tp_buf_puts(&exchange->response.body, tp_style_css);
    return TP_RESPOND;
}
