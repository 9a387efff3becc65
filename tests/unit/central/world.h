/*
 * A store of its own for a test: a folder, keys, a database, a fake clock, seeded randomness, one
 * published form and one enrolled screen; and requests without a network. Header only: each test is
 * one program.
 */
#ifndef TP_TEST_CENTRAL_WORLD_H
#define TP_TEST_CENTRAL_WORLD_H

#include "tp_test.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/mem.h"
#include "central/data/devices.h"
#include "central/data/forms.h"
#include "central/data/people.h"
#include "central/data/submissions.h"
#include "central/http/access.h"
#include "central/http/app.h"
#include "form/xml.h"
#include "unit/central/databases.h"

/* 2026-11-23T09:41:07.123Z, a Monday. */
#define WORLD_NOW 1795426867123LL
#define WORLD_PASSWORD "correct horse battery"

struct world {
    char folder[64];
    struct tp_clock_fake time;
    uint64_t seed;
    struct tp_central central;
    char device[TP_DEVICE_ID_MAX];
    char token[TP_BASE64_MAX(32)];
    char cookie[64];
    const char *remote; /* the peer of requests that name none; NULL: one elsewhere */
};

static const char world_form[] =
    "<h:html xmlns:h=\"http://www.w3.org/1999/xhtml\" xmlns=\"http://www.w3.org/2002/xforms\" "
    "xmlns:jr=\"http://openrosa.org/javarosa\"><h:head><h:title>Hours</h:title><model><itext>"
    "<translation lang=\"English (en)\" default=\"true()\">"
    "<text id=\"l:yes\"><value>Yes, please</value></text>"
    "<text id=\"l:no\"><value>No</value></text>"
    "<text id=\"q:open\"><value>Open on Sundays?</value></text></translation>"
    "<translation lang=\"Polish (pl)\"><text id=\"l:yes\"><value>Tak</value></text>"
    "<text id=\"l:no\"><value>Nie</value></text>"
    "<text id=\"q:open\"><value>Otwarte w niedziele?</value></text></translation></itext>"
    "<instance><data id=\"hours\" version=\"1\"><start/><note/><open/><why/><kinds/>"
    "<about><age/></about><meta><instanceID/></meta></data></instance>"
    "<instance id=\"kinds\"><root><item><name>books</name><label>Books</label></item>"
    "<item><name>films</name><label>Films, discs</label></item></root></instance>"
    "<bind nodeset=\"/data/start\" type=\"dateTime\" jr:preload=\"timestamp\"/>"
    "<bind nodeset=\"/data/note\" type=\"string\" readonly=\"true()\"/>"
    "<bind nodeset=\"/data/open\" type=\"string\"/><bind nodeset=\"/data/why\" type=\"string\"/>"
    "<bind nodeset=\"/data/kinds\" type=\"string\"/>"
    "<bind nodeset=\"/data/about/age\" type=\"int\"/></model></h:head><h:body>"
    "<input ref=\"/data/note\"><label>Hello</label></input>"
    "<select1 ref=\"/data/open\"><label ref=\"jr:itext('q:open')\"/>"
    "<item><label ref=\"jr:itext('l:yes')\"/><value>yes</value></item>"
    "<item><label ref=\"jr:itext('l:no')\"/><value>no</value></item></select1>"
    "<input ref=\"/data/why\"><label>Why?</label></input>"
    "<select ref=\"/data/kinds\"><label>What kinds?</label>"
    "<itemset nodeset=\"instance('kinds')/root/item\"><value ref=\"name\"/>"
    "<label ref=\"label\"/></itemset></select>"
    "<group ref=\"/data/about\"><input ref=\"/data/about/age\"><label>Age</label></input></group>"
    "</h:body></h:html>";

/* Publishes a form as it stands; `kind` "consultation", "equality"... */
static inline void world_publish(struct world *world, const char *id, const char *version,
                                 const char *kind, const char *xml, enum tp_publish_result *result);

