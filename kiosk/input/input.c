/* See input.h. */
#include "kiosk/input/input.h"

#include <stdio.h>
#include <string.h>

/* The injected touches are of this device. */
#define INJECTED_DEVICE 1

struct tp_input_options tp_input_options_default(void)
{
    return (struct tp_input_options){
        .repeat_ms = TP_INPUT_REPEAT_MS,
        .guard_ms = TP_INPUT_GUARD_MS,
        .resting_ms = TP_INPUT_RESTING_MS,
    };
}

void tp_input_init(struct tp_input *input, const struct tp_input_options *options,
                   const struct tp_clock *clock, uint32_t (*at)(void *context, int x, int y),
                   void *context)
{
    *input = (struct tp_input){.options = *options, .clock = *clock, .at = at, .context = context};
    input->page_changed = tp_clock_monotonic_ms(clock) - options->guard_ms;
}

void tp_input_set_size(struct tp_input *input, int width, int height, int window_width,
                       int window_height)
{
    input->width = width;
    input->height = height;
    input->window_width = window_width > 0 ? window_width : width;
    input->window_height = window_height > 0 ? window_height : height;
}

void tp_input_set_typing(struct tp_input *input, bool typing)
{
    input->typing = typing;
}

void tp_input_page_changed(struct tp_input *input)
{
    input->page_changed = tp_clock_monotonic_ms(&input->clock);
    input->contact.active = false;
}

/* ---- one finger ---- */

static bool say(struct tp_intent *intent, enum tp_intent_kind kind, uint32_t target)
{
    *intent = (struct tp_intent){.kind = kind, .target = target};
    return true;
}

/* Does the contact that is down bar others? One that rests no longer does. */
static bool is_held(const struct tp_input *input, int64_t now)
{
    return input->contact.active && now - input->contact.since < input->options.resting_ms;
}

static bool down(struct tp_input *input, SDL_FingerID finger, int x, int y,
                 struct tp_intent *intent)
{
    int64_t now = tp_clock_monotonic_ms(&input->clock);
    uint32_t target = input->at(input->context, x, y);
    bool repeated = input->any_activated && target == input->last_target &&
                    now - input->last_activated < input->options.repeat_ms;

    if (is_held(input, now) || !target || repeated ||
        now - input->page_changed < input->options.guard_ms) {
        input->ignored++;
        return false;
    }
    input->contact.active = true;
    input->contact.inside = true;
    input->contact.finger = finger;
    input->contact.target = target;
    input->contact.since = now;
    return say(intent, TP_INTENT_PRESS, target);
}

static bool move(struct tp_input *input, SDL_FingerID finger, int x, int y,
                 struct tp_intent *intent)
{
    if (!input->contact.active || input->contact.finger != finger || !input->contact.inside)
        return false;
    if (input->at(input->context, x, y) == input->contact.target)
        return false;
    /* Once off, it stays off: coming back by chance must not choose. */
    input->contact.inside = false;
    return say(intent, TP_INTENT_CANCEL, input->contact.target);
}

static bool up(struct tp_input *input, SDL_FingerID finger, int x, int y, struct tp_intent *intent)
{
    uint32_t target = input->contact.target;

    if (!input->contact.active || input->contact.finger != finger)
        return false;
    input->contact.active = false;
    if (!input->contact.inside)
        return false;
    if (input->at(input->context, x, y) != target)
        return say(intent, TP_INTENT_CANCEL, target);
    input->last_target = target;
    input->last_activated = tp_clock_monotonic_ms(&input->clock);
    input->any_activated = true;
    return say(intent, TP_INTENT_ACTIVATE, target);
}

/* SDL's touches are shares of the window, its mouse is in window units. */
static int finger_x(const struct tp_input *input, float x)
{
    int px = (int)floorf(x * (float)input->width);

    return px < 0 ? 0 : px >= input->width ? input->width - 1 : px;
}

static int finger_y(const struct tp_input *input, float y)
{
    int px = (int)floorf(y * (float)input->height);

    return px < 0 ? 0 : px >= input->height ? input->height - 1 : px;
}

