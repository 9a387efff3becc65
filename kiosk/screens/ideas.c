/* See screens.h: words with the interface's own pictures (ACCESSIBILITY.md C1). */
#include <string.h>

#include "kiosk/i18n/catalog.h"
#include "kiosk/screens/screens.h"

/* The picture beside an idea (36 of an answer's 50), and on a low display. */
#define PICTURE_MM 30.0
#define PICTURE_LOW_MM 20.0
/* The longest line with a picture of its own. */
#define LINE_MAX 512

struct tp_node *tp_screen_beside(struct tp_app *app, struct tp_node *parent, const char *picture,
                                 const char *alt)
{
    const char *path = app->person.look.easy_read ? tp_app_picture(app, picture) : NULL;
    bool small = tp_app_is_low(app) || tp_app_screen(app) == TP_SCREEN_WELCOME;
    double side = small ? PICTURE_LOW_MM : PICTURE_MM;
    struct tp_node *row;

    if (!path)
        return tp_ui_column(parent, TP_CAPTION_GAP_MM);
    row = tp_ui_centred(tp_ui_row(parent, 0, 0));
    (void)tp_ui_weight(tp_ui_picture(row, &(struct tp_picture){.path = path,
                                                               .alt = alt,
                                                               .width_mm = side,
                                                               .height_mm = side,
                                                               .border = true}),
                       0);
    return tp_ui_column(row, TP_CAPTION_GAP_MM);
}

void tp_screen_idea(struct tp_app *app, struct tp_node *parent, const char *picture,
                    const char *alt, const char *heading, const char *text)
{
    struct tp_node *column;

    if (!text || !*text)
        return;
    column = tp_screen_beside(app, parent, picture, alt);
    if (heading)
        (void)tp_ui_text(column, TP_STYLE_BOLD, tp_words(heading));
    (void)tp_ui_text(column, TP_STYLE_BODY, tp_words_markdown(text));
}

static size_t lines_of(const char *text)
{
    size_t count = 1;

    for (; *text; text++)
        count += *text == '\n';
    return count;
}

void tp_screen_ideas(struct tp_app *app, struct tp_node *parent, enum tp_style style,
                     const char *text, const struct tp_idea ideas[], size_t count)
{
    char line[LINE_MAX];

    if (!app->person.look.easy_read) {
        (void)tp_ui_text(parent, style, tp_words(text));
        return;
    }
    if (lines_of(text) != count) {
        (void)tp_ui_text(tp_screen_beside(app, parent, ideas[0].picture, ideas[0].alt), style,
                         tp_words(text));
        return;
    }
    for (size_t i = 0; i < count; i++) {
        size_t length = strcspn(text, "\n");

        length = length < sizeof(line) ? length : sizeof(line) - 1;
        memcpy(line, text, length);
        line[length] = '\0';
        (void)tp_ui_text(tp_screen_beside(app, parent, ideas[i].picture, ideas[i].alt), style,
                         tp_words(line));
        text += length + (text[length] == '\n');
    }
}

void tp_screen_problem(struct tp_app *app, struct tp_node *parent, const char *title,
                       const char *text, const struct tp_idea ideas[], size_t count)
{
    bool easy = app->person.look.easy_read;

    (void)tp_ui_problem(
        parent, &(struct tp_problem_box){.id = "problem",
                                         .title = tp_words(title),
                                         .message = tp_words(easy ? "" : text),
                                         .picture = easy ? tp_app_picture(app, "danger.svg") : NULL,
                                         .picture_alt = _("A warning sign")});
    if (easy)
        tp_screen_ideas(app, parent, TP_STYLE_BODY, text, ideas, count);
}
