/* The interface's words: gettext's .mo files read, switched, missed and refused. */
#include "tp_test.h"

#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "kiosk/i18n/catalog.h"

static char folder[] = "/tmp/tp-catalog-XXXXXX";

/* Builds a .mo file of sorted pairs, as msgfmt does. */
static void put_word(unsigned char *bytes, size_t at, uint32_t word, bool swapped)
{
    word = swapped ? __builtin_bswap32(word) : word;
    memcpy(bytes + at, &word, sizeof(word));
}

struct pair {
    const char *original, *translation;
};

static size_t make_mo(unsigned char *bytes, const struct pair *pairs, uint32_t count, bool swapped)
{
    size_t at = 28 + (size_t)count * 16;

    put_word(bytes, 0, 0x950412DE, swapped);
    put_word(bytes, 4, 0, swapped);
    put_word(bytes, 8, count, swapped);
    put_word(bytes, 12, 28, swapped);
    put_word(bytes, 16, 28 + count * 8, swapped);
    put_word(bytes, 20, 0, swapped);
    put_word(bytes, 24, 0, swapped);
    for (uint32_t i = 0; i < count; i++) {
        const char *both[2] = {pairs[i].original, pairs[i].translation};

        for (uint32_t k = 0; k < 2; k++) {
            size_t length = strlen(both[k]), entry = 28 + (size_t)k * count * 8 + (size_t)i * 8;

            put_word(bytes, entry, (uint32_t)length, swapped);
            put_word(bytes, entry + 4, (uint32_t)at, swapped);
            memcpy(bytes + at, both[k], length + 1);
            at += length + 1;
        }
    }
    return at;
}

static const struct pair polish[] = {
    {"", "Content-Type: text/plain; charset=UTF-8\n"},
    {"Back", "Wstecz"},
    {"Continue", "Dalej"},
    {"Empty", ""},
    {"button\004Listen", "Słuchaj"},
};

static void write_mo(const char *name, const struct pair *pairs, uint32_t count, bool swapped)
{
    unsigned char bytes[4096];
    char path[256];
    size_t size = make_mo(bytes, pairs, count, swapped);
    struct tp_error error;

    (void)snprintf(path, sizeof(path), "%s/%s", folder, name);
    assert_true(tp_file_write_atomic(path, bytes, size, 0644, &error));
}

static int make_folder(void **state)
{
    (void)state;
    if (!mkdtemp(folder))
        return -1;
    write_mo("pl.mo", polish, 5, false);
    write_mo("ar.mo", (struct pair[]){{"Back", "رجوع"}}, 1, true);
    return 0;
}

static int remove_folder(void **state)
{
    struct tp_error error;

    (void)state;
    return tp_dir_remove(folder, &error) ? 0 : -1;
}

static void words_are_those_of_the_language(void **state)
{
    struct tp_catalog *catalog = tp_catalog_create(folder);
    struct tp_error error;

    (void)state;
    assert_string_equal(tp_catalog_get(catalog, NULL, "Back"), "Back");
    assert_int_equal(tp_catalog_missing(catalog), 0);
    assert_true(tp_catalog_choose(catalog, "pl", &error));
    assert_string_equal(tp_catalog_tag(catalog), "pl");
    assert_string_equal(tp_catalog_get(catalog, NULL, "Back"), "Wstecz");
    assert_string_equal(tp_catalog_get(catalog, NULL, "Continue"), "Dalej");
    assert_string_equal(tp_catalog_get(catalog, "button", "Listen"), "Słuchaj");
    assert_int_equal(tp_catalog_missing(catalog), 0);
    /* The other byte order. */
    assert_true(tp_catalog_choose(catalog, "ar", &error));
    assert_string_equal(tp_catalog_get(catalog, NULL, "Back"), "رجوع");
    tp_catalog_destroy(catalog);
}

static void what_is_missing_is_english_and_counted(void **state)
{
    struct tp_catalog *catalog = tp_catalog_create(folder);
    struct tp_error error;

    (void)state;
    assert_true(tp_catalog_choose(catalog, "pl", &error));
    assert_string_equal(tp_catalog_get(catalog, NULL, "Help"), "Help");
    assert_string_equal(tp_catalog_get(catalog, NULL, "Listen"), "Listen");
    assert_string_equal(tp_catalog_get(catalog, NULL, "Empty"), "Empty");
    assert_int_equal(tp_catalog_missing(catalog), 3);
    /* The header is nobody's translation. */
    assert_string_equal(tp_catalog_get(catalog, NULL, ""), "");
    assert_true(tp_catalog_choose(catalog, "uk", &error));
    assert_false(tp_catalog_has(catalog, "uk"));
    assert_string_equal(tp_catalog_get(catalog, NULL, "Back"), "Back");
    assert_int_equal(tp_catalog_missing(catalog), 1);
    assert_true(tp_catalog_choose(catalog, "en", &error));
    (void)tp_catalog_get(catalog, NULL, "Back");
    assert_int_equal(tp_catalog_missing(catalog), 0);
    tp_catalog_destroy(catalog);
}

