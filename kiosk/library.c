#include "kiosk/library.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/mem.h"
#include "form/workbook.h"
#include "form/xlsform.h"
#include "kiosk/library_check.h"

struct tp_library {
    char *forms;   /* owned; NULL: none */
    char *surveys; /* owned; NULL: none */
    struct tp_survey *items[TP_LIBRARY_MAX];
    size_t count;
    bool own_keys; /* only forms with a key of their own are offered */
};

/* ---- one survey ---- */

void tp_survey_close(struct tp_survey *survey)
{
    if (!survey)
        return;
    tp_form_destroy(survey->form);
    tp_consultation_destroy(survey->facts);
    tp_free(survey->id);
    tp_free(survey->media);
    tp_free(survey->source);
    tp_free(survey->xml);
    tp_free(survey->problem);
    tp_free(survey);
}

/* Marks it as of no use and keeps the reason. */
static void survey_break(struct tp_survey *survey, const struct tp_error *error)
{
    survey->broken = true;
    tp_free(survey->problem);
    survey->problem = tp_asprintf("'%s' is left out: %s", survey->id, error->text);
}

/* FNV-1a of what tells one version of the files from another. */
static uint64_t stamp_mix(uint64_t stamp, const void *bytes, size_t count)
{
    const unsigned char *byte = bytes;

    for (size_t i = 0; i < count; i++)
        stamp = (stamp ^ byte[i]) * 1099511628211u;
    return stamp;
}

static uint64_t stamp_file(uint64_t stamp, const char *path)
{
    struct stat facts;

    if (stat(path, &facts) != 0)
        return stamp_mix(stamp, "-", 1);
    stamp = stamp_mix(stamp, &facts.st_ino, sizeof(facts.st_ino));
    stamp = stamp_mix(stamp, &facts.st_size, sizeof(facts.st_size));
    return stamp_mix(stamp, &facts.st_mtim, sizeof(facts.st_mtim));
}

static bool is_folder(const char *path)
{
    struct stat facts;

    return stat(path, &facts) == 0 && S_ISDIR(facts.st_mode);
}

static bool is_file(const char *path)
{
    struct stat facts;

    return stat(path, &facts) == 0 && S_ISREG(facts.st_mode);
}

/* ---- where a survey's files are ---- */

