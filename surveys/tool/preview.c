/* talkpoint-survey preview FILE FOLDER: a picture of every page, and contact sheets of them all. */
#include "kiosk/preview.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/mem.h"
#include "kiosk/gfx/display.h"
#include "kiosk/gfx/theme.h"
#include "tool/commands.h"
#include "tool/contact_sheet.h"

/* A name in a folder; ids of pages are short. */
#define NAME_MAX_BYTES 160

struct run {
    const char *folder;
    struct tp_contact_sheet *sheet;
    size_t pictures;
    struct tp_preview_options options;
};

/* ---- the command line ---- */

static bool read_size(const char *text, struct tp_look *look)
{
    for (unsigned size = 0; size < TP_SIZE_COUNT; size++) {
        if (strcmp(tp_sizes[size].id, text) == 0) {
            look->size = (enum tp_size)size;
            return true;
        }
    }
    return false;
}

/* "1920x1080@476": pixels, and the width of the picture in millimetres. */
static bool read_display(const char *text, struct tp_preview_options *options)
{
    char *end;
    long width = strtol(text, &end, 10);
    long height = *end == 'x' ? strtol(end + 1, &end, 10) : 0;
    double mm = *end == '@' ? strtod(end + 1, &end) : 0;

    if (*end || width < 320 || height < 320 || width > TP_DISPLAY_SIDE_MAX ||
        height > TP_DISPLAY_SIDE_MAX || mm < 50 || mm > 5000)
        return false;
    options->width = (int)width;
    options->height = (int)height;
    options->width_mm = mm;
    return true;
}

static bool has_room(const struct tp_preview_options *options, struct tp_error *error)
{
    struct tp_screen screen = tp_screen_make(options->width, options->height, options->width_mm, 0);

    return options->width_mm <= 0 || tp_screen_has_room(&screen, error);
}

static bool read_option(int option, struct tp_preview_options *options)
{
    switch (option) {
    case 'm':
        options->look.easy_read = strcmp(optarg, "easy-read") == 0;
        return options->look.easy_read || strcmp(optarg, "standard") == 0;
    case 't':
        options->look.theme = tp_theme_find(optarg);
        return options->look.theme;
    case 's':
        return read_size(optarg, &options->look);
    case 'l':
        options->language = optarg;
        return true;
    case 'd':
        return read_display(optarg, options);
    default:
        return false;
    }
}

/* ---- pages ---- */

/* Letters, digits, "-" and "_" of the page's id; everything else becomes "-". */
static void file_name(const struct tp_preview_page *page, size_t number, char *name)
{
    int length = snprintf(name, NAME_MAX_BYTES, "%03zu-%.80s", number, page->id);

    if (page->part > 1 && length > 0 && length < NAME_MAX_BYTES)
        (void)snprintf(name + length, (size_t)(NAME_MAX_BYTES - length), "-part%zu", page->part);
    for (char *p = name; *p; p++) {
        if (!(*p >= 'a' && *p <= 'z') && !(*p >= 'A' && *p <= 'Z') && !(*p >= '0' && *p <= '9') &&
            *p != '_')
            *p = '-';
    }
}

static bool save(void *context, const struct tp_preview_page *page, SDL_Surface *canvas,
                 struct tp_error *error)
{
    struct run *run = context;
    char name[NAME_MAX_BYTES];
    char *path;
    bool saved;

    run->pictures++;
    file_name(page, run->pictures, name);
    path = tp_asprintf("%s/%s.png", run->folder, name);
    if (!path)
        return tp_fail_memory(error);
    saved = tp_surface_save_png(canvas, path, error) &&
            tp_contact_sheet_add(run->sheet, canvas, name, error);
    tp_free(path);
    return saved;
}

static bool draw(struct run *run, const char *path, struct tp_error *error)
{
    bool drawn;

    if (!tp_dir_make(run->folder, 0755, error) ||
        !tp_contact_sheet_create(run->folder, &run->sheet, error))
        return false;
    drawn = tp_preview_draw(path, &run->options, save, run, error) &&
            tp_contact_sheet_finish(run->sheet, error);
    tp_contact_sheet_destroy(run->sheet);
    return drawn;
}

int tp_command_preview(const struct tp_command *command, int argc, char **argv)
{
    static const struct option known[] = {{"mode", required_argument, NULL, 'm'},
                                          {"theme", required_argument, NULL, 't'},
                                          {"size", required_argument, NULL, 's'},
                                          {"language", required_argument, NULL, 'l'},
                                          {"display", required_argument, NULL, 'd'},
                                          {"help", no_argument, NULL, 'h'},
                                          {0}};
    struct run run = {.options = {.look = tp_look_default()}};
    struct tp_error error;
    int option;

    opterr = 0;
    while ((option = getopt_long(argc, argv, "h", known, NULL)) != -1) {
        if (option == 'h')
            return tp_command_help(command);
        if (!read_option(option, &run.options))
            return tp_command_misuse(command, "'%.60s' is not understood", argv[optind - 1]);
    }
    if (optind != argc - 2)
        return tp_command_misuse(command, "name a survey and the folder for its pictures");
    if (!has_room(&run.options, &error))
        return tp_command_misuse(command, "%s", error.text);
    run.folder = argv[optind + 1];
    if (!draw(&run, argv[optind], &error))
        return tp_command_fail(&error);
    printf("%s: %zu pages\n", run.folder, run.pictures);
    return TP_EXIT_OK;
}
