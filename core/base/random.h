/*
 * Randomness through one door. The system source is getrandom(2); tests pass a seeded one, which
 * repeats. Keys and seals are libsodium's and draw on the system directly; this is for instance
 * IDs, receipt codes, tokens and jitter. Thread: the system source any; a seeded one one at a time.
 */
#ifndef TP_BASE_RANDOM_H
#define TP_BASE_RANDOM_H

#include <stddef.h>
#include <stdint.h>

struct tp_random {
    void (*fill)(void *context, void *bytes, size_t count);
    void *context;
};

/* Aborts the process if the kernel gives no randomness: an ID that might repeat must never be used.
 */
struct tp_random tp_random_system(void);

/* Repeatable: splitmix64 from `*state`, which must outlive it. For tests only. */
struct tp_random tp_random_seeded(uint64_t *state);

void tp_random_fill(const struct tp_random *random, void *bytes, size_t count);

/* Uniform in 0 .. bound-1, without modulo bias. bound 0 gives 0. */
uint32_t tp_random_below(const struct tp_random *random, uint32_t bound);

/* RFC 4122 version 4, lower case, without "uuid:". */
#define TP_UUID_TEXT_MAX 37
void tp_random_uuid(const struct tp_random *random, char text[TP_UUID_TEXT_MAX]);

#endif
