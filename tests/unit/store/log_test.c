/* core/store/log: which logs SQLite may take as they are, and which would lose finished commits. */
#include "store/db.h"
#include "store/log.h"
#include "unit/store/fixture.h"

#define COMMITS 6u

struct bytes {
    struct tp_buf buf;
    size_t size;
};

static bool read_bytes(void *context, uint64_t at, void *out, size_t count)
{
    const struct bytes *bytes = context;

    if (at + count > bytes->size)
        return false;
    memcpy(out, bytes->buf.data + at, count);
    return true;
}

static struct tp_pages_source source_of(struct bytes *bytes)
{
    return (struct tp_pages_source){.context = bytes, .size = bytes->size, .read = read_bytes};
}

static bool is_broken(struct bytes *bytes)
{
    const struct tp_pages_source source = source_of(bytes);

    return tp_log_is_broken(&source);
}

/* A log of some answers, nothing of it copied back yet. */
static struct bytes log_of_answers(struct fixture *f)
{
    struct bytes bytes = {.size = 0};
    char path[128];

    f->store->log_soon = 1 << 30;
    f->store->log_must = 1 << 30;
    for (unsigned i = 0; i < COMMITS; i++)
        assert_true(fixture_put(f, i));
    (void)snprintf(path, sizeof(path), "%s/device.db-wal", f->folder);
    tp_buf_init(&bytes.buf, 1u << 24);
    assert_true(tp_file_read(path, &bytes.buf, &f->error));
    bytes.size = bytes.buf.length;
    return bytes;
}

static size_t frame_size(struct bytes *log)
{
    const struct tp_pages_source source = source_of(log);
    struct tp_log_head head;

    assert_true(tp_log_read_head(&source, &head));
    assert_true(head.is_whole);
    return TP_LOG_FRAME_HEADER + head.page_size;
}

static void a_whole_log_is_taken(void **state)
{
    struct bytes log = log_of_answers(*state);

    assert_true(log.size > TP_LOG_HEADER);
    assert_false(is_broken(&log));
    tp_buf_finish(&log.buf);
}

static void a_log_that_a_power_cut_ended_is_taken(void **state)
{
    struct bytes log = log_of_answers(*state);
    const size_t whole = log.size;
    const size_t frame = frame_size(&log);

    for (log.size = 0; log.size < whole; log.size += 509)
        assert_false(is_broken(&log));
    /* The last commit came to the disk in part. */
    log.size = whole;
    log.buf.data[whole - frame + TP_LOG_FRAME_HEADER + 100] ^= 1;
    assert_false(is_broken(&log));
    tp_buf_finish(&log.buf);
}

static void a_log_with_commits_behind_a_damaged_frame_is_broken(void **state)
{
    struct bytes log = log_of_answers(*state);
    const size_t frame = frame_size(&log);
    char *first = log.buf.data + TP_LOG_HEADER;

    first[TP_LOG_FRAME_HEADER + 100] ^= 1;
    assert_true(is_broken(&log));
    first[TP_LOG_FRAME_HEADER + 100] ^= 1;
    first[8] ^= 1; /* its salt */
    assert_true(is_broken(&log));
    first[8] ^= 1;
    first[frame + 16] ^= 1; /* the next one's checksum */
    assert_true(is_broken(&log));
    first[frame + 16] ^= 1;
    log.buf.data[24] ^= 1; /* the header's own */
    assert_true(is_broken(&log));
    log.buf.data[24] ^= 1;
    assert_false(is_broken(&log));
    tp_buf_finish(&log.buf);
}

/* SQLite leaves what an older log held behind a newer one that is shorter. */
static void what_an_older_log_left_behind_is_passed_by(void **state)
{
    struct bytes log = log_of_answers(*state);
    const size_t frame = frame_size(&log);
    char *last = log.buf.data + log.size;

    while (last > log.buf.data + TP_LOG_HEADER + 2 * frame) {
        last -= frame;
        memset(last + 8, 0x55, TP_LOG_SALT);
    }
    assert_false(is_broken(&log));
    tp_buf_finish(&log.buf);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORE_TEST(a_whole_log_is_taken),
        STORE_TEST(a_log_that_a_power_cut_ended_is_taken),
        STORE_TEST(a_log_with_commits_behind_a_damaged_frame_is_broken),
        STORE_TEST(what_an_older_log_left_behind_is_passed_by),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
