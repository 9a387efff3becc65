/* core/form/session: nothing of an answer stays in memory when its session is gone. */
#include <stdio.h>
#include <sys/mman.h>

#include "forms.h"

static const char form[] = F_MODEL(
    "<q/><copy/><joined/><chosen/><r jr:template=\"\"><a/></r>",
    "<instance id=\"i\"><root><item><n>one</n><v>x</v></item></root></instance>"
    "<bind nodeset=\"/data/copy\" calculate=\"concat('-', substr(/data/q, 0), '-')\"/>"
    "<bind nodeset=\"/data/joined\" calculate=\"join(',', /data/r/a)\"/>",
    "<input ref=\"/data/q\"><label>You said <output value=\"/data/q\"/></label></input>"
    "<group ref=\"/data/r\"><repeat nodeset=\"/data/r\"><input ref=\"/data/r/a\"/></repeat></group>"
    "<select1 ref=\"/data/chosen\"><itemset nodeset=\"instance('i')/root/item[v = /data/q]\">"
    "<value ref=\"n\"/></itemset></select1>");

#define CANARY_LENGTH 24
#define WINDOW ((size_t)16 * 1024 * 1024)

/* Made at run time, so that no constant of the program is found. */
static char canary[CANARY_LENGTH + 1];

static void make_canary(void)
{
    for (int i = 0; i < CANARY_LENGTH; i++)
        canary[i] = (char)('a' + (i * 7 + 3) % 26);
}

static bool is_elsewhere(unsigned long place, const char *window)
{
    return place != (unsigned long)canary &&
           (place < (unsigned long)window || place >= (unsigned long)window + WINDOW);
}

static int count_in_region(FILE *memory, unsigned long start, unsigned long end, char *window)
{
    int found = 0;

    for (unsigned long from = start; from < end; from += WINDOW - CANARY_LENGTH) {
        size_t size = end - from < WINDOW ? end - from : WINDOW;

        if (fseek(memory, (long)from, SEEK_SET) || fread(window, 1, size, memory) != size)
            break;
        for (char *p = window; (p = memmem(p, size - (size_t)(p - window), canary, CANARY_LENGTH));
             p++)
            found += is_elsewhere(from + (unsigned long)(p - window), window);
        if (size < WINDOW)
            break;
    }
    return found;
}

/* How often it stands in the process's writable memory, its own place apart. */
static int count_in_memory(void)
{
    FILE *maps = fopen("/proc/self/maps", "r");
    FILE *memory = fopen("/proc/self/mem", "r");
    char *window = mmap(NULL, WINDOW, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    char line[512];
    int found = 0;

    assert_non_null(maps);
    assert_non_null(memory);
    assert_true(window != MAP_FAILED);
    setbuf(memory, NULL);
    while (fgets(line, sizeof(line), maps)) {
        char *dash;
        char *mode;
        unsigned long start = strtoul(line, &dash, 16);
        unsigned long end = strtoul(dash + 1, &mode, 16);

        /* a sanitizer's shadow is terabytes of nothing */
        if (mode[2] == 'w' && end - start < ((unsigned long)1 << 30))
            found += count_in_region(memory, start, end, window);
    }
    (void)fclose(maps);
    (void)fclose(memory);
    (void)munmap(window, WINDOW);
    return found;
}

static void work(struct tp_session *session)
{
    struct tp_question question;
    char id[TP_SESSION_ID_MAX];
    struct tp_error error;
    struct tp_buf out;
    tp_node made;

    answer(session, "/data/q", canary);
    assert_true(tp_session_question(session, at(session, "/data/q"), &question));
    assert_true(tp_session_repeat_add(session, at(session, "/data/r"), &made, &error));
    answer(session, "/data/r[1]/a", canary);
    assert_true(tp_session_repeat_add(session, at(session, "/data/r"), &made, &error));
    answer(session, "/data/r[2]/a", canary);
    assert_true(tp_session_repeat_remove(session, at(session, "/data/r[1]"), &error));
    tp_buf_init(&out, TP_INSTANCE_MAX);
    assert_true(tp_session_finish(session, NULL, &out, id, &error));
    tp_buf_finish(&out);
    assert_true(count_in_memory() >= 3);
}

static void no_answer_outlives_its_session(void **state)
{
    struct tp_session *session;

    (void)state;
    make_canary();
    assert_int_equal(count_in_memory(), 0);
    session = open_form(form);
    work(session);
    tp_session_destroy(session);
    assert_int_equal(count_in_memory(), 0);
    tp_form_destroy(the_form);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_answer_outlives_its_session),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
