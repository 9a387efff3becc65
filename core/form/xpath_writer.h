/*
 * The rewriter's parts, shared by its files: xpath_rewrite.c (operators, values, the whole),
 * xpath_rewrite_call.c (functions), xpath_rewrite_path.c (paths, and where they lead).
 */
#ifndef TP_FORM_XPATH_WRITER_H
#define TP_FORM_XPATH_WRITER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "form/model.h"
#include "form/xpath.h"
#include "form/xpath_ast.h"

/* Things one expression reads. */
#define TP_WRITER_REFS_MAX 100000u

/* Model nodes a path may lead to. Without a form, and in secondary instances, not known. */
struct tp_models {
    bool known;
    uint32_t *node;
    uint32_t count, capacity;
};

struct tp_writer {
    const struct tp_xpath_scope *scope;
    struct tp_buf out;
    struct tp_xpath_ref *variables; /* owned */
    uint32_t variable_count, variable_capacity;
    struct tp_xpath_ref *others; /* owned; read in other ways */
    uint32_t other_count, other_capacity;
    double *numbers; /* owned */
    uint32_t number_count, number_capacity;
    uint32_t bound_limit; /* of the paths in indexed-repeat() */
    bool changes_by_itself, uses_position;
    unsigned depth;
    struct tp_error *error;
};

/* Where an expression stands: in a form's bind or body (`inside` NULL), or in a predicate on the
 * nodes `inside`. */
struct tp_place {
    const struct tp_models *inside;
};

struct tp_walk {
    uint32_t node;    /* where the steps so far lead */
    uint32_t highest; /* the highest node a relative path went up to */
    bool absolute;
    bool nowhere; /* a step names what the instance does not have */
};

/* Appends. False when the expression gets too long. */
bool tp_write_put(struct tp_writer *writer, const char *text);
bool tp_write_bytes(struct tp_writer *writer, const char *bytes, size_t count);

/* Any expression: what it is, and the nodes it may give (models may be NULL). */
bool tp_write_any(struct tp_writer *writer, const struct tp_xpath_node *node,
                  const struct tp_place *place, enum tp_xpath_type *type, struct tp_models *models);
bool tp_write_value(struct tp_writer *writer, const struct tp_xpath_node *node,
                    const struct tp_place *place, enum tp_xpath_type *type);

/* The same in brackets, where a path or predicate goes on from it. */
bool tp_write_nodes(struct tp_writer *writer, const struct tp_xpath_node *node,
                    const struct tp_place *place, enum tp_xpath_type *type,
                    struct tp_models *models);

bool tp_write_call(struct tp_writer *writer, const struct tp_xpath_node *call,
                   const struct tp_place *place, enum tp_xpath_type *type,
                   struct tp_models *models);
bool tp_write_path(struct tp_writer *writer, const struct tp_xpath_node *path,
                   const struct tp_place *place, struct tp_models *models);

/* A filter on a secondary instance, by its index; *written false: it is none. What follows the
 * item's step, and the step's other predicates, are left to the caller. */
bool tp_write_lookup(struct tp_writer *writer, const struct tp_xpath_node *path,
                     const struct tp_place *place, const struct tp_xpath_node **rest,
                     const struct tp_xpath_node **predicates, bool *written);

/* A path in a form, from where `walk` stands. */
bool tp_write_form_path(struct tp_writer *writer, const struct tp_xpath_node *step,
                        struct tp_walk *walk, struct tp_models *models);

/* Follows steps that name one node; returns the first that does not. */
const struct tp_xpath_node *tp_walk_steps(const struct tp_model *model, struct tp_walk *walk,
                                          const struct tp_xpath_node *step);

bool tp_write_predicates(struct tp_writer *writer, const struct tp_xpath_node *first,
                         const struct tp_models *inside);

/* Adds a node once. */
bool tp_models_add(struct tp_writer *writer, struct tp_models *models, uint32_t node);

bool tp_xpath_is_call(const struct tp_xpath_node *node, const char *name);

#endif
