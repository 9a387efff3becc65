/*
 * ODK's XPath on libxml2's: expressions compiled once, evaluated as often as needed.
 *
 * libxml2 walks the paths, axes and predicates. Around it this module puts what ODK adds: its
 * functions (one table, xpath_functions.c), dates as numbers, and the rule that a path inside a
 * repeat means the same repeat instance. To that end an expression is parsed, every reference to
 * the form's own answers is resolved against its instance at compile time and becomes a variable
 * ($r0, $r1...) that names nodes directly, and operators become functions (_eq, _add...). What is
 * left is handed to libxml2. The references found on the way are the expression's dependencies.
 *
 * Thread: one at a time for an expression and the environment it is evaluated in.
 * Sources: XPath 1.0; ODK XForms specification, "XPath Functions"; JavaRosa, where it is silent.
 */
#ifndef TP_FORM_XPATH_H
#define TP_FORM_XPATH_H

#include <libxml/xpath.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/random.h"
#include "base/zone.h"
#include "form/arena.h"

struct tp_model;

/* What an expression reads of the main instance: nodes of one kind (a model node), in the same
 * instance of their `bound` outermost repeats as the node the expression belongs to. */
struct tp_xpath_ref {
    uint32_t model;
    uint32_t bound;
};

enum tp_xpath_type {
    TP_XPATH_TYPE_ANY,
    TP_XPATH_TYPE_BOOLEAN,
    TP_XPATH_TYPE_NUMBER,
    TP_XPATH_TYPE_STRING,
    TP_XPATH_TYPE_NODESET,
};

struct tp_xpath_expr {
    const char *source; /* as the form has it */
    uint32_t context;   /* the model node it belongs to; 0: none */
    enum tp_xpath_type type;
    enum { TP_XPATH_VARIES, TP_XPATH_TRUE, TP_XPATH_FALSE } constant;
    bool changes_by_itself; /* now(), today(), random(), uuid() */
    bool uses_position;
    /* Variables $r0... are the first `variable_count`; the rest are read in other ways. */
    struct tp_xpath_ref *refs;
    uint32_t ref_count, variable_count;
    double *numbers; /* $c0...: literals that libxml2 would not read exactly */
    uint32_t number_count;
    char *rewritten;              /* for libxml2; in the arena */
    xmlXPathCompExprPtr compiled; /* owned; made when first evaluated */
};

struct tp_xpath_scope {
    struct tp_arena *arena;       /* where expressions live */
    struct tp_arena *scratch;     /* for the work of compiling; emptied each time */
    const struct tp_model *model; /* NULL: no form, paths are libxml2's alone */
    uint32_t context;             /* model node */
    bool in_choice;               /* relative paths start at a choice's node, not at `context` */
    bool lenient;                 /* unknown functions fail when they are reached, not at once */
};

/* Fails with the reason, without the expression (the caller names both). */
bool tp_xpath_compile(const struct tp_xpath_scope *scope, const char *source,
                      struct tp_xpath_expr **expr, struct tp_error *error);

/* Frees what is not in the arena. */
void tp_xpath_finish(struct tp_xpath_expr *expr);

/* ---- evaluating ---- */

struct tp_xpath_env;

/* What only a session can answer; all may be NULL. */
struct tp_xpath_hooks {
    /* The nodes a reference names now, pushed on `nodes`. */
    void (*resolve)(struct tp_xpath_env *env, const struct tp_xpath_ref *ref, xmlNodeSetPtr nodes);
    /* Whether a node of the main instance is relevant. */
    bool (*relevant)(struct tp_xpath_env *env, xmlNodePtr node);
    /* Whether a node's bind says it is a number (int or decimal). */
    bool (*numeric)(struct tp_xpath_env *env, xmlNodePtr node);
    /* Whether a node's answer says no: 0 where its bind says number, false or 0 where boolean. */
    bool (*says_no)(struct tp_xpath_env *env, xmlNodePtr node, const char *answer);
    /* The parent of a secondary instance's root element; NULL: there is none of that name. */
    xmlNodePtr (*instance)(struct tp_xpath_env *env, const char *id);
    /* Texts; appended to `out`. False: there is none. */
    /* Items of a secondary instance (elements `item` below the root element `root`) whose child
     * `column` has this text, or, where it is NULL, all of them; pushed on `nodes`. */
    void (*lookup)(struct tp_xpath_env *env, const char *id, const char *root, const char *item,
                   const char *column, const char *text, xmlNodeSetPtr nodes);
    bool (*itext)(struct tp_xpath_env *env, const char *id, struct tp_buf *out);
    bool (*choice_name)(struct tp_xpath_env *env, const char *value, const char *path,
                        struct tp_buf *out);
    bool (*pulldata)(struct tp_xpath_env *env, const char *const arguments[4], struct tp_buf *out);
    /* A property by name ("deviceid"), or NULL. */
    const char *(*property)(struct tp_xpath_env *env, const char *name);
};

struct tp_xpath_env {
    struct tp_clock clock;
    struct tp_random random;
    const struct tp_zone *zone; /* NULL: UTC */
    const char *language;       /* BCP 47, for names of days and months; NULL: English */
    const char *version;        /* of the form */
    bool in_form;               /* values are answers; else as XPath 1.0 says where they differ */
    const struct tp_xpath_hooks *hooks;
    void *owner; /* for the hooks */

    xmlXPathContextPtr context;       /* made by tp_xpath_env_init */
    xmlNodePtr root;                  /* what "/" means; the document unless changed */
    const struct tp_xpath_expr *expr; /* being evaluated */
    xmlNodePtr origin;                /* the node the expression belongs to: current() */
    uint32_t origin_handle;           /* the same for the hooks */
    const xmlNode *placed;            /* whose place was asked for last in this evaluation */
    double place;                     /* and that place */
    bool failed;                      /* in this evaluation */
    char failure[256];                /* the first reason, in words */
};

/* The caller has set the fields above `context`. `doc` may be NULL. */
bool tp_xpath_env_init(struct tp_xpath_env *env, xmlDocPtr doc, struct tp_error *error);
void tp_xpath_env_finish(struct tp_xpath_env *env);

/* Evaluates for `node` (NULL: no node). The result is the caller's (xmlXPathFreeObject); NULL when
 * libxml2 refused, with env->failure set. Something that cannot be (a date of nonsense) sets
 * env->failed and goes on with an empty value. */
xmlXPathObjectPtr tp_xpath_eval(struct tp_xpath_env *env, struct tp_xpath_expr *expr,
                                xmlNodePtr node, uint32_t handle);

/* Notes why something could not be evaluated; the first note stays. */
void tp_xpath_fail(struct tp_xpath_env *env, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* ODK's conversions of a result. Text is appended. */
bool tp_xpath_to_boolean(struct tp_xpath_env *env, const xmlXPathObject *value);
double tp_xpath_to_number(struct tp_xpath_env *env, const xmlXPathObject *value);
void tp_xpath_to_text(struct tp_xpath_env *env, const xmlXPathObject *value, struct tp_buf *out);

#endif
