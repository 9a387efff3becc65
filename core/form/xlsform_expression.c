/* The little of XPath that a converter must see: names, ${references}, whether a default is worked
 * out, and where instance(...) stands in a label. Tokens are tried in pyxform's order, so that both
 * see the same. */
#include <ctype.h>
#include <string.h>

#include "form/xlsform_parts.h"

static bool name_start(char c)
{
    return isalpha((unsigned char)c) || c == '_' || (unsigned char)c >= 0x80;
}

static bool name_char(char c)
{
    return name_start(c) || isdigit((unsigned char)c) || c == '-' || c == '.';
}

/* Length of the NCName at p; 0 where there is none. */
static size_t ncname(const char *p)
{
    size_t n = 0;

    if (!name_start(*p))
        return 0;
    while (name_char(p[n]))
        n++;
    return n;
}

/* A name with an optional prefix: "a" or "a:b". */
static size_t qname(const char *p)
{
    size_t n = ncname(p);
    size_t more = n && p[n] == ':' ? ncname(p + n + 1) : 0;

    return more ? n + 1 + more : n;
}

bool tp_xf_is_name(const char *text)
{
    size_t n = qname(text);

    return n && text[n] == '\0';
}

/* "${name}" or "${last-saved#name}" right at p. */
static bool reference_at(const char *p, struct tp_xf_reference *reference)
{
    static const char last_saved[] = "last-saved#";
    const char *name = p + 2;
    bool saved;
    size_t length;

    if (p[0] != '$' || p[1] != '{')
        return false;
    saved = strncmp(name, last_saved, sizeof(last_saved) - 1) == 0;
    name += saved ? sizeof(last_saved) - 1 : 0;
    length = ncname(name);
    if (!length || name[length] != '}')
        return false;
    *reference = (struct tp_xf_reference){.start = p,
                                          .end = name + length + 1,
                                          .name = name,
                                          .name_length = length,
                                          .last_saved = saved};
    return true;
}

bool tp_xf_next_reference(const char *from, struct tp_xf_reference *reference)
{
    for (const char *p = strstr(from, "${"); p; p = strstr(p + 2, "${")) {
        if (reference_at(p, reference))
            return true;
    }
    return false;
}

bool tp_xf_only_reference(const char *text)
{
    struct tp_xf_reference reference;

    return tp_xf_next_reference(text, &reference) && reference.start == text && !*reference.end;
}

bool tp_xf_any_reference(const char *text)
{
    struct tp_xf_reference reference;

    return text && tp_xf_next_reference(text, &reference);
}

enum token {
    TOKEN_VALUE, /* dates, times, numbers, comparison, brackets, commas, names, anything */
    TOKEN_MATH,  /* * + - mod div */
    TOKEN_UNION,
    TOKEN_CLOSE,
    TOKEN_SLASH,
    TOKEN_STRING,
    TOKEN_SPACE,
    TOKEN_REFERENCE,
    TOKEN_CALL,          /* name( */
    TOKEN_PREDICATE,     /* name[ */
    TOKEN_PREDICATE_END, /* ] */
};

static size_t digits(const char *p)
{
    size_t n = 0;

    while (isdigit((unsigned char)p[n]))
        n++;
    return n;
}

static size_t date_at(const char *p)
{
    size_t n = *p == '-';

    if (digits(p + n) != 4 || p[n + 4] != '-' || digits(p + n + 5) != 2 || p[n + 7] != '-' ||
        digits(p + n + 8) < 2)
        return 0;
    return n + 10;
}

static size_t time_at(const char *p)
{
    size_t n = 8;

    if (digits(p) != 2 || p[2] != ':' || digits(p + 3) != 2 || p[5] != ':' || digits(p + 6) < 2)
        return 0;
    if ((p[n] == '+' || p[n] == '-') && digits(p + n + 1) == 2 && p[n + 3] == ':' &&
        digits(p + n + 4) >= 2)
        return n + 6;
    return p[n] == 'Z' ? n + 1 : n;
}

static size_t number_at(const char *p)
{
    size_t n = *p == '-';
    size_t whole = digits(p + n);

    if (whole && p[n + whole] == '.')
        return n + whole + 1 + digits(p + n + whole + 1);
    if (p[n] == '.' && digits(p + n + 1))
        return n + 1 + digits(p + n + 1);
    return whole ? n + whole : 0;
}

static size_t quoted_at(const char *p)
{
    const char *end = *p == '"' || *p == '\'' ? strchr(p + 1, *p) : NULL;

    return end ? (size_t)(end - p) + 1 : 0;
}

