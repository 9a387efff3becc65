/* The words of a notice in one language: plain paragraphs, or in Easy Read one idea a field, each
 * with a picture beside it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/utf8.h"
#include "central/web/fields.h"
#include "central/web/notices.h"
#include "central/web/web.h"
#include "store/notice_pictures.h"

/* More is not Easy Read. */
#define IDEAS_MAX 10
#define PICTURES_MAX 64

static const struct tp_notice_language languages[] = {
    {"en", "English", false},      {"en-simple", "Easy Read", false},
    {"pl", "Polish", false},       {"pt", "Portuguese", false},
    {"ro", "Romanian", false},     {"uk", "Ukrainian", false},
    {"ar", "Arabic", true},        {"ur", "Urdu", true},
    {"bn", "Bengali", false},      {"pa", "Punjabi", false},
    {"zh-Hans", "Chinese", false},
};
#define LANGUAGES (sizeof(languages) / sizeof(languages[0]))

const struct tp_notice_language *tp_notice_language(size_t index)
{
    return index < LANGUAGES ? &languages[index] : NULL;
}

static const struct tp_notice_language *find_language(const char *tag)
{
    for (size_t i = 0; i < LANGUAGES; i++)
        if (strcmp(languages[i].tag, tag) == 0)
            return &languages[i];
    return NULL;
}

static bool is_easy_read(const char *tag)
{
    size_t length = strlen(tag);

    return length > 7 && strcmp(tag + length - 7, "-simple") == 0;
}

int64_t tp_notice_named(const struct tp_exchange *exchange)
{
    char *end = NULL;
    long long id = strtoll(exchange->names[0], &end, 10);

    return *exchange->names[0] && !*end && id > 0 ? id : 0;
}

/* ---- reading the fields ---- */

void tp_notice_words_finish(struct tp_notice_words *words)
{
    for (size_t i = 0; i < words->count; i++)
        tp_free(words->parts[i].text);
    tp_free(words->parts);
    *words = (struct tp_notice_words){.tag = ""};
}

static size_t without_blanks(const char **text, size_t length)
{
    while (length && strchr(" \t\r\n", **text)) {
        (*text)++;
        length--;
    }
    while (length && strchr(" \t\r\n", (*text)[length - 1]))
        length--;
    return length;
}

/* Adds the paragraph, unless it is empty; what is wrong, or NULL. */
static const char *add_part(struct tp_notice_words *words, const char *text, size_t length,
                            const char *picture)
{
    struct tp_notice_part *part = &words->parts[words->count];

    length = without_blanks(&text, length);
    if (length == 0)
        return NULL;
    if (words->count == TP_NOTICE_PARTS_MAX)
        return "Write at most 16 paragraphs.";
    if (length >= TP_NOTICE_TEXT_MAX)
        return "One paragraph is too long. Part it into shorter ones.";
    part->text = tp_strndup(text, length);
    if (!part->text)
        return "There is no memory. Try again in a few seconds.";
    words->count++;
    /* A tab would be a control character on the screen. */
    for (char *c = part->text; *c; c++)
        if (*c == '\t')
            *c = ' ';
    (void)snprintf(part->picture, sizeof(part->picture), "%s", picture);
    return NULL;
}

static const char *take_paragraphs(const char *text, struct tp_notice_words *words)
{
    const char *problem = NULL;

    while (*text && !problem) {
        size_t length = strcspn(text, "\n");

        problem = add_part(words, text, length, "");
        text += length + (text[length] == '\n');
    }
    return problem;
}

/* The n-th idea's field, "text" or "picture"; "" where it was not sent. */
static const char *idea(const struct tp_exchange *exchange, const char *name, int n)
{
    char field[32];
    const char *value;

    (void)snprintf(field, sizeof(field), "%s-%d", name, n);
    value = tp_exchange_field(exchange, field);
    return value ? value : "";
}

static const char *take_ideas(const struct tp_exchange *exchange, struct tp_notice_words *words)
{
    const char *problem = NULL;

    for (int n = 1; n <= IDEAS_MAX && !problem; n++) {
        const char *text = idea(exchange, "text", n);
        const char *picture = idea(exchange, "picture", n);

        if (*picture && !tp_notice_picture_words(picture))
            problem = "Choose a picture from the list.";
        else if (strchr(text, '\n'))
            problem = "Write one idea in each field, on one line.";
        else
            problem = add_part(words, text, strlen(text), picture);
    }
    return problem;
}

