/* Functions on text. Positions and lengths count Unicode characters. */
#include <math.h>
#include <string.h>

#include "base/utf8.h"
#include "form/xpath_functions.h"
#include "form/xpath_value.h"

/* ---- characters ---- */

/* Where the index-th character starts; the end where there are fewer. */
static const char *character_at(const char *text, size_t index)
{
    for (; *text; text++) {
        if (tp_utf8_goes_on(*text))
            continue;
        if (!index--)
            break;
    }
    return text;
}

static size_t character_bytes(const char *text)
{
    size_t bytes = 1;

    while (tp_utf8_goes_on(text[bytes]))
        bytes++;
    return bytes;
}

/* ---- building ---- */

/* The argument, or the context node's text; *owned is to be freed. */
static const char *text_or_context(struct tp_xpath_args *args, xmlChar **owned)
{
    xmlNodePtr node = args->parser->context->node;

    *owned = NULL;
    if (args->count)
        return tp_arg_text(args, 0);
    if (!node) {
        tp_xpath_fail(args->env, "there is no node to take the text of");
        return "";
    }
    return tp_node_text(node, owned);
}

void tp_fn_string(xmlXPathParserContextPtr parser, int count)
{
    struct tp_xpath_args args;
    xmlChar *owned;

    if (!tp_args_take(&args, parser, count))
        return;
    tp_give_text(&args, text_or_context(&args, &owned));
    xmlFree(owned);
}

static void put_nodes(struct tp_xpath_args *args, int index, const char *separator, bool *first,
                      struct tp_buf *out)
{
    size_t nodes = tp_arg_node_count(args, index);

    for (size_t i = 0; i < nodes; i++) {
        xmlChar *owned = NULL;

        if (!*first)
            (void)tp_buf_puts(out, separator);
        *first = false;
        (void)tp_buf_puts(out, tp_node_text(tp_arg_node(args, index, i), &owned));
        xmlFree(owned);
    }
}

/* Every value of every argument, each node of a set being one. */
static void put_all(struct tp_xpath_args *args, int from, const char *separator, struct tp_buf *out)
{
    bool first = true;

    for (int i = from; i < args->count; i++) {
        if (tp_arg_is_nodes(args, i)) {
            put_nodes(args, i, separator, &first, out);
            continue;
        }
        if (!first)
            (void)tp_buf_puts(out, separator);
        first = false;
        (void)tp_buf_puts(out, tp_arg_text(args, i));
    }
}

void tp_fn_concat(xmlXPathParserContextPtr parser, int count)
{
    struct tp_xpath_args args;
    struct tp_buf out;

    if (!tp_args_take(&args, parser, count))
        return;
    tp_buf_init(&out, TP_XPATH_RESULT_MAX);
    put_all(&args, 0, "", &out);
    tp_give_buffer(&args, &out);
}

void tp_fn_join(xmlXPathParserContextPtr parser, int count)
{
    struct tp_xpath_args args;
    struct tp_buf out;

    if (!tp_args_take(&args, parser, count))
        return;
    tp_buf_init(&out, TP_XPATH_RESULT_MAX);
    put_all(&args, 1, tp_arg_text(&args, 0), &out);
    tp_give_buffer(&args, &out);
}

/* ---- cutting ---- */

static void give_slice(struct tp_xpath_args *args, const char *start, const char *end)
{
    struct tp_buf out;

    tp_buf_init(&out, TP_XPATH_RESULT_MAX);
    if (end > start)
        (void)tp_buf_add(&out, start, (size_t)(end - start));
    tp_give_buffer(args, &out);
}

/* A position as JavaRosa takes it: from the end where negative, within the text. */
static size_t place(double position, size_t length)
{
    if (isnan(position))
        return 0;
    position = trunc(position);
    if (position < 0)
        position += (double)length;
    if (position <= 0)
        return 0;
    return position >= (double)length ? length : (size_t)position;
}

void tp_fn_substr(xmlXPathParserContextPtr parser, int count)
{
    struct tp_xpath_args args;
    const char *text;
    size_t length;
    size_t start;
    size_t end;

    if (!tp_args_take(&args, parser, count))
        return;
    text = tp_arg_text(&args, 0);
    length = tp_utf8_count(text, strlen(text));
    start = place(tp_arg_number(&args, 1), length);
    end = count == 3 ? place(tp_arg_number(&args, 2), length) : length;
    give_slice(&args, character_at(text, start), character_at(text, end));
}

