/*
 * Outputs, looked at for who checks a form: a screen compiles each when it is first shown and
 * passes by what it cannot read, so that no label costs time at load.
 */
#include "form/form_internal.h"
#include "form/xml.h"

const char *tp_form_output_source(const xmlNode *output)
{
    const char *value = tp_xml_attr(output, "value", NULL);

    return value ? value : tp_xml_attr(output, "ref", NULL);
}

/* Every output of a label or text. `context` 0: of choices, whose question is not known here. */
static bool check_content(struct tp_form *form, const xmlNode *element, uint32_t context)
{
    bool ok = true;

    for (const xmlNode *part = tp_xml_first(element); part && ok; part = tp_xml_next(part)) {
        const char *source = tp_xml_is(part, "output", NULL) ? tp_form_output_source(part) : NULL;
        struct tp_xpath_expr *expr;
        struct tp_error error = {0};

        if (!source)
            ok = check_content(form, part, context);
        else if (!(context ? tp_form_compile(form, part, context, source, "output", &expr, &error)
                           : tp_form_compile_item(form, part, 1, source, &expr, &error)))
            ok = tp_form_note(form, &error);
    }
    return ok;
}

static bool check_entry(struct tp_form *form, uint32_t entry, uint32_t context)
{
    for (size_t i = 0; entry && i < form->itext.language_count; i++) {
        const xmlNode *text = form->itext.entries[entry].texts[i];

        if (text && !check_content(form, text, context))
            return false;
    }
    return true;
}

static bool check_source(struct tp_form *form, const struct tp_text_source *source, bool *seen)
{
    uint32_t context = source->context ? source->context : 1;

    if (source->node && !check_content(form, source->node, context))
        return false;
    if (!source->itext || seen[source->itext])
        return true;
    seen[source->itext] = true;
    return check_entry(form, source->itext, context);
}

static bool check_body(struct tp_form *form, const struct tp_body *body, bool *seen)
{
    if (!check_source(form, &body->label, seen) || !check_source(form, &body->hint, seen))
        return false;
    for (uint32_t i = 0; i < body->item_count; i++)
        if (!check_source(form, &body->items[i].label, seen))
            return false;
    return true;
}

bool tp_form_check_outputs(struct tp_form *form, struct tp_error *error)
{
    bool *seen;

    if (!form->problems)
        return true;
    seen = tp_arena_alloc(&form->arena, form->itext.count + 1, sizeof(*seen));
    if (!seen)
        return tp_fail_memory(error);
    for (uint32_t i = 1; i < form->body_count; i++)
        if (!check_body(form, &form->body[i], seen))
            return tp_fail_memory(error);
    for (uint32_t i = 1; i < form->itext.count; i++)
        if (!seen[i] && !check_entry(form, i, 0))
            return tp_fail_memory(error);
    return true;
}
