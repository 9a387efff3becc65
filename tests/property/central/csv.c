/* What is written as CSV reads back as it was, but for the ' before what a spreadsheet would take
 * for a formula; and no cell ever begins like one. */
#include "tp_test.h"

#include <string.h>

#include "base/buf.h"
#include "base/random.h"
#include "central/export/csv.h"

#define ROUNDS 5000
#define CELLS 6

static const char alphabet[] = "=+-@\t\r\n\",;' ab1.\xc5\x82";

static void make_cell(const struct tp_random *random, char cell[32])
{
    uint32_t length = tp_random_below(random, 12);

    for (uint32_t i = 0; i < length; i++)
        cell[i] = alphabet[tp_random_below(random, sizeof(alphabet) - 1)];
    cell[length] = '\0';
}

/* Reads one cell as RFC 4180 has it; *at then stands after its comma or line end. */
static void read_cell(const char **at, struct tp_buf *cell)
{
    const char *p = *at;

    if (*p == '"') {
        for (p++; p[0] != '"' || p[1] == '"'; p++) {
            if (p[0] == '"')
                p++;
            assert_true(*p);
            (void)tp_buf_putc(cell, *p);
        }
        p++;
    } else {
        for (; *p != ',' && *p != '\r'; p++) {
            assert_true(*p && *p != '\n' && *p != '"');
            (void)tp_buf_putc(cell, *p);
        }
    }
    if (*p == ',') {
        p++;
    } else {
        assert_memory_equal(p, "\r\n", 2);
        p += 2;
    }
    *at = p;
}

static void rows_read_back(void **state)
{
    uint64_t seed = 4180;
    struct tp_random random = tp_random_seeded(&seed);

    (void)state;
    for (int round = 0; round < ROUNDS; round++) {
        char cells[CELLS][32];
        struct tp_buf out;
        bool first = true;
        const char *at;

        tp_buf_init(&out, 10000);
        for (int i = 0; i < CELLS; i++) {
            make_cell(&random, cells[i]);
            if (i == 0)
                tp_csv_number(&out, &first, cells[i]);
            else
                tp_csv_text(&out, &first, cells[i]);
        }
        tp_csv_end_row(&out);
        assert_true(tp_buf_ok(&out));
        at = tp_buf_text(&out);
        for (int i = 0; i < CELLS; i++) {
            const char *text;
            struct tp_buf cell;

            tp_buf_init(&cell, 1000);
            read_cell(&at, &cell);
            text = tp_buf_text(&cell);
            if (i > 0 || !tp_is_plain_number(text))
                assert_null(*text ? strchr("=+-@\t\r", *text) : NULL);
            if (*text == '\'' && cells[i][0] != '\'')
                text++;
            assert_string_equal(text, cells[i]);
            tp_buf_finish(&cell);
        }
        assert_string_equal(at, "");
        tp_buf_finish(&out);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(rows_read_back)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