static int scaled(int value, int from, int to)
{
    return from > 0 && from != to ? (int)((int64_t)value * to / from) : value;
}

static bool finger_event(struct tp_input *input, const SDL_TouchFingerEvent *event,
                         struct tp_intent *intent)
{
    int x = finger_x(input, event->x), y = finger_y(input, event->y);

    if (event->type == SDL_FINGERDOWN)
        return down(input, event->fingerId, x, y, intent);
    if (event->type == SDL_FINGERUP)
        return up(input, event->fingerId, x, y, intent);
    return move(input, event->fingerId, x, y, intent);
}

static bool mouse_button(struct tp_input *input, const SDL_MouseButtonEvent *event,
                         struct tp_intent *intent)
{
    int x = scaled(event->x, input->window_width, input->width);
    int y = scaled(event->y, input->window_height, input->height);

    if (event->which == SDL_TOUCH_MOUSEID || event->button != SDL_BUTTON_LEFT)
        return false;
    return event->type == SDL_MOUSEBUTTONDOWN ? down(input, TP_INPUT_MOUSE, x, y, intent)
                                              : up(input, TP_INPUT_MOUSE, x, y, intent);
}

/* ---- keys ---- */

/* What keys mean when no text is typed; modifiers as SDL names them. */
static const struct {
    SDL_Keycode key;
    enum tp_intent_kind kind;
    bool while_typing;
} keys[] = {
    {SDLK_TAB, TP_INTENT_NEXT, true},
    {SDLK_DOWN, TP_INTENT_DOWN, true},
    {SDLK_UP, TP_INTENT_UP, true},
    {SDLK_LEFT, TP_INTENT_LEFT, true},
    {SDLK_RIGHT, TP_INTENT_RIGHT, true},
    {SDLK_RETURN, TP_INTENT_SELECT, false},
    {SDLK_KP_ENTER, TP_INTENT_SELECT, false},
    {SDLK_SPACE, TP_INTENT_SELECT, false},
    {SDLK_ESCAPE, TP_INTENT_BACK, true},
    {SDLK_AC_BACK, TP_INTENT_BACK, true},
    {SDLK_BACKSPACE, TP_INTENT_BACKSPACE, true},
};

static enum tp_intent_kind key_intent(const struct tp_input *input, SDL_Keysym keysym)
{
    const struct tp_input_options *options = &input->options;
    SDL_Keycode key = keysym.sym;

    if (key == SDLK_UNKNOWN)
        return TP_INTENT_NONE;
    /* The last that names a key counts: a configuration comes after the defaults. */
    for (size_t i = options->binding_count; i-- > 0;)
        if (options->bindings[i].key == key)
            return options->bindings[i].kind;
    if (key == SDLK_TAB && keysym.mod & KMOD_SHIFT)
        return TP_INTENT_PREVIOUS;
    if (input->typing && (key == SDLK_RETURN || key == SDLK_KP_ENTER))
        return TP_INTENT_RETURN;
    if (!input->typing && key == SDLK_BACKSPACE)
        return TP_INTENT_NONE;
    for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
        if (keys[i].key == key && (!input->typing || keys[i].while_typing))
            return keys[i].kind;
    return TP_INTENT_NONE;
}

/* The same key twice in a row: a hand that shakes, or a switch that bounces (EN 301 549 5.8). */
static bool is_bounce(struct tp_input *input, SDL_Keycode key, enum tp_intent_kind kind)
{
    int64_t now = tp_clock_monotonic_ms(&input->clock);
    int wait = input->options.key_bounce_ms;
    bool same = input->last_key_at > 0 && key == input->last_key;

    if ((kind == TP_INTENT_SELECT || kind == TP_INTENT_SCAN) && wait < input->options.repeat_ms)
        wait = input->options.repeat_ms;
    if (same && now - input->last_key_at < wait) {
        input->ignored++;
        return true;
    }
    input->last_key = key;
    input->last_key_at = now;
    return false;
}

static bool key_event(struct tp_input *input, const SDL_KeyboardEvent *event,
                      struct tp_intent *intent)
{
    enum tp_intent_kind kind;

