#include "kiosk/widgets/keyboard_flow.h"

#include <string.h>

/* A layout's keys, all of its rows together. */
#define KEYS_MAX ((size_t)TP_LAYER_ROWS * TP_KEY_ROW_MAX)

struct list {
    struct tp_keyboard_key keys[KEYS_MAX];
    size_t count;
};

static void add(struct list *list, const struct tp_keyboard_key *key)
{
    list->keys[list->count++] = *key;
}

static bool is_space(const struct tp_keyboard_key *key)
{
    return strcmp(key->text, " ") == 0;
}

/* Letters of one row into `letters`, in the order in which they are read; the rest into `tasks`. */
static void part(const struct tp_key_row *row, bool last, bool rtl, struct list *letters,
                 struct list *tasks)
{
    for (size_t k = 0; k < row->count; k++) {
        bool is_task = last || row->keys[k].action != TP_KEY_TYPE;

        if (is_task && row->keys[k].action != TP_KEY_ORDER)
            add(tasks, &row->keys[k]);
    }
    for (size_t k = 0; k < row->count && !last; k++) {
        const struct tp_keyboard_key *key = &row->keys[rtl ? row->count - 1 - k : k];

        if (key->action == TP_KEY_TYPE)
            add(letters, key);
    }
}

/* In as few rows as they fit on, which differ by one key at most. */
static void lay_letters(const struct list *letters, size_t across, bool rtl,
                        struct tp_key_rows *rows)
{
    size_t count = (letters->count + across - 1) / across, at = 0;

    for (size_t r = 0; r < count && rows->count < TP_KEY_ROWS_MAX; r++) {
        struct tp_key_row *row = &rows->rows[rows->count++];

        row->count = letters->count / count + (r < letters->count % count);
        for (size_t k = 0; k < row->count; k++)
            row->keys[rtl ? row->count - 1 - k : k] = letters->keys[at++];
    }
}

static float least_of(const struct tp_keyboard_key *key)
{
    if (is_space(key))
        return TP_KEY_SPACE_LEAST;
    return key->action == TP_KEY_DELETE_WORD ? TP_KEY_WORD_LEAST : key->width;
}

/* What a row has left goes to its space bar, then to "Delete word", up to their own widths. */
static void widen(struct tp_key_row *row, float across)
{
    float left = across;

    for (size_t k = 0; k < row->count; k++)
        left -= least_of(&row->keys[k]);
    for (int pass = 0; pass < 2; pass++)
        for (size_t k = 0; k < row->count; k++) {
            struct tp_keyboard_key *key = &row->keys[k];
            float least = least_of(key), more = key->width - least;

            if (is_space(key) != (pass == 0) || more <= 0)
                continue;
            more = more < left ? more : left;
            key->width = least + more;
            left -= more;
        }
}

static void lay_tasks(const struct list *tasks, float across, struct tp_key_rows *rows)
{
    struct tp_key_row *row = NULL;
    float width = 0;

    for (size_t i = 0; i < tasks->count; i++) {
        float own = least_of(&tasks->keys[i]);

        if (!row || width + own > across) {
            if (rows->count == TP_KEY_ROWS_MAX)
                break;
            row = &rows->rows[rows->count++];
            width = 0;
        }
        row->keys[row->count++] = tasks->keys[i];
        width += own;
    }
    for (size_t r = 0; r < rows->count; r++)
        widen(&rows->rows[r], across);
}

void tp_keyboard_flow(struct tp_key_rows *rows, float across, bool apart, bool rtl)
{
    struct tp_key_rows flowed = {.count = 0};
    struct list letters = {.count = 0}, tasks = {.count = 0};

    for (size_t r = 0; r < rows->count; r++) {
        part(&rows->rows[r], r + 1 == rows->count, rtl, &letters, &tasks);
        if (apart || r + 1 == rows->count) {
            lay_letters(&letters, (size_t)across, rtl, &flowed);
            letters.count = 0;
        }
    }
    lay_tasks(&tasks, across, &flowed);
    *rows = flowed;
}
