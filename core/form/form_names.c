/* What only a form's files show: names of choices that no answer could keep. */
#include <string.h>

#include "form/form_internal.h"
#include "form/problem.h"
#include "form/xml.h"

/* The instance of "instance('venues')/root/item...", also within randomize(), where that comes from
 * a file; else NULL. */
static const struct tp_instance *file_of(const struct tp_form *form, const char *nodeset)
{
    const char *start = nodeset ? strstr(nodeset, "instance(") : NULL;
    const struct tp_instance *instance;
    size_t length;
    char id[256];

    if (!start)
        return NULL;
    start += strlen("instance(");
    start += strspn(start, " '\"");
    length = strcspn(start, "'\"");
    if (length >= sizeof(id))
        return NULL;
    memcpy(id, start, length);
    id[length] = '\0';
    instance = tp_form_instance(form, id);
    return instance && instance->src && instance->parent ? instance : NULL;
}

static const char *nodeset_of(const xmlNode *question)
{
    for (const xmlNode *child = tp_xml_first(question); child; child = tp_xml_next(child)) {
        if (tp_xml_is(child, "itemset", NULL))
            return tp_xml_attr(child, "nodeset", NULL);
    }
    return NULL;
}

static void check_rows(const struct tp_form *form, const struct tp_body *body,
                       const struct tp_instance *instance, struct tp_problems *problems)
{
    const char *slash = strrchr(instance->src, '/');
    struct tp_place place = {
        .file = slash ? slash + 1 : instance->src, .row = 1, .column = body->itemset->value};
    const xmlNode *root = tp_xml_first(instance->parent);

    for (const xmlNode *item = root ? tp_xml_first(root) : NULL; item; item = tp_xml_next(item)) {
        const char *name = tp_item_text(item, body->itemset->value);

        place.row++;
        if (name && name[strcspn(name, " \t\r\n")])
            tp_problems_add(problems, TP_SEVERITY_ERROR, &place, name,
                            "'%.100s' has a space, and '%s' takes several of these names, which "
                            "spaces part; write it without one, as in 'abingdon_library'",
                            name, form->model.nodes[body->model].name);
    }
}

void tp_form_check_names(const struct tp_form *form, struct tp_problems *problems)
{
    for (uint32_t i = 1; i < form->body_count; i++) {
        const struct tp_body *body = &form->body[i];
        const struct tp_instance *instance;

        if (!body->itemset || !body->itemset->value ||
            (body->control != TP_CONTROL_SELECT_MULTIPLE && body->control != TP_CONTROL_RANK))
            continue;
        instance = file_of(form, nodeset_of(form->body_sources[i]));
        if (instance)
            check_rows(form, body, instance, problems);
    }
}