struct world_publishing {
    struct tp_package package;
    int64_t now_ms;
    enum tp_publish_result result;
};

static inline bool world_run_publish(struct tp_sql *db, void *context, struct tp_error *error)
{
    struct world_publishing *publishing = context;

    return tp_forms_publish(db, &publishing->package, publishing->now_ms, &publishing->result,
                            error);
}

static inline void world_publish(struct world *world, const char *id, const char *version,
                                 const char *kind, const char *xml, enum tp_publish_result *result)
{
    struct world_publishing publishing = {.now_ms = world->time.wall};
    struct tp_package *package = &publishing.package;
    struct tp_package_file *file;

    tp_package_init(package);
    (void)snprintf(package->id, sizeof(package->id), "%s", id);
    (void)snprintf(package->version, sizeof(package->version), "%s", version);
    (void)snprintf(package->title, sizeof(package->title), "Title of %s", id);
    (void)snprintf(package->kind, sizeof(package->kind), "%s", kind);
    assert_true(tp_buf_puts(&package->xml, xml));
    file = tp_package_add(package, "consultation.json");
    assert_non_null(file);
    assert_true(tp_buf_puts(&file->bytes, "{}"));
    assert_true(tp_committer_run(world->central.committer, world_run_publish, &publishing, NULL));
    if (result)
        *result = publishing.result;
    tp_package_finish(package);
}

/* ---- requests ---- */

struct world_request {
    const char *method; /* "GET" */
    const char *target;
    const char *type; /* Content-Type */
    const void *body;
    size_t length;
    bool with_token;   /* of the enrolled screen */
    const char *token; /* another */
    bool no_version;   /* leave X-OpenRosa-Version out */
    bool with_cookie;
    const char *host;
    const char *proto;
    const char *accept;
    const char *authorization; /* the whole header, in place of a token */
    const char *forwarded;     /* X-Forwarded-For */
    const char *remote;        /* the peer; NULL: the world's */
    const char *match;         /* If-None-Match */
    const char *given_on;      /* X-Talkpoint-Given-On */
    const char *receipt;       /* X-Talkpoint-Receipt */
};

struct world_headers {
    const struct world_request *request;
    char authorization[512];
    char cookie[128];
    char length[32];
};

static inline const char *world_header(const struct tp_exchange *exchange, const char *name)
{
    const struct world_headers *headers = exchange->source;
    const struct world_request *request = headers->request;

    if (strcmp(name, "Authorization") == 0)
        return *headers->authorization ? headers->authorization : NULL;
    if (strcmp(name, "Cookie") == 0)
        return *headers->cookie ? headers->cookie : NULL;
    if (strcmp(name, "Content-Type") == 0)
        return request->type;
    if (strcmp(name, "Content-Length") == 0)
        return headers->length;
    if (strcmp(name, "X-OpenRosa-Version") == 0)
        return request->no_version ? NULL : "1.0";
    if (strcmp(name, "Host") == 0)
        return request->host ? request->host : "127.0.0.1:8080";
    if (strcmp(name, "X-Forwarded-Proto") == 0)
        return request->proto;
    if (strcmp(name, "X-Forwarded-For") == 0)
        return request->forwarded;
    if (strcmp(name, "Accept") == 0)
        return request->accept;
    if (strcmp(name, "X-Talkpoint-Given-On") == 0)
        return request->given_on;
    if (strcmp(name, "If-None-Match") == 0)
        return request->match;
    if (strcmp(name, "X-Talkpoint-Receipt") == 0)
        return request->receipt;
    return NULL;
}

static inline const char *world_response_header(const struct tp_exchange *exchange,
                                                const char *name)
{
    for (size_t i = 0; i < exchange->response.header_count; i++) {
        if (strcmp(exchange->response.headers[i].name, name) == 0)
            return exchange->response.headers[i].value;
    }
    return NULL;
}

