/*
 * What a session is made of. For core/form's own files; others see form/session.h.
 *
 * The instance is a libxml2 tree without namespaces (names stand for themselves) so that XPath
 * can walk it. Beside it each node has an entry in `nodes`; its index is the node's handle. The
 * nodes of one repeat instance are a block of handles: the instance's own first, then its
 * descendants' in the order of the model. Where a nested repeat begins, the block has one handle
 * for the whole range of its instances; those have blocks of their own.
 */
#ifndef TP_FORM_SESSION_INTERNAL_H
#define TP_FORM_SESSION_INTERNAL_H

#include <libxml/tree.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "form/form_internal.h"
#include "form/session.h"
#include "form/xml.h"
#include "form/xpath.h"
#include "form/xpath_value.h"

/* Handles of one session; blocks of removed repeats are not used again. */
#define TP_SESSION_NODES_MAX 2000000u
/* Actions set off by one answer, one after the other. */
#define TP_SESSION_ACTIONS_MAX 10000u

struct tp_inode {
    uint32_t model;    /* 0: nothing stands here */
    uint32_t instance; /* index of its repeat instance; 0: the form itself */
    union {
        xmlNodePtr element; /* or attribute */
        uint32_t range;     /* of a repeat's range: its index */
    };
    uint32_t page;    /* handle of its page, as of the last listing; 0: none */
    uint32_t choices; /* its list is choices[choices - 1] of the session; 0: none yet */
    bool is_range : 1;
    bool gone : 1; /* its repeat instance was removed, or the count says it is not wanted */
    bool relevant_own : 1;
    bool relevant : 1; /* own, and all around it */
    bool readonly : 1; /* own */
    bool required : 1;
    bool answered : 1; /* by the person */
    uint8_t dirty;     /* bit for each enum tp_calculation_kind */
};

struct tp_repeat {
    uint32_t model;  /* 1 for the form itself */
    uint32_t base;   /* first handle of the block */
    uint32_t parent; /* repeat instance around it */
    uint32_t depth;  /* repeats around and including it */
    bool gone;
};

struct tp_range {
    uint32_t model;
    uint32_t parent; /* repeat instance it is in */
    uint32_t handle;
    uint32_t *instances; /* owned; indexes of struct tp_repeat, in order */
    uint32_t count, capacity;
    uint32_t parked; /* instances beyond `count` that a smaller count put aside */
    uint32_t run;    /* of the queue in which a circular count last made it grow */
};

/* What a person chose, of which the choices on offer now leave less. When they come back, so does
 * the answer. */
struct tp_aside {
    uint32_t node;
    char *chosen; /* owned */
};

/* Choices of an itemset for one node, as of a revision. */
struct tp_choice_list {
    bool filling; /* its filter asks for it: there is nothing yet */
    uint64_t revision;
    xmlNodePtr *items; /* owned */
    size_t count;
};

struct tp_session {
    const struct tp_form *form;
    xmlDocPtr doc; /* owned; the instance */
    struct tp_xpath_env env;
    char *device_id; /* owned */
    const struct tp_form_language *language;
    size_t language_index;
    tp_session_show_day *show_day;
    void *show_context;
    unsigned evaluating;  /* within an expression, whose texts are no labels */
    unsigned evaluations; /* of expressions within the outermost that is being evaluated */

    struct tp_inode *nodes; /* owned; [0] is none */
    uint32_t node_count, node_capacity;
    struct tp_repeat *repeats; /* owned; [0] is the form itself */
    uint32_t repeat_count, repeat_capacity;
    struct tp_range *ranges; /* owned; [0] is none */
    uint32_t range_count, range_capacity;

    uint64_t *queue; /* owned; a heap of rank << 32 | handle */
    size_t queue_count, queue_capacity;
    uint32_t *changed; /* owned; nodes whose value-changed actions are still to run */
    size_t changed_count, changed_capacity;
    uint32_t run;          /* of the queue */
    uint32_t actions_run;  /* for the current answer */
    uint32_t acting;       /* actions within each other's events */
    uint32_t counting;     /* counts that are being followed */
    uint32_t calculations; /* since the last answer */
    uint64_t revision;     /* changes with every answer, language and repeat */
    bool ready;            /* loaded: actions and itemsets take effect */
    bool touched;
    bool out_of_memory; /* something could not be done; the next call that can fail says so */

    struct tp_aside *asides; /* owned */
    size_t aside_count, aside_capacity;

    struct tp_choice_list *choices; /* owned; one for each question asked about */
    size_t choice_count, choice_capacity;
    size_t choice_items; /* nodes in all of them, counted up since they were last forgotten */

    struct tp_arena texts; /* what was handed out; emptied at each change */
    uint64_t texts_revision;

