/* The XML of an answer, read in one pass for an export: what is taken is what the reader of trees
 * takes, element for element. */
#include <stdint.h>
#include <stdlib.h>

#include "central/export/scan.h"
#include "central/export/tree.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct counts {
    size_t begun;
    size_t ended;
};

static void begin(void *context, const char *name, const char *uri)
{
    struct counts *counts = context;

    if (!*name || !uri)
        abort();
    counts->begun++;
}

static void attribute(void *context, const char *name, const char *value, size_t length)
{
    (void)context;
    if (!*name || (!value && length))
        abort();
}

static void end(void *context, const char *text)
{
    struct counts *counts = context;

    (void)text;
    counts->ended++;
}

static size_t elements(const xmlNode *node)
{
    size_t count = 1;

    for (const xmlNode *child = tp_xml_first(node); child; child = tp_xml_next(child))
        count += elements(child);
    return count;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct tp_scan_events events = {begin, attribute, end};
    static struct tp_scan *scan;
    struct counts counts = {0};
    xmlDocPtr doc = tp_tree_read("an answer", data, size, NULL);
    bool taken;

    if (!scan)
        scan = tp_scan_create(&events);
    taken = scan && tp_scan_run(scan, (const char *)data, size, &counts);
    if (taken != (doc != NULL))
        abort();
    if (taken &&
        (counts.begun != counts.ended || counts.begun != elements(xmlDocGetRootElement(doc))))
        abort();
    xmlFreeDoc(doc);
    return 0;
}
