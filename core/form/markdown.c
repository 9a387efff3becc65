#include "form/markdown.h"

#include <ctype.h>
#include <stdint.h>
#include <string.h>
#include <strings.h>

#include "base/buf.h"
#include "base/mem.h"

/* Emphasis within emphasis; deeper marks stand as they were written. */
#define NESTING_MAX 8u
/* How far a mark looks for its partner, so that a text full of lone marks takes linear time. */
#define EMPHASIS_MAX 4096
/* How far a link or a tag looks for its end, for the same reason. */
#define LINK_MAX 4096

struct writer {
    struct tp_buf text;
    struct tp_markdown_span spans[TP_MARKDOWN_SPANS_MAX];
    size_t span_count;
    unsigned bold; /* how many marks are open */
    unsigned heading;
    unsigned depth;
};

static void put(struct writer *writer, const char *bytes, size_t count)
{
    size_t at = writer->text.length;
    bool bold = writer->bold > 0;
    struct tp_markdown_span *last;

    (void)tp_buf_add(&writer->text, bytes, count);
    if (!bold && !writer->heading)
        return;
    last = writer->span_count ? &writer->spans[writer->span_count - 1] : NULL;
    if (last && last->start + last->length == at && last->bold == bold &&
        last->heading == writer->heading) {
        last->length += count;
        return;
    }
    if (writer->span_count == TP_MARKDOWN_SPANS_MAX)
        return;
    writer->spans[writer->span_count++] = (struct tp_markdown_span){
        .start = at, .length = count, .bold = bold, .heading = writer->heading};
}

static void line_break(struct writer *writer)
{
    (void)tp_buf_putc(&writer->text, '\n');
}

static const char *within(const char *at, const char *end, size_t most)
{
    return (size_t)(end - at) > most ? at + most : end;
}

static bool is_word(char c)
{
    return isalnum((unsigned char)c) || (unsigned char)c >= 0x80;
}

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\0';
}

/* ---- HTML ---- */

enum tag { TAG_DROP, TAG_BREAK, TAG_BLOCK, TAG_BOLD };

static const struct {
    const char *name;
    enum tag tag;
} tags[] = {
    {"br", TAG_BREAK},    {"p", TAG_BLOCK},  {"div", TAG_BLOCK}, {"li", TAG_BLOCK},
    {"h1", TAG_BLOCK},    {"h2", TAG_BLOCK}, {"h3", TAG_BLOCK},  {"h4", TAG_BLOCK},
    {"h5", TAG_BLOCK},    {"h6", TAG_BLOCK}, {"b", TAG_BOLD},    {"strong", TAG_BOLD},
    {"i", TAG_BOLD},      {"em", TAG_BOLD},  {"u", TAG_DROP},    {"span", TAG_DROP},
    {"font", TAG_DROP},   {"a", TAG_DROP},   {"ul", TAG_DROP},   {"ol", TAG_DROP},
    {"small", TAG_DROP},  {"big", TAG_DROP}, {"sub", TAG_DROP},  {"sup", TAG_DROP},
    {"center", TAG_DROP},
};

/* Bytes of the tag at `at` ("<" to ">"), or 0: "a < b" and "<3" are text. */
static size_t tag_at(const char *at, const char *end, enum tag *tag, bool *closing)
{
    const char *p = at + 1;
    const char *name;
    size_t length;
    const char *close;

    end = within(at, end, LINK_MAX);
    *closing = p < end && *p == '/';
    p += *closing;
    name = p;
    while (p < end && isalnum((unsigned char)*p))
        p++;
    length = (size_t)(p - name);
    close = memchr(p, '>', (size_t)(end - p));
    if (!length || !close)
        return 0;
    while (p < close && is_space(*p))
        p++;
    if (p < close && *p != '/' && !memchr(p, '=', (size_t)(close - p)))
        return 0;
    for (size_t i = 0; i < sizeof(tags) / sizeof(tags[0]); i++) {
        if (strlen(tags[i].name) == length && !strncasecmp(tags[i].name, name, length)) {
            *tag = tags[i].tag;
            return (size_t)(close + 1 - at);
        }
    }
    return 0;
}

static void apply_tag(struct writer *writer, enum tag tag, bool closing)
{
    switch (tag) {
    case TAG_BREAK:
        line_break(writer);
        break;
    case TAG_BLOCK:
        if (writer->text.length && writer->text.data[writer->text.length - 1] != '\n')
            line_break(writer);
        break;
    case TAG_BOLD:
        if (!closing)
            writer->bold++;
        else if (writer->bold)
            writer->bold--;
        break;
    case TAG_DROP:
        break;
    }
}

