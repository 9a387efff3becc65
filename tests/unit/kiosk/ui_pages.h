/*
 * The pages of the sketches, one builder each, for the stage of ui_stage.h.
 */
#ifndef TP_TESTS_UNIT_KIOSK_UI_PAGES_H
#define TP_TESTS_UNIT_KIOSK_UI_PAGES_H

#include "ui_page_frame.h"

static void page_welcome(struct stage *stage)
{
    static const char *const greetings[] = {"Dotknij, aby zacząć", "Toque para começar",
                                            "Atingeți pentru a începe", "Торкніться, щоб почати",
                                            "المس للبدء"};
    struct tp_page *page = tp_ui_begin(
        stage->ui,
        &(struct tp_page_spec){
            .id = "welcome", .title = "Oxfordshire libraries", .progress = -1, .centred = true});
    struct tp_node *body = tp_page_body(page);
    struct tp_node *row = tp_ui_centred(tp_ui_row(body, 24, 120));
    struct tp_node *left = tp_ui_weight(tp_ui_column(row, 0), 3);
    struct tp_node *right = tp_ui_optional(tp_ui_weight(tp_ui_grid(row, 50, 2), 2));
    static const char *const pictures[] = {"people.svg", "book.svg", "bus.svg", "wheelchair.svg"};

    (void)tp_ui_text(left, TP_STYLE_HUGE, tp_words("Tell the council what you think"));
    (void)tp_ui_text(left, TP_STYLE_LEAD,
                     tp_words("Takes about 5 minutes. You do not give your name.\n"
                              "You do not need to be good with computers."));
    (void)tp_ui_button(left, &(struct tp_button){.id = "start",
                                                 .label = tp_words("Touch to start"),
                                                 .kind = TP_BUTTON_PRIMARY,
                                                 .after = TP_ICON_FORWARD,
                                                 .large = true,
                                                 .action = act(ACT_ONE)});
    for (size_t i = 0; i < 4; i++) {
        char path[128];

        (void)snprintf(path, sizeof(path), PICTURES "%s", pictures[i]);
        (void)tp_ui_picture(right,
                            &(struct tp_picture){.path = path, .alt = "A picture", .border = true});
    }
    struct tp_node *flow = tp_ui_optional(tp_ui_flow(body, 16));

    for (size_t i = 0; i < sizeof(greetings) / sizeof(greetings[0]); i++)
        (void)tp_ui_text(flow, TP_STYLE_HINT, tp_words(greetings[i]));
    add_bar(page, NULL);
}

static void add_answers(struct tp_node *body, const char *const *labels, size_t count,
                        size_t chosen, enum tp_mark mark)
{
    struct tp_node *list = tp_ui_choices(body);

    for (size_t i = 0; i < count; i++) {
        char id[32];

        (void)snprintf(id, sizeof(id), "choice:%zu", i);
        (void)tp_ui_choice(list, &(struct tp_answer){.id = id,
                                                     .label = tp_words(labels[i]),
                                                     .mark = mark,
                                                     .chosen = i == chosen,
                                                     .action = {ACT_ONE, (int64_t)i, NULL}});
    }
}

struct pictured {
    const char *label, *picture;
};

static void add_pictured(struct tp_node *list, const struct pictured *answers, size_t count,
                         size_t chosen, enum tp_mark mark)
{
    for (size_t i = 0; i < count; i++) {
        char id[32], path[128];

        (void)snprintf(id, sizeof(id), "choice:%zu", i);
        (void)snprintf(path, sizeof(path), PICTURES "%s", answers[i].picture);
        (void)tp_ui_choice(list, &(struct tp_answer){.id = id,
                                                     .label = tp_words(answers[i].label),
                                                     .picture = path,
                                                     .picture_alt = answers[i].label,
                                                     .mark = mark,
                                                     .chosen = i == chosen,
                                                     .action = act(ACT_ONE)});
    }
}

