#include "base/state_folder.h"

#include <pwd.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"

char *tp_state_folder(const char *systemd, const char *xdg, const char *home)
{
    char *own;

    /* systemd may give several, with ':' between. */
    if (systemd && *systemd)
        return tp_strndup(systemd, strcspn(systemd, ":"));
    if (xdg && *xdg == '/')
        return tp_asprintf("%s/talkpoint", xdg);
    own = tp_asprintf("%s/.local/state/talkpoint", home && *home ? home : "/var/lib");
    if (!own || geteuid() != 0 || access(own, F_OK) == 0 || access(TP_STATE_OF_MACHINE, F_OK) != 0)
        return own;
    tp_free(own);
    return tp_strdup(TP_STATE_OF_MACHINE);
}

bool tp_state_folder_is_ours(const char *state, const char *program, struct tp_error *error)
{
    const struct passwd *owner;
    struct stat status;

    if (stat(state, &status) != 0 || status.st_uid == geteuid())
        return true;
    owner = getpwuid(status.st_uid);
    if (!owner)
        return tp_fail(error, TP_ERR_MISUSE, "'%s' belongs to user %u; run this as that user",
                       state, (unsigned)status.st_uid);
    return tp_fail(error, TP_ERR_MISUSE,
                   "'%s' belongs to %s; run: runuser -u %s -- %s --state %s ...", state,
                   owner->pw_name, owner->pw_name, program, state);
}
