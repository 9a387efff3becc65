/* Choices: those written in the question, and those that are nodes of an itemset. */
#include <string.h>

#include "base/mem.h"
#include "form/session_internal.h"

/* ---- the nodes of an itemset ---- */

/* Nodes kept for all questions together, 8 MiB of pointers: the lists of a screen many times over.
 * Past it they are forgotten, and asked for again where they are shown again. */
#define ITEMS_KEPT_MAX ((size_t)1024 * 1024)

static void forget_items(struct tp_session *session)
{
    for (size_t i = 0; i < session->choice_count; i++) {
        tp_free(session->choices[i].items);
        session->choices[i].items = NULL;
        session->choices[i].count = 0;
        session->choices[i].revision = session->revision - 1;
    }
    session->choice_items = 0;
}

static struct tp_choice_list *kept_list(struct tp_session *session, uint32_t node)
{
    return &session->choices[session->nodes[node].choices - 1];
}

static void fill_list(struct tp_session *session, uint32_t node)
{
    const struct tp_itemset *itemset = tp_node_body(session, node)->itemset;
    struct tp_choice_list *list = kept_list(session, node);
    xmlXPathObjectPtr value;
    const xmlNodeSet *nodes;
    size_t count;

    list->filling = true;
    list->count = 0;
    value = tp_session_eval(session, itemset->nodes, node);
    nodes = value ? value->nodesetval : NULL;
    count = nodes && nodes->nodeNr > 0 ? (size_t)nodes->nodeNr : 0;

    if (session->choice_items + count > ITEMS_KEPT_MAX)
        forget_items(session);
    session->choice_items += count;
    list = kept_list(session, node); /* others that were asked for may have moved it */
    list->filling = false;
    list->revision = value ? session->revision : session->revision - 1;
    if (count) {
        xmlNodePtr *items = tp_realloc(list->items, count, sizeof(xmlNodePtr));

        if (items) {
            memcpy(items, nodes->nodeTab, count * sizeof(xmlNodePtr));
            list->items = items;
            list->count =
                itemset->looked_up ? tp_session_looked_up(items, count, itemset->value) : count;
        } else {
            session->out_of_memory = true;
        }
    }
    xmlXPathFreeObject(value);
}

static struct tp_choice_list *list_of(struct tp_session *session, uint32_t node)
{
    uint32_t *place = &session->nodes[node].choices;
    const struct tp_choice_list *list;

    if (!*place) {
        if (session->choice_count == session->choice_capacity) {
            size_t capacity = session->choice_capacity ? session->choice_capacity * 2 : 8;
            struct tp_choice_list *more = tp_realloc(session->choices, capacity, sizeof(*more));

            if (!more)
                return NULL;
            session->choices = more;
            session->choice_capacity = capacity;
        }
        session->choices[session->choice_count] =
            (struct tp_choice_list){.revision = session->revision - 1};
        *place = (uint32_t)++session->choice_count;
    }
    list = kept_list(session, node);
    if (!list->filling && list->revision != session->revision)
        fill_list(session, node);
    return kept_list(session, node);
}

/* The index-th node of an itemset; NULL: there are fewer. */
static xmlNodePtr item_at(struct tp_session *session, uint32_t node, size_t index)
{
    const struct tp_choice_list *list = list_of(session, node);

    return list && list->items && index < list->count ? list->items[index] : NULL;
}

void tp_session_forget_choices(struct tp_session *session)
{
    for (size_t i = 0; i < session->choice_count; i++)
        tp_free(session->choices[i].items);
    tp_free(session->choices);
    session->choices = NULL;
    session->choice_count = 0;
    session->choice_capacity = 0;
    session->choice_items = 0;
}

/* What an itemset's ref gives for one item: a child's text, or an expression's. */
static const char *item_part(struct tp_session *session, xmlNodePtr item, const char *name,
                             struct tp_xpath_expr *expr, uint32_t node)
{
    xmlXPathObjectPtr value;
    const char *kept;
    struct tp_buf text;

    if (name)
        return tp_item_text(item, name);
    if (!expr)
        return NULL;
    value = tp_xpath_eval(&session->env, expr, item, node);
    tp_buf_init(&text, TP_ANSWER_MAX);
    if (value)
        tp_xpath_to_text(&session->env, value, &text);
    xmlXPathFreeObject(value);
    kept = tp_session_keep(session, tp_buf_text(&text), text.length);
    tp_buf_finish(&text);
    return kept;
}

static const char *item_value(struct tp_session *session, uint32_t node, xmlNodePtr item)
{
    const struct tp_itemset *itemset = tp_node_body(session, node)->itemset;
    const char *value = item_part(session, item, itemset->value, itemset->value_expr, node);

    return value ? value : "";
}

static void item_label(struct tp_session *session, uint32_t node, xmlNodePtr item,
                       struct tp_text *label)
{
    const struct tp_body *body = tp_node_body(session, node);
    const struct tp_itemset *itemset = body->itemset;
    const char *text = item_part(session, item, itemset->label, itemset->label_expr, node);
    uint32_t entry;

