/* An email address: a text whose appearance or name says so, with a keyboard of its own. */
#include <stdio.h>
#include <string.h>

#include "kiosk/i18n/catalog.h"
#include "kiosk/widgets/widgets.h"

static bool serves(const struct tp_question *question)
{
    return question->control == TP_CONTROL_INPUT && question->type == TP_TYPE_STRING &&
           (tp_appearance_has(question->appearance, "email") ||
            strcasestr(question->name, "email") != NULL) &&
           question->rows <= 1;
}

static enum tp_keyboard_kind keyboard(const struct tp_question *question)
{
    (void)question;
    return TP_KEYBOARD_EMAIL;
}

static void build(const struct tp_place_to_ask *place, const struct tp_question *question)
{
    (void)tp_widget_field(place, place->parent, question,
                          &(struct tp_field_spec){.initial = question->value, .max_lines = 2});
}

/* Something, @, something with a dot in it: the slips of a finger, not the whole of RFC 5321. */
static bool looks_right(const char *text)
{
    const char *at = strchr(text, '@');
    const char *dot = at ? strrchr(at, '.') : NULL;

    return at && at > text && !strchr(at + 1, '@') && dot && dot > at + 1 && dot[1] &&
           !strpbrk(text, " \n,");
}

static bool commit(struct tp_app *app, const struct tp_question *question,
                   char words[TP_FAULT_WORDS_MAX])
{
    const char *typed = tp_widget_typed(app, question->node, 0, question->value);
    const char *wrong = _("Write an email address with an @ in it, like name@example.com");

    if (*typed && !looks_right(typed)) {
        (void)snprintf(words, TP_FAULT_WORDS_MAX, "%s", wrong);
        return false;
    }
    return tp_widget_set(app, question, typed, wrong, words);
}

static const char *missing(const struct tp_question *question)
{
    (void)question;
    return _("Write an email address with an @ in it, like name@example.com");
}

const struct tp_widget tp_widget_email = {.name = "email",
                                          .serves = serves,
                                          .build = build,
                                          .commit = commit,
                                          .keyboard = keyboard,
                                          .missing = missing};
