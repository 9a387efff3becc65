/* See workbook.h: a folder's survey. */
#include <dirent.h>
#include <stdlib.h>
#include <strings.h>
#include <unistd.h>

#include "base/mem.h"
#include "form/workbook.h"

bool tp_workbook_is_source(const char *file_name)
{
    enum tp_workbook_format format = tp_workbook_format_of(file_name);

    return *file_name != '.' && strncasecmp(file_name, "README", 6) != 0 &&
           (format == TP_WORKBOOK_XLSX || format == TP_WORKBOOK_MARKDOWN ||
            format == TP_WORKBOOK_CSV);
}

static int is_source(const struct dirent *entry)
{
    return tp_workbook_is_source(entry->d_name);
}

char *tp_workbook_find(const char *folder)
{
    struct dirent **entries = NULL;
    char *path = tp_asprintf("%s/form.xml", folder);
    int count;

    if (!path || access(path, F_OK) == 0)
        return path;
    tp_free(path);
    path = NULL;
    count = scandir(folder, &entries, is_source, alphasort);
    for (int i = 0; i < count; i++) {
        if (!path)
            path = tp_asprintf("%s/%s", folder, entries[i]->d_name);
        free(entries[i]);
    }
    free(entries);
    return path;
}
