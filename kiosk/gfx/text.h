/*
 * Paragraphs: broken into lines, ordered for both directions, shaped, drawn.
 *
 * Lines break where UAX #14 allows (libunistring), never inside a word unless the word alone is
 * wider than the line, and then between grapheme clusters. Order is FriBidi's (UAX #9); shapes and
 * mirrored brackets are HarfBuzz's, through SDL2_ttf, with the script and direction set; each run
 * takes the first face that has its characters (kiosk/gfx/faces.h). Faces are opened when first
 * needed.
 *
 * `struct tp_fonts` owns faces, the widths of words and the drawn runs; each cache has a cap and
 * drops its oldest. Because the caches hold what was typed, tp_fonts_forget wipes them between one
 * person and the next. A layout is the caller's. Thread: the main thread only.
 */
#ifndef TP_KIOSK_GFX_TEXT_H
#define TP_KIOSK_GFX_TEXT_H

#include <SDL.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "kiosk/gfx/theme.h"

/* A paragraph longer than this is cut: forty screens of text are not read standing up. */
#define TP_TEXT_MAX (64u * 1024u)
/* UKAAF clear print and WCAG 1.4.8: no line holds more characters. */
#define TP_LINE_CHARACTERS_MAX 80
/* One column of text is at most this many em wide. */
#define TP_MEASURE_EM 34.0

struct tp_fonts;

bool tp_fonts_create(struct tp_fonts **fonts, struct tp_error *error);
void tp_fonts_destroy(struct tp_fonts *fonts);

/* Wipes the widths and pictures of text but what is everybody's. Faces stay open. */
void tp_fonts_forget(struct tp_fonts *fonts);

/* From here on, until it is called with false, what is laid out and drawn is everybody's: it holds
 * nothing of a person (the welcome page), and may outlive them. */
void tp_fonts_set_public(struct tp_fonts *fonts, bool is_public);

/* Closes the faces that take megabytes, but for who reads their language (a tag): for when a page
 * has been drawn. What was drawn with them is kept, so that a greeting costs its few glyphs only.
 */
void tp_fonts_rest(struct tp_fonts *fonts, const char *language);

enum tp_direction { TP_DIRECTION_AUTO, TP_DIRECTION_LTR, TP_DIRECTION_RTL };
enum tp_align { TP_ALIGN_START, TP_ALIGN_CENTRE, TP_ALIGN_END };

/* A stretch of bold, in bytes of the text; ordered and not overlapping. */
struct tp_text_span {
    size_t start, length;
};

struct tp_text_spec {
    const char *text; /* UTF-8; \n parts lines; bytes that are not UTF-8 show as U+FFFD */
    const struct tp_text_span *spans;
    size_t span_count;
    double capital_px; /* height of a capital H in pixels */
    double line;       /* line height in em; 0: 1.4 */
    bool bold;
    bool typed; /* lines stay as they are while words are added: those of a field */
    int width;  /* pixels; 0: one line, however long (\n still parts) */
    enum tp_direction direction; /* of the paragraph; AUTO: by its first strong character */
    enum tp_direction page;      /* AUTO resolves a text without letters to this (default LTR) */
    enum tp_align align; /* START is the page's reading edge; without a page the paragraph's */
    int max_lines;       /* 0: all. Otherwise the rest is dropped and `truncated` says so */
};

struct tp_text_layout;

/* Lays a paragraph out. NULL when out of memory or without any face. */
struct tp_text_layout *tp_text_layout(struct tp_fonts *fonts, const struct tp_text_spec *spec);
/* Wipes and frees. NULL is safe. */
void tp_text_free(struct tp_text_layout *layout);

/* Pixels. Width is that of the widest line; height is lines x line height. */
int tp_text_width(const struct tp_text_layout *layout);
int tp_text_height(const struct tp_text_layout *layout);
int tp_text_line_height(const struct tp_text_layout *layout);
size_t tp_text_lines(const struct tp_text_layout *layout);
/* From the top of a line to its baseline. */
int tp_text_baseline(const struct tp_text_layout *layout);
bool tp_text_is_rtl(const struct tp_text_layout *layout);
/* A word had to be split because it alone is wider than the line. */
bool tp_text_split_word(const struct tp_text_layout *layout);
bool tp_text_truncated(const struct tp_text_layout *layout);

/* One line for a test or an auditor: its bytes in the text, its characters (grapheme clusters), and
 * its box relative to the layout's left and top. */
struct tp_text_line {
    size_t start, length, characters;
    int x, y, width;
};
bool tp_text_line_at(const struct tp_text_layout *layout, size_t index, struct tp_text_line *line);

/* Where a caret before the byte `offset` stands, relative to the layout. */
struct tp_text_caret {
    int x, y, height;
};
struct tp_text_caret tp_text_caret_at(struct tp_fonts *fonts, const struct tp_text_layout *layout,
                                      size_t offset);

/* Draws lines first .. first+count-1 with their top left at x, y. The surface is XRGB8888 and its
 * clip rectangle is kept to. `width` is the room that START, CENTRE and END align in; 0 takes the
 * layout's own. */
void tp_text_draw(struct tp_fonts *fonts, const struct tp_text_layout *layout, SDL_Surface *surface,
                  int x, int y, int width, tp_rgb colour, size_t first, size_t count);

/* The em in pixels of a capital height, by the interface's face. */
double tp_text_em(struct tp_fonts *fonts, double capital_px);

/* What the caches hold, for tests and measuring. */
struct tp_fonts_use {
    size_t faces_open, words, runs, run_bytes;
};
struct tp_fonts_use tp_fonts_used(const struct tp_fonts *fonts);

#endif
