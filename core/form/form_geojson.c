/* GeoJSON (RFC 7946) as a secondary instance: one item a feature, with its geometry as ODK writes
 * places ("lat lon 0 0; ..."), its id and its properties. */
#include <jansson.h>
#include <string.h>

#include "base/buf.h"
#include "form/form.h"
#include "form/form_instance.h"
#include "form/xml.h"

#define GEOMETRY_MAX ((size_t)1024 * 1024)

struct geojson {
    const char *name;
    xmlDocPtr doc;
    xmlNodePtr root;
    size_t nodes;
    struct tp_error *error;
};

static bool refuse(struct geojson *geojson, const char *what)
{
    return tp_fail(geojson->error, TP_ERR_INVALID, "%s: not GeoJSON that ODK reads: %s",
                   geojson->name, what);
}

static bool add_child(struct geojson *geojson, xmlNodePtr item, const char *name, const char *value)
{
    if (++geojson->nodes > TP_FORM_NODES_MAX)
        return tp_fail(geojson->error, TP_ERR_LIMIT, "%s: more than %u values", geojson->name,
                       TP_FORM_NODES_MAX);
    if (!xmlNewTextChild(item, NULL, (const xmlChar *)name, (const xmlChar *)value))
        return tp_fail_memory(geojson->error);
    return true;
}

/* [longitude, latitude, ...] */
static bool put_position(struct tp_buf *out, const json_t *position)
{
    const json_t *longitude = json_array_get(position, 0);
    const json_t *latitude = json_array_get(position, 1);
    char text[2][64];

    if (!json_is_number(longitude) || !json_is_number(latitude))
        return false;
    (void)snprintf(text[0], sizeof(text[0]), "%.15g", json_number_value(latitude));
    (void)snprintf(text[1], sizeof(text[1]), "%.15g", json_number_value(longitude));
    return tp_buf_printf(out, "%s%s %s 0 0", out->length ? "; " : "", text[0], text[1]);
}

static bool put_positions(struct tp_buf *out, const json_t *positions)
{
    size_t count = json_array_size(positions);

    for (size_t i = 0; i < count; i++)
        if (!put_position(out, json_array_get(positions, i)))
            return false;
    return count > 0;
}

static bool put_geometry(struct tp_buf *out, const json_t *geometry)
{
    const char *type = json_string_value(json_object_get(geometry, "type"));
    const json_t *coordinates = json_object_get(geometry, "coordinates");

    if (!type)
        return false;
    if (!strcmp(type, "Point"))
        return put_position(out, coordinates);
    if (!strcmp(type, "LineString"))
        return put_positions(out, coordinates);
    if (!strcmp(type, "Polygon"))
        return put_positions(out, json_array_get(coordinates, 0));
    return false;
}

static bool add_value(struct geojson *geojson, xmlNodePtr item, const char *name,
                      const json_t *value)
{
    char *text;
    bool ok;

    if (json_is_string(value))
        return add_child(geojson, item, name, json_string_value(value));
    if (json_is_null(value))
        return add_child(geojson, item, name, "");
    text = json_dumps(value, JSON_ENCODE_ANY | JSON_COMPACT | JSON_REAL_PRECISION(15));
    if (!text)
        return tp_fail_memory(geojson->error);
    ok = add_child(geojson, item, name, text);
    free(text);
    return ok;
}

static bool fill_item(struct geojson *geojson, xmlNodePtr item, json_t *feature)
{
    json_t *properties = json_object_get(feature, "properties");
    json_t *id = json_object_get(feature, "id");
    struct tp_buf geometry;
    const char *name;
    json_t *value;
    bool ok;

    tp_buf_init(&geometry, GEOMETRY_MAX);
    ok = put_geometry(&geometry, json_object_get(feature, "geometry")) ||
         refuse(geojson, "a feature's geometry is no Point, LineString or Polygon");
    ok = ok && add_child(geojson, item, "geometry", tp_buf_text(&geometry));
    tp_buf_finish(&geometry);
    /* a feature's own id stands before a property of that name */
    if (ok && id)
        ok = add_value(geojson, item, "id", id);
    json_object_foreach(properties, name, value)
    {
        if (!id || strcmp(name, "id") != 0)
            ok = ok && add_value(geojson, item, name, value);
    }
    return ok;
}

static bool read_features(struct geojson *geojson, const json_t *json)
{
    const char *type = json_string_value(json_object_get(json, "type"));
    const json_t *features = json_object_get(json, "features");

    if (!type || strcmp(type, "FeatureCollection") != 0 || !json_is_array(features))
        return refuse(geojson, "it must be a FeatureCollection");
    for (size_t i = 0; i < json_array_size(features); i++) {
        json_t *feature = json_array_get(features, i);
        xmlNodePtr item = xmlNewChild(geojson->root, NULL, (const xmlChar *)"item", NULL);

        if (!item)
            return tp_fail_memory(geojson->error);
        if (!json_is_object(feature) || !fill_item(geojson, item, feature))
            return json_is_object(feature) ? false : refuse(geojson, "a feature is no object");
    }
    return true;
}

bool tp_geojson_to_xml(const char *name, const char *text, size_t length, xmlDocPtr *doc,
                       struct tp_error *error)
{
    struct geojson geojson = {.name = name, .error = error};
    json_error_t problem;
    json_t *json;
    bool ok = false;

    tp_xml_init();
    if (length >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0) {
        text += 3;
        length -= 3;
    }
    json = json_loadb(text, length, 0, &problem);
    if (!json)
        return tp_fail(error, TP_ERR_INVALID, "%s: line %d: not JSON: %s", name, problem.line,
                       problem.text);
    geojson.doc = xmlNewDoc((const xmlChar *)"1.0");
    geojson.root =
        geojson.doc ? xmlNewDocNode(geojson.doc, NULL, (const xmlChar *)"root", NULL) : NULL;
    if (geojson.root) {
        (void)xmlDocSetRootElement(geojson.doc, geojson.root);
        ok = read_features(&geojson, json);
    } else {
        (void)tp_fail_memory(error);
    }
    json_decref(json);
    if (ok)
        *doc = geojson.doc;
    else
        xmlFreeDoc(geojson.doc);
    return ok;
}
