/*
 * A long list: a few letters are typed and the answers that have them are shown to be touched. What
 * is chosen stands first and stays there whatever is typed; a few fit at a time, and the person is
 * told when there are more.
 */
#include <stdio.h>
#include <string.h>

#include "kiosk/i18n/catalog.h"
#include "kiosk/widgets/search_index.h"
#include "kiosk/widgets/widgets.h"

/* As many answers as a person can look through; an author who asks for a search gets one earlier.
 */
#define LIST_MAX 30
#define LIST_MAX_ASKED 8
/* Of those found. */
#define SHOWN_MAX 24

static bool serves(const struct tp_question *question)
{
    bool asked = tp_appearance_has(question->appearance, "autocomplete") ||
                 tp_appearance_has(question->appearance, "search") ||
                 tp_appearance_has(question->appearance, "minimal");

    return (question->control == TP_CONTROL_SELECT_ONE ||
            question->control == TP_CONTROL_SELECT_MULTIPLE) &&
           question->choice_count > (asked ? LIST_MAX_ASKED : LIST_MAX);
}

static enum tp_keyboard_kind keyboard(const struct tp_question *question)
{
    (void)question;
    return TP_KEYBOARD_TEXT;
}

/* ---- finding ---- */

struct found {
    size_t index[SHOWN_MAX]; /* of choices, best first */
    size_t count;            /* of those */
    size_t total;            /* that fit at all */
};

/* Puts an index behind those that fit as well or better; the worst falls out at the end. */
static void keep(struct found *found, enum tp_fit fits[SHOWN_MAX], size_t index, enum tp_fit fit)
{
    size_t at = found->count;

    found->total++;
    while (at > 0 && fits[at - 1] < fit)
        at--;
    if (at == SHOWN_MAX)
        return;
    if (found->count < SHOWN_MAX)
        found->count++;
    memmove(fits + at + 1, fits + at, (found->count - at - 1) * sizeof(fits[0]));
    memmove(found->index + at + 1, found->index + at,
            (found->count - at - 1) * sizeof(found->index[0]));
    fits[at] = fit;
    found->index[at] = index;
}

/* NULL when out of memory: nothing is found then. */
static const struct tp_search_index *index_of(struct tp_app *app,
                                              const struct tp_question *question)
{
    struct tp_person *person = &app->person;
    bool ok = tp_search_index_update(&person->search, person->session, question->node,
                                     question->choice_count);

    return ok ? person->search : NULL;
}

/* Those that are chosen stand above and are not found again. */
static void find(struct tp_app *app, const struct tp_question *question, struct found *found)
{
    const char *typed = tp_widget_typed(app, question->node, 0, "");
    const struct tp_search_index *index = index_of(app, question);
    enum tp_fit fits[SHOWN_MAX] = {TP_FIT_NONE};
    struct tp_buf wanted;

    *found = (struct found){0};
    tp_buf_init(&wanted, TP_TEXT_EDIT_MAX * 4);
    (void)tp_fold(typed, &wanted);
    for (size_t i = 0; index && i < tp_search_index_count(index); i++) {
        enum tp_fit fit = tp_search_index_is_chosen(index, i)
                              ? TP_FIT_NONE
                              : tp_search_index_fit(index, i, tp_buf_text(&wanted));

        if (fit != TP_FIT_NONE)
            keep(found, fits, i, fit);
    }
    tp_buf_finish(&wanted);
}

/* ---- the page ---- */

static enum tp_mark mark_of(const struct tp_question *question)
{
    return question->control == TP_CONTROL_SELECT_ONE ? TP_MARK_RADIO : TP_MARK_CHECKBOX;
}

/* Every chosen one, also beyond what is shown of the rest: it must be there to be taken back. */
static void build_chosen(const struct tp_place_to_ask *place, const struct tp_question *question,
                         struct tp_node *list)
{
    const struct tp_search_index *index = index_of(place->app, question);

    for (size_t i = 0; index && i < tp_search_index_count(index); i++)
        if (tp_search_index_is_chosen(index, i))
            tp_widget_choice(place, question, list, mark_of(question), i, i);
}

static void build_found(const struct tp_place_to_ask *place, const struct tp_question *question,
                        struct tp_node *body)
{
    struct found found;
    struct tp_node *list = tp_ui_choices(body);

    find(place->app, question, &found);
    if (*question->value)
        build_chosen(place, question, list);
    for (size_t i = 0; i < found.count; i++)
        tp_widget_choice(place, question, list, mark_of(question), found.index[i], found.index[i]);
    if (found.total > found.count)
        (void)tp_ui_text(body, TP_STYLE_HINT,
                         tp_words(_("There are more answers. Type more letters to find yours.")));
    else if (found.total == 0 && *tp_widget_typed(place->app, question->node, 0, ""))
        (void)tp_ui_text(body, TP_STYLE_HINT,
                         tp_words(_("No other answer has these letters. Delete some of them.")));
}

static void build(const struct tp_place_to_ask *place, const struct tp_question *question)
{
    struct tp_node *body = tp_page_body(place->page);
    struct found found;
    char words[128];

    (void)tp_widget_field(place, place->parent, question, &(struct tp_field_spec){.initial = ""});
    if (!place->typing) {
        build_found(place, question, place->alone ? body : place->parent);
        return;
    }
    find(place->app, question, &found);
    (void)snprintf(words, sizeof(words), _("Answers with these letters: %d"), (int)found.total);
    (void)tp_ui_text(body, TP_STYLE_HINT, tp_words(words));
}

static const char *hint(const struct tp_question *question)
{
    return question->control == TP_CONTROL_SELECT_ONE
               ? _("Type the first letters. Then touch your answer.")
               : _("Type the first letters. Then touch as many answers as you like.");
}

const struct tp_widget tp_widget_search = {.name = "search",
                                           .serves = serves,
                                           .build = build,
                                           .touch = tp_widget_toggle,
                                           .keyboard = keyboard,
                                           .hint = hint,
                                           .searches = true};
