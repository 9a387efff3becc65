/*
 * The parts of a conversion from workbook to XForm, shared by core/form/xlsform*.c and lint*.c
 * only.
 *
 * A conversion reads the sheets into one tree of elements and the choice lists, checks it, and
 * writes the XForm from it. Everything it makes lives in one arena and goes away with it; texts
 * point into the workbook or the arena. Without memory the arena hands out "" and remembers it, so
 * one check at the end (tp_xf_arena.failed) is enough for text; pointers to structs are checked
 * where they are made. Thread: one at a time.
 */
#ifndef TP_FORM_XLSFORM_PARTS_H
#define TP_FORM_XLSFORM_PARTS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/xml_text.h"
#include "form/problem.h"
#include "form/workbook.h"

/* What one conversion may take; 100,000 choices in ten languages take about 100 MB. */
#define TP_XF_MEMORY_MAX (384u * 1024u * 1024u)
/* Groups inside groups; libxml2 itself stops at 256 levels. */
#define TP_XF_DEPTH_MAX 60u
/* "media::image::Polish (pl)" has three; more is a mistake. */
#define TP_XF_TOKENS_MAX 4u

/* ---- memory ---- */

struct tp_xf_block;
struct tp_xf_arena {
    struct tp_xf_block *blocks;
    size_t total;
    bool failed;
};

