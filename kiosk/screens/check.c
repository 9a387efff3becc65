/* Check your answers: every question with its answer, each with Change (sketch 5). */
#include <stdio.h>

#include "kiosk/app_answer.h"
#include "kiosk/app_picture.h"
#include "kiosk/app_repeat.h"
#include "kiosk/screens/screens.h"
#include "kiosk/widgets/answer_words.h"

/* The summary of a repeat says how many there are. */
static void row_words(struct tp_app *app, const struct tp_question *question, struct tp_buf *words)
{
    if (question->control == TP_CONTROL_REPEAT)
        (void)tp_buf_printf(words, _("Added so far: %d"), (int)question->repeat_count);
    else
        tp_answer_words(app->person.session, question, words);
}

static void add_row(struct tp_app *app, struct tp_node *body, const struct tp_question *question)
{
    const char *asked = question->label.brief ? question->label.brief : question->label.text;
    struct tp_shown_picture picture;
    char id[32], spoken[512];
    struct tp_buf words;

    tp_buf_init(&words, TP_ANSWER_MAX);
    row_words(app, question, &words);
    tp_picture_of_question(app, question, &picture);
    (void)snprintf(id, sizeof(id), "check:%u", (unsigned)question->node);
    /* Translators: read aloud on the button: "Change: How often do you come?" */
    (void)snprintf(spoken, sizeof(spoken), _("Change: %.400s"), asked ? asked : "");
    (void)tp_ui_summary(
        body,
        &(struct tp_summary){.id = id,
                             .question = tp_words_markdown(asked),
                             .answer = tp_words(tp_buf_text(&words)),
                             .picture = tp_picture_path(&picture),
                             .picture_alt = picture.alt,
                             .change = question->readonly ? NULL : _("Change"),
                             .change_spoken = spoken,
                             .action = {.id = TP_ACT_CHANGE, .argument = (int64_t)question->node}});
    tp_buf_finish(&words);
}

/* Before the rows of one of a repeat: which it is. Gives the instance that `node` is in. */
static tp_node name_instance(struct tp_app *app, struct tp_node *body, tp_node node, tp_node before)
{
    tp_node repeat, instance;
    struct tp_buf name;
    size_t index;

    instance = tp_session_instance_of(app->person.session, node, &repeat, &index);
    if (instance == before || instance == TP_NODE_NONE)
        return instance;
    tp_buf_init(&name, TP_FAULT_WORDS_MAX);
    tp_repeat_name(app, instance, &name);
    if (name.length > 0)
        (void)tp_ui_text(body, TP_STYLE_SUBHEAD, tp_words_markdown(tp_buf_text(&name)));
    tp_buf_finish(&name);
    return instance;
}

static void build(struct tp_app *app)
{
    struct tp_session *session = app->person.session;
    struct tp_page *page =
        tp_app_begin(app, (struct tp_page_spec){.id = "check",
                                                .title = tp_screen_title(app),
                                                .status = _("Check your answers"),
                                                .progress = 0.95,
                                                .more = _("More answers")});
    struct tp_node *body = tp_page_body(page);
    tp_node instance = TP_NODE_NONE;
    const tp_node *nodes;
    size_t count;

    (void)tp_ui_heading(body, tp_words(_("Check your answers before you send them")));
    tp_session_questions_all(session, &nodes, &count);
    for (size_t i = 0; i < count; i++) {
        struct tp_question question;

        if (!tp_session_question(session, nodes[i], &question) ||
            question.control == TP_CONTROL_NOTE)
            continue;
        instance = name_instance(app, body, nodes[i], instance);
        add_row(app, body, &question);
    }
    (void)tp_page_back(page, _("Back"), (struct tp_action){.id = TP_ACT_BACK});
    (void)tp_page_primary(page, _("Send my answers"), (struct tp_action){.id = TP_ACT_NEXT});
    tp_app_bar(app, page);
}

static bool act(struct tp_app *app, const struct tp_action *action)
{
    switch (action->id) {
    case TP_ACT_CHANGE:
        tp_answer_change(app, (tp_node)action->argument);
        return true;
    case TP_ACT_NEXT:
        tp_answer_send(app);
        return true;
    case TP_ACT_BACK:
        tp_answer_back(app);
        return true;
    default:
        return false;
    }
}

const struct tp_screen_row tp_screen_check = {.name = "check", .build = build, .act = act};
