/* A connection to a server of a test. */
#ifndef TP_TEST_CENTRAL_DIAL_H
#define TP_TEST_CENTRAL_DIAL_H

#include "tp_test.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "central/http/access.h"
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

static inline void say(int fd, const char *text)
{
    assert_int_equal(send(fd, text, strlen(text), MSG_NOSIGNAL), (ssize_t)strlen(text));
}

/* Reads until the server has said `words`, or hung up: then false. */
static inline bool hears(int fd, const char *words)
{
    char text[8192] = "";
    size_t length = 0;

    while (!strstr(text, words) && length < sizeof(text) - 1) {
        ssize_t got = recv(fd, text + length, sizeof(text) - 1 - length, 0);

        if (got <= 0)
            return false;
        length += (size_t)got;
        text[length] = '\0';
    }
    return true;
}

/* A name and a password in the form of the page; `head`: more lines of the head, or "". */
static inline void say_sign_in(int fd, const char *head, const char *name, const char *password)
{
    struct tp_exchange page = {.session = "a-cookie-that-the-client-chose"};
    char token[64];
    char body[256];
    char text[1024];

    tp_access_form_token(&page, token);
    (void)snprintf(body, sizeof(body), "token=%s&name=%s&password=%s", token, name, password);
    (void)snprintf(text, sizeof(text),
                   "POST /sign-in HTTP/1.1\r\nHost: 127.0.0.1\r\n%s"
                   "Content-Type: application/x-www-form-urlencoded\r\n"
                   "Cookie: talkpoint=%s\r\nContent-Length: %zu\r\n\r\n%s",
                   head, page.session, strlen(body), body);
    say(fd, text);
}

#endif
