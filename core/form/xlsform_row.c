#include "form/xlsform_row.h"

#include <stddef.h>
#include <string.h>

static bool bind_cell(struct tp_xf_survey *survey, struct tp_xf_row *row,
                      const struct tp_xf_column *column, const char *value)
{
    struct tp_xf *xf = survey->xf;
    const char *what = column->count > 1 ? column->tokens[1] : "";
    const char *language = column->count > 2 ? column->tokens[2] : NULL;

    if (strcmp(what, "jr:constraintMsg") == 0)
        return tp_xf_set_text(xf, &row->cells.constraint_message, language, value);
    if (strcmp(what, "jr:requiredMsg") == 0)
        return tp_xf_set_text(xf, &row->cells.required_message, language, value);
    if (strcmp(what, "jr:noAppErrorString") == 0)
        return tp_xf_set_text(xf, &row->cells.no_app_message, language, value);
    if (strcmp(what, "entities:saveto") == 0) {
        tp_xf_refuse(xf, survey->table, row->number, column->header, value,
                     "entities are not built here; remove the column '%.100s'", column->header);
        return true;
    }
    if (language) {
        tp_xf_no_languages(xf, survey->table, row->number, column, value);
        return true;
    }
    return !*what || tp_xf_set(xf, &row->cells.bind, what, value);
}

static bool media_cell(struct tp_xf_survey *survey, struct tp_xf_row *row,
                       const struct tp_xf_column *column, const char *value)
{
    const char *what = column->count > 1 ? column->tokens[1] : "";
    const char *language = column->count > 2 ? column->tokens[2] : NULL;

    for (unsigned m = 0; m < TP_XF_ALT; m++) {
        if (strcmp(what, tp_xf_media_name(m)) == 0)
            return tp_xf_set_text(survey->xf, &row->cells.media[m], language, value);
    }
    if (!*what) {
        row->cells.vague_media = true;
        return true;
    }
    tp_xf_error(survey->xf, survey->table, row->number, column->header, value,
                "'%.100s' is not a kind of media; use media::image, media::audio or media::video",
                column->header);
    return true;
}

struct single {
    const char *name;
    size_t offset; /* of a const char * in struct tp_xf_row */
};

static const struct single singles[] = {
    {"type", offsetof(struct tp_xf_row, type)},
    {"name", offsetof(struct tp_xf_row, name)},
    {"parameters", offsetof(struct tp_xf_row, parameters)},
    {"trigger", offsetof(struct tp_xf_row, trigger)},
    {"disabled", offsetof(struct tp_xf_row, disabled)},
    {"default", offsetof(struct tp_xf_row, cells.default_value)},
    {"choice_filter", offsetof(struct tp_xf_row, cells.choice_filter)},
};

struct translatable {
    const char *name;
    size_t offset; /* of a struct tp_xf_text in struct tp_xf_row */
};

static const struct translatable translatables[] = {
    {"label", offsetof(struct tp_xf_row, cells.label)},
    {"hint", offsetof(struct tp_xf_row, cells.hint)},
    {"guidance_hint", offsetof(struct tp_xf_row, cells.guidance)},
    {"image_alt", offsetof(struct tp_xf_row, cells.media[TP_XF_ALT])},
};

static bool read_cell(struct tp_xf_survey *survey, struct tp_xf_row *row,
                      const struct tp_xf_column *column, const char *value)
{
    const char *what = column->tokens[0];
    struct tp_xf *xf = survey->xf;

    for (size_t i = 0; i < sizeof(singles) / sizeof(singles[0]); i++) {
        if (strcmp(what, singles[i].name) == 0) {
            if (column->count > 1)
                tp_xf_no_languages(xf, survey->table, row->number, column, value);
            *(const char **)(void *)((char *)row + singles[i].offset) = value;
            return true;
        }
    }
    for (size_t i = 0; i < sizeof(translatables) / sizeof(translatables[0]); i++) {
        if (strcmp(what, translatables[i].name) == 0)
            return tp_xf_set_text(
                xf, (struct tp_xf_text *)(void *)((char *)row + translatables[i].offset),
                column->count > 1 ? column->tokens[1] : NULL, value);
    }
    if (strcmp(what, "bind") == 0)
        return bind_cell(survey, row, column, value);
    if (strcmp(what, "media") == 0)
        return media_cell(survey, row, column, value);
    if (strcmp(what, "control") == 0 && column->count > 1)
        return tp_xf_set(xf, &row->cells.control, column->tokens[1], value);
    if (strcmp(what, "instance") == 0 && column->count > 1)
        return tp_xf_set(xf, &row->cells.instance, column->tokens[1], value);
    if (strcmp(what, "intent") == 0)
        tp_xf_refuse(xf, survey->table, row->number, column->header, value,
                     "the screen starts no other apps; remove the column 'intent'");
    return true;
}

/* Once: who sees the first finds the rest. */
static void stray(struct tp_xf_survey *survey, unsigned row, const char *value)
{
    if (!survey->strays)
        tp_xf_warn(survey->xf, survey->table, row, NULL, value,
                   "'%.60s' stands under no header, so it is passed by; name its column in row 1",
                   value);
    survey->strays = true;
}

bool tp_xf_read_cells(struct tp_xf_survey *survey, const struct tp_workbook_row *from,
                      struct tp_xf_row *row)
{
    struct tp_xf *xf = survey->xf;
    const struct tp_xf_table *table = survey->table;
    size_t count = from->count < table->count ? from->count : table->count;
    struct tp_xf_text *texts[] = {&row->cells.label,
                                  &row->cells.hint,
                                  &row->cells.guidance,
                                  &row->cells.constraint_message,
                                  &row->cells.required_message,
                                  &row->cells.no_app_message};

    *row = (struct tp_xf_row){.number = from->number};
    for (size_t i = 0; i < count; i++) {
        const char *value = tp_workbook_cell(from, i);

        if (!*value || !table->columns[i].count) {
            if (*value && !table->columns[i].header)
                stray(survey, from->number, value);
            continue;
        }
        row->any = true;
        if (!read_cell(survey, row, &table->columns[i], tp_xf_clean(xf, value, !xf->keep_blanks)))
            return false;
    }
    for (size_t i = count; i < from->count; i++) {
        if (*tp_workbook_cell(from, i))
            stray(survey, from->number, tp_workbook_cell(from, i));
    }
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
        tp_xf_settle(xf, texts[i]);
    for (unsigned m = 0; m < TP_XF_MEDIA_COUNT; m++)
        tp_xf_settle(xf, &row->cells.media[m]);
    return true;
}
