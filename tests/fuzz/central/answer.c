/* The XML of an answer, read in one pass for an export: what is taken is what the reader of trees
 * takes, element for element. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "central/export/plain.h"
#include "central/export/tree.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What was told, in words. */
struct heard {
    struct tp_buf words;
    size_t begun;
    size_t ended;
};

static void begin(void *context, const char *name, const char *uri)
{
    struct heard *heard = context;

    if (!*name || !uri)
        abort();
    heard->begun++;
    (void)tp_buf_printf(&heard->words, "<%s %s\n", name, uri);
}

static void attribute(void *context, const char *name, const char *value, size_t length)
{
    struct heard *heard = context;

    if (!*name || (!value && length))
        abort();
    (void)tp_buf_printf(&heard->words, "%s=%.*s\n", name, (int)length, value ? value : "");
}

static void end(void *context, const char *text)
{
    struct heard *heard = context;

    heard->ended++;
    (void)tp_buf_printf(&heard->words, "/%s\n", text ? text : "(elements)");
}

static void listen(struct heard *heard)
{
    *heard = (struct heard){.begun = 0};
    tp_buf_init(&heard->words, 1u << 30);
}

static const struct tp_scan_events events = {begin, attribute, end};

static size_t elements(const xmlNode *node)
{
    size_t count = 1;

    for (const xmlNode *child = tp_xml_first(node); child; child = tp_xml_next(child))
        count += elements(child);
    return count;
}

/* What the quick reader takes the long one takes too, and tells the same of it. */
static void check_quick(const char *xml, size_t size, bool taken, const struct heard *long_way)
{
    struct heard heard;
    char *text = malloc(size + 1);

    if (!text)
        return;
    memcpy(text, xml, size);
    text[size] = '\0';
    listen(&heard);
    if (tp_plain_run(&events, text, size, &heard) &&
        (!taken || strcmp(tp_buf_text(&heard.words), tp_buf_text(&long_way->words)) != 0))
        abort();
    tp_buf_finish(&heard.words);
    free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct tp_scan *scan;
    struct heard heard;
    xmlDocPtr doc = tp_tree_read("an answer", data, size, NULL);
    bool taken;

    if (!scan)
        scan = tp_scan_create(&events);
    listen(&heard);
    taken = scan && tp_scan_run(scan, (const char *)data, size, &heard);
    if (taken != (doc != NULL))
        abort();
    if (taken && (heard.begun != heard.ended || heard.begun != elements(xmlDocGetRootElement(doc))))
        abort();
    check_quick((const char *)data, size, taken, &heard);
    tp_buf_finish(&heard.words);
    xmlFreeDoc(doc);
    return 0;
}
