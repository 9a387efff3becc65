/* kiosk/widgets/keyboard_layout and text_edit: the keys on offer, and what they do to the text. */
#include "tp_test.h"

#include <stdio.h>
#include <string.h>
#include <unistr.h>

#include "base/mem.h"
#include "kiosk/widgets/keyboard_layout.h"
#include "kiosk/widgets/text_edit.h"

static const char *const languages[] = {"en", "en-simple", "pl", "pt", "ro",     "uk",
                                        "ar", "ur",        "bn", "pa", "zh-Hans"};
#define LANGUAGE_COUNT (sizeof(languages) / sizeof(languages[0]))

/* What fits on a tablet held upright, 136 mm wide; 0: a screen that holds every layout. */
#define NARROW_KEYS 7.7f
static float across;

static int wide(void **state)
{
    (void)state;
    across = 0;
    return 0;
}

static int narrow(void **state)
{
    (void)state;
    across = NARROW_KEYS;
    return 0;
}

static void fill(const char *language, enum tp_keyboard_kind kind, enum tp_key_layer layer,
                 bool shift, bool ordered, struct tp_key_rows *rows)
{
    tp_keyboard_rows(&(struct tp_keyboard_view){language, kind, layer, shift, ordered, across},
                     rows);
}

/* Types everything that some layer of the language can type, each once, into `typed`. */
static void collect(const char *language, enum tp_keyboard_kind kind, bool ordered, char *typed,
                    size_t size)
{
    struct tp_key_rows rows;
    size_t used = 0;

    for (int layer = TP_LAYER_LETTERS; layer <= TP_LAYER_LATIN; layer++)
        for (int shift = 0; shift < 2; shift++) {
            fill(language, kind, (enum tp_key_layer)layer, shift, ordered, &rows);
            for (size_t r = 0; r < rows.count; r++)
                for (size_t k = 0; k < rows.rows[r].count; k++)
                    if (rows.rows[r].keys[k].action == TP_KEY_TYPE)
                        used += (size_t)snprintf(typed + used, size - used, "%s|",
                                                 rows.rows[r].keys[k].text);
            assert_true(used < size);
        }
}

static bool types(const char *typed, const char *text)
{
    char wanted[40];

    (void)snprintf(wanted, sizeof(wanted), "%s|", text);
    for (const char *at = strstr(typed, wanted); at; at = strstr(at + 1, wanted))
        if (at == typed || at[-1] == '|')
            return true;
    return false;
}

static void every_letter_of_each_language_can_be_typed(void **state)
{
    static const char *const letters[][2] = {
        {"en", "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.,?!'-£@ "},
        {"pl", "ąćęłńóśźżĄĆĘŁŃÓŚŹŻ"},
        {"pt", "ãáàâçéêíóôõúÃÁÀÂÇÉÊÍÓÔÕÚ"},
        {"ro", "ăâîșțĂÂÎȘȚ"},
        {"uk", "абвгґдеєжзиіїйклмнопрстуфхцчшщьюяАБВГҐДЕЄЖЗИІЇЙКЛМНОПРСТУФХЦЧШЩЬЮЯ"},
        {"ar", "ءآأؤإئابةتثجحخدذرزسشصضطظعغفقكلمنهوىي"},
        {"ur", "اآبپتٹثجچحخدڈذرڑزژسشصضطظعغفقکگلمنںوہھءیےئؤ"},
        {"bn", "অআইঈউঊঋএঐওঔকখগঘঙচছজঝঞটঠডঢণতথদধনপফবভমযরলশষসহৎ"},
        {"pa", "ਅਆਇਈਉਊਏਐਓਔਸਹਕਖਗਘਙਚਛਜਝਞਟਠਡਢਣਤਥਦਧਨਪਫਬਭਮਯਰਲਵੜ"},
        {"zh-Hans", "abcdefghijklmnopqrstuvwxyz"},
    };
    char typed[16384];

    (void)state;
    /* Each in both orders. */
    for (size_t i = 0; i < 2 * sizeof(letters) / sizeof(letters[0]); i++) {
        const uint8_t *at = (const uint8_t *)letters[i / 2][1];
        ucs4_t character;

        collect(letters[i / 2][0], TP_KEYBOARD_MULTILINE, i % 2 == 1, typed, sizeof(typed));
        while (u8_next(&character, at)) {
            const uint8_t *next = u8_next(&character, at);
            char one[8] = {0};

            memcpy(one, at, (size_t)(next - at));
            if (!types(typed, one))
                fail_msg("%s: no key types '%s'", letters[i / 2][0], one);
            at = next;
        }
    }
}

