#include "kiosk/app_picture.h"

#include <stdio.h>

#include "kiosk/i18n/catalog.h"

/* False where the survey has no such file. */
static bool take(struct tp_app *app, const char *name, const char *alt,
                 struct tp_shown_picture *picture)
{
    if (!tp_survey_media(app->person.survey, name, picture->path)) {
        picture->path[0] = '\0';
        return false;
    }
    picture->alt = alt;
    return true;
}

static bool take_label(struct tp_app *app, const struct tp_text *label,
                       struct tp_shown_picture *picture)
{
    return take(app, label->big_image ? label->big_image : label->image, label->image_alt, picture);
}

/* Of the groups and repeats around it, the nearest first. */
static bool take_section(struct tp_app *app, tp_node node, struct tp_shown_picture *picture)
{
    struct tp_session *session = app->person.session;

    for (tp_node at = tp_session_section(session, node); at != TP_NODE_NONE;
         at = tp_session_section(session, at)) {
        struct tp_text label;

        tp_session_label(session, at, &label);
        if (take_label(app, &label, picture))
            return true;
    }
    return false;
}

/* In every survey the same: a list. */
static void take_own(struct tp_app *app, struct tp_shown_picture *picture)
{
    const char *path = tp_app_picture(app, "checklist.svg");

    if (path)
        (void)snprintf(picture->path, sizeof(picture->path), "%s", path);
    picture->alt = _("A list");
}

void tp_picture_of_question(struct tp_app *app, const struct tp_question *question,
                            struct tp_shown_picture *picture)
{
    struct tp_survey *survey = app->person.survey;

    picture->path[0] = '\0';
    picture->alt = NULL;
    if (!app->person.look.easy_read || take_label(app, &question->label, picture) ||
        take_section(app, question->node, picture) ||
        take(app, tp_app_fact(app, survey, "picture"), tp_app_fact(app, survey, "picture_alt"),
             picture))
        return;
    take_own(app, picture);
}

void tp_picture_of_choice(struct tp_app *app, const struct tp_question *question,
                          const struct tp_choice *choice, struct tp_shown_picture *picture)
{
    picture->path[0] = '\0';
    picture->alt = NULL;
    if (!take(app, choice->label.image, choice->label.image_alt, picture))
        tp_picture_of_question(app, question, picture);
}
