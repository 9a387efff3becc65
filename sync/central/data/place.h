/*
 * Where somebody asks from, for counting what comes from one place. Thread: any.
 */
#ifndef TP_CENTRAL_DATA_PLACE_H
#define TP_CENTRAL_DATA_PLACE_H

#include <netinet/in.h>

/* The address as it is; of an IPv6 address the /64 that a network gives out as one (RFC 6177): who
 * has one has 2^64. */
#define TP_PLACE_MAX INET6_ADDRSTRLEN
void tp_place_of(const char *address, char place[TP_PLACE_MAX]);

#endif
