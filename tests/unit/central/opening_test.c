/* What is read out of openings: all that the seals say, by who has the private key alone. */
#include "central/data/openings.h"
#include "central/export/find.h"
#include "central/export/flat.h"
#include "central/opening.h"
#include "unit/central/openings.h"

/* Whatever stands in an answer comes out of an opening as out of its seal. */
static void send_varied(void)
{
    send("hours", "uuid:a", "<why>=1+1</why><kinds>books films other</kinds><open>yes</open>", "");
    send("hours", "uuid:b",
         "<why>a \"b\", c\nd \xc5\x82 \xf0\x9f\x98\x80 &lt;&amp;</why><about><age>-5</age></about>",
         CONTEXT("<tp:venue>Cowley</tp:venue><tp:pace>fast</tp:pace>"));
    /* A repeat, some of it empty; what no form asks; and nothing at all. */
    send("hours", "uuid:c",
         "<about><age>1</age></about><about><age/></about><about><age>3</age></about>", "");
    send("hours", "uuid:d", "<later>not asked yet</later><more><deep>2</deep></more>", "");
    send("hours", "uuid:e", "", "");
    send("hours", "uuid:f", "<open>no</open>",
         CONTEXT("<tp:channel>practice</tp:channel><tp:practice>true</tp:practice>"));
    world_answer(&world, "hours", "uuid:g", "this is not XML", 201);
    send("hours", "uuid:h", "<open>yes</open>", "<instanceID>uuid:9</instanceID>");
}

static void they_hold_all_that_an_answer_says(void **state)
{
    static const char newer[] =
        "<html><head><title/><model><instance><data id=\"hours\" version=\"2\"><open/><later/>"
        "<more><deep/></more></data></instance></model></head><body/></html>";
    struct tp_export_options options = {.form = "hours", .practice = true};
    char *sealed;
    char *csv;

    (void)state;
    send_varied();
    answers(1, 300);
    sealed = export_all(&world, options);
    assert_int_equal(open_all(), 255);
    BREAK_SEALS();
    csv = export_all(&world, options);
    /* Those of the run that has no opening yet come last. */
    assert_memory_equal(csv, sealed, (size_t)(strstr(sealed, "uuid:248,") - sealed));
    assert_non_null(strstr(csv, "what was sealed is not XML"));
    assert_non_null(strstr(csv, "its instanceID is not the one it was sent under"));
    assert_null(strstr(csv, "not asked yet"));
    tp_free(csv);
    tp_free(sealed);
    /* A later version asks for what was always there. */
    tp_clock_fake_advance(&world.time, 1000);
    world_publish(&world, "hours", "2", "consultation", newer, NULL);
    csv = export_all(&world, options);
    assert_non_null(strstr(csv, ",problem,open,later,more/deep,start,"));
    assert_non_null(strstr(csv, ",,not asked yet,2,,"));
    tp_free(csv);
}

static void screens_keep_their_new_names(void **state)
{
    (void)state;
    answers(1, 300);
    assert_int_equal(open_all(), 255);
    CHANGE("UPDATE device SET name = 'Cowley, upstairs'");
    check_exports(NULL);
}

static void one_that_does_not_fit_costs_time_only(void **state)
{
    char *before;

    (void)state;
    answers(1, 800);
    before = export_all(&world, (struct tp_export_options){.form = "hours"});
    assert_int_equal(open_all(), 767);
    /* That of another run, and one that is none. */
    CHANGE("UPDATE opening SET bytes = (SELECT o.bytes FROM opening o WHERE o.run = 1) "
           "WHERE run = 0");
    CHANGE("UPDATE opening SET bytes = (SELECT sha256 FROM received LIMIT 1) WHERE run = 2");
    assert_null(strstr(before, "cannot be opened"));
    check_exports(before);
}

static bool note_run(void *context, const struct tp_run *run)
{
    *(struct tp_run *)context = *run;
    return false;
}

/* Who stopped within a run has read some of it: an opening would give those again. */
static void none_is_given_from_the_middle(void **state)
{
    struct tp_sql *db;
    struct tp_run run;

    (void)state;
    answers(1, 256);
    assert_int_equal(open_all(), 255);
    CHANGE("UPDATE opening SET answers = 155");
    db = tp_sql_pool_take(world.central.readers);
    assert_true(tp_runs_each(db, "hours", 100, 1, note_run, &run, NULL));
    assert_int_equal(run.answers, 155);
    assert_int_equal(run.opening_length, 0);
    assert_true(tp_runs_each_back(db, "hours", 156, 1, note_run, &run, NULL));
    assert_int_equal(run.answers, 155);
    assert_int_equal(run.opening_length, 0);
    assert_true(tp_runs_each_back(db, "hours", 256, 1, note_run, &run, NULL));
    assert_int_equal(run.answers, 255);
    tp_sql_pool_give(world.central.readers, db);
}

