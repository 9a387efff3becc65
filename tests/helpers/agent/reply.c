/*
 * Whoever stands in the store's place and is no TLS server: answers each connection with the same
 * bytes ("\xHH", "\r", "\n" are taken for what they stand for), then closes it. What it was told
 * goes to standard output. Usage: reply PORT BYTES
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define BYTES_MAX 1024u

static size_t unescape(const char *text, char bytes[BYTES_MAX])
{
    size_t count = 0;

    while (*text && count < BYTES_MAX) {
        unsigned value;

        if (strncmp(text, "\\x", 2) == 0 && sscanf(text + 2, "%2x", &value) == 1) {
            bytes[count++] = (char)value;
            text += 4;
        } else if (strncmp(text, "\\r", 2) == 0 || strncmp(text, "\\n", 2) == 0) {
            bytes[count++] = text[1] == 'r' ? '\r' : '\n';
            text += 2;
        } else {
            bytes[count++] = *text++;
        }
    }
    return count;
}

int main(int argc, char **argv)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    char bytes[BYTES_MAX];
    size_t count;
    int one = 1;

    if (argc != 3)
        return 2;
    count = unescape(argv[2], bytes);
    address.sin_port = htons((in_port_t)strtoul(argv[1], NULL, 10));
    (void)setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
    if (bind(fd, (struct sockaddr *)&address, sizeof(address)) != 0 || listen(fd, 16) != 0) {
        perror("reply");
        return 1;
    }
    (void)puts("listening");
    (void)fflush(stdout);
    for (;;) {
        int connection = accept(fd, NULL, NULL);
        char told[4096];
        ssize_t got;

        if (connection < 0)
            continue;
        if (count)
            (void)send(connection, bytes, count, MSG_NOSIGNAL);
        (void)shutdown(connection, SHUT_WR);
        while (count && (got = recv(connection, told, sizeof(told), 0)) > 0)
            (void)fwrite(told, 1, (size_t)got, stdout);
        (void)fflush(stdout);
        (void)close(connection);
    }
}
