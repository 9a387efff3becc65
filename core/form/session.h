/*
 * A session: one person's answers to one form, from the first page to the instance XML.
 *
 * After each answer only what depends on it is calculated again, in the order fixed when the form
 * was loaded. Nothing is written anywhere; destroying a session wipes every answer it held.
 *
 * Handles (tp_node) name one node of this person's instance. They stay the same for the life of
 * the session and are not reused, also when a repeat is removed. Text that a function hands out
 * belongs to the session and lasts until the next call that changes it (set, clear, toggle, add,
 * remove, language, destroy). Moving between pages and asking for views is no change.
 *
 * Thread: the one that has the form.
 */
#ifndef TP_FORM_SESSION_H
#define TP_FORM_SESSION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/random.h"
#include "base/zone.h"
#include "form/form.h"

/* One answer; the longest comment a keyboard will ever give. */
#define TP_ANSWER_MAX (64u * 1024u)
/* One instance as XML. */
#define TP_INSTANCE_MAX (8u * 1024u * 1024u)
/* Instances of one repeat, all told; above what anyone enters by hand. */
#define TP_REPEAT_MAX 1000u

struct tp_session;

typedef uint32_t tp_node;
#define TP_NODE_NONE ((tp_node)0)

/* How a day, a time or both is shown in a label that refers to its question (an output whose value
 * is a path): appends `value`, as stored, to `out` in words. `appearance` is the question's, never
 * NULL. Nothing that is calculated sees these words; what a form formats itself (format-date())
 * stays as it does. */
typedef void tp_session_show_day(void *context, const char *value, const char *appearance,
                                 struct tp_buf *out);

struct tp_session_params {
    struct tp_clock clock;
    struct tp_random random;
    const struct tp_zone *zone; /* for today(), now() and local times; NULL: UTC. Outlives it */
    const char *device_id;      /* jr:preload deviceid and meta/deviceID; NULL: none */
    const char *language;       /* BCP 47 tag to start with; NULL: the form's default */
    const char
        *reading_mode; /* "standard" or "easy-read": goes to tp_reading_mode; NULL: standard */
    tp_session_show_day *show_day; /* NULL: as stored, as other engines do */
    void *show_context;
};

bool tp_session_create(const struct tp_form *form, const struct tp_session_params *params,
                       struct tp_session **session, struct tp_error *error);

/* Wipes every answer, then frees. NULL is safe. */
void tp_session_destroy(struct tp_session *session);

const struct tp_form *tp_session_form(const struct tp_session *session);

/* Never 0; another number after every change of answers, language or repeats. What was read of
 * texts and choices stays true while it is the same. */
uint64_t tp_session_revision(const struct tp_session *session);

/* ---- language and reading mode ---- */

/* False where the form has no such language; texts then come in that of the first subtag ("pl" for
 * "pl-simple"), else in the default. A text missing in the language is taken in the same order; a
 * picture missing in Easy Read from the form's "en-simple". */
bool tp_session_set_language(struct tp_session *session, const char *tag);

/* The language in use; NULL where the form has no translations. */
const struct tp_form_language *tp_session_language(const struct tp_session *session);

/* Sets a hidden question named tp_reading_mode, where the form has one. In "easy-read" a field-list
 * is no page: each of its questions has one (tp_session_together). The page that shows stays the
 * one with its first question. */
void tp_session_set_reading_mode(struct tp_session *session, const char *mode);

/* ---- pages ---- */

/* A page is one relevant question, one field-list group with all its questions, or the summary of
 * a repeat that can grow ("Add another"), which comes after the repeat's own pages. A page is named
 * by the node of that question, group or repeat. A table in a field-list (rows of appearance
 * "list-nolabel") is one page a row, and the words above it have none (tp_session_table_lead).
 * Read-only questions without a label and hidden values have no page. */

/* The page shown now; TP_NODE_NONE at the end (after the last page), where the check-answers page
 * stands. A new session is on its first page, or at the end if it has none. */
tp_node tp_session_page(const struct tp_session *session);
bool tp_session_at_end(const struct tp_session *session);

/* Moves to the following or preceding relevant page; false where there is none (next then moves to
 * the end). Neither validates: that is the caller's (tp_session_check). */
bool tp_session_next(struct tp_session *session);
bool tp_session_previous(struct tp_session *session);

/* To the page that holds `node` (a question, field-list or repeat); TP_NODE_NONE goes to the end.
 * False where it is on no relevant page. */
bool tp_session_goto(struct tp_session *session, tp_node node);
/* The page that holds `node`, or TP_NODE_NONE. */
tp_node tp_session_page_of(struct tp_session *session, tp_node node);

/* The questions of the current page, in order, relevant ones only. The list lasts until the next
 * change or move. None at the end. */
