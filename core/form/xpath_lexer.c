#include "form/xpath_lexer.h"

#include <ctype.h>
#include <libxml/chvalid.h>
#include <libxml/parserInternals.h>
#include <string.h>

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static const char *skip_space(const char *at)
{
    while (is_space(*at))
        at++;
    return at;
}

/* Bytes of the NCName at `at`; 0 for none. */
static size_t name_length(const char *at)
{
    size_t length = 0;

    for (;;) {
        const unsigned char *p = (const unsigned char *)at + length;
        int size = 1;
        int c = *p;

        if (c >= 0x80) {
            size = 4;
            c = xmlGetUTF8Char(p, &size);
            if (c < 0)
                return length;
            if (!xmlIsBaseChar((unsigned)c) && !xmlIsIdeographic((unsigned)c) &&
                !(length && (xmlIsCombining((unsigned)c) || xmlIsExtender((unsigned)c) ||
                             xmlIsDigit((unsigned)c))))
                return length;
        } else if (!isalpha(c) && c != '_' && !(length && (isdigit(c) || c == '-' || c == '.'))) {
            return length;
        }
        length += (size_t)size;
    }
}

bool tp_xpath_wrong(struct tp_xpath_lexer *lexer, const char *what)
{
    size_t place = (size_t)(lexer->text - lexer->source) + 1;

    if (lexer->token == TP_TOKEN_END)
        return tp_fail(lexer->error, TP_ERR_INVALID, "%s at the end", what);
    return tp_fail(lexer->error, TP_ERR_INVALID, "%s at character %zu, before '%.20s'", what, place,
                   lexer->text);
}

bool tp_xpath_token_is(const struct tp_xpath_lexer *lexer, enum tp_xpath_token token,
                       const char *text)
{
    return lexer->token == token && lexer->length == strlen(text) &&
           !memcmp(lexer->text, text, lexer->length);
}

static void take(struct tp_xpath_lexer *lexer, enum tp_xpath_token token, size_t length)
{
    lexer->token = token;
    lexer->length = (uint32_t)length;
    lexer->at = lexer->text + length;
}

static bool read_string(struct tp_xpath_lexer *lexer)
{
    const char *close = strchr(lexer->text + 1, *lexer->text);

    if (!close)
        return tp_xpath_wrong(lexer, "a quotation mark without its partner");
    take(lexer, TP_TOKEN_STRING, (size_t)(close + 1 - lexer->text));
    return true;
}

static bool read_number(struct tp_xpath_lexer *lexer)
{
    const char *p = lexer->text;

    while (isdigit((unsigned char)*p))
        p++;
    if (*p == '.')
        p++;
    while (isdigit((unsigned char)*p))
        p++;
    take(lexer, TP_TOKEN_NUMBER, (size_t)(p - lexer->text));
    return true;
}

static bool is_node_type(const char *name, size_t length)
{
    static const char *const types[] = {"node", "text", "comment", "processing-instruction"};

    for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
        if (strlen(types[i]) == length && !memcmp(types[i], name, length))
            return true;
    return false;
}

static bool is_operator_name(const char *name, size_t length)
{
    return (length == 3 &&
            (!memcmp(name, "and", 3) || !memcmp(name, "mod", 3) || !memcmp(name, "div", 3))) ||
           (length == 2 && !memcmp(name, "or", 2));
}

/* XPath 1.0, 3.7: after an operand a name must be an operator's. */
static bool read_operator_name(struct tp_xpath_lexer *lexer, size_t length)
{
    /* "1and1", "4 div-2": what follows the word may be a number */
    if (!is_operator_name(lexer->text, length))
        length = strcspn(lexer->text, "-0123456789");
    if (!is_operator_name(lexer->text, length))
        return tp_xpath_wrong(lexer, "an operator or comma is missing");
    take(lexer, TP_TOKEN_OPERATOR, length);
    return true;
}

static bool read_name(struct tp_xpath_lexer *lexer)
{
    size_t length = name_length(lexer->text);
    const char *after;

    if (!length)
        return tp_xpath_wrong(lexer, "something that is not XPath");
    if (lexer->operand_before)
        return read_operator_name(lexer, length);
    after = lexer->text + length;
    if (after[0] == ':' && after[1] != ':') {
        size_t local = name_length(after + 1);

        if (!local && after[1] == '*')
            local = 1;
        if (!local)
            return tp_xpath_wrong(lexer, "a name is missing after ':'");
        length += 1 + local;
    }
    after = skip_space(lexer->text + length);
    if (after[0] == ':' && after[1] == ':')
        take(lexer, TP_TOKEN_AXIS, length);
    else if (*after == '(')
        take(lexer, is_node_type(lexer->text, length) ? TP_TOKEN_TYPE : TP_TOKEN_FUNCTION, length);
    else
        take(lexer, TP_TOKEN_NAME, length);
    return true;
}

static bool read_sign(struct tp_xpath_lexer *lexer)
{
    static const char *const operators[] = {"//", "!=", "<=", ">=", "/", "|",
                                            "+",  "-",  "=",  "<",  ">"};
    static const char *const punctuation[] = {"..", "::", "(", ")", "[", "]", ".", "@", ","};

    for (size_t i = 0; i < sizeof(operators) / sizeof(operators[0]); i++) {
        if (!strncmp(lexer->text, operators[i], strlen(operators[i]))) {
            take(lexer, TP_TOKEN_OPERATOR, strlen(operators[i]));
            return true;
        }
    }
    for (size_t i = 0; i < sizeof(punctuation) / sizeof(punctuation[0]); i++) {
        if (!strncmp(lexer->text, punctuation[i], strlen(punctuation[i]))) {
            take(lexer, TP_TOKEN_PUNCTUATION, strlen(punctuation[i]));
            return true;
        }
    }
    return read_name(lexer);
}

static bool ends_operand(const struct tp_xpath_lexer *lexer)
{
    switch (lexer->token) {
    case TP_TOKEN_NUMBER:
    case TP_TOKEN_STRING:
    case TP_TOKEN_NAME:
    case TP_TOKEN_VARIABLE:
        return true;
    case TP_TOKEN_PUNCTUATION:
        return strchr(")].", *lexer->text) != NULL;
    default:
        return false;
    }
}

bool tp_xpath_advance(struct tp_xpath_lexer *lexer)
{
    lexer->operand_before = ends_operand(lexer);
    lexer->text = skip_space(lexer->at);
    switch (*lexer->text) {
    case '\0':
        take(lexer, TP_TOKEN_END, 0);
        return true;
    case '"':
    case '\'':
        return read_string(lexer);
    case '*':
        take(lexer, lexer->operand_before ? TP_TOKEN_OPERATOR : TP_TOKEN_NAME, 1);
        return true;
    case '$':
        take(lexer, TP_TOKEN_VARIABLE, 1);
        return tp_xpath_wrong(lexer, "a variable, which forms do not have,");
    default:
        break;
    }
    if (isdigit((unsigned char)*lexer->text) ||
        (*lexer->text == '.' && isdigit((unsigned char)lexer->text[1])))
        return read_number(lexer);
    return read_sign(lexer);
}
