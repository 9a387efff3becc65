/* See fonts.h and text.h. */
#include "kiosk/gfx/fonts.h"

#include <SDL_ttf.h>
#include <fcntl.h>
#include <limits.h>
#include <math.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "kiosk/gfx/faces.h"
#include "kiosk/gfx/runs.h"

#define FACES_MAX 32
/* A collection of all of Chinese, Japanese and Korean has 20 MB. */
#define FACE_FILE_MAX (64 * 1024 * 1024)

struct open_face {
    TTF_Font *font; /* NULL: free */
    int face;
    bool bold;
    unsigned dpi; /* of one point: 72nds of a pixel */
    uint64_t used;
};

struct known {
    uint64_t key; /* face and character; 0: free */
    bool has, is_public;
};

struct mapped {
    void *bytes; /* NULL: not yet */
    size_t size;
};

struct tp_fonts {
    struct mapped mapped[FACES_MAX][2]; /* regular and bold */
    struct open_face open[TP_FONTS_OPEN_MAX];
    signed char installed[FACES_MAX]; /* 0 not looked, 1 yes, -1 no */
    struct known known[TP_FONTS_KNOWN_MAX];
    struct tp_runs runs;
    uint64_t turn; /* counts uses of faces: the least recent goes first */
    bool started;
};

bool tp_fonts_create(struct tp_fonts **fonts, struct tp_error *error)
{
    struct tp_fonts *made = tp_calloc(1, sizeof(*made));

    if (!made)
        return tp_fail_memory(error);
    if (!tp_runs_init(&made->runs)) {
        tp_fonts_destroy(made);
        return tp_fail_memory(error);
    }
    if (TTF_Init() != 0) {
        tp_fonts_destroy(made);
        return tp_fail(error, TP_ERR_IO, "cannot start the text renderer: %s", TTF_GetError());
    }
    made->started = true;
    if (!tp_font_has(made, 0, 'H')) {
        tp_fonts_destroy(made);
        return tp_fail(error, TP_ERR_NOT_FOUND, "the face '%s' is missing: install the package %s",
                       tp_faces[0].name, tp_faces[0].package);
    }
    *fonts = made;
    return true;
}

static void forget_known(struct tp_fonts *fonts)
{
    for (size_t i = 0; i < TP_FONTS_KNOWN_MAX; i++)
        if (!fonts->known[i].is_public)
            tp_wipe(&fonts->known[i], sizeof(fonts->known[i]));
}

void tp_fonts_forget(struct tp_fonts *fonts)
{
    if (!fonts)
        return;
    forget_known(fonts);
    tp_runs_forget(&fonts->runs);
}

void tp_fonts_set_public(struct tp_fonts *fonts, bool is_public)
{
    fonts->runs.is_public = is_public;
}

static void close_face(struct open_face *open)
{
    if (open->font)
        TTF_CloseFont(open->font);
    *open = (struct open_face){0};
}

static void unmap_file(struct mapped *mapped)
{
    if (mapped->bytes)
        (void)munmap(mapped->bytes, mapped->size);
    *mapped = (struct mapped){0};
}

void tp_fonts_destroy(struct tp_fonts *fonts)
{
    if (!fonts)
        return;
    tp_wipe(fonts->known, sizeof(fonts->known));
    tp_runs_finish(&fonts->runs);
    for (size_t i = 0; i < TP_FONTS_OPEN_MAX; i++)
        close_face(&fonts->open[i]);
    if (fonts->started)
        TTF_Quit();
    for (size_t i = 0; i < FACES_MAX; i++)
        for (size_t bold = 0; bold < 2; bold++)
            unmap_file(&fonts->mapped[i][bold]);
    tp_free(fonts);
}

/* Is the face small, or does who reads `language` need it? Compares the first subtag. */
static bool is_worth_keeping(int face, const char *language)
{
    const char *at = tp_faces[face].languages;
    size_t length = strcspn(language, "-");

    if (!at)
        return true;
    for (; *at; at += strcspn(at, " "), at += strspn(at, " "))
        if (strcspn(at, " ") == length && strncmp(at, language, length) == 0)
            return true;
    return false;
}

