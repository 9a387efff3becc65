/* Functions on sets of nodes. */
#include <math.h>
#include <nettle/sha2.h>
#include <string.h>

#include "form/xml.h"
#include "form/xpath_functions.h"
#include "form/xpath_value.h"

void tp_fn_count(xmlXPathParserContextPtr parser, int count)
{
    struct tp_xpath_args args;

    if (tp_args_take(&args, parser, count))
        tp_give_number(&args, (double)tp_arg_node_count(&args, 0));
}

void tp_fn_count_non_empty(xmlXPathParserContextPtr parser, int count)
{
    struct tp_xpath_args args;
    double found = 0;
    size_t nodes;

    if (!tp_args_take(&args, parser, count))
        return;
    nodes = tp_arg_node_count(&args, 0);
    for (size_t i = 0; i < nodes; i++) {
        xmlChar *owned;

        found += *tp_node_text(tp_arg_node(&args, 0, i), &owned) != '\0';
        xmlFree(owned);
    }
    tp_give_number(&args, found);
}

double tp_node_place(const xmlNode *node)
{
    double place = 1;

    for (const xmlNode *p = node->prev; p; p = p->prev)
        place += p->type == XML_ELEMENT_NODE && xmlStrEqual(p->name, node->name);
    return place;
}

/* A predicate asks for the same place again and again: /data/r[position() <
 * position(current()/..)]. */
static double place_in(struct tp_xpath_env *env, const xmlNode *node)
{
    if (env->placed != node) {
        env->place = tp_node_place(node);
        env->placed = node;
    }
    return env->place;
}

void tp_fn_position(xmlXPathParserContextPtr parser, int count)
{
    struct tp_xpath_args args;
    xmlXPathContextPtr context = parser->context;

    if (!tp_args_take(&args, parser, count))
        return;
    if (count) {
        bool any = tp_arg_node_count(&args, 0) > 0;

        tp_give_number(&args, any ? place_in(args.env, tp_arg_node(&args, 0, 0)) : 0);
    } else if (context->proximityPosition > 0) {
        tp_give_number(&args, context->proximityPosition);
    } else {
        tp_give_number(&args, context->node ? tp_node_place(context->node) : 1);
    }
}

void tp_fn_last(xmlXPathParserContextPtr parser, int count)
{
    struct tp_xpath_args args;
    int size = parser->context->contextSize;

    if (tp_args_take(&args, parser, count))
        tp_give_number(&args, size > 0 ? size : 1);
}

/* An <instance id="..."> of the document itself, where no form stands behind it. */
static xmlNodePtr instance_element(xmlNodePtr node, const char *id)
{
    for (; node; node = tp_xml_next(node)) {
        const char *found = tp_xml_attr(node, "id", NULL);
        xmlNodePtr inside;

        if (tp_xml_is(node, "instance", NULL) && found && !strcmp(found, id))
            return node;
        inside = instance_element(tp_xml_first(node), id);
        if (inside)
            return inside;
    }
    return NULL;
}

void tp_fn_instance(xmlXPathParserContextPtr parser, int count)
{
    struct tp_xpath_args args;
    const char *id;
    xmlNodePtr found = NULL;

    if (!tp_args_take(&args, parser, count))
        return;
    id = tp_arg_text(&args, 0);
    if (args.env->hooks && args.env->hooks->instance)
        found = args.env->hooks->instance(args.env, id);
    else if (parser->context->doc)
        found = instance_element(xmlDocGetRootElement(parser->context->doc), id);
    if (!found)
        tp_xpath_fail(args.env, "there is no instance '%.80s'", id);
    tp_give_nodes(&args, xmlXPathNewNodeSet(found));
}

void tp_fn_current(xmlXPathParserContextPtr parser, int count)
{
    struct tp_xpath_args args;

    if (tp_args_take(&args, parser, count))
        tp_give_nodes(&args, xmlXPathNewNodeSet(args.env->origin));
}

/* Elements with one of these values in an attribute named id: there is no DTD to say which
 * attributes are IDs. */
static void add_ids(xmlNodePtr node, const char *ids, xmlNodeSetPtr found)
{
    for (; node; node = tp_xml_next(node)) {
        const char *id = tp_xml_attr(node, "id", NULL);
        size_t length = id ? strlen(id) : 0;

        for (const char *p = ids; length && (p = strstr(p, id)); p += length) {
            if ((p == ids || strchr(" \t\n\r", p[-1])) && strchr(" \t\n\r", p[length])) {
                (void)xmlXPathNodeSetAddUnique(found, node);
                break;
            }
        }
        add_ids(tp_xml_first(node), ids, found);
    }
}

