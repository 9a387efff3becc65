#include "base/random.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/random.h>

static void system_fill(void *context, void *bytes, size_t count)
{
    unsigned char *out = bytes;

    (void)context;
    while (count) {
        ssize_t got = getrandom(out, count, 0);

        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            abort();
        out += got;
        count -= (size_t)got;
    }
}

struct tp_random tp_random_system(void)
{
    return (struct tp_random){.fill = system_fill};
}

static void seeded_fill(void *context, void *bytes, size_t count)
{
    uint64_t *state = context;
    unsigned char *out = bytes;

    for (size_t i = 0; i < count; i++) {
        uint64_t z = (*state += 0x9e3779b97f4a7c15u);

        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
        z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
        out[i] = (unsigned char)((z ^ (z >> 31)) >> 24);
    }
}

struct tp_random tp_random_seeded(uint64_t *state)
{
    return (struct tp_random){.fill = seeded_fill, .context = state};
}

void tp_random_fill(const struct tp_random *random, void *bytes, size_t count)
{
    random->fill(random->context, bytes, count);
}

uint32_t tp_random_below(const struct tp_random *random, uint32_t bound)
{
    uint32_t value;
    uint32_t limit;

    if (bound < 2)
        return 0;
    limit = UINT32_MAX - UINT32_MAX % bound;
    do {
        tp_random_fill(random, &value, sizeof(value));
    } while (value >= limit);
    return value % bound;
}

void tp_random_uuid(const struct tp_random *random, char text[TP_UUID_TEXT_MAX])
{
    unsigned char b[16];

    tp_random_fill(random, b, sizeof(b));
    b[6] = (unsigned char)((b[6] & 0x0f) | 0x40);
    b[8] = (unsigned char)((b[8] & 0x3f) | 0x80);
    (void)snprintf(text, TP_UUID_TEXT_MAX,
                   "%02x%02x%02x%02x-%02x%02x-%02x%02x-%02x%02x-%02x%02x%02x%02x%02x%02x", b[0],
                   b[1], b[2], b[3], b[4], b[5], b[6], b[7], b[8], b[9], b[10], b[11], b[12], b[13],
                   b[14], b[15]);
}
