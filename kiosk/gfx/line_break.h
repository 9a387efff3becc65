/*
 * Where the lines of a paragraph end, and what is set in one go within a line.
 *
 * Lines break where Unicode lets them (paragraph.h), and within a word only where it alone is wider
 * than a line: after the @ of an email address or a _, else between two characters. No last line is
 * one short word.
 * Indexes are of the paragraph's characters. Thread: the main thread only.
 */
#ifndef TP_KIOSK_GFX_LINE_BREAK_H
#define TP_KIOSK_GFX_LINE_BREAK_H

#include "kiosk/gfx/fonts.h"
#include "kiosk/gfx/paragraph.h"

/* One face, weight, script and direction. */
struct tp_text_run {
    size_t start, length; /* bytes */
    int x, width;
    uint8_t face, script, level;
    bool bold;
};

struct tp_line_breaker {
    struct tp_fonts *fonts;
    const struct tp_text_spec *spec;
    const struct tp_paragraph *paragraph;
    double em;       /* pixels */
    bool split_word; /* set where a word did not fit a line */
};

struct tp_font_style tp_line_style(double em, const struct tp_text_run *run);

/* The run that begins at `from` and ends before `to` at the latest; returns where it ends. Its
 * place and width are 0. */
size_t tp_line_run(const struct tp_line_breaker *breaker, size_t from, size_t to,
                   struct tp_text_run *run);

/* `to` without the spaces and line feeds before it. */
size_t tp_line_trim(const struct tp_line_breaker *breaker, size_t from, size_t to);

size_t tp_line_clusters(const struct tp_line_breaker *breaker, size_t from, size_t to);

/* Where the line that begins at `from` ends: as full as it can be, but that it leaves words to the
 * last line of the text where that would be a word or two, in as many lines. Not in a text that is
 * being typed: its words stay where they are. */
size_t tp_line_end(struct tp_line_breaker *breaker, size_t from);

#endif
