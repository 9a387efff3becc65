/* See theme.h. The colours are those of the interface's design, except where the contrast of
 * ACCESSIBILITY.md T4 asks for a darker one (hints and the words of problems). */
#include "kiosk/gfx/theme.h"

#include <math.h>
#include <string.h>

#include "kiosk/i18n/catalog.h"

const struct tp_theme tp_themes[TP_THEME_COUNT] = {
    [TP_THEME_STANDARD] = {"standard",
                           tp_n("Standard"),
                           10.0,
                           {
                               [TP_COLOUR_GROUND] = 0xFBFAF6,
                               [TP_COLOUR_CARD] = 0xFFFFFF,
                               [TP_COLOUR_INK] = 0x101820,
                               [TP_COLOUR_INK_2] = 0x343D43,
                               [TP_COLOUR_KEY] = 0x00443C,
                               [TP_COLOUR_ON_KEY] = 0xFFFFFF,
                               [TP_COLOUR_PRESSED] = 0xCFE6DF,
                               [TP_COLOUR_ON_PRESSED] = 0x101820,
                               [TP_COLOUR_LINE] = 0x5C666B,
                               [TP_COLOUR_LINE_QUIET] = 0xCFCBBE,
                               [TP_COLOUR_SOFT] = 0xE9E6DC,
                               [TP_COLOUR_TRACK] = 0xE9E6DC,
                               [TP_COLOUR_BAR_LINE] = 0xE9E6DC,
                               [TP_COLOUR_FOCUS] = 0xFFD400,
                               [TP_COLOUR_FOCUS_EDGE] = 0x101820,
                               [TP_COLOUR_ALARM] = 0xA3160F,
                               [TP_COLOUR_ALARM_INK] = 0x7E0D08,
                               [TP_COLOUR_PICTURE] = 0xFFFFFF,
                           }},
    [TP_THEME_CREAM] = {"cream",
                        tp_n("Black on cream"),
                        20.0,
                        {
                            [TP_COLOUR_GROUND] = 0xFFFAE1,
                            [TP_COLOUR_CARD] = 0xFFFAE1,
                            [TP_COLOUR_INK] = 0x000000,
                            [TP_COLOUR_INK_2] = 0x000000,
                            [TP_COLOUR_KEY] = 0x000000,
                            [TP_COLOUR_ON_KEY] = 0xFFFAE1,
                            [TP_COLOUR_PRESSED] = 0xFFFFFF,
                            [TP_COLOUR_ON_PRESSED] = 0x000000,
                            [TP_COLOUR_LINE] = 0x000000,
                            [TP_COLOUR_LINE_QUIET] = 0x8A8266,
                            [TP_COLOUR_SOFT] = 0xFFFAE1,
                            [TP_COLOUR_TRACK] = 0xE4D9AE,
                            [TP_COLOUR_BAR_LINE] = 0x000000,
                            [TP_COLOUR_FOCUS] = 0xFFD400,
                            [TP_COLOUR_FOCUS_EDGE] = 0x000000,
                            [TP_COLOUR_ALARM] = 0xA3160F,
                            [TP_COLOUR_ALARM_INK] = 0x000000,
                            [TP_COLOUR_PICTURE] = 0xFFFFFF,
                        }},
    [TP_THEME_WHITE_ON_BLACK] = {"white-on-black",
                                 tp_n("White on black"),
                                 20.0,
                                 {
                                     [TP_COLOUR_GROUND] = 0x000000,
                                     [TP_COLOUR_CARD] = 0x000000,
                                     [TP_COLOUR_INK] = 0xFFFFFF,
                                     [TP_COLOUR_INK_2] = 0xFFFFFF,
                                     [TP_COLOUR_KEY] = 0xFFFFFF,
                                     [TP_COLOUR_ON_KEY] = 0x000000,
                                     [TP_COLOUR_PRESSED] = 0xFFFF9C,
                                     [TP_COLOUR_ON_PRESSED] = 0x000000,
                                     [TP_COLOUR_LINE] = 0xFFFFFF,
                                     [TP_COLOUR_LINE_QUIET] = 0x8C8C8C,
                                     [TP_COLOUR_SOFT] = 0x000000,
                                     [TP_COLOUR_TRACK] = 0x4A4A4A,
                                     [TP_COLOUR_BAR_LINE] = 0xFFFFFF,
                                     [TP_COLOUR_FOCUS] = 0xFFD400,
                                     [TP_COLOUR_FOCUS_EDGE] = 0x000000,
                                     [TP_COLOUR_ALARM] = 0xFF6B5E,
                                     [TP_COLOUR_ALARM_INK] = 0xFFFFFF,
                                     [TP_COLOUR_PICTURE] = 0xFFFFFF,
                                 }},
    [TP_THEME_YELLOW_ON_BLACK] = {"yellow-on-black",
                                  tp_n("Yellow on black"),
                                  20.0,
                                  {
                                      [TP_COLOUR_GROUND] = 0x000000,
                                      [TP_COLOUR_CARD] = 0x000000,
                                      [TP_COLOUR_INK] = 0xFFFF9C,
                                      [TP_COLOUR_INK_2] = 0xFFFF9C,
                                      [TP_COLOUR_KEY] = 0xFFFF9C,
                                      [TP_COLOUR_ON_KEY] = 0x000000,
                                      [TP_COLOUR_PRESSED] = 0xFFFFFF,
                                      [TP_COLOUR_ON_PRESSED] = 0x000000,
                                      [TP_COLOUR_LINE] = 0xFFFF9C,
                                      [TP_COLOUR_LINE_QUIET] = 0x8F8F4E,
                                      [TP_COLOUR_SOFT] = 0x000000,
                                      [TP_COLOUR_TRACK] = 0x4A4A20,
                                      [TP_COLOUR_BAR_LINE] = 0xFFFF9C,
                                      [TP_COLOUR_FOCUS] = 0x5CE1FF,
                                      [TP_COLOUR_FOCUS_EDGE] = 0x000000,
                                      [TP_COLOUR_ALARM] = 0xFF8A80,
                                      [TP_COLOUR_ALARM_INK] = 0xFFFF9C,
                                      [TP_COLOUR_PICTURE] = 0xFFFFFF,
                                  }},
    [TP_THEME_SOFT] = {"soft",
                       tp_n("Soft"),
                       4.5,
                       {
                           [TP_COLOUR_GROUND] = 0xE1E7E7,
                           [TP_COLOUR_CARD] = 0xEDF1F1,
                           [TP_COLOUR_INK] = 0x3D4B52,
                           [TP_COLOUR_INK_2] = 0x4A575D,
                           [TP_COLOUR_KEY] = 0x3F5F66,
                           [TP_COLOUR_ON_KEY] = 0xF3F6F6,
                           [TP_COLOUR_PRESSED] = 0xC5D8D8,
                           [TP_COLOUR_ON_PRESSED] = 0x3D4B52,
                           [TP_COLOUR_LINE] = 0x6B797E,
                           [TP_COLOUR_LINE_QUIET] = 0xBCC7C7,
                           [TP_COLOUR_SOFT] = 0xD3DBDB,
                           [TP_COLOUR_TRACK] = 0xC3CECE,
                           [TP_COLOUR_BAR_LINE] = 0xD3DBDB,
                           [TP_COLOUR_FOCUS] = 0xFFD400,
                           [TP_COLOUR_FOCUS_EDGE] = 0x2A363B,
                           [TP_COLOUR_ALARM] = 0x8A3A34,
                           [TP_COLOUR_ALARM_INK] = 0x8A3A34,
                           [TP_COLOUR_PICTURE] = 0xFFFFFF,
                       }},
};

