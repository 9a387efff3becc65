/*
 * Whole requests, to every address, as people of every role and as a screen, one after the other on
 * one store: the request line, headers, a blank line, the body; the next after a line "%%".
 * "Authorization: D" stands for the screen's token, "Cookie: S", "O" and "V" for the session of an
 * administrator, an officer and a viewer, and token=T in the body for the form's token. What a
 * request took away is there again for the next input. New passwords are left out: their hash takes
 * a tenth of a second. With TP_FUZZ_ROUTES set it fails at its end unless every route was got into.
 */
#include "central/data/devices.h"
#include "central/data/forms.h"
#include "central/data/people.h"
#include "central/http/access.h"
#include "fuzz/central/store.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define TOKEN "a-token-of-forty-three-characters-not-fewer"
#define HEADERS_MAX 16
#define ROUTES_MAX 128
/* Those that hash one are tested elsewhere (unit/central/pages_test). */
#define PASSWORD_ROUTES 3
#define PARTING "\n%%\n"

/* By role; the cookie's one letter stands for it. */
static const struct {
    char letter;
    const char *role;
    const char *session;
} people[] = {
    {'S', "administrator", "a-session-of-forty-three-characters-exactly"},
    {'O', "officer", "the-officers-session-of-forty-three-letters"},
    {'V', "viewer", "the-viewers-session-of-forty-three-letters!"},
};
#define PEOPLE (sizeof(people) / sizeof(people[0]))

static struct {
    char *name;
    const char *value;
} headers[HEADERS_MAX];
static size_t header_count;
static char cookie[64];

/* Requests that a route's handler answered, and those of them that did what was asked. */
static struct {
    unsigned long got_in, done;
} routes[ROUTES_MAX];

/* ---- what there is ---- */

static bool publish(struct tp_sql *db, int64_t now_ms, struct tp_error *error)
{
    static const char form[] =
        "<h:html xmlns:h=\"http://www.w3.org/1999/xhtml\" xmlns=\"http://www.w3.org/2002/xforms\">"
        "<h:head><h:title>Hours</h:title><model><instance><data id=\"hours\" version=\"1\"><open/>"
        "<meta><instanceID/></meta></data></instance><bind nodeset=\"/data/open\" type=\"string\"/>"
        "</model></h:head><h:body><input ref=\"/data/open\"><label>Open?</label></input></h:body>"
        "</h:html>";
    enum tp_publish_result published;
    struct tp_package_file *file;
    struct tp_package package;
    bool ok;

    tp_package_init(&package);
    (void)snprintf(package.id, sizeof(package.id), "hours");
    (void)snprintf(package.version, sizeof(package.version), "1");
    (void)snprintf(package.title, sizeof(package.title), "Hours");
    (void)snprintf(package.kind, sizeof(package.kind), "consultation");
    (void)tp_buf_puts(&package.xml, form);
    file = tp_package_add(&package, "consultation.json");
    ok = file && tp_buf_puts(&file->bytes, "{}") &&
         tp_forms_publish(db, &package, now_ms, &published, error);
    tp_package_finish(&package);
    return ok;
}

static bool put_person(struct tp_sql *db, size_t i, int64_t now_ms, struct tp_error *error)
{
    unsigned char session[TP_SHA256_BYTES];

    tp_token_digest(people[i].session, session);
    return tp_sql_run(db,
                      "INSERT INTO person (id, name, password_hash, created_ms, changed_ms, role) "
                      "VALUES (?1, ?2, 'x', 1, 1, ?2) ON CONFLICT (id) DO UPDATE SET "
                      "role = excluded.role, name = excluded.name",
                      TP_VALUES(tp_int((int64_t)i + 1), tp_str(people[i].role)), NULL, error) &&
           tp_sql_run(
               db,
               "INSERT INTO session (token_sha256, person, created_ms, seen_ms) "
               "VALUES (?1, ?2, ?3, ?3) ON CONFLICT (token_sha256) DO UPDATE SET "
               "created_ms = ?3, seen_ms = ?3",
               TP_VALUES(tp_blob(session, sizeof(session)), tp_int((int64_t)i + 1), tp_int(now_ms)),
               NULL, error);
}

/* What a request may have taken away or changed: people, the screen, a code, what waits for a
 * decision, a notice. */
