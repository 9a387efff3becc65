/*
 * Inside kiosk/gfx: a paragraph taken apart, before it is broken into lines.
 *
 * Each character with its place in the text, script, face, weight, bidi level and whether a line
 * may break before it. The paragraph owns its arrays, wiped at the end. Thread: one at a time.
 */
#ifndef TP_KIOSK_GFX_PARAGRAPH_H
#define TP_KIOSK_GFX_PARAGRAPH_H

#include "kiosk/gfx/fonts.h"

enum tp_break { TP_BREAK_NO, TP_BREAK_MAY, TP_BREAK_MUST };

struct tp_character {
    uint32_t code;
    uint32_t at;               /* byte in the text */
    uint8_t script;            /* index into the table of scripts */
    uint8_t face;              /* index into tp_faces */
    uint8_t level;             /* UAX #9 */
    uint8_t before;            /* enum tp_break */
    bool bold, space, cluster; /* cluster: a grapheme cluster begins here */
};

struct tp_paragraph {
    char *text; /* valid UTF-8, NUL-ended, no control characters but \n */
    size_t length;
    struct tp_character *characters; /* `count`, and one past the end whose `at` is `length` */
    size_t count;
    bool rtl;
};

bool tp_paragraph_make(struct tp_fonts *fonts, const struct tp_text_spec *spec,
                       struct tp_paragraph *paragraph);
void tp_paragraph_finish(struct tp_paragraph *paragraph);

/* The ISO 15924 tag of a script index. */
const char *tp_paragraph_script(uint8_t script);

#endif
