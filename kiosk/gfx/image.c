/*
 * See image.h. SDL2_image decodes (its SVG is nanosvg). It is opened with the first picture and not
 * linked, because it brings a dozen libraries: 3 ms and 1.8 MB measured, which a page without
 * pictures need not pay. librsvg was measured at 44 ms and 8.7 MB before the first picture, and the
 * flat pictures of a survey look the same in both.
 */
#include "kiosk/gfx/image.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/mem.h"

#define LIBRARY "libSDL2_image-2.0.so.0"
/* Pictures kept, of all sizes, and files whose proportions are known. */
#define KEPT_MAX 64u
#define ASPECTS_MAX 128u

enum format { FORMAT_UNKNOWN, FORMAT_SVG, FORMAT_PNG, FORMAT_JPEG };

struct kept {
    char *path; /* owned; NULL: free */
    int width, height;
    SDL_Surface *surface; /* owned; NULL: it could not be read */
    size_t bytes;
    uint64_t used;
};

struct aspect {
    char *path; /* owned */
    double value;
};

struct tp_images {
    struct kept kept[KEPT_MAX];
    struct aspect aspects[ASPECTS_MAX];
    size_t aspect_next, held;
    uint64_t turn;
    void *library; /* NULL until the first picture */
    SDL_Surface *(*load_svg)(SDL_RWops *source, int width, int height);
    SDL_Surface *(*load)(SDL_RWops *source, int close);
};

struct tp_images *tp_images_create(void)
{
    return tp_calloc(1, sizeof(struct tp_images));
}

static void drop(struct tp_images *images, struct kept *kept)
{
    images->held -= kept->bytes;
    SDL_FreeSurface(kept->surface);
    tp_free(kept->path);
    *kept = (struct kept){0};
}

void tp_images_forget(struct tp_images *images)
{
    for (size_t i = 0; images && i < KEPT_MAX; i++)
        drop(images, &images->kept[i]);
    for (size_t i = 0; images && i < ASPECTS_MAX; i++) {
        tp_free(images->aspects[i].path);
        images->aspects[i] = (struct aspect){0};
    }
}

void tp_images_destroy(struct tp_images *images)
{
    if (!images)
        return;
    tp_images_forget(images);
    if (images->library)
        SDL_UnloadObject(images->library);
    tp_free(images);
}

size_t tp_images_held(const struct tp_images *images)
{
    return images->held;
}

static bool open_library(struct tp_images *images, struct tp_error *error)
{
    if (images->library)
        return true;
    void *library = SDL_LoadObject(LIBRARY);

    if (!library)
        return tp_fail(error, TP_ERR_NOT_FOUND, "no pictures: %s", SDL_GetError());
    *(void **)&images->load_svg = SDL_LoadFunction(library, "IMG_LoadSizedSVG_RW");
    *(void **)&images->load = SDL_LoadFunction(library, "IMG_Load_RW");
    if (!images->load_svg || !images->load) {
        SDL_UnloadObject(library);
        return tp_fail(error, TP_ERR_NOT_FOUND, "no pictures: %s", SDL_GetError());
    }
    images->library = library;
    return true;
}

/* ---- what a file is, before it is decoded ---- */

static uint32_t big_endian(const uint8_t *bytes, size_t count)
{
    uint32_t value = 0;

    for (size_t i = 0; i < count; i++)
        value = value << 8 | bytes[i];
    return value;
}

static enum format format_of(const struct tp_buf *file)
{
    const uint8_t *bytes = (const uint8_t *)tp_buf_text(file);

    if (file->length > 24 && memcmp(bytes, "\x89PNG\r\n\x1a\n", 8) == 0)
        return FORMAT_PNG;
    if (file->length > 4 && bytes[0] == 0xFF && bytes[1] == 0xD8 && bytes[2] == 0xFF)
        return FORMAT_JPEG;
    return strstr(tp_buf_text(file), "<svg") ? FORMAT_SVG : FORMAT_UNKNOWN;
}

