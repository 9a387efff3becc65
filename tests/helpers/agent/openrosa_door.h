/* Whom an OpenRosa server of the tests lets in, and what it says to the others. Header only. */
#ifndef TP_HELPER_AGENT_OPENROSA_DOOR_H
#define TP_HELPER_AGENT_OPENROSA_DOOR_H

#include "helpers/agent/openrosa_server.h"

#define REALM "collect"
/* KoboToolbox's nonces run out after five minutes; these after so many requests. */
#define NONCE_USES 4

/* As django-digest: a nonce that was given out, still good, and a count that only grows. */
static inline bool nonce_fits(struct openrosa *it, const char *nonce, const char *nc)
{
    unsigned number = (unsigned)strtoul(nonce, NULL, 16);
    long count = strtol(nc, NULL, 16);
    bool fits = number < it->nonces && count > it->nonce_counts[number] && count <= NONCE_USES;

    if (fits)
        it->nonce_counts[number] = count;
    return fits;
}

static inline bool digest_fits(struct openrosa *it, const struct server_request *request,
                               const char *given)
{
    char uri[1100], response[40], nonce[40], nc[16], cnonce[100], user[100];
    char text[2000], ha1[33], ha2[33], wanted[33];

    if (!server_between(given, "username=\"", "\"", user, sizeof(user)) ||
        !server_between(given, "uri=\"", "\"", uri, sizeof(uri)) ||
        !server_between(given, "response=\"", "\"", response, sizeof(response)) ||
        !server_between(given, ", nonce=\"", "\"", nonce, sizeof(nonce)) ||
        !server_between(given, "nc=", ",", nc, sizeof(nc)) ||
        !server_between(given, "cnonce=\"", "\"", cnonce, sizeof(cnonce)) ||
        strcmp(user, it->user) != 0)
        return false;
    (void)snprintf(text, sizeof(text), "%s:" REALM ":%s", user, it->secret);
    md5_text(text, strlen(text), ha1);
    (void)snprintf(text, sizeof(text), "%s:%s", request->method, uri);
    md5_text(text, strlen(text), ha2);
    (void)snprintf(text, sizeof(text), "%s:%s:%s:%s:auth:%s", ha1, nonce, nc, cnonce, ha2);
    md5_text(text, strlen(text), wanted);
    return strcmp(wanted, response) == 0 && nonce_fits(it, nonce, nc);
}

static inline bool may(struct openrosa *it, const struct server_request *request)
{
    char given[2000] = "", text[600], wanted[1000] = "Token ";

    if (strcmp(it->way, "none") == 0 || strcmp(it->way, "url") == 0)
        return true;
    if (!server_between(request->headers, "\r\nAuthorization: ", "\r\n", given, sizeof(given)))
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

/* Neither says X-OpenRosa-Version to somebody it does not let in; KoboToolbox asks for Digest
 * whatever was tried, and never says that a nonce ran out; ODK Central asks for nothing. */
static inline void refuse(struct openrosa *it, struct server_reply *reply)
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

#endif
