#include "kiosk/survey_read.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/mem.h"
#include "form/workbook.h"
#include "form/xlsform.h"
#include "kiosk/library_check.h"

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

void tp_survey_break(struct tp_survey *survey, const struct tp_error *error)
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

static char *media_of(const char *folder)
{
    char *path = tp_asprintf("%s/media", folder);

    if (!path || is_folder(path))
        return path;
    tp_free(path);
    return tp_strdup(folder);
}

uint64_t tp_survey_stamp(const char *folder, const char *source)
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

struct tp_survey *tp_survey_read(const char *folder, const char *name, const char *source,
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
        tp_survey_break(survey, &error);
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
    source = folder ? tp_workbook_find(real) : tp_strdup(real);
    slash = strrchr(real, '/');
    if (!folder)
        *slash = '\0';
    if (!source)
        (void)tp_fail(error, TP_ERR_NOT_FOUND, "'%s' has neither a workbook nor a form.xml", path);
    else
        survey =
            tp_survey_read(real, strrchr(path, '/') ? strrchr(path, '/') + 1 : path, source, 0);
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

/* ---- what it gives ---- */

bool tp_survey_form(struct tp_survey *survey, struct tp_form **form, struct tp_error *error)
{
    struct tp_error reason;

    if (!survey->form &&
        (!load_form(survey, &reason) || !tp_survey_check_key(survey->form, &reason))) {
        if (reason.code != TP_ERR_MEMORY)
            tp_survey_break(survey, &reason);
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