    *label = (struct tp_text){0};
    if (!text)
        return;
    if (!itemset->label_is_id) {
        label->text = text;
        return;
    }
    entry = tp_itext_find(&session->form->itext, text);
    if (entry)
        tp_session_itext(session, entry, body->model, node, label, NULL);
}

static bool item_is_exclusive(const xmlNode *item)
{
    const char *text = tp_item_text(item, "exclusive");

    return text && (!strcmp(text, "yes") || !strcmp(text, "true") || !strcmp(text, "1"));
}

/* ---- choices, wherever they are ---- */

/* Where the index-th choice is: one that is written, or (NULL) *item of the itemset, which may
 * stand between those written. */
static const struct tp_item *choice_at(struct tp_session *session, uint32_t node, size_t index,
                                       xmlNodePtr *item)
{
    const struct tp_body *body = tp_node_body(session, node);
    size_t looked_up = tp_session_choice_count(session, node) - body->item_count;

    *item = NULL;
    if (body->itemset && index >= body->items_before) {
        if (index - body->items_before < looked_up) {
            *item = item_at(session, node, index - body->items_before);
            return NULL;
        }
        index -= looked_up;
    }
    return index < body->item_count ? &body->items[index] : NULL;
}

size_t tp_session_choice_count(struct tp_session *session, uint32_t node)
{
    const struct tp_body *body = tp_node_body(session, node);
    const struct tp_choice_list *list;

    if (!body)
        return 0;
    if (!body->itemset)
        return body->item_count;
    list = list_of(session, node);
    return body->item_count + (list ? list->count : 0);
}

const char *tp_session_choice_value(struct tp_session *session, uint32_t node, size_t index)
{
    xmlNodePtr item;
    const struct tp_item *written = choice_at(session, node, index, &item);

    if (written)
        return written->value;
    return item ? item_value(session, node, item) : "";
}

/* Whether the space separated list holds the word. */
static bool holds(const char *list, const char *word)
{
    return *word && tp_appearance_has(list, word);
}

bool tp_session_choice(struct tp_session *session, tp_node node, size_t index,
                       struct tp_choice *choice)
{
    const struct tp_body *body = tp_node_exists(session, node) ? tp_node_body(session, node) : NULL;
    const struct tp_item *written;
    xmlNodePtr item;

    if (!body || index >= tp_session_choice_count(session, node))
        return false;
    *choice = (struct tp_choice){0};
    written = choice_at(session, node, index, &item);
    if (written) {
        choice->value = written->value;
        choice->exclusive = written->exclusive;
        tp_session_texts(session, &written->label, node, &choice->label, NULL);
    } else {
        if (!item)
            return false;
        choice->value = item_value(session, node, item);
        choice->exclusive = item_is_exclusive(item);
        item_label(session, node, item, &choice->label);
    }
    choice->chosen = body->control == TP_CONTROL_SELECT_ONE
                         ? !strcmp(tp_node_value(session, node), choice->value)
                         : holds(tp_node_value(session, node), choice->value);
    return true;
}

long tp_session_choice_find(struct tp_session *session, tp_node node, const char *value)
{
    size_t count;

    if (!tp_node_exists(session, node) || !tp_node_body(session, node))
        return -1;
    count = tp_session_choice_count(session, node);
    for (size_t i = 0; i < count; i++)
        if (!strcmp(tp_session_choice_value(session, node, i), value))
            return (long)i;
    return -1;
}

bool tp_session_choice_words(struct tp_session *session, uint32_t node, const char *value,
                             struct tp_buf *out)
{
    long index = tp_session_choice_find(session, node, value);
    struct tp_choice choice;

    if (index < 0 || !tp_session_choice(session, node, (size_t)index, &choice))
        return false;
    return !choice.label.text || tp_buf_puts(out, choice.label.text);
}

/* ---- what is no longer on offer, and what is again ---- */

static struct tp_aside *aside_of(struct tp_session *session, uint32_t node)
{
    for (size_t i = 0; i < session->aside_count; i++)
        if (session->asides[i].node == node)
            return &session->asides[i];
    return NULL;
}

void tp_session_drop_aside(struct tp_session *session, uint32_t node)
{
    struct tp_aside *aside = aside_of(session, node);

    if (!aside)
        return;
    tp_free_secret(aside->chosen);
    *aside = session->asides[--session->aside_count];
}

void tp_session_forget_asides(struct tp_session *session)
{
    for (size_t i = 0; i < session->aside_count; i++)
        tp_free_secret(session->asides[i].chosen);
    tp_free(session->asides);
    session->asides = NULL;
    session->aside_count = 0;
    session->aside_capacity = 0;
}