/* A form's own answers only, though others have numbers between them. */
static void forms_share_the_numbers(void **state)
{
    char *csv;

    (void)state;
    world_publish(&world, "other", "1", "consultation", world_form, NULL);
    for (int i = 0; i < 100; i++) {
        char id[32];

        answer(3 * i);
        answer(3 * i + 1);
        (void)snprintf(id, sizeof(id), "uuid:other-%d", i);
        send("other", id, "<why>of the other</why>", "");
    }
    assert_int_equal(open_all(), 255);
    assert_int_equal(openings(), 2);
    csv = export_all(&world, (struct tp_export_options){.form = "other"});
    assert_non_null(strstr(csv, "uuid:other-99,"));
    assert_null(strstr(csv, "words"));
    tp_free(csv);
    check_exports(NULL);
}

static void run_of_one(const struct tp_keys *keys, struct tp_run *run, struct tp_buf *bytes)
{
    struct tp_buf plain;

    tp_buf_init(&plain, 1024);
    (void)tp_buf_puts(&plain, "words");
    assert_true(tp_opening_make(keys, 0, run, &plain, bytes));
    run->opening = bytes->data;
    run->opening_length = bytes->length;
    tp_buf_finish(&plain);
}

static void an_opening_is_read_by_its_key_for_its_run_alone(void **state)
{
    struct tp_keys other = world.central.keys;
    struct tp_run run = {.form = "hours", .number = 3, .answers = 2};
    struct tp_run wrong;
    struct tp_buf bytes;
    struct tp_buf plain;

    (void)state;
    tp_buf_init(&bytes, 8192);
    tp_buf_init(&plain, 8192);
    run_of_one(&world.central.keys, &run, &bytes);
    assert_null(memmem(bytes.data, bytes.length, "words", 5));
    assert_true(tp_opening_read(&world.central.keys, &run, &plain));
    assert_string_equal(tp_buf_text(&plain), "words");
    wrong = run;
    wrong.form = "hour";
    assert_false(tp_opening_read(&world.central.keys, &wrong, &plain));
    wrong = run;
    wrong.number = 2;
    assert_false(tp_opening_read(&world.central.keys, &wrong, &plain));
    wrong = run;
    wrong.answers = 3;
    assert_false(tp_opening_read(&world.central.keys, &wrong, &plain));
    for (wrong = run; wrong.opening_length > 0;) {
        wrong.opening_length--;
        assert_false(tp_opening_read(&world.central.keys, &wrong, &plain));
    }
    /* Without the private half nobody derives its key; and with another's it does not fit. */
    other.opening[0][0] ^= 1;
    assert_false(tp_opening_read(&other, &run, &plain));
    other.unsealing_count = 0;
    assert_false(tp_opening_read(&other, &run, &plain));
    bytes.data[bytes.length - 1] ^= 1;
    assert_false(tp_opening_read(&world.central.keys, &run, &plain));
    tp_buf_finish(&bytes);
    tp_buf_finish(&plain);
}

/* Whatever bytes one holds: it is refused, or each of its answers can be read to its end. */
static void check_bytes(const struct tp_buf *plain, const struct tp_schema *schema,
                        struct tp_answer *answer)
{
    struct tp_run run = {.form = "hours", .answers = 5};
    struct tp_flat flat;
    struct tp_buf bytes;

    tp_buf_init(&bytes, 65536);
    tp_flat_init(&flat);
    assert_true(tp_opening_make(&world.central.keys, 0, &run, plain, &bytes));
    run.opening = bytes.data;
    run.opening_length = bytes.length;
    if (tp_flat_read(&flat, &world.central.keys, &run, schema)) {
        for (int64_t seq = 0; seq < TP_RUN_ANSWERS; seq++) {
            struct tp_kept kept;

            assert_int_equal(tp_flat_get(&flat, seq, &kept, answer), tp_flat_has(&flat, seq));
        }
    }
    tp_flat_close(&flat);
    tp_buf_finish(&bytes);
}

