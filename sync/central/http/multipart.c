#include "central/http/multipart.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "central/http/decode.h"

static bool invalid(struct tp_multipart *reader, struct tp_error *error, const char *what)
{
    reader->state = TP_MULTIPART_FAILED;
    return tp_fail(error, TP_ERR_INVALID, "multipart message: %s", what);
}

static const char *skip_space(const char *text)
{
    while (*text == ' ' || *text == '\t')
        text++;
    return text;
}

static bool is_token(char c)
{
    return c > 0x20 && c < 0x7f && !strchr("()<>@,;:\\\"/[]?={}", c);
}

/* Reads a token, or a quoted string (RFC 9110, 5.6.4). Moves *text past it. */
static bool take_value(const char **text, char *value, size_t size)
{
    const char *p = *text;
    bool quoted = *p == '"';
    size_t length = 0;

    for (p += quoted; quoted ? *p != '"' : is_token(*p); p++) {
        /* Browsers percent-encode a quote; curl and libraries put a backslash before it. */
        if (quoted && *p == '\\' && (p[1] == '"' || p[1] == '\\'))
            p++;
        if (*p == '\0' || length + 1 >= size)
            return false;
        value[length++] = *p;
    }
    value[length] = '\0';
    *text = p + quoted;
    return true;
}

/* Reads `; name=value` or `; name="value"`. Moves *text past it. False at the end or where it is
 * malformed (then *text is not at a NUL). */
static bool next_parameter(const char **text, char *name, size_t name_size, char *value,
                           size_t value_size)
{
    const char *p = skip_space(*text);
    size_t length = 0;

    if (*p != ';')
        return false;
    p = skip_space(p + 1);
    while (is_token(p[length]))
        length++;
    if (length == 0 || length >= name_size || p[length] != '=')
        return false;
    for (size_t i = 0; i < length; i++)
        name[i] = (char)tolower((unsigned char)p[i]);
    name[length] = '\0';
    p += length + 1;
    if (!take_value(&p, value, value_size))
        return false;
    *text = skip_space(p);
    return true;
}

/* Is `text` this word, followed by a parameter or nothing? Returns what follows, or NULL. */
static const char *after_word(const char *text, const char *word)
{
    size_t length = strlen(word);
    const char *rest;

    if (strncasecmp(text, word, length) != 0)
        return NULL;
    rest = skip_space(text + length);
    return *rest == ';' || *rest == '\0' ? rest : NULL;
}

static bool is_boundary(const char *boundary)
{
    size_t length = strlen(boundary);

    if (length == 0 || length > TP_BOUNDARY_MAX || boundary[length - 1] == ' ')
        return false;
    for (size_t i = 0; i < length; i++) {
        if (!isalnum((unsigned char)boundary[i]) && !strchr("'()+_,-./:=? ", boundary[i]))
            return false;
    }
    return true;
}

bool tp_multipart_init(struct tp_multipart *reader, const char *content_type,
                       const struct tp_multipart_sink *sink, struct tp_error *error)
{
    char name[32];
    char value[TP_BOUNDARY_MAX + 2];
    char boundary[TP_BOUNDARY_MAX + 2] = "";
    const char *rest = content_type ? after_word(content_type, "multipart/form-data") : NULL;

    if (!rest)
        return tp_fail(error, TP_ERR_INVALID, "the body is not multipart/form-data");
    while (next_parameter(&rest, name, sizeof(name), value, sizeof(value))) {
        if (strcmp(name, "boundary") == 0 && *boundary)
            return tp_fail(error, TP_ERR_INVALID, "multipart message: two boundaries");
        if (strcmp(name, "boundary") == 0)
            memcpy(boundary, value, strlen(value) + 1);
    }
    if (*rest != '\0' || !is_boundary(boundary))
        return tp_fail(error, TP_ERR_INVALID, "multipart message: no usable boundary");
    memset(reader, 0, sizeof(*reader));
    reader->sink = *sink;
    memcpy(reader->delimiter, "\r\n--", 4);
    memcpy(reader->delimiter + 4, boundary, strlen(boundary));
    reader->delimiter_length = strlen(boundary) + 4;
    /* The first delimiter may open the message, with no line end before it. */
    reader->matched = 2;
    return true;
}

