/* The faces of a test program, and paragraphs set in them. */
#ifndef TP_TESTS_UNIT_KIOSK_GFX_FONTS_H
#define TP_TESTS_UNIT_KIOSK_GFX_FONTS_H

#include "tp_test.h"

#include "kiosk/gfx/text.h"

#define CAPITAL 21.0

static struct tp_fonts *fonts;

static inline int open_fonts(void **state)
{
    struct tp_error error;

    (void)state;
    return tp_fonts_create(&fonts, &error) ? 0 : -1;
}

static inline int close_fonts(void **state)
{
    (void)state;
    tp_fonts_destroy(fonts);
    return 0;
}

static inline struct tp_text_layout *lay(const char *text, int width)
{
    struct tp_text_layout *layout = tp_text_layout(
        fonts, &(struct tp_text_spec){.text = text, .capital_px = CAPITAL, .width = width});

    assert_non_null(layout);
    return layout;
}

#endif
