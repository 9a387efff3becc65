/* What a device downloads: the form list, forms, manifests, media. */
#include <string.h>

#include "central/api/api.h"
#include "central/data/forms.h"
#include "central/web/html.h"

#define XML_TYPE "text/xml; charset=utf-8"
#define DAY_MS (24 * 3600 * 1000LL)

/* BASE/forms/ID/VERSION */
static bool form_url(const struct tp_buf *base, const char *id, const char *version,
                     struct tp_buf *url)
{
    tp_buf_reset(url);
    (void)tp_buf_puts(url, tp_buf_text(base));
    (void)tp_buf_puts(url, "/forms/");
    (void)tp_percent_encode(url, id);
    (void)tp_buf_putc(url, '/');
    /* A form may have no version; a path must have a segment. */
    (void)tp_percent_encode(url, *version ? version : "-");
    return tp_buf_ok(url);
}

static const char *version_of(const struct tp_exchange *exchange)
{
    return strcmp(exchange->names[1], "-") == 0 ? "" : exchange->names[1];
}

struct listing {
    struct tp_html xml;
    char only[TP_FORM_ID_MAX + 1]; /* the one form that was asked for; "": all */
    struct tp_buf base;
    struct tp_buf url;
    char today[TP_DAY_TEXT_MAX];
    char soon[TP_DAY_TEXT_MAX];
};

static void element(struct tp_html *xml, const char *name, const char *before, const char *text,
                    const char *after)
{
    tp_html_open(xml, name, NULL);
    tp_html_text(xml, before);
    tp_html_text(xml, text);
    tp_html_text(xml, after);
    tp_html_close(xml);
}

static bool list_form(void *context, const struct tp_form_row *form)
{
    struct listing *listing = context;
    struct tp_html *xml = &listing->xml;
    enum tp_form_phase phase = tp_form_phase(form, listing->today);

    if ((*listing->only && strcmp(listing->only, form->id) != 0) || phase == TP_FORM_CLOSED ||
        (phase == TP_FORM_BEFORE && strcmp(form->opens, listing->soon) > 0))
        return true;
    (void)form_url(&listing->base, form->id, form->version, &listing->url);
    tp_html_open(xml, "xform", NULL);
    tp_html_element(xml, "formID", form->id, NULL);
    tp_html_element(xml, "name", form->title, NULL);
    tp_html_element(xml, "version", form->version, NULL);
    element(xml, "hash", "md5:", form->md5, "");
    element(xml, "downloadUrl", "", tp_buf_text(&listing->url), "/form.xml");
    element(xml, "manifestUrl", "", tp_buf_text(&listing->url), "/manifest");
    tp_html_close(xml);
    return tp_buf_ok(xml->out);
}

static bool list_media(void *context, const char *name, const char *md5)
{
    struct listing *listing = context;
    struct tp_html *xml = &listing->xml;
    struct tp_buf encoded;

    tp_buf_init(&encoded, 4u * TP_MEDIA_NAME_MAX);
    (void)tp_percent_encode(&encoded, name);
    tp_html_open(xml, "mediaFile", NULL);
    tp_html_element(xml, "filename", name, NULL);
    element(xml, "hash", "md5:", md5, "");
    element(xml, "downloadUrl", tp_buf_text(&listing->url), "/media/", tp_buf_text(&encoded));
    tp_html_close(xml);
    tp_buf_finish(&encoded);
    return tp_buf_ok(xml->out);
}

static bool begin_list(struct tp_central *central, struct tp_exchange *exchange,
                       struct listing *listing)
{
    tp_buf_init(&listing->base, TP_URL_MAX * 2);
    tp_buf_init(&listing->url, TP_URL_MAX * 8);
    if (!tp_app_base_url(central, exchange, &listing->base)) {
        tp_respond_text(exchange, 400, "the header Host is missing or not a host");
        return false;
    }
    tp_respond(exchange, 200, XML_TYPE);
    tp_html_init(&listing->xml, &exchange->response.body);
    tp_html_prolog(&listing->xml, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    return true;
}

static void finish_list(struct tp_exchange *exchange, struct listing *listing, bool ok)
{
    tp_html_close_to(&listing->xml, 0);
    tp_buf_finish(&listing->base);
    tp_buf_finish(&listing->url);
    if (!ok)
        tp_api_not_ready(exchange);
}

enum tp_next tp_api_form_list(struct tp_central *central, struct tp_exchange *exchange)
{
    struct listing listing = {.today = ""};
    int64_t now_ms = tp_clock_wall_ms(&central->clock);
    struct tp_sql *db;
    bool ok;

    if (!begin_list(central, exchange, &listing))
        return TP_RESPOND;
    /* Enketo asks for one. */
    (void)tp_exchange_query(exchange, "formID", listing.only, sizeof(listing.only));
    tp_central_day(central, now_ms, listing.today);
    tp_central_day(central, now_ms + TP_FORM_EARLY_DAYS * DAY_MS, listing.soon);
    tp_html_open(&listing.xml, "xforms", "xmlns", "http://openrosa.org/xforms/xformsList", NULL);
    db = tp_sql_pool_take(central->readers);
    ok = tp_forms_each(db, list_form, &listing, NULL);
    tp_sql_pool_give(central->readers, db);
    finish_list(exchange, &listing, ok);
    return TP_RESPOND;
}

enum tp_next tp_api_manifest(struct tp_central *central, struct tp_exchange *exchange)
{
    struct listing listing = {.today = ""};
    struct tp_sql *db;
    bool ok;

    if (!begin_list(central, exchange, &listing))
        return TP_RESPOND;
    (void)form_url(&listing.base, exchange->names[0], version_of(exchange), &listing.url);
    tp_html_open(&listing.xml, "manifest", "xmlns", "http://openrosa.org/xforms/xformsManifest",
                 NULL);
    db = tp_sql_pool_take(central->readers);
    ok = tp_forms_media_each(db, exchange->names[0], version_of(exchange), list_media, &listing,
                             NULL);
    tp_sql_pool_give(central->readers, db);
    finish_list(exchange, &listing, ok);
    return TP_RESPOND;
}

static void respond_found(struct tp_exchange *exchange, bool ok, bool found)
{
    if (!ok)
        tp_api_not_ready(exchange);
    else if (!found)
        tp_respond_text(exchange, 404, "this store has no such form, version or file");
}

enum tp_next tp_api_form(struct tp_central *central, struct tp_exchange *exchange)
{
    struct tp_sql *db = tp_sql_pool_take(central->readers);
    bool found = false;
    bool ok;

    tp_respond(exchange, 200, XML_TYPE);
    ok = tp_forms_xml(db, exchange->names[0], version_of(exchange), &exchange->response.body,
                      &found, NULL);
    tp_sql_pool_give(central->readers, db);
    respond_found(exchange, ok, found);
    return TP_RESPOND;
}

enum tp_next tp_api_media(struct tp_central *central, struct tp_exchange *exchange)
{
    struct tp_sql *db = tp_sql_pool_take(central->readers);
    bool found = false;
    bool ok;

    tp_respond(exchange, 200, "application/octet-stream");
    tp_respond_header(exchange, "X-Content-Type-Options", "nosniff");
    ok = tp_forms_media(db, exchange->names[0], version_of(exchange), exchange->names[2],
                        &exchange->response.body, &found, NULL);
    tp_sql_pool_give(central->readers, db);
    respond_found(exchange, ok, found);
    return TP_RESPOND;
}
