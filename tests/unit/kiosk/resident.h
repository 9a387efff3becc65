/*
 * A kiosk for tests, with a real store, a real seal and a fake clock, and a person in front of it:
 * what is touched is looked for by its words or its id on every part of the page, and typed as a
 * keyboard types. Nothing is drawn.
 */
#ifndef TP_TESTS_UNIT_KIOSK_RESIDENT_H
#define TP_TESTS_UNIT_KIOSK_RESIDENT_H

#include "tp_test.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/mem.h"
#include "kiosk/app.h"
#include "kiosk/screens/screens.h"
#include "store/outbox.h"

static char folder[] = "/tmp/tp-app-XXXXXX";
static struct tp_seal_pair pair;
static struct tp_settings settings;
static struct tp_clock_fake now;
static uint64_t seed;
static struct tp_app *app;
/* Other surveys and another day are set before set_up. */
static const char *surveys = "tests/surveys";
static int64_t today_ms = INT64_C(1795426867123); /* 2026-11-23 */

static inline int set_up_all(void **state)
{
    (void)state;
    return mkdtemp(folder) && tp_seal_pair_generate(&pair, NULL) ? 0 : -1;
}

static inline int tear_down_all(void **state)
{
    (void)state;
    return tp_dir_remove(folder, NULL) ? 0 : -1;
}

static inline void write_device(bool enrolled)
{
    char path[128], text[512], key[TP_SEAL_KEY_TEXT_MAX];

    tp_seal_key_to_text(&pair.key, key);
    (void)snprintf(path, sizeof(path), "%s/state/device.ini", folder);
    (void)snprintf(text, sizeof(text),
                   "[device]\nid = uuid:device\nname = Cowley Library\n[store]\nurl = x\n%s%s\n",
                   enrolled ? "sealing_key = " : "", enrolled ? key : "");
    assert_true(tp_file_write_atomic(path, text, strlen(text), 0600, NULL));
}

static inline void start(bool enrolled)
{
    struct tp_app_params params = {.settings = &settings,
                                   .clock = tp_clock_from_fake(&now),
                                   .random = tp_random_seeded(&seed),
                                   .screen = tp_screen_make(1920, 1080, 476, 0)};
    struct tp_error error;

    write_device(enrolled);
    if (!tp_app_create(&params, &app, &error))
        fail_msg("%s", error.text);
    tp_app_refresh(app);
    assert_true(tp_app_build(app, &error));
}

static inline int set_up(void **state)
{
    char path[128];

    (void)state;
    seed = 42;
    now = (struct tp_clock_fake){.wall = today_ms, .monotonic = 1000000};
    tp_settings_default(&settings);
    (void)snprintf(path, sizeof(path), "%s/state", folder);
    if (!tp_dir_remove(path, NULL) || !tp_dir_make(path, 0700, NULL))
        return -1;
    (void)snprintf(settings.state, sizeof(settings.state), "%s", path);
    (void)snprintf(settings.surveys, sizeof(settings.surveys), "%s", surveys);
    (void)snprintf(settings.zone, sizeof(settings.zone), "UTC");
    start(true);
    return 0;
}

static inline int tear_down(void **state)
{
    (void)state;
    tp_app_destroy(app);
    app = NULL;
    return 0;
}

/* ---- a person ---- */

struct look_for {
    const char *words;
    uint32_t target;
    bool said;
};

static inline void look(void *context, const struct tp_seen *seen)
{
    struct look_for *look_for = context;
    bool same = (seen->label && strcmp(seen->label, look_for->words) == 0) ||
                (seen->spoken && strcmp(seen->spoken, look_for->words) == 0) ||
                (seen->id && strcmp(seen->id, look_for->words) == 0);

    look_for->said = look_for->said || (seen->label && strstr(seen->label, look_for->words));
    if (same && seen->touchable && seen->enabled && !look_for->target)
        look_for->target = seen->target;
}

static inline bool says(const char *words)
{
    struct look_for look_for = {.words = words};

    for (size_t part = 0; part < tp_ui_parts(app->ui); part++) {
        tp_ui_show_part(app->ui, part);
        tp_ui_walk(app->ui, look, &look_for);
    }
    return look_for.said;
}

static inline void see(const char *words)
{
    if (!says(words))
        fail_msg("'%s' is not said on the page '%s'", words, tp_screens[tp_app_screen(app)]->name);
}

/* Touches what is called so, on whichever part of the page. */
static inline void touch(const char *words)
{
    struct look_for look_for = {.words = words};
    struct tp_action action;
    struct tp_error error;

    for (size_t part = 0; part < tp_ui_parts(app->ui) && !look_for.target; part++) {
        tp_ui_show_part(app->ui, part);
        tp_ui_walk(app->ui, look, &look_for);
    }
    if (!look_for.target || !tp_ui_action_of(app->ui, look_for.target, &action))
        fail_msg("no '%s' on the page '%s'", words, tp_screens[tp_app_screen(app)]->name);
    tp_app_act(app, &action);
    if (!tp_app_build(app, &error))
        fail_msg("%s", error.text);
}

static inline void type(const char *text)
{
    while (*text) {
        struct tp_intent intent = {.kind = TP_INTENT_TEXT, .text = {*text++}};
        struct tp_error error;

        assert_true(tp_app_handle(app, &intent, &error));
    }
}

static inline void on(const char *screen)
{
    assert_string_equal(tp_screens[tp_app_screen(app)]->name, screen);
}

/* Into the survey of tests/surveys/short, and on to its question of a number. */
static inline void go_to_survey(void)
{
    touch("start");
    on("read");
    touch("Continue");
    on("surveys");
    touch("short");
    on("front");
    touch("Start");
    on("question");
}

static inline void go_to_age(void)
{
    go_to_survey();
    touch("By bus");
    touch("Continue");
    touch("The trees");
    touch("Continue");
}

static inline void pass(int64_t ms)
{
    while (ms > 0) {
        bool moved;
        int64_t next = tp_app_tick(app, &moved);
        int64_t step = next > 0 && next < ms ? next : ms;

        tp_clock_fake_advance(&now, step);
        ms -= step;
        (void)tp_app_tick(app, &moved);
        assert_true(tp_app_build(app, NULL));
    }
}

/* How many answers wait to be sent. */
static inline uint64_t waiting(void)
{
    struct tp_outbox_counts counts;

    assert_true(tp_outbox_counts(app->store, &counts, NULL));
    return counts.waiting;
}

/* The index-th waiting answer, unsealed. */
static inline void unseal(size_t index, struct tp_buf *xml)
{
    struct tp_outbox_next_params params = {.max_count = 10, .lease_ms = 1000};
    struct tp_outbox_batch batch;

    assert_true(tp_outbox_next(app->store, &params, &batch, NULL));
    assert_true(index < batch.count);
    tp_buf_init(xml, TP_OUTBOX_XML_MAX);
    assert_true(
        tp_unseal(&pair, batch.items[index].sealed, batch.items[index].sealed_count, xml, NULL));
    tp_outbox_batch_finish(&batch);
    assert_true(tp_outbox_release(app->store, true, NULL));
}

static inline void assert_has(const struct tp_buf *xml, const char *text)
{
    if (!strstr(tp_buf_text(xml), text))
        fail_msg("'%s' is not in %s", text, tp_buf_text(xml));
}

static inline void go_to_check(void)
{
    go_to_age();
    type("72");
    for (int i = 0; i < 7; i++)
        touch("Continue");
    on("check");
}

#endif