static void page_question(struct stage *stage)
{
    static const char *const labels[] = {
        "I walk or use a wheelchair",     "By bus",      "By car or taxi", "By bicycle", "By train",
        "Someone brings the books to me", "Another way", "I do not know"};
    struct tp_page *page =
        tp_ui_begin(stage->ui, &(struct tp_page_spec){.id = "question",
                                                      .title = "Getting to your library",
                                                      .status = "Question 3 of 9",
                                                      .progress = 0.33,
                                                      .more = "More answers"});
    struct tp_node *body = tp_page_body(page);

    (void)tp_ui_heading(body, tp_words("How do you usually travel to the library?"));
    (void)tp_ui_text(body, TP_STYLE_HINT, tp_words("Choose one answer."));
    add_answers(body, labels, 8, 1, TP_MARK_RADIO);
    end_page(page, "Back", "Continue");
}

static void page_easy_read(struct stage *stage)
{
    static const struct pictured answers[] = {{"I walk", "walk.svg"},
                                              {"I use a wheelchair", "wheelchair.svg"},
                                              {"On the bus", "bus.svg"},
                                              {"In a car", "car.svg"}};
    struct tp_page *page =
        tp_ui_begin(stage->ui, &(struct tp_page_spec){.id = "easy",
                                                      .title = "Getting to your library",
                                                      .status = "Question 3 of 6",
                                                      .progress = 0.5,
                                                      .picture = PICTURES "book.svg",
                                                      .picture_alt = "A book"});
    struct tp_node *body = tp_page_body(page), *list;

    (void)tp_ui_heading(body, tp_words("You go to the library.\nHow do you get there?"));
    list = tp_ui_choices(body);
    add_pictured(list, answers, sizeof(answers) / sizeof(answers[0]), 2, TP_MARK_RADIO);
    (void)tp_page_back(page, "Back", act(ACT_BACK));
    (void)tp_page_primary(page, "Next", act(ACT_NEXT));
    add_bar(page, "bar:easy");
}

static void page_check(struct stage *stage)
{
    static const char *const rows[][2] = {
        {"How often do you come?", "Every week"},
        {"How do you usually travel?", "By bus"},
        {"What would help you come more often?", "Later opening on one evening, and a quiet room "
                                                 "where I can work with other people"},
        {"Is there anything else?", "Not answered"},
    };
    struct tp_page *page =
        begin_page(stage, "check", "Getting to your library", "Check your answers", 0.9);
    struct tp_node *body = tp_page_body(page);

    (void)tp_ui_heading(body, tp_words("Check your answers before you send them"));
    for (size_t i = 0; i < 4; i++)
        (void)tp_ui_summary(body, &(struct tp_summary){.question = tp_words(rows[i][0]),
                                                       .answer = tp_words(rows[i][1]),
                                                       .change = "Change",
                                                       .change_spoken = rows[i][0],
                                                       .action = act(ACT_ONE)});
    end_page(page, "Back", "Send my answers");
}

static void add_keys(struct tp_node *keyboard, const char *letters)
{
    struct tp_node *row = tp_ui_key_row(keyboard);

    for (const char *at = letters; *at; at++) {
        char label[2] = {*at, 0}, id[8];

        (void)snprintf(id, sizeof(id), "key:%c", *at);
        (void)tp_ui_key(row, &(struct tp_key){.id = id, .label = label, .action = act(ACT_ONE)});
    }
}

static void add_word_key(struct tp_node *row, const char *label, double units, enum tp_icon icon,
                         bool word)
{
    (void)tp_ui_key(
        row,
        &(struct tp_key){
            .label = label, .units = units, .icon = icon, .word = word, .action = act(ACT_ONE)});
}

