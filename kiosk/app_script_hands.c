#include "kiosk/app_script_hands.h"

#include <stdlib.h>
#include <string.h>

#include "kiosk/app_loop.h"
#include "kiosk/screens/screens.h"
#include "kiosk/speech/ear.h"

/* More than any page has to step through, and the longest that a scan or a notice takes. */
#define STEPS_MAX 120
#define SCAN_MS 600000
#define LISTEN_MS 600000
#define SLICE_MS 50

static struct tp_app *app_of(struct tp_script *script)
{
    return tp_script_loop(script)->app;
}

static const char *page_name(struct tp_script *script)
{
    return tp_screens[tp_app_screen(app_of(script))]->name;
}

/* ---- by what is said ---- */

static struct tp_ear *ear_of(struct tp_script *script, struct tp_error *error)
{
    struct tp_ear *ear = tp_script_loop(script)->ear;

    if (!ear)
        (void)tp_fail(error, TP_ERR_MISUSE, "nothing is heard without --speech-log");
    return ear;
}

/* The words of the latest utterance, without its language. */
static const char *last_words(const struct tp_ear *ear)
{
    const char *heard = tp_ear_heard(ear), *last = NULL;

    for (const char *at = heard; (at = strchr(at, '\t')); at++)
        last = at + 1;
    return last ? last : "";
}

/* "By bus" is said as "By bus. Not chosen", and "A" is not "Another". */
static bool begins(const char *said, const char *wanted)
{
    size_t length = strlen(wanted);

    return strncmp(said, wanted, length) == 0 && strchr(".\n", said[length]);
}

bool tp_hands_hear(struct tp_script *script, const struct tp_script_words *words,
                   struct tp_error *error)
{
    struct tp_ear *ear = ear_of(script, error);

    for (int step = 0; ear && step < STEPS_MAX; step++) {
        tp_ear_forget(ear);
        if (!tp_script_press(script, words->word[1], error))
            return false;
        if (begins(last_words(ear), words->word[3])) {
            tp_ear_forget(ear);
            return tp_script_press(script, words->word[2], error);
        }
    }
    return ear && tp_fail(error, TP_ERR_NOT_FOUND, "'%s' is not said on the page '%s'",
                          words->word[3], page_name(script));
}

bool tp_hands_listen(struct tp_script *script, const struct tp_script_words *words,
                     struct tp_error *error)
{
    (void)words;
    for (int64_t ms = 0; ms < LISTEN_MS && tp_listen_busy(app_of(script)); ms += SLICE_MS)
        if (!tp_script_pass(script, SLICE_MS, error))
            return false;
    return !tp_listen_busy(app_of(script)) ||
           tp_fail(error, TP_ERR_CONFLICT, "it does not stop talking");
}

bool tp_hands_expect_said(struct tp_script *script, const struct tp_script_words *words,
                          struct tp_error *error)
{
    struct tp_ear *ear = ear_of(script, error);

    if (!ear)
        return false;
    if (!strstr(tp_ear_heard(ear), words->word[1]))
        return tp_fail(error, TP_ERR_NOT_FOUND, "'%s' was not said on the page '%s'",
                       words->word[1], page_name(script));
    tp_ear_forget(ear);
    return true;
}

bool tp_hands_expect_not_said(struct tp_script *script, const struct tp_script_words *words,
                              struct tp_error *error)
{
    struct tp_ear *ear = ear_of(script, error);

    if (!ear)
        return false;
    return !strstr(tp_ear_heard(ear), words->word[1]) ||
           tp_fail(error, TP_ERR_CONFLICT, "'%s' was said on the page '%s'", words->word[1],
                   page_name(script));
}

bool tp_hands_headphones(struct tp_script *script, const struct tp_script_words *words,
                         struct tp_error *error)
{
    bool in = strcmp(words->word[1], "in") == 0;

    if (!in && strcmp(words->word[1], "out") != 0)
        return tp_fail(error, TP_ERR_MISUSE, "headphones go in or out");
    tp_listen_plug(app_of(script), in);
    return tp_app_build(app_of(script), error) && tp_loop_settle(tp_script_loop(script), error);
}

/* ---- by what has the focus ---- */

struct focus {
    const char *wanted;
    bool is, in_row; /* it has the focus; it is a key of the row that has it */
    double row_mm;   /* of the focus; below 0: none */
};

static bool is_called(const struct tp_seen *seen, const char *wanted)
{
    if (wanted[0] == '#')
        return strcmp(seen->id, wanted + 1) == 0;
    return strcmp(seen->label, wanted) == 0 || strcmp(seen->spoken, wanted) == 0;
}

static void find_row(void *context, const struct tp_seen *seen)
{
    struct focus *focus = context;

    if (seen->focused && seen->kind == TP_KIND_KEY)
        focus->row_mm = seen->y_mm;
}

