#include "form/xpath_ast.h"

#include <ctype.h>
#include <libxml/chvalid.h>
#include <libxml/parserInternals.h>
#include <limits.h>
#include <string.h>

enum token {
    T_END,
    T_NUMBER,
    T_STRING,
    T_NAME,     /* a name test: "a", "p:a", "p:*", "*" */
    T_FUNCTION, /* a name before "(" */
    T_TYPE,     /* node, text, comment, processing-instruction before "(" */
    T_AXIS,     /* a name before "::" */
    T_VARIABLE,
    T_OPERATOR,    /* and or mod div * / // | + - = != < <= > >= */
    T_PUNCTUATION, /* ( ) [ ] . .. @ , :: */
};

struct parser {
    struct tp_arena *arena;
    const char *source;
    const char *at; /* after the current token */
    enum token token;
    const char *text; /* the current token */
    uint32_t length;
    bool operand_before; /* the token before the current one ends an operand */
    unsigned depth;
    struct tp_error *error;
};

static const char *const axis_names[] = {
    [TP_AXIS_CHILD] = "child",
    [TP_AXIS_PARENT] = "parent",
    [TP_AXIS_SELF] = "self",
    [TP_AXIS_ATTRIBUTE] = "attribute",
    [TP_AXIS_DESCENDANT] = "descendant",
    [TP_AXIS_DESCENDANT_OR_SELF] = "descendant-or-self",
    [TP_AXIS_ANCESTOR] = "ancestor",
    [TP_AXIS_ANCESTOR_OR_SELF] = "ancestor-or-self",
    [TP_AXIS_FOLLOWING] = "following",
    [TP_AXIS_FOLLOWING_SIBLING] = "following-sibling",
    [TP_AXIS_PRECEDING] = "preceding",
    [TP_AXIS_PRECEDING_SIBLING] = "preceding-sibling",
    [TP_AXIS_NAMESPACE] = "namespace",
};
#define AXIS_COUNT (sizeof(axis_names) / sizeof(axis_names[0]))

const char *tp_xpath_axis_name(enum tp_xpath_axis axis)
{
    return axis_names[axis];
}

bool tp_xpath_text_is(const struct tp_xpath_node *node, const char *text)
{
    return node->length == strlen(text) && !memcmp(node->text, text, node->length);
}

/* ---- words ---- */

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

static bool wrong(struct parser *parser, const char *what)
{
    size_t place = (size_t)(parser->text - parser->source) + 1;

    if (parser->token == T_END)
        return tp_fail(parser->error, TP_ERR_INVALID, "%s at the end", what);
    return tp_fail(parser->error, TP_ERR_INVALID, "%s at character %zu, before '%.20s'", what,
                   place, parser->text);
}

static bool token_is(const struct parser *parser, enum token token, const char *text)
{
    return parser->token == token && parser->length == strlen(text) &&
           !memcmp(parser->text, text, parser->length);
}

static void take(struct parser *parser, enum token token, size_t length)
{
    parser->token = token;
    parser->length = (uint32_t)length;
    parser->at = parser->text + length;
}

static bool read_string(struct parser *parser)
{
    const char *close = strchr(parser->text + 1, *parser->text);

    if (!close)
        return wrong(parser, "a quotation mark without its partner");
    take(parser, T_STRING, (size_t)(close + 1 - parser->text));
    return true;
}