static void page_keyboard(struct stage *stage)
{
    struct tp_page *page =
        begin_page(stage, "keyboard", "Getting to your library", "Question 8 of 9", 0.88);
    struct tp_node *body = tp_page_body(page), *dock = tp_page_dock(page), *keyboard, *row;

    (void)tp_ui_heading(body, tp_words("What one thing would make the library better for you?"));
    (void)tp_ui_field(dock, &(struct tp_field){.id = "field",
                                               .text = "More seats near the door, and a quiet ",
                                               .caret = SIZE_MAX,
                                               .editing = true,
                                               .lines = 2,
                                               .max_lines = 2});
    keyboard = tp_ui_keyboard(dock);
    add_keys(keyboard, "qwertyuiop");
    add_keys(keyboard, "asdfghjkl");
    row = tp_ui_key_row(keyboard);
    add_word_key(row, "Aa", 1.7, TP_ICON_SHIFT, true);
    for (const char *at = "zxcvbnm"; *at; at++) {
        char label[2] = {*at, 0};

        add_word_key(row, label, 1, TP_ICON_NONE, false);
    }
    add_word_key(row, "Delete", 1.7, TP_ICON_DELETE, true);
    row = tp_ui_key_row(keyboard);
    add_word_key(row, "123", 1.7, TP_ICON_NONE, true);
    add_word_key(row, "é ł ș", 1.7, TP_ICON_NONE, true);
    add_word_key(row, "space", 5, TP_ICON_SPACE, false);
    add_word_key(row, ".", 1, TP_ICON_NONE, false);
    add_word_key(row, "Next line", 1.7, TP_ICON_RETURN, true);
    end_page(page, "Back", "Continue");
}

static void page_thanks(struct stage *stage)
{
    struct tp_page *page = tp_ui_begin(
        stage->ui, &(struct tp_page_spec){.id = "thanks", .progress = -1, .centred = true});
    struct tp_node *row = tp_ui_centred(tp_ui_row(tp_page_body(page), 24, 120)), *column, *panel;

    (void)tp_ui_optional(tp_ui_icon(row, TP_ICON_CHECK, 74, true, ""));
    column = tp_ui_column(row, 0);
    (void)tp_ui_heading(column, tp_words("Thank you. Your answers are safe."));
    (void)tp_ui_text(column, TP_STYLE_BODY,
                     tp_words("The council reads every answer. You can see what changed on this "
                              "screen from 12 March 2027."));
    panel = tp_ui_panel(column, true);
    (void)tp_ui_text(panel, TP_STYLE_BODY,
                     tp_words("Your receipt code, if you want your answers taken out later"));
    (void)tp_ui_text(panel, TP_STYLE_HUGE, tp_words("Maple 47 River"));
    end_page(page, "Answer another", "I have finished");
}

static void page_reading(struct stage *stage)
{
    static const char *const words[] = {"Standard", "Easy Read, with pictures"};
    static const char *const when[] = {"In the morning", "In the evening"};
    struct tp_page *page = begin_page(stage, "reading", "Oxfordshire libraries", "Step 1 of 2", -1);
    struct tp_node *body = tp_page_body(page), *row, *column, *left, *right, *grid;

    (void)tp_ui_heading(body, tp_words("How would you like to read?"));
    row = tp_ui_row(body, 16, 150);
    column = tp_ui_column(row, 5);
    left = tp_ui_column(column, 1);
    (void)tp_ui_text(left, TP_STYLE_BODY, tp_words("Text size"));
    grid = tp_ui_grid(left, 40, 4);
    for (int i = 0; i < TP_SIZE_COUNT; i++)
        (void)tp_ui_sample(grid, &(struct tp_sample){.id = tp_sizes[i].id,
                                                     .text = "Aa",
                                                     .spoken = tp_sizes[i].name,
                                                     .has_size = true,
                                                     .size = (enum tp_size)i,
                                                     .chosen = i == 1,
                                                     .action = act(ACT_ONE)});
    left = tp_ui_column(column, 1);
    (void)tp_ui_text(left, TP_STYLE_BODY, tp_words("Colours"));
    grid = tp_ui_grid(left, 32, 5);
    for (int i = 0; i < TP_THEME_COUNT; i++)
        (void)tp_ui_sample(grid, &(struct tp_sample){.id = tp_themes[i].id,
                                                     .text = "Aa",
                                                     .spoken = tp_themes[i].name,
                                                     .theme = &tp_themes[i],
                                                     .chosen = i == 0,
                                                     .action = act(ACT_ONE)});
    left = tp_ui_column(column, 1);
    (void)tp_ui_text(left, TP_STYLE_BODY, tp_words("Words"));
    add_answers(left, words, 2, 0, TP_MARK_RADIO);
    left = tp_ui_column(column, 1);
    (void)tp_ui_text(left, TP_STYLE_BODY, tp_words("Listen"));
    (void)tp_ui_button(left, &(struct tp_button){.id = "listen",
                                                 .label = tp_words("Read everything to me"),
                                                 .kind = TP_BUTTON_PLAIN,
                                                 .icon = TP_ICON_LISTEN,
                                                 .wide = true,
                                                 .action = act(ACT_ONE)});
    right = tp_ui_optional(tp_ui_panel(row, false));
    (void)tp_ui_text(right, TP_STYLE_HINT, tp_words("This is how a question will look"));
    (void)tp_ui_text(right, TP_STYLE_HEADING, tp_words("When do you come to the library?"));
    grid = tp_ui_choices(right);
    for (size_t i = 0; i < 2; i++)
        (void)tp_ui_choice(grid, &(struct tp_answer){.id = when[i],
                                                     .label = tp_words(when[i]),
                                                     .mark = TP_MARK_RADIO,
                                                     .chosen = i == 1,
                                                     .action = act(ACT_ONE)});
    end_page(page, "Back", "Continue");
}

