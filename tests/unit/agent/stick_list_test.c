/* sync/agent/do/stick_list.h: the list of surveys on a stick is read whole or not at all. */
#include "tp_test.h"

#include "agent/do/download.h"
#include "agent/do/stick_list.h"
#include "base/buf.h"

#define MAGIC "talkpoint-surveys-1\n"
#define MD5 "0123456789abcdef0123456789abcdef"
#define OTHER_MD5 "1123456789abcdef0123456789abcdef"
#define SHA256 MD5 MD5
#define FORM "form\thours\t2026110101\t" MD5 "\n"
#define FILE_OF(name, md5, length) "file\t" name "\t" md5 "\t" SHA256 "\t" length "\n"
#define XML FILE_OF("form.xml", MD5, "12")

static bool reads(const char *text, size_t count)
{
    struct tp_stick_list list;
    struct tp_error error = {0};

    if (tp_stick_list_read(text, count, &list, &error)) {
        tp_stick_list_finish(&list);
        return true;
    }
    assert_int_equal(error.code, TP_ERR_INVALID);
    assert_string_equal(error.text, "not a list of surveys");
    return false;
}

static void what_is_listed_is_read(void **state)
{
    static const char text[] = MAGIC FORM XML FILE_OF("picture one.png", OTHER_MD5, "1073741824")
        FILE_OF("film.mp4", OTHER_MD5, "0") "form\tequality\t\t" MD5 "\n" XML;
    struct tp_stick_list list;

    (void)state;
    assert_true(tp_stick_list_read(text, sizeof(text) - 1, &list, NULL));
    assert_int_equal(list.forms.count, 2);
    assert_string_equal(list.forms.forms[0].id, "hours");
    assert_string_equal(list.forms.forms[0].version, "2026110101");
    assert_string_equal(list.forms.forms[0].md5, MD5);
    assert_string_equal(list.forms.forms[1].id, "equality");
    assert_string_equal(list.forms.forms[1].version, "");
    assert_int_equal(list.details[0].file_count, 3);
    assert_int_equal(list.details[0].files[0].length, 12);
    assert_string_equal(list.details[0].files[0].sha256, SHA256);
    assert_int_equal(list.details[0].files[1].length, 1073741824);
    assert_int_equal(list.details[0].files[2].length, 0);
    assert_int_equal(list.details[0].manifest.count, 2);
    assert_string_equal(list.details[0].manifest.media[0].name, "picture one.png");
    assert_string_equal(list.details[0].manifest.media[0].md5, OTHER_MD5);
    assert_string_equal(list.details[0].manifest.media[1].name, "film.mp4");
    assert_int_equal(list.details[1].file_count, 1);
    assert_int_equal(list.details[1].manifest.count, 0);
    tp_stick_list_finish(&list);
    tp_stick_list_finish(&list); /* twice is once */
}

static void a_list_without_surveys_is_a_list(void **state)
{
    (void)state;
    assert_true(reads(MAGIC, sizeof(MAGIC) - 1));
}

