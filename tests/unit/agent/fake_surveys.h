/* Surveys for fake_store.h to serve: form list, manifests, files with Range, heartbeat. */
#ifndef TP_TEST_AGENT_FAKE_SURVEYS_H
#define TP_TEST_AGENT_FAKE_SURVEYS_H

#include <nettle/md5.h>

#include "unit/agent/fake_store.h"

#define SURVEY_FILES_MAX 8
#define SURVEYS_MAX 8

struct survey_file {
    char name[64];
    char *bytes; /* owned */
    size_t count;
};

struct survey {
    char id[32];
    char version[32];
    struct survey_file files[SURVEY_FILES_MAX]; /* the first is form.xml */
    size_t count;
};

struct fake_surveys {
    struct fake_store *store;
    struct survey surveys[SURVEYS_MAX];
    size_t count;
    bool ranges;       /* answers a Range request with 206 */
    const char *list;  /* instead of the true list */
    int list_status;   /* instead of 200 */
    bool backwards;    /* manifests name the last file first */
    char broken[64];   /* this file's bytes are not those of its hash */
    char cut_name[64]; /* this file's answer is cut at cut_at, so often */
    size_t cut_at;
    size_t cut_left;
    char refused[64]; /* this file gets refused_status */
    int refused_status;
    size_t file_requests;
    size_t range_requests;
    size_t bytes_sent;
    char heartbeat[65536]; /* the last one */
    size_t heartbeats;
    int heartbeat_status;       /* 0: 200 */
    const char *heartbeat_head; /* its fields; NULL: a store's */
    const char *heartbeat_says; /* more of its answer, after a comma; NULL: nothing */
    int64_t time_ms;            /* what the store's clock shows */
};

static inline void survey_md5(const void *bytes, size_t count, char text[40])
{
    unsigned char digest[MD5_DIGEST_SIZE];
    struct md5_ctx context;

    md5_init(&context);
    md5_update(&context, count, bytes);
    md5_digest(&context, sizeof(digest), digest);
    memcpy(text, "md5:", 4);
    tp_hex(digest, sizeof(digest), text + 4);
}

static inline struct survey *survey_add(struct fake_surveys *surveys, const char *id,
                                        const char *version)
{
    struct survey *survey = &surveys->surveys[surveys->count++];

    memset(survey, 0, sizeof(*survey));
    (void)snprintf(survey->id, sizeof(survey->id), "%s", id);
    (void)snprintf(survey->version, sizeof(survey->version), "%s", version);
    return survey;
}

static inline void survey_put(struct survey *survey, const char *name, const void *bytes,
                              size_t count)
{
    struct survey_file *file = NULL;

    for (size_t i = 0; i < survey->count; i++)
        if (strcmp(survey->files[i].name, name) == 0)
            file = &survey->files[i];
    if (!file)
        file = &survey->files[survey->count++];
    free(file->bytes);
    (void)snprintf(file->name, sizeof(file->name), "%s", name);
    file->bytes = malloc(count ? count : 1);
    if (!file->bytes)
        abort();
    memcpy(file->bytes, bytes, count);
    file->count = count;
}

static inline void survey_remove(struct fake_surveys *surveys, const char *id)
{
    for (size_t i = 0; i < surveys->count; i++) {
        struct survey *survey = &surveys->surveys[i];

        if (strcmp(survey->id, id) != 0)
            continue;
        for (size_t k = 0; k < survey->count; k++)
            free(survey->files[k].bytes);
        surveys->surveys[i] = surveys->surveys[--surveys->count];
        return;
    }
}

static inline void surveys_list(const struct fake_surveys *surveys, struct tp_buf *xml)
{
    const char *url = surveys->store->server.url;

    tp_buf_puts(xml, "<xforms xmlns=\"http://openrosa.org/xforms/xformsList\">");
    for (size_t i = 0; i < surveys->count; i++) {
        const struct survey *survey = &surveys->surveys[i];
        char md5[40];

        survey_md5(survey->files[0].bytes, survey->files[0].count, md5);
        tp_buf_printf(xml,
                      "<xform><formID>%s</formID><name>%s</name><version>%s</version>"
                      "<hash>%s</hash><downloadUrl>%s/forms/%s/0</downloadUrl>"
                      "<manifestUrl>%s/forms/%s/manifest</manifestUrl></xform>",
                      survey->id, survey->id, survey->version, md5, url, survey->id, url,
                      survey->id);
    }
    tp_buf_puts(xml, "</xforms>");
}

