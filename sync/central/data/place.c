#include "central/data/place.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

void tp_place_of(const char *address, char place[TP_PLACE_MAX])
{
    struct in6_addr six;

    if (inet_pton(AF_INET6, address, &six) != 1) {
        (void)snprintf(place, TP_PLACE_MAX, "%s", address);
        return;
    }
    memset(six.s6_addr + 8, 0, 8);
    (void)inet_ntop(AF_INET6, &six, place, TP_PLACE_MAX);
}
