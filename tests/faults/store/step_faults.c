/*
 * kill -9 at every system call that changes a file, in turn, by ptrace: while a store is made, an
 * answer saved, sent and deleted; and while a damaged store is mended. What was promised holds, and
 * the next process takes up what was left.
 */
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "canary.h"
#include "faults/tally.h"
#include "store/db.h"
#include "unit/store/fixture.h"

#define ANSWERS 12u
#define PAGE 4096u
#define STEPS_MAX 5000u

/* What the child says once it holds: one byte each. */
struct said {
    char text[64];
    size_t count;
};

typedef void child_work(struct fixture *f, int out);

static bool changes_a_file(uint64_t number)
{
    static const long numbers[] = {
        SYS_write,    SYS_pwrite64, SYS_fsync,  SYS_fdatasync, SYS_ftruncate, SYS_openat,
        SYS_linkat,   SYS_unlinkat, SYS_fchmod, SYS_renameat2, SYS_mkdirat,
#ifdef SYS_link
        SYS_link,     SYS_unlink,   SYS_rename, SYS_open,
#endif
#ifdef SYS_renameat
        SYS_renameat,
#endif
    };

    for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
        if (number == (uint64_t)numbers[i])
            return true;
    }
    return false;
}

/* Lets the child run to its `step`th such call, and kills it there. False where it ended before. */
static bool run_to(pid_t child, unsigned step)
{
    int status;

    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFSTOPPED(status));
    assert_int_equal(
        ptrace(PTRACE_SETOPTIONS, child, NULL, (void *)(PTRACE_O_TRACESYSGOOD | PTRACE_O_EXITKILL)),
        0);
    for (;;) {
        struct __ptrace_syscall_info info = {0};

        assert_int_equal(ptrace(PTRACE_SYSCALL, child, NULL, NULL), 0);
        assert_int_equal(waitpid(child, &status, 0), child);
        if (WIFEXITED(status)) {
            assert_int_equal(WEXITSTATUS(status), 0);
            return false;
        }
        assert_true(WIFSTOPPED(status));
        if (WSTOPSIG(status) != (SIGTRAP | 0x80))
            continue;
        assert_true(ptrace(PTRACE_GET_SYSCALL_INFO, child, (void *)sizeof(info), &info) > 0);
        if (info.op != PTRACE_SYSCALL_INFO_ENTRY || !changes_a_file(info.entry.nr) || --step)
            continue;
        assert_int_equal(kill(child, SIGKILL), 0);
        assert_int_equal(waitpid(child, &status, 0), child);
        return true;
    }
}

/* Starts `work` in a child that is killed at its `step`th change; false where it ended before. */
static bool kill_at(struct fixture *f, unsigned step, child_work *work, struct said *said)
{
    int ends[2];
    pid_t child;
    bool killed;
    ssize_t got;

    assert_int_equal(pipe(ends), 0);
    child = fork();
    assert_true(child >= 0);
    if (!child) {
        if (ptrace(PTRACE_TRACEME, 0, NULL, NULL) != 0 || raise(SIGSTOP) != 0)
            _exit(9);
        work(f, ends[1]);
        _exit(0);
    }
    (void)close(ends[1]);
    killed = run_to(child, step);
    said->count = 0;
    while ((got = read(ends[0], said->text + said->count, sizeof(said->text) - said->count)) > 0)
        said->count += (size_t)got;
    (void)close(ends[0]);
    faults.injected += killed;
    return killed;
}

static void say(int out, char what)
{
    if (write(out, &what, 1) != 1)
        _exit(8);
}

static bool was_said(const struct said *said, char what)
{
    return memchr(said->text, what, said->count) != NULL;
}

/* Puts 0 to 3, sends 0 and 1. Says 0..3 for each put, 'S' before the receipts are given, 'D' after.
 */
