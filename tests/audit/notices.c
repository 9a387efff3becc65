/* See audit.h: the pages of notices, and those that lead to them. */
#include "audit/audit.h"
#include "kiosk/screens/screens.h"

#define PARTS(of) .parts = (of), .count = sizeof(of) / sizeof((of)[0])

static struct tp_notice_part english[] = {
    {.text = (char *)"You told us that the library should open on Sundays. 412 people answered, "
                     "and most of "
                     "them work on weekdays.",
     .picture = ""},
    {.text = (char *)"We listened. From 6 December the library opens every Sunday from 10 in the "
                     "morning to 2 "
                     "in the afternoon.",
     .picture = ""},
    {.text = (char *)"It costs nothing, and you do not need to book. The bus number 5 stops in "
                     "front of the "
                     "door.",
     .picture = ""},
    {.text = (char *)"We did not open a second reading room, because there is no money for it this "
                     "year.",
     .picture = ""},
};
static struct tp_notice_part easy[] = {
    {.text = (char *)"You told us about the library.", .picture = "speech"},
    {.text = (char *)"You want it open on Sundays.", .picture = "calendar"},
    {.text = (char *)"We open on Sundays now.", .picture = "library"},
    {.text = (char *)"You can come from 10 in the morning.", .picture = "clock"},
    {.text = (char *)"It costs nothing.", .picture = "money"},
};
static struct tp_notice_part polish[] = {
    {.text = (char *)"Biblioteka miała być otwarta w niedziele: tak napisały 412 osoby.",
     .picture = ""},
    {.text = (char *)"Od 6 grudnia biblioteka jest otwarta w każdą niedzielę od 10 do 14. Wstęp "
                     "jest wolny.",
     .picture = ""},
};
static struct tp_notice_part arabic[] = {
    {.text = (char *)"أخبرتمونا أن المكتبة يجب أن تفتح أيام الأحد. أجاب 412 شخصًا.", .picture = ""},
    {.text = (char *)"ابتداءً من 6 ديسمبر تفتح المكتبة كل يوم أحد من الساعة 10 إلى الساعة 14. هاتف: "
                     "01865 "
                     "123456.",
     .picture = ""},
};
static struct tp_notice_part closed[] = {
    {.text = (char *)"The library is closed on Monday 30 November, because we mend the heating.",
     .picture = ""},
};
static struct tp_notice_words outcome_words[] = {
    {.tag = "en", .title = "The library opens on Sundays", PARTS(english)},
    {.tag = "en-simple", .title = "Open on Sundays", PARTS(easy)},
    {.tag = "pl", .title = "Biblioteka otwarta w niedziele", PARTS(polish)},
    {.tag = "ar", .title = "المكتبة تفتح أيام الأحد", PARTS(arabic)},
};
static struct tp_notice_words service_words[] = {
    {.tag = "en", .title = "Closed on Monday 30 November", PARTS(closed)},
};
/* The second is not written in any other language. */
static struct tp_notice samples[] = {
    {.id = "1",
     .kind = TP_NOTICE_OUTCOME,
     .from = "2026-11-20",
     .until = "2026-12-31",
     .survey = "library-2025",
     .about = "What should your library offer?",
     .words = outcome_words,
     .count = 4},
    {.id = "2",
     .kind = TP_NOTICE_SERVICE,
     .from = "2026-11-26",
     .until = "2026-11-30",
     .words = service_words,
     .count = 1},
};

static bool show(struct audit *audit, enum tp_screen_id screen, const char *state,
                 struct tp_error *error)
{
    return tp_app_build(audit->app, error) &&
           audit_ask(audit, audit->subject, tp_screens[screen]->name, state, error);
}

static bool show_notice(struct audit *audit, size_t index, const char *state,
                        struct tp_error *error)
{
    struct tp_app *app = audit->app;
    bool ok;

    app->person.notice = &samples[index];
    tp_app_go(app, TP_SCREEN_NOTICE);
    ok = show(audit, TP_SCREEN_NOTICE, state, error);
    tp_app_back(app);
    app->person.notice = NULL;
    return ok;
}

bool audit_show_notices(struct audit *audit, struct tp_error *error)
{
    struct tp_app *app = audit->app;
    struct tp_notices before = app->notices;
    bool ok;

    app->notices = (struct tp_notices){.serial = 1, .items = samples, .count = 2};
    ok = show(audit, TP_SCREEN_WELCOME, "+news", error);
    tp_app_go(app, TP_SCREEN_READ);
    tp_app_go(app, TP_SCREEN_SURVEYS);
    ok = ok && show(audit, TP_SCREEN_SURVEYS, "+news", error);
    tp_app_go(app, TP_SCREEN_NEWS);
    ok = ok && show(audit, TP_SCREEN_NEWS, "", error) && show_notice(audit, 0, "", error) &&
         show_notice(audit, 1, "+one language", error);
    app->notices.count = 0;
    ok = ok && show(audit, TP_SCREEN_NEWS, "+none", error);
    tp_app_back(app);
    tp_app_back(app);
    tp_app_back(app);
    app->notices = before;
    return ok;
}
