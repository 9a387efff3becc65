/* core/form/xlsform_parts.h: the memory of one conversion, which is freed all at once. */
#include "tp_test.h"

#include <string.h>

#include "base/mem.h"
#include "form/xlsform_parts.h"

#define ALIGNED sizeof(max_align_t)
/* A block, and what gets one of its own. */
#define BLOCK (64 * 1024)
#define LARGE (BLOCK * 2)

static struct tp_xf_arena arena;

static int set_up(void **state)
{
    (void)state;
    arena = (struct tp_xf_arena){0};
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    tp_mem_fail_at(0);
    tp_xf_arena_finish(&arena);
    return 0;
}

static void whatever_it_is_it_is_aligned_and_zero(void **state)
{
    (void)state;
    for (size_t count = 1; count < 100; count++) {
        const char *memory = tp_xf_alloc(&arena, count, 1);

        assert_int_equal((uintptr_t)memory % _Alignof(max_align_t), 0);
        for (size_t i = 0; i < count; i++)
            assert_int_equal(memory[i], 0);
    }
}

static void a_block_is_filled_to_its_end(void **state)
{
    const char *first = tp_xf_alloc(&arena, 1, BLOCK / 16);

    (void)state;
    for (int i = 1; i < 16; i++)
        assert_ptr_equal(tp_xf_alloc(&arena, 1, BLOCK / 16), first + i * (BLOCK / 16));
}

/* So that many large ones do not leave as many blocks half empty. */
static void a_large_one_leaves_the_current_block_as_it_is(void **state)
{
    const char *first = tp_xf_alloc(&arena, 1, ALIGNED);

    (void)state;
    assert_non_null(tp_xf_alloc(&arena, 1, LARGE));
    assert_ptr_equal(tp_xf_alloc(&arena, 1, ALIGNED), first + ALIGNED);
}

/* One look at the end tells whether every text is whole (xlsform_parts.h). */
static void what_cannot_be_had_is_remembered(void **state)
{
    (void)state;
    assert_null(tp_xf_alloc(&arena, SIZE_MAX / 4, 8));
    assert_true(arena.failed);
    arena.failed = false;
    assert_null(tp_xf_alloc(&arena, TP_XF_MEMORY_MAX, 2));
    assert_true(arena.failed);
    arena.failed = false;
    tp_mem_fail_at(1);
    assert_string_equal(tp_xf_copy(&arena, "text", 4), "");
    assert_true(arena.failed);
    arena.failed = false;
    tp_mem_fail_at(1);
    assert_string_equal(tp_xf_printf(&arena, "%s %d", "text", 7), "");
    assert_true(arena.failed);
    tp_mem_fail_at(0);
    assert_string_equal(tp_xf_copy(&arena, "text", 2), "te");
    assert_string_equal(tp_xf_printf(&arena, "%s %d", "text", 7), "text 7");
}

static void what_cannot_grow_stays_as_it_was(void **state)
{
    size_t capacity = 0;
    void *items = NULL;
    void *before;

    (void)state;
    assert_true(tp_xf_grow(&arena, &items, 0, &capacity, BLOCK));
    before = items;
    *(char *)items = 'x';
    assert_true(tp_xf_grow(&arena, &items, capacity - 1, &capacity, BLOCK));
    assert_ptr_equal(items, before);
    tp_mem_fail_at(1);
    assert_false(tp_xf_grow(&arena, &items, capacity, &capacity, BLOCK));
    assert_ptr_equal(items, before);
    tp_mem_fail_at(0);
    assert_true(tp_xf_grow(&arena, &items, capacity, &capacity, BLOCK));
    assert_ptr_not_equal(items, before);
    assert_int_equal(*(char *)items, 'x');
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
        TEST(whatever_it_is_it_is_aligned_and_zero),
        TEST(a_block_is_filled_to_its_end),
        TEST(a_large_one_leaves_the_current_block_as_it_is),
        TEST(what_cannot_be_had_is_remembered),
        TEST(what_cannot_grow_stays_as_it_was),
#undef TEST
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