/* The last part of a path, whichever way its slashes lean. */
static void drop_folders(char *filename)
{
    char *last = filename;

    for (char *p = filename; *p; p++) {
        if (*p == '/' || *p == '\\')
            last = p + 1;
    }
    memmove(filename, last, strlen(last) + 1);
}

static bool read_disposition(struct tp_part_head *head, const char *text)
{
    char name[32];
    char value[TP_PART_NAME_MAX + 1];
    bool named = false;
    const char *rest = after_word(text, "form-data");

    if (!rest)
        return false;
    while (next_parameter(&rest, name, sizeof(name), value, sizeof(value))) {
        if (strcmp(name, "name") == 0) {
            if (named)
                return false;
            named = true;
            memcpy(head->name, value, strlen(value) + 1);
        } else if (strcmp(name, "filename") == 0) {
            memcpy(head->filename, value, strlen(value) + 1);
            drop_folders(head->filename);
        }
    }
    return named && *rest == '\0';
}

static bool read_type(struct tp_part_head *head, const char *text)
{
    size_t length = strcspn(text, "; \t");

    if (length > TP_PART_NAME_MAX)
        return false;
    for (size_t i = 0; i < length; i++)
        head->type[i] = (char)tolower((unsigned char)text[i]);
    head->type[length] = '\0';
    return true;
}

/* The value of a header line of this name, or NULL. */
static const char *header_value(const char *line, const char *name)
{
    size_t length = strlen(name);

    return strncasecmp(line, name, length) == 0 && line[length] == ':'
               ? skip_space(line + length + 1)
               : NULL;
}

/* The headers are complete, each line ended by CRLF, without the empty line. */
static bool begin_part(struct tp_multipart *reader, struct tp_error *error)
{
    struct tp_part_head head = {.name = ""};
    bool disposed = false;
    char *line = reader->headers;
    char *end = reader->headers + reader->headers_length;

    if (!tp_is_text(reader->headers, reader->headers_length))
        return invalid(reader, error, "a header is not text");
    while (line < end) {
        char *stop = strstr(line, "\r\n");
        const char *value;

        *stop = '\0';
        if (strpbrk(line, "\r\n"))
            return invalid(reader, error, "a header line does not end in CR LF");
        if ((value = header_value(line, "Content-Disposition"))) {
            if (disposed || !read_disposition(&head, value))
                return invalid(reader, error, "a part without a clear name");
            disposed = true;
        } else if ((value = header_value(line, "Content-Type"))) {
            if (!read_type(&head, value))
                return invalid(reader, error, "a part's type is too long");
        } else if ((value = header_value(line, "Content-Transfer-Encoding")) &&
                   strcasecmp(value, "binary") != 0 && strcasecmp(value, "8bit") != 0 &&
                   strcasecmp(value, "7bit") != 0) {
            return invalid(reader, error, "a part is encoded; send it as it is");
        }
        line = stop + 2;
    }
    if (!disposed)
        return invalid(reader, error, "a part without a name");
    if (++reader->parts > TP_PARTS_MAX)
        return invalid(reader, error, "too many parts");
    reader->headers_length = 0;
    reader->state = TP_MULTIPART_BODY;
    reader->matched = 0;
    return reader->sink.begin(reader->sink.context, &head, error);
}

/* Takes bytes up to the end of a line, or all; sets *used to how many. An empty line ends the
 * headers. */
static bool header_bytes(struct tp_multipart *reader, const char *bytes, size_t count, size_t *used,
                         struct tp_error *error)
{
    const char *line_end = memchr(bytes, '\n', count);
    char *headers = reader->headers;
    size_t length;

    *used = line_end ? (size_t)(line_end - bytes) + 1 : count;
    if (*used >= TP_PART_HEADERS_MAX - reader->headers_length)
        return invalid(reader, error, "a part's headers are too long");
    memcpy(headers + reader->headers_length, bytes, *used);
    length = reader->headers_length + *used;
    reader->headers_length = length;
    if (length == 2 && memcmp(headers, "\r\n", 2) == 0)
        reader->headers_length = 0;
    else if (length >= 4 && memcmp(headers + length - 4, "\r\n\r\n", 4) == 0)
        reader->headers_length -= 2;
    else
        return true;
    headers[reader->headers_length] = '\0';
    return begin_part(reader, error);
}

