/* After an answer was put and the caller wiped its own copy, no copy is left in the process. */
#include <fcntl.h>

#include "unit/store/fixture.h"

#define SECRET_BYTES 40u
#define REGION_MAX (512u * 1024u * 1024u)

/* Made at run time, and never kept whole but in the answer: `half` and its mirror. */
static void make_secret(char *out)
{
    for (unsigned i = 0; i < SECRET_BYTES; i++)
        out[i] = (char)('a' + (i * 7 + 3) % 26);
    out[0] = 'Q';
}

/* True where `bytes` holds the secret; compared by rule, so that the search holds no copy. */
static bool holds(const char *bytes, size_t count)
{
    const char *at = bytes;
    const char *end = bytes + count;

    while (count >= SECRET_BYTES && (at = memchr(at, 'Q', (size_t)(end - at - SECRET_BYTES + 1)))) {
        unsigned i = 1;

        while (i < SECRET_BYTES && at[i] == (char)('a' + (i * 7 + 3) % 26))
            i++;
        if (i == SECRET_BYTES)
            return true;
        at++;
        if (end - at < (ptrdiff_t)SECRET_BYTES)
            break;
    }
    return false;
}

/* Reads every writable region of this process but the block it reads into. */
static bool is_in_memory(char *block, size_t room)
{
    FILE *maps = fopen("/proc/self/maps", "r");
    int memory = open("/proc/self/mem", O_RDONLY);
    char line[512];
    bool found = false;

    assert_non_null(maps);
    assert_true(memory >= 0);
    while (!found && fgets(line, sizeof(line), maps)) {
        unsigned long start;
        unsigned long end;
        char rights[8];

        if (sscanf(line, "%lx-%lx %7s", &start, &end, rights) != 3 || rights[1] != 'w' ||
            end - start > REGION_MAX)
            continue;
        for (unsigned long at = start; !found && at < end;) {
            size_t wanted = end - at < room ? end - at : room;
            ssize_t got = pread(memory, block, wanted, (off_t)at);

            if (got <= 0)
                break;
            if (at + (size_t)got <= (unsigned long)block || at >= (unsigned long)block + room)
                found = holds(block, (size_t)got);
            at += (size_t)got > SECRET_BYTES && (size_t)got == room ? (size_t)got - SECRET_BYTES
                                                                    : (size_t)got;
        }
    }
    (void)fclose(maps);
    (void)close(memory);
    tp_wipe(block, room);
    return found;
}

static void no_copy_of_an_answer_is_left(void **state)
{
    struct fixture *f = *state;
    const size_t room = 1u << 20;
    const size_t size = 5000;
    char *block = tp_calloc(room, 1);
    char *xml = tp_calloc(size, 1);
    struct tp_outbox_entry entry = fixture_entry(f, 1);

    memset(xml, 'x', size);
    make_secret(xml + 2000);
    entry.xml = xml;
    entry.xml_count = size;
    /* The search works: the answer itself is found while it is there. */
    assert_true(is_in_memory(block, room));
    assert_true(tp_outbox_put(f->store, &entry, &f->error));
    tp_wipe(xml, size);
    assert_false(is_in_memory(block, room));
    tp_free(xml);
    tp_free(block);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(no_copy_of_an_answer_is_left, fixture_start, fixture_stop),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
