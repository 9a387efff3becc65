#include "form/lint_form.h"

#include <string.h>

#include "form/form.h"
#include "form/xlsform.h"

#define NAME "the form"

/* The element whose path is the first in an error's text, or NULL: "relevant of /data/a reads". */
static struct tp_xf_element *first_named(struct tp_xf *xf, const char *text)
{
    const char *root = tp_xf_printf(&xf->arena, "/%s/", xf->root_name);
    const char *path = strstr(text, root);
    size_t length = path ? strcspn(path, " ,:;'\"") : 0;

    for (size_t i = 0; length && i < xf->name_count; i++) {
        const char *own = tp_xf_path(xf, xf->names[i].element);

        if (strlen(own) == length && memcmp(own, path, length) == 0)
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

static void say(struct tp_xf *xf, const char *text)
{
    const struct tp_xf_element *element = first_named(xf, text);
    const char *reason = reason_of(text);

    if (strncmp(reason, "a cycle: ", 9) == 0)
        tp_xf_error(xf, &xf->survey, element ? element->row : 0, NULL, NULL,
                    "formulas wait for each other in a circle: %s; take one of them out of it",
                    reason + 9);
    else
        tp_xf_error(xf, &xf->survey, element ? element->row : 0, NULL, NULL,
                    "no screen could open this: %s", reason);
}

void tp_lint_form(struct tp_xf *xf)
{
    struct tp_problems problems;
    const struct tp_form_params params = {.media_may_be_missing = true, .problems = &problems};
    struct tp_form *form = NULL;
    struct tp_error error = {0};
    struct tp_buf xml;

    tp_buf_init(&xml, TP_XLSFORM_XML_MAX);
    tp_problems_init(&problems);
    tp_xf_write(xf, &xml);
    if (tp_buf_ok(&xml) && !xf->arena.failed &&
        !tp_form_load(NAME, xml.data, xml.length, &params, &form, &error)) {
        for (size_t i = 0; i < problems.count; i++)
            say(xf, problems.items[i].text);
        if (!problems.count)
            say(xf, error.text);
    }
    tp_problems_finish(&problems);
    tp_form_destroy(form);
    tp_buf_finish(&xml);
}