/* 217 mm wide less two margins of 10, keys of 12.7 and gaps of 2.54. */
static void assert_fits(const struct tp_key_rows *rows, const char *language, int kind, int layer)
{
    assert_in_range(rows->count, 3, TP_KEY_ROWS_MAX);
    for (size_t r = 0; r < rows->count; r++) {
        float width = 0;

        assert_in_range(rows->rows[r].count, 1, TP_KEY_ROW_MAX - 1);
        for (size_t k = 0; k < rows->rows[r].count; k++)
            width += rows->rows[r].keys[k].width;
        if (width > (across > 0 ? across + 0.001f : 12.9f))
            fail_msg("%s kind %d layer %d row %zu is %.1f keys wide", language, kind, layer, r,
                     (double)width);
    }
}

static void every_layer_fits_the_narrowest_display(void **state)
{
    struct tp_key_rows rows;

    (void)state;
    for (size_t i = 0; i < LANGUAGE_COUNT; i++)
        for (int kind = TP_KEYBOARD_TEXT; kind <= TP_KEYBOARD_PIN; kind++)
            for (int layer = TP_LAYER_LETTERS; layer <= TP_LAYER_LATIN; layer++)
                for (int form = 0; form < 4; form++) {
                    fill(languages[i], (enum tp_keyboard_kind)kind, (enum tp_key_layer)layer,
                         form % 2 == 1, form / 2 == 1, &rows);
                    assert_fits(&rows, languages[i], kind, layer);
                }
}

/* Is there a way from every layer back to the letters, and a Delete on each? */
static void no_layer_is_a_trap(void **state)
{
    struct tp_key_rows rows;

    (void)state;
    for (size_t i = 0; i < LANGUAGE_COUNT; i++)
        for (int layer = TP_LAYER_LETTERS; layer <= TP_LAYER_LATIN; layer++) {
            bool way_back = layer == TP_LAYER_LETTERS, delete = false, space = false;

            fill(languages[i], TP_KEYBOARD_TEXT, (enum tp_key_layer)layer, false, false, &rows);
            for (size_t r = 0; r < rows.count; r++)
                for (size_t k = 0; k < rows.rows[r].count; k++) {
                    const struct tp_keyboard_key *key = &rows.rows[r].keys[k];

                    way_back =
                        way_back || (key->action == TP_KEY_LAYER && key->layer == TP_LAYER_LETTERS);
                    delete = delete || key->action == TP_KEY_DELETE;
                    space = space || strcmp(key->text, " ") == 0;
                    assert_true(key->action != TP_KEY_TYPE || key->text[0]);
                    assert_true(key->action != TP_KEY_LAYER || key->label[0]);
                }
            assert_true(way_back && delete &&space);
        }
}

static void an_email_address_needs_no_other_keyboard(void **state)
{
    char typed[16384];

    (void)state;
    for (size_t i = 0; i < LANGUAGE_COUNT; i++) {
        collect(languages[i], TP_KEYBOARD_EMAIL, i % 2 == 1, typed, sizeof(typed));
        assert_true(types(typed, "@") && types(typed, ".") && types(typed, "-"));
        assert_true(types(typed, "_") && types(typed, "+") && types(typed, ".co.uk"));
        assert_true(types(typed, "a") && types(typed, "7"));
        assert_false(types(typed, " "));
    }
}

static void next_line_is_offered_only_where_there_are_lines(void **state)
{
    for (int kind = TP_KEYBOARD_TEXT; kind <= TP_KEYBOARD_MULTILINE; kind++) {
        struct tp_key_rows rows;
        bool next = false, word = false;

        (void)state;
        fill("en", (enum tp_keyboard_kind)kind, TP_LAYER_LETTERS, false, false, &rows);
        for (size_t k = 0; k < rows.rows[3].count; k++) {
            next = next || rows.rows[3].keys[k].action == TP_KEY_NEXT_LINE;
            word = word || rows.rows[3].keys[k].action == TP_KEY_DELETE_WORD;
        }
        assert_int_equal(next, kind == TP_KEYBOARD_MULTILINE);
        assert_true(word);
    }
}

static void a_mark_is_shown_on_a_circle(void **state)
{
    struct tp_key_rows rows;

    (void)state;
    fill("pa", TP_KEYBOARD_TEXT, TP_LAYER_LETTERS, false, false, &rows);
    assert_string_equal(rows.rows[0].keys[0].text, "ੌ");
    assert_string_equal(rows.rows[0].keys[0].label, "◌ੌ");
    assert_string_equal(rows.rows[0].keys[5].label, "ਬ");
}

