#include "kiosk/app_notices.h"

#include <stdio.h>
#include <string.h>

#include "kiosk/app.h"

#define SIGNATURE_MAX 1024u

void tp_app_notices_refresh(struct tp_app *app)
{
    struct tp_notices notices = {0};
    struct tp_buf text, signature;
    int64_t serial = 0;

    tp_notices_finish(&app->notices);
    if (!app->store || !app->has_receipt_key)
        return;
    tp_buf_init(&text, TP_NOTICES_BYTES_MAX);
    tp_buf_init(&signature, SIGNATURE_MAX);
    if (tp_notices_kept(app->store, &text, &signature, &serial, NULL) && text.length &&
        tp_notices_open(text.data, text.length, tp_buf_text(&signature), signature.length,
                        &app->receipt_key, &notices, NULL))
        app->notices = notices;
    tp_buf_finish(&text);
    tp_buf_finish(&signature);
}

static void today_text(const struct tp_app *app, char text[TP_NOTICE_DAY_MAX])
{
    struct tp_day today = tp_app_today(app);

    (void)snprintf(text, TP_NOTICE_DAY_MAX, "%04u-%02u-%02u", (unsigned)today.year % 10000u,
                   (unsigned)today.month % 100u, (unsigned)today.day % 100u);
}

size_t tp_app_news(const struct tp_app *app, const struct tp_notice *due[TP_NOTICES_MAX])
{
    char today[TP_NOTICE_DAY_MAX];
    size_t count = 0;

    today_text(app, today);
    for (size_t i = 0; i < app->notices.count && count < TP_NOTICES_MAX; i++)
        if (tp_notice_is_due(&app->notices.items[i], today))
            due[count++] = &app->notices.items[i];
    return count;
}

const struct tp_notice *tp_app_notice(const struct tp_app *app, const char *id)
{
    const struct tp_notice *due[TP_NOTICES_MAX];
    size_t count = tp_app_news(app, due);

    for (size_t i = 0; i < count; i++)
        if (strcmp(due[i]->id, id) == 0)
            return due[i];
    return NULL;
}

const struct tp_notice_words *tp_app_notice_words(const struct tp_app *app,
                                                  const struct tp_notice *notice)
{
    return tp_notice_words_for(notice, app->person.language, app->person.look.easy_read);
}

const char *tp_app_notice_kind(const struct tp_notice *notice)
{
    switch (notice->kind) {
    case TP_NOTICE_OUTCOME:
        return _("You said, we did");
    case TP_NOTICE_SERVICE:
        return _("About our service");
    default:
        return _("News");
    }
}
