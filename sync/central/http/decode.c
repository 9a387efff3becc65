#include "central/http/decode.h"

#include <string.h>
#include <unistr.h>

#include "base/mem.h"

static int hex(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

bool tp_is_text(const char *bytes, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        unsigned char c = (unsigned char)bytes[i];

        if ((c < 0x20 && c != '\t' && c != '\n' && c != '\r') || c == 0x7f)
            return false;
    }
    return u8_check((const uint8_t *)bytes, length) == NULL;
}

bool tp_is_line(const char *text, size_t max)
{
    size_t length = strlen(text);

    return length <= max && tp_is_text(text, length) && strpbrk(text, "\t\r\n") == NULL;
}

bool tp_is_file_name(const char *text, size_t max)
{
    return *text && *text != '.' && !strchr(text, '/') && tp_is_line(text, max);
}

/* Decodes into a new string; NULL, saying why, where it is malformed or no text. */
static char *decode(const char *text, size_t length, bool plus_is_space, struct tp_error *error)
{
    char *decoded = tp_calloc(length + 1, 1);
    size_t out = 0;

    if (!decoded) {
        tp_fail_memory(error);
        return NULL;
    }
    for (size_t i = 0; i < length; i++) {
        char c = text[i];

        if (c == '%') {
            if (length - i < 3 || hex(text[i + 1]) < 0 || hex(text[i + 2]) < 0)
                goto refuse;
            c = (char)(hex(text[i + 1]) * 16 + hex(text[i + 2]));
            i += 2;
        } else if (c == '+' && plus_is_space) {
            c = ' ';
        }
        decoded[out++] = c;
    }
    if (tp_is_text(decoded, out))
        return decoded;
refuse:
    tp_wipe(decoded, length);
    tp_free(decoded);
    tp_fail(error, TP_ERR_INVALID, "it is not percent-encoded text");
    return NULL;
}

static bool add_segment(struct tp_path *path, const char *text, size_t length,
                        struct tp_error *error)
{
    char *segment;

    if (path->count == TP_PATH_SEGMENTS_MAX)
        return tp_fail(error, TP_ERR_INVALID, "the path is too deep");
    segment = decode(text, length, false, error);
    if (!segment)
        return false;
    if (*segment == '\0' || strcmp(segment, ".") == 0 || strcmp(segment, "..") == 0) {
        tp_free(segment);
        return tp_fail(error, TP_ERR_INVALID, "the path has an empty or dotted segment");
    }
    path->segments[path->count++] = segment;
    return true;
}

bool tp_path_parse(const char *target, struct tp_path *path, struct tp_error *error)
{
    struct tp_path made = {.count = 0};
    const char *end = target + strcspn(target, "?");
    const char *start = target + 1;

    if (*target != '/')
        return tp_fail(error, TP_ERR_INVALID, "the path does not begin with '/'");
    while (start < end) {
        const char *slash = memchr(start, '/', (size_t)(end - start));
        const char *stop = slash ? slash : end;

        if (!add_segment(&made, start, (size_t)(stop - start), error)) {
            tp_path_finish(&made);
            return false;
        }
        start = stop + 1;
    }
    *path = made;
    return true;
}

void tp_path_finish(struct tp_path *path)
{
    for (size_t i = 0; i < path->count; i++)
        tp_free(path->segments[i]);
    path->count = 0;
}

static bool add_field(struct tp_fields *fields, const char *text, size_t length)
{
    const char *equals = memchr(text, '=', length);
    size_t name_length = equals ? (size_t)(equals - text) : length;
    size_t value_start = equals ? name_length + 1 : length;
    struct tp_field field;

    if (fields->count == TP_FIELDS_MAX)
        return false;
    field.name = decode(text, name_length, true, NULL);
    field.value = decode(text + value_start, length - value_start, true, NULL);
    if (!field.name || !field.value) {
        tp_free(field.name);
        tp_free_secret(field.value);
        return false;
    }
    fields->items[fields->count++] = field;
    return true;
}

bool tp_fields_parse(const char *text, size_t length, struct tp_fields *fields)
{
    struct tp_fields made = {.count = 0};
    size_t start = 0;

    while (start < length) {
        const char *amp = memchr(text + start, '&', length - start);
        size_t stop = amp ? (size_t)(amp - text) : length;

        if (stop > start && !add_field(&made, text + start, stop - start)) {
            tp_fields_finish(&made);
            return false;
        }
        start = stop + 1;
    }
    *fields = made;
    return true;
}

void tp_fields_finish(struct tp_fields *fields)
{
    for (size_t i = 0; i < fields->count; i++) {
        tp_free(fields->items[i].name);
        tp_free_secret(fields->items[i].value);
    }
    fields->count = 0;
}

const char *tp_fields_get(const struct tp_fields *fields, const char *name)
{
    for (size_t i = 0; i < fields->count; i++) {
        if (strcmp(fields->items[i].name, name) == 0)
            return fields->items[i].value;
    }
    return NULL;
}

const char *tp_target_query(const char *target)
{
    const char *mark = strchr(target, '?');

    return mark ? mark + 1 : "";
}

bool tp_cookie_find(const char *header, const char *name, char *value, size_t size)
{
    size_t name_length = strlen(name);

    while (header && *header) {
        size_t length = strcspn(header, ";");

        while (length && (*header == ' ' || *header == '\t')) {
            header++;
            length--;
        }
        if (length > name_length && memcmp(header, name, name_length) == 0 &&
            header[name_length] == '=') {
            size_t value_length = length - name_length - 1;

            if (value_length + 1 > size)
                return false;
            memcpy(value, header + name_length + 1, value_length);
            value[value_length] = '\0';
            return true;
        }
        header += length;
        if (*header == ';')
            header++;
    }
    return false;
}

bool tp_percent_encode(struct tp_buf *out, const char *text)
{
    for (; *text; text++) {
        unsigned char c = (unsigned char)*text;

        if ((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
            strchr("-._~", c))
            (void)tp_buf_putc(out, *text);
        else
            (void)tp_buf_printf(out, "%%%02X", c);
    }
    return tp_buf_ok(out);
}
