/* Pages: which there are, which is shown, what is on it. */

#include "base/mem.h"
#include "form/session_internal.h"

const struct tp_body *tp_node_body(const struct tp_session *session, uint32_t node)
{
    uint32_t index = session->form->body_of[session->nodes[node].model];

    return index ? &session->form->body[index] : NULL;
}

const struct tp_bind *tp_node_bind(const struct tp_session *session, uint32_t node)
{
    return tp_form_bind(session->form, session->nodes[node].model);
}

bool tp_node_is_lead(const struct tp_session *session, uint32_t node, uint32_t index)
{
    const struct tp_body *body = &session->form->body[index];
    const struct tp_body *group = &session->form->body[body->parent];

    return body->kind == TP_BODY_QUESTION && group->first_row > index &&
           (tp_appearance_has(body->appearance, "label") ||
            tp_node_control(session, node) == TP_CONTROL_NOTE);
}

/* ---- listing ---- */

struct listing {
    struct tp_session *session;
    uint32_t page; /* the one being filled; 0: none yet */
    bool grouped;  /* questions share a page, named by the first where its group has no node */
    bool page_is_listed;
};

static bool add(uint32_t **list, size_t *count, size_t *capacity, uint32_t node)
{
    if (*count == *capacity) {
        size_t bigger = *capacity ? *capacity * 2 : 64;
        uint32_t *more = tp_realloc(*list, bigger, sizeof(*more));

        if (!more)
            return false;
        *list = more;
        *capacity = bigger;
    }
    (*list)[(*count)++] = node;
    return true;
}

static bool has_words(const struct tp_text_source *source)
{
    return source->node || source->itext || source->expr || source->literal;
}

/* A read-only answer that nothing is said about is nothing to show. */
static bool is_shown(const struct tp_session *session, uint32_t node, const struct tp_body *body)
{
    return body->kind != TP_BODY_QUESTION || has_words(&body->label) || has_words(&body->hint) ||
           !tp_node_readonly(session, node);
}

static void start_page(struct tp_session *session, uint32_t page)
{
    size_t count = session->page_count;

    if (!add(&session->page_starts, &count, &session->page_start_capacity,
             (uint32_t)session->question_count) ||
        !add(&session->pages, &session->page_count, &session->page_capacity, page))
        session->out_of_memory = true;
}

/* Puts a question or a repeat's summary on the page being filled, or on one of its own. */
static void list_node(struct listing *listing, uint32_t node)
{
    struct tp_session *session = listing->session;
    uint32_t page = listing->page ? listing->page : node;

    if (session->nodes[node].page)
        return; /* asked twice: shown once */
    if (listing->grouped)
        listing->page = page;
    if (!listing->grouped || !listing->page_is_listed) {
        start_page(session, page);
        listing->page_is_listed = true;
    }
    session->nodes[node].page = page;
    if (page != node)
        session->nodes[page].page = page;
    if (!add(&session->questions, &session->question_count, &session->question_capacity, node))
        session->out_of_memory = true;
}

/* What follows something with a page of its own starts another page, named by its first question:
 * the questions of a page stand together. */
static void start_over(struct listing *listing)
{
    if (!listing->page_is_listed)
        return;
    listing->page = 0;
    listing->page_is_listed = false;
}

static void list_question(struct listing *listing, uint32_t node, bool is_row)
{
    struct listing own = {.session = listing->session};

    list_node(is_row ? &own : listing, node);
    if (is_row)
        start_over(listing);
}

static void list_children(struct listing *listing, uint32_t index, uint32_t repeat);

static void list_instances(struct listing *listing, uint32_t index, const struct tp_range *range)
{
    struct tp_session *session = listing->session;
    const struct tp_body *body = &session->form->body[index];

    for (uint32_t i = 0; i < range->count; i++) {
        uint32_t repeat = range->instances[i];
        uint32_t node = session->repeats[repeat].base;

        if (!session->nodes[node].relevant)
            continue;
        listing->grouped = body->field_list && !session->singly;
        listing->page = listing->grouped ? node : 0;
        listing->page_is_listed = false;
        list_children(listing, index, repeat);
    }
}

static void list_repeat(struct listing *listing, uint32_t index, uint32_t repeat)
{
    struct tp_session *session = listing->session;
    const struct tp_body *body = &session->form->body[index];
    uint32_t node = tp_node_in(session, repeat, body->model);
    struct listing outer = *listing;
    size_t before = session->page_count;

    if (!session->nodes[node].is_range)
        return;
    list_instances(listing, index, &session->ranges[session->nodes[node].range]);
    if (!body->fixed && session->nodes[node].relevant) {
        struct listing own = {.session = session};

        list_node(&own, node);
    }
    *listing = outer;
    /* the repeat broke the page around it: what follows starts another, named by its first */
    if (session->page_count > before)
        start_over(listing);
}