static bool read_number(struct parser *parser)
{
    const char *p = parser->text;

    while (isdigit((unsigned char)*p))
        p++;
    if (*p == '.')
        p++;
    while (isdigit((unsigned char)*p))
        p++;
    take(parser, T_NUMBER, (size_t)(p - parser->text));
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

static bool read_name(struct parser *parser)
{
    size_t length = name_length(parser->text);
    const char *after;

    if (!length)
        return wrong(parser, "something that is not XPath");
    /* XPath 1.0, 3.7: after an operand a name must be an operator's */
    if (parser->operand_before) {
        /* "1and1": what follows the word may be a number */
        if (!is_operator_name(parser->text, length))
            length = strcspn(parser->text, "0123456789");
        if (!is_operator_name(parser->text, length))
            return wrong(parser, "an operator or comma is missing");
        take(parser, T_OPERATOR, length);
        return true;
    }
    after = parser->text + length;
    if (after[0] == ':' && after[1] != ':') {
        size_t local = name_length(after + 1);

        if (!local && after[1] == '*')
            local = 1;
        if (!local)
            return wrong(parser, "a name is missing after ':'");
        length += 1 + local;
    }
    after = skip_space(parser->text + length);
    if (after[0] == ':' && after[1] == ':')
        take(parser, T_AXIS, length);
    else if (*after == '(')
        take(parser, is_node_type(parser->text, length) ? T_TYPE : T_FUNCTION, length);
    else
        take(parser, T_NAME, length);
    return true;
}

static bool read_sign(struct parser *parser)
{
    static const char *const operators[] = {"//", "!=", "<=", ">=", "/", "|",
                                            "+",  "-",  "=",  "<",  ">"};
    static const char *const punctuation[] = {"..", "::", "(", ")", "[", "]", ".", "@", ","};

    for (size_t i = 0; i < sizeof(operators) / sizeof(operators[0]); i++) {
        if (!strncmp(parser->text, operators[i], strlen(operators[i]))) {
            take(parser, T_OPERATOR, strlen(operators[i]));
            return true;
        }
    }
    for (size_t i = 0; i < sizeof(punctuation) / sizeof(punctuation[0]); i++) {
        if (!strncmp(parser->text, punctuation[i], strlen(punctuation[i]))) {
            take(parser, T_PUNCTUATION, strlen(punctuation[i]));
            return true;
        }
    }
    return read_name(parser);
}

static bool ends_operand(const struct parser *parser)
{
    switch (parser->token) {
    case T_NUMBER:
    case T_STRING:
    case T_NAME:
    case T_VARIABLE:
        return true;
    case T_PUNCTUATION:
        return strchr(")].", *parser->text) != NULL;
    default:
        return false;
    }
}

static bool advance(struct parser *parser)
{
    parser->operand_before = ends_operand(parser);
    parser->text = skip_space(parser->at);
    switch (*parser->text) {
    case '\0':
        take(parser, T_END, 0);
        return true;
    case '"':
    case '\'':
        return read_string(parser);
    case '*':
        take(parser, parser->operand_before ? T_OPERATOR : T_NAME, 1);
        return true;
    case '$':
        take(parser, T_VARIABLE, 1);
        return wrong(parser, "a variable, which forms do not have,");
    default:
        break;
    }
    if (isdigit((unsigned char)*parser->text) ||
        (*parser->text == '.' && isdigit((unsigned char)parser->text[1])))
        return read_number(parser);
    return read_sign(parser);
}

/* ---- trees ---- */

static struct tp_xpath_node *make(struct parser *parser, enum tp_xpath_kind kind)
{
    struct tp_xpath_node *node = tp_arena_alloc(parser->arena, 1, sizeof(*node));

    if (!node) {
        (void)tp_fail_memory(parser->error);
        return NULL;
    }
    node->kind = (uint8_t)kind;
    node->text = parser->text;
    return node;
}

static void append(struct tp_xpath_node *parent, struct tp_xpath_node *child)
{
    struct tp_xpath_node **end = &parent->first;

    while (*end)
        end = &(*end)->next;
    *end = child;
}

static struct tp_xpath_node *expression(struct parser *parser);

static bool expect(struct parser *parser, const char *sign)
{
    if (!token_is(parser, T_PUNCTUATION, sign)) {
        char what[32];

        (void)snprintf(what, sizeof(what), "'%s' is missing", sign);
        return wrong(parser, what);
    }
    return advance(parser);
}

static bool predicates(struct parser *parser, struct tp_xpath_node *parent)
{
    while (token_is(parser, T_PUNCTUATION, "[")) {
        struct tp_xpath_node *inside;

        if (!advance(parser) || !(inside = expression(parser)) || !expect(parser, "]"))
            return false;
        append(parent, inside);
    }
    return true;
}

static bool read_axis(struct parser *parser, struct tp_xpath_node *step)
{
    if (token_is(parser, T_PUNCTUATION, "@")) {
        step->axis = TP_AXIS_ATTRIBUTE;
        return advance(parser);
    }
    if (parser->token != T_AXIS)
        return true;
    for (size_t i = 0; i < AXIS_COUNT; i++) {
        if (strlen(axis_names[i]) == parser->length &&
            !memcmp(axis_names[i], parser->text, parser->length)) {
            step->axis = (uint8_t)i;
            return advance(parser) && expect(parser, "::");
        }
    }
    return wrong(parser, "an axis that XPath does not have");
}

static bool read_node_type(struct parser *parser, struct tp_xpath_node *step)
{
    switch (*parser->text) {
    case 'n':
        step->test = TP_TEST_NODE;
        break;
    case 't':
        step->test = TP_TEST_TEXT;
        break;
    case 'c':
        step->test = TP_TEST_COMMENT;
        break;
    default:
        step->test = TP_TEST_PI;
        break;
    }
    if (!advance(parser) || !expect(parser, "("))
        return false;
    if (step->test == TP_TEST_PI && parser->token == T_STRING) {
        step->text = parser->text + 1;
        step->length = parser->length - 2;
        if (!advance(parser))
            return false;
    }
    return expect(parser, ")");
}

static bool node_test(struct parser *parser, struct tp_xpath_node *step)
{
    if (parser->token == T_TYPE)
        return read_node_type(parser, step);
    if (parser->token != T_NAME)
        return wrong(parser, "the name of a node is missing");
    step->text = parser->text;
    step->length = parser->length;
    step->test = TP_TEST_NAME;
    if (step->text[step->length - 1] == '*') {
        step->test = TP_TEST_ANY;
        step->length = step->length > 2 ? step->length - 2 : 0;
    }
    return advance(parser);
}

static struct tp_xpath_node *step(struct parser *parser)
{
    struct tp_xpath_node *made = make(parser, TP_XPATH_STEP);

    if (!made)
        return NULL;
    if (token_is(parser, T_PUNCTUATION, ".") || token_is(parser, T_PUNCTUATION, "..")) {
        made->axis = parser->length == 1 ? TP_AXIS_SELF : TP_AXIS_PARENT;
        made->test = TP_TEST_NODE;
        /* XPath allows no predicate here; ODK's forms use it ("..[...]"), and so may we */
        return advance(parser) && predicates(parser, made) ? made : NULL;
    }
    if (!read_axis(parser, made) || !node_test(parser, made) || !predicates(parser, made))
        return NULL;
    return made;
}

static bool starts_step(const struct parser *parser)
{
    return parser->token == T_NAME || parser->token == T_TYPE || parser->token == T_AXIS ||
           token_is(parser, T_PUNCTUATION, ".") || token_is(parser, T_PUNCTUATION, "..") ||
           token_is(parser, T_PUNCTUATION, "@");
}

static bool add_descendants(struct parser *parser, struct tp_xpath_node *path)
{
    struct tp_xpath_node *made = make(parser, TP_XPATH_STEP);

    if (!made)
        return false;
    made->axis = TP_AXIS_DESCENDANT_OR_SELF;
    made->test = TP_TEST_NODE;
    append(path, made);
    return true;
}

/* Steps from the current token on; "/" and "//" between them. */
static bool steps(struct parser *parser, struct tp_xpath_node *path)
{
    for (;;) {
        struct tp_xpath_node *next = step(parser);

        if (!next)
            return false;
        append(path, next);
        if (token_is(parser, T_OPERATOR, "//")) {
            if (!add_descendants(parser, path))
                return false;
        } else if (!token_is(parser, T_OPERATOR, "/")) {
            return true;
        }
        if (!advance(parser))
            return false;
    }
}

static struct tp_xpath_node *location_path(struct parser *parser)
{
    struct tp_xpath_node *path = make(parser, TP_XPATH_PATH);
    bool descendants = token_is(parser, T_OPERATOR, "//");

    if (!path)
        return NULL;
    if (descendants || token_is(parser, T_OPERATOR, "/")) {
        path->start = TP_XPATH_ROOT;
        if (descendants && !add_descendants(parser, path))
            return NULL;
        if (!advance(parser))
            return NULL;
        if (!descendants && !starts_step(parser))
            return path; /* "/" alone */
    }
    return steps(parser, path) ? path : NULL;
}

static struct tp_xpath_node *call(struct parser *parser)
{
    struct tp_xpath_node *made = make(parser, TP_XPATH_CALL);

    if (!made)
        return NULL;
    made->length = parser->length;
    if (!advance(parser) || !expect(parser, "("))
        return NULL;
    if (token_is(parser, T_PUNCTUATION, ")"))
        return advance(parser) ? made : NULL;
    for (;;) {
        struct tp_xpath_node *argument = expression(parser);

        if (!argument)
            return NULL;
        append(made, argument);
        if (!token_is(parser, T_PUNCTUATION, ","))
            break;
        if (!advance(parser))
            return NULL;
    }
    return expect(parser, ")") ? made : NULL;
}

static struct tp_xpath_node *literal(struct parser *parser)
{
    bool text = parser->token == T_STRING;
    struct tp_xpath_node *made = make(parser, text ? TP_XPATH_STRING : TP_XPATH_NUMBER);

    if (!made)
        return NULL;
    made->text += text;
    made->length = parser->length - (text ? 2 : 0);
    return advance(parser) ? made : NULL;
}

static struct tp_xpath_node *primary(struct parser *parser)
{
    struct tp_xpath_node *inside;

    switch (parser->token) {
    case T_STRING:
    case T_NUMBER:
        return literal(parser);
    case T_FUNCTION:
        return call(parser);
    default:
        break;
    }
    if (!token_is(parser, T_PUNCTUATION, "(")) {
        (void)wrong(parser, "a value is missing");
        return NULL;
    }
    if (!advance(parser) || !(inside = expression(parser)) || !expect(parser, ")"))
        return NULL;
    return inside;
}

/* A primary expression with its predicates and the path that goes on from it. */
static struct tp_xpath_node *filter(struct parser *parser)
{
    struct tp_xpath_node *made = primary(parser);
    struct tp_xpath_node *path;

    if (!made)
        return NULL;
    if (token_is(parser, T_PUNCTUATION, "[")) {
        struct tp_xpath_node *outer = make(parser, TP_XPATH_FILTER);

        if (!outer)
            return NULL;
        outer->first = made;
        if (!predicates(parser, outer))
            return NULL;
        made = outer;
    }
    if (!token_is(parser, T_OPERATOR, "/") && !token_is(parser, T_OPERATOR, "//"))
        return made;
    path = make(parser, TP_XPATH_PATH);
    if (!path)
        return NULL;
    path->start = TP_XPATH_EXPR;
    path->first = made;
    if (token_is(parser, T_OPERATOR, "//") && !add_descendants(parser, path))
        return NULL;
    return advance(parser) && steps(parser, path) ? path : NULL;
}

static struct tp_xpath_node *path_expression(struct parser *parser)
{
    if (starts_step(parser) || token_is(parser, T_OPERATOR, "/") ||
        token_is(parser, T_OPERATOR, "//"))
        return location_path(parser);
    return filter(parser);
}

/* Operators by how tightly they bind, loosest first. */
static const struct {
    const char *text;
    enum tp_xpath_kind kind;
    int level;
} binaries[] = {
    {"or", TP_XPATH_OR, 0},   {"and", TP_XPATH_AND, 1}, {"=", TP_XPATH_EQ, 2},
    {"!=", TP_XPATH_NE, 2},   {"<", TP_XPATH_LT, 3},    {"<=", TP_XPATH_LE, 3},
    {">", TP_XPATH_GT, 3},    {">=", TP_XPATH_GE, 3},   {"+", TP_XPATH_ADD, 4},
    {"-", TP_XPATH_SUB, 4},   {"*", TP_XPATH_MUL, 5},   {"div", TP_XPATH_DIV, 5},
    {"mod", TP_XPATH_MOD, 5}, {"|", TP_XPATH_UNION, 7},
};
#define LEVEL_UNARY 6
/* Operators in a row; libxml2 evaluates each one level deeper, down to 5,000. */
#define CHAIN_MAX 1000u
#define LEVEL_UNION 7

static bool binary_at(const struct parser *parser, int level, enum tp_xpath_kind *kind)
{
    for (size_t i = 0; i < sizeof(binaries) / sizeof(binaries[0]); i++) {
        if (binaries[i].level == level && token_is(parser, T_OPERATOR, binaries[i].text)) {
            *kind = binaries[i].kind;
            return true;
        }
    }
    return false;
}

static struct tp_xpath_node *binary(struct parser *parser, int level);

/* The minus sign binds tighter than "*" and looser than "|". */
static struct tp_xpath_node *negation(struct parser *parser)
{
    struct tp_xpath_node *made;
    struct tp_xpath_node *inside;

    if (!token_is(parser, T_OPERATOR, "-"))
        return binary(parser, LEVEL_UNION);
    if (++parser->depth > TP_XPATH_DEPTH_MAX) {
        (void)tp_fail(parser->error, TP_ERR_LIMIT, "nested more than %u deep", TP_XPATH_DEPTH_MAX);
        return NULL;
    }
    made = make(parser, TP_XPATH_NEG);
    if (!made || !advance(parser) || !(inside = negation(parser)))
        return NULL;
    made->first = inside;
    parser->depth--;
    return made;
}

static struct tp_xpath_node *binary(struct parser *parser, int level)
{
    struct tp_xpath_node *left;
    enum tp_xpath_kind kind;
    unsigned chain = 0;

    if (level == LEVEL_UNARY)
        return negation(parser);
    left = level == LEVEL_UNION ? path_expression(parser) : binary(parser, level + 1);
    while (left && binary_at(parser, level, &kind)) {
        struct tp_xpath_node *made = make(parser, kind);
        struct tp_xpath_node *right;

        if (++chain > CHAIN_MAX) {
            (void)tp_fail(parser->error, TP_ERR_LIMIT, "more than %u operators in a row",
                          CHAIN_MAX);
            return NULL;
        }
        if (!made || !advance(parser))
            return NULL;
        right = level == LEVEL_UNION ? path_expression(parser) : binary(parser, level + 1);
        if (!right)
            return NULL;
        made->first = left;
        left->next = right;
        left = made;
    }
    return left;
}

static struct tp_xpath_node *expression(struct parser *parser)
{
    struct tp_xpath_node *made;

    if (++parser->depth > TP_XPATH_DEPTH_MAX) {
        (void)tp_fail(parser->error, TP_ERR_LIMIT, "nested more than %u deep", TP_XPATH_DEPTH_MAX);
        return NULL;
    }
    made = binary(parser, 0);
    parser->depth--;
    return made;
}

bool tp_xpath_parse(struct tp_arena *arena, const char *source, struct tp_xpath_node **tree,
                    struct tp_error *error)
{
    struct parser parser = {
        .arena = arena, .source = source, .at = source, .text = source, .error = error};
    struct tp_xpath_node *made;

    if (!advance(&parser))
        return false;
    if (parser.token == T_END)
        return tp_fail(error, TP_ERR_INVALID, "an empty expression");
    made = expression(&parser);
    if (!made)
        return false;
    if (parser.token != T_END)
        return wrong(&parser, "an operator or comma is missing");
    *tree = made;
    return true;
}