void tp_session_page_questions(struct tp_session *session, const tp_node **nodes, size_t *count);

/* Place of the current page among the relevant pages (1-based; `index` is total + 1 at the end). */
void tp_session_progress(struct tp_session *session, size_t *index, size_t *total);

/* Every relevant question with a page, in order, for the check-answers page. */
void tp_session_questions_all(struct tp_session *session, const tp_node **nodes, size_t *count);

/* ---- what is asked ---- */

enum tp_control {
    TP_CONTROL_INPUT,
    TP_CONTROL_SELECT_ONE,
    TP_CONTROL_SELECT_MULTIPLE,
    TP_CONTROL_RANGE,
    TP_CONTROL_RANK,
    TP_CONTROL_TRIGGER, /* acknowledge: the value is "OK" or "" */
    TP_CONTROL_NOTE,    /* read-only text; nothing to answer */
    TP_CONTROL_REPEAT,  /* the summary of a repeat: add, remove, change */
    TP_CONTROL_UPLOAD,  /* only in lenient forms */
};

enum tp_type {
    TP_TYPE_STRING,
    TP_TYPE_INTEGER,
    TP_TYPE_DECIMAL,
    TP_TYPE_BOOLEAN,
    TP_TYPE_DATE,     /* 2026-11-23 */
    TP_TYPE_TIME,     /* 09:41:00.000+00:00; 09:41 is taken */
    TP_TYPE_DATETIME, /* 2026-11-23T09:41:00.000+00:00 */
    TP_TYPE_CHOICE,   /* select values, space separated where many */
    TP_TYPE_GEOPOINT,
    TP_TYPE_GEOTRACE,
    TP_TYPE_GEOSHAPE,
    TP_TYPE_BINARY,
    TP_TYPE_BARCODE,
    TP_TYPE_INTENT,
};

/* What can stand on a screen in place of a text. Missing parts are NULL. Text keeps XLSForm's
 * markdown (form/markdown.h reads it); outputs are filled in. Files are names in the media folder,
 * without "jr://images/". */
struct tp_text {
    const char *text;
    const char *brief; /* itext form "short" */
    const char *image;
    const char *big_image;
    const char *image_alt; /* alternative text of the image, itext form "alt" */
    const char *audio;
    const char *video;
};

struct tp_choice {
    const char *value;
    struct tp_text label;
    bool exclusive; /* "none of these": stands alone in a select_multiple */
    bool chosen;
};

struct tp_question {
    tp_node node;
    const char *name; /* the last step of its path */
    const char *path; /* "/data/household[2]/age" */
    enum tp_control control;
    enum tp_type type;
    const char *appearance; /* as written, never NULL; see tp_appearance_has */
    struct tp_text label;   /* its words are the hint's where it has none of its own */
    struct tp_text hint;
    const char *guidance; /* hint's itext form "guidance"; NULL where there is none */
    bool required;
    bool readonly;
    bool sensitive;      /* numbers-and-letters nobody should read over a shoulder: "masked" */
    const char *value;   /* "" where unanswered */
    size_t choice_count; /* selects and rank, after the choice filter */
    size_t rows;         /* lines to show for a text, from `rows` or "multiline"; 1 else */
    double range_start, range_end, range_step; /* range only; start may be above end */
    /* repeat only */
    size_t repeat_count;
    bool can_add, can_remove;
};

/* False where the node is no question (a group, a hidden value) or is gone. */
bool tp_session_question(struct tp_session *session, tp_node node, struct tp_question *question);

/* The index-th choice (0-based) of a select or rank, in the order to show. */
bool tp_session_choice(struct tp_session *session, tp_node node, size_t index,
                       struct tp_choice *choice);

/* Index of the choice with this value, or -1. */
long tp_session_choice_find(struct tp_session *session, tp_node node, const char *value);

/* Label of a group, repeat or repeat instance; all NULL where it has none. */
void tp_session_label(struct tp_session *session, tp_node node, struct tp_text *label);

/* The nearest group or repeat instance around `node` that has a label (a section's heading), or
 * TP_NODE_NONE. A field-list page's own label is tp_session_label(session, page, ...). */
tp_node tp_session_section(struct tp_session *session, tp_node node);

/* The repeat instance that `node` is or is in (the nearest one), the repeat it belongs to and its
 * place there (0-based); TP_NODE_NONE where there is none, with the outputs untouched. Asked again
 * of the repeat it gives the instance around that. */
tp_node tp_session_instance_of(const struct tp_session *session, tp_node node, tp_node *repeat,
                               size_t *index);

/* The field-list that a question belongs to where its questions have a page each; TP_NODE_NONE
 * where they share one, or there is none. */
tp_node tp_session_together(struct tp_session *session, tp_node node);

