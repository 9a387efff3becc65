/*
 * One question a page, or a group's questions together (sketches 2, 3, 4 and 9). A page with one
 * question to type opens the keyboard under it, where the display has room for both; otherwise
 * touching the field brings a page with the keyboard (typing.c).
 */
#include <stdio.h>

#include "kiosk/app_answer.h"
#include "kiosk/app_picture.h"
#include "kiosk/app_repeat.h"
#include "kiosk/screens/screens.h"
#include "kiosk/widgets/keyboard.h"

#define GROUP_PICTURE_MM 30.0
#define MULTILINE 3
/* The room that digits and their field each want beside the other. */
#define DIGITS_MM 80.0

/* ---- where we are ---- */

/* The check page comes after the last question: the bar is full only there. */
static double progress_of(size_t index, size_t total)
{
    return (double)index / (double)(total + 1);
}

static const char *status_words(const struct tp_app *app, char words[96], double *progress)
{
    size_t index, total;

    tp_session_progress(app->person.session, &index, &total);
    *progress = progress_of(index, total);
    if (app->person.changing)
        return _("Change your answer");
    (void)snprintf(words, 96, _("Question %1$d of %2$d"), (int)index, (int)total);
    return words;
}

/* ---- one question ---- */

/* Its words, with the recording of them where the survey has one. */
static struct tp_words label_of(const struct tp_app *app, const struct tp_text *label,
                                char clip[TP_MEDIA_PATH_MAX])
{
    return tp_words_recorded(label->text ? label->text : "",
                             tp_survey_media(app->person.survey, label->audio, clip));
}

static const char *text_of(const struct tp_text *text)
{
    return text->text ? text->text : "";
}

static void build_hint(struct tp_app *app, struct tp_node *parent,
                       const struct tp_question *question, const struct tp_widget *widget)
{
    const char *hint = text_of(&question->hint);
    char clip[TP_MEDIA_PATH_MAX];
    struct tp_words authored = label_of(app, &question->hint, clip);

    /* What was found by typing comes first where there is room for little. */
    if (widget->searches && tp_app_is_low(app) && *tp_widget_typed(app, question->node, 0, ""))
        return;
    /* Easy Read says only what its author wrote: one idea a line, none of them ours. */
    if (!*hint && widget->hint && !app->person.look.easy_read &&
        question->control != TP_CONTROL_NOTE)
        hint = widget->hint(question);
    if (*text_of(&question->hint))
        (void)tp_ui_text(parent, TP_STYLE_HINT, authored);
    else if (*hint)
        (void)tp_ui_text(parent, TP_STYLE_HINT, tp_words(hint));
    if (question->guidance)
        (void)tp_ui_text(parent, TP_STYLE_HINT, tp_words_markdown(question->guidance));
}

/* The box at the top of the page sums up what is wrong; on a low display one problem is said once,
 * beside its question. */
static bool has_problem_box(const struct tp_app *app)
{
    return app->person.fault_count > 1 || (app->person.fault_count == 1 && !tp_app_is_low(app));
}

/* What is touched or typed, with the words of a fault above it. */
static void build_answer(struct tp_app *app, struct tp_page *page, struct tp_node *parent,
                         const struct tp_question *question, bool alone)
{
    const char *fault = tp_answer_fault(app, question->node);
    struct tp_place_to_ask place = {.app = app, .page = page, .parent = parent, .alone = alone};
    char words[TP_FAULT_WORDS_MAX + 128];

    if (fault) {
        /* Where the box at the top has no room, its title stands here. */
        (void)snprintf(words, sizeof(words), "%s%s%s",
                       has_problem_box(app) ? "" : _("There is a problem"),
                       has_problem_box(app) ? "" : "\n", fault);
        place.parent = tp_ui_alarm(parent, tp_words_markdown(words));
    }
    tp_widget_for(question)->build(&place, question);
}

/* Digits stand beside their field, letters under it. */
static bool is_digits(enum tp_keyboard_kind kind)
{
    return kind == TP_KEYBOARD_INTEGER || kind == TP_KEYBOARD_DECIMAL || kind == TP_KEYBOARD_PIN;
}

static void build_typed(struct tp_app *app, struct tp_page *page,
                        const struct tp_question *question, enum tp_keyboard_kind kind)
{
    struct tp_person *person = &app->person;
    struct tp_node *dock = tp_page_dock(page);

    if (person->field != question->node)
        tp_screen_open_field(app, question, tp_widget_first_part(question));
    if (is_digits(kind)) {
        struct tp_node *row = tp_ui_row(dock, 12, DIGITS_MM);

        build_answer(app, page, tp_ui_column(row, 0), question, true);
        tp_screen_keyboard(app, row);
        return;
    }
    build_answer(app, page, dock, question, true);
    tp_screen_keyboard(app, dock);
}

