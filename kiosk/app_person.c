#include "kiosk/app_person.h"

#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "kiosk/speech/voice.h"
#include "kiosk/widgets/search_index.h"

void tp_person_init(struct tp_person *person, const struct tp_settings *settings)
{
    memset(person, 0, sizeof(*person));
    (void)snprintf(person->language, sizeof(person->language), "%s", settings->languages[0]);
    person->look.theme = settings->look.theme;
    person->look.size = settings->look.size;
    person->look.easy_read = settings->look.easy_read;
    person->look.quiet = settings->look.quiet;
    person->look.lower = settings->look.lower;
    person->volume = (int)settings->volume;
    person->rate = TP_RATE_DEFAULT;
    person->scan_ms = settings->scan_ms;
    person->history[0] = TP_SCREEN_WELCOME;
    person->depth = 1;
}

void tp_person_reset(struct tp_person *person, const struct tp_settings *settings)
{
    tp_person_finish(person);
    tp_person_init(person, settings);
}

void tp_person_finish(struct tp_person *person)
{
    tp_person_drop_answers(person);
    tp_wipe(person, sizeof(*person));
}

void tp_person_drop_answers(struct tp_person *person)
{
    tp_person_clear_page(person);
    tp_free(person->drafts);
    person->drafts = NULL;
    tp_search_index_destroy(person->search);
    person->search = NULL;
    tp_session_destroy(person->session);
    person->session = NULL;
    person->survey = NULL;
    person->opened = false;
    person->changing = false;
    memset(person->within, 0, sizeof(person->within));
    person->within_count = 0;
    person->removing = TP_NODE_NONE;
    tp_free(person->visited);
    person->visited = NULL;
    person->visited_count = 0;
    person->visited_capacity = 0;
}

uint64_t tp_person_hash(const struct tp_person *person)
{
    const unsigned char *bytes = (const unsigned char *)person;
    uint64_t hash = 14695981039346656037u; /* FNV-1a */

    for (size_t i = 0; i < sizeof(*person); i++)
        hash = (hash ^ bytes[i]) * 1099511628211u;
    return hash;
}

void tp_person_tag(const struct tp_person *person, char tag[TP_LANGUAGE_TAG_MAX + 8])
{
    (void)snprintf(tag, TP_LANGUAGE_TAG_MAX + 8, "%s%s", person->language,
                   person->look.easy_read ? "-simple" : "");
}

/* ---- drafts ---- */

struct tp_draft *tp_person_find_draft(struct tp_person *person, tp_node node, int part)
{
    for (size_t i = 0; i < person->draft_count; i++)
        if (person->drafts[i].node == node && person->drafts[i].part == part)
            return &person->drafts[i];
    return NULL;
}

struct tp_draft *tp_person_draft(struct tp_person *person, tp_node node, int part,
                                 const char *initial)
{
    struct tp_draft *draft = tp_person_find_draft(person, node, part);

    if (draft)
        return draft;
    /* All at once, so that a draft never moves while a page points to it. */
    if (!person->drafts)
        person->drafts = tp_calloc(TP_DRAFTS_MAX, sizeof(*person->drafts));
    if (!person->drafts || person->draft_count == TP_DRAFTS_MAX)
        return NULL;
    draft = &person->drafts[person->draft_count++];
    draft->node = node;
    draft->part = part;
    tp_text_edit_init(&draft->edit);
    (void)tp_text_edit_set(&draft->edit, initial);
    return draft;
}

void tp_person_clear_page(struct tp_person *person)
{
    for (size_t i = 0; i < person->draft_count; i++)
        tp_text_edit_finish(&person->drafts[i].edit);
    person->draft_count = 0;
    tp_wipe(person->faults, sizeof(person->faults));
    person->fault_count = 0;
    person->field = TP_NODE_NONE;
    person->field_part = 0;
    person->layer = TP_LAYER_LETTERS;
    person->shift = false;
}

/* ---- pages ---- */

bool tp_person_visited(const struct tp_person *person, tp_node page)
{
    for (size_t i = 0; i < person->visited_count; i++)
        if (person->visited[i] == page)
            return true;
    return false;
}

void tp_person_visit(struct tp_person *person, tp_node page)
{
    if (tp_person_visited(person, page))
        return;
    if (person->visited_count == person->visited_capacity) {
        size_t capacity = person->visited_capacity ? 2 * person->visited_capacity : 32;
        tp_node *visited = tp_realloc(person->visited, capacity, sizeof(*visited));

        if (!visited)
            return;
        person->visited = visited;
        person->visited_capacity = capacity;
    }
    person->visited[person->visited_count++] = page;
}

/* ---- history ---- */

enum tp_screen_id tp_person_screen(const struct tp_person *person)
{
    return person->history[person->depth - 1];
}

void tp_person_push(struct tp_person *person, enum tp_screen_id screen)
{
    if (tp_person_screen(person) == screen)
        return;
    /* A history this deep is someone going round in circles: the oldest step is forgotten, never
     * the welcome page under it. */
    if (person->depth == TP_HISTORY_MAX) {
        memmove(&person->history[1], &person->history[2],
                (TP_HISTORY_MAX - 2) * sizeof(person->history[0]));
        person->depth--;
    }
    person->history[person->depth++] = screen;
}

void tp_person_pop(struct tp_person *person)
{
    if (person->depth > 1)
        person->history[--person->depth] = TP_SCREEN_WELCOME;
}

bool tp_person_pop_to(struct tp_person *person, enum tp_screen_id screen)
{
    size_t depth = person->depth;

    while (depth > 0 && person->history[depth - 1] != screen)
        depth--;
    if (depth == 0)
        return false;
    while (person->depth > depth)
        tp_person_pop(person);
    return true;
}