/* A number after `name="` within the <svg ...> tag; its unit is dropped. */
static bool svg_number(const char *tag, const char *end, const char *name, double *value)
{
    const char *at = strstr(tag, name);
    char *after;

    if (!at || at >= end)
        return false;
    *value = strtod(at + strlen(name), &after);
    return after != at + strlen(name) && *after != '%' && *value > 0;
}

static bool svg_size(const struct tp_buf *file, double *width, double *height)
{
    const char *tag = strstr(tp_buf_text(file), "<svg");
    const char *end = tag ? strchr(tag, '>') : NULL;
    const char *box = tag ? strstr(tag, "viewBox=\"") : NULL;

    if (!end)
        return false;
    if (box && box < end) {
        char *at = (char *)box + strlen("viewBox=\"");
        double n[4];

        for (size_t i = 0; i < 4; i++) {
            n[i] = strtod(at, &at);
            at += strspn(at, ", ");
        }
        *width = n[2];
        *height = n[3];
        return n[2] > 0 && n[3] > 0;
    }
    return svg_number(tag, end, " width=\"", width) && svg_number(tag, end, " height=\"", height);
}

/* The first frame header of a JPEG (ITU-T T.81, B.2.2). */
static bool jpeg_size(const struct tp_buf *file, double *width, double *height)
{
    const uint8_t *bytes = (const uint8_t *)tp_buf_text(file);
    size_t at = 2;

    while (at + 9 < file->length && bytes[at] == 0xFF) {
        uint8_t marker = bytes[at + 1];

        if (marker == 0xFF) {
            at++;
            continue;
        }
        if (marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 &&
            marker != 0xCC) {
            *height = big_endian(bytes + at + 5, 2);
            *width = big_endian(bytes + at + 7, 2);
            return *width > 0 && *height > 0;
        }
        at += 2 + big_endian(bytes + at + 2, 2);
    }
    return false;
}

static bool size_of(const struct tp_buf *file, enum format format, double *width, double *height)
{
    const uint8_t *bytes = (const uint8_t *)tp_buf_text(file);

    switch (format) {
    case FORMAT_SVG:
        return svg_size(file, width, height);
    case FORMAT_PNG:
        *width = big_endian(bytes + 16, 4);
        *height = big_endian(bytes + 20, 4);
        return *width > 0 && *height > 0;
    case FORMAT_JPEG:
        return jpeg_size(file, width, height);
    default:
        return false;
    }
}

/* nanosvg cuts a dashed line into as many pieces as its pattern asks for: a file of a hundred bytes
 * can keep it busy for hours. Nothing else in mutated files took it longer than 25 ms. */
static bool has_dashes(const struct tp_buf *file)
{
    static const char name[] = "stroke-dasharray";

    for (const char *at = strstr(tp_buf_text(file), name); at; at = strstr(at, name)) {
        at += strlen(name);
        at += strspn(at, " \t\r\n:=\"'");
        if (strncmp(at, "none", 4) != 0)
            return true;
    }
    return false;
}

/* Reads the file and refuses what is too large before anything is decoded. */
static bool read_file(const char *path, struct tp_buf *file, enum format *format, double *width,
                      double *height, struct tp_error *error)
{
    if (!tp_file_read(path, file, error))
        return false;
    *format = format_of(file);
    if (*format == FORMAT_UNKNOWN || !size_of(file, *format, width, height))
        return tp_fail(error, TP_ERR_INVALID, "'%s' is not a picture in SVG, PNG or JPEG", path);
    if (*format == FORMAT_SVG && file->length > TP_IMAGE_SVG_MAX)
        return tp_fail(error, TP_ERR_LIMIT, "the picture '%s' is too large: %u bytes at most", path,
                       TP_IMAGE_SVG_MAX);
    if (*format == FORMAT_SVG && has_dashes(file))
        return tp_fail(error, TP_ERR_UNSUPPORTED,
                       "the picture '%s' has dashed lines (stroke-dasharray): make them solid",
                       path);
    if (*format != FORMAT_SVG && *width * *height > TP_IMAGE_PIXELS_MAX)
        return tp_fail(error, TP_ERR_LIMIT, "the picture '%s' is too large: %u pixels at most",
                       path, TP_IMAGE_PIXELS_MAX);
    return true;
}

