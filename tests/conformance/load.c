/* forms/index.jsonl: real XForms. What JavaRosa loads must load, or be refused by name. */
#include <string.h>

#include "base/clock.h"
#include "base/random.h"
#include "conformance.h"
#include "form/form.h"
#include "form/session.h"

static const char *folder_of_data;

static bool opens(const struct tp_form *form, struct tp_error *error)
{
    struct tp_clock_fake clock = {.wall = INT64_C(1795349205000)};
    uint64_t seed = 1;
    const struct tp_session_params params = {.clock = tp_clock_from_fake(&clock),
                                             .random = tp_random_seeded(&seed)};
    struct tp_session *session = NULL;
    bool ok = tp_session_create(form, &params, &session, error);

    tp_session_destroy(session);
    return ok;
}

static void one(json_t *row, struct tally *tally)
{
    const char *file = json_string_value(json_object_get(row, "file"));
    json_t *loads = json_object_get(row, "loads_in_javarosa");
    const struct tp_form_params params = {.media_may_be_missing = true};
    struct tp_form *form = NULL;
    struct tp_error error = {0};
    char path[4096];
    bool ok;

    if (!file || !loads || !strstr(file, ".xml"))
        return;
    (void)snprintf(path, sizeof(path), "%s/forms/%s", folder_of_data, file);
    ok = tp_form_load_file(path, &params, &form, &error) && opens(form, &error);
    tp_form_destroy(form);
    tally_add(tally, json_is_true(loads),
              ok || error.code == TP_ERR_UNSUPPORTED || !json_is_true(loads), NULL, file,
              error.text);
}

void run_load(const char *folder, struct tally *tally)
{
    folder_of_data = folder;
    (void)each_line(folder, "forms/index.jsonl", one, tally);
}
