/*
 * What a compiled form is made of. For core/form's own files; others see form/form.h.
 *
 * Everything lives in the form's arena or points into its XML document, which is kept. Index 0 of
 * each array is "none".
 */
#ifndef TP_FORM_FORM_INTERNAL_H
#define TP_FORM_FORM_INTERNAL_H

#include <libxml/tree.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "form/arena.h"
#include "form/form.h"
#include "form/model.h"
#include "form/session.h"
#include "form/xpath.h"

#define TP_NS_JAVAROSA "http://openrosa.org/javarosa"
#define TP_NS_OPENROSA "http://openrosa.org/xforms"

/* ---- texts (form_itext.c) ---- */

/* A label, hint or message: words in the form, an itext entry, or an expression. */
struct tp_text_source {
    bool present;               /* there is an element for it, be it empty */
    const xmlNode *node;        /* element whose content is the text, outputs included */
    const char *literal;        /* or plain words */
    uint32_t itext;             /* or an entry of the form's itext; 0: none */
    struct tp_xpath_expr *expr; /* or this, evaluated... */
    bool expr_is_id;            /* ...to an itext id */
    uint32_t context;           /* model node that outputs are relative to */
};

struct tp_itext_entry {
    const char *id;
    const xmlNode **texts; /* one <text> for each language, NULL where it is missing */
};

struct tp_itext {
    struct tp_itext_entry *entries; /* from 1 */
    uint32_t count;
    uint32_t *table; /* hash of ids */
    uint32_t table_size;
    struct tp_form_language *languages;
    size_t language_count;
    size_t default_language;
};

/* ---- binds (form_bind.c) ---- */

enum tp_preload {
    TP_PRELOAD_NONE,
    TP_PRELOAD_UID,
    TP_PRELOAD_START,
    TP_PRELOAD_END,
    TP_PRELOAD_TODAY,
    TP_PRELOAD_PROPERTY,
};

struct tp_bind {
    uint32_t model;
    const xmlNode *element; /* the last, where there are several */
    enum tp_type type;
    struct tp_xpath_expr *relevant, *readonly, *required, *constraint, *calculate;
    struct tp_text_source required_message, constraint_message;
    enum tp_preload preload;
    const char *preload_params;
    bool save_incomplete;
};

/* ---- the body (form_body.c) ---- */

enum tp_body_kind {
    TP_BODY_GROUP,
    TP_BODY_REPEAT,
    TP_BODY_QUESTION,
};

struct tp_item {
    const char *value; /* trimmed */
    bool exclusive;
    struct tp_text_source label;
};

/* <itemset>: choices that are nodes somewhere. */
struct tp_itemset {
    struct tp_xpath_expr *nodes;
    const char *value, *label; /* child names, where the refs are as simple as that */
    struct tp_xpath_expr *value_expr, *label_expr;
    bool label_is_id; /* jr:itext(label) */
    bool looked_up;   /* by search(), on a file; the value is a column */
};

struct tp_body {
    enum tp_body_kind kind;
    uint32_t model; /* what it is about; of a group without a ref, its parent's */
    bool has_ref;
    uint32_t parent, first, next; /* body elements */
    enum tp_control control;
    const char *appearance;
    struct tp_text_source label, hint;
    const char *range_start, *range_end, *range_step;
    const char *mediatype;
    size_t rows;
    struct tp_item *items;
    uint32_t item_count;
    uint32_t items_before; /* of these, how many stand before the itemset */
    struct tp_itemset *itemset;
    /* repeats */
    struct tp_xpath_expr *count;
    bool fixed;         /* jr:noAddRemove */
    bool field_list;    /* shown on one page; true for what is inside, too */
    uint32_t page;      /* the body element that it shares a page of; 0: none */
    bool is_row;        /* a row of a table: on a page of its own within a field-list */
    uint32_t first_row; /* of a field-list that is a table; 0: it is none */
    int line;
};

/* ---- actions (form_action.c) ---- */

