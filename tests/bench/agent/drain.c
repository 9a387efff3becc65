/*
 * Drain of waiting answers by the agent (claims, requests, several in flight, receipts verified,
 * deletions committed and synced) beside plain libcurl posting the same bytes, one after the other
 * on one connection, to a server that only answers 201. Against a stand-in for the store that signs
 * true receipts and keeps nothing, which shows the agent's own cost, with one answer in a request
 * and with several; and against talkpoint-central, which is the whole way, durable at both ends.
 * Then of 100,000 (or TP_BENCH_DRAIN), beside as many times the time of 5,000: that it stays
 * linear, and what memory it takes.
 */
#include <curl/curl.h>
#include <fcntl.h>
#include <signal.h>
#include <sqlite3.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "agent/do/upload.h"
#include "agent/identity.h"
#include "agent/wire/envelope.h"
#include "base/mem.h"
#include "store/db.h"
#include "unit/agent/device.h"
#include "unit/agent/fake_store.h"

#define ANSWERS 5000
#define MANY 100000u
#define TEXT(number) TEXT_OF(number)
#define TEXT_OF(number) #number

/* As residents would have, but not a sync for each: only what comes after is measured. */
static void put(struct device *device, size_t count)
{
    (void)sqlite3_exec(device->store->db, "PRAGMA synchronous = OFF", NULL, NULL, NULL);
    device_put(device, count, NULL);
    (void)sqlite3_exec(device->store->db, "PRAGMA synchronous = FULL", NULL, NULL, NULL);
}

static void only_201(void *context, const struct server_request *request,
                     struct server_reply *reply)
{
    (void)context;
    (void)request;
    server_reply(reply, 201, OPENROSA, "", 0);
}

/* What the agent will send, made beforehand. */
struct post {
    struct tp_buf body;
    char content_type[TP_CONTENT_TYPE_MAX];
};

static void prepare(struct device *device, struct post *posts)
{
    struct tp_outbox_next_params params = {.max_count = ANSWERS / 5, .lease_ms = 60000};
    size_t done = 0;

    while (done < ANSWERS) {
        struct tp_outbox_batch batch;
        struct tp_error error;

        device_must(tp_outbox_next(device->store, &params, &batch, &error), &error, "next");
        for (size_t i = 0; i < batch.count; i++, done++) {
            const struct tp_outbox_item *item = &batch.items[i];
            struct tp_envelope envelope = {.form_id = item->form_id,
                                           .form_version = item->form_version,
                                           .instance_id = item->instance_id,
                                           .sha256 = item->sha256,
                                           .sealed = item->sealed,
                                           .sealed_length = item->sealed_count};

            tp_buf_init(&posts[done].body, TP_ENVELOPE_BYTES_MAX);
            device_must(
                tp_envelope_write(&envelope, &posts[done].body, posts[done].content_type, &error),
                &error, "envelope");
        }
        tp_outbox_batch_finish(&batch);
    }
    (void)tp_outbox_release(device->store, true, NULL);
}

static size_t drop(char *bytes, size_t size, size_t count, void *context)
{
    (void)bytes;
    (void)context;
    return size * count;
}

static int64_t post_plainly(const struct post *posts, const char *url)
{
    struct tp_clock clock = tp_clock_system();
    CURL *easy = curl_easy_init();
    int64_t start = tp_clock_monotonic_ms(&clock);

    (void)curl_easy_setopt(easy, CURLOPT_URL, url);
    (void)curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, drop);
    for (size_t i = 0; i < ANSWERS; i++) {
        struct curl_slist *headers = NULL;
        char line[TP_CONTENT_TYPE_MAX + 16];
        long status = 0;

        (void)snprintf(line, sizeof(line), "Content-Type: %s", posts[i].content_type);
        headers = curl_slist_append(curl_slist_append(NULL, line), "X-OpenRosa-Version: 1.0");
        (void)curl_easy_setopt(easy, CURLOPT_HTTPHEADER, headers);
        (void)curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE, (long)posts[i].body.length);
        (void)curl_easy_setopt(easy, CURLOPT_POSTFIELDS, posts[i].body.data);
        if (curl_easy_perform(easy) != CURLE_OK ||
            curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status) != CURLE_OK || status != 201)
            abort();
        curl_slist_free_all(headers);
    }
    curl_easy_cleanup(easy);
    return tp_clock_monotonic_ms(&clock) - start;
}

