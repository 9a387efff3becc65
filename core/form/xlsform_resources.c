/* What a form needs beside its questions: languages, media files, secondary instances. */
#include <stdlib.h>
#include <string.h>

#include "form/xlsform_parts.h"

/* ---- languages ---- */

static bool add_language(struct tp_xf *xf, const char *language)
{
    void *items = xf->languages;

    for (size_t i = 0; i < xf->language_count; i++) {
        if (strcmp(xf->languages[i], language) == 0)
            return true;
    }
    if (xf->language_count == TP_XF_LANGUAGES_MAX) {
        tp_xf_error(xf, NULL, 0, NULL, language, "the workbook has more than %u languages",
                    TP_XF_LANGUAGES_MAX);
        return false;
    }
    if (!tp_xf_grow(&xf->arena, &items, xf->language_count, &xf->language_capacity,
                    sizeof(*xf->languages)))
        return false;
    xf->languages = items;
    xf->languages[xf->language_count++] = language;
    return true;
}

static bool add_languages(struct tp_xf *xf, const struct tp_xf_text *text)
{
    if (text->plain && !add_language(xf, xf->default_language))
        return false;
    for (size_t i = 0; i < text->count; i++) {
        if (!add_language(xf, text->items[i].language))
            return false;
    }
    return true;
}

/* ---- files ---- */

static bool add_file(struct tp_xf *xf, const char *name)
{
    void *items = xf->files;

    if (!tp_xf_grow(&xf->arena, &items, xf->file_count, &xf->file_capacity, sizeof(*xf->files)))
        return false;
    xf->files = items;
    xf->files[xf->file_count++] = name;
    return true;
}

static bool is_plain_file(const char *name)
{
    return *name && *name != '.' && !strpbrk(name, "/\\:");
}

bool tp_xf_add_file(struct tp_xf *xf, const struct tp_xf_table *table, unsigned row,
                    const char *column, const char *name)
{
    if (strcmp(name, "-") == 0 || tp_xf_any_reference(name))
        return true;
    if (!is_plain_file(name)) {
        tp_xf_error(xf, table, row, column, name,
                    "'%.100s' must be the name of a file beside the workbook, without folders",
                    name);
        return true;
    }
    return add_file(xf, name);
}

static bool media_files(struct tp_xf *xf, const struct tp_xf_table *table, unsigned row,
                        const struct tp_xf_text *media)
{
    for (unsigned m = 0; m < TP_XF_ALT; m++) {
        const char *column = tp_xf_header(table, "media", tp_xf_media_name(m));

        if (m == TP_XF_VIDEO && tp_xf_has_text(&media[m]))
            tp_xf_warn(xf, table, row, column, media[m].plain,
                       "the screen shows no films, so people would miss what this one says; say it "
                       "in words or with a picture");
        if (media[m].plain && !tp_xf_add_file(xf, table, row, column, media[m].plain))
            return false;
        for (size_t i = 0; i < media[m].count; i++) {
            if (!tp_xf_add_file(xf, table, row, column, media[m].items[i].text))
                return false;
        }
    }
    return true;
}

/* ---- instances ---- */

static bool add_instance(struct tp_xf *xf, struct tp_xf_instance instance)
{
    void *items = xf->instances;

    if (!tp_xf_grow(&xf->arena, &items, xf->instance_count, &xf->instance_capacity,
                    sizeof(*xf->instances)))
        return false;
    xf->instances = items;
    xf->instances[xf->instance_count++] = instance;
    return true;
}

