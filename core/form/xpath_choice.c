/* Functions on choices, translations and what the form knows of itself. */
#include <math.h>
#include <string.h>

#include "form/xpath_functions.h"
#include "form/xpath_value.h"

#define RESULT_MAX ((size_t)1024 * 1024)

#define SPACE " \t\n\r"

/* The next word of a space separated list from *at; its length, 0 at the end. */
static size_t next_word(const char **at)
{
    *at += strspn(*at, SPACE);
    return strcspn(*at, SPACE);
}

/* `value` without the space around it: its length. */
static size_t trimmed(const char **value)
{
    size_t length;

    *value += strspn(*value, SPACE);
    length = strlen(*value);
    while (length && strchr(SPACE, (*value)[length - 1]))
        length--;
    return length;
}

void tp_fn_selected(xmlXPathParserContextPtr parser, int count)
{
    struct tp_xpath_args args;
    const char *list;
    const char *value;
    size_t length;
    bool found;

    if (!tp_args_take(&args, parser, count))
        return;
    list = tp_arg_text(&args, 0);
    value = tp_arg_text(&args, 1);
    length = trimmed(&value);
    /* an unanswered question has the choice "" selected, as in JavaRosa */
    found = !length && !next_word(&list);
    for (size_t word; length && !found && (word = next_word(&list)); list += word)
        found = !strncmp(list, value, length) && strchr(SPACE, list[length]);
    tp_give_boolean(&args, found);
}

void tp_fn_selected_at(xmlXPathParserContextPtr parser, int count)
{
    struct tp_xpath_args args;
    const char *list;
    double index;
    struct tp_buf out;

    if (!tp_args_take(&args, parser, count))
        return;
    list = tp_arg_text(&args, 0);
    index = trunc(tp_arg_number(&args, 1));
    tp_buf_init(&out, RESULT_MAX);
    for (size_t length; index >= 0 && (length = next_word(&list)); list += length) {
        if (index-- < 1) {
            (void)tp_buf_add(&out, list, length);
            break;
        }
    }
    tp_give_text(&args, tp_buf_text(&out));
    tp_buf_finish(&out);
}

void tp_fn_count_selected(xmlXPathParserContextPtr parser, int count)
{
    struct tp_xpath_args args;
    const char *list;
    double words = 0;

    if (!tp_args_take(&args, parser, count))
        return;
    list = tp_arg_text(&args, 0);
    for (size_t length; (length = next_word(&list)); list += length)
        words++;
    tp_give_number(&args, words);
}

void tp_fn_choice_name(xmlXPathParserContextPtr parser, int count)
{
    struct tp_xpath_args args;
    struct tp_buf out;

    if (!tp_args_take(&args, parser, count))
        return;
    tp_buf_init(&out, RESULT_MAX);
    if (!args.env->hooks || !args.env->hooks->choice_name)
        tp_xpath_fail(args.env, "jr:choice-name() needs a form");
    else if (!args.env->hooks->choice_name(args.env, tp_arg_text(&args, 0), tp_arg_text(&args, 1),
                                           &out))
        tp_buf_reset(&out);
    tp_give_text(&args, tp_buf_text(&out));
    tp_buf_finish(&out);
}

void tp_fn_itext(xmlXPathParserContextPtr parser, int count)
{
    struct tp_xpath_args args;
    struct tp_buf out;

    if (!tp_args_take(&args, parser, count))
        return;
    tp_buf_init(&out, RESULT_MAX);
    if (!args.env->hooks || !args.env->hooks->itext ||
        !args.env->hooks->itext(args.env, tp_arg_text(&args, 0), &out))
        tp_xpath_fail(args.env, "there is no text '%.80s'", tp_arg_text(&args, 0));
    tp_give_text(&args, tp_buf_text(&out));
    tp_buf_finish(&out);
}

void tp_fn_pulldata(xmlXPathParserContextPtr parser, int count)
{
    struct tp_xpath_args args;
    struct tp_buf out;

    if (!tp_args_take(&args, parser, count))
        return;
    tp_buf_init(&out, RESULT_MAX);
    if (args.env->hooks && args.env->hooks->pulldata) {
        const char *const texts[4] = {tp_arg_text(&args, 0), tp_arg_text(&args, 1),
                                      tp_arg_text(&args, 2), tp_arg_text(&args, 3)};

        (void)args.env->hooks->pulldata(args.env, texts, &out);
    } else {
        tp_xpath_fail(args.env, "pulldata() needs a form");
    }
    tp_give_text(&args, tp_buf_text(&out));
    tp_buf_finish(&out);
}

void tp_fn_property(xmlXPathParserContextPtr parser, int count)
{
    struct tp_xpath_args args;
    const char *value = NULL;

    if (!tp_args_take(&args, parser, count))
        return;
    if (args.env->hooks && args.env->hooks->property)
        value = args.env->hooks->property(args.env, tp_arg_text(&args, 0));
    tp_give_text(&args, value ? value : "");
}

void tp_fn_version(xmlXPathParserContextPtr parser, int count)
{
    struct tp_xpath_args args;

    if (tp_args_take(&args, parser, count))
        tp_give_text(&args, args.env->version ? args.env->version : "");
}