    /* A key that is held: neither it nor the text that SDL sends after it counts (5.7). */
    input->key_repeats = event->repeat != 0;
    if (input->key_repeats)
        return false;
    kind = key_intent(input, event->keysym);
    if (kind == TP_INTENT_NONE || is_bounce(input, event->keysym.sym, kind))
        return false;
    (void)say(intent, kind, 0);
    intent->by_key = true;
    return true;
}

static bool text_event(struct tp_input *input, const SDL_TextInputEvent *event,
                       struct tp_intent *intent)
{
    if (!input->typing || input->key_repeats || !event->text[0])
        return false;
    (void)say(intent, TP_INTENT_TEXT, 0);
    intent->by_key = true;
    (void)snprintf(intent->text, sizeof(intent->text), "%s", event->text);
    return true;
}

static bool window_event(const SDL_WindowEvent *event, struct tp_intent *intent)
{
    switch (event->event) {
    case SDL_WINDOWEVENT_EXPOSED:
    case SDL_WINDOWEVENT_SHOWN:
        return say(intent, TP_INTENT_REDRAW, 0);
    case SDL_WINDOWEVENT_SIZE_CHANGED:
        return say(intent, TP_INTENT_RESIZED, 0);
    default:
        return false;
    }
}

bool tp_input_event(struct tp_input *input, const SDL_Event *event, struct tp_intent *intent)
{
    switch (event->type) {
    case SDL_FINGERDOWN:
    case SDL_FINGERUP:
    case SDL_FINGERMOTION:
        /* A trackpad's fingers are not on the screen, and the mouse's touches are the mouse. */
        if (event->tfinger.touchId == SDL_MOUSE_TOUCHID)
            return false;
        return finger_event(input, &event->tfinger, intent);
    case SDL_MOUSEBUTTONDOWN:
    case SDL_MOUSEBUTTONUP:
        return mouse_button(input, &event->button, intent);
    case SDL_MOUSEMOTION:
        if (event->motion.which == SDL_TOUCH_MOUSEID)
            return false;
        return move(input, TP_INPUT_MOUSE,
                    scaled(event->motion.x, input->window_width, input->width),
                    scaled(event->motion.y, input->window_height, input->height), intent);
    case SDL_KEYDOWN:
        return key_event(input, &event->key, intent);
    case SDL_TEXTINPUT:
        return text_event(input, &event->text, intent);
    case SDL_WINDOWEVENT:
        return window_event(&event->window, intent);
    case SDL_QUIT:
        return say(intent, TP_INTENT_QUIT, 0);
    default:
        if (event->type >= SDL_USEREVENT && event->type < SDL_LASTEVENT)
            return say(intent, TP_INTENT_WAKE, (uint32_t)event->user.code);
        return false;
    }
}

/* ---- a scripted person ---- */

SDL_Event tp_input_step_event(const struct tp_input *input, struct tp_input_step step)
{
    SDL_Event event;

    memset(&event, 0, sizeof(event));
    if (step.kind == TP_STEP_KEY_DOWN || step.kind == TP_STEP_KEY_UP) {
        event.type = step.kind == TP_STEP_KEY_DOWN ? SDL_KEYDOWN : SDL_KEYUP;
        event.key.state = step.kind == TP_STEP_KEY_DOWN ? SDL_PRESSED : SDL_RELEASED;
        event.key.keysym.sym = step.key;
        return event;
    }
    event.type = step.kind == TP_STEP_DOWN ? SDL_FINGERDOWN
                 : step.kind == TP_STEP_UP ? SDL_FINGERUP
                                           : SDL_FINGERMOTION;
    event.tfinger.touchId = INJECTED_DEVICE;
    event.tfinger.fingerId = step.finger;
    event.tfinger.x = ((float)step.x + 0.5F) / (float)input->width;
    event.tfinger.y = ((float)step.y + 0.5F) / (float)input->height;
    return event;
}

bool tp_input_inject(struct tp_input *input, struct tp_input_step step, struct tp_intent *intent)
{
    SDL_Event event = tp_input_step_event(input, step);

    return tp_input_event(input, &event, intent);
}
