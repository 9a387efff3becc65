#include "central/data/notices.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"

static const char *const states[] = {"draft", "shown", "withdrawn"};

static enum tp_notice_state state_of(const char *name)
{
    for (size_t i = 0; i < sizeof(states) / sizeof(states[0]); i++)
        if (strcmp(states[i], name) == 0)
            return (enum tp_notice_state)i;
    return TP_NOTICE_WITHDRAWN;
}

static void copy(char *out, size_t size, const char *text)
{
    (void)snprintf(out, size, "%s", text);
}

/* ---- reading ---- */

bool tp_notice_rows(struct tp_sql *db, bool (*each)(void *context, const struct tp_notice_row *row),
                    void *context, struct tp_error *error)
{
    struct tp_rows rows;
    bool more = true;

    (void)tp_sql_ask(
        db,
        "SELECT id, state, kind, from_day, until_day, survey, "
        "coalesce((SELECT title FROM notice_words w WHERE w.notice = n.id AND w.tag = 'en'), ''), "
        "(SELECT count(*) FROM notice_words w WHERE w.notice = n.id) "
        "FROM notice n ORDER BY from_day DESC, id DESC LIMIT ?1",
        TP_VALUES(tp_int(TP_NOTICES_SHOWN_MAX)), &rows, error);
    while (more && tp_rows_next(&rows)) {
        struct tp_notice_row row = {.id = tp_rows_int(&rows, 0),
                                    .state = state_of(tp_rows_text(&rows, 1)),
                                    .languages = tp_rows_int(&rows, 7)};

        (void)tp_notice_kind_find(tp_rows_text(&rows, 2), &row.kind);
        copy(row.from, sizeof(row.from), tp_rows_text(&rows, 3));
        copy(row.until, sizeof(row.until), tp_rows_text(&rows, 4));
        copy(row.survey, sizeof(row.survey), tp_rows_text(&rows, 5));
        copy(row.title, sizeof(row.title), tp_rows_text(&rows, 6));
        more = each(context, &row);
    }
    return tp_rows_finish(&rows);
}

/* Takes the next line of *from, which moves behind it. */
static size_t line(const char **from, const char **start)
{
    size_t length = strcspn(*from, "\n");

    *start = *from;
    *from += length + ((*from)[length] == '\n');
    return length;
}

/* Paragraphs are lines, and so are the pictures beside them. */
static bool read_parts(const char *body, const char *pictures, struct tp_notice_words *words,
                       struct tp_error *error)
{
    words->parts = tp_calloc(TP_NOTICE_PARTS_MAX, sizeof(*words->parts));
    if (!words->parts)
        return tp_fail_memory(error);
    while (*body && words->count < TP_NOTICE_PARTS_MAX) {
        struct tp_notice_part *part = &words->parts[words->count];
        const char *text, *picture;
        size_t length = line(&body, &text);
        size_t named = line(&pictures, &picture);

        part->text = tp_strndup(text, length);
        if (!part->text)
            return tp_fail_memory(error);
        words->count++;
        if (named < sizeof(part->picture))
            memcpy(part->picture, picture, named);
    }
    return true;
}

static bool read_words(struct tp_sql *db, int64_t id, struct tp_notice *notice,
                       struct tp_error *error)
{
    struct tp_rows rows;
    bool ok = true;

    notice->words = tp_calloc(TP_NOTICE_LANGUAGES_MAX, sizeof(*notice->words));
    if (!notice->words)
        return tp_fail_memory(error);
    (void)tp_sql_ask(db,
                     "SELECT tag, title, body, pictures FROM notice_words WHERE notice = ?1 "
                     "ORDER BY CASE tag WHEN 'en' THEN 0 WHEN 'en-simple' THEN 1 ELSE 2 END, tag",
                     TP_VALUES(tp_int(id)), &rows, error);
    while (ok && notice->count < TP_NOTICE_LANGUAGES_MAX && tp_rows_next(&rows)) {
        struct tp_notice_words *words = &notice->words[notice->count++];

        copy(words->tag, sizeof(words->tag), tp_rows_text(&rows, 0));
        copy(words->title, sizeof(words->title), tp_rows_text(&rows, 1));
        ok = read_parts(tp_rows_text(&rows, 2), tp_rows_text(&rows, 3), words, error);
    }
    return tp_rows_finish(&rows) && ok;
}

#define FACTS                                                                                      \
    "SELECT n.id, n.state, n.kind, n.from_day, n.until_day, n.survey, coalesce(f.title, '') "      \
    "FROM notice n LEFT JOIN form f ON f.id = n.survey "

