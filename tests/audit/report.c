#include "audit/report.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "audit/audit.h"
#include "audit/rules.h"
#include "base/mem.h"
#include "kiosk/gfx/display.h"

#define TOLD_MAX 400
#define FRAME 0xE0007A
#define FRAME_PX 4

/* ---- pages ---- */

void audit_report_page(struct audit_report *report, const char *name)
{
    for (size_t i = 0; i < report->page_count; i++)
        if (strcmp(report->pages[i], name) == 0)
            return;
    if (report->page_count == report->page_capacity) {
        size_t capacity = report->page_capacity ? 2 * report->page_capacity : 256;
        char **pages = tp_realloc(report->pages, capacity, sizeof(*pages));

        if (!pages) {
            report->failed = true;
            return;
        }
        report->pages = pages;
        report->page_capacity = capacity;
    }
    report->pages[report->page_count] = tp_strdup(name);
    if (report->pages[report->page_count])
        report->page_count++;
    else
        report->failed = true;
}

/* ---- pictures ---- */

static void frame(SDL_Surface *canvas, const SDL_Rect *at)
{
    Uint32 colour = SDL_MapRGB(canvas->format, FRAME >> 16, FRAME >> 8 & 0xFF, FRAME & 0xFF);
    const SDL_Rect sides[] = {
        {at->x - FRAME_PX, at->y - FRAME_PX, at->w + 2 * FRAME_PX, FRAME_PX},
        {at->x - FRAME_PX, at->y + at->h, at->w + 2 * FRAME_PX, FRAME_PX},
        {at->x - FRAME_PX, at->y, FRAME_PX, at->h},
        {at->x + at->w, at->y, FRAME_PX, at->h},
    };

    for (size_t i = 0; i < sizeof(sides) / sizeof(sides[0]); i++)
        (void)SDL_FillRect(canvas, &sides[i], colour);
}

static char *picture_name(const struct audit_page *page)
{
    char variant[AUDIT_VARIANT_NAME_MAX];
    char *name;

    audit_variant_name(page->variant, variant);
    name = tp_asprintf("%s-%s-%s-%s-%zu.png", page->rule->id, page->rule->name, page->name, variant,
                       page->audit->report->pictures);
    for (char *at = name; at && *at; at++)
        if (strchr("/: +", *at))
            *at = '-';
    return name;
}

/* Draws the part on a canvas of its own: the one that rules read is not to be framed. */
static void keep_picture(struct audit_page *page, struct audit_fault *fault, size_t part,
                         const SDL_Rect *at)
{
    struct audit_report *report = page->audit->report;
    struct tp_ui *ui = page->audit->app->ui;
    SDL_Surface *canvas;
    SDL_Rect rects[TP_UI_DIRTY_MAX];
    struct tp_error error;
    int count;
    char *name, *path;

    if (!report->folder || report->pictures == AUDIT_PICTURES_MAX)
        return;
    report->pictures++;
    canvas = tp_surface_create(page->screen.width, page->screen.height);
    name = picture_name(page);
    path = name ? tp_asprintf("%s/%s", report->folder, name) : NULL;
    if (canvas && path) {
        size_t shown = tp_ui_part(ui);

        tp_ui_show_part(ui, part);
        tp_ui_redraw_all(ui);
        tp_ui_draw(ui, canvas, rects, &count);
        if (at)
            frame(canvas, at);
        tp_ui_show_part(ui, shown);
        if (tp_surface_save_png(canvas, path, &error)) {
            fault->picture = name;
            name = NULL;
        }
    }
    tp_free(path);
    tp_free(name);
    SDL_FreeSurface(canvas);
}

/* ---- faults ---- */

static uint64_t hash(uint64_t key, const char *text)
{
    for (; *text; text++)
        key = (key ^ (unsigned char)*text) * 1099511628211u;
    return (key ^ 0xFF) * 1099511628211u;
}

static struct audit_fault *find(struct audit_report *report, uint64_t key)
{
    for (size_t i = 0; i < report->count; i++)
        if (report->faults[i].key == key)
            return &report->faults[i];
    return NULL;
}

/* The picture of an earlier fault against the rule on the page; NULL where there is none. */
static const char *picture_of(const struct audit_report *report, const char *rule, const char *page)
{
    for (size_t i = 0; i < report->count; i++)
        if (report->faults[i].picture && strcmp(report->faults[i].page, page) == 0 &&
            strcmp(report->faults[i].rule, rule) == 0)
            return report->faults[i].picture;
    return NULL;
}

static struct audit_fault *add(struct audit_report *report, const char *rule, const char *page,
                               const char *thing, const char *told)
{
    struct audit_fault *fault;

    if (report->count == report->capacity) {
        size_t capacity = report->capacity ? 2 * report->capacity : 256;
        struct audit_fault *faults = capacity <= AUDIT_FAULTS_MAX * 2
                                         ? tp_realloc(report->faults, capacity, sizeof(*faults))
                                         : NULL;

        if (!faults) {
            report->failed = true;
            return NULL;
        }
        report->faults = faults;
        report->capacity = capacity;
    }
    fault = &report->faults[report->count];
    *fault = (struct audit_fault){.rule = tp_strdup(rule),
                                  .page = tp_strdup(page),
                                  .thing = tp_strdup(thing),
                                  .told = tp_strdup(told)};
    report->count++;
    if (!fault->rule || !fault->page || !fault->thing || !fault->told) {
        report->failed = true;
        return NULL;
    }
    return fault;
}

