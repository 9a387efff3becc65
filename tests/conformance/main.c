#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/file.h"
#include "conformance.h"

#define LINES_MAX ((size_t)256 * 1024 * 1024)

void tally_add(struct tally *tally, bool agreed, bool passed, json_t *id, const char *what,
               const char *why)
{
    const char *reason = passed ? NULL : deliberate(tally->name, what, why);
    json_t *miss;

    tally->all++;
    tally->passed += passed;
    tally->agreed += agreed;
    tally->agreed_passed += agreed && passed;
    if (passed)
        return;
    tally->deliberate += reason != NULL;
    miss = json_pack("{s:s, s:O?, s:s, s:s, s:b, s:s?}", "kind", tally->name, "id", id, "case",
                     what, "why", why, "agreed", agreed, "deliberate", reason);
    if (miss)
        (void)json_dumpf(miss, tally->misses, JSON_COMPACT | JSON_PRESERVE_ORDER);
    (void)fputc('\n', tally->misses);
    json_decref(miss);
}

void tally_print(const struct tally *tally)
{
    (void)printf("conformance %s: %u of %u agreed, %u of %u all\n", tally->name,
                 tally->agreed_passed, tally->agreed, tally->passed, tally->all);
}

bool each_line(const char *folder, const char *name, void (*each)(json_t *row, struct tally *tally),
               struct tally *tally)
{
    struct tp_buf bytes;
    struct tp_error error;
    char path[4096];
    char *line;

    (void)snprintf(path, sizeof(path), "%s/%s", folder, name);
    tp_buf_init(&bytes, LINES_MAX);
    if (!tp_file_read(path, &bytes, &error)) {
        (void)fprintf(stderr, "conformance: %s: skipped: %s\n", name, error.text);
        tp_buf_finish(&bytes);
        return false;
    }
    for (line = bytes.data; line && *line;) {
        char *end = strchr(line, '\n');
        json_t *row =
            json_loadb(line, end ? (size_t)(end - line) : strlen(line), JSON_ALLOW_NUL, NULL);

        if (row)
            each(row, tally);
        else
            (void)fprintf(stderr, "conformance: %s has a line that is no JSON\n", name);
        json_decref(row);
        line = end ? end + 1 : NULL;
    }
    tp_buf_finish(&bytes);
    return true;
}

/* usage: run FOLDER MISSES [KIND...] */
int main(int argc, char **argv)
{
    static const struct {
        const char *name;
        void (*run)(const char *folder, struct tally *tally);
    } kinds[] = {
        {"xpath", run_xpath},
        {"sessions", run_sessions},
        {"load", run_load},
        {"workbooks", run_workbooks},
    };
    struct tally tallies[sizeof(kinds) / sizeof(kinds[0])] = {0};
    FILE *misses;

    if (argc < 3) {
        (void)fprintf(stderr, "usage: %s FOLDER MISSES [KIND...]\n", argv[0]);
        return 2;
    }
    misses = fopen(argv[2], "w");
    if (!misses) {
        (void)fprintf(stderr, "%s: %s\n", argv[2], strerror(errno));
        return 1;
    }
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
        bool wanted = argc == 3;

        for (int a = 3; a < argc; a++)
            wanted = wanted || !strcmp(argv[a], kinds[i].name);
        tallies[i] = (struct tally){.name = kinds[i].name, .misses = misses};
        if (wanted)
            kinds[i].run(argv[1], &tallies[i]);
    }
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
        tally_print(&tallies[i]);
    return fclose(misses) ? 1 : 0;
}