static size_t utf8(uint32_t code, char out[4])
{
    if (code < 0x80) {
        out[0] = (char)code;
        return 1;
    }
    if (code < 0x800) {
        out[0] = (char)(0xC0 | (code >> 6));
        out[1] = (char)(0x80 | (code & 0x3F));
        return 2;
    }
    if (code < 0x10000) {
        out[0] = (char)(0xE0 | (code >> 12));
        out[1] = (char)(0x80 | ((code >> 6) & 0x3F));
        out[2] = (char)(0x80 | (code & 0x3F));
        return 3;
    }
    out[0] = (char)(0xF0 | (code >> 18));
    out[1] = (char)(0x80 | ((code >> 12) & 0x3F));
    out[2] = (char)(0x80 | ((code >> 6) & 0x3F));
    out[3] = (char)(0x80 | (code & 0x3F));
    return 4;
}

/* "65" or "x41", a character that may stand in a text. */
static bool code_point(const char *digits, size_t count, uint32_t *code)
{
    static const char all[] = "0123456789abcdef";
    uint32_t base = 10;
    uint32_t value = 0;

    if (count && (*digits == 'x' || *digits == 'X')) {
        base = 16;
        digits++;
        count--;
    }
    if (!count || count > 7)
        return false;
    for (size_t i = 0; i < count; i++) {
        const char *digit = memchr(all, tolower((unsigned char)digits[i]), base);

        if (!digit)
            return false;
        value = value * base + (uint32_t)(digit - all);
    }
    *code = value;
    return value >= 0x20 && value <= 0x10FFFF && (value < 0xD800 || value > 0xDFFF);
}

/* Bytes of the reference at `at` ("&" to ";"), or 0. */
static size_t put_reference(struct writer *writer, const char *at, const char *end)
{
    static const struct {
        const char *name, *text;
    } names[] = {{"amp", "&"},   {"lt", "<"},   {"gt", ">"},
                 {"quot", "\""}, {"apos", "'"}, {"nbsp", "\u00A0"}};
    size_t room = (size_t)(end - at) < 12 ? (size_t)(end - at) : 12;
    const char *semicolon = memchr(at, ';', room);
    size_t length;
    uint32_t code;
    char bytes[4];

    if (!semicolon)
        return 0;
    length = (size_t)(semicolon - at - 1);
    if (length > 1 && at[1] == '#') {
        if (!code_point(at + 2, length - 1, &code))
            return 0;
        put(writer, bytes, utf8(code, bytes));
        return length + 2;
    }
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (strlen(names[i].name) == length && !strncmp(names[i].name, at + 1, length)) {
            put(writer, names[i].text, strlen(names[i].text));
            return length + 2;
        }
    }
    return 0;
}

/* ---- emphasis and links ---- */

static void inline_text(struct writer *writer, const char *start, const char *at, const char *end);

/* How often `mark` stands at `p`, as far as three times. */
static size_t marks_at(const char *p, const char *end, char mark)
{
    size_t count = 0;

    while (count < 3 && p + count < end && p[count] == mark)
        count++;
    return count;
}

/* Where the mark that opens at `at` closes (before a blank line), or NULL. */
static const char *closing_mark(const char *at, const char *end, size_t length)
{
    char mark = *at;

    end = within(at, end, EMPHASIS_MAX);
    for (const char *p = at + length; p + length <= end; p++) {
        size_t marks = marks_at(p, end, mark);

        if (p[0] == '\n' && p + 1 < end && p[1] == '\n')
            return NULL;
        if (*p == '\\' || (length == 1 && marks > 1)) {
            p++; /* what is escaped, or a double mark inside a single one */
            continue;
        }
        if (marks < length || is_space(p[-1]) || p == at + length)
            continue;
        while (length == 2 && marks_at(p, end, mark) > 2)
            p++; /* "***": the inner mark closes first */
        if (mark == '_' && p + length < end && is_word(p[length]))
            continue;
        return p;
    }
    return NULL;
}

static size_t put_emphasis(struct writer *writer, const char *start, const char *at,
                           const char *end)
{
    size_t length = at + 1 < end && at[1] == *at ? 2 : 1;
    const char *close;

    if (at + length >= end || is_space(at[length]))
        return 0;
    if (*at == '_' && at > start && is_word(at[-1]))
        return 0;
    if (writer->depth >= NESTING_MAX)
        return 0;
    close = closing_mark(at, end, length);
    if (!close)
        return 0;
    writer->bold++;
    writer->depth++;
    inline_text(writer, start, at + length, close);
    writer->depth--;
    writer->bold--;
    return (size_t)(close + length - at);
}