    uint32_t page;     /* handle; 0: the end */
    size_t page_place; /* its place among the pages */
    bool singly;       /* Easy Read: a field-list is one question a page */
    uint32_t *pages;   /* owned; relevant pages in order */
    size_t page_count, page_capacity;
    uint32_t *page_starts; /* each page's first place in `questions`; the rest of it follows */
    size_t page_start_capacity;
    uint32_t *questions; /* owned; questions of all pages in order */
    size_t question_count, question_capacity;
    uint64_t pages_revision; /* 0: never listed */
    uint64_t page_settled;   /* the structure in which `page` was last found to be there */
    uint64_t structure;      /* changes with relevance and repeats */

    int64_t started_ms;
    char instance_id[TP_SESSION_ID_MAX];
};

/* ---- building (session_build.c) ---- */

/* Builds the instance from the form's. */
bool tp_session_build(struct tp_session *session, struct tp_error *error);
/* Adds an instance to the end of a range, as in the repeat's template, else empty; 0 when it cannot
 * be. */
uint32_t tp_session_grow(struct tp_session *session, uint32_t range, bool from_parked,
                         struct tp_error *error);
/* Takes an instance out; `park` keeps it for a count that grows again. */
void tp_session_shrink(struct tp_session *session, uint32_t range, uint32_t index, bool park);
/* Values that came with the form, in the nodes from `first` on, are brought to how their type is
 * stored; what is not of the type, or no choice, goes. */
void tp_session_settle(struct tp_session *session, uint32_t first);

/* ---- nodes (session_nodes.c) ---- */

/* The node of `model` in a repeat instance that is at or within the innermost repeat around it. */
static inline uint32_t tp_node_in(const struct tp_session *session, uint32_t repeat, uint32_t model)
{
    const struct tp_repeat *at = &session->repeats[repeat];

    return at->base + (model - at->model);
}

static inline const struct tp_model_node *tp_model_of(const struct tp_session *session,
                                                      uint32_t node)
{
    return &session->form->model.nodes[session->nodes[node].model];
}

/* The node above: an element's parent, an instance's or range's enclosing element. 0: none. */
uint32_t tp_node_parent(const struct tp_session *session, uint32_t node);

/* The repeat instance around `repeat` (or itself) with this many repeats around and including it.
 */
uint32_t tp_repeat_at_depth(const struct tp_session *session, uint32_t repeat, uint32_t depth);

/* Calls `each` for every node of `model` inside a repeat instance (ranges, where `ranges`). */
void tp_session_each(struct tp_session *session, uint32_t repeat, uint32_t model, bool ranges,
                     void (*each)(struct tp_session *session, uint32_t node, void *state),
                     void *state);

/* Calls `each` for every node of a repeat instance (0: the whole form), ranges too, and for those
 * of the instances in it. */
void tp_session_each_within(struct tp_session *session, uint32_t repeat,
                            void (*each)(struct tp_session *session, uint32_t node, void *state),
                            void *state);

/* The text of a leaf; "" where there is none. */
const char *tp_node_value(const struct tp_session *session, uint32_t node);
/* Repeats and what has elements below it hold none, whatever a bind or an action says. */
bool tp_node_holds_value(const struct tp_session *session, uint32_t node);
/* Replaces it. False when out of memory. */
bool tp_node_set_value(struct tp_session *session, uint32_t node, const char *value);

/* Whether this handle names something that is there. */
bool tp_node_exists(const struct tp_session *session, uint32_t node);

/* "/data/household[2]/age", appended. */
void tp_node_path(const struct tp_session *session, uint32_t node, struct tp_buf *out);

/* By the form's own list, for languages without a tag; NULL: the default. */
void tp_session_use_language(struct tp_session *session, const struct tp_form_language *language);

/* The handle of an element of the instance. */
uint32_t tp_node_of_element(const xmlNode *element);

/* ---- recalculation (session_recalc.c) ---- */

/* Everything in a new block, and all that reads into the repeat. */
void tp_recalc_mark_block(struct tp_session *session, uint32_t repeat);
void tp_recalc_mark_structure(struct tp_session *session, uint32_t range);
void tp_recalc_mark_all(struct tp_session *session);
/* Works the queue off, and the actions that wait for what changed. */
void tp_recalc_run(struct tp_session *session);
/* The same after an action, for what changed from the `first` of session->changed on. */
void tp_recalc_settle(struct tp_session *session, size_t first);

/* Stores a value, in the type's canonical form where it can be. Marks what reads it and runs
 * value-changed actions. True where the value is another. */
bool tp_session_store(struct tp_session *session, uint32_t node, const char *value);

/* Stores what an action or a calculation gives: an itemset keeps of it what it offers. */
void tp_session_give(struct tp_session *session, uint32_t node, const char *value);

/* ---- what is chosen, as a set (session_words.c) ---- */

#define TP_WORD_SPACE " \t\r\n" /* what parts words */

struct tp_word {
    const char *text; /* in the text that was read */
    size_t length;
    bool marked; /* the caller's */
};

struct tp_words {
    struct tp_word *items; /* owned */
    size_t count;
};

