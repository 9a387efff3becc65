/*
 * A captive portal: answers everything with 200 and a page, until SIGTERM: for journeys.
 * Usage: portal PORT. Prints its address when it listens.
 */
#include <signal.h>

#include "unit/agent/server.h"

static void welcome(void *context, const struct server_request *request, struct server_reply *reply)
{
    static const char page[] = "<!DOCTYPE html><html><head><title>Free Wi-Fi</title></head><body>"
                               "<form action=\"/login\">Please sign in</form></body></html>";

    (void)context;
    (void)request;
    server_reply(reply, 200, "Content-Type: text/html\r\n", page, sizeof(page) - 1);
}

int main(int argc, char **argv)
{
    static struct server server;
    sigset_t signals;
    int signal_number;

    if (argc != 2)
        return 2;
    (void)sigemptyset(&signals);
    (void)sigaddset(&signals, SIGTERM);
    (void)sigprocmask(SIG_BLOCK, &signals, NULL);
    server_start_on(&server, welcome, NULL, (unsigned)strtoul(argv[1], NULL, 10));
    (void)puts(server.url);
    (void)fflush(stdout);
    (void)sigwait(&signals, &signal_number);
    server_stop(&server);
    return 0;
}
