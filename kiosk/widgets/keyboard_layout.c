#include "kiosk/widgets/keyboard_layout.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unicase.h>
#include <unictype.h>
#include <unistr.h>

#include "kiosk/widgets/keyboard_flow.h"

/* A row is a list of keys parted by spaces. A word in capitals is a key with a task:
 *   SHIFT DELETE WORD NEXT    Aa, delete, delete a word, next line
 *   NUMBERS LETTERS ACCENTS LATIN    go to that layer
 *   ORDER                     letters in the order of the alphabet, or as on other keyboards
 *   SPACE
 * Anything else is typed as it stands; "~" before it makes it twice as wide. */
#define ROW_WIDTH_MAX 12.4f /* keys of 12.7 mm and gaps of 2.54 on a display 217 mm wide */

struct layer {
    const char *rows[TP_LAYER_ROWS];
};

struct layout {
    const char *language; /* first subtag; NULL ends the table and serves all others */
    bool own_shift;       /* shifted letters are a row set of their own, not capitals */
    struct layer letters, shifted;
    struct layer ordered, ordered_shifted; /* the same in the order of the alphabet */
    const char *order_label, *usual_label; /* what the key to that order and back shows */
    struct layer accents;                  /* empty: the common Latin accents */
    const char *accents_label;             /* what the key to them shows */
    const char *letters_label;             /* what the key back from numbers shows */
};

#define BOTTOM "NUMBERS ACCENTS SPACE . NEXT WORD"
#define BOTTOM_ARABIC "NUMBERS LATIN ACCENTS ORDER SPACE . NEXT"
#define BOTTOM_UKRAINIAN "NUMBERS LATIN ORDER SPACE ’ . NEXT"
#define BOTTOM_URDU "NUMBERS LATIN SPACE ۔ NEXT WORD"
#define BOTTOM_INDIC "NUMBERS LATIN ORDER SPACE । NEXT"

static const struct layer latin = {
    {"q w e r t y u i o p", "a s d f g h j k l ORDER", "SHIFT z x c v b n m DELETE", BOTTOM}};
static const struct layer latin_ordered = {
    {"a b c d e f g h i j", "k l m n o p q r s ORDER", "SHIFT t u v w x y z DELETE", BOTTOM}};
static const struct layer latin_guest = {{"q w e r t y u i o p", "a s d f g h j k l",
                                          "SHIFT z x c v b n m DELETE",
                                          "NUMBERS LETTERS SPACE . NEXT WORD"}};
static const struct layer latin_guest_ordered = {{"a b c d e f g h i j", "k l m n o p q r s",
                                                  "SHIFT t u v w x y z DELETE",
                                                  "NUMBERS LETTERS SPACE . NEXT WORD"}};
/* Polish, Portuguese, Romanian, Welsh, French, Spanish, German. */
static const struct layer latin_accents = {{"ą ć ę ł ń ó ś ź ż ñ ç", "á à â ã ä ă ș ț î ß",
                                            "SHIFT é è ê ë í ï ô õ DELETE",
                                            "NUMBERS LETTERS ú ü ŵ ŷ SPACE NEXT"}};
static const struct layer numbers = {{"1 2 3 4 5 6 7 8 9 0", "- / : ( ) £ & @ \" '",
                                      "WORD . , ? ! % + DELETE", "LETTERS SPACE NEXT"}};
#define BOTTOM_EMAIL "NUMBERS @ . - _ ~.co.uk ~.com"
static const struct layer email = {
    {"q w e r t y u i o p", "a s d f g h j k l ORDER", "SHIFT z x c v b n m DELETE", BOTTOM_EMAIL}};
static const struct layer email_ordered = {
    {"a b c d e f g h i j", "k l m n o p q r s ORDER", "SHIFT t u v w x y z DELETE", BOTTOM_EMAIL}};
static const struct layer email_numbers = {{"1 2 3 4 5 6 7 8 9 0", "@ . - _ + & ' / # !",
                                            "WORD % $ * = ? ~ DELETE", "LETTERS ~.co.uk ~.com"}};
static const struct layer integer = {{"1 2 3", "4 5 6", "7 8 9", "- 0 DELETE"}};
static const struct layer decimal = {{"1 2 3 DELETE", "4 5 6 -", "7 8 9 .", "0"}};
static const struct layer pin = {{"1 2 3", "4 5 6", "7 8 9", "0 DELETE"}};

