/*
 * From what SDL reports to what a person meant: one finger, forgiven.
 *
 * ACCESSIBILITY.md P1-P5 and P8. A target is activated by a press and a release inside it; sliding
 * off cancels. Activating the same target again within 500 ms, and any touch within 400 ms of a
 * change of page, does nothing. One contact counts; others, and contacts on empty ground, are
 * ignored; a contact that has rested for a second gives way to a new one, so that a palm locks
 * nobody out. The mouse works as a finger does, and SDL's mouse events made from touches are
 * dropped. Keys do not repeat.
 *
 * The input knows nothing of pages: it asks `at` what is under a point and gets a number that stays
 * the same when the page is rebuilt (tp_ui_target_at). Thread: the main thread only.
 */
#ifndef TP_KIOSK_INPUT_INPUT_H
#define TP_KIOSK_INPUT_INPUT_H

#include <SDL.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/clock.h"

enum tp_intent_kind {
    TP_INTENT_NONE,
    TP_INTENT_PRESS,    /* show `target` as pressed */
    TP_INTENT_CANCEL,   /* show `target` as it was */
    TP_INTENT_ACTIVATE, /* do what `target` says; it is no longer pressed */
    TP_INTENT_NEXT,     /* focus forward: Tab, or a switch */
    TP_INTENT_PREVIOUS, /* focus back: Shift+Tab */
    TP_INTENT_SELECT,   /* activate what has the focus: Enter, Space, or a switch */
    TP_INTENT_UP,
    TP_INTENT_DOWN,
    TP_INTENT_LEFT,
    TP_INTENT_RIGHT,
    TP_INTENT_BACK,   /* Escape */
    TP_INTENT_SCAN,   /* the one switch: starts scanning, or takes what the scan stands on */
    TP_INTENT_LISTEN, /* starts reading aloud; opens its page where that is on */
    TP_INTENT_AGAIN,  /* says it again */
    TP_INTENT_PAUSE,  /* stops in the middle, and goes on from there */
    TP_INTENT_LOUDER,
    TP_INTENT_QUIETER,
    TP_INTENT_FASTER,
    TP_INTENT_SLOWER,
    TP_INTENT_HELP,
    TP_INTENT_JACK_IN, /* a keypad says that headphones were plugged into it */
    TP_INTENT_JACK_OUT,
    TP_INTENT_TEXT,      /* typed on a keyboard while tp_input_set_typing: `text` */
    TP_INTENT_BACKSPACE, /* while typing */
    TP_INTENT_RETURN,    /* Enter while typing */
    TP_INTENT_REDRAW,    /* the window was uncovered */
    TP_INTENT_RESIZED,   /* the window has another size */
    TP_INTENT_WAKE,      /* an SDL user event: `target` is its code */
    TP_INTENT_QUIT,      /* SDL_QUIT */
};

struct tp_intent {
    enum tp_intent_kind kind;
    uint32_t target; /* PRESS, CANCEL, ACTIVATE: as `at` gave it */
    char text[32];   /* TEXT: UTF-8 */
    bool by_key;     /* came from keys or switches: show the focus ring */
};

/* A key of a tactile keypad, a switch or a keyboard, and what it means. */
struct tp_key_binding {
    SDL_Keycode key;
    enum tp_intent_kind kind;
};
/* Several keys an action, of several devices. */
#define TP_KEY_BINDINGS_MAX 64

struct tp_input_options {
    int repeat_ms; /* the same target again within this does nothing (EN 301 549 5.8) */
    /* The same key again within this does nothing (5.8); 0: only for select, by repeat_ms. */
    int key_bounce_ms;
    int guard_ms;   /* touches this soon after a change of page do nothing */
    int resting_ms; /* a contact down this long gives way to a new one */
    /* Before what a keyboard's keys mean by themselves. */
    struct tp_key_binding bindings[TP_KEY_BINDINGS_MAX];
    size_t binding_count;
};
#define TP_INPUT_REPEAT_MS 500
#define TP_INPUT_GUARD_MS 400
#define TP_INPUT_RESTING_MS 1000

struct tp_input_options tp_input_options_default(void);

struct tp_input {
    struct tp_input_options options;
    struct tp_clock clock;
    uint32_t (*at)(void *context, int x, int y); /* what is under a pixel; 0: nothing */
    void *context;
    int width, height;               /* of the canvas: SDL's touches are 0..1 */
    int window_width, window_height; /* SDL's mouse is in window units; 0: as the canvas */
    bool typing;

    /* what it has seen; read by tests only */
    struct {
        bool active, inside;
        SDL_FingerID finger; /* TP_INPUT_MOUSE for the mouse */
        uint32_t target;
        int64_t since;
    } contact;
    uint32_t last_target;
    int64_t last_activated, page_changed;
    SDL_Keycode last_key;
    int64_t last_key_at;
    bool any_activated, key_repeats;
    uint32_t ignored; /* presses that did not count: a speeding or bashed session shows in this */
};
#define TP_INPUT_MOUSE ((SDL_FingerID)-1)

/* `at` and `context` as in the struct. Nothing to release. */
void tp_input_init(struct tp_input *input, const struct tp_input_options *options,
                   const struct tp_clock *clock, uint32_t (*at)(void *context, int x, int y),
                   void *context);

/* After opening and resizing: the canvas in pixels, and the window in SDL's units where they
 * differ. */
void tp_input_set_size(struct tp_input *input, int width, int height, int window_width,
                       int window_height);

/* A text field is open: letters become TP_INTENT_TEXT, Space is a letter, Enter is RETURN. */
void tp_input_set_typing(struct tp_input *input, bool typing);

/* Another page is shown: starts the guard and drops the contact. Call for a new page, not when the
 * same page is rebuilt. */
void tp_input_page_changed(struct tp_input *input);

/* Takes one SDL event; false where it means nothing. */
bool tp_input_event(struct tp_input *input, const SDL_Event *event, struct tp_intent *intent);

/* ---- for tests: a scripted person ---- */

enum tp_input_step_kind {
    TP_STEP_DOWN,
    TP_STEP_MOVE,
    TP_STEP_UP,
    TP_STEP_KEY_DOWN,
    TP_STEP_KEY_UP
};
struct tp_input_step {
    enum tp_input_step_kind kind;
    int x, y;   /* canvas pixels */
    int finger; /* 0 .. */
    SDL_Keycode key;
};

/* Makes the SDL event of a step and takes it as tp_input_event does. */
bool tp_input_inject(struct tp_input *input, struct tp_input_step step, struct tp_intent *intent);

/* The SDL event of a step: for SDL_PushEvent, so that a whole program can be driven. */
SDL_Event tp_input_step_event(const struct tp_input *input, struct tp_input_step step);

#endif