const struct tp_theme *tp_theme_find(const char *id)
{
    for (size_t i = 0; id && i < TP_THEME_COUNT; i++)
        if (strcmp(tp_themes[i].id, id) == 0)
            return &tp_themes[i];
    return NULL;
}

const struct tp_colour_pair tp_colour_pairs[] = {
    {TP_COLOUR_INK, TP_COLOUR_GROUND, true},         {TP_COLOUR_INK, TP_COLOUR_CARD, true},
    {TP_COLOUR_INK, TP_COLOUR_SOFT, true},           {TP_COLOUR_INK_2, TP_COLOUR_GROUND, true},
    {TP_COLOUR_INK_2, TP_COLOUR_CARD, true},         {TP_COLOUR_KEY, TP_COLOUR_GROUND, true},
    {TP_COLOUR_KEY, TP_COLOUR_CARD, true},           {TP_COLOUR_ON_KEY, TP_COLOUR_KEY, true},
    {TP_COLOUR_ON_PRESSED, TP_COLOUR_PRESSED, true}, {TP_COLOUR_ALARM_INK, TP_COLOUR_GROUND, true},
    {TP_COLOUR_ALARM_INK, TP_COLOUR_CARD, true},     {TP_COLOUR_ALARM, TP_COLOUR_GROUND, false},
    {TP_COLOUR_ALARM, TP_COLOUR_CARD, false},        {TP_COLOUR_LINE, TP_COLOUR_GROUND, false},
    {TP_COLOUR_LINE, TP_COLOUR_CARD, false},         {TP_COLOUR_LINE, TP_COLOUR_SOFT, false},
    {TP_COLOUR_KEY, TP_COLOUR_SOFT, false},          {TP_COLOUR_KEY, TP_COLOUR_TRACK, false},
};
const size_t tp_colour_pair_count = sizeof(tp_colour_pairs) / sizeof(tp_colour_pairs[0]);

