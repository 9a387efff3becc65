/* See page.h: pictures and large signs. */
#include "kiosk/ui/leaf.h"

/* The most of the screen's height that one picture takes. */
#define PICTURE_MOST 0.4
/* Words that are this many times as tall as their picture are a long text. */
#define LONG_TEXT 3

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

int tp_beside_top(int top, int bottom, int height)
{
    int words = bottom - top;

    return words > height && words <= height * LONG_TEXT ? top + (words - height) / 2 : top;
}

struct tp_node *tp_lead_add(struct tp_node *box, const char *path, const char *alt)
{
    return path ? tp_ui_picture(box, &(struct tp_picture){.path = path, .alt = alt, .border = true})
                : NULL;
}

struct tp_node *tp_lead_of(const struct tp_node *box)
{
    return box->first && box->first->kind == TP_KIND_PICTURE ? box->first : NULL;
}

int tp_lead_side(const struct tp_arranger *arranger)
{
    int side = arranger->lengths.picture * 2 / 3, least = tp_px(arranger, TP_PICTURE_LEAST_MM);

    return side > least ? side : least;
}

void tp_lead_arrange(struct tp_arranger *arranger, struct tp_node *lead, int x, int y)
{
    int side = tp_lead_side(arranger);

    lead->width_mm = lead->height_mm = tp_px_to_mm(&arranger->ui->options.screen, side);
    (void)tp_arrange(arranger, lead, x, y, side);
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
