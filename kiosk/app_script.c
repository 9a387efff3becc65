#include "kiosk/app_script.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unigbrk.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/mem.h"
#include "kiosk/app_loop.h"
#include "kiosk/app_script_eyes.h"
#include "kiosk/app_script_hands.h"

/* A page never has more parts than this. */
#define PARTS_MAX 64
/* While waiting: how often what is due is looked at. */
#define SLICE_MS 50

struct tp_script {
    struct tp_loop *loop; /* borrowed */
    char *text;           /* owned */
    const char *at;       /* the line to come */
    const char *path;     /* borrowed */
    int line;
};

bool tp_script_open(struct tp_loop *loop, const char *path, struct tp_script **out,
                    struct tp_error *error)
{
    struct tp_script *script = tp_calloc(1, sizeof(*script));
    struct tp_buf text;

    tp_buf_init(&text, TP_SCRIPT_FILE_MAX);
    if (!script || !tp_file_read(path, &text, error)) {
        tp_buf_finish(&text);
        tp_free(script);
        return script ? false : tp_fail_memory(error);
    }
    script->text = tp_buf_take(&text);
    if (!script->text) {
        tp_free(script);
        return tp_fail_memory(error);
    }
    script->loop = loop;
    script->at = script->text;
    script->path = path;
    *out = script;
    return true;
}

void tp_script_close(struct tp_script *script)
{
    if (!script)
        return;
    tp_free_secret(script->text);
    tp_free(script);
}

struct tp_loop *tp_script_loop(struct tp_script *script)
{
    return script->loop;
}

static int64_t now_ms(const struct tp_script *script)
{
    return tp_clock_monotonic_ms(&script->loop->app->clock);
}

/* ---- time ---- */

/* On a fake clock: at once, with everything that falls due on the way. */
static bool pass_fake(struct tp_script *script, int64_t ms, struct tp_error *error)
{
    struct tp_loop *loop = script->loop;

    while (ms > 0) {
        bool moved;
        int64_t next = tp_app_tick(loop->app, &moved);
        int64_t step = next > 0 && next < ms ? next : ms;

        tp_clock_fake_advance(loop->fake, step);
        ms -= step;
        if (!tp_loop_settle(loop, error))
            return false;
    }
    return true;
}

bool tp_script_pass(struct tp_script *script, int64_t ms, struct tp_error *error)
{
    int64_t until = now_ms(script) + ms;
    int64_t left = ms;

    if (script->loop->fake)
        return pass_fake(script, ms, error);
    for (; left > 0 && !script->loop->app->quit; left = until - now_ms(script)) {
        SDL_Event event;

        if (SDL_WaitEventTimeout(&event, (int)(left < SLICE_MS ? left : SLICE_MS)) == 1 &&
            !tp_loop_event(script->loop, &event, error))
            return false;
        if (!tp_loop_settle(script->loop, error))
            return false;
    }
    return true;
}

/* ---- touching ---- */

static bool send(struct tp_script *script, SDL_Event event, struct tp_error *error)
{
    /* Through SDL's queue and out again, as a finger's events come. */
    if (SDL_PushEvent(&event) != 1)
        return tp_fail(error, TP_ERR_IO, "SDL takes no event: %s", SDL_GetError());
    while (SDL_PollEvent(&event))
        if (!tp_loop_event(script->loop, &event, error))
            return false;
    return tp_loop_settle(script->loop, error);
}

/* Until the guards against slips let a touch through again: they count from when the last one was
 * taken, which on a busy machine is later than when it was made, and may be set longer than usual.
 */
static bool outwait_guards(struct tp_script *script, struct tp_error *error)
{
    const struct tp_input *input = &script->loop->input;
    int64_t now = now_ms(script), left = input->page_changed + input->options.guard_ms - now;
    int64_t repeat = input->last_activated + input->options.repeat_ms - now;

    if (input->any_activated && repeat > left)
        left = repeat;
    return left <= 0 || tp_script_pass(script, left, error);
}

static bool touch(struct tp_script *script, int x, int y, struct tp_error *error)
{
    const struct tp_input *input = &script->loop->input;
    struct tp_input_step down = {.kind = TP_STEP_DOWN, .x = x, .y = y};
    struct tp_input_step up = {.kind = TP_STEP_UP, .x = x, .y = y};

    return tp_script_pass(script, TP_SCRIPT_PACE_MS, error) && outwait_guards(script, error) &&
           send(script, tp_input_step_event(input, down), error) &&
           send(script, tp_input_step_event(input, up), error);
}

