/* After an answer was put and the caller wiped its own copy, no copy is left in the process. */
#include "lib/memory.h"
#include "unit/store/fixture.h"

/* Each byte one more than it is. */
#define DISGUISED "Rvjuf!b!tfdsfu!uibu!op!puifs!cztfmg!xsjuft"
#define SECRET_BYTES (sizeof(DISGUISED) - 1)

static size_t count_in_memory(void)
{
    return memory_count(getpid(), DISGUISED, SECRET_BYTES);
}

static void no_copy_of_an_answer_is_left(void **state)
{
    struct fixture *f = *state;
    const size_t size = 5000;
    char *xml = tp_calloc(size, 1);
    struct tp_outbox_entry entry = fixture_entry(f, 1);

    memset(xml, 'x', size);
    for (size_t i = 0; i < SECRET_BYTES; i++)
        xml[2000 + i] = (char)(DISGUISED[i] - 1);
    entry.xml = xml;
    entry.xml_count = size;
    /* The search works: the answer itself is found while it is there. */
    assert_int_equal(count_in_memory(), 1);
    assert_true(tp_outbox_put(f->store, &entry, &f->error));
    tp_wipe(xml, size);
    assert_int_equal(count_in_memory(), 0);
    tp_free(xml);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(no_copy_of_an_answer_is_left, fixture_start, fixture_stop),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
