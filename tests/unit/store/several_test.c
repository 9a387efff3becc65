/* core/store/several.h: several answers in one request, and the word on each. */
#include "tp_test.h"

#include <string.h>

#include "base/mem.h"
#include "store/several.h"

#define SHA "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static const struct tp_carried answers[] = {
    {.instance_id = "uuid:1",
     .form_id = "hours",
     .form_version = "1",
     .sha256 = SHA,
     .sealed = "one\n\n\0x",
     .sealed_count = 7},
    {.instance_id = "uuid:2", .form_id = "parks", .form_version = "", .sha256 = SHA, .sealed = ""},
    {.instance_id = "uuid:3",
     .form_id = "hours",
     .form_version = "1",
     .sha256 = SHA,
     .sealed = "three",
     .sealed_count = 5},
};

static void write_all(struct tp_buf *out)
{
    tp_buf_init(out, TP_SEVERAL_BYTES_MAX);
    assert_true(tp_several_write(answers, 3, out, NULL));
}

static void what_was_written_is_read(void **state)
{
    struct tp_several several;
    struct tp_error error;
    struct tp_buf bytes;

    (void)state;
    write_all(&bytes);
    if (!tp_several_read(bytes.data, bytes.length, &several, &error))
        fail_msg("%s", error.text);
    assert_int_equal(several.count, 3);
    for (size_t i = 0; i < 3; i++) {
        assert_string_equal(several.answers[i].instance_id, answers[i].instance_id);
        assert_string_equal(several.answers[i].form_id, answers[i].form_id);
        assert_string_equal(several.answers[i].form_version, answers[i].form_version);
        assert_string_equal(several.answers[i].sha256, SHA);
        assert_int_equal(several.answers[i].sealed_count, answers[i].sealed_count);
        assert_memory_equal(several.answers[i].sealed, answers[i].sealed, answers[i].sealed_count);
    }
    tp_several_finish(&several);
    tp_buf_finish(&bytes);
}

/* Nothing that is cut short is taken for a whole, nor anything with more behind it. */
static void a_part_of_it_is_nothing(void **state)
{
    struct tp_several several;
    struct tp_buf bytes;

    (void)state;
    write_all(&bytes);
    for (size_t length = 0; length < bytes.length; length++) {
        char *copy = tp_calloc(length + 1, 1);

        memcpy(copy, bytes.data, length);
        assert_false(tp_several_read(copy, length, &several, NULL));
        tp_free(copy);
    }
    assert_true(tp_buf_putc(&bytes, 'x'));
    assert_false(tp_several_read(bytes.data, bytes.length, &several, NULL));
    tp_buf_finish(&bytes);
}

static bool is_read(const char *text)
{
    struct tp_several several = {0};
    bool ok = tp_several_read(text, strlen(text), &several, NULL);

    tp_several_finish(&several);
    return ok;
}

#define HEAD "talkpoint-answers-1\nanswers\t"
#define LINE "uuid:1\thours\t1\t" SHA "\t"

static void hostile_lines_are_refused(void **state)
{
    static const char *const bad[] = {
        HEAD "0\n\n",
        HEAD "65\n" LINE "1\n\nx",
        HEAD "4294967297\n" LINE "1\n\nx",
        HEAD "-1\n" LINE "1\n\nx",
        HEAD "2\n" LINE "1\n\nx",
        HEAD "1\n" LINE "99999999\n\nx",
        HEAD "1\n" LINE "18446744073709551615\n\nx",
        HEAD "1\n" LINE "\n\nx",
        HEAD "1\n" LINE "0x1\n\nx",
        HEAD "1\n" LINE "1\t\n\nx",
        HEAD "1\nuuid:1\thours\t" SHA "\t1\n\nx",
        HEAD "1\nuuid 1\thours\t1\t" SHA "\t1\n\nx",
        HEAD "1\nuuid:1\t\t1\t" SHA "\t1\n\nx",
        HEAD "1\nuuid:1\thours\t1\tABC\t1\n\nx",
        HEAD "1\n" LINE "1\nx",
        "talkpoint-answers-2\nanswers\t1\n" LINE "1\n\nx",
        "\n\n",
    };

    (void)state;
    assert_true(is_read(HEAD "1\n" LINE "1\n\nx"));
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        if (is_read(bad[i]))
            fail_msg("taken: %s", bad[i]);
}

static void each_answer_has_its_own_word(void **state)
{
    struct tp_receipt_pair pair;
    struct tp_receipt receipt;
    struct tp_word word;
    struct tp_buf reply;
    char *text;

    (void)state;
    tp_buf_init(&reply, TP_SEVERAL_REPLY_MAX);
    assert_true(tp_receipt_pair_generate(&pair, NULL) &&
                tp_receipt_sign(&pair, "uuid:1", SHA, 0, &receipt, NULL));
    assert_true(tp_several_reply_begin(&reply) && tp_several_reply_receipt(&reply, &receipt) &&
                tp_several_reply_refusal(&reply, 409, "uuid:2", "another is here") &&
                tp_several_reply_refusal(&reply, 404, "uuid:3", ""));
    assert_memory_equal(reply.data, "talkpoint-answered-1\n201\tuuid:1\t", 32);
    text = reply.data;
    assert_true(tp_several_reply_open(&text));
    assert_true(tp_several_reply_next(&text, "uuid:1", &word));
    assert_int_equal(word.status, 201);
    assert_true(word.has_receipt && tp_receipt_verify(&pair.key, NULL, &word.receipt, NULL));
    assert_true(tp_several_reply_next(&text, "uuid:2", &word));
    assert_int_equal(word.status, 409);
    assert_false(word.has_receipt);
    assert_string_equal(word.message, "another is here");
    /* Not about the answer that was asked for. */
    assert_false(tp_several_reply_next(&text, "uuid:2", &word));
    assert_false(tp_several_reply_next(&text, "uuid:4", &word));
    tp_buf_finish(&reply);
}

static void another_servers_page_is_no_reply(void **state)
{
    char page[] = "<html>\nWelcome\n";
    char empty[] = "";
    char short_line[] = "201\tuuid:1\n999999999\tuuid:1\tx\n99\tuuid:1\tx\n201\tuuid:1\ta\tb\tc\n";
    struct tp_word word;
    char *text = page;

    (void)state;
    assert_false(tp_several_reply_open(&text));
    text = empty;
    assert_false(tp_several_reply_open(&text));
    text = short_line;
    for (int i = 0; i < 3; i++)
        assert_false(tp_several_reply_next(&text, "uuid:1", &word));
    assert_true(tp_several_reply_next(&text, "uuid:1", &word));
    assert_false(word.has_receipt);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_written_is_read),
        cmocka_unit_test(a_part_of_it_is_nothing),
        cmocka_unit_test(hostile_lines_are_refused),
        cmocka_unit_test(each_answer_has_its_own_word),
        cmocka_unit_test(another_servers_page_is_no_reply),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
