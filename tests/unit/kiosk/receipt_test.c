/* kiosk/app_receipt: codes that can be read out over the telephone. */
#include "tp_test.h"

#include <ctype.h>
#include <stdbool.h>
#include <string.h>

#include "kiosk/app_receipt.h"

static bool is_word(const char *text, size_t length)
{
    size_t count;
    const char *const *words = tp_receipt_words(&count);

    for (size_t i = 0; i < count; i++)
        if (strlen(words[i]) == length && strncmp(words[i], text, length) == 0)
            return true;
    return false;
}

static void words_are_many_different_and_short(void **state)
{
    size_t count;
    const char *const *words = tp_receipt_words(&count);

    (void)state;
    assert_true(count >= 512);
    for (size_t i = 0; i < count; i++) {
        size_t length = strlen(words[i]);

        assert_in_range(length, 4, 9);
        assert_true(isupper((unsigned char)words[i][0]));
        for (size_t k = 1; k < length; k++)
            assert_true(islower((unsigned char)words[i][k]));
        if (i > 0)
            assert_true(strcmp(words[i - 1], words[i]) < 0);
    }
}

static void a_code_is_word_number_word(void **state)
{
    uint64_t seed = 7;
    struct tp_random random = tp_random_seeded(&seed);

    (void)state;
    for (int i = 0; i < 5000; i++) {
        char code[TP_RECEIPT_CODE_MAX], *space, *last;

        tp_receipt_code(&random, code);
        space = strchr(code, ' ');
        last = strrchr(code, ' ');
        assert_non_null(space);
        assert_int_equal(last - space, 3);
        assert_true(isdigit((unsigned char)space[1]) && space[1] != '0');
        assert_true(isdigit((unsigned char)space[2]));
        assert_true(is_word(code, (size_t)(space - code)));
        assert_true(is_word(last + 1, strlen(last + 1)));
        assert_false(strlen(last + 1) == (size_t)(space - code) &&
                     strncmp(code, last + 1, strlen(last + 1)) == 0);
    }
}

static void codes_use_every_word_and_number(void **state)
{
    uint64_t seed = 11;
    struct tp_random random = tp_random_seeded(&seed);
    size_t count;
    const char *const *words = tp_receipt_words(&count);
    bool first[1024] = {false}, second[1024] = {false}, numbers[100] = {false};

    (void)state;
    assert_true(count <= 1024);
    for (int i = 0; i < 40000; i++) {
        char code[TP_RECEIPT_CODE_MAX];
        char *space, *last;

        tp_receipt_code(&random, code);
        space = strchr(code, ' ');
        last = strrchr(code, ' ');
        *space = '\0';
        for (size_t w = 0; w < count; w++) {
            first[w] = first[w] || strcmp(words[w], code) == 0;
            second[w] = second[w] || strcmp(words[w], last + 1) == 0;
        }
        numbers[(space[1] - '0') * 10 + space[2] - '0'] = true;
    }
    for (size_t w = 0; w < count; w++)
        assert_true(first[w] && second[w]);
    for (int n = 10; n < 100; n++)
        assert_true(numbers[n]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_are_many_different_and_short),
        cmocka_unit_test(a_code_is_word_number_word),
        cmocka_unit_test(codes_use_every_word_and_number),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
