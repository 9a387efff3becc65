#include "form/xpath_ast.h"

#include <stdio.h>
#include <string.h>

#include "form/xpath_lexer.h"

struct parser {
    struct tp_arena *arena;
    struct tp_xpath_lexer lexer;
    unsigned depth;
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

static struct tp_xpath_node *make(struct parser *parser, enum tp_xpath_kind kind)
{
    struct tp_xpath_node *node = tp_arena_alloc(parser->arena, 1, sizeof(*node));

    if (!node) {
        (void)tp_fail_memory(parser->lexer.error);
        return NULL;
    }
    node->kind = (uint8_t)kind;
    node->text = parser->lexer.text;
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
    if (!tp_xpath_token_is(&parser->lexer, TP_TOKEN_PUNCTUATION, sign)) {
        char what[32];

        (void)snprintf(what, sizeof(what), "'%s' is missing", sign);
        return tp_xpath_wrong(&parser->lexer, what);
    }
    return tp_xpath_advance(&parser->lexer);
}

static bool predicates(struct parser *parser, struct tp_xpath_node *parent)
{
    while (tp_xpath_token_is(&parser->lexer, TP_TOKEN_PUNCTUATION, "[")) {
        struct tp_xpath_node *inside;

        if (!tp_xpath_advance(&parser->lexer) || !(inside = expression(parser)) ||
            !expect(parser, "]"))
            return false;
        append(parent, inside);
    }
    return true;
}

static bool read_axis(struct parser *parser, struct tp_xpath_node *step)
{
    if (tp_xpath_token_is(&parser->lexer, TP_TOKEN_PUNCTUATION, "@")) {
        step->axis = TP_AXIS_ATTRIBUTE;
        return tp_xpath_advance(&parser->lexer);
    }
    if (parser->lexer.token != TP_TOKEN_AXIS)
        return true;
    for (size_t i = 0; i < AXIS_COUNT; i++) {
        if (strlen(axis_names[i]) == parser->lexer.length &&
            !memcmp(axis_names[i], parser->lexer.text, parser->lexer.length)) {
            step->axis = (uint8_t)i;
            return tp_xpath_advance(&parser->lexer) && expect(parser, "::");
        }
    }
    return tp_xpath_wrong(&parser->lexer, "an axis that XPath does not have");
}

static bool read_node_type(struct parser *parser, struct tp_xpath_node *step)
{
    switch (*parser->lexer.text) {
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
    if (!tp_xpath_advance(&parser->lexer) || !expect(parser, "("))
        return false;
    if (step->test == TP_TEST_PI && parser->lexer.token == TP_TOKEN_STRING) {
        step->text = parser->lexer.text + 1;
        step->length = parser->lexer.length - 2;
        if (!tp_xpath_advance(&parser->lexer))
            return false;
    }
    return expect(parser, ")");
}

static bool node_test(struct parser *parser, struct tp_xpath_node *step)
{
    if (parser->lexer.token == TP_TOKEN_TYPE)
        return read_node_type(parser, step);
    if (parser->lexer.token != TP_TOKEN_NAME)
        return tp_xpath_wrong(&parser->lexer, "the name of a node is missing");
    step->text = parser->lexer.text;
    step->length = parser->lexer.length;
    step->test = TP_TEST_NAME;
    if (step->text[step->length - 1] == '*') {
        step->test = TP_TEST_ANY;
        step->length = step->length > 2 ? step->length - 2 : 0;
    }
    return tp_xpath_advance(&parser->lexer);
}

static struct tp_xpath_node *step(struct parser *parser)
{
    struct tp_xpath_node *made = make(parser, TP_XPATH_STEP);

    if (!made)
        return NULL;
    if (tp_xpath_token_is(&parser->lexer, TP_TOKEN_PUNCTUATION, ".") ||
        tp_xpath_token_is(&parser->lexer, TP_TOKEN_PUNCTUATION, "..")) {
        made->axis = parser->lexer.length == 1 ? TP_AXIS_SELF : TP_AXIS_PARENT;
        made->test = TP_TEST_NODE;
        /* XPath allows no predicate here; ODK's forms use it ("..[...]"), and so may we */
        return tp_xpath_advance(&parser->lexer) && predicates(parser, made) ? made : NULL;
    }
    if (!read_axis(parser, made) || !node_test(parser, made) || !predicates(parser, made))
        return NULL;
    return made;
}

static bool starts_step(const struct parser *parser)
{
    return parser->lexer.token == TP_TOKEN_NAME || parser->lexer.token == TP_TOKEN_TYPE ||
           parser->lexer.token == TP_TOKEN_AXIS ||
           tp_xpath_token_is(&parser->lexer, TP_TOKEN_PUNCTUATION, ".") ||
           tp_xpath_token_is(&parser->lexer, TP_TOKEN_PUNCTUATION, "..") ||
           tp_xpath_token_is(&parser->lexer, TP_TOKEN_PUNCTUATION, "@");
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
        if (tp_xpath_token_is(&parser->lexer, TP_TOKEN_OPERATOR, "//")) {
            if (!add_descendants(parser, path))
                return false;
        } else if (!tp_xpath_token_is(&parser->lexer, TP_TOKEN_OPERATOR, "/")) {
            return true;
        }
        if (!tp_xpath_advance(&parser->lexer))
            return false;
    }
}

static struct tp_xpath_node *location_path(struct parser *parser)
{
    struct tp_xpath_node *path = make(parser, TP_XPATH_PATH);
    bool descendants = tp_xpath_token_is(&parser->lexer, TP_TOKEN_OPERATOR, "//");

