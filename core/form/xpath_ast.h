/*
 * XPath 1.0 expressions as trees, for looking at: libxml2 keeps its own compiled form to itself,
 * and the engine must know which answers an expression reads, check each function's name and
 * arguments at load, and write ODK's meaning of the operators into it (xpath_rewrite.c).
 *
 * A tree points into the source text, which must outlive it. Source: XPath 1.0, clause 3.7.
 */
#ifndef TP_FORM_XPATH_AST_H
#define TP_FORM_XPATH_AST_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "form/arena.h"

/* Brackets within each other; no person writes more. */
#define TP_XPATH_DEPTH_MAX 120u

enum tp_xpath_kind {
    TP_XPATH_OR,
    TP_XPATH_AND,
    TP_XPATH_EQ,
    TP_XPATH_NE,
    TP_XPATH_LT,
    TP_XPATH_LE,
    TP_XPATH_GT,
    TP_XPATH_GE,
    TP_XPATH_ADD,
    TP_XPATH_SUB,
    TP_XPATH_MUL,
    TP_XPATH_DIV,
    TP_XPATH_MOD,
    TP_XPATH_NEG,
    TP_XPATH_UNION,
    TP_XPATH_NUMBER, /* text: its digits */
    TP_XPATH_STRING, /* text: without the quotes */
    TP_XPATH_CALL,   /* text: the name; children: arguments */
    TP_XPATH_FILTER, /* children: a primary expression, then predicates */
    TP_XPATH_PATH,   /* children: (start EXPR: an expression,) then steps */
    TP_XPATH_STEP,   /* text: the name, or the target of processing-instruction(); children:
                        predicates */
};

enum tp_xpath_start { TP_XPATH_RELATIVE, TP_XPATH_ROOT, TP_XPATH_EXPR };

enum tp_xpath_axis {
    TP_AXIS_CHILD,
    TP_AXIS_PARENT,
    TP_AXIS_SELF,
    TP_AXIS_ATTRIBUTE,
    TP_AXIS_DESCENDANT,
    TP_AXIS_DESCENDANT_OR_SELF,
    TP_AXIS_ANCESTOR,
    TP_AXIS_ANCESTOR_OR_SELF,
    TP_AXIS_FOLLOWING,
    TP_AXIS_FOLLOWING_SIBLING,
    TP_AXIS_PRECEDING,
    TP_AXIS_PRECEDING_SIBLING,
    TP_AXIS_NAMESPACE,
};

enum tp_xpath_test {
    TP_TEST_NAME, /* text "a" or "p:a" */
    TP_TEST_ANY,  /* "*"; text "p" for "p:*" */
    TP_TEST_NODE,
    TP_TEST_TEXT,
    TP_TEST_COMMENT,
    TP_TEST_PI,
};

struct tp_xpath_node {
    uint8_t kind;  /* enum tp_xpath_kind */
    uint8_t start; /* PATH */
    uint8_t axis;  /* STEP */
    uint8_t test;  /* STEP */
    uint32_t length;
    const char *text; /* `length` bytes of the source, not ended */
    struct tp_xpath_node *first, *next;
};

/* Fails with TP_ERR_INVALID, saying what was found and where, or TP_ERR_LIMIT. */
bool tp_xpath_parse(struct tp_arena *arena, const char *source, struct tp_xpath_node **tree,
                    struct tp_error *error);

/* "child", "parent"...: what libxml2 writes too. */
const char *tp_xpath_axis_name(enum tp_xpath_axis axis);

/* Whether a node's text is exactly this. */
bool tp_xpath_text_is(const struct tp_xpath_node *node, const char *text);

#endif
