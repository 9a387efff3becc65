#include "kiosk/app_listen.h"

#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "kiosk/app.h"
#include "kiosk/app_say.h"
#include "kiosk/screens/screens.h"
#include "kiosk/speech/voice.h"

#define NOT_STOPPED SIZE_MAX

/* ---- the loudspeaker ---- */

void tp_listen_start(struct tp_app *app, const struct tp_speech_sink *ear)
{
    struct tp_listen *listen = &app->listen;

    listen->ear = ear;
    listen->stopped = NOT_STOPPED;
    tp_buf_init(&listen->field, TP_ANSWER_MAX);
    if (!app->preview && app->settings.headphones == TP_HEADPHONES_AUTO)
        listen->jack = tp_jack_open(app->settings.headphone_control);
    listen->plugged = tp_jack_read(listen->jack) == TP_JACK_PLUGGED;
}

static bool open_speech(struct tp_app *app)
{
    struct tp_listen *listen = &app->listen;

    if (listen->speech)
        return true;
    listen->sink = listen->ear ? *listen->ear : tp_speech_sink_sdl();
    if (!tp_speech_create(&listen->sink, NULL, &listen->speech, NULL))
        return false;
    tp_speech_set_volume(listen->speech, app->person.volume);
    tp_speech_set_rate(listen->speech, app->person.rate);
    return true;
}

static void close_speech(struct tp_listen *listen)
{
    if (!listen->speech)
        return;
    tp_speech_destroy(listen->speech);
    listen->speech = NULL;
    if (!listen->ear)
        tp_speech_sink_sdl_finish(&listen->sink);
}

void tp_listen_reset(struct tp_app *app)
{
    struct tp_listen *listen = &app->listen;

    close_speech(listen);
    tp_wipe(listen->said, sizeof(listen->said));
    tp_buf_finish(&listen->field);
    listen->serial = 0;
    listen->said_count = 0;
    listen->stopped = NOT_STOPPED;
    listen->is_page = listen->resumes = listen->greets = false;
    listen->acted = listen->typed = listen->mute = false;
}

void tp_listen_close(struct tp_app *app)
{
    tp_listen_reset(app);
    tp_jack_close(app->listen.jack);
    app->listen.jack = NULL;
}

/* ---- saying ---- */

static void speak(struct tp_app *app, const struct tp_say *say, size_t from)
{
    struct tp_utterance utterances[TP_SPEECH_UTTERANCES_MAX];
    size_t count = tp_say_utterances(say, from, utterances);

    if (count > 0 && open_speech(app))
        (void)tp_speech_say(app->listen.speech, utterances, count);
}

static void remember(struct tp_listen *listen, const struct tp_say *say)
{
    for (size_t i = 0; i < say->count; i++)
        listen->said[i] = say->items[i].is;
    listen->said_count = say->count;
}

static bool was_said(const struct tp_listen *listen, uint64_t is)
{
    for (size_t i = 0; i < listen->said_count; i++)
        if (listen->said[i] == is)
            return true;
    return false;
}

/* The page, from where it was cut off where that is asked for. */
static void say_page(struct tp_app *app, bool turned)
{
    struct tp_listen *listen = &app->listen;
    size_t from = listen->resumes && listen->stopped != NOT_STOPPED ? listen->stopped : 0;
    struct tp_say say, page;

    tp_say_init(&say);
    tp_say_init(&page);
    tp_say_page(app, turned, &page);
    remember(listen, &page);
    if (listen->greets && !turned)
        tp_say_words(app,
                     _("You can use this screen by listening. Move with the arrow keys. Choose "
                       "with the Enter key."),
                     &say);
    if (tp_app_screen(app) == TP_SCREEN_LISTEN) {
        /* Its buttons are said as the focus comes to them: who pauses wants quiet. */
        tp_say_words(app, _("Reading is paused."), &say);
    } else {
        tp_say_page(app, turned, &say);
        listen->is_page = true;
        listen->stopped = NOT_STOPPED;
    }
    listen->resumes = listen->greets = false;
    speak(app, &say, from < say.count ? from : 0);
    tp_say_finish(&say);
    tp_say_finish(&page);
}

