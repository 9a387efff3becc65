/* The life of a session. */
#include <string.h>

#include "base/mem.h"
#include "form/session_internal.h"
#include "form/xml.h"

#define READING_MODE_NAME "tp_reading_mode"

static void choose_language(struct tp_session *session, const struct tp_form_language *language)
{
    const struct tp_itext *itext = &session->form->itext;

    if (!itext->language_count)
        return;
    session->language_index =
        language ? (size_t)(language - itext->languages) : itext->default_language;
    session->language = &itext->languages[session->language_index];
    session->env.language = session->language->tag;
}

void tp_session_use_language(struct tp_session *session, const struct tp_form_language *language)
{
    choose_language(session, language);
    session->revision++;
}

/* The language that serves a person best: "pl" for who reads Easy Read in Polish, where the form
 * has it in English only. */
static const struct tp_form_language *language_for(const struct tp_form *form, const char *tag)
{
    const struct tp_form_language *language = tp_form_language_find(form, tag);
    char primary[16];

    if (language || strcspn(tag, "-") >= sizeof(primary))
        return language;
    (void)snprintf(primary, sizeof(primary), "%.*s", (int)strcspn(tag, "-"), tag);
    return tp_form_language_find(form, primary);
}

bool tp_session_set_language(struct tp_session *session, const char *tag)
{
    tp_session_use_language(session, language_for(session->form, tag));
    return tp_form_language_find(session->form, tag) != NULL;
}

const struct tp_form_language *tp_session_language(const struct tp_session *session)
{
    return session->language;
}

static void set_hidden(struct tp_session *session, uint32_t node, void *state)
{
    (void)tp_session_store(session, node, state);
}

void tp_session_set_reading_mode(struct tp_session *session, const char *mode)
{
    const struct tp_model *shape = &session->form->model;
    bool singly = !strcmp(mode, "easy-read");
    char *own = tp_strdup(mode);
    const tp_node *shown;
    tp_node first = TP_NODE_NONE;
    size_t count;

    if (session->ready && singly != session->singly) {
        tp_session_page_questions(session, &shown, &count);
        first = count ? shown[0] : TP_NODE_NONE;
    }
    if (singly != session->singly)
        session->structure++;
    session->singly = singly;
    for (uint32_t i = 1; own && i < shape->count; i++)
        if (!strcmp(shape->nodes[i].name, READING_MODE_NAME) && !shape->nodes[i].first)
            tp_session_each(session, 0, i, false, set_hidden, own);
    if (session->ready)
        tp_recalc_run(session);
    session->revision++;
    tp_free(own);
    /* where it is no longer asked, the nearest page is found as after any other change */
    if (first)
        (void)tp_session_goto(session, first);
}

const struct tp_form *tp_session_form(const struct tp_session *session)
{
    return session->form;
}

uint64_t tp_session_revision(const struct tp_session *session)
{
    return session->revision;
}

/* ---- opening ---- */

/* A long is an integer of any length. */
static bool is_long(const struct tp_session *session, uint32_t node)
{
    const xmlNode *element = tp_node_bind(session, node)->element;
    const char *type = element ? tp_xml_attr(element, "type", NULL) : NULL;

    return type && strstr(type, "long");
}

static void settle(struct tp_session *session, uint32_t node)
{
    enum tp_type type = tp_node_type(session, node);
    const char *value = tp_node_value(session, node);
    struct tp_buf text;

    tp_buf_init(&text, TP_ANSWER_MAX + 64);
    if ((!tp_value_canonical(type, value, session, &text) && type != TP_TYPE_BOOLEAN) ||
        (!tp_value_is_written(type, value) && !is_long(session, node)))
        tp_buf_reset(&text);
    if (tp_buf_ok(&text) && strcmp(tp_buf_text(&text), tp_node_value(session, node)) != 0)
        (void)tp_node_set_value(session, node, tp_buf_text(&text));
    tp_buf_finish(&text);
    if (type == TP_TYPE_CHOICE)
        tp_session_keep_choices(session, node);
}

void tp_session_settle(struct tp_session *session, uint32_t first)
{
    for (uint32_t node = first; node < session->node_count; node++)
        if (session->nodes[node].model && tp_node_holds_value(session, node) &&
            *tp_node_value(session, node))
            settle(session, node);
}

/* In JavaRosa's order: preloads, then actions, then everything that is calculated. */
static void start(struct tp_session *session, const struct tp_session_params *params)
{
    tp_session_settle(session, 1);
    tp_session_preload(session, 0);
    tp_session_set_reading_mode(session, params->reading_mode ? params->reading_mode : "standard");
    tp_session_dispatch(session, TP_EVENT_FIRST_LOAD, 0);
    tp_session_dispatch(session, TP_EVENT_LOAD, 0);
    tp_recalc_mark_all(session);
    tp_recalc_run(session);
    session->ready = true;
    session->actions_run = 0;
    session->touched = false;
    session->structure++;
    session->revision++;
    tp_session_list_pages(session);
    session->page = session->page_count ? session->pages[0] : 0;
}

static bool open_session(struct tp_session *session, const struct tp_session_params *params,
                         struct tp_error *error)
{
    session->structure = 1;
    session->revision = 1;
    session->started_ms = tp_clock_wall_ms(&params->clock);
    session->show_day = params->show_day;
    session->show_context = params->show_context;
    if (params->device_id) {
        session->device_id = tp_strdup(params->device_id);
        if (!session->device_id)
            return tp_fail_memory(error);
    }
    if (!tp_session_build(session, error) || !tp_session_open_env(session, params, error))
        return false;
    choose_language(session,
                    params->language ? language_for(session->form, params->language) : NULL);
    start(session, params);
    return !session->out_of_memory || tp_fail_memory(error);
}

bool tp_session_create(const struct tp_form *form, const struct tp_session_params *params,
                       struct tp_session **session, struct tp_error *error)
{
    struct tp_session *made = tp_calloc(1, sizeof(*made));

    if (!made)
        return tp_fail_memory(error);
    made->form = form;
    if (!open_session(made, params, error)) {
        tp_session_destroy(made);
        return false;
    }
    *session = made;
    return true;
}

/* ---- closing ---- */

/* Instances that a count put aside stand outside the tree. */
static void free_parked(struct tp_session *session)
{
    for (uint32_t i = 0; i < session->range_count; i++) {
        struct tp_range *range = &session->ranges[i];

        for (uint32_t r = range->count; r < range->count + range->parked; r++)
            xmlFreeNode(session->nodes[session->repeats[range->instances[r]].base].element);
        tp_free(range->instances);
    }
}

void tp_session_destroy(struct tp_session *session)
{
    if (!session)
        return;
    if (session->env.context)
        tp_xpath_env_finish(&session->env);
    free_parked(session);
    xmlFreeDoc(session->doc);
    tp_session_forget_choices(session);
    tp_session_forget_asides(session);
    tp_free(session->changed);
    tp_arena_finish(&session->texts);
    tp_free(session->nodes);
    tp_free(session->repeats);
    tp_free(session->ranges);
    tp_free(session->queue);
    tp_free(session->pages);
    tp_free(session->page_starts);
    tp_free(session->questions);
    tp_free(session->device_id);
    tp_wipe(session, sizeof(*session));
    tp_free(session);
}

bool tp_session_touched(const struct tp_session *session)
{
    return session->touched;
}
