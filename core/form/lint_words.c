#include "form/lint_words.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

static bool is_word(unsigned char c)
{
    return isalnum(c) || c >= 0x80 || c == '\'';
}

/* A point after these does not end a sentence. */
static bool is_abbreviation(const char *start, const char *point)
{
    static const char *const known[] = {"e.g", "i.e", "etc", "mr",  "mrs", "ms", "dr",
                                        "st",  "rd",  "no",  "a.m", "p.m", "vs", "approx"};
    const char *word = point;
    size_t length;

    while (word > start && (isalpha((unsigned char)word[-1]) || word[-1] == '.'))
        word--;
    length = (size_t)(point - word);
    for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
        if (strlen(known[i]) == length && strncasecmp(word, known[i], length) == 0)
            return true;
    }
    return length == 1 && isupper((unsigned char)*word);
}

/* "1. Open the door": the number of a list, and no sentence. */
static bool is_list_number(const char *start, const char *point)
{
    while (start < point && isspace((unsigned char)*start))
        start++;
    return start < point && strspn(start, "0123456789") == (size_t)(point - start);
}

/* Closing quotes, brackets and Markdown marks may stand between the point and the space. */
static size_t closing(const char *p)
{
    size_t n = 0;

    for (;;) {
        if (p[n] == '"' || p[n] == '\'' || p[n] == ')' || p[n] == '*' || p[n] == '_')
            n++;
        else if (strncmp(p + n, "\xE2\x80\x99", 3) == 0 || strncmp(p + n, "\xE2\x80\x9D", 3) == 0)
            n += 3;
        else
            return n;
    }
}

static bool ends_here(const char *start, const char *p, size_t *length)
{
    size_t after;

    if (*p != '.' && *p != '?' && *p != '!')
        return false;
    after = 1 + closing(p + 1);
    if (p[after] && !isspace((unsigned char)p[after]))
        return false;
    if (*p == '.' && p[after] && (is_abbreviation(start, p) || is_list_number(start, p)))
        return false;
    *length = after;
    return true;
}

#define VOWELS "aeiouy"

static bool is_one_of(char c, const char *letters)
{
    return c && strchr(letters, tolower((unsigned char)c));
}

/* "make" has one, "table" two, "free" one. */
static bool ends_in_silent_e(const char *word, size_t length)
{
    return length > 2 && is_one_of(word[length - 1], "e") &&
           !is_one_of(word[length - 2], VOWELS "l");
}

/* "walked" has one, "wanted" two. */
static bool ends_in_silent_ed(const char *word, size_t length)
{
    return length > 3 && strncasecmp(word + length - 2, "ed", 2) == 0 &&
           !is_one_of(word[length - 3], VOWELS "td");
}

unsigned tp_syllables(const char *word, size_t length)
{
    unsigned count = 0;
    bool vowel = false;

    for (size_t i = 0; i < length; i++) {
        bool now = is_one_of(word[i], VOWELS);

        count += now && !vowel;
        vowel = now;
    }
    if (count > 1 && (ends_in_silent_e(word, length) || ends_in_silent_ed(word, length)))
        count--;
    return count ? count : 1;
}

/* Numbers, references, addresses of the web and of email are one word of one syllable: people read
 * them as a piece. */
static void count_words(struct tp_sentence *sentence)
{
    const char *end = sentence->start + sentence->length;
    const char *p = sentence->start;

    while (p < end) {
        const char *start;
        bool plain = true;
        size_t letters = 0;

        while (p < end && !is_word((unsigned char)*p) && *p != '$')
            p++;
        start = p;
        for (; p < end && !isspace((unsigned char)*p); p++) {
            plain = plain && !isdigit((unsigned char)*p) && !strchr("@/$", *p);
            letters += is_word((unsigned char)*p);
        }
        if (p == start || !letters)
            continue;
        sentence->words++;
        while (p > start && !is_word((unsigned char)p[-1]))
            p--;
        sentence->syllables += plain ? tp_syllables(start, (size_t)(p - start)) : 1;
        while (p < end && !isspace((unsigned char)*p))
            p++;
    }
}

bool tp_next_sentence(const char **from, struct tp_sentence *sentence)
{
    const char *p = *from;
    bool line = sentence->start == NULL;

    for (;;) {
        const char *start;
        size_t after = 0;

        while (*p == ' ' || *p == '\t' || *p == '\n' || *p == '\r') {
            line = line || *p == '\n';
            p++;
        }
        if (!*p)
            return false;
        start = p;
        while (*p && *p != '\n' && !ends_here(start, p, &after))
            p++;
        p += after;
        *sentence = (struct tp_sentence){
            .start = start, .length = (size_t)(p - start), .starts_line = line};
        count_words(sentence);
        *from = p;
        if (sentence->words)
            return true;
    }
}

double tp_reading_age(unsigned long sentences, unsigned long words, unsigned long syllables)
{
    if (!sentences || !words)
        return 0;
    return 0.39 * ((double)words / (double)sentences) + 11.8 * ((double)syllables / (double)words) -
           15.59 + 5;
}
