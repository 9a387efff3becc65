/* Binds: types, logic, messages, preloads. */
#include <string.h>

#include "form/form_internal.h"
#include "form/xml.h"

static const struct {
    const char *name;
    enum tp_type type;
} types[] = {
    {"string", TP_TYPE_STRING},     {"int", TP_TYPE_INTEGER},       {"integer", TP_TYPE_INTEGER},
    {"long", TP_TYPE_INTEGER},      {"decimal", TP_TYPE_DECIMAL},   {"double", TP_TYPE_DECIMAL},
    {"float", TP_TYPE_DECIMAL},     {"boolean", TP_TYPE_BOOLEAN},   {"date", TP_TYPE_DATE},
    {"time", TP_TYPE_TIME},         {"dateTime", TP_TYPE_DATETIME}, {"select", TP_TYPE_CHOICE},
    {"select1", TP_TYPE_CHOICE},    {"rank", TP_TYPE_CHOICE},       {"geopoint", TP_TYPE_GEOPOINT},
    {"geotrace", TP_TYPE_GEOTRACE}, {"geoshape", TP_TYPE_GEOSHAPE}, {"binary", TP_TYPE_BINARY},
    {"barcode", TP_TYPE_BARCODE},   {"intent", TP_TYPE_INTENT},
};

static enum tp_type type_of(const char *name)
{
    const char *colon = strchr(name, ':');

    if (colon)
        name = colon + 1;
    for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
        if (!strcmp(types[i].name, name))
            return types[i].type;
    return TP_TYPE_STRING;
}

static const struct {
    const char *name, *params; /* params NULL: any */
    enum tp_preload preload;
} preloads[] = {
    {"uid", NULL, TP_PRELOAD_UID},           {"timestamp", "start", TP_PRELOAD_START},
    {"timestamp", "end", TP_PRELOAD_END},    {"date", "today", TP_PRELOAD_TODAY},
    {"property", NULL, TP_PRELOAD_PROPERTY},
};

static void read_preload(struct tp_bind *bind, const xmlNode *element)
{
    const char *name = tp_xml_attr(element, "preload", TP_NS_JAVAROSA);
    const char *params = tp_xml_attr(element, "preloadParams", TP_NS_JAVAROSA);

    if (!name)
        name = tp_xml_attr(element, "preload", NULL);
    if (!params)
        params = tp_xml_attr(element, "preloadParams", NULL);
    if (!name)
        return;
    bind->preload_params = params ? params : "";
    for (size_t i = 0; i < sizeof(preloads) / sizeof(preloads[0]); i++)
        if (!strcmp(preloads[i].name, name) &&
            (!preloads[i].params || !strcmp(preloads[i].params, bind->preload_params)))
            bind->preload = preloads[i].preload;
}

static bool read_message(struct tp_form *form, const struct tp_bind *bind, const xmlNode *element,
                         const char *name, struct tp_text_source *source, struct tp_error *error)
{
    const char *text = tp_xml_attr(element, name, TP_NS_JAVAROSA);

    if (!text)
        return true;
    source->context = bind->model;
    if (strncmp(text + strspn(text, " "), "jr:itext(", 9) != 0) {
        source->literal = text;
        return true;
    }
    /* a message without words is no reason to refuse a form: the screen has words of its own */
    source->literal = "";
    return tp_form_text_from_ref(form, element, text, bind->model, source, error) ||
           tp_form_note(form, error);
}

/* An expression and where it goes. Of a second bind for the same node, what it has wins. */
static bool read_expr(struct tp_form *form, const struct tp_bind *bind, const xmlNode *element,
                      const char *name, struct tp_xpath_expr **expr, struct tp_error *error)
{
    const char *source = tp_xml_attr(element, name, NULL);

    if (!source || !source[strspn(source, " \t\r\n")])
        return true;
    return tp_form_compile(form, element, bind->model, source, name, expr, error) ||
           tp_form_note(form, error);
}

/* What an earlier bind for the same node says for good holds for that bind only: in JavaRosa and
 * web-forms the last bind alone makes a question required or read-only without a condition. */
static void forget_constant(struct tp_xpath_expr **expr)
{
    if (*expr && (*expr)->constant != TP_XPATH_VARIES)
        *expr = NULL;
}

static bool read_bind(struct tp_form *form, struct tp_bind *bind, const xmlNode *element,
                      struct tp_error *error)
{
    const char *type = tp_xml_attr(element, "type", NULL);
    const char *incomplete = tp_xml_attr(element, "saveIncomplete", NULL);

    bind->element = element;
    forget_constant(&bind->required);
    forget_constant(&bind->readonly);
    if (type)
        bind->type = type_of(type);
    bind->save_incomplete |= incomplete && !strncmp(incomplete, "true", 4);
    read_preload(bind, element);
    return read_expr(form, bind, element, "relevant", &bind->relevant, error) &&
           read_expr(form, bind, element, "readonly", &bind->readonly, error) &&
           read_expr(form, bind, element, "required", &bind->required, error) &&
           read_expr(form, bind, element, "constraint", &bind->constraint, error) &&
           read_expr(form, bind, element, "calculate", &bind->calculate, error) &&
           read_message(form, bind, element, "requiredMsg", &bind->required_message, error) &&
           read_message(form, bind, element, "constraintMsg", &bind->constraint_message, error);
}

bool tp_form_load_binds(struct tp_form *form, const xmlNode *model, struct tp_error *error)
{
    size_t count = 1;

    for (const xmlNode *node = tp_xml_first(model); node; node = tp_xml_next(node))
        count += tp_xml_is(node, "bind", NULL);
    form->binds = tp_arena_alloc(&form->arena, count, sizeof(*form->binds));
    form->bind_of = tp_arena_alloc(&form->arena, form->model.count, sizeof(*form->bind_of));
    if (!form->binds || !form->bind_of)
        return tp_fail_memory(error);
    form->bind_count = 1;
    for (const xmlNode *node = tp_xml_first(model); node; node = tp_xml_next(node)) {
        const char *nodeset = tp_xml_attr(node, "nodeset", NULL);
        uint32_t target;
        uint32_t at;

        if (!tp_xml_is(node, "bind", NULL))
            continue;
        if (!nodeset)
            nodeset = tp_xml_attr(node, "ref", NULL);
        target = nodeset ? tp_model_find_from(&form->model, 1, nodeset) : 0;
        if (!target)
            continue; /* a bind for a node that is not there binds nothing, as in JavaRosa */
        at = form->bind_of[target];
        if (!at) {
            at = form->bind_count++;
            form->bind_of[target] = at;
            form->binds[at].model = target;
        }
        if (!read_bind(form, &form->binds[at], node, error))
            return false;
    }
    return true;
}
