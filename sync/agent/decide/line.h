/*
 * The hours in which a metered line may be used ([line] window = 20:00-06:00): pure. Thread: any.
 */
#ifndef TP_AGENT_DECIDE_LINE_H
#define TP_AGENT_DECIDE_LINE_H

#include <stdbool.h>
#include <stdint.h>

/* Minutes of the local day. Equal: all day. `until` before `from`: over midnight. */
struct tp_line_window {
    int from;
    int until;
};

/* "HH:MM-HH:MM", 00:00 to 23:59, and not twice the same; false for anything else. */
bool tp_line_window_read(const char *text, struct tp_line_window *window);

/* How long until the line may be used, in ms; 0: now. `local_ms` is Unix time plus the zone's
 * offset. A change of the clocks in between makes it an hour wrong, and it is asked again. */
int64_t tp_line_closed_ms(const struct tp_line_window *window, int64_t local_ms);

#endif
