/* Rating: a range as stars, each with its number, for the number is what the eye compares. */
#include <stdio.h>

#include "kiosk/i18n/catalog.h"
#include "kiosk/widgets/range.h"
#include "kiosk/widgets/widgets.h"

#define CELL_MM 28.0
#define STARS_MAX 10

static bool serves(const struct tp_question *question)
{
    return question->control == TP_CONTROL_RANGE &&
           tp_appearance_has(question->appearance, "rating") &&
           tp_range_count(question) <= STARS_MAX;
}

static void build(const struct tp_place_to_ask *place, const struct tp_question *question)
{
    struct tp_node *row = tp_ui_scale(tp_ui_grid(place->parent, CELL_MM, 0));
    long chosen = tp_range_find(question, question->value);

    for (size_t i = 0; i < tp_range_count(question); i++) {
        char number[TP_RANGE_TEXT_MAX], spoken[64];

        tp_range_text(question, i, number);
        /* Translators: how many stars: "4 stars". */
        (void)snprintf(spoken, sizeof(spoken), _("%s stars"), number);
        (void)tp_ui_choice(
            row, &(struct tp_answer){.id = tp_widget_id("choice", question->node, i),
                                     .label = tp_words(number),
                                     .spoken = spoken,
                                     .icon = TP_ICON_STAR,
                                     .mark = TP_MARK_NONE,
                                     .chosen = chosen >= 0 && (long)i <= chosen,
                                     .disabled = question->readonly,
                                     .action = {.id = TP_ACT_ANSWER,
                                                .argument = tp_app_argument(question->node, i)}});
    }
}

const struct tp_widget tp_widget_rating = {
    .name = "rating", .serves = serves, .build = build, .touch = tp_range_touch};
