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
#include <dirent.h>
#include <nettle/md5.h>
#include <signal.h>
#include <sodium.h>

#include "base/file.h"
#include "store/encode.h"
#include "unit/agent/server.h"

#define OPENROSA                                                                                   \
    "Content-Language: en\r\nX-OpenRosa-Version: 1.0\r\nDate: Thu, 26 Nov 2026 09:41:07 GMT\r\n"
#define XML "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n  "
#define REALM "collect"
/* KoboToolbox's nonces run out after five minutes; these after so many requests. */
#define NONCE_USES 4
#define NONCES_MAX 1000u

struct openrosa {
    struct server server;
    pthread_mutex_t mutex;
    const char *folder;
    const char *way;
    const char *user;
    const char *secret;
    long nonce_counts[NONCES_MAX]; /* the highest that came with each nonce */
    unsigned nonces;
};

static void path_in(const struct openrosa *it, char path[1200], const char *name)
{
    (void)snprintf(path, 1200, "%s/%s", it->folder, name);
}

/* A small file's text without its line end; "" where it is not there. */
static void read_word(const struct openrosa *it, const char *name, char *out, size_t size)
{
    char path[1200];
    struct tp_buf text;

    path_in(it, path, name);
    tp_buf_init(&text, 1u << 20);
    *out = '\0';
    if (tp_file_read(path, &text, NULL))
        (void)snprintf(out, size, "%.*s", (int)strcspn(tp_buf_text(&text), "\r\n"),
                       tp_buf_text(&text));
    tp_buf_finish(&text);
}

static void md5_text(const void *bytes, size_t count, char text[33])
{
    unsigned char digest[MD5_DIGEST_SIZE];
    struct md5_ctx md5;

    md5_init(&md5);
    md5_update(&md5, count, bytes);
    md5_digest(&md5, sizeof(digest), digest);
    tp_hex(digest, sizeof(digest), text);
}

static bool between(const char *text, const char *from, const char *to, char *out, size_t size)
{
    const char *start = text ? strcasestr(text, from) : NULL;
    const char *end = start ? strstr(start + strlen(from), to) : NULL;

    if (!end || (size_t)(end - start) - strlen(from) >= size)
        return false;
    start += strlen(from);
    memcpy(out, start, (size_t)(end - start));
    out[end - start] = '\0';
    return true;
}

/* ---- who asks ---- */

/* As django-digest: a nonce that was given out, still good, and a count that only grows. */
static bool nonce_fits(struct openrosa *it, const char *nonce, const char *nc)
{
    unsigned number = (unsigned)strtoul(nonce, NULL, 16);
    long count = strtol(nc, NULL, 16);
    bool fits = number < it->nonces && count > it->nonce_counts[number] && count <= NONCE_USES;

    if (fits)
        it->nonce_counts[number] = count;
    return fits;
}

static bool digest_fits(struct openrosa *it, const struct server_request *request,
                        const char *given)
{
    char uri[1100], response[40], nonce[40], nc[16], cnonce[100], user[100];
    char text[2000], ha1[33], ha2[33], wanted[33];

    if (!between(given, "username=\"", "\"", user, sizeof(user)) ||
        !between(given, "uri=\"", "\"", uri, sizeof(uri)) ||
        !between(given, "response=\"", "\"", response, sizeof(response)) ||
        !between(given, ", nonce=\"", "\"", nonce, sizeof(nonce)) ||
        !between(given, "nc=", ",", nc, sizeof(nc)) ||
        !between(given, "cnonce=\"", "\"", cnonce, sizeof(cnonce)) || strcmp(user, it->user) != 0)
        return false;
    (void)snprintf(text, sizeof(text), "%s:" REALM ":%s", user, it->secret);
    md5_text(text, strlen(text), ha1);
    (void)snprintf(text, sizeof(text), "%s:%s", request->method, uri);
    md5_text(text, strlen(text), ha2);
    (void)snprintf(text, sizeof(text), "%s:%s:%s:%s:auth:%s", ha1, nonce, nc, cnonce, ha2);
    md5_text(text, strlen(text), wanted);
    return strcmp(wanted, response) == 0 && nonce_fits(it, nonce, nc);
}

static bool may(struct openrosa *it, const struct server_request *request)
{
    char given[2000] = "", text[600], wanted[1000] = "Token ";

    if (strcmp(it->way, "none") == 0 || strcmp(it->way, "url") == 0)
        return true;
    if (!between(request->headers, "\r\nAuthorization: ", "\r\n", given, sizeof(given)))
        return false;
    if (strcmp(it->way, "digest") == 0)
        return strncmp(given, "Digest ", 7) == 0 && digest_fits(it, request, given);
    if (strcmp(it->way, "basic") == 0) {
        (void)snprintf(text, sizeof(text), "%s:%s", it->user, it->secret);
        (void)snprintf(wanted, sizeof(wanted), "Basic ");
        tp_base64(text, strlen(text), wanted + 6);
    } else {
        (void)snprintf(wanted + 6, sizeof(wanted) - 6, "%s", it->secret);
    }
    return strcmp(given, wanted) == 0;
}

static bool is_kobo(const struct openrosa *it)
{
    return strcmp(it->way, "digest") == 0 || strcmp(it->way, "token") == 0;
}

/* Neither says X-OpenRosa-Version to somebody it does not let in; KoboToolbox asks for Digest
 * whatever was tried, and never says that a nonce ran out; ODK Central asks for nothing. */
