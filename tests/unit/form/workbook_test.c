/* core/form/workbook: the three readers, what they refuse, and the writers. */
#include "tp_test.h"

#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "form/workbook.h"
#include "lib/xlsx_maker.h"

static struct tp_workbook workbook;
static struct tp_error error;

static bool read_text(const char *name, const char *text)
{
    return tp_workbook_parse(name, text, strlen(text), &workbook, &error);
}

static const char *cell(const char *sheet, size_t row, size_t column)
{
    const struct tp_workbook_sheet *found = tp_workbook_sheet(&workbook, sheet);

    assert_non_null(found);
    assert_true(row < found->count);
    return tp_workbook_cell(&found->rows[row], column);
}

static int finish(void **state)
{
    (void)state;
    tp_workbook_finish(&workbook);
    return 0;
}

/* ---- Markdown ---- */

static void markdown_tables_are_sheets(void **state)
{
    (void)state;
    assert_true(read_text("a.md", "# a comment\n"
                                  "| survey |\n"
                                  "| | type | name | label |\n"
                                  "|---|---|---|---|\n"
                                  "| | text | q1 | One \\| two | # said of the row\n"
                                  "| |      |    |           |\n"
                                  "| | note | n1 | Two<br>lines |\r\n"
                                  "\n"
                                  "text between | the tables |\n"
                                  "| Choices |\n"
                                  "| | list_name | name |\n"));
    assert_string_equal(workbook.file, "a.md");
    assert_int_equal(workbook.count, 2);
    assert_string_equal(cell("survey", 0, 2), "label");
    assert_string_equal(cell("survey", 1, 2), "One | two");
    assert_string_equal(cell("survey", 2, 2), "Two\nlines");
    /* The empty row does not count, as in pyxform. */
    assert_int_equal(tp_workbook_sheet(&workbook, "survey")->rows[2].number, 3);
    assert_string_equal(cell("choices", 0, 0), "list_name");
    assert_int_equal(tp_workbook_sheet(&workbook, "choices")->rows[0].number, 1);
}

static void markdown_cells_end_lines_in_three_ways_and_keep_what_means_nothing(void **state)
{
    (void)state;
    assert_true(read_text("a.md", "  | survey |\n"
                                  "|\n"
                                  "||\n"
                                  "| | a<br>b | a<br/>b | a<br />b |\n"
                                  "| | a<br|a<b>r | a\\b | \\ | a<br>|\n"
                                  "| | the last bar is no bar \\|\n"));
    for (size_t column = 0; column < 3; column++)
        assert_string_equal(cell("survey", 0, column), "a\nb");
    assert_string_equal(cell("survey", 1, 0), "a<br");
    assert_string_equal(cell("survey", 1, 1), "a<b>r");
    assert_string_equal(cell("survey", 1, 2), "a\\b");
    assert_string_equal(cell("survey", 1, 3), "\\");
    assert_string_equal(cell("survey", 1, 4), "a");
    assert_int_equal(tp_workbook_sheet(&workbook, "survey")->count, 2);
}

static void markdown_without_tables_is_refused(void **state)
{
    (void)state;
    assert_false(read_text("a.md", "# only words\n"));
    assert_string_equal(error.text,
                        "'a.md' holds no tables; a sheet starts with a line '| survey |'");
    assert_false(read_text("a.md", "| | type | name |\n"));
    assert_non_null(strstr(error.text, "before the first sheet's name"));
    assert_int_equal(error.code, TP_ERR_INVALID);
}