static void a_region_falls_back_to_its_language(void **state)
{
    struct tp_catalog *catalog = tp_catalog_create(folder);
    struct tp_error error;

    (void)state;
    assert_true(tp_catalog_has(catalog, "pl-PL"));
    assert_true(tp_catalog_choose(catalog, "pl-Latn-PL", &error));
    assert_string_equal(tp_catalog_get(catalog, NULL, "Back"), "Wstecz");
    tp_catalog_destroy(catalog);
}

static void the_catalog_in_use_answers(void **state)
{
    struct tp_catalog *catalog = tp_catalog_create(folder);
    struct tp_error error;

    (void)state;
    assert_string_equal(_("Back"), "Back");
    tp_catalog_use(catalog);
    assert_true(tp_catalog_choose(catalog, "pl", &error));
    assert_string_equal(_("Back"), "Wstecz");
    assert_string_equal(tp_c("button", "Listen"), "Słuchaj");
    assert_string_equal(tp_n("Back"), "Back");
    tp_catalog_destroy(catalog);
    assert_string_equal(_("Back"), "Back");
}

static void a_tag_cannot_leave_the_folder(void **state)
{
    struct tp_catalog *catalog = tp_catalog_create(folder);
    struct tp_error error;

    (void)state;
    assert_false(tp_catalog_choose(catalog, "../../etc/passwd", &error));
    assert_int_equal(error.code, TP_ERR_MISUSE);
    assert_false(tp_catalog_choose(catalog, "", &error));
    assert_false(tp_catalog_has(catalog, "pl/../pl"));
    tp_catalog_destroy(catalog);
}

static void damaged_files_are_refused(void **state)
{
    unsigned char bytes[4096], bad[4096];
    size_t size = make_mo(bytes, polish, 5, false);
    struct tp_error error;

    (void)state;
    assert_true(tp_catalog_check(bytes, size, &error));
    for (size_t cut = 0; cut < size; cut++)
        assert_false(tp_catalog_check(bytes, cut, &error));
    memcpy(bad, bytes, size);
    put_word(bad, 0, 0x12345678, false);
    assert_false(tp_catalog_check(bad, size, &error));
    memcpy(bad, bytes, size);
    put_word(bad, 4, 2u << 16, false);
    assert_false(tp_catalog_check(bad, size, &error));
    assert_int_equal(error.code, TP_ERR_UNSUPPORTED);
    memcpy(bad, bytes, size);
    put_word(bad, 8, 0x7FFFFFFF, false);
    assert_false(tp_catalog_check(bad, size, &error));
    assert_int_equal(error.code, TP_ERR_LIMIT);
    memcpy(bad, bytes, size);
    put_word(bad, 12, 0xFFFFFFF0, false);
    assert_false(tp_catalog_check(bad, size, &error));
    memcpy(bad, bytes, size);
    put_word(bad, 32, 0xFFFFFFFF, false); /* the first string's offset */
    assert_false(tp_catalog_check(bad, size, &error));
    /* Out of order: a search in it could miss. */
    size = make_mo(bad, (struct pair[]){{"b", "1"}, {"a", "2"}}, 2, false);
    assert_false(tp_catalog_check(bad, size, &error));
}

static void a_damaged_file_leaves_the_language_as_it_was(void **state)
{
    struct tp_catalog *catalog = tp_catalog_create(folder);
    struct tp_error error;
    char path[256];

    (void)state;
    (void)snprintf(path, sizeof(path), "%s/ro.mo", folder);
    assert_true(
        tp_file_write_atomic(path, "not a mo file at all, but long enough", 37, 0644, &error));
    assert_true(tp_catalog_choose(catalog, "pl", &error));
    assert_false(tp_catalog_choose(catalog, "ro", &error));
    assert_non_null(strstr(error.text, "ro.mo"));
    assert_string_equal(tp_catalog_get(catalog, NULL, "Back"), "Wstecz");
    tp_catalog_destroy(catalog);
}

static void directions_follow_script_and_language(void **state)
{
    static const char *const rtl[] = {"ar", "ur", "ur-PK", "fa", "he", "ckb", "pa-Arab", "AR"};
    static const char *const ltr[] = {"en", "pl", "zh-Hans", "ur-Latn", "pa", "az", "", "arn"};

    (void)state;
    for (size_t i = 0; i < sizeof(rtl) / sizeof(rtl[0]); i++)
        if (!tp_tag_is_rtl(rtl[i]))
            fail_msg("%s", rtl[i]);
    for (size_t i = 0; i < sizeof(ltr) / sizeof(ltr[0]); i++)
        if (tp_tag_is_rtl(ltr[i]))
            fail_msg("%s", ltr[i]);
    assert_false(tp_tag_is_rtl(NULL));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_are_those_of_the_language),
        cmocka_unit_test(what_is_missing_is_english_and_counted),
        cmocka_unit_test(a_region_falls_back_to_its_language),
        cmocka_unit_test(the_catalog_in_use_answers),
        cmocka_unit_test(a_tag_cannot_leave_the_folder),
        cmocka_unit_test(damaged_files_are_refused),
        cmocka_unit_test(a_damaged_file_leaves_the_language_as_it_was),
        cmocka_unit_test(directions_follow_script_and_language),
    };

    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
