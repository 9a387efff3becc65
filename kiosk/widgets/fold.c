#include "kiosk/widgets/fold.h"

#include <ctype.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unicase.h>
#include <unictype.h>
#include <uninorm.h>
#include <unistr.h>

#include "base/mem.h"

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

bool tp_fold(const char *text, struct tp_buf *folded)
{
    size_t length = strlen(text), folded_length = 0;
    uint8_t *cased;

    if (is_ascii(text)) {
        fold_ascii(text, folded);
    } else {
        cased =
            u8_casefold((const uint8_t *)text, length, NULL, UNINORM_NFKD, NULL, &folded_length);
        if (cased)
            fold_letters(cased, folded_length, folded);
        free(cased); /* libunistring's own memory */
    }
    if (folded->length > 0 && folded->data[folded->length - 1] == ' ') {
        folded->data[--folded->length] = '\0';
    }
    return tp_buf_ok(folded);
}

/* Where in the text a word fits best. */
static enum tp_fit fit_word(const char *text, const char *word, size_t length)
{
    enum tp_fit best = TP_FIT_NONE;

    for (const char *at = memmem(text, strlen(text), word, length); at;
         at = memmem(at + 1, strlen(at + 1), word, length)) {
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
