/* POST /talkpoint/submissions: several sealed answers in one request, each with a job, a verdict
 * and a receipt of its own (docs/PROTOCOL.md, "Several answers in one request"). */
#include "store/several.h"

#include <stdatomic.h>
#include <string.h>

#include "base/mem.h"
#include "central/api/api.h"
#include "central/api/taking.h"
#include "central/data/forms.h"

struct several;

/* One answer of the request. */
struct one {
    struct tp_taking taking;
    struct tp_job job;
    struct several *several;
    const char *refusal; /* a literal; not NULL: there is no job */
};

/* What the exchange keeps while the committer has the jobs. */
struct several {
    struct tp_exchange *exchange;
    struct tp_arrival arrival;
    struct tp_several read; /* its answers' bytes are the exchange's body */
    struct one *ones;       /* owned; as many as read.count */
    struct tp_job *jobs;    /* the first, linked by `next`; NULL where every answer was refused */
    _Atomic size_t left;    /* jobs that are not over */
};

static void free_several(void *state)
{
    struct several *several = state;

    tp_several_finish(&several->read);
    tp_free(several->ones);
    tp_free(several);
}

static const char *check_one(const struct tp_central *central, const struct tp_carried *answer,
                             struct tp_submission *submission)
{
    char sha256[TP_SHA256_TEXT_MAX];

    if (strlen(answer->form_id) > TP_FORM_ID_MAX ||
        strlen(answer->form_version) > TP_FORM_VERSION_MAX)
        return "its form's name or version is too long";
    tp_sha256(answer->sealed, answer->sealed_count, submission->sha256);
    tp_hex(submission->sha256, TP_SHA256_BYTES, sha256);
    if (strcmp(sha256, answer->sha256) != 0)
        return "the sealed answer is not the one its line names";
    if (!tp_taking_is_for_us(central, answer->sealed, answer->sealed_count, answer->instance_id,
                             answer->form_id))
        return "the answer is not sealed to this store's key";
    return NULL;
}

/* Linked to the jobs in the order of the answers. */
static void prepare(struct tp_central *central, struct several *several, bool together)
{
    struct tp_job **end = &several->jobs;
    size_t count = 0;

    for (size_t i = 0; i < several->read.count; i++) {
        const struct tp_carried *answer = &several->read.answers[i];
        struct one *one = &several->ones[i];

        one->several = several;
        one->taking.together = together;
        one->taking.submission = (struct tp_submission){.instance_id = answer->instance_id,
                                                        .form = answer->form_id,
                                                        .version = answer->form_version,
                                                        .device = several->exchange->device,
                                                        .sealed = answer->sealed,
                                                        .sealed_length = answer->sealed_count};
        tp_arrival_mark(&several->arrival, &one->taking.submission);
        one->refusal = check_one(central, answer, &one->taking.submission);
        if (one->refusal)
            continue;
        tp_taking_job(central, &one->taking, &one->job);
        *end = &one->job;
        end = &one->job.next;
        count++;
    }
    atomic_init(&several->left, count);
}

/* On a writer's thread; they may be several. Whoever ends the last one ends the request, and
 * touches it no more after that. */
static void end_one(struct tp_job *job)
{
    struct several *several = ((struct one *)((char *)job - offsetof(struct one, job)))->several;
    struct tp_exchange *exchange = several->exchange;

    if (atomic_fetch_sub(&several->left, 1) == 1)
        exchange->job.done(&exchange->job);
}

static void submit(struct tp_central *central, struct tp_exchange *exchange)
{
    const struct several *several = exchange->state;

    tp_committer_submit(central->committer, several->jobs);
}

static void say(struct tp_buf *out, struct one *one)
{
    const char *instance_id = one->taking.submission.instance_id;
    const char *words = one->refusal;
    int status = words ? 400 : tp_taking_outcome(&one->taking, &one->job, &words);

    if (status == 201)
        (void)tp_several_reply_receipt(out, &one->taking.receipt);
    else
        (void)tp_several_reply_refusal(out, status, instance_id, words);
}

static void finish(struct tp_central *central, struct tp_exchange *exchange)
{
    struct several *several = exchange->state;
    struct tp_buf *out = &exchange->response.body;

    (void)central;
    tp_respond(exchange, 200, "text/plain; charset=utf-8");
    (void)tp_several_reply_begin(out);
    for (size_t i = 0; i < several->read.count; i++)
        say(out, &several->ones[i]);
}

static enum tp_next refuse(struct tp_exchange *exchange, const struct tp_error *error)
{
    if (error->code == TP_ERR_MEMORY)
        tp_api_not_ready(exchange);
    else
        tp_respond_text(exchange, 400, "%s", error->text);
    return TP_RESPOND;
}

enum tp_next tp_api_submit_several(struct tp_central *central, struct tp_exchange *exchange)
{
    struct several *several;
    struct tp_error error = {.code = TP_ERR_MEMORY};

    if (!tp_exchange_header(exchange, "X-OpenRosa-Version")) {
        tp_respond_text(exchange, 400, "the header X-OpenRosa-Version is missing");
        return TP_RESPOND;
    }
    several = tp_calloc(1, sizeof(*several));
    if (!several)
        return refuse(exchange, &error);
    several->exchange = exchange;
    exchange->state = several;
    exchange->free_state = free_several;
    if (!tp_several_read(tp_buf_text(&exchange->body), exchange->body.length, &several->read,
                         &error))
        return refuse(exchange, &error);
    several->ones = tp_calloc(several->read.count, sizeof(*several->ones));
    if (!several->ones)
        return refuse(exchange, &error);
    tp_arrival_init(central, &several->arrival);
    prepare(central, several, tp_taking_together(exchange));
    if (!several->jobs) {
        finish(central, exchange);
        return TP_RESPOND;
    }
    for (struct tp_job *job = several->jobs; job; job = job->next)
        job->done = end_one;
    exchange->submit = submit;
    exchange->resume = finish;
    return TP_WAIT;
}