/* How often a key with this task is on the layer. */
static size_t count_of(const struct tp_key_rows *rows, enum tp_key_action action)
{
    size_t count = 0;

    for (size_t r = 0; r < rows->count; r++)
        for (size_t k = 0; k < rows->rows[r].count; k++)
            count += rows->rows[r].keys[k].action == action;
    return count;
}

static void a_word_is_deleted_and_the_order_changed_from_every_keyboard_of_words(void **state)
{
    (void)state;
    for (size_t i = 0; i < LANGUAGE_COUNT; i++)
        for (int form = 0; form < 8; form++) {
            enum tp_keyboard_kind kind = form & 4 ? TP_KEYBOARD_MULTILINE : TP_KEYBOARD_TEXT;
            struct tp_key_rows letters, numbers;

            fill(languages[i], kind, TP_LAYER_LETTERS, form & 1, form & 2, &letters);
            fill(languages[i], kind, TP_LAYER_NUMBERS, form & 1, form & 2, &numbers);
            assert_int_equal(count_of(&letters, TP_KEY_ORDER), 1);
            assert_int_equal(count_of(&numbers, TP_KEY_DELETE_WORD), 1);
            assert_true(count_of(&letters, TP_KEY_DELETE_WORD) <= 1);
            if (kind == TP_KEYBOARD_TEXT)
                assert_int_equal(count_of(&letters, TP_KEY_DELETE_WORD), 1);
        }
}

static void the_alphabet_stands_in_its_order(void **state)
{
    struct tp_key_rows rows;

    (void)state;
    fill("en", TP_KEYBOARD_TEXT, TP_LAYER_LETTERS, true, true, &rows);
    assert_string_equal(rows.rows[0].keys[0].label, "A");
    assert_string_equal(rows.rows[1].keys[9].label, "QWE");
    fill("uk", TP_KEYBOARD_TEXT, TP_LAYER_LETTERS, false, true, &rows);
    assert_string_equal(rows.rows[0].keys[0].label, "а");
    /* From the right, as it is read. */
    fill("ar", TP_KEYBOARD_TEXT, TP_LAYER_LETTERS, false, true, &rows);
    assert_string_equal(rows.rows[0].keys[rows.rows[0].count - 1].label, "ا");
}

static void chinese_is_the_only_language_without_its_letters(void **state)
{
    (void)state;
    for (size_t i = 0; i < LANGUAGE_COUNT; i++)
        assert_int_equal(tp_keyboard_has_letters(languages[i]),
                         strcmp(languages[i], "zh-Hans") != 0);
}

static void a_sentence_in_a_script_without_capitals_begins_on_its_letters(void **state)
{
    (void)state;
    assert_true(tp_keyboard_has_capitals("pl") && tp_keyboard_has_capitals("uk"));
    assert_false(tp_keyboard_has_capitals("bn") || tp_keyboard_has_capitals("pa") ||
                 tp_keyboard_has_capitals("ur"));
}

/* ---- the text ---- */

static void typing_and_deleting_by_character_and_word(void **state)
{
    struct tp_text_edit edit;

    (void)state;
    tp_text_edit_init(&edit);
    assert_string_equal(tp_text_edit_text(&edit), "");
    assert_false(tp_text_edit_delete(&edit));
    assert_false(tp_text_edit_delete_word(&edit));
    assert_true(tp_text_edit_add(&edit, "More seats  near"));
    assert_true(tp_text_edit_delete(&edit));
    assert_string_equal(tp_text_edit_text(&edit), "More seats  nea");
    assert_true(tp_text_edit_delete_word(&edit));
    assert_string_equal(tp_text_edit_text(&edit), "More seats  ");
    assert_true(tp_text_edit_delete_word(&edit));
    assert_string_equal(tp_text_edit_text(&edit), "More ");
    assert_true(tp_text_edit_delete_word(&edit));
    assert_string_equal(tp_text_edit_text(&edit), "");
    tp_text_edit_finish(&edit);
}

static void deleting_takes_a_whole_character(void **state)
{
    static const char *const characters[] = {"ł", "ș", "نّ", "কি", "ਕੀ", "👩‍👩‍👧", "é"};
    struct tp_text_edit edit;

    (void)state;
    tp_text_edit_init(&edit);
    for (size_t i = 0; i < sizeof(characters) / sizeof(characters[0]); i++) {
        assert_true(tp_text_edit_set(&edit, "a"));
        assert_true(tp_text_edit_add(&edit, characters[i]));
        assert_true(tp_text_edit_delete(&edit));
        assert_string_equal(tp_text_edit_text(&edit), "a");
    }
    tp_text_edit_finish(&edit);
}