static const struct layout layouts[] = {
    {.language = "uk",
     .letters = {{"й ц у к е н г ш щ з х ї", "ф і в а п р о л д ж є ґ",
                  "SHIFT я ч с м и т ь б ю DELETE", BOTTOM_UKRAINIAN}},
     .ordered = {{"а б в г ґ д е є ж з и і", "ї й к л м н о п р с т у",
                  "SHIFT ф х ц ч ш щ ь ю я DELETE", BOTTOM_UKRAINIAN}},
     .order_label = "А–Я",
     .usual_label = "ЙЦУ",
     .letters_label = "абв"},
    {.language = "ar",
     .letters = {{"ض ص ث ق ف غ ع ه خ ح ج د", "ش س ي ب ل ا ت ن م ك ط", "ئ ء ؤ ر ى ة و ز ظ ذ DELETE",
                  BOTTOM_ARABIC}},
     .ordered = {{"س ز ر ذ د خ ح ج ث ت ب ا", "م ل ك ق ف غ ع ظ ط ض ص ش", "ؤ ئ ء ة ى ي و ه ن DELETE",
                  BOTTOM_ARABIC}},
     .order_label = "أ–ي",
     .usual_label = "ضصث",
     .accents = {{"أ إ آ ٱ ء ئ ؤ", "َ ً ُ ٌ ِ ٍ ّ ْ", "WORD ، ؛ ؟ ـ DELETE",
                  "NUMBERS LETTERS SPACE . NEXT"}},
     .accents_label = "أ إ آ",
     .letters_label = "أ ب ت"},
    {.language = "ur",
     .own_shift = true,
     .letters = {{"ق و ع ر ت ے ء ی ہ پ", "ا س د ف گ ح ج ک ل ORDER", "SHIFT ز ش چ ط ب ن م DELETE",
                  BOTTOM_URDU}},
     .shifted = {{"ْ ؤ ٰ ڑ ٹ َ ئ ِ ۃ ُ", "آ ص ڈ ّ غ ھ ض خ ؛ ORDER", "SHIFT ذ ژ ث ظ ، ں ؟ DELETE",
                  BOTTOM_URDU}},
     .ordered = {{"خ ح چ ج ث ٹ ت پ ب ا", "ص ش س ژ ز ڑ ر ذ ڈ د ORDER", "SHIFT ق ف غ ع ظ ط ض DELETE",
                  BOTTOM_URDU}},
     .ordered_shifted = {{"ء ھ ہ و ں ن م ل گ ک", "َ ٰ ْ ّ ۃ ؤ ئ آ ے ی ORDER", "SHIFT ؟ ؛ ، ُ ِ DELETE",
                          BOTTOM_URDU}},
     .order_label = "ا–ے",
     .usual_label = "قوع",
     .letters_label = "ا ب پ"},
    {.language = "bn",
     .own_shift = true,
     .letters = {{"ৌ ৈ া ী ূ ব হ গ দ জ ড", "ো ে ্ ি ু প র ক ত চ ট", "SHIFT ৃ ং ম ন ল স য য় DELETE",
                  BOTTOM_INDIC}},
     .shifted = {{"ঔ ঐ আ ঈ ঊ ভ ঙ ঘ ধ ঝ ঢ", "ও এ অ ই উ ফ ড় খ থ ছ ঠ", "SHIFT ঋ ঁ ণ ঞ ৎ শ ষ ঢ় DELETE",
                  "NUMBERS LATIN ORDER SPACE ঃ NEXT"}},
     .ordered = {{"ক খ গ ঘ ঙ চ ছ জ ঝ ঞ ট ঠ", "ড ঢ ণ ত থ দ ধ ন প ফ ব ভ",
                  "SHIFT ম য র ল শ ষ স হ DELETE", BOTTOM_INDIC}},
     .ordered_shifted = {{"অ আ ই ঈ উ ঊ ঋ এ ঐ ও ঔ", "া ি ী ু ূ ৃ ে ৈ ো ৌ ্", "SHIFT ং ঃ ঁ ৎ ড় ঢ় য় DELETE",
                          BOTTOM_INDIC}},
     .order_label = "ক–হ",
     .usual_label = "ৌৈা",
     .letters_label = "ক খ গ"},
    {.language = "pa",
     .own_shift = true,
     .letters = {{"ੌ ੈ ਾ ੀ ੂ ਬ ਹ ਗ ਦ ਜ ਡ", "ੋ ੇ ੍ ਿ ੁ ਪ ਰ ਕ ਤ ਚ ਟ", "SHIFT ੰ ਮ ਨ ਵ ਲ ਸ ਯ ੱ DELETE",
                  BOTTOM_INDIC}},
     .shifted = {{"ਔ ਐ ਆ ਈ ਊ ਭ ਙ ਘ ਧ ਝ ਢ", "ਓ ਏ ਅ ਇ ਉ ਫ ੜ ਖ ਥ ਛ ਠ", "SHIFT ਂ ਣ ਞ ਲ਼ ਸ਼ ਜ਼ ਖ਼ ਫ਼ DELETE",
                  "NUMBERS LATIN ORDER SPACE ਗ਼ NEXT"}},
     .ordered = {{"ਸ ਹ ਕ ਖ ਗ ਘ ਙ ਚ ਛ ਜ ਝ ਞ", "ਟ ਠ ਡ ਢ ਣ ਤ ਥ ਦ ਧ ਨ ਪ ਫ",
                  "SHIFT ਬ ਭ ਮ ਯ ਰ ਲ ਵ ੜ DELETE", BOTTOM_INDIC}},
     .ordered_shifted = {{"ਅ ਆ ਇ ਈ ਉ ਊ ਏ ਐ ਓ ਔ ਂ ੰ", "ਾ ਿ ੀ ੁ ੂ ੇ ੈ ੋ ੌ ੱ ੍", "SHIFT ਸ਼ ਖ਼ ਗ਼ ਜ਼ ਫ਼ ਲ਼ DELETE",
                          BOTTOM_INDIC}},
     .order_label = "ਸ–ੜ",
     .usual_label = "ੌੈਾ",
     .letters_label = "ੳ ਅ ੲ"},
    {.language = NULL,
     .letters = {{NULL}},
     .order_label = "A–Z",
     .usual_label = "QWE",
     .accents_label = "é ł ș",
     .letters_label = "ABC"},
};