/* Controls of ASCII do not come this far (http/decode.h), but line ends and tabs; those of Latin-1
 * do, and no screen takes them. */
static bool has_hidden(const char *text)
{
    for (; *text; text++)
        if (!strchr("\t\n\r", *text) && tp_utf8_is_control(text))
            return true;
    return false;
}

const char *tp_notice_take_words(const struct tp_exchange *exchange, const char *tag,
                                 struct tp_notice_words *words)
{
    const char *title = tp_exchange_field(exchange, "title");
    const char *text = tp_exchange_field(exchange, "text");
    const char *problem;
    size_t length;

    *words = (struct tp_notice_words){.tag = ""};
    (void)snprintf(words->tag, sizeof(words->tag), "%s", tag);
    words->parts = tp_calloc(TP_NOTICE_PARTS_MAX + 1, sizeof(*words->parts));
    if (!words->parts)
        return "There is no memory. Try again in a few seconds.";
    title = title ? title : "";
    length = without_blanks(&title, strlen(title));
    if (length >= sizeof(words->title) || memchr(title, '\n', length) ||
        memchr(title, '\t', length))
        return "Write a shorter title, on one line.";
    memcpy(words->title, title, length);
    problem =
        is_easy_read(tag) ? take_ideas(exchange, words) : take_paragraphs(text ? text : "", words);
    for (size_t i = 0; i < words->count && !problem; i++)
        problem =
            has_hidden(words->parts[i].text) ? "There is a character that cannot be shown." : NULL;
    if (!problem && has_hidden(words->title))
        problem = "There is a character that cannot be shown.";
    if (!problem && (words->count > 0) != (*words->title != '\0'))
        problem = "Write both a title and a text.";
    return problem;
}

/* ---- showing the fields ---- */

static void text_field(struct tp_html *html, const struct tp_notice_language *language,
                       const struct tp_notice_words *words)
{
    struct tp_buf text;

    tp_buf_init(&text, TP_NOTICE_PARTS_MAX * TP_NOTICE_TEXT_MAX);
    for (size_t i = 0; words && i < words->count; i++)
        (void)tp_buf_printf(&text, "%s%s", i ? "\n\n" : "", words->parts[i].text);
    tp_page_area(html, &(struct tp_area){.name = "text",
                                         .label = "Text",
                                         .hint = "Plain paragraphs, an empty line between two.",
                                         .value = tp_buf_text(&text),
                                         .rows = "10",
                                         .lang = language->tag,
                                         .rtl = language->rtl,
                                         .optional = true});
    tp_buf_finish(&text);
}

static void idea_fields(struct tp_html *html, const struct tp_notice_words *words, int n)
{
    struct tp_option options[PICTURES_MAX] = {{"", "No picture"}};
    const struct tp_notice_part *part =
        words && (size_t)n <= words->count ? &words->parts[n - 1] : NULL;
    const struct tp_notice_picture *picture;
    char name[32], label[32];
    size_t count = 1;

    for (size_t i = 0; count < PICTURES_MAX && (picture = tp_notice_picture(i)); i++)
        options[count++] = (struct tp_option){picture->name, picture->words};
    tp_html_open(html, "div", "class", "idea", NULL);
    (void)snprintf(name, sizeof(name), "text-%d", n);
    (void)snprintf(label, sizeof(label), "Idea %d", n);
    tp_page_area(html, &(struct tp_area){.name = name,
                                         .label = label,
                                         .value = part ? part->text : NULL,
                                         .rows = "2",
                                         .optional = true});
    (void)snprintf(name, sizeof(name), "picture-%d", n);
    (void)snprintf(label, sizeof(label), "Picture of idea %d", n);
    tp_page_select(html, name, label, NULL, options, count, part ? part->picture : "");
    tp_html_close(html);
}

void tp_notice_words_fields(struct tp_html *html, const struct tp_notice_language *language,
                            const struct tp_notice_words *words)
{
    tp_page_area(html, &(struct tp_area){.name = "title",
                                         .label = "Title",
                                         .value = words ? words->title : NULL,
                                         .rows = "1",
                                         .lang = language->tag,
                                         .rtl = language->rtl,
                                         .optional = true});
    if (!is_easy_read(language->tag)) {
        text_field(html, language, words);
        return;
    }
    tp_html_element(
        html, "p",
        "One idea in each field: one short sentence, and a picture that shows it. Leave "
        "what you do not need empty.",
        "class", "hint", NULL);
    for (int n = 1; n <= IDEAS_MAX; n++)
        idea_fields(html, words, n);
}

/* ---- the page ---- */

