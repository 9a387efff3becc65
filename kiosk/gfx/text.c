/*
 * See text.h. A paragraph is taken apart (paragraph.h) and set into lines (line_break.h), and each
 * line is cut into runs that are put into visual order.
 */
#include "kiosk/gfx/text.h"

#include <math.h>

#include "base/mem.h"
#include "kiosk/gfx/draw.h"
#include "kiosk/gfx/line_break.h"

/* A paragraph of TP_TEXT_MAX bytes in a narrow column; beyond it the rest is dropped. */
#define LINES_MAX 4096u
/* Runs of one line: a change of face, weight or direction every other character. */
#define LINE_RUNS_MAX 256u

struct text_line {
    size_t start, length, next; /* bytes; `next` is where the following line begins */
    size_t characters;
    size_t first_run, run_count;
    int width;
};

struct tp_text_layout {
    char *text;
    size_t length;
    struct text_line *lines;
    size_t line_count, line_room;
    struct tp_text_run *runs;
    size_t run_count, run_room;
    double em;
    int room; /* the width asked for; 0: that of the widest line */
    int width, line_height, baseline;
    enum tp_align align;
    bool rtl, split_word, truncated;
    bool from_right; /* lines start at the right edge */
};

/* ---- lines ---- */

static bool add_line(struct tp_text_layout *layout, const struct text_line *line)
{
    if (layout->line_count == layout->line_room) {
        size_t room = layout->line_room ? layout->line_room * 2 : 8;
        struct text_line *more = tp_realloc(layout->lines, room, sizeof(*more));

        if (!more)
            return false;
        layout->lines = more;
        layout->line_room = room;
    }
    layout->lines[layout->line_count++] = *line;
    return true;
}

static bool add_run(struct tp_text_layout *layout, const struct tp_text_run *run)
{
    if (layout->run_count == layout->run_room) {
        size_t room = layout->run_room ? layout->run_room * 2 : 8;
        struct tp_text_run *more = tp_realloc(layout->runs, room, sizeof(*more));

        if (!more)
            return false;
        layout->runs = more;
        layout->run_room = room;
    }
    layout->runs[layout->run_count++] = *run;
    return true;
}

/* UAX #9, rule L2, over whole runs. */
static void order_runs(struct tp_text_run *runs, size_t count)
{
    unsigned highest = 0, lowest_odd = 255;

    for (size_t i = 0; i < count; i++) {
        highest = runs[i].level > highest ? runs[i].level : highest;
        if (runs[i].level & 1 && runs[i].level < lowest_odd)
            lowest_odd = runs[i].level;
    }
    for (unsigned level = highest; level >= lowest_odd && level > 0; level--)
        for (size_t from = 0; from < count; from++) {
            size_t to = from;

            while (to < count && runs[to].level >= level)
                to++;
            for (size_t a = from, b = to; a + 1 < b; a++, b--) {
                struct tp_text_run swap = runs[a];

                runs[a] = runs[b - 1];
                runs[b - 1] = swap;
            }
            if (to > from)
                from = to;
        }
}

static bool make_line(struct tp_text_layout *layout, const struct tp_line_breaker *breaker,
                      size_t from, size_t to)
{
    const struct tp_character *c = breaker->paragraph->characters;
    size_t end = tp_line_trim(breaker, from, to);
    struct text_line line = {.start = c[from].at,
                             .length = c[end].at - c[from].at,
                             .next = c[to].at,
                             .characters = tp_line_clusters(breaker, from, end),
                             .first_run = layout->run_count};
    int x = 0;

    for (size_t i = from; i < end && layout->run_count - line.first_run < LINE_RUNS_MAX;) {
        struct tp_text_run run;

        i = tp_line_run(breaker, i, end, &run);
        struct tp_font_style style = tp_line_style(layout->em, &run);

        run.width =
            tp_font_width(breaker->fonts, &style, breaker->paragraph->text + run.start, run.length);
        if (!add_run(layout, &run))
            return false;
    }
    line.run_count = layout->run_count - line.first_run;
    if (line.run_count)
        order_runs(layout->runs + line.first_run, line.run_count);
    for (size_t i = 0; i < line.run_count; i++) {
        struct tp_text_run *run = &layout->runs[line.first_run + i];

        run->x = x;
        x += run->width;
    }
    line.width = x;
    layout->width = x > layout->width ? x : layout->width;
    return add_line(layout, &line);
}

