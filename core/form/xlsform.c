#include "form/xlsform.h"

#include "base/mem.h"
#include "form/xlsform_parts.h"

static bool copy_files(const struct tp_xf *xf, struct tp_xlsform *form)
{
    form->media = tp_calloc(xf->file_count, sizeof(*form->media));
    if (!form->media)
        return false;
    for (size_t i = 0; i < xf->file_count; i++) {
        form->media[i] = tp_strdup(xf->files[i]);
        if (!form->media[i])
            return false;
        form->media_count++;
    }
    return true;
}

static bool fill(struct tp_xf *xf, struct tp_buf *xml, struct tp_xlsform *form)
{
    const char *version = tp_xf_setting(xf, "version");

    form->xml_length = xml->length;
    form->xml = tp_buf_take(xml);
    form->form_id = tp_strdup(tp_xf_setting(xf, "id_string"));
    form->title = tp_strdup(tp_xf_setting(xf, "title"));
    form->version = tp_strdup(version ? version : "");
    return form->xml && form->form_id && form->title && form->version && copy_files(xf, form);
}

static bool convert_steps(struct tp_xf *xf, bool lenient, struct tp_buf *xml,
                          struct tp_xlsform *form)
{
    if (!tp_xf_read_settings(xf) || !tp_xf_read_choices(xf) || !tp_xf_read_survey(xf) ||
        !tp_xf_check_tree(xf) || !tp_xf_consultation(xf, &form->consultation) ||
        !tp_xf_collect_resources(xf))
        return false;
    if (!lenient)
        tp_xf_check_formulas(xf);
    if (xf->problems->errors)
        return true;
    tp_xf_write(xf, xml);
    if (!tp_buf_ok(xml)) {
        tp_xf_error(xf, NULL, 0, NULL, NULL, "the form would be larger than %u MB; make it smaller",
                    TP_XLSFORM_XML_MAX / (1024 * 1024));
        return true;
    }
    return !xf->arena.failed && fill(xf, xml, form);
}

static bool convert(const struct tp_workbook *workbook, bool lenient, struct tp_problems *problems,
                    struct tp_xlsform *form)
{
    struct tp_xf xf = {.workbook = workbook, .problems = problems};
    size_t errors = problems->errors;
    struct tp_xlsform fresh = {0};
    struct tp_buf xml;

    /* Earlier problems of the list must not stop this conversion. */
    problems->errors = 0;
    tp_buf_init(&xml, TP_XLSFORM_XML_MAX);
    if (!convert_steps(&xf, lenient, &xml, &fresh) && !problems->errors)
        tp_xf_error(&xf, NULL, 0, NULL, NULL,
                    "the workbook is too large to convert in the memory allowed; make it smaller");
    tp_buf_finish(&xml);
    tp_xf_arena_finish(&xf.arena);
    if (problems->errors) {
        problems->errors += errors;
        tp_xlsform_finish(&fresh);
        return false;
    }
    problems->errors = errors;
    *form = fresh;
    return true;
}

bool tp_xlsform_convert(const struct tp_workbook *workbook, struct tp_problems *problems,
                        struct tp_xlsform *form)
{
    return convert(workbook, false, problems, form);
}

bool tp_xlsform_convert_lenient(const struct tp_workbook *workbook, struct tp_problems *problems,
                                struct tp_xlsform *form)
{
    return convert(workbook, true, problems, form);
}

bool tp_xlsform_read(const char *path, struct tp_problems *problems, struct tp_xlsform *form)
{
    struct tp_workbook workbook;
    struct tp_error error;
    bool converted;

    if (!tp_workbook_read(path, &workbook, &error)) {
        tp_problems_add(problems, TP_SEVERITY_ERROR, NULL, NULL, "%s", error.text);
        return false;
    }
    converted = tp_xlsform_convert(&workbook, problems, form);
    tp_workbook_finish(&workbook);
    return converted;
}

void tp_xlsform_finish(struct tp_xlsform *form)
{
    if (!form)
        return;
    for (size_t i = 0; i < form->media_count; i++)
        tp_free(form->media[i]);
    tp_free(form->media);
    tp_free(form->xml);
    tp_free(form->form_id);
    tp_free(form->title);
    tp_free(form->version);
    tp_free(form->consultation);
    *form = (struct tp_xlsform){0};
}
