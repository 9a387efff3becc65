/*
 * What every administrators' page must be for a keyboard and a screen reader, as far as its HTML
 * shows it: WCAG 2.2 A and AA, each rule named by its success criterion. A rule that is broken
 * is kept in words, with the page, the criterion and the element. Header only.
 */
#ifndef TP_TEST_CENTRAL_HTML_RULES_H
#define TP_TEST_CENTRAL_HTML_RULES_H

#include "tp_test.h"

#include <libxml/HTMLparser.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define HTML_NODES_MAX 8192
#define HTML_NAME_MAX 512

struct html_page {
    const char *target;
    xmlDocPtr doc;
    xmlNode *nodes[HTML_NODES_MAX]; /* elements, in the order of the document */
    size_t count;
    char broken[256]; /* the first rule that is broken, with the page and the element; or "" */
};

/* ---- looking ---- */

static inline bool html_is(const xmlNode *node, const char *name)
{
    return node && node->type == XML_ELEMENT_NODE && strcmp((const char *)node->name, name) == 0;
}

static inline const char *html_attr(const xmlNode *node, const char *name)
{
    for (const xmlAttr *attr = node->properties; attr; attr = attr->next) {
        if (strcmp((const char *)attr->name, name) == 0)
            return attr->children && attr->children->content ? (const char *)attr->children->content
                                                             : "";
    }
    return NULL;
}

static inline bool html_has(const xmlNode *node, const char *name, const char *value)
{
    const char *got = html_attr(node, name);

    return got && strcmp(got, value) == 0;
}

static inline void html_text(const xmlNode *node, char text[HTML_NAME_MAX])
{
    xmlChar *content = xmlNodeGetContent(node);

    (void)snprintf(text, HTML_NAME_MAX, "%s", content ? (const char *)content : "");
    xmlFree(content);
}

static inline xmlNode *html_parent(const xmlNode *node, const char *name)
{
    xmlNode *parent = node->parent;

    while (parent && !html_is(parent, name))
        parent = parent->parent;
    return parent;
}

static inline xmlNode *html_child(const xmlNode *node)
{
    return node ? xmlFirstElementChild((xmlNode *)node) : NULL;
}

static inline xmlNode *html_by_id(const struct html_page *page, const char *id)
{
    for (size_t i = 0; i < page->count; i++) {
        if (html_has(page->nodes[i], "id", id))
            return page->nodes[i];
    }
    return NULL;
}

static inline size_t html_number(const struct html_page *page, const char *name)
{
    size_t number = 0;

    for (size_t i = 0; i < page->count; i++)
        number += html_is(page->nodes[i], name);
    return number;
}

static inline xmlNode *html_first(const struct html_page *page, const char *name)
{
    for (size_t i = 0; i < page->count; i++) {
        if (html_is(page->nodes[i], name))
            return page->nodes[i];
    }
    return NULL;
}

/* Keeps the first rule that is broken. */
static inline void html_want(struct html_page *page, bool holds, const char *rule,
                             const xmlNode *node)
{
    const char *id = node ? html_attr(node, "id") : NULL;

    if (!holds && !*page->broken)
        (void)snprintf(page->broken, sizeof(page->broken), "%s: %s: <%s%s%s>", page->target, rule,
                       node ? (const char *)node->name : "html", id ? " id=" : "", id ? id : "");
}

static inline void html_gather(struct html_page *page, xmlNode *node)
{
    for (; node; node = node->next) {
        if (node->type != XML_ELEMENT_NODE)
            continue;
        assert_true(page->count < HTML_NODES_MAX);
        page->nodes[page->count++] = node;
        html_gather(page, node->children);
    }
}

static inline void html_open(struct html_page *page, const char *target, const char *body)
{
    page->target = target;
    page->count = 0;
    page->broken[0] = '\0';
    page->doc = htmlReadMemory(body, (int)strlen(body), NULL, "utf-8",
                               HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING | HTML_PARSE_NONET);
    assert_non_null(page->doc);
    html_gather(page, xmlDocGetRootElement(page->doc));
}

static inline void html_close(struct html_page *page)
{
    xmlFreeDoc(page->doc);
}

/* What a screen reader calls it. */
static inline void html_name(const struct html_page *page, const xmlNode *node,
                             char name[HTML_NAME_MAX])
{
    const char *label = html_attr(node, "aria-label");
    const char *id = html_attr(node, "id");

    name[0] = '\0';
    if (label) {
        (void)snprintf(name, HTML_NAME_MAX, "%s", label);
    } else if (html_is(node, "input") || html_is(node, "select") || html_is(node, "textarea")) {
        if (html_parent(node, "label"))
            html_text(html_parent(node, "label"), name);
        for (size_t i = 0; !*name && id && i < page->count; i++) {
            if (html_is(page->nodes[i], "label") && html_has(page->nodes[i], "for", id))
                html_text(page->nodes[i], name);
        }
    } else {
        html_text(node, name);
    }
}

