/* POST /submission: an answer comes in, sealed or plain, and leaves a receipt. */
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "central/api/api.h"
#include "central/api/envelope.h"
#include "central/data/devices.h"
#include "central/data/submissions.h"
#include "central/web/html.h"
#include "store/odk.h"

#define XML_PART "xml_submission_file"
#define LATE_DAYS 30
#define DAY_MS (24 * 3600 * 1000LL)

/* The room a response gets at once: one with a receipt of many. */
#define RESPONSE_FIRST 1000u
/* Attachments of a plain answer; its parts are capped in bytes already. */
#define ATTACHMENTS_MAX 32u

/* Which screen an answer was given on that another one sends. */
#define GIVEN_ON_HEADER "X-Talkpoint-Given-On"
/* What a device says that can read a receipt which is one of many. */
#define RECEIPT_HEADER "X-Talkpoint-Receipt"

/* What the exchange keeps while the committer has the job. */
struct taking {
    struct tp_envelope envelope;
    struct tp_submission submission; /* the job's context */
    const struct tp_receipt_pair *pair;
    struct tp_receipt receipt; /* its signature is "" until it is signed together with others */
    bool together;             /* the device can read that */
    char day[TP_DAY_TEXT_MAX];
    char late_day[TP_DAY_TEXT_MAX];
    char sha256[TP_SHA256_TEXT_MAX];
    char given_on[TP_DEVICE_ID_MAX]; /* the screen, where another one sends it on; "" */
    struct tp_buf sealed;            /* where it was sealed or put together here */
    struct tp_attachment attachments[ATTACHMENTS_MAX];
};

static void free_taking(void *state)
{
    struct taking *taking = state;

    for (size_t i = 0; i < taking->submission.attachment_count; i++)
        tp_buf_finish(&taking->attachments[i].sealed);
    tp_buf_finish(&taking->sealed);
    tp_free(taking);
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
    tp_respond_header(exchange, "Retry-After", "5");
}

static struct taking *taking_of(void *submission)
{
    return (struct taking *)((char *)submission - offsetof(struct taking, submission));
}

/* Of what one commit took in, one signature. Where there is none, each is signed for alone. */
static void sign_together(void *const *submissions, size_t count)
{
    struct tp_receipt *receipts[TP_COMMIT_GROUP_MAX];
    const struct tp_receipt_pair *pair = NULL;
    size_t signed_for = 0;

    for (size_t i = 0; i < count; i++) {
        struct taking *taking = taking_of(submissions[i]);

        if (!taking->together || taking->submission.taken == TP_TAKEN_CONFLICT ||
            taking->submission.taken == TP_TAKEN_NO_FORM ||
            !tp_receipt_fill(taking->envelope.instance_id, taking->sha256,
                             taking->submission.first_received_ms, &taking->receipt, NULL))
            continue;
        pair = taking->pair;
        receipts[signed_for++] = &taking->receipt;
    }
    if (signed_for)
        (void)tp_receipt_sign_together(pair, receipts, signed_for, NULL);
}