static void list_entry(struct listing *listing, uint32_t index, uint32_t repeat)
{
    struct tp_session *session = listing->session;
    const struct tp_body *body = &session->form->body[index];
    uint32_t node;

    if (body->kind == TP_BODY_REPEAT) {
        list_repeat(listing, index, repeat);
        return;
    }
    /* a group with the ref of the repeat that it wraps stands outside its instances */
    if (session->form->model.nodes[body->model].repeats > session->repeats[repeat].depth) {
        list_children(listing, index, repeat);
        return;
    }
    node = tp_node_in(session, repeat, body->model);
    if (body->has_ref && !session->nodes[node].relevant)
        return;
    if (body->kind == TP_BODY_QUESTION) {
        if (session->form->body_of[body->model] == index && is_shown(session, node, body) &&
            !tp_node_is_lead(session, node, index))
            list_question(listing, node, body->is_row);
        return;
    }
    if (body->page == index && !listing->grouped && !session->singly) {
        struct listing own = {
            .session = session, .grouped = true, .page = body->has_ref ? node : 0};

        list_children(&own, index, repeat);
        return;
    }
    list_children(listing, index, repeat);
}

static void list_children(struct listing *listing, uint32_t index, uint32_t repeat)
{
    const struct tp_body *body = listing->session->form->body;

    for (uint32_t child = body[index].first; child; child = body[child].next)
        list_entry(listing, child, repeat);
}

void tp_session_list_pages(struct tp_session *session)
{
    struct listing listing = {.session = session};

    if (session->pages_revision == session->structure)
        return;
    for (uint32_t i = 0; i < session->node_count; i++)
        session->nodes[i].page = 0;
    session->page_count = 0;
    session->question_count = 0;
    list_children(&listing, 0, 0);
    session->pages_revision = session->structure;
}

/* ---- the page shown ---- */

/* Its place in the list; the count for the end or a page that is no longer there. */
static size_t place_of(struct tp_session *session, uint32_t page)
{
    tp_session_list_pages(session);
    for (size_t i = 0; page && i < session->page_count; i++)
        if (session->pages[i] == page)
            return i;
    return session->page_count;
}

/* The order of handles is not that of pages where repeats are, so a page that went away is looked
 * for by the nearest one before it that the last listing had. */
static void settle_page(struct tp_session *session)
{
    size_t before = session->page_place;

    if (!session->page || session->page_settled == session->structure)
        return;
    tp_session_list_pages(session);
    session->page_settled = session->structure;
    if (tp_node_exists(session, session->page) &&
        session->nodes[session->page].page == session->page) {
        session->page_place = place_of(session, session->page);
        return;
    }
    session->page_place = before < session->page_count ? before : session->page_count;
    session->page =
        session->page_place < session->page_count ? session->pages[session->page_place] : 0;
}

static void go(struct tp_session *session, size_t place)
{
    session->page_place = place;
    session->page_settled = session->structure;
    session->page = place < session->page_count ? session->pages[place] : 0;
}

tp_node tp_session_page(const struct tp_session *session)
{
    settle_page((struct tp_session *)session);
    return session->page;
}

bool tp_session_at_end(const struct tp_session *session)
{
    return !tp_session_page(session);
}

bool tp_session_next(struct tp_session *session)
{
    settle_page(session);
    tp_session_list_pages(session);
    if (!session->page)
        return false;
    go(session, session->page_place + 1);
    return session->page != 0;
}

bool tp_session_previous(struct tp_session *session)
{
    size_t place;

    settle_page(session);
    tp_session_list_pages(session);
    place = session->page ? session->page_place : session->page_count;
    if (!place)
        return false;
    go(session, place - 1);
    return true;
}

tp_node tp_session_page_of(struct tp_session *session, tp_node node)
{
    tp_session_list_pages(session);
    return tp_node_exists(session, node) ? session->nodes[node].page : TP_NODE_NONE;
}

bool tp_session_goto(struct tp_session *session, tp_node node)
{
    tp_node page;

    tp_session_list_pages(session);
    if (!node) {
        go(session, session->page_count);
        return true;
    }
    page = tp_session_page_of(session, node);
    if (!page)
        return false;
    go(session, place_of(session, page));
    return true;
}

void tp_session_page_questions(struct tp_session *session, const tp_node **nodes, size_t *count)
{
    size_t place;
    size_t first;

    settle_page(session);
    tp_session_list_pages(session);
    place = session->page ? session->page_place : session->page_count;
    if (place >= session->page_count) {
        *nodes = session->questions;
        *count = 0;
        return;
    }
    first = session->page_starts[place];
    *nodes = session->questions + first;
    *count = (place + 1 < session->page_count ? session->page_starts[place + 1]
                                              : session->question_count) -
             first;
}

void tp_session_progress(struct tp_session *session, size_t *index, size_t *total)
{
    settle_page(session);
    tp_session_list_pages(session);
    *total = session->page_count;
    *index = (session->page ? session->page_place : session->page_count) + 1;
}

void tp_session_questions_all(struct tp_session *session, const tp_node **nodes, size_t *count)
{
    tp_session_list_pages(session);
    *nodes = session->questions;
    *count = session->question_count;
}
