/*
 * Data that comes with a form: CSV and GeoJSON files as the XML that ODK makes of them,
 * <root><item><column>value</column>...</item>...</root>.
 *
 * Thread: any. Sources: ODK XForms specification, "Secondary Instances - External".
 */
#ifndef TP_FORM_FORM_INSTANCE_H
#define TP_FORM_FORM_INSTANCE_H

#include <libxml/tree.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

/* `name` is for error texts. The caller frees the document. */
bool tp_csv_to_xml(const char *name, const char *text, size_t length, xmlDocPtr *doc,
                   struct tp_error *error);
bool tp_geojson_to_xml(const char *name, const char *text, size_t length, xmlDocPtr *doc,
                       struct tp_error *error);

#endif
