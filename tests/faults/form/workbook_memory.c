/* No memory, at every allocation in turn: reading, converting and checking a workbook fails
 * cleanly, leaks nothing (the sanitizer looks), and never says that all is well with half of it
 * missing. */
#include "tp_test.h"

#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/mem.h"
#include "faults/tally.h"
#include "form/consultation.h"
#include "form/lint.h"
#include "form/workbook.h"
#include "form/xlsform.h"

static const char markdown[] =
    "| survey |\n"
    "| | type | name | label::English (en) | label::Easy Read (en-simple) | relevant | calculation "
    "| trigger | media::image | image_alt | default | parameters | choice_filter |\n"
    "| | text | a | A ${a} | A one. A two. | | | | a.svg | An A | now() | | |\n"
    "| | select_one l or_other | b | B | B | ${a} = 'x' | | | | | | randomize=true | |\n"
    "| | begin_repeat | r | R | R | | | | | | | | |\n"
    "| | range | c | C | C | | | | | | | start=1 end=5 | |\n"
    "| | calculate | d | | | | ${c} + 1 | | | | | | |\n"
    "| | end_repeat | | | | | | | | | | | |\n"
    "| | calculate | e | | | | pulldata('f', 'a', 'b', ${a}) | ${a} | | | | | |\n"
    "| | begin_loop over l | g | G | G | | | | | | | | |\n"
    "| | text | h | %(label)s | | | | | | | | | |\n"
    "| | end_loop | | | | | | | | | | | |\n"
    "| | select_one_from_file t.csv | t | T | T | | | | | | | | x = ${a} |\n"
    "| choices |\n| | list_name | name | label::English (en) |\n| | l | x | X |\n| | l | y | Y |\n"
    "| settings |\n| | default_language | instance_name |\n| | English (en) | concat('a', ${a}) |\n"
    "| consultation |\n| | name | value | value::Easy Read (en-simple) |\n"
    "| | title | A title | A title |\n| | who | We ask. You say. | We ask. You say. |\n";

/* Far more allocations than any of the steps makes. */
#define TRIES_MAX 20000u

static bool step(const char *name, const void *bytes, size_t size, uint64_t nth, bool *reached)
{
    struct tp_workbook workbook = {0};
    struct tp_problems problems;
    struct tp_xlsform form = {0};
    struct tp_error error = {0};
    uint64_t before;
    bool converted = false;
    bool read;

    tp_problems_init(&problems);
    before = tp_mem_count();
    tp_mem_fail_at(nth);
    read = tp_workbook_parse(name, bytes, size, &workbook, &error);
    if (read) {
        converted = tp_xlsform_convert(&workbook, &problems, &form);
        tp_lint(&workbook, NULL, &problems);
    }
    *reached = tp_mem_count() - before >= nth;
    tp_mem_fail_at(0);
    if (!read)
        assert_true(error.text[0] != '\0');
    if (read && !converted)
        assert_true(problems.errors > 0);
    if (converted) {
        /* The whole form or none. */
        assert_non_null(strstr(form.xml, "</h:html>"));
        assert_non_null(form.consultation);
        assert_int_equal(form.media_count, 3);
    }
    tp_xlsform_finish(&form);
    tp_workbook_finish(&workbook);
    tp_problems_finish(&problems);
    return converted;
}

static void fail_each(const char *name, const void *bytes, size_t size)
{
    bool reached = true;
    uint64_t nth;

    for (nth = 1; reached && nth < TRIES_MAX; nth++)
        (void)step(name, bytes, size, nth, &reached);
    assert_true(nth > 50 && nth < TRIES_MAX);
    faults.injected += nth - 1;
    /* And with memory it works. */
    assert_true(step(name, bytes, size, TRIES_MAX * 10, &reached));
}

static void markdown_without_memory(void **state)
{
    (void)state;
    fail_each("f.md", markdown, sizeof(markdown) - 1);
}

static void xlsx_without_memory(void **state)
{
    char path[] = "/tmp/tp-faults-XXXXXX.xlsx";
    int file = mkstemps(path, 5);
    struct tp_workbook workbook;
    struct tp_buf bytes;

    (void)state;
    assert_true(file >= 0);
    (void)close(file);
    assert_true(tp_workbook_parse("f.md", markdown, sizeof(markdown) - 1, &workbook, NULL));
    assert_true(tp_workbook_write_xlsx(&workbook, path, NULL));
    tp_workbook_finish(&workbook);
    tp_buf_init(&bytes, 1024u * 1024u);
    assert_true(tp_file_read(path, &bytes, NULL));
    fail_each("f.xlsx", tp_buf_text(&bytes), bytes.length);
    tp_buf_finish(&bytes);
    (void)unlink(path);
}

static void facts_without_memory(void **state)
{
    static const char json[] = "{\"title\":{\"default\":\"T\"}}";
    struct tp_consultation *consultation = NULL;
    struct tp_error error;

    (void)state;
    tp_mem_fail_at(1);
    assert_false(tp_consultation_parse(json, sizeof(json) - 1, &consultation, &error));
    assert_int_equal(error.code, TP_ERR_MEMORY);
    assert_null(consultation);
    tp_mem_fail_at(0);
    faults.injected++;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(markdown_without_memory),
        cmocka_unit_test(xlsx_without_memory),
        cmocka_unit_test(facts_without_memory),
    };
    /* Nothing is stored here: what a failed reading leaves behind is the sanitizer's to find. */
    return faults_end(cmocka_run_group_tests(tests, NULL, NULL));
}