/* The words of a text, which must stay as it is meanwhile. False when there is no memory. */
bool tp_words_read(struct tp_words *words, const char *text);
/* The word, the same for each that is alike; NULL: it is not there. */
struct tp_word *tp_words_find(const struct tp_words *words, const char *text, size_t length);
void tp_words_finish(struct tp_words *words);

/* ---- actions and preloads (session_events.c) ---- */

void tp_session_preload(struct tp_session *session, uint32_t repeat);
void tp_session_dispatch(struct tp_session *session, unsigned event, uint32_t repeat);
void tp_session_value_changed(struct tp_session *session, uint32_t node);

/* ---- evaluation (session_env.c) ---- */

bool tp_session_open_env(struct tp_session *session, const struct tp_session_params *params,
                         struct tp_error *error);
bool tp_session_boolean(struct tp_session *session, struct tp_xpath_expr *expr, uint32_t node);
/* Appends the text of the result. */
void tp_session_text_of(struct tp_session *session, struct tp_xpath_expr *expr, uint32_t node,
                        struct tp_buf *out);
xmlXPathObjectPtr tp_session_eval(struct tp_session *session, struct tp_xpath_expr *expr,
                                  uint32_t node);

/* ---- texts (session_text.c) ---- */

/* A copy that lasts until the next change; NULL when out of memory. */
const char *tp_session_keep(struct tp_session *session, const char *text, size_t length);
/* All of a source's forms in the current language. */
void tp_session_texts(struct tp_session *session, const struct tp_text_source *source,
                      uint32_t node, struct tp_text *text, const char **guidance);
void tp_session_itext(struct tp_session *session, uint32_t entry, uint32_t context, uint32_t node,
                      struct tp_text *text, const char **guidance);
/* Just the words, appended. */
bool tp_session_words(struct tp_session *session, const struct tp_text_source *source,
                      uint32_t node, struct tp_buf *out);

/* ---- choices (session_choices.c) ---- */

size_t tp_session_choice_count(struct tp_session *session, uint32_t node);
/* The index-th choice's value; lasts until the next change. */
const char *tp_session_choice_value(struct tp_session *session, uint32_t node, size_t index);
/* Holds the answer against the choices on offer: what is not among them is put aside, what comes
 * back is restored. True where the value changed. */
bool tp_session_offer_choices(struct tp_session *session, uint32_t node);
/* Takes from what came with the form all that is among no written choices. */
void tp_session_keep_choices(struct tp_session *session, uint32_t node);
/* A new answer takes the place of what was put aside. */
void tp_session_drop_aside(struct tp_session *session, uint32_t node);
void tp_session_forget_asides(struct tp_session *session);
/* What of `value` is on offer, in the order of the choices; appended. */
void tp_session_in_order(struct tp_session *session, uint32_t node, const char *value,
                         struct tp_buf *out);
void tp_session_forget_choices(struct tp_session *session);
/* The rows that search() found, put into the order they are shown in and each `value` (a column)
 * once: how many are left. */
size_t tp_session_looked_up(xmlNodePtr *items, size_t count, const char *value);
/* Label of the choice with this value of a question (by model), appended; false: no such choice. */
bool tp_session_choice_words(struct tp_session *session, uint32_t node, const char *value,
                             struct tp_buf *out);

/* ---- values (value.c) ---- */

/* Writes `text` as the type stores it. False where it is not of the type (then `out` has the text
 * as it was). "" is of every type. */
bool tp_value_canonical(enum tp_type type, const char *text, const struct tp_session *session,
                        struct tp_buf *out);

/* Whether a value that comes with the form is spelt as its type is stored: whole numbers have 32
 * bits, a date no time with a zone, a time no date. JavaRosa and web-forms agree on what goes; what
 * is calculated may say more. */
bool tp_value_is_written(enum tp_type type, const char *text);

/* A stored value as an instance has it. To people and to expressions the decimal 10 is 10; in the
 * XML it is 10.0, as JavaRosa and web-forms write it. Points to `value` or into `room`. */
const char *tp_value_written(enum tp_type type, const char *value, char room[TP_NUMBER_TEXT_MAX]);

/* ---- pages (session_pages.c) ---- */

void tp_session_list_pages(struct tp_session *session);

/* The body entry a node is asked by; NULL: none. */
const struct tp_body *tp_node_body(const struct tp_session *session, uint32_t node);
/* What a question, group or repeat is called. */
const struct tp_text_source *tp_body_label(const struct tp_session *session,
                                           const struct tp_body *body);
const struct tp_bind *tp_node_bind(const struct tp_session *session, uint32_t node);
/* The type of its answer; that of a choice, whatever its bind says. */
enum tp_type tp_node_type(const struct tp_session *session, uint32_t node);
enum tp_control tp_node_control(const struct tp_session *session, uint32_t node);
/* Whether the node, asked by body element `index`, is words above the rows of a table. */
bool tp_node_is_lead(const struct tp_session *session, uint32_t node, uint32_t index);
bool tp_node_readonly(const struct tp_session *session, uint32_t node);

#endif
