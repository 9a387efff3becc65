#include "audit/variants.h"

#include <stdio.h>

const struct audit_display audit_displays[AUDIT_DISPLAYS] = {
    {"wall", 1920, 1080, 476, false},  {"portrait", 1080, 1920, 268, false},
    {"tablet", 1280, 800, 217, false}, {"library", 1366, 768, 344, false},
    {"4k", 3840, 2160, 597, false},    {"tablet-tall", 800, 1280, 135.6, true},
};

const char *const audit_languages[AUDIT_LANGUAGES] = {"en", "pl", "pt", "ro", "uk",
                                                      "ar", "ur", "bn", "pa", "zh-Hans"};

enum { WALL, PORTRAIT, TABLET, LIBRARY, FOUR_K, TABLET_TALL };
enum { EN, PL, PT, RO, UK, AR, UR, BN, PA, ZH };

void audit_variant_name(const struct audit_variant *variant, char name[AUDIT_VARIANT_NAME_MAX])
{
    (void)snprintf(name, AUDIT_VARIANT_NAME_MAX, "%s/%s/%s/%s%s%s",
                   audit_displays[variant->display].name, tp_sizes[variant->size].id,
                   tp_themes[variant->theme].id, audit_languages[variant->language],
                   variant->easy_read ? "/easy-read" : "", variant->aloud ? "/aloud" : "");
}

size_t audit_variant_mode(const struct audit_variant *variant)
{
    return (variant->easy_read ? 1u : 0u) + (variant->aloud ? 2u : 0u);
}

/* ---- plans ---- */

struct row {
    size_t display;
    enum tp_size size;
    size_t language;
    bool easy_read, aloud;
};

static bool is_in(const struct row *rows, size_t count, const struct audit_variant *variant)
{
    for (size_t i = 0; i < count; i++)
        if (rows[i].display == variant->display && rows[i].size == variant->size &&
            rows[i].language == variant->language && rows[i].easy_read == variant->easy_read &&
            rows[i].aloud == variant->aloud)
            return true;
    return false;
}

#define IN(rows, variant) is_in(rows, sizeof(rows) / sizeof((rows)[0]), variant)

static bool every(const struct audit_variant *variant)
{
    (void)variant;
    return true;
}

/* What is drawn differs by theme, and little by the rest: each size, mode and script once, on the
 * smallest and the usual displays. */
static bool draw_covering(const struct audit_variant *variant)
{
    static const struct row rows[] = {
        {TABLET, TP_SIZE_MEDIUM, EN, false, false},      {TABLET, TP_SIZE_LARGEST, EN, true, false},
        {WALL, TP_SIZE_LARGE, AR, false, false},         {PORTRAIT, TP_SIZE_SMALL, EN, true, false},
        {TABLET, TP_SIZE_MEDIUM, AR, false, false},      {LIBRARY, TP_SIZE_SMALL, BN, false, false},
        {TABLET_TALL, TP_SIZE_LARGEST, UK, false, true},
    };

    return IN(rows, variant);
}

static const struct row reduced[] = {
    {TABLET, TP_SIZE_LARGEST, EN, false, false},   {WALL, TP_SIZE_MEDIUM, EN, true, false},
    {PORTRAIT, TP_SIZE_LARGE, AR, false, false},   {LIBRARY, TP_SIZE_SMALL, PL, false, false},
    {FOUR_K, TP_SIZE_MEDIUM, BN, false, false},    {TABLET, TP_SIZE_MEDIUM, UK, false, false},
    {WALL, TP_SIZE_LARGEST, PT, false, false},     {LIBRARY, TP_SIZE_LARGE, UR, true, false},
    {PORTRAIT, TP_SIZE_MEDIUM, RO, false, false},  {WALL, TP_SIZE_SMALL, PA, false, false},
    {TABLET, TP_SIZE_SMALL, ZH, false, false},     {TABLET_TALL, TP_SIZE_LARGEST, UK, false, true},
    {TABLET_TALL, TP_SIZE_MEDIUM, PL, true, true},
};

static bool lay_out_reduced(const struct audit_variant *variant)
{
    return IN(reduced, variant);
}

static bool draw_reduced(const struct audit_variant *variant)
{
    static const struct row rows[] = {{LIBRARY, TP_SIZE_SMALL, PL, false, false},
                                      {TABLET, TP_SIZE_MEDIUM, UK, false, false}};

    return IN(rows, variant);
}

const struct audit_plan audit_plan_all = {every, draw_covering};
const struct audit_plan audit_plan_reduced = {lay_out_reduced, draw_reduced};

/* Counts up from the last place: mode, aloud, language, size, display. */
static bool step(struct audit_variant *variant)
{
    variant->easy_read = !variant->easy_read;
    if (variant->easy_read)
        return true;
    variant->aloud = !variant->aloud;
    if (variant->aloud)
        return true;
    if (++variant->language < AUDIT_LANGUAGES)
        return true;
    variant->language = 0;
    variant->size = (enum tp_size)(variant->size + 1);
    if (variant->size < TP_SIZE_COUNT)
        return true;
    variant->size = 0;
    return ++variant->display < AUDIT_DISPLAYS;
}

bool audit_plan_next(const struct audit_plan *plan, struct audit_variant *variant, bool *started)
{
    do {
        if (*started && !step(variant))
            return false;
        *started = true;
    } while (!plan->lay_out(variant));
    return true;
}

size_t audit_plan_count(const struct audit_plan *plan)
{
    struct audit_variant variant = {0};
    bool started = false;
    size_t count = 0;

    while (audit_plan_next(plan, &variant, &started))
        count += TP_THEME_COUNT;
    return count;
}
