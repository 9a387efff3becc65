#include "kiosk/widgets/answer_words.h"

#include <stdio.h>
#include <string.h>

#include "kiosk/app.h"
#include "kiosk/app_words.h"
#include "kiosk/i18n/catalog.h"

void tp_thousands(const char *number, struct tp_buf *words)
{
    const char *digits = number + (*number == '-');
    size_t whole = strspn(digits, "0123456789");

    if (whole == 0 || (digits[whole] && digits[whole] != '.')) {
        (void)tp_buf_puts(words, number);
        return;
    }
    if (digits != number)
        (void)tp_buf_putc(words, '-');
    for (size_t i = 0; i < whole; i++) {
        if (i > 0 && (whole - i) % 3 == 0)
            /* Translators: what parts the thousands of a number: 12,500. A space that does not
             * break, where it is a space. */
            (void)tp_buf_puts(words, tp_c("thousands", ","));
        (void)tp_buf_putc(words, digits[i]);
    }
    (void)tp_buf_puts(words, digits + whole);
}

/* "1. Longer hours, 2. More books": the places are the answer. */
static void rank_words(struct tp_session *session, const struct tp_question *question,
                       struct tp_buf *words)
{
    const char *at = question->value;

    for (int place = 1; *at; place++) {
        size_t length = strcspn(at, " ");
        char value[256];
        struct tp_choice choice;
        long index;

        (void)snprintf(value, sizeof(value), "%.*s", (int)length, at);
        index = tp_session_choice_find(session, question->node, value);
        if (index >= 0 && tp_session_choice(session, question->node, (size_t)index, &choice))
            (void)tp_buf_printf(words, "%s%d. %s", place > 1 ? "\n" : "", place,
                                choice.label.text ? choice.label.text : choice.value);
        at += length;
        at += strspn(at, " ");
    }
}

/* A question that asked for less than a day is answered with less. */
static void day_words(const char *value, const char *appearance, char words[TP_DAY_WORDS_MAX])
{
    struct tp_day day;

    if (!tp_day_parse(value, &day))
        tp_value_words(value, words);
    else if (tp_appearance_has(appearance, "year"))
        (void)snprintf(words, TP_DAY_WORDS_MAX, "%d", day.year);
    else if (tp_appearance_has(appearance, "month-year"))
        tp_month_of_year_words(day, words);
    else
        tp_day_words(day, words);
}

void tp_show_day(void *context, const char *value, const char *appearance, struct tp_buf *out)
{
    const struct tp_app *app = context;
    const struct tp_form_language *shown =
        app->person.session ? tp_session_language(app->person.session) : NULL;
    size_t primary = strcspn(app->person.language, "-");
    char words[TP_DAY_WORDS_MAX];

    /* Words of one language within another's would not be understood. */
    if (shown && (strncmp(shown->tag, app->person.language, primary) != 0 ||
                  strcspn(shown->tag, "-") != primary)) {
        (void)tp_buf_puts(out, value);
        return;
    }
    day_words(value, appearance, words);
    (void)tp_buf_puts(out, words);
}

void tp_answer_words(struct tp_session *session, const struct tp_question *question,
                     struct tp_buf *words)
{
    char day[TP_DAY_WORDS_MAX];

    if (!*question->value) {
        (void)tp_buf_puts(words, _("Not answered"));
    } else if (question->sensitive) {
        (void)tp_buf_puts(words, _("Answered, and not shown here"));
    } else if (question->control == TP_CONTROL_TRIGGER) {
        (void)tp_buf_puts(words, _("Yes, I have read this"));
    } else if (question->control == TP_CONTROL_RANK) {
        rank_words(session, question, words);
    } else if (question->type == TP_TYPE_DATE || question->type == TP_TYPE_TIME ||
               question->type == TP_TYPE_DATETIME) {
        day_words(question->value, question->appearance, day);
        (void)tp_buf_puts(words, day);
    } else if (tp_appearance_has(question->appearance, "thousands-sep")) {
        tp_thousands(question->value, words);
    } else {
        (void)tp_session_display(session, question->node, words);
    }
}
