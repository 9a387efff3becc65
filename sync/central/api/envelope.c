#include "central/api/envelope.h"

#include <libxml/parser.h>
#include <string.h>

#include "base/xml_gate.h"
#include "central/http/decode.h"
#include "store/odk.h"

#define SUBMISSION_NAMESPACE "urn:talkpoint:submission:1"
/* Of an encrypted answer: the specification's (ODK Central, Enketo), and what ODK Collect writes
 * (EncryptionUtils.java). */
#define ODK_NAMESPACE "http://opendatakit.org/submissions"
#define COLLECT_NAMESPACE "http://www.opendatakit.org/xforms/encrypted"

struct reader {
    xmlParserCtxtPtr parser;
    struct tp_envelope *envelope;
    int depth;
    int meta_depth;     /* of the open <meta>, 0 where none is */
    char *capture;      /* where text goes now; NULL: nowhere */
    size_t capture_max; /* with the NUL */
    size_t captured;
    int capture_depth;
    const char *problem; /* a literal; the first one */
};

/* Only noted: stopping the parser here would free what the attributes point to. What follows is
 * passed over. */
static void refuse(struct reader *reader, const char *problem)
{
    if (!reader->problem)
        reader->problem = problem;
}

/* What an answer edits is a hint; an answer is not refused for one that cannot be read. */
static void spoil_capture(struct reader *reader, const char *problem)
{
    if (reader->capture != reader->envelope->replaces) {
        refuse(reader, problem);
        return;
    }
    reader->capture = NULL;
    *reader->envelope->replaces = '\0';
}

static void begin_capture(struct reader *reader, char *to, size_t max)
{
    reader->capture = to;
    reader->capture_max = max;
    reader->captured = 0;
    reader->capture_depth = reader->depth;
    to[0] = '\0';
}

/* attributes: five pointers each: local name, prefix, namespace, start and end of the value. */
static void copy_attribute(struct reader *reader, const xmlChar **attribute, char *to, size_t max)
{
    size_t length = (size_t)(attribute[4] - attribute[3]);

    if (length >= max) {
        refuse(reader, "an attribute is too long");
        return;
    }
    memcpy(to, attribute[3], length);
    to[length] = '\0';
}

static bool is_name(const xmlChar *name, const char *wanted)
{
    return name && strcmp((const char *)name, wanted) == 0;
}

static void read_root(struct reader *reader, const xmlChar *uri, int count,
                      const xmlChar **attributes)
{
    struct tp_envelope *envelope = reader->envelope;
    char encrypted[8] = "";

    for (int i = 0; i < count; i++) {
        const xmlChar **attribute = &attributes[(ptrdiff_t)i * 5];

        if (is_name(attribute[0], "id"))
            copy_attribute(reader, attribute, envelope->form, sizeof(envelope->form));
        else if (is_name(attribute[0], "version"))
            copy_attribute(reader, attribute, envelope->version, sizeof(envelope->version));
        else if (is_name(attribute[0], "encrypted"))
            copy_attribute(reader, attribute, encrypted, sizeof(encrypted));
    }
    envelope->encrypted = strcmp(encrypted, "yes") == 0;
    /* Older forms are named by their namespace alone. */
    if (!*envelope->form && uri && strlen((const char *)uri) < sizeof(envelope->form))
        memcpy(envelope->form, uri, strlen((const char *)uri) + 1);
}

static void read_sealed(struct reader *reader, int count, const xmlChar **attributes)
{
    struct tp_envelope *envelope = reader->envelope;

    if (envelope->sealed) {
        refuse(reader, "it names two sealed parts");
        return;
    }
    envelope->sealed = true;
    for (int i = 0; i < count; i++) {
        const xmlChar **attribute = &attributes[(ptrdiff_t)i * 5];

        if (is_name(attribute[0], "algorithm"))
            copy_attribute(reader, attribute, envelope->algorithm, sizeof(envelope->algorithm));
        else if (is_name(attribute[0], "sha256"))
            copy_attribute(reader, attribute, envelope->sha256, sizeof(envelope->sha256));
    }
    begin_capture(reader, envelope->part, sizeof(envelope->part));
}

static void read_odk_part(struct reader *reader)
{
    struct tp_envelope *envelope = reader->envelope;

    if (*envelope->odk_part)
        refuse(reader, "it names two encrypted parts");
    else
        begin_capture(reader, envelope->odk_part, sizeof(envelope->odk_part));
}

static void on_start(void *context, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri,
                     int namespace_count, const xmlChar **namespaces, int count, int defaulted,
                     const xmlChar **attributes)
{
    struct reader *reader = context;

    (void)prefix;
    (void)namespace_count;
    (void)namespaces;
    (void)defaulted;
    reader->depth++;
    if (reader->problem)
        return;
    if (reader->capture) {
        spoil_capture(reader, "its instanceID holds another element");
    } else if (reader->depth == 1) {
        read_root(reader, uri, count, attributes);
    } else if (reader->depth == 2 && is_name(name, "meta")) {
        reader->meta_depth = 2;
    } else if (reader->depth == 2 && is_name(name, "sealed") &&
               is_name(uri, SUBMISSION_NAMESPACE)) {
        read_sealed(reader, count, attributes);
    } else if (reader->depth == 2 && is_name(name, "encryptedXmlFile") &&
               (is_name(uri, ODK_NAMESPACE) || is_name(uri, COLLECT_NAMESPACE))) {
        read_odk_part(reader);
    } else if (reader->depth == 3 && reader->meta_depth == 2 && is_name(name, "instanceID")) {
        if (*reader->envelope->instance_id)
            refuse(reader, "it has two instance IDs");
        else
            begin_capture(reader, reader->envelope->instance_id,
                          sizeof(reader->envelope->instance_id));
    } else if (reader->depth == 3 && reader->meta_depth == 2 && is_name(name, "deprecatedID")) {
        begin_capture(reader, reader->envelope->replaces, sizeof(reader->envelope->replaces));
    }
}

