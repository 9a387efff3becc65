/* The one stage of a test program that shows its pages on one at a time. */
#ifndef TP_TESTS_UNIT_KIOSK_UI_ONE_STAGE_H
#define TP_TESTS_UNIT_KIOSK_UI_ONE_STAGE_H

#include "tp_test.h"

#include "ui_pages.h"
#include "ui_seen.h"

static struct stage stage;

/* On the wall, for a whole test. */
static inline int open_stage(void **state)
{
    (void)state;
    return stage_open(&stage, 0) ? 0 : -1;
}

static inline int close_stage(void **state)
{
    (void)state;
    stage_close(&stage);
    return 0;
}

/* On a display, in Easy Read. */
static inline void open_on(size_t display, enum tp_size size)
{
    assert_true(stage_open(&stage, display));
    stage_look(&stage, size, TP_THEME_STANDARD, true, "en");
}

/* Ends the page; a page that cannot be laid out fails the test. */
static inline void end_or_fail(void)
{
    struct tp_error error = {0};

    if (!tp_ui_end(stage.ui, &error))
        fail_msg("%s", error.text);
}

/* What shows once; else the test fails. */
static inline struct tp_seen seen_of(const char *id)
{
    struct tp_seen seen = {0};

    if (!ui_seen(stage.ui, id, &seen))
        fail_msg("'%s' is not seen once", id);
    return seen;
}

#endif
