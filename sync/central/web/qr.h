/*
 * QR codes in a page, and the one that sets ODK Collect up: its settings as JSON, compressed by
 * zlib, as base64 (docs.getodk.org, "Collect settings", QR codes). Thread: any.
 */
#ifndef TP_CENTRAL_WEB_QR_H
#define TP_CENTRAL_WEB_QR_H

#include "central/web/html.h"

/* An SVG of the code with four blank modules around it; `spoken` says what it is. False where the
 * text is too long for a code, or without memory. */
bool tp_qr_svg(struct tp_html *html, const char *text, const char *spoken);

/* Appends what Collect's code holds. */
bool tp_collect_settings(const char *url, const char *login, const char *password,
                         const char *project, struct tp_buf *text);

#endif
