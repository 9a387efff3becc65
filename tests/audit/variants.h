/* In which ways a page is shown: display, text size, theme, language, reading mode. */
#ifndef TP_AUDIT_VARIANTS_H
#define TP_AUDIT_VARIANTS_H

#include <stdbool.h>
#include <stddef.h>

#include "kiosk/gfx/theme.h"

/* The displays that are laid out for, and the tablet held upright: the picture's pixels and its
 * width in millimetres. Where it is narrow a long word is wider than the page in the largest size,
 * and may be set smaller; on the others no word needs that. */
struct audit_display {
    const char *name;
    int width, height;
    double width_mm;
    bool narrow;
};
#define AUDIT_DISPLAYS 6
extern const struct audit_display audit_displays[AUDIT_DISPLAYS];

/* The interface's languages; Easy Read is a reading mode of each. */
#define AUDIT_LANGUAGES 10
extern const char *const audit_languages[AUDIT_LANGUAGES];

/* Standard words, Easy Read; each read by eye alone, or read aloud as well: the bar then says so,
 * and Listen stays on it where the bar is folded. */
#define AUDIT_MODES 4

struct audit_variant {
    size_t display, language; /* indexes of the tables above */
    enum tp_size size;
    enum tp_theme_index theme;
    bool easy_read, aloud;
};

/* Which of the modes, from 0. */
size_t audit_variant_mode(const struct audit_variant *variant);

/* "tablet/largest/standard/en/easy-read/aloud" */
#define AUDIT_VARIANT_NAME_MAX 96
void audit_variant_name(const struct audit_variant *variant, char name[AUDIT_VARIANT_NAME_MAX]);

/* Which variants to lay out, and which of these to draw (in every theme). */
struct audit_plan {
    bool (*lay_out)(const struct audit_variant *variant);
    bool (*draw)(const struct audit_variant *variant);
};

/* All of them, and the reduced set of `make test`: each display, size, language and mode at least
 * once, each theme wherever something is drawn. */
extern const struct audit_plan audit_plan_all, audit_plan_reduced;

/* How many variants a plan says something about, the themes included: where things stand does not
 * depend on the theme, which is checked wherever something is drawn. */
size_t audit_plan_count(const struct audit_plan *plan);

/* Steps to the next variant to lay out (in the standard theme), beginning with a zeroed one and
 * `*started` false. False after the last. */
bool audit_plan_next(const struct audit_plan *plan, struct audit_variant *variant, bool *started);

#endif