void tp_fonts_rest(struct tp_fonts *fonts, const char *language)
{
    for (size_t i = 0; i < TP_FONTS_OPEN_MAX; i++) {
        int face = fonts->open[i].face;

        if (!fonts->open[i].font || is_worth_keeping(face, language))
            continue;
        for (size_t other = i; other < TP_FONTS_OPEN_MAX; other++)
            if (fonts->open[other].face == face)
                close_face(&fonts->open[other]);
        unmap_file(&fonts->mapped[face][false]);
        unmap_file(&fonts->mapped[face][true]);
    }
}

struct tp_fonts_use tp_fonts_used(const struct tp_fonts *fonts)
{
    struct tp_fonts_use use = {.words = tp_runs_width_count(&fonts->runs),
                               .runs = fonts->runs.count,
                               .run_bytes = fonts->runs.bytes};

    for (size_t i = 0; i < TP_FONTS_OPEN_MAX; i++)
        use.faces_open += fonts->open[i].font != NULL;
    return use;
}

/* ---- faces ---- */

/* Maps a face's file, once for all its sizes: glyphs are then read without system calls, and only
 * the pages that are read take memory. */
static bool map_file(int face, bool bold, struct mapped *mapped)
{
    char path[PATH_MAX];
    struct stat status;
    int file;

    if (!tp_face_path(&tp_faces[face], bold, path, sizeof(path)))
        return false;
    file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0)
        return false;
    if (fstat(file, &status) == 0 && status.st_size > 0 && status.st_size <= FACE_FILE_MAX) {
        void *bytes = mmap(NULL, (size_t)status.st_size, PROT_READ, MAP_PRIVATE, file, 0);

        if (bytes != MAP_FAILED)
            *mapped = (struct mapped){bytes, (size_t)status.st_size};
    }
    (void)close(file);
    return mapped->bytes != NULL;
}

static TTF_Font *open_font(struct tp_fonts *fonts, int face, bool bold, unsigned dpi)
{
    struct mapped *mapped = &fonts->mapped[face][bold];
    SDL_RWops *source;
    TTF_Font *font;

    if (!mapped->bytes && !map_file(face, bold, mapped))
        return NULL;
    source = SDL_RWFromConstMem(mapped->bytes, (int)mapped->size);
    if (!source)
        return NULL;
    /* One point at `dpi`: sizes in fractions of a pixel, where SDL2_ttf takes whole points. */
    font = TTF_OpenFontIndexDPIRW(source, 1, 1, tp_faces[face].index, dpi, dpi);
    if (font) {
        TTF_SetFontHinting(font, TTF_HINTING_LIGHT_SUBPIXEL);
        TTF_SetFontKerning(font, 1);
    }
    return font;
}

static TTF_Font *font_at(struct tp_fonts *fonts, int face, bool bold, double em)
{
    /* In quarters of a pixel, so that texts of almost one size share a face. */
    unsigned dpi = (unsigned)lround(em * tp_faces[face].scale * 4.0) * 18u;
    struct open_face *oldest = &fonts->open[0];

    if (fonts->installed[face] < 0)
        return NULL;
    fonts->turn++;
    for (size_t i = 0; i < TP_FONTS_OPEN_MAX; i++) {
        struct open_face *open = &fonts->open[i];

        if (open->font && open->face == face && open->bold == bold && open->dpi == dpi) {
            open->used = fonts->turn;
            return open->font;
        }
        if (!open->font || (oldest->font && open->used < oldest->used))
            oldest = open;
    }
    TTF_Font *font = open_font(fonts, face, bold, dpi);

    fonts->installed[face] = font ? 1 : -1;
    if (!font)
        return NULL;
    close_face(oldest);
    *oldest = (struct open_face){font, face, bold, dpi, fonts->turn};
    return font;
}

