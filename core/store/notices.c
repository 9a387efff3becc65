#include "store/notices.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "base/day.h"
#include "base/mem.h"
#include "store/db.h"

#define FORMAT "talkpoint-notices-1"

static const char *const kinds[TP_NOTICE_KINDS] = {"news", "outcome", "service"};

const char *tp_notice_kind_name(enum tp_notice_kind kind)
{
    return kinds[kind];
}

bool tp_notice_kind_find(const char *name, enum tp_notice_kind *kind)
{
    for (size_t i = 0; name && i < TP_NOTICE_KINDS; i++) {
        if (strcmp(kinds[i], name) == 0) {
            *kind = (enum tp_notice_kind)i;
            return true;
        }
    }
    return false;
}

static void finish_words(struct tp_notice_words *words)
{
    for (size_t i = 0; i < words->count; i++)
        tp_free(words->parts[i].text);
    tp_free(words->parts);
}

void tp_notice_finish(struct tp_notice *notice)
{
    for (size_t i = 0; i < notice->count; i++)
        finish_words(&notice->words[i]);
    tp_free(notice->words);
    *notice = (struct tp_notice){.id = ""};
}

void tp_notices_finish(struct tp_notices *notices)
{
    for (size_t i = 0; i < notices->count; i++)
        tp_notice_finish(&notices->items[i]);
    tp_free(notices->items);
    *notices = (struct tp_notices){0};
}

/* ---- what a field may hold ---- */

bool tp_notice_is_day(const char *text)
{
    struct tp_day day;

    return text && tp_day_parse(text, &day) && day.year >= 2000;
}

static bool is_of(const char *text, const char *characters, size_t max)
{
    size_t length = strnlen(text, max);

    return length > 0 && length < max && strspn(text, characters) == length;
}

bool tp_notice_is_picture(const char *text)
{
    return is_of(text, "abcdefghijklmnopqrstuvwxyz0123456789-", TP_NOTICE_PICTURE_MAX);
}

/* A language tag: letters, digits, '-'. */
static bool is_tag(const char *text)
{
    return is_of(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-",
                 TP_NOTICE_TAG_MAX) &&
           text[0] != '-';
}

/* ---- for a reader ---- */

const struct tp_notice_words *tp_notice_words_in(const struct tp_notice *notice, const char *tag)
{
    for (size_t i = 0; i < notice->count; i++)
        if (strcmp(notice->words[i].tag, tag) == 0)
            return &notice->words[i];
    return NULL;
}

const struct tp_notice_words *tp_notice_words_for(const struct tp_notice *notice,
                                                  const char *language, bool easy_read)
{
    const struct tp_notice_words *words = NULL;
    char tag[TP_NOTICE_TAG_MAX];

    if (easy_read) {
        (void)snprintf(tag, sizeof(tag), "%.14s-simple", language);
        words = tp_notice_words_in(notice, tag);
    }
    if (!words)
        words = tp_notice_words_in(notice, language);
    if (!words && easy_read)
        words = tp_notice_words_in(notice, "en-simple");
    return words ? words : notice->words;
}

bool tp_notice_is_due(const struct tp_notice *notice, const char *today)
{
    /* Days in this form have the order of their texts. */
    return strcmp(notice->from, today) <= 0 && strcmp(today, notice->until) <= 0;
}

/* ---- writing ---- */

static json_t *parts_json(const struct tp_notice_words *words)
{
    json_t *array = json_array();

    for (size_t i = 0; i < words->count; i++) {
        const struct tp_notice_part *part = &words->parts[i];

        (void)json_array_append_new(
            array, *part->picture
                       ? json_pack("{s:s, s:s}", "text", part->text, "picture", part->picture)
                       : json_pack("{s:s}", "text", part->text));
    }
    return array;
}

static json_t *words_json(const struct tp_notice *notice)
{
    json_t *array = json_array();

    for (size_t i = 0; i < notice->count; i++) {
        const struct tp_notice_words *words = &notice->words[i];

        (void)json_array_append_new(array,
                                    json_pack("{s:s, s:s, s:o}", "language", words->tag, "title",
                                              words->title, "parts", parts_json(words)));
    }
    return array;
}