static void what_is_not_quite_a_list_is_refused(void **state)
{
    static const char *const texts[] = {
        "",
        "talkpoint-surveys-1",
        "talkpoint-surveys-2\n",
        " " MAGIC,
        MAGIC "\n",
        MAGIC "form\n",
        MAGIC FORM,                   /* without its form.xml */
        MAGIC FORM XML FORM XML,      /* twice */
        MAGIC FORM FORM XML,          /* the first has none */
        MAGIC XML,                    /* of no form */
        MAGIC FORM XML "file\ta.png", /* cut */
        MAGIC FORM "file\tform.xml\t" MD5 "\t" SHA256 "\t12",
        MAGIC "form\thours\t2026110101\t" MD5,
        MAGIC "farm\thours\t2026110101\t" MD5 "\n" XML,
        MAGIC "form\thours\t2026110101\n" XML,
        MAGIC "form\thours\t2026110101\t" MD5 "\tmore\n" XML,
        MAGIC "form\t../hours\t2026110101\t" MD5 "\n" XML,
        MAGIC "form\t\t2026110101\t" MD5 "\n" XML,
        MAGIC "form\thours\t2026110101\t0123456789ABCDEF0123456789abcdef\n" XML,
        MAGIC "form\thours\t2026110101\t0123456789abcdef0123456789abcde\n" XML,
        MAGIC "form\thours\t2026110101\t" MD5 "0\n" XML,
        MAGIC "form\thours\t2026110101\t0\n",
        MAGIC FORM XML FILE_OF("a.png", MD5 "x", "1"),
        MAGIC FORM FILE_OF("form.xml", OTHER_MD5, "12"), /* another form.xml than the form's */
        MAGIC FORM FILE_OF("a.png", MD5, "12"),
        MAGIC FORM XML XML, /* no other file may be named so */
        MAGIC FORM XML FILE_OF("../a.png", MD5, "1"),
        MAGIC FORM XML FILE_OF("", MD5, "1"),
        MAGIC FORM XML FILE_OF("a.png", "g123456789abcdef0123456789abcdef", "1"),
        MAGIC FORM XML FILE_OF("a.png", MD5, "1") FILE_OF("a.png", MD5, "1"),
        MAGIC FORM XML FILE_OF("a.png", MD5, ""),
        MAGIC FORM XML FILE_OF("a.png", MD5, "-1"),
        MAGIC FORM XML FILE_OF("a.png", MD5, "1x"),
        MAGIC FORM XML FILE_OF("a.png", MD5, "100000000000"), /* twelve digits */
        MAGIC FORM XML FILE_OF("a.png", MD5, "1") "pile\tb.png\t" MD5 "\t" SHA256 "\t1\n",
        MAGIC FORM XML "file\ta.png\t" MD5 "\t" MD5 "\t1\n",
        MAGIC FORM XML "file\ta.png\t" MD5 "\t" SHA256 "\t1\tmore\n",
        MAGIC FORM XML "file\ta.png\t" MD5 "\t" SHA256 "\n",
    };
    static const char with_nul[] = MAGIC FORM XML "\0";

    (void)state;
    assert_true(reads(MAGIC FORM XML, sizeof(MAGIC FORM XML) - 1));
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
        if (reads(texts[i], strlen(texts[i])))
            fail_msg("taken for a list: %s", texts[i]);
    assert_false(reads(with_nul, sizeof(with_nul)));
}

/* A list of so many forms, the first with so many files beside its form.xml. */
static bool reads_many(size_t forms, size_t files)
{
    struct tp_buf text;
    bool ok;

    tp_buf_init(&text, 1u << 20);
    tp_buf_puts(&text, MAGIC);
    for (size_t i = 0; i < forms; i++) {
        tp_buf_printf(&text, "form\tf%zu\t1\t" MD5 "\n" XML, i);
        for (size_t k = 0; i == 0 && k < files; k++)
            tp_buf_printf(&text, "file\tm%zu\t" MD5 "\t" SHA256 "\t1\n", k);
    }
    ok = reads(text.data, text.length);
    tp_buf_finish(&text);
    return ok;
}

/* One file of a form whose length is so many bytes. */
static bool reads_length(uint64_t length)
{
    char text[512];
    int count =
        snprintf(text, sizeof(text), MAGIC FORM "file\tform.xml\t" MD5 "\t" SHA256 "\t%llu\n",
                 (unsigned long long)length);

    return reads(text, (size_t)count);
}

static void there_are_limits(void **state)
{
    (void)state;
    assert_true(reads_many(TP_FORMS_MAX, TP_MEDIA_MAX));
    assert_false(reads_many(TP_FORMS_MAX + 1, 0));
    assert_false(reads_many(1, TP_MEDIA_MAX + 1));
    assert_true(reads_length(TP_PACKAGE_BYTES_MAX));
    assert_false(reads_length(TP_PACKAGE_BYTES_MAX + 1));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_listed_is_read),
        cmocka_unit_test(a_list_without_surveys_is_a_list),
        cmocka_unit_test(what_is_not_quite_a_list_is_refused),
        cmocka_unit_test(there_are_limits),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