bool tp_font_has(struct tp_fonts *fonts, int face, uint32_t code)
{
    uint64_t key = (uint64_t)code << 8 | ((unsigned)face + 1u);
    struct known *known = &fonts->known[code & (TP_FONTS_KNOWN_MAX - 1)];
    TTF_Font *font;

    if (face < 0 || (size_t)face >= tp_face_count)
        return false;
    for (size_t i = 0; i < TP_FONTS_OPEN_MAX; i++)
        if (fonts->open[i].font && fonts->open[i].face == face)
            return TTF_GlyphIsProvided32(fonts->open[i].font, code);
    if (known->key != key) {
        font = font_at(fonts, face, false, 32);
        *known = (struct known){.key = key, .has = font && TTF_GlyphIsProvided32(font, code)};
    }
    known->is_public |= fonts->runs.is_public;
    return known->has;
}

static TTF_Font *styled_font(struct tp_fonts *fonts, const struct tp_font_style *style)
{
    TTF_Font *font = font_at(fonts, style->face, style->bold, style->em);

    if (font) {
        (void)TTF_SetFontDirection(font, style->rtl ? TTF_DIRECTION_RTL : TTF_DIRECTION_LTR);
        (void)TTF_SetFontScriptName(font, style->script);
    }
    return font;
}

/* ---- runs ---- */

/* FNV-1a over the style and the text; never 0. */
static uint64_t key_of(const struct tp_font_style *style, const char *text, size_t length)
{
    uint64_t hash = 14695981039346656037u;
    uint32_t size = (uint32_t)lround(style->em * 72.0);
    unsigned char head[12] = {(unsigned char)style->face,
                              (unsigned char)(style->bold << 1 | style->rtl),
                              (unsigned char)style->script[0],
                              (unsigned char)style->script[1],
                              (unsigned char)style->script[2],
                              (unsigned char)style->script[3],
                              (unsigned char)size,
                              (unsigned char)(size >> 8),
                              (unsigned char)(size >> 16)};

    for (size_t i = 0; i < sizeof(head); i++)
        hash = (hash ^ head[i]) * 1099511628211u;
    for (size_t i = 0; i < length; i++)
        hash = (hash ^ (unsigned char)text[i]) * 1099511628211u;
    hash ^= hash >> 29;
    return hash ? hash : 1;
}

/* SDL2_ttf wants a NUL at the end; short texts are copied to `room`. */
static char *ended(const char *text, size_t length, char *room, size_t room_size)
{
    if (length >= room_size)
        return tp_strndup(text, length);
    memcpy(room, text, length);
    room[length] = '\0';
    return room;
}

static void ended_done(char *copy, char *room, size_t length)
{
    tp_wipe(copy, length);
    if (copy != room)
        tp_free(copy);
}

int tp_font_width(struct tp_fonts *fonts, const struct tp_font_style *style, const char *text,
                  size_t length)
{
    uint64_t key = key_of(style, text, length);
    char room[256], *copy;
    int width = 0;

    if (tp_runs_width(&fonts->runs, key, &width))
        return width;
    TTF_Font *font = styled_font(fonts, style);

    if (!font || length == 0)
        return 0;
    copy = ended(text, length, room, sizeof(room));
    if (!copy)
        return 0;
    if (TTF_SizeUTF8(font, copy, &width, NULL) != 0)
        width = 0;
    ended_done(copy, room, length);
    tp_runs_keep_width(&fonts->runs, key, width);
    return width;
}

static const uint8_t *surface_row(const SDL_Surface *surface, int y)
{
    return (const uint8_t *)surface->pixels + (ptrdiff_t)y * surface->pitch;
}

/* Eight bytes at a time: most of a rendered run is bare. */
static bool is_bare(const uint8_t *bytes, int count)
{
    uint64_t eight, any = 0;
    int at = 0;

    for (; at + 8 <= count && !any; at += 8) {
        memcpy(&eight, bytes + at, sizeof(eight));
        any |= eight;
    }
    for (; at < count && !any; at++)
        any |= bytes[at];
    return any == 0;
}

