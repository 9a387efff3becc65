#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "agent/do/stick.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/utf8.h"

/* What is told of a name. */
#define SHOWN_MAX 61u

struct names {
    char **names; /* owned */
    size_t count;
};

static void finish(struct names *names)
{
    for (size_t i = 0; i < names->count; i++)
        tp_free(names->names[i]);
    tp_free(names->names);
}

static bool add(struct names *names, const char *name)
{
    char **longer = tp_realloc(names->names, names->count + 1, sizeof(*longer));

    if (!longer)
        return false;
    names->names = longer;
    names->names[names->count] = tp_strdup(name);
    return names->names[names->count] && ++names->count;
}

/* Hidden files are what other systems leave on a stick, or what was not finished. */
static bool is_wanted(const char *name, const char *ending)
{
    size_t length = strlen(name);
    size_t tail = strlen(ending);

    return name[0] != '.' && length > tail && strcmp(name + length - tail, ending) == 0;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static bool list(const char *folder, const char *ending, struct names *names,
                 struct tp_error *error)
{
    DIR *dir = opendir(folder);
    struct dirent *entry = NULL;
    bool ok = true;

    if (!dir)
        return errno == ENOENT || tp_fail_errno(error, errno, "cannot read '%s'", folder);
    while (ok && names->count < TP_STICK_FILES_MAX) {
        errno = 0;
        entry = readdir(dir);
        if (!entry)
            break;
        if (is_wanted(entry->d_name, ending))
            ok = add(names, entry->d_name) || tp_fail_memory(error);
    }
    if (!entry && errno)
        ok = tp_fail_errno(error, errno, "cannot read '%s'", folder);
    (void)closedir(dir);
    if (names->count)
        qsort(names->names, names->count, sizeof(*names->names), by_name);
    return ok;
}

bool tp_stick_read(const char *path, struct tp_buf *out, struct tp_error *error)
{
    struct stat status;

    if (lstat(path, &status) == 0 && !S_ISREG(status.st_mode))
        return tp_fail(error, TP_ERR_INVALID, "it is not a file");
    return tp_file_read(path, out, error);
}

bool tp_stick_has_room(const struct tp_stick *stick, uint64_t bytes, struct tp_error *error)
{
    uint64_t free_bytes = 0;

    return tp_store_disk_free(stick->store, &free_bytes, error) &&
           (free_bytes >= stick->free_min + bytes ||
            tp_fail(error, TP_ERR_LIMIT,
                    "left on the stick, for this screen's disk is nearly full and the room is kept "
                    "for its own answers"));
}

bool tp_stick_each(const struct tp_stick *stick, const char *folder, const char *ending,
                   bool (*visit)(void *context, const char *path), void *context,
                   struct tp_error *error)
{
    struct names names = {0};
    char path[TP_STICK_PATH_MAX];
    bool ok;

    (void)snprintf(path, sizeof(path), "%s/" TP_STICK_ROOT "/%s", stick->folder, folder);
    ok = list(path, ending, &names, error);
    for (size_t i = 0; ok && i < names.count; i++) {
        struct stat status;
        int length = snprintf(path, sizeof(path), "%s/" TP_STICK_ROOT "/%s/%s", stick->folder,
                              folder, names.names[i]);

        /* No links and no pipes. */
        if (length < 0 || (size_t)length >= sizeof(path) || lstat(path, &status) != 0 ||
            !S_ISREG(status.st_mode))
            continue;
        if (stick->may_go_on && !stick->may_go_on(stick->context))
            break;
        ok = visit(context, path);
    }
    finish(&names);
    return ok;
}

void tp_stick_refuse(struct tp_stick_report *report, const char *path, const char *why)
{
    const char *name = strrchr(path, '/');
    char shown[SHOWN_MAX];

    report->refused++;
    tp_utf8_to_words(name ? name + 1 : path, shown, sizeof(shown));
    (void)snprintf(report->words, sizeof(report->words), "'%s': %.160s", shown, why);
}
