/* The staff menu: what waits and what was sent, where the screen stands, practice, volume, quit. */
#include <stdio.h>

#include "kiosk/app_words.h"
#include "kiosk/screens/screens.h"
#include "kiosk/speech/voice.h"
#include "store/outbox.h"
#include "store/settings.h"

#define CELL_MM 120.0

static void row(struct tp_node *parent, const char *id, const char *what, const char *value,
                const char *change, enum tp_staff_task task)
{
    (void)tp_ui_summary(parent, &(struct tp_summary){
                                    .id = id,
                                    .question = tp_words(what),
                                    .answer = tp_words(value),
                                    .change = change,
                                    .action = {.id = change ? TP_ACT_STAFF : 0, .argument = task}});
}

static void when_words(struct tp_app *app, int64_t wall_ms, char words[TP_DAY_WORDS_MAX])
{
    int32_t offset = tp_zone_offset_at(app->zone, wall_ms / 1000);
    int64_t of_day = (wall_ms / 1000 + offset) % 86400;

    if (wall_ms == 0)
        (void)snprintf(words, TP_DAY_WORDS_MAX, "%s", _("Never"));
    else
        tp_moment_words(tp_day_at(wall_ms, offset), (int)(of_day / 3600), (int)(of_day / 60 % 60),
                        words);
}

/* What came of the last use, if the agent is done with it. */
static bool stick_said(const struct tp_app *app, char said[TP_SETTING_VALUE_MAX])
{
    said[0] = '\0';
    return app->store &&
           tp_setting_get(app->store, TP_SETTING_STICK_SAID, "", said, TP_SETTING_VALUE_MAX,
                          NULL) &&
           said[0];
}

static void build_stick(struct tp_app *app, struct tp_node *body)
{
    char said[TP_SETTING_VALUE_MAX];
    bool working = !stick_said(app, said) && app->staff.asked_for_stick;
    const char *idle = said[0] ? said : _("Put it in first");

    row(body, "stick", _("USB stick"), working ? _("Working. This can take some minutes.") : idle,
        working ? _("Look again") : _("Use the stick"), TP_STAFF_STICK);
}

/* A touch while the agent is at work only looks again. */
static void use_stick(struct tp_app *app)
{
    char said[TP_SETTING_VALUE_MAX];

    if (app->staff.asked_for_stick && !stick_said(app, said))
        return;
    app->staff.asked_for_stick = app->store && tp_agent_request_stick(app->store, NULL, NULL);
}

/* Nothing is said of what cannot be read. */
static void build_sending(struct tp_app *app, struct tp_node *body)
{
    struct tp_outbox_counts counts = {0};
    struct tp_agent_status agent = {0};
    char words[200];
    bool known = app->preview || (app->store && tp_outbox_counts(app->store, &counts, NULL) &&
                                  tp_agent_status_get(app->store, &agent, NULL));

    if (app->store_problem[0])
        row(body, "saving", _("Saving answers"), app->store_problem, NULL, 0);
    if (!known)
        return;
    (void)snprintf(words, sizeof(words), _("%1$llu waiting, %2$llu sent"),
                   (unsigned long long)counts.waiting, (unsigned long long)counts.sent);
    row(body, "answers", _("Answers"), words,
        app->staff.asked_to_send ? _("Asked to send") : _("Send now"), TP_STAFF_SEND);
    if (counts.quarantined > 0) {
        (void)snprintf(words, sizeof(words), "%llu", (unsigned long long)counts.quarantined);
        row(body, "aside", _("Answers the store refused, kept here"), words, NULL, 0);
    }
    build_stick(app, body);
    when_words(app, agent.last_contact_ms, words);
    row(body, "contact", _("Last contact with the store"), words, NULL, 0);
    row(body, "error", _("Last problem"), agent.last_error[0] ? agent.last_error : _("None"), NULL,
        0);
    if (agent.enrolment_code[0])
        row(body, "code", _("Enrolment code"), agent.enrolment_code, NULL, 0);
}

static void build_surveys(struct tp_app *app, struct tp_node *body)
{
    struct tp_survey *surveys[TP_LIBRARY_MAX];
    size_t count = tp_library_open(app->library, tp_app_today(app), surveys, TP_LIBRARY_MAX);
    const char *problem;
    char words[40];

    (void)snprintf(words, sizeof(words), "%zu", count);
    row(body, "surveys", _("Open consultations"), words, NULL, 0);
    for (size_t i = 0; (problem = tp_library_problem(app->library, i)); i++) {
        (void)snprintf(words, sizeof(words), "problem:%zu", i);
        row(body, words, _("A survey that is left out"), problem, NULL, 0);
    }
}

