/*
 * An OpenRosa server that is no store of Talkpoint's, as ODK Central (a token in its address,
 * Basic) or KoboToolbox (Digest, a token header) is to a device, and as bad as it is told to be:
 * for journeys. Paths and lists are those of ODK Central; statuses, headers and words of each are
 * its own, as seen with central-backend v2026.2 and with kpi's own views and authentication. Keeps
 * what it was sent in FOLDER/taken, a line for each request in FOLDER/log. Usage: openrosa FOLDER
 * PORT WAY [USER SECRET]. WAY: none, url, digest, basic, token.
 *
 * FOLDER/forms/ID/ holds form.xml, version and media. FOLDER/mode holds one word, read anew for
 * each request: ok, portal (200 and a page), stranger (201 and a page), page (201 and a page, with
 * the OpenRosa header), at-work (takes it in and says 409, as ODK Central does where an earlier
 * request with it is at work), lost (takes it in and hangs up), cut (takes it in and sends half an
 * answer), or a status to refuse submissions with. FOLDER/limit: bytes it says it accepts.
 * FOLDER/forbidden: a form that this client may not send to.
 */
#include <signal.h>
#include <sodium.h>

#include "helpers/agent/openrosa_door.h"
#include "helpers/agent/openrosa_forms.h"

/* ---- submissions ---- */

/* The body of the part with this name, which the boundary ends. */
static bool part(const struct server_request *request, const char *name, const char **bytes,
                 size_t *count)
{
    char mark[200], boundary[200] = "\r\n--";
    const char *end = request->body + request->body_count;
    const char *start, *until;

    (void)snprintf(mark, sizeof(mark), "name=\"%s\"", name);
    start = memmem(request->body, request->body_count, mark, strlen(mark));
    start = start ? memmem(start, (size_t)(end - start), "\r\n\r\n", 4) : NULL;
    if (!start || !server_between(request->headers, "boundary=", "\r\n", boundary + 4, 190))
        return false;
    start += 4;
    until = memmem(start, (size_t)(end - start), boundary, strlen(boundary));
    if (!until)
        return false;
    *bytes = start;
    *count = (size_t)(until - start);
    return true;
}

/* KoboToolbox knows no such form, or the proxy before the server finds the request too large: said
 * without X-OpenRosa-Version. */
static bool says_without_header(const struct openrosa *it, int status, struct server_reply *reply)
{
    static const char unknown[] = "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n"
                                  "<root><detail>Not found.</detail></root>";
    static const char large[] = "<html><body>413 Request Entity Too Large</body></html>";

    if (status == 404 && is_kobo(it))
        server_reply(reply, 404, "Content-Type: text/xml; charset=utf-8\r\n", unknown,
                     sizeof(unknown) - 1);
    else if (status == 413)
        server_reply(reply, 413, "Content-Type: text/html\r\n", large, sizeof(large) - 1);
    else
        return false;
    return true;
}

/* What ODK Central did not expect itself it says in JSON. */
static void say(const struct openrosa *it, struct server_reply *reply, int status,
                const char *words)
{
    static const char broken[] = "{\"message\":\"Internal Server Error\"}";
    char xml[600];
    int length =
        snprintf(xml, sizeof(xml),
                 is_kobo(it) ? "<?xml version='1.0' encoding='UTF-8' ?>\n<OpenRosaResponse "
                               "xmlns=\"http://openrosa.org/http/response\">\n        <message "
                               "nature=\"%.0s\">%s</message>\n</OpenRosaResponse>"
                             : "\n  <OpenRosaResponse xmlns=\"http://openrosa.org/http/response\" "
                               "items=\"0\">\n    <message nature=\"%s\">%s</message>\n"
                               "  </OpenRosaResponse>",
                 status == 201 ? "" : "error", words);

    if (says_without_header(it, status, reply))
        return;
    if (status == 500) {
        server_reply(reply, status, OPENROSA "Content-Type: application/json\r\n", broken,
                     sizeof(broken) - 1);
        return;
    }
    server_reply(reply, status, OPENROSA "Content-Type: text/xml; charset=utf-8\r\n", xml,
                 (size_t)length);
}

/* 201: it is here now; what was here before gets 201 from ODK Central and 202 from KoboToolbox;
 * 409: something else is here under its ID. */
static int keep(const struct openrosa *it, const char *id, const char *kind, const void *bytes,
                size_t count)
{
    char name[300], path[1200];
    struct tp_buf before;
    int status = 201;

    (void)snprintf(name, sizeof(name), "taken/%s.%s", id, kind);
    path_in(it, path, name);
    tp_buf_init(&before, 16u << 20);
    if (!tp_file_read(path, &before, NULL))
        status = tp_file_write_atomic(path, bytes, count, 0600, NULL) ? 201 : 500;
    else if (before.length != count || memcmp(tp_buf_text(&before), bytes, count) != 0)
        status = 409;
    else if (is_kobo(it))
        status = 202;
    tp_buf_finish(&before);
    return status;
}

static int take(const struct openrosa *it, const struct server_request *request)
{
    char id[100] = "";
    const char *xml, *file;
    size_t count = 0, file_count = 0;
    int status;

    if (!strstr(request->headers, "\r\nX-OpenRosa-Version: 1.0\r\n") ||
        !part(request, "xml_submission_file", &xml, &count) ||
        !server_between(xml, "instanceID>", "<", id, sizeof(id)) || strchr(id, '/'))
        return 400;
    status = keep(it, id, "xml", xml, count);
    if (status < 400 && part(request, "submission.xml.enc", &file, &file_count))
        status = keep(it, id, "enc", file, file_count);
    return status;
}