static void fill(const struct tp_rows *rows, enum tp_notice_state *state, struct tp_notice *notice)
{
    *state = state_of(tp_rows_text(rows, 1));
    (void)snprintf(notice->id, sizeof(notice->id), "%" PRId64, tp_rows_int(rows, 0));
    (void)tp_notice_kind_find(tp_rows_text(rows, 2), &notice->kind);
    copy(notice->from, sizeof(notice->from), tp_rows_text(rows, 3));
    copy(notice->until, sizeof(notice->until), tp_rows_text(rows, 4));
    copy(notice->survey, sizeof(notice->survey), tp_rows_text(rows, 5));
    copy(notice->about, sizeof(notice->about), tp_rows_text(rows, 6));
    /* A survey that is gone from the store has no title. */
    if (*notice->survey && !*notice->about)
        copy(notice->about, sizeof(notice->about), notice->survey);
}

bool tp_notice_read(struct tp_sql *db, int64_t id, enum tp_notice_state *state,
                    struct tp_notice *notice, bool *found, struct tp_error *error)
{
    struct tp_notice read = {.id = ""};
    struct tp_rows rows;

    if (tp_sql_ask(db, FACTS "WHERE n.id = ?1", TP_VALUES(tp_int(id)), &rows, error) &&
        tp_rows_next(&rows))
        fill(&rows, state, &read);
    if (!tp_rows_finish(&rows))
        return false;
    *found = *read.id != '\0';
    if (!*found)
        return true;
    if (!read_words(db, id, &read, error)) {
        tp_notice_finish(&read);
        return false;
    }
    *notice = read;
    return true;
}

/* ---- the list ---- */

/* Two questions at once on one connection are two statements: the facts first, then the words. */
bool tp_notice_list(struct tp_sql *db, const char *today, struct tp_notices *notices,
                    struct tp_error *error)
{
    struct tp_notices read = {.items = tp_calloc(TP_NOTICES_MAX + 1, sizeof(*read.items))};
    struct tp_rows rows;
    bool ok;

    if (!read.items)
        return tp_fail_memory(error);
    ok = tp_sql_number(db, "SELECT serial FROM notice_list WHERE id = 1", TP_NO_VALUES, 1,
                       &read.serial, error);
    if (ok) {
        (void)tp_sql_ask(db,
                         FACTS "WHERE n.state = 'shown' AND n.until_day >= ?1 "
                               "ORDER BY n.from_day DESC, n.id DESC LIMIT ?2",
                         TP_VALUES(tp_str(today), tp_int(TP_NOTICES_MAX + 1)), &rows, error);
        while (read.count <= TP_NOTICES_MAX && tp_rows_next(&rows)) {
            enum tp_notice_state state;

            fill(&rows, &state, &read.items[read.count++]);
        }
        ok = tp_rows_finish(&rows);
    }
    if (ok && read.count > TP_NOTICES_MAX)
        ok = tp_fail(error, TP_ERR_LIMIT,
                     "Screens take at most %u notices at a time. Withdraw one that is no longer "
                     "needed first.",
                     TP_NOTICES_MAX);
    for (size_t i = 0; ok && i < read.count; i++) {
        int64_t id = 0;

        (void)sscanf(read.items[i].id, "%" SCNd64, &id);
        ok = read_words(db, id, &read.items[i], error);
    }
    if (ok)
        *notices = read;
    else
        tp_notices_finish(&read);
    return ok;
}

bool tp_notice_list_fits(struct tp_sql *db, const char *today, struct tp_error *error)
{
    static const struct tp_receipt_key any;
    struct tp_notices notices;
    struct tp_buf text;
    bool ok;

    if (!tp_notice_list(db, today, &notices, error))
        return false;
    tp_buf_init(&text, TP_NOTICES_BYTES_MAX);
    ok = tp_notices_write(&notices, &any, &text, NULL) ||
         tp_fail(error, TP_ERR_LIMIT,
                 "All notices together are longer than screens take. Shorten one, or withdraw one "
                 "that is no longer needed.");
    tp_buf_finish(&text);
    tp_notices_finish(&notices);
    return ok;
}

bool tp_notice_outcomes(struct tp_sql *db, bool (*each)(void *context, const char *survey),
                        void *context, struct tp_error *error)
{
    struct tp_rows rows;
    bool more = true;

    (void)tp_sql_ask(db,
                     "SELECT DISTINCT survey FROM notice WHERE kind = 'outcome' AND "
                     "state = 'shown'",
                     TP_NO_VALUES, &rows, error);
    while (more && tp_rows_next(&rows))
        more = each(context, tp_rows_text(&rows, 0));
    return tp_rows_finish(&rows);
}

/* ---- writing ---- */

/* The time, so that a store that was put back to an older copy is soon ahead again; and always one
 * more than the last, whatever the clock says. */
static bool move_on(struct tp_sql *db, const struct tp_deed *deed, struct tp_error *error)
{
    return tp_sql_run(db,
                      "UPDATE notice_list SET serial = CASE WHEN serial < ?1 THEN ?1 "
                      "ELSE serial + 1 END WHERE id = 1",
                      TP_VALUES(tp_int(deed->at_ms)), NULL, error);
}

/* The line of the log calls it by its English title. */
static bool note(struct tp_sql *db, int64_t id, const struct tp_deed *deed, const char *action,
                 struct tp_error *error)
{
    char title[TP_NOTICE_TITLE_MAX] = "";
    struct tp_rows rows;

