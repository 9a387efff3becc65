/*
 * Inside kiosk/gfx: open faces, and the runs measured and drawn with them that text.c builds on.
 *
 * A run is a stretch of text in one face, weight, script and direction. What was measured and drawn
 * is kept in kiosk/gfx/runs.h. Thread: the main thread only.
 */
#ifndef TP_KIOSK_GFX_FONTS_H
#define TP_KIOSK_GFX_FONTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "kiosk/gfx/text.h"

/* Faces times weights times sizes. A page needs about ten; an open face takes 100 to 250 KiB. */
#define TP_FONTS_OPEN_MAX 16u
/* Characters of faces that are closed, of which it is known whether the face has them. A power of
 * two. */
#define TP_FONTS_KNOWN_MAX 256u
/* Pixels; a run wider than any screen is not drawn. */
#define TP_FONTS_MASK_SIDE_MAX 16384

/* How a run is set. `face` is an index of tp_faces; `script` an ISO 15924 tag. */
struct tp_font_style {
    int face;
    bool bold, rtl;
    char script[5];
    double em; /* pixels, of the interface's face; the face's own scale comes on top */
};

/* The capital height of the interface's face in em, measured; a test rasterises it. */
#define TP_FONTS_CAPITAL_EM 0.713

/* Has the face this character? False where the face is not installed. */
bool tp_font_has(struct tp_fonts *fonts, int face, uint32_t code);

/* Pixels that the text takes. */
int tp_font_width(struct tp_fonts *fonts, const struct tp_font_style *style, const char *text,
                  size_t length);

/* A drawn run: coverage, and where its top left is from the pen on the baseline. */
struct tp_font_mask {
    const uint8_t *bytes; /* lasts until the next call; NULL for spaces */
    int width, height, left, top;
};
bool tp_font_draw(struct tp_fonts *fonts, const struct tp_font_style *style, const char *text,
                  size_t length, struct tp_font_mask *mask);

#endif