static const struct layout *layout_of(const char *language)
{
    const struct layout *layout = layouts;
    size_t length = strcspn(language, "-");

    while (layout->language &&
           (strlen(layout->language) != length || strncmp(layout->language, language, length) != 0))
        layout++;
    return layout;
}

/* ---- reading a row ---- */

struct reading {
    const struct tp_keyboard_view *view;
    const struct layout *layout;
    const struct layer *layer;
    bool shift; /* letters become capitals */
};

struct task {
    const char *name;
    enum tp_key_action action;
    enum tp_key_layer layer;
    float width;
    const char *text, *label;
};

static const struct task tasks[] = {
    {"SHIFT", TP_KEY_SHIFT, 0, 1.8f, "", "Aa"},
    {"DELETE", TP_KEY_DELETE, 0, 1.8f, "", ""},
    {"WORD", TP_KEY_DELETE_WORD, 0, 3.4f, "", ""},
    {"NEXT", TP_KEY_NEXT_LINE, 0, 1.9f, "", ""},
    {"SPACE", TP_KEY_TYPE, 0, 5.2f, " ", ""},
    {"NUMBERS", TP_KEY_LAYER, TP_LAYER_NUMBERS, 1.8f, "", "123"},
    {"LETTERS", TP_KEY_LAYER, TP_LAYER_LETTERS, 2.0f, "", NULL},
    {"ACCENTS", TP_KEY_LAYER, TP_LAYER_ACCENTS, 1.8f, "", NULL},
    {"LATIN", TP_KEY_LAYER, TP_LAYER_LATIN, 1.8f, "", "ABC"},
    {"ORDER", TP_KEY_ORDER, 0, 1.8f, "", NULL},
};

static void copy(char to[TP_KEY_TEXT_MAX], const char *text, size_t length)
{
    if (length >= TP_KEY_TEXT_MAX)
        length = TP_KEY_TEXT_MAX - 1;
    memcpy(to, text, length);
    to[length] = '\0';
}

