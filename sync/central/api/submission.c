/* POST /submission: an answer comes in, sealed or plain, and leaves a receipt. */
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "central/api/api.h"
#include "central/api/envelope.h"
#include "central/api/taking.h"
#include "central/data/devices.h"
#include "central/web/html.h"
#include "store/odk.h"
#include "store/several.h"

#define XML_PART "xml_submission_file"

/* The room a response gets at once: one with a receipt of many. */
#define RESPONSE_FIRST 1000u
/* Attachments of a plain answer; its parts are capped in bytes already. */
/* ODK Collect brings up to 101 in a request. */
#define ATTACHMENTS_MAX 104u
/* What stands around that many parts: Collect fills a request with files up to what it was told. */
#define AROUND_PARTS (64u * 1024u)

/* Which screen an answer was given on that another one sends. */
#define GIVEN_ON_HEADER "X-Talkpoint-Given-On"
/* Told to whoever can read such receipts: how many answers one request may bring (several.c). */
#define SEVERAL_HEADER "X-Talkpoint-Submissions"

/* What the exchange keeps while the committer has the job. */
struct single {
    struct tp_taking taking;
    struct tp_arrival arrival;
    struct tp_envelope envelope;
    char sha256[TP_SHA256_TEXT_MAX];
    char given_on[TP_DEVICE_ID_MAX];   /* the screen, where another one sends it on; "" */
    struct tp_buf sealed;              /* where it was sealed or put together here */
    struct tp_attachment *attachments; /* ATTACHMENTS_MAX; NULL where it has none */
};

static void free_single(void *state)
{
    struct single *single = state;

    for (size_t i = 0; i < single->taking.submission.attachment_count; i++)
        tp_buf_finish(&single->attachments[i].sealed);
    tp_free(single->attachments);
    tp_buf_finish(&single->sealed);
    tp_free(single);
}

