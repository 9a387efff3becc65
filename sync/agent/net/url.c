#include <curl/curl.h>
#include <string.h>

#include "agent/net/http.h"

static bool part_is(CURLU *url, CURLUPart part, const char *value)
{
    char *text = NULL;
    bool same = curl_url_get(url, part, &text, CURLU_DEFAULT_PORT) == CURLUE_OK &&
                strcasecmp(text, value) == 0;

    curl_free(text);
    return same;
}

static bool has_part(CURLU *url, CURLUPart part)
{
    char *text = NULL;
    bool has = curl_url_get(url, part, &text, 0) == CURLUE_OK;

    curl_free(text);
    return has;
}

bool tp_http_url_is_private(const char *url)
{
    CURLU *parts = curl_url();
    char *host = NULL;
    bool private = false;

    if (parts && curl_url_set(parts, CURLUPART_URL, url, 0) == CURLUE_OK) {
        private = part_is(parts, CURLUPART_SCHEME, "https");
        if (!private && curl_url_get(parts, CURLUPART_HOST, &host, 0) == CURLUE_OK)
        private = strcasecmp(host, "localhost") == 0 || strcmp(host, "[::1]") == 0 ||
                  (strncmp(host, "127.", 4) == 0 && host[strspn(host, "0123456789.")] == '\0');
    }
    curl_free(host);
    curl_url_cleanup(parts);
    return private;
}

bool tp_http_check_store_url(const char *url, char clean[TP_STORE_URL_MAX], struct tp_error *error)
{
    CURLU *parts = curl_url();
    char *text = NULL;
    size_t length;
    bool ok = false;

    if (!parts)
        return tp_fail_memory(error);
    if (curl_url_set(parts, CURLUPART_URL, url, 0) != CURLUE_OK ||
        !(part_is(parts, CURLUPART_SCHEME, "https") || part_is(parts, CURLUPART_SCHEME, "http"))) {
        tp_fail(error, TP_ERR_MISUSE,
                "'%s' is not a store's address; write it like https://talkpoint.example.gov.uk",
                url);
        goto free_parts;
    }
    if (has_part(parts, CURLUPART_USER) || has_part(parts, CURLUPART_PASSWORD) ||
        has_part(parts, CURLUPART_QUERY) || has_part(parts, CURLUPART_FRAGMENT)) {
        tp_fail(error, TP_ERR_MISUSE,
                "the store's address holds more than a host, a port and a path; leave out what "
                "follows '?' or '#' and any name before '@'");
        goto free_parts;
    }
    if (curl_url_get(parts, CURLUPART_URL, &text, 0) != CURLUE_OK) {
        tp_fail_memory(error);
        goto free_parts;
    }
    length = strlen(text);
    while (length && text[length - 1] == '/')
        length--;
    if (length >= TP_STORE_URL_MAX) {
        tp_fail(error, TP_ERR_LIMIT, "the store's address is longer than %u bytes",
                TP_STORE_URL_MAX - 1);
        goto free_text;
    }
    memcpy(clean, text, length);
    clean[length] = '\0';
    ok = true;
free_text:
    curl_free(text);
free_parts:
    curl_url_cleanup(parts);
    return ok;
}

static bool same_part(CURLU *one, CURLU *other, CURLUPart part)
{
    char *text = NULL;
    bool same = curl_url_get(one, part, &text, CURLU_DEFAULT_PORT) == CURLUE_OK &&
                part_is(other, part, text);

    curl_free(text);
    return same;
}

bool tp_http_same_origin(const char *store_url, const char *reference, char url[TP_HTTP_URL_MAX],
                         struct tp_error *error)
{
    CURLU *store = curl_url();
    CURLU *other = NULL;
    char *text = NULL;
    bool ok = false;

    if (!store || curl_url_set(store, CURLUPART_URL, store_url, 0) != CURLUE_OK ||
        !(other = curl_url_dup(store))) {
        tp_fail_memory(error);
        goto clean_up;
    }
    ok = curl_url_set(other, CURLUPART_URL, reference, CURLU_URLENCODE) == CURLUE_OK &&
         same_part(store, other, CURLUPART_SCHEME) && same_part(store, other, CURLUPART_HOST) &&
         same_part(store, other, CURLUPART_PORT) && !has_part(other, CURLUPART_USER) &&
         curl_url_get(other, CURLUPART_URL, &text, 0) == CURLUE_OK &&
         strlen(text) < TP_HTTP_URL_MAX;
    if (ok)
        memcpy(url, text, strlen(text) + 1);
    else
        tp_fail(error, TP_ERR_INVALID, "an address that is not the store's");
clean_up:
    curl_free(text);
    curl_url_cleanup(other);
    curl_url_cleanup(store);
    return ok;
}

static bool keeps_method(const char *method, long status)
{
    if (status == 307 || status == 308)
        return true;
    return strcmp(method, "POST") != 0 && (status == 301 || status == 302 || status == 303);
}

/* Nothing is hidden in the address, and nobody on the way can read what comes. */
static bool is_safe_elsewhere(const char *store_url, const char *to)
{
    CURLU *parts = curl_url();
    bool safe = parts && curl_url_set(parts, CURLUPART_URL, to, 0) == CURLUE_OK &&
                !has_part(parts, CURLUPART_USER) &&
                (part_is(parts, CURLUPART_SCHEME, "https") ||
                 (strncasecmp(store_url, "http:", 5) == 0 && tp_http_url_is_private(store_url) &&
                  tp_http_url_is_private(to)));

    curl_url_cleanup(parts);
    return safe;
}

enum tp_redirect tp_http_redirect(const char *store_url, const struct tp_http_request *request,
                                  long status, const char *to)
{
    char url[TP_HTTP_URL_MAX];

    if (!keeps_method(request->method, status) || strlen(to) >= TP_HTTP_URL_MAX)
        return TP_REDIRECT_NO;
    if (tp_http_same_origin(store_url, to, url, NULL))
        return TP_REDIRECT_ON;
    return request->hash_proves && strcmp(request->method, "GET") == 0 &&
                   is_safe_elsewhere(store_url, to)
               ? TP_REDIRECT_BARE
               : TP_REDIRECT_NO;
}