static void refuse(struct openrosa *it, struct server_reply *reply)
{
    static const char kobo[] = "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n"
                               "<root><detail>Invalid username/password</detail></root>";
    static const char central[] =
        "\n  <OpenRosaResponse xmlns=\"http://openrosa.org/http/response\" items=\"0\">\n"
        "    <message nature=\"error\">Could not authenticate with the provided credentials."
        "</message>\n  </OpenRosaResponse>";
    char asked[300];

    if (is_kobo(it)) {
        (void)snprintf(asked, sizeof(asked),
                       "Content-Type: text/xml; charset=utf-8\r\n"
                       "WWW-Authenticate: Digest realm=\"" REALM
                       "\", qop=\"auth\", nonce=\"%08x\", "
                       "opaque=\"0\", algorithm=\"MD5\", stale=\"false\"\r\n",
                       it->nonces);
        it->nonces += it->nonces < NONCES_MAX;
        server_reply(reply, 401, asked, kobo, sizeof(kobo) - 1);
    } else {
        server_reply(reply, 401, "Content-Type: text/xml; charset=utf-8\r\n", central,
                     sizeof(central) - 1);
    }
}

/* ---- forms ---- */

static void add_form(const struct openrosa *it, struct tp_buf *xml, const char *base,
                     const char *id)
{
    char name[600], path[1200], version[100], md5[33];
    struct tp_buf form;

    (void)snprintf(name, sizeof(name), "forms/%s/version", id);
    read_word(it, name, version, sizeof(version));
    (void)snprintf(name, sizeof(name), "forms/%s/form.xml", id);
    path_in(it, path, name);
    tp_buf_init(&form, 16u << 20);
    if (tp_file_read(path, &form, NULL)) {
        md5_text(tp_buf_text(&form), form.length, md5);
        tp_buf_printf(xml,
                      "<xform><formID>%s</formID><name>%s</name><version>%s</version>"
                      "<hash>md5:%s</hash><downloadUrl>%s/forms/%s.xml</downloadUrl>"
                      "<manifestUrl>%s/forms/%s/manifest</manifestUrl></xform>",
                      id, id, version, md5, base, id, base, id);
    }
    tp_buf_finish(&form);
}

static void add_media(const struct openrosa *it, struct tp_buf *xml, const char *base,
                      const char *id, const char *file)
{
    char name[600], path[1200], md5[33];
    struct tp_buf bytes;

    (void)snprintf(name, sizeof(name), "forms/%s/%s", id, file);
    path_in(it, path, name);
    tp_buf_init(&bytes, 64u << 20);
    if (tp_file_read(path, &bytes, NULL)) {
        md5_text(tp_buf_text(&bytes), bytes.length, md5);
        tp_buf_printf(xml,
                      "<mediaFile><filename>%s</filename><hash>md5:%s</hash>"
                      "<downloadUrl>%s/forms/%s/attachments/%s</downloadUrl></mediaFile>",
                      file, md5, base, id, file);
    }
    tp_buf_finish(&bytes);
}

/* The form list, or with `id` the manifest of one form. */
static void list(const struct openrosa *it, const char *base, const char *id,
                 struct server_reply *reply)
{
    char name[600] = "forms", path[1200];
    struct dirent *entry;
    struct tp_buf xml;
    DIR *folder;

    if (id)
        (void)snprintf(name, sizeof(name), "forms/%s", id);
    path_in(it, path, name);
    tp_buf_init(&xml, 1u << 20);
    tp_buf_printf(&xml, XML "<%s xmlns=\"http://openrosa.org/xforms/xforms%s\">",
                  id ? "manifest" : "xforms", id ? "Manifest" : "List");
    folder = opendir(path);
    while (folder && (entry = readdir(folder))) {
        if (*entry->d_name == '.' || (id && (strcmp(entry->d_name, "form.xml") == 0 ||
                                             strcmp(entry->d_name, "version") == 0)))
            continue;
        if (id)
            add_media(it, &xml, base, id, entry->d_name);
        else
            add_form(it, &xml, base, entry->d_name);
    }
    if (folder)
        (void)closedir(folder);
    tp_buf_printf(&xml, "</%s>", id ? "manifest" : "xforms");
    server_reply(reply, 200, OPENROSA "Content-Type: text/xml\r\n", tp_buf_text(&xml), xml.length);
    tp_buf_finish(&xml);
}

/* As ODK Central: a form's own files come without the OpenRosa header. */
static void give(const struct openrosa *it, const char *asked, struct server_reply *reply)
{
    static const char attachments[] = "/attachments/";
    const char *file = strstr(asked, attachments);
    const char *end = file ? file : strstr(asked, ".xml");
    char name[1100], path[1200];
    struct tp_buf bytes;

    (void)snprintf(name, sizeof(name), "%.*s/%s", (int)(end ? end - asked : 0), asked,
                   file ? file + sizeof(attachments) - 1 : "form.xml");
    path_in(it, path, name);
    tp_buf_init(&bytes, 64u << 20);
    if (!strstr(name, "..") && tp_file_read(path, &bytes, NULL))
        server_reply(reply, 200, "Content-Type: application/octet-stream\r\n", tp_buf_text(&bytes),
                     bytes.length);
    else
        server_reply(reply, 404, OPENROSA, "", 0);
    tp_buf_finish(&bytes);
}

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
    if (!start || !between(request->headers, "boundary=", "\r\n", boundary + 4, 190))
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
        !between(xml, "instanceID>", "<", id, sizeof(id)) || strchr(id, '/'))
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
    else if (between(path, "/forms/", "/manifest", id, sizeof(id)))
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
