/*
 * kill -9 of talkpoint-central at random points while eight screens send: whatever got its 201 is
 * in the database with its own bytes, once, and the clear words of an answer are nowhere on the
 * disk. What got no 201 is sent again after the restart, as the agent does. On SQLite one server;
 * on PostgreSQL two on one database, of which one is killed at a time, and the database itself
 * crashes under both now and then. Of every eight answers four come in one request.
 */
#include "tp_test.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <ftw.h>
#include <netinet/in.h>
#include <pthread.h>
#include <signal.h>
#include <sodium.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/mem.h"
#include "central/data/devices.h"
#include "central/data/forms.h"
#include "central/data/submissions.h"
#include "faults/tally.h"
#include "lib/files.h"
#include "store/several.h"
#include "unit/central/databases.h"

#define SCREENS 8
#define ROUNDS_DEFAULT 6
#define KILLS_A_ROUND 5
#define SERVERS_MAX 2
/* Every so many kills on PostgreSQL the database crashes too. */
#define CRASH_EVERY 3
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
static uint64_t seed = 20261123;

/* The servers of the moment, as many as work on one database. */
static pid_t servers[SERVERS_MAX];
static size_t server_count;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static int ports[SERVERS_MAX]; /* under lock; 0 while there is none */
static int acknowledged;       /* requests; under lock */
static int finished;           /* screens that have sent all; under lock */

/* ---- a store ---- */

static void must(bool holds, const struct tp_error *error)
{
    if (!holds)
        fail_msg("%s", error->text);
}

static void make_store(void)
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

static void write_xml(struct answer *answer, const struct tp_random *random, char xml[512])
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

static void seal(struct answer *answer, const char *xml, struct tp_buf *sealed,
                 char sha256[TP_SHA256_TEXT_MAX])
{
    tp_buf_init(sealed, 65536);
    assert_true(tp_seal(&keys.sealing, xml, strlen(xml), sealed, NULL));
    (void)crypto_hash_sha256(answer->sha256, (unsigned char *)sealed->data, sealed->length);
    tp_hex(answer->sha256, TP_SHA256_BYTES, sha256);
}

