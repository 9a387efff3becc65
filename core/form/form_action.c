/* Actions: setvalue, and the events it answers. */
#include <string.h>

#include "form/form_internal.h"
#include "form/xml.h"

static const struct {
    const char *name;
    enum tp_event event;
} events[] = {
    {"odk-instance-first-load", TP_EVENT_FIRST_LOAD},
    {"odk-instance-load", TP_EVENT_LOAD},
    {"xforms-ready", TP_EVENT_FIRST_LOAD},
    {"odk-new-repeat", TP_EVENT_NEW_REPEAT},
    {"xforms-value-changed", TP_EVENT_VALUE_CHANGED},
};

static unsigned events_of(const xmlNode *element)
{
    const char *names = tp_xml_attr(element, "event", NULL);
    unsigned found = 0;

    if (!names)
        names = tp_xml_attr(element, "event", "http://www.w3.org/2001/xml-events");
    for (size_t i = 0; names && i < sizeof(events) / sizeof(events[0]); i++)
        if (tp_appearance_has(names, events[i].name))
            found |= events[i].event;
    return found;
}

static size_t count_actions(const xmlNode *element)
{
    size_t count = 0;

    for (const xmlNode *node = tp_xml_first(element); node; node = tp_xml_next(node))
        count += tp_xml_is(node, "setvalue", NULL) + count_actions(node);
    return count;
}

/* Value-changed actions of one source form a list in the order of the form. */
static void link_source(struct tp_form *form, uint32_t at)
{
    uint32_t *end = &form->changed_actions[form->actions[at].source];

    while (*end)
        end = &form->actions[*end].next_of_source;
    *end = at;
}

/* The node that is set, or the expression that finds it as it is set. */
static bool read_target(struct tp_form *form, const xmlNode *element, struct tp_action *action,
                        struct tp_error *error)
{
    const char *ref = tp_form_ref(form, element);
    uint32_t from = action->source ? action->source : 1;

    if (!ref)
        return tp_form_fail(form, element, error, TP_ERR_INVALID, "a <setvalue> has no ref");
    action->target = tp_model_find_from(&form->model, from, ref);
    if (!action->target && strchr(ref, '[') &&
        !tp_form_compile(form, element, from, ref, "setvalue", &action->target_expr, error))
        return false;
    return action->target || action->target_expr || form->lenient ||
           tp_form_fail(form, element, error, TP_ERR_INVALID,
                        "<setvalue> refers to '%s', which the instance does not have", ref);
}

static bool read_value(struct tp_form *form, const xmlNode *element, struct tp_action *action,
                       struct tp_error *error)
{
    const char *value = tp_xml_attr(element, "value", NULL);

    if (value && value[strspn(value, " \t\r\n")])
        /* a relative path starts at the target, as in JavaRosa */
        return tp_form_compile(form, element, action->target ? action->target : 1, value,
                               "setvalue", &action->value, error);
    action->literal = element->children && element->children->content
                          ? (const char *)element->children->content
                          : "";
    return true;
}

/* `source`: the model node of the control the action stands in; 0: the model. A lenient form goes
 * without the actions that can do nothing. */
static bool read_action(struct tp_form *form, const xmlNode *element, uint32_t source,
                        struct tp_error *error)
{
    struct tp_action *action = &form->actions[form->action_count];

    *action = (struct tp_action){.events = events_of(element), .source = source};
    if (!read_target(form, element, action, error))
        return false;
    if (!action->events && !form->lenient)
        return tp_form_fail(form, element, error, TP_ERR_UNSUPPORTED,
                            "<setvalue> answers the event '%s', which Talkpoint does not have",
                            tp_xml_attr(element, "event", NULL));
    if (!action->events || (!action->target && !action->target_expr))
        return true;
    if (!read_value(form, element, action, error))
        return false;
    if ((action->events & TP_EVENT_VALUE_CHANGED) && source)
        link_source(form, form->action_count);
    form->action_count++;
    return true;
}

static bool read_all(struct tp_form *form, const xmlNode *element, uint32_t source,
                     struct tp_error *error)
{
    for (const xmlNode *node = tp_xml_first(element); node; node = tp_xml_next(node))
        if (tp_xml_is(node, "setvalue", NULL) && !read_action(form, node, source, error) &&
            !tp_form_note(form, error))
            return false;
    return true;
}

bool tp_form_load_actions(struct tp_form *form, const xmlNode *model, const xmlNode *body,
                          struct tp_error *error)
{
    size_t count = count_actions(model) + count_actions(body) + 1;

    form->actions = tp_arena_alloc(&form->arena, count, sizeof(*form->actions));
    form->changed_actions =
        tp_arena_alloc(&form->arena, form->model.count, sizeof(*form->changed_actions));
    if (!form->actions || !form->changed_actions)
        return tp_fail_memory(error);
    form->action_count = 1;
    if (!read_all(form, model, 0, error) || !read_all(form, body, 0, error))
        return false;
    for (uint32_t i = 1; i < form->body_count; i++)
        if (!read_all(form, form->body_sources[i], form->body[i].model, error))
            return false;
    return true;
}
