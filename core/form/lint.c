#include "form/lint.h"

#include <string.h>

#include "form/lint_facts.h"
#include "form/lint_form.h"
#include "form/lint_internal.h"

/* ---- questions and choices ---- */

static void check_rules(struct lint *lint, const struct tp_xf_element *element)
{
    struct tp_xf *xf = lint->xf;
    const char *required = tp_xf_attribute(&element->bind, "required");

    if (tp_xf_attribute(&element->bind, "constraint") &&
        !(element->type && element->type->constraint) &&
        !tp_xf_has_text(&element->constraint_message))
        tp_xf_warn(xf, &xf->survey, element->row, tp_xf_header(&xf->survey, "bind", "constraint"),
                   NULL,
                   "there is a constraint and no constraint_message; say what to do: 'Enter a "
                   "number from 0 to 100'");
    if (required && lint->kind == TP_KIND_EQUALITY && tp_xf_yes_no(required) != 0)
        tp_xf_error(xf, &xf->survey, element->row, tp_xf_header(&xf->survey, "bind", "required"),
                    required, "equality questions are never required; remove 'required'");
}

static bool lets_skip(const struct tp_xf_list *list)
{
    for (size_t i = 0; i < list->count; i++) {
        if (strcmp(list->choices[i].name, "not_say") == 0)
            return true;
    }
    return false;
}

/* Names of the shared equality block (surveys/equality); its codes are the Census's. */
static bool is_equality_name(const char *name)
{
    static const char *const names[] = {
        "age_band",           "sex",
        "gender_identity",    "gender_identity_text",
        "ethnic_group",       "ethnic_group_5",
        "ethnic_white",       "ethnic_mixed",
        "ethnic_asian",       "ethnic_black",
        "ethnic_other",       "long_term_condition",
        "condition_effect",   "religion",
        "sexual_orientation", "carer",
    };

    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (strcmp(names[i], name) == 0)
            return true;
    }
    return false;
}

static void check_equality(struct lint *lint, const struct tp_xf_element *element)
{
    struct tp_xf *xf = lint->xf;
    const struct tp_xf_list *list;

    if (lint->kind != TP_KIND_EQUALITY) {
        if (is_equality_name(element->name))
            tp_xf_error(xf, &xf->survey, element->row, tp_xf_header(&xf->survey, "name", NULL),
                        element->name,
                        "'%.60s' is a question of the shared equality block, which follows every "
                        "survey; remove it here and name the block's version on the consultation "
                        "sheet",
                        element->name);
        return;
    }
    list = element->itemset ? tp_xf_list(xf, element->itemset, false) : NULL;
    if (list && !lets_skip(list))
        tp_xf_error(xf, &xf->choices, list->choices[0].row, NULL, list->name,
                    "the list '%.60s' has no choice 'not_say' (Prefer not to say); every equality "
                    "question needs it",
                    list->name);
}

static void check_element(struct lint *lint, const struct tp_xf_element *element)
{
    struct tp_xf *xf = lint->xf;
    const struct tp_xf_table *table = &xf->survey;
    bool shown = tp_xf_is_shown(element);

    if (element->row) {
        tp_lint_text(lint, table, element->row, "label", NULL, &element->label);
        tp_lint_text(lint, table, element->row, "hint", NULL, &element->hint);
        tp_lint_text(lint, table, element->row, "bind", "jr:constraintMsg",
                     &element->constraint_message);
        tp_lint_text(lint, table, element->row, "bind", "jr:requiredMsg",
                     &element->required_message);
        tp_lint_pictures(lint, table, element->row, element->media, shown);
        if (shown)
            tp_lint_clips(lint, table, element->row, &element->label, &element->media[TP_XF_AUDIO]);
        check_rules(lint, element);
        check_equality(lint, element);
    }
    for (size_t i = 0; i < element->child_count; i++)
        check_element(lint, element->children[i]);
}

static bool asks(const struct tp_xf_element *element)
{
    bool any = tp_xf_is_shown(element);

    for (size_t i = 0; !any && i < element->child_count; i++)
        any = asks(element->children[i]);
    return any;
}

static void check_lists(struct lint *lint)
{
    struct tp_xf *xf = lint->xf;

    for (size_t i = 0; i < xf->list_count; i++) {
        const struct tp_xf_list *list = &xf->lists[i];
        const struct tp_xf_table *table = list->external ? &xf->external : &xf->choices;

        for (size_t k = 0; list->used && k < list->count; k++) {
            const struct tp_xf_choice *choice = &list->choices[k];

            if (!choice->row)
                continue;
            tp_lint_text(lint, table, choice->row, "label", NULL, &choice->label);
            /* The rows of a file that search() shows have none; this one names its columns. */
            tp_lint_pictures(lint, table, choice->row, choice->media, !list->searched);
            tp_lint_clips(lint, table, choice->row, &choice->label, &choice->media[TP_XF_AUDIO]);
        }
    }
}

/* ---- the whole ---- */

static bool prepare(struct lint *lint)
{
    struct tp_xf *xf = lint->xf;

    if (!tp_xf_read_settings(xf) || !tp_xf_read_choices(xf) || !tp_xf_read_survey(xf) ||
        !tp_xf_check_tree(xf) || !tp_xf_collect_resources(xf))
        return false;
    return tp_lint_languages(lint);
}

/* The survey's own mistakes were said by the converter; here they go into a list that is dropped.
 */
static bool parse(struct lint *lint, struct tp_problems *problems)
{
    struct tp_problems dropped;
    bool parsed;

    tp_problems_init(&dropped);
    lint->xf->problems = &dropped;
    parsed = prepare(lint);
    if (parsed)
        tp_xf_check_formulas(lint->xf);
    lint->xf->problems = problems;
    lint->converts = parsed && !dropped.errors;
    tp_problems_finish(&dropped);
    return parsed;
}

void tp_lint(const struct tp_workbook *workbook, const struct tp_lint_options *options,
             struct tp_problems *problems)
{
    struct tp_xf xf = {.workbook = workbook, .problems = problems};
    struct lint lint = {.xf = &xf, .options = {.sum_translations = true}};

    if (options)
        lint.options = *options;
    lint.kind = tp_lint_kind(&xf);
    tp_lint_facts(&xf, lint.kind, lint.options.equality_version);
    if (parse(&lint, problems)) {
        if (lint.converts)
            tp_lint_form(&xf);
        if (lint.converts && !asks(xf.root))
            tp_xf_error(&xf, &xf.survey, 0, NULL, NULL,
                        "the survey asks nothing; add its questions under the first row");
        check_element(&lint, xf.root);
        check_lists(&lint);
        tp_lint_each_fact(&xf, tp_lint_fact, &lint);
        tp_lint_has_easy_read(&lint);
        tp_lint_sums(&lint);
    }
    tp_xf_arena_finish(&xf.arena);
}
