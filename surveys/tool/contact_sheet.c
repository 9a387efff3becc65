#include "tool/contact_sheet.h"

#include "base/mem.h"
#include "kiosk/gfx/display.h"
#include "kiosk/gfx/text.h"

/* Pixels. A page is as wide as can be read of it; a portrait page is narrower, not taller. */
#define PAGE_SIDE 440
#define GAP 28
#define CAPTION 44
#define CAPTION_CAPITAL 11.0

#define GROUND 0xE9EDEC
#define EDGE 0x9AA5A3
#define INK 0x101820

struct tp_contact_sheet {
    const char *folder;
    struct tp_fonts *fonts; /* owned */
    SDL_Surface *canvas;    /* owned; NULL until the first page of a sheet */
    int page_width, page_height;
    size_t count;  /* pages on this sheet */
    size_t number; /* of this sheet, from 1 */
};

bool tp_contact_sheet_create(const char *folder, struct tp_contact_sheet **sheet,
                             struct tp_error *error)
{
    struct tp_contact_sheet *fresh = tp_calloc(1, sizeof(*fresh));

    if (!fresh)
        return tp_fail_memory(error);
    fresh->folder = folder;
    fresh->number = 1;
    if (!tp_fonts_create(&fresh->fonts, error)) {
        tp_free(fresh);
        return false;
    }
    *sheet = fresh;
    return true;
}

void tp_contact_sheet_destroy(struct tp_contact_sheet *sheet)
{
    if (!sheet)
        return;
    SDL_FreeSurface(sheet->canvas);
    tp_fonts_destroy(sheet->fonts);
    tp_free(sheet);
}

static Uint32 colour(const SDL_Surface *surface, Uint32 rgb)
{
    return SDL_MapRGB(surface->format, (Uint8)(rgb >> 16), (Uint8)(rgb >> 8), (Uint8)rgb);
}

static bool start(struct tp_contact_sheet *sheet, const SDL_Surface *page, struct tp_error *error)
{
    int longer = page->w > page->h ? page->w : page->h;

    sheet->page_width = page->w * PAGE_SIDE / longer;
    sheet->page_height = page->h * PAGE_SIDE / longer;
    sheet->canvas =
        tp_surface_create(GAP + TP_CONTACT_SHEET_COLUMNS * (sheet->page_width + GAP),
                          GAP + TP_CONTACT_SHEET_ROWS * (sheet->page_height + CAPTION + GAP));
    if (!sheet->canvas)
        return tp_fail_memory(error);
    (void)SDL_FillRect(sheet->canvas, NULL, colour(sheet->canvas, GROUND));
    return true;
}

/* Each small pixel is the average of those it stands for, so that thin lines stay lines. Both
 * surfaces are XRGB8888. */
static Uint32 average(const SDL_Surface *page, int x1, int x2, int y1, int y2)
{
    unsigned long red = 0, green = 0, blue = 0, count = 0;

    for (int y = y1; y < y2; y++) {
        const Uint32 *row = (const Uint32 *)(const void *)((const Uint8 *)page->pixels +
                                                           (size_t)y * (size_t)page->pitch);

        for (int x = x1; x < x2; x++) {
            red += (row[x] >> 16) & 0xFFu;
            green += (row[x] >> 8) & 0xFFu;
            blue += row[x] & 0xFFu;
            count++;
        }
    }
    return count ? (Uint32)((red / count) << 16 | (green / count) << 8 | blue / count) : 0;
}

static void shrink(const SDL_Surface *page, SDL_Surface *canvas, SDL_Rect place)
{
    for (int y = 0; y < place.h; y++) {
        Uint32 *row = (Uint32 *)(void *)((Uint8 *)canvas->pixels +
                                         (size_t)(place.y + y) * (size_t)canvas->pitch);
        int y1 = y * page->h / place.h;
        int y2 = (y + 1) * page->h / place.h;

        for (int x = 0; x < place.w; x++) {
            int x1 = x * page->w / place.w;
            int x2 = (x + 1) * page->w / place.w;

            row[place.x + x] = average(page, x1, x2 > x1 ? x2 : x1 + 1, y1, y2 > y1 ? y2 : y1 + 1);
        }
    }
}

static bool caption(struct tp_contact_sheet *sheet, const char *name, int x, int y,
                    struct tp_error *error)
{
    struct tp_text_spec spec = {
        .text = name, .capital_px = CAPTION_CAPITAL, .width = sheet->page_width, .max_lines = 2};
    struct tp_text_layout *layout = tp_text_layout(sheet->fonts, &spec);

    if (!layout)
        return tp_fail_memory(error);
    tp_text_draw(sheet->fonts, layout, sheet->canvas, x, y, sheet->page_width, INK, 0,
                 tp_text_lines(layout));
    tp_text_free(layout);
    return true;
}

static bool write_sheet(struct tp_contact_sheet *sheet, struct tp_error *error)
{
    int rows = ((int)sheet->count + TP_CONTACT_SHEET_COLUMNS - 1) / TP_CONTACT_SHEET_COLUMNS;
    int height = GAP + rows * (sheet->page_height + CAPTION + GAP);
    SDL_Surface *cut = tp_surface_create(sheet->canvas->w, height);
    char *path = tp_asprintf("%s/contact-sheet-%zu.png", sheet->folder, sheet->number);
    bool written = cut && path && SDL_BlitSurface(sheet->canvas, NULL, cut, NULL) == 0;

    written = written ? tp_surface_save_png(cut, path, error) : tp_fail_memory(error);
    tp_free(path);
    SDL_FreeSurface(cut);
    SDL_FreeSurface(sheet->canvas);
    sheet->canvas = NULL;
    sheet->count = 0;
    sheet->number++;
    return written;
}

bool tp_contact_sheet_add(struct tp_contact_sheet *sheet, SDL_Surface *page, const char *name,
                          struct tp_error *error)
{
    SDL_Rect edge;
    SDL_Rect place;

    if (!sheet->canvas && !start(sheet, page, error))
        return false;
    place = (SDL_Rect){.x = GAP + (int)(sheet->count % TP_CONTACT_SHEET_COLUMNS) *
                                      (sheet->page_width + GAP),
                       .y = GAP + (int)(sheet->count / TP_CONTACT_SHEET_COLUMNS) *
                                      (sheet->page_height + CAPTION + GAP),
                       .w = sheet->page_width,
                       .h = sheet->page_height};
    edge = (SDL_Rect){place.x - 1, place.y - 1, place.w + 2, place.h + 2};
    (void)SDL_FillRect(sheet->canvas, &edge, colour(sheet->canvas, EDGE));
    shrink(page, sheet->canvas, place);
    if (!caption(sheet, name, place.x, place.y + place.h + 8, error))
        return false;
    sheet->count++;
    return sheet->count < TP_CONTACT_SHEET_PAGES || write_sheet(sheet, error);
}

bool tp_contact_sheet_finish(struct tp_contact_sheet *sheet, struct tp_error *error)
{
    return !sheet->count || write_sheet(sheet, error);
}
