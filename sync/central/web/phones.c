/* Phones and tablets with ODK Collect: a name, a made password, and the code that sets one up. */
#include <string.h>

#include "base/mem.h"
#include "central/data/collectors.h"
#include "central/data/people.h"
#include "central/http/access.h"
#include "central/web/devices.h"
#include "central/web/qr.h"
#include "central/web/web.h"

static void row(struct tp_central *central, const struct tp_exchange *exchange,
                struct tp_html *html, const struct tp_device *phone)
{
    char when[TP_WHEN_TEXT_MAX];

    tp_html_open(html, "tr", "class", phone->revoked_ms ? "off" : NULL, NULL);
    tp_html_element(html, "th", phone->name, "scope", "row", "class", "strong", NULL);
    tp_page_cell(html, "Last heard",
                 tp_page_ago(central, phone->seen_ms, tp_clock_wall_ms(&central->clock), when));
    tp_device_state_cell(html, phone->revoked_ms ? TP_MOOD_OFF : TP_MOOD_GOOD,
                         phone->revoked_ms ? "Taken off" : "May send");
    tp_device_take_off_cell(html, exchange, phone);
    tp_html_close(html);
}

void tp_phones_section(struct tp_central *central, const struct tp_exchange *exchange,
                       struct tp_html *html, const struct tp_device *list, size_t count)
{
    static const char *const headings[] = {"Name", "Last heard", "State", "", NULL};
    size_t shown = 0;

    tp_html_element(html, "h2", "Phones with ODK Collect", NULL);
    for (size_t i = 0; i < count; i++) {
        if (!list[i].collects)
            continue;
        if (shown++ == 0)
            tp_page_table(html, "Phones with ODK Collect", headings);
        row(central, exchange, html, &list[i]);
    }
    if (shown)
        tp_page_table_end(html);
    if (!tp_access_may(exchange, TP_ADMINISTRATOR)) {
        if (!shown)
            tp_html_element(html, "p", "No phone yet.", "class", "panel", NULL);
        return;
    }
    tp_page_form(html, exchange, "/phones", shown ? "panel row below" : "panel row");
    tp_page_field(html, "login", "Name of a phone or a person",
                  "The next page shows a code that sets ODK Collect up.", "text", NULL, "off");
    tp_html_element(html, "button", "Add", "class", "button", NULL);
    tp_html_close(html);
}

struct adding {
    struct tp_central *central;
    const char *login;
    char ha1[TP_HA1_MAX];
    struct tp_deed deed;
    bool taken;
};

static bool run_add(struct tp_sql *db, void *context, struct tp_error *error)
{
    struct adding *adding = context;

    return tp_collector_add(db, adding->login, adding->ha1, &adding->central->random,
                            adding->deed.at_ms, &adding->taken, error) &&
           (adding->taken ||
            tp_audit_add(db, &adding->deed, "added the phone", adding->login, error));
}

static void fact(struct tp_html *html, const char *name, const char *value)
{
    tp_html_element(html, "dt", name, NULL);
    tp_html_open(html, "dd", NULL);
    tp_html_element(html, "code", value, NULL);
    tp_html_close(html);
}

/* Once: only the password's digest is kept. */
static void show_code(struct tp_central *central, struct tp_exchange *exchange, const char *login,
                      const char *password)
{
    struct tp_html html;
    struct tp_buf url;
    struct tp_buf settings;
    bool ok;

    tp_buf_init(&url, TP_URL_MAX * 2);
    tp_buf_init(&settings, 8192);
    ok =
        tp_app_base_url(central, exchange, &url) &&
        tp_collect_settings(tp_buf_text(&url), login, password, central->settings.title, &settings);
    tp_page_begin(central, exchange, &html, 200, TP_SECTION_SCREENS, "Set up a phone");
    tp_html_open(&html, "div", "class", "panel code", NULL);
    if (ok)
        ok = tp_qr_svg(&html, tp_buf_text(&settings), "Settings code for ODK Collect");
    tp_html_open(&html, "div", NULL);
    tp_html_element(&html, "p",
                    "In ODK Collect choose \"Configure with QR code\" and hold the phone to this "
                    "code. It is shown once: whoever has it can send answers in this name.",
                    NULL);
    tp_html_element(&html, "p", "Or type these in under \"Manually enter project details\":", NULL);
    tp_html_open(&html, "dl", NULL);
    fact(&html, "URL", tp_buf_text(&url));
    fact(&html, "Username", login);
    fact(&html, "Password", password);
    tp_html_close(&html);
    tp_html_element(&html, "a", "Done", "class", "button", "href", "/screens", NULL);
    tp_page_end(&html);
    tp_buf_finish(&url);
    tp_buf_finish(&settings);
    if (!ok)
        tp_respond_problem(exchange, 500, "the code cannot be drawn");
}

enum tp_next tp_web_phone_add(struct tp_central *central, struct tp_exchange *exchange)
{
    struct adding adding = {.central = central,
                            .login = tp_exchange_field(exchange, "login"),
                            .deed = tp_page_deed(central, exchange)};
    char password[TP_PASSWORD_MADE_MAX];

    if (!adding.login || !*adding.login || !tp_is_line(adding.login, TP_LOGIN_MAX) ||
        strpbrk(adding.login, ":\"\\")) {
        tp_screens_show(central, exchange, 400,
                        "Write a name of at most 64 characters, without : \" and \\.", "login");
        return TP_RESPOND;
    }
    tp_password_make(&central->random, password);
    tp_ha1(adding.login, password, adding.ha1);
    if (!tp_committer_run(central->committer, run_add, &adding, NULL))
        tp_page_not_ready(exchange);
    else if (adding.taken)
        tp_screens_show(central, exchange, 409,
                        "That name is in use, or was. Choose another, so that answers of the two "
                        "are told apart.",
                        "login");
    else
        show_code(central, exchange, adding.login, password);
    tp_wipe(password, sizeof(password));
    return TP_RESPOND;
}