/* A file "cities.csv" is the instance "cities". */
static bool file_instance(struct tp_xf *xf, const struct tp_xf_element *element, const char *file)
{
    bool only = element->kind == TP_XF_IS_INSTANCE;
    const char *dot = strrchr(file, '.');
    const char *folder = strcmp(dot, ".csv") == 0 ? "file-csv" : "file";

    if (!is_plain_file(file)) {
        tp_xf_error(
            xf, &xf->survey, element->row, tp_xf_header(&xf->survey, only ? "name" : "type", NULL),
            file, "'%.100s' must be the name of a file beside the workbook, without folders", file);
        return true;
    }
    return add_file(xf, file) &&
           add_instance(xf, (struct tp_xf_instance){
                                .id = tp_xf_copy(&xf->arena, file, (size_t)(dot - file)),
                                .src = tp_xf_printf(&xf->arena, "jr://%s/%s", folder, file),
                                .row = element->row,
                                .only = only});
}

/* pulldata('fruits', ...) reads fruits.csv. */
static bool pulldata(struct tp_xf *xf, const struct tp_xf_element *element, const char *text)
{
    for (const char *p = text ? strstr(text, "pulldata") : NULL; p; p = strstr(p + 8, "pulldata")) {
        const char *open = p + 8 + strspn(p + 8, " \t\n");
        const char *comma = *open == '(' ? strchr(open, ',') : NULL;
        const char *start;
        size_t length;

        if (!comma)
            continue;
        start = open + 1 + strspn(open + 1, " \t\n'\"");
        length = start < comma ? strcspn(start, " \t\n'\",") : 0;
        if (!length)
            continue;
        if (!file_instance(
                xf, element,
                tp_xf_printf(&xf->arena, "%.*s.csv", (int)(length > 255 ? 255 : length), start)))
            return false;
    }
    return true;
}

static bool search_file(struct tp_xf *xf, const struct tp_xf_element *element)
{
    const char *appearance = tp_xf_attribute(&element->control, "appearance");
    const char *start = strstr(appearance, "search(") + 7;
    size_t length;

    start += strspn(start, " '\"");
    length = strcspn(start, "'\",) ");
    return !length || length > 255 ||
           add_file(xf, tp_xf_printf(&xf->arena, "%.*s.csv", (int)length, start));
}

static bool question_resources(struct tp_xf *xf, const struct tp_xf_element *element)
{
    static const char *const binds[] = {"calculate", "constraint", "readonly", "required",
                                        "relevant"};
    const char *dot = element->itemset ? strrchr(element->itemset, '.') : NULL;

    for (size_t i = 0; i < sizeof(binds) / sizeof(binds[0]); i++) {
        if (!pulldata(xf, element, tp_xf_attribute(&element->bind, binds[i])))
            return false;
    }
    if (!pulldata(xf, element, element->choice_filter) ||
        !pulldata(xf, element, element->default_value))
        return false;
    if (element->searches)
        return search_file(xf, element);
    if (dot && element->kind == TP_XF_IS_QUESTION && !tp_xf_any_reference(element->itemset) &&
        (strcmp(dot, ".csv") == 0 || strcmp(dot, ".xml") == 0 || strcmp(dot, ".geojson") == 0))
        return file_instance(xf, element, element->itemset);
    return true;
}

static bool external_instance(struct tp_xf *xf, const struct tp_xf_element *element)
{
    bool csv = strcmp(element->type->name, "csv-external") == 0;

    return file_instance(xf, element,
                         tp_xf_printf(&xf->arena, "%s.%s", element->name, csv ? "csv" : "xml"));
}

static bool element_resources(struct tp_xf *xf, const struct tp_xf_element *element)
{
    const struct tp_xf_text *messages[] = {&element->constraint_message, &element->required_message,
                                           &element->no_app_message};

    if (element->kind == TP_XF_IS_INSTANCE)
        return external_instance(xf, element);
    if (tp_xf_label_needs_itext(element) && !add_languages(xf, &element->label))
        return false;
    for (unsigned m = 0; m < TP_XF_MEDIA_COUNT; m++) {
        if (!add_languages(xf, &element->media[m]))
            return false;
    }
    if (tp_xf_hint_needs_itext(element) &&
        (!add_languages(xf, &element->hint) || !add_languages(xf, &element->guidance)))
        return false;
    for (size_t i = 0; i < sizeof(messages) / sizeof(messages[0]); i++) {
        if (tp_xf_message_needs_itext(messages[i]) && !add_languages(xf, messages[i]))
            return false;
    }
    if (!media_files(xf, &xf->survey, element->row, element->media) ||
        !question_resources(xf, element))
        return false;
    for (size_t i = 0; i < element->child_count; i++) {
        if (!element_resources(xf, element->children[i]))
            return false;
    }
    return true;
}