static int by_name(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

static int is_visible(const struct dirent *entry)
{
    /* The template is there to be copied, not to be answered. */
    return entry->d_name[0] != '.' && strcmp(entry->d_name, "template") != 0;
}

static int is_workbook(const struct dirent *entry)
{
    enum tp_workbook_format format = tp_workbook_format_of(entry->d_name);

    return entry->d_name[0] != '.' && strncasecmp(entry->d_name, "README", 6) != 0 &&
           (format == TP_WORKBOOK_XLSX || format == TP_WORKBOOK_MARKDOWN ||
            format == TP_WORKBOOK_CSV);
}

/* form.xml, else the first workbook by name. NULL where there is neither, or no memory. */
static char *source_of(const char *folder)
{
    struct dirent **entries = NULL;
    char *path = tp_asprintf("%s/form.xml", folder);
    int count;

    if (!path || is_file(path))
        return path;
    tp_free(path);
    path = NULL;
    count = scandir(folder, &entries, is_workbook, by_name);
    for (int i = 0; i < count; i++) {
        if (!path)
            path = tp_asprintf("%s/%s", folder, entries[i]->d_name);
        free(entries[i]);
    }
    free(entries);
    return path;
}

static char *media_of(const char *folder)
{
    char *path = tp_asprintf("%s/media", folder);

    if (!path || is_folder(path))
        return path;
    tp_free(path);
    return tp_strdup(folder);
}

static uint64_t stamp_of(const char *folder, const char *source)
{
    char *facts = tp_asprintf("%s/consultation.json", folder);
    uint64_t stamp = stamp_file(14695981039346656037u, source);

    if (facts)
        stamp = stamp_file(stamp, facts);
    tp_free(facts);
    return stamp;
}

/* ---- reading one survey ---- */

/* The first problem of a workbook is enough here: the author's tool shows them all. */
static bool fail_with_problem(const struct tp_problems *problems, struct tp_error *error)
{
    struct tp_buf line;
    bool ok;

    if (problems->count == 0)
        return tp_fail_memory(error);
    tp_buf_init(&line, TP_ERROR_TEXT_MAX);
    ok = tp_problem_line(&problems->items[0], &line);
    (void)tp_fail(error, TP_ERR_INVALID, "%s", ok ? tp_buf_text(&line) : problems->items[0].text);
    tp_buf_finish(&line);
    return false;
}

static bool read_workbook(struct tp_survey *survey, struct tp_error *error)
{
    struct tp_problems problems;
    struct tp_xlsform form = {0};
    bool ok = false;

    tp_problems_init(&problems);
    if (!tp_xlsform_read(survey->source, &problems, &form)) {
        (void)fail_with_problem(&problems, error);
        goto finish_problems;
    }
    if (form.consultation &&
        !tp_consultation_parse(form.consultation, strlen(form.consultation), &survey->facts, error))
        goto finish_form;
    tp_free(survey->id);
    survey->id = form.form_id;
    form.form_id = NULL;
    survey->xml = form.xml;
    survey->xml_length = form.xml_length;
    form.xml = NULL;
    ok = true;
finish_form:
    tp_xlsform_finish(&form);
finish_problems:
    tp_problems_finish(&problems);
    return ok;
}

static bool load_form(struct tp_survey *survey, struct tp_error *error)
{
    struct tp_form_params params = {.media_dir = survey->media};
    char *id;
    bool ok;

    if (survey->xml)
        ok = tp_form_load(survey->id, survey->xml, survey->xml_length, &params, &survey->form,
                          error);
    else
        ok = tp_form_load_file(survey->source, &params, &survey->form, error);
    if (!ok)
        return false;
    tp_free(survey->xml);
    survey->xml = NULL;
    if (*tp_form_id(survey->form)) {
        id = tp_strdup(tp_form_id(survey->form));
        if (!id)
            return tp_fail_memory(error);
        tp_free(survey->id);
        survey->id = id;
    }
    return true;
}

static bool read_package(struct tp_survey *survey, const char *folder, struct tp_error *error)
{
    char *path = tp_asprintf("%s/consultation.json", folder);
    bool ok;

    if (!path)
        return tp_fail_memory(error);
    if (!is_file(path))
        ok = load_form(survey, error); /* a plain form: its title is inside it */
    else
        ok = tp_consultation_read(path, &survey->facts, error);
    tp_free(path);
    return ok;
}

/* NULL only when out of memory; a survey that cannot be read is there and broken, so that it is not
 * read again until its files change. */
static struct tp_survey *survey_read(const char *folder, const char *name, const char *source,
                                     uint64_t stamp)
{
    struct tp_survey *survey = tp_calloc(1, sizeof(*survey));
    struct tp_error error;
    bool ok;

    if (!survey)
        return NULL;
    survey->stamp = stamp;
    survey->source = tp_strdup(source);
    survey->id = tp_strdup(name);
    survey->media = media_of(folder);
    if (!survey->source || !survey->id || !survey->media) {
        tp_survey_close(survey);
        return NULL;
    }
    if (strcmp(source + strlen(source) - 4, ".xml") == 0)
        ok = read_package(survey, folder, &error);
    else
        ok = read_workbook(survey, &error);
    if (!ok)
        survey_break(survey, &error);
    if (survey->facts)
        survey->kind = tp_consultation_kind(survey->facts);
    return survey;
}

bool tp_survey_open(const char *path, struct tp_survey **out, struct tp_error *error)
{
    bool folder = is_folder(path);
    char *real = realpath(path, NULL);
    char *source, *slash;
    struct tp_survey *survey = NULL;

    if (!real)
        return tp_fail_errno(error, errno, "'%s' cannot be read", path);
    source = folder ? source_of(real) : tp_strdup(real);
    slash = strrchr(real, '/');
    if (!folder)
        *slash = '\0';
    if (!source)
        (void)tp_fail(error, TP_ERR_NOT_FOUND, "'%s' has neither a workbook nor a form.xml", path);
    else
        survey = survey_read(real, strrchr(path, '/') ? strrchr(path, '/') + 1 : path, source, 0);
    if (source && !survey)
        (void)tp_fail_memory(error);
    else if (survey && survey->broken)
        (void)tp_fail(error, TP_ERR_INVALID, "%s", survey->problem ? survey->problem : path);
    free(real);
    tp_free(source);
    if (survey && survey->broken) {
        tp_survey_close(survey);
        survey = NULL;
    }
    if (!survey)
        return false;
    *out = survey;
    return true;
}

/* ---- reading the folders ---- */

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
    char *source = reading->count < TP_LIBRARY_MAX ? source_of(folder) : NULL;
    uint64_t stamp;

    if (!source)
        return;
    stamp = stamp_of(folder, source);
    survey = keep(reading->library, source, stamp);
    if (!survey) {
        survey = survey_read(folder, name, source, stamp);
        if (survey && !survey->broken &&
            !tp_survey_check(survey, reading->brought, reading->library->own_keys, &error))
            survey_break(survey, &error);
        reading->changed = true;
    }
    if (survey)
        reading->items[reading->count++] = survey;
    tp_free(source);
}