static void build_volume(struct tp_app *app, struct tp_node *body)
{
    long volume = app->settings.volume;
    char words[64];

    (void)tp_ui_text(body, TP_STYLE_BOLD, tp_words(_("Volume that each person finds")));
    /* Translators: "6 of 8" */
    (void)snprintf(words, sizeof(words), _("%1$d of %2$d"), (int)volume + 1, TP_VOLUME_STEPS);
    (void)tp_ui_stepper(body,
                        &(struct tp_stepper){.id = "volume",
                                             .value = tp_words(words),
                                             .less = _("Quieter"),
                                             .more = _("Louder"),
                                             .at_least = volume == 0,
                                             .at_most = volume >= app->settings.volume_limit,
                                             .less_action = {.id = TP_ACT_STEP, .argument = -1},
                                             .more_action = {.id = TP_ACT_STEP, .argument = 1}});
}

static void button(struct tp_node *flow, const char *id, const char *label, enum tp_staff_task task,
                   bool chosen)
{
    (void)tp_ui_button(flow, &(struct tp_button){.id = id,
                                                 .label = tp_words(label),
                                                 .chosen = chosen,
                                                 .action = {.id = TP_ACT_STAFF, .argument = task}});
}

/* A window's touches are the desktop's to match. */
static void build_touch(struct tp_app *app, struct tp_node *flow)
{
    if (!app->settings.full_screen && !app->settings.offscreen)
        return;
    button(flow, "match-touch", _("Match touch to the picture"), TP_STAFF_MATCH_TOUCH, false);
    if (app->touch.kept)
        button(flow, "forget-touch", _("Undo the matching of touch"), TP_STAFF_FORGET_TOUCH, false);
}

static void build(struct tp_app *app)
{
    struct tp_page *page = tp_app_begin(
        app, (struct tp_page_spec){.id = "staff",
                                   .title = app->device_name[0] ? app->device_name
                                                                : app->settings.organisation,
                                   .status = _("For staff"),
                                   .progress = -1});
    struct tp_node *body = tp_page_body(page);
    struct tp_node *flow;

    (void)tp_ui_heading(body, tp_words(_("Staff menu")));
    build_sending(app, body);
    row(body, "venue", _("Venue"), app->venue[0] ? app->venue : _("Not set"), _("Change"),
        TP_STAFF_VENUE);
    row(body, "event", _("Event"), app->event[0] ? app->event : _("None"), _("Change"),
        TP_STAFF_EVENT);
    build_surveys(app, body);
    build_volume(app, body);
    flow = tp_ui_flow(body, 0);
    button(flow, "practice", app->practice ? _("Stop practice") : _("Practice: nothing is counted"),
           TP_STAFF_PRACTICE, app->practice);
    button(flow, "check-screen", _("Check the screen"), TP_STAFF_CHECK_SCREEN, false);
    build_touch(app, flow);
    button(flow, "quit", _("Quit Talkpoint"), TP_STAFF_QUIT, false);
    (void)tp_page_primary(page, _("Done"), (struct tp_action){.id = TP_ACT_NEXT});
}

static void edit(struct tp_app *app, enum tp_staff_task task)
{
    app->staff.typing = task;
    (void)tp_text_edit_set(&app->staff.edit, task == TP_STAFF_VENUE ? app->venue : app->event);
    app->person.layer = TP_LAYER_LETTERS;
    app->person.shift = app->staff.edit.text.length == 0;
    tp_app_go(app, TP_SCREEN_STAFF_TYPING);
}

static void do_task(struct tp_app *app, enum tp_staff_task task)
{
    switch (task) {
    case TP_STAFF_SEND:
        app->staff.asked_to_send = app->store && tp_agent_request_send(app->store, NULL);
        break;
    case TP_STAFF_STICK:
        use_stick(app);
        break;
    case TP_STAFF_VENUE:
    case TP_STAFF_EVENT:
        edit(app, task);
        break;
    case TP_STAFF_PRACTICE:
        app->practice = !app->practice;
        break;
    case TP_STAFF_CHECK_SCREEN:
        app->staff.health_count = tp_self_test(app, "", app->staff.health);
        tp_app_go(app, TP_SCREEN_STAFF_CHECK);
        break;
    case TP_STAFF_MATCH_TOUCH:
        tp_touch_begin(app);
        tp_app_go(app, TP_SCREEN_STAFF_TOUCH);
        break;
    case TP_STAFF_FORGET_TOUCH:
        tp_touch_forget(app);
        break;
    case TP_STAFF_QUIT:
        app->quit = true;
        break;
    }
}

static bool act(struct tp_app *app, const struct tp_action *action)
{
    switch (action->id) {
    case TP_ACT_STAFF:
        do_task(app, (enum tp_staff_task)action->argument);
        return true;
    case TP_ACT_STEP:
        tp_staff_set_volume(app, (int)(app->settings.volume + action->argument));
        return true;
    case TP_ACT_NEXT:
    case TP_ACT_BACK:
        tp_app_home(app);
        return true;
    default:
        return false;
    }
}

const struct tp_screen_row tp_screen_staff = {.name = "staff", .build = build, .act = act};
