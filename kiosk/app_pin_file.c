#include "kiosk/app_pin_file.h"

#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "base/config.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/state_folder.h"
#include "kiosk/app_pin.h"

/* ---- asking ---- */

#define LINE_MAX_BYTES 64

static bool read_line(char line[LINE_MAX_BYTES])
{
    if (!fgets(line, LINE_MAX_BYTES, stdin))
        return false;
    line[strcspn(line, "\r\n")] = '\0';
    return true;
}

/* What is typed is not shown, so it is typed twice. */
static bool ask(char pin[LINE_MAX_BYTES], struct tp_error *error)
{
    char again[LINE_MAX_BYTES] = "";
    struct termios before, quiet;
    bool given, same;

    if (tcgetattr(STDIN_FILENO, &before) != 0)
        return read_line(pin) || tp_fail(error, TP_ERR_MISUSE, "no PIN was given");
    quiet = before;
    quiet.c_lflag &= (tcflag_t)~ECHO;
    (void)tcsetattr(STDIN_FILENO, TCSAFLUSH, &quiet);
    (void)fprintf(stderr, "New staff PIN (%d to %d digits): ", TP_PIN_MIN, TP_PIN_MAX);
    given = read_line(pin);
    (void)fputs("\nOnce more: ", stderr);
    given = given && read_line(again);
    (void)fputc('\n', stderr);
    (void)tcsetattr(STDIN_FILENO, TCSAFLUSH, &before);
    same = given && strcmp(pin, again) == 0;
    tp_wipe(again, sizeof(again));
    if (!given)
        return tp_fail(error, TP_ERR_MISUSE, "no PIN was given");
    return same || tp_fail(error, TP_ERR_MISUSE, "the two PINs differ; nothing was changed");
}

/* ---- the file ---- */

static char *path_in(const char *state)
{
    return tp_asprintf("%s/staff.ini", state);
}

static bool write_file(const char *state, const char *hash, struct tp_error *error)
{
    char *path = path_in(state);
    char *text = tp_asprintf("[staff]\npin_hash = %s\n", hash);
    bool ok = (path && text) || tp_fail_memory(error);

    ok = ok && tp_dir_make(state, 0700, error) &&
         tp_file_write_atomic(path, text, strlen(text), 0600, error);
    tp_free(text);
    tp_free(path);
    return ok;
}

bool tp_set_pin(const char *state, struct tp_error *error)
{
    char pin[LINE_MAX_BYTES], hash[TP_PIN_HASH_MAX];
    bool ok = tp_state_folder_is_ours(state, "talkpoint-kiosk", error) && ask(pin, error) &&
              tp_pin_hash(pin, hash, error) && write_file(state, hash, error);

    tp_wipe(pin, sizeof(pin));
    return ok;
}

bool tp_pin_file_read(struct tp_settings *settings, struct tp_error *error)
{
    static const char *const known[] = {"staff.pin_hash", NULL};
    char *path = path_in(settings->state);
    struct tp_config *config = tp_config_create();
    bool ok = (path && config) || tp_fail_memory(error);

    if (ok && access(path, F_OK) == 0)
        ok = tp_config_read(config, path, error) && tp_config_check(config, known, error) &&
             tp_settings_take_pin(settings, config, error);
    tp_config_destroy(config);
    tp_free(path);
    return ok;
}
