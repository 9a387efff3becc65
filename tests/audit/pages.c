/* See audit.h: the app, and every page that it can show. */
#include <stdio.h>
#include <string.h>

#include "audit/audit.h"
#include "base/mem.h"
#include "kiosk/app_answer.h"
#include "kiosk/preview_walk.h"
#include "kiosk/screens/screens.h"
#include "kiosk/widgets/widgets.h"

/* 26 November 2026, 10:00: the surveys of the project are open. */
#define NOW_MS 1795687200000

/* As much as an angry person writes, and a word that nobody breaks. */
static const char long_words[] =
    "The bus comes once an hour and never when the library is open. I would come more often if the "
    "times were the same every week, and if somebody answered the telephone. My neighbour uses a "
    "wheelchair and cannot get through the second door: it opens the wrong way. "
    "Llanfairpwllgwyngyll is further, and has a ramp.";
static const char long_words_rtl[] =
    "تأتي الحافلة مرة واحدة في الساعة ولا تأتي أبدًا عندما تكون المكتبة مفتوحة. سأحضر أكثر لو كانت "
    "المواعيد ثابتة كل أسبوع، ولو أجاب أحد على الهاتف 01865 123456. جارتي تستخدم كرسيًا متحركًا ولا "
    "تستطيع المرور من الباب الثاني لأنه يفتح في الاتجاه الخطأ.";

/* Long answers of one person: nobody writes as much to every question. */
#define LONG_ANSWERS 4

/* ---- the app ---- */

static void settings_of(const char *surveys, const char *locale, struct tp_settings *settings)
{
    tp_settings_default(settings);
    (void)snprintf(settings->surveys, sizeof(settings->surveys), "%s", surveys);
    (void)snprintf(settings->zone, sizeof(settings->zone), "UTC");
    (void)snprintf(settings->organisation, sizeof(settings->organisation), "Oxfordshire libraries");
    (void)snprintf(settings->contact_name, sizeof(settings->contact_name), "Consultation team");
    (void)snprintf(settings->contact_phone, sizeof(settings->contact_phone), "01865 123456");
    (void)snprintf(settings->contact_email, sizeof(settings->contact_email),
                   "consultation@oxfordshire.example");
    (void)snprintf(settings->contact_post, sizeof(settings->contact_post),
                   "Consultation, County Hall, New Road, Oxford OX1 1ND");
    if (locale)
        (void)snprintf(settings->locale, sizeof(settings->locale), "%s", locale);
    settings->language_count = AUDIT_LANGUAGES;
    for (size_t i = 0; i < AUDIT_LANGUAGES; i++)
        (void)snprintf(settings->languages[i], TP_LANGUAGE_TAG_MAX, "%s", audit_languages[i]);
}

bool audit_open(struct audit *audit, const char *surveys, const char *locale,
                const struct audit_plan *plan, struct audit_report *report, struct tp_error *error)
{
    struct tp_settings *settings = tp_calloc(1, sizeof(*settings));
    struct tp_app_params params = {.settings = settings, .preview = true};
    bool opened;

    if (!settings)
        return tp_fail_memory(error);
    *audit = (struct audit){.plan = plan, .report = report, .seed = 20261126};
    audit->now = (struct tp_clock_fake){.wall = NOW_MS, .monotonic = 1000000};
    settings_of(surveys, locale, settings);
    params.clock = tp_clock_from_fake(&audit->now);
    tp_ear_init(&audit->ear, &params.clock, NULL);
    audit->sink = tp_ear_sink(&audit->ear);
    params.ear = &audit->sink;
    params.random = tp_random_seeded(&audit->seed);
    params.screen = tp_screen_make(audit_displays[0].width, audit_displays[0].height,
                                   audit_displays[0].width_mm, AUDIT_VIEWING_DISTANCE_MM);
    opened = tp_app_create(&params, &audit->app, error);
    tp_free(settings);
    if (opened)
        (void)tp_library_refresh(audit->app->library);
    return opened;
}

void audit_close(struct audit *audit)
{
    tp_app_destroy(audit->app);
    tp_ear_finish(&audit->ear);
    audit_page_finish(&audit->page);
    SDL_FreeSurface(audit->canvas);
    audit->app = NULL;
    audit->canvas = NULL;
}

void audit_use(struct audit *audit, const struct audit_variant *variant)
{
    const struct audit_display *display = &audit_displays[variant->display];
    struct tp_app *app = audit->app;

    audit->variant = *variant;
    app->screen = tp_screen_make(display->width, display->height, display->width_mm,
                                 AUDIT_VIEWING_DISTANCE_MM);
    tp_ui_set_screen(app->ui, app->screen);
    app->practice = false;
    tp_app_home(app);
    app->person.look = (struct tp_look){.theme = &tp_themes[variant->theme],
                                        .size = variant->size,
                                        .easy_read = variant->easy_read};
    app->person.listening = variant->aloud;
    app->person.aloud = TP_ALOUD_NO; /* else that page comes before every private one */
    tp_app_set_language(app, audit_languages[variant->language]);
    audit->keyboards = 0;
}