static void what_is_no_text_is_not_taken(void **state)
{
    struct tp_text_edit edit;
    char *large = tp_calloc(1, TP_TEXT_EDIT_MAX + 2);

    (void)state;
    tp_text_edit_init(&edit);
    assert_true(tp_text_edit_add(&edit, "a"));
    assert_false(tp_text_edit_add(&edit, "\xff"));
    assert_false(tp_text_edit_add(&edit, "\x1b[2J"));
    assert_false(tp_text_edit_add(&edit, ""));
    assert_true(tp_text_edit_add(&edit, "\n"));
    memset(large, 'x', TP_TEXT_EDIT_MAX - 1);
    assert_false(tp_text_edit_add(&edit, large));
    assert_string_equal(tp_text_edit_text(&edit), "a\n");
    large[TP_TEXT_EDIT_MAX - 2] = '\0';
    assert_true(tp_text_edit_add(&edit, large));
    assert_false(tp_text_edit_add(&edit, "y"));
    assert_true(tp_text_edit_delete(&edit));
    assert_true(tp_text_edit_add(&edit, "y"));
    tp_text_edit_finish(&edit);
    tp_free(large);
}

static void deleted_letters_are_gone_from_memory(void **state)
{
    struct tp_text_edit edit;

    (void)state;
    tp_text_edit_init(&edit);
    assert_true(tp_text_edit_add(&edit, "keep canary"));
    assert_true(tp_text_edit_delete_word(&edit));
    for (size_t i = edit.text.length; i < sizeof("keep canary"); i++)
        assert_int_equal(edit.text.data[i], 0);
    tp_text_edit_finish(&edit);
}

static void a_sentence_begins_with_a_capital(void **state)
{
    static const struct {
        const char *text;
        bool begins;
    } cases[] = {{"", true},       {"A", false},     {"Yes. ", true}, {"Yes.", false},
                 {"Yes, ", false}, {"Why?  ", true}, {"a\n", true},   {" ", true}};

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        assert_int_equal(tp_text_at_sentence(cases[i].text), cases[i].begins);
}

/* Digits keep together, letters run on: rows of nearly the same length. */
static void a_narrow_screen_has_shorter_rows(void **state)
{
    static const char *const letters[] = {"a", "h", "o", "u"};
    static const char *const digits[] = {"1", "6"};
    struct tp_key_rows rows;

    (void)state;
    fill("en", TP_KEYBOARD_TEXT, TP_LAYER_LETTERS, false, false, &rows);
    for (size_t r = 0; r < sizeof(letters) / sizeof(letters[0]); r++)
        assert_string_equal(rows.rows[r].keys[0].text, letters[r]);
    fill("en", TP_KEYBOARD_TEXT, TP_LAYER_NUMBERS, false, false, &rows);
    for (size_t r = 0; r < sizeof(digits) / sizeof(digits[0]); r++)
        assert_string_equal(rows.rows[r].keys[0].text, digits[r]);
    /* From the right. */
    fill("ar", TP_KEYBOARD_TEXT, TP_LAYER_LETTERS, false, false, &rows);
    assert_string_equal(rows.rows[0].keys[rows.rows[0].count - 1].text, "ا");
}

#define NARROW(test)                                                                               \
    {                                                                                              \
#test "_on_a_narrow_screen", test, narrow, wide, NULL                                      \
    }

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_letter_of_each_language_can_be_typed),
        cmocka_unit_test(every_layer_fits_the_narrowest_display),
        cmocka_unit_test(no_layer_is_a_trap),
        NARROW(every_letter_of_each_language_can_be_typed),
        NARROW(every_layer_fits_the_narrowest_display),
        NARROW(no_layer_is_a_trap),
        NARROW(an_email_address_needs_no_other_keyboard),
        cmocka_unit_test_setup_teardown(a_narrow_screen_has_shorter_rows, narrow, wide),
        cmocka_unit_test(an_email_address_needs_no_other_keyboard),
        cmocka_unit_test(next_line_is_offered_only_where_there_are_lines),
        cmocka_unit_test(a_mark_is_shown_on_a_circle),
        cmocka_unit_test(a_word_is_deleted_and_the_order_changed_from_every_keyboard_of_words),
        cmocka_unit_test(the_alphabet_stands_in_its_order),
        cmocka_unit_test(a_sentence_in_a_script_without_capitals_begins_on_its_letters),
        cmocka_unit_test(chinese_is_the_only_language_without_its_letters),
        cmocka_unit_test(typing_and_deleting_by_character_and_word),
        cmocka_unit_test(deleting_takes_a_whole_character),
        cmocka_unit_test(what_is_no_text_is_not_taken),
        cmocka_unit_test(deleted_letters_are_gone_from_memory),
        cmocka_unit_test(a_sentence_begins_with_a_capital),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
