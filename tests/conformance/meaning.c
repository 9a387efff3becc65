#include "meaning.h"

#include <ctype.h>
#include <libxml/parser.h>
#include <libxml/tree.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"

#define LINE_MAX_BYTES (4u * 1024u * 1024u)

struct reading {
    struct tp_meaning *meaning;
    const char *root;      /* the primary instance's root */
    const char *also_root; /* or NULL */
    bool failed;
};

/* ---- lines ---- */

static bool name_char(char c)
{
    return isalnum((unsigned char)c) || c == '_' || c == '-' || c == '.' || c == '/' || c == ']';
}

static bool is_root(const char *p, const char *root)
{
    size_t length = root ? strlen(root) : 0;

    return length && strncmp(p, root, length) == 0 &&
           (p[length] == '/' || p[length] == '[' || !name_char(p[length]));
}

/* A day from a spreadsheet is a day here, and midnight of it in pyxform. */
static void drop_midnight(char *text)
{
    static const char midnight[] = " 00:00:00";
    size_t length = strlen(text);
    size_t n = sizeof(midnight) - 1;

    if (length > n + 10 && strcmp(text + length - n, midnight) == 0 && text[length - n - 3] == '-')
        text[length - n] = '\0';
}

/* Runs of white space become one space; "/ROOT" stands for the root's name. */
static char *plain(const struct reading *reading, const char *text)
{
    struct tp_buf out;
    char *taken;

    tp_buf_init(&out, LINE_MAX_BYTES);
    for (const char *p = text; *p;) {
        bool starts = *p == '/' && (p == text || !name_char(p[-1]));

        if (isspace((unsigned char)*p)) {
            p += strspn(p, " \t\r\n");
            if (out.length && *p)
                (void)tp_buf_putc(&out, ' ');
        } else if (starts && is_root(p + 1, reading->root)) {
            (void)tp_buf_puts(&out, "/ROOT");
            p += 1 + strlen(reading->root);
        } else if (starts && is_root(p + 1, reading->also_root)) {
            (void)tp_buf_puts(&out, "/ROOT");
            p += 1 + strlen(reading->also_root);
        } else {
            (void)tp_buf_putc(&out, *p++);
        }
    }
    taken = tp_buf_take(&out);
    tp_buf_finish(&out);
    if (taken)
        drop_midnight(taken);
    return taken;
}

static void add(struct reading *reading, char *line)
{
    struct tp_meaning *meaning = reading->meaning;
    char *text = line ? plain(reading, line) : NULL;

    tp_free(line);
    if (text && meaning->count == meaning->capacity) {
        size_t capacity = meaning->capacity ? meaning->capacity * 2 : 64;
        char **lines = tp_realloc(meaning->lines, capacity, sizeof(*lines));

        if (!lines) {
            tp_free(text);
            text = NULL;
        } else {
            meaning->lines = lines;
            meaning->capacity = capacity;
        }
    }
    if (!text)
        reading->failed = true;
    else
        meaning->lines[meaning->count++] = text;
}

static bool is(const xmlNode *node, const char *name)
{
    return node->type == XML_ELEMENT_NODE && xmlStrEqual(node->name, (const xmlChar *)name);
}

