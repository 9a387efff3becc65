#include "central/web/fields.h"

#include <stdio.h>
#include <string.h>

#include "central/web/page.h"

#define ID_MAX 64

/* Begins the field with its label and hint; `hint_id` is for aria-describedby. */
static void begin(struct tp_html *html, const char *name, const char *label, const char *hint,
                  char hint_id[ID_MAX])
{
    (void)snprintf(hint_id, ID_MAX, "%s-hint", name);
    tp_html_open(html, "div", "class", "field", NULL);
    tp_html_element(html, "label", label, "for", name, NULL);
    if (hint)
        tp_html_element(html, "p", hint, "class", "hint", "id", hint_id, NULL);
}

void tp_page_area(struct tp_html *html, const struct tp_area *area)
{
    char hint_id[ID_MAX];
    char described[TP_DESCRIBED_MAX];

    begin(html, area->name, area->label, area->hint, hint_id);
    tp_html_element(html, "textarea", area->value ? area->value : "", "id", area->name, "name",
                    area->name, "rows", area->rows, "lang", area->lang, "dir",
                    area->rtl ? "rtl" : NULL, "aria-describedby",
                    tp_page_described(html, area->name, area->hint ? hint_id : NULL, described),
                    "aria-invalid", tp_page_is_wrong(html, area->name) ? "true" : NULL, "required",
                    area->optional ? NULL : "required", NULL);
    tp_html_close(html);
}

void tp_page_select(struct tp_html *html, const char *name, const char *label, const char *hint,
                    const struct tp_option *options, size_t count, const char *chosen)
{
    char hint_id[ID_MAX];
    char described[TP_DESCRIBED_MAX];

    begin(html, name, label, hint, hint_id);
    tp_html_open(html, "select", "id", name, "name", name, "aria-describedby",
                 tp_page_described(html, name, hint ? hint_id : NULL, described), "aria-invalid",
                 tp_page_is_wrong(html, name) ? "true" : NULL, NULL);
    for (size_t i = 0; i < count; i++)
        tp_html_element(html, "option", options[i].label, "value", options[i].value, "selected",
                        chosen && strcmp(options[i].value, chosen) == 0 ? "selected" : NULL, NULL);
    tp_html_close(html);
    tp_html_close(html);
}
