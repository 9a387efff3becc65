/*
 * Memory: allocation that tests can make fail, and memory that is wiped.
 *
 * Everything in core/, kiosk/ and sync/ allocates here, so that a test can fail the Nth allocation
 * and see that nothing is lost or left behind. Thread: any.
 */
#ifndef TP_BASE_MEM_H
#define TP_BASE_MEM_H

#include <stddef.h>
#include <stdint.h>

/* `count` items of `size` bytes, zeroed. NULL when there is no memory or count * size overflows.
 * count or size 0 gives a pointer that can be freed. Released with tp_free. */
void *tp_calloc(size_t count, size_t size) __attribute__((malloc));

/* Resizes to count * size bytes; the added bytes are not zeroed. NULL leaves `memory` as it was. */
void *tp_realloc(void *memory, size_t count, size_t size);

void tp_free(void *memory);

/* Copies; NULL when out of memory. tp_strndup copies at most `length` bytes. */
char *tp_strdup(const char *text);
char *tp_strndup(const char *text, size_t length);

/* printf to a new string; NULL when out of memory. */
char *tp_asprintf(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Overwrites memory that held an answer, key, PIN or token; never optimised away. */
void tp_wipe(void *memory, size_t size);

/* Wipes strlen(text) bytes, then frees. NULL is safe. */
void tp_free_secret(char *text);

/* For tests: the `nth` allocation from now fails (1 is the next), once; 0 turns it off. */
void tp_mem_fail_at(uint64_t nth);

/* For tests: allocations so far in this process. */
uint64_t tp_mem_count(void);

#endif
