#include "central/export/plain.h"

#include <string.h>
#include <strings.h>

#include "base/buf.h"
#include "central/export/tree.h"
#include "form/xml.h"

/* More than a screen writes; an answer beyond them goes the long way. */
#define NAME_MAX_BYTES 64u
#define URI_MAX_BYTES 128u
#define ATTRIBUTES_MAX 16u
#define NAMESPACES_MAX 8u

#define DECLARATION "<?xml version=\"1.0\" encoding=\"UTF-8\"?>"

struct span {
    const char *at;
    size_t length;
};

/* A name as it stands: its prefix (length 0: none) and what comes after the colon. */
struct name {
    struct span whole, prefix, local;
};

struct namespace
{
    struct span prefix; /* length 0: the default one */
    char uri[URI_MAX_BYTES];
    size_t depth; /* of the element that declares it */
};

struct plain {
    const struct tp_scan_events *events;
    void *context;
    const char *at; /* what is next; the text's NUL ends every run */
    size_t depth;
    struct span open[TP_TREE_DEPTH_MAX]; /* the names of the elements that are open */
    struct namespace namespaces[NAMESPACES_MAX];
    size_t namespace_count;
    struct tp_buf text; /* of the element that is open, since its tag */
    bool leaf;          /* nothing but text since the last start tag */
};

struct attribute {
    struct name name;
    struct span value;
};

/* ---- the parts of a tag ---- */

static bool begins_name(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static bool in_name(char c)
{
    return begins_name(c) || (c >= '0' && c <= '9') || c == '-' || c == '.';
}

static bool is_same(struct span a, struct span b)
{
    return a.length == b.length && memcmp(a.at, b.at, a.length) == 0;
}

static bool is_text(struct span a, const char *text)
{
    return is_same(a, (struct span){text, strlen(text)});
}

static bool skip(struct plain *plain, char c)
{
    if (*plain->at != c)
        return false;
    plain->at++;
    return true;
}

static bool skip_space(struct plain *plain)
{
    const char *from = plain->at;

    while (*plain->at == ' ' || *plain->at == '\n' || *plain->at == '\t')
        plain->at++;
    return plain->at > from;
}

static bool take_part(struct plain *plain, struct span *part)
{
    part->at = plain->at;
    if (!begins_name(*plain->at))
        return false;
    while (in_name(*plain->at))
        plain->at++;
    part->length = (size_t)(plain->at - part->at);
    return part->length < NAME_MAX_BYTES;
}

static bool take_name(struct plain *plain, struct name *name)
{
    name->prefix = (struct span){plain->at, 0};
    if (!take_part(plain, &name->local))
        return false;
    name->whole = name->local;
    if (!skip(plain, ':'))
        return true;
    name->prefix = name->local;
    if (!take_part(plain, &name->local))
        return false;
    name->whole.length = (size_t)(plain->at - name->whole.at);
    return true;
}

/* A value that needs no work: no reference, no line end, nothing but ASCII. */
static bool take_attribute(struct plain *plain, struct attribute *attribute)
{
    if (!take_name(plain, &attribute->name) || !skip(plain, '=') || !skip(plain, '"'))
        return false;
    attribute->value.at = plain->at;
    while (*plain->at >= ' ' && *plain->at < 0x7f && *plain->at != '"' && *plain->at != '<' &&
           *plain->at != '&')
        plain->at++;
    attribute->value.length = (size_t)(plain->at - attribute->value.at);
    return skip(plain, '"');
}

static bool take_attributes(struct plain *plain, struct attribute *attributes, size_t *count)
{
    for (*count = 0; skip_space(plain) && *plain->at != '>' && *plain->at != '/'; ++*count) {
        if (*count == ATTRIBUTES_MAX || !take_attribute(plain, &attributes[*count]))
            return false;
        for (size_t i = 0; i < *count; i++) {
            if (is_same(attributes[i].name.whole, attributes[*count].name.whole))
                return false;
        }
    }
    return true;
}

/* ---- namespaces ---- */

/* The names that XML keeps for itself are libxml2's to judge. */
static bool is_plain_uri(struct span uri)
{
    return uri.length > 0 && uri.length < URI_MAX_BYTES && !memchr(uri.at, ' ', uri.length) &&
           !memmem(uri.at, uri.length, "http://www.w3.org/XML", 21) &&
           !memmem(uri.at, uri.length, "http://www.w3.org/2000/xmlns", 28);
}

static bool declare(struct plain *plain, struct span prefix, struct span uri)
{
    struct namespace *made = &plain->namespaces[plain->namespace_count];

    if (plain->namespace_count == NAMESPACES_MAX || !is_plain_uri(uri) ||
        (prefix.length >= 3 && strncasecmp(prefix.at, "xml", 3) == 0))
        return false;
    made->prefix = prefix;
    made->depth = plain->depth;
    memcpy(made->uri, uri.at, uri.length);
    made->uri[uri.length] = '\0';
    plain->namespace_count++;
    return true;
}

static bool is_declaration(const struct attribute *attribute)
{
    return is_text(attribute->name.prefix, "xmlns") || is_text(attribute->name.whole, "xmlns");
}

static bool declare_all(struct plain *plain, const struct attribute *attributes, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const struct name *name = &attributes[i].name;
        struct span prefix = name->prefix.length ? name->local : name->prefix;

        if (is_declaration(&attributes[i]) && !declare(plain, prefix, attributes[i].value))
            return false;
    }
    return true;
}