static int64_t drain(struct device *device, size_t answers, const char *url, const char *token,
                     const struct tp_receipt_key *receipt_key)
{
    struct tp_http_options options = {.store_url = url, .token = token};
    struct tp_http *http = tp_http_create(&options, NULL);
    struct tp_upload upload = {
        .store = device->store, .http = http, .receipt_key = receipt_key, .clock = &device->clock};
    struct tp_upload_end end;
    struct tp_error error = {0};
    int64_t start = tp_clock_monotonic_ms(&device->clock);
    int64_t took;

    device_must(tp_upload_drain(&upload, &end, &error), &error, "drain");
    took = tp_clock_monotonic_ms(&device->clock) - start;
    if (end.delivered != answers || device_counts(device).waiting != 0) {
        (void)fprintf(stderr, "drain: %zu of %zu delivered: %s\n", end.delivered, answers,
                      end.words);
        exit(1);
    }
    tp_http_destroy(http);
    return took;
}

static void report(size_t answers, const char *name, int64_t took, int64_t baseline)
{
    printf("{\"name\":\"agent: drain of %zu waiting answers %s\",\"value\":%lld,\"unit\":\"ms\","
           "\"baseline\":%lld,\"ratio\":%.2f}\n",
           answers, name, (long long)took, (long long)baseline, (double)took / (double)baseline);
    (void)fflush(stdout);
}

/* ---- against talkpoint-central itself ---- */

/* Starts a program of the build; what it says goes to `out`. */
static pid_t start(const char *program, const char *out, const char *const *arguments)
{
    const char *list[16] = {NULL};
    char path[512];
    pid_t pid;

    (void)snprintf(path, sizeof(path), "%s/%s", getenv("TP_BUILD"), program);
    list[0] = path;
    for (size_t i = 1; i < 15 && arguments[i - 1]; i++)
        list[i] = arguments[i - 1];
    pid = fork();
    if (pid == 0) {
        int fd = open(out, O_WRONLY | O_CREAT | O_TRUNC, 0600);

        if (dup2(fd, 1) >= 0 && dup2(fd, 2) >= 0)
            (void)execv(path, (char *const *)list);
        _exit(98);
    }
    return pid;
}

static bool ran_well(pid_t pid)
{
    int status = 0;

    return pid > 0 && waitpid(pid, &status, 0) == pid && WIFEXITED(status) &&
           WEXITSTATUS(status) == 0;
}

#define RUN(program, out, ...)                                                                     \
    ran_well(start(program, out, (const char *const[]){__VA_ARGS__, NULL}))

/* The text of a file from `mark` to white space, as soon as it is there: at most 20 s. */
static bool await_word(const char *path, const char *mark, char *word, size_t size)
{
    for (int left = 400; left > 0; left--) {
        struct timespec pause = {.tv_nsec = 50000000};
        const char *found;
        struct tp_buf text;

        tp_buf_init(&text, 65536);
        found = tp_file_read(path, &text, NULL) ? strstr(tp_buf_text(&text), mark) : NULL;
        if (found && found[strcspn(found, " \n")])
            (void)snprintf(word, size, "%.*s", (int)strcspn(found, " \n"), found);
        else
            found = NULL;
        tp_buf_finish(&text);
        if (found)
            return true;
        (void)nanosleep(&pause, NULL);
    }
    return false;
}

/* A store with one survey, and the device enrolled at it. Its process, or 0. */
static pid_t make_store(const struct device *device, const char *folder)
{
    char out[160];
    char url[128];
    char code[64];
    const char *serve[] = {"serve", "--data", folder, "--listen", "127.0.0.1:0", NULL};
    pid_t pid;

    (void)snprintf(out, sizeof(out), "%s.out", folder);
    if (!RUN("talkpoint-central", out, "init", "--data", folder, "--admin", "admin") ||
        !RUN("talkpoint-central", out, "publish", "--data", folder, "surveys/library-hours"))
        return 0;
    pid = start("talkpoint-central", out, serve);
    if (await_word(out, "http://", url, sizeof(url))) {
        char said[176];

        (void)snprintf(said, sizeof(said), "%s.code", folder);
        if (RUN("talkpoint-sync", said, "enrol", "--state", device->folder, "--store", url,
                "--name", "Bench") &&
            await_word(said, "", code, sizeof(code)) &&
            RUN("talkpoint-central", said, "approve", "--data", folder, code) &&
            RUN("talkpoint-sync", said, "--state", device->folder, "--once")) {
            (void)unlink(said);
            return pid;
        }
    }
    (void)kill(pid, SIGKILL);
    (void)waitpid(pid, NULL, 0);
    return 0;
}

