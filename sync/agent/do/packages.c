#include "agent/do/packages.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/mem.h"
#include "store/encode.h"

#define DIGEST_DIGITS 16
/* A hash and a name for each file, and the version. */
#define LINES_MAX (TP_MEDIA_MAX * (TP_MEDIA_NAME_MAX + 64u) + TP_FORM_TEXT_MAX)
#define TARGET_PREFIX "../packages/"
#define TARGET_MAX (sizeof(TARGET_PREFIX) + TP_PACKAGE_NAME_MAX)
#define PARTIAL_PREFIX ".partial-"
#define PREVIOUS_PREFIX ".previous-"
#define VERSION_MAX (TP_FORM_TEXT_MAX + 2)

static bool path_of(char path[TP_PACKAGE_PATH_MAX], struct tp_error *error, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static bool path_of(char path[TP_PACKAGE_PATH_MAX], struct tp_error *error, const char *format, ...)
{
    va_list args;
    int length;

    va_start(args, format);
    length = vsnprintf(path, TP_PACKAGE_PATH_MAX, format, args);
    va_end(args);
    return (length > 0 && (size_t)length < TP_PACKAGE_PATH_MAX) ||
           tp_fail(error, TP_ERR_LIMIT, "a path longer than %u bytes", TP_PACKAGE_PATH_MAX);
}

bool tp_packages_path(const char *state, bool partial, const char *name, const char *file,
                      char path[TP_PACKAGE_PATH_MAX], struct tp_error *error)
{
    return path_of(path, error, "%s/packages/%s%s%s%s", state, partial ? PARTIAL_PREFIX : "", name,
                   file ? "/" : "", file ? file : "");
}

bool tp_packages_init(const char *state, struct tp_error *error)
{
    char path[TP_PACKAGE_PATH_MAX];

    return path_of(path, error, "%s/forms", state) && tp_dir_make(path, 0755, error) &&
           path_of(path, error, "%s/packages", state) && tp_dir_make(path, 0755, error);
}

static int by_name(const void *a, const void *b)
{
    const struct tp_listed_media *const *one = a;
    const struct tp_listed_media *const *other = b;

    return strcmp((*one)->name, (*other)->name);
}

/* No listed text holds a newline inside a hash or a media name, so the lines cannot be confused;
 * the version, which can hold anything, comes last. */
bool tp_package_name(const struct tp_listed_form *form, const struct tp_manifest *manifest,
                     char name[TP_PACKAGE_NAME_MAX], struct tp_error *error)
{
    const struct tp_listed_media **sorted =
        tp_calloc(manifest->count, sizeof(struct tp_listed_media *));
    char digest[TP_SHA256_TEXT_MAX];
    struct tp_buf lines;
    bool ok;

    if (!sorted)
        return tp_fail_memory(error);
    tp_buf_init(&lines, LINES_MAX);
    for (size_t i = 0; i < manifest->count; i++)
        sorted[i] = &manifest->media[i];
    qsort(sorted, manifest->count, sizeof(struct tp_listed_media *), by_name);
    tp_buf_printf(&lines, "%s\n", form->md5);
    for (size_t i = 0; i < manifest->count; i++)
        tp_buf_printf(&lines, "%s %s\n", sorted[i]->md5, sorted[i]->name);
    ok = tp_buf_puts(&lines, form->version) || tp_fail_memory(error);
    if (ok) {
        tp_sha256_text(tp_buf_text(&lines), lines.length, digest);
        (void)snprintf(name, TP_PACKAGE_NAME_MAX, "%.*s-%.*s", TP_LISTED_ID_MAX, form->id,
                       DIGEST_DIGITS, digest);
    }
    tp_buf_finish(&lines);
    tp_free(sorted);
    return ok;
}

/* The package a link leads to; false where it is not a link of ours. */
static bool read_link(const char *path, char name[TP_PACKAGE_NAME_MAX])
{
    char target[TARGET_MAX];
    ssize_t length = readlink(path, target, sizeof(target));
    const char *base;

    if (length <= 0 || (size_t)length >= sizeof(target))
        return false;
    target[length] = '\0';
    base = strrchr(target, '/');
    base = base ? base + 1 : target;
    if (!*base || *base == '.' || strlen(base) >= TP_PACKAGE_NAME_MAX)
        return false;
    memcpy(name, base, strlen(base) + 1);
    return true;
}

bool tp_packages_current(const char *state, const char *id, char name[TP_PACKAGE_NAME_MAX])
{
    char path[TP_PACKAGE_PATH_MAX];

    return path_of(path, NULL, "%s/forms/%s", state, id) && read_link(path, name);
}

bool tp_packages_has(const char *state, const char *name, const struct tp_manifest *manifest)
{
    char path[TP_PACKAGE_PATH_MAX];
    bool has =
        tp_packages_path(state, false, name, "form.xml", path, NULL) && access(path, R_OK) == 0;

    for (size_t i = 0; has && i < manifest->count; i++)
        has = tp_packages_path(state, false, name, manifest->media[i].name, path, NULL) &&
              access(path, R_OK) == 0;
    return has;
}

bool tp_packages_finish(const char *state, const char *name, struct tp_error *error)
{
    char partial[TP_PACKAGE_PATH_MAX];
    char whole[TP_PACKAGE_PATH_MAX];
    char folder[TP_PACKAGE_PATH_MAX];

    if (!tp_packages_path(state, true, name, NULL, partial, error) ||
        !tp_packages_path(state, false, name, NULL, whole, error) ||
        !path_of(folder, error, "%s/packages", state) || !tp_dir_sync(partial, error))
        return false;
    if (rename(partial, whole) == 0)
        return tp_dir_sync(folder, error);
    /* A package of this name that lost a file: the whole one takes its place. */
    if (errno != ENOTEMPTY && errno != EEXIST)
        return tp_fail_errno(error, errno, "cannot make '%s'", whole);
    if (!tp_dir_remove(whole, error))
        return false;
    if (rename(partial, whole) != 0)
        return tp_fail_errno(error, errno, "cannot make '%s'", whole);
    return tp_dir_sync(folder, error);
}

/* A link that is never half there: made under another name and renamed. */
static bool replace_link(const char *target, const char *path, const char *temporary,
                         struct tp_error *error)
{
    if (unlink(temporary) != 0 && errno != ENOENT)
        return tp_fail_errno(error, errno, "cannot replace '%s'", temporary);
    if (symlink(target, temporary) != 0)
        return tp_fail_errno(error, errno, "cannot make '%s'", temporary);
    if (rename(temporary, path) == 0)
        return true;
    tp_fail_errno(error, errno, "cannot replace '%s'", path);
    (void)unlink(temporary);
    return false;
}

/* From now on the day runs that a package out of use is kept. */
static void stamp(const char *path, int64_t now_ms)
{
    struct timespec times[2] = {{.tv_nsec = UTIME_OMIT}, {.tv_sec = (time_t)(now_ms / 1000)}};

    (void)utimensat(AT_FDCWD, path, times, AT_SYMLINK_NOFOLLOW);
}

static bool keep_as_previous(const char *state, const char *id, const char *name, int64_t now_ms,
                             struct tp_error *error)
{
    char path[TP_PACKAGE_PATH_MAX];
    char link[TP_PACKAGE_PATH_MAX];
    char temporary[TP_PACKAGE_PATH_MAX];

    if (!tp_packages_path(state, false, name, NULL, path, error) ||
        !path_of(link, error, "%s/packages/" PREVIOUS_PREFIX "%s", state, id) ||
        !path_of(temporary, error, "%s/packages/" PREVIOUS_PREFIX "%s.new", state, id))
        return false;
    stamp(path, now_ms);
    return replace_link(name, link, temporary, error);
}

bool tp_packages_switch(const char *state, const char *id, const char *name, int64_t now_ms,
                        struct tp_error *error)
{
    char old[TP_PACKAGE_NAME_MAX];
    char target[TARGET_MAX];
    char folder[TP_PACKAGE_PATH_MAX];
    char link[TP_PACKAGE_PATH_MAX];
    char temporary[TP_PACKAGE_PATH_MAX];
    bool had = tp_packages_current(state, id, old);

    if (had && strcmp(old, name) == 0)
        return true;
    if (had && !keep_as_previous(state, id, old, now_ms, error))
        return false;
    (void)snprintf(target, sizeof(target), TARGET_PREFIX "%s", name);
    return path_of(folder, error, "%s/forms", state) &&
           path_of(link, error, "%s/forms/%s", state, id) &&
           path_of(temporary, error, "%s/forms/.%s.new", state, id) &&
           replace_link(target, link, temporary, error) && tp_dir_sync(folder, error);
}

/* Calls `visit` with every name in a folder but those of "." and "..". */
static bool each_name(const char *folder, bool (*visit)(void *context, const char *name),
                      void *context, struct tp_error *error)
{
    DIR *dir = opendir(folder);
    struct dirent *entry;
    bool ok = true;

    if (!dir)
        return tp_fail_errno(error, errno, "cannot read '%s'", folder);
    while (ok && (entry = readdir(dir)))
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
            ok = visit(context, entry->d_name);
    (void)closedir(dir);
    return ok;
}

struct retiring {
    const char *state;
    const struct tp_form_list *list;
    int64_t now_ms;
    bool any;
    struct tp_error *error;
};

static bool is_listed(const struct tp_form_list *list, const char *id)
{
    for (size_t i = 0; i < list->count; i++)
        if (strcmp(list->forms[i].id, id) == 0)
            return true;
    return false;
}

static bool retire_one(void *context, const char *id)
{
    struct retiring *retiring = context;
    char name[TP_PACKAGE_NAME_MAX];
    char link[TP_PACKAGE_PATH_MAX];

    if (!tp_name_is_form_id(id) || is_listed(retiring->list, id) ||
        !path_of(link, retiring->error, "%s/forms/%s", retiring->state, id) ||
        !read_link(link, name))
        return true;
    if (!keep_as_previous(retiring->state, id, name, retiring->now_ms, retiring->error))
        return false;
    if (unlink(link) != 0 && errno != ENOENT)
        return tp_fail_errno(retiring->error, errno, "cannot remove '%s'", link);
    retiring->any = true;
    return true;
}

bool tp_packages_retire(const char *state, const struct tp_form_list *list, int64_t now_ms,
                        struct tp_error *error)
{
    struct retiring retiring = {.state = state, .list = list, .now_ms = now_ms, .error = error};
    char folder[TP_PACKAGE_PATH_MAX];

    return path_of(folder, error, "%s/forms", state) &&
           each_name(folder, retire_one, &retiring, error) &&
           (!retiring.any || tp_dir_sync(folder, error));
}

struct sweeping {
    const char *state;
    int64_t now_ms;
    struct tp_error *error;
};

/* True where forms/ID or .previous-ID leads to the package, ID being what is before the hash. */
static bool is_kept(const char *state, const char *name)
{
    char id[TP_PACKAGE_NAME_MAX];
    char current[TP_PACKAGE_NAME_MAX];
    char path[TP_PACKAGE_PATH_MAX];
    const char *dash = strrchr(name, '-');
    size_t length = dash ? (size_t)(dash - name) : 0;

    if (length >= sizeof(id))
        return false;
    memcpy(id, name, length);
    id[length] = '\0';
    if (!tp_packages_current(state, id, current))
        return false; /* no longer listed: its previous one goes with it, after its day */
    if (strcmp(current, name) == 0)
        return true;
    return path_of(path, NULL, "%s/packages/" PREVIOUS_PREFIX "%s", state, id) &&
           read_link(path, current) && strcmp(current, name) == 0;
}

static bool sweep_one(void *context, const char *name)
{
    const struct sweeping *sweeping = context;
    char path[TP_PACKAGE_PATH_MAX];
    struct stat status;
    int64_t left_ms;

    if (!path_of(path, sweeping->error, "%s/packages/%s", sweeping->state, name))
        return false;
    if (lstat(path, &status) != 0)
        return true;
    if (S_ISLNK(status.st_mode)) {
        /* .previous-ID to a package that is gone. */
        if (stat(path, &status) != 0 && errno == ENOENT)
            (void)unlink(path);
        return true;
    }
    if (is_kept(sweeping->state, name))
        return true;
    left_ms = (int64_t)status.st_mtim.tv_sec * 1000;
    /* Left in the future: the clock went back. Its day begins now. */
    if (left_ms > sweeping->now_ms + TP_PACKAGE_KEEP_MS)
        stamp(path, sweeping->now_ms);
    else if (sweeping->now_ms - left_ms > TP_PACKAGE_KEEP_MS)
        return tp_dir_remove(path, sweeping->error);
    return true;
}

bool tp_packages_sweep(const char *state, int64_t now_ms, struct tp_error *error)
{
    struct sweeping sweeping = {.state = state, .now_ms = now_ms, .error = error};
    char folder[TP_PACKAGE_PATH_MAX];

    return path_of(folder, error, "%s/packages", state) &&
           each_name(folder, sweep_one, &sweeping, error);
}

struct visiting {
    const char *state;
    void (*visit)(void *context, const char *id, const char *version);
    void *context;
};

static bool visit_one(void *context, const char *id)
{
    const struct visiting *visiting = context;
    char path[TP_PACKAGE_PATH_MAX];
    char name[TP_PACKAGE_NAME_MAX];
    struct tp_buf version;

    if (!tp_name_is_form_id(id) || !tp_packages_current(visiting->state, id, name) ||
        !tp_packages_path(visiting->state, false, name, TP_PACKAGE_VERSION_FILE, path, NULL))
        return true;
    tp_buf_init(&version, VERSION_MAX);
    (void)tp_file_read(path, &version, NULL);
    visiting->visit(visiting->context, id, tp_buf_text(&version));
    tp_buf_finish(&version);
    return true;
}

void tp_packages_each(const char *state,
                      void (*visit)(void *context, const char *id, const char *version),
                      void *context)
{
    struct visiting visiting = {.state = state, .visit = visit, .context = context};
    char folder[TP_PACKAGE_PATH_MAX];

    if (path_of(folder, NULL, "%s/forms", state))
        (void)each_name(folder, visit_one, &visiting, NULL);
}