static json_t *notice_json(const struct tp_notice *notice)
{
    json_t *object =
        json_pack("{s:s, s:s, s:s, s:s}", "id", notice->id, "kind",
                  tp_notice_kind_name(notice->kind), "from", notice->from, "until", notice->until);

    if (*notice->survey)
        (void)json_object_set_new(object, "survey", json_string(notice->survey));
    if (*notice->about)
        (void)json_object_set_new(object, "about", json_string(notice->about));
    (void)json_object_set_new(object, "words", words_json(notice));
    return object;
}

static int add_to_buf(const char *bytes, size_t count, void *context)
{
    return tp_buf_add(context, bytes, count) ? 0 : -1;
}

bool tp_notices_write(const struct tp_notices *notices, const struct tp_receipt_key *fleet,
                      struct tp_buf *text, struct tp_error *error)
{
    char key[TP_RECEIPT_KEY_TEXT_MAX];
    json_t *array = json_array();
    json_t *root;
    bool ok;

    tp_receipt_key_to_text(fleet, key);
    for (size_t i = 0; i < notices->count; i++)
        (void)json_array_append_new(array, notice_json(&notices->items[i]));
    root = json_pack("{s:s, s:s, s:I, s:o}", "format", FORMAT, "fleet", key, "serial",
                     (json_int_t)notices->serial, "notices", array);
    ok = root && json_array_size(array) == notices->count;
    if (!ok)
        tp_fail_memory(error);
    else if (json_dump_callback(root, add_to_buf, text, JSON_COMPACT) != 0 ||
             !tp_buf_putc(text, '\n'))
        ok = tp_fail(error, TP_ERR_LIMIT, "all notices together are longer than %u KiB",
                     TP_NOTICES_BYTES_MAX / 1024u);
    json_decref(root);
    return ok;
}

/* ---- reading ---- */

static bool bad(struct tp_error *error)
{
    return tp_fail(error, TP_ERR_INVALID, "not a list of notices");
}

/* Text without control characters; an absent one is "" where it may be. */
static bool take_text(const json_t *object, const char *name, bool optional, char *out, size_t size,
                      struct tp_error *error)
{
    const json_t *value = json_object_get(object, name);
    const char *text = json_string_value(value);

    if (!value && optional) {
        *out = '\0';
        return true;
    }
    if (!text || strlen(text) != json_string_length(value) || !tp_text_is_name(text, size))
        return bad(error);
    memcpy(out, text, json_string_length(value) + 1);
    return true;
}

static bool take_part(const json_t *object, struct tp_notice_part *part, struct tp_error *error)
{
    char text[TP_NOTICE_TEXT_MAX];

    if (!take_text(object, "text", false, text, sizeof(text), error) ||
        !take_text(object, "picture", true, part->picture, sizeof(part->picture), error))
        return false;
    if (*part->picture && !tp_notice_is_picture(part->picture))
        return bad(error);
    part->text = tp_strdup(text);
    return part->text || tp_fail_memory(error);
}

static bool take_words(const json_t *object, const struct tp_notice *notice,
                       struct tp_notice_words *words, struct tp_error *error)
{
    const json_t *parts = json_object_get(object, "parts");
    size_t count = json_array_size(parts);

    if (!take_text(object, "language", false, words->tag, sizeof(words->tag), error) ||
        !take_text(object, "title", false, words->title, sizeof(words->title), error))
        return false;
    if (!is_tag(words->tag) || tp_notice_words_in(notice, words->tag) || count == 0 ||
        count > TP_NOTICE_PARTS_MAX)
        return bad(error);
    words->parts = tp_calloc(count, sizeof(*words->parts));
    if (!words->parts)
        return tp_fail_memory(error);
    while (words->count < count) {
        if (!take_part(json_array_get(parts, words->count), &words->parts[words->count], error))
            return false;
        words->count++;
    }
    return true;
}

