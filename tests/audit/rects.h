/* How two boxes of a page lie to each other, in pixels. */
#ifndef TP_AUDIT_RECTS_H
#define TP_AUDIT_RECTS_H

#include <SDL.h>
#include <stdbool.h>

static inline bool rect_holds(SDL_Rect outer, SDL_Rect inner)
{
    return inner.x >= outer.x && inner.y >= outer.y && inner.x + inner.w <= outer.x + outer.w &&
           inner.y + inner.h <= outer.y + outer.h;
}

/* How far two boxes are apart; negative where they overlap. */
static inline int rects_apart(SDL_Rect a, SDL_Rect b)
{
    int dx = a.x > b.x ? a.x - (b.x + b.w) : b.x - (a.x + a.w);
    int dy = a.y > b.y ? a.y - (b.y + b.h) : b.y - (a.y + a.h);

    return dx > dy ? dx : dy;
}

#endif
