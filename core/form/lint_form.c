#include "form/lint_form.h"

#include <string.h>

#include "form/form.h"
#include "form/xlsform.h"

#define NAME "the form"

/* The element whose path stands at `text`, or NULL; *length is the path's. */
static struct tp_xf_element *element_at(struct tp_xf *xf, const char *text, size_t *length)
{
    const char *path;
    const char *name;

    *length = strcspn(text, " ,:;'\"");
    path = tp_xf_copy(&xf->arena, text, *length);
    name = strrchr(path, '/');
    for (size_t i = 0; name && i < xf->name_count; i++) {
        if (strcmp(xf->names[i].name, name + 1) == 0 &&
            strcmp(tp_xf_path(xf, xf->names[i].element), path) == 0)
            return xf->names[i].element;
    }
    return NULL;
}

/* Without the form's name and line: an author sees rows, not the XML. */
static const char *reason_of(const char *text)
{
    if (strncmp(text, NAME ": ", strlen(NAME ": ")) == 0)
        text += strlen(NAME ": ");
    if (strncmp(text, "line ", 5) == 0 && text[5 + strspn(text + 5, "0123456789")] == ':')
        text = strchr(text, ':') + 2;
    return text;
}

/* Where the author wrote what the engine calls "relevant of /data/a". */
struct part {
    const char *name;
    const char *first, *second; /* the column */
};

static const struct part parts[] = {
    {"relevant", "bind", "relevant"},     {"calculate", "bind", "calculate"},
    {"readonly", "bind", "readonly"},     {"required", "bind", "required"},
    {"constraint", "bind", "constraint"}, {"count", "control", "jr:count"},
    {"choices", "choice_filter", NULL},   {"search()", "control", "appearance"},
};

/* NULL where the text does not start with a part of a question; `element` may be NULL. */
static const char *column_of(const struct tp_xf *xf, const char *text,
                             const struct tp_xf_element *element)
{
    /* Of what is made from other columns only the number of a repeat is calculated. */
    if (element && !element->row && strncmp(text, "calculate ", 10) == 0)
        return tp_xf_header(&xf->survey, "control", "jr:count");
    for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
        size_t length = strlen(parts[i].name);

        if (strncmp(text, parts[i].name, length) == 0 && strncmp(text + length, " of ", 4) == 0)
            return tp_xf_header(&xf->survey, parts[i].first, parts[i].second);
    }
    return NULL;
}

/* The engine's words with the author's names in place of paths: of all, or of the first alone,
 * since an expression that follows stays as it is. *first is who is named first, or NULL. */
static const char *in_names(struct tp_xf *xf, const char *text, bool all,
                            struct tp_xf_element **first)
{
    const char *words = "";

    *first = NULL;
    while (*text && (all || !*first)) {
        size_t plain = strcspn(text, "/");
        size_t length = 0;
        struct tp_xf_element *element = text[plain] ? element_at(xf, text + plain, &length) : NULL;

        if (!element) {
            length = text[plain] ? 1 : 0;
            words = tp_xf_printf(&xf->arena, "%s%.*s", words, (int)(plain + length), text);
        } else {
            words = tp_xf_printf(&xf->arena, "%s%.*s'%s'", words, (int)plain, text, element->name);
            *first = *first ? *first : element;
        }
        text += plain + length;
    }
    return tp_xf_printf(&xf->arena, "%s%s", words, text);
}

static void say(struct tp_xf *xf, const char *text)
{
    static const char cycle[] = "a cycle: ";
    struct tp_xf_element *element;
    const char *column;
    const char *words;
    unsigned row = 0;
    bool is_cycle;

    text = reason_of(text);
    is_cycle = strncmp(text, cycle, strlen(cycle)) == 0;
    text += is_cycle ? strlen(cycle) : 0;
    words = in_names(xf, text, is_cycle, &element);
    column = column_of(xf, text, element);
    if (element)
        row = element->row ? element->row : element->made_in;
    if (is_cycle)
        tp_xf_error(xf, &xf->survey, row, column, NULL,
                    "formulas wait for each other in a circle: %s; take one of them out of it",
                    words);
    else
        tp_xf_error(xf, &xf->survey, row, column, NULL, "no screen could open this: %s", words);
}

void tp_lint_form(struct tp_xf *xf)
{
    struct tp_problems found;
    const struct tp_form_params params = {.media_may_be_missing = true, .problems = &found};
    struct tp_form *form = NULL;
    struct tp_error error = {0};
    struct tp_buf xml;

    tp_problems_init(&found);
    tp_buf_init(&xml, TP_XLSFORM_XML_MAX);
    tp_xf_write(xf, &xml);
    if (tp_buf_ok(&xml) && !xf->arena.failed &&
        !tp_form_load(NAME, xml.data, xml.length, &params, &form, &error)) {
        for (size_t i = 0; i < found.count; i++)
            say(xf, found.items[i].text);
        if (!found.count)
            say(xf, error.text);
    }
    tp_form_destroy(form);
    tp_buf_finish(&xml);
    tp_problems_finish(&found);
}