/* ---- the rules ---- */

static inline void html_check_document(struct html_page *page)
{
    xmlNode *root = xmlDocGetRootElement(page->doc);
    xmlNode *title = html_first(page, "title");
    char text[HTML_NAME_MAX] = "";

    html_want(page, html_has(root, "lang", "en-GB"), "3.1.1 language of page", root);
    if (title)
        html_text(title, text);
    html_want(page, strlen(text) > 3, "2.4.2 page titled", title);
    for (size_t i = 0; i < page->count; i++) {
        const xmlNode *node = page->nodes[i];
        const char *content = html_attr(node, "content");
        const char *index = html_attr(node, "tabindex");

        html_want(page, !html_attr(node, "http-equiv"), "2.2.1 no refresh", node);
        html_want(page,
                  !html_has(node, "name", "viewport") ||
                      (content && !strstr(content, "user-scalable") && !strstr(content, "maximum")),
                  "1.4.4 zoom is not held up", node);
        html_want(page, !index || strtol(index, NULL, 10) <= 0, "2.4.3 focus order", node);
        html_want(page, !html_attr(node, "autofocus") && !html_attr(node, "accesskey"),
                  "3.2.1 nothing takes the focus or a key", node);
        html_want(page, !html_attr(node, "target"), "3.2.5 no new windows", node);
        html_want(page, !html_attr(node, "style"), "1.4.12 no styles in the page", node);
    }
}

static inline void html_check_landmarks(struct html_page *page)
{
    const xmlNode *first = NULL;

    html_want(page,
              html_number(page, "main") == 1 && html_first(page, "main") &&
                  html_has(html_first(page, "main"), "id", "main"),
              "1.3.1 one main", html_first(page, "main"));
    html_want(page, html_number(page, "header") == 1, "1.3.1 one header", NULL);
    for (size_t i = 0; i < page->count; i++) {
        const xmlNode *node = page->nodes[i];
        bool inside = html_parent(node, "main") || html_parent(node, "header") ||
                      html_is(node, "main") || html_is(node, "header");

        html_want(page, !html_is(node, "nav") || html_attr(node, "aria-label") != NULL,
                  "1.3.1 navigation is named", node);
        if (html_is(node, "a") && !first)
            first = node;
        html_want(page, !html_parent(node, "body") || inside || node == first,
                  "1.3.1 everything stands in a landmark", node);
    }
    html_want(page, first && html_has(first, "href", "#main"), "2.4.1 the first link skips", first);
}

static inline void html_check_headings(struct html_page *page)
{
    int before = 0;

    html_want(page, html_number(page, "h1") == 1, "2.4.6 one first heading", NULL);
    for (size_t i = 0; i < page->count; i++) {
        const char *name = (const char *)page->nodes[i]->name;
        char text[HTML_NAME_MAX];

        if (name[0] != 'h' || name[1] < '1' || name[1] > '6' || name[2])
            continue;
        html_text(page->nodes[i], text);
        html_want(page, *text != 0, "2.4.6 headings have words", page->nodes[i]);
        html_want(page, name[1] - '0' <= before + 1, "1.3.1 no level is left out", page->nodes[i]);
        before = name[1] - '0';
    }
}

/* Each word of a list of IDs names an element. */
static inline void html_check_ids(struct html_page *page, const xmlNode *node,
                                  const char *attribute)
{
    const char *list = html_attr(node, attribute);
    char id[128];

    for (; list && *list; list += strspn(list, " ")) {
        size_t length = strcspn(list, " ");

        (void)snprintf(id, sizeof(id), "%.*s", (int)length, list);
        html_want(page, html_by_id(page, id) != NULL, attribute, node);
        list += length;
    }
}

static inline void html_check_references(struct html_page *page)
{
    for (size_t i = 0; i < page->count; i++) {
        const xmlNode *node = page->nodes[i];
        const char *id = html_attr(node, "id");
        const char *href = html_attr(node, "href");

        html_want(page, !id || html_by_id(page, id) == node, "4.1.2 an ID is there once", node);
        html_check_ids(page, node, "for");
        html_check_ids(page, node, "aria-describedby");
        html_check_ids(page, node, "aria-labelledby");
        html_want(page, !href || href[0] != '#' || html_by_id(page, href + 1),
                  "2.4.4 a link within the page leads somewhere", node);
    }
}

static inline bool html_is_control(const xmlNode *node)
{
    return (html_is(node, "input") && !html_has(node, "type", "hidden")) ||
           html_is(node, "select") || html_is(node, "textarea") || html_is(node, "button") ||
           (html_is(node, "a") && html_attr(node, "href"));
}

