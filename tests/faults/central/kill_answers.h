/*
 * A store for the kill test and the answers that are sent to it, each in a request that is made
 * beforehand: every other one in the clear, and of each block the second half together in one.
 * Header only: one program.
 */
#ifndef TP_FAULTS_CENTRAL_KILL_ANSWERS_H
#define TP_FAULTS_CENTRAL_KILL_ANSWERS_H

#include "tp_test.h"

#include <sodium.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "central/data/devices.h"
#include "central/data/forms.h"
#include "store/several.h"
#include "unit/central/databases.h"

#define SCREENS 8
/* Answers that a screen sends in a round; all screens together outlast the kills. */
#define ANSWERS_EACH 120
#define ANSWERS (SCREENS * ANSWERS_EACH)
/* Of each block of this many the second half goes together, in one request. */
#define BLOCK 8
#define TOGETHER (BLOCK / 2)
#define REQUESTS (ANSWERS / BLOCK * (BLOCK - TOGETHER + 1))
#define CANARY "the canary sings in the library"

static const char secret[] = "a secret of forty-three characters, or more";

struct answer {
    char id[48];
    unsigned char sha256[TP_SHA256_BYTES];
    char *request; /* owned; of the first of those that go together */
    size_t length;
    int count; /* answers in the request */
    _Atomic bool acknowledged;
};

static struct answer answers[ANSWERS];
static char folder[64];
static char database[256];
static char token[TP_BASE64_MAX(32)];
static struct tp_keys keys;

static inline void must(bool holds, const struct tp_error *error)
{
    if (!holds)
        fail_msg("%s", error->text);
}

static inline void make_store(void)
{
    struct tp_random random = tp_random_system();
    struct tp_error error = {.text = ""};
    struct tp_package package;
    enum tp_publish_result published;
    enum tp_enrolment_result result;
    unsigned char digest[TP_SHA256_BYTES];
    char name[TP_DEVICE_NAME_MAX + 1];
    struct tp_claim claim;
    struct tp_sql *db;
    int64_t id;

    (void)snprintf(folder, sizeof(folder), "/tmp/tp-kill-XXXXXX");
    assert_non_null(mkdtemp(folder));
    database_url(folder, database);
    must(tp_keys_make(folder, NULL, &error) && tp_keys_read(folder, &keys, &error), &error);
    must(tp_sql_open(database, true, &db, &error) && tp_sql_migrate(db, 1, &error), &error);
    tp_package_init(&package);
    (void)snprintf(package.id, sizeof(package.id), "hours");
    (void)tp_buf_puts(&package.xml, "<x/>");
    must(tp_forms_publish(db, &package, 1, &published, &error), &error);
    tp_package_finish(&package);
    tp_token_digest(secret, digest);
    must(tp_enrolment_add(db, "K7QM-4TXB", digest, "Kill", "1", 1, &result, &id, &error) &&
             tp_enrolment_approve(db, "K7QM-4TXB", NULL, &random, 1, &result, name, &error) &&
             tp_enrolment_claim(db, &keys, id, secret, 1, &claim, &error),
         &error);
    memcpy(token, claim.token, sizeof(token));
    tp_sql_close(db);
}

static inline void write_xml(struct answer *answer, const struct tp_random *random, char xml[512])
{
    char uuid[TP_UUID_TEXT_MAX];

    tp_random_uuid(random, uuid);
    (void)snprintf(answer->id, sizeof(answer->id), "uuid:%s", uuid);
    (void)snprintf(xml, 512,
                   "<data id=\"hours\"><why>" CANARY "</why><meta><instanceID>uuid:%s"
                   "</instanceID></meta></data>",
                   uuid);
    answer->acknowledged = false;
    answer->request = NULL;
    answer->count = 1;
}

static inline void seal(struct answer *answer, const char *xml, struct tp_buf *sealed,
                        char sha256[TP_SHA256_TEXT_MAX])
{
    tp_buf_init(sealed, 65536);
    assert_true(tp_seal(&keys.sealing, xml, strlen(xml), sealed, NULL));
    (void)crypto_hash_sha256(answer->sha256, (unsigned char *)sealed->data, sealed->length);
    tp_hex(answer->sha256, TP_SHA256_BYTES, sha256);
}