enum tp_event {
    TP_EVENT_FIRST_LOAD = 1,
    TP_EVENT_LOAD = 2,
    TP_EVENT_NEW_REPEAT = 4,
    TP_EVENT_VALUE_CHANGED = 8,
};

struct tp_action {
    unsigned events; /* enum tp_event, or'ed */
    uint32_t target; /* model node; 0: the expression names it */
    struct tp_xpath_expr *target_expr;
    uint32_t source;             /* value-changed: whose value; new-repeat: the repeat */
    struct tp_xpath_expr *value; /* NULL: the literal */
    const char *literal;
    uint32_t next_of_source; /* value-changed actions of one source, in order; 0: the last */
};

/* ---- secondary instances (form_instance.c) ---- */

struct tp_instance {
    const char *id;
    const char *src;           /* NULL: inline */
    xmlNodePtr parent;         /* of its root element; NULL: missing */
    xmlDocPtr doc;             /* owned; NULL: in the form's document */
    struct tp_lookup *lookups; /* owned list */
};

/* ---- recalculation (dag.c) ---- */

enum tp_calculation_kind {
    TP_CALC_RELEVANT, /* every node has one: it inherits */
    TP_CALC_VALUE,
    TP_CALC_COUNT, /* of a repeat */
    TP_CALC_READONLY,
    TP_CALC_REQUIRED,
    TP_CALC_ITEMSET, /* whether what is chosen is still on offer */
};

struct tp_calculation {
    enum tp_calculation_kind kind;
    uint32_t model;
    struct tp_xpath_expr *expr; /* NULL: inherited relevance only */
};

/* One calculation that reads a model node. */
struct tp_dependent {
    uint32_t calculation; /* its rank: index in `order` */
    uint32_t bound;       /* repeats whose instance it shares with what it reads */
};

struct tp_dag {
    struct tp_calculation *order; /* a calculation comes after all it reads; from 1 */
    uint32_t count;
    uint32_t (*rank)[TP_CALC_ITEMSET + 1]; /* by model and kind: index in order; 0: none */
    struct tp_dependent *dependents;       /* of all models, in their order */
    uint32_t *first_dependent;             /* by model; count + 1 entries */
    bool *circular; /* by model: a repeat whose number depends on what is in it */
};

/* ---- the form ---- */

struct tp_form {
    const char *name; /* for error texts */
    const char *id, *version, *title, *public_key;
    const char *media_dir;
    bool lenient;
    bool media_may_be_missing;
    struct tp_problems *problems; /* borrowed while loading; NULL: the first problem ends it */
    struct tp_error first;        /* the first problem noted, where there is one */
    bool is_wrong;                /* a problem was noted */
    xmlDocPtr doc;                /* owned */
    struct tp_arena arena, scratch;
    struct tp_model model;
    const xmlNode *instance_root; /* the primary instance in `doc` */
    uint32_t meta, instance_id;   /* model nodes */
    bool added_instance_id;       /* the form had no node for it */
    struct tp_itext itext;
    struct tp_bind *binds;
    uint32_t bind_count;
    uint32_t *bind_of; /* by model */
    struct tp_body *body;
    uint32_t body_count;
    uint32_t *body_of;            /* question or repeat, by model */
    const xmlNode **body_sources; /* the element of each entry */
    uint32_t *group_of;           /* group with a ref, by model */
    struct tp_action *actions;    /* from 1 */
    uint32_t action_count;
    uint32_t *changed_actions; /* by model: first value-changed action */
    struct tp_instance *instances;
    size_t instance_count;
    struct tp_instance **instance_table; /* hash of ids */
    size_t instance_table_size;
    struct tp_dag dag;
    struct tp_xpath_expr **exprs; /* every compiled expression, to free what libxml2 owns */
    size_t expr_count, expr_capacity;
    struct tp_output **outputs; /* hash of compiled outputs (session_text.c) */
    size_t output_count, output_capacity;
};

/* Compiles for a model node and keeps it. The error names the line of the element `at`, the
 * expression and `what` it is for ("relevant of /data/a"). */
