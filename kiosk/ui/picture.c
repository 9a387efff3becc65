/* See page.h: pictures and large signs. */
#include "kiosk/ui/leaf.h"

/* The most of the screen's height that one picture takes. */
#define PICTURE_MOST 0.4

struct tp_node *tp_ui_picture(struct tp_node *parent, const struct tp_picture *picture)
{
    struct tp_node *node = tp_node_add(parent, TP_KIND_PICTURE, picture->id);

    if (!node)
        return NULL;
    node->path = tp_page_text(node->page, picture->path);
    node->alt = tp_page_text(node->page, picture->alt);
    node->width_mm = picture->width_mm;
    node->height_mm = picture->height_mm;
    node->border = picture->border;
    return node;
}

struct tp_node *tp_ui_icon(struct tp_node *parent, enum tp_icon icon, double size_mm, bool filled,
                           const char *alt)
{
    struct tp_node *node = tp_node_add(parent, TP_KIND_ICON, NULL);

    if (!node)
        return NULL;
    node->icon = icon;
    node->width_mm = node->height_mm = size_mm;
    node->filled = filled;
    node->alt = tp_page_text(node->page, alt);
    node->weight = 0;
    return node;
}

static int arrange_picture(struct tp_arranger *arranger, struct tp_node *node, int x, int y,
                           int width)
{
    double aspect = 1;
    int wide = node->width_mm > 0 ? tp_px(arranger, node->width_mm) : width, high, inset;

    if (node->path)
        (void)tp_image_aspect(arranger->ui->options.images, node->path, &aspect, NULL);
    wide = wide > width ? width : wide;
    if (node->height_mm > 0)
        high = tp_px(arranger, node->height_mm);
    else
        high = node->border ? (int)(wide * 0.92) : (int)(wide / aspect);
    inset = node->border ? (wide < high ? wide : high) * 14 / 100 : 0;
    int most = (int)(arranger->ui->options.screen.height * PICTURE_MOST);

    if (high > most) {
        wide = (int)((int64_t)wide * most / high);
        high = most;
    }
    node->box = (SDL_Rect){node->centred ? x + (width - wide) / 2 : x, y, wide, high};
    node->rects[TP_RECT_PICTURE] =
        (SDL_Rect){node->box.x + inset, y + inset, wide - 2 * inset, high - 2 * inset};
    return high;
}

static int arrange_icon(struct tp_arranger *arranger, struct tp_node *node, int x, int y, int width)
{
    int side = tp_px(arranger, node->width_mm), sign;

    side = side > width ? width : side;
    sign = node->filled ? side * 62 / 100 : side;
    node->box = (SDL_Rect){node->centred ? x + (width - side) / 2 : x, y, side, side};
    node->rects[TP_RECT_ICON] =
        (SDL_Rect){node->box.x + (side - sign) / 2, y + (side - sign) / 2, sign, sign};
    return side;
}

static int natural_picture(struct tp_arranger *arranger, struct tp_node *node)
{
    return tp_px(arranger, node->width_mm > 0 ? node->width_mm : 40);
}

const struct tp_leaf tp_leaf_picture = {arrange_picture, natural_picture};
const struct tp_leaf tp_leaf_icon = {arrange_icon, natural_picture};
