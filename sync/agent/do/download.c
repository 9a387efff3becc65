#include "agent/do/download.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "agent/do/fetch.h"
#include "agent/do/packages.h"
#include "agent/wire/form_list.h"
#include "agent/wire/xml.h"
#include "base/file.h"

#define LIST_TOTAL_S 120L
#define WHAT_MAX 400

struct job {
    const struct tp_download *download;
    struct tp_download_end *end;
    bool over; /* the store or the caller ended it */
};

static void say(struct job *job, const char *words)
{
    (void)snprintf(job->end->words, sizeof(job->end->words), "%.*s", TP_VERDICT_WORDS_MAX - 1,
                   words);
}

/* The store's answer to any request of the download: PAUSE and BARRED end the whole. */
static void take_verdict(struct job *job, const struct tp_verdict *verdict, int64_t retry_after_s)
{
    say(job, verdict->words);
    if (verdict->kind == TP_VERDICT_LATER)
        return;
    job->end->kind = verdict->kind;
    job->end->retry_after_s = retry_after_s;
    job->over = true;
}

/* A small document. On success `answer` holds it and is finished by the caller. */
static bool get(struct job *job, const char *url, const char *what, struct tp_http_answer *answer)
{
    struct tp_http_request request = {
        .method = "GET", .url = url, .answer_max = TP_XML_BYTES_MAX, .total_s = LIST_TOTAL_S};
    struct tp_verdict verdict;
    struct tp_error error;

    if (!tp_http_call(job->download->http, &request, answer, &error)) {
        say(job, error.text);
        return false;
    }
    if (tp_exchange_is_contact(&answer->exchange))
        job->end->contact = true;
    if (tp_verdict_of_get(&answer->exchange, what, &verdict))
        return true;
    take_verdict(job, &verdict, answer->retry_after_s);
    tp_http_answer_finish(answer);
    return false;
}

static bool get_manifest(struct job *job, const struct tp_listed_form *form,
                         struct tp_manifest *manifest)
{
    char what[WHAT_MAX];
    char url[TP_HTTP_URL_MAX];
    struct tp_http_answer answer;
    struct tp_error error;
    bool ok;

    *manifest = (struct tp_manifest){0};
    if (!form->manifest_url || !*form->manifest_url)
        return true;
    (void)snprintf(what, sizeof(what), "the manifest of '%s'", form->id);
    if (!tp_http_url(job->download->http, form->manifest_url, url, &error)) {
        tp_fail_prefix(&error, "%s", what);
        say(job, error.text);
        return false;
    }
    if (!get(job, url, what, &answer))
        return false;
    ok = tp_manifest_read(tp_buf_text(&answer.body), answer.body.length, manifest, &error);
    tp_http_answer_finish(&answer);
    if (!ok) {
        tp_fail_prefix(&error, "%s", what);
        say(job, error.text);
    }
    return ok;
}

/* What one file needs to be fetched. */
struct wanted {
    const struct tp_listed_form *form;
    const char *package;
    const char *name;
    const char *md5;
    const char *reference;
};

/* The same bytes under the same name in the package in use need not travel again. */
static bool take_from_current(const struct job *job, const struct wanted *wanted, const char *path)
{
    char current[TP_PACKAGE_NAME_MAX];
    char old[TP_PACKAGE_PATH_MAX];

    return tp_packages_current(job->download->state, wanted->form->id, current) &&
           tp_packages_path(job->download->state, false, current, wanted->name, old, NULL) &&
           tp_file_has_md5(old, wanted->md5) && link(old, path) == 0;
}

static uint64_t size_of(const char *path)
{
    struct stat status;

    return stat(path, &status) == 0 && status.st_size > 0 ? (uint64_t)status.st_size : 0;
}

static bool get_file(struct job *job, const struct wanted *wanted, uint64_t *bytes)
{
    char what[WHAT_MAX];
    char hidden[TP_MEDIA_NAME_MAX + 8];
    char partial[TP_PACKAGE_PATH_MAX];
    char path[TP_PACKAGE_PATH_MAX];
    struct tp_fetch fetch = {.http = job->download->http,
                             .reference = wanted->reference,
                             .md5 = wanted->md5,
                             .partial = partial,
                             .path = path,
                             .what = what,
                             .bytes_max = TP_FETCH_BYTES_MAX,
                             .free_min = job->download->free_min};
    struct tp_verdict verdict;
    struct tp_error error;
    int64_t retry_after_s = -1;

    (void)snprintf(what, sizeof(what), "'%s' of '%s'", wanted->name, wanted->form->id);
    (void)snprintf(hidden, sizeof(hidden), ".%s.part", wanted->name);
    if (!tp_packages_path(job->download->state, true, wanted->package, wanted->name, path,
                          &error) ||
        !tp_packages_path(job->download->state, true, wanted->package, hidden, partial, &error)) {
        say(job, error.text);
        return false;
    }
    if (!tp_file_has_md5(path, wanted->md5)) {
        if (!take_from_current(job, wanted, path)) {
            if (TP_PACKAGE_BYTES_MAX - *bytes < fetch.bytes_max)
                fetch.bytes_max = TP_PACKAGE_BYTES_MAX - *bytes;
            switch (tp_fetch_file(&fetch, &verdict, &retry_after_s, &error)) {
            case TP_FETCH_DONE:
                break;
            case TP_FETCH_REFUSED:
                take_verdict(job, &verdict, retry_after_s);
                return false;
            case TP_FETCH_FAILED:
            default:
                say(job, error.text);
                return false;
            }
        }
    }
    *bytes += size_of(path);
    return true;
}

