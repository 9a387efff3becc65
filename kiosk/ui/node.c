/* See node.h: the memory of a page, and its nodes. */
#include "kiosk/ui/node.h"

#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "form/markdown.h"

#define CHUNK_BYTES (32u * 1024u)
#define ALIGNMENT 16u

struct tp_chunk {
    struct tp_chunk *next;
    size_t used, size;
    _Alignas(ALIGNMENT) unsigned char bytes[];
};

void *tp_page_memory(struct tp_page *page, size_t size)
{
    struct tp_chunk *chunk = page->chunks;

    size = (size + ALIGNMENT - 1) & ~(size_t)(ALIGNMENT - 1);
    if (page->failed || size > TP_PAGE_BYTES_MAX - page->bytes) {
        page->failed = true;
        return NULL;
    }
    if (!chunk || chunk->size - chunk->used < size) {
        size_t room = size > CHUNK_BYTES ? size : CHUNK_BYTES;

        chunk = tp_calloc(1, sizeof(*chunk) + room);
        if (!chunk) {
            page->failed = true;
            return NULL;
        }
        chunk->size = room;
        chunk->next = page->chunks;
        page->chunks = chunk;
    }
    void *memory = chunk->bytes + chunk->used;

    chunk->used += size;
    page->bytes += size;
    return memory;
}

const char *tp_page_text(struct tp_page *page, const char *text)
{
    size_t length = text ? strnlen(text, TP_TEXT_MAX) : 0;
    char *copy = text ? tp_page_memory(page, length + 1) : NULL;

    if (copy)
        memcpy(copy, text, length);
    return copy;
}

void tp_page_wipe(struct tp_chunk *chunks)
{
    while (chunks) {
        struct tp_chunk *next = chunks->next;

        tp_wipe(chunks->bytes, chunks->used);
        tp_free(chunks);
        chunks = next;
    }
}

const struct tp_node *tp_node_after(const struct tp_node *root, const struct tp_node *node)
{
    if (node->first)
        return node->first;
    while (node != root) {
        if (node->next)
            return node->next;
        node = node->parent;
    }
    return NULL;
}

/* FNV-1a; never 0. */
static uint32_t hash_of(const char *id)
{
    uint32_t hash = 2166136261u;

    for (; *id; id++)
        hash = (hash ^ (unsigned char)*id) * 16777619u;
    return hash ? hash : 1;
}

struct tp_node *tp_node_make(struct tp_page *page, struct tp_node *parent, enum tp_kind kind,
                             const char *id)
{
    struct tp_node *node;
    char made[48];

    if (!page || page->node_count >= TP_UI_NODES_MAX) {
        if (page)
            page->failed = true;
        return NULL;
    }
    node = tp_page_memory(page, sizeof(*node));
    if (!node)
        return NULL;
    page->ordinals[kind]++;
    if (!id) {
        (void)snprintf(made, sizeof(made), "%s %u", tp_kind_name(kind), page->ordinals[kind]);
        id = made;
    }
    page->node_count++;
    node->kind = kind;
    node->page = page;
    node->parent = parent;
    node->id = tp_page_text(page, id);
    node->weight = 1;
    if (!node->id)
        return NULL;
    if (parent) {
        node->place = parent->place;
        if (parent->last)
            parent->last->next = node;
        else
            parent->first = node;
        parent->last = node;
    }
    return node;
}

struct tp_node *tp_node_add(struct tp_node *parent, enum tp_kind kind, const char *id)
{
    return parent ? tp_node_make(parent->page, parent, kind, id) : NULL;
}

static void set_markdown(struct tp_page *page, struct tp_piece *piece, const char *source)
{
    struct tp_markdown parsed;
    struct tp_text_span *spans;

    if (!tp_markdown_parse(source, &parsed)) {
        page->failed = true;
        return;
    }
    piece->text = tp_page_text(page, parsed.text);
    spans = tp_page_memory(page, parsed.span_count * sizeof(*spans) + 1);
    for (size_t i = 0; spans && i < parsed.span_count; i++)
        if (parsed.spans[i].bold || parsed.spans[i].heading)
            spans[piece->span_count++] =
                (struct tp_text_span){parsed.spans[i].start, parsed.spans[i].length};
    piece->spans = spans;
    tp_markdown_finish(&parsed);
}

void tp_node_move(struct tp_node *node, struct tp_node *parent)
{
    struct tp_node *from = node->parent, *before = NULL;

    for (struct tp_node *child = from->first; child && child != node; child = child->next)
        before = child;
    *(before ? &before->next : &from->first) = node->next;
    if (from->last == node)
        from->last = before;
    *(parent->last ? &parent->last->next : &parent->first) = node;
    parent->last = node;
    node->next = NULL;
    node->parent = parent;
    node->place = parent->place;
}

void tp_node_words(struct tp_node *node, size_t index, enum tp_style style, struct tp_words words)
{
    struct tp_piece *piece = &node->pieces[index];

    piece->style = style;
    if (index == 0) {
        node->clip = tp_page_text(node->page, words.clip);
        node->authored = words.markdown || words.written;
    }
    if (words.markdown) {
        set_markdown(node->page, piece, words.text);
        return;
    }
    piece->text = tp_page_text(node->page, words.text ? words.text : "");
    if (words.span_count) {
        struct tp_text_span *spans = tp_page_memory(node->page, words.span_count * sizeof(*spans));

        if (!spans)
            return;
        memcpy(spans, words.spans, words.span_count * sizeof(*spans));
        piece->spans = spans;
        piece->span_count = words.span_count;
    }
}

void tp_node_act(struct tp_node *node, struct tp_action action, const char *spoken)
{
    node->action = action;
    node->action.text = tp_page_text(node->page, action.text);
    node->spoken = tp_page_text(node->page, spoken);
    node->target = hash_of(node->id);
}
