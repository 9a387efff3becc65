/* Keys and switches: ACCESSIBILITY.md P4 and P8. */
#include "input_hand.h"

/* ---- P4 ---- */

static void a_held_key_counts_once(void **state)
{
    struct hand hand;
    SDL_Event event;
    struct tp_intent intent;

    (void)state;
    start(&hand);
    assert_int_equal(key(&hand, SDLK_TAB), TP_INTENT_NEXT);
    memset(&event, 0, sizeof(event));
    event.type = SDL_KEYDOWN;
    event.key.repeat = 1;
    event.key.keysym.sym = SDLK_TAB;
    for (int i = 0; i < 30; i++) {
        wait(&hand, 100);
        assert_false(tp_input_event(&hand.input, &event, &intent));
    }
}

static void text_of_a_held_key_counts_once(void **state)
{
    struct hand hand;
    SDL_Event down, text;
    struct tp_intent intent;

    (void)state;
    start(&hand);
    tp_input_set_typing(&hand.input, true);
    memset(&down, 0, sizeof(down));
    down.type = SDL_KEYDOWN;
    down.key.keysym.sym = SDLK_a;
    memset(&text, 0, sizeof(text));
    text.type = SDL_TEXTINPUT;
    (void)snprintf(text.text.text, sizeof(text.text.text), "a");
    assert_false(tp_input_event(&hand.input, &down, &intent));
    assert_true(tp_input_event(&hand.input, &text, &intent));
    assert_int_equal(intent.kind, TP_INTENT_TEXT);
    assert_string_equal(intent.text, "a");
    down.key.repeat = 1;
    assert_false(tp_input_event(&hand.input, &down, &intent));
    assert_false(tp_input_event(&hand.input, &text, &intent));
}

static void the_select_key_does_not_bounce(void **state)
{
    struct hand hand;

    (void)state;
    start(&hand);
    assert_int_equal(key(&hand, SDLK_RETURN), TP_INTENT_SELECT);
    wait(&hand, 499);
    assert_int_equal(key(&hand, SDLK_RETURN), TP_INTENT_NONE);
    wait(&hand, 2);
    assert_int_equal(key(&hand, SDLK_RETURN), TP_INTENT_SELECT);
    /* Moving on is not held up, unless it is configured. */
    assert_int_equal(key(&hand, SDLK_TAB), TP_INTENT_NEXT);
    assert_int_equal(key(&hand, SDLK_TAB), TP_INTENT_NEXT);
    hand.input.options.key_bounce_ms = 300;
    assert_int_equal(key(&hand, SDLK_TAB), TP_INTENT_NONE);
    wait(&hand, 301);
    assert_int_equal(key(&hand, SDLK_TAB), TP_INTENT_NEXT);
}

/* ---- keys and switches ---- */

static void keys_mean_what_they_say(void **state)
{
    static const struct {
        SDL_Keycode key;
        enum tp_intent_kind kind, typing;
    } cases[] = {
        {SDLK_TAB, TP_INTENT_NEXT, TP_INTENT_NEXT},
        {SDLK_DOWN, TP_INTENT_DOWN, TP_INTENT_DOWN},
        {SDLK_LEFT, TP_INTENT_LEFT, TP_INTENT_LEFT},
        {SDLK_SPACE, TP_INTENT_SELECT, TP_INTENT_NONE},
        {SDLK_RETURN, TP_INTENT_SELECT, TP_INTENT_RETURN},
        {SDLK_ESCAPE, TP_INTENT_BACK, TP_INTENT_BACK},
        {SDLK_BACKSPACE, TP_INTENT_NONE, TP_INTENT_BACKSPACE},
        {SDLK_a, TP_INTENT_NONE, TP_INTENT_NONE},
        {SDLK_UNKNOWN, TP_INTENT_NONE, TP_INTENT_NONE},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct hand hand;

        start(&hand);
        assert_int_equal(key(&hand, cases[i].key), cases[i].kind);
        assert_int_equal(hand.intent.by_key, cases[i].kind != TP_INTENT_NONE);
        start(&hand);
        tp_input_set_typing(&hand.input, true);
        assert_int_equal(key(&hand, cases[i].key), cases[i].typing);
    }
}

static void switches_are_configured(void **state)
{
    struct hand hand;

    (void)state;
    start(&hand);
    hand.input.options.bindings[0] = (struct tp_key_binding){SDLK_F13, TP_INTENT_NEXT};
    hand.input.options.bindings[1] = (struct tp_key_binding){SDLK_F14, TP_INTENT_PREVIOUS};
    hand.input.options.bindings[2] = (struct tp_key_binding){SDLK_F15, TP_INTENT_SELECT};
    hand.input.options.binding_count = 3;
    assert_int_equal(key(&hand, SDLK_F13), TP_INTENT_NEXT);
    assert_int_equal(key(&hand, SDLK_F14), TP_INTENT_PREVIOUS);
    assert_int_equal(key(&hand, SDLK_F15), TP_INTENT_SELECT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_held_key_counts_once),
        cmocka_unit_test(text_of_a_held_key_counts_once),
        cmocka_unit_test(the_select_key_does_not_bounce),
        cmocka_unit_test(keys_mean_what_they_say),
        cmocka_unit_test(switches_are_configured),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