static void count_variant(struct audit_fault *fault, const struct audit_variant *variant)
{
    fault->variants++;
    fault->displays |= 1u << variant->display;
    fault->sizes |= 1u << variant->size;
    fault->themes |= 1u << variant->theme;
    fault->languages |= 1u << variant->language;
    fault->modes |= 1u << audit_variant_mode(variant);
}

void audit_fault(struct audit_page *page, const char *thing, size_t part, const SDL_Rect *at,
                 const char *format, ...)
{
    struct audit_report *report = page->audit->report;
    char told[TOLD_MAX], rule[64];
    struct audit_fault *fault;
    va_list arguments;
    const char *picture;
    uint64_t key;

    (void)snprintf(rule, sizeof(rule), "%s %s", page->rule->id, page->rule->name);
    key = hash(hash(hash(14695981039346656037u, rule), page->name), thing);
    fault = find(report, key);
    if (!fault) {
        va_start(arguments, format);
        (void)vsnprintf(told, sizeof(told), format, arguments);
        va_end(arguments);
        for (char *at_break = told; *at_break; at_break++)
            *at_break = *at_break == '\n' ? ' ' : *at_break;
        fault = add(report, rule, page->name, thing, told);
        if (!fault)
            return;
        fault->key = key;
        fault->variant = *page->variant;
        picture = picture_of(report, rule, page->name);
        if (picture)
            fault->picture = tp_strdup(picture);
        else
            keep_picture(page, fault, part, at);
    }
    count_variant(fault, page->variant);
}

void audit_report_finish(struct audit_report *report)
{
    for (size_t i = 0; i < report->count; i++) {
        tp_free(report->faults[i].rule);
        tp_free(report->faults[i].page);
        tp_free(report->faults[i].thing);
        tp_free(report->faults[i].told);
        tp_free(report->faults[i].picture);
    }
    tp_free(report->faults);
    for (size_t i = 0; i < report->page_count; i++)
        tp_free(report->pages[i]);
    tp_free(report->pages);
    *report = (struct audit_report){.folder = report->folder};
}

/* ---- writing ---- */

static int by_rule(const void *one, const void *two)
{
    const struct audit_fault *a = one, *b = two;
    int order = strcmp(a->rule, b->rule);

    order = order ? order : strcmp(a->page, b->page);
    return order ? order : strcmp(a->thing, b->thing);
}

static const char *display_name(size_t i)
{
    return audit_displays[i].name;
}
static const char *size_name(size_t i)
{
    return tp_sizes[i].id;
}
static const char *language_name(size_t i)
{
    return audit_languages[i];
}
static const char *theme_name(size_t i)
{
    return tp_themes[i].id;
}
static const char *mode_name(size_t i)
{
    static const char *const names[AUDIT_MODES] = {"standard words", "easy-read",
                                                   "standard words aloud", "easy-read aloud"};

    return names[i];
}

/* What is common to the variants of a fault: nothing is said of what all of them are. */
static void write_set(FILE *out, unsigned set, size_t count, const char *(*name)(size_t))
{
    bool first = true;

    if (set == (1u << count) - 1)
        return;
    for (size_t i = 0; i < count; i++)
        if (set & 1u << i) {
            (void)fprintf(out, "%s%s", first ? "; " : ", ", name(i));
            first = false;
        }
}

static void write_fault(const struct audit_report *report, const struct audit_fault *fault,
                        FILE *out)
{
    char variant[AUDIT_VARIANT_NAME_MAX];

    audit_variant_name(&fault->variant, variant);
    (void)fprintf(out, "%s: %s: %s: %s: %s", fault->rule, fault->page, variant, fault->thing,
                  fault->told);
    if (fault->variants > 1) {
        (void)fprintf(out, " (%zu variants", fault->variants);
        write_set(out, fault->displays, AUDIT_DISPLAYS, display_name);
        write_set(out, fault->sizes, TP_SIZE_COUNT, size_name);
        write_set(out, fault->languages, AUDIT_LANGUAGES, language_name);
        write_set(out, fault->modes, AUDIT_MODES, mode_name);
        if (fault->themes != 1u << TP_THEME_STANDARD)
            write_set(out, fault->themes, TP_THEME_COUNT, theme_name);
        (void)fputs(")", out);
    }
    if (fault->picture)
        (void)fprintf(out, " %s/%s", report->folder, fault->picture);
    (void)fputs("\n", out);
}

void audit_report_write(struct audit_report *report, FILE *out)
{
    if (report->count)
        qsort(report->faults, report->count, sizeof(report->faults[0]), by_rule);
    for (size_t i = 0; i < report->count; i++)
        write_fault(report, &report->faults[i], out);
}
