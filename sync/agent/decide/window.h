/*
 * How many sends may be in flight: pure. Doubles with each receipt that came quickly, halves with
 * each failure and each receipt that was slow, so that a fast line is used whole and a slow one is
 * not shared among so many that each of them stalls. Thread: any.
 */
#ifndef TP_AGENT_DECIDE_WINDOW_H
#define TP_AGENT_DECIDE_WINDOW_H

#include <stddef.h>
#include <stdint.h>

#define TP_WINDOW_QUICK_MS INT64_C(500)
#define TP_WINDOW_SLOW_MS INT64_C(3000)

/* After a receipt that took so long. 1 to `most`. */
size_t tp_window_after_receipt(size_t window, size_t most, int64_t took_ms);
size_t tp_window_after_failure(size_t window);

#endif
