#include "kiosk/widgets/widgets.h"

#include <stdio.h>
#include <string.h>

#include "kiosk/app_picture.h"
#include "kiosk/i18n/catalog.h"

/* The first that serves a question asks it: the particular before the general. */
static const struct tp_widget *const registry[] = {
    &tp_widget_note,  &tp_widget_search, &tp_widget_acknowledge, &tp_widget_rating,
    &tp_widget_range, &tp_widget_likert, &tp_widget_select_one,  &tp_widget_select_multiple,
    &tp_widget_date,  &tp_widget_time,   &tp_widget_number,      &tp_widget_email,
    &tp_widget_text,  &tp_widget_rank,   &tp_widget_repeat,      &tp_widget_date_time,
    &tp_widget_other,
};

const struct tp_widget *tp_widget_for(const struct tp_question *question)
{
    size_t last = sizeof(registry) / sizeof(registry[0]) - 1;

    for (size_t i = 0; i < last; i++)
        if (registry[i]->serves(question))
            return registry[i];
    return registry[last];
}

int tp_widget_first_part(const struct tp_question *question)
{
    const struct tp_widget *widget = tp_widget_for(question);

    return widget->first ? widget->first(question) : 0;
}

const char *tp_widget_id(const char *kind, tp_node node, size_t index)
{
    static char id[96];

    (void)snprintf(id, sizeof(id), "%.60s:%u:%zu", kind, (unsigned)node, index);
    return id;
}

/* ---- choices ---- */

void tp_widget_choice(const struct tp_place_to_ask *place, const struct tp_question *question,
                      struct tp_node *list, enum tp_mark mark, size_t index, size_t what)
{
    struct tp_app *app = place->app;
    char clip[TP_MEDIA_PATH_MAX];
    struct tp_shown_picture picture;
    struct tp_choice choice;

    if (!tp_session_choice(app->person.session, question->node, index, &choice))
        return;
    tp_picture_of_choice(app, question, &choice, &picture);
    (void)tp_ui_choice(
        list,
        &(struct tp_answer){
            .id = tp_widget_id("choice", question->node, index),
            .label =
                tp_words_recorded(choice.label.text ? choice.label.text : choice.value,
                                  tp_survey_media(app->person.survey, choice.label.audio, clip)),
            .picture = tp_picture_path(&picture),
            .picture_alt = picture.alt,
            .mark = mark,
            .chosen = choice.chosen,
            .disabled = question->readonly,
            .action = {.id = TP_ACT_ANSWER, .argument = tp_app_argument(question->node, what)}});
}

struct tp_node *tp_widget_list(const struct tp_place_to_ask *place,
                               const struct tp_question *question)
{
    bool pictures = strstr(question->appearance, "columns") ||
                    tp_appearance_has(question->appearance, "no-buttons");
    struct tp_choice choice;

    for (size_t i = 0; pictures && i < question->choice_count; i++)
        pictures = tp_session_choice(place->app->person.session, question->node, i, &choice) &&
                   choice.label.image;
    return pictures && !place->app->person.look.easy_read ? tp_ui_picture_choices(place->parent)
                                                          : tp_ui_choices(place->parent);
}

void tp_widget_choices(const struct tp_place_to_ask *place, const struct tp_question *question,
                       struct tp_node *list, enum tp_mark mark)
{
    for (size_t i = 0; i < question->choice_count; i++)
        tp_widget_choice(place, question, list, mark, i, i);
}

void tp_widget_toggle(struct tp_app *app, const struct tp_question *question, size_t index)
{
    struct tp_session *session = app->person.session;
    struct tp_choice choice;

    if (tp_session_choice(session, question->node, index, &choice))
        (void)tp_session_toggle_choice(session, question->node, choice.value, NULL);
}

/* ---- what is typed ---- */

const char *tp_widget_typed(struct tp_app *app, tp_node node, int part, const char *initial)
{
    const struct tp_draft *draft = tp_person_find_draft(&app->person, node, part);

    return draft ? tp_text_edit_text(&draft->edit) : initial;
}

struct tp_node *tp_widget_field(const struct tp_place_to_ask *place, struct tp_node *parent,
                                const struct tp_question *question,
                                const struct tp_field_spec *spec)
{
    struct tp_person *person = &place->app->person;
    bool editing = person->field == question->node && person->field_part == spec->part;

    return tp_ui_field(
        parent, &(struct tp_field){
                    .id = tp_widget_id("field", question->node, (size_t)spec->part),
                    .text = spec->shown ? spec->shown
                                        : tp_widget_typed(place->app, question->node, spec->part,
                                                          spec->initial),
                    .caret = SIZE_MAX,
                    .editing = editing,
                    .lines = spec->lines,
                    .max_lines = spec->max_lines,
                    .width_mm = spec->width_mm,
                    .spoken = spec->spoken ? spec->spoken : question->label.text,
                    .secret = question->sensitive,
                    .action = {.id = TP_ACT_FIELD,
                               .argument = tp_app_argument(question->node, (size_t)spec->part)}});
}

bool tp_widget_set(struct tp_app *app, const struct tp_question *question, const char *value,
                   const char *wrong, char words[TP_FAULT_WORDS_MAX])
{
    struct tp_error error;

    if (tp_session_set(app->person.session, question->node, value, &error))
        return true;
    (void)snprintf(words, TP_FAULT_WORDS_MAX, "%s",
                   error.code == TP_ERR_LIMIT ? _("This answer is too long") : wrong);
    return false;
}
