/*
 * The words of an XPath expression, one after the other. For core/form/xpath_ast.c and
 * xpath_lexer.c only. Thread: any. Source: XPath 1.0, 3.7.
 */
#ifndef TP_FORM_XPATH_LEXER_H
#define TP_FORM_XPATH_LEXER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"

enum tp_xpath_token {
    TP_TOKEN_END,
    TP_TOKEN_NUMBER,
    TP_TOKEN_STRING,
    TP_TOKEN_NAME,     /* a name test: "a", "p:a", "p:*", "*" */
    TP_TOKEN_FUNCTION, /* a name before "(" */
    TP_TOKEN_TYPE,     /* node, text, comment, processing-instruction before "(" */
    TP_TOKEN_AXIS,     /* a name before "::" */
    TP_TOKEN_VARIABLE,
    TP_TOKEN_OPERATOR,    /* and or mod div * / // | + - = != < <= > >= */
    TP_TOKEN_PUNCTUATION, /* ( ) [ ] . .. @ , :: */
};

struct tp_xpath_lexer {
    const char *source;
    const char *at; /* after the current token */
    enum tp_xpath_token token;
    const char *text; /* the current token; in the source */
    uint32_t length;
    bool operand_before; /* the token before the current one ends an operand */
    struct tp_error *error;
};

/* The next token; false with the reason where there is none. */
bool tp_xpath_advance(struct tp_xpath_lexer *lexer);
bool tp_xpath_token_is(const struct tp_xpath_lexer *lexer, enum tp_xpath_token token,
                       const char *text);
/* Fails with `what` and the place. Always false. */
bool tp_xpath_wrong(struct tp_xpath_lexer *lexer, const char *what);

#endif
