/* One question: its type, its default, its appearance, its parameters. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "form/xlsform_parts.h"

static const char *header(const struct tp_xf *xf, const char *first, const char *second)
{
    return tp_xf_header(&xf->survey, first, second);
}

/* ---- parameters ---- */

static size_t parameter_word(const char *p)
{
    return strcspn(p, " \t\n=,;");
}

static const char *lower(struct tp_xf_arena *arena, const char *text, size_t length)
{
    char *out = tp_xf_alloc(arena, length + 1, 1);

    if (!out)
        return "";
    for (size_t i = 0; i < length; i++)
        out[i] = (char)tolower((unsigned char)text[i]);
    return out;
}

/* What names a column of a file or a question. */
static bool keeps_case(const char *parameter)
{
    return strcmp(parameter, "label") == 0 || strcmp(parameter, "value") == 0 ||
           strcmp(parameter, "seed") == 0;
}

/* "start=1 end=10; step = 2" */
bool tp_xf_parse_parameters(struct tp_xf *xf, struct tp_xf_element *element, const char *text)
{
    const char *p = text ? text + strspn(text, " \t\n,;") : "";

    while (*p) {
        size_t length = parameter_word(p);
        const char *name = lower(&xf->arena, p, length);
        const char *value;

        p += length;
        p += strspn(p, " \t\n,;");
        if (!length || *p != '=')
            goto malformed;
        p += 1 + strspn(p + 1, " \t\n,;");
        length = parameter_word(p);
        if (!length)
            goto malformed;
        value = keeps_case(name) ? tp_xf_copy(&xf->arena, p, length) : lower(&xf->arena, p, length);
        if (!tp_xf_set(xf, &element->parameters, name, value))
            return false;
        p += length;
        p += strspn(p, " \t\n,;");
    }
    return true;

malformed:
    tp_xf_error(xf, &xf->survey, element->row, header(xf, "parameters", NULL), text,
                "parameters are written name=value, with spaces between them: start=1 end=10");
    return true;
}

void tp_xf_check_parameters(struct tp_xf *xf, const struct tp_xf_element *element,
                            const char *const *known)
{
    for (size_t i = 0; i < element->parameters.count; i++) {
        const char *name = element->parameters.items[i].name;
        const char *nearest;
        size_t count = 0;
        bool found = false;

        for (; known[count]; count++)
            found = found || strcmp(known[count], name) == 0;
        if (found)
            continue;
        nearest = tp_xf_nearest(name, known, count);
        tp_xf_error(xf, &xf->survey, element->row, header(xf, "parameters", NULL), name,
                    "'%.60s' is not a parameter of this question%s%s%s", name,
                    nearest ? "; did you mean '" : "; remove it", nearest ? nearest : "",
                    nearest ? "'?" : "");
    }
}

static bool text_parameters(struct tp_xf *xf, struct tp_xf_element *element)
{
    static const char *const known[] = {"rows", NULL};
    const char *rows = tp_xf_attribute(&element->parameters, "rows");
    char *end;

    tp_xf_check_parameters(xf, element, known);
    if (!rows)
        return true;
    (void)strtol(rows, &end, 10);
    if (end == rows || *end) {
        tp_xf_error(xf, &xf->survey, element->row, header(xf, "parameters", NULL), rows,
                    "rows must be a whole number: rows=5");
        return true;
    }
    return tp_xf_set(xf, &element->control, "rows", rows);
}

/* ---- appearance ---- */

struct refused_appearance {
    const char *start;
    const char *why;
};

#define CALENDAR "the screen shows the ordinary (Gregorian) calendar only; remove the appearance"

static const struct refused_appearance refused_appearances[] = {
    {"ex:", "the screen starts no other apps; remove the appearance"},
    {"intent:", "the screen starts no other apps; remove the appearance"},
    {"printer:", "the screen has no printer; remove the appearance"},
    {"signature", "the screen takes no signatures; ask with a text question"},
    {"draw", "the screen takes no drawings; ask with a text question"},
    {"annotate", "the screen takes no drawings; ask with a text question"},
    {"ethiopian", CALENDAR},
    {"coptic", CALENDAR},
    {"islamic", CALENDAR},
    {"bikram-sambat", CALENDAR},
    {"myanmar", CALENDAR},
    {"persian", CALENDAR},
    {"buddhist", CALENDAR},
    {"maps", "the screen shows no map here; remove the appearance"},
    {"map", "the screen shows no map here; remove the appearance"},
    {"placement-map", "the screen shows no map here; remove the appearance"},
};