/* The English, to write another language from. */
static void english(struct tp_html *html, const struct tp_notice *notice)
{
    const struct tp_notice_words *words = tp_notice_words_in(notice, "en");

    if (!words)
        return;
    tp_html_open(html, "div", "class", "panel", NULL);
    tp_html_element(html, "h2", "In English", "class", "first", NULL);
    tp_html_element(html, "p", words->title, "class", "strong", NULL);
    for (size_t i = 0; i < words->count; i++)
        tp_html_element(html, "p", words->parts[i].text, NULL);
    tp_html_close(html);
}

/* `typed`: what was sent and not taken; NULL: what is kept. */
static void show(struct tp_central *central, struct tp_exchange *exchange, int status,
                 const struct tp_notice_words *typed, const char *problem)
{
    const struct tp_notice_language *language = find_language(exchange->names[1]);
    struct tp_sql *db = tp_sql_pool_take(central->readers);
    char title[64], path[TP_PAGE_PATH_MAX], tail[64];
    enum tp_notice_state state;
    struct tp_notice notice = {.id = ""};
    struct tp_html html;
    bool found = false;
    bool ok = tp_notice_read(db, tp_notice_named(exchange), &state, &notice, &found, NULL);

    tp_sql_pool_give(central->readers, db);
    if (!ok) {
        tp_page_not_ready(exchange);
        return;
    }
    if (!found || !language) {
        tp_respond_problem(exchange, 404, "there is no such notice or language");
        tp_notice_finish(&notice);
        return;
    }
    (void)snprintf(title, sizeof(title), "The notice in %s", language->name);
    (void)snprintf(tail, sizeof(tail), "/words/%s", language->tag);
    tp_page_begin(central, exchange, &html, status, TP_SECTION_NOTICES, title);
    tp_page_problem(&html, problem, NULL);
    tp_page_form(&html, exchange, tp_page_path(path, "/notices/", notice.id, tail), "panel");
    tp_notice_words_fields(&html, language,
                           typed ? typed : tp_notice_words_in(&notice, language->tag));
    tp_html_open(&html, "div", "class", "buttons", NULL);
    tp_html_element(&html, "button", "Save", "class", "button", NULL);
    tp_html_element(&html, "a", "Back to the notice", "class", "button plain", "href",
                    tp_page_path(path, "/notices/", notice.id, ""), NULL);
    tp_html_close(&html);
    tp_html_close(&html);
    if (strcmp(language->tag, "en") != 0)
        english(&html, &notice);
    tp_page_end(&html);
    tp_notice_finish(&notice);
}

enum tp_next tp_web_notice_words(struct tp_central *central, struct tp_exchange *exchange)
{
    show(central, exchange, 200, NULL, NULL);
    return TP_RESPOND;
}

struct change {
    struct tp_central *central;
    int64_t id;
    const struct tp_notice_words *words;
    struct tp_deed deed;
    bool found;
};

static bool run_change(struct tp_sql *db, void *context, struct tp_error *error)
{
    struct change *change = context;
    char today[TP_DAY_TEXT_MAX];

    tp_central_day(change->central, change->deed.at_ms, today);
    return tp_notice_set_words(db, change->id, change->words, &change->deed, &change->found,
                               error) &&
           tp_notice_list_fits(db, today, error);
}

enum tp_next tp_web_notice_set_words(struct tp_central *central, struct tp_exchange *exchange)
{
    const struct tp_notice_language *language = find_language(exchange->names[1]);
    struct tp_notice_words words;
    struct change change = {.central = central,
                            .id = tp_notice_named(exchange),
                            .words = &words,
                            .deed = tp_page_deed(central, exchange)};
    struct tp_error error = {.text = ""};
    const char *problem;
    bool ok;

    if (!language) {
        tp_respond_problem(exchange, 404, "there is no such language");
        return TP_RESPOND;
    }
    problem = tp_notice_take_words(exchange, language->tag, &words);
    if (!problem && words.count == 0 && strcmp(language->tag, "en") == 0)
        problem = "Write both a title and a text: other languages may be missing, English may not.";
    if (problem) {
        show(central, exchange, 400, &words, problem);
    } else {
        ok = tp_committer_run(central->committer, run_change, &change, &error);
        if (!ok && error.code == TP_ERR_LIMIT)
            show(central, exchange, 400, &words, error.text);
        else
            tp_notice_answer(central, exchange, change.id, ok, change.found, &error, "saved");
    }
    tp_notice_words_finish(&words);
    return TP_RESPOND;
}
