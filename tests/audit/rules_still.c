/* T5: nothing moves by itself: a page that is drawn stays as it is. */
#include "audit/rules.h"

void audit_rule_still(struct audit_page *page)
{
    SDL_Rect rects[TP_UI_DIRTY_MAX];
    int count = 0;

    tp_ui_draw(page->audit->app->ui, page->canvas, rects, &count);
    if (count > 0)
        audit_fault(page, "page", page->part, &rects[0],
                    "%d rectangles are drawn again though nothing changed", count);
}
