#include "store/stick_folders.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

/* Room for our folders, a file in them and what its name has while it is written. */
#define NAMES_MAX 128u

bool tp_stick_folders_are_fit(const char *stick, struct tp_error *error)
{
    static const char *const folders[] = {"",         "/answers",       "/receipts",
                                          "/surveys", "/surveys/files", "/notices"};
    char path[TP_STICK_PATH_MAX];

    if (strlen(stick) + NAMES_MAX > sizeof(path))
        return tp_fail(error, TP_ERR_LIMIT, "the stick's folder has too long a name");
    for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++) {
        struct stat status;

        (void)snprintf(path, sizeof(path), "%s/" TP_STICK_ROOT "%s", stick, folders[i]);
        if (lstat(path, &status) == 0 && S_ISLNK(status.st_mode))
            return tp_fail(error, TP_ERR_INVALID,
                           "'%s' is a link, and a stick must not lead to other folders", path);
    }
    return true;
}
