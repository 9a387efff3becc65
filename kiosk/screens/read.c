/*
 * How would you like to read? Size, colours and words, with a live example (sketch 8). The first
 * step after the welcome page; from the bar it comes up over any page and goes back to it.
 */
#include "kiosk/screens/screens.h"

#define CONTROLS_MM 110.0
#define TOGETHER_MM 230.0
/* "Easy Read, with pictures" on one line takes a little more than half the width. */
#define CONTROLS_SHARE 1.2

static bool is_first_step(const struct tp_app *app)
{
    return app->person.depth == 2;
}

/* One of the interface's own, in Easy Read. */
static const char *picture_of(struct tp_app *app, const char *name)
{
    return app->person.look.easy_read ? tp_app_picture(app, name) : NULL;
}

/* The least width of an answer; more with a picture in it. */
static double answer_mm(const struct tp_app *app)
{
    return app->person.look.easy_read ? 95.0 : 60.0;
}

static void build_sizes(struct tp_app *app, struct tp_node *column)
{
    struct tp_node *row;

    column = tp_screen_beside(app, column, "large-print.svg", _("Large print"));
    (void)tp_ui_text(column, TP_STYLE_BOLD, tp_words(_("Text size")));
    row = tp_ui_row(column, 0, 0);
    for (int size = 0; size < TP_SIZE_COUNT; size++)
        (void)tp_ui_sample(
            row, &(struct tp_sample){.id = tp_sizes[size].id,
                                     .text = "Aa",
                                     .spoken = _(tp_sizes[size].name),
                                     .has_size = true,
                                     .size = (enum tp_size)size,
                                     .chosen = app->person.look.size == (enum tp_size)size,
                                     .action = {.id = TP_ACT_SIZE, .argument = size}});
}

static void build_colours(struct tp_app *app, struct tp_node *column)
{
    struct tp_node *row;

    column = tp_screen_beside(app, column, "colours.svg", _("Four colours"));
    (void)tp_ui_text(column, TP_STYLE_BOLD, tp_words(_("Colours")));
    row = tp_ui_row(column, 0, 0);
    for (int theme = 0; theme < TP_THEME_COUNT; theme++)
        (void)tp_ui_sample(
            row, &(struct tp_sample){.id = tp_themes[theme].id,
                                     .text = "Aa",
                                     .spoken = _(tp_themes[theme].name),
                                     .theme = &tp_themes[theme],
                                     .chosen = app->person.look.theme == &tp_themes[theme],
                                     .action = {.id = TP_ACT_THEME, .argument = theme}});
}

static void build_words(struct tp_app *app, struct tp_node *column)
{
    struct tp_node *row;

    column = tp_ui_column(column, TP_CAPTION_GAP_MM);
    (void)tp_ui_text(column, TP_STYLE_BOLD, tp_words(_("Words")));
    row = tp_ui_row(column, 0, answer_mm(app));
    for (int easy = 0; easy < 2; easy++)
        (void)tp_ui_choice(
            row, &(struct tp_answer){
                     .id = easy ? "words:easy-read" : "words:standard",
                     .label = tp_words(easy ? _("Easy Read, with pictures") : _("Standard")),
                     .picture = picture_of(app, easy ? "easy-read.svg" : "document.svg"),
                     .picture_alt = easy ? _("Easy Read, with pictures") : _("Standard"),
                     .mark = TP_MARK_RADIO,
                     .chosen = app->person.look.easy_read == (easy == 1),
                     .action = {.id = TP_ACT_WORDS, .argument = easy}});
}

/* The bar has this too, unless it is folded: then this page is where it leads to. */
static void build_language(struct tp_node *column)
{
    (void)tp_ui_button(column, &(struct tp_button){.id = "read:language",
                                                   .label = tp_words(_("Language")),
                                                   .kind = TP_BUTTON_PLAIN,
                                                   .icon = TP_ICON_LANGUAGE,
                                                   .wide = true,
                                                   .action = {.id = TP_ACT_BAR_LANGUAGE}});
}

