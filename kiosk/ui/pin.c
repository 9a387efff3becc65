/* See page.h: crosses and dots that stand where the screen says, over nothing else. */
#include "kiosk/ui/frame.h"

/* The ring of a cross, and a dot that a fingertip would leave. */
#define CROSS_MM 12.0
#define SEEN_MM 5.0

struct tp_node *tp_page_pin(struct tp_page *page, enum tp_pin kind, double x, double y)
{
    struct tp_node *node = page ? tp_node_add(page->header, TP_KIND_PIN, NULL) : NULL;

    if (node) {
        node->filled = kind == TP_PIN_SEEN;
        node->width_mm = node->filled ? SEEN_MM : CROSS_MM;
        node->pin_x = x;
        node->pin_y = y;
    }
    return node;
}

void tp_pins_arrange(struct tp_arranger *arranger)
{
    const struct tp_screen *screen = &arranger->ui->options.screen;

    for (struct tp_node *node = arranger->page->header->first; node; node = node->next) {
        int size = tp_px(arranger, node->width_mm);

        if (node->kind != TP_KIND_PIN)
            continue;
        node->box = (SDL_Rect){(int)(node->pin_x * screen->width) - size / 2,
                               (int)(node->pin_y * screen->height) - size / 2, size, size};
        /* A place on the glass is the same in every language: undo the mirror of a page that reads
         * from right to left. */
        if (arranger->ui->rtl)
            node->box.x = screen->width - node->box.x - size;
    }
}
