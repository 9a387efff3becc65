#include "kiosk/app_listen.h"

#include "base/mem.h"
#include "kiosk/screens/screens.h"

struct list {
    struct tp_utterance utterances[TP_SPEECH_UTTERANCES_MAX];
    size_t count;
    const char *language;
    bool focused_only;
};

static void collect(void *context, const struct tp_seen *seen)
{
    struct list *list = context;

    if (!seen->spoken || !*seen->spoken || list->count == TP_SPEECH_UTTERANCES_MAX ||
        (list->focused_only && !seen->focused))
        return;
    /* The bar is the same on every page: it is found by its focus, not read each time. */
    if (!list->focused_only && seen->place == TP_PLACE_BAR)
        return;
    list->utterances[list->count++] =
        (struct tp_utterance){.text = seen->spoken, .language = list->language};
}

static void say(struct tp_app *app, bool focused_only)
{
    struct list list = {.language = app->person.language, .focused_only = focused_only};
    const char *title = tp_screens[tp_app_screen(app)]->title;

    if (!app->speech)
        return;
    if (!focused_only && title)
        list.utterances[list.count++] =
            (struct tp_utterance){.text = _(title), .language = list.language};
    tp_ui_walk_spoken(app->ui, collect, &list);
    if (list.count > 0)
        (void)tp_speech_say(app->speech, list.utterances, list.count);
}

static bool open_speech(struct tp_app *app)
{
    if (app->speech)
        return true;
    app->sink = tp_speech_sink_sdl();
    if (!tp_speech_create(&app->sink, NULL, &app->speech, NULL)) {
        tp_speech_sink_sdl_finish(&app->sink);
        return false;
    }
    tp_speech_set_volume(app->speech, (int)app->settings.volume);
    return true;
}

void tp_listen_toggle(struct tp_app *app)
{
    if (app->person.listening) {
        app->person.listening = false;
        tp_listen_stop(app);
        return;
    }
    app->person.listening = open_speech(app);
    app->spoken_serial = 0;
}

void tp_listen_page(struct tp_app *app)
{
    unsigned serial = tp_ui_page_serial(app->ui);

    if (!app->person.listening || app->spoken_serial == serial)
        return;
    app->spoken_serial = serial;
    say(app, false);
}

void tp_listen_focus(struct tp_app *app, const struct tp_intent *intent)
{
    if (app->person.listening && intent->by_key && intent->kind >= TP_INTENT_NEXT &&
        intent->kind <= TP_INTENT_RIGHT)
        say(app, true);
}

void tp_listen_stop(struct tp_app *app)
{
    if (app->speech)
        tp_speech_stop(app->speech);
}

bool tp_listen_busy(const struct tp_app *app)
{
    return app->speech && tp_speech_busy(app->speech);
}

int tp_listen_tick(struct tp_app *app)
{
    return app->speech ? tp_speech_tick(app->speech) : -1;
}

void tp_listen_reset(struct tp_app *app)
{
    if (!app->speech)
        return;
    tp_speech_reset(app->speech);
    tp_speech_set_volume(app->speech, (int)app->settings.volume);
}

void tp_listen_close(struct tp_app *app)
{
    if (!app->speech)
        return;
    tp_speech_destroy(app->speech);
    tp_speech_sink_sdl_finish(&app->sink);
    app->speech = NULL;
}
