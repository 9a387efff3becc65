/* Random workbooks: written as Markdown, then as .xlsx, and read again, they are the same. And what
 * a converter makes of any of them is well-formed or told as a problem. */
#include "tp_test.h"

#include <libxml/parser.h>
#include <string.h>
#include <unistd.h>

#include "base/random.h"
#include "form/lint.h"
#include "form/workbook.h"
#include "form/xlsform.h"

#define ROUNDS 60u

static uint64_t seed = 20261123;
static struct tp_random chance;

static uint32_t below(uint32_t bound)
{
    return tp_random_below(&chance, bound);
}

static const char *pick(const char *const *items, size_t count)
{
    return items[below((uint32_t)count)];
}
#define PICK(items) pick(items, sizeof(items) / sizeof((items)[0]))

static const char *const words[] = {
    "a",
    "Zażółć gęślą jaźń",
    "مرحبا",
    "two\nlines",
    "bar | bar",
    "back\\slash",
    "007",
    "=1+1",
    "TRUE",
    "3.0",
    "2026-11-01",
    "\"quoted\", yes",
    "<b>&amp;</b>",
    "#not a comment",
    "-",
    "--|--",
    "${a}",
    "1 < 2",
    "emoji 🗳",
    "x  y",
    "'",
    "_x0041_",
    "\\|",
    "trailing\\",
};

/* Cells that a form is made of, good and bad. */
static const char *const types[] = {
    "text",
    "integer",
    "select_one l",
    "select_multiple l",
    "select_one l or_other",
    "rank l",
    "note",
    "begin_group",
    "end_group",
    "begin_repeat",
    "end_repeat",
    "calculate",
    "range",
    "date",
    "acknowledge",
    "hidden",
    "wibble",
    "geopoint",
    "select_one_from_file a.csv",
    "begin_loop over l",
    "end_loop",
    "csv-external",
    "audit",
    "start",
    "select_one ${a}",
    "select_one_external l",
};
static const char *const names[] = {"a", "b", "c", "d", "e", "g", "data", "meta", "1x", "é"};
static const char *const formulas[] = {
    "${a}",
    "1 = 1",
    "${a} > 2",
    "${nobody}",
    "${",
    "yes",
    "no",
    "concat('a', ${b})",
    "(((",
    "indexed-repeat(${a}, ${g}, 1)",
    "instance('l')/root/item[name = ${a}]/label",
    ". != ''",
    "pulldata('f', 'a', 'b', ${a})",
    "today()",
    "1 - 1",
    "x",
    "${last-saved#a}",
};
static const char *const columns[] = {
    "type",
    "name",
    "label",
    "hint",
    "label::Polish (pl)",
    "relevant",
    "constraint",
    "calculation",
    "default",
    "required",
    "choice_filter",
    "parameters",
    "appearance",
    "repeat_count",
    "trigger",
    "media::image",
    "image_alt",
    "constraint_message",
    "body::x",
    "bind::odk:y",
    "guidance_hint",
};

static void add(struct tp_workbook *workbook, size_t sheet, unsigned row, size_t column,
                const char *text)
{
    struct tp_error error;

    if (!tp_workbook_set(workbook, sheet, row, column, text, strlen(text), &error))
        fail_msg("%s", error.text);
}

static void make_any(struct tp_workbook *workbook)
{
    static const char *const sheets[] = {"survey", "choices", "Notes", "żółć"};
    size_t count = 1 + below(4);

    assert_true(tp_workbook_init(workbook, "any.md", NULL));
    for (size_t s = 0; s < count; s++) {
        unsigned rows = 1 + below(12);
        size_t sheet;

        assert_true(tp_workbook_add_sheet(workbook, sheets[s], &sheet, NULL));
        for (unsigned r = 1; r <= rows; r++) {
            size_t width = 1 + below(8);

            for (size_t c = 0; c < width; c++) {
                if (below(4) || (c == width - 1))
                    add(workbook, sheet, r, c, PICK(words));
            }
        }
    }
}

static const char *const good_types[] = {
    "text",      "integer",      "select_one l", "select_multiple m",     "note",
    "range",     "date",         "calculate",    "select_one l or_other", "begin_group",
    "end_group", "begin_repeat", "end_repeat",
};
static const char *const good_formulas[] = {
    "1 = 1", "yes", "no", "today()", "x", ". != ''", "${q2} = 'a'", "concat(${q2}, 'b')",
};

/* Mostly what an author would write, so that many get through. */
static const char *form_cell(const char *column, unsigned row)
{
    static char name[16];
    bool odd = below(80) == 0;

    if (strcmp(column, "type") == 0)
        return odd ? PICK(types) : row == 2 ? "text" : PICK(good_types);
    if (strcmp(column, "name") == 0) {
        (void)snprintf(name, sizeof(name), "q%u", row);
        return odd ? PICK(names) : name;
    }
    if (odd)
        return below(2) ? PICK(formulas) : PICK(words);
    if (strcmp(column, "parameters") == 0 || strcmp(column, "appearance") == 0)
        return "";
    if (strcmp(column, "trigger") == 0)
        return "${q2}";
    if (strcmp(column, "media::image") == 0)
        return "a.png";
    if (strstr(column, "label") || strstr(column, "hint") || strstr(column, "message"))
        return "Some words ${q2}";
    return PICK(good_formulas);
}

