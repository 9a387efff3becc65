/* However a multipart message is cut into pieces, the same parts come out; and what went in comes
 * out, whatever bytes it holds. */
#include "tp_test.h"

#include <string.h>

#include "base/buf.h"
#include "base/random.h"
#include "central/http/multipart.h"
#include "lib/multipart_text.h"

#define ROUNDS 3000
#define PARTS_MAX_HERE 5

static const char boundary[] = "a-b--c";

/* Bytes with much in them that looks like a delimiter. */
static void add_content(const struct tp_random *random, struct tp_buf *out)
{
    static const char *const bits[] = {"\r",          "\n",     "\r\n", "-", "--",       "\r\n--",
                                       "\r\n--a-b--", "a-b--c", "a-b",  "x", "\r\r\n--a"};
    uint32_t count = tp_random_below(random, 30);

    for (uint32_t i = 0; i < count; i++) {
        if (tp_random_below(random, 4) == 0)
            (void)tp_buf_putc(out, (char)tp_random_below(random, 256));
        else
            (void)tp_buf_puts(out, bits[tp_random_below(random, 11)]);
    }
}

static bool holds(const struct tp_buf *content, const char *needle)
{
    return memmem(tp_buf_text(content), content->length, needle, strlen(needle)) != NULL;
}

static void make_message(const struct tp_random *random, struct tp_buf *message,
                         struct tp_buf *expected)
{
    uint32_t parts = tp_random_below(random, PARTS_MAX_HERE);

    if (tp_random_below(random, 3) == 0)
        (void)tp_buf_puts(message, "preamble\r\n");
    for (uint32_t i = 0; i < parts; i++) {
        struct tp_buf content;

        tp_buf_init(&content, 10000);
        do {
            tp_buf_reset(&content);
            add_content(random, &content);
        } while (holds(&content, "\r\n--a-b--c"));
        (void)tp_buf_printf(message,
                            "--%s\r\nContent-Disposition: form-data; name=\"n%u\"; "
                            "filename=\"f%u\"\r\nContent-Type: text/xml\r\n\r\n",
                            boundary, i, i);
        (void)tp_buf_printf(expected, "<n%u|f%u|text/xml>", i, i);
        (void)tp_buf_add(message, tp_buf_text(&content), content.length);
        (void)tp_buf_add(expected, tp_buf_text(&content), content.length);
        (void)tp_buf_puts(message, "\r\n");
        (void)tp_buf_putc(expected, ';');
        tp_buf_finish(&content);
    }
    (void)tp_buf_printf(message, "--%s--", boundary);
    if (tp_random_below(random, 2))
        (void)tp_buf_puts(message, "\r\nepilogue");
}

/* Feeds in pieces of 1..most bytes. */
static void read_in_pieces(const struct tp_random *random, const struct tp_buf *message,
                           uint32_t most, struct tp_buf *got)
{
    const struct tp_multipart_sink sink = multipart_text(got);
    struct tp_multipart reader;
    struct tp_error error;
    size_t at = 0;

    assert_true(tp_multipart_init(&reader, "multipart/form-data; boundary=a-b--c", &sink, &error));
    while (at < message->length) {
        size_t piece = 1 + tp_random_below(random, most);

        if (piece > message->length - at)
            piece = message->length - at;
        if (!tp_multipart_feed(&reader, message->data + at, piece, &error))
            fail_msg("%s", error.text);
        at += piece;
    }
    if (!tp_multipart_finish(&reader, &error))
        fail_msg("%s", error.text);
}

static void the_same_parts_however_it_is_cut(void **state)
{
    uint64_t seed = 20261123;
    struct tp_random random = tp_random_seeded(&seed);

    (void)state;
    for (int round = 0; round < ROUNDS; round++) {
        static const uint32_t most[] = {1, 2, 7, 100000};
        struct tp_buf message;
        struct tp_buf expected;

        tp_buf_init(&message, 100000);
        tp_buf_init(&expected, 100000);
        make_message(&random, &message, &expected);
        for (size_t i = 0; i < 4; i++) {
            struct tp_buf got;

            tp_buf_init(&got, 100000);
            read_in_pieces(&random, &message, most[i], &got);
            assert_int_equal(got.length, expected.length);
            assert_memory_equal(tp_buf_text(&got), tp_buf_text(&expected), got.length);
            tp_buf_finish(&got);
        }
        tp_buf_finish(&message);
        tp_buf_finish(&expected);
    }
}

static void a_message_that_is_cut_short_is_never_whole(void **state)
{
    uint64_t seed = 7;
    struct tp_random random = tp_random_seeded(&seed);

    (void)state;
    for (int round = 0; round < 300; round++) {
        struct tp_buf message;
        struct tp_buf expected;
        struct tp_buf got;
        const struct tp_multipart_sink sink = multipart_text(&got);
        struct tp_multipart reader;
        size_t whole = 0;

        tp_buf_init(&message, 100000);
        tp_buf_init(&expected, 100000);
        tp_buf_init(&got, 100000);
        make_message(&random, &message, &expected);
        assert_true(
            tp_multipart_init(&reader, "multipart/form-data; boundary=a-b--c", &sink, NULL));
        /* The first bytes that look like the end may stand in a part: feed up to the last. */
        for (size_t at = 0; at + 10 <= message.length; at++) {
            if (memcmp(message.data + at, "--a-b--c--", 10) == 0 &&
                (at < 2 || memcmp(message.data + at - 2, "\r\n", 2) == 0))
                whole = at + 10;
        }
        assert_true(tp_multipart_feed(&reader, message.data, whole - 1, NULL));
        assert_false(tp_multipart_finish(&reader, NULL));
        tp_buf_finish(&message);
        tp_buf_finish(&expected);
        tp_buf_finish(&got);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_same_parts_however_it_is_cut),
        cmocka_unit_test(a_message_that_is_cut_short_is_never_whole),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