static bool touch_target(struct tp_script *script, uint32_t target, struct tp_error *error)
{
    int x, y;

    if (!tp_ui_centre_of(tp_app_shown(script->loop->app), target, &x, &y))
        return tp_fail(error, TP_ERR_NOT_FOUND, "the target is not on the part that shows");
    return touch(script, x, y, error);
}

/* Looks at the part that shows, then further down with the page's own button. */
static bool tap_name(struct tp_script *script, const char *name, int nth, struct tp_error *error)
{
    struct tp_ui *ui = tp_app_shown(script->loop->app);

    for (int part = 0; part < PARTS_MAX; part++) {
        uint32_t target = tp_eyes_target(script, name, nth, false), more;

        if (target)
            return touch_target(script, target, error);
        more = tp_eyes_target(script, "#page:more", 1, false);
        if (!more || tp_ui_part(ui) + 1 >= tp_ui_parts(ui))
            break;
        if (!touch_target(script, more, error))
            return false;
    }
    return tp_eyes_not_found(script, name, error);
}

static bool tap_place(struct tp_script *script, double x_mm, double y_mm, struct tp_error *error)
{
    const struct tp_screen *screen = &script->loop->app->screen;

    return touch(script, (int)tp_mm_to_px(screen, x_mm), (int)tp_mm_to_px(screen, y_mm), error);
}

/* ---- keys ---- */

/* Which key of the keyboard shown brings this character nearer: itself, or Aa, 123, accents. */
static bool tap_key(struct tp_script *script, const char *character, struct tp_error *error)
{
    static const char *const ways[] = {"Aa", "é ł ș", "Aa", "ABC", "123", "ABC"};
    const size_t count = sizeof(ways) / sizeof(ways[0]);
    const char *name = strcmp(character, " ") == 0 ? _("space") : character;

    /* Twice round: it may begin on any layer. */
    for (size_t tries = 0; tries <= 2 * count; tries++) {
        uint32_t target = tp_eyes_target(script, name, 1, true), way;

        if (target)
            return touch_target(script, target, error);
        if (tries == 2 * count)
            break;
        way = tp_eyes_target(script, ways[tries % count], 1, true);
        if (way && !touch_target(script, way, error))
            return false;
    }
    return tp_eyes_not_found(script, name, error);
}

/* Each character, as a reader sees them, in turn. */
static bool each_character(struct tp_script *script, const char *text,
                           bool (*act)(struct tp_script *, const char *, struct tp_error *),
                           struct tp_error *error)
{
    while (*text) {
        const char *next = (const char *)u8_grapheme_next((const uint8_t *)text,
                                                          (const uint8_t *)text + strlen(text));
        char character[SDL_TEXTINPUTEVENT_TEXT_SIZE];

        if (!next || (size_t)(next - text) >= sizeof(character))
            return tp_fail(error, TP_ERR_MISUSE, "'%s' is no text to type", text);
        (void)snprintf(character, sizeof(character), "%.*s", (int)(next - text), text);
        if (!act(script, character, error))
            return false;
        text = next;
    }
    return true;
}

static bool type_character(struct tp_script *script, const char *character, struct tp_error *error)
{
    SDL_Event event = {.type = SDL_TEXTINPUT};

    (void)snprintf(event.text.text, sizeof(event.text.text), "%s", character);
    return send(script, event, error);
}

bool tp_script_press(struct tp_script *script, const char *name, struct tp_error *error)
{
    const struct tp_input *input = &script->loop->input;
    SDL_Keycode key = SDL_GetKeyFromName(name);
    struct tp_input_step down = {.kind = TP_STEP_KEY_DOWN, .key = key};
    struct tp_input_step up = {.kind = TP_STEP_KEY_UP, .key = key};

    if (key == SDLK_UNKNOWN)
        return tp_fail(error, TP_ERR_MISUSE, "'%s' is no key that SDL knows", name);
    return tp_script_pass(script, TP_SCRIPT_PACE_MS, error) &&
           send(script, tp_input_step_event(input, down), error) &&
           send(script, tp_input_step_event(input, up), error);
}

/* ---- commands ---- */

static double number(const char *text)
{
    return strtod(text, NULL);
}

static bool do_tap(struct tp_script *script, const struct tp_script_words *words,
                   struct tp_error *error)
{
    char *end;

    if (words->count == 3) {
        (void)strtod(words->word[1], &end);
        if (!*end)
            return tap_place(script, number(words->word[1]), number(words->word[2]), error);
        return tap_name(script, words->word[1], (int)number(words->word[2]), error);
    }
    return tap_name(script, words->word[1], 1, error);
}

