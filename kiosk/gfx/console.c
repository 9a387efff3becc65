/* See console.h. */
#include "kiosk/gfx/console.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include <xf86drm.h>
#include <xf86drmMode.h>

#include "base/mem.h"

/* Cards that are looked at: a machine has one or two. */
#define CARDS_MAX 8
#define BYTES_PER_PIXEL 4
/* The pointer: an arrow this many pixels high, in a white edge so that it shows on every theme. */
#define POINTER_SIDE 32

struct tp_console {
    int fd;
    uint32_t connector, crtc, buffer, handle, dpms; /* names the kernel gave; dpms 0: none */
    drmModeModeInfo mode;
    uint8_t *pixels; /* mapped */
    size_t size;
    int pitch, rotation;
    struct {
        int x, y;
        bool seen;
    } pointer;
};

static void card_path(char *path, size_t size, int card)
{
    (void)snprintf(path, size, "/dev/dri/card%d", card);
}

bool tp_console_is_there(void)
{
    char path[32];

    for (int card = 0; card < CARDS_MAX; card++) {
        card_path(path, sizeof(path), card);
        if (access(path, F_OK) == 0)
            return true;
    }
    return false;
}

/* ---- which screen ---- */

/* The connector's current pipe, else the first it can be joined to; 0: none. */
static uint32_t find_crtc(int fd, const drmModeRes *resources, const drmModeConnector *connector)
{
    for (int i = 0; i < connector->count_encoders; i++) {
        drmModeEncoder *encoder = drmModeGetEncoder(fd, connector->encoders[i]);
        uint32_t found = 0;

        for (int j = 0; encoder && !found && j < resources->count_crtcs; j++)
            if (encoder->possible_crtcs & 1u << j)
                found = resources->crtcs[j];
        if (encoder && encoder->encoder_id == connector->encoder_id && encoder->crtc_id)
            found = encoder->crtc_id;
        drmModeFreeEncoder(encoder);
        if (found)
            return found;
    }
    return 0;
}

static uint32_t find_dpms(int fd, const drmModeConnector *connector)
{
    uint32_t id = 0;

    for (int i = 0; !id && i < connector->count_props; i++) {
        drmModePropertyRes *property = drmModeGetProperty(fd, connector->props[i]);

        if (property && strcmp(property->name, "DPMS") == 0)
            id = property->prop_id;
        drmModeFreeProperty(property);
    }
    return id;
}

static bool take_connector(struct tp_console *console, int fd, const drmModeRes *resources,
                           const drmModeConnector *connector)
{
    int best = 0;
    uint32_t crtc;

    if (connector->connection != DRM_MODE_CONNECTED || connector->count_modes == 0)
        return false;
    crtc = find_crtc(fd, resources, connector);
    if (!crtc)
        return false;
    for (int i = connector->count_modes - 1; i >= 0; i--)
        if (connector->modes[i].type & DRM_MODE_TYPE_PREFERRED)
            best = i;
    console->mode = connector->modes[best];
    console->connector = connector->connector_id;
    console->crtc = crtc;
    console->dpms = find_dpms(fd, connector);
    return true;
}

static bool find_screen(struct tp_console *console, int fd)
{
    drmModeRes *resources = drmModeGetResources(fd);
    bool found = false;

    for (int i = 0; resources && !found && i < resources->count_connectors; i++) {
        drmModeConnector *connector = drmModeGetConnector(fd, resources->connectors[i]);

        found = connector && take_connector(console, fd, resources, connector);
        drmModeFreeConnector(connector);
    }
    drmModeFreeResources(resources);
    return found;
}

static bool open_card(struct tp_console *console, struct tp_error *error)
{
    char path[32];
    int refused = ENOENT;

    for (int card = 0; card < CARDS_MAX; card++) {
        int fd;

        card_path(path, sizeof(path), card);
        fd = open(path, O_RDWR | O_CLOEXEC);
        if (fd < 0) {
            if (errno != ENOENT)
                refused = errno;
            continue;
        }
        if (find_screen(console, fd)) {
            console->fd = fd;
            return true;
        }
        refused = ENXIO;
        (void)close(fd);
    }
    if (refused == EACCES)
        return tp_fail(
            error, TP_ERR_IO,
            "cannot open the graphics card in /dev/dri; join the group video, or be root");
    return tp_fail(error, TP_ERR_IO, "no screen is connected (/dev/dri: %s)", strerror(refused));
}