static enum token punctuation(const char *p, size_t *length)
{
    *length = 1;
    if (strncmp(p, " mod ", 5) == 0 || strncmp(p, " div ", 5) == 0) {
        *length = 5;
        return TOKEN_MATH;
    }
    if (strncmp(p, " and ", 5) == 0 || strncmp(p, " or ", 4) == 0) {
        *length = p[1] == 'a' ? 5 : 4;
        return TOKEN_VALUE;
    }
    switch (*p) {
    case '*':
    case '+':
    case '-':
        return TOKEN_MATH;
    case '|':
        return TOKEN_UNION;
    case ')':
        return TOKEN_CLOSE;
    case '/':
        return TOKEN_SLASH;
    case ']':
        return TOKEN_PREDICATE_END;
    default:
        return TOKEN_VALUE;
    }
}

static enum token words(const char *p, size_t *length)
{
    struct tp_xf_reference reference;
    size_t name = qname(p);
    size_t bare = ncname(p);

    if (reference_at(p, &reference)) {
        *length = (size_t)(reference.end - p);
        return TOKEN_REFERENCE;
    }
    if (name && (p[name] == '(' || p[name] == '[')) {
        *length = name + 1;
        return p[name] == '(' ? TOKEN_CALL : TOKEN_PREDICATE;
    }
    if (bare && strncmp(p + bare, "://", 3) == 0)
        name = bare + 3;
    *length = name ? name : 1;
    return TOKEN_VALUE;
}

static enum token next_token(const char *p, size_t *length)
{
    size_t date = date_at(p);

    if (date) {
        size_t time = p[date] == 'T' ? time_at(p + date + 1) : 0;

        *length = time ? date + 1 + time : date;
        return TOKEN_VALUE;
    }
    if ((*length = time_at(p)) || (*length = number_at(p)))
        return TOKEN_VALUE;
    if ((*length = quoted_at(p)))
        return TOKEN_STRING;
    if (isspace((unsigned char)*p) && strncmp(p, " mod ", 5) != 0 && strncmp(p, " div ", 5) != 0 &&
        strncmp(p, " and ", 5) != 0 && strncmp(p, " or ", 4) != 0) {
        for (*length = 1; isspace((unsigned char)p[*length]); (*length)++)
            ;
        return TOKEN_SPACE;
    }
    if (name_start(*p) || *p == '$')
        return words(p, length);
    return punctuation(p, length);
}

bool tp_xf_is_dynamic(const char *text, const char *type)
{
    bool dated = strcmp(type, "date") == 0 || strcmp(type, "dateTime") == 0;
    size_t length;

    for (const char *p = text; *p; p += length) {
        enum token token = next_token(p, &length);

        if (dated && token == TOKEN_MATH && *p == '-')
            return false;
        if (token == TOKEN_MATH || token == TOKEN_UNION || token == TOKEN_REFERENCE ||
            token == TOKEN_CALL)
            return true;
    }
    return false;
}

/* Where the walk along an instance expression stands. */
struct walk {
    bool path;
    bool predicate;
    enum token last;
    bool last_opened; /* the last token was "instance(" */
};

/* Whether the token still belongs to the expression. */
static bool belongs(struct walk *walk, enum token token)
{
    if (token == TOKEN_STRING && walk->last_opened)
        return true;
    if (token == TOKEN_CLOSE && walk->last == TOKEN_STRING && !walk->path && !walk->predicate)
        return true;
    if (token == TOKEN_SLASH && (walk->last == TOKEN_CLOSE || walk->last == TOKEN_PREDICATE_END) &&
        !walk->predicate) {
        walk->path = true;
        return true;
    }
    if (walk->path) {
        if (token == TOKEN_SPACE) {
            walk->path = false;
            return false;
        }
        if (token == TOKEN_PREDICATE) {
            walk->path = false;
            walk->predicate = true;
        }
        return true;
    }
    if (walk->predicate) {
        walk->predicate = token != TOKEN_PREDICATE_END;
        return true;
    }
    return false;
}

bool tp_xf_next_instance(const char *from, const char **start, const char **end)
{
    static const char opening[] = "instance(";
    size_t length;
    const char *p;
    struct walk walk = {.last = TOKEN_CALL, .last_opened = true};

    if (!strstr(from, opening))
        return false;
    for (p = from; *p; p += length) {
        if (next_token(p, &length) == TOKEN_CALL && length == sizeof(opening) - 1 &&
            memcmp(p, opening, length) == 0)
            break;
    }
    if (!*p)
        return false;
    *start = p;
    p += length;
    *end = p;
    for (; *p; p += length) {
        enum token token = next_token(p, &length);

        if (!belongs(&walk, token))
            break;
        walk.last = token;
        walk.last_opened = false;
        *end = p + length;
    }
    return true;
}
