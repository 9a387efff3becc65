/*
 * talkpoint-audit [--reduced | --display NAME] [SURVEYS [FOLDER [SURVEY]]]: every page in every
 * variant, or in those of one display (variants.c has their names). A line a fault, then "audit: P
 * pages x V variants, N faults". Two processes take the subjects in turn.
 */
#include <errno.h>
#include <glob.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "audit/audit.h"
#include "base/file.h"
#include "base/mem.h"

#define PROCESSES 2
#define SUBJECTS_MAX 256

/* Between the processes. */
struct shared {
    atomic_size_t next;
    size_t pages[SUBJECTS_MAX], faults[SUBJECTS_MAX], laid_out[SUBJECTS_MAX], drawn[SUBJECTS_MAX];
};

struct job {
    const char *surveys, *folder, *only;
    const struct audit_plan *plan;
    struct shared *shared;
};

static char *lines_path(const struct job *job, size_t subject)
{
    return tp_asprintf("%s/subject-%03zu.txt", job->folder, subject);
}

static bool write_lines(const struct job *job, struct audit_report *report, size_t subject,
                        struct tp_error *error)
{
    char *path = lines_path(job, subject);
    FILE *out = path ? fopen(path, "w") : NULL;
    bool ok = out != NULL;

    if (out) {
        audit_report_write(report, out);
        ok = fclose(out) == 0;
    }
    if (!ok)
        (void)tp_fail(error, TP_ERR_IO, "'%s' cannot be written", path ? path : "?");
    tp_free(path);
    return ok;
}

static bool audit_one(const struct job *job, struct audit *audit, size_t subject,
                      struct tp_error *error)
{
    struct audit_report report = {.folder = job->folder};
    struct audit_variant variant = {0};
    bool started = false, ok = true;

    audit->report = &report;
    audit->laid_out = audit->drawn = 0;
    while (ok && audit_plan_next(job->plan, &variant, &started)) {
        audit_use(audit, &variant);
        ok = audit_walk(audit, subject, error);
    }
    ok = ok && write_lines(job, &report, subject, error);
    job->shared->pages[subject] = report.page_count;
    job->shared->faults[subject] = report.count;
    job->shared->laid_out[subject] = audit->laid_out;
    job->shared->drawn[subject] = audit->drawn;
    audit->report = NULL;
    audit_report_finish(&report);
    return ok;
}

static bool work(const struct job *job)
{
    struct audit audit;
    struct audit_report none = {0};
    struct tp_error error;
    size_t subject;
    bool ok = audit_open(&audit, job->surveys, NULL, job->plan, &none, &error);

    while (ok && (subject = atomic_fetch_add(&job->shared->next, 1)) < SUBJECTS_MAX &&
           audit_subject(&audit, subject)) {
        if (!job->only || strcmp(job->only, audit_subject(&audit, subject)) == 0)
            ok = audit_one(job, &audit, subject, &error);
    }
    if (!ok) {
        char variant[AUDIT_VARIANT_NAME_MAX];

        audit_variant_name(&audit.variant, variant);
        (void)fprintf(stderr, "audit: %s, in %s: %s\n", audit.subject ? audit.subject : "start",
                      variant, error.text);
    }
    audit_close(&audit);
    return ok;
}

static bool work_apart(const struct job *job)
{
    pid_t children[PROCESSES];
    bool ok = true;

    for (size_t i = 0; i < PROCESSES; i++) {
        children[i] = fork();
        if (children[i] == 0)
            _exit(work(job) ? 0 : 1);
    }
    for (size_t i = 0; i < PROCESSES; i++) {
        int status = 1;

        if (children[i] < 0 || waitpid(children[i], &status, 0) < 0 || status != 0)
            ok = false;
    }
    return ok;
}

static void copy_lines(const struct job *job, size_t subject)
{
    char *path = lines_path(job, subject);
    FILE *in = path ? fopen(path, "r") : NULL;
    char buffer[4096];
    size_t count;

    while (in && (count = fread(buffer, 1, sizeof(buffer), in)) > 0)
        (void)fwrite(buffer, 1, count, stdout);
    if (in)
        (void)fclose(in);
    tp_free(path);
}

static size_t tell(const struct job *job)
{
    size_t pages = 0, faults = 0, laid_out = 0, drawn = 0;

    for (size_t i = 0; i < SUBJECTS_MAX; i++) {
        if (job->shared->faults[i])
            copy_lines(job, i);
        pages += job->shared->pages[i];
        faults += job->shared->faults[i];
        laid_out += job->shared->laid_out[i];
        drawn += job->shared->drawn[i];
    }
    printf("audit: laid out %zu times, drawn %zu times; lines and pictures are in %s\n", laid_out,
           drawn, job->folder);
    printf("audit: %zu pages x %zu variants, %zu faults\n", pages, audit_plan_count(job->plan),
           faults);
    return faults;
}

/* A report that was made before, or nothing yet: no other folder is taken away. */
static bool is_report(const char *folder)
{
    char pattern[512];
    glob_t found;
    bool is;

    if (rmdir(folder) == 0 || errno == ENOENT)
        return true;
    (void)snprintf(pattern, sizeof(pattern), "%s/subject-*.txt", folder);
    is = glob(pattern, 0, NULL, &found) == 0;
    if (is)
        globfree(&found);
    return is;
}

static bool make_folder(const char *folder, struct tp_error *error)
{
    if (!is_report(folder))
        return tp_fail(error, TP_ERR_MISUSE,
                       "'%s' is not a report of the audit, so it is not replaced; name another",
                       folder);
    return tp_dir_remove(folder, error) && tp_dir_make(folder, 0755, error);
}

/* ---- the variants of one display ---- */

static size_t one_display;

static bool is_of_display(const struct audit_variant *variant)
{
    return variant->display == one_display;
}

static bool draw_of_display(const struct audit_variant *variant)
{
    return is_of_display(variant) && audit_plan_all.draw(variant);
}

static const struct audit_plan plan_display = {is_of_display, draw_of_display};

static bool find_display(const char *name)
{
    for (one_display = 0; one_display < AUDIT_DISPLAYS; one_display++)
        if (strcmp(audit_displays[one_display].name, name) == 0)
            return true;
    (void)fprintf(stderr, "audit: there is no display '%s'\n", name);
    return false;
}

int main(int argc, char **argv)
{
    struct job job = {.surveys = "surveys", .folder = "build/audit", .plan = &audit_plan_all};
    struct tp_error error;
    int at = 1;

    if (at < argc && strcmp(argv[at], "--reduced") == 0) {
        job.plan = &audit_plan_reduced;
        at++;
    } else if (at + 1 < argc && strcmp(argv[at], "--display") == 0) {
        job.plan = &plan_display;
        if (!find_display(argv[at + 1]))
            return 2;
        at += 2;
    }
    if (at < argc)
        job.surveys = argv[at++];
    if (at < argc)
        job.folder = argv[at++];
    if (at < argc)
        job.only = argv[at];
    if (!make_folder(job.folder, &error)) {
        (void)fprintf(stderr, "audit: %s\n", error.text);
        return 1;
    }
    job.shared =
        mmap(NULL, sizeof(*job.shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (job.shared == MAP_FAILED) {
        (void)fprintf(stderr, "audit: %s\n", strerror(errno));
        return 1;
    }
    if (!work_apart(&job))
        return 1;
    return tell(&job) == 0 ? 0 : 3;
}
