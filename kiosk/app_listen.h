/*
 * Reading aloud: what is said, when.
 *
 * Someone who has chosen "Listen", or plugged in headphones, hears a new page from its title, what
 * changes on it, what has the focus as keys move it, and each letter as it is typed. A new action
 * stops what is being said (ACCESSIBILITY.md A1). What is private is said to headphones, or to the
 * loudspeaker after a clear choice (A2). The bar's Listen opens the page of controls once reading
 * is on (screens/listen.c). The loudspeaker is opened when someone first listens and closed when
 * they have gone. Thread: the main thread only.
 */
#ifndef TP_KIOSK_APP_LISTEN_H
#define TP_KIOSK_APP_LISTEN_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "kiosk/speech/jack.h"
#include "kiosk/speech/speech.h"

struct tp_action;
struct tp_app;
struct tp_intent;

struct tp_listen {
    struct tp_speech *speech; /* NULL until someone listens */
    struct tp_speech_sink sink;
    const struct tp_speech_sink *ear; /* borrowed: hears in place of a loudspeaker; NULL: none */

    struct tp_jack *jack; /* NULL: no card says */
    int64_t looked_ms;
    bool plugged; /* headphones; a keypad may say so too */

    /* What was said of the page. */
    unsigned serial; /* of the page; 0: read it again */
    uint64_t said[TP_SPEECH_UTTERANCES_MAX];
    size_t said_count;
    bool is_page;   /* the page itself is being said, not what changed on it */
    size_t stopped; /* the utterance of it that was cut off; SIZE_MAX: none */
    bool resumes;   /* goes on from there */
    bool greets;    /* says first how to go on by keys */

    bool acted;          /* something was done since the page was built */
    bool typed;          /* it was a key */
    struct tp_buf field; /* what was in the field before */
    bool mute;           /* it was said already that nothing can be heard */
};

/* Looks for a jack; `ear` or NULL. Nothing is opened. */
void tp_listen_start(struct tp_app *app, const struct tp_speech_sink *ear);
void tp_listen_close(struct tp_app *app);

/* Silence, and nothing kept: the next person's. */
void tp_listen_reset(struct tp_app *app);

/* ---- what the person does ---- */

/* "Listen": starts reading this page; once that is on, opens the controls. */
void tp_listen_touch(struct tp_app *app);
/* From the controls: on from where it stopped, or from the start; and no more. */
void tp_listen_resume(struct tp_app *app, bool from_start);
void tp_listen_turn_off(struct tp_app *app);
/* Steps of kiosk/speech/voice.h; a step past the end does nothing. */
void tp_listen_set_volume(struct tp_app *app, int step);
void tp_listen_set_rate(struct tp_app *app, int step);

/* A key for sound (louder, again ...). True: it was one; the page has to be built again. */
bool tp_listen_key(struct tp_app *app, const struct tp_intent *intent);

/* Headphones were plugged in or pulled out; the page has to be built again. */
void tp_listen_plug(struct tp_app *app, bool in);

/* May what is private be said, and must the person first be asked? */
bool tp_listen_may_say(const struct tp_app *app);
bool tp_listen_must_ask(struct tp_app *app);

/* ---- what happens on the screen ---- */

/* Something is about to be done: stops what is being said. */
void tp_listen_before(struct tp_app *app, const struct tp_action *action);
/* The page was built: reads it where it is a new one, else what is new on it. */
void tp_listen_page(struct tp_app *app);
/* Keys moved the focus, or turned the part of the page. */
void tp_listen_focus(struct tp_app *app, const struct tp_intent *intent);
/* Says what has the focus. */
void tp_listen_here(struct tp_app *app);

/* Is something being said? Not while it is paused. */
bool tp_listen_busy(const struct tp_app *app);

/* Looks at the jack and moves sound along. `moved`: the page has to be built again. Milliseconds
 * until it wants to be called again, -1: nothing to do. */
int tp_listen_tick(struct tp_app *app, bool *moved);

#endif
