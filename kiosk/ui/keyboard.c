/* See page.h: keys in rows. */
#include <math.h>

#include "kiosk/ui/leaf.h"

/* The capital of a key's letter in key heights; and how much smaller than they could be words get
 * before an icon stands for the longest. */
#define KEY_CAPITAL 0.46
#define KEY_SHRINK 0.8

struct tp_node *tp_ui_keyboard(struct tp_node *parent)
{
    return tp_node_add(parent, TP_KIND_KEYBOARD, NULL);
}

struct tp_node *tp_ui_key_row(struct tp_node *keyboard)
{
    return tp_node_add(keyboard, TP_KIND_KEY_ROW, NULL);
}

struct tp_node *tp_ui_key(struct tp_node *row, const struct tp_key *key)
{
    struct tp_node *node = tp_node_add(row, TP_KIND_KEY, key->id);

    if (!node)
        return NULL;
    tp_node_words(node, 0, key->word ? TP_STYLE_KEY_WORD : TP_STYLE_KEY, tp_words(key->label));
    node->pieces[0].align = TP_ALIGN_CENTRE;
    tp_node_act(node, key->action, key->spoken);
    node->icon = key->icon;
    node->units = key->units > 0 ? key->units : 1;
    node->word = key->word;
    node->chosen = key->chosen;
    node->disabled = key->disabled;
    return node;
}

/* The room for what a key shows: nearly all of it. */
static int key_room(const struct tp_arranger *arranger, const struct tp_node *key)
{
    return key->box.w - arranger->lengths.pad_x / 4;
}

/* The largest capital, `most` or less, with which the key's words fit. */
static double key_fits(struct tp_arranger *arranger, struct tp_node *key, double most)
{
    int own = tp_line_width(arranger, &key->pieces[0], most), room = key_room(arranger, key);

    return own > room ? most * room / own / TP_LINE_SLACK : most;
}

/* Words of keys are of one size: the largest with which all fit that have no icon to stand for
 * them, and those that have one and nearly fit. */
static double key_word_capital(struct tp_arranger *arranger, const struct tp_node *keyboard,
                               double most)
{
    double capital = most, nearly = fmax(most * KEY_SHRINK, arranger->frame_least_mm);

    for (struct tp_node *row = keyboard->first; row; row = row->next)
        for (struct tp_node *key = row->first; key; key = key->next) {
            double fits = key->word ? key_fits(arranger, key, most) : most;

            if (fits < capital && (!key->icon || fits >= nearly))
                capital = fits;
        }
    return fmax(capital, arranger->frame_least_mm);
}

static void show_key_icon(struct tp_arranger *arranger, struct tp_node *key, double capital)
{
    int side = tp_icon_side(arranger, capital);

    side = side < key->box.h ? side : key->box.h;
    key->rects[TP_RECT_ICON] = (SDL_Rect){key->box.x + (key->box.w - side) / 2,
                                          key->box.y + (key->box.h - side) / 2, side, side};
    tp_text_free(key->pieces[0].layout);
    key->pieces[0].layout = NULL;
}

static void show_key_words(struct tp_arranger *arranger, struct tp_node *key, double capital)
{
    key->rects[TP_RECT_ICON] = (SDL_Rect){0};
    (void)tp_lay(arranger, &key->pieces[0], key->box.x, 0, key->box.w, capital);
    tp_centre_piece(&key->pieces[0], key->box.y, key->box.h);
}

/* Sets the words and signs of a keyboard whose keys have their boxes. */
static void arrange_keys(struct tp_arranger *arranger, struct tp_node *keyboard)
{
    double tallest = tp_px_to_mm(&arranger->ui->options.screen, arranger->key_height) * KEY_CAPITAL;
    double least = arranger->frame_least_mm, letters = 0, words = 0;

    for (struct tp_node *row = keyboard->first; row; row = row->next)
        for (struct tp_node *key = row->first; key; key = key->next) {
            double most = fmax(fmin(tp_capital_of(arranger, &key->pieces[0]), tallest), least);
            double *shared = key->word ? &words : &letters, capital;

            if (*shared <= 0)
                *shared = key->word ? key_word_capital(arranger, keyboard, most) : most;
            /* A letter key with a word on it, such as the space bar, has words of its own size. */
            capital = key->word ? *shared : fmax(key_fits(arranger, key, *shared), least);
            if (key->icon && key_fits(arranger, key, capital) < capital)
                show_key_icon(arranger, key, fmax(capital, letters));
            else
                show_key_words(arranger, key, capital);
        }
}

static double row_units(const struct tp_node *row, int *keys)
{
    double units = 0;

    *keys = 0;
    for (const struct tp_node *key = row->first; key; key = key->next) {
        units += key->units;
        ++*keys;
    }
    return units;
}

/* A key of several units also covers the gaps between them. */
static int key_width(double units, double unit, int gap)
{
    return (int)floor(units * unit + (units - 1) * gap);
}

static int arrange_keyboard(struct tp_arranger *arranger, struct tp_node *node, int x, int y,
                            int width)
{
    int gap = arranger->lengths.key_gap, top = y;
    double unit = arranger->lengths.key_width;

    for (const struct tp_node *row = node->first; row; row = row->next) {
        int keys;
        double units = row_units(row, &keys);

        if (units > 0)
            unit = fmin(unit, (width - (units - 1) * gap) / units);
    }
    for (struct tp_node *row = node->first; row; row = row->next) {
        int keys, at = x;
        double units = row_units(row, &keys);
        int wide = key_width(units, unit, gap);

        at += node->parent->kind == TP_KIND_ROW ? 0 : (width - wide) / 2;
        row->box = (SDL_Rect){at, top, wide, arranger->key_height};
        for (struct tp_node *key = row->first; key; key = key->next) {
            int own = key_width(key->units, unit, gap);

            key->hidden = false;
            key->box = (SDL_Rect){at, top, own, arranger->key_height};
            at += own + gap;
        }
        top += arranger->key_height + (row->next ? gap : 0);
    }
    arrange_keys(arranger, node);
    return top - y;
}

const struct tp_leaf tp_leaf_keyboard = {arrange_keyboard, NULL};