static void page_problem(struct stage *stage)
{
    static const char message[] = "Enter your age as a number from 5 to 110, like 72";
    struct tp_page *page =
        begin_page(stage, "problem", "Getting to your library", "Question 7 of 9", 0.77);
    struct tp_node *body = tp_page_body(page), *alarm;

    (void)tp_ui_problem(body, &(struct tp_problem_box){.title = tp_words("There is a problem"),
                                                       .message = tp_words(message)});
    (void)tp_ui_heading(body, tp_words("How old are you?"));
    alarm = tp_ui_alarm(body, tp_words(message));
    (void)tp_ui_field(alarm, &(struct tp_field){.id = "age",
                                                .text = "720",
                                                .caret = SIZE_MAX,
                                                .width_mm = 128,
                                                .action = act(ACT_ONE)});
    end_page(page, "Back", "Continue");
}

static void page_arabic(struct stage *stage)
{
    static const char *const labels[] = {"سيرًا على الأقدام أو بكرسي متحرك",
                                         "بالحافلة (رقم 8A)",
                                         "بالسيارة أو سيارة الأجرة",
                                         "بالدراجة",
                                         "بطريقة أخرى",
                                         "اتصل على 01865 810226"};
    struct tp_page *page = begin_page(stage, "arabic", "الوصول إلى مكتبتك", "السؤال 3 من 9", 0.33);
    struct tp_node *body = tp_page_body(page);

    (void)tp_ui_heading(body, tp_words("كيف تذهب عادةً إلى المكتبة؟"));
    (void)tp_ui_text(body, TP_STYLE_HINT, tp_words("اختر إجابة واحدة."));
    add_answers(body, labels, 6, 1, TP_MARK_CHECKBOX);
    end_page(page, "رجوع", "متابعة");
}

static void page_notice(struct stage *stage)
{
    struct tp_page *page = tp_ui_begin(
        stage->ui, &(struct tp_page_spec){.id = "notice", .title = "Privacy", .progress = -1});
    struct tp_node *body = tp_page_body(page);

    (void)tp_ui_heading(body, tp_words("How we use what you tell us"));
    for (int i = 0; i < 6; i++)
        (void)tp_ui_text(
            body, TP_STYLE_BODY,
            tp_words_markdown(
                "The council asks **because the opening hours change next year**. We read every "
                "answer. We do not ask for your name. Nobody can tell who gave which answer, and "
                "we keep the answers for two years and then delete them. You can ask us to take "
                "your answers out with your receipt code, at any time, at the desk or by phone."));
    (void)tp_ui_stepper(body, &(struct tp_stepper){.id = "stepper",
                                                   .value = tp_words("7 out of 10"),
                                                   .less = "Less",
                                                   .more = "More",
                                                   .less_action = act(ACT_ONE),
                                                   .more_action = act(ACT_ONE)});
    end_page(page, "Back", "Continue");
}