static void submission(const struct openrosa *it, const struct server_request *request,
                       const char *mode, struct server_reply *reply)
{
    static const char page[] = "<html><body>Welcome to Free Wi-Fi</body></html>";
    int status = (int)strtol(mode, NULL, 10);
    char form[100], name[120];

    if (strcmp(mode, "stranger") == 0 || strcmp(mode, "page") == 0) {
        server_reply(reply, 201, *mode == 'p' ? OPENROSA : "", page, sizeof(page) - 1);
        return;
    }
    if (status) {
        say(it, reply, status, "because");
        return;
    }
    read_word(it, "forbidden", form, sizeof(form));
    (void)snprintf(name, sizeof(name), "id=\"%s\"", form);
    status = *form && memmem(request->body, request->body_count, name, strlen(name))
                 ? (is_kobo(it) ? 403 : 401)
                 : take(it, request);
    if (status < 400 && strcmp(mode, "at-work") == 0)
        status = 409;
    say(it, reply, status,
        status == 201   ? "full submission upload was successful!"
        : status == 202 ? "Duplicate Instance"
                        : "because");
    if (strcmp(mode, "lost") == 0)
        reply->cut_at = 0;
    else if (strcmp(mode, "cut") == 0)
        reply->cut_at = reply->bytes.length / 2;
}

static void head(const struct openrosa *it, struct server_reply *reply)
{
    char limit[40], extra[300];

    read_word(it, "limit", limit, sizeof(limit));
    (void)snprintf(extra, sizeof(extra), OPENROSA "X-OpenRosa-Accept-Content-Length: %s\r\n",
                   *limit ? limit : "100000000");
    server_reply(reply, 204, extra, "", 0);
}

/* ---- requests ---- */

static void answer(const struct openrosa *it, const struct server_request *request,
                   const char *path, const char *base, const char *mode, struct server_reply *reply)
{
    char id[200];

    if (strcmp(path, "/submission") == 0 && strcmp(request->method, "HEAD") == 0)
        head(it, reply);
    else if (strcmp(path, "/submission") == 0)
        submission(it, request, mode, reply);
    else if (strcmp(path, "/formList") == 0)
        list(it, base, NULL, reply);
    else if (server_between(path, "/forms/", "/manifest", id, sizeof(id)))
        list(it, base, id, reply);
    else
        give(it, path + 1, reply);
}

static void note(const struct openrosa *it, const struct server_request *request, const char *path,
                 const struct server_reply *reply)
{
    char file[1200];
    FILE *log;

    path_in(it, file, "log");
    log = fopen(file, "a");
    if (!log)
        return;
    (void)fprintf(log, "%s %s %.3s\n", request->method, path,
                  reply->bytes.length > 12 ? reply->bytes.data + 9 : "---");
    (void)fclose(log);
}

static void handle(void *context, const struct server_request *request, struct server_reply *reply)
{
    static const char page[] = "<!DOCTYPE html><html><body>Please sign in</body></html>";
    struct openrosa *it = context;
    char prefix[300] = "", base[500], path[1024], mode[40];

    (void)pthread_mutex_lock(&it->mutex);
    if (strcmp(it->way, "url") == 0)
        (void)snprintf(prefix, sizeof(prefix), "/v1/key/%s/projects/7", it->secret);
    (void)snprintf(base, sizeof(base), "%s%s", it->server.url, prefix);
    (void)snprintf(path, sizeof(path), "%.*s", (int)strcspn(request->path, "?"), request->path);
    read_word(it, "mode", mode, sizeof(mode));
    if (strcmp(mode, "portal") == 0)
        server_reply(reply, 200, "Content-Type: text/html\r\n", page, sizeof(page) - 1);
    else if (strncmp(path, prefix, strlen(prefix)) != 0)
        refuse(it, reply);
    else if (!may(it, request))
        refuse(it, reply);
    else
        answer(it, request, path + strlen(prefix), base, mode, reply);
    note(it, request, path + (strncmp(path, prefix, strlen(prefix)) == 0 ? strlen(prefix) : 0),
         reply);
    (void)pthread_mutex_unlock(&it->mutex);
}

int main(int argc, char **argv)
{
    static struct openrosa it = {.mutex = PTHREAD_MUTEX_INITIALIZER};
    sigset_t signals;
    int signal_number;

    if ((argc != 4 && argc != 6) || sodium_init() < 0)
        return 2;
    it.folder = argv[1];
    it.way = argv[3];
    it.user = argc == 6 ? argv[4] : "";
    it.secret = argc == 6 ? argv[5] : "";
    (void)sigemptyset(&signals);
    (void)sigaddset(&signals, SIGTERM);
    (void)sigprocmask(SIG_BLOCK, &signals, NULL);
    server_start_on(&it.server, handle, &it, (unsigned)strtoul(argv[2], NULL, 10));
    (void)puts(it.server.url);
    (void)fflush(stdout);
    (void)sigwait(&signals, &signal_number);
    server_stop(&it.server);
    return 0;
}
