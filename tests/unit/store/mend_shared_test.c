/* Who may mend: never a file that another process, or another handle of this one, has open. */
#include <fcntl.h>
#include <sys/wait.h>

#include "unit/store/damaged.h"

/* Another process: holds the store open until told, then polls and puts as a kiosk does. */
static int be_the_other(struct fixture *f, int in, int out)
{
    char byte = 'x';

    f->store = tp_store_open(f->path, &f->params, &f->error);
    if (!f->store || write(out, &byte, 1) != 1 || read(in, &byte, 1) != 1)
        return 1;
    (void)tp_store_changed(f->store);
    if (write(out, &byte, 1) != 1 || read(in, &byte, 1) != 1)
        return 2;
    for (unsigned i = 0; i < 1000; i++) {
        if (fixture_put(f, ANSWERS - 1))
            break;
    }
    tp_store_close(f->store);
    return 0;
}

static void nobody_mends_what_another_process_has_open(void **state)
{
    struct fixture *f = *state;
    int to[2];
    int from[2];
    struct tp_buf file;
    char byte = 'x';
    int status;
    pid_t child;
    int fd;

    for (unsigned i = 0; i < ANSWERS - 1; i++)
        assert_true(fixture_put(f, i));
    fixture_close(f);
    assert_int_equal(pipe(to), 0);
    assert_int_equal(pipe(from), 0);
    child = fork();
    if (!child) {
        (void)alarm(60);
        _exit(be_the_other(f, to[0], from[1]));
    }
    assert_int_equal(read(from[0], &byte, 1), 1);
    /* Damaged in place, under the other. */
    read_file(f, f->path, &file);
    fd = open(f->path, O_RDWR);
    memset(file.data + PAGE, 0xee, PAGE);
    assert_int_equal(pwrite(fd, file.data, file.length, 0), file.length);
    (void)close(fd);
    tp_buf_finish(&file);
    f->store = tp_store_open(f->path, &f->params, &f->error);
    assert_null(f->store);
    assert_non_null(strstr(f->error.text, "another program has it open"));
    assert_string_equal(aside(f), "");
    /* It lets go at its next poll, and mends. */
    assert_int_equal(write(to[1], &byte, 1), 1);
    assert_int_equal(read(from[0], &byte, 1), 1);
    fixture_reopen(f);
    assert_string_not_equal(aside(f), "");
    assert_int_equal(write(to[1], &byte, 1), 1);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
    assert_true(answers_of(f).count >= ANSWERS - 3);
    assert_true(answers_of(f).here[ANSWERS - 1]);
    expect_whole(f);
}

/* Whether another process could take the file for its own, as the one that mends does. */
static bool is_free_to_others(const struct fixture *f)
{
    int status = 0;
    pid_t child = fork();

    assert_true(child >= 0);
    if (child == 0) {
        struct flock lock = {
            .l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = 0x40000002, .l_len = 510};
        int fd = open(f->path, O_RDWR | O_CLOEXEC);

        _exit(fd >= 0 && fcntl(fd, F_OFD_SETLK, &lock) == 0 ? 0 : 1);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

static void a_handle_beside_another_loses_neither_lock(void **state)
{
    struct fixture *f = *state;
    struct tp_store *beside;

    fill(f);
    assert_false(is_free_to_others(f));
    beside = tp_store_open_beside(f->store, &f->error);
    assert_non_null(beside);
    assert_false(is_free_to_others(f));
    assert_true(tp_setting_set(beside, TP_SETTING_EVENT, "Fair", &f->error));
    assert_true(tp_store_changed(f->store));
    tp_store_close(beside);
    assert_false(is_free_to_others(f));
    fixture_close(f);
    assert_true(is_free_to_others(f));
}

static void nothing_is_mended_while_a_handle_is_beside(void **state)
{
    struct fixture *f = *state;
    struct tp_store *beside;
    struct tp_buf none;
    char marker[128];

    fill(f);
    beside = tp_store_open_beside(f->store, &f->error);
    assert_non_null(beside);
    tp_buf_init(&none, 1);
    (void)snprintf(marker, sizeof(marker), "%s-mending", f->path);
    write_file(f, marker, &none);
    assert_false(fixture_put(f, ANSWERS));
    assert_non_null(strstr(f->error.text, "waits for repair"));
    assert_int_equal(access(marker, F_OK), 0);
    assert_null(tp_store_open_beside(f->store, &f->error));
    tp_store_close(beside);
    assert_true(fixture_put(f, ANSWERS));
    assert_int_not_equal(access(marker, F_OK), 0);
    assert_int_equal(fixture_counts(f).waiting, ANSWERS + 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORE_TEST(nobody_mends_what_another_process_has_open),
        STORE_TEST(a_handle_beside_another_loses_neither_lock),
        STORE_TEST(nothing_is_mended_while_a_handle_is_beside),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