static void markdown_that_is_not_utf8_is_refused_with_its_line(void **state)
{
    static const char *const bad[] = {"| a |\n| | \xFF |", "| a |\n| | \xC0\xAF |",
                                      "| a |\n| | \xED\xA0\x80 |", "| a |\n| | \xF4\x90\x80\x80 |",
                                      "| a |\n| | \xE2\x82"};

    (void)state;
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        assert_false(read_text("a.md", bad[i]));
        assert_string_equal(error.text, "'a.md', line 2: not UTF-8 text; save it as UTF-8");
    }
    assert_false(tp_workbook_parse("a.md", "| a\0 |", 6, &workbook, &error));
    assert_true(read_text("a.md", "\xEF\xBB\xBF| s |\n| | \xC2\xA0x\xC2\xA0y |"));
    assert_string_equal(cell("s", 0, 0), "x y");
}

static void every_kind_of_space_is_blank(void **state)
{
    (void)state;
    /* one of Word's spaces, and rows that were moved in by spaces of the web */
    assert_true(
        read_text("a.md", "\xC2\xA0| s |\n\xC2\xA0 |\xC2\xA0| \xE2\x80\x83x\xE3\x80\x80 |"));
    assert_string_equal(cell("s", 0, 0), "x");
    tp_workbook_finish(&workbook);
    assert_true(read_text("a.csv", "s,\n\xC2\xA0,\xE2\x80\xA8,x\xE2\x80\xAF\n"));
    assert_string_equal(cell("s", 0, 1), "x");
}

static void two_sheets_of_one_name_are_refused(void **state)
{
    (void)state;
    assert_false(read_text("a.md", "| survey |\n| | a |\n| Survey |\n| | b |\n"));
    assert_string_equal(error.text, "'a.md' has two sheets named 'Survey'; rename one");
    assert_false(read_text("a.csv", "survey\n,a\nsurvey\n,b\n"));
}

/* ---- CSV ---- */

static void csv_has_the_sheet_in_its_first_column(void **state)
{
    (void)state;
    assert_true(read_text("a.csv", "\"survey\"\r\n"
                                   ",\"type\",\"name\",label\r\n"
                                   ",text,q1,\"He said \"\"yes\"\",\nthen no\"\r\n"
                                   ",,,\r\n"
                                   "choices\r"
                                   ",list_name,name\n"));
    assert_string_equal(cell("survey", 1, 2), "He said \"yes\",\nthen no");
    assert_int_equal(tp_workbook_sheet(&workbook, "survey")->count, 2);
    assert_string_equal(cell("choices", 0, 1), "name");
}

static void csv_that_is_broken_is_refused_with_its_line(void **state)
{
    (void)state;
    assert_false(read_text("a.csv", "survey\n,type,\"name\n,x\n"));
    assert_string_equal(error.text,
                        "'a.csv', line 2: a quotation mark opens here and never closes");
    assert_false(read_text("a.csv", "survey;;\n;type;name\n"));
    assert_string_equal(error.text,
                        "'a.csv' parts its cells with ';'; save it as 'CSV UTF-8 (comma "
                        "delimited)', or as .xlsx");
    /* words have commas, too */
    assert_false(read_text("a.csv", "survey\n;type;label\n;note;\"One, two\"\n"));
    assert_non_null(strstr(error.text, "parts its cells with ';'"));
    assert_false(read_text("a.csv", "\"survey\"\t\n\ttype\tname\n\ttext\ta, b\n"));
    assert_non_null(strstr(error.text, "parts its cells with tabs"));
    assert_false(read_text("a.csv", ",type,name\n"));
    assert_non_null(strstr(error.text, "'a.csv', line 1: a row stands before"));
    assert_false(read_text("a.csv", ""));
}

/* ---- .xlsx ---- */

static bool read_xlsx(const char *sheet, const char *strings, const char *styles)
{
    struct tp_buf bytes;
    bool read;

    tp_buf_init(&bytes, 64u * 1024u * 1024u);
    assert_true(make_simple_xlsx(sheet, strings, styles, &bytes));
    read = tp_workbook_parse("a.xlsx", tp_buf_text(&bytes), bytes.length, &workbook, &error);
    tp_buf_finish(&bytes);
    return read;
}

