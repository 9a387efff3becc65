#include <libxml/xpathInternals.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "form/xml.h"
#include "form/xpath.h"
#include "form/xpath_functions.h"

/* Steps of one evaluation: a hundred times what a list of 100,000 choices takes, and a second of a
 * hostile one on a small machine. */
#define OPERATIONS_MAX 10000000ul

void tp_xpath_fail(struct tp_xpath_env *env, const char *format, ...)
{
    va_list args;

    if (env->failed)
        return;
    env->failed = true;
    va_start(args, format);
    (void)vsnprintf(env->failure, sizeof(env->failure), format, args);
    va_end(args);
}

static void clear_failure(struct tp_xpath_env *env)
{
    env->failed = false;
    env->failure[0] = '\0';
}

static xmlXPathObjectPtr resolved(struct tp_xpath_env *env, unsigned long index)
{
    xmlXPathObjectPtr nodes = xmlXPathNewNodeSet(NULL);

    if (nodes && env->expr && index < env->expr->variable_count && env->hooks)
        env->hooks->resolve(env, &env->expr->refs[index], nodes->nodesetval);
    return nodes;
}

/* $rN: nodes of the form; $cN: numbers; $d: the document; $none: no nodes. */
static xmlXPathObjectPtr variable(void *context, const xmlChar *name, const xmlChar *ns)
{
    struct tp_xpath_env *env = context;
    unsigned long index = strtoul((const char *)name + 1, NULL, 10);

    (void)ns;
    switch (*name) {
    case 'r':
        return resolved(env, index);
    case 'c':
        if (!env->expr || index >= env->expr->number_count)
            return NULL;
        return xmlXPathNewFloat(env->expr->numbers[index]);
    case 'd':
        if (!env->root)
            tp_xpath_fail(env, "there is no document");
        return xmlXPathNewNodeSet(env->root);
    default:
        return xmlXPathNewNodeSet(NULL);
    }
}

bool tp_xpath_env_init(struct tp_xpath_env *env, xmlDocPtr doc, struct tp_error *error)
{
    tp_xml_init();
    env->context = xmlXPathNewContext(doc);
    if (!env->context)
        return tp_fail_memory(error);
    env->root = (xmlNodePtr)doc;
    env->context->userData = env;
    env->context->opLimit = OPERATIONS_MAX;
    xmlXPathRegisterFuncLookup(env->context, tp_xpath_function_lookup, env);
    xmlXPathRegisterVariableLookup(env->context, variable, env);
    clear_failure(env);
    return true;
}

void tp_xpath_env_finish(struct tp_xpath_env *env)
{
    xmlXPathFreeContext(env->context);
    env->context = NULL;
}

void tp_xpath_finish(struct tp_xpath_expr *expr)
{
    if (!expr)
        return;
    xmlXPathFreeCompExpr(expr->compiled);
    expr->compiled = NULL;
}

static bool compile(struct tp_xpath_env *env, struct tp_xpath_expr *expr)
{
    if (!expr->compiled)
        expr->compiled = xmlXPathCtxtCompile(env->context, (const xmlChar *)expr->rewritten);
    if (!expr->compiled)
        tp_xpath_fail(env, "'%.150s' cannot be evaluated", expr->source);
    return expr->compiled != NULL;
}

xmlXPathObjectPtr tp_xpath_eval(struct tp_xpath_env *env, struct tp_xpath_expr *expr,
                                xmlNodePtr node, uint32_t handle)
{
    const struct tp_xpath_expr *outer = env->expr;
    xmlNodePtr outer_origin = env->origin;
    uint32_t outer_handle = env->origin_handle;
    xmlXPathContextPtr context = env->context;
    xmlNodePtr outer_node = context->node;
    xmlDocPtr outer_doc = context->doc;
    int outer_position = context->proximityPosition;
    int outer_size = context->contextSize;
    xmlXPathObjectPtr result = NULL;

    if (!compile(env, expr))
        return NULL;
    env->expr = expr;
    env->origin = node;
    env->origin_handle = handle;
    env->placed = NULL;
    context->node = node;
    context->doc = node ? node->doc : outer_doc;
    context->proximityPosition = -1;
    context->contextSize = -1;
    context->opCount = 0;
    result = xmlXPathCompiledEval(expr->compiled, context);
    if (!result) {
        const char *reason = context->lastError.message;

        tp_xpath_fail(env, "'%.120s' cannot be evaluated: %.80s", expr->source,
                      reason ? reason : "no reason given");
    }
    context->node = outer_node;
    context->doc = outer_doc;
    context->proximityPosition = outer_position;
    context->contextSize = outer_size;
    env->expr = outer;
    env->origin = outer_origin;
    env->origin_handle = outer_handle;
    return result;
}
