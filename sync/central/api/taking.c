#include "central/api/taking.h"

#include <string.h>

#include "central/api/envelope.h"

#define LATE_DAYS 30
#define DAY_MS (24 * 3600 * 1000LL)

/* What a device says that can read a receipt which is one of many. */
#define RECEIPT_HEADER "X-Talkpoint-Receipt"

void tp_arrival_init(const struct tp_central *central, struct tp_arrival *arrival)
{
    arrival->central = central;
    arrival->received_ms = tp_clock_wall_ms(&central->clock);
    arrival->late_ms = arrival->received_ms - LATE_DAYS * DAY_MS;
    tp_central_day(central, arrival->received_ms, arrival->day);
    tp_central_day(central, arrival->late_ms, arrival->late_day);
}

void tp_arrival_mark(const struct tp_arrival *arrival, struct tp_submission *submission)
{
    submission->central = arrival->central;
    submission->received_ms = arrival->received_ms;
    submission->late_ms = arrival->late_ms;
    submission->day = arrival->day;
    submission->late_day = arrival->late_day;
}

bool tp_taking_is_for_us(const struct tp_central *central, const void *sealed, size_t count,
                         const char *instance_id, const char *form)
{
    struct tp_seal_key key;

    return tp_envelope_is_of(sealed, count, instance_id, form) ||
           (tp_seal_recipient(sealed, count, &key, NULL) && tp_keys_knows(&central->keys, &key));
}

bool tp_taking_together(const struct tp_exchange *exchange)
{
    const char *form = tp_exchange_header(exchange, RECEIPT_HEADER);

    return form && strcmp(form, "2") == 0;
}

static struct tp_taking *taking_of(void *submission)
{
    return (struct tp_taking *)((char *)submission - offsetof(struct tp_taking, submission));
}

static bool is_held(const struct tp_submission *submission)
{
    return submission->taken == TP_TAKEN_NEW || submission->taken == TP_TAKEN_AGAIN;
}

/* Of what one commit takes in, one signature. Where there is none, each is signed for alone. */
static void sign_together(void *const *submissions, size_t count)
{
    struct tp_receipt *receipts[TP_COMMIT_GROUP_MAX];
    const struct tp_receipt_pair *pair = NULL;
    size_t signed_for = 0;

    for (size_t i = 0; i < count; i++) {
        struct tp_taking *taking = taking_of(submissions[i]);
        const struct tp_submission *submission = &taking->submission;
        char sha256[TP_SHA256_TEXT_MAX];

        *taking->receipt.signature = '\0';
        tp_hex(submission->sha256, TP_SHA256_BYTES, sha256);
        if (!taking->together || !is_held(submission) ||
            !tp_receipt_fill(submission->instance_id, sha256, submission->first_received_ms,
                             &taking->receipt, NULL))
            continue;
        pair = taking->pair;
        receipts[signed_for++] = &taking->receipt;
    }
    if (signed_for)
        (void)tp_receipt_sign_together(pair, receipts, signed_for, NULL);
}

void tp_taking_job(struct tp_central *central, struct tp_taking *taking, struct tp_job *job)
{
    taking->pair = &central->keys.receipt;
    *job = (struct tp_job){.run = tp_submission_take,
                           .run_many = tp_submissions_take,
                           .run_at_once = tp_submissions_take_at_once,
                           .committing = sign_together,
                           .context = &taking->submission};
}

static bool sign_alone(struct tp_taking *taking)
{
    const struct tp_submission *submission = &taking->submission;
    char sha256[TP_SHA256_TEXT_MAX];

    tp_hex(submission->sha256, TP_SHA256_BYTES, sha256);
    return tp_receipt_sign(taking->pair, submission->instance_id, sha256,
                           submission->first_received_ms, &taking->receipt, NULL);
}

int tp_taking_outcome(struct tp_taking *taking, const struct tp_job *job, const char **words)
{
    const struct tp_submission *submission = &taking->submission;

    *words = "the store cannot take this now; try again in a few seconds";
    if (job->error.code != TP_OK)
        return 503;
    if (submission->taken == TP_TAKEN_NO_FORM) {
        *words = "this store has no such form";
        return 404;
    }
    if (submission->taken == TP_TAKEN_NO_MORE) {
        *words = "this screen was taken off the list by an administrator";
        return 403;
    }
    if (submission->taken == TP_TAKEN_CONFLICT) {
        *words = "an answer with this instanceID and other content is here already; this one was "
                 "put aside for an administrator";
        return 409;
    }
    if (!*taking->receipt.signature && !sign_alone(taking))
        return 503;
    *words = "received";
    return 201;
}
