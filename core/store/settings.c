#include "store/settings.h"

#include <stdio.h>
#include <string.h>

#include "base/utf8.h"
#include "store/db.h"

bool tp_setting_get(struct tp_store *store, const char *name, const char *fallback, char *value,
                    size_t size, struct tp_error *error)
{
    static const char doing[] = "cannot read a setting";
    sqlite3_stmt *row;
    enum tp_step step =
        tp_db_query(store, TP_SQL_SETTING_GET, TP_VALUES(tp_text(name)), &row, doing, error);
    const char *text = step == TP_STEP_ROW ? (const char *)sqlite3_column_text(row, 0) : fallback;
    bool ok = false;

    if (step != TP_STEP_FAILED && !text)
        tp_fail_memory(error);
    else if (step != TP_STEP_FAILED && strlen(text) >= size)
        tp_fail(error, TP_ERR_LIMIT, "the setting '%s' is longer than %zu bytes", name,
                size ? size - 1 : 0);
    else
        ok = step != TP_STEP_FAILED;
    if (ok)
        (void)snprintf(value, size, "%s", text);
    tp_db_reset(row);
    return ok;
}

bool tp_setting_set(struct tp_store *store, const char *name, const char *value,
                    struct tp_error *error)
{
    static const char doing[] = "cannot keep a setting";

    if (!tp_text_is_name(name, TP_SETTING_NAME_MAX))
        return tp_fail(error, TP_ERR_MISUSE, "a setting needs a name of 1 to %u bytes",
                       TP_SETTING_NAME_MAX - 1);
    if (!value)
        return tp_db_run(store, TP_SQL_SETTING_FORGET, TP_VALUES(tp_text(name)), doing, error);
    if (!tp_text_is_words(value, TP_SETTING_VALUE_MAX))
        return tp_fail(error, TP_ERR_INVALID,
                       "the setting '%s' must be text of at most %u bytes on one line", name,
                       TP_SETTING_VALUE_MAX - 1);
    return tp_db_run(store, TP_SQL_SETTING_SET, TP_VALUES(tp_text(name), tp_text(value)), doing,
                     error);
}

bool tp_agent_status_get(struct tp_store *store, struct tp_agent_status *status,
                         struct tp_error *error)
{
    static const char doing[] = "cannot read the agent's status";
    struct tp_agent_status read = {0};
    sqlite3_stmt *row;
    enum tp_step step = tp_db_query(store, TP_SQL_AGENT_GET, TP_NO_VALUES, &row, doing, error);

    bool ok = step != TP_STEP_FAILED;

    if (step == TP_STEP_ROW) {
        read.last_contact_ms = sqlite3_column_int64(row, 0);
        read.enrolled = sqlite3_column_int(row, 3) != 0;
        ok = tp_db_column_text(row, 1, read.last_error, sizeof(read.last_error), error) &&
             tp_db_column_text(row, 2, read.enrolment_code, sizeof(read.enrolment_code), error);
    }
    tp_db_reset(row);
    if (ok)
        *status = read;
    return ok;
}

bool tp_agent_status_set(struct tp_store *store, const struct tp_agent_status *status,
                         struct tp_error *error)
{
    char words[TP_AGENT_WORDS_MAX];

    if (!tp_text_is_words(status->enrolment_code, TP_AGENT_CODE_MAX))
        return tp_fail(error, TP_ERR_MISUSE, "the enrolment code is not text");
    tp_utf8_to_words(status->last_error, words, sizeof(words));
    return tp_db_run(store, TP_SQL_AGENT_SET,
                     TP_VALUES(tp_integer(status->last_contact_ms), tp_text(words),
                               tp_text(status->enrolment_code), tp_integer(status->enrolled)),
                     "cannot keep the agent's status", error);
}

bool tp_agent_request_send(struct tp_store *store, struct tp_error *error)
{
    return tp_db_run(store, TP_SQL_AGENT_ASK, TP_NO_VALUES, "cannot ask the agent to send", error);
}

bool tp_agent_take_request(struct tp_store *store, bool *asked, struct tp_error *error)
{
    static const char doing[] = "cannot read what the agent is asked";
    int64_t waiting = 0;

    if (!tp_db_integer(store, TP_SQL_AGENT_ASKED, TP_NO_VALUES, &waiting, doing, error))
        return false;
    if (waiting && !tp_db_run(store, TP_SQL_AGENT_TAKE, TP_NO_VALUES, doing, error))
        return false;
    *asked = waiting != 0;
    return true;
}

/* A folder's path, with a mark before it: "" stands for the configured one. */
#define STICK_ASKED "agent_stick_asked"
#define STICK_MARK '>'

bool tp_agent_request_stick(struct tp_store *store, const char *folder, struct tp_error *error)
{
    char value[TP_STICK_FOLDER_MAX + 1];
    int length = snprintf(value, sizeof(value), "%c%s", STICK_MARK, folder ? folder : "");

    if (length < 0 || (size_t)length >= sizeof(value))
        return tp_fail(error, TP_ERR_LIMIT, "the stick's folder has too long a name");
    return tp_setting_set(store, TP_SETTING_STICK_SAID, "", error) &&
           tp_setting_set(store, STICK_ASKED, value, error);
}

bool tp_agent_take_stick(struct tp_store *store, bool *asked, char folder[TP_STICK_FOLDER_MAX],
                         struct tp_error *error)
{
    char value[TP_STICK_FOLDER_MAX + 1];

    if (!tp_setting_get(store, STICK_ASKED, "", value, sizeof(value), error))
        return false;
    *asked = value[0] == STICK_MARK;
    if (!*asked)
        return true;
    (void)snprintf(folder, TP_STICK_FOLDER_MAX, "%s", value + 1);
    return tp_setting_set(store, STICK_ASKED, NULL, error);
}