/* ---- the buffer ---- */

static bool map_buffer(struct tp_console *console, struct tp_error *error)
{
    struct drm_mode_create_dumb make = {.width = console->mode.hdisplay,
                                        .height = console->mode.vdisplay,
                                        .bpp = BYTES_PER_PIXEL * 8};
    struct drm_mode_map_dumb map = {0};
    void *pixels;

    if (drmIoctl(console->fd, DRM_IOCTL_MODE_CREATE_DUMB, &make) != 0)
        return tp_fail(error, TP_ERR_IO, "the graphics card gives no memory: %s", strerror(errno));
    console->handle = make.handle;
    console->pitch = (int)make.pitch;
    if (drmModeAddFB(console->fd, make.width, make.height, 24, 32, make.pitch, make.handle,
                     &console->buffer) != 0)
        return tp_fail(error, TP_ERR_IO, "the screen takes no 24-bit picture: %s", strerror(errno));
    map.handle = make.handle;
    if (drmIoctl(console->fd, DRM_IOCTL_MODE_MAP_DUMB, &map) != 0)
        return tp_fail(error, TP_ERR_IO, "cannot reach the screen's memory: %s", strerror(errno));
    pixels =
        mmap(NULL, make.size, PROT_READ | PROT_WRITE, MAP_SHARED, console->fd, (off_t)map.offset);
    if (pixels == MAP_FAILED)
        return tp_fail(error, TP_ERR_IO, "cannot reach the screen's memory: %s", strerror(errno));
    console->pixels = pixels;
    console->size = make.size;
    memset(pixels, 0, make.size);
    return true;
}

static bool light_up(struct tp_console *console, struct tp_error *error)
{
    if (drmModeSetCrtc(console->fd, console->crtc, console->buffer, 0, 0, &console->connector, 1,
                       &console->mode) == 0)
        return true;
    if (errno == EACCES || errno == EPERM)
        return tp_fail(error, TP_ERR_IO,
                       "another program holds the screen; end it, or start from its terminal");
    return tp_fail(error, TP_ERR_IO, "the screen does not take %d x %d pixels: %s",
                   console->mode.hdisplay, console->mode.vdisplay, strerror(errno));
}

bool tp_console_open(int rotation, struct tp_console **console, struct tp_error *error)
{
    struct tp_console *made = tp_calloc(1, sizeof(*made));

    if (!made)
        return tp_fail_memory(error);
    made->fd = -1;
    made->rotation = rotation;
    if (!open_card(made, error) || !map_buffer(made, error) || !light_up(made, error)) {
        tp_console_close(made);
        return false;
    }
    *console = made;
    return true;
}

void tp_console_close(struct tp_console *console)
{
    if (!console)
        return;
    if (console->pixels) {
        /* Nothing of the last page stays in the card's memory. */
        memset(console->pixels, 0, console->size);
        (void)munmap(console->pixels, console->size);
    }
    if (console->buffer)
        (void)drmModeRmFB(console->fd, console->buffer);
    if (console->handle) {
        struct drm_mode_destroy_dumb destroy = {.handle = console->handle};

        (void)drmIoctl(console->fd, DRM_IOCTL_MODE_DESTROY_DUMB, &destroy);
    }
    if (console->fd >= 0)
        (void)close(console->fd);
    tp_free(console);
}

int tp_console_width(const struct tp_console *console)
{
    return console->rotation % 180 ? console->mode.vdisplay : console->mode.hdisplay;
}

int tp_console_height(const struct tp_console *console)
{
    return console->rotation % 180 ? console->mode.hdisplay : console->mode.vdisplay;
}

/* ---- the picture ---- */

/* Where a pixel of the canvas lands on the panel. */
static void turn_point(int width, int height, int rotation, int x, int y, int *to_x, int *to_y)
{
    switch (rotation) {
    case 90:
        *to_x = height - 1 - y;
        *to_y = x;
        break;
    case 180:
        *to_x = width - 1 - x;
        *to_y = height - 1 - y;
        break;
    case 270:
        *to_x = y;
        *to_y = width - 1 - x;
        break;
    default:
        *to_x = x;
        *to_y = y;
        break;
    }
}