/* For those whom much at once confuses, and for those who sit. A low screen is within reach as it
 * is. */
static void build_ease(struct tp_app *app, struct tp_node *column)
{
    const struct tp_look *look = &app->person.look;

    (void)tp_ui_choice(column, &(struct tp_answer){.id = "look:quiet",
                                                   .label = tp_words(_("Fewer things on the page")),
                                                   .picture = picture_of(app, "page-calm.svg"),
                                                   .picture_alt = _("A page with one thing on it"),
                                                   .mark = TP_MARK_CHECKBOX,
                                                   .chosen = look->quiet,
                                                   .action = {.id = TP_ACT_QUIET}});
    if (app->screen.height <= app->screen.width)
        return;
    (void)tp_ui_choice(column, &(struct tp_answer){.id = "look:lower",
                                                   .label = tp_words(_("Buttons lower down")),
                                                   .picture = picture_of(app, "buttons-lower.svg"),
                                                   .picture_alt = _("A screen with a low button"),
                                                   .mark = TP_MARK_CHECKBOX,
                                                   .chosen = look->lower,
                                                   .action = {.id = TP_ACT_LOWER}});
}

/* What a question looks like with the choices made so far. Nothing in it can be touched. */
static void build_example(struct tp_app *app, struct tp_node *row)
{
    struct tp_node *panel = tp_ui_panel(row, false);
    static const char *const pictures[] = {"morning.svg", "evening.svg"};
    const char *answers[] = {_("In the morning"), _("In the evening")};

    (void)tp_ui_text(panel, TP_STYLE_HINT, tp_words(_("This is how a question will look")));
    (void)tp_ui_text(panel, TP_STYLE_HEADING, tp_words(_("When do you come to the library?")));
    for (size_t i = 0; i < 2; i++)
        (void)tp_ui_choice(panel,
                           &(struct tp_answer){.id = i ? "example:evening" : "example:morning",
                                               .label = tp_words(answers[i]),
                                               .picture = picture_of(app, pictures[i]),
                                               .picture_alt = answers[i],
                                               .mark = TP_MARK_RADIO,
                                               .chosen = i == 1});
}

static void build(struct tp_app *app)
{
    bool first = is_first_step(app);
    struct tp_page *page =
        tp_app_begin(app, (struct tp_page_spec){.id = "read",
                                                .title = tp_screen_title(app),
                                                .status = first ? _("Step 1 of 2") : NULL,
                                                .progress = -1});
    struct tp_node *body = tp_page_body(page);
    /* Where it takes several parts, each choice stands by itself: a column cannot be cut. */
    bool apart = tp_app_room_mm(app) < TOGETHER_MM;
    struct tp_node *row, *column;

    (void)tp_ui_heading(body, tp_words(_("How would you like to read?")));
    row = apart ? body : tp_ui_row(body, 12, CONTROLS_MM);
    column = apart ? body : tp_ui_weight(tp_ui_column(row, 0), CONTROLS_SHARE);
    build_sizes(app, column);
    build_colours(app, column);
    build_words(app, column);
    column = tp_ui_row(column, 0, answer_mm(app));
    build_ease(app, column);
    build_language(column);
    build_example(app, row);
    (void)tp_page_back(page, _("Back"), (struct tp_action){.id = TP_ACT_BACK});
    (void)tp_page_primary(page, first ? _("Continue") : _("Done"),
                          (struct tp_action){.id = TP_ACT_NEXT});
    tp_app_bar(app, page);
}

static bool act(struct tp_app *app, const struct tp_action *action)
{
    if (action->id != TP_ACT_NEXT)
        return false;
    if (is_first_step(app))
        tp_app_go(app, TP_SCREEN_SURVEYS);
    else
        tp_app_back(app);
    return true;
}

const struct tp_screen_row tp_screen_read = {.name = "read", .build = build, .act = act};
