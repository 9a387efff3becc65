#include "kiosk/app_set_pin.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

#include "base/config.h"
#include "base/file.h"
#include "base/mem.h"
#include "kiosk/app_pin.h"

static bool line_is(const char *line, size_t length, const char *word)
{
    size_t space = strspn(line, " \t");

    return length >= space + strlen(word) && strncmp(line + space, word, strlen(word)) == 0;
}

static bool line_sets(const char *line, size_t length, const char *name)
{
    size_t at = strspn(line, " \t") + strlen(name);

    return line_is(line, length, name) && at < length && strchr(" \t=:", line[at]);
}

bool tp_set_pin_text(const char *text, const char *hash, struct tp_buf *out)
{
    bool staff = false, written = false;

    while (*text) {
        size_t length = strcspn(text, "\n");
        bool replaced = staff && line_sets(text, length, "pin_hash");

        /* The section ends without the setting: it goes in before the next one. */
        if (staff && !written && line_is(text, length, "["))
            written = tp_buf_printf(out, "pin_hash = %s\n", hash);
        if (line_is(text, length, "["))
            staff = line_is(text, length, "[staff]");
        if (replaced && !written)
            written = tp_buf_printf(out, "pin_hash = %s\n", hash);
        else if (!replaced)
            (void)tp_buf_printf(out, "%.*s\n", (int)length, text);
        text += length + (text[length] == '\n');
    }
    if (!written && !staff)
        (void)tp_buf_puts(out, "\n[staff]\n");
    if (!written)
        (void)tp_buf_printf(out, "pin_hash = %s\n", hash);
    return tp_buf_ok(out);
}

static bool read_pin(char *pin, int size, struct tp_error *error)
{
    struct termios before, quiet;
    bool terminal = tcgetattr(STDIN_FILENO, &before) == 0;
    bool ok;

    if (terminal) {
        (void)fprintf(stderr, "New staff PIN (%d to %d digits): ", TP_PIN_MIN, TP_PIN_MAX);
        quiet = before;
        quiet.c_lflag &= (tcflag_t)~ECHO;
        (void)tcsetattr(STDIN_FILENO, TCSAFLUSH, &quiet);
    }
    ok = fgets(pin, size, stdin) != NULL;
    if (terminal) {
        (void)tcsetattr(STDIN_FILENO, TCSAFLUSH, &before);
        (void)fputc('\n', stderr);
    }
    if (!ok)
        return tp_fail(error, TP_ERR_MISUSE, "no PIN was given");
    pin[strcspn(pin, "\r\n")] = '\0';
    return true;
}

static bool change_file(const char *path, const char *hash, struct tp_error *error)
{
    struct tp_buf before, after;
    struct stat facts;
    mode_t mode = stat(path, &facts) == 0 ? facts.st_mode & 0777 : 0640;
    struct tp_error reason;
    bool ok;

    tp_buf_init(&before, TP_CONFIG_FILE_MAX);
    tp_buf_init(&after, TP_CONFIG_FILE_MAX + TP_PIN_HASH_MAX + 64);
    ok = tp_file_read(path, &before, &reason) || reason.code == TP_ERR_NOT_FOUND;
    if (!ok && error)
        *error = reason;
    ok = ok && (tp_set_pin_text(tp_buf_text(&before), hash, &after) || tp_fail_memory(error)) &&
         tp_file_write_atomic(path, after.data, after.length, mode, error);
    tp_buf_finish(&before);
    tp_buf_finish(&after);
    return ok;
}

bool tp_set_pin(const char *path, struct tp_error *error)
{
    char pin[64], hash[TP_PIN_HASH_MAX];
    bool ok = read_pin(pin, sizeof(pin), error) && tp_pin_hash(pin, hash, error) &&
              change_file(path, hash, error);

    tp_wipe(pin, sizeof(pin));
    return ok;
}
