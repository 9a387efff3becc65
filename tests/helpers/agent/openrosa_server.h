/* An OpenRosa server of the tests (openrosa.c): its folder, and as which server it behaves.
 * Header only: one program. */
#ifndef TP_HELPER_AGENT_OPENROSA_SERVER_H
#define TP_HELPER_AGENT_OPENROSA_SERVER_H

#include <nettle/md5.h>

#include "base/file.h"
#include "store/encode.h"
#include "unit/agent/server.h"

#define OPENROSA                                                                                   \
    "Content-Language: en\r\nX-OpenRosa-Version: 1.0\r\nDate: Thu, 26 Nov 2026 09:41:07 GMT\r\n"
#define XML "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n  "
/* Nonces that it gives out at most. */
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

/* Which of the two it behaves as: KoboToolbox, or ODK Central. */
static inline bool is_kobo(const struct openrosa *it)
{
    return strcmp(it->way, "digest") == 0 || strcmp(it->way, "token") == 0;
}

static inline void path_in(const struct openrosa *it, char path[1200], const char *name)
{
    (void)snprintf(path, 1200, "%s/%s", it->folder, name);
}

/* A small file's text without its line end; "" where it is not there. */
static inline void read_word(const struct openrosa *it, const char *name, char *out, size_t size)
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

static inline void md5_text(const void *bytes, size_t count, char text[33])
{
    unsigned char digest[MD5_DIGEST_SIZE];
    struct md5_ctx md5;

    md5_init(&md5);
    md5_update(&md5, count, bytes);
    md5_digest(&md5, sizeof(digest), digest);
    tp_hex(digest, sizeof(digest), text);
}

#endif