void tp_fn_id(xmlXPathParserContextPtr parser, int count)
{
    struct tp_xpath_args args;
    xmlXPathObjectPtr found;
    struct tp_buf ids;
    size_t nodes;

    if (!tp_args_take(&args, parser, count))
        return;
    found = xmlXPathNewNodeSet(NULL);
    tp_buf_init(&ids, TP_XML_TEXT_MAX);
    if (tp_arg_is_nodes(&args, 0)) {
        nodes = tp_arg_node_count(&args, 0);
        for (size_t i = 0; i < nodes; i++) {
            xmlChar *owned;

            (void)tp_buf_puts(&ids, tp_node_text(tp_arg_node(&args, 0, i), &owned));
            (void)tp_buf_putc(&ids, ' ');
            xmlFree(owned);
        }
    } else {
        (void)tp_buf_puts(&ids, tp_arg_text(&args, 0));
    }
    if (found && parser->context->doc)
        add_ids(xmlDocGetRootElement(parser->context->doc), tp_buf_text(&ids), found->nodesetval);
    tp_buf_finish(&ids);
    tp_give_nodes(&args, found);
}

/* ---- randomize() ---- */

/* Park and Miller's minimal standard generator, which ODK XForms names, so that a seed gives every
 * engine the same order. */
#define MODULUS 2147483647.0
#define MULTIPLIER 16807.0

static double seed_of(struct tp_xpath_args *args)
{
    uint8_t digest[SHA256_DIGEST_SIZE];
    struct sha256_ctx state;
    double number = tp_arg_number(args, 1);
    const char *text;
    uint64_t bits = 0;

    if (!isnan(number)) /* as far as 64 bits reach, as in JavaRosa */
        return fmax(-0x1p63, fmin(trunc(number), 0x1p63));
    text = tp_arg_text(args, 1);
    if (!*text)
        return 0;
    sha256_init(&state);
    sha256_update(&state, strlen(text), (const uint8_t *)text);
    sha256_digest(&state, sizeof(digest), digest);
    for (int i = 0; i < 8; i++)
        bits = bits << 8 | digest[i];
    return (double)(int64_t)bits;
}

/* The inside-out Fisher-Yates shuffle. */
static void shuffle(struct tp_xpath_args *args, xmlNodeSetPtr nodes)
{
    bool seeded = args->count == 2;
    double state = seeded ? fmod(seed_of(args), MODULUS) : 0;

    if (state <= 0)
        state += MODULUS - 1;
    for (int i = 0; i < nodes->nodeNr; i++) {
        xmlNodePtr node = nodes->nodeTab[i];
        int j;

        if (seeded) {
            state = fmod(state * MULTIPLIER, MODULUS);
            j = (int)((state - 1) / (MODULUS - 1) * (i + 1));
        } else {
            j = (int)tp_random_below(&args->env->random, (uint32_t)i + 1);
        }
        nodes->nodeTab[i] = nodes->nodeTab[j];
        nodes->nodeTab[j] = node;
    }
}

void tp_fn_randomize(xmlXPathParserContextPtr parser, int count)
{
    struct tp_xpath_args args;
    xmlXPathObjectPtr shuffled;

    if (!tp_args_take(&args, parser, count))
        return;
    if (!tp_arg_node_count(&args, 0)) {
        tp_give_nodes(&args, xmlXPathNewNodeSet(NULL));
        return;
    }
    shuffled = xmlXPathNewNodeSetList(args.value[0]->nodesetval);
    if (shuffled) {
        shuffle(&args, shuffled->nodesetval);
        /* libxml2 puts a set back in document order before a function sees it, and at the end;
         * sets of this type it leaves alone. _nodes() makes an ordinary one of it. */
        shuffled->type = XPATH_XSLT_TREE;
    }
    tp_give_nodes(&args, shuffled);
}

/* A shuffled set that a path goes on from. */
void tp_xpath_nodes(xmlXPathParserContextPtr parser, int count)
{
    struct tp_xpath_args args;

    if (!tp_args_take(&args, parser, count))
        return;
    if (args.value[0]->type == XPATH_XSLT_TREE)
        args.value[0]->type = XPATH_NODESET;
    tp_give_arg(&args, 0);
}