static size_t put_link(struct writer *writer, const char *start, const char *at, const char *end)
{
    const char *close;
    const char *stop;

    end = within(at, end, LINK_MAX);
    close = memchr(at, ']', (size_t)(end - at));
    if (!close || close + 1 >= end || close[1] != '(' || close == at + 1 ||
        writer->depth >= NESTING_MAX)
        return 0;
    stop = memchr(close, ')', (size_t)(end - close));
    if (!stop || memchr(at, '\n', (size_t)(stop - at)))
        return 0;
    writer->depth++;
    inline_text(writer, start, at + 1, close);
    writer->depth--;
    return (size_t)(stop + 1 - at);
}

static size_t put_special(struct writer *writer, const char *start, const char *at, const char *end)
{
    enum tag tag;
    bool closing;
    size_t used;

    switch (*at) {
    case '\\':
        if (at + 1 < end && ispunct((unsigned char)at[1])) {
            put(writer, at + 1, 1);
            return 2;
        }
        return 0;
    case '*':
    case '_':
        return put_emphasis(writer, start, at, end);
    case '[':
        return put_link(writer, start, at, end);
    case '<':
        used = tag_at(at, end, &tag, &closing);
        if (used)
            apply_tag(writer, tag, closing);
        return used;
    case '&':
        return put_reference(writer, at, end);
    case '\r':
        return 1;
    default:
        return 0;
    }
}

static void inline_text(struct writer *writer, const char *start, const char *at, const char *end)
{
    while (at < end) {
        size_t plain = 0;
        size_t used;

        while (at + plain < end && !strchr("\\*_[<&\r\n", at[plain]))
            plain++;
        if (plain) {
            put(writer, at, plain);
            at += plain;
            continue;
        }
        if (*at == '\n') {
            line_break(writer);
            at++;
            continue;
        }
        used = put_special(writer, start, at, end);
        if (used) {
            at += used;
            continue;
        }
        /* a run of marks that open nothing stands as it is, whole */
        used = 1;
        while ((*at == '*' || *at == '_') && at + used < end && at[used] == *at)
            used++;
        put(writer, at, used);
        at += used;
    }
}

/* ---- lines ---- */

/* "# " to "###### ": its level, and where the words start; 0 for none. */
static unsigned heading_at(const char *line, const char *end, const char **words)
{
    unsigned level = 0;

    while (line + level < end && line[level] == '#' && level < 7)
        level++;
    if (!level || level > 6 || line + level >= end || line[level] != ' ')
        return 0;
    *words = line + level + 1;
    while (*words < end && **words == ' ')
        (*words)++;
    return level;
}

static const char *end_of_line(const char *at, const char *end)
{
    const char *line_end = memchr(at, '\n', (size_t)(end - at));

    return line_end ? line_end : end;
}

static void whole(struct writer *writer, const char *at, const char *end)
{
    const char *words;

    while (at < end) {
        const char *line_end = end_of_line(at, end);

        writer->heading = heading_at(at, line_end, &words);
        if (writer->heading) {
            inline_text(writer, words, words, line_end);
        } else {
            /* up to the next heading, so that emphasis may run over lines */
            while (line_end < end && !heading_at(line_end + 1, end, &words))
                line_end = end_of_line(line_end + 1, end);
            inline_text(writer, at, at, line_end);
            writer->bold = 0;
        }
        if (line_end < end)
            line_break(writer);
        at = line_end < end ? line_end + 1 : end;
    }
}

bool tp_markdown_parse(const char *source, struct tp_markdown *out)
{
    size_t length = source ? strlen(source) : 0;
    struct tp_markdown_span *spans;
    struct writer writer = {0};
    char *text;

    /* what is written is never longer than what was read */
    tp_buf_init(&writer.text, length + 1);
    if (length > TP_MARKDOWN_TEXT_MAX)
        (void)tp_buf_add(&writer.text, source, length);
    else if (source)
        whole(&writer, source, source + length);
    text = tp_buf_take(&writer.text);
    tp_buf_finish(&writer.text);
    spans = tp_calloc(writer.span_count, sizeof(*spans));
    if (!text || !spans) {
        tp_free_secret(text);
        tp_free(spans);
        return false;
    }
    memcpy(spans, writer.spans, writer.span_count * sizeof(*spans));
    *out = (struct tp_markdown){.text = text, .span_count = writer.span_count, .spans = spans};
    return true;
}

void tp_markdown_finish(struct tp_markdown *markdown)
{
    if (!markdown)
        return;
    tp_free_secret(markdown->text);
    tp_free(markdown->spans);
    *markdown = (struct tp_markdown){0};
}