static void finish_taking(struct tp_central *central, struct tp_exchange *exchange)
{
    struct taking *taking = exchange->state;

    if (exchange->job.error.code != TP_OK) {
        tp_api_not_ready(exchange);
    } else if (taking->submission.taken == TP_TAKEN_NO_FORM) {
        (void)refuse(exchange, 404, "this store has no such form");
    } else if (taking->submission.taken == TP_TAKEN_CONFLICT) {
        (void)refuse(exchange, 409,
                     "an answer with this instanceID and other content is here already; this one "
                     "was put aside for an administrator");
    } else if (!*taking->receipt.signature &&
               !tp_receipt_sign(&central->keys.receipt, taking->envelope.instance_id,
                                taking->sha256, taking->submission.first_received_ms,
                                &taking->receipt, NULL)) {
        tp_api_not_ready(exchange);
    } else {
        respond(exchange, 201, "submit_success", "received", &taking->receipt);
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

/* Sealed to this store, or encrypted to the key of the form it is for. */
static bool is_for_us(struct tp_central *central, const struct taking *taking,
                      const struct tp_part *part)
{
    const char *sealed = tp_buf_text(&part->bytes);
    struct tp_seal_key key;

    if (strcmp(taking->envelope.algorithm, "odk-1") == 0)
        return tp_envelope_is_of(sealed, part->bytes.length, taking->envelope.instance_id,
                                 taking->envelope.form);
    return tp_seal_recipient(sealed, part->bytes.length, &key, NULL) &&
           tp_keys_knows(&central->keys, &key);
}

static bool take_sealed(struct tp_central *central, struct tp_exchange *exchange,
                        struct taking *taking)
{
    const struct tp_part *part = find_part(exchange, taking->envelope.part);

    if (strcmp(taking->envelope.algorithm, "sealedbox-1") != 0 &&
        strcmp(taking->envelope.algorithm, "odk-1") != 0)
        return refuse(exchange, 400, "it is sealed in a way this store does not know");
    if (!part)
        return refuse(exchange, 400, "the part with the sealed answer is missing");
    tp_sha256(tp_buf_text(&part->bytes), part->bytes.length, taking->submission.sha256);
    tp_hex(taking->submission.sha256, TP_SHA256_BYTES, taking->sha256);
    if (strcmp(taking->sha256, taking->envelope.sha256) != 0)
        return refuse(exchange, 400, "the sealed answer is not the one its envelope names");
    if (!is_for_us(central, taking, part))
        return refuse(exchange, 400, "the answer is not sealed to this store's key");
    taking->submission.sealed = tp_buf_text(&part->bytes);
    taking->submission.sealed_length = part->bytes.length;
    return true;
}

static bool seal_attachment(struct tp_central *central, struct tp_exchange *exchange,
                            struct taking *taking, const struct tp_part *part)
{
    struct tp_submission *submission = &taking->submission;
    const char *name = *part->head.filename ? part->head.filename : part->head.name;
    struct tp_attachment *attachment;

    if (submission->attachment_count == ATTACHMENTS_MAX)
        return refuse(exchange, 400, "it has too many attachments");
    if (!tp_is_line(name, TP_MEDIA_NAME_MAX) || !*name)
        return refuse(exchange, 400, "an attachment has no usable name");
    attachment = &taking->attachments[submission->attachment_count++];
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
                      struct taking *taking, const struct tp_part *xml)
{
    if (tp_seal(&central->keys.sealing, tp_buf_text(&xml->bytes), xml->bytes.length,
                &taking->sealed, NULL))
        return true;
    tp_api_not_ready(exchange);
    return false;
}

/* A later request of the same answer brings media only; a first one must bring the answer. */
static bool came_before(struct tp_central *central, struct tp_exchange *exchange,
                        struct taking *taking)
{
    struct tp_sql *db = tp_sql_pool_take(central->readers);
    bool known = false;
    bool ok = tp_submission_known(db, &taking->submission, &known, NULL);

    tp_sql_pool_give(central->readers, db);
    if (!ok) {
        tp_api_not_ready(exchange);
        return false;
    }
    return known ||
           refuse(exchange, 400, "the encrypted file that it names must come in the first request");
}

/* ODK's manifest and its encrypted file, in one piece as a screen keeps them. */
static bool join_here(struct tp_central *central, struct tp_exchange *exchange,
                      struct taking *taking, const struct tp_part *xml,
                      const struct tp_part *encrypted)
{
    struct tp_odk_parts parts = {.manifest = tp_buf_text(&xml->bytes),
                                 .manifest_count = xml->bytes.length};
    struct tp_error error;

    if (!*taking->envelope.odk_part)
        return refuse(exchange, 400, "it is encrypted in a way this store cannot read");
    if (!encrypted)
        return came_before(central, exchange, taking);
    parts.encrypted = (const unsigned char *)tp_buf_text(&encrypted->bytes);
    parts.encrypted_count = encrypted->bytes.length;
    if (tp_odk_join(&parts, &taking->sealed, &error))
        return true;
    if (error.code != TP_ERR_MEMORY)
        return refuse(exchange, 400, error.text);
    tp_api_not_ready(exchange);
    return false;
}

/* An answer in the clear is sealed before it goes anywhere; one that is encrypted to its form's own
 * key stays as it is. */
static bool take_plain(struct tp_central *central, struct tp_exchange *exchange,
                       struct taking *taking, const struct tp_part *xml)
{
    const struct tp_envelope *envelope = &taking->envelope;
    const struct tp_part *encrypted =
        envelope->encrypted && *envelope->odk_part ? find_part(exchange, envelope->odk_part) : NULL;

    tp_sha256(tp_buf_text(&xml->bytes), xml->bytes.length, taking->submission.sha256);
    tp_hex(taking->submission.sha256, TP_SHA256_BYTES, taking->sha256);
    if (!(envelope->encrypted ? join_here(central, exchange, taking, xml, encrypted)
                              : seal_here(central, exchange, taking, xml)))
        return false;
    taking->submission.sealed = tp_buf_text(&taking->sealed);
    taking->submission.sealed_length = taking->sealed.length;
    taking->submission.attachments = taking->attachments;
    for (size_t i = 0; i < exchange->part_count; i++) {
        const struct tp_part *part = &exchange->parts[i];

        /* Collect says with this one that more requests will follow. */
        if (part == xml || part == encrypted || strcmp(part->head.name, "*isIncomplete*") == 0)
            continue;
        if (!seal_attachment(central, exchange, taking, part))
            return false;
    }
    return true;
}

/* A screen that sends on what a stick brought says where it was given. The store takes its word, as
 * it takes the answer: it is one of its own. */
static bool read_given_on(struct tp_central *central, const struct tp_exchange *exchange,
                          struct taking *taking)
{
    const char *id = tp_exchange_header(exchange, GIVEN_ON_HEADER);
    struct tp_sql *db;
    bool known = false;
    bool ok;

    if (!id || !*id || strlen(id) >= sizeof(taking->given_on) || !tp_is_line(id, strlen(id)))
        return true;
    db = tp_sql_pool_take(central->readers);
    ok = tp_device_is_known(db, id, &known, NULL);
    tp_sql_pool_give(central->readers, db);
    if (known)
        (void)snprintf(taking->given_on, sizeof(taking->given_on), "%s", id);
    return ok;
}

static bool prepare(struct tp_central *central, struct tp_exchange *exchange, struct taking *taking)
{
    const struct tp_part *xml = NULL;
    const char *receipt = tp_exchange_header(exchange, RECEIPT_HEADER);
    struct tp_submission *submission = &taking->submission;
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
    if (!tp_envelope_read(tp_buf_text(&xml->bytes), xml->bytes.length, &taking->envelope, &error)) {
        if (error.code != TP_ERR_MEMORY)
            return refuse(exchange, 400, error.text);
        tp_api_not_ready(exchange);
        return false;
    }
    submission->received_ms = tp_clock_wall_ms(&central->clock);
    submission->late_ms = submission->received_ms - LATE_DAYS * DAY_MS;
    tp_central_day(central, submission->received_ms, taking->day);
    tp_central_day(central, submission->late_ms, taking->late_day);
    submission->late_day = taking->late_day;
    taking->together = receipt && strcmp(receipt, "2") == 0;
    taking->pair = &central->keys.receipt;
    submission->instance_id = taking->envelope.instance_id;
    submission->form = taking->envelope.form;
    submission->version = taking->envelope.version;
    if (!read_given_on(central, exchange, taking)) {
        tp_api_not_ready(exchange);
        return false;
    }
    submission->device = *taking->given_on ? taking->given_on : exchange->device;
    submission->day = taking->day;
    return taking->envelope.sealed ? take_sealed(central, exchange, taking)
                                   : take_plain(central, exchange, taking, xml);
}

enum tp_next tp_api_submit(struct tp_central *central, struct tp_exchange *exchange)
{
    struct taking *taking;

    if (!tp_exchange_header(exchange, "X-OpenRosa-Version")) {
        (void)refuse(exchange, 400, "the header X-OpenRosa-Version is missing");
        return TP_RESPOND;
    }
    taking = tp_calloc(1, sizeof(*taking));
    if (!taking) {
        tp_api_not_ready(exchange);
        return TP_RESPOND;
    }
    tp_buf_init(&taking->sealed, TP_SEAL_SEALED_MAX);
    exchange->state = taking;
    exchange->free_state = free_taking;
    if (!prepare(central, exchange, taking))
        return TP_RESPOND;
    exchange->job = (struct tp_job){.run = tp_submission_take,
                                    .run_many = tp_submissions_take,
                                    .committed = sign_together,
                                    .context = &taking->submission};
    exchange->resume = finish_taking;
    return TP_WAIT;
}

enum tp_next tp_api_submit_head(struct tp_central *central, struct tp_exchange *exchange)
{
    (void)central;
    tp_respond(exchange, 204, NULL);
    tp_respond_header(exchange, "X-OpenRosa-Accept-Content-Length", "%u", TP_SUBMISSION_MAX);
    return TP_RESPOND;
}
