/* Loading: the document, its head, and the parts in order. */
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/mem.h"
#include "form/form_internal.h"
#include "form/problem.h"
#include "form/xml.h"

bool tp_form_fail(const struct tp_form *form, const xmlNode *at, struct tp_error *error,
                  enum tp_error_code code, const char *format, ...)
{
    char text[TP_ERROR_TEXT_MAX];
    va_list args;

    va_start(args, format);
    (void)vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    if (at)
        return tp_fail(error, code, "%s: line %ld: %s", form->name, xmlGetLineNo((xmlNodePtr)at),
                       text);
    return tp_fail(error, code, "%s: %s", form->name, text);
}

bool tp_form_note(struct tp_form *form, const struct tp_error *problem)
{
    if (!form->problems || problem->code == TP_ERR_MEMORY || problem->code == TP_ERR_LIMIT)
        return false;
    if (problem->code == TP_ERR_UNSUPPORTED)
        tp_problems_refuse(form->problems, NULL, NULL, "%s", problem->text);
    else
        tp_problems_add(form->problems, TP_SEVERITY_ERROR, NULL, NULL, "%s", problem->text);
    if (!form->is_wrong)
        form->first = *problem;
    form->is_wrong = true;
    return true;
}

/* ---- expressions ---- */

static bool keep_expr(struct tp_form *form, struct tp_xpath_expr *expr)
{
    if (form->expr_count == form->expr_capacity) {
        size_t capacity = form->expr_capacity ? form->expr_capacity * 2 : 256;
        struct tp_xpath_expr **more =
            tp_realloc(form->exprs, capacity, sizeof(struct tp_xpath_expr *));

        if (!more)
            return false;
        form->exprs = more;
        form->expr_capacity = capacity;
    }
    form->exprs[form->expr_count++] = expr;
    return true;
}

static bool compile(struct tp_form *form, const xmlNode *at, const struct tp_xpath_scope *scope,
                    const char *source, const char *what, struct tp_xpath_expr **expr,
                    struct tp_error *error)
{
    struct tp_xpath_expr *made;
    struct tp_error reason = {0};
    char path[256];

    if (!tp_xpath_compile(scope, source, &made, &reason)) {
        if (reason.code == TP_ERR_MEMORY)
            return tp_fail_memory(error);
        tp_model_path(&form->model, scope->context, path, sizeof(path));
        return tp_form_fail(form, at, error, reason.code, "%s of %s: %s: %.300s", what, path,
                            reason.text, source);
    }
    if (!keep_expr(form, made))
        return tp_fail_memory(error);
    *expr = made;
    return true;
}

bool tp_form_compile(struct tp_form *form, const xmlNode *at, uint32_t context, const char *source,
                     const char *what, struct tp_xpath_expr **expr, struct tp_error *error)
{
    const struct tp_xpath_scope scope = {.arena = &form->arena,
                                         .scratch = &form->scratch,
                                         .model = &form->model,
                                         .context = context,
                                         .lenient = form->lenient};

    return compile(form, at, &scope, source, what, expr, error);
}

bool tp_form_compile_item(struct tp_form *form, const xmlNode *at, uint32_t context,
                          const char *source, struct tp_xpath_expr **expr, struct tp_error *error)
{
    const struct tp_xpath_scope scope = {.arena = &form->arena,
                                         .scratch = &form->scratch,
                                         .model = &form->model,
                                         .context = context,
                                         .in_choice = true,
                                         .lenient = form->lenient};

    return compile(form, at, &scope, source, "a choice", expr, error);
}

/* ---- the document ---- */

static xmlNodePtr child_named(const xmlNode *parent, const char *name)
{
    for (xmlNodePtr node = parent ? tp_xml_first(parent) : NULL; node; node = tp_xml_next(node))
        if (tp_xml_is(node, name, NULL))
            return node;
    return NULL;
}

static const char *element_text(const xmlNode *element)
{
    if (!element || !element->children || !element->children->content)
        return "";
    return (const char *)element->children->content;
}

/* OpenRosa's own namespace where the form has a prefix for it, else the form's. */
static xmlNsPtr openrosa_namespace(xmlNodePtr root)
{
    /* up to the document */
    for (xmlNodePtr node = root; node->type == XML_ELEMENT_NODE; node = node->parent)
        for (xmlNsPtr ns = node->nsDef; ns; ns = ns->next)
            if (ns->prefix && xmlStrEqual(ns->href, (const xmlChar *)TP_NS_OPENROSA))
                return ns;
    return root->ns;
}