static void find_focus(void *context, const struct tp_seen *seen)
{
    struct focus *focus = context;

    if (!is_called(seen, focus->wanted))
        return;
    focus->is = focus->is || seen->focused;
    focus->in_row = focus->in_row || (seen->kind == TP_KIND_KEY && seen->y_mm == focus->row_mm);
}

static struct focus look(struct tp_script *script, const char *wanted)
{
    struct tp_ui *ui = app_of(script)->ui;
    struct focus focus = {.wanted = wanted, .row_mm = -1};

    tp_ui_walk(ui, find_row, &focus);
    tp_ui_walk(ui, find_focus, &focus);
    if (tp_ui_reach(ui) == TP_REACH_ROWS && focus.row_mm >= 0)
        focus.is = focus.in_row;
    return focus;
}

bool tp_hands_step(struct tp_script *script, const struct tp_script_words *words,
                   struct tp_error *error)
{
    for (int step = 0; step < STEPS_MAX; step++) {
        if (!tp_script_press(script, words->word[1], error))
            return false;
        if (look(script, words->word[3]).is)
            return tp_script_press(script, words->word[2], error);
    }
    return tp_fail(error, TP_ERR_NOT_FOUND, "the focus does not come to '%s' on the page '%s'",
                   words->word[3], page_name(script));
}

/* Until the scan stands there; then the switch. */
static bool scan_to(struct tp_script *script, const char *key, const char *wanted, bool *in_row,
                    struct tp_error *error)
{
    struct tp_ui *ui = app_of(script)->ui;

    for (int64_t ms = 0; ms < SCAN_MS; ms += SLICE_MS) {
        if (look(script, wanted).is) {
            *in_row = tp_ui_reach(ui) == TP_REACH_ROWS && tp_ui_focus_is_key(ui);
            return tp_script_press(script, key, error);
        }
        if (!tp_script_pass(script, SLICE_MS, error))
            return false;
    }
    return tp_fail(error, TP_ERR_NOT_FOUND, "the scan does not come to '%s' on the page '%s'",
                   wanted, page_name(script));
}

bool tp_hands_scan(struct tp_script *script, const struct tp_script_words *words,
                   struct tp_error *error)
{
    bool in_row = false;

    if (!scan_to(script, words->word[1], words->word[2], &in_row, error))
        return false;
    return !in_row || scan_to(script, words->word[1], words->word[2], &in_row, error);
}

/* ---- fingers ---- */

bool tp_hands_finger(struct tp_script *script, const struct tp_script_words *words,
                     struct tp_error *error)
{
    static const char *const names[] = {"down", "move", "up"};
    struct tp_loop *loop = tp_script_loop(script);
    const struct tp_screen *screen = &loop->app->screen;
    struct tp_input_step step = {.finger = (int)strtol(words->word[2], NULL, 10),
                                 .x = (int)tp_mm_to_px(screen, strtod(words->word[3], NULL)),
                                 .y = (int)tp_mm_to_px(screen, strtod(words->word[4], NULL))};

    for (int kind = TP_STEP_DOWN; kind <= TP_STEP_UP; kind++)
        if (strcmp(words->word[1], names[kind]) == 0) {
            SDL_Event event;

            step.kind = (enum tp_input_step_kind)kind;
            event = tp_input_step_event(&loop->input, step);
            return tp_loop_event(loop, &event, error) && tp_loop_settle(loop, error);
        }
    return tp_fail(error, TP_ERR_MISUSE, "a finger goes down, moves or goes up");
}

/* Before any map: shares of the glass, as a panel reports them. */
bool tp_hands_glass(struct tp_script *script, const struct tp_script_words *words,
                    struct tp_error *error)
{
    static const struct {
        const char *name;
        Uint32 type;
    } kinds[] = {{"down", SDL_FINGERDOWN}, {"move", SDL_FINGERMOTION}, {"up", SDL_FINGERUP}};
    struct tp_loop *loop = tp_script_loop(script);
    SDL_Event event = {.tfinger = {.touchId = 1,
                                   .x = strtof(words->word[2], NULL),
                                   .y = strtof(words->word[3], NULL)}};

    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
        if (strcmp(words->word[1], kinds[i].name) == 0) {
            event.type = kinds[i].type;
            return tp_loop_glass(loop, &event, error) && tp_loop_settle(loop, error);
        }
    return tp_fail(error, TP_ERR_MISUSE, "a finger goes down, moves or goes up");
}

bool tp_hands_expect_screen(struct tp_script *script, const struct tp_script_words *words,
                            struct tp_error *error)
{
    const char *is = tp_script_loop(script)->asleep ? "off" : "on";

    return strcmp(words->word[1], is) == 0 ||
           tp_fail(error, TP_ERR_CONFLICT, "the screen is %s", is);
}