static bool fill(struct tp_sql *db, void *context, struct tp_error *error)
{
    static const char bytes[TP_SHA256_BYTES] = "bytes";
    const struct tp_value blob = tp_blob(bytes, sizeof(bytes));
    int64_t now_ms = tp_clock_wall_ms(&central.clock);
    unsigned char token[TP_SHA256_BYTES];
    bool ok = *(bool *)context || publish(db, now_ms, error);

    tp_token_digest(TOKEN, token);
    for (size_t i = 0; ok && i < PEOPLE; i++)
        ok = put_person(db, i, now_ms, error);
    return ok &&
           tp_sql_run(db,
                      "INSERT INTO device (id, name, token_sha256, created_ms, confirmed_ms) "
                      "VALUES ('uuid:1', 'Screen', ?1, 1, 1) ON CONFLICT (id) DO UPDATE SET "
                      "token_sha256 = ?1, revoked_ms = NULL",
                      TP_VALUES(tp_blob(token, sizeof(token))), NULL, error) &&
           tp_sql_run(db,
                      "INSERT INTO enrolment (id, code, secret_sha256, name, version, state, "
                      "created_ms) VALUES (1, 'K7QM-4TXB', ?1, 'New', '1', 'waiting', ?2) "
                      "ON CONFLICT (id) DO UPDATE SET state = 'waiting', created_ms = ?2, "
                      "device = NULL",
                      TP_VALUES(blob, tp_int(now_ms)), NULL, error) &&
           tp_sql_run(db,
                      "INSERT INTO received (seq, instance_id, sha256, received_ms) "
                      "VALUES (1, 'uuid:q', ?1, 1) ON CONFLICT DO NOTHING",
                      TP_VALUES(blob), NULL, error) &&
           tp_sql_run(db,
                      "INSERT INTO submission (seq, instance_id, form, version, device, "
                      "received_ms, late, sealed) VALUES (1, 'uuid:q', 'hours', '1', 'uuid:1', 1, "
                      "0, ?1) ON CONFLICT DO NOTHING",
                      TP_VALUES(blob), NULL, error) &&
           tp_sql_run(db,
                      "INSERT INTO quarantine (id, instance_id, part, form, version, device, "
                      "received_ms, sha256, sealed) VALUES (1, 'uuid:q', '', 'hours', '1', "
                      "'uuid:1', 1, ?1, ?1) ON CONFLICT DO NOTHING",
                      TP_VALUES(blob), NULL, error) &&
           tp_sql_run(db,
                      "INSERT INTO notice (id, state, kind, survey, from_day, until_day, "
                      "changed_ms) VALUES (1, 'draft', 'news', '', '2026-01-01', '2036-01-01', 1) "
                      "ON CONFLICT DO NOTHING",
                      TP_NO_VALUES, NULL, error) &&
           tp_sql_run(db,
                      "INSERT INTO notice_words (notice, tag, title, body, pictures) VALUES "
                      "(1, 'en', 'News', 'Words', '') ON CONFLICT DO NOTHING",
                      TP_NO_VALUES, NULL, error);
}

/* ---- a request ---- */

