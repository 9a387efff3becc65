/*
 * Whole requests, to every address, as an administrator and as a screen: the request line, headers,
 * a blank line, the body. "Authorization: D" stands for the screen's token, "Cookie: S" for the
 * administrator's session, and token=T in the body for the form's token. Passwords are left out:
 * their hash takes a tenth of a second.
 */
#include "central/data/devices.h"
#include "central/data/forms.h"
#include "central/data/people.h"
#include "central/http/access.h"
#include "fuzz/central/store.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define SESSION "a-session-of-forty-three-characters-exactly"
#define TOKEN "a-token-of-forty-three-characters-not-fewer"
#define HEADERS_MAX 16

static struct {
    char *name;
    const char *value;
} headers[HEADERS_MAX];
static size_t header_count;

static bool fill(struct tp_sql *db, void *context, struct tp_error *error)
{
    static const char form[] = "<h:html xmlns:h=\"http://www.w3.org/1999/xhtml\"/>";
    unsigned char session[TP_SHA256_BYTES];
    unsigned char token[TP_SHA256_BYTES];
    enum tp_publish_result published;
    enum tp_person_result added;
    struct tp_package package;
    int64_t now_ms = tp_clock_wall_ms(&central.clock);
    bool ok;

    (void)context;
    tp_token_digest(SESSION, session);
    tp_token_digest(TOKEN, token);
    tp_package_init(&package);
    (void)snprintf(package.id, sizeof(package.id), "hours");
    (void)tp_buf_puts(&package.xml, form);
    ok = tp_forms_publish(db, &package, now_ms, &published, error) &&
         tp_person_add(db, "admin", "x", TP_ROLE_ADMINISTRATOR, now_ms, &added, error) &&
         tp_sql_run(db,
                    "INSERT INTO session (token_sha256, person, created_ms, seen_ms) "
                    "VALUES (?1, 1, ?2, ?2)",
                    TP_VALUES(tp_blob(session, sizeof(session)), tp_int(now_ms)), NULL, error) &&
         tp_sql_run(db,
                    "INSERT INTO device (id, name, token_sha256, created_ms, confirmed_ms) "
                    "VALUES ('uuid:1', 'Screen', ?1, 1, 1)",
                    TP_VALUES(tp_blob(token, sizeof(token))), NULL, error);
    tp_package_finish(&package);
    return ok;
}

static const char *find_header(const struct tp_exchange *exchange, const char *name)
{
    (void)exchange;
    for (size_t i = 0; i < header_count; i++) {
        if (strcasecmp(headers[i].name, name) != 0)
            continue;
        if (strcmp(headers[i].value, "D") == 0)
            return "Bearer " TOKEN;
        return strcmp(headers[i].value, "S") == 0 ? "talkpoint=" SESSION : headers[i].value;
    }
    return strcmp(name, "Host") == 0 ? "127.0.0.1" : NULL;
}

/* Cuts a line off, at its end or at the end of the text. */
static char *take_line(char **text)
{
    char *line = *text;
    size_t length = strcspn(line, "\n");

    *text = line + length + (line[length] == '\n');
    line[length] = '\0';
    if (length && line[length - 1] == '\r')
        line[length - 1] = '\0';
    return line;
}

static void read_headers(char **text)
{
    header_count = 0;
    for (;;) {
        char *line = take_line(text);
        char *colon = strchr(line, ':');

        if (!colon || header_count == HEADERS_MAX)
            return;
        *colon = '\0';
        headers[header_count].name = line;
        headers[header_count].value = colon + 1 + strspn(colon + 1, " ");
        header_count++;
    }
}

static bool takes_passwords(const struct tp_exchange *exchange)
{
    return exchange->method == TP_POST && (strncmp(exchange->target, "/sign-in", 8) == 0 ||
                                           strncmp(exchange->target, "/people", 7) == 0);
}

static void run(struct tp_exchange *exchange, const char *body, size_t length)
{
    struct tp_exchange named = {.person = 0};
    char token[TP_TOKEN_TEXT_MAX];
    struct tp_buf whole;

    tp_buf_init(&whole, 4u * 1024u * 1024u);
    if (length >= 7 && memcmp(body, "token=T", 7) == 0) {
        (void)snprintf(named.session, sizeof(named.session), "%s", SESSION);
        tp_access_form_token(&named, token);
        (void)tp_buf_printf(&whole, "token=%s", token);
        body += 7;
        length -= 7;
    }
    (void)tp_buf_add(&whole, body, length);
    tp_app_run(&central, exchange, tp_buf_text(&whole), whole.length);
    tp_buf_finish(&whole);
    if (exchange->response.status < 200 || exchange->response.status > 503)
        abort();
    if (strstr(tp_buf_text(&exchange->response.body), "<script"))
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static bool made;
    struct tp_exchange exchange;
    char *text = tp_strndup((const char *)data, size);
    char *at = text;
    char *line;
    size_t before;

    if (!text)
        return 0;
    if (!made) {
        make_store();
        if (!tp_committer_run(central.committer, fill, NULL, NULL))
            abort();
    }
    made = true;
    line = take_line(&at);
    read_headers(&at);
    before = (size_t)(at - text);
    tp_exchange_init(&exchange);
    exchange.method = strncmp(line, "POST ", 5) == 0   ? TP_POST
                      : strncmp(line, "HEAD ", 5) == 0 ? TP_HEAD
                      : strncmp(line, "GET ", 4) == 0  ? TP_GET
                                                       : TP_OTHER_METHOD;
    line = strchr(line, ' ');
    exchange.target = tp_strdup(line ? line + 1 : "/");
    exchange.header = find_header;
    exchange.started_wall_ms = tp_clock_wall_ms(&central.clock);
    if (!takes_passwords(&exchange))
        run(&exchange, (const char *)data + before, size - before);
    tp_exchange_finish(&exchange);
    tp_free(text);
    return 0;
}