static inline void survey_manifest(const struct fake_surveys *surveys, const struct survey *survey,
                                   struct tp_buf *xml)
{
    tp_buf_puts(xml, "<manifest xmlns=\"http://openrosa.org/xforms/xformsManifest\">");
    for (size_t at = 1; at < survey->count; at++) {
        size_t i = surveys->backwards ? survey->count - at : at;
        char md5[40];

        survey_md5(survey->files[i].bytes, survey->files[i].count, md5);
        tp_buf_printf(xml,
                      "<mediaFile><filename>%s</filename><hash>%s</hash>"
                      "<downloadUrl>%s/forms/%s/%zu</downloadUrl></mediaFile>",
                      survey->files[i].name, md5, surveys->store->server.url, survey->id, i);
    }
    tp_buf_puts(xml, "</manifest>");
}

static inline void survey_file(struct fake_surveys *surveys, const struct survey_file *file,
                               const struct server_request *request, struct server_reply *reply)
{
    const char *range = strstr(request->headers, "\r\nRange: bytes=");
    size_t from = range ? strtoul(range + 15, NULL, 10) : 0;
    bool partial = range && surveys->ranges && from < file->count;
    char *copy = malloc(file->count + 1);

    if (!copy)
        abort();
    memcpy(copy, file->bytes, file->count);
    if (strcmp(surveys->broken, file->name) == 0 && file->count)
        copy[file->count / 2] ^= 1;
    surveys->file_requests++;
    surveys->range_requests += range != NULL;
    if (strcmp(surveys->refused, file->name) == 0) {
        server_reply(reply, surveys->refused_status, OPENROSA "Retry-After: 90\r\n", "", 0);
    } else if (range && surveys->ranges && from >= file->count) {
        server_reply(reply, 416, OPENROSA, "", 0);
    } else {
        server_reply(reply, partial ? 206 : 200, OPENROSA, copy + (partial ? from : 0),
                     file->count - (partial ? from : 0));
        surveys->bytes_sent += file->count - (partial ? from : 0);
    }
    if (surveys->cut_left && strcmp(surveys->cut_name, file->name) == 0) {
        surveys->cut_left--;
        reply->cut_at = surveys->cut_at;
    }
    free(copy);
}

static inline void surveys_heartbeat(struct fake_surveys *surveys,
                                     const struct server_request *request,
                                     struct server_reply *reply)
{
    char json[1024];
    int length = snprintf(json, sizeof(json), "{\"time_ms\":%lld%s}", (long long)surveys->time_ms,
                          surveys->heartbeat_says ? surveys->heartbeat_says : "");

    surveys->heartbeats++;
    (void)snprintf(surveys->heartbeat, sizeof(surveys->heartbeat), "%.*s", (int)request->body_count,
                   request->body);
    if (surveys->heartbeat_status)
        server_reply(reply, surveys->heartbeat_status,
                     surveys->heartbeat_head ? surveys->heartbeat_head : OPENROSA, "", 0);
    else
        server_reply(reply, 200, surveys->heartbeat_head ? surveys->heartbeat_head : OPENROSA, json,
                     (size_t)length);
}

static inline void surveys_handle(void *context, const struct server_request *request,
                                  struct server_reply *reply)
{
    struct fake_surveys *surveys = context;
    struct tp_buf xml;

    tp_buf_init(&xml, 1u << 20);
    if (strcmp(request->path, "/formList") == 0) {
        surveys_list(surveys, &xml);
        if (surveys->list) {
            tp_buf_reset(&xml);
            tp_buf_puts(&xml, surveys->list);
        }
        server_reply(reply, surveys->list_status ? surveys->list_status : 200, OPENROSA,
                     tp_buf_text(&xml), xml.length);
        goto finish;
    }
    if (strcmp(request->path, "/talkpoint/heartbeat") == 0) {
        surveys_heartbeat(surveys, request, reply);
        goto finish;
    }
    for (size_t i = 0; i < surveys->count; i++) {
        struct survey *survey = &surveys->surveys[i];
        char path[160];

        (void)snprintf(path, sizeof(path), "/forms/%s/manifest", survey->id);
        if (strcmp(request->path, path) == 0) {
            survey_manifest(surveys, survey, &xml);
            server_reply(reply, 200, OPENROSA, tp_buf_text(&xml), xml.length);
            goto finish;
        }
        for (size_t k = 0; k < survey->count; k++) {
            (void)snprintf(path, sizeof(path), "/forms/%s/%zu", survey->id, k);
            if (strcmp(request->path, path) == 0) {
                survey_file(surveys, &survey->files[k], request, reply);
                goto finish;
            }
        }
    }
    server_reply(reply, 404, OPENROSA, "", 0);
finish:
    tp_buf_finish(&xml);
}

static inline void surveys_start(struct fake_surveys *surveys, struct fake_store *store)
{
    memset(surveys, 0, sizeof(*surveys));
    surveys->store = store;
    surveys->ranges = true;
    surveys->time_ms = INT64_C(1795426867123);
    store->others = surveys_handle;
    store->others_context = surveys;
}

static inline void surveys_stop(struct fake_surveys *surveys)
{
    while (surveys->count)
        survey_remove(surveys, surveys->surveys[0].id);
}

#endif
