#include "kiosk/gfx/line_break.h"

#include <string.h>

/* The share of its room that the last line of a text has at least, where the line before it can
 * spare words: of a text of two lines, and of a longer one. */
#define LAST_OF_TWO 0.5
#define LAST_OF_MORE 0.25
/* How much longer than the line before it the last one may get. */
#define LONGER 1.25

/* ---- measuring ---- */

static bool same_run(const struct tp_character *a, const struct tp_character *b)
{
    return a->face == b->face && a->bold == b->bold && a->level == b->level &&
           a->script == b->script;
}

struct tp_font_style tp_line_style(double em, const struct tp_text_run *run)
{
    struct tp_font_style style = {
        .face = run->face, .bold = run->bold, .rtl = run->level & 1, .em = em};

    memcpy(style.script, tp_paragraph_script(run->script), sizeof(style.script));
    return style;
}

size_t tp_line_run(const struct tp_line_breaker *breaker, size_t from, size_t to,
                   struct tp_text_run *run)
{
    const struct tp_character *c = breaker->paragraph->characters;
    size_t end = from + 1;

    while (end < to && same_run(&c[from], &c[end]))
        end++;
    *run = (struct tp_text_run){.start = c[from].at,
                                .length = c[end].at - c[from].at,
                                .face = c[from].face,
                                .script = c[from].script,
                                .level = c[from].level,
                                .bold = c[from].bold};
    return end;
}

static int measure(const struct tp_line_breaker *breaker, size_t from, size_t to)
{
    int width = 0;

    while (from < to) {
        struct tp_text_run run;

        from = tp_line_run(breaker, from, to, &run);
        struct tp_font_style style = tp_line_style(breaker->em, &run);

        width +=
            tp_font_width(breaker->fonts, &style, breaker->paragraph->text + run.start, run.length);
    }
    return width;
}

size_t tp_line_clusters(const struct tp_line_breaker *breaker, size_t from, size_t to)
{
    size_t count = 0;

    for (size_t i = from; i < to; i++)
        count += breaker->paragraph->characters[i].cluster;
    return count;
}

size_t tp_line_trim(const struct tp_line_breaker *breaker, size_t from, size_t to)
{
    const struct tp_character *c = breaker->paragraph->characters;

    while (to > from && (c[to - 1].space || c[to - 1].code == '\n'))
        to--;
    return to;
}

/* ---- breaking ---- */

static bool fits(const struct tp_line_breaker *breaker, int width, size_t characters)
{
    return breaker->spec->width <= 0 ||
           (width <= breaker->spec->width && characters <= TP_LINE_CHARACTERS_MAX);
}

static size_t next_break(const struct tp_line_breaker *breaker, size_t from)
{
    size_t i = from + 1;

    while (i < breaker->paragraph->count && breaker->paragraph->characters[i].before == TP_BREAK_NO)
        i++;
    return i;
}

static bool is_joint(uint32_t code)
{
    return code == '@' || code == '.' || code == '_';
}

/* A piece that is wider than the line alone: up to the @ or a dot of an email address (libunistring
 * 1.0 ends lines after dots, later ones do not: UAX #14, LB29), or a _ of a name; else as many
 * clusters as fit, one at least. A short end, "uk" of "gov.uk", has what is before it beside it. */
static size_t split_piece(struct tp_line_breaker *breaker, size_t from, size_t to)
{
    const struct tp_character *c = breaker->paragraph->characters;
    size_t end = from, joint = from, earlier = from;

    for (size_t i = from + 1; i <= to; i++) {
        if (i < to && !c[i].cluster)
            continue;
        if (end > from &&
            !fits(breaker, measure(breaker, from, i), tp_line_clusters(breaker, from, i)))
            break;
        end = i;
        if (i < to && is_joint(c[i - 1].code)) {
            earlier = joint;
            joint = i;
        }
    }
    if (earlier > from && 2 * measure(breaker, joint, to) < measure(breaker, from, joint) &&
        fits(breaker, measure(breaker, earlier, to), tp_line_clusters(breaker, earlier, to)))
        joint = earlier;
    if (joint > from)
        return joint;
    breaker->split_word = true;
    return end;
}

/* As full as it can be. */
static size_t full_end(struct tp_line_breaker *breaker, size_t from)
{
    const struct tp_paragraph *paragraph = breaker->paragraph;
    size_t ends[TP_LINE_CHARACTERS_MAX + 1], count = 0, end = from;
    size_t characters = 0;
    int width = 0;

    while (end < paragraph->count) {
        size_t next = next_break(breaker, end), content = tp_line_trim(breaker, end, next);
        int piece = measure(breaker, end, content);

        size_t more = characters + tp_line_clusters(breaker, end, content);

        /* Pieces measured alone add up to more than the line they make: ask the line itself. */
        if (!fits(breaker, width + piece, more) &&
            (end == from || !fits(breaker, measure(breaker, from, content), more))) {
            if (end > from)
                break;
            return split_piece(breaker, from, content);
        }
        width += measure(breaker, end, next);
        characters += tp_line_clusters(breaker, end, next);
        end = next;
        if (count <= TP_LINE_CHARACTERS_MAX)
            ends[count++] = end;
        if (end < paragraph->count && paragraph->characters[end].before == TP_BREAK_MUST)
            break;
    }
    /* Words measured alone can be a pixel narrower than in their line. */
    while (count > 1 && breaker->spec->width > 0 &&
           measure(breaker, from, tp_line_trim(breaker, from, end)) > breaker->spec->width)
        end = ends[--count - 1];
    return end;
}

/* ---- the last line ---- */

static bool begins_line(const struct tp_line_breaker *breaker, size_t at)
{
    return at == 0 || at >= breaker->paragraph->count ||
           breaker->paragraph->characters[at].before == TP_BREAK_MUST;
}

/* Where the author's line ends that goes on at `from`, if no further than a line holds; else
 * `from`. */
static size_t rest_of(const struct tp_line_breaker *breaker, size_t from)
{
    size_t end = from + 1;

    while (!begins_line(breaker, end) && end - from <= TP_LINE_CHARACTERS_MAX)
        end++;
    return begins_line(breaker, end) ? end : from;
}

static size_t break_before(const struct tp_line_breaker *breaker, size_t at)
{
    do
        at--;
    while (at > 0 && breaker->paragraph->characters[at].before == TP_BREAK_NO);
    return at;
}

size_t tp_line_end(struct tp_line_breaker *breaker, size_t from)
{
    size_t end = full_end(breaker, from), last;
    double share = begins_line(breaker, from) ? LAST_OF_TWO : LAST_OF_MORE;
    int width = breaker->spec->width;

    if (width <= 0 || breaker->spec->typed || begins_line(breaker, end))
        return end;
    last = tp_line_trim(breaker, end, rest_of(breaker, end));
    while (last > end && measure(breaker, end, last) < width * share) {
        size_t before = break_before(breaker, end);

        /* The words stay where they are if the last line would be much the longer of the two. */
        if (before <= from ||
            measure(breaker, before, last) >
                measure(breaker, from, tp_line_trim(breaker, from, before)) * LONGER)
            break;
        end = before;
    }
    return end;
}