/* NULL where the prefix was not declared. */
static const char *uri_of(const struct plain *plain, struct span prefix)
{
    for (size_t i = plain->namespace_count; i > 0; i--) {
        if (is_same(plain->namespaces[i - 1].prefix, prefix))
            return plain->namespaces[i - 1].uri;
    }
    return prefix.length ? NULL : "";
}

/* ---- telling ---- */

static const char *ended(struct span name, char text[NAME_MAX_BYTES])
{
    memcpy(text, name.at, name.length);
    text[name.length] = '\0';
    return text;
}

/* Two prefixes may stand for one namespace: an attribute with one is for libxml2. */
static bool tell_begin(struct plain *plain, const struct name *name,
                       const struct attribute *attributes, size_t count)
{
    const char *uri = uri_of(plain, name->prefix);
    char text[NAME_MAX_BYTES];

    if (!uri)
        return false;
    plain->events->begin(plain->context, ended(name->local, text), uri);
    for (size_t i = 0; i < count; i++) {
        if (is_declaration(&attributes[i]))
            continue;
        if (attributes[i].name.prefix.length)
            return false;
        plain->events->attribute(plain->context, ended(attributes[i].name.local, text),
                                 attributes[i].value.at, attributes[i].value.length);
    }
    return true;
}

static void tell_end(struct plain *plain)
{
    plain->events->end(plain->context, plain->leaf ? tp_buf_text(&plain->text) : NULL);
    plain->leaf = false;
    while (plain->namespace_count > 0 &&
           plain->namespaces[plain->namespace_count - 1].depth == plain->depth)
        plain->namespace_count--;
    plain->depth--;
}

/* ---- reading ---- */

static bool read_start(struct plain *plain)
{
    struct attribute attributes[ATTRIBUTES_MAX];
    struct name name;
    size_t count;
    bool empty;

    if (plain->depth == TP_TREE_DEPTH_MAX || !take_name(plain, &name) ||
        !take_attributes(plain, attributes, &count))
        return false;
    empty = skip(plain, '/');
    plain->open[plain->depth++] = name.whole;
    if (!skip(plain, '>') || !declare_all(plain, attributes, count) ||
        !tell_begin(plain, &name, attributes, count))
        return false;
    tp_buf_reset(&plain->text);
    plain->leaf = true;
    if (empty)
        tell_end(plain);
    return true;
}

static bool read_end(struct plain *plain)
{
    struct span name = plain->depth ? plain->open[plain->depth - 1] : (struct span){"", 0};

    if (name.length == 0 || strncmp(plain->at, name.at, name.length) != 0)
        return false;
    plain->at += name.length;
    (void)skip_space(plain);
    if (!skip(plain, '>'))
        return false;
    tell_end(plain);
    return true;
}

static bool read_reference(struct plain *plain)
{
    static const struct {
        const char *name;
        char stands_for;
    } references[] = {
        {"&lt;", '<'}, {"&gt;", '>'}, {"&amp;", '&'}, {"&quot;", '"'}, {"&apos;", '\''}};

    for (size_t i = 0; i < sizeof(references) / sizeof(references[0]); i++) {
        size_t length = strlen(references[i].name);

        if (strncmp(plain->at, references[i].name, length) != 0)
            continue;
        plain->at += length;
        return !plain->leaf || tp_buf_putc(&plain->text, references[i].stands_for);
    }
    return false;
}

/* "]]>" may not stand in text: a bare > is for libxml2. */
static bool read_text(struct plain *plain)
{
    const char *from = plain->at;

    while ((*plain->at >= ' ' && *plain->at < 0x7f && *plain->at != '<' && *plain->at != '&' &&
            *plain->at != '>') ||
           *plain->at == '\n' || *plain->at == '\t')
        plain->at++;
    if (plain->leaf)
        (void)tp_buf_add(&plain->text, from, (size_t)(plain->at - from));
    if (*plain->at == '&')
        return read_reference(plain);
    return *plain->at == '<' && tp_buf_ok(&plain->text);
}

static bool read_root(struct plain *plain)
{
    if (strncmp(plain->at, DECLARATION, sizeof(DECLARATION) - 1) == 0) {
        plain->at += sizeof(DECLARATION) - 1;
        (void)skip_space(plain);
    }
    if (!skip(plain, '<') || !read_start(plain))
        return false;
    while (plain->depth > 0) {
        if (!skip(plain, '<')) {
            if (!read_text(plain))
                return false;
        } else if (skip(plain, '/') ? !read_end(plain) : !read_start(plain)) {
            return false;
        }
    }
    (void)skip_space(plain);
    return true;
}

bool tp_plain_run(const struct tp_scan_events *events, const char *xml, size_t length,
                  void *context)
{
    struct plain plain;
    bool ok;

    /* Not all of it: only what is written before it is read. */
    plain.events = events;
    plain.context = context;
    plain.at = xml;
    plain.depth = plain.namespace_count = 0;
    plain.leaf = false;
    tp_buf_init(&plain.text, TP_XML_TEXT_MAX);
    /* So few bytes hold no more nodes than there may be. */
    ok = length <= TP_TREE_NODES_MAX && read_root(&plain) && plain.at == xml + length;
    tp_buf_finish(&plain.text);
    return ok;
}