void tp_xf_arena_finish(struct tp_xf_arena *arena);
/* Zeroed; NULL and `failed` where there is no room. */
void *tp_xf_alloc(struct tp_xf_arena *arena, size_t count, size_t size);
/* Never NULL. */
const char *tp_xf_copy(struct tp_xf_arena *arena, const char *text, size_t length);
const char *tp_xf_printf(struct tp_xf_arena *arena, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* Makes room for one more item in an array that doubles; false where there is no room. */
bool tp_xf_grow(struct tp_xf_arena *arena, void **items, size_t count, size_t *capacity,
                size_t size);

/* ---- texts and attributes ---- */

struct tp_xf_translation {
    const char *language;
    const char *text;
};

/* Either `plain` (no language was named) or `count` translations; neither where there is no text.
 */
struct tp_xf_text {
    const char *plain;
    struct tp_xf_translation *items;
    size_t count;
    size_t capacity;
};

static inline bool tp_xf_has_text(const struct tp_xf_text *text)
{
    return text->plain || text->count;
}

struct tp_xf_attribute {
    const char *name;
    const char *value;
};

struct tp_xf_attributes {
    struct tp_xf_attribute *items;
    size_t count;
    size_t capacity;
};

/* NULL where it is not there. */
const char *tp_xf_attribute(const struct tp_xf_attributes *attributes, const char *name);

/* ---- sheets ---- */

struct tp_xf_column {
    const char *header;                   /* as the author spelt it; NULL where it is empty */
    const char *tokens[TP_XF_TOKENS_MAX]; /* what it means: {"bind","relevant"} */
    size_t count;
};

struct tp_xf_table {
    const struct tp_workbook_sheet *sheet; /* NULL where the workbook has none */
    struct tp_xf_column *columns;
    size_t count;
};

enum tp_xf_sheet { TP_XF_SURVEY, TP_XF_CHOICES, TP_XF_SETTINGS, TP_XF_EXTERNAL };

/* ---- question types ---- */

enum tp_xf_refusal {
    TP_XF_BUILT,
    TP_XF_NO_LOCATION,
    TP_XF_NO_RECORDING,
    TP_XF_NO_FILE,
    TP_XF_NO_BARCODE,
    TP_XF_NO_MAP_TAGS,
};

struct tp_xf_type {
    const char *name;
    const char *tag;  /* the control; NULL where nothing is shown */
    const char *bind; /* the data type; NULL where there is no bind */
    const char *preload;
    const char *preload_params;
    const char *constraint; /* of ready-made types */
    const char *hint;
    bool readonly;
    enum tp_xf_refusal refusal;
};

const struct tp_xf_type *tp_xf_type(const char *name);
/* Why a type is refused and what to do instead. */
const char *tp_xf_refusal_text(enum tp_xf_refusal refusal);

enum tp_xf_command {
    TP_XF_NO_SELECT,
    TP_XF_SELECT_ONE,
    TP_XF_SELECT_MULTIPLE,
    TP_XF_RANK,
    TP_XF_SELECT_ONE_EXTERNAL,
};

struct tp_xf_select {
    enum tp_xf_command command;
    bool from_file;
    bool or_other;
    const char *list; /* in the arena */
};

/* Takes "select_one yes_no or_other" apart; command TP_XF_NO_SELECT where it is not one. */
struct tp_xf_select tp_xf_select(struct tp_xf_arena *arena, const char *type);

enum tp_xf_control { TP_XF_NO_CONTROL, TP_XF_GROUP, TP_XF_REPEAT, TP_XF_LOOP };

/* "begin group", "begin_repeat", "begin loop over cities": `list` may be NULL. */
enum tp_xf_control tp_xf_begin(struct tp_xf_arena *arena, const char *type, const char **list);
enum tp_xf_control tp_xf_end(const char *type);

/* ---- the tree ---- */

enum tp_xf_kind {
    TP_XF_IS_QUESTION,
    TP_XF_IS_GROUP,
    TP_XF_IS_REPEAT,
    TP_XF_IS_INSTANCE, /* csv-external, xml-external: a file, no question */
};

enum tp_xf_media {
    TP_XF_IMAGE,
    TP_XF_BIG_IMAGE,
    TP_XF_AUDIO,
    TP_XF_VIDEO,
    TP_XF_ALT, /* the picture's alternative text */
    TP_XF_MEDIA_COUNT,
};

/* Languages of one form; more is a mistake. */
#define TP_XF_LANGUAGES_MAX 64u

const char *tp_xf_media_name(enum tp_xf_media media);

struct tp_xf_element {
    enum tp_xf_kind kind;
    const struct tp_xf_type *type; /* of a question */
    const char *type_text;         /* as the author spelt it */
    const char *name;
    unsigned row;     /* 0: made here */
    unsigned made_in; /* the row that brought what is made here */
    struct tp_xf_text label;
    struct tp_xf_text hint;
    struct tp_xf_text guidance;
    struct tp_xf_text constraint_message;
    struct tp_xf_text required_message;
    struct tp_xf_text no_app_message;
    struct tp_xf_text media[TP_XF_MEDIA_COUNT];
    bool vague_media; /* a cell of a column 'media' that does not say which */
    struct tp_xf_attributes bind;
    struct tp_xf_attributes control;
    struct tp_xf_attributes instance;
    struct tp_xf_attributes parameters;
    const char *default_value;
    bool dynamic_default;
    const char *choice_filter;
    const char *repeat_count; /* a formula with a node of its own; as the author wrote it */
    const char *itemset;      /* a list, a file or ${reference} */
    bool searches;            /* appearance search(...): items stand in the body */
    bool external;            /* the list is of the sheet external_choices */
    const char *loop;         /* begin_loop over this list */
    const char *trigger;      /* the cell: "${a}, ${b}" */
    struct tp_xf_element *parent;
    struct tp_xf_element **children;
    size_t child_count;
    size_t child_capacity;
    unsigned depth;
    bool bodyless;
    const char *path; /* made on first use */
};

struct tp_xf_choice {
    const char *name;
    struct tp_xf_text label;
    struct tp_xf_text media[TP_XF_MEDIA_COUNT];
    struct tp_xf_attributes extra;
    unsigned row;
};

struct tp_xf_list {
    const char *name;
    const char *id; /* its instance; its name unless that is taken */
    struct tp_xf_choice *choices;
    size_t count;
    size_t capacity;
    bool needs_itext;
    bool searched; /* used by search(), so written into the body */
    bool listed;   /* used by a question without search() */
    bool external; /* of the sheet external_choices */
    bool used;
};

/* A secondary instance. */
struct tp_xf_instance {
    const char *id;
    const char *src;               /* jr://file-csv/cities.csv; NULL for choices */
    const struct tp_xf_list *list; /* the choices; NULL for a file */
    unsigned row;                  /* of the survey sheet; 0 for choices */
    bool only;                     /* csv-external, xml-external: may not be there twice */
};

/* `source` is worked out anew when the answer to `question` changes. */
struct tp_xf_action {
    struct tp_xf_element *question;
    struct tp_xf_element *source;
};

struct tp_xf_name {
    const char *name;
    struct tp_xf_element *element;
};

/* One conversion. */
struct tp_xf {
    struct tp_xf_arena arena;
    struct tp_problems *problems;
    const struct tp_workbook *workbook;
    struct tp_xf_table survey;
    struct tp_xf_table choices;
    struct tp_xf_table external;
    struct tp_xf_attributes settings; /* by pyxform's names: id_string, title ... */
    struct tp_xf_attributes root_attributes;
    const char *root_name;
    const char *default_language;
    bool keep_blanks;         /* clean_text_values = no */
    struct tp_xf_list *lists; /* sorted by name */
    size_t list_count;
    struct tp_xf_element *root;
    struct tp_xf_element *audit; /* its row, or NULL */
    bool in_table;               /* while reading: from a table-list to the next row that ends */
    const char *table_list;      /* the list that its first question named, or NULL */
    struct tp_xf_name *names;    /* sorted; all elements with a node */
    size_t name_count;
    size_t name_capacity;
    const char **languages; /* in order of appearance */
    size_t language_count;
    size_t language_capacity;
    struct tp_xf_instance *instances; /* each once; files before choices */
    size_t instance_count;
    size_t instance_capacity;
    struct tp_xf_action *actions; /* sorted by question */
    size_t action_count;
    size_t action_capacity;
    const char **files; /* media, sorted, each once */
    size_t file_count;
    size_t file_capacity;
};

/* ---- steps, each in a file of its own; each adds to xf->problems and goes on ---- */

/* xlsform_header.c */
bool tp_xf_read_headers(struct tp_xf *xf, enum tp_xf_sheet which, struct tp_xf_table *table);
/* The cell with typographic quotes made plain and, on the survey sheet, runs of spaces made one. */
const char *tp_xf_clean(struct tp_xf *xf, const char *text, bool spaces);
/* The header of the column with this meaning, for problems; the second token may be NULL. */
const char *tp_xf_header(const struct tp_xf_table *table, const char *first, const char *second);
void tp_xf_error(struct tp_xf *xf, const struct tp_xf_table *table, unsigned row,
                 const char *column, const char *value, const char *format, ...)
    __attribute__((format(printf, 6, 7)));
void tp_xf_warn(struct tp_xf *xf, const struct tp_xf_table *table, unsigned row, const char *column,
                const char *value, const char *format, ...) __attribute__((format(printf, 6, 7)));
void tp_xf_refuse(struct tp_xf *xf, const struct tp_xf_table *table, unsigned row,
                  const char *column, const char *value, const char *format, ...)
    __attribute__((format(printf, 6, 7)));
/* Says that the column ("name::Polish (pl)") has no languages. */
void tp_xf_no_languages(struct tp_xf *xf, const struct tp_xf_table *table, unsigned row,
                        const struct tp_xf_column *column, const char *value);
bool tp_xf_set(struct tp_xf *xf, struct tp_xf_attributes *attributes, const char *name,
               const char *value);
bool tp_xf_set_text(struct tp_xf *xf, struct tp_xf_text *text, const char *language,
                    const char *value);
/* Texts without a language become the default language's where others have one. */
void tp_xf_settle(struct tp_xf *xf, struct tp_xf_text *text);
/* yes, true, TRUE, true() ...: 1; no ...: 0; else -1. */
int tp_xf_yes_no(const char *text);

/* xlsform_settings.c */
bool tp_xf_read_settings(struct tp_xf *xf);
const char *tp_xf_setting(const struct tp_xf *xf, const char *name);

/* xlsform_choices.c */
bool tp_xf_read_choices(struct tp_xf *xf);
struct tp_xf_list *tp_xf_list(const struct tp_xf *xf, const char *name, bool external);

/* xlsform_survey.c */
bool tp_xf_read_survey(struct tp_xf *xf);
struct tp_xf_element *tp_xf_add_element(struct tp_xf *xf, struct tp_xf_element *parent,
                                        enum tp_xf_kind kind, const char *name, unsigned row);

/* xlsform_loop.c: writes the loop's questions out once for each choice */
bool tp_xf_expand_loop(struct tp_xf *xf, struct tp_xf_element *element,
                       const struct tp_xf_list *list);

/* xlsform_question.c: what a row of a question means, after its cells were read */
bool tp_xf_question(struct tp_xf *xf, struct tp_xf_element *element);
/* Refuses what no screen does by its appearance; of groups too. */
void tp_xf_check_appearance(struct tp_xf *xf, const struct tp_xf_element *element);

/* xlsform_select.c and xlsform_range.c */
bool tp_xf_finish_select(struct tp_xf *xf, struct tp_xf_element *element,
                         const struct tp_xf_select *select);
bool tp_xf_finish_range(struct tp_xf *xf, struct tp_xf_element *element);
bool tp_xf_parse_parameters(struct tp_xf *xf, struct tp_xf_element *element, const char *text);
/* Refuses parameters outside the NULL-ended list. */
void tp_xf_check_parameters(struct tp_xf *xf, const struct tp_xf_element *element,
                            const char *const *known);

/* xlsform_expression.c */
bool tp_xf_is_name(const char *text);
/* A default that is worked out, not taken as it stands. */
bool tp_xf_is_dynamic(const char *text, const char *type);
/* The next "${name}" at or after `from`; false where there is none. `end` is behind it. */
struct tp_xf_reference {
    const char *start;
    const char *end;
    const char *name; /* not NUL-terminated */
    size_t name_length;
    bool last_saved;
};
bool tp_xf_next_reference(const char *from, struct tp_xf_reference *reference);
/* The whole text is one reference. */
bool tp_xf_only_reference(const char *text);
bool tp_xf_any_reference(const char *text);
/* The next instance('x')/... expression in a label, as pyxform finds them. */
bool tp_xf_next_instance(const char *from, const char **start, const char **end);

/* xlsform_references.c */
bool tp_xf_index_names(struct tp_xf *xf);
struct tp_xf_element *tp_xf_find(const struct tp_xf *xf, const char *name, size_t length);
/* Reports every ${...} that is malformed, unknown or ambiguous. */
void tp_xf_check_references(struct tp_xf *xf);
/* The first "${" of a text without references, or NULL; "${}" is not meant as one. */
const char *tp_xf_malformed(const char *text);
const char *tp_xf_path(struct tp_xf *xf, struct tp_xf_element *element);
enum { TP_XF_USE_CURRENT = 1, TP_XF_REFERENCE_PARENT = 2 };
/* The text with each ${name} as a path. In the arena. `context` may be NULL. */
const char *tp_xf_expand(struct tp_xf *xf, const char *text, const struct tp_xf_element *context,
                         unsigned flags);
/* The path that one reference of a text stands for. */
const char *tp_xf_reference_path(struct tp_xf *xf, const char *text,
                                 const struct tp_xf_reference *reference,
                                 const struct tp_xf_element *context, unsigned flags);

/* xlsform_nearest.c */
/* The name nearest to `word` (up to two slips), or NULL. */
const char *tp_xf_nearest(const char *word, const char *const *names, size_t count);
unsigned tp_xf_distance(const char *a, const char *b);

/* xlsform_meant.c: what an author may have meant by a type cell, or NULL. In the arena. */
const char *tp_xf_type_suggestion(struct tp_xf_arena *arena, const char *text);

/* xlsform_check.c: adds `meta`, and checks what only the whole tree shows */
bool tp_xf_check_tree(struct tp_xf *xf);
/* "#NAME?": what a spreadsheet shows of a formula that failed. */
bool tp_xf_is_failed_formula(const char *text);
/* Reports a cell that is one. */
void tp_xf_check_failed_formula(struct tp_xf *xf, const struct tp_xf_table *table, unsigned row,
                                const char *column, const char *text);
/* Whether the question has a control on the screen. */
bool tp_xf_is_shown(const struct tp_xf_element *element);

/* xlsform_formula.c: formulas that cannot be worked out, or name what is not there */
void tp_xf_check_formulas(struct tp_xf *xf);

/* xlsform_resources.c: languages, files and secondary instances */
bool tp_xf_collect_resources(struct tp_xf *xf);

/* xlsform_easy_read.c */
/* "Polish (pl)" -> "pl"; a bare "pl" is taken as it stands. */
const char *tp_xf_tag(struct tp_xf *xf, const char *language);
/* Whether the survey has labels in Easy Read. */
bool tp_xf_has_easy_read(struct tp_xf *xf);
/* Where the language is Easy Read: the text with each sentence on a line of its own. */
const char *tp_xf_easy_read(struct tp_xf *xf, const char *language, const char *text);

/* xlsform_write.c and its helpers; all write valid XML whatever the texts hold */
void tp_xf_write(struct tp_xf *xf, struct tp_buf *out);
void tp_xf_write_itext(struct tp_xf *xf, struct tp_buf *out);
void tp_xf_write_instances(struct tp_xf *xf, struct tp_buf *out);
void tp_xf_write_binds(struct tp_xf *xf, struct tp_buf *out);
void tp_xf_write_body(struct tp_xf *xf, struct tp_buf *out);
void tp_xf_put_attribute(struct tp_buf *out, const char *name, const char *value);
/* Text in which ${name} and instance(...) become <output value="..."/>. */
void tp_xf_put_label(struct tp_xf *xf, struct tp_buf *out, const char *text,
                     const struct tp_xf_element *context);
/* A new line, indented. */
void tp_xf_line(struct tp_buf *out, unsigned depth);
bool tp_xf_label_needs_itext(const struct tp_xf_element *element);
bool tp_xf_hint_needs_itext(const struct tp_xf_element *element);
/* A message is in itext where it has languages or references. */
bool tp_xf_message_needs_itext(const struct tp_xf_text *text);
void tp_xf_put_setvalue(struct tp_xf *xf, struct tp_buf *out, unsigned depth,
                        struct tp_xf_element *target, const char *event, const char *value);

bool tp_xf_add_file(struct tp_xf *xf, const struct tp_xf_table *table, unsigned row,
                    const char *column, const char *name);

/* xlsform_consultation.c: consultation.json (tp_free), or NULL where there is no such sheet. */
bool tp_xf_consultation(struct tp_xf *xf, char **json);

#endif