/* ---- what was typed ---- */

static const char *typed_text(struct tp_app *app)
{
    const struct tp_draft *draft =
        tp_person_find_draft(&app->person, app->person.field, app->person.field_part);

    return draft && app->person.field != TP_NODE_NONE ? tp_text_edit_text(&draft->edit) : "";
}

static const char *sign_words(const char *text)
{
    if (strcmp(text, " ") == 0)
        return _("space");
    return strcmp(text, "\n") == 0 ? _("Next line") : text;
}

/* The letter that came or went; where none did, what the key now is. */
static void say_typed(struct tp_app *app, struct tp_say *say)
{
    const char *before = tp_buf_text(&app->listen.field), *now = typed_text(app);
    size_t old = strlen(before), new = strlen(now);

    if (tp_say_is_private(app) && !tp_listen_may_say(app))
        return;
    if (new > old && strncmp(now, before, old) == 0) {
        tp_say_words(app, sign_words(now + old), say);
    } else if (new < old && strncmp(now, before, new) == 0) {
        tp_say_words(app, _("Delete"), say);
        tp_say_words(app, sign_words(before + new), say);
    } else {
        tp_say_focus(app, say);
    }
}

/* What is new on the page that was there before, and how what was done now stands. */
static void say_changes(struct tp_app *app)
{
    struct tp_listen *listen = &app->listen;
    struct tp_say page, say;

    tp_say_init(&page);
    tp_say_init(&say);
    tp_say_page(app, false, &page);
    if (listen->typed)
        say_typed(app, &say);
    for (size_t i = 0; !listen->typed && i < page.count; i++)
        if (!was_said(listen, page.items[i].is))
            tp_say_in(page.words.data + page.items[i].text, page.items[i].language, &say);
    if (!listen->typed && say.count == 0)
        tp_say_focus(app, &say);
    remember(listen, &page);
    if (listen->acted && say.count > 0) {
        listen->is_page = false;
        speak(app, &say, 0);
    }
    tp_say_finish(&page);
    tp_say_finish(&say);
}

/* ---- what happens on the screen ---- */

static void stop_speech(struct tp_app *app)
{
    struct tp_listen *listen = &app->listen;

    if (!listen->speech)
        return;
    if (listen->is_page && tp_speech_busy(listen->speech))
        listen->stopped = tp_speech_at(listen->speech);
    listen->is_page = false;
    tp_speech_stop(listen->speech);
}

void tp_listen_before(struct tp_app *app, const struct tp_action *action)
{
    struct tp_listen *listen = &app->listen;

    stop_speech(app);
    if (!app->person.listening)
        return;
    listen->acted = true;
    listen->typed = action->id == TP_ACT_KEY;
    tp_buf_reset(&listen->field);
    if (listen->typed)
        (void)tp_buf_puts(&listen->field, typed_text(app));
}

/* The warning is for someone who does not look, too. */
static bool warns(const struct tp_app *app)
{
    return tp_app_screen(app) == TP_SCREEN_IDLE && app->settings.warn_aloud && !app->preview;
}

void tp_listen_page(struct tp_app *app)
{
    struct tp_listen *listen = &app->listen;
    unsigned serial = tp_ui_page_serial(app->ui);

    if (!app->person.listening && !warns(app))
        return;
    if (listen->serial != serial)
        say_page(app, false);
    else if (app->person.listening)
        say_changes(app);
    listen->serial = serial;
    listen->acted = listen->typed = false;
    tp_buf_reset(&listen->field);
}

void tp_listen_here(struct tp_app *app)
{
    struct tp_say say;

    if (!app->person.listening)
        return;
    tp_say_init(&say);
    tp_say_focus(app, &say);
    app->listen.is_page = false;
    speak(app, &say, 0);
    tp_say_finish(&say);
}

