#include "central/data/forms.h"

#include <stdio.h>
#include <string.h>

#define FORM_COLUMNS                                                                               \
    "f.id, f.version, f.title, f.kind, f.opens, f.closes, v.md5, f.created_ms, v.published_ms, "   \
    "coalesce(f.closed_ms, 0) FROM form f "                                                        \
    "JOIN form_version v ON v.form = f.id AND v.version = f.version "

enum tp_form_phase tp_form_phase(const struct tp_form_row *form, const char *today)
{
    if (form->closed_ms || (*form->closes && strcmp(today, form->closes) > 0))
        return TP_FORM_CLOSED;
    if (*form->opens && strcmp(today, form->opens) < 0)
        return TP_FORM_BEFORE;
    return TP_FORM_OPEN;
}

static void copy(char *to, size_t size, const struct tp_rows *rows, int column)
{
    (void)snprintf(to, size, "%s", tp_rows_text(rows, column));
}

static void fill_form(const struct tp_rows *rows, struct tp_form_row *form)
{
    copy(form->id, sizeof(form->id), rows, 0);
    copy(form->version, sizeof(form->version), rows, 1);
    copy(form->title, sizeof(form->title), rows, 2);
    copy(form->kind, sizeof(form->kind), rows, 3);
    copy(form->opens, sizeof(form->opens), rows, 4);
    copy(form->closes, sizeof(form->closes), rows, 5);
    copy(form->md5, sizeof(form->md5), rows, 6);
    form->created_ms = tp_rows_int(rows, 7);
    form->published_ms = tp_rows_int(rows, 8);
    form->closed_ms = tp_rows_int(rows, 9);
}

bool tp_forms_each(struct tp_sql *db, bool (*each)(void *context, const struct tp_form_row *form),
                   void *context, struct tp_error *error)
{
    struct tp_rows rows;
    bool more = true;

    (void)tp_sql_ask(
        db, "SELECT " FORM_COLUMNS "ORDER BY f.kind <> 'consultation', lower(f.title), f.id",
        TP_NO_VALUES, &rows, error);
    while (more && tp_rows_next(&rows)) {
        struct tp_form_row form;

        fill_form(&rows, &form);
        more = each(context, &form);
    }
    return tp_rows_finish(&rows);
}

bool tp_forms_get(struct tp_sql *db, const char *id, struct tp_form_row *form, bool *found,
                  struct tp_error *error)
{
    struct tp_rows rows;
    bool got = false;

    if (tp_sql_ask(db, "SELECT " FORM_COLUMNS "WHERE f.id = ?1", TP_VALUES(tp_str(id)), &rows,
                   error) &&
        tp_rows_next(&rows)) {
        fill_form(&rows, form);
        got = true;
    }
    if (!tp_rows_finish(&rows))
        return false;
    *found = got;
    return true;
}

static bool append_blob(struct tp_rows *rows, struct tp_buf *out, bool *found,
                        struct tp_error *error)
{
    bool fits = true;
    bool got = tp_rows_next(rows);

    if (got) {
        size_t length;
        const void *bytes = tp_rows_blob(rows, 0, &length);

        fits = tp_buf_add(out, bytes, length);
    }
    if (!tp_rows_finish(rows))
        return false;
    *found = got;
    return fits || tp_fail_memory(error);
}

bool tp_forms_xml(struct tp_sql *db, const char *id, const char *version, struct tp_buf *xml,
                  bool *found, struct tp_error *error)
{
    struct tp_rows rows;

    (void)tp_sql_ask(db, "SELECT xml FROM form_version WHERE form = ?1 AND version = ?2",
                     TP_VALUES(tp_str(id), tp_str(version)), &rows, error);
    return append_blob(&rows, xml, found, error);
}

bool tp_forms_versions(struct tp_sql *db, const char *id,
                       bool (*each)(void *context, const char *version, const void *xml,
                                    size_t length),
                       void *context, struct tp_error *error)
{
    struct tp_rows rows;
    bool more = true;

    (void)tp_sql_ask(db,
                     "SELECT version, xml FROM form_version WHERE form = ?1 "
                     "ORDER BY published_ms DESC, version DESC",
                     TP_VALUES(tp_str(id)), &rows, error);
    while (more && tp_rows_next(&rows)) {
        size_t length;
        const void *xml = tp_rows_blob(&rows, 1, &length);

        more = each(context, tp_rows_text(&rows, 0), xml, length);
    }
    return tp_rows_finish(&rows);
}

bool tp_forms_media_each(struct tp_sql *db, const char *id, const char *version,
                         bool (*each)(void *context, const char *name, const char *md5),
                         void *context, struct tp_error *error)
{
    struct tp_rows rows;
    bool more = true;

    (void)tp_sql_ask(db,
                     "SELECT name, md5 FROM media WHERE form = ?1 AND version = ?2 ORDER BY name",
                     TP_VALUES(tp_str(id), tp_str(version)), &rows, error);
    while (more && tp_rows_next(&rows))
        more = each(context, tp_rows_text(&rows, 0), tp_rows_text(&rows, 1));
    return tp_rows_finish(&rows);
}

bool tp_forms_media(struct tp_sql *db, const char *id, const char *version, const char *name,
                    struct tp_buf *bytes, bool *found, struct tp_error *error)
{
    struct tp_rows rows;

    (void)tp_sql_ask(db,
                     "SELECT c.bytes FROM media m JOIN content c ON c.sha256 = m.sha256 "
                     "WHERE m.form = ?1 AND m.version = ?2 AND m.name = ?3",
                     TP_VALUES(tp_str(id), tp_str(version), tp_str(name)), &rows, error);
    return append_blob(&rows, bytes, found, error);
}

bool tp_forms_close(struct tp_sql *db, const char *id, bool closed, int64_t now_ms, bool *found,
                    struct tp_error *error)
{
    int64_t changed = 0;

    if (!tp_sql_run(db, "UPDATE form SET closed_ms = ?2 WHERE id = ?1",
                    TP_VALUES(tp_str(id), closed ? tp_int(now_ms) : tp_null()), &changed, error))
        return false;
    *found = changed > 0;
    return true;
}
