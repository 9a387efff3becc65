#include "agent/wire/odk_settings.h"

#include <jansson.h>
#include <sodium.h>
#include <string.h>
#include <zlib.h>

#include "agent/wire/line.h"
#include "base/buf.h"
#include "base/mem.h"

static bool take(const char *text, size_t length, const char *what, char *out, size_t size,
                 struct tp_error *error)
{
    if (length >= size || !tp_is_one_line(text, length))
        return tp_fail(error, TP_ERR_INVALID, "the settings' %s is not a short line of text", what);
    memcpy(out, text, length);
    out[length] = '\0';
    return true;
}

/* Absent, or null, is "". */
static bool take_member(const json_t *general, const char *name, char *out, size_t size,
                        struct tp_error *error)
{
    const json_t *value = json_object_get(general, name);

    if (!value || json_is_null(value)) {
        *out = '\0';
        return true;
    }
    if (!json_is_string(value))
        return tp_fail(error, TP_ERR_INVALID, "the settings' %s is not text", name);
    return take(json_string_value(value), json_string_length(value), name, out, size, error);
}

static bool read_json(const char *text, size_t count, struct tp_odk_settings *settings,
                      struct tp_error *error)
{
    json_error_t where;
    json_t *root = json_loadb(text, count, 0, &where);
    const json_t *general = json_object_get(root, "general");
    struct tp_odk_settings read = {.url = ""};
    bool ok = json_is_object(general) ||
              tp_fail(error, TP_ERR_INVALID, "not the settings of ODK Collect: no \"general\"");

    ok = ok && take_member(general, "server_url", read.url, sizeof(read.url), error) &&
         take_member(general, "username", read.user, sizeof(read.user), error) &&
         take_member(general, "password", read.password, sizeof(read.password), error);
    if (ok && !*read.url)
        ok = tp_fail(error, TP_ERR_INVALID, "the settings name no server (server_url)");
    json_decref(root);
    if (ok)
        *settings = read;
    tp_wipe(&read, sizeof(read));
    return ok;
}

/* A stream that says it is longer than any settings is none. */
static bool inflate_into(const unsigned char *packed, size_t count, struct tp_buf *json)
{
    z_stream stream = {.next_in = (unsigned char *)packed, .avail_in = (uInt)count};
    bool ok = false;

    if (!tp_buf_reserve(json, TP_ODK_SETTINGS_MAX) || inflateInit(&stream) != Z_OK)
        return false;
    stream.next_out = (unsigned char *)json->data;
    stream.avail_out = TP_ODK_SETTINGS_MAX;
    if (inflate(&stream, Z_FINISH) == Z_STREAM_END) {
        json->length = stream.total_out;
        json->data[json->length] = '\0';
        ok = true;
    }
    (void)inflateEnd(&stream);
    return ok;
}

static bool read_code(const char *text, size_t count, struct tp_odk_settings *settings,
                      struct tp_error *error)
{
    unsigned char *packed = tp_calloc(count + 1, 1);
    size_t length = 0;
    struct tp_buf json;
    bool ok;

    if (!packed)
        return tp_fail_memory(error);
    tp_buf_init(&json, TP_ODK_SETTINGS_MAX + 1);
    ok = sodium_base642bin(packed, count + 1, text, count, " \t\r\n", &length, NULL,
                           sodium_base64_VARIANT_ORIGINAL) == 0 &&
         length && inflate_into(packed, length, &json);
    if (ok)
        ok = read_json(tp_buf_text(&json), json.length, settings, error);
    else
        tp_fail(error, TP_ERR_INVALID,
                "neither an address nor the settings of ODK Collect (JSON, or a code's text)");
    tp_buf_finish(&json);
    tp_wipe(packed, count + 1);
    tp_free(packed);
    return ok;
}

static bool begins_with(const char *text, size_t count, const char *start)
{
    return count >= strlen(start) && strncasecmp(text, start, strlen(start)) == 0;
}

bool tp_odk_settings_read(const char *text, size_t count, struct tp_odk_settings *settings,
                          struct tp_error *error)
{
    struct tp_odk_settings plain = {.user = ""};

    while (count && strchr(" \t\r\n", text[count - 1]))
        count--;
    while (count && strchr(" \t\r\n", *text)) {
        text++;
        count--;
    }
    if (count == 0 || count > TP_ODK_SETTINGS_MAX)
        return tp_fail(error, TP_ERR_INVALID, "no settings: they are empty, or far too long");
    if (*text == '{')
        return read_json(text, count, settings, error);
    if (!begins_with(text, count, "http://") && !begins_with(text, count, "https://"))
        return read_code(text, count, settings, error);
    if (!take(text, count, "address", plain.url, sizeof(plain.url), error))
        return false;
    *settings = plain;
    return true;
}