static void what_does_not_read_as_answers_is_refused(void **state)
{
    struct tp_schema schema = {.count = 0};
    struct tp_answer answer;
    struct tp_buf plain;
    struct tp_run run = {.form = "hours", .answers = 5};
    struct tp_sql *db;
    struct tp_rows rows;

    (void)state;
    send("hours", "uuid:a", "<why>words</why><kinds>books</kinds>",
         CONTEXT("<tp:venue>Cowley</tp:venue>"));
    answers(1, 4);
    go_on_at_the_next_run();
    assert_int_equal(open_all(), 5);
    tp_buf_init(&plain, 65536);
    assert_true(tp_schema_learn(&schema, "why") == 0);
    assert_true(tp_answer_init(&answer, &schema));
    db = tp_sql_pool_take(world.central.readers);
    assert_true(tp_sql_ask(db, "SELECT bytes FROM opening", TP_NO_VALUES, &rows, NULL));
    assert_true(tp_rows_next(&rows));
    run.opening = tp_rows_blob(&rows, 0, &run.opening_length);
    assert_true(tp_opening_read(&world.central.keys, &run, &plain));
    assert_true(tp_rows_finish(&rows));
    tp_sql_pool_give(world.central.readers, db);
    for (size_t i = 0; i < plain.length; i++) {
        for (int bit = 0; bit < 8; bit++) {
            plain.data[i] ^= (char)(1 << bit);
            check_bytes(&plain, &schema, &answer);
            plain.data[i] ^= (char)(1 << bit);
        }
    }
    for (plain.length--; plain.length > 0; plain.length--)
        check_bytes(&plain, &schema, &answer);
    tp_answer_finish(&answer);
    tp_schema_finish(&schema);
    tp_buf_finish(&plain);
}

static void a_code_is_found_in_them(void **state)
{
    struct tp_finding finding;

    (void)state;
    send("hours", "uuid:mine", "", CONTEXT("<tp:receiptCode>ABCD-EFGH</tp:receiptCode>"));
    answers(1, 600);
    assert_int_equal(open_all(), 511);
    BREAK_SEALS();
    assert_true(tp_find_receipt(world.central.readers, &world.central.keys, "hours", "abcd efgh",
                                INT64_MAX, &finding, NULL));
    assert_int_equal(finding.seq, 1);
    assert_string_equal(finding.instance_id, "uuid:mine");
    assert_string_equal(finding.device, "Cowley Library");
    assert_true(tp_find_receipt(world.central.readers, &world.central.keys, "hours", "K7QM",
                                INT64_MAX, &finding, NULL));
    assert_int_equal(finding.seq, 511);
    /* Not further back than asked. */
    assert_true(tp_find_receipt(world.central.readers, &world.central.keys, "hours", "abcd efgh",
                                600, &finding, NULL));
    assert_int_equal(finding.seq, 0);
    assert_true(finding.gave_up);
}

static const char equality_form[] =
    "<html><head><title/><model><instance><data id=\"equality\" version=\"1\"><sex/></data>"
    "</instance></model></head><body/></html>";

static void equality_answers_are_joined_out_of_them(void **state)
{
    char *before;

    (void)state;
    world_publish(&world, "equality", "1", "equality", equality_form, NULL);
    for (int i = 0; i < 300; i++) {
        char id[32];
        char sex[32];
        char about[128];

        answer(i);
        /* One far behind, one twice, and some not at all. */
        if (i % 7 == 0)
            continue;
        (void)snprintf(id, sizeof(id), "uuid:e%d", i);
        (void)snprintf(sex, sizeof(sex), "<sex>%d</sex>", 1000 + i);
        (void)snprintf(about, sizeof(about), CONTEXT("<tp:about>uuid:%d</tp:about>"),
                       i == 299 ? 3 : i);
        send("equality", id, sex, about);
    }
    before = export_all(&world, (struct tp_export_options){.form = "hours"});
    assert_non_null(strstr(before, "words 8,,,,,1008\r\n"));
    assert_non_null(strstr(before, "words 3,,,,,1299\r\n"));
    assert_non_null(strstr(before, "words 7,,,,,\r\n"));
    assert_int_equal(open_all(), 511);
    assert_int_equal(openings(), 4);
    check_exports(before);
    assert_int_equal(open_again(), 511);
    BREAK_SEALS();
    before = export_all(&world, (struct tp_export_options){.form = "hours"});
    assert_non_null(strstr(before, "words 8,,,,,1008\r\n"));
    tp_free(before);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, office_make, office_end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(they_hold_all_that_an_answer_says),
        TEST(screens_keep_their_new_names),
        TEST(one_that_does_not_fit_costs_time_only),
        TEST(none_is_given_from_the_middle),
        TEST(forms_share_the_numbers),
        TEST(an_opening_is_read_by_its_key_for_its_run_alone),
        TEST(what_does_not_read_as_answers_is_refused),
        TEST(a_code_is_found_in_them),
        TEST(equality_answers_are_joined_out_of_them),
    };

    return databases_run(tests);
}