static void save_and_send(struct fixture *f, int out)
{
    struct tp_receipt receipts[2];
    struct tp_outbox_batch batch;

    f->store = tp_store_open(f->path, &f->params, &f->error);
    if (!f->store)
        _exit(2);
    f->store->log_soon = 6;
    for (unsigned i = 0; i < 3; i++) {
        if (!fixture_put(f, i))
            _exit(3);
        say(out, (char)('0' + i));
    }
    batch = fixture_next(f, 2);
    for (size_t i = 0; i < 2; i++)
        receipts[i] = fixture_receipt(f, &batch.items[i]);
    say(out, 'S');
    if (!tp_outbox_mark_sent(f->store, &f->receipt.key, receipts, 2, NULL, &f->error))
        _exit(4);
    say(out, 'D');
    tp_outbox_batch_finish(&batch);
    if (!fixture_put(f, 3))
        _exit(5);
    say(out, '3');
    tp_store_close(f->store);
}

struct present {
    bool here[ANSWERS];
    unsigned count;
};

static bool look(void *context, const struct tp_outbox_item *item)
{
    struct present *present = context;
    unsigned number = fixture_number(item->instance_id);

    if (number >= ANSWERS || present->here[number])
        faults.doubled++;
    else
        present->here[number] = true;
    present->count++;
    return true;
}

static struct present look_at(struct fixture *f)
{
    struct present present = {0};
    struct tp_outbox_batch batch;
    struct tp_buf plain;

    assert_true(tp_store_check(f->store, &f->error));
    assert_true(tp_outbox_each(f->store, TP_OUTBOX_WAITING, look, &present, &f->error));
    assert_true(tp_outbox_release(f->store, true, &f->error));
    batch = fixture_next(f, ANSWERS);
    tp_buf_init(&plain, 4096);
    for (size_t i = 0; i < batch.count; i++) {
        tp_buf_reset(&plain);
        if (!tp_unseal(&f->seal, batch.items[i].sealed, batch.items[i].sealed_count, &plain,
                       &f->error) ||
            !strstr(tp_buf_text(&plain), batch.items[i].instance_id))
            faults.lost++;
    }
    tp_buf_finish(&plain);
    tp_outbox_batch_finish(&batch);
    assert_true(tp_outbox_release(f->store, true, &f->error));
    return present;
}

static void search_for_canary(struct fixture *f)
{
    static const char *const ends[] = {"", "-wal", "-shm", "-new", "-new-wal", "-mending"};

    faults.exposed += canary_files(f->path, ends, sizeof(ends) / sizeof(ends[0]));
}

static void check_saving(struct fixture *f, const struct said *said)
{
    struct present present;
    struct tp_outbox_counts counts;
    char text[TP_STORE_DAMAGE_MAX];
    unsigned gone = 0;
    unsigned saved = 0;

    search_for_canary(f);
    f->store = tp_store_open(f->path, &f->params, &f->error);
    if (!f->store)
        print_error("%s\n", f->error.text);
    assert_non_null(f->store);
    assert_true(tp_store_damage(f->store, text, &f->error));
    assert_string_equal(text, "");
    present = look_at(f);
    for (unsigned i = 0; i < 4; i++) {
        bool sending = i < 2 && was_said(said, 'S');

        faults.lost += was_said(said, (char)('0' + i)) && !present.here[i] && !sending;
        faults.doubled += i < 2 && was_said(said, 'D') && present.here[i];
        gone += sending && !present.here[i];
        saved += present.here[i] || sending;
    }
    counts = fixture_counts(f);
    assert_int_equal(counts.sent, gone);
    assert_true(gone == 0 || gone == 2);
    assert_int_equal(fixture_total(f, "complete"), saved);
    fixture_close(f);
}

static unsigned stride(void)
{
    const char *text = getenv("TP_FAULTS_ROUNDS");

    return text && strtoul(text, NULL, 10) > 2 ? 1 : 3;
}

