/*
 * The shape of a form's main instance: one model node for each kind of node an answer can be in.
 *
 * However many instances a repeat has, its nodes have one model node each. They are numbered in
 * document order, so that what lies below a node is a range of numbers; 0 is the document, 1 the
 * root element. The tree points into the form's document and dictionary.
 */
#ifndef TP_FORM_MODEL_H
#define TP_FORM_MODEL_H

#include <libxml/tree.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "form/arena.h"

struct tp_model_node {
    const char *name;             /* local name, in the document's dictionary */
    const char *qname;            /* as the instance is written: "orx:meta" */
    const xmlNode *source;        /* the element (or attribute) that stands for it in the form */
    uint32_t parent, first, next; /* 0: none */
    uint32_t size;                /* nodes of its subtree, itself included */
    uint32_t repeat;              /* the nearest repeat at or above it; 0: none */
    uint16_t repeats;             /* how many repeats are at or above it */
    bool is_repeat, is_attribute;
};

struct tp_model {
    struct tp_model_node *nodes; /* [0] is the document */
    uint32_t count;
    xmlDictPtr dict; /* the form's document's */
    uint32_t *table; /* hash of (parent, name) */
    uint32_t table_size;
};

/* Builds the tree of the element `root`; same-named siblings are one node, a repeat. A repeat's
 * jr:template, where there is one, is its source. All memory is the arena's. */
bool tp_model_build(struct tp_model *model, struct tp_arena *arena, const xmlNode *root,
                    struct tp_error *error);

/* After is_repeat has been set for the body's repeats: fills `repeat` and `repeats`. */
void tp_model_settle(struct tp_model *model);

/* Child element (or attribute) by local name; 0: none. */
uint32_t tp_model_child(const struct tp_model *model, uint32_t parent, const char *name,
                        size_t length);
uint32_t tp_model_attribute(const struct tp_model *model, uint32_t parent, const char *name,
                            size_t length);

/* The node at a path without predicates ("/data/a", "../b", prefixes ignored), relative to
 * `context` or absolute; 0: none. */
uint32_t tp_model_find_from(const struct tp_model *model, uint32_t context, const char *path);

/* Writes "/data/person/age"; cut where it does not fit. */
void tp_model_path(const struct tp_model *model, uint32_t node, char *text, size_t size);

/* The nearest node that is at or above both. */
uint32_t tp_model_common(const struct tp_model *model, uint32_t a, uint32_t b);

static inline bool tp_model_within(const struct tp_model *model, uint32_t node, uint32_t ancestor)
{
    return node >= ancestor && node - ancestor < model->nodes[ancestor].size;
}

#endif