static inline void html_check_controls(struct html_page *page)
{
    for (size_t i = 0; i < page->count; i++) {
        const xmlNode *node = page->nodes[i];
        const char *label = html_attr(node, "aria-label");
        char name[HTML_NAME_MAX];
        char seen[HTML_NAME_MAX];

        if (!html_is_control(node))
            continue;
        html_name(page, node, name);
        html_want(page, name[strspn(name, " \n")] != 0, "4.1.2 a control has its name", node);
        html_text(node, seen);
        html_want(page, !label || !*seen || strstr(label, seen), "2.5.3 the label is in the name",
                  node);
        if (html_has(node, "type", "radio")) {
            xmlNode *set = html_parent(node, "fieldset");

            html_want(page, set && html_is(html_child(set), "legend"),
                      "1.3.1 choices have a legend", node);
        }
        html_want(page, !html_has(node, "type", "password") || html_attr(node, "autocomplete"),
                  "1.3.5 and 3.3.8 what fills a password in", node);
    }
}

/* Two links or buttons of one name do one thing. */
static inline void html_check_purposes(struct html_page *page)
{
    for (size_t i = 0; i < page->count; i++) {
        for (size_t k = i + 1; k < page->count; k++) {
            const xmlNode *a = page->nodes[i];
            const xmlNode *b = page->nodes[k];
            const char *to_a;
            const char *to_b;
            char name_a[HTML_NAME_MAX];
            char name_b[HTML_NAME_MAX];

            if ((!html_is(a, "a") && !html_is(a, "button")) || !html_is(b, (const char *)a->name))
                continue;
            to_a = html_is(a, "a") ? html_attr(a, "href")
                                   : html_attr(html_parent(a, "form"), "action");
            to_b = html_is(b, "a") ? html_attr(b, "href")
                                   : html_attr(html_parent(b, "form"), "action");
            if (!to_a || !to_b || strcmp(to_a, to_b) == 0)
                continue;
            html_name(page, a, name_a);
            html_name(page, b, name_b);
            html_want(page, strcmp(name_a, name_b) != 0,
                      "2.4.4 the purpose of a link is in its name", b);
        }
    }
}

static inline size_t html_cells(const xmlNode *row)
{
    return row ? (size_t)xmlChildElementCount((xmlNode *)row) : 0;
}

static inline void html_check_tables(struct html_page *page)
{
    for (size_t i = 0; i < page->count; i++) {
        const xmlNode *node = page->nodes[i];
        const xmlNode *table = html_parent(node, "table");
        char words[HTML_NAME_MAX] = "";

        if (html_is(node, "table")) {
            html_want(page, html_is(html_child(node), "caption"), "1.3.1 a table has its caption",
                      node);
            html_text(html_child(node), words);
            html_want(page, *words != 0, "1.3.1 a caption has words", node);
        }
        html_text(node, words);
        html_want(page, !html_is(node, "th") || html_attr(node, "scope") != NULL,
                  "1.3.1 a heading of a table has its scope", node);
        html_want(page, !html_is(node, "th") || *words != 0, "1.3.1 a heading of a table has words",
                  node);
        if (html_is(node, "tr") && html_parent(node, "tbody")) {
            xmlNode *head = xmlNextElementSibling(html_child(table));

            html_want(page, html_is(head, "thead"), "1.3.1 a table has headings", table);
            html_want(page, html_cells(node) == html_cells(html_child(head)),
                      "1.3.1 each row has a cell for each heading", node);
        }
    }
}

static inline void html_check_rest(struct html_page *page)
{
    for (size_t i = 0; i < page->count; i++) {
        const xmlNode *node = page->nodes[i];
        const char *class = html_attr(node, "class");

        html_want(page,
                  !html_is(node, "svg") || html_has(node, "aria-hidden", "true") ||
                      (html_has(node, "role", "img") && html_attr(node, "aria-label")),
                  "1.1.1 a drawing says what it shows", node);
        html_want(page, !html_is(node, "img") || html_attr(node, "alt") != NULL,
                  "1.1.1 a picture says what it shows", node);
        html_want(page, !class || !strstr(class, "notice done") || html_has(node, "role", "status"),
                  "4.1.3 a message of success is a status", node);
        html_want(page,
                  !class || !strstr(class, "notice problem") || html_has(node, "role", "alert"),
                  "4.1.3 a problem is an alert", node);
        html_want(page,
                  !html_is(node, "ul") || !html_child(node) || html_is(html_child(node), "li"),
                  "1.3.1 a list has items", node);
    }
}

static inline void html_check(struct html_page *page)
{
    html_check_document(page);
    html_check_landmarks(page);
    html_check_headings(page);
    html_check_references(page);
    html_check_controls(page);
    html_check_purposes(page);
    html_check_tables(page);
    html_check_rest(page);
}

#endif
