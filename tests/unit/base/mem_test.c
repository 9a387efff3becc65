/* core/base/mem: sizes that overflow, texts of any length, and the allocation that a test fails. */
#include "tp_test.h"

#include <string.h>

#include "base/mem.h"

static void what_is_too_large_is_not_there(void **state)
{
    char *kept = tp_calloc(4, 1);

    (void)state;
    assert_non_null(kept);
    assert_memory_equal(kept, "\0\0\0\0", 4);
    assert_null(tp_calloc(SIZE_MAX / 2 + 1, 2));
    assert_null(tp_realloc(kept, SIZE_MAX / 2 + 1, 2));
    memcpy(kept, "kept", 4);
    kept = tp_realloc(kept, 4, 100);
    assert_memory_equal(kept, "kept", 4);
    tp_free(kept);
    kept = tp_calloc(0, 8);
    assert_non_null(kept);
    tp_free(kept);
}

static void texts_of_any_length_are_made(void **state)
{
    static const char words[] = "as many words as there are";

    (void)state;
    for (size_t length = 0; length <= sizeof(words); length++) {
        char *printed = tp_asprintf("%.*s", (int)length, words);
        char *copied = tp_strndup(words, length);

        assert_non_null(printed);
        assert_int_equal(strlen(printed), length < sizeof(words) ? length : sizeof(words) - 1);
        assert_string_equal(printed, copied);
        tp_free(printed);
        tp_free_secret(copied);
    }
    tp_free_secret(NULL);
}

static void the_nth_allocation_fails_once(void **state)
{
    uint64_t before = tp_mem_count();
    void *made[4];

    (void)state;
    tp_mem_fail_at(3);
    for (size_t i = 0; i < 4; i++) {
        made[i] = i % 2 ? (void *)tp_strdup("") : tp_calloc(1, 1);
        assert_int_equal(made[i] == NULL, i == 2);
        tp_free(made[i]);
    }
    assert_int_equal(tp_mem_count() - before, 4);
    tp_mem_fail_at(1);
    tp_mem_fail_at(0);
    made[0] = tp_strdup("");
    assert_non_null(made[0]);
    tp_free(made[0]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_too_large_is_not_there),
        cmocka_unit_test(texts_of_any_length_are_made),
        cmocka_unit_test(the_nth_allocation_fails_once),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