static inline void write_request(struct answer *answer, const char *path, const char *type,
                                 const struct tp_buf *body)
{
    struct tp_buf request;

    tp_buf_init(&request, 65536);
    (void)tp_buf_printf(&request,
                        "POST %s HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer %s\r\n"
                        "X-OpenRosa-Version: 1.0\r\nContent-Type: %s\r\n"
                        "Content-Length: %zu\r\n\r\n",
                        path, token, type, body->length);
    (void)tp_buf_add(&request, body->data, body->length);
    answer->length = request.length;
    answer->request = tp_buf_take(&request);
    assert_non_null(answer->request);
}

/* Every other answer comes in the clear, as ODK Collect sends it. */
static inline void make_answer(struct answer *answer, const struct tp_random *random, bool plain)
{
    char xml[512];
    char sha256[TP_SHA256_TEXT_MAX];
    struct tp_buf sealed = {.data = NULL};
    struct tp_buf body;

    write_xml(answer, random, xml);
    tp_buf_init(&body, 65536);
    (void)tp_buf_puts(&body, "--XX\r\nContent-Disposition: form-data; "
                             "name=\"xml_submission_file\"; filename=\"s.xml\"\r\n\r\n");
    if (plain) {
        (void)tp_buf_puts(&body, xml);
        (void)crypto_hash_sha256(answer->sha256, (unsigned char *)xml, strlen(xml));
    } else {
        seal(answer, xml, &sealed, sha256);
        (void)tp_buf_printf(
            &body,
            "<data id=\"hours\" encrypted=\"yes\"><t:sealed "
            "xmlns:t=\"urn:talkpoint:submission:1\" algorithm=\"sealedbox-1\" sha256=\"%s\">s"
            "</t:sealed><meta><instanceID>%s</instanceID></meta></data>\r\n--XX\r\n"
            "Content-Disposition: form-data; name=\"s\"\r\n\r\n",
            sha256, answer->id);
        (void)tp_buf_add(&body, sealed.data, sealed.length);
    }
    (void)tp_buf_puts(&body, "\r\n--XX--\r\n");
    write_request(answer, "/submission", "multipart/form-data; boundary=XX", &body);
    tp_buf_finish(&sealed);
    tp_buf_finish(&body);
}

/* Several in one request, which is the first one's. */
static inline void make_together(struct answer *own, const struct tp_random *random)
{
    struct tp_carried carried[TOGETHER];
    char hashes[TOGETHER][TP_SHA256_TEXT_MAX];
    struct tp_buf sealed[TOGETHER];
    struct tp_buf body;

    for (size_t i = 0; i < TOGETHER; i++) {
        char xml[512];

        write_xml(&own[i], random, xml);
        seal(&own[i], xml, &sealed[i], hashes[i]);
        carried[i] = (struct tp_carried){.instance_id = own[i].id,
                                         .form_id = "hours",
                                         .form_version = "",
                                         .sha256 = hashes[i],
                                         .sealed = sealed[i].data,
                                         .sealed_count = sealed[i].length};
    }
    tp_buf_init(&body, 65536);
    assert_true(tp_several_write(carried, TOGETHER, &body, NULL));
    write_request(own, "/talkpoint/submissions", "application/octet-stream", &body);
    own->count = TOGETHER;
    for (size_t i = 0; i < TOGETHER; i++)
        tp_buf_finish(&sealed[i]);
    tp_buf_finish(&body);
}

static inline void make_answers(const struct tp_random *random)
{
    for (int i = 0; i < ANSWERS; i += BLOCK) {
        for (int k = 0; k < BLOCK - TOGETHER; k++)
            make_answer(&answers[i + k], random, k % 2 == 1);
        make_together(&answers[i + BLOCK - TOGETHER], random);
    }
}

#endif