bool tp_image_aspect(struct tp_images *images, const char *path, double *aspect,
                     struct tp_error *error)
{
    struct tp_buf file;
    enum format format;
    double width, height;
    struct aspect *place = &images->aspects[images->aspect_next];

    for (size_t i = 0; i < ASPECTS_MAX; i++)
        if (images->aspects[i].path && strcmp(images->aspects[i].path, path) == 0) {
            *aspect = images->aspects[i].value;
            return true;
        }
    tp_buf_init(&file, TP_IMAGE_FILE_MAX);
    bool ok = read_file(path, &file, &format, &width, &height, error);

    tp_buf_finish(&file);
    if (!ok)
        return false;
    tp_free(place->path);
    *place = (struct aspect){tp_strdup(path), width / height};
    images->aspect_next = (images->aspect_next + 1) % ASPECTS_MAX;
    *aspect = width / height;
    return true;
}

/* ---- decoding at a size ---- */

/* The mean of the source pixels that fall on one, colours weighted by how opaque they are. */
static uint32_t mean(const SDL_Surface *from, int x0, int y0, int x1, int y1)
{
    uint64_t a = 0, r = 0, g = 0, b = 0, count = (uint64_t)(x1 - x0) * (uint64_t)(y1 - y0);

    for (int y = y0; y < y1; y++) {
        const uint32_t *row = (const uint32_t *)(const void *)((const uint8_t *)from->pixels +
                                                               (ptrdiff_t)y * from->pitch);
        for (int x = x0; x < x1; x++) {
            uint32_t alpha = row[x] >> 24;

            a += alpha;
            r += (row[x] >> 16 & 0xFF) * alpha;
            g += (row[x] >> 8 & 0xFF) * alpha;
            b += (row[x] & 0xFF) * alpha;
        }
    }
    if (!a)
        return 0;
    return (uint32_t)((a + count / 2) / count) << 24 | (uint32_t)((r + a / 2) / a) << 16 |
           (uint32_t)((g + a / 2) / a) << 8 | (uint32_t)((b + a / 2) / a);
}

static SDL_Surface *scaled(SDL_Surface *source, int width, int height)
{
    SDL_Surface *from = SDL_ConvertSurfaceFormat(source, SDL_PIXELFORMAT_ARGB8888, 0);
    SDL_Surface *to =
        SDL_CreateRGBSurfaceWithFormat(0, width, height, 32, SDL_PIXELFORMAT_ARGB8888);

    for (int y = 0; from && to && y < height; y++) {
        uint32_t *row = (uint32_t *)(void *)((uint8_t *)to->pixels + (ptrdiff_t)y * to->pitch);
        int y0 = (int)((int64_t)y * from->h / height),
            y1 = (int)((int64_t)(y + 1) * from->h / height);

        for (int x = 0; x < width; x++) {
            int x0 = (int)((int64_t)x * from->w / width);
            int x1 = (int)((int64_t)(x + 1) * from->w / width);

            row[x] = mean(from, x0, y0, x1 > x0 ? x1 : x0 + 1, y1 > y0 ? y1 : y0 + 1);
        }
    }
    if (!from || !to) {
        SDL_FreeSurface(to);
        to = NULL;
    }
    SDL_FreeSurface(from);
    return to;
}