/* The words above a row of a table: the index-th note or question of appearance "label" before its
 * first row, each a node to ask for its label; TP_NODE_NONE after the last, and for what is no
 * row. */
tp_node tp_session_table_lead(struct tp_session *session, tp_node node, size_t index);

/* Whether the space separated `appearance` has this word. "columns" is not in "columns-2". */
bool tp_appearance_has(const char *appearance, const char *word);

/* The answer as a person reads it: choice labels in the current language joined by ", " (in the
 * order shown; rank in its order), numbers and text as typed, dates and times as stored. Appends
 * to `out`; nothing for no answer. */
bool tp_session_display(struct tp_session *session, tp_node node, struct tp_buf *out);

/* The node at an instance path, "/data/a" or "/data/r[2]/b"; TP_NODE_NONE where there is none. */
tp_node tp_session_find(struct tp_session *session, const char *path);

/* The value of any node that has one, hidden ones too; NULL where it has none or is gone. */
const char *tp_session_value(const struct tp_session *session, tp_node node);
bool tp_session_relevant(const struct tp_session *session, tp_node node);

/* ---- answering ---- */

/* Stores an answer in its type's canonical form and calculates what depends on it. Refused, with
 * the old answer kept: a value that is not of the type, not on offer, out of a range, too long
 * (TP_ERR_INVALID, TP_ERR_LIMIT), a read-only or irrelevant question (TP_ERR_MISUSE). Required and
 * constraint are not looked at here. NULL or "" clears. */
bool tp_session_set(struct tp_session *session, tp_node node, const char *value,
                    struct tp_error *error);
bool tp_session_clear(struct tp_session *session, tp_node node, struct tp_error *error);

/* Touching a choice: select_one chooses it (or, when it was chosen, clears it);
 * select_multiple adds or removes it, an exclusive choice clears all others and any other choice
 * clears the exclusive ones; rank adds it at the end or removes it. */
bool tp_session_toggle_choice(struct tp_session *session, tp_node node, const char *value,
                              struct tp_error *error);

/* Rank: moves a ranked choice up (-1) or down (+1) by one place. */
bool tp_session_rank_move(struct tp_session *session, tp_node node, const char *value, int by,
                          struct tp_error *error);

/* ---- repeats; `repeat` is the node of a TP_CONTROL_REPEAT question ---- */

/* The index-th instance (0-based) as a node, for its label and its pages. */
tp_node tp_session_repeat_instance(struct tp_session *session, tp_node repeat, size_t index);

/* Adds one at the end and gives its node; refused (TP_ERR_MISUSE) where !can_add. */
bool tp_session_repeat_add(struct tp_session *session, tp_node repeat, tp_node *instance,
                           struct tp_error *error);
bool tp_session_repeat_remove(struct tp_session *session, tp_node instance, struct tp_error *error);

/* ---- checking ---- */

enum tp_validity {
    TP_VALID,
    TP_REQUIRED_MISSING,
    TP_CONSTRAINT_FAILED,
    TP_WRONG_TYPE, /* only a default or calculated value can be */
};

struct tp_check {
    tp_node node; /* the question; TP_NODE_NONE where all is valid */
    enum tp_validity validity;
    const char *message; /* the form's own words in the current language; NULL: it has none */
};

/* One question, or all: true where all is valid, else *check is the first problem in order. */
bool tp_session_check(struct tp_session *session, tp_node node, struct tp_check *check);
bool tp_session_first_problem(struct tp_session *session, struct tp_check *check);

/* ---- finishing ---- */

/* What goes to tp:context (docs/ARCHITECTURE.md); NULL or "" leaves a field out. */
struct tp_context {
    const char *venue;
    const char *event;
    const char *channel; /* library, outreach, paper, practice */
    const char *language;
    const char *reading_mode;
    const char *privacy_version;
    const char *clock; /* how far the device's clock can be trusted */
    /* How it was answered, where that was not as usual: "fast" (no time to read), "bashed" (most
     * touches were slips). */
    const char *pace;
    bool practice;
    const char *receipt_code;
    const char *about; /* instance ID of the answer this one goes with */
};

#define TP_SESSION_ID_MAX 48 /* "uuid:" and a version 4 UUID */

/* Appends the instance XML: irrelevant nodes left out, start and end to the minute, meta filled
 * (instanceID, instanceName, deviceID where declared or given, tp:context). The instance ID is
 * drawn once a session: finishing again gives the same one. `context` may be NULL. Does not check
 * answers. `xml` should be wiped by its owner (tp_buf_finish does). */
bool tp_session_finish(struct tp_session *session, const struct tp_context *context,
                       struct tp_buf *xml, char instance_id[TP_SESSION_ID_MAX],
                       struct tp_error *error);

/* Whether the person has answered anything yet (defaults and calculations do not count). */
bool tp_session_touched(const struct tp_session *session);

#endif
