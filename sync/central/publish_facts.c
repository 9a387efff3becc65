#include "central/publish_facts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/file.h"
#include "base/mem.h"
#include "central/http/decode.h"
#include "form/consultation.h"
#include "form/form.h"
#include "store/odk.h"

static bool fits(const char *text, size_t size, const char *what, struct tp_error *error)
{
    return (strlen(text) < size && tp_is_line(text, size)) ||
           tp_fail(error, TP_ERR_LIMIT, "the %s is longer than %zu bytes, or not one line", what,
                   size - 1);
}

bool tp_package_name(struct tp_package *package, const char *id, const char *version,
                     const char *title, struct tp_error *error)
{
    if (!*id)
        return tp_fail(error, TP_ERR_INVALID, "the form has no ID");
    if (!fits(id, sizeof(package->id), "form's ID", error) ||
        !fits(version, sizeof(package->version), "version", error) ||
        !fits(title, sizeof(package->title), "title", error))
        return false;
    (void)snprintf(package->id, sizeof(package->id), "%s", id);
    (void)snprintf(package->version, sizeof(package->version), "%s", version);
    (void)snprintf(package->title, sizeof(package->title), "%s", *title ? title : id);
    return true;
}

static void day_text(struct tp_day day, char text[TP_FORM_DAY_MAX])
{
    text[0] = '\0';
    if (day.year)
        (void)snprintf(text, TP_FORM_DAY_MAX, "%04u-%02u-%02u", (unsigned)day.year % 10000u,
                       (unsigned)day.month % 100u, (unsigned)day.day % 100u);
}

/* The facts that must be there before the first question, for a package that no workbook made: a
 * workbook is checked by form/lint.h, with rows and columns. */
static bool has_facts(const struct tp_consultation *facts, struct tp_error *error)
{
    static const char *const needed[] = {"title",           "who",           "why",
                                         "what_happens",    "contact_phone", "contact_email",
                                         "contact_post",    "privacy_short", "privacy_full",
                                         "privacy_version", "retention",     "alternative_formats"};

    if (tp_consultation_kind(facts) != TP_KIND_CONSULTATION)
        return true;
    for (size_t i = 0; i < sizeof(needed) / sizeof(needed[0]); i++) {
        const char *text = tp_consultation_text(facts, needed[i], NULL);

        if (!text || !*text)
            return tp_fail(error, TP_ERR_INVALID,
                           TP_FACTS_NAME
                           " does not say '%s'; a consultation must, before its first "
                           "question",
                           needed[i]);
    }
    return true;
}

static const struct tp_buf *find_facts(const struct tp_package *package)
{
    for (size_t i = 0; i < package->file_count; i++) {
        if (strcmp(package->files[i].name, TP_FACTS_NAME) == 0)
            return &package->files[i].bytes;
    }
    return NULL;
}

bool tp_package_read_facts(struct tp_package *package, struct tp_error *error)
{
    const struct tp_buf *json = find_facts(package);
    struct tp_consultation *facts = NULL;
    bool ok;

    if (!json)
        return tp_fail(error, TP_ERR_NOT_FOUND, "there is no " TP_FACTS_NAME " in the package");
    if (!tp_consultation_parse(tp_buf_text(json), json->length, &facts, error))
        return false;
    ok = has_facts(facts, error);
    if (ok) {
        const char *title = tp_consultation_text(facts, "title", NULL);

        (void)snprintf(package->kind, sizeof(package->kind), "%s",
                       tp_consultation_kind_name(tp_consultation_kind(facts)));
        day_text(tp_consultation_opens(facts), package->opens);
        day_text(tp_consultation_closes(facts), package->closes);
        if (title && *title && strlen(title) < sizeof(package->title))
            (void)snprintf(package->title, sizeof(package->title), "%s", title);
    }
    tp_consultation_destroy(facts);
    return ok;
}

/* ---- does it run? ---- */

static bool is_data(const char *name)
{
    const char *dot = strrchr(name, '.');

    return dot && (strcasecmp(dot, ".csv") == 0 || strcasecmp(dot, ".xml") == 0 ||
                   strcasecmp(dot, ".geojson") == 0);
}

/* The media files that a form reads, written where it can find them. */
static bool write_data(const struct tp_package *package, const char *folder, struct tp_error *error)
{
    for (size_t i = 0; i < package->file_count; i++) {
        const struct tp_package_file *file = &package->files[i];
        char *path;
        bool ok;

        if (!is_data(file->name))
            continue;
        path = tp_asprintf("%s/%s", folder, file->name);
        ok = path ? tp_file_write_atomic(path, tp_buf_text(&file->bytes), file->bytes.length, 0600,
                                         error)
                  : tp_fail_memory(error);
        tp_free(path);
        if (!ok)
            return false;
    }
    return true;
}

bool tp_package_try(struct tp_package *package, struct tp_problems *problems,
                    struct tp_error *error)
{
    char folder[] = "/tmp/talkpoint-publish-XXXXXX";
    const struct tp_form_params params = {.media_dir = folder, .problems = problems};
    struct tp_form *form = NULL;
    bool ok;

    if (!mkdtemp(folder))
        return tp_fail(error, TP_ERR_IO, "cannot make a folder in /tmp");
    ok = write_data(package, folder, error) &&
         tp_form_load(*package->id ? package->id : "form.xml", tp_buf_text(&package->xml),
                      package->xml.length, &params, &form, error) &&
         (!*tp_form_public_key(form) || tp_odk_key_check(tp_form_public_key(form), error)) &&
         (*package->id || tp_package_name(package, tp_form_id(form), tp_form_version(form),
                                          tp_form_title(form), error));
    tp_form_destroy(form);
    (void)tp_dir_remove(folder, NULL);
    return ok;
}
