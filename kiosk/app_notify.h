/*
 * What systemd is told (sd_notify(3)): ready, alive, stopping. A datagram to $NOTIFY_SOCKET;
 * without one nothing is done. Thread: the main thread only.
 */
#ifndef TP_KIOSK_APP_NOTIFY_H
#define TP_KIOSK_APP_NOTIFY_H

#include <stdint.h>

/* "READY=1", "STOPPING=1". */
void tp_notify(const char *state);

/* Feeds the watchdog ($WATCHDOG_USEC) when it is due, at half its time. */
void tp_notify_alive(int64_t now_ms);

/* Milliseconds until the watchdog wants to be fed; -1: there is none. */
int64_t tp_notify_next_ms(int64_t now_ms);

#endif