static bool put_aside(struct tp_session *session, uint32_t node, const char *chosen)
{
    if (aside_of(session, node))
        return true;
    if (session->aside_count == session->aside_capacity) {
        size_t capacity = session->aside_capacity ? session->aside_capacity * 2 : 4;
        struct tp_aside *more = tp_realloc(session->asides, capacity, sizeof(*more));

        if (!more)
            return false;
        session->asides = more;
        session->aside_capacity = capacity;
    }
    session->asides[session->aside_count] =
        (struct tp_aside){.node = node, .chosen = tp_strdup(chosen)};
    if (!session->asides[session->aside_count].chosen)
        return false;
    session->aside_count++;
    return true;
}

static void put_word(struct tp_buf *out, const char *word, size_t length)
{
    if (out->length)
        (void)tp_buf_putc(out, ' ');
    (void)tp_buf_add(out, word, length);
}

static void mark_offered(struct tp_session *session, uint32_t node, struct tp_words *words)
{
    size_t count = tp_session_choice_count(session, node);

    for (size_t i = 0; i < count; i++) {
        const char *value = tp_session_choice_value(session, node, i);
        struct tp_word *word = tp_words_find(words, value, strlen(value));

        if (word)
            word->marked = true;
    }
}

/* The words of `chosen` that are on offer, in their own order. */
static void keep_offered(struct tp_session *session, uint32_t node, const char *chosen,
                         struct tp_buf *kept)
{
    struct tp_words words;

    if (!tp_words_read(&words, chosen)) {
        session->out_of_memory = true;
        return;
    }
    mark_offered(session, node, &words);
    for (;;) {
        size_t length;

        chosen += strspn(chosen, TP_WORD_SPACE);
        length = strcspn(chosen, TP_WORD_SPACE);
        if (!length)
            break;
        if (tp_words_find(&words, chosen, length)->marked)
            put_word(kept, chosen, length);
        chosen += length;
    }
    tp_words_finish(&words);
}

/* What of an answer is on offer. */
static void put_offered(struct tp_session *session, uint32_t node, const char *chosen,
                        struct tp_buf *kept)
{
    if (tp_node_body(session, node)->control != TP_CONTROL_SELECT_ONE)
        keep_offered(session, node, chosen, kept);
    else if (tp_session_choice_find(session, node, chosen) >= 0)
        (void)tp_buf_puts(kept, chosen);
}

void tp_session_keep_choices(struct tp_session *session, uint32_t node)
{
    const struct tp_body *body = tp_node_body(session, node);
    struct tp_buf kept;

    /* a list that changes is held against what is chosen again and again (TP_CALC_ITEMSET) */
    if (body->itemset || !body->item_count)
        return;
    tp_buf_init(&kept, TP_ANSWER_MAX);
    put_offered(session, node, tp_node_value(session, node), &kept);
    if (tp_buf_ok(&kept) && strcmp(tp_buf_text(&kept), tp_node_value(session, node)) != 0)
        (void)tp_node_set_value(session, node, tp_buf_text(&kept));
    tp_buf_finish(&kept);
}

void tp_session_in_order(struct tp_session *session, uint32_t node, const char *value,
                         struct tp_buf *out)
{
    size_t count = tp_session_choice_count(session, node);
    struct tp_words words;

    if (!tp_words_read(&words, value)) {
        session->out_of_memory = true;
        return;
    }
    for (size_t i = 0; i < count; i++) {
        const char *choice = tp_session_choice_value(session, node, i);
        struct tp_word *word = tp_words_find(&words, choice, strlen(choice));

        if (word && !word->marked)
            put_word(out, choice, strlen(choice));
        if (word)
            word->marked = true;
    }
    tp_words_finish(&words);
}

/* A rank has all its choices: those that are new come last. */
static void add_unranked(struct tp_session *session, uint32_t node, struct tp_buf *ranked)
{
    size_t count = tp_session_choice_count(session, node);

    for (size_t i = 0; i < count; i++) {
        const char *choice = tp_session_choice_value(session, node, i);

        if (!holds(tp_buf_text(ranked), choice))
            put_word(ranked, choice, strlen(choice));
    }
}

bool tp_session_offer_choices(struct tp_session *session, uint32_t node)
{
    const struct tp_body *body = tp_node_body(session, node);
    const struct tp_aside *aside = aside_of(session, node);
    const char *chosen = aside ? aside->chosen : tp_node_value(session, node);
    struct tp_buf kept;
    bool changed = false;

    if (!*chosen || !body)
        return false;
    tp_buf_init(&kept, TP_ANSWER_MAX);
    put_offered(session, node, chosen, &kept);
    if (body->control == TP_CONTROL_RANK)
        add_unranked(session, node, &kept);
    if (tp_buf_ok(&kept) && strcmp(tp_buf_text(&kept), tp_node_value(session, node)) != 0 &&
        put_aside(session, node, chosen))
        changed = tp_session_store(session, node, tp_buf_text(&kept));
    tp_buf_finish(&kept);
    return changed;
}