const char *audit_subject(struct audit *audit, size_t index)
{
    const char *source, *slash;

    if (index == 0)
        return "kiosk";
    if (index > tp_library_count(audit->app->library))
        return NULL;
    source = tp_library_at(audit->app->library, index - 1)->source;
    slash = strrchr(source, '/');
    source = slash ? slash + 1 : source;
    (void)snprintf(audit->name, sizeof(audit->name), "%.*s", (int)strcspn(source, "."), source);
    return audit->name;
}

/* ---- the kiosk's own screens ---- */

static bool show(struct audit *audit, enum tp_screen_id screen, const char *state,
                 struct tp_error *error)
{
    bool ok;

    tp_app_go(audit->app, screen);
    ok = tp_app_build(audit->app, error) &&
         audit_ask(audit, audit->subject, tp_screens[screen]->name, state, error);
    tp_app_back(audit->app);
    return ok;
}

static bool ask_here(struct audit *audit, const char *state, struct tp_error *error)
{
    return tp_app_build(audit->app, error) &&
           audit_ask(audit, audit->subject, tp_screens[tp_app_screen(audit->app)]->name, state,
                     error);
}

/* The welcome page: with surveys, with none open, where nothing can be saved, and in practice. */
static bool show_welcome(struct audit *audit, struct tp_error *error)
{
    struct tp_app *app = audit->app;
    struct tp_library *library = app->library;
    bool ok = ask_here(audit, "", error);

    app->library = tp_library_create(NULL, NULL);
    ok = ok && app->library && ask_here(audit, "+none open", error);
    tp_library_destroy(app->library);
    app->library = library;
    app->preview = false;
    (void)snprintf(app->store_problem, sizeof(app->store_problem), "%s", "the disk is full");
    ok = ok && ask_here(audit, "+cannot save", error);
    app->store_problem[0] = '\0';
    app->preview = true;
    app->practice = true;
    ok = ok && ask_here(audit, "+practice", error);
    app->practice = false;
    return ok;
}

static bool show_first_steps(struct audit *audit, struct tp_error *error)
{
    struct tp_app *app = audit->app;
    bool ok = show(audit, TP_SCREEN_READ, "", error);

    tp_app_go(app, TP_SCREEN_READ);
    ok = ok && show(audit, TP_SCREEN_SURVEYS, "", error);
    tp_app_go(app, TP_SCREEN_SURVEYS);
    ok = ok && show(audit, TP_SCREEN_READ, "+over", error) &&
         show(audit, TP_SCREEN_LANGUAGE, "", error) && show(audit, TP_SCREEN_HELP, "", error) &&
         show(audit, TP_SCREEN_IDLE, "", error) && show(audit, TP_SCREEN_LISTEN, "", error) &&
         show(audit, TP_SCREEN_ALOUD, "", error) && show(audit, TP_SCREEN_SCAN, "", error) &&
         show(audit, TP_SCREEN_BROKEN, "", error) && show(audit, TP_SCREEN_LEAVE, "", error);
    tp_app_back(app);
    tp_app_back(app);
    return ok;
}

static bool show_staff_typing(struct audit *audit, struct tp_error *error)
{
    static const char *const states[] = {"", "+accents", "+numbers", "+latin"};
    struct tp_app *app = audit->app;
    bool ok = true;

    app->staff.typing = TP_STAFF_VENUE;
    (void)tp_text_edit_set(&app->staff.edit, "Cowley Library and Community Centre");
    for (unsigned layer = 0; layer < 4 && ok; layer++) {
        app->person.layer = (enum tp_key_layer)layer;
        ok = show(audit, TP_SCREEN_STAFF_TYPING, states[layer], error);
    }
    app->person.layer = TP_LAYER_LETTERS;
    tp_text_edit_finish(&app->staff.edit);
    tp_text_edit_init(&app->staff.edit);
    return ok;
}

/* The touches that a glass which fits reports. */
static bool show_staff_touch(struct audit *audit, struct tp_error *error)
{
    struct tp_app *app = audit->app;
    struct tp_touch *touch = &app->touch;
    bool ok;

    tp_touch_begin(app);
    for (size_t i = 0; i < TP_TOUCH_CROSSES; i++) {
        struct tp_touch_pair *pair = &touch->pairs[i];

        tp_touch_cross(app, i, &pair->picture_x, &pair->picture_y);
        pair->glass_x = pair->picture_x;
        pair->glass_y = pair->picture_y;
    }
    ok = show(audit, TP_SCREEN_STAFF_TOUCH, "", error);
    touch->count = 2;
    ok = ok && show(audit, TP_SCREEN_STAFF_TOUCH, "+third", error);
    touch->stage = TP_TOUCH_FAILED;
    ok = ok && show(audit, TP_SCREEN_STAFF_TOUCH, "+failed", error);
    touch->stage = TP_TOUCH_TRY;
    ok = ok && show(audit, TP_SCREEN_STAFF_TOUCH, "+try", error);
    tp_touch_end(app);
    return ok;
}

