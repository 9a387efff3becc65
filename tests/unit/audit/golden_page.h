/* A page of the auditor's against its golden picture (tests/golden.h). */
#ifndef TP_TESTS_UNIT_AUDIT_GOLDEN_PAGE_H
#define TP_TESTS_UNIT_AUDIT_GOLDEN_PAGE_H

#include "audit/audit.h"
#include "golden.h"

/* Draws the part that shows, and compares it with tests/golden/NAME.png. */
static inline bool golden_page(struct audit_page *page, const char *name)
{
    SDL_Surface *canvas = tp_surface_create(page->screen.width, page->screen.height);
    SDL_Rect rects[TP_UI_DIRTY_MAX];
    bool same;
    int count;

    if (!canvas)
        return false;
    tp_ui_redraw_all(page->audit->app->ui);
    tp_ui_draw(page->audit->app->ui, canvas, rects, &count);
    same = golden_check(canvas, name);
    SDL_FreeSurface(canvas);
    return same;
}

#endif