static xmlNodePtr add_child(xmlNodePtr parent, xmlNsPtr ns, const char *name)
{
    xmlNodePtr node = xmlNewDocNode(parent->doc, ns, (const xmlChar *)name, NULL);

    if (node && !xmlAddChild(parent, node)) {
        xmlFreeNode(node);
        return NULL;
    }
    return node;
}

/* Every answer needs an instance ID; a form that has no node for it gets one. */
static bool ensure_instance_id(struct tp_form *form, xmlNodePtr root)
{
    xmlNodePtr meta = child_named(root, "meta");

    if (!meta)
        meta = add_child(root, openrosa_namespace(root), "meta");
    if (!meta)
        return false;
    if (child_named(meta, "instanceID"))
        return true;
    form->added_instance_id = true;
    return add_child(meta, meta->ns, "instanceID") != NULL;
}

static bool load_head(struct tp_form *form, xmlNodePtr root, struct tp_error *error)
{
    const char *version;
    const char *id;

    id = tp_xml_attr(root, "id", NULL);
    if (!id)
        id = root->ns && root->ns->href ? (const char *)root->ns->href : "";
    version = tp_xml_attr(root, "version", NULL);
    if (!version)
        version = tp_xml_attr(root, "version", TP_NS_OPENROSA);
    form->id = id;
    form->version = version ? version : "";
    form->instance_root = root;
    if (!ensure_instance_id(form, root))
        return tp_fail_memory(error);
    if (!tp_model_build(&form->model, &form->arena, root, error))
        return tp_fail_prefix(error, "%s", form->name);
    form->meta = tp_model_child(&form->model, 1, "meta", 4);
    form->instance_id = tp_model_child(&form->model, form->meta, "instanceID", 10);
    return true;
}

/* There is one instance ID, and so one `meta`: where it is there twice or in a repeat, nobody could
 * say which of them names the answers. */
static bool check_instance_id(struct tp_form *form, const xmlNode *root, struct tp_error *error)
{
    const struct tp_model_node *nodes = form->model.nodes;

    for (uint32_t i = nodes[form->instance_id].first; i; i = nodes[i].next)
        if (!nodes[i].is_attribute)
            return tp_form_fail(form, root, error, TP_ERR_INVALID,
                                "<instanceID> holds <%s>; it holds a name, and is left empty here",
                                nodes[i].qname);
    for (uint32_t i = form->instance_id; i; i = nodes[i].parent)
        if (nodes[i].is_repeat)
            return tp_form_fail(form, root, error, TP_ERR_INVALID,
                                "<%s> is there more than once; a form has one <meta> with one "
                                "<instanceID>",
                                nodes[i].qname);
    return true;
}

static const char *public_key_of(const xmlNode *model)
{
    const xmlNode *submission = child_named(model, "submission");
    const char *key = submission ? tp_xml_attr(submission, "base64RsaPublicKey", NULL) : NULL;

    return key ? key : "";
}

static bool load_parts(struct tp_form *form, const xmlNode *html, struct tp_error *error)
{
    const xmlNode *head = child_named(html, "head");
    xmlNodePtr body = child_named(html, "body");
    xmlNodePtr model = child_named(head, "model");
    const xmlNode *instance = child_named(model, "instance");
    xmlNodePtr root = instance ? tp_xml_first(instance) : NULL;

    if (!tp_xml_is(html, "html", NULL) || !head || !body)
        return tp_form_fail(form, html, error, TP_ERR_INVALID,
                            "not an XForm: the root element must be <html> with <head> and "
                            "<body>");
    if (!model || !root)
        return tp_form_fail(form, head, error, TP_ERR_INVALID,
                            "not an XForm: <model> with a filled <instance> is missing");
    form->title = element_text(child_named(head, "title"));
    form->public_key = public_key_of(model);
    if (!form->lenient && !tp_form_refuse(form, html, error))
        return false;
    return load_head(form, root, error) && tp_form_load_itext(form, model, error) &&
           tp_form_expand_searches(form, model, body, error) &&
           tp_form_load_instances(form, model, error) && tp_form_load_body(form, body, error) &&
           (check_instance_id(form, root, error) || tp_form_note(form, error)) &&
           tp_form_load_binds(form, model, error) && tp_form_compile_body(form, error) &&
           tp_form_load_actions(form, model, body, error) && tp_form_check_outputs(form, error) &&
           (tp_form_build_dag(form, error) || tp_form_note(form, error));
}