static bool word_starts(const char *word, size_t length, const char *start)
{
    size_t n = strlen(start);

    if (start[n - 1] == ':')
        return length > n && strncmp(word, start, n) == 0;
    return length == n && strncmp(word, start, n) == 0;
}

/* What one of these may have been meant by: docs/AUTHORING.md, xlsform.org, Enketo's. */
static const char *const appearances[] = {
    "multiline",  "numbers",      "thousands-sep", "masked",   "email",     "url",
    "quick",      "minimal",      "autocomplete",  "search",   "columns",   "columns-pack",
    "no-buttons", "likert",       "label",         "rating",   "vertical",  "list-nolabel",
    "table-list", "picker",       "field-list",    "no-ticks", "year",      "month-year",
    "compact",    "quickcompact", "horizontal",    "list",     "image-map", "no-calendar",
};

static void check_spelling(struct tp_xf *xf, const struct tp_xf_element *element, const char *word,
                           size_t length)
{
    const char *name = tp_xf_copy(&xf->arena, word, length);
    const char *nearest =
        tp_xf_nearest(name, appearances, sizeof(appearances) / sizeof(appearances[0]));

    /* "columns-3" and "compact-3" have a number */
    if (nearest && strcmp(nearest, name) != 0 && !strpbrk(name, "0123456789"))
        tp_xf_warn(xf, &xf->survey, element->row, header(xf, "control", "appearance"), name,
                   "the appearance '%s' is not known and is passed by; did you mean '%s'?", name,
                   nearest);
}

void tp_xf_check_appearance(struct tp_xf *xf, const struct tp_xf_element *element)
{
    const char *appearance = tp_xf_attribute(&element->control, "appearance");
    bool call = appearance && strchr(appearance, '('); /* search('...'), ex:...(...) */
    size_t length;

    for (const char *p = appearance; p && *p; p += length + strspn(p + length, " ")) {
        length = strcspn(p, " ");
        if (!call)
            check_spelling(xf, element, p, length);
        for (size_t i = 0; i < sizeof(refused_appearances) / sizeof(refused_appearances[0]); i++) {
            if (word_starts(p, length, refused_appearances[i].start))
                tp_xf_refuse(xf, &xf->survey, element->row, header(xf, "control", "appearance"),
                             appearance, "'%.*s': %s", (int)(length > 60 ? 60 : length), p,
                             refused_appearances[i].why);
        }
    }
    if (tp_xf_attribute(&element->control, "intent"))
        tp_xf_refuse(xf, &xf->survey, element->row, header(xf, "control", "intent"),
                     tp_xf_attribute(&element->control, "intent"),
                     "the screen starts no other apps; remove the column");
}

/* ---- types ---- */

static bool without_list(struct tp_xf *xf, const struct tp_xf_element *element)
{
    tp_xf_error(xf, &xf->survey, element->row, header(xf, "type", NULL), element->type_text,
                "'%.60s' must name its list of choices: '%.60s yes_no'", element->type_text,
                element->type_text);
    return true;
}

static bool has_choices(const struct tp_xf_type *type)
{
    return type->tag &&
           (strncmp(type->tag, "select", 6) == 0 || strcmp(type->tag, "odk:rank") == 0);
}

/* "select_one yes_no please": what follows the list and 'or_other', or NULL. */
static const char *behind_list(struct tp_xf *xf, const char *text)
{
    const char *behind = NULL;

    for (const char *p = strchr(text, ' '); p && p - text < 200; p = strchr(p + 1, ' ')) {
        if (tp_xf_select(&xf->arena, tp_xf_copy(&xf->arena, text, (size_t)(p - text))).command)
            behind = p + 1;
    }
    return behind;
}