static char *attribute(const xmlNode *node, const char *name)
{
    xmlChar *value = xmlGetNoNsProp(node, (const xmlChar *)name);
    char *copy = tp_strdup(value ? (const char *)value : "");

    xmlFree(value);
    return copy;
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* " name=value ..." in the order of the names, those of `skip` left out. */
static char *attributes(const xmlNode *node, const char *const *skip)
{
    struct tp_buf out;
    char *pairs[64];
    size_t count = 0;
    char *taken;

    for (const xmlAttr *a = node->properties; a && count < 64; a = a->next) {
        xmlChar *value = xmlNodeListGetString(node->doc, a->children, 1);
        bool skipped = false;

        for (size_t i = 0; skip && skip[i]; i++)
            skipped = skipped || xmlStrEqual(a->name, (const xmlChar *)skip[i]);
        if (!skipped)
            pairs[count++] =
                tp_asprintf(" %s%s%s=%s", a->ns ? (const char *)a->ns->href : "", a->ns ? ":" : "",
                            (const char *)a->name, value ? (const char *)value : "");
        xmlFree(value);
    }
    qsort(pairs, count, sizeof(*pairs), by_text);
    tp_buf_init(&out, LINE_MAX_BYTES);
    for (size_t i = 0; i < count; i++) {
        (void)tp_buf_puts(&out, pairs[i]);
        tp_free(pairs[i]);
    }
    taken = tp_buf_take(&out);
    tp_buf_finish(&out);
    return taken;
}

/* pyxform escapes an expression twice where it holds < or &; read it as it was meant. */
static void unescape(char *text)
{
    static const char *const entities[] = {"&lt;", "&gt;", "&amp;"};
    static const char characters[] = "<>&";

    for (size_t i = 0; i < 3; i++) {
        size_t length = strlen(entities[i]);
        char *p = text;

        while ((p = strstr(p, entities[i]))) {
            *p++ = characters[i];
            memmove(p, p + length - 1, strlen(p + length - 1) + 1);
        }
    }
}

/* Text with each <output> as {value}. */
static void mixed(const xmlNode *node, struct tp_buf *out)
{
    for (const xmlNode *child = node->children; child; child = child->next) {
        if (child->type == XML_TEXT_NODE || child->type == XML_CDATA_SECTION_NODE) {
            (void)tp_buf_puts(out, (const char *)child->content);
        } else if (is(child, "output")) {
            char *value = attribute(child, "value");

            if (value)
                unescape(value);
            (void)tp_buf_printf(out, "{ %s }", value ? value : "");
            tp_free(value);
        }
    }
}

static char *text_of(const xmlNode *node)
{
    struct tp_buf out;
    char *taken;

    tp_buf_init(&out, LINE_MAX_BYTES);
    mixed(node, &out);
    taken = tp_buf_take(&out);
    tp_buf_finish(&out);
    return taken;
}

/* ---- the model ---- */

/* The n-th element with its text, attributes and, in `path`, its ancestors. */
static void instance(struct reading *reading, const xmlNode *node, const char *what,
                     const char *path, unsigned n)
{
    static const char *const skip[] = {"__none", NULL};
    char *here = tp_asprintf("%s/%u:%s", path, n, (const char *)node->name);
    char *pairs = attributes(node, skip);
    bool leaf = true;
    unsigned child_number = 0;
    char *text;

    for (const xmlNode *child = node->children; child; child = child->next)
        leaf = leaf && child->type != XML_ELEMENT_NODE;
    text = leaf ? text_of(node) : tp_strdup("");
    add(reading, tp_asprintf("%s %s%s = %s", what, here, pairs, text));
    for (const xmlNode *child = node->children; child; child = child->next) {
        if (child->type == XML_ELEMENT_NODE)
            instance(reading, child, what, here, child_number++);
    }
    tp_free(text);
    tp_free(pairs);
    tp_free(here);
}

/* An item of choices: its children, whatever their order. */
static void item(struct reading *reading, const xmlNode *node, const char *id, unsigned n)
{
    char *pairs[64];
    size_t count = 0;
    struct tp_buf out;

    for (const xmlNode *child = node->children; child && count < 64; child = child->next) {
        char *text;

        if (child->type != XML_ELEMENT_NODE)
            continue;
        text = text_of(child);
        pairs[count++] = tp_asprintf(" %s=%s", (const char *)child->name, text);
        tp_free(text);
    }
    qsort(pairs, count, sizeof(*pairs), by_text);
    tp_buf_init(&out, LINE_MAX_BYTES);
    for (size_t i = 0; i < count; i++) {
        (void)tp_buf_puts(&out, pairs[i]);
        tp_free(pairs[i]);
    }
    add(reading, tp_asprintf("choice %s %u%s", id, n, tp_buf_text(&out)));
    tp_buf_finish(&out);
}

static void secondary(struct reading *reading, const xmlNode *node)
{
    char *id = attribute(node, "id");
    char *src = attribute(node, "src");
    const xmlNode *root = xmlFirstElementChild((xmlNode *)node);
    unsigned n = 0;

    add(reading, tp_asprintf("instance %s %s", id, src));
    for (const xmlNode *child = root ? root->children : NULL; child; child = child->next) {
        if (is(child, "item"))
            item(reading, child, id, n++);
    }
    tp_free(src);
    tp_free(id);
}

/* A missing translation is "-" in pyxform and left out here, so "-" is no text. */
static void translated(struct reading *reading, const xmlNode *text, const char *language)
{
    char *id = attribute(text, "id");

    for (const xmlNode *value = text->children; value; value = value->next) {
        char *form = is(value, "value") ? attribute(value, "form") : NULL;
        char *words = form ? text_of(value) : NULL;

        if (words && strcmp(words, "-") != 0)
            add(reading, tp_asprintf("text %s %s %s = %s", language, id, form, words));
        tp_free(words);
        tp_free(form);
    }
    tp_free(id);
}

static void translation(struct reading *reading, const xmlNode *node)
{
    char *language = attribute(node, "lang");
    char *is_default = attribute(node, "default");

    add(reading, tp_asprintf("language %s %s", language, is_default));
    for (const xmlNode *text = node->children; text; text = text->next)
        if (is(text, "text"))
            translated(reading, text, language);
    tp_free(is_default);
    tp_free(language);
}

static void itext(struct reading *reading, const xmlNode *node)
{
    for (const xmlNode *child = node->children; child; child = child->next)
        if (is(child, "translation"))
            translation(reading, child);
}

static void model(struct reading *reading, const xmlNode *node)
{
    bool primary = false;

    for (const xmlNode *child = node->children; child; child = child->next) {
        char *pairs;

        if (child->type != XML_ELEMENT_NODE)
            continue;
        if (is(child, "itext")) {
            itext(reading, child);
        } else if (is(child, "instance") && !primary) {
            xmlNode *root = xmlFirstElementChild((xmlNode *)child);

            primary = true;
            if (root) {
                xmlNodeSetName(root, (const xmlChar *)"ROOT");
                instance(reading, root, "node", "", 0);
            }
        } else if (is(child, "instance")) {
            secondary(reading, child);
        } else {
            pairs = attributes(child, NULL);
            add(reading, tp_asprintf("%s%s", (const char *)child->name, pairs));
            tp_free(pairs);
        }
    }
}

/* ---- the body ---- */

static unsigned element_children(const xmlNode *node, const char *name)
{
    unsigned count = 0;

    for (const xmlNode *child = node->children; child; child = child->next)
        count += name ? is(child, name) : child->type == XML_ELEMENT_NODE;
    return count;
}

/* An unlabelled repeat's group repeats the repeat's attributes in pyxform, to no effect. */
static bool frames_repeat(const xmlNode *node)
{
    return is(node, "group") && element_children(node, "repeat") == 1;
}

/* <input query="instance('cities')/..."> takes its choices from a file made of the sheet
 * external_choices; here they stand in the form, so it is an ordinary select. */
static void external_select(struct reading *reading, const xmlNode *node, const char *here)
{
    static const char start[] = "instance('";
    char *query = attribute(node, "query");
    struct tp_meaning *meaning = reading->meaning;

    if (query && strncmp(query, start, sizeof(start) - 1) == 0 &&
        meaning->list_count < sizeof(meaning->lists) / sizeof(meaning->lists[0])) {
        size_t length = strcspn(query + sizeof(start) - 1, "'");

        meaning->lists[meaning->list_count++] = tp_strndup(query + sizeof(start) - 1, length);
    }
    add(reading, tp_asprintf("body %s/1:itemset nodeset=%s = ", here, query));
    add(reading, tp_asprintf("body %s/1:itemset/0:value ref=name = ", here));
    add(reading, tp_asprintf("body %s/1:itemset/1:label ref=label = ", here));
    tp_free(query);
}

static void control(struct reading *reading, const xmlNode *node, const char *path, unsigned n)
{
    static const char *const skip_frame[] = {"appearance", "count", "noAddRemove", "intent", NULL};
    static const char *const skip_query[] = {"query", NULL};
    bool external = is(node, "input") && xmlHasProp(node, (const xmlChar *)"query");
    char *here = tp_asprintf("%s/%u:%s", path, n, external ? "select1" : (const char *)node->name);
    char *pairs = attributes(node, frames_repeat(node) ? skip_frame : skip_query);
    char *words = text_of(node);
    unsigned child_number = 0;

    add(reading, tp_asprintf("body %s%s = %s", here, pairs, words));
    for (const xmlNode *child = node->children; child; child = child->next) {
        if (child->type == XML_ELEMENT_NODE && !is(child, "output"))
            control(reading, child, here, child_number++);
    }
    if (external)
        external_select(reading, node, here);
    tp_free(words);
    tp_free(pairs);
    tp_free(here);
}

/* ---- */

static const xmlNode *child_named(const xmlNode *node, const char *name)
{
    for (const xmlNode *child = node ? node->children : NULL; child; child = child->next) {
        if (is(child, name))
            return child;
    }
    return NULL;
}

static bool read_document(struct reading *reading, const xmlNode *html)
{
    const xmlNode *head = child_named(html, "head");
    const xmlNode *title = child_named(head, "title");
    const xmlNode *model_node = child_named(head, "model");
    const xmlNode *body = child_named(html, "body");
    const xmlNode *primary = child_named(model_node, "instance");
    const xmlNode *root = primary ? xmlFirstElementChild((xmlNode *)primary) : NULL;
    char *name;

    if (!root || !body || !title)
        return false;
    name = tp_strdup((const char *)root->name);
    if (!name)
        return false;
    reading->root = name;
    {
        char *text = text_of(title);

        add(reading, tp_asprintf("title = %s", text));
        tp_free(text);
    }
    model(reading, model_node);
    control(reading, body, "", 0);
    reading->meaning->root = name;
    reading->root = NULL;
    return true;
}

bool tp_meaning_read(const char *xml, size_t length, const char *also_root,
                     struct tp_meaning *meaning, struct tp_error *error)
{
    struct tp_meaning fresh = {0};
    struct reading reading = {.meaning = &fresh, .also_root = also_root};
    xmlDoc *doc =
        xmlReadMemory(xml, (int)length, NULL, NULL,
                      XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING | XML_PARSE_HUGE);
    bool read;

    if (!doc)
        return tp_fail(error, TP_ERR_INVALID, "the form is not well-formed XML");
    read = read_document(&reading, xmlDocGetRootElement(doc));
    xmlFreeDoc(doc);
    if (!read || reading.failed) {
        tp_meaning_finish(&fresh);
        return reading.failed ? tp_fail_memory(error)
                              : tp_fail(error, TP_ERR_INVALID, "the form is not an XForm");
    }
    qsort(fresh.lines, fresh.count, sizeof(*fresh.lines), by_text);
    *meaning = fresh;
    return true;
}

void tp_meaning_finish(struct tp_meaning *meaning)
{
    for (size_t i = 0; i < meaning->count; i++)
        tp_free(meaning->lines[i]);
    for (size_t i = 0; i < meaning->list_count; i++)
        tp_free(meaning->lists[i]);
    tp_free(meaning->lines);
    tp_free(meaning->root);
    *meaning = (struct tp_meaning){0};
}

/* "instance cities " or "choice cities 3 ..." of a list that stands outside the other form. */
static bool is_external(const struct tp_meaning *expected, const char *line)
{
    const char *rest = strncmp(line, "instance ", 9) == 0 ? line + 9
                       : strncmp(line, "choice ", 7) == 0 ? line + 7
                                                          : NULL;

    for (size_t i = 0; rest && i < expected->list_count; i++) {
        size_t length = strlen(expected->lists[i]);

        if (strncmp(rest, expected->lists[i], length) == 0 &&
            (rest[length] == ' ' || rest[length] == '\0'))
            return true;
    }
    return false;
}

char *tp_meaning_difference(const struct tp_meaning *expected, const struct tp_meaning *found)
{
    size_t e = 0;
    size_t f = 0;

    while (e < expected->count || f < found->count) {
        int order = e == expected->count ? 1
                    : f == found->count  ? -1
                                         : strcmp(expected->lines[e], found->lines[f]);

        if (order < 0)
            return tp_asprintf("- %s%s%s", expected->lines[e], f < found->count ? " | + " : "",
                               f < found->count ? found->lines[f] : "");
        if (order > 0 && is_external(expected, found->lines[f])) {
            f++;
            continue;
        }
        if (order > 0)
            return tp_asprintf("+ %s%s%s", found->lines[f], e < expected->count ? " | - " : "",
                               e < expected->count ? expected->lines[e] : "");
        e++;
        f++;
    }
    return NULL;
}