/* Copies the coverage out of a rendered run, without its empty edges. */
static bool take_mask(const SDL_Surface *surface, struct tp_run *run)
{
    int top = 0, bottom = surface->h, left = surface->w, right = 0;

    while (top < bottom && is_bare(surface_row(surface, top), surface->w))
        top++;
    while (bottom > top && is_bare(surface_row(surface, bottom - 1), surface->w))
        bottom--;
    if (bottom <= top)
        return true;
    for (int y = top; y < bottom; y++) {
        const uint8_t *row = surface_row(surface, y);

        for (int x = 0; x < left; x++)
            left = row[x] ? x : left;
        for (int x = surface->w - 1; x >= right; x--)
            right = row[x] ? x + 1 : right;
    }
    run->width = right - left;
    run->height = bottom - top;
    run->bytes = tp_calloc((size_t)run->width, (size_t)run->height);
    if (!run->bytes)
        return false;
    for (int y = 0; y < run->height; y++)
        memcpy(run->bytes + (size_t)y * (size_t)run->width, surface_row(surface, top + y) + left,
               (size_t)run->width);
    run->left += left;
    run->top += top;
    return true;
}

static bool render(TTF_Font *font, const struct tp_font_style *style, const char *text,
                   struct tp_run *run)
{
    /* Its 256 shades of one colour are the coverage, a byte each. */
    SDL_Surface *surface = TTF_RenderUTF8_Shaded(font, text, (SDL_Color){255, 255, 255, 255},
                                                 (SDL_Color){0, 0, 0, 255});
    bool ok;

    if (!surface)
        return true; /* nothing to draw: only zero-width characters */
    if (surface->w > TP_FONTS_MASK_SIDE_MAX || surface->h > TP_FONTS_MASK_SIDE_MAX ||
        surface->format->BytesPerPixel != 1) {
        SDL_FreeSurface(surface);
        return false;
    }
    run->top = -TTF_FontAscent(font);
    /* SDL2_ttf moves a first letter that reaches left of the pen to the right; undo it. */
    int left = 0;

    if (!style->rtl && (unsigned char)text[0] < 0x80 &&
        TTF_GlyphMetrics32(font, (unsigned char)text[0], &left, NULL, NULL, NULL, NULL) == 0 &&
        left < 0)
        run->left = left;
    ok = take_mask(surface, run);
    tp_wipe(surface->pixels, (size_t)surface->h * (size_t)surface->pitch);
    SDL_FreeSurface(surface);
    return ok;
}

/* NULL where it cannot be drawn. */
static const struct tp_run *draw_run(struct tp_fonts *fonts, const struct tp_font_style *style,
                                     const char *text, size_t length, uint64_t key)
{
    TTF_Font *font = styled_font(fonts, style);
    struct tp_run made = {.key = key};
    char room[512], *copy;
    bool ok;

    if (!font || length == 0)
        return NULL;
    copy = ended(text, length, room, sizeof(room));
    if (!copy)
        return NULL;
    ok = render(font, style, copy, &made);
    ended_done(copy, room, length);
    return ok ? tp_runs_keep(&fonts->runs, &made) : NULL;
}

bool tp_font_draw(struct tp_fonts *fonts, const struct tp_font_style *style, const char *text,
                  size_t length, struct tp_font_mask *mask)
{
    uint64_t key = key_of(style, text, length);
    const struct tp_run *run = tp_runs_find(&fonts->runs, key);

    if (!run)
        run = draw_run(fonts, style, text, length, key);
    if (!run)
        return false;
    *mask = (struct tp_font_mask){run->bytes, run->width, run->height, run->left, run->top};
    return true;
}

double tp_text_em(struct tp_fonts *fonts, double capital_px)
{
    (void)fonts;
    return capital_px / TP_FONTS_CAPITAL_EM;
}