static bool show_staff(struct audit *audit, struct tp_error *error)
{
    struct tp_app *app = audit->app;
    bool ok = show(audit, TP_SCREEN_STAFF_PIN, "", error);

    app->staff.wrong = true;
    (void)tp_text_edit_set(&app->staff.edit, "123456");
    ok = ok && show(audit, TP_SCREEN_STAFF_PIN, "+wrong", error);
    app->staff.wait_until_ms = audit->now.monotonic + 90000;
    ok = ok && show(audit, TP_SCREEN_STAFF_PIN, "+waiting", error);
    app->staff.wait_until_ms = 0;
    app->staff.wrong = false;
    tp_text_edit_finish(&app->staff.edit);
    tp_text_edit_init(&app->staff.edit);
    ok = ok && show(audit, TP_SCREEN_STAFF, "", error);
    (void)snprintf(app->store_problem, sizeof(app->store_problem), "%s",
                   "the disk is full: free 200 MB of /var/lib/talkpoint and start again");
    app->practice = app->staff.asked_to_send = true;
    ok = ok && show(audit, TP_SCREEN_STAFF, "+troubled", error);
    app->practice = app->staff.asked_to_send = false;
    app->store_problem[0] = '\0';
    ok = ok && show_staff_typing(audit, error);
    app->staff.cells[0] = app->staff.cells[7] = true;
    ok = ok && show(audit, TP_SCREEN_STAFF_CHECK, "", error);
    memset(app->staff.cells, 0, sizeof(app->staff.cells));
    return ok && show_staff_touch(audit, error);
}

static bool walk_kiosk(struct audit *audit, struct tp_error *error)
{
    return show_welcome(audit, error) && show_first_steps(audit, error) &&
           audit_show_notices(audit, error) && show_staff(audit, error);
}

/* ---- a survey's pages beyond those of a smooth walk ---- */

static const char *long_answer(const struct tp_app *app, enum tp_keyboard_kind kind)
{
    switch (kind) {
    case TP_KEYBOARD_TEXT:
    case TP_KEYBOARD_MULTILINE:
        return tp_tag_is_rtl(app->person.language) ? long_words_rtl : long_words;
    case TP_KEYBOARD_EMAIL:
        return "bartholomew.featherstonehaugh@residents-association.example.org";
    default:
        return "12345678";
    }
}

/* The question of the page where it asks only one, and that is typed. */
static bool typed_question(struct tp_app *app, struct tp_question *question)
{
    const tp_node *nodes;
    size_t count;

    tp_session_page_questions(app->person.session, &nodes, &count);
    return count == 1 && tp_session_question(app->person.session, nodes[0], question) &&
           !question->readonly && tp_widget_for(question)->keyboard;
}

static void type(struct tp_app *app, tp_node node, int part, const char *text)
{
    struct tp_draft *draft = tp_person_draft(&app->person, node, part, "");

    if (draft)
        (void)tp_text_edit_set(&draft->edit, text);
}

/* The page as the walk left it. */
static void put_back(struct tp_app *app, tp_node page)
{
    tp_person_clear_page(&app->person);
    (void)tp_session_goto(app->person.session, page);
    if (tp_app_screen(app) != TP_SCREEN_QUESTION &&
        !tp_person_pop_to(&app->person, TP_SCREEN_QUESTION))
        tp_app_go(app, TP_SCREEN_QUESTION);
}

/* The keyboard on a page of its own, in every layer: once for each kind. */
static bool show_typing(struct audit *audit, const struct tp_question *question,
                        struct tp_error *error)
{
    static const char *const kinds[] = {"text", "multiline", "email", "integer", "decimal", "pin"};
    static const char *const layers[] = {"letters", "accents", "numbers", "latin"};
    struct tp_app *app = audit->app;
    enum tp_keyboard_kind kind = tp_widget_for(question)->keyboard(question);
    unsigned count = kind <= TP_KEYBOARD_EMAIL ? 4 : 1;
    bool ok = true;

    if (audit->keyboards & 1u << kind)
        return true;
    audit->keyboards |= 1u << kind;
    tp_screen_open_field(app, question, 0);
    tp_app_go(app, TP_SCREEN_TYPING);
    for (unsigned layer = 0; layer < count && ok; layer++) {
        char state[64];

        (void)snprintf(state, sizeof(state), "+%s %s", kinds[kind], layers[layer]);
        app->person.layer = (enum tp_key_layer)layer;
        ok = ask_here(audit, state, error);
    }
    tp_app_back(app);
    return ok;
}