/* After a delimiter: CR LF opens a part, "--" ends the message; blanks before CR LF are padding. */
static bool after_byte(struct tp_multipart *reader, char c, struct tp_error *error)
{
    if (reader->after_length == 0 && (c == ' ' || c == '\t'))
        return true;
    reader->after[reader->after_length++] = c;
    if (reader->after_length < 2)
        return true;
    reader->after_length = 0;
    if (memcmp(reader->after, "--", 2) == 0) {
        reader->state = TP_MULTIPART_EPILOGUE;
        return true;
    }
    if (memcmp(reader->after, "\r\n", 2) != 0)
        return invalid(reader, error, "a boundary is followed by something else");
    reader->state = TP_MULTIPART_HEADERS;
    reader->headers_length = 0;
    return true;
}

static bool give(struct tp_multipart *reader, const char *bytes, size_t count,
                 struct tp_error *error)
{
    if (count == 0 || reader->state != TP_MULTIPART_BODY)
        return true;
    return reader->sink.data(reader->sink.context, bytes, count, error);
}

/* Looks for the delimiter, in the preamble and in a part. Sets *used to the bytes it took; they end
 * at a delimiter or at the end of the bytes. CR stands only at the delimiter's start, so after a
 * mismatch a new match can only begin at the byte that did not fit. */
static bool scan(struct tp_multipart *reader, const char *bytes, size_t count, size_t *used,
                 struct tp_error *error)
{
    size_t start = 0; /* of what is not yet handed on */
    size_t i = 0;

    while (i < count) {
        if (bytes[i] == reader->delimiter[reader->matched]) {
            if (reader->matched == 0 && !give(reader, bytes + start, i - start, error))
                return false;
            i++;
            if (++reader->matched < reader->delimiter_length)
                continue;
            *used = i;
            reader->matched = 0;
            if (reader->state == TP_MULTIPART_BODY &&
                !reader->sink.end(reader->sink.context, error))
                return false;
            reader->state = TP_MULTIPART_AFTER_DELIMITER;
            return true;
        }
        if (reader->matched > 0) {
            size_t held = reader->matched;

            /* What was held back was content after all. */
            reader->matched = 0;
            start = i;
            if (!give(reader, reader->delimiter, held, error))
                return false;
            continue;
        }
        /* Nothing held: jump to the next CR. */
        {
            const char *next = memchr(bytes + i, '\r', count - i);

            i = next ? (size_t)(next - bytes) : count;
        }
    }
    *used = count;
    return reader->matched > 0 || give(reader, bytes + start, count - start, error);
}

bool tp_multipart_feed(struct tp_multipart *reader, const void *bytes, size_t count,
                       struct tp_error *error)
{
    const char *p = bytes;

    while (count) {
        size_t used = 1;
        bool ok = true;

        switch (reader->state) {
        case TP_MULTIPART_PREAMBLE:
        case TP_MULTIPART_BODY:
            ok = scan(reader, p, count, &used, error);
            break;
        case TP_MULTIPART_AFTER_DELIMITER:
            ok = after_byte(reader, *p, error);
            break;
        case TP_MULTIPART_HEADERS:
            ok = header_bytes(reader, p, count, &used, error);
            break;
        case TP_MULTIPART_EPILOGUE:
            return true;
        case TP_MULTIPART_FAILED:
            return tp_fail(error, TP_ERR_INVALID, "multipart message: failed before");
        }
        if (!ok) {
            reader->state = TP_MULTIPART_FAILED;
            return false;
        }
        p += used;
        count -= used;
    }
    return true;
}

bool tp_multipart_finish(struct tp_multipart *reader, struct tp_error *error)
{
    return reader->state == TP_MULTIPART_EPILOGUE ||
           invalid(reader, error, "it ends before its last boundary");
}
