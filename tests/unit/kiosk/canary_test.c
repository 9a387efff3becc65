/*
 * The kiosk as a process: an answer that was typed is found nowhere in its memory, and nowhere on
 * the disk, once the person has gone (ACCESSIBILITY.md S4). The memory is read through /proc, as a
 * debugger would; that the answer is found while it is being typed shows that the search can find.
 */
#include "tp_test.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/mem.h"
#include "lib/memory.h"
#include "store/seal.h"

/* What is typed, each letter moved by one, so that this program's own pages do not hold it. The
 * script types it a letter a line, for the same reason. */
#define CANARY_MOVED "rvpllb{bo{jcbs"
#define CANARY_LENGTH (sizeof(CANARY_MOVED) - 1)

static char folder[] = "/tmp/tp-canary-XXXXXX";
static struct tp_seal_pair pair;

struct kiosk {
    pid_t pid;
    int input, output;
};

static int set_up(void **state)
{
    (void)state;
    return mkdtemp(folder) && tp_seal_pair_generate(&pair, NULL) ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    return tp_dir_remove(folder, NULL) ? 0 : -1;
}

static void canary(char text[CANARY_LENGTH + 1])
{
    for (size_t i = 0; i < CANARY_LENGTH; i++)
        text[i] = (char)(CANARY_MOVED[i] - 1);
    text[CANARY_LENGTH] = '\0';
}

/* ---- looking ---- */

static bool file_holds(const char *path)
{
    struct tp_buf bytes;
    bool found;

    tp_buf_init(&bytes, 64u << 20);
    assert_true(tp_file_read(path, &bytes, NULL));
    found = bytes.length > 0 &&
            memory_count_in(bytes.data, bytes.length, CANARY_MOVED, CANARY_LENGTH) > 0;
    tp_buf_finish(&bytes);
    return found;
}

static bool disk_holds(const char *path, size_t *files)
{
    DIR *directory = opendir(path);
    struct dirent *entry;
    bool found = false;

    assert_non_null(directory);
    while ((entry = readdir(directory))) {
        char inner[4096];
        struct stat facts;

        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
            continue;
        (void)snprintf(inner, sizeof(inner), "%s/%s", path, entry->d_name);
        assert_int_equal(lstat(inner, &facts), 0);
        if (S_ISDIR(facts.st_mode))
            found = disk_holds(inner, files) || found;
        if (!S_ISREG(facts.st_mode))
            continue;
        ++*files;
        found = file_holds(inner) || found;
    }
    (void)closedir(directory);
    return found;
}

/* A file without a name is no place for answers either, nor is a synthesiser that still runs. */
static void assert_nothing_open(pid_t pid)
{
    char path[64], inner[400], target[512], children[64] = "";
    struct dirent *entry;
    DIR *directory;
    FILE *file;

    (void)snprintf(path, sizeof(path), "/proc/%d/fd", pid);
    directory = opendir(path);
    assert_non_null(directory);
    while ((entry = readdir(directory))) {
        ssize_t length;

        (void)snprintf(inner, sizeof(inner), "%s/%s", path, entry->d_name);
        length = readlink(inner, target, sizeof(target) - 1);
        target[length > 0 ? length : 0] = '\0';
        if (strstr(target, "(deleted)"))
            fail_msg("a file without a name is open: %s", target);
    }
    (void)closedir(directory);
    (void)snprintf(path, sizeof(path), "/proc/%d/task/%d/children", pid, pid);
    file = fopen(path, "re");
    if (file && fgets(children, sizeof(children), file))
        fail_msg("a child still runs: %s", children);
    if (file)
        (void)fclose(file);
}

/* ---- the kiosk ---- */

static void write_file(const char *name, const char *text)
{
    char path[256];

    (void)snprintf(path, sizeof(path), "%s/%s", folder, name);
    assert_true(tp_file_write_atomic(path, text, strlen(text), 0600, NULL));
}

static void type_canary(struct tp_buf *script, const char *command)
{
    char text[CANARY_LENGTH + 1];

    canary(text);
    for (size_t i = 0; i < CANARY_LENGTH; i++)
        (void)tp_buf_printf(script, "%s \"%c\"\n", command, text[i]);
    tp_wipe(text, sizeof(text));
}

static struct kiosk start(const char *script)
{
    const char *build = getenv("TP_BUILD");
    char program[512], state[256], device[512], path[256], key[TP_SEAL_KEY_TEXT_MAX];
    char log_path[256];
    int to[2], from[2];
    struct kiosk kiosk;

    assert_non_null(build);
    tp_seal_key_to_text(&pair.key, key);
    (void)snprintf(state, sizeof(state), "%s/state", folder);
    assert_true(tp_dir_remove(state, NULL) && tp_dir_make(state, 0700, NULL));
    (void)snprintf(device, sizeof(device), "[device]\nid = uuid:d\n[store]\nsealing_key = %s\n",
                   key);
    write_file("state/device.ini", device);
    write_file("script", script);
    (void)snprintf(program, sizeof(program), "%s/talkpoint-kiosk", build);
    (void)snprintf(path, sizeof(path), "%s/script", folder);
    (void)snprintf(log_path, sizeof(log_path), "%s/log", folder);
    assert_true(pipe(to) == 0 && pipe(from) == 0);
    kiosk.pid = fork();
    if (kiosk.pid == 0) {
        int log = open(log_path, O_WRONLY | O_CREAT | O_APPEND, 0600);

        (void)dup2(log, STDERR_FILENO);
        (void)dup2(to[0], STDIN_FILENO);
        (void)dup2(from[1], STDOUT_FILENO);
        (void)close(to[1]);
        (void)close(from[0]);
        (void)execl(program, program, "--state", state, "--surveys", "tests/surveys", "--offscreen",
                    "--fake-clock", "--script", path, (char *)NULL);
        _exit(127);
    }
    (void)close(to[0]);
    (void)close(from[1]);
    kiosk.input = to[1];
    kiosk.output = from[0];
    return kiosk;
}