void tp_listen_focus(struct tp_app *app, const struct tp_intent *intent)
{
    unsigned serial = tp_ui_page_serial(app->ui);

    if (!app->person.listening)
        return;
    if (app->listen.serial != serial) {
        say_page(app, true);
        app->listen.serial = serial;
    } else if (intent->by_key && intent->kind >= TP_INTENT_NEXT &&
               intent->kind <= TP_INTENT_RIGHT) {
        tp_listen_here(app);
    }
}

bool tp_listen_busy(const struct tp_app *app)
{
    const struct tp_speech *speech = app->listen.speech;

    return speech && tp_speech_busy(speech) && !tp_speech_paused(speech);
}

/* ---- what the person does ---- */

static void turn_on(struct tp_app *app)
{
    app->person.listening = open_speech(app);
    app->listen.serial = 0;
    app->listen.mute = false;
}

void tp_listen_turn_off(struct tp_app *app)
{
    stop_speech(app);
    app->person.listening = false;
}

void tp_listen_touch(struct tp_app *app)
{
    stop_speech(app);
    if (!app->person.listening)
        turn_on(app);
    else if (tp_app_screen(app) == TP_SCREEN_LISTEN)
        tp_listen_resume(app, false);
    else
        tp_app_go(app, TP_SCREEN_LISTEN);
}

void tp_listen_resume(struct tp_app *app, bool from_start)
{
    app->listen.resumes = !from_start;
    app->listen.serial = 0;
    if (tp_app_screen(app) == TP_SCREEN_LISTEN)
        tp_app_back(app);
}

void tp_listen_set_volume(struct tp_app *app, int step)
{
    if (step < 0 || step > app->settings.volume_limit)
        return;
    app->person.volume = step;
    if (app->listen.speech)
        tp_speech_set_volume(app->listen.speech, step);
}

void tp_listen_set_rate(struct tp_app *app, int step)
{
    if (step < 0 || step >= TP_RATE_STEPS)
        return;
    app->person.rate = step;
    if (app->listen.speech)
        tp_speech_set_rate(app->listen.speech, step);
}

/* How loud or fast it is now; what is being read goes on, and says it by itself. */
static void say_step(struct tp_app *app, const char *what, int step, int steps)
{
    struct tp_say say;
    char words[64];

    if (!app->person.listening || tp_listen_busy(app))
        return;
    tp_say_init(&say);
    (void)snprintf(words, sizeof(words), _("%1$d of %2$d"), step + 1, steps);
    tp_say_words(app, what, &say);
    tp_say_words(app, words, &say);
    app->listen.is_page = false;
    speak(app, &say, 0);
    tp_say_finish(&say);
}

static void again(struct tp_app *app)
{
    if (!app->person.listening)
        turn_on(app);
    else if (app->listen.speech)
        tp_speech_repeat(app->listen.speech);
}

static void pause_or_go_on(struct tp_app *app)
{
    struct tp_speech *speech = app->listen.speech;

    if (!app->person.listening)
        turn_on(app);
    else if (speech)
        tp_speech_pause(speech, !tp_speech_paused(speech) && tp_speech_busy(speech));
}

static bool has_headphones(const struct tp_app *app)
{
    switch (app->settings.headphones) {
    case TP_HEADPHONES_ALWAYS:
        return true;
    case TP_HEADPHONES_NEVER:
        return false;
    case TP_HEADPHONES_AUTO:
        break;
    }
    return app->listen.plugged;
}

