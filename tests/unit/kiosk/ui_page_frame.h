/* What stands around the body of a test's page: the title line, the actions, and the bar with its
 * words in several languages. */
#ifndef TP_TESTS_UNIT_KIOSK_UI_PAGE_FRAME_H
#define TP_TESTS_UNIT_KIOSK_UI_PAGE_FRAME_H

#include "ui_stage.h"

enum { ACT_ONE = 1, ACT_BACK, ACT_NEXT, ACT_BAR };

static struct tp_action act(int id)
{
    return (struct tp_action){.id = id};
}

/* The bar's words, the one that stands for them when it is folded first. */
static const struct {
    const char *tag, *words[7];
} bar_words[] = {
    {"en", {"Settings", "Text size", "Colours", "Easy Read", "Listen", "Language", "Help"}},
    {"pl", {"Ustawienia", "Rozmiar tekstu", "Kolory", "Łatwy tekst", "Słuchaj", "Język", "Pomoc"}},
    {"ro",
     {"Setări", "Mărimea textului", "Culori", "Ușor de citit", "Ascultați", "Limba", "Ajutor"}},
    {"uk",
     {"Налаштування", "Розмір тексту", "Кольори", "Легке читання", "Слухати", "Мова", "Допомога"}},
    {"bn", {"সেটিংস", "লেখার আকার", "রং", "সহজ পাঠ", "শুনুন", "ভাষা", "সাহায্য"}},
    {"ar", {"الإعدادات", "حجم النص", "الألوان", "قراءة سهلة", "استماع", "اللغة", "مساعدة"}},
};
#define BAR_LANGUAGES (sizeof(bar_words) / sizeof(bar_words[0]))
static size_t bar_language;
static bool bar_folds = true;

static void add_bar(struct tp_page *page, const char *chosen)
{
    static const struct {
        const char *id;
        enum tp_icon icon;
    } buttons[] = {
        {"bar:settings", TP_ICON_SETTINGS}, {"bar:size", TP_ICON_TEXT_SIZE},
        {"bar:colours", TP_ICON_COLOURS},   {"bar:easy", TP_ICON_EASY_READ},
        {"bar:listen", TP_ICON_LISTEN},     {"bar:language", TP_ICON_LANGUAGE},
        {"bar:help", TP_ICON_HELP},
    };

    for (size_t i = 0; i < sizeof(buttons) / sizeof(buttons[0]); i++) {
        struct tp_button button = {.id = buttons[i].id,
                                   .label = tp_words(bar_words[bar_language].words[i]),
                                   .icon = buttons[i].icon,
                                   .chosen = chosen && strcmp(chosen, buttons[i].id) == 0,
                                   .stays = i == 4 || i == 6,
                                   .action = act(ACT_BAR)};

        if (i > 0)
            (void)tp_page_bar(page, &button);
        else if (bar_folds)
            (void)tp_page_fold(page, &button);
    }
}

static struct tp_page *begin_page(struct stage *stage, const char *id, const char *title,
                                  const char *status, double progress)
{
    return tp_ui_begin(
        stage->ui,
        &(struct tp_page_spec){.id = id, .title = title, .status = status, .progress = progress});
}

static void end_page(struct tp_page *page, const char *back, const char *primary)
{
    (void)tp_page_back(page, back, act(ACT_BACK));
    (void)tp_page_primary(page, primary, act(ACT_NEXT));
    add_bar(page, NULL);
}

#define PICTURES "tests/golden/pictures/"

#endif