static bool do_tap_keys(struct tp_script *script, const struct tp_script_words *words,
                        struct tp_error *error)
{
    return each_character(script, words->word[1], tap_key, error);
}

static bool do_type(struct tp_script *script, const struct tp_script_words *words,
                    struct tp_error *error)
{
    return each_character(script, words->word[1], type_character, error);
}

static bool do_key(struct tp_script *script, const struct tp_script_words *words,
                   struct tp_error *error)
{
    return tp_script_press(script, words->word[1], error);
}

static bool do_wait(struct tp_script *script, const struct tp_script_words *words,
                    struct tp_error *error)
{
    return tp_script_pass(script, (int64_t)number(words->word[1]), error);
}

/* Stands still until a line comes on standard input: for tests that look at the process. */
static bool do_hold(struct tp_script *script, const struct tp_script_words *words,
                    struct tp_error *error)
{
    char line[16];

    (void)script;
    (void)words;
    (void)error;
    (void)fputs("holding\n", stdout);
    (void)fflush(stdout);
    return fgets(line, sizeof(line), stdin) || feof(stdin);
}

struct command {
    const char *name;
    size_t least, most; /* words after the name */
    bool (*run)(struct tp_script *script, const struct tp_script_words *words,
                struct tp_error *error);
};

static const struct command commands[] = {
    {"tap", 1, 2, do_tap},
    {"tap-keys", 1, 1, do_tap_keys},
    {"type", 1, 1, do_type},
    {"key", 1, 1, do_key},
    {"wait", 1, 1, do_wait},
    {"expect", 1, 1, tp_eyes_expect},
    {"expect-not", 1, 1, tp_eyes_expect_not},
    {"expect-page", 1, 1, tp_eyes_expect_page},
    {"expect-fresh", 0, 0, tp_eyes_expect_fresh},
    {"screenshot", 1, 1, tp_eyes_screenshot},
    {"dump", 0, 0, tp_eyes_dump},
    {"hold", 0, 0, do_hold},
    {"hear", 3, 3, tp_hands_hear},
    {"step", 3, 3, tp_hands_step},
    {"scan", 2, 2, tp_hands_scan},
    {"finger", 4, 4, tp_hands_finger},
    {"glass", 3, 3, tp_hands_glass},
    {"expect-screen", 1, 1, tp_hands_expect_screen},
    {"headphones", 1, 1, tp_hands_headphones},
    {"listen", 0, 0, tp_hands_listen},
    {"expect-said", 1, 1, tp_hands_expect_said},
    {"expect-not-said", 1, 1, tp_hands_expect_not_said},
};

/* ---- lines ---- */

/* Parts a line in place into words; "quoted ones" keep their spaces. */
static void split(char *line, struct tp_script_words *words)
{
    words->count = 0;
    while (words->count < TP_SCRIPT_WORDS_MAX) {
        char end;

        line += strspn(line, " \t");
        if (!*line || *line == '#')
            return;
        end = *line == '"' ? '"' : ' ';
        if (end == '"')
            line++;
        words->word[words->count++] = line;
        line += end == '"' ? strcspn(line, "\"") : strcspn(line, " \t");
        if (!*line)
            return;
        *line++ = '\0';
    }
}

static bool run_line(struct tp_script *script, char *line, struct tp_error *error)
{
    struct tp_script_words words;

    split(line, &words);
    if (words.count == 0)
        return true;
    for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
        const struct command *command = &commands[i];

        if (strcmp(words.word[0], command->name) != 0)
            continue;
        if (words.count - 1 < command->least || words.count - 1 > command->most)
            return tp_fail(error, TP_ERR_MISUSE, "%s takes %zu to %zu words", command->name,
                           command->least, command->most);
        return command->run(script, &words, error);
    }
    return tp_fail(error, TP_ERR_MISUSE, "'%s' is no command", words.word[0]);
}

bool tp_script_step(struct tp_script *script, struct tp_error *error)
{
    size_t length = strcspn(script->at, "\n");
    char line[TP_SCRIPT_LINE_MAX];
    bool ok;

    if (!*script->at) {
        script->loop->app->quit = true;
        return true;
    }
    script->line++;
    if (length >= sizeof(line))
        return tp_fail(error, TP_ERR_LIMIT, "%s:%d: the line is too long", script->path,
                       script->line);
    memcpy(line, script->at, length);
    line[length] = '\0';
    script->at += length + (script->at[length] == '\n');
    ok = run_line(script, line, error);
    tp_wipe(line, sizeof(line));
    return ok || tp_fail_prefix(error, "%s:%d", script->path, script->line);
}
