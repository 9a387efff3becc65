#include "central/http/exchange.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"

void tp_exchange_init(struct tp_exchange *exchange)
{
    memset(exchange, 0, sizeof(*exchange));
    tp_buf_init(&exchange->body, 0);
    tp_buf_init(&exchange->response.body, TP_RESPONSE_MAX);
    exchange->remote = "";
}

static void finish_response(struct tp_response *response)
{
    tp_buf_finish(&response->body);
    for (size_t i = 0; i < response->header_count; i++)
        tp_free_secret(response->headers[i].value);
    response->header_count = 0;
    if (response->stream.close)
        response->stream.close(response->stream.context);
    response->stream = (struct tp_stream){.fill = NULL};
    response->type = NULL;
}

void tp_exchange_finish(struct tp_exchange *exchange)
{
    if (exchange->free_state)
        exchange->free_state(exchange->state);
    for (size_t i = 0; i < exchange->part_count; i++)
        tp_buf_finish(&exchange->parts[i].bytes);
    tp_free(exchange->parts);
    tp_fields_finish(&exchange->fields);
    tp_buf_finish(&exchange->body);
    tp_path_finish(&exchange->path);
    tp_free_secret(exchange->target);
    finish_response(&exchange->response);
    tp_wipe(exchange, sizeof(*exchange));
}

const char *tp_exchange_header(const struct tp_exchange *exchange, const char *name)
{
    return exchange->header ? exchange->header(exchange, name) : NULL;
}

const struct tp_part *tp_exchange_part(const struct tp_exchange *exchange, const char *name)
{
    for (size_t i = 0; i < exchange->part_count; i++) {
        if (strcmp(exchange->parts[i].head.name, name) == 0)
            return &exchange->parts[i];
    }
    return NULL;
}

const char *tp_exchange_field(const struct tp_exchange *exchange, const char *name)
{
    const char *value = tp_fields_get(&exchange->fields, name);
    const struct tp_part *part;

    if (value)
        return value;
    part = tp_exchange_part(exchange, name);
    if (!part || *part->head.filename || !tp_is_text(tp_buf_text(&part->bytes), part->bytes.length))
        return NULL;
    return tp_buf_text(&part->bytes);
}

bool tp_exchange_query(const struct tp_exchange *exchange, const char *name, char *value,
                       size_t size)
{
    const char *query = tp_target_query(exchange->target ? exchange->target : "");
    struct tp_fields fields;
    const char *found;
    bool fits;

    if (!tp_fields_parse(query, strlen(query), &fields))
        return false;
    found = tp_fields_get(&fields, name);
    fits = found && strlen(found) < size;
    if (fits)
        memcpy(value, found, strlen(found) + 1);
    tp_fields_finish(&fields);
    return fits;
}

void tp_respond(struct tp_exchange *exchange, int status, const char *type)
{
    struct tp_response *response = &exchange->response;

    finish_response(response);
    tp_buf_init(&response->body, TP_RESPONSE_MAX);
    response->status = status;
    response->type = type;
}

void tp_respond_header(struct tp_exchange *exchange, const char *name, const char *format, ...)
{
    struct tp_response *response = &exchange->response;
    struct tp_buf value;
    va_list args;
    char text[1024];

    if (response->header_count == TP_HEADERS_MAX)
        return;
    va_start(args, format);
    (void)vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    /* Whatever came in, a header stays one header. */
    if (strpbrk(text, "\r\n"))
        return;
    tp_buf_init(&value, sizeof(text));
    (void)tp_buf_puts(&value, text);
    tp_wipe(text, sizeof(text));
    response->headers[response->header_count].name = name;
    response->headers[response->header_count].value = tp_buf_take(&value);
    if (response->headers[response->header_count].value)
        response->header_count++;
}

void tp_respond_text(struct tp_exchange *exchange, int status, const char *format, ...)
{
    char text[TP_ERROR_TEXT_MAX];
    va_list args;

    va_start(args, format);
    (void)vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    tp_respond(exchange, status, "text/plain; charset=utf-8");
    (void)tp_buf_puts(&exchange->response.body, text);
    (void)tp_buf_putc(&exchange->response.body, '\n');
}

void tp_respond_see_other(struct tp_exchange *exchange, const char *where)
{
    tp_respond(exchange, 303, NULL);
    tp_respond_header(exchange, "Location", "%s", where);
}
