/* A connection to a server of a test. */
#ifndef TP_TEST_CENTRAL_DIAL_H
#define TP_TEST_CENTRAL_DIAL_H

#include "tp_test.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "central/http/server.h"

static inline int dial_to(const struct tp_server *server)
{
    struct sockaddr_in address = {
        .sin_family = AF_INET,
        .sin_port = htons((uint16_t)strtol(strrchr(tp_server_url(server), ':') + 1, NULL, 10)),
        .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int fd = socket(AF_INET, SOCK_STREAM, 0);

    assert_int_equal(connect(fd, (struct sockaddr *)&address, sizeof(address)), 0);
    return fd;
}

#endif