static bool make_lines(struct tp_text_layout *layout, struct tp_line_breaker *breaker)
{
    const struct tp_paragraph *paragraph = breaker->paragraph;
    size_t most = breaker->spec->max_lines > 0 ? (size_t)breaker->spec->max_lines : LINES_MAX;
    size_t from = 0;

    while (from < paragraph->count) {
        size_t to = tp_line_end(breaker, from);

        if (layout->line_count == most || layout->line_count == LINES_MAX) {
            layout->truncated = true;
            return true;
        }
        if (!make_line(layout, breaker, from, to))
            return false;
        from = to;
    }
    /* After a last line feed, and for no text at all, there is one empty line. */
    if (paragraph->count == 0 || paragraph->characters[paragraph->count - 1].code == '\n') {
        if (layout->line_count == most)
            layout->truncated = true;
        else
            return make_line(layout, breaker, paragraph->count, paragraph->count);
    }
    return true;
}

struct tp_text_layout *tp_text_layout(struct tp_fonts *fonts, const struct tp_text_spec *spec)
{
    struct tp_paragraph paragraph;
    struct tp_text_layout *layout;
    struct tp_line_breaker breaker = {.fonts = fonts, .spec = spec, .paragraph = &paragraph};
    double line = spec->line > 0 ? spec->line : 1.4;

    if (!tp_paragraph_make(fonts, spec, &paragraph))
        return NULL;
    layout = tp_calloc(1, sizeof(*layout));
    if (!layout)
        goto finish_paragraph;
    layout->em = tp_text_em(fonts, spec->capital_px);
    layout->room = spec->width;
    layout->align = spec->align;
    layout->rtl = paragraph.rtl;
    layout->from_right =
        spec->page == TP_DIRECTION_AUTO ? paragraph.rtl : spec->page == TP_DIRECTION_RTL;
    layout->line_height = (int)ceil(layout->em * line);
    layout->baseline = (int)lround((layout->line_height + spec->capital_px) / 2.0);
    breaker.em = layout->em;
    if (!make_lines(layout, &breaker)) {
        tp_text_free(layout);
        layout = NULL;
        goto finish_paragraph;
    }
    layout->split_word = breaker.split_word;
    layout->text = paragraph.text;
    layout->length = paragraph.length;
    paragraph.text = NULL;
finish_paragraph:
    tp_paragraph_finish(&paragraph);
    return layout;
}

void tp_text_free(struct tp_text_layout *layout)
{
    if (!layout)
        return;
    if (layout->text)
        tp_wipe(layout->text, layout->length);
    tp_free(layout->text);
    tp_free(layout->lines);
    tp_free(layout->runs);
    tp_free(layout);
}

/* ---- asking ---- */

int tp_text_width(const struct tp_text_layout *layout)
{
    return layout->width;
}

int tp_text_height(const struct tp_text_layout *layout)
{
    return (int)layout->line_count * layout->line_height;
}

int tp_text_line_height(const struct tp_text_layout *layout)
{
    return layout->line_height;
}

size_t tp_text_lines(const struct tp_text_layout *layout)
{
    return layout->line_count;
}

int tp_text_baseline(const struct tp_text_layout *layout)
{
    return layout->baseline;
}

bool tp_text_is_rtl(const struct tp_text_layout *layout)
{
    return layout->rtl;
}

bool tp_text_split_word(const struct tp_text_layout *layout)
{
    return layout->split_word;
}