static void write_request(struct answer *answer, const char *path, const char *type,
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
static void make_answer(struct answer *answer, const struct tp_random *random, bool plain)
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
static void make_together(struct answer *own, const struct tp_random *random)
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

static void make_answers(const struct tp_random *random)
{
    for (int i = 0; i < ANSWERS; i += BLOCK) {
        for (int k = 0; k < BLOCK - TOGETHER; k++)
            make_answer(&answers[i + k], random, k % 2 == 1);
        make_together(&answers[i + BLOCK - TOGETHER], random);
    }
}

/* ---- the program ---- */

static void start_server(size_t which)
{
    const char *build = getenv("TP_BUILD");
    char program[512];
    char said[256] = "";
    const char *colon;
    size_t length = 0;
    int ends[2];

    (void)snprintf(program, sizeof(program), "%s/talkpoint-central", build ? build : "build/dev");
    assert_int_equal(pipe(ends), 0);
    servers[which] = fork();
    if (servers[which] == 0) {
        (void)dup2(ends[1], STDOUT_FILENO);
        (void)execl(program, program, "serve", "--data", folder, "--db", database, "--listen",
                    "127.0.0.1:0", (char *)NULL);
        _exit(127);
    }
    (void)close(ends[1]);
    while (!strchr(said, '\n')) {
        ssize_t got = read(ends[0], said + length, sizeof(said) - 1 - length);

        if (got <= 0)
            fail_msg("%s did not start", program);
        length += (size_t)got;
        said[length] = '\0';
    }
    (void)close(ends[0]);
    colon = strrchr(said, ':');
    assert_non_null(colon);
    (void)pthread_mutex_lock(&lock);
    ports[which] = (int)strtol(colon + 1, NULL, 10);
    (void)pthread_cond_broadcast(&changed);
    (void)pthread_mutex_unlock(&lock);
}

static void kill_server(size_t which, int how)
{
    int status;

    (void)pthread_mutex_lock(&lock);
    ports[which] = 0;
    (void)pthread_mutex_unlock(&lock);
    assert_int_equal(kill(servers[which], how), 0);
    assert_int_equal(waitpid(servers[which], &status, 0), servers[which]);
    if (how == SIGTERM)
        assert_int_equal(status, 0);
}

/* ---- the screens ---- */

static int dial(int to)
{
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_port = htons((uint16_t)to),
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int fd = socket(AF_INET, SOCK_STREAM, 0);

    if (connect(fd, (struct sockaddr *)&address, sizeof(address)) == 0)
        return fd;
    (void)close(fd);
    return -1;
}

/* The whole of what comes back is there. */
static bool is_whole(const char *text)
{
    const char *end = strstr(text, "\r\n\r\n");
    const char *length = strstr(text, "Content-Length: ");

    return end && length && strlen(end + 4) >= strtoul(length + 16, NULL, 10);
}

static bool is_held(const char *text, const struct answer *answer, int count)
{
    char line[80];

    if (count == 1)
        return strncmp(text, "HTTP/1.1 201", 12) == 0 && strstr(text, answer->id) &&
               strstr(text, "signature=");
    (void)snprintf(line, sizeof(line), "\n201\t%s\t", answer->id);
    return strncmp(text, "HTTP/1.1 200", 12) == 0 && strstr(text, line);
}

/* True when a whole answer came, with a receipt for each that was sent. */
static bool send_one(int fd, const struct answer *answer)
{
    char text[8192] = "";
    size_t length = 0;
    size_t sent = 0;

    while (sent < answer->length) {
        ssize_t put = send(fd, answer->request + sent, answer->length - sent, MSG_NOSIGNAL);

        if (put <= 0)
            return false;
        sent += (size_t)put;
    }
    while (!is_whole(text)) {
        ssize_t got = read(fd, text + length, sizeof(text) - 1 - length);

        if (got <= 0)
            return false;
        length += (size_t)got;
        text[length] = '\0';
    }
    for (int i = 0; i < answer->count; i++)
        if (!is_held(text, &answer[i], answer->count))
            return false;
    return true;
}

/* The port of a server, as soon as it has one. */
static int await_port(size_t which)
{
    int now;

    (void)pthread_mutex_lock(&lock);
    while (ports[which] == 0)
        (void)pthread_cond_wait(&changed, &lock);
    now = ports[which];
    (void)pthread_mutex_unlock(&lock);
    return now;
}

static void *screen(void *context)
{
    struct answer *own = context;
    size_t which = (size_t)(own - answers) / ANSWERS_EACH % server_count;
    int fd = -1;

    for (int i = 0; i < ANSWERS_EACH;) {
        if (fd < 0)
            fd = dial(await_port(which));
        if (fd < 0)
            continue;
        if (!send_one(fd, &own[i])) {
            (void)close(fd);
            fd = -1;
            continue;
        }
        for (int count = own[i].count; count > 0; count--)
            own[i++].acknowledged = true;
        (void)pthread_mutex_lock(&lock);
        acknowledged++;
        (void)pthread_cond_broadcast(&changed);
        (void)pthread_mutex_unlock(&lock);
    }
    if (fd >= 0)
        (void)close(fd);
    (void)pthread_mutex_lock(&lock);
    finished++;
    (void)pthread_cond_broadcast(&changed);
    (void)pthread_mutex_unlock(&lock);
    return NULL;
}

/* Waits for that many acknowledged requests in all, or for every screen to be done. */
static bool await(int wanted)
{
    bool more;

    (void)pthread_mutex_lock(&lock);
    while (acknowledged < wanted && finished < SCREENS)
        (void)pthread_cond_wait(&changed, &lock);
    more = finished < SCREENS;
    (void)pthread_mutex_unlock(&lock);
    return more;
}

/* ---- looking ---- */

static bool is_kept(struct tp_sql *db, const struct answer *answer)
{
    struct tp_rows rows;
    bool kept = false;

    if (tp_sql_ask(db,
                   "SELECT r.sha256 FROM received r JOIN submission s ON s.seq = r.seq "
                   "WHERE r.instance_id = ?1",
                   TP_VALUES(tp_str(answer->id)), &rows, NULL) &&
        tp_rows_next(&rows)) {
        size_t length;
        const void *sha256 = tp_rows_blob(&rows, 0, &length);

        kept = length == TP_SHA256_BYTES && memcmp(sha256, answer->sha256, length) == 0;
    }
    assert_true(tp_rows_finish(&rows));
    return kept;
}

static int64_t number(struct tp_sql *db, const char *sql)
{
    int64_t found = -1;

    assert_true(tp_sql_number(db, sql, TP_NO_VALUES, -1, &found, NULL));
    return found;
}

/* Those acknowledged before the kill are all there after it. */
static void look(void)
{
    struct tp_error error;
    struct tp_sql *db;
    bool was[ANSWERS];

    for (int i = 0; i < ANSWERS; i++)
        was[i] = answers[i].acknowledged;
    must(tp_sql_open(database, false, &db, &error), &error);
    for (int i = 0; i < ANSWERS; i++) {
        if (was[i] && !is_kept(db, &answers[i]))
            faults.lost++;
    }
    /* In one view of the data: another server may be writing. */
    if (number(db, "SELECT (SELECT count(*) FROM submission) - "
                   "(SELECT CAST(coalesce(sum(count), 0) AS BIGINT) FROM tally)") != 0)
        faults.doubled++;
    faults.doubled += (uint64_t)number(db, "SELECT count(*) FROM quarantine");
    tp_sql_close(db);
}

static int visit_file(const char *path, const struct stat *status, int kind, struct FTW *place)
{
    (void)status;
    (void)place;
    if (kind == FTW_F)
        faults.exposed += file_has(path, CANARY, strlen(CANARY));
    return 0;
}

/* The whole folder of the database: its tables and its log. */
static void search_disk(void)
{
    assert_int_equal(nftw(postgres.on ? postgres.folder : folder, visit_file, 16, FTW_PHYS), 0);
}

/* ---- the faults ---- */

static void kill_one(const struct tp_random *random)
{
    size_t which = tp_random_below(random, (uint32_t)server_count);

    kill_server(which, SIGKILL);
    faults.injected++;
    if (postgres.on && faults.injected % CRASH_EVERY == 0) {
        postgres_stop(SIGQUIT);
        postgres_start(true);
        faults.injected++;
    }
    if (!postgres.on)
        search_disk();
    look();
    start_server(which);
}

static void one_round(const struct tp_random *random)
{
    pthread_t threads[SCREENS];
    struct tp_error error;
    struct tp_sql *db;
    int aim = 0;

    make_store();
    make_answers(random);
    acknowledged = 0;
    finished = 0;
    server_count = postgres.on ? SERVERS_MAX : 1;
    for (size_t i = 0; i < server_count; i++)
        start_server(i);
    for (int i = 0; i < SCREENS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, screen, &answers[i * ANSWERS_EACH]), 0);
    for (int i = 0; i < KILLS_A_ROUND; i++) {
        aim += 1 + (int)tp_random_below(random, 2 * REQUESTS / (KILLS_A_ROUND + 2));
        if (!await(aim))
            break;
        kill_one(random);
    }
    (void)await(REQUESTS);
    for (int i = 0; i < SCREENS; i++)
        assert_int_equal(pthread_join(threads[i], NULL), 0);
    for (size_t i = 0; i < server_count; i++)
        kill_server(i, SIGTERM);
    look();
    search_disk();
    must(tp_sql_open(database, false, &db, &error), &error);
    assert_int_equal(number(db, "SELECT count(*) FROM submission"), ANSWERS);
    tp_sql_close(db);
    for (int i = 0; i < ANSWERS; i++)
        tp_free(answers[i].request);
    assert_true(tp_dir_remove(folder, NULL));
}

static void killed_at_random_nothing_acknowledged_is_lost(void **state)
{
    const char *text = getenv("TP_FAULTS_ROUNDS");
    struct tp_random random = tp_random_seeded(&seed);
    long rounds = text ? strtol(text, NULL, 10) : ROUNDS_DEFAULT / 3;

    (void)state;
    assert_true(sodium_init() >= 0);
    for (long i = 0; i < rounds; i++)
        one_round(&random);
    assert_true(faults.injected > 0);
    faults_expect_none_wrong();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(killed_at_random_nothing_acknowledged_is_lost),
    };
    int failed = cmocka_run_group_tests_name("on SQLite", tests, NULL, NULL);

    postgres_make(true);
    postgres.on = true;
    failed += cmocka_run_group_tests_name("on PostgreSQL", tests, NULL, NULL);
    postgres_end();
    return faults_end(failed);
}
