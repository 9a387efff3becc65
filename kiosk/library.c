#include "kiosk/library.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "form/workbook.h"
#include "kiosk/library_check.h"
#include "kiosk/survey_read.h"

struct tp_library {
    char *forms;   /* owned; NULL: none */
    char *surveys; /* owned; NULL: none */
    struct tp_survey *items[TP_LIBRARY_MAX];
    size_t count;
    bool own_keys; /* only forms with a key of their own are offered */
};

/* ---- reading the folders ---- */

static int is_visible(const struct dirent *entry)
{
    /* The template is there to be copied, not to be answered. */
    return entry->d_name[0] != '.' && strcmp(entry->d_name, "template") != 0;
}

struct reading {
    struct tp_library *library;
    bool brought; /* by the agent, not an author's folder */
    struct tp_survey *items[TP_LIBRARY_MAX];
    size_t count;
    bool changed;
};

/* Takes an unchanged survey over from the library, where it has one. */
static struct tp_survey *keep(struct tp_library *library, const char *source, uint64_t stamp)
{
    for (size_t i = 0; i < library->count; i++) {
        struct tp_survey *survey = library->items[i];

        if (survey && survey->stamp == stamp && strcmp(survey->source, source) == 0) {
            library->items[i] = NULL;
            return survey;
        }
    }
    return NULL;
}

static void read_one(struct reading *reading, const char *folder, const char *name)
{
    struct tp_survey *survey;
    struct tp_error error;
    char *source = reading->count < TP_LIBRARY_MAX ? tp_workbook_find(folder) : NULL;
    uint64_t stamp;

    if (!source)
        return;
    stamp = tp_survey_stamp(folder, source);
    survey = keep(reading->library, source, stamp);
    if (!survey) {
        survey = tp_survey_read(folder, name, source, stamp);
        if (survey && !survey->broken &&
            !tp_survey_check(survey, reading->brought, reading->library->own_keys, &error))
            tp_survey_break(survey, &error);
        reading->changed = true;
    }
    if (survey)
        reading->items[reading->count++] = survey;
    tp_free(source);
}

static void read_folder(struct reading *reading, const char *folder, bool brought)
{
    struct dirent **entries = NULL;
    int count = folder ? scandir(folder, &entries, is_visible, alphasort) : 0;

    reading->brought = brought;
    for (int i = 0; i < count; i++) {
        char *path = tp_asprintf("%s/%s", folder, entries[i]->d_name);
        /* Through the agent's link to the package itself, so that switching it is seen, and a
         * package in use stays the one that was opened. */
        char *real = path ? realpath(path, NULL) : NULL;

        if (real)
            read_one(reading, real, entries[i]->d_name);
        free(real);
        tp_free(path);
        free(entries[i]);
    }
    free(entries);
}

int tp_survey_compare_closing(const struct tp_survey *one, const struct tp_survey *other)
{
    struct tp_day first = {0}, second = {0};

    if (one->facts)
        first = tp_consultation_closes(one->facts);
    if (other->facts)
        second = tp_consultation_closes(other->facts);
    if ((first.year == 0) != (second.year == 0))
        return first.year == 0 ? 1 : -1;
    return tp_day_compare(first, second);
}

/* One order on every screen; the list of surveys puts those of one day in a language's order. */
static int in_order(const void *a, const void *b)
{
    const struct tp_survey *one = *(struct tp_survey *const *)a;
    const struct tp_survey *other = *(struct tp_survey *const *)b;
    int order = tp_survey_compare_closing(one, other);

    return order ? order : strcmp(one->id, other->id);
}

bool tp_library_refresh(struct tp_library *library)
{
    struct reading reading = {.library = library};

    read_folder(&reading, library->forms, true);
    read_folder(&reading, library->surveys, false);
    for (size_t i = 0; i < library->count; i++) {
        reading.changed = reading.changed || library->items[i];
        tp_survey_close(library->items[i]);
    }
    if (reading.count > 0)
        memcpy(library->items, reading.items, reading.count * sizeof(reading.items[0]));
    library->count = reading.count;
    if (library->count > 1)
        qsort(library->items, library->count, sizeof(library->items[0]), in_order);
    return reading.changed;
}

/* ---- the library ---- */

struct tp_library *tp_library_create(const char *forms, const char *surveys)
{
    struct tp_library *library = tp_calloc(1, sizeof(*library));

    if (!library)
        return NULL;
    library->forms = forms ? tp_strdup(forms) : NULL;
    library->surveys = surveys ? tp_strdup(surveys) : NULL;
    if ((forms && !library->forms) || (surveys && !library->surveys)) {
        tp_library_destroy(library);
        return NULL;
    }
    return library;
}

void tp_library_destroy(struct tp_library *library)
{
    if (!library)
        return;
    for (size_t i = 0; i < library->count; i++)
        tp_survey_close(library->items[i]);
    tp_free(library->forms);
    tp_free(library->surveys);
    tp_free(library);
}

void tp_library_want_own_keys(struct tp_library *library, bool wanted)
{
    if (library->own_keys == wanted)
        return;
    library->own_keys = wanted;
    /* What was read under the other rule is read again. */
    for (size_t i = 0; i < library->count; i++)
        library->items[i]->stamp = 0;
}

size_t tp_library_count(const struct tp_library *library)
{
    return library->count;
}

struct tp_survey *tp_library_at(struct tp_library *library, size_t index)
{
    return index < library->count ? library->items[index] : NULL;
}

struct tp_survey *tp_library_find(struct tp_library *library, const char *id)
{
    for (size_t i = 0; i < library->count; i++)
        if (strcmp(library->items[i]->id, id) == 0)
            return library->items[i];
    return NULL;
}

static bool is_open(const struct tp_survey *survey, struct tp_day today)
{
    return !survey->broken &&
           (!survey->facts || tp_consultation_phase(survey->facts, today) == TP_PHASE_OPEN);
}

struct tp_survey *tp_library_of_kind(struct tp_library *library, enum tp_consultation_kind kind,
                                     struct tp_day today)
{
    for (size_t i = 0; i < library->count; i++)
        if (library->items[i]->kind == kind && is_open(library->items[i], today))
            return library->items[i];
    return NULL;
}

size_t tp_library_open(struct tp_library *library, struct tp_day today, struct tp_survey **surveys,
                       size_t max)
{
    size_t count = 0;

    for (size_t i = 0; i < library->count; i++) {
        if (library->items[i]->kind != TP_KIND_CONSULTATION || !is_open(library->items[i], today))
            continue;
        if (count < max)
            surveys[count] = library->items[i];
        count++;
    }
    return count;
}

const char *tp_library_problem(const struct tp_library *library, size_t index)
{
    for (size_t i = 0; i < library->count; i++)
        if (library->items[i]->problem && index-- == 0)
            return library->items[i]->problem;
    return NULL;
}