static bool show_long_answer(struct audit *audit, const struct tp_question *question,
                             const char *id, struct tp_error *error)
{
    struct tp_app *app = audit->app;
    enum tp_keyboard_kind kind = tp_widget_for(question)->keyboard(question);
    bool ok;

    type(app, question->node, 0, long_answer(app, kind));
    ok = tp_app_build(app, error) && audit_ask(audit, audit->subject, id, "+long", error) &&
         show_typing(audit, question, error);
    tp_person_clear_page(&app->person);
    return ok;
}

/* Something wrong is typed where it can be, and Continue touched: what the page then says. */
static bool show_problem(struct audit *audit, const char *id, struct tp_error *error)
{
    struct tp_app *app = audit->app;
    tp_node page = tp_session_page(app->person.session);
    struct tp_question question;
    bool typed = typed_question(app, &question);
    bool ok = true;

    if (typed) {
        enum tp_keyboard_kind kind = tp_widget_for(&question)->keyboard(&question);

        type(app, question.node, 0, kind == TP_KEYBOARD_EMAIL ? "nobody" : "99999999");
    }
    tp_answer_continue(app);
    if (app->person.fault_count > 0)
        ok = tp_app_build(app, error) && audit_ask(audit, audit->subject, id, "+problem", error);
    if (typed)
        (void)tp_session_clear(app->person.session, question.node, NULL);
    put_back(app, page);
    return ok;
}

/* Before one of a repeat goes. */
static bool show_remove(struct audit *audit, struct tp_error *error)
{
    struct tp_app *app = audit->app;
    struct tp_session *session = app->person.session;
    struct tp_question question;
    const tp_node *nodes;
    size_t count;
    bool ok;

    tp_session_page_questions(session, &nodes, &count);
    if (count == 0 || !tp_session_question(session, nodes[0], &question) ||
        question.control != TP_CONTROL_REPEAT || question.repeat_count == 0)
        return true;
    app->person.removing = tp_session_repeat_instance(session, question.node, 0);
    ok = show(audit, TP_SCREEN_REMOVE, "", error);
    app->person.removing = TP_NODE_NONE;
    return ok;
}

static bool show_asked(struct audit *audit, const char *id, struct tp_error *error)
{
    struct tp_question question;

    if (!show_remove(audit, error))
        return false;
    return (!typed_question(audit->app, &question) ||
            show_long_answer(audit, &question, id, error)) &&
           show_problem(audit, id, error);
}

/* The check page with a long answer in every text, and the pages that come up over it. */
static bool show_check(struct audit *audit, struct tp_error *error)
{
    struct tp_app *app = audit->app;
    struct tp_session *session = app->person.session;
    const tp_node *nodes;
    size_t count, all, written = 0;

    tp_session_questions_all(session, &nodes, &all);
    for (size_t i = 0; i < all && written < LONG_ANSWERS; i++) {
        struct tp_question question;

        tp_session_questions_all(session, &nodes, &count);
        if (i < count && tp_session_question(session, nodes[i], &question) &&
            question.control == TP_CONTROL_INPUT && question.type == TP_TYPE_STRING)
            written += tp_session_set(session, nodes[i], long_answer(app, TP_KEYBOARD_TEXT), NULL);
    }
    return ask_here(audit, "+long", error) && show(audit, TP_SCREEN_UNSAVED, "", error) &&
           show(audit, TP_SCREEN_LEAVE, "", error) && show(audit, TP_SCREEN_HELP, "", error) &&
           show(audit, TP_SCREEN_READ, "", error);
}

static bool show_front(struct audit *audit, struct tp_error *error)
{
    return audit->app->person.survey->kind != TP_KIND_EQUALITY ||
           show(audit, TP_SCREEN_EQUALITY, "", error);
}

static bool visit(void *context, struct tp_app *app, const struct tp_preview_step *step,
                  struct tp_error *error)
{
    struct audit *audit = context;

    (void)app;
    if (!audit_ask(audit, audit->subject, step->id, step->answered ? "+answered" : "", error))
        return false;
    if (step->answered)
        return true;
    if (strncmp(step->id, "question:", 9) == 0)
        return show_asked(audit, step->id, error);
    if (strcmp(step->id, "check") == 0)
        return show_check(audit, error);
    return strcmp(step->id, "front") != 0 || show_front(audit, error);
}

bool audit_walk(struct audit *audit, size_t index, struct tp_error *error)
{
    audit->subject = audit_subject(audit, index);
    if (index == 0)
        return walk_kiosk(audit, error);
    return tp_preview_walk(audit->app, tp_library_at(audit->app->library, index - 1), visit, audit,
                           error);
}