static void capital(char text[TP_KEY_TEXT_MAX])
{
    uint8_t upper[TP_KEY_TEXT_MAX];
    size_t length = sizeof(upper);
    const uint8_t *result =
        u8_toupper((const uint8_t *)text, strlen(text), NULL, NULL, upper, &length);

    /* Longer than the key's text (no letter here is): it stays as it was. */
    if (result == upper && length < TP_KEY_TEXT_MAX)
        copy(text, (const char *)upper, length);
}

static void label_of_typed(struct tp_keyboard_key *key)
{
    /* A mark has nothing to stand on by itself: show it on a dotted circle. */
    ucs4_t first = 0;
    int bytes = u8_mbtouc(&first, (const uint8_t *)key->text, strlen(key->text));

    const char *base = bytes > 0 && uc_is_general_category(first, UC_CATEGORY_M) ? "◌" : "";

    (void)snprintf(key->label, sizeof(key->label), "%s%.12s", base, key->text);
}

/* What a key shows that every layout names in its own letters. */
static const char *own_label(const struct layout *layout, const struct task *task, bool ordered)
{
    if (task->action == TP_KEY_ORDER)
        return ordered ? layout->usual_label : layout->order_label;
    return task->layer == TP_LAYER_LETTERS ? layout->letters_label : layout->accents_label;
}

static void read_key(const struct reading *reading, const char *word, size_t length,
                     struct tp_keyboard_key *key)
{
    *key = (struct tp_keyboard_key){.action = TP_KEY_TYPE, .width = 1};
    for (size_t i = 0; i < sizeof(tasks) / sizeof(tasks[0]); i++) {
        const char *label = tasks[i].label;

        if (strlen(tasks[i].name) != length || strncmp(tasks[i].name, word, length) != 0)
            continue;
        key->action = tasks[i].action;
        key->layer = tasks[i].layer;
        key->width = tasks[i].width;
        if (!label)
            label = own_label(reading->layout, &tasks[i], reading->view->ordered);
        copy(key->text, tasks[i].text, strlen(tasks[i].text));
        copy(key->label, label, strlen(label));
        return;
    }
    if (*word == '~' && length > 1) {
        key->width = 2;
        word++;
        length--;
    }
    copy(key->text, word, length);
    if (reading->shift)
        capital(key->text);
    label_of_typed(key);
}

static float width_of(const struct tp_key_row *row)
{
    float width = 0;

    for (size_t i = 0; i < row->count; i++)
        width += row->keys[i].width;
    return width;
}

/* Takes from a key what the row has too much, down to `least`. */
static void narrow(const struct tp_key_row *row, struct tp_keyboard_key *key, float least)
{
    float over = width_of(row) - ROW_WIDTH_MAX;

    if (over > 0)
        key->width = key->width - over > least ? key->width - over : least;
}

/* Where a row would not fit the narrowest display the space bar gives way, then "Delete word",
 * whose words are long in some languages. */
static void fit_row(struct tp_key_row *row)
{
    for (size_t i = 0; i < row->count; i++)
        if (strcmp(row->keys[i].text, " ") == 0)
            narrow(row, &row->keys[i], TP_KEY_SPACE_LEAST);
    for (size_t i = 0; i < row->count; i++)
        if (row->keys[i].action == TP_KEY_DELETE_WORD)
            narrow(row, &row->keys[i], TP_KEY_WORD_LEAST);
}

/* Is there a key for it in any row of the layer? */
static bool has_task(const struct layer *layer, const char *name)
{
    for (size_t i = 0; i < TP_LAYER_ROWS; i++)
        if (layer->rows[i] && strstr(layer->rows[i], name))
            return true;
    return false;
}

static void read_row(const struct reading *reading, const char *text, struct tp_key_row *row)
{
    bool multiline = reading->view->kind == TP_KEYBOARD_MULTILINE;

    while (*text && row->count < TP_KEY_ROW_MAX) {
        size_t length = strcspn(text, " ");
        struct tp_keyboard_key *key = &row->keys[row->count];

        read_key(reading, text, length, key);
        /* One line needs no "Next line": "Delete word" stands there instead. */
        if (key->action != TP_KEY_NEXT_LINE || multiline) {
            row->count++;
        } else if (!has_task(reading->layer, "WORD")) {
            read_key(reading, "WORD", 4, key);
            row->count++;
        }
        text += length;
        text += strspn(text, " ");
    }
    fit_row(row);
}

