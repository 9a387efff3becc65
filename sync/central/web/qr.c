#include "central/web/qr.h"

#include <jansson.h>
#include <qrencode.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <zlib.h>

#include "base/mem.h"

/* The largest code there is has 177 modules a side; a run of dark ones takes some 16 bytes. */
#define PATH_BYTES_MAX (256u * 1024u)
#define MARGIN 4
/* Of settings: some 300 bytes. */
#define SETTINGS_MAX 4096u

/* One row's dark runs as a path: "M x y h length v1 h-length z". */
static void draw_row(const QRcode *code, int y, struct tp_buf *path)
{
    for (int x = 0; x < code->width; x++) {
        int from = x;

        while (x < code->width && (code->data[y * code->width + x] & 1))
            x++;
        if (x > from)
            (void)tp_buf_printf(path, "M%d %dh%dv1h-%dz", from + MARGIN, y + MARGIN, x - from,
                                x - from);
    }
}

bool tp_qr_svg(struct tp_html *html, const char *text, const char *spoken)
{
    QRcode *code = QRcode_encodeString8bit(text, 0, QR_ECLEVEL_L);
    struct tp_buf path;
    char box[48];
    bool ok;

    if (!code)
        return false;
    tp_buf_init(&path, PATH_BYTES_MAX);
    for (int y = 0; y < code->width; y++)
        draw_row(code, y, &path);
    (void)snprintf(box, sizeof(box), "0 0 %d %d", code->width + 2 * MARGIN,
                   code->width + 2 * MARGIN);
    ok = tp_buf_ok(&path);
    if (ok) {
        tp_html_open(html, "svg", "class", "qr", "viewBox", box, "role", "img", "aria-label",
                     spoken, "shape-rendering", "crispEdges", NULL);
        tp_html_void(html, "path", "d", tp_buf_text(&path), NULL);
        tp_html_close(html);
    }
    tp_buf_finish(&path);
    QRcode_free(code);
    return ok;
}

static bool compress_text(const char *json, struct tp_buf *text)
{
    unsigned char packed[SETTINGS_MAX];
    char base64[sodium_base64_ENCODED_LEN(SETTINGS_MAX, sodium_base64_VARIANT_ORIGINAL)];
    uLongf length = sizeof(packed);
    bool ok = compress2(packed, &length, (const Bytef *)json, strlen(json), 9) == Z_OK;

    if (ok)
        ok = sodium_bin2base64(base64, sizeof(base64), packed, length,
                               sodium_base64_VARIANT_ORIGINAL) &&
             tp_buf_puts(text, base64);
    tp_wipe(packed, sizeof(packed));
    tp_wipe(base64, sizeof(base64));
    return ok;
}

bool tp_collect_settings(const char *url, const char *login, const char *password,
                         const char *project, struct tp_buf *text)
{
    /* Collect keeps its list of forms as ours, and sends when there is any network. */
    json_t *settings =
        json_pack("{s{ssssssssssssss}s{}s{ssssss}}", "general", "protocol", "odk_default",
                  "server_url", url, "username", login, "password", password, "form_update_mode",
                  "match_exactly", "autosend", "wifi_and_cellular", "app_language", "en", "admin",
                  "project", "name", project, "icon", "T", "color", "#00443C");
    char *json = json_dumps(settings, JSON_COMPACT);
    bool ok = json && compress_text(json, text);

    tp_free_secret(json);
    json_decref(settings);
    return ok;
}
