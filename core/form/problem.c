#include "form/problem.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "base/utf8.h"

void tp_problems_init(struct tp_problems *problems)
{
    *problems = (struct tp_problems){0};
}

static void problem_finish(struct tp_problem *problem)
{
    tp_free(problem->file);
    tp_free(problem->sheet);
    tp_free(problem->column);
    tp_free(problem->value);
    tp_free(problem->text);
    *problem = (struct tp_problem){0};
}

void tp_problems_finish(struct tp_problems *problems)
{
    if (!problems)
        return;
    for (size_t i = 0; i < problems->count; i++)
        problem_finish(&problems->items[i]);
    tp_free(problems->items);
    *problems = (struct tp_problems){0};
}

static bool grow(struct tp_problems *problems)
{
    size_t capacity = problems->capacity ? problems->capacity * 2 : 8;
    struct tp_problem *items;

    if (problems->count < problems->capacity)
        return true;
    items = tp_realloc(problems->items, capacity, sizeof(*items));
    if (!items)
        return false;
    problems->items = items;
    problems->capacity = capacity;
    return true;
}

/* Copies at most TP_PROBLEM_TEXT_MAX bytes, whole characters only, with "..." where it was cut. */
static bool copy_cut(const char *text, char **copy)
{
    if (!text)
        return true;
    if (strlen(text) <= TP_PROBLEM_TEXT_MAX) {
        *copy = tp_strdup(text);
        return *copy;
    }
    *copy = tp_asprintf("%.*s...", (int)tp_utf8_cut(text, TP_PROBLEM_TEXT_MAX), text);
    return *copy;
}

__attribute__((format(printf, 5, 0))) static void
add(struct tp_problems *problems, struct tp_problem problem, const struct tp_place *place,
    const char *value, const char *format, va_list args)
{
    char text[2 * TP_PROBLEM_TEXT_MAX];

    if (problem.severity == TP_SEVERITY_ERROR)
        problems->errors++;
    else
        problems->warnings++;
    if (problems->count >= TP_PROBLEMS_MAX || !grow(problems))
        return;
    (void)vsnprintf(text, sizeof(text), format, args);
    problem.row = place ? place->row : 0;
    if (!copy_cut(text, &problem.text) || !copy_cut(value, &problem.value) ||
        (place &&
         (!copy_cut(place->file, &problem.file) || !copy_cut(place->sheet, &problem.sheet) ||
          !copy_cut(place->column, &problem.column)))) {
        problem_finish(&problem);
        return;
    }
    problems->items[problems->count++] = problem;
}

void tp_problems_add(struct tp_problems *problems, enum tp_severity severity,
                     const struct tp_place *place, const char *value, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    add(problems, (struct tp_problem){.severity = severity}, place, value, format, args);
    va_end(args);
}

void tp_problems_refuse(struct tp_problems *problems, const struct tp_place *place,
                        const char *value, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    add(problems, (struct tp_problem){.severity = TP_SEVERITY_ERROR, .unsupported = true}, place,
        value, format, args);
    va_end(args);
}

/* Values come from files: a line stays one line, and a terminal is not driven by them. */
static void add_plain(struct tp_buf *out, const char *text)
{
    for (; *text; text++) {
        bool control = tp_utf8_is_control(text);

        (void)tp_buf_putc(out, control ? ' ' : *text);
        text += control && tp_utf8_goes_on(text[1]);
    }
}

bool tp_problem_line(const struct tp_problem *problem, struct tp_buf *out)
{
    const char *separator = "";

    if (problem->file) {
        add_plain(out, problem->file);
        separator = ", ";
    }
    if (problem->sheet) {
        (void)tp_buf_printf(out, "%ssheet ", separator);
        add_plain(out, problem->sheet);
        separator = ", ";
    }
    if (problem->row) {
        (void)tp_buf_printf(out, "%srow %u", separator, problem->row);
        separator = ", ";
    }
    if (problem->column) {
        (void)tp_buf_printf(out, "%scolumn ", separator);
        add_plain(out, problem->column);
        separator = ", ";
    }
    if (*separator)
        (void)tp_buf_puts(out, ": ");
    if (problem->severity == TP_SEVERITY_WARNING)
        (void)tp_buf_puts(out, "warning: ");
    add_plain(out, problem->text);
    return tp_buf_ok(out);
}