#define SHEET(rows) "<worksheet " XLSX_NS "><sheetData>" rows "</sheetData></worksheet>"

static void xlsx_cells_are_text_as_people_see_them(void **state)
{
    static const char styles[] =
        "<styleSheet " XLSX_NS "><numFmts><numFmt numFmtId=\"164\" formatCode=\"[h]:mm\"/>"
        "<numFmt numFmtId=\"165\" formatCode=\"&quot;day&quot; 0\"/>"
        "<numFmt numFmtId=\"166\" formatCode=\"[Red]dd/mm/yyyy\"/></numFmts>"
        "<cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"14\"/><xf numFmtId=\"22\"/>"
        "<xf numFmtId=\"21\"/><xf numFmtId=\"164\"/><xf numFmtId=\"165\"/><xf numFmtId=\"166\"/>"
        "</cellXfs></styleSheet>";
    static const struct {
        const char *xml;
        const char *text;
    } cases[] = {
        {"<c r=\"A1\"><v>3</v></c>", "3"},
        {"<c r=\"A1\"><v>3.0</v></c>", "3"},
        {"<c r=\"A1\"><v>0.1</v></c>", "0.1"},
        {"<c r=\"A1\"><v>1E+20</v></c>", "100000000000000000000"},
        {"<c r=\"A1\"><v>-0</v></c>", "0"},
        {"<c r=\"A1\"><v>0.30000000000000004</v></c>", "0.30000000000000004"},
        {"<c r=\"A1\" t=\"b\"><v>1</v></c>", "TRUE"},
        {"<c r=\"A1\" t=\"b\"><v>0</v></c>", "FALSE"},
        {"<c r=\"A1\" t=\"str\"><f>A2</f><v>shown</v></c>", "shown"},
        {"<c r=\"A1\" t=\"e\"><v>#REF!</v></c>", "#REF!"},
        {"<c r=\"A1\" t=\"inlineStr\"><is><t>in</t><r><t>line</t></r></is></c>", "inline"},
        {"<c r=\"A1\" s=\"1\"><v>46327</v></c>", "2026-11-01"},
        {"<c r=\"A1\" s=\"6\"><v>46327</v></c>", "2026-11-01"},
        {"<c r=\"A1\" s=\"2\"><v>46327.5</v></c>", "2026-11-01 12:00:00"},
        {"<c r=\"A1\" s=\"3\"><v>0.75</v></c>", "18:00:00"},
        {"<c r=\"A1\" s=\"4\"><v>1.5</v></c>", "1 day, 12:00:00"},
        {"<c r=\"A1\" t=\"d\"><v>2026-11-01T00:00:00</v></c>", "2026-11-01"},
        {"<c r=\"A1\" t=\"d\"><v>2026-11-01T12:00:00</v></c>", "2026-11-01 12:00:00"},
        {"<c r=\"A1\" s=\"5\"><v>7</v></c>", "7"},
        {"<c r=\"A1\" s=\"1\"><v>59</v></c>", "1900-02-28"},
        {"<c r=\"A1\" s=\"1\"><v>61</v></c>", "1900-03-01"},
        {"<c r=\"A1\" t=\"s\"><v>0</v></c>", "plain"},
        {"<c r=\"A1\" t=\"s\"><v>1</v></c>", "rich text"},
        {"<c r=\"A1\" t=\"s\"><v>2</v></c>", "two\nlines _x9_"},
    };
    static const char strings[] =
        "<sst " XLSX_NS "><si><t>plain</t></si>"
        "<si><r><rPr><b/></rPr><t>rich</t></r><r><t xml:space=\"preserve\"> text</t></r>"
        "<rPh><t>reading</t></rPh></si>"
        "<si><t xml:space=\"preserve\">two_x000D_\nlines _x9_</t></si></sst>";

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        char sheet[1024];

        (void)snprintf(sheet, sizeof(sheet), SHEET("<row r=\"1\">%s</row>"), cases[i].xml);
        assert_true(read_xlsx(sheet, strings, styles));
        assert_string_equal(cell("survey", 0, 0), cases[i].text);
        tp_workbook_finish(&workbook);
    }
}