static bool list_resources(struct tp_xf *xf, struct tp_xf_list *list)
{
    const struct tp_xf_table *table = list->external ? &xf->external : &xf->choices;

    for (size_t i = 0; i < list->count; i++) {
        const struct tp_xf_choice *choice = &list->choices[i];

        if (list->needs_itext && !add_languages(xf, &choice->label))
            return false;
        for (unsigned m = 0; m < TP_XF_MEDIA_COUNT; m++) {
            if (!add_languages(xf, &choice->media[m]))
                return false;
        }
        if (!media_files(xf, table, choice->row, choice->media))
            return false;
    }
    if (list->searched && list->listed)
        tp_xf_error(xf, table, list->choices[0].row, NULL, list->name,
                    "the list '%.100s' is used with search() in one question and without it in "
                    "another; use two lists",
                    list->name);
    if (list->searched)
        return true;
    list->id = list->external && tp_xf_list(xf, list->name, false)
                   ? tp_xf_printf(&xf->arena, "%s-external", list->name)
                   : list->name;
    return add_instance(xf, (struct tp_xf_instance){.id = list->id, .list = list});
}

/* ---- each once ---- */

static int by_id(const void *a, const void *b)
{
    const struct tp_xf_instance *x = a;
    const struct tp_xf_instance *y = b;
    int order = strcmp(x->id, y->id);

    if (order)
        return order;
    if (!x->list != !y->list)
        return x->list ? 1 : -1;
    if (x->only != y->only)
        return x->only ? -1 : 1;
    return (x->row > y->row) - (x->row < y->row);
}

static void tell_of_twins(struct tp_xf *xf, const struct tp_xf_instance *instance)
{
    tp_xf_error(xf, &xf->survey, instance->row,
                tp_xf_header(&xf->survey, instance->only ? "name" : "type", NULL), instance->id,
                "'%.100s' is the name of two different lists or files of choices; rename one",
                instance->id);
}

static void unique_instances(struct tp_xf *xf)
{
    size_t count = 0;

    if (!xf->instance_count)
        return;
    qsort(xf->instances, xf->instance_count, sizeof(*xf->instances), by_id);
    for (size_t i = 0; i < xf->instance_count; i++) {
        const struct tp_xf_instance *now = &xf->instances[i];
        const struct tp_xf_instance *before = count ? &xf->instances[count - 1] : NULL;

        if (!before || strcmp(before->id, now->id) != 0)
            xf->instances[count++] = *now;
        else if ((before->only && now->only) || !before->src || !now->src ||
                 strcmp(before->src, now->src) != 0)
            tell_of_twins(xf, now->row ? now : before);
    }
    xf->instance_count = count;
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void unique_files(struct tp_xf *xf)
{
    size_t count = 0;

    if (!xf->file_count)
        return;
    qsort(xf->files, xf->file_count, sizeof(*xf->files), by_text);
    for (size_t i = 0; i < xf->file_count; i++) {
        if (!count || strcmp(xf->files[count - 1], xf->files[i]) != 0)
            xf->files[count++] = xf->files[i];
    }
    xf->file_count = count;
}

bool tp_xf_collect_resources(struct tp_xf *xf)
{
    if (!element_resources(xf, xf->root))
        return !xf->arena.failed;
    for (size_t i = 0; i < xf->list_count; i++) {
        if ((!xf->lists[i].external || xf->lists[i].used) && !list_resources(xf, &xf->lists[i]))
            return !xf->arena.failed;
    }
    unique_instances(xf);
    unique_files(xf);
    return true;
}
