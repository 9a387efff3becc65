/* A page made by hand for the auditor, and broken for one rule after another. */
#ifndef TP_TESTS_UNIT_AUDIT_AUDIT_MADE_H
#define TP_TESTS_UNIT_AUDIT_AUDIT_MADE_H

#include "tp_test.h"

#include <stdio.h>
#include <string.h>

#include "audit/audit.h"
#include "audit/rules.h"
#include "kiosk/gfx/display.h"
#include "kiosk/ui/page.h"

static struct audit audit;
static struct audit_report report;
static struct audit_variant variant;

static inline bool nothing(const struct audit_variant *asked)
{
    (void)asked;
    return false;
}

static const struct audit_plan plan_none = {nothing, nothing};

static inline int set_up(void **state)
{
    struct tp_error error;

    (void)state;
    memset(&report, 0, sizeof(report));
    if (!audit_open(&audit, "tests/surveys", "build/locale", &plan_none, &report, &error)) {
        (void)fprintf(stderr, "%s\n", error.text);
        return -1;
    }
    variant = (struct audit_variant){.display = 3, .size = TP_SIZE_MEDIUM};
    audit_use(&audit, &variant);
    return 0;
}

static inline int tear_down(void **state)
{
    (void)state;
    audit_close(&audit);
    audit_report_finish(&report);
    return 0;
}

/* A good page: a title, a heading, two answers, Back and Continue. */
static inline void build_good(struct tp_ui *ui)
{
    struct tp_page *page =
        tp_ui_begin(ui, &(struct tp_page_spec){.id = "good", .title = "A survey", .progress = 0.4});
    struct tp_node *body = tp_page_body(page), *list;
    struct tp_error error;

    (void)tp_ui_heading(body, tp_words("How do you usually travel to the library?"));
    (void)tp_ui_text(body, TP_STYLE_BODY,
                     tp_words("We ask so that buses run when you need them, "
                              "and so that you can always get in and out."));
    list = tp_ui_choices(body);
    (void)tp_ui_choice(list, &(struct tp_answer){.id = "bus",
                                                 .label = tp_words("By bus"),
                                                 .mark = TP_MARK_RADIO,
                                                 .chosen = true,
                                                 .action = {.id = 1}});
    (void)tp_ui_choice(list, &(struct tp_answer){.id = "car",
                                                 .label = tp_words("By car"),
                                                 .mark = TP_MARK_RADIO,
                                                 .action = {.id = 1}});
    (void)tp_page_back(page, "Back", (struct tp_action){.id = 1});
    (void)tp_page_primary(page, "Continue", (struct tp_action){.id = 1});
    if (!tp_ui_end(ui, &error))
        fail_msg("%s", error.text);
}

static const struct audit_rule *rule_of(const char *id, const char *name)
{
    for (size_t i = 0; i < audit_rule_count; i++)
        if (strcmp(audit_rules[i].id, id) == 0 && strcmp(audit_rules[i].name, name) == 0)
            return &audit_rules[i];
    fail_msg("there is no rule %s %s", id, name);
    return NULL;
}

static inline struct audit_page *see(void)
{
    struct audit_page *page = &audit.page;

    page->audit = &audit;
    page->name = "made/question:travel";
    page->subject = "made";
    page->variant = &audit.variant;
    page->screen = audit.app->screen;
    assert_true(audit_see(page, audit.app->ui));
    return page;
}

static inline struct audit_page *see_good(void)
{
    build_good(audit.app->ui);
    return see();
}

static inline SDL_Surface *draw(struct audit_page *page)
{
    SDL_Surface *canvas = tp_surface_create(page->screen.width, page->screen.height);
    SDL_Rect rects[TP_UI_DIRTY_MAX];
    int count;

    assert_non_null(canvas);
    tp_ui_redraw_all(audit.app->ui);
    tp_ui_draw(audit.app->ui, canvas, rects, &count);
    SDL_FreeSurface(audit.canvas);
    audit.canvas = page->canvas = canvas;
    return canvas;
}

static inline struct tp_seen *box_of(struct audit_page *page, const char *id)
{
    for (size_t i = 0; i < page->count; i++)
        if (strcmp(page->boxes[i].seen.id, id) == 0)
            return &page->boxes[i].seen;
    fail_msg("there is no '%s'", id);
    return NULL;
}

static inline struct tp_seen *text_of(struct audit_page *page, enum tp_style style)
{
    for (size_t i = 0; i < page->count; i++)
        if (page->boxes[i].seen.kind == TP_KIND_TEXT && page->boxes[i].seen.text_count &&
            page->boxes[i].seen.texts[0].style == style &&
            page->boxes[i].seen.place == TP_PLACE_BODY)
            return &page->boxes[i].seen;
    fail_msg("there is no such text");
    return NULL;
}

static inline size_t ask(struct audit_page *page, const char *id, const char *name)
{
    size_t before = report.count;

    page->rule = rule_of(id, name);
    if (page->rule->layout)
        page->rule->layout(page);
    else
        page->rule->pixels(page);
    return report.count - before;
}

/* The rule says nothing of the page as it is, and names the fault once the page is broken. */
#define HOLDS(page, id, name) assert_int_equal(ask(page, id, name), 0)

static inline void broken(struct audit_page *page, const char *id, const char *name,
                          const char *thing, const char *told)
{
    size_t before = report.count;
    char rule[64];

    assert_true(ask(page, id, name) > 0);
    (void)snprintf(rule, sizeof(rule), "%s %s", id, name);
    assert_string_equal(report.faults[before].rule, rule);
    assert_string_equal(report.faults[before].thing, thing);
    if (!strstr(report.faults[before].told, told))
        fail_msg("'%s' does not say '%s'", report.faults[before].told, told);
}

#define EACH(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

#endif
