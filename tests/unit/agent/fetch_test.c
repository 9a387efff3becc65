/* sync/agent/do/fetch.h: one file, whole or gone on with, and how much of the disk it may have. */
#include "tp_test.h"

#include <sys/stat.h>

#include "agent/do/fetch.h"
#include "base/file.h"
#include "unit/agent/disk_says.h"
#include "unit/agent/fake_surveys.h"

#define MIB ((size_t)1024 * 1024)
#define SIZE 300

static char folder[64];
static char partial[96], path[96];
static struct fake_store fake;
static struct survey_file file = {.name = "film.mp4"};

/* What the store answers, and what it was asked. */
static struct {
    bool ranges;
    int status; /* instead of 200, 206 and 416 */
    const char *head;
    size_t from; /* of the last Range; SIZE_MAX: there was none */
} served;

static void on_file(void *context, const struct server_request *request, struct server_reply *reply)
{
    const char *range = strstr(request->headers, "\r\nRange: bytes=");
    size_t from = range ? strtoul(range + 15, NULL, 10) : 0;
    bool parts = range && served.ranges;
    int status = !parts ? 200 : from < file.count ? 206 : 416;

    (void)context;
    served.from = range ? from : SIZE_MAX;
    if (!parts)
        from = 0;
    if (status == 416)
        server_reply(reply, status, served.head, "", 0);
    else
        server_reply(reply, served.status ? served.status : status, served.head, file.bytes + from,
                     file.count - from);
}

static void have_file(size_t count)
{
    free(file.bytes);
    file.bytes = malloc(count + 1);
    assert_non_null(file.bytes);
    file.count = count;
    for (size_t i = 0; i < count; i++)
        file.bytes[i] = (char)(i * 31 % 251);
}

static int set_up(void **state)
{
    (void)state;
    (void)snprintf(folder, sizeof(folder), "/tmp/tp-fetch-XXXXXX");
    fake_start(&fake);
    fake.others = on_file;
    served.ranges = true;
    served.status = 0;
    served.head = OPENROSA;
    disk_says(UINT64_MAX);
    have_file(SIZE);
    if (!mkdtemp(folder) || !tp_http_global_init(NULL))
        return -1;
    (void)snprintf(partial, sizeof(partial), "%s/.film.mp4.part", folder);
    (void)snprintf(path, sizeof(path), "%s/film.mp4", folder);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    fake_stop(&fake);
    free(file.bytes);
    file.bytes = NULL;
    return tp_dir_remove(folder, NULL) ? 0 : -1;
}

static struct tp_error error;
static struct tp_verdict verdict;
static int64_t retry_after_s;

static enum tp_fetch_end fetch_of(const char *reference, uint64_t bytes_max, uint64_t free_min)
{
    struct tp_http_options options = {
        .store_url = fake.server.url, .token = "secret-token", .openrosa_server = !*served.head};
    char md5[40];
    struct tp_fetch fetch = {.http = tp_http_create(&options, NULL),
                             .reference = reference,
                             .md5 = md5 + 4,
                             .partial = partial,
                             .path = path,
                             .what = "'film.mp4' of 'hours'",
                             .bytes_max = bytes_max,
                             .free_min = free_min};
    enum tp_fetch_end end;

    survey_md5(file.bytes, file.count, md5);
    error = (struct tp_error){0};
    retry_after_s = -1;
    end = tp_fetch_file(&fetch, &verdict, &retry_after_s, &error);
    tp_http_destroy(fetch.http);
    return end;
}

static enum tp_fetch_end fetch_within(uint64_t bytes_max)
{
    return fetch_of("/film", bytes_max, 0);
}

/* What was kept of an earlier attempt: the first of the file's bytes, or none of them. */
static void put_partial(size_t count, bool true_bytes)
{
    char *bytes = calloc(count, 1);

    assert_non_null(bytes);
    if (true_bytes)
        memcpy(bytes, file.bytes, count);
    assert_true(tp_file_write_atomic(partial, bytes, count, 0644, NULL));
    free(bytes);
}

static void assert_whole(void)
{
    struct tp_buf bytes;

    tp_buf_init(&bytes, 64 * MIB);
    assert_true(tp_file_read(path, &bytes, NULL));
    assert_int_equal(bytes.length, file.count);
    assert_memory_equal(tp_buf_text(&bytes), file.bytes, file.count);
    tp_buf_finish(&bytes);
    assert_int_not_equal(access(partial, F_OK), 0);
    assert_int_equal(unlink(path), 0);
}

static void assert_failed(enum tp_fetch_end end, const char *words)
{
    assert_int_equal(end, TP_FETCH_FAILED);
    if (!strstr(error.text, words))
        fail_msg("'%s' does not say '%s'", error.text, words);
    assert_non_null(strstr(error.text, "'film.mp4' of 'hours'"));
    assert_int_not_equal(access(path, F_OK), 0);
}

static void a_file_may_have_as_many_bytes_as_it_may(void **state)
{
    (void)state;
    assert_int_equal(fetch_within(SIZE), TP_FETCH_DONE);
    assert_whole();
    assert_failed(fetch_within(SIZE - 1), "larger than 299 bytes");
}