static bool unknown_type(struct tp_xf *xf, const struct tp_xf_element *element)
{
    const char *text = element->type_text;
    const char *behind = behind_list(xf, text);
    const char *suggestion;

    if (strncmp(text, "osm", 3) == 0 && text[3] == ' ') {
        tp_xf_refuse(xf, &xf->survey, element->row, header(xf, "type", NULL), text, "'%.60s': %s",
                     text, tp_xf_refusal_text(TP_XF_NO_MAP_TAGS));
        return true;
    }
    if (tp_xf_select(&xf->arena, tp_xf_printf(&xf->arena, "%.100s x", text)).command)
        return without_list(xf, element);
    if (behind) {
        tp_xf_error(xf, &xf->survey, element->row, header(xf, "type", NULL), text,
                    "'%.100s' stands behind the list's name, where only 'or_other' may; a list's "
                    "name has no spaces",
                    behind);
        return true;
    }
    /* What is not kept needs no suggestion. */
    suggestion =
        xf->problems->count < TP_PROBLEMS_MAX ? tp_xf_type_suggestion(&xf->arena, text) : NULL;
    if (suggestion)
        tp_xf_error(xf, &xf->survey, element->row, header(xf, "type", NULL), text,
                    "'%.100s' is not a question type; did you mean '%.100s'?", text, suggestion);
    else
        tp_xf_error(xf, &xf->survey, element->row, header(xf, "type", NULL), text,
                    "'%.100s' is not a question type; use one of text, integer, decimal, date, "
                    "time, select_one, select_multiple, range, rank, note, acknowledge, calculate",
                    text);
    return true;
}

static bool ready_made(struct tp_xf *xf, struct tp_xf_element *element)
{
    const struct tp_xf_type *type = element->type;

    if (type->constraint && !tp_xf_attribute(&element->bind, "constraint") &&
        !tp_xf_set(xf, &element->bind, "constraint", type->constraint))
        return false;
    if (type->readonly && !tp_xf_attribute(&element->bind, "readonly") &&
        !tp_xf_set(xf, &element->bind, "readonly", "true()"))
        return false;
    if (type->hint && !tp_xf_has_text(&element->hint))
        element->hint.plain = type->hint;
    return true;
}

static void check_calculation(struct tp_xf *xf, const struct tp_xf_element *element)
{
    if (strcmp(element->type->name, "calculate") != 0 || element->dynamic_default ||
        tp_xf_attribute(&element->bind, "calculate"))
        return;
    tp_xf_error(xf, &xf->survey, element->row, "calculation", element->name,
                "'%.100s' has no calculation; write one, or remove the row", element->name);
}

/* Things a phone knows about its owner, and a public screen does not. */
static void check_property(struct tp_xf *xf, const struct tp_xf_element *element)
{
    const struct tp_xf_type *type = element->type;

    if (type->preload && strcmp(type->preload, "property") == 0 &&
        strcmp(type->preload_params, "deviceid") != 0)
        tp_xf_warn(xf, &xf->survey, element->row, header(xf, "type", NULL), element->type_text,
                   "'%.60s' stays empty: a public screen does not know who is in front of it",
                   element->type_text);
}

/* A file is no question: nothing of its row but the name has a meaning. */
static void become_instance(struct tp_xf_element *element)
{
    *element = (struct tp_xf_element){.kind = TP_XF_IS_INSTANCE,
                                      .type = element->type,
                                      .type_text = element->type_text,
                                      .name = element->name,
                                      .row = element->row,
                                      .parent = element->parent,
                                      .depth = element->depth};
}

bool tp_xf_question(struct tp_xf *xf, struct tp_xf_element *element)
{
    struct tp_xf_select select = tp_xf_select(&xf->arena, element->type_text);

    if (element->default_value && *element->default_value)
        element->dynamic_default = tp_xf_is_dynamic(element->default_value, element->type_text);
    tp_xf_check_appearance(xf, element);
    if (select.command)
        return tp_xf_finish_select(xf, element, &select);
    element->type = tp_xf_type(element->type_text);
    if (!element->type)
        return unknown_type(xf, element);
    if (has_choices(element->type))
        return without_list(xf, element);
    if (element->type->refusal) {
        tp_xf_refuse(xf, &xf->survey, element->row, header(xf, "type", NULL), element->type_text,
                     "'%s': %s", element->type->name, tp_xf_refusal_text(element->type->refusal));
        return true;
    }
    if (strcmp(element->type->name, "csv-external") == 0 ||
        strcmp(element->type->name, "xml-external") == 0) {
        become_instance(element);
        return true;
    }
    check_calculation(xf, element);
    check_property(xf, element);
    if (strcmp(element->type->name, "range") == 0)
        return tp_xf_finish_range(xf, element);
    if (strcmp(element->type->name, "text") == 0 && !text_parameters(xf, element))
        return false;
    return ready_made(xf, element);
}
