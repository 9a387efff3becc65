/* The sketches on the wall, touched and gone through with keys. */
#ifndef TP_TESTS_UNIT_KIOSK_UI_HAND_H
#define TP_TESTS_UNIT_KIOSK_UI_HAND_H

#include "ui_one_stage.h"

static inline void show(void (*build)(struct stage *stage))
{
    tp_ui_forget(stage.ui);
    stage_look(&stage, TP_SIZE_MEDIUM, TP_THEME_STANDARD, false, "en");
    build(&stage);
    end_or_fail();
    (void)stage_draw(&stage);
}

static inline bool is_seen(const char *id)
{
    struct tp_seen seen;

    return ui_seen(stage.ui, id, &seen);
}

static inline bool handle(enum tp_intent_kind kind, uint32_t target, bool by_key,
                          struct tp_action *action)
{
    return tp_ui_handle(
        stage.ui, &(struct tp_intent){.kind = kind, .target = target, .by_key = by_key}, action);
}

#endif
