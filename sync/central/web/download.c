/* How responses are downloaded: as what, with what words, in which language. */
#include <stdio.h>
#include <string.h>

#include "central/data/forms.h"
#include "central/export/tree.h"
#include "central/web/fields.h"
#include "central/web/page.h"
#include "central/web/web.h"

#define LANGUAGES_MAX 32u
#define LANGUAGE_MAX 64u

struct languages {
    char names[LANGUAGES_MAX][LANGUAGE_MAX];
    size_t count;
};

/* The newest version's, as the workbook calls them: "Polish (pl)". */
static bool list_languages(void *context, const char *version, const void *xml, size_t length)
{
    struct languages *languages = context;
    xmlDocPtr doc = tp_tree_read("the form", xml, length, NULL);
    const xmlNode *html = doc ? xmlDocGetRootElement(doc) : NULL;
    const xmlNode *model = tp_tree_child(tp_tree_child(html, "head"), "model");
    const xmlNode *one = tp_tree_child(tp_tree_child(model, "itext"), "translation");

    (void)version;
    for (; one && languages->count < LANGUAGES_MAX; one = tp_tree_next(one)) {
        const char *name = tp_tree_attribute(one, "lang");

        if (name && *name && strlen(name) < LANGUAGE_MAX)
            (void)snprintf(languages->names[languages->count++], LANGUAGE_MAX, "%s", name);
    }
    xmlFreeDoc(doc);
    return false;
}

static void language_field(struct tp_html *html, const struct languages *languages)
{
    struct tp_option options[LANGUAGES_MAX];

    for (size_t i = 0; i < languages->count; i++)
        options[i] = (struct tp_option){languages->names[i], languages->names[i]};
    if (languages->count > 1)
        tp_page_select(html, "language", "Language of the words", NULL, options, languages->count,
                       NULL);
}

static void show(const struct tp_central *central, struct tp_exchange *exchange,
                 const struct tp_form_row *form, const struct languages *languages)
{
    static const char *const formats[] = {
        "excel", "Excel", "csv", "CSV, for statistics programs", "json", "JSON, for programmers",
        NULL};
    static const char *const words[] = {"yes", "What people read", "no",
                                        "The codes of the workbook", NULL};
    static const char *const practice[] = {"no", "No", "yes", "Yes; a column marks them", NULL};
    char path[TP_PAGE_PATH_MAX];
    struct tp_html html;

    tp_page_begin(central, exchange, &html, 200, TP_SECTION_RESPONSES, "Download responses");
    tp_html_open(&html, "form", "method", "get", "action",
                 tp_page_path(path, "/responses/", form->id, "/download"), "class", "panel narrow",
                 NULL);
    tp_html_element(&html, "p", form->title, "class", "lead strong", NULL);
    tp_page_choice(&html, "format", "For", formats, "excel");
    tp_page_choice(&html, "labels", "Answers to choices as", words, "yes");
    language_field(&html, languages);
    tp_page_choice(&html, "practice", "With answers given for practice", practice, "no");
    tp_html_element(&html, "button", "Download", "class", "button", NULL);
    tp_html_close(&html);
    tp_html_element(&html, "p",
                    "The file holds what people wrote. Keep it where only your team can open it, "
                    "and delete it when the survey's retention says so.",
                    "class", "hint", NULL);
    tp_page_end(&html);
}

enum tp_next tp_web_download_page(struct tp_central *central, struct tp_exchange *exchange)
{
    struct tp_sql *db = tp_sql_pool_take(central->readers);
    struct languages languages = {.count = 0};
    struct tp_form_row form;
    bool found = false;
    bool ok = tp_forms_get(db, exchange->names[0], &form, &found, NULL) &&
              (!found || tp_forms_versions(db, form.id, list_languages, &languages, NULL));

    tp_sql_pool_give(central->readers, db);
    if (!ok)
        tp_page_not_ready(exchange);
    else if (!found)
        tp_respond_problem(exchange, 404, "there is no such survey");
    else
        show(central, exchange, &form, &languages);
    return TP_RESPOND;
}
