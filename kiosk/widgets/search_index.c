#include "kiosk/widgets/search_index.h"

#include <stdint.h>
#include <string.h>

#include "base/mem.h"

/* One label and name, folded; a longer one is not found by its letters. */
#define WORDS_MAX 8192u
#define NOT_KEPT UINT32_MAX

struct entry {
    uint64_t hash; /* of its label and name as they stand */
    uint32_t at;   /* in `words`, where it is folded: label, NUL, name, NUL; or NOT_KEPT */
    bool chosen;
};

struct tp_search_index {
    struct tp_session *session; /* borrowed */
    tp_node node;
    uint64_t revision;
    struct entry *entries; /* owned */
    size_t count, capacity;
    struct tp_buf words;
};

static uint64_t mix(uint64_t hash, const char *text)
{
    /* FNV-1a, the NUL with it */
    do
        hash = (hash ^ (unsigned char)*text) * 1099511628211u;
    while (*text++);
    return hash;
}

static const char *label_of(const struct tp_choice *choice)
{
    return choice->label.text ? choice->label.text : "";
}

static uint64_t hash_of(const struct tp_choice *choice)
{
    return mix(mix(14695981039346656037u, label_of(choice)), choice->value);
}

/* Label, NUL, name, NUL. False where they are too long to be looked through. */
static bool fold_choice(const struct tp_choice *choice, struct tp_buf *out)
{
    struct tp_buf name;
    bool ok;

    tp_buf_init(&name, WORDS_MAX);
    ok = tp_fold(label_of(choice), out) && tp_buf_putc(out, '\0') &&
         tp_fold(choice->value, &name) && tp_buf_add(out, tp_buf_text(&name), name.length) &&
         tp_buf_putc(out, '\0');
    tp_buf_finish(&name);
    return ok;
}

static void keep_words(struct tp_search_index *index, struct entry *entry,
                       const struct tp_choice *choice, struct tp_buf *folded)
{
    tp_buf_reset(folded);
    entry->at = NOT_KEPT;
    if (!fold_choice(choice, folded) || !tp_buf_ok(&index->words) ||
        index->words.length + folded->length > TP_SEARCH_INDEX_BYTES_MAX)
        return;
    entry->at = (uint32_t)index->words.length;
    if (!tp_buf_add(&index->words, folded->data, folded->length))
        entry->at = NOT_KEPT;
}

static bool make_room(struct tp_search_index *index, size_t count)
{
    struct entry *more;

    if (count <= index->capacity)
        return true;
    more = tp_realloc(index->entries, count, sizeof(*more));
    if (!more)
        return false;
    index->entries = more;
    index->capacity = count;
    return true;
}

/* From here on the list is another one. */
static void cut(struct tp_search_index *index, size_t from)
{
    for (size_t i = from; i < index->count; i++)
        if (index->entries[i].at != NOT_KEPT) {
            index->words.length = index->entries[i].at;
            break;
        }
    index->count = from;
}

static bool read_choices(struct tp_search_index *index, size_t total)
{
    struct tp_choice choice;
    struct tp_buf folded;
    size_t read = 0;

    if (!make_room(index, total))
        return false;
    tp_buf_init(&folded, WORDS_MAX);
    for (; read < total && tp_session_choice(index->session, index->node, read, &choice); read++) {
        struct entry *entry = &index->entries[read];
        uint64_t hash = hash_of(&choice);

        if (read < index->count && entry->hash != hash)
            cut(index, read);
        if (read == index->count) {
            entry->hash = hash;
            keep_words(index, entry, &choice, &folded);
            index->count++;
        }
        entry->chosen = choice.chosen;
    }
    cut(index, read);
    tp_buf_finish(&folded);
    return read == total;
}

bool tp_search_index_update(struct tp_search_index **index, struct tp_session *session,
                            tp_node node, size_t count)
{
    struct tp_search_index *made = *index ? *index : tp_calloc(1, sizeof(*made));
    uint64_t revision = tp_session_revision(session);

    if (!made)
        return false;
    if (!*index)
        tp_buf_init(&made->words, TP_SEARCH_INDEX_BYTES_MAX);
    *index = made;
    if (made->session == session && made->node == node && made->revision == revision)
        return true;
    if (made->session != session || made->node != node)
        cut(made, 0);
    made->session = session;
    made->node = node;
    made->revision = 0; /* of no session: read again where this fails */
    if (!read_choices(made, count))
        return false;
    made->revision = revision;
    return true;
}

void tp_search_index_destroy(struct tp_search_index *index)
{
    if (!index)
        return;
    tp_buf_finish(&index->words);
    if (index->entries)
        tp_wipe(index->entries, index->capacity * sizeof(*index->entries));
    tp_free(index->entries);
    tp_free(index);
}

size_t tp_search_index_count(const struct tp_search_index *index)
{
    return index->count;
}

bool tp_search_index_is_chosen(const struct tp_search_index *index, size_t choice)
{
    return index->entries[choice].chosen;
}

static enum tp_fit fit_of(const char *words, const char *wanted)
{
    enum tp_fit fit = tp_fold_fit(words, wanted);

    return fit == TP_FIT_NONE ? tp_fold_fit(words + strlen(words) + 1, wanted) : fit;
}

enum tp_fit tp_search_index_fit(const struct tp_search_index *index, size_t choice,
                                const char *wanted)
{
    enum tp_fit fit = TP_FIT_NONE;
    struct tp_choice found;
    struct tp_buf folded;

    if (index->entries[choice].at != NOT_KEPT)
        return fit_of(index->words.data + index->entries[choice].at, wanted);
    tp_buf_init(&folded, WORDS_MAX);
    if (tp_session_choice(index->session, index->node, choice, &found) &&
        fold_choice(&found, &folded))
        fit = fit_of(tp_buf_text(&folded), wanted);
    tp_buf_finish(&folded);
    return fit;
}