/* ECMA-376, part 1, 18.8.30, and what Excel shows where it speaks Chinese, Japanese or Korean. */
static void xlsx_formats_without_a_code_are_known_by_number(void **state)
{
    static const struct {
        int first, last;
    } days[] = {{14, 22}, {27, 36}, {45, 45}, {47, 47}, {50, 58}};

    (void)state;
    for (int id = 0, range = 0; id < 60; id++) {
        char styles[256];
        bool is_day;

        range += range < 4 && id > days[range].last;
        is_day = id >= days[range].first && id <= days[range].last;
        (void)snprintf(
            styles, sizeof(styles),
            "<styleSheet " XLSX_NS "><cellXfs><xf numFmtId=\"%d\"/></cellXfs></styleSheet>", id);
        assert_true(read_xlsx(SHEET("<row r=\"1\"><c r=\"A1\" s=\"0\"><v>46327</v></c></row>"),
                              NULL, styles));
        assert_string_equal(cell("survey", 0, 0), is_day     ? "2026-11-01"
                                                  : id == 46 ? "46327 days, 0:00:00"
                                                             : "46327");
        tp_workbook_finish(&workbook);
    }
}

static void xlsx_rows_keep_their_numbers_and_columns(void **state)
{
    (void)state;
    assert_true(
        read_xlsx(SHEET("<row r=\"2\"><c r=\"B2\" t=\"str\"><v>x</v></c>"
                        "<c t=\"str\"><v>y</v></c></row><row r=\"5\"><c r=\"XFD5\" s=\"3\"/>"
                        "</row><row><c r=\"AA6\" t=\"str\"><v>z</v></c></row>"),
                  NULL, NULL));
    assert_int_equal(workbook.sheets[0].count, 2);
    assert_int_equal(workbook.sheets[0].rows[0].number, 2);
    assert_string_equal(cell("survey", 0, 1), "x");
    assert_string_equal(cell("survey", 0, 2), "y");
    assert_int_equal(workbook.sheets[0].rows[1].number, 6);
    assert_string_equal(cell("survey", 1, 26), "z");
    assert_string_equal(cell("survey", 1, 27), "");
}

static void xlsx_that_is_damaged_is_refused(void **state)
{
    (void)state;
    assert_false(read_text("a.xlsx", "not a ZIP file"));
    assert_non_null(strstr(error.text, "'a.xlsx' is not an .xlsx workbook"));
    assert_false(read_xlsx("<worksheet><row>", NULL, NULL));
    assert_non_null(strstr(error.text, "damaged in its part 'xl/worksheets/sheet1.xml'"));
    assert_false(
        read_xlsx(SHEET("<row r=\"1\"><c r=\"A1\" t=\"s\"><v>9</v></c></row>"), NULL, NULL));
    assert_non_null(strstr(error.text, "sheet survey, row 1: the cell's text is missing"));
    assert_false(read_xlsx(SHEET("<row r=\"1\"><c r=\"A1\" t=\"s\"><v>1</v></c></row>"),
                           "<sst " XLSX_NS "><si><t>the only one</t></si></sst>", NULL));
    assert_non_null(strstr(error.text, "the cell's text is missing"));
    assert_false(read_xlsx(SHEET("<row r=\"4\"><c t=\"b\"><v>1</v></c></row>"
                                 "<row r=\"3\"><c t=\"b\"><v>1</v></c></row>"),
                           NULL, NULL));
    assert_string_equal(error.text, "'a.xlsx', sheet survey: row 3 comes after row 4");
}

