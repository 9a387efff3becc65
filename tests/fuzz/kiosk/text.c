/* Paragraphs of any bytes, in any width: laid out and drawn within bounds. */
#include "kiosk/gfx/text.h"

#include <stddef.h>
#include <stdint.h>

#include "base/mem.h"
#include "kiosk/gfx/display.h"

/* Longer inputs find nothing that shorter do not. */
#define TEXT_MOST 2048u

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct tp_fonts *fonts;
    static SDL_Surface *surface;
    struct tp_text_span span = {0, 0};
    struct tp_error error;
    char *text;

    if (!fonts && !tp_fonts_create(&fonts, &error))
        __builtin_trap();
    if (!surface)
        surface = tp_surface_create(400, 200);
    if (size < 4 || size > TEXT_MOST)
        return 0;
    text = tp_strndup((const char *)data + 4, size - 4);
    if (!text)
        return 0;
    span.start = data[2];
    span.length = data[3];
    struct tp_text_spec spec = {.text = text,
                                .spans = &span,
                                .span_count = 1,
                                .capital_px = 8 + data[0] % 24,
                                .width = data[1] * 3,
                                .max_lines = data[2] % 8,
                                .direction = (enum tp_direction)(data[3] % 3)};
    struct tp_text_layout *layout = tp_text_layout(fonts, &spec);

    if (layout) {
        struct tp_text_line line;

        for (size_t i = 0; tp_text_line_at(layout, i, &line); i++)
            if (spec.width > 0 && line.width > spec.width && !tp_text_split_word(layout))
                __builtin_trap();
        (void)tp_text_caret_at(fonts, layout, data[1]);
        tp_text_draw(fonts, layout, surface, 0, 0, 0, 0xFFFFFF, 0, SIZE_MAX);
        tp_text_free(layout);
    }
    tp_free(text);
    return 0;
}