static SDL_Surface *decode(struct tp_images *images, const struct tp_buf *file, enum format format,
                           int width, int height)
{
    SDL_RWops *source = SDL_RWFromConstMem(tp_buf_text(file), (int)file->length);
    SDL_Surface *decoded, *sized;

    if (!source)
        return NULL;
    decoded =
        format == FORMAT_SVG ? images->load_svg(source, width, height) : images->load(source, 0);
    (void)SDL_RWclose(source);
    if (!decoded || (format == FORMAT_SVG && decoded->w <= width && decoded->h <= height))
        return decoded;
    sized = scaled(decoded, width, height);
    SDL_FreeSurface(decoded);
    return sized;
}

/* As large as fits in the box at the picture's proportions. */
static void fit(double aspect, int box_width, int box_height, int *width, int *height)
{
    double w = box_width, h = w / aspect;

    if (h > box_height) {
        h = box_height;
        w = h * aspect;
    }
    *width = w < 1 ? 1 : (int)lround(w);
    *height = h < 1 ? 1 : (int)lround(h);
}

static SDL_Surface *load(struct tp_images *images, const char *path, int box_width, int box_height,
                         struct tp_error *error)
{
    struct tp_buf file;
    enum format format;
    double w, h;
    int width, height;
    SDL_Surface *surface = NULL;

    tp_buf_init(&file, TP_IMAGE_FILE_MAX);
    if (read_file(path, &file, &format, &w, &h, error) && open_library(images, error)) {
        fit(w / h, box_width, box_height, &width, &height);
        surface = decode(images, &file, format, width, height);
        if (!surface)
            (void)tp_fail(error, TP_ERR_INVALID, "the picture '%s' is damaged: %s", path,
                          SDL_GetError());
    }
    tp_buf_finish(&file);
    return surface;
}

/* Frees the least recently used until `bytes` more fit, and a place is free. */
static struct kept *make_room(struct tp_images *images, size_t bytes)
{
    for (;;) {
        struct kept *oldest = NULL, *spare = NULL;

        for (size_t i = 0; i < KEPT_MAX; i++) {
            struct kept *kept = &images->kept[i];

            if (!kept->path)
                spare = kept;
            else if (!oldest || kept->used < oldest->used)
                oldest = kept;
        }
        if (!oldest || (spare && images->held + bytes <= TP_IMAGE_CACHE_MAX))
            return spare;
        drop(images, oldest);
    }
}

static struct kept *find(struct tp_images *images, const char *path, int width, int height)
{
    for (size_t i = 0; i < KEPT_MAX; i++) {
        struct kept *kept = &images->kept[i];

        if (kept->path && kept->width == width && kept->height == height &&
            strcmp(kept->path, path) == 0)
            return kept;
    }
    return NULL;
}

bool tp_image_draw(struct tp_images *images, SDL_Surface *surface, const char *path, SDL_Rect box,
                   struct tp_error *error)
{
    struct kept *kept = find(images, path, box.w, box.h);

    if (box.w < 1 || box.h < 1)
        return true;
    if (!kept) {
        SDL_Surface *loaded = load(images, path, box.w, box.h, error);
        size_t bytes = loaded ? (size_t)loaded->h * (size_t)loaded->pitch : 0;

        kept = make_room(images, bytes);
        *kept = (struct kept){.path = tp_strdup(path), .width = box.w, .height = box.h};
        if (!kept->path) {
            SDL_FreeSurface(loaded);
            return tp_fail_memory(error);
        }
        kept->surface = loaded;
        kept->bytes = bytes;
        images->held += bytes;
        if (loaded)
            (void)SDL_SetSurfaceBlendMode(loaded, SDL_BLENDMODE_BLEND);
        else
            return false;
    }
    kept->used = ++images->turn;
    if (!kept->surface)
        return tp_fail(error, TP_ERR_INVALID, "the picture '%s' cannot be shown", path);
    SDL_Rect to = {box.x + (box.w - kept->surface->w) / 2, box.y + (box.h - kept->surface->h) / 2,
                   kept->surface->w, kept->surface->h};

    return SDL_BlitSurface(kept->surface, NULL, surface, &to) == 0 ||
           tp_fail(error, TP_ERR_IO, "cannot draw a picture: %s", SDL_GetError());
}
