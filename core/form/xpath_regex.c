/* regex(): patterns as the field writes them, in Java's way, worked by PCRE2. */
#define PCRE2_CODE_UNIT_WIDTH 8

#include <ctype.h>
#include <pcre2.h>
#include <string.h>

#include "form/xpath_functions.h"
#include "form/xpath_value.h"

/* Steps of one regular expression: enough for any sane one, an instant for a hostile one. */
#define REGEX_STEPS_MAX 200000u
/* A pattern in PCRE2's way; an expression is no longer than 64 KiB. */
#define PATTERN_MAX ((size_t)1024 * 1024)

/* ---- Java's way ---- */

/* Java's \p{Alpha} and the like; PCRE2 has them as [:alpha:] inside a class. */
static const char *const classes[] = {"Lower", "Upper",  "ASCII", "Alpha", "Digit",
                                      "Alnum", "Punct",  "Graph", "Print", "Blank",
                                      "Cntrl", "XDigit", "Space"};

static const char *find_class(const char *name, size_t length)
{
    for (size_t i = 0; i < sizeof(classes) / sizeof(classes[0]); i++)
        if (strlen(classes[i]) == length && strncmp(classes[i], name, length) == 0)
            return classes[i];
    return NULL;
}

static bool put_class(const char *name, size_t length, bool negated, bool in_class,
                      struct tp_buf *out)
{
    const char *known = find_class(name, length);

    if (!known)
        return false;
    (void)tp_buf_puts(out, in_class ? "[:" : "[[:");
    (void)tp_buf_puts(out, negated ? "^" : "");
    for (; *known; known++)
        (void)tp_buf_putc(out, (char)tolower((unsigned char)*known));
    return tp_buf_puts(out, in_class ? ":]" : ":]]");
}

/* A property, "{Alpha}" or "{IsLatin}": how many bytes of it were taken, 0 where PCRE2 knows it as
 * it is. */
static size_t put_property(const char *at, const char *end, bool in_class, struct tp_buf *out)
{
    const char *close = end - at > 2 && at[1] == '{' ? memchr(at, '}', (size_t)(end - at)) : NULL;
    const char *name = at + 2;

    if (!close)
        return 0;
    if (close - name > 2 && !strncmp(name, "Is", 2))
        (void)tp_buf_printf(out, "\\%c{%.*s}", *at, (int)(close - name - 2), name + 2);
    else if (!put_class(name, (size_t)(close - name), *at == 'P', in_class, out))
        return 0;
    return (size_t)(close + 1 - at);
}

/* Whether "\u" and four digits stand here. */
static bool is_code(const char *at, const char *end)
{
    if (end - at < 5 || *at != 'u')
        return false;
    for (int i = 1; i < 5; i++)
        if (!isxdigit((unsigned char)at[i]))
            return false;
    return true;
}

/* What stands behind a backslash at `at`: how many bytes of it were taken. */
static size_t put_escape(const char *at, const char *end, bool in_class, struct tp_buf *out)
{
    size_t taken =
        at < end && (*at == 'p' || *at == 'P') ? put_property(at, end, in_class, out) : 0;

    if (taken)
        return taken;
    if (is_code(at, end)) {
        (void)tp_buf_printf(out, "\\x{%.4s}", at + 1);
        return 5;
    }
    (void)tp_buf_putc(out, '\\');
    return tp_buf_add(out, at, at < end ? 1 : 0) && at < end;
}

/* Words between \Q and \E are as they are. */
static size_t quoted(const char *at, const char *end)
{
    const char *close = memmem(at, (size_t)(end - at), "\\E", 2);

    return (size_t)((close ? close + 2 : end) - at);
}

static void put_pattern(const char *text, size_t length, struct tp_buf *out)
{
    const char *end = text + length;
    const char *class = NULL; /* where one begins */

    for (const char *p = text; p < end;) {
        if (end - p > 1 && p[0] == '\\' && p[1] == 'Q') {
            size_t taken = quoted(p, end);

            (void)tp_buf_add(out, p, taken);
            p += taken;
            continue;
        }
        if (*p == '\\') {
            p += 1 + put_escape(p + 1, end, class != NULL, out);
            continue;
        }
        if (*p == '[' && !class)
            class = p;
        else if (*p == ']' && class && p - class > (class[1] == '^' ? 2 : 1))
            class = NULL;
        (void)tp_buf_putc(out, *p++);
    }
}

/* ---- PCRE2 ---- */

static int match(pcre2_code *code, const char *text)
{
    pcre2_match_data *data = pcre2_match_data_create_from_pattern(code, NULL);
    pcre2_match_context *limits = pcre2_match_context_create(NULL);
    int result = PCRE2_ERROR_NOMEMORY;

    if (data && limits) {
        (void)pcre2_set_match_limit(limits, REGEX_STEPS_MAX);
        (void)pcre2_set_depth_limit(limits, REGEX_STEPS_MAX / 100);
        (void)pcre2_set_heap_limit(limits, 4096);
        result = pcre2_match(code, (PCRE2_SPTR)text, strlen(text), 0, 0, data, limits);
    }
    pcre2_match_context_free(limits);
    pcre2_match_data_free(data);
    return result;
}

/* The whole text must match, as in JavaRosa. NULL where this is no pattern; pcre2_code_free. */
static pcre2_code *compile(const char *text, size_t length)
{
    pcre2_code *code = NULL;
    struct tp_buf pattern;
    PCRE2_SIZE where;
    int problem;

    tp_buf_init(&pattern, PATTERN_MAX);
    put_pattern(text, length, &pattern);
    if (tp_buf_ok(&pattern))
        code =
            pcre2_compile((PCRE2_SPTR)tp_buf_text(&pattern), pattern.length,
                          PCRE2_UTF | PCRE2_ANCHORED | PCRE2_ENDANCHORED, &problem, &where, NULL);
    tp_buf_finish(&pattern);
    return code;
}

bool tp_xpath_is_pattern(const char *text, size_t length)
{
    pcre2_code *code = compile(text, length);

    pcre2_code_free(code);
    return code != NULL;
}

void tp_fn_regex(xmlXPathParserContextPtr parser, int count)
{
    struct tp_xpath_args args;
    pcre2_code *code;
    int result;

    if (!tp_args_take(&args, parser, count))
        return;
    code = compile(tp_arg_text(&args, 1), strlen(tp_arg_text(&args, 1)));
    if (!code) {
        tp_xpath_fail(args.env, "'%.80s' is no regular expression", tp_arg_text(&args, 1));
        tp_give_boolean(&args, false);
        return;
    }
    result = match(code, tp_arg_text(&args, 0));
    pcre2_code_free(code);
    if (result < 0 && result != PCRE2_ERROR_NOMATCH)
        tp_xpath_fail(args.env, "the regular expression '%.80s' takes too long",
                      tp_arg_text(&args, 1));
    tp_give_boolean(&args, result >= 0);
}