static const char *copied(struct tp_form *form, const char *text)
{
    return tp_arena_strndup(&form->arena, text, strlen(text));
}

static bool prepare(struct tp_form *form, const char *name, const struct tp_form_params *params)
{
    form->name = copied(form, name);
    form->lenient = params && params->lenient;
    form->media_may_be_missing = params && (params->media_may_be_missing || params->lenient);
    form->problems = params ? params->problems : NULL;
    if (params && params->media_dir)
        form->media_dir = copied(form, params->media_dir);
    return form->name && (!params || !params->media_dir || form->media_dir);
}

/* What ended loading joins what was noted before; the first of all is the error. */
static bool ends_well(struct tp_form *form, bool loaded, const struct tp_error *last,
                      struct tp_error *error)
{
    if (!loaded && form->problems)
        tp_problems_add(form->problems, TP_SEVERITY_ERROR, NULL, NULL, "%s", last->text);
    if (form->is_wrong)
        return tp_fail(error, form->first.code, "%s", form->first.text);
    return loaded || tp_fail(error, last->code, "%s", last->text);
}

bool tp_form_load(const char *name, const void *xml, size_t length,
                  const struct tp_form_params *params, struct tp_form **form,
                  struct tp_error *error)
{
    const struct tp_xml_limits limits = {.bytes = TP_FORM_BYTES_MAX,
                                         .depth = TP_FORM_DEPTH_MAX,
                                         .nodes = TP_FORM_NODES_MAX,
                                         .text = TP_FORM_TEXT_MAX};
    struct tp_form *made = tp_calloc(1, sizeof(*made));
    struct tp_error last = {0};
    bool ok;

    if (!made)
        return tp_fail_memory(error);
    ok = prepare(made, name, params) || tp_fail_memory(&last);
    ok = ok && tp_xml_read(name, xml, length, &limits, &made->doc, &last) &&
         load_parts(made, xmlDocGetRootElement(made->doc), &last);
    tp_arena_finish(&made->scratch);
    ok = ends_well(made, ok, &last, error);
    made->problems = NULL;
    if (ok)
        *form = made;
    else
        tp_form_destroy(made);
    return ok;
}

bool tp_form_load_file(const char *path, const struct tp_form_params *params, struct tp_form **form,
                       struct tp_error *error)
{
    struct tp_form_params own = params ? *params : (struct tp_form_params){0};
    const char *slash = strrchr(path, '/');
    char folder[PATH_MAX];
    struct tp_buf bytes;
    bool ok;

    if (!own.media_dir) {
        (void)snprintf(folder, sizeof(folder), "%.*s", slash ? (int)(slash - path) : 1,
                       slash ? path : ".");
        own.media_dir = folder;
    }
    tp_buf_init(&bytes, TP_FORM_BYTES_MAX);
    ok = tp_file_read(path, &bytes, error) &&
         tp_form_load(slash ? slash + 1 : path, tp_buf_text(&bytes), bytes.length, &own, form,
                      error);
    tp_buf_finish(&bytes);
    return ok;
}

void tp_form_destroy(struct tp_form *form)
{
    if (!form)
        return;
    for (size_t i = 0; i < form->expr_count; i++)
        tp_xpath_finish(form->exprs[i]);
    tp_free(form->exprs);
    tp_free(form->outputs);
    tp_form_finish_instances(form);
    xmlFreeDoc(form->doc);
    tp_arena_finish(&form->arena);
    tp_arena_finish(&form->scratch);
    tp_free(form);
}

/* ---- looking ---- */

const char *tp_form_id(const struct tp_form *form)
{
    return form->id;
}

const char *tp_form_version(const struct tp_form *form)
{
    return form->version;
}

const char *tp_form_title(const struct tp_form *form)
{
    return form->title;
}

const char *tp_form_public_key(const struct tp_form *form)
{
    return form->public_key;
}

const struct tp_bind *tp_form_bind(const struct tp_form *form, uint32_t model)
{
    return &form->binds[form->bind_of[model]];
}