/* An OpenRosaResponse, as ODK Collect shows it to a person. */
static void respond(struct tp_exchange *exchange, int status, const char *nature,
                    const char *message, const struct tp_receipt *receipt)
{
    struct tp_html xml;

    tp_respond(exchange, status, "text/xml; charset=utf-8");
    (void)tp_buf_reserve(&exchange->response.body, RESPONSE_FIRST);
    tp_html_init(&xml, &exchange->response.body);
    tp_html_prolog(&xml, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    tp_html_open(&xml, "OpenRosaResponse", "xmlns", "http://openrosa.org/http/response", NULL);
    tp_html_element(&xml, "message", message, "nature", nature, NULL);
    if (receipt)
        tp_html_void(&xml, "tps:receipt", "xmlns:tps", "urn:talkpoint:submission:1", "instanceID",
                     receipt->instance_id, "sha256", receipt->sha256, "received", receipt->received,
                     "signature", receipt->signature, NULL);
    tp_html_close(&xml);
}

static bool refuse(struct tp_exchange *exchange, int status, const char *message)
{
    respond(exchange, status, "submit_error", message, NULL);
    return false;
}

void tp_api_not_ready(struct tp_exchange *exchange)
{
    tp_respond_text(exchange, 503, "the store cannot take this now; try again in a few seconds");
}

static void finish_taking(struct tp_central *central, struct tp_exchange *exchange)
{
    struct single *single = exchange->state;
    const char *words;
    int status = tp_taking_outcome(&single->taking, &exchange->job, &words);

    (void)central;
    if (status == 503) {
        tp_api_not_ready(exchange);
    } else if (status != 201) {
        (void)refuse(exchange, status, words);
    } else {
        respond(exchange, 201, "submit_success", words, &single->taking.receipt);
        if (single->taking.together)
            tp_respond_header(exchange, SEVERAL_HEADER, "%u", TP_SEVERAL_ANSWERS_MAX);
    }
}

/* The part by its name, else by its file's name: clients differ. */
static const struct tp_part *find_part(const struct tp_exchange *exchange, const char *name)
{
    const struct tp_part *part = tp_exchange_part(exchange, name);

    for (size_t i = 0; !part && i < exchange->part_count; i++) {
        if (strcmp(exchange->parts[i].head.filename, name) == 0)
            part = &exchange->parts[i];
    }
    return part;
}

static bool take_sealed(struct tp_central *central, struct tp_exchange *exchange,
                        struct single *single)
{
    const struct tp_part *part = find_part(exchange, single->envelope.part);

    if (strcmp(single->envelope.algorithm, "sealedbox-1") != 0 &&
        strcmp(single->envelope.algorithm, "odk-1") != 0)
        return refuse(exchange, 400, "it is sealed in a way this store does not know");
    if (!part)
        return refuse(exchange, 400, "the part with the sealed answer is missing");
    tp_sha256(tp_buf_text(&part->bytes), part->bytes.length, single->taking.submission.sha256);
    tp_hex(single->taking.submission.sha256, TP_SHA256_BYTES, single->sha256);
    if (strcmp(single->sha256, single->envelope.sha256) != 0)
        return refuse(exchange, 400, "the sealed answer is not the one its envelope names");
    if (!tp_taking_is_for_us(central, tp_buf_text(&part->bytes), part->bytes.length,
                             single->envelope.instance_id, single->envelope.form))
        return refuse(exchange, 400, "the answer is not sealed to this store's key");
    single->taking.submission.sealed = tp_buf_text(&part->bytes);
    single->taking.submission.sealed_length = part->bytes.length;
    return true;
}

static bool seal_attachment(struct tp_central *central, struct tp_exchange *exchange,
                            struct single *single, const struct tp_part *part)
{
    struct tp_submission *submission = &single->taking.submission;
    const char *name = *part->head.filename ? part->head.filename : part->head.name;
    struct tp_attachment *attachment;

    if (submission->attachment_count == ATTACHMENTS_MAX)
        return refuse(exchange, 400, "it has too many attachments");
    if (!tp_is_line(name, TP_MEDIA_NAME_MAX) || !*name)
        return refuse(exchange, 400, "an attachment has no usable name");
    if (!single->attachments)
        single->attachments = tp_calloc(ATTACHMENTS_MAX, sizeof(*single->attachments));
    if (!single->attachments) {
        tp_api_not_ready(exchange);
        return false;
    }
    submission->attachments = single->attachments;
    attachment = &single->attachments[submission->attachment_count++];
    attachment->name = name;
    tp_buf_init(&attachment->sealed, TP_SEAL_SEALED_MAX);
    tp_sha256(tp_buf_text(&part->bytes), part->bytes.length, attachment->sha256);
    if (tp_seal(&central->keys.sealing, tp_buf_text(&part->bytes), part->bytes.length,
                &attachment->sealed, NULL))
        return true;
    tp_api_not_ready(exchange);
    return false;
}

static bool seal_here(struct tp_central *central, struct tp_exchange *exchange,
                      struct single *single, const struct tp_part *xml)
{
    if (tp_seal(&central->keys.sealing, tp_buf_text(&xml->bytes), xml->bytes.length,
                &single->sealed, NULL))
        return true;
    tp_api_not_ready(exchange);
    return false;
}

/* ODK's manifest and its encrypted file, in one piece as a screen keeps them. Of several requests
 * any may bring the file, and each brings the manifest. */
static bool join_here(struct tp_exchange *exchange, struct single *single,
                      const struct tp_part *xml, const struct tp_part *encrypted)
{
    struct tp_odk_parts parts = {.manifest = tp_buf_text(&xml->bytes),
                                 .manifest_count = xml->bytes.length};
    struct tp_error error;

    if (!*single->envelope.odk_part)
        return refuse(exchange, 400, "it is encrypted in a way this store cannot read");
    if (encrypted) {
        parts.encrypted = (const unsigned char *)tp_buf_text(&encrypted->bytes);
        parts.encrypted_count = encrypted->bytes.length;
    }
    if (tp_odk_join(&parts, &single->sealed, &error)) {
        single->taking.submission.begun_length = single->sealed.length - parts.encrypted_count;
        return true;
    }
    if (error.code != TP_ERR_MEMORY)
        return refuse(exchange, 400, error.text);
    tp_api_not_ready(exchange);
    return false;
}

/* An answer in the clear is sealed before it goes anywhere; one that is encrypted to its form's own
 * key stays as it is. */
static bool take_plain(struct tp_central *central, struct tp_exchange *exchange,
                       struct single *single, const struct tp_part *xml)
{
    const struct tp_envelope *envelope = &single->envelope;
    const struct tp_part *encrypted =
        envelope->encrypted && *envelope->odk_part ? find_part(exchange, envelope->odk_part) : NULL;

    tp_sha256(tp_buf_text(&xml->bytes), xml->bytes.length, single->taking.submission.sha256);
    tp_hex(single->taking.submission.sha256, TP_SHA256_BYTES, single->sha256);
    if (!(envelope->encrypted ? join_here(exchange, single, xml, encrypted)
                              : seal_here(central, exchange, single, xml)))
        return false;
    single->taking.submission.sealed = tp_buf_text(&single->sealed);
    single->taking.submission.sealed_length = single->sealed.length;
    /* Of its own answers only: one that is carried for another screen edits nothing. */
    if (*envelope->replaces && !single->taking.submission.carrier)
        single->taking.submission.replaces = envelope->replaces;
    for (size_t i = 0; i < exchange->part_count; i++) {
        const struct tp_part *part = &exchange->parts[i];

        /* Collect says with this one that more requests will follow. */
        if (part == xml || part == encrypted || strcmp(part->head.name, "*isIncomplete*") == 0)
            continue;
        if (!seal_attachment(central, exchange, single, part))
            return false;
    }
    return true;
}

/* A screen that sends on what a stick brought says where it was given. The store takes its word, as
 * it takes the answer: it is one of its own. One that was taken off may have been stolen, and its
 * stick with it (cli/import.c): what it brings is not taken, and what is here is receipted. */
static bool read_given_on(struct tp_central *central, struct tp_exchange *exchange,
                          struct single *single)
{
    const char *id = tp_exchange_header(exchange, GIVEN_ON_HEADER);
    struct tp_sql *db;
    bool known = false;
    bool here = false;
    bool off = false;
    bool ok;

    if (!id || !*id || strlen(id) >= sizeof(single->given_on) || !tp_is_line(id, strlen(id)))
        return true;
    db = tp_sql_pool_take(central->readers);
    ok = tp_device_look(db, id, &known, &off, NULL) &&
         (!off || tp_submission_is_known(db, single->envelope.instance_id, &here, NULL));
    tp_sql_pool_give(central->readers, db);
    if (!ok) {
        tp_api_not_ready(exchange);
        return false;
    }
    if (off && !here)
        return refuse(exchange, 400,
                      "the screen it was given on was taken off the list by an administrator");
    if (known)
        (void)snprintf(single->given_on, sizeof(single->given_on), "%s", id);
    return true;
}

static bool prepare(struct tp_central *central, struct tp_exchange *exchange, struct single *single)
{
    const struct tp_part *xml = NULL;
    struct tp_submission *submission = &single->taking.submission;
    struct tp_error error;
    int found = 0;

    for (size_t i = 0; i < exchange->part_count; i++) {
        if (strcmp(exchange->parts[i].head.name, XML_PART) != 0)
            continue;
        xml = &exchange->parts[i];
        found++;
    }
    if (found != 1)
        return refuse(exchange, 400, "there must be one part named " XML_PART);
    if (!tp_envelope_read(tp_buf_text(&xml->bytes), xml->bytes.length, &single->envelope, &error)) {
        if (error.code != TP_ERR_MEMORY)
            return refuse(exchange, 400, error.text);
        tp_api_not_ready(exchange);
        return false;
    }
    tp_arrival_init(central, &single->arrival);
    tp_arrival_mark(&single->arrival, submission);
    single->taking.together = tp_taking_together(exchange);
    submission->instance_id = single->envelope.instance_id;
    submission->form = single->envelope.form;
    submission->version = single->envelope.version;
    if (!read_given_on(central, exchange, single))
        return false;
    submission->sender = exchange->device;
    submission->device = *single->given_on ? single->given_on : exchange->device;
    if (strcmp(submission->device, exchange->device) != 0)
        submission->carrier = exchange->device;
    return single->envelope.sealed ? take_sealed(central, exchange, single)
                                   : take_plain(central, exchange, single, xml);
}

enum tp_next tp_api_submit(struct tp_central *central, struct tp_exchange *exchange)
{
    struct single *single;

    if (!tp_exchange_header(exchange, "X-OpenRosa-Version")) {
        (void)refuse(exchange, 400, "the header X-OpenRosa-Version is missing");
        return TP_RESPOND;
    }
    single = tp_calloc(1, sizeof(*single));
    if (!single) {
        tp_api_not_ready(exchange);
        return TP_RESPOND;
    }
    tp_buf_init(&single->sealed, TP_SEAL_SEALED_MAX);
    exchange->state = single;
    exchange->free_state = free_single;
    if (!prepare(central, exchange, single))
        return TP_RESPOND;
    tp_taking_job(central, &single->taking, &exchange->job);
    exchange->resume = finish_taking;
    return TP_WAIT;
}

enum tp_next tp_api_submit_head(struct tp_central *central, struct tp_exchange *exchange)
{
    (void)central;
    tp_respond(exchange, 204, NULL);
    tp_respond_header(exchange, "X-OpenRosa-Accept-Content-Length", "%u",
                      TP_SUBMISSION_MAX - AROUND_PARTS);
    return TP_RESPOND;
}
