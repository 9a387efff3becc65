/* indexed-repeat(): what stands in the instances that numbers name. */
#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "form/xpath_functions.h"
#include "form/xpath_value.h"

/* The instances that one repeat's index names, one inside each instance around it; in the order of
 * their addresses. */
struct named {
    const xmlNode **instances; /* owned */
    size_t count;
};

static int by_address(const void *a, const void *b)
{
    const xmlNode *const *left = a;
    const xmlNode *const *right = b;

    return (*left > *right) - (*left < *right);
}

/* The place of an instance, counted on from the one before it where both stand side by side. */
static double place_after(const xmlNode *before, double place, const xmlNode *instance)
{
    bool alike = before && xmlStrEqual(before->name, instance->name);

    for (const xmlNode *node = alike ? before->next : NULL; node; node = node->next) {
        place += node->type == XML_ELEMENT_NODE && xmlStrEqual(node->name, instance->name);
        if (node == instance)
            return place;
    }
    return tp_node_place(instance);
}

static bool name_instances(struct tp_xpath_args *args, int repeat, double index,
                           struct named *named)
{
    size_t count = tp_arg_node_count(args, repeat);
    const xmlNode *before = NULL;
    double place = 0;

    named->instances = tp_calloc(count + 1, sizeof(*named->instances));
    if (!named->instances)
        return false;
    for (size_t i = 0; i < count; i++) {
        const xmlNode *instance = tp_arg_node(args, repeat, i);

        place = place_after(before, place, instance);
        before = instance;
        if (place == index)
            named->instances[named->count++] = instance;
    }
    qsort(named->instances, named->count, sizeof(*named->instances), by_address);
    return true;
}

static bool is_inside(const xmlNode *node, const struct named *named)
{
    for (; node; node = node->parent)
        if (bsearch(&node, named->instances, named->count, sizeof(*named->instances), by_address))
            return true;
    return false;
}

static xmlXPathObjectPtr nodes_inside(struct tp_xpath_args *args, const struct named *named,
                                      size_t repeats)
{
    xmlXPathObjectPtr found = xmlXPathNewNodeSet(NULL);
    size_t nodes = tp_arg_node_count(args, 0);

    for (size_t n = 0; found && n < nodes; n++) {
        xmlNodePtr node = tp_arg_node(args, 0, n);
        bool inside = true;

        for (size_t i = 0; inside && i < repeats; i++)
            inside = is_inside(node, &named[i]);
        if (inside)
            (void)xmlXPathNodeSetAddUnique(found->nodesetval, node);
    }
    return found;
}

/* indexed-repeat(field, repeat, index, [inner repeat, index]...): the field's nodes inside the
 * instances that the indexes name. The rewriter gives every path unbound. */
void tp_fn_indexed_repeat(xmlXPathParserContextPtr parser, int count)
{
    struct named named[TP_XPATH_ARGS_MAX / 2] = {0};
    struct tp_xpath_args args;
    size_t repeats = 0;
    bool ok = true;

    if (!tp_args_take(&args, parser, count))
        return;
    for (int i = 1; ok && i + 1 < count; i += 2) {
        double index = trunc(tp_arg_number(&args, i + 1));

        /* not known yet, as for an empty question: the first, as in JavaRosa */
        if (args.env->in_form && !(index >= 1))
            index = 1;
        ok = name_instances(&args, i, index, &named[repeats++]);
    }
    tp_give_nodes(&args, ok ? nodes_inside(&args, named, repeats) : NULL);
    for (size_t i = 0; i < repeats; i++)
        tp_free(named[i].instances);
}