/* Digits stand under one another: every key is as wide as a digit's, and 0 fills what its row has
 * left. */
static void even_widths(struct tp_key_rows *rows)
{
    size_t columns = rows->rows[0].count;

    for (size_t r = 0; r < rows->count; r++)
        for (size_t k = 0; k < rows->rows[r].count; k++) {
            struct tp_keyboard_key *key = &rows->rows[r].keys[k];

            key->width = 1;
            if (strcmp(key->text, "0") == 0)
                key->width += (float)(columns - rows->rows[r].count);
        }
}

/* ---- choosing a layer ---- */

static const struct layer *letters_of(const struct layout *layout,
                                      const struct tp_keyboard_view *view)
{
    if (!layout->letters.rows[0])
        return view->ordered ? &latin_ordered : &latin;
    if (view->shift && layout->own_shift)
        return view->ordered ? &layout->ordered_shifted : &layout->shifted;
    return view->ordered ? &layout->ordered : &layout->letters;
}

static const struct layer *layer_of(const struct layout *layout,
                                    const struct tp_keyboard_view *view)
{
    switch (view->kind) {
    case TP_KEYBOARD_INTEGER:
        return &integer;
    case TP_KEYBOARD_DECIMAL:
        return &decimal;
    case TP_KEYBOARD_PIN:
        return &pin;
    case TP_KEYBOARD_EMAIL:
        return view->layer == TP_LAYER_NUMBERS ? &email_numbers
               : view->ordered                 ? &email_ordered
                                               : &email;
    case TP_KEYBOARD_TEXT:
    case TP_KEYBOARD_MULTILINE:
        break;
    }
    switch (view->layer) {
    case TP_LAYER_NUMBERS:
        return &numbers;
    case TP_LAYER_LATIN:
        return view->ordered ? &latin_guest_ordered : &latin_guest;
    case TP_LAYER_ACCENTS:
        return layout->accents.rows[0] ? &layout->accents : &latin_accents;
    case TP_LAYER_LETTERS:
        break;
    }
    return letters_of(layout, view);
}

static void read_rows(const struct tp_keyboard_view *view, struct tp_key_rows *rows)
{
    const struct layout *layout = layout_of(view->kind == TP_KEYBOARD_EMAIL ? "" : view->language);
    struct reading reading = {
        .view = view, .layout = layout, .layer = layer_of(layout, view), .shift = view->shift};

    /* Where shifted letters are others, they are no capitals of these. */
    if (layout->own_shift && view->layer == TP_LAYER_LETTERS)
        reading.shift = false;
    *rows = (struct tp_key_rows){.count = TP_LAYER_ROWS};
    for (size_t i = 0; i < TP_LAYER_ROWS; i++)
        read_row(&reading, reading.layer->rows[i], &rows->rows[i]);
    if (view->kind >= TP_KEYBOARD_INTEGER)
        even_widths(rows);
}

/* By its first key: those of Arabic and Urdu are written from the right. */
static bool is_rtl(const struct tp_key_rows *rows)
{
    ucs4_t first = 0;
    const uint8_t *text = (const uint8_t *)rows->rows[0].keys[0].text;

    return u8_mbtouc(&first, text, strlen((const char *)text)) > 0 &&
           uc_bidi_category(first) == UC_BIDI_AL;
}

/* In keys. */
static float widest_row(const struct tp_key_rows *rows)
{
    float widest = 0;

    for (size_t i = 0; i < rows->count; i++) {
        float width = width_of(&rows->rows[i]);

        widest = width > widest ? width : widest;
    }
    return widest;
}

void tp_keyboard_rows(const struct tp_keyboard_view *view, struct tp_key_rows *rows)
{
    struct tp_keyboard_view ordered = *view;

    read_rows(view, rows);
    if (view->across <= 0 || widest_row(rows) <= view->across)
        return;
    ordered.ordered = true;
    read_rows(&ordered, rows);
    tp_keyboard_flow(rows, view->across, view->layer == TP_LAYER_NUMBERS, is_rtl(rows));
}

bool tp_keyboard_has_letters(const char *language)
{
    return strncmp(language, "zh", 2) != 0;
}

bool tp_keyboard_has_capitals(const char *language)
{
    return !layout_of(language)->own_shift;
}
