/* See audit.h: what a page shows, and asking the rules about it. */
#include <stdio.h>

#include "audit/audit.h"
#include "audit/rules.h"
#include "base/mem.h"
#include "kiosk/gfx/display.h"

/* Containers in containers; pages have some five. */
#define DEPTH_MAX 32
#define NAME_MAX_BYTES 600

/* ---- copying ---- */

struct seeing {
    struct audit_page *page;
    long open[DEPTH_MAX]; /* the box at each depth that holds what follows */
    bool failed;
};

static void see(void *context, const struct tp_seen *seen)
{
    struct seeing *seeing = context;
    struct audit_page *page = seeing->page;
    int depth = seen->depth < DEPTH_MAX ? seen->depth : DEPTH_MAX - 1;
    long parent = -1;

    if (page->count == page->capacity) {
        size_t capacity = page->capacity ? 2 * page->capacity : 512;
        struct audit_box *boxes = tp_realloc(page->boxes, capacity, sizeof(*boxes));

        if (!boxes) {
            seeing->failed = true;
            return;
        }
        page->boxes = boxes;
        page->capacity = capacity;
    }
    for (int i = depth - 1; i >= 0 && parent < 0; i--)
        parent = seeing->open[i];
    page->boxes[page->count] = (struct audit_box){*seen, page->part, parent};
    seeing->open[depth] = (long)page->count++;
    for (int i = depth + 1; i < DEPTH_MAX; i++)
        seeing->open[i] = -1;
}

bool audit_see(struct audit_page *page, struct tp_ui *ui)
{
    struct seeing seeing = {.page = page};

    page->count = 0;
    page->parts = tp_ui_parts(ui);
    if (page->parts >= page->first_room) {
        size_t *first = tp_realloc(page->first, page->parts + 1, sizeof(*first));

        if (!first)
            return false;
        page->first = first;
        page->first_room = page->parts + 1;
    }
    for (page->part = 0; page->part < page->parts; page->part++) {
        for (int i = 0; i < DEPTH_MAX; i++)
            seeing.open[i] = -1;
        page->first[page->part] = page->count;
        tp_ui_show_part(ui, page->part);
        tp_ui_walk(ui, see, &seeing);
    }
    page->first[page->parts] = page->count;
    page->part = 0;
    tp_ui_show_part(ui, 0);
    return !seeing.failed;
}

void audit_page_finish(struct audit_page *page)
{
    tp_free(page->boxes);
    tp_free(page->first);
    page->boxes = NULL;
    page->first = NULL;
    page->count = page->capacity = page->first_room = 0;
}

bool audit_holds(const struct audit_page *page, size_t around, size_t inner)
{
    for (long at = (long)inner; at >= 0; at = page->boxes[at].parent)
        if ((size_t)at == around)
            return true;
    return false;
}

bool audit_is_fitted(const struct audit_page *page, const struct tp_seen_text *text)
{
    return text->fitted && audit_displays[page->variant->display].narrow;
}

const char *audit_thing(const struct tp_seen *seen)
{
    if (seen->place == TP_PLACE_BAR)
        return "the bar";
    if (seen->kind == TP_KIND_KEY)
        return "the keys";
    if (seen->kind == TP_KIND_CHOICE)
        return "answers";
    if (seen->kind == TP_KIND_SUMMARY)
        return "rows";
    return seen->id;
}

/* ---- asking ---- */

static void ask_layout(struct audit_page *page)
{
    for (size_t i = 0; i < audit_rule_count; i++) {
        page->rule = &audit_rules[i];
        if (page->rule->layout)
            page->rule->layout(page);
    }
}

/* Where everything stands, as one number. */
static uint64_t places(const struct audit_page *page)
{
    uint64_t hash = 14695981039346656037u;

    for (size_t i = 0; i < page->count; i++) {
        const SDL_Rect *box = &page->boxes[i].seen.box;
        const int sides[] = {box->x, box->y, box->w, box->h, (int)page->boxes[i].part};

        for (size_t k = 0; k < sizeof(sides) / sizeof(sides[0]); k++)
            hash = (hash ^ (uint64_t)(unsigned)sides[k]) * 1099511628211u;
    }
    return hash;
}

static SDL_Surface *canvas_of(struct audit *audit)
{
    const struct tp_screen *screen = &audit->page.screen;

    if (audit->canvas &&
        (audit->canvas->w != screen->width || audit->canvas->h != screen->height)) {
        SDL_FreeSurface(audit->canvas);
        audit->canvas = NULL;
    }
    if (!audit->canvas)
        audit->canvas = tp_surface_create(screen->width, screen->height);
    return audit->canvas;
}

static void ask_pixels(struct audit *audit)
{
    struct audit_page *page = &audit->page;
    struct tp_ui *ui = audit->app->ui;
    SDL_Rect rects[TP_UI_DIRTY_MAX];
    int count;

    for (page->part = 0; page->part < page->parts; page->part++) {
        tp_ui_show_part(ui, page->part);
        tp_ui_redraw_all(ui);
        tp_ui_draw(ui, page->canvas, rects, &count);
        audit->drawn++;
        for (size_t i = 0; i < audit_rule_count; i++) {
            page->rule = &audit_rules[i];
            if (page->rule->pixels)
                page->rule->pixels(page);
        }
    }
    page->part = 0;
}

static bool set_theme(struct audit *audit, enum tp_theme_index theme, struct tp_error *error)
{
    audit->variant.theme = theme;
    audit->app->person.look.theme = &tp_themes[theme];
    tp_app_apply_look(audit->app);
    if (!tp_app_build(audit->app, error))
        return false;
    return audit_see(&audit->page, audit->app->ui) || tp_fail_memory(error);
}

/* In every theme: a theme changes colours and moves nothing. */
static bool ask_drawn(struct audit *audit, struct tp_error *error)
{
    struct audit_page *page = &audit->page;
    uint64_t before = places(page);

    page->canvas = canvas_of(audit);
    if (!page->canvas)
        return tp_fail_memory(error);
    for (unsigned theme = 0; theme < TP_THEME_COUNT; theme++) {
        if (!set_theme(audit, (enum tp_theme_index)theme, error))
            return false;
        if (places(page) != before) {
            page->rule = &audit_rules[0];
            audit_fault(page, "theme", 0, NULL, "the theme moves what is on the page");
        }
        ask_pixels(audit);
    }
    page->canvas = NULL;
    return set_theme(audit, TP_THEME_STANDARD, error);
}

bool audit_ask(struct audit *audit, const char *subject, const char *id, const char *state,
               struct tp_error *error)
{
    struct audit_page *page = &audit->page;
    char name[NAME_MAX_BYTES];

    (void)snprintf(name, sizeof(name), "%s/%s%s", subject, id, state);
    page->audit = audit;
    page->name = name;
    page->subject = subject;
    page->variant = &audit->variant;
    page->screen = audit->app->screen;
    audit_report_page(audit->report, name);
    audit->laid_out++;
    if (!audit_see(page, audit->app->ui))
        return tp_fail_memory(error);
    ask_layout(page);
    if (audit->shown)
        audit->shown(audit->context, page);
    if (audit->plan->draw(&audit->variant) && !ask_drawn(audit, error))
        return false;
    return !audit->report->failed || tp_fail(error, TP_ERR_LIMIT, "too many faults to tell apart");
}