static void read_folder(struct reading *reading, const char *folder, bool brought)
{
    struct dirent **entries = NULL;
    int count = folder ? scandir(folder, &entries, is_visible, by_name) : 0;

    reading->brought = brought;
    for (int i = 0; i < count; i++) {
        char *path = tp_asprintf("%s/%s", folder, entries[i]->d_name);
        /* Through the agent's link to the package itself, so that switching it is seen, and a
         * package in use stays the one that was opened. */
        char *real = path ? realpath(path, NULL) : NULL;

        if (real && is_folder(real))
            read_one(reading, real, entries[i]->d_name);
        free(real);
        tp_free(path);
        free(entries[i]);
    }
    free(entries);
}

static int in_order(const void *a, const void *b)
{
    const struct tp_survey *one = *(struct tp_survey *const *)a;
    const struct tp_survey *other = *(struct tp_survey *const *)b;
    struct tp_day first = {0}, second = {0};
    int order;

    if (one->facts)
        first = tp_consultation_closes(one->facts);
    if (other->facts)
        second = tp_consultation_closes(other->facts);
    if ((first.year == 0) != (second.year == 0))
        return first.year == 0 ? 1 : -1;
    order = tp_day_compare(first, second);
    if (order == 0)
        order = strcmp(tp_survey_text(one, "title", NULL), tp_survey_text(other, "title", NULL));
    return order;
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

bool tp_survey_form(struct tp_survey *survey, struct tp_form **form, struct tp_error *error)
{
    struct tp_error reason;

    if (!survey->form && (!load_form(survey, &reason) || !tp_survey_check_key(survey->form, &reason))) {
        if (reason.code != TP_ERR_MEMORY)
            survey_break(survey, &reason);
        return tp_fail(error, reason.code, "'%s' does not open: %s", survey->id, reason.text);
    }
    *form = survey->form;
    return true;
}

const char *tp_survey_text(const struct tp_survey *survey, const char *name, const char *tag)
{
    const char *text = survey->facts ? tp_consultation_text(survey->facts, name, tag) : NULL;

    if (!text && strcmp(name, "title") == 0)
        text = survey->form ? tp_form_title(survey->form) : survey->id;
    return text ? text : "";
}

const char *tp_survey_media(const struct tp_survey *survey, const char *name,
                            char path[TP_MEDIA_PATH_MAX])
{
    int length;

    /* A name with a folder in it is not one of the survey's media. */
    if (!name || !*name || strchr(name, '/'))
        return NULL;
    length = snprintf(path, TP_MEDIA_PATH_MAX, "%s/%s", survey->media, name);
    if (length < 0 || length >= TP_MEDIA_PATH_MAX || !is_file(path))
        return NULL;
    return path;
}

const char *tp_library_problem(const struct tp_library *library, size_t index)
{
    for (size_t i = 0; i < library->count; i++)
        if (library->items[i]->problem && index-- == 0)
            return library->items[i]->problem;
    return NULL;
}

/* Howard Hinnant's days-to-civil: exact over the whole proleptic Gregorian calendar. */
struct tp_day tp_day_at(int64_t wall_ms, int32_t offset_seconds)
{
    int64_t seconds = wall_ms / 1000 - (wall_ms % 1000 < 0) + offset_seconds;
    int64_t days = seconds / 86400 - (seconds % 86400 < 0) + 719468;
    int64_t era = (days >= 0 ? days : days - 146096) / 146097;
    int64_t of_era = days - era * 146097;
    int64_t year = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    int64_t of_year = of_era - (365 * year + year / 4 - year / 100);
    int64_t month = (5 * of_year + 2) / 153;
    struct tp_day day;

    day.day = (int)(of_year - (153 * month + 2) / 5 + 1);
    day.month = (int)(month < 10 ? month + 3 : month - 9);
    day.year = (int)(year + era * 400 + (day.month <= 2));
    return day;
}