static const char *find_header(const struct tp_exchange *exchange, const char *name)
{
    (void)exchange;
    for (size_t i = 0; i < header_count; i++) {
        if (strcasecmp(headers[i].name, name) != 0)
            continue;
        if (strcmp(headers[i].value, "D") == 0)
            return "Bearer " TOKEN;
        for (size_t k = 0; strcasecmp(name, "Cookie") == 0 && k < PEOPLE; k++) {
            if (headers[i].value[0] != people[k].letter || headers[i].value[1])
                continue;
            (void)snprintf(cookie, sizeof(cookie), "talkpoint=%s", people[k].session);
            return cookie;
        }
        return headers[i].value;
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

static bool hashes(const struct tp_exchange *exchange)
{
    return exchange->method == TP_POST && (strncmp(exchange->target, "/sign-in", 8) == 0 ||
                                           strncmp(exchange->target, "/people/add", 11) == 0 ||
                                           strncmp(exchange->target, "/people/password", 16) == 0);
}

/* A download is made while it is sent. */
static void drain(struct tp_exchange *exchange)
{
    struct tp_stream *stream = &exchange->response.stream;
    bool end = !stream->fill;

    while (!end) {
        struct tp_buf piece;
        bool ok;

        tp_buf_init(&piece, 16u * 1024u * 1024u);
        ok = stream->fill(stream->context, &piece, &end);
        if (ok && !end && piece.length == 0)
            abort();
        tp_buf_finish(&piece);
        end = end || !ok;
    }
}

static void count(const struct tp_exchange *exchange)
{
    size_t index = exchange->route ? (size_t)(exchange->route - tp_routes) : ROUTES_MAX;
    int status = exchange->response.status;

    /* 303 to the sign-in page, 401, 403: nobody was let in. */
    if (index >= ROUTES_MAX || status == 401 || status == 403 ||
        (exchange->route->access >= TP_VIEWER && !exchange->person))
        return;
    routes[index].got_in++;
    routes[index].done += status < 400;
}

static void tell(void)
{
    unsigned long all = 0, got_in = 0, done = 0;

    for (const struct tp_route *route = tp_routes; route->pattern; route++) {
        size_t index = (size_t)(route - tp_routes);

        all++;
        got_in += routes[index].got_in > 0;
        done += routes[index].done > 0;
        if (!routes[index].done)
            (void)fprintf(stderr, "%s: %s %s\n",
                          routes[index].got_in ? "only refused" : "not got into",
                          route->method == TP_POST ? "POST" : "GET", route->pattern);
    }
    (void)fprintf(stderr, "routes: %lu, %lu got into, %lu did what was asked\n", all, got_in, done);
    if (getenv("TP_FUZZ_ROUTES") && got_in + PASSWORD_ROUTES < all)
        _exit(1);
}

/* The body with the form's token in the place of the T of token=T, or of a part called token. */
static void put_token(const char *body, size_t length, struct tp_buf *whole)
{
    static const char *const marks[] = {"token=T", "name=\"token\"\r\n\r\nT"};
    const char *session = find_header(NULL, "Cookie");
    struct tp_exchange named = {.person = 0};
    char token[TP_TOKEN_TEXT_MAX];

    for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++) {
        size_t mark = strlen(marks[i]);
        const char *at = memmem(body, length, marks[i], mark);

        if (!at)
            continue;
        (void)snprintf(named.session, sizeof(named.session), "%s",
                       session && strchr(session, '=') ? strchr(session, '=') + 1 : "");
        tp_access_form_token(&named, token);
        (void)tp_buf_add(whole, body, (size_t)(at - body) + mark - 1);
        (void)tp_buf_puts(whole, token);
        length -= (size_t)(at - body) + mark;
        body = at + mark;
        break;
    }
    (void)tp_buf_add(whole, body, length);
}

static void run(struct tp_exchange *exchange, const char *body, size_t length)
{
    struct tp_buf whole;

    tp_buf_init(&whole, 4u * 1024u * 1024u);
    put_token(body, length, &whole);
    tp_app_run(&central, exchange, tp_buf_text(&whole), whole.length);
    tp_buf_finish(&whole);
    count(exchange);
    drain(exchange);
    /* 500 is for what should never be. */
    if (exchange->response.status < 200 || exchange->response.status > 503 ||
        exchange->response.status == 500)
        abort();
    if (strstr(tp_buf_text(&exchange->response.body), "<script"))
        abort();
}

static void one_request(const char *data, size_t size)
{
    struct tp_exchange exchange;
    char *text = tp_strndup(data, size);
    char *at = text;
    char *line;
    size_t before;

    if (!text)
        return;
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
    exchange.remote = "127.0.0.1";
    exchange.header = find_header;
    exchange.started_wall_ms = tp_clock_wall_ms(&central.clock);
    if (!hashes(&exchange))
        run(&exchange, data + before, size - before);
    tp_exchange_finish(&exchange);
    tp_free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static bool made;
    const char *at = (const char *)data;
    const char *end = at + size;

    if (!made) {
        make_store();
        (void)atexit(tell);
    }
    if (!tp_committer_run(central.committer, fill, &made, NULL))
        abort();
    made = true;
    while (at < end) {
        const char *parting = memmem(at, (size_t)(end - at), PARTING, sizeof(PARTING) - 1);
        const char *stop = parting ? parting : end;

        one_request(at, (size_t)(stop - at));
        at = parting ? parting + sizeof(PARTING) - 1 : end;
    }
    return 0;
}
