/* tests/audit: the rules about what is drawn fail where they should. */
#include "audit_made.h"
#include "kiosk/gfx/draw.h"

static void blot(SDL_Surface *canvas, SDL_Rect at, tp_rgb colour)
{
    tp_fill(canvas, &at, colour);
}

static void faint_words_are_named(void **state)
{
    struct audit_page *page = see_good();
    const struct tp_seen *text = text_of(page, TP_STYLE_BODY);
    SDL_Surface *canvas = draw(page);

    (void)state;
    HOLDS(page, "T4", "contrast");
    blot(canvas, text->texts[0].box, 0xFFFFFF);
    blot(canvas, (SDL_Rect){text->texts[0].box.x + 10, text->texts[0].box.y + 10, 40, 20},
         0x777777);
    broken(page, "T4", "contrast", text->id, "is #777777 on #FFFFFF, 4.5:1, wanted 10.0:1");
}

static void too_much_contrast_in_the_soft_theme_is_named(void **state)
{
    struct audit_page *page;
    const struct tp_seen *text;

    (void)state;
    variant.theme = TP_THEME_SOFT;
    audit_use(&audit, &variant);
    page = see_good();
    text = text_of(page, TP_STYLE_BODY);
    SDL_Surface *canvas = draw(page);

    HOLDS(page, "T4", "contrast");
    blot(canvas, (SDL_Rect){text->texts[0].box.x + 10, text->texts[0].box.y + 10, 40, 20},
         0x000000);
    broken(page, "T4", "contrast", text->id, "in the soft theme, wanted 8.0:1 at most");
}

static void a_border_that_fades_is_named(void **state)
{
    struct audit_page *page = see_good();
    SDL_Rect box = box_of(page, "car")->box;
    SDL_Surface *canvas = draw(page);

    (void)state;
    HOLDS(page, "T4", "border");
    blot(canvas, (SDL_Rect){box.x - 6, box.y, 16, box.h}, 0xFBFAF6);
    broken(page, "T4", "border", "car", "its edge stands out by 1.0:1, wanted 3:1");
}

/* A letter that reaches down to the border of its button. */
static void words_that_reach_into_a_border_are_named(void **state)
{
    struct audit_page *page = see_good();
    SDL_Rect box = box_of(page, "page:back")->box;
    SDL_Surface *canvas = draw(page);

    (void)state;
    HOLDS(page, "T2", "ink");
    blot(canvas, (SDL_Rect){box.x + box.w / 2, box.y + box.h / 2, 3, box.h / 2}, 0x101820);
    broken(page, "T2", "ink", "page:back", "'Back' reaches into the border");
}

static void a_sign_that_fades_is_named(void **state)
{
    struct audit_page *page = see_good();
    SDL_Surface *canvas = draw(page);

    (void)state;
    HOLDS(page, "T4", "sign");
    blot(canvas, box_of(page, "car")->mark, 0xFFFFFF);
    broken(page, "T4", "sign", "car", "its mark is");
}

static void a_chosen_answer_without_a_sign_is_named(void **state)
{
    struct audit_page *page = see_good();
    struct tp_seen *bus = box_of(page, "bus"), *car = box_of(page, "car");

    (void)state;
    (void)draw(page);
    HOLDS(page, "T4", "chosen by colour");
    bus->mark = car->mark;
    bus->fill = car->fill ^ 0x000030;
    bus->line = car->line;
    broken(page, "T4", "chosen by colour", "bus", "only its colour says");
}

static void a_focus_that_does_not_show_is_named(void **state)
{
    struct audit_page *page = see_good();

    (void)state;
    (void)draw(page);
    HOLDS(page, "T4", "focus");
    box_of(page, "bus")->target = 0xFFFF; /* no node: nothing is drawn around it */
    broken(page, "T4", "focus", "bus", "changes 0.00 mm");
}

static void words_off_the_reading_edge_are_named(void **state)
{
    struct audit_page *page = see_good();
    struct tp_seen *text = text_of(page, TP_STYLE_BODY);

    (void)state;
    (void)draw(page);
    HOLDS(page, "T3", "reading edge");
    text->texts[0].box.x -= 60;
    text->texts[0].box.w += 60;
    broken(page, "T3", "reading edge", text->id, "px from the edge");
}

static void a_picture_that_is_not_drawn_is_named(void **state)
{
    struct audit_page *page = see_good();

    (void)state;
    (void)draw(page);
    HOLDS(page, "C1", "picture drawn");
    text_of(page, TP_STYLE_BODY)->picture = (SDL_Rect){2, 2, 10, 10};
    broken(page, "C1", "picture drawn", text_of(page, TP_STYLE_BODY)->id, "stands out by 1.0:1");
}

static void what_is_drawn_again_by_itself_is_named(void **state)
{
    struct audit_page *page = see_good();

    (void)state;
    (void)draw(page);
    HOLDS(page, "T5", "still");
    tp_ui_redraw_all(audit.app->ui);
    broken(page, "T5", "still", "page", "are drawn again");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        EACH(faint_words_are_named),
        EACH(too_much_contrast_in_the_soft_theme_is_named),
        EACH(a_border_that_fades_is_named),
        EACH(words_that_reach_into_a_border_are_named),
        EACH(a_sign_that_fades_is_named),
        EACH(a_chosen_answer_without_a_sign_is_named),
        EACH(a_focus_that_does_not_show_is_named),
        EACH(words_off_the_reading_edge_are_named),
        EACH(a_picture_that_is_not_drawn_is_named),
        EACH(what_is_drawn_again_by_itself_is_named),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
