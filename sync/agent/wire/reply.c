#include "agent/wire/reply.h"

#include "agent/wire/xml.h"
#include "base/mem.h"
#include "base/utf8.h"

#define RESPONSE_NS "http://openrosa.org/http/response"
#define SUBMISSION_NS "urn:talkpoint:submission:1"
#define MESSAGE_BYTES_MAX 4000

static bool read_receipt(const xmlNode *node, struct tp_receipt *receipt)
{
    static const struct {
        const char *name;
        size_t max;
    } attributes[] = {{"instanceID", TP_INSTANCE_ID_MAX},
                      {"sha256", TP_SHA256_TEXT_MAX},
                      {"received", TP_TIME_TEXT_MAX},
                      {"signature", TP_RECEIPT_PROOF_TEXT_MAX}};
    char *texts[4] = {NULL};
    bool ok = true;

    for (size_t i = 0; i < 4 && ok; i++)
        ok = tp_xml_attribute(node, attributes[i].name, attributes[i].max, &texts[i], NULL);
    ok = ok && tp_receipt_from_texts(texts[0], texts[1], texts[2], texts[3], receipt, NULL);
    for (size_t i = 0; i < 4; i++)
        tp_free(texts[i]);
    return ok;
}

bool tp_reply_read(const char *bytes, size_t count, struct tp_reply *reply, struct tp_error *error)
{
    struct tp_reply read = {0};
    const xmlNode *receipt;
    const xmlNode *root;
    char *message = NULL;
    xmlDoc *doc;

    if (count > TP_REPLY_BYTES_MAX)
        return tp_fail(error, TP_ERR_LIMIT, "the reply is larger than %u bytes",
                       TP_REPLY_BYTES_MAX);
    doc = tp_xml_read(bytes, count, "the reply", RESPONSE_NS, "OpenRosaResponse", error);
    if (!doc)
        return false;
    root = xmlDocGetRootElement(doc);
    if (tp_xml_text(root, RESPONSE_NS, "message", MESSAGE_BYTES_MAX, &message, NULL) && message)
        tp_utf8_to_words(message, read.message, sizeof(read.message));
    tp_free(message);
    receipt = tp_xml_next(root, NULL, SUBMISSION_NS, "receipt");
    read.has_receipt = receipt && read_receipt(receipt, &read.receipt);
    xmlFreeDoc(doc);
    *reply = read;
    return true;
}
