/*
 * The interface's own signs, drawn for this project as strokes with round ends on a grid of 24.
 *
 * One table in icon.c: a name and a path, written much as SVG's are. They are drawn at any size in
 * any colour, and mirror with the direction of the page where they point. Drawn icons are kept as
 * masks in a bounded cache inside `struct tp_icons`. Thread: the main thread only.
 */
#ifndef TP_KIOSK_GFX_ICON_H
#define TP_KIOSK_GFX_ICON_H

#include <SDL.h>
#include <stdbool.h>

#include "kiosk/gfx/theme.h"

enum tp_icon {
    TP_ICON_NONE,
    TP_ICON_TEXT_SIZE, /* a small and a large A */
    TP_ICON_COLOURS,   /* a circle, half filled */
    TP_ICON_EASY_READ, /* a picture beside lines */
    TP_ICON_LISTEN,    /* a loudspeaker with waves */
    TP_ICON_SILENT,    /* a loudspeaker crossed out */
    TP_ICON_LANGUAGE,  /* a globe */
    TP_ICON_HELP,      /* a question mark in a circle */
    TP_ICON_BACK,      /* chevron towards the start of the line */
    TP_ICON_FORWARD,   /* chevron towards its end */
    TP_ICON_DOWN,
    TP_ICON_UP,
    TP_ICON_CHECK,
    TP_ICON_CROSS,
    TP_ICON_PROBLEM, /* exclamation mark in a triangle */
    TP_ICON_INFORMATION,
    TP_ICON_DELETE,      /* backspace: a box with a point and a cross */
    TP_ICON_DELETE_WORD, /* the same with a second point: further back */
    TP_ICON_SHIFT,
    TP_ICON_SPACE,
    TP_ICON_RETURN,
    TP_ICON_PLUS,
    TP_ICON_MINUS,
    TP_ICON_CLOCK,
    TP_ICON_LOCK,
    TP_ICON_PAUSE,
    TP_ICON_PLAY,
    TP_ICON_REPEAT,
    TP_ICON_SETTINGS,
    TP_ICON_HOME,
    TP_ICON_STAR,
    TP_ICON_LEAVE, /* an arrow out of a door */
    TP_ICON_COUNT
};

struct tp_icons;

/* NULL when out of memory. */
struct tp_icons *tp_icons_create(void);
void tp_icons_destroy(struct tp_icons *icons);

/* Draws in a square of `side` pixels whose top left is x, y. `mirror` turns the icons that point
 * along the line (back, forward, leave, return, delete, listen) for a right-to-left page. */
void tp_icon_draw(struct tp_icons *icons, SDL_Surface *surface, enum tp_icon icon, double x,
                  double y, double side, bool mirror, tp_rgb colour);

/* The name of an icon in snapshots and tests: "text-size". */
const char *tp_icon_name(enum tp_icon icon);

#endif