static double linear(unsigned channel)
{
    double c = channel / 255.0;

    return c <= 0.04045 ? c / 12.92 : pow((c + 0.055) / 1.055, 2.4);
}

static double luminance(tp_rgb colour)
{
    return 0.2126 * linear(colour >> 16 & 0xFF) + 0.7152 * linear(colour >> 8 & 0xFF) +
           0.0722 * linear(colour & 0xFF);
}

double tp_contrast(tp_rgb a, tp_rgb b)
{
    double one = luminance(a) + 0.05, two = luminance(b) + 0.05;

    return one > two ? one / two : two / one;
}

/* Headings and the frame grow less than the body at the largest sizes, so that a page still holds
 * its answers (look/3-large-dark.png); the frame stays above 0.7 degrees at 500 mm in the largest.
 */
const struct tp_size_row tp_sizes[TP_SIZE_COUNT] = {
    [TP_SIZE_SMALL] = {"small", tp_n("Small text"), 3.8, 1.55, 3.8},
    [TP_SIZE_MEDIUM] = {"medium", tp_n("Medium text"), 5.2, 1.55, 5.2},
    [TP_SIZE_LARGE] = {"large", tp_n("Large text"), 6.7, 1.4, 6.0},
    [TP_SIZE_LARGEST] = {"largest", tp_n("Largest text"), 8.6, 1.15, 6.6},
};

struct tp_look tp_look_default(void)
{
    return (struct tp_look){.theme = &tp_themes[TP_THEME_STANDARD], .size = TP_SIZE_DEFAULT};
}

struct style {
    double ratio; /* of the body, or of the frame */
    bool frame;   /* grows as the frame does */
    double line;
    bool bold;
    enum tp_colour colour;
};

static const struct style styles[TP_STYLE_COUNT] = {
    [TP_STYLE_BODY] = {1.0, false, 1.5, false, TP_COLOUR_INK},
    [TP_STYLE_BOLD] = {1.0, false, 1.5, true, TP_COLOUR_INK},
    [TP_STYLE_HINT] = {1.0, false, 1.5, false, TP_COLOUR_INK_2},
    [TP_STYLE_HEADING] = {0.0, false, 1.4, true, TP_COLOUR_INK}, /* the size's own ratio */
    [TP_STYLE_SUBHEAD] = {1.2, false, 1.4, true, TP_COLOUR_INK},
    [TP_STYLE_LEAD] = {1.3, false, 1.5, false, TP_COLOUR_INK},
    [TP_STYLE_HUGE] = {2.9, true, 1.3, true, TP_COLOUR_INK},
    [TP_STYLE_ALARM] = {1.0, false, 1.5, true, TP_COLOUR_ALARM_INK},
    [TP_STYLE_TITLE] = {1.0, true, 1.5, true, TP_COLOUR_INK},
    [TP_STYLE_STATUS] = {1.0, true, 1.5, false, TP_COLOUR_INK},
    [TP_STYLE_BUTTON] = {1.0, true, 1.5, true, TP_COLOUR_KEY},
    [TP_STYLE_BAR] = {1.0, true, 1.2, false, TP_COLOUR_INK},
    [TP_STYLE_KEY] = {1.25, true, 1.2, false, TP_COLOUR_INK},
    [TP_STYLE_KEY_WORD] = {1.0, true, 1.2, false, TP_COLOUR_INK},
    [TP_STYLE_FIELD] = {1.15, false, 1.5, false, TP_COLOUR_INK},
};

struct tp_type_style tp_type_of(enum tp_style style, enum tp_size size)
{
    const struct style *row = &styles[style];
    const struct tp_size_row *scale = &tp_sizes[size];
    double ratio = style == TP_STYLE_HEADING ? scale->heading : row->ratio;

    return (struct tp_type_style){.capital_mm =
                                      ratio * (row->frame ? scale->frame_mm : scale->capital_mm),
                                  .line = row->line,
                                  .bold = row->bold,
                                  .colour = row->colour};
}