static inline const char *world_body(const struct tp_exchange *exchange)
{
    return tp_buf_text(&exchange->response.body);
}

/* Runs a request to its response; a new session cookie is kept. The caller finishes `exchange`. */
static inline int world_ask(struct world *world, const struct world_request *request,
                            struct tp_exchange *exchange)
{
    static struct world_headers headers;
    const char *set;

    headers = (struct world_headers){.request = request};
    if (request->with_token || request->token)
        (void)snprintf(headers.authorization, sizeof(headers.authorization), "Bearer %s",
                       request->token ? request->token : world->token);
    if (request->authorization)
        (void)snprintf(headers.authorization, sizeof(headers.authorization), "%s",
                       request->authorization);
    if (request->with_cookie)
        (void)snprintf(headers.cookie, sizeof(headers.cookie), "other=1; %stalkpoint=%s",
                       request->proto ? "__Host-" : "", world->cookie);
    (void)snprintf(headers.length, sizeof(headers.length), "%zu", request->length);
    tp_exchange_init(exchange);
    exchange->method = strcmp(request->method, "GET") == 0    ? TP_GET
                       : strcmp(request->method, "HEAD") == 0 ? TP_HEAD
                       : strcmp(request->method, "POST") == 0 ? TP_POST
                                                              : TP_OTHER_METHOD;
    exchange->target = tp_strdup(request->target);
    exchange->header = world_header;
    exchange->source = &headers;
    exchange->remote = request->remote ? request->remote
                       : world->remote ? world->remote
                                       : "192.0.2.7";
    exchange->started_wall_ms = world->time.wall;
    tp_app_run(&world->central, exchange, request->body, request->length);
    set = world_response_header(exchange, "Set-Cookie");
    if (set && strchr(set, '='))
        (void)snprintf(world->cookie, sizeof(world->cookie), "%.*s",
                       (int)strcspn(strchr(set, '=') + 1, ";"), strchr(set, '=') + 1);
    return exchange->response.status;
}

/* The same where only the status matters. */
static inline int world_status(struct world *world, const struct world_request *request)
{
    struct tp_exchange exchange;
    int status = world_ask(world, request, &exchange);

    tp_exchange_finish(&exchange);
    return status;
}

/* GETs a page as a browser does, with the session's cookie. */
static inline int world_get(struct world *world, const char *target, struct tp_exchange *exchange)
{
    return world_ask(
        world,
        &(struct world_request){
            .method = "GET", .target = target, .with_cookie = true, .accept = "text/html"},
        exchange);
}

static inline int world_get_status(struct world *world, const char *target)
{
    struct tp_exchange exchange;
    int status = world_get(world, target, &exchange);

    tp_exchange_finish(&exchange);
    return status;
}

/* POSTs fields as a browser does, with the session's token where `token`. */
static inline int world_post(struct world *world, const char *target, const char *fields,
                             bool token, struct tp_exchange *exchange)
{
    struct tp_exchange named = {.person = 0};
    struct world_request request = {.method = "POST",
                                    .target = target,
                                    .type = "application/x-www-form-urlencoded",
                                    .with_cookie = true};
    char text[64] = "";
    char body[1024];

    (void)snprintf(named.session, sizeof(named.session), "%s", world->cookie);
    if (token)
        tp_access_form_token(&named, text);
    request.length = (size_t)snprintf(body, sizeof(body), "token=%s&%s", text, fields);
    request.body = body;
    return world_ask(world, &request, exchange);
}

static inline void world_sign_in(struct world *world)
{
    struct tp_exchange exchange;

    assert_int_equal(
        world_status(world, &(struct world_request){.method = "GET", .target = "/sign-in"}), 200);
    assert_int_equal(
        world_post(world, "/sign-in", "name=admin&password=correct+horse+battery", true, &exchange),
        303);
    tp_exchange_finish(&exchange);
}

/* ---- a screen ---- */