static void xlsx_entities_and_doctypes_are_refused(void **state)
{
    (void)state;
    assert_false(
        read_xlsx("<!DOCTYPE w [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;\">]>"
                  "<worksheet><sheetData><row><c t=\"str\"><v>&b;</v></c></row></sheetData>"
                  "</worksheet>",
                  NULL, NULL));
    assert_int_equal(error.code, TP_ERR_INVALID);
    assert_false(read_xlsx("<!DOCTYPE w SYSTEM \"file:///etc/passwd\"><worksheet/>", NULL, NULL));
}

static void a_zip_bomb_is_refused(void **state)
{
    static const char row[] = "<row/>";
    size_t count = 28u * 1024u * 1024u;
    char *sheet = tp_calloc(count * 6 + 64, 1);

    (void)state;
    assert_non_null(sheet);
    memcpy(sheet, "<worksheet>", 11);
    memcpy(sheet + 11, row, 6);
    /* what is there again and again, twice as much each time */
    for (size_t filled = 1; filled < count; filled *= 2)
        memcpy(sheet + 11 + filled * 6, sheet + 11,
               (filled < count - filled ? filled : count - filled) * 6);
    assert_false(read_xlsx(sheet, NULL, NULL));
    tp_free(sheet);
    assert_int_equal(error.code, TP_ERR_LIMIT);
    assert_non_null(strstr(error.text, "unpacks to more than 160 MB"));
}

static void a_cell_of_many_attributes_is_refused(void **state)
{
    static const char cell[] = "<worksheet><sheetData><row><c";
    const size_t count = 200000;
    char *sheet = tp_calloc(sizeof(cell) + count * 12, 1);
    size_t length = strlen(cell);

    (void)state;
    assert_non_null(sheet);
    memcpy(sheet, cell, length);
    for (size_t i = 0; i < count; i++)
        length += (size_t)snprintf(sheet + length, 13, " a%zu=''", i);
    assert_false(read_xlsx(sheet, NULL, NULL));
    tp_free(sheet);
    assert_int_equal(error.code, TP_ERR_INVALID);
    assert_non_null(strstr(error.text, "damaged in its part 'xl/worksheets/sheet1.xml'"));
}

static void one_endless_text_is_refused(void **state)
{
    size_t size = 20u * 1024u * 1024u;
    char *sheet = tp_calloc(size + 1, 1);

    (void)state;
    assert_non_null(sheet);
    memset(sheet, 'x', size);
    memcpy(sheet, "<worksheet>", 11);
    assert_false(read_xlsx(sheet, NULL, NULL));
    tp_free(sheet);
    assert_int_equal(error.code, TP_ERR_INVALID);
}

static void too_many_columns_are_refused(void **state)
{
    (void)state;
    assert_false(
        read_xlsx(SHEET("<row r=\"7\"><c r=\"XFD7\" t=\"b\"><v>1</v></c></row>"), NULL, NULL));
    assert_string_equal(error.text, "'a.xlsx', sheet survey, row 7: text beyond column 1024");
}

/* ---- kinds of files ---- */

static void old_workbooks_are_refused_with_what_to_do(void **state)
{
    (void)state;
    assert_false(read_text("old.xls", "x"));
    assert_int_equal(error.code, TP_ERR_UNSUPPORTED);
    assert_non_null(strstr(error.text, "save it as .xlsx"));
    /* The same file under a newer name, as people do. */
    assert_false(read_text("old.xlsx", "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1 and so on"));
    assert_int_equal(error.code, TP_ERR_UNSUPPORTED);
    assert_false(read_text("a.ods", "x"));
    assert_string_equal(error.text,
                        "'a.ods' is not a workbook: its name must end in .xlsx, .md or .csv");
}

static void formats_go_by_the_name(void **state)
{
    (void)state;
    assert_int_equal(tp_workbook_format_of("A.XLSX"), TP_WORKBOOK_XLSX);
    assert_int_equal(tp_workbook_format_of("a.b.md"), TP_WORKBOOK_MARKDOWN);
    assert_int_equal(tp_workbook_format_of("a.csv"), TP_WORKBOOK_CSV);
    assert_int_equal(tp_workbook_format_of(".md"), TP_WORKBOOK_UNKNOWN);
    assert_int_equal(tp_workbook_format_of("a"), TP_WORKBOOK_UNKNOWN);
}