static bool may_go_on(struct job *job)
{
    if (!job->over && job->download->between && !job->download->between(job->download->context))
        job->over = true;
    return !job->over;
}

static bool get_files(struct job *job, const struct tp_listed_form *form, const char *package,
                      const struct tp_manifest *manifest)
{
    struct wanted wanted = {.form = form,
                            .package = package,
                            .name = "form.xml",
                            .md5 = form->md5,
                            .reference = form->url};
    uint64_t bytes = 0;

    if (!get_file(job, &wanted, &bytes))
        return false;
    for (size_t i = 0; i < manifest->count; i++) {
        wanted.name = manifest->media[i].name;
        wanted.md5 = manifest->media[i].md5;
        wanted.reference = manifest->media[i].url;
        if (!may_go_on(job) || !get_file(job, &wanted, &bytes))
            return false;
    }
    return true;
}

static bool build(struct job *job, const struct tp_listed_form *form, const char *package,
                  const struct tp_manifest *manifest)
{
    char path[TP_PACKAGE_PATH_MAX];
    struct tp_error error = {0};
    const char *state = job->download->state;

    if (!tp_packages_path(state, true, package, NULL, path, &error) ||
        !tp_dir_make(path, 0755, &error)) {
        say(job, error.text);
        return false;
    }
    if (!get_files(job, form, package, manifest))
        return false;
    if (tp_packages_path(state, true, package, TP_PACKAGE_VERSION_FILE, path, &error) &&
        tp_file_write_atomic(path, form->version, strlen(form->version), 0644, &error) &&
        tp_packages_finish(state, package, &error))
        return true;
    say(job, error.text);
    return false;
}

static bool bring(struct job *job, const struct tp_listed_form *form)
{
    const char *state = job->download->state;
    char package[TP_PACKAGE_NAME_MAX];
    char current[TP_PACKAGE_NAME_MAX] = "";
    struct tp_manifest manifest;
    struct tp_error error = {0};
    bool ok;

    if (form->problem) {
        say(job, form->problem);
        return false;
    }
    if (!get_manifest(job, form, &manifest))
        return false;
    ok = tp_package_name(form, &manifest, package, &error);
    if (!ok)
        say(job, error.text);
    ok = ok && (tp_packages_has(state, package, &manifest) || build(job, form, package, &manifest));
    tp_manifest_finish(&manifest);
    if (!ok)
        return false;
    (void)tp_packages_current(state, form->id, current);
    if (strcmp(current, package) == 0)
        return true;
    if (!tp_packages_switch(state, form->id, package, tp_clock_wall_ms(job->download->clock),
                            &error)) {
        say(job, error.text);
        return false;
    }
    job->end->switched++;
    return true;
}

static bool get_list(struct job *job, struct tp_form_list *list)
{
    struct tp_http_answer answer;
    char url[TP_HTTP_URL_MAX];
    struct tp_error error;
    bool ok;

    if (!tp_http_path(job->download->http, "/formList", url, &error)) {
        say(job, error.text);
        return false;
    }
    if (!get(job, url, "the form list", &answer))
        return false;
    ok = tp_form_list_read(tp_buf_text(&answer.body), answer.body.length, list, &error);
    if (!ok)
        say(job, error.text);
    tp_http_answer_finish(&answer);
    return ok;
}

void tp_download_surveys(const struct tp_download *download, struct tp_download_end *end)
{
    struct job job = {.download = download, .end = end};
    int64_t now_ms = tp_clock_wall_ms(download->clock);
    struct tp_form_list list;
    struct tp_error error = {0};

    *end = (struct tp_download_end){.kind = TP_VERDICT_DELIVERED, .retry_after_s = -1};
    if (!tp_packages_init(download->state, &error)) {
        say(&job, error.text);
        end->failed++;
        return;
    }
    if (!get_list(&job, &list)) {
        if (end->kind == TP_VERDICT_DELIVERED)
            end->kind = TP_VERDICT_LATER;
        return;
    }
    if (list.skipped.code != TP_OK) {
        end->failed++;
        say(&job, list.skipped.text);
    }
    for (size_t i = 0; i < list.count && may_go_on(&job); i++)
        if (!bring(&job, &list.forms[i]))
            end->failed++;
    if (!tp_packages_retire(download->state, &list, now_ms, &error) ||
        !tp_packages_sweep(download->state, now_ms, &error)) {
        end->failed++;
        say(&job, error.text);
    }
    tp_form_list_finish(&list);
}
