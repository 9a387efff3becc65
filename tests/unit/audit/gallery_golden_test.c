/*
 * Every kind of question as it was found right: each question page of surveys/gallery, all parts of
 * it, as people find it and in Easy Read. TP_GOLDEN_UPDATE=1 writes the pictures (tests/golden.h).
 */
#include "tp_test.h"

#include <stdio.h>
#include <string.h>

#include "golden_page.h"

#define QUESTION "gallery/question:"

/* The library PC, whose pictures are small and whose pages are mostly whole. */
static const struct audit_variant variants[] = {
    {.display = 3, .size = TP_SIZE_MEDIUM, .theme = TP_THEME_STANDARD},
    {.display = 3, .size = TP_SIZE_MEDIUM, .theme = TP_THEME_STANDARD, .easy_read = true},
};

struct looking {
    size_t pages, pictures;
    bool same;
};

static void look(void *context, struct audit_page *page)
{
    struct looking *looking = context;
    const char *kind = page->name + strlen(QUESTION);

    if (strncmp(page->name, QUESTION, strlen(QUESTION)) != 0 || strchr(kind, '+'))
        return;
    looking->pages++;
    for (size_t part = 0; part < page->parts; part++) {
        char name[256];

        (void)snprintf(name, sizeof(name), "gallery/%.150s%s-%zu", kind,
                       page->variant->easy_read ? "-easy-read" : "", part + 1);
        tp_ui_show_part(page->audit->app->ui, part);
        looking->same = golden_page(page, name) && looking->same;
        looking->pictures++;
    }
    tp_ui_show_part(page->audit->app->ui, 0);
}

static bool nothing(const struct audit_variant *variant)
{
    (void)variant;
    return false;
}

static void walk(const struct audit_variant *variant, struct looking *looking)
{
    static const struct audit_plan plan = {nothing, nothing};
    struct audit_report report = {0};
    struct tp_error error;
    struct audit audit;
    const char *subject;

    if (!audit_open(&audit, "surveys", "build/locale", &plan, &report, &error))
        fail_msg("%s", error.text);
    audit.shown = look;
    audit.context = looking;
    audit_use(&audit, variant);
    for (size_t i = 0; (subject = audit_subject(&audit, i)); i++)
        if (strcmp(subject, "gallery") == 0 && !audit_walk(&audit, i, &error))
            fail_msg("%s", error.text);
    audit_close(&audit);
    audit_report_finish(&report);
}

static size_t pictures_kept(void)
{
    FILE *names = popen("find tests/golden/gallery -name '*.png' | wc -l", "r");
    size_t count = 0;

    assert_non_null(names);
    assert_int_equal(fscanf(names, "%zu", &count), 1);
    (void)pclose(names);
    return count;
}

static void every_kind_of_question_is_as_it_was_found_right(void **state)
{
    struct looking looking = {.same = true};

    (void)state;
    for (size_t i = 0; i < sizeof(variants) / sizeof(variants[0]); i++)
        walk(&variants[i], &looking);
    assert_true(looking.pages > 100);
    assert_true(looking.same);
    /* None is left of a question that is gone. */
    assert_int_equal(pictures_kept(), looking.pictures);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_kind_of_question_is_as_it_was_found_right),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