/* Answers to touch, or a field that brings the keyboard on a page of its own. */
static void build_touched(struct tp_app *app, struct tp_page *page,
                          const struct tp_question *question, const struct tp_widget *widget)
{
    /* Where every line counts, the author's own hint is enough. */
    bool told = tp_app_is_low(app) && *text_of(&question->hint);

    if (widget->keyboard && !question->readonly && !told)
        (void)tp_ui_text(tp_page_body(page), TP_STYLE_HINT, tp_words(_("Touch the box to write.")));
    build_answer(app, page, tp_page_body(page), question, true);
}

/* Above the question: which one of a repeat it is about, and what stands above a table's rows. */
static void build_lead(struct tp_app *app, struct tp_node *body, tp_node node)
{
    struct tp_session *session = app->person.session;
    tp_node repeat, instance = tp_session_instance_of(session, node, &repeat, &(size_t){0});
    struct tp_question lead;
    tp_node at;

    if (instance != TP_NODE_NONE) {
        struct tp_buf name;

        tp_buf_init(&name, TP_FAULT_WORDS_MAX);
        tp_repeat_name(app, instance, &name);
        if (name.length > 0)
            (void)tp_ui_text(body, TP_STYLE_HINT, tp_words_markdown(tp_buf_text(&name)));
        tp_buf_finish(&name);
    }
    at = tp_session_together(session, node);
    if (at != TP_NODE_NONE) {
        struct tp_text label;

        tp_session_label(session, at, &label);
        if (label.text)
            (void)tp_ui_text(body, TP_STYLE_HINT, tp_words_markdown(label.text));
    }
    for (size_t i = 0; (at = tp_session_table_lead(session, node, i)) != TP_NODE_NONE; i++)
        if (tp_session_question(session, at, &lead) && *text_of(&lead.label))
            (void)tp_ui_text(body, TP_STYLE_BODY, tp_words_markdown(lead.label.text));
}

static void build_alone(struct tp_app *app, struct tp_page *page,
                        const struct tp_question *question)
{
    const struct tp_widget *widget = tp_widget_for(question);
    struct tp_node *body = tp_page_body(page);
    enum tp_keyboard_kind kind = widget->keyboard ? widget->keyboard(question) : 0;
    int lines = kind == TP_KEYBOARD_MULTILINE ? MULTILINE : 1;
    char clip[TP_MEDIA_PATH_MAX];

    build_lead(app, body, question->node);
    (void)tp_ui_heading(body, label_of(app, &question->label, clip));
    build_hint(app, body, question, widget);
    if (widget->keyboard && !question->readonly)
        tp_keyboard_note(app, body, kind);
    if (widget->keyboard && !widget->apart && !question->readonly &&
        tp_keyboard_fits(app, kind, lines))
        build_typed(app, page, question, kind);
    else
        build_touched(app, page, question, widget);
}

/* ---- several questions ---- */

static void build_member(struct tp_app *app, struct tp_page *page,
                         const struct tp_question *question)
{
    struct tp_node *parent = tp_page_body(page);
    char path[TP_MEDIA_PATH_MAX], clip[TP_MEDIA_PATH_MAX];
    const char *picture = tp_survey_media(app->person.survey, question->label.image, path);

    if (picture) {
        struct tp_node *row = tp_ui_row(parent, 0, 0);

        (void)tp_ui_weight(tp_ui_picture(row, &(struct tp_picture){.path = picture,
                                                                   .alt = question->label.image_alt,
                                                                   .width_mm = GROUP_PICTURE_MM,
                                                                   .height_mm = GROUP_PICTURE_MM,
                                                                   .border = true}),
                           0);
        parent = tp_ui_column(row, 0);
    }
    (void)tp_ui_text(parent,
                     question->control == TP_CONTROL_NOTE ? TP_STYLE_BODY : TP_STYLE_SUBHEAD,
                     label_of(app, &question->label, clip));
    build_hint(app, parent, question, tp_widget_for(question));
    build_answer(app, page, parent, question, false);
}

static void build_group(struct tp_app *app, struct tp_page *page, const tp_node *nodes,
                        size_t count)
{
    struct tp_session *session = app->person.session;
    struct tp_text label = {0};
    char clip[TP_MEDIA_PATH_MAX];

    tp_session_label(session, tp_session_page(session), &label);
    if (label.text)
        (void)tp_ui_heading(tp_page_body(page), label_of(app, &label, clip));
    for (size_t i = 0; i < count; i++) {
        struct tp_question question;

        if (tp_session_question(session, nodes[i], &question))
            build_member(app, page, &question);
    }
}

/* ---- the page ---- */