void tp_console_turn(const void *canvas, int canvas_pitch, int width, int height,
                     const SDL_Rect *rect, int rotation, void *buffer, int pitch)
{
    const uint8_t *from = canvas;
    uint8_t *to = buffer;

    for (int y = rect->y; y < rect->y + rect->h; y++) {
        const uint8_t *line = from + (ptrdiff_t)y * canvas_pitch;
        int to_x, to_y, next_x, next_y;
        ptrdiff_t at, step;

        if (rotation == 0) {
            memcpy(to + (ptrdiff_t)y * pitch + (ptrdiff_t)rect->x * BYTES_PER_PIXEL,
                   line + (ptrdiff_t)rect->x * BYTES_PER_PIXEL, (size_t)rect->w * BYTES_PER_PIXEL);
            continue;
        }
        turn_point(width, height, rotation, rect->x, y, &to_x, &to_y);
        turn_point(width, height, rotation, rect->x + 1, y, &next_x, &next_y);
        at = (ptrdiff_t)to_y * pitch + (ptrdiff_t)to_x * BYTES_PER_PIXEL;
        step = (ptrdiff_t)(next_y - to_y) * pitch + (ptrdiff_t)(next_x - to_x) * BYTES_PER_PIXEL;
        for (int x = rect->x; x < rect->x + rect->w; x++, at += step)
            memcpy(to + at, line + (ptrdiff_t)x * BYTES_PER_PIXEL, BYTES_PER_PIXEL);
    }
}

static SDL_Rect pointer_rect(const struct tp_console *console)
{
    return (SDL_Rect){console->pointer.x, console->pointer.y, POINTER_SIDE, POINTER_SIDE};
}

static void put(struct tp_console *console, int x, int y, uint32_t colour)
{
    int to_x, to_y;

    if (x < 0 || y < 0 || x >= tp_console_width(console) || y >= tp_console_height(console))
        return;
    turn_point(tp_console_width(console), tp_console_height(console), console->rotation, x, y,
               &to_x, &to_y);
    memcpy(console->pixels + (ptrdiff_t)to_y * console->pitch + (ptrdiff_t)to_x * BYTES_PER_PIXEL,
           &colour, sizeof(colour));
}

/* A right-angled arrow head, black in white. */
static void draw_pointer(struct tp_console *console)
{
    for (int y = 0; y < POINTER_SIDE; y++) {
        int right = y * 7 / 10;

        for (int x = 0; x <= right; x++) {
            bool edge = x < 2 || x > right - 2 || y > POINTER_SIDE - 3;

            put(console, console->pointer.x + x, console->pointer.y + y,
                edge ? 0x00ffffff : 0x00000000);
        }
    }
}

static void copy(struct tp_console *console, const SDL_Surface *canvas, const SDL_Rect *rect)
{
    SDL_Rect whole = {0, 0, tp_console_width(console), tp_console_height(console)};
    SDL_Rect part;

    if (SDL_IntersectRect(rect, &whole, &part))
        tp_console_turn(canvas->pixels, canvas->pitch, whole.w, whole.h, &part, console->rotation,
                        console->pixels, console->pitch);
}

/* Drivers that keep a copy of the buffer want to be told; those that do not, refuse. */
static void tell(struct tp_console *console)
{
    (void)drmModeDirtyFB(console->fd, console->buffer, NULL, 0);
}

void tp_console_show(struct tp_console *console, const SDL_Surface *canvas, const SDL_Rect *rects,
                     int count)
{
    for (int i = 0; i < count; i++)
        copy(console, canvas, &rects[i]);
    if (console->pointer.seen)
        draw_pointer(console);
    tell(console);
}

void tp_console_point(struct tp_console *console, const SDL_Surface *canvas, int x, int y,
                      bool seen)
{
    SDL_Rect old = pointer_rect(console);

    if (!seen && !console->pointer.seen)
        return;
    if (console->pointer.seen)
        copy(console, canvas, &old);
    console->pointer.x = x;
    console->pointer.y = y;
    console->pointer.seen = seen;
    if (seen)
        draw_pointer(console);
    tell(console);
}

void tp_console_sleep(struct tp_console *console, bool asleep)
{
    struct tp_error error;

    if (console->dpms)
        (void)drmModeConnectorSetProperty(console->fd, console->connector, console->dpms,
                                          asleep ? DRM_MODE_DPMS_OFF : DRM_MODE_DPMS_ON);
    /* A screen that was unplugged or switched off meanwhile is lit again by setting its mode. */
    if (!asleep)
        (void)light_up(console, &error);
}