/* XPath 1.0, 4.2: positions are rounded, the first is 1. */
void tp_fn_substring(xmlXPathParserContextPtr parser, int count)
{
    struct tp_xpath_args args;
    const char *text;
    double first;
    double last;
    size_t length;

    if (!tp_args_take(&args, parser, count))
        return;
    text = tp_arg_text(&args, 0);
    length = tp_utf8_count(text, strlen(text));
    first = floor(tp_arg_number(&args, 1) + 0.5);
    last = count == 3 ? first + floor(tp_arg_number(&args, 2) + 0.5) : INFINITY;
    if (isnan(first) || isnan(last) || last <= 1 || first > (double)length) {
        tp_give_text(&args, "");
        return;
    }
    first = first < 1 ? 1 : first;
    last = last > (double)length + 1 ? (double)length + 1 : last;
    give_slice(&args, character_at(text, (size_t)first - 1),
               last > first ? character_at(text, (size_t)last - 1) : text);
}

void tp_fn_substring_before(xmlXPathParserContextPtr parser, int count)
{
    struct tp_xpath_args args;
    const char *text;
    const char *found;

    if (!tp_args_take(&args, parser, count))
        return;
    text = tp_arg_text(&args, 0);
    found = strstr(text, tp_arg_text(&args, 1));
    give_slice(&args, text, found ? found : text);
}

void tp_fn_substring_after(xmlXPathParserContextPtr parser, int count)
{
    struct tp_xpath_args args;
    const char *part;
    const char *found;

    if (!tp_args_take(&args, parser, count))
        return;
    part = tp_arg_text(&args, 1);
    found = strstr(tp_arg_text(&args, 0), part);
    tp_give_text(&args, found ? found + strlen(part) : "");
}

/* The place of the character at `at` in `list`, counted in characters; -1 where it is not. */
static long character_index(const char *list, const char *at, size_t bytes)
{
    long index = 0;

    for (; *list; list += character_bytes(list), index++)
        if (!strncmp(list, at, bytes))
            return index;
    return -1;
}

void tp_fn_translate(xmlXPathParserContextPtr parser, int count)
{
    struct tp_xpath_args args;
    const char *from;
    const char *to;
    size_t to_count;
    struct tp_buf out;

    if (!tp_args_take(&args, parser, count))
        return;
    from = tp_arg_text(&args, 1);
    to = tp_arg_text(&args, 2);
    to_count = tp_utf8_count(to, strlen(to));
    tp_buf_init(&out, TP_XPATH_RESULT_MAX);
    for (const char *at = tp_arg_text(&args, 0); *at; at += character_bytes(at)) {
        size_t bytes = character_bytes(at);
        long index = character_index(from, at, bytes);

        if (index < 0) {
            (void)tp_buf_add(&out, at, bytes);
        } else if ((size_t)index < to_count) {
            const char *other = character_at(to, (size_t)index);

            (void)tp_buf_add(&out, other, character_bytes(other));
        }
    }
    tp_give_buffer(&args, &out);
}

void tp_fn_string_length(xmlXPathParserContextPtr parser, int count)
{
    struct tp_xpath_args args;
    const char *text;
    xmlChar *owned;

    if (!tp_args_take(&args, parser, count))
        return;
    text = text_or_context(&args, &owned);
    tp_give_number(&args, (double)tp_utf8_count(text, strlen(text)));
    xmlFree(owned);
}

void tp_fn_normalize_space(xmlXPathParserContextPtr parser, int count)
{
    struct tp_xpath_args args;
    const char *text;
    xmlChar *owned;
    struct tp_buf out;

    if (!tp_args_take(&args, parser, count))
        return;
    text = text_or_context(&args, &owned);
    tp_buf_init(&out, TP_XPATH_RESULT_MAX);
    for (;;) {
        size_t word;

        text += strspn(text, " \t\r\n");
        word = strcspn(text, " \t\r\n");
        if (!word)
            break;
        if (out.length)
            (void)tp_buf_putc(&out, ' ');
        (void)tp_buf_add(&out, text, word);
        text += word;
    }
    tp_give_buffer(&args, &out);
    xmlFree(owned);
}

/* ---- asking ---- */

void tp_fn_contains(xmlXPathParserContextPtr parser, int count)
{
    struct tp_xpath_args args;

    if (tp_args_take(&args, parser, count))
        tp_give_boolean(&args, strstr(tp_arg_text(&args, 0), tp_arg_text(&args, 1)) != NULL);
}

void tp_fn_starts_with(xmlXPathParserContextPtr parser, int count)
{
    struct tp_xpath_args args;
    const char *part;

    if (!tp_args_take(&args, parser, count))
        return;
    part = tp_arg_text(&args, 1);
    tp_give_boolean(&args, !strncmp(tp_arg_text(&args, 0), part, strlen(part)));
}

void tp_fn_ends_with(xmlXPathParserContextPtr parser, int count)
{
    struct tp_xpath_args args;
    const char *text;
    const char *part;
    size_t length;
    size_t part_length;

    if (!tp_args_take(&args, parser, count))
        return;
    text = tp_arg_text(&args, 0);
    part = tp_arg_text(&args, 1);
    length = strlen(text);
    part_length = strlen(part);
    tp_give_boolean(&args, part_length <= length && !strcmp(text + length - part_length, part));
}