static void fresh(struct fixture *f, unsigned number)
{
    (void)snprintf(f->path, sizeof(f->path), "%s/%u.db", f->folder, number);
}

static void killed_at_every_step_of_saving_and_sending(void **state)
{
    struct fixture *f = *state;
    struct said said;
    unsigned step = 1;

    fixture_close(f);
    for (; step < STEPS_MAX; step += stride()) {
        bool killed;

        fresh(f, step);
        killed = kill_at(f, step, save_and_send, &said);
        check_saving(f, &said);
        if (!killed)
            break;
    }
    assert_in_range(step, 60, STEPS_MAX - 1);
    assert_true(was_said(&said, '3'));
    faults_expect_none_wrong();
}

static void mend(struct fixture *f, int out)
{
    f->store = tp_store_open(f->path, &f->params, &f->error);
    if (!f->store)
        _exit(2);
    say(out, 'M');
    if (!fixture_put(f, ANSWERS - 1))
        _exit(3);
    say(out, 'P');
    tp_store_close(f->store);
}

static void damage(struct fixture *f, const struct tp_buf *file, const struct tp_buf *log)
{
    char path[128];

    (void)snprintf(path, sizeof(path), "%s-wal", f->path);
    assert_true(tp_file_write_atomic(f->path, file->data, file->length, 0660, &f->error));
    assert_true(tp_file_write_atomic(path, log->data, log->length, 0660, &f->error));
}

static void check_mending(struct fixture *f, const struct said *said)
{
    struct present present;
    char text[TP_STORE_DAMAGE_MAX];

    search_for_canary(f);
    f->store = tp_store_open(f->path, &f->params, &f->error);
    if (!f->store)
        print_error("%s\n", f->error.text);
    assert_non_null(f->store);
    assert_true(tp_store_damage(f->store, text, &f->error));
    assert_non_null(strstr(text, "was found damaged"));
    present = look_at(f);
    for (unsigned i = 0; i < ANSWERS - 1; i++)
        faults.lost += !present.here[i];
    faults.lost += was_said(said, 'P') && !present.here[ANSWERS - 1];
    fixture_close(f);
}

/* The file's first page is lost, and half of the answers stand in the log only. */
static void killed_at_every_step_of_a_repair(void **state)
{
    struct fixture *f = *state;
    struct said said;
    struct tp_buf file;
    struct tp_buf log;
    char path[128];
    unsigned step = 1;

    for (unsigned i = 0; i < ANSWERS / 2; i++)
        assert_true(fixture_put(f, i));
    fixture_reopen(f);
    for (unsigned i = ANSWERS / 2; i < ANSWERS - 1; i++)
        assert_true(fixture_put(f, i));
    tp_buf_init(&file, 1u << 22);
    tp_buf_init(&log, 1u << 22);
    (void)snprintf(path, sizeof(path), "%s-wal", f->path);
    assert_true(tp_file_read(f->path, &file, &f->error));
    assert_true(tp_file_read(path, &log, &f->error));
    fixture_close(f);
    memset(file.data, 0, PAGE);
    log.data[32 + 16] ^= 1;
    for (; step < STEPS_MAX; step += stride()) {
        bool killed;

        fresh(f, 10000 + step);
        damage(f, &file, &log);
        killed = kill_at(f, step, mend, &said);
        check_mending(f, &said);
        if (!killed)
            break;
    }
    assert_in_range(step, 60, STEPS_MAX - 1);
    assert_true(was_said(&said, 'P'));
    faults_expect_none_wrong();
    tp_buf_finish(&file);
    tp_buf_finish(&log);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(killed_at_every_step_of_saving_and_sending, fixture_start,
                                        fixture_stop),
        cmocka_unit_test_setup_teardown(killed_at_every_step_of_a_repair, fixture_start,
                                        fixture_stop),
    };
    return faults_end(cmocka_run_group_tests(tests, NULL, NULL));
}