static void on_end(void *context, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri)
{
    struct reader *reader = context;

    (void)name;
    (void)prefix;
    (void)uri;
    if (reader->capture && reader->depth == reader->capture_depth)
        reader->capture = NULL;
    if (reader->depth == reader->meta_depth)
        reader->meta_depth = 0;
    reader->depth--;
}

static void on_text(void *context, const xmlChar *text, int length)
{
    struct reader *reader = context;
    size_t count = (size_t)length;

    if (!reader->capture || reader->problem)
        return;
    if (count >= reader->capture_max - reader->captured) {
        spoil_capture(reader, "its instanceID or the name of its sealed part is too long");
        return;
    }
    memcpy(reader->capture + reader->captured, text, count);
    reader->captured += count;
    reader->capture[reader->captured] = '\0';
}

static void on_doctype(void *context, const xmlChar *name, const xmlChar *external,
                       const xmlChar *system_id)
{
    (void)name;
    (void)external;
    (void)system_id;
    refuse(context, "it has a document type, which is not taken");
    /* Before any entity is declared. */
    xmlStopParser(((struct reader *)context)->parser);
}

/* Silent: what libxml2 says may quote an answer. */
static void on_error(void *context, xmlErrorPtr error)
{
    (void)context;
    (void)error;
}

static void trim(char *text)
{
    size_t start = strspn(text, " \t\r\n");
    size_t length = strlen(text + start);

    while (length && strchr(" \t\r\n", text[start + length - 1]))
        length--;
    memmove(text, text + start, length);
    text[length] = '\0';
}

bool tp_envelope_read(const void *xml, size_t length, struct tp_envelope *envelope,
                      struct tp_error *error)
{
    xmlSAXHandler sax = {.initialized = XML_SAX2_MAGIC,
                         .startElementNs = on_start,
                         .endElementNs = on_end,
                         .characters = on_text,
                         .cdataBlock = on_text,
                         .internalSubset = on_doctype,
                         .serror = on_error};
    struct tp_envelope read = {.instance_id = ""};
    struct reader reader = {.envelope = &read};
    struct tp_xml_gate gate = {0};
    bool well_formed;
    bool no_memory;

    if (length == 0 || length > INT32_MAX)
        return tp_fail(error, TP_ERR_INVALID, "xml_submission_file: it is empty or too large");
    if (tp_xml_gate_look(&gate, xml, length) != TP_XML_PASSES)
        return tp_fail(error, TP_ERR_INVALID,
                       "xml_submission_file: it is not UTF-8, or an element has more than %u "
                       "attributes",
                       TP_XML_ATTRIBUTES_MAX);
    reader.parser = xmlCreatePushParserCtxt(&sax, &reader, NULL, 0, NULL);
    if (!reader.parser)
        return tp_fail_memory(error);
    /* Without a document type there are no entities but XML's own five, which NOENT decodes. */
    (void)xmlCtxtUseOptions(reader.parser, XML_PARSE_NONET | XML_PARSE_NOENT | TP_XML_GATE_OPTIONS);
    well_formed = xmlParseChunk(reader.parser, xml, (int)length, 1) == 0 &&
                  reader.parser->wellFormed && reader.depth == 0;
    no_memory = reader.parser->errNo == XML_ERR_NO_MEMORY;
    xmlFreeParserCtxt(reader.parser);
    if (no_memory)
        return tp_fail_memory(error);
    if (reader.problem)
        return tp_fail(error, TP_ERR_INVALID, "xml_submission_file: %s", reader.problem);
    if (!well_formed)
        return tp_fail(error, TP_ERR_INVALID, "xml_submission_file: it is not well-formed XML");
    trim(read.instance_id);
    trim(read.part);
    trim(read.odk_part);
    trim(read.replaces);
    if (!tp_instance_id_is_valid(read.instance_id))
        return tp_fail(error, TP_ERR_INVALID, "xml_submission_file: it has no usable instanceID");
    if (!*read.form || !tp_is_line(read.form, TP_FORM_ID_MAX) ||
        !tp_is_line(read.version, TP_FORM_VERSION_MAX))
        return tp_fail(error, TP_ERR_INVALID, "xml_submission_file: it does not name its form");
    *envelope = read;
    return true;
}

bool tp_envelope_is_of(const void *sealed, size_t count, const char *instance_id, const char *form)
{
    struct tp_envelope manifest = {.encrypted = false};
    struct tp_odk_parts parts;

    return tp_odk_split(sealed, count, &parts, NULL) &&
           tp_envelope_read(parts.manifest, parts.manifest_count, &manifest, NULL) &&
           manifest.encrypted && *manifest.odk_part &&
           strcmp(manifest.instance_id, instance_id) == 0 && strcmp(manifest.form, form) == 0;
}
