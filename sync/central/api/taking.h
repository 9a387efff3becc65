/*
 * An answer on its way into the store and the receipt it leaves: what is the same whether it came
 * alone (submission.c), with others in one request (several.c) or, but for the receipt, on a stick
 * (cli/import.c). Thread: one at a time; the committer's while it has the job.
 */
#ifndef TP_CENTRAL_API_TAKING_H
#define TP_CENTRAL_API_TAKING_H

#include "central/central.h"
#include "central/data/submissions.h"
#include "central/http/exchange.h"

/* When a request arrived, and on which day; lasts as long as its answers are being taken. */
struct tp_arrival {
    const struct tp_central *central;
    int64_t received_ms;
    int64_t late_ms; /* a form that closed before this closed long ago */
    char day[TP_DAY_TEXT_MAX];
    char late_day[TP_DAY_TEXT_MAX];
};

void tp_arrival_init(const struct tp_central *central, struct tp_arrival *arrival);
/* Sets what all answers of an arrival have in common; keeps a pointer to it. */
void tp_arrival_mark(const struct tp_arrival *arrival, struct tp_submission *submission);

/* Sealed to this store, or encrypted to the key of the form it is for. */
bool tp_taking_is_for_us(const struct tp_central *central, const void *sealed, size_t count,
                         const char *instance_id, const char *form);

struct tp_taking {
    struct tp_submission submission; /* the job's context */
    const struct tp_receipt_pair *pair;
    bool together;             /* whoever sent it reads a receipt that is one of many */
    struct tp_receipt receipt; /* its signature is "" until it is signed together with others */
};

/* The request's header: does its sender read receipts that are one of many? */
bool tp_taking_together(const struct tp_exchange *exchange);

/* Makes the job that takes the submission; whoever submits it sets `done`. */
void tp_taking_job(struct tp_central *central, struct tp_taking *taking, struct tp_job *job);

/* The status that the job's end means, and its words. 201: the receipt is signed. 503: the store
 * cannot take it now. */
int tp_taking_outcome(struct tp_taking *taking, const struct tp_job *job, const char **words);

#endif
