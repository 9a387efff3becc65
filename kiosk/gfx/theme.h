/*
 * How it looks: colours by role, text sizes by the height of a capital letter, styles.
 *
 * One table of themes and one of sizes; adding one is one line. A `struct tp_look` is what a
 * resident has chosen. Constant data. Thread: any.
 */
#ifndef TP_KIOSK_GFX_THEME_H
#define TP_KIOSK_GFX_THEME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* 0xRRGGBB */
typedef uint32_t tp_rgb;

enum tp_colour {
    TP_COLOUR_GROUND,     /* the page */
    TP_COLOUR_CARD,       /* answers, keys, boxes */
    TP_COLOUR_INK,        /* text */
    TP_COLOUR_INK_2,      /* hints */
    TP_COLOUR_KEY,        /* actions, the chosen answer, progress done */
    TP_COLOUR_ON_KEY,     /* text on it */
    TP_COLOUR_PRESSED,    /* the fill of what is being touched */
    TP_COLOUR_ON_PRESSED, /* text on it */
    TP_COLOUR_LINE,       /* borders of what can be touched */
    TP_COLOUR_LINE_QUIET, /* borders of what cannot */
    TP_COLOUR_SOFT,       /* the bar, secondary keys */
    TP_COLOUR_TRACK,      /* progress to come */
    TP_COLOUR_BAR_LINE,   /* line above the bar; equal to SOFT where the bar's fill parts it */
    TP_COLOUR_FOCUS,      /* the focus ring */
    TP_COLOUR_FOCUS_EDGE, /* the ring around the ring */
    TP_COLOUR_ALARM,      /* borders and signs of problems, always with the words */
    TP_COLOUR_ALARM_INK,  /* the words of a problem */
    TP_COLOUR_PICTURE,    /* the ground under pictures: white in every theme */
    TP_COLOUR_COUNT
};

struct tp_theme {
    const char *id;   /* "standard": for settings and tests; never shown */
    const char *name; /* msgid of its name: "Dark on light" */
    double contrast;  /* the least contrast of text that it promises (ACCESSIBILITY.md T4) */
    tp_rgb colours[TP_COLOUR_COUNT];
};

enum tp_theme_index {
    TP_THEME_STANDARD,
    TP_THEME_CREAM,
    TP_THEME_WHITE_ON_BLACK,
    TP_THEME_YELLOW_ON_BLACK,
    TP_THEME_SOFT,
    TP_THEME_COUNT
};
extern const struct tp_theme tp_themes[TP_THEME_COUNT];

/* By id; NULL where there is none. */
const struct tp_theme *tp_theme_find(const char *id);

/* Two colours that meet somewhere on a page. `text` asks for the theme's own contrast, else the 3:1
 * of borders, icons and focus (WCAG 1.4.11). The list is what the contrast test walks. */
struct tp_colour_pair {
    enum tp_colour fore, back;
    bool text;
};
extern const struct tp_colour_pair tp_colour_pairs[];
extern const size_t tp_colour_pair_count;

/* WCAG 2.2 contrast ratio, 1 to 21. */
double tp_contrast(tp_rgb a, tp_rgb b);

enum tp_size { TP_SIZE_SMALL, TP_SIZE_MEDIUM, TP_SIZE_LARGE, TP_SIZE_LARGEST, TP_SIZE_COUNT };
#define TP_SIZE_DEFAULT TP_SIZE_MEDIUM

struct tp_size_row {
    const char *id;    /* "medium" */
    const char *name;  /* msgid */
    double capital_mm; /* height of a capital letter of body text (ACCESSIBILITY.md T2) */
    double heading;    /* a heading is this many times the body: less at the largest sizes */
    double frame_mm;   /* capital height of the title line, the actions and (at most) the bar */
};
extern const struct tp_size_row tp_sizes[TP_SIZE_COUNT];

enum tp_style {
    TP_STYLE_BODY,
    TP_STYLE_BOLD,     /* body in bold: labels, questions on the check page */
    TP_STYLE_HINT,     /* body in the second ink */
    TP_STYLE_HEADING,  /* 1.55 times the body, bold */
    TP_STYLE_SUBHEAD,  /* 1.2 times the body, bold: headings inside a page, "There is a problem" */
    TP_STYLE_LEAD,     /* 1.3 times the body: the welcome page's sentence */
    TP_STYLE_HUGE,     /* 2.9 times the body, bold: the welcome page, a receipt code */
    TP_STYLE_ALARM,    /* body, bold, alarm */
    TP_STYLE_TITLE,    /* the title line, bold */
    TP_STYLE_STATUS,   /* "Question 3 of 9" */
    TP_STYLE_BUTTON,   /* on actions, bold */
    TP_STYLE_BAR,      /* on the bar */
    TP_STYLE_KEY,      /* on the keyboard's letters */
    TP_STYLE_KEY_WORD, /* on the keyboard's words: Delete, 123 */
    TP_STYLE_FIELD,    /* what is typed: 1.15 times the body */
    TP_STYLE_COUNT
};

/* What one resident has chosen; every new person finds tp_look_default (ACCESSIBILITY.md S3). */
struct tp_look {
    const struct tp_theme *theme;
    enum tp_size size;
    bool easy_read; /* the Easy Read layout: a picture beside each idea */
    bool quiet;     /* reduced clutter: no progress bar, nothing optional, the bar folded */
    bool lower;     /* lower controls: on a tall screen everything stands within seated reach */
};

struct tp_look tp_look_default(void);

struct tp_type_style {
    double capital_mm; /* height of a capital H */
    double line;       /* line height in em */
    bool bold;
    enum tp_colour colour;
};

/* How a style is set at a size. Never below the smallest body size. */
struct tp_type_style tp_type_of(enum tp_style style, enum tp_size size);

#endif