bool tp_text_truncated(const struct tp_text_layout *layout)
{
    return layout->truncated;
}

static int line_x(const struct tp_text_layout *layout, const struct text_line *line, int room)
{
    int left = (room > 0 ? room : layout->width) - line->width;
    bool at_right = (layout->align == TP_ALIGN_START) == layout->from_right;

    if (layout->align == TP_ALIGN_CENTRE)
        return left / 2;
    return at_right ? left : 0;
}

bool tp_text_line_at(const struct tp_text_layout *layout, size_t index, struct tp_text_line *line)
{
    if (index >= layout->line_count)
        return false;
    const struct text_line *found = &layout->lines[index];

    *line = (struct tp_text_line){.start = found->start,
                                  .length = found->length,
                                  .characters = found->characters,
                                  .x = line_x(layout, found, layout->room),
                                  .y = (int)index * layout->line_height,
                                  .width = found->width};
    return true;
}

/* The pen's place before `offset` within a line. */
static int caret_x(struct tp_fonts *fonts, const struct tp_text_layout *layout,
                   const struct text_line *line, size_t offset)
{
    const struct tp_text_run *last = NULL;

    for (size_t i = 0; i < line->run_count; i++) {
        const struct tp_text_run *run = &layout->runs[line->first_run + i];
        struct tp_font_style style = tp_line_style(layout->em, run);

        if (offset >= run->start && offset < run->start + run->length) {
            int before =
                tp_font_width(fonts, &style, layout->text + run->start, offset - run->start);

            return style.rtl ? run->x + run->width - before : run->x + before;
        }
        if (!last || run->start > last->start)
            last = run;
    }
    if (!last)
        return 0;
    /* After the last letter, and after the spaces that follow it. */
    struct tp_font_style style = tp_line_style(layout->em, last);
    size_t end = last->start + last->length;
    int spaces = offset > end ? tp_font_width(fonts, &style, layout->text + end, offset - end) : 0;

    return style.rtl ? last->x - spaces : last->x + last->width + spaces;
}

struct tp_text_caret tp_text_caret_at(struct tp_fonts *fonts, const struct tp_text_layout *layout,
                                      size_t offset)
{
    size_t index = layout->line_count ? layout->line_count - 1 : 0;
    struct tp_text_caret caret = {.height = layout->line_height};

    if (offset > layout->length)
        offset = layout->length;
    while (index > 0 && layout->lines[index].start > offset)
        index--;
    if (layout->line_count) {
        const struct text_line *line = &layout->lines[index];

        caret.x = line_x(layout, line, layout->room) + caret_x(fonts, layout, line, offset);
        caret.y = (int)index * layout->line_height;
    }
    return caret;
}

void tp_text_draw(struct tp_fonts *fonts, const struct tp_text_layout *layout, SDL_Surface *surface,
                  int x, int y, int width, tp_rgb colour, size_t first, size_t count)
{
    for (size_t i = first; i < layout->line_count && i - first < count; i++) {
        const struct text_line *line = &layout->lines[i];
        int top = y + (int)(i - first) * layout->line_height;
        int left = x + line_x(layout, line, width > 0 ? width : layout->room);

        if (top >= surface->clip_rect.y + surface->clip_rect.h ||
            top + layout->line_height <= surface->clip_rect.y)
            continue;
        for (size_t r = 0; r < line->run_count; r++) {
            const struct tp_text_run *run = &layout->runs[line->first_run + r];
            struct tp_font_style style = tp_line_style(layout->em, run);
            struct tp_font_mask mask;

            if (tp_font_draw(fonts, &style, layout->text + run->start, run->length, &mask) &&
                mask.bytes)
                tp_draw_mask(surface, mask.bytes, mask.width, left + run->x + mask.left,
                             top + layout->baseline + mask.top, mask.width, mask.height, colour);
        }
    }
}