/* Until the script says that it holds. */
static void wait_held(const struct kiosk *kiosk)
{
    char text[16] = "";

    for (size_t i = 0; i + 1 < sizeof(text) && !strchr(text, '\n'); i++)
        if (read(kiosk->output, text + i, 1) != 1)
            break;
    assert_string_equal(text, "holding\n");
}

static void release(const struct kiosk *kiosk)
{
    assert_int_equal(write(kiosk->input, "\n", 1), 1);
}

static void finish(const struct kiosk *kiosk)
{
    int status;

    (void)close(kiosk->input);
    assert_int_equal(waitpid(kiosk->pid, &status, 0), kiosk->pid);
    (void)close(kiosk->output);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
}

static void assert_memory(const struct kiosk *kiosk, bool expected)
{
    assert_int_equal(memory_count(kiosk->pid, CANARY_MOVED, CANARY_LENGTH) > 0, expected);
}

static void assert_not_on_disk(void)
{
    size_t files = 0;

    assert_false(disk_holds(folder, &files));
    assert_true(files >= 2);
}

#define TO_COMMENT                                                                                 \
    "tap \"#start\"\ntap \"#page:primary\"\ntap \"#short\"\ntap \"Start\"\n"                       \
    "tap \"I walk\"\ntap \"Continue\"\ntap \"Continue\"\ntap-keys \"9\"\ntap \"Continue\"\n"       \
    "tap \"Continue\"\ntap \"Continue\"\ntap \"Continue\"\ntap \"Continue\"\n"                     \
    "expect \"What would make it better?\"\n"

static struct kiosk run(const char *command, const char *rest)
{
    struct tp_buf script;
    struct kiosk kiosk;

    tp_buf_init(&script, 1u << 16);
    (void)tp_buf_puts(&script, TO_COMMENT);
    type_canary(&script, command);
    (void)tp_buf_puts(&script, rest);
    assert_true(tp_buf_ok(&script));
    kiosk = start(tp_buf_text(&script));
    tp_buf_finish(&script);
    return kiosk;
}

/* Where the script holds next, the person has gone; then the program ends. */
static void assert_goes(const struct kiosk *kiosk)
{
    release(kiosk);
    wait_held(kiosk);
    assert_memory(kiosk, false);
    assert_not_on_disk();
    finish(kiosk);
    assert_not_on_disk();
}

static void an_answer_left_behind_is_wiped(void **state)
{
    struct kiosk kiosk = run("tap-keys", "hold\ntap \"Continue\"\nwait 300000\nexpect-page idle\n"
                                         "wait 45000\nexpect-page welcome\nexpect-fresh\nhold\n");

    (void)state;
    wait_held(&kiosk);
    assert_memory(&kiosk, true);
    assert_not_on_disk();
    assert_goes(&kiosk);
}

static void an_answer_that_was_sent_is_sealed_and_wiped(void **state)
{
    struct kiosk kiosk =
        run("type", "tap \"Continue\"\ntap \"Continue\"\nexpect-page check\nhold\n"
                    "tap \"Send my answers\"\ntap \"No, finish now\"\nexpect-page thanks\nhold\n"
                    "tap \"I have finished\"\nexpect-fresh\nhold\n");

    (void)state;
    wait_held(&kiosk);
    assert_memory(&kiosk, true);
    release(&kiosk);
    wait_held(&kiosk);
    assert_not_on_disk();
    assert_goes(&kiosk);
}

static void a_deleted_answer_is_gone_too(void **state)
{
    struct kiosk kiosk = run("type", "tap \"Delete\"\ntap \"123\"\ntap \"Delete word\"\n"
                                     "tap \"#bar:help\"\ntap \"Stop and leave\"\n"
                                     "tap \"Yes, leave\"\nexpect-fresh\nhold\n");

    (void)state;
    wait_held(&kiosk);
    assert_memory(&kiosk, false);
    assert_not_on_disk();
    finish(&kiosk);
}

/* Read aloud letter by letter and whole, kept for a repeat: all of that goes too. */
static void an_answer_that_was_read_aloud_is_wiped(void **state)
{
    struct kiosk kiosk = run("tap-keys", "headphones in\nwait 20000\ntap \"Continue\"\n"
                                         "tap \"Yes, I have read this\"\ntap \"Continue\"\n"
                                         "expect-page check\nwait 60000\ntap \"More answers\"\n"
                                         "wait 60000\nhold\ntap \"#bar:help\"\n"
                                         "tap \"Stop and leave\"\ntap \"Yes, leave\"\n"
                                         "expect-fresh\nhold\n");

    (void)state;
    wait_held(&kiosk);
    assert_memory(&kiosk, true);
    assert_not_on_disk();
    release(&kiosk);
    wait_held(&kiosk);
    assert_memory(&kiosk, false);
    assert_nothing_open(kiosk.pid);
    assert_not_on_disk();
    finish(&kiosk);
    assert_not_on_disk();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_answer_that_was_read_aloud_is_wiped),
        cmocka_unit_test(an_answer_left_behind_is_wiped),
        cmocka_unit_test(an_answer_that_was_sent_is_sealed_and_wiped),
        cmocka_unit_test(a_deleted_answer_is_gone_too),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