static bool take_languages(const json_t *object, struct tp_notice *notice, struct tp_error *error)
{
    const json_t *array = json_object_get(object, "words");
    size_t count = json_array_size(array);

    if (count == 0 || count > TP_NOTICE_LANGUAGES_MAX)
        return bad(error);
    notice->words = tp_calloc(count, sizeof(*notice->words));
    if (!notice->words)
        return tp_fail_memory(error);
    for (size_t i = 0; i < count; i++) {
        struct tp_notice_words words = {.tag = ""};

        if (!take_words(json_array_get(array, i), notice, &words, error)) {
            finish_words(&words);
            return false;
        }
        notice->words[notice->count++] = words;
    }
    return true;
}

static bool take_notice(const json_t *object, const struct tp_notices *before,
                        struct tp_notice *notice, struct tp_error *error)
{
    char kind[16];

    if (!take_text(object, "id", false, notice->id, sizeof(notice->id), error) ||
        !take_text(object, "kind", false, kind, sizeof(kind), error) ||
        !take_text(object, "from", false, notice->from, sizeof(notice->from), error) ||
        !take_text(object, "until", false, notice->until, sizeof(notice->until), error) ||
        !take_text(object, "survey", true, notice->survey, sizeof(notice->survey), error) ||
        !take_text(object, "about", true, notice->about, sizeof(notice->about), error))
        return false;
    if (!tp_notice_kind_find(kind, &notice->kind) || !tp_notice_is_day(notice->from) ||
        !tp_notice_is_day(notice->until))
        return bad(error);
    for (size_t i = 0; i < before->count; i++)
        if (strcmp(before->items[i].id, notice->id) == 0)
            return bad(error);
    return take_languages(object, notice, error);
}

static bool take_list(const json_t *root, struct tp_notices *notices, struct tp_error *error)
{
    const json_t *array = json_object_get(root, "notices");
    const json_t *serial = json_object_get(root, "serial");
    size_t count = json_array_size(array);

    if (!json_is_array(array) || count > TP_NOTICES_MAX || !json_is_integer(serial) ||
        json_integer_value(serial) < 1)
        return bad(error);
    notices->serial = json_integer_value(serial);
    notices->items = tp_calloc(count ? count : 1, sizeof(*notices->items));
    if (!notices->items)
        return tp_fail_memory(error);
    while (notices->count < count) {
        struct tp_notice *notice = &notices->items[notices->count];

        if (!take_notice(json_array_get(array, notices->count), notices, notice, error)) {
            tp_notice_finish(notice);
            return false;
        }
        notices->count++;
    }
    return true;
}

static bool check_fleet(const json_t *root, const struct tp_receipt_key *fleet,
                        struct tp_error *error)
{
    char expected[TP_RECEIPT_KEY_TEXT_MAX];
    char key[TP_RECEIPT_KEY_TEXT_MAX];
    char format[32];

    if (!take_text(root, "format", false, format, sizeof(format), error) ||
        !take_text(root, "fleet", false, key, sizeof(key), error))
        return false;
    if (strcmp(format, FORMAT) != 0)
        return bad(error);
    tp_receipt_key_to_text(fleet, expected);
    return strcmp(key, expected) == 0 ||
           tp_fail(error, TP_ERR_CRYPTO, "the notices are of another central store");
}

bool tp_notices_read(const char *text, size_t count, const struct tp_receipt_key *fleet,
                     struct tp_notices *notices, struct tp_error *error)
{
    struct tp_notices read = {0};
    json_t *root;
    bool ok;

    if (count > TP_NOTICES_BYTES_MAX)
        return tp_fail(error, TP_ERR_LIMIT, "the list of notices is longer than %u KiB",
                       TP_NOTICES_BYTES_MAX / 1024u);
    root = json_loadb(count ? text : "", count, JSON_REJECT_DUPLICATES, NULL);
    ok = json_is_object(root) ? check_fleet(root, fleet, error) && take_list(root, &read, error)
                              : bad(error);
    json_decref(root);
    if (ok)
        *notices = read;
    else
        tp_notices_finish(&read);
    return ok;
}