struct world_enrolling {
    struct world *world;
    const char *code;
    const char *name;
    const char *secret;
    enum tp_enrolment_result result;
    int64_t id;
    char approved[TP_DEVICE_NAME_MAX + 1];
    struct tp_claim claim;
};

static inline bool world_run_enrol(struct tp_sql *db, void *context, struct tp_error *error)
{
    struct world_enrolling *enrolling = context;
    struct world *world = enrolling->world;
    unsigned char digest[TP_SHA256_BYTES];

    tp_token_digest(enrolling->secret, digest);
    return tp_enrolment_add(db, enrolling->code, digest, enrolling->name, "0.1.0", world->time.wall,
                            &enrolling->result, &enrolling->id, error) &&
           tp_enrolment_approve(db, enrolling->code, NULL, &world->central.random, world->time.wall,
                                &enrolling->result, enrolling->approved, error) &&
           tp_enrolment_claim(db, &world->central.keys, enrolling->id, enrolling->secret,
                              world->time.wall, &enrolling->claim, error);
}

static inline void world_enrol(struct world *world, const char *code, const char *name)
{
    struct world_enrolling enrolling = {
        .world = world, .code = code, .name = name, .secret = "a secret of forty-three characters"};

    assert_true(tp_committer_run(world->central.committer, world_run_enrol, &enrolling, NULL));
    assert_int_equal(enrolling.claim.result, TP_ENROLMENT_OK);
    (void)snprintf(world->device, sizeof(world->device), "%s", enrolling.claim.device);
    (void)snprintf(world->token, sizeof(world->token), "%s", enrolling.claim.token);
}

/* ---- the whole ---- */

static inline void world_make(struct world *world)
{
    struct tp_clock clock;
    struct tp_random random;
    struct tp_settings settings;
    struct tp_error error = {.text = ""};
    char hash[TP_PASSWORD_HASH_MAX];
    char url[256];
    enum tp_person_result result;
    struct tp_sql *db;

    memset(world, 0, sizeof(*world));
    tp_xml_init();
    assert_true(sodium_init() >= 0);
    world->time = (struct tp_clock_fake){.wall = WORLD_NOW, .monotonic = 1000};
    world->seed = 7;
    clock = tp_clock_from_fake(&world->time);
    random = tp_random_seeded(&world->seed);
    (void)snprintf(world->folder, sizeof(world->folder), "/tmp/tp-central-XXXXXX");
    assert_non_null(mkdtemp(world->folder));
    database_url(world->folder, url);
    assert_true(tp_keys_make(world->folder, NULL, &error));
    assert_true(tp_sql_open(url, true, &db, &error));
    assert_true(tp_sql_migrate(db, WORLD_NOW, &error));
    assert_int_equal(crypto_pwhash_str(hash, WORLD_PASSWORD, strlen(WORLD_PASSWORD),
                                       crypto_pwhash_OPSLIMIT_MIN, crypto_pwhash_MEMLIMIT_MIN),
                     0);
    assert_true(
        tp_person_add(db, "admin", hash, TP_ROLE_ADMINISTRATOR, WORLD_NOW, &result, &error));
    tp_sql_close(db);
    tp_settings_init(&settings);
    (void)snprintf(settings.data, sizeof(settings.data), "%s", world->folder);
    (void)snprintf(settings.db, sizeof(settings.db), "%s", url);
    (void)snprintf(settings.zone, sizeof(settings.zone), "UTC");
    if (!tp_central_open(&settings, &clock, &random, &world->central, &error))
        fail_msg("%s", error.text);
    world_publish(world, "hours", "1", "consultation", world_form, NULL);
    world_enrol(world, "K7QM-4TXB", "Cowley Library");
}

static inline void world_end(struct world *world)
{
    tp_central_close(&world->central);
    (void)tp_dir_remove(world->folder, NULL);
}

