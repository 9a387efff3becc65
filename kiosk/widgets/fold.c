#include "kiosk/widgets/fold.h"

#include <ctype.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unicase.h>
#include <unictype.h>
#include <uninorm.h>
#include <unistr.h>

/* A word shorter than this is in too many others to be looked for inside them. */
#define INSIDE_MIN 3

/* Letters with a stroke and the like, which Unicode does not decompose. */
static const struct {
    ucs4_t letter;
    const char *plain;
} strokes[] = {
    {0x142, "l"}, {0xF8, "o"},  {0x111, "d"},  {0xF0, "d"},  {0x127, "h"},
    {0x131, "i"}, {0xE6, "ae"}, {0x153, "oe"}, {0xFE, "th"},
};

static bool put_letter(struct tp_buf *folded, ucs4_t letter)
{
    uint8_t bytes[6];
    int length;

    for (size_t i = 0; i < sizeof(strokes) / sizeof(strokes[0]); i++)
        if (strokes[i].letter == letter)
            return tp_buf_puts(folded, strokes[i].plain);
    length = u8_uctomb(bytes, letter, sizeof(bytes));
    return length > 0 && tp_buf_add(folded, bytes, (size_t)length);
}

/* A space between two words, none before the first. */
static void put_gap(struct tp_buf *folded, size_t start)
{
    if (folded->length > start && folded->data[folded->length - 1] != ' ')
        (void)tp_buf_putc(folded, ' ');
}

static bool is_ascii(const char *text)
{
    while (*text > 0)
        text++;
    return !*text;
}

static void fold_ascii(const char *text, struct tp_buf *folded)
{
    size_t start = folded->length;

    for (; *text; text++) {
        if (isalnum((unsigned char)*text))
            (void)tp_buf_putc(folded, (char)tolower((unsigned char)*text));
        else if (*text != '\'')
            put_gap(folded, start);
    }
}

static void fold_letters(const uint8_t *text, size_t length, struct tp_buf *folded)
{
    size_t start = folded->length;

    for (size_t at = 0; at < length;) {
        ucs4_t letter;
        int bytes = u8_mbtouc(&letter, text + at, length - at);

        at += (size_t)bytes;
        /* Accents, and the apostrophes within a word. */
        if (uc_combining_class(letter) != 0 || letter == '\'' || letter == 0x2019)
            continue;
        if (uc_is_alnum(letter) || uc_is_general_category(letter, UC_CATEGORY_M))
            (void)put_letter(folded, letter);
        else
            put_gap(folded, start);
    }
}

static bool fold_cased(const uint8_t *text, size_t length, struct tp_buf *folded)
{
    size_t folded_length = 0;
    uint8_t *cased = u8_casefold(text, length, NULL, UNINORM_NFKD, NULL, &folded_length);

    if (cased)
        fold_letters(cased, folded_length, folded);
    free(cased); /* libunistring's own memory */
    return cased != NULL;
}

/* ---- letters that fold alike whatever stands beside them ---- */

/* Latin, Greek and Cyrillic letters, but not the marks that combine with them: what each folds to
 * is asked once, and kept. A space in it parts words. */
#define ALONE_MAX 0x530u
#define MARKS_FIRST 0x300u
#define MARKS_LAST 0x36Fu

static struct alone {
    bool known;
    char text[7]; /* with its NUL; the longest, three letters of one ligature, has six bytes */
} alone[ALONE_MAX];

static const char *fold_alone(ucs4_t letter)
{
    struct alone *found = &alone[letter];
    uint8_t bytes[8] = {'a'}; /* a word for a gap to stand behind */
    struct tp_buf folded;
    int length;

    if (found->known)
        return found->text;
    length = u8_uctomb(bytes + 1, letter, 6);
    tp_buf_init(&folded, sizeof(bytes) * 4);
    if (length > 0 && fold_cased(bytes, (size_t)length + 1, &folded) && tp_buf_ok(&folded) &&
        folded.length <= sizeof(found->text)) {
        memcpy(found->text, tp_buf_text(&folded) + 1, folded.length);
        found->known = true;
    }
    tp_buf_finish(&folded);
    return found->known ? found->text : NULL;
}

/* False, with nothing added, where a letter needs its neighbours. */
static bool fold_each(const uint8_t *text, size_t length, struct tp_buf *folded)
{
    size_t start = folded->length;

    for (size_t at = 0; at < length;) {
        const char *letters;
        ucs4_t letter;

        at += (size_t)u8_mbtouc(&letter, text + at, length - at);
        letters = letter < ALONE_MAX && (letter < MARKS_FIRST || letter > MARKS_LAST)
                      ? fold_alone(letter)
                      : NULL;
        if (!letters) {
            folded->length = start;
            return false;
        }
        for (; *letters; letters++)
            if (*letters == ' ')
                put_gap(folded, start);
            else
                (void)tp_buf_putc(folded, *letters);
    }
    return true;
}

bool tp_fold(const char *text, struct tp_buf *folded)
{
    size_t length = strlen(text);

    if (is_ascii(text))
        fold_ascii(text, folded);
    else if (!fold_each((const uint8_t *)text, length, folded))
        (void)fold_cased((const uint8_t *)text, length, folded);
    if (folded->length > 0 && folded->data[folded->length - 1] == ' ')
        folded->length--;
    if (folded->data)
        folded->data[folded->length] = '\0';
    return tp_buf_ok(folded);
}

/* Where in the text a word fits best. */
static enum tp_fit fit_word(const char *text, const char *word, size_t length)
{
    enum tp_fit best = TP_FIT_NONE;

    /* Texts are short: by the word's first letter is quicker than any search with tables. */
    for (const char *at = strchr(text, *word); at; at = strchr(at + 1, *word)) {
        if (strncmp(at, word, length) != 0)
            continue;
        if (at == text || at[-1] == ' ')
            return TP_FIT_WORD;
        if (length >= INSIDE_MIN)
            best = TP_FIT_INSIDE;
    }
    return best;
}

enum tp_fit tp_fold_fit(const char *text, const char *wanted)
{
    enum tp_fit worst = TP_FIT_WORD;

    if (strncmp(text, wanted, strlen(wanted)) == 0)
        return TP_FIT_START;
    while (*wanted && worst != TP_FIT_NONE) {
        size_t length = strcspn(wanted, " ");
        enum tp_fit fit = fit_word(text, wanted, length);

        worst = fit < worst ? fit : worst;
        wanted += length;
        wanted += strspn(wanted, " ");
    }
    return worst;
}