bool tp_form_compile(struct tp_form *form, const xmlNode *at, uint32_t context, const char *source,
                     const char *what, struct tp_xpath_expr **expr, struct tp_error *error);

/* Compiles a path from a choice's node, wherever that is; `context` is the question's. */
bool tp_form_compile_item(struct tp_form *form, const xmlNode *at, uint32_t context,
                          const char *source, struct tp_xpath_expr **expr, struct tp_error *error);

/* tp_fail with the form's name and the element's line before the text. */
bool tp_form_fail(const struct tp_form *form, const xmlNode *at, struct tp_error *error,
                  enum tp_error_code code, const char *format, ...)
    __attribute__((format(printf, 5, 6)));

/* Notes a problem for the author where a list of them is wanted, so that loading goes on to the
 * next. False where it ends here. */
bool tp_form_note(struct tp_form *form, const struct tp_error *problem);

/* What an element of the body or an action is about: its ref, or the node of the bind whose id its
 * `bind` names. NULL: neither. */
const char *tp_form_ref(const struct tp_form *form, const xmlNode *element);

/* Is this element refused by name (form_refuse.c)? */
bool tp_form_is_refused(const xmlNode *element);

/* The parts of loading, in this order. Each leaves what it made in the form. */
bool tp_form_load_itext(struct tp_form *form, const xmlNode *model, struct tp_error *error);
bool tp_form_load_instances(struct tp_form *form, const xmlNode *model, struct tp_error *error);
bool tp_form_load_body(struct tp_form *form, const xmlNode *body, struct tp_error *error);
bool tp_form_load_binds(struct tp_form *form, const xmlNode *model, struct tp_error *error);
bool tp_form_compile_body(struct tp_form *form, struct tp_error *error);
/* form_search.c: makes itemsets of what appearances look up in files; after the itext, before the
 * instances. */
bool tp_form_expand_searches(struct tp_form *form, xmlNodePtr model, xmlNodePtr body,
                             struct tp_error *error);
bool tp_form_load_actions(struct tp_form *form, const xmlNode *model, const xmlNode *body,
                          struct tp_error *error);
bool tp_form_build_dag(struct tp_form *form, struct tp_error *error);

/* form_outputs.c: notes every output that cannot be compiled, with its line, where a list of
 * problems is wanted. */
bool tp_form_check_outputs(struct tp_form *form, struct tp_error *error);

/* An <output>'s expression; NULL: it has none. */
const char *tp_form_output_source(const xmlNode *output);

/* Refuses by name what a public touchscreen cannot ask (form_refuse.c). */
bool tp_form_refuse(struct tp_form *form, const xmlNode *html, struct tp_error *error);

/* The same from a ref ("jr:itext('id')", or a path) alone. */
bool tp_form_text_from_ref(struct tp_form *form, const xmlNode *at, const char *ref,
                           uint32_t context, struct tp_text_source *source, struct tp_error *error);

/* Entry of an itext id; 0: none. */
uint32_t tp_itext_find(const struct tp_itext *itext, const char *id);

const struct tp_bind *tp_form_bind(const struct tp_form *form, uint32_t model);

struct tp_instance *tp_form_instance(const struct tp_form *form, const char *id);
void tp_form_finish_instances(struct tp_form *form);

/* The first item of a secondary instance whose child `column` has this text; NULL: none. The column
 * is indexed when it is first asked for. */
xmlNodePtr tp_instance_find(const struct tp_form *form, const char *id, const char *column,
                            const char *key);
/* All of them, in document order; an item without the column counts as "". */
void tp_instance_each(const struct tp_form *form, const char *id, const char *column,
                      const char *key, void (*each)(xmlNodePtr item, void *state), void *state);
/* The text of an item's child; NULL: it has none of that name. */
const char *tp_item_text(const xmlNode *item, const char *column);

/* The attribute of an <itemset> that search() became (form_search.c). */
#define TP_LOOKED_UP "talkpoint-looked-up"

#endif