/* A number from the database. */
static inline int64_t world_number(struct world *world, const char *sql)
{
    struct tp_sql *db = tp_sql_pool_take(world->central.readers);
    int64_t number = -1;

    assert_true(tp_sql_number(db, sql, TP_NO_VALUES, -1, &number, NULL));
    tp_sql_pool_give(world->central.readers, db);
    return number;
}

/* ---- submissions ---- */

#define WORLD_BOUNDARY "BoUnDaRy123"
#define WORLD_MULTIPART "multipart/form-data; boundary=" WORLD_BOUNDARY

static inline void world_part(struct tp_buf *body, const char *name, const char *filename,
                              const void *bytes, size_t length)
{
    (void)tp_buf_printf(body,
                        "--" WORLD_BOUNDARY "\r\nContent-Disposition: form-data; name=\"%s\"; "
                        "filename=\"%s\"\r\nContent-Type: application/octet-stream\r\n\r\n",
                        name, filename);
    (void)tp_buf_add(body, bytes, length);
    (void)tp_buf_puts(body, "\r\n");
}

static inline void world_end_parts(struct tp_buf *body)
{
    assert_true(tp_buf_puts(body, "--" WORLD_BOUNDARY "--\r\n"));
}

/* A sealed answer as the agent sends it. */
static inline void world_sealed(struct world *world, const char *form, const char *instance_id,
                                const char *xml, struct tp_buf *body)
{
    char sha256[TP_SHA256_TEXT_MAX];
    struct tp_buf sealed;
    char envelope[1024];
    int length;

    tp_buf_init(&sealed, TP_SEAL_SEALED_MAX);
    assert_true(tp_seal(&world->central.keys.sealing, xml, strlen(xml), &sealed, NULL));
    tp_sha256_text(tp_buf_text(&sealed), sealed.length, sha256);
    length = snprintf(envelope, sizeof(envelope),
                      "<data xmlns=\"http://opendatakit.org/submissions\" id=\"%s\" version=\"1\" "
                      "encrypted=\"yes\"><tps:sealed xmlns:tps=\"urn:talkpoint:submission:1\" "
                      "algorithm=\"sealedbox-1\" sha256=\"%s\">submission.tpsealed</tps:sealed>"
                      "<meta xmlns=\"http://openrosa.org/xforms\"><instanceID>%s</instanceID>"
                      "</meta></data>",
                      form, sha256, instance_id);
    tp_buf_init(body, TP_SUBMISSION_MAX);
    world_part(body, "xml_submission_file", "submission.xml", envelope, (size_t)length);
    world_part(body, "submission.tpsealed", "submission.tpsealed", tp_buf_text(&sealed),
               sealed.length);
    world_end_parts(body);
    tp_buf_finish(&sealed);
}

static inline int world_submit(struct world *world, const struct tp_buf *body,
                               struct tp_exchange *exchange)
{
    const struct world_request request = {.method = "POST",
                                          .target = "/submission",
                                          .type = WORLD_MULTIPART,
                                          .body = tp_buf_text(body),
                                          .length = body->length,
                                          .with_token = true};

    return world_ask(world, &request, exchange);
}

/* Seals, sends, and wants a status. */
static inline void world_answer(struct world *world, const char *form, const char *instance_id,
                                const char *xml, int status)
{
    struct tp_exchange exchange;
    struct tp_buf body;

    world_sealed(world, form, instance_id, xml, &body);
    assert_int_equal(world_submit(world, &body, &exchange), status);
    tp_exchange_finish(&exchange);
    tp_buf_finish(&body);
}

/* An officer's "close" or "open" of the survey. */
static inline void world_turn_hours(struct world *world, const char *what)
{
    struct tp_exchange exchange;
    char path[64];

    (void)snprintf(path, sizeof(path), "/surveys/hours/%s", what);
    assert_int_equal(world_post(world, path, "", true, &exchange), 303);
    tp_exchange_finish(&exchange);
}

#endif