static void what_is_here_is_gone_on_with_and_counts(void **state)
{
    (void)state;
    put_partial(200, true);
    assert_int_equal(fetch_within(SIZE), TP_FETCH_DONE);
    assert_int_equal(served.from, 200);
    assert_whole();
    put_partial(200, true);
    assert_failed(fetch_within(SIZE - 1), "larger than 299 bytes");
    (void)unlink(partial);
    /* All of it, and a store that says so, or another server that leaves its header out. */
    for (int i = 0; i < 2; i++) {
        served.head = i ? "" : OPENROSA;
        put_partial(SIZE, true);
        assert_int_equal(fetch_within(SIZE + 1), TP_FETCH_DONE);
        assert_int_equal(served.from, SIZE);
        assert_whole();
    }
}

static void a_server_without_parts_sends_the_whole_in_the_place_of_what_is_here(void **state)
{
    (void)state;
    served.ranges = false;
    put_partial(200, false);
    assert_int_equal(fetch_within(SIZE), TP_FETCH_DONE);
    assert_whole();
    /* Also where the whole is nothing. */
    have_file(0);
    put_partial(200, false);
    assert_int_equal(fetch_within(SIZE), TP_FETCH_DONE);
    assert_whole();
}

/* What has no room to be gone on with is begun anew. */
static void as_much_as_may_be_and_not_it_is_begun_anew(void **state)
{
    (void)state;
    put_partial(SIZE, false);
    assert_int_equal(fetch_within(SIZE), TP_FETCH_DONE);
    assert_int_equal(served.from, SIZE_MAX);
    assert_whole();
}

static void other_bytes_are_removed(void **state)
{
    (void)state;
    put_partial(200, false);
    assert_failed(fetch_within(SIZE), "arrived damaged");
    assert_int_not_equal(access(partial, F_OK), 0);
    assert_int_equal(fetch_within(SIZE), TP_FETCH_DONE);
}

static void its_hash_proves_a_file_of_another_server(void **state)
{
    (void)state;
    served.head = "";
    assert_int_equal(fetch_within(SIZE), TP_FETCH_DONE);
    assert_whole();
}

static void an_answer_that_is_no_file_is_refused_in_its_words(void **state)
{
    (void)state;
    served.head = OPENROSA "Retry-After: 90\r\n";
    served.status = 503;
    assert_int_equal(fetch_within(SIZE), TP_FETCH_REFUSED);
    assert_int_equal(verdict.kind, TP_VERDICT_PAUSE);
    assert_int_equal(retry_after_s, 90);
    assert_int_equal(strncmp(verdict.words, "'film.mp4' of 'hours': ", 23), 0);
    served.status = 206; /* a part that nobody asked for */
    assert_int_equal(fetch_within(SIZE), TP_FETCH_REFUSED);
    assert_int_not_equal(access(path, F_OK), 0);
    assert_failed(fetch_of("http://127.0.0.1:1/film", SIZE, 0), "not the store's");
}

static void the_disk_is_looked_at_before_and_now_and_then(void **state)
{
    (void)state;
    have_file(9 * MIB);
    assert_int_equal(fetch_of("/film", 64 * MIB, 4096), TP_FETCH_DONE);
    assert_int_equal(disk.looks, 3);
    assert_whole();
    /* Blocks are what a disk counts in. */
    disk_says(5 * MIB);
    assert_int_equal(fetch_of("/film", 64 * MIB, 5 * MIB), TP_FETCH_DONE);
    assert_whole();
    assert_failed(fetch_of("/film", 64 * MIB, 5 * MIB + 1), "the room is kept for answers");
    /* It fills in the middle; what is here is gone on with when there is room again. */
    disk_says(5 * MIB);
    disk.free[1] = 3 * MIB;
    disk.count = 2;
    assert_failed(fetch_of("/film", 64 * MIB, 4 * MIB), "free some disk");
    assert_int_equal(disk.looks, 2);
    disk.free[1] = 5 * MIB;
    assert_int_equal(fetch_of("/film", 64 * MIB, 4 * MIB), TP_FETCH_DONE);
    assert_in_range(served.from, 4 * MIB, 5 * MIB);
    assert_whole();
}

static void a_link_is_not_followed(void **state)
{
    char elsewhere[96];
    char md5[40];
    struct stat status;

    (void)state;
    (void)snprintf(elsewhere, sizeof(elsewhere), "%s/elsewhere", folder);
    assert_true(tp_file_write_atomic(elsewhere, file.bytes, file.count, 0644, NULL));
    survey_md5(file.bytes, file.count, md5);
    assert_true(tp_file_has_md5(elsewhere, md5 + 4));
    assert_int_equal(symlink(elsewhere, partial), 0);
    assert_false(tp_file_has_md5(partial, md5 + 4));
    assert_int_equal(fetch_within(SIZE), TP_FETCH_FAILED);
    assert_int_equal(stat(elsewhere, &status), 0);
    assert_int_equal(status.st_size, SIZE);
    assert_int_not_equal(access(path, F_OK), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
        TEST(a_file_may_have_as_many_bytes_as_it_may),
        TEST(what_is_here_is_gone_on_with_and_counts),
        TEST(a_server_without_parts_sends_the_whole_in_the_place_of_what_is_here),
        TEST(as_much_as_may_be_and_not_it_is_begun_anew),
        TEST(other_bytes_are_removed),
        TEST(its_hash_proves_a_file_of_another_server),
        TEST(an_answer_that_is_no_file_is_refused_in_its_words),
        TEST(the_disk_is_looked_at_before_and_now_and_then),
        TEST(a_link_is_not_followed),
#undef TEST
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
