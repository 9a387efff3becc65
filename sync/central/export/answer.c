#include "central/export/answer.h"

#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "central/export/tree.h"

#define CONTEXT_NAMESPACE "urn:talkpoint:context:1"
#define PATH_MAX_BYTES 1024u

static const char *const fact_names[TP_FACT_COUNT] = {
    "venue", "event", "channel",     "language", "readingMode", "privacyVersion",
    "clock", "pace",  "receiptCode", "practice", "about"};

const char *tp_fact_name(enum tp_fact fact)
{
    return fact_names[fact];
}

bool tp_answer_init(struct tp_answer *answer, const struct tp_schema *schema)
{
    memset(answer, 0, sizeof(*answer));
    answer->values = tp_calloc(schema->count, sizeof(*answer->values));
    if (!answer->values)
        return false;
    answer->count = schema->count;
    for (size_t i = 0; i < answer->count; i++)
        tp_buf_init(&answer->values[i], TP_ANSWER_VALUE_MAX);
    return true;
}

void tp_answer_finish(struct tp_answer *answer)
{
    for (size_t i = 0; i < answer->count; i++)
        tp_buf_finish(&answer->values[i]);
    tp_free(answer->values);
    tp_wipe(answer, sizeof(*answer));
}

static void empty(struct tp_answer *answer)
{
    for (size_t i = 0; i < answer->count; i++)
        tp_buf_reset(&answer->values[i]);
    tp_wipe(answer->facts, sizeof(answer->facts));
    answer->practice = false;
    answer->problem = NULL;
}

static void take_fact(struct tp_answer *answer, const char *name, const char *value)
{
    for (size_t i = 0; i < TP_FACT_COUNT; i++) {
        if (strcmp(fact_names[i], name) == 0)
            (void)snprintf(answer->facts[i], TP_CONTEXT_TEXT_MAX, "%s", value);
    }
}

/* The facts stand as elements or as attributes of tp:context. */
static void read_context(struct tp_answer *answer, const xmlNode *context)
{
    for (const xmlAttr *attribute = context->properties; attribute; attribute = attribute->next) {
        if (attribute->children && attribute->children->content)
            take_fact(answer, (const char *)attribute->name,
                      (const char *)attribute->children->content);
    }
    for (const xmlNode *fact = tp_tree_child(context, NULL); fact; fact = tp_tree_next(fact))
        take_fact(answer, (const char *)fact->name, tp_tree_text(fact));
    answer->practice = strcmp(answer->facts[TP_FACT_CHANNEL], "practice") == 0 ||
                       strcmp(answer->facts[TP_FACT_PRACTICE], "true") == 0 ||
                       strcmp(answer->facts[TP_FACT_PRACTICE], "yes") == 0 ||
                       strcmp(answer->facts[TP_FACT_PRACTICE], "1") == 0;
}

static void read_meta(struct tp_answer *answer, const xmlNode *meta, const struct tp_kept *kept)
{
    for (const xmlNode *node = tp_tree_child(meta, NULL); node; node = tp_tree_next(node)) {
        if (tp_tree_is(node, "context") && node->ns &&
            strcmp((const char *)node->ns->href, CONTEXT_NAMESPACE) == 0)
            read_context(answer, node);
        else if (tp_tree_is(node, "instanceID") &&
                 strcmp(tp_tree_text(node), kept->instance_id) != 0)
            answer->problem = "its instanceID is not the one it was sent under";
    }
}

/* The instances of a repeat go into one value, parted by " | ". */
static void add_value(struct tp_buf *value, const char *text)
{
    if (*text == '\0')
        return;
    if (value->length)
        (void)tp_buf_puts(value, " | ");
    (void)tp_buf_puts(value, text);
}

static void read_values(struct tp_answer *answer, const struct tp_schema *schema,
                        const xmlNode *parent, const char *before, int depth)
{
    if (depth > TP_TREE_DEPTH_MAX)
        return;
    for (const xmlNode *node = tp_tree_child(parent, NULL); node; node = tp_tree_next(node)) {
        char path[PATH_MAX_BYTES];
        int length;
        long index;

        if (depth == 0 && tp_tree_is(node, "meta"))
            continue;
        length = snprintf(path, sizeof(path), "%s%s%s", before, *before ? "/" : "",
                          (const char *)node->name);
        if (length < 0 || (size_t)length >= sizeof(path))
            continue;
        if (tp_tree_child(node, NULL)) {
            read_values(answer, schema, node, path, depth + 1);
            continue;
        }
        index = tp_schema_find(schema, path);
        if (index >= 0)
            add_value(&answer->values[index], tp_tree_text(node));
    }
}

static void read_instance(struct tp_answer *answer, const struct tp_schema *schema,
                          const struct tp_buf *plain, const struct tp_kept *kept)
{
    xmlDocPtr doc = tp_tree_read("an answer", tp_buf_text(plain), plain->length, NULL);
    const xmlNode *root;
    const xmlNode *meta;

    if (!doc) {
        answer->problem = "what was sealed is not XML";
        return;
    }
    root = xmlDocGetRootElement(doc);
    meta = tp_tree_child(root, "meta");
    if (meta)
        read_meta(answer, meta, kept);
    read_values(answer, schema, root, "", 0);
    xmlFreeDoc(doc);
}

bool tp_answer_read(struct tp_answer *answer, const struct tp_schema *schema,
                    const struct tp_keys *keys, const struct tp_kept *kept, struct tp_error *error)
{
    struct tp_error why = {.code = TP_OK};
    struct tp_buf plain;
    bool enough = true;

    empty(answer);
    tp_buf_init(&plain, TP_SEAL_PLAIN_MAX + TP_SEAL_PAD);
    if (tp_keys_unseal(keys, kept->sealed, kept->sealed_length, &plain, &why))
        read_instance(answer, schema, &plain, kept);
    else if (why.code == TP_ERR_MEMORY)
        enough = tp_fail_memory(error);
    else if (tp_odk_is(kept->sealed, kept->sealed_length))
        answer->problem = "it is encrypted to its form's own key, which is not here: name the "
                          "private key with --key";
    else
        answer->problem = "its seal cannot be opened with the keys that are here";
    tp_buf_finish(&plain);
    for (size_t i = 0; enough && i < answer->count; i++) {
        if (!tp_buf_ok(&answer->values[i]))
            enough = tp_fail_memory(error);
    }
    return enough;
}