static void build_problem(struct tp_app *app, struct tp_node *body)
{
    const struct tp_person *person = &app->person;
    struct tp_buf words;

    if (!has_problem_box(app))
        return;
    tp_buf_init(&words, TP_FAULTS_MAX * (TP_FAULT_WORDS_MAX + 1));
    for (size_t i = 0; i < person->fault_count; i++)
        (void)tp_buf_printf(&words, "%s%s", i ? "\n" : "", person->faults[i].words);
    (void)tp_ui_problem(
        body, &(struct tp_problem_box){
                  .id = "problem",
                  .title = tp_words(_("There is a problem")),
                  .message = tp_words_markdown(tp_buf_text(&words)),
                  .action = {.id = TP_ACT_FAULT, .argument = (int64_t)person->faults[0].node},
                  .picture = person->look.easy_read ? tp_app_picture(app, "danger.svg") : NULL,
                  .picture_alt = _("A warning sign")});
    tp_buf_finish(&words);
}

/* The picture of a page with one question; a group's questions each have their own. */
static void find_picture(struct tp_app *app, const tp_node *nodes, size_t count,
                         struct tp_page_spec *spec, struct tp_shown_picture *picture)
{
    struct tp_session *session = app->person.session;
    struct tp_question question;
    struct tp_text label = {0};

    picture->path[0] = '\0';
    picture->alt = NULL;
    if (count == 1 && tp_session_question(session, nodes[0], &question)) {
        label = question.label;
        tp_picture_of_question(app, &question, picture);
    } else {
        tp_session_label(session, tp_session_page(session), &label);
    }
    if (!picture->path[0]) {
        (void)tp_survey_media(app->person.survey, label.big_image ? label.big_image : label.image,
                              picture->path);
        picture->alt = label.image_alt;
    }
    spec->picture = tp_picture_path(picture);
    spec->picture_alt = picture->alt;
}

static void build(struct tp_app *app)
{
    struct tp_session *session = app->person.session;
    char status[96], id[48];
    struct tp_shown_picture picture;
    struct tp_page_spec spec = {.id = id, .title = tp_screen_title(app), .more = _("More answers")};
    struct tp_question question;
    const tp_node *nodes;
    struct tp_page *page;
    size_t count;

    tp_session_page_questions(session, &nodes, &count);
    (void)snprintf(id, sizeof(id), "question:%u", (unsigned)tp_session_page(session));
    spec.status = status_words(app, status, &spec.progress);
    find_picture(app, nodes, count, &spec, &picture);
    page = tp_app_begin(app, spec);
    build_problem(app, tp_page_body(page));
    if (count == 1 && tp_session_question(session, nodes[0], &question))
        build_alone(app, page, &question);
    else
        build_group(app, page, nodes, count);
    (void)tp_page_back(page, _("Back"), (struct tp_action){.id = TP_ACT_BACK});
    (void)tp_page_primary(page, _("Continue"), (struct tp_action){.id = TP_ACT_NEXT});
    tp_app_bar(app, page);
}

static void touch(struct tp_app *app, int64_t argument)
{
    struct tp_question question;
    const struct tp_widget *widget;

    if (!tp_session_question(app->person.session, tp_app_argument_node(argument), &question) ||
        question.readonly)
        return;
    widget = tp_widget_for(&question);
    if (widget->touch)
        widget->touch(app, &question, tp_app_argument_index(argument));
}

/* A field was touched: the keyboard goes to it, here or on a page of its own. */
static void open_field(struct tp_app *app, int64_t argument)
{
    struct tp_person *person = &app->person;
    tp_node node = tp_app_argument_node(argument);
    bool here = person->field == node && tp_app_screen(app) == TP_SCREEN_QUESTION;
    struct tp_question question;

    if (!tp_session_question(person->session, node, &question) || question.readonly)
        return;
    tp_screen_open_field(app, &question, (int)tp_app_argument_index(argument));
    if (!here)
        tp_app_go(app, TP_SCREEN_TYPING);
}

static bool act(struct tp_app *app, const struct tp_action *action)
{
    switch (action->id) {
    case TP_ACT_ANSWER:
        touch(app, action->argument);
        return true;
    case TP_ACT_FIELD:
        open_field(app, action->argument);
        return true;
    case TP_ACT_NEXT:
        tp_answer_continue(app);
        return true;
    case TP_ACT_BACK:
        tp_answer_back(app);
        return true;
    case TP_ACT_KEY:
        /* Enter on a keyboard goes on, as people expect of it. */
        if (!tp_screen_key(app, action) && action->argument / 16 == TP_KEY_NEXT_LINE)
            tp_answer_continue(app);
        return true;
    default:
        return false;
    }
}

const struct tp_screen_row tp_screen_question = {.name = "question", .build = build, .act = act};