bool tp_listen_key(struct tp_app *app, const struct tp_intent *intent)
{
    const struct tp_person *person = &app->person;

    switch (intent->kind) {
    case TP_INTENT_LISTEN:
        tp_listen_touch(app);
        return true;
    case TP_INTENT_AGAIN:
        again(app);
        return true;
    case TP_INTENT_PAUSE:
        pause_or_go_on(app);
        return true;
    case TP_INTENT_LOUDER:
    case TP_INTENT_QUIETER:
        tp_listen_set_volume(app, person->volume + (intent->kind == TP_INTENT_LOUDER ? 1 : -1));
        say_step(app, _("Volume"), person->volume, TP_VOLUME_STEPS);
        return true;
    case TP_INTENT_FASTER:
    case TP_INTENT_SLOWER:
        tp_listen_set_rate(app, person->rate + (intent->kind == TP_INTENT_FASTER ? 1 : -1));
        say_step(app, _("Speed"), person->rate, TP_RATE_STEPS);
        return true;
    case TP_INTENT_JACK_IN:
    case TP_INTENT_JACK_OUT:
        tp_listen_plug(app, intent->kind == TP_INTENT_JACK_IN);
        return true;
    default:
        break;
    }
    /* Headphones lie ready: a key is how someone who cannot see begins. */
    if (!intent->by_key || person->listening || !has_headphones(app) ||
        tp_app_screen(app) != TP_SCREEN_WELCOME)
        return false;
    app->listen.greets = true;
    turn_on(app);
    return true;
}

/* ---- headphones ---- */

void tp_listen_plug(struct tp_app *app, bool in)
{
    struct tp_listen *listen = &app->listen;

    if (in == listen->plugged || app->settings.headphones != TP_HEADPHONES_AUTO)
        return;
    listen->plugged = in;
    if (in && tp_app_screen(app) < TP_SCREEN_STAFF_PIN) {
        /* The question whether others may hear is answered by plugging in. */
        if (tp_app_screen(app) == TP_SCREEN_ALOUD)
            tp_app_back(app);
        stop_speech(app);
        listen->greets = true;
        turn_on(app);
    }
    if (in)
        return;
    tp_listen_turn_off(app);
    /* With the screen hidden nobody sees whether someone is still there: they are asked. */
    if (app->person.hidden) {
        app->person.hidden = false;
        tp_idle_ask(&app->idle, tp_clock_monotonic_ms(&app->clock));
    }
}

bool tp_listen_may_say(const struct tp_app *app)
{
    return has_headphones(app) || app->person.aloud == TP_ALOUD_YES;
}

bool tp_listen_must_ask(struct tp_app *app)
{
    return app->person.listening && app->person.aloud == TP_ALOUD_UNASKED &&
           !tp_listen_may_say(app) && tp_say_is_private(app);
}

/* ---- by the clock ---- */

static int look_at_jack(struct tp_app *app, bool *moved)
{
    struct tp_listen *listen = &app->listen;
    int64_t now = tp_clock_monotonic_ms(&app->clock);
    enum tp_jack_state state;

    if (!listen->jack)
        return -1;
    if (now - listen->looked_ms >= TP_JACK_LOOK_MS) {
        listen->looked_ms = now;
        state = tp_jack_read(listen->jack);
        if (state != TP_JACK_UNKNOWN && (state == TP_JACK_PLUGGED) != listen->plugged) {
            tp_listen_plug(app, state == TP_JACK_PLUGGED);
            *moved = true;
        }
    }
    return TP_JACK_LOOK_MS;
}

int tp_listen_tick(struct tp_app *app, bool *moved)
{
    struct tp_listen *listen = &app->listen;
    int jack = look_at_jack(app, moved), sound;

    if (!listen->speech)
        return jack;
    sound = tp_speech_tick(listen->speech);
    /* Nothing can be heard: that is said in words, once. */
    if (app->person.listening && tp_speech_is_mute(listen->speech) && !listen->mute &&
        tp_app_screen(app) != TP_SCREEN_IDLE) {
        listen->mute = true;
        tp_app_go(app, TP_SCREEN_LISTEN);
        *moved = true;
    }
    if (sound < 0 || (jack >= 0 && jack < sound))
        return jack;
    return sound;
}