    if (!path)
        return NULL;
    if (descendants || tp_xpath_token_is(&parser->lexer, TP_TOKEN_OPERATOR, "/")) {
        path->start = TP_XPATH_ROOT;
        if (descendants && !add_descendants(parser, path))
            return NULL;
        if (!tp_xpath_advance(&parser->lexer))
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
    made->length = parser->lexer.length;
    if (!tp_xpath_advance(&parser->lexer) || !expect(parser, "("))
        return NULL;
    if (tp_xpath_token_is(&parser->lexer, TP_TOKEN_PUNCTUATION, ")"))
        return tp_xpath_advance(&parser->lexer) ? made : NULL;
    for (;;) {
        struct tp_xpath_node *argument = expression(parser);

        if (!argument)
            return NULL;
        append(made, argument);
        if (!tp_xpath_token_is(&parser->lexer, TP_TOKEN_PUNCTUATION, ","))
            break;
        if (!tp_xpath_advance(&parser->lexer))
            return NULL;
    }
    return expect(parser, ")") ? made : NULL;
}

static struct tp_xpath_node *literal(struct parser *parser)
{
    bool text = parser->lexer.token == TP_TOKEN_STRING;
    struct tp_xpath_node *made = make(parser, text ? TP_XPATH_STRING : TP_XPATH_NUMBER);

    if (!made)
        return NULL;
    made->text += text;
    made->length = parser->lexer.length - (text ? 2 : 0);
    return tp_xpath_advance(&parser->lexer) ? made : NULL;
}

static struct tp_xpath_node *primary(struct parser *parser)
{
    struct tp_xpath_node *inside;

    switch (parser->lexer.token) {
    case TP_TOKEN_STRING:
    case TP_TOKEN_NUMBER:
        return literal(parser);
    case TP_TOKEN_FUNCTION:
        return call(parser);
    default:
        break;
    }
    if (!tp_xpath_token_is(&parser->lexer, TP_TOKEN_PUNCTUATION, "(")) {
        (void)tp_xpath_wrong(&parser->lexer, "a value is missing");
        return NULL;
    }
    if (!tp_xpath_advance(&parser->lexer) || !(inside = expression(parser)) || !expect(parser, ")"))
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
    if (tp_xpath_token_is(&parser->lexer, TP_TOKEN_PUNCTUATION, "[")) {
        struct tp_xpath_node *outer = make(parser, TP_XPATH_FILTER);

        if (!outer)
            return NULL;
        outer->first = made;
        if (!predicates(parser, outer))
            return NULL;
        made = outer;
    }
    if (!tp_xpath_token_is(&parser->lexer, TP_TOKEN_OPERATOR, "/") &&
        !tp_xpath_token_is(&parser->lexer, TP_TOKEN_OPERATOR, "//"))
        return made;
    path = make(parser, TP_XPATH_PATH);
    if (!path)
        return NULL;
    path->start = TP_XPATH_EXPR;
    path->first = made;
    if (tp_xpath_token_is(&parser->lexer, TP_TOKEN_OPERATOR, "//") &&
        !add_descendants(parser, path))
        return NULL;
    return tp_xpath_advance(&parser->lexer) && steps(parser, path) ? path : NULL;
}

static struct tp_xpath_node *path_expression(struct parser *parser)
{
    if (starts_step(parser) || tp_xpath_token_is(&parser->lexer, TP_TOKEN_OPERATOR, "/") ||
        tp_xpath_token_is(&parser->lexer, TP_TOKEN_OPERATOR, "//"))
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
        if (binaries[i].level == level &&
            tp_xpath_token_is(&parser->lexer, TP_TOKEN_OPERATOR, binaries[i].text)) {
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

    if (!tp_xpath_token_is(&parser->lexer, TP_TOKEN_OPERATOR, "-"))
        return binary(parser, LEVEL_UNION);
    if (++parser->depth > TP_XPATH_DEPTH_MAX) {
        (void)tp_fail(parser->lexer.error, TP_ERR_LIMIT, "nested more than %u deep",
                      TP_XPATH_DEPTH_MAX);
        return NULL;
    }
    made = make(parser, TP_XPATH_NEG);
    if (!made || !tp_xpath_advance(&parser->lexer) || !(inside = negation(parser)))
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
            (void)tp_fail(parser->lexer.error, TP_ERR_LIMIT, "more than %u operators in a row",
                          CHAIN_MAX);
            return NULL;
        }
        if (!made || !tp_xpath_advance(&parser->lexer))
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
        (void)tp_fail(parser->lexer.error, TP_ERR_LIMIT, "nested more than %u deep",
                      TP_XPATH_DEPTH_MAX);
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
        .arena = arena, .lexer = {.source = source, .at = source, .text = source, .error = error}};
    struct tp_xpath_node *made;

    if (!tp_xpath_advance(&parser.lexer))
        return false;
    if (parser.lexer.token == TP_TOKEN_END)
        return tp_fail(error, TP_ERR_INVALID, "an empty expression");
    made = expression(&parser);
    if (!made)
        return false;
    if (parser.lexer.token != TP_TOKEN_END)
        return tp_xpath_wrong(&parser.lexer, "an operator or comma is missing");
    *tree = made;
    return true;
}