    if (tp_sql_ask(db, "SELECT title FROM notice_words WHERE notice = ?1 AND tag = 'en'",
                   TP_VALUES(tp_int(id)), &rows, error) &&
        tp_rows_next(&rows))
        copy(title, sizeof(title), tp_rows_text(&rows, 0));
    return tp_rows_finish(&rows) && move_on(db, deed, error) &&
           tp_audit_add(db, deed, action, title, error);
}

static bool put_words(struct tp_sql *db, int64_t id, const struct tp_notice_words *words,
                      struct tp_error *error)
{
    struct tp_buf body, pictures;
    bool ok = true;

    tp_buf_init(&body, TP_NOTICE_PARTS_MAX * TP_NOTICE_TEXT_MAX);
    tp_buf_init(&pictures, TP_NOTICE_PARTS_MAX * TP_NOTICE_PICTURE_MAX);
    for (size_t i = 0; ok && i < words->count; i++)
        ok = tp_buf_printf(&body, "%s\n", words->parts[i].text) &&
             tp_buf_printf(&pictures, "%s\n", words->parts[i].picture);
    ok = ok ? tp_sql_run(db,
                         "INSERT INTO notice_words (notice, tag, title, body, pictures) "
                         "VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT (notice, tag) DO UPDATE SET "
                         "title = excluded.title, body = excluded.body, "
                         "pictures = excluded.pictures",
                         TP_VALUES(tp_int(id), tp_str(words->tag), tp_str(words->title),
                                   tp_str(tp_buf_text(&body)), tp_str(tp_buf_text(&pictures))),
                         NULL, error)
            : tp_fail_memory(error);
    tp_buf_finish(&body);
    tp_buf_finish(&pictures);
    return ok;
}

bool tp_notice_add(struct tp_sql *db, const struct tp_notice *notice, const struct tp_deed *deed,
                   int64_t *id, struct tp_error *error)
{
    struct tp_rows rows;
    int64_t made = 0;

    if (tp_sql_ask(db,
                   "INSERT INTO notice (state, kind, survey, from_day, until_day, changed_ms) "
                   "VALUES ('draft', ?1, ?2, ?3, ?4, ?5) RETURNING id",
                   TP_VALUES(tp_str(tp_notice_kind_name(notice->kind)), tp_str(notice->survey),
                             tp_str(notice->from), tp_str(notice->until), tp_int(deed->at_ms)),
                   &rows, error) &&
        tp_rows_next(&rows))
        made = tp_rows_int(&rows, 0);
    if (!tp_rows_finish(&rows))
        return false;
    *id = made;
    return put_words(db, made, &notice->words[0], error) &&
           note(db, made, deed, "wrote the notice", error);
}

bool tp_notice_set(struct tp_sql *db, int64_t id, const struct tp_notice *notice,
                   const struct tp_deed *deed, bool *found, struct tp_error *error)
{
    int64_t changed = 0;

    if (!tp_sql_run(db,
                    "UPDATE notice SET kind = ?2, survey = ?3, from_day = ?4, until_day = ?5, "
                    "changed_ms = ?6 WHERE id = ?1",
                    TP_VALUES(tp_int(id), tp_str(tp_notice_kind_name(notice->kind)),
                              tp_str(notice->survey), tp_str(notice->from), tp_str(notice->until),
                              tp_int(deed->at_ms)),
                    &changed, error))
        return false;
    *found = changed > 0;
    return !*found || note(db, id, deed, "changed the notice", error);
}

bool tp_notice_set_words(struct tp_sql *db, int64_t id, const struct tp_notice_words *words,
                         const struct tp_deed *deed, bool *found, struct tp_error *error)
{
    int64_t changed = 0;

    if (!tp_sql_run(db, "UPDATE notice SET changed_ms = ?2 WHERE id = ?1",
                    TP_VALUES(tp_int(id), tp_int(deed->at_ms)), &changed, error))
        return false;
    *found = changed > 0;
    if (!*found)
        return true;
    if (words->count ? !put_words(db, id, words, error)
                     : !tp_sql_run(db, "DELETE FROM notice_words WHERE notice = ?1 AND tag = ?2",
                                   TP_VALUES(tp_int(id), tp_str(words->tag)), NULL, error))
        return false;
    return note(db, id, deed, "changed the notice", error);
}

bool tp_notice_set_state(struct tp_sql *db, int64_t id, enum tp_notice_state state,
                         const struct tp_deed *deed, bool *found, struct tp_error *error)
{
    static const char *const actions[] = {"took back the notice", "showed the notice",
                                          "withdrew the notice"};
    int64_t changed = 0;

    if (!tp_sql_run(db, "UPDATE notice SET state = ?2, changed_ms = ?3 WHERE id = ?1",
                    TP_VALUES(tp_int(id), tp_str(states[state]), tp_int(deed->at_ms)), &changed,
                    error))
        return false;
    *found = changed > 0;
    return !*found || note(db, id, deed, actions[state], error);
}