static void a_file_that_is_not_there_is_named(void **state)
{
    (void)state;
    assert_false(tp_workbook_read("/nonexistent/a.md", &workbook, &error));
    assert_int_equal(error.code, TP_ERR_NOT_FOUND);
}

/* ---- writers ---- */

static void text_that_looks_like_a_number_stays_text_in_xlsx(void **state)
{
    char path[] = "/tmp/tp-workbook-XXXXXX.xlsx";
    int file = mkstemps(path, 5);

    (void)state;
    assert_true(file >= 0);
    (void)close(file);
    assert_true(read_text("a.md", "| survey |\n| | type | name |\n| | 007 | =1+1 |\n"));
    assert_true(tp_workbook_write_xlsx(&workbook, path, &error));
    tp_workbook_finish(&workbook);
    assert_true(tp_workbook_read(path, &workbook, &error));
    assert_string_equal(cell("survey", 1, 0), "007");
    assert_string_equal(cell("survey", 1, 1), "=1+1");
    (void)unlink(path);
}

static void what_excel_cannot_hold_is_refused_and_nothing_is_left(void **state)
{
    static const char path[] = "/tmp/tp-workbook-refused.xlsx";
    struct stat about;

    (void)state;
    assert_true(read_text("a.md", "| a/b |\n| | x |\n"));
    assert_false(tp_workbook_write_xlsx(&workbook, path, &error));
    assert_non_null(strstr(error.text, "Excel takes no sheet named 'a/b'"));
    assert_int_not_equal(stat(path, &about), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(markdown_tables_are_sheets, finish),
        cmocka_unit_test_teardown(
            markdown_cells_end_lines_in_three_ways_and_keep_what_means_nothing, finish),
        cmocka_unit_test_teardown(markdown_without_tables_is_refused, finish),
        cmocka_unit_test_teardown(markdown_that_is_not_utf8_is_refused_with_its_line, finish),
        cmocka_unit_test_teardown(every_kind_of_space_is_blank, finish),
        cmocka_unit_test_teardown(two_sheets_of_one_name_are_refused, finish),
        cmocka_unit_test_teardown(csv_has_the_sheet_in_its_first_column, finish),
        cmocka_unit_test_teardown(csv_that_is_broken_is_refused_with_its_line, finish),
        cmocka_unit_test_teardown(xlsx_cells_are_text_as_people_see_them, finish),
        cmocka_unit_test_teardown(xlsx_formats_without_a_code_are_known_by_number, finish),
        cmocka_unit_test_teardown(xlsx_rows_keep_their_numbers_and_columns, finish),
        cmocka_unit_test_teardown(xlsx_that_is_damaged_is_refused, finish),
        cmocka_unit_test_teardown(xlsx_entities_and_doctypes_are_refused, finish),
        cmocka_unit_test_teardown(a_zip_bomb_is_refused, finish),
        cmocka_unit_test_teardown(a_cell_of_many_attributes_is_refused, finish),
        cmocka_unit_test_teardown(one_endless_text_is_refused, finish),
        cmocka_unit_test_teardown(too_many_columns_are_refused, finish),
        cmocka_unit_test_teardown(old_workbooks_are_refused_with_what_to_do, finish),
        cmocka_unit_test_teardown(formats_go_by_the_name, finish),
        cmocka_unit_test_teardown(a_file_that_is_not_there_is_named, finish),
        cmocka_unit_test_teardown(text_that_looks_like_a_number_stays_text_in_xlsx, finish),
        cmocka_unit_test_teardown(what_excel_cannot_hold_is_refused_and_nothing_is_left, finish),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