/* The drain in a process of its own, so that its memory is its own. */
static int64_t drain_apart(struct device *device, size_t answers,
                           const struct tp_identity *identity, long *peak_kib)
{
    struct tp_store_params params = {.clock = tp_clock_system(), .free_min = 1};
    struct rusage used;
    int64_t took = 0;
    int ends[2];
    pid_t child;

    tp_store_close(device->store);
    if (pipe(ends) != 0 || (child = fork()) < 0)
        abort();
    if (child == 0) {
        struct rusage mine;

        device->store = tp_store_open(device->store_path, &params, NULL);
        took = drain(device, answers, identity->store_url, identity->token, &identity->receipt_key);
        (void)getrusage(RUSAGE_SELF, &mine);
        if (write(ends[1], &took, sizeof(took)) != (ssize_t)sizeof(took) ||
            write(ends[1], &mine, sizeof(mine)) != (ssize_t)sizeof(mine))
            _exit(1);
        tp_store_close(device->store);
        _exit(0);
    }
    (void)close(ends[1]);
    if (read(ends[0], &took, sizeof(took)) != (ssize_t)sizeof(took) ||
        read(ends[0], &used, sizeof(used)) != (ssize_t)sizeof(used))
        exit(1);
    (void)close(ends[0]);
    (void)waitpid(child, NULL, 0);
    device->store = tp_store_open(device->store_path, &params, NULL);
    *peak_kib = used.ru_maxrss;
    return took;
}

static size_t many_answers(void)
{
    const char *wanted = getenv("TP_BENCH_DRAIN");
    size_t many = wanted ? strtoul(wanted, NULL, 10) : 0;

    return many >= ANSWERS ? many : MANY;
}

static void drain_to_the_store(int64_t baseline)
{
    char folder[] = "/tmp/tp-central-XXXXXX";
    size_t many = many_answers();
    struct tp_identity identity;
    struct tp_error error = {0};
    struct device device;
    char out[64];
    long peak_kib;
    long many_peak_kib;
    int64_t took;
    pid_t pid;

    device_open(&device);
    device_must(mkdtemp(folder) != NULL, &error, "mkdtemp");
    pid = make_store(&device, folder);
    if (pid <= 0) {
        (void)fprintf(stderr, "drain: talkpoint-central could not be set up\n");
        exit(1);
    }
    device_must(tp_identity_read(device.folder, NULL, &identity, &error), &error, "identity");
    device.seal.key = identity.sealing_key;
    put(&device, ANSWERS);
    took = drain_apart(&device, ANSWERS, &identity, &peak_kib);
    report(ANSWERS, "to talkpoint-central, against posting them plainly", took, baseline);
    put(&device, many);
    report(many, "to talkpoint-central, against as many times the time of " TEXT(ANSWERS),
           drain_apart(&device, many, &identity, &many_peak_kib), took * (int64_t)(many / ANSWERS));
    printf("{\"name\":\"agent: most memory in a drain of %zu waiting answers, against %d\","
           "\"value\":%.1f,\"unit\":\"MiB\",\"baseline\":%.1f,\"ratio\":%.2f}\n",
           many, ANSWERS, (double)many_peak_kib / 1024, (double)peak_kib / 1024,
           (double)many_peak_kib / (double)peak_kib);
    (void)kill(pid, SIGTERM);
    (void)waitpid(pid, NULL, 0);
    (void)snprintf(out, sizeof(out), "%s.out", folder);
    (void)unlink(out);
    (void)tp_dir_remove(folder, NULL);
    device_close(&device);
}

/* The agent's own cost. */
static void drain_to_a_stand_in(size_t several, const char *name, int64_t baseline)
{
    struct device device;
    struct fake_store fake;

    device_open(&device);
    put(&device, ANSWERS);
    fake_start(&fake);
    fake.several = several;
    report(ANSWERS, name, drain(&device, ANSWERS, fake.server.url, "secret-token", &fake.pair.key),
           baseline);
    fake_stop(&fake);
    device_close(&device);
}

int main(void)
{
    struct post *posts = tp_calloc(ANSWERS, sizeof(*posts));
    struct device device;
    struct server plain;
    char url[96];
    int64_t baseline;

    if (!posts || !tp_http_global_init(NULL))
        abort();
    (void)setenv("TP_BUILD", "build/dev", 0);
    device_open(&device);
    put(&device, ANSWERS);
    prepare(&device, posts);
    server_start(&plain, only_201, NULL);
    (void)snprintf(url, sizeof(url), "%s/submission", plain.url);
    baseline = post_plainly(posts, url);
    server_stop(&plain);
    device_close(&device);
    for (size_t i = 0; i < ANSWERS; i++)
        tp_buf_finish(&posts[i].body);
    tp_free(posts);
    drain_to_a_stand_in(0, "to a stand-in that signs, one in a request", baseline);
    drain_to_a_stand_in(TP_SEVERAL_ANSWERS_MAX, "to a stand-in that signs, several in a request",
                        baseline);
    drain_to_the_store(baseline);
    return 0;
}