static void page_ranked(struct stage *stage)
{
    static const char *const labels[] = {"A quiet room", "Later opening on one evening",
                                         "More computers", "Help with forms and letters",
                                         "Things for young children"};
    struct tp_page *page =
        tp_ui_begin(stage->ui, &(struct tp_page_spec){.id = "ranked",
                                                      .title = "Getting to your library",
                                                      .status = "Question 4 of 9",
                                                      .progress = 0.44,
                                                      .more = "More answers"});
    struct tp_node *body = tp_page_body(page), *list;

    (void)tp_ui_heading(body, tp_words("What matters most to you?"));
    (void)tp_ui_text(body, TP_STYLE_HINT, tp_words("Put the most important first."));
    list = tp_ui_column(body, 0);
    for (size_t i = 0; i < 5; i++) {
        char id[32], place[8];

        (void)snprintf(id, sizeof(id), "rank:%zu", i);
        (void)snprintf(place, sizeof(place), "%zu", i + 1);
        (void)tp_ui_ranked(list, &(struct tp_ranked){.id = id,
                                                     .place = place,
                                                     .label = tp_words(labels[i]),
                                                     .up = "Move up",
                                                     .down = "Move down",
                                                     .out = "Take out",
                                                     .first = i == 0,
                                                     .last = i == 4,
                                                     .up_action = act(ACT_ONE),
                                                     .down_action = act(ACT_ONE),
                                                     .out_action = act(ACT_ONE)});
    }
    end_page(page, "Back", "Continue");
}

static void page_picture_choices(struct stage *stage)
{
    static const struct pictured answers[] = {
        {"A path for walking", "walk.svg"}, {"A ramp", "wheelchair.svg"},
        {"A bus lane", "bus.svg"},          {"Fewer cars on this street", "car.svg"},
        {"A place to read", "book.svg"},    {"Accessibility for everyone", "people.svg"}};
    struct tp_page *page =
        tp_ui_begin(stage->ui, &(struct tp_page_spec){.id = "picture-choices",
                                                      .title = "Your street",
                                                      .status = "Question 2 of 6",
                                                      .progress = 0.3,
                                                      .more = "More answers"});
    struct tp_node *body = tp_page_body(page), *list;

    (void)tp_ui_heading(body, tp_words("Which would make your street better?"));
    list = tp_ui_picture_choices(body);
    add_pictured(list, answers, sizeof(answers) / sizeof(answers[0]), 2, TP_MARK_CHECKBOX);
    end_page(page, "Back", "Continue");
}

static void page_entries(struct stage *stage)
{
    static const char *const entries[][2] = {
        {"Child 1", "7 years old, comes every week"},
        {"Child 2", "4 years old, would come more often if there were a story time"}};
    struct tp_page *page =
        begin_page(stage, "entries", "Getting to your library", "Question 5 of 9", 0.55);
    struct tp_node *body = tp_page_body(page);

    (void)tp_ui_heading(body, tp_words("Children who come with you"));
    for (size_t i = 0; i < 2; i++) {
        char id[32];

        (void)snprintf(id, sizeof(id), "entry:%zu", i);
        (void)tp_ui_summary(body, &(struct tp_summary){.id = id,
                                                       .question = tp_words(entries[i][0]),
                                                       .answer = tp_words(entries[i][1]),
                                                       .change = "Change",
                                                       .change_spoken = entries[i][0],
                                                       .action = act(ACT_ONE),
                                                       .remove = "Remove",
                                                       .remove_spoken = entries[i][0],
                                                       .remove_action = act(ACT_ONE)});
    }
    (void)tp_ui_button(body, &(struct tp_button){.id = "add",
                                                 .label = tp_words("Add another child"),
                                                 .icon = TP_ICON_PLUS,
                                                 .action = act(ACT_ONE)});
    end_page(page, "Back", "Continue");
}

static const struct {
    const char *name, *tag;
    void (*build)(struct stage *stage);
    bool easy_read;
} pages[] = {
    {"welcome", "en", page_welcome, false},
    {"question", "en", page_question, false},
    {"easy-read", "en", page_easy_read, true},
    {"check", "en", page_check, false},
    {"keyboard", "en", page_keyboard, false},
    {"thanks", "en", page_thanks, false},
    {"reading", "en", page_reading, false},
    {"problem", "en", page_problem, false},
    {"arabic", "ar", page_arabic, false},
    {"notice", "en", page_notice, false},
    {"ranked", "en", page_ranked, false},
    {"picture-choices", "en", page_picture_choices, false},
    {"entries", "en", page_entries, false},
};
#define PAGES (sizeof(pages) / sizeof(pages[0]))

#endif