/* Groups that are ended where they began; the rest is up to chance. */
static void balance(struct tp_workbook *workbook, size_t sheet, unsigned *row)
{
    const struct tp_workbook_sheet *survey = &workbook->sheets[sheet];
    const char *open[16];
    size_t depth = 0;

    for (size_t r = 1; r < survey->count && depth < 16; r++) {
        const char *type = tp_workbook_cell(&survey->rows[r], 0);

        if (strncmp(type, "begin_", 6) == 0)
            open[depth++] = strcmp(type, "begin_group") == 0 ? "end_group" : "end_repeat";
        else if (strncmp(type, "end_", 4) == 0 && depth)
            depth--;
    }
    while (depth)
        add(workbook, sheet, (*row)++, 0, open[--depth]);
}

static void make_form(struct tp_workbook *workbook)
{
    unsigned rows = 3 + below(8);
    size_t sheet;

    assert_true(tp_workbook_init(workbook, "form.md", NULL));
    assert_true(tp_workbook_add_sheet(workbook, "survey", &sheet, NULL));
    for (size_t c = 0; c < sizeof(columns) / sizeof(columns[0]); c++)
        add(workbook, sheet, 1, c, columns[c]);
    for (unsigned r = 2; r <= rows; r++) {
        for (size_t c = 0; c < sizeof(columns) / sizeof(columns[0]); c++) {
            if (c < 3 || below(9) == 0)
                add(workbook, sheet, r, c, form_cell(columns[c], r));
        }
    }
    rows++;
    balance(workbook, sheet, &rows);
    assert_true(tp_workbook_add_sheet(workbook, "choices", &sheet, NULL));
    for (size_t c = 0; c < 4; c++) {
        static const char *const header[] = {"list_name", "name", "label", "extra"};

        add(workbook, sheet, 1, c, header[c]);
    }
    for (unsigned r = 2; r < 2 + sizeof(names) / sizeof(names[0]); r++) {
        add(workbook, sheet, r, 0, r % 2 ? "l" : "m");
        add(workbook, sheet, r, 1, names[r - 2]);
        add(workbook, sheet, r, 2, PICK(words));
    }
}

static void assert_same(const struct tp_workbook *a, const struct tp_workbook *b)
{
    assert_int_equal(a->count, b->count);
    for (size_t s = 0; s < a->count; s++) {
        assert_string_equal(a->sheets[s].name, b->sheets[s].name);
        assert_int_equal(a->sheets[s].count, b->sheets[s].count);
        for (size_t r = 0; r < a->sheets[s].count; r++) {
            const struct tp_workbook_row *x = &a->sheets[s].rows[r];
            const struct tp_workbook_row *y = &b->sheets[s].rows[r];

            assert_int_equal(x->number, y->number);
            for (size_t c = 0; c < x->count || c < y->count; c++)
                assert_string_equal(tp_workbook_cell(x, c), tp_workbook_cell(y, c));
        }
    }
}

static void markdown_reads_back_as_the_same_workbook(void **state)
{
    (void)state;
    for (unsigned i = 0; i < ROUNDS; i++) {
        struct tp_workbook workbook;
        struct tp_workbook again;
        struct tp_error error;
        struct tp_buf text;

        make_any(&workbook);
        tp_buf_init(&text, 1024u * 1024u);
        assert_true(tp_workbook_write_markdown(&workbook, &text));
        if (!tp_workbook_parse("any.md", tp_buf_text(&text), text.length, &again, &error))
            fail_msg("%s\n%s", error.text, tp_buf_text(&text));
        assert_same(&workbook, &again);
        tp_buf_finish(&text);
        tp_workbook_finish(&again);
        tp_workbook_finish(&workbook);
    }
}

static void xlsx_reads_back_as_the_same_workbook(void **state)
{
    char path[] = "/tmp/tp-property-XXXXXX.xlsx";
    int file = mkstemps(path, 5);

    (void)state;
    assert_true(file >= 0);
    (void)close(file);
    for (unsigned i = 0; i < ROUNDS; i++) {
        struct tp_workbook workbook;
        struct tp_workbook again;
        struct tp_error error;

        make_any(&workbook);
        if (!tp_workbook_write_xlsx(&workbook, path, &error) ||
            !tp_workbook_read(path, &again, &error))
            fail_msg("%s", error.text);
        assert_same(&workbook, &again);
        tp_workbook_finish(&again);
        tp_workbook_finish(&workbook);
    }
    (void)unlink(path);
}

static void what_converts_is_well_formed(void **state)
{
    unsigned converted = 0;

    (void)state;
    for (unsigned i = 0; i < 20 * ROUNDS; i++) {
        struct tp_workbook workbook;
        struct tp_problems problems;
        struct tp_xlsform form = {0};

        tp_problems_init(&problems);
        make_form(&workbook);
        if (tp_xlsform_convert_lenient(&workbook, &problems, &form)) {
            xmlDoc *doc = xmlReadMemory(form.xml, (int)form.xml_length, NULL, NULL,
                                        XML_PARSE_NONET | XML_PARSE_NOERROR);

            if (!doc)
                fail_msg("not well-formed:\n%s", form.xml);
            xmlFreeDoc(doc);
            converted++;
            tp_xlsform_finish(&form);
        } else {
            assert_true(problems.errors > 0);
            assert_null(form.xml);
        }
        tp_lint(&workbook, NULL, &problems);
        tp_workbook_finish(&workbook);
        tp_problems_finish(&problems);
    }
    /* Enough of them get through for the first half to say something. */
    print_message("%u of %u converted\n", converted, 20 * ROUNDS);
    assert_true(converted > 150);
}

static int start(void **state)
{
    (void)state;
    chance = tp_random_seeded(&seed);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(markdown_reads_back_as_the_same_workbook),
        cmocka_unit_test(xlsx_reads_back_as_the_same_workbook),
        cmocka_unit_test(what_converts_is_well_formed),
    };

    return cmocka_run_group_tests(tests, start, NULL);
}
