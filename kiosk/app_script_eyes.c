#include "kiosk/app_script_eyes.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kiosk/app_loop.h"
#include "kiosk/screens/screens.h"

static struct tp_ui *shown(struct tp_script *script)
{
    return tp_app_shown(tp_script_loop(script)->app);
}

/* ---- finding what is on the page ---- */

struct search {
    const char *wanted; /* a label, or "#id" */
    int nth;            /* which of several, from 1 */
    uint32_t target;
    bool seen;
    bool keys; /* keys of the on-screen keyboard only */
};

static bool is_called(const struct tp_seen *seen, const char *wanted)
{
    if (wanted[0] == '#')
        return seen->id && strcmp(seen->id, wanted + 1) == 0;
    return (seen->label && strcmp(seen->label, wanted) == 0) ||
           (seen->spoken && strcmp(seen->spoken, wanted) == 0);
}

static void find_target(void *context, const struct tp_seen *seen)
{
    struct search *search = context;

    if (search->target || !seen->touchable || !seen->enabled ||
        (search->keys && seen->kind != TP_KIND_KEY) || !is_called(seen, search->wanted))
        return;
    if (--search->nth == 0)
        search->target = seen->target;
}

static void find_text(void *context, const struct tp_seen *seen)
{
    struct search *search = context;

    if (seen->label && strstr(seen->label, search->wanted))
        search->seen = true;
    for (size_t i = 0; i < seen->text_count; i++)
        if (seen->texts[i].text && strstr(seen->texts[i].text, search->wanted))
            search->seen = true;
}

static bool page_says(struct tp_script *script, const char *wanted)
{
    struct search search = {.wanted = wanted};

    tp_ui_walk(shown(script), find_text, &search);
    return search.seen;
}

uint32_t tp_eyes_target(struct tp_script *script, const char *name, int nth, bool keys)
{
    struct search search = {.wanted = name, .nth = nth, .keys = keys};

    tp_ui_walk(shown(script), find_target, &search);
    return search.target;
}

bool tp_eyes_not_found(struct tp_script *script, const char *what, struct tp_error *error)
{
    return tp_fail(error, TP_ERR_NOT_FOUND, "'%s' is not on the page '%s'", what,
                   tp_screens[tp_app_screen(tp_script_loop(script)->app)]->name);
}

/* ---- what has to be there ---- */

bool tp_eyes_expect(struct tp_script *script, const struct tp_script_words *words,
                    struct tp_error *error)
{
    return page_says(script, words->word[1]) || tp_eyes_not_found(script, words->word[1], error);
}

bool tp_eyes_expect_not(struct tp_script *script, const struct tp_script_words *words,
                        struct tp_error *error)
{
    if (!page_says(script, words->word[1]))
        return true;
    return tp_fail(error, TP_ERR_CONFLICT, "'%s' is on the page '%s'", words->word[1],
                   tp_screens[tp_app_screen(tp_script_loop(script)->app)]->name);
}

bool tp_eyes_expect_page(struct tp_script *script, const struct tp_script_words *words,
                         struct tp_error *error)
{
    const char *name = tp_screens[tp_app_screen(tp_script_loop(script)->app)]->name;

    return strcmp(name, words->word[1]) == 0 ||
           tp_fail(error, TP_ERR_CONFLICT, "this is the page '%s', not '%s'", name, words->word[1]);
}

bool tp_eyes_expect_fresh(struct tp_script *script, const struct tp_script_words *words,
                          struct tp_error *error)
{
    const struct tp_app *app = tp_script_loop(script)->app;

    (void)words;
    return tp_person_hash(&app->person) == app->fresh_hash ||
           tp_fail(error, TP_ERR_CONFLICT, "something of the last person is left");
}

bool tp_eyes_screenshot(struct tp_script *script, const struct tp_script_words *words,
                        struct tp_error *error)
{
    return tp_surface_save_png(tp_display_canvas(tp_script_loop(script)->display), words->word[1],
                               error);
}

/* ---- the page as lines of JSON ---- */

static json_t *box_of(const struct tp_seen *seen)
{
    return json_pack("[f,f,f,f]", seen->x_mm, seen->y_mm, seen->width_mm, seen->height_mm);
}

static json_t *text_of(const char *text)
{
    json_t *string = text ? json_string(text) : NULL;

    return string ? string : json_null();
}

static void dump_one(void *context, const struct tp_seen *seen)
{
    static const char *const places[] = {"header", "body", "dock", "actions", "bar"};
    json_t *texts = json_array();
    json_t *line;
    char *words;

    (void)context;
    for (size_t i = 0; i < seen->text_count; i++)
        (void)json_array_append_new(
            texts, json_pack("{s:o,s:f,s:i,s:[i,i,i,i]}", "text", text_of(seen->texts[i].text),
                             "capital_mm", seen->texts[i].capital_mm, "lines",
                             (int)seen->texts[i].lines, "box", seen->texts[i].box.x,
                             seen->texts[i].box.y, seen->texts[i].box.w, seen->texts[i].box.h));
    line = json_pack(
        "{s:o,s:s,s:s,s:i,s:o,s:o,s:o,s:o,s:b,s:b,s:b,s:b,s:b,s:o}", "id", text_of(seen->id),
        "kind", tp_kind_name(seen->kind), "place", places[seen->place], "depth", seen->depth, "mm",
        box_of(seen), "label", text_of(seen->label), "spoken", text_of(seen->spoken), "alt",
        text_of(seen->alt), "touchable", seen->touchable, "enabled", seen->enabled, "chosen",
        seen->chosen, "focused", seen->focused, "answer", seen->answer, "texts", texts);
    words = line ? json_dumps(line, JSON_COMPACT | JSON_REAL_PRECISION(6)) : NULL;
    if (words)
        (void)printf("%s\n", words);
    free(words);
    json_decref(line);
}

bool tp_eyes_dump(struct tp_script *script, const struct tp_script_words *words,
                  struct tp_error *error)
{
    struct tp_app *app = tp_script_loop(script)->app;

    (void)words;
    (void)error;
    (void)printf("{\"page\":\"%s\",\"part\":%zu,\"parts\":%zu,\"width\":%d,\"height\":%d,"
                 "\"px_per_mm\":%.4f}\n",
                 tp_screens[tp_app_screen(app)]->name, tp_ui_part(app->ui) + 1,
                 tp_ui_parts(app->ui), app->screen.width, app->screen.height,
                 app->screen.px_per_mm);
    tp_ui_walk(app->ui, dump_one, NULL);
    (void)fflush(stdout);
    return true;
}
