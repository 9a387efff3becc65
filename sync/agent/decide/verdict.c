#include "agent/decide/verdict.h"

#include <stdarg.h>
#include <stdio.h>

static struct tp_verdict say(enum tp_verdict_kind kind, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static struct tp_verdict say(enum tp_verdict_kind kind, const char *format, ...)
{
    struct tp_verdict verdict = {.kind = kind};
    va_list args;

    va_start(args, format);
    (void)vsnprintf(verdict.words, sizeof(verdict.words), format, args);
    va_end(args);
    return verdict;
}

/* One row a status that the store uses to refuse one answer; what another OpenRosa server means by
 * it. */
static const struct {
    long status;
    const char *words;
    const char *other;
} refusals[] = {
    {400, "the store could not read this answer", "the server could not read this answer"},
    {404, "the store does not know this survey",
     "the server does not know this survey or this version of it"},
    {409, "the store already has another answer under this number",
     "the survey is closed there, or the server has another answer under this number"},
    {413, "the store finds this answer too large", "the server finds this answer too large"},
};

static const char *who(const struct tp_exchange *exchange)
{
    return exchange->openrosa_server ? "server" : "store";
}

static bool said(const struct tp_exchange *exchange)
{
    return exchange->message && *exchange->message;
}

static struct tp_verdict refused(const struct tp_exchange *exchange, const char *words)
{
    if (said(exchange))
        return say(TP_VERDICT_SET_ASIDE, "%s (%ld: %s)", words, exchange->status,
                   exchange->message);
    return say(TP_VERDICT_SET_ASIDE, "%s (%ld)", words, exchange->status);
}

static bool shuts_out(const struct tp_exchange *exchange)
{
    return exchange->status == 401 || exchange->status == 403;
}

/* ODK Central and KoboToolbox let nobody in without a word of OpenRosa: what says that it was they
 * is TLS. Not so for a file, which may be kept elsewhere. */
static bool is_the_servers(const struct tp_exchange *exchange)
{
    return exchange->openrosa ||
           (exchange->openrosa_server && shuts_out(exchange) && !exchange->hash_proves);
}

/* What holds for every kind of request once it is clear that it did not succeed. */
static struct tp_verdict in_general(const struct tp_exchange *exchange)
{
    if (!exchange->answered)
        return say(exchange->unreachable ? TP_VERDICT_PAUSE : TP_VERDICT_LATER, "%s",
                   exchange->problem ? exchange->problem : "no answer came");
    if (exchange->status == 407)
        return say(TP_VERDICT_PAUSE, "the network's proxy asks for a name and password (407)");
    if (exchange->status == 429 || exchange->status == 503)
        return say(TP_VERDICT_PAUSE, "the %s is busy and asks to wait (%ld)", who(exchange),
                   exchange->status);
    if (exchange->status >= 500)
        return say(TP_VERDICT_LATER, "the %s is in trouble (%ld)", who(exchange), exchange->status);
    if (!is_the_servers(exchange) || exchange->status < 400)
        return say(TP_VERDICT_LATER,
                   "someone else answered in the %s's place (%ld); the network may want somebody "
                   "to sign in",
                   who(exchange), exchange->status);
    if (shuts_out(exchange))
        return say(TP_VERDICT_BARRED,
                   exchange->openrosa_server
                       ? "the server does not let this screen in (%ld); connect it again"
                       : "this screen is no longer enrolled (%ld); enrol it again",
                   exchange->status);
    if (said(exchange))
        return say(TP_VERDICT_LATER, "the %s refused (%ld: %s)", who(exchange), exchange->status,
                   exchange->message);
    return say(TP_VERDICT_LATER, "the %s refused (%ld)", who(exchange), exchange->status);
}

static struct tp_verdict of_success(const struct tp_exchange *exchange)
{
    switch (exchange->receipt) {
    case TP_RECEIPT_VALID:
        return say(TP_VERDICT_DELIVERED, "%s", "");
    case TP_RECEIPT_WORD:
        if (exchange->openrosa_server)
            return say(TP_VERDICT_DELIVERED, "%s", "");
        return say(TP_VERDICT_LATER, "the answer held no receipt (%ld)", exchange->status);
    case TP_RECEIPT_OTHER:
        return say(TP_VERDICT_LATER, "the receipt was for another answer");
    case TP_RECEIPT_FORGED:
        return say(TP_VERDICT_LATER, "the receipt was not signed by the store");
    case TP_RECEIPT_NONE:
    default:
        return say(TP_VERDICT_LATER,
                   exchange->openrosa_server ? "the answer was not an OpenRosa server's (%ld)"
                                             : "the answer held no receipt (%ld)",
                   exchange->status);
    }
}

/* The server itself let this screen in a moment ago (do/contact.h): this is about one survey (ODK
 * Central says 401, KoboToolbox 403), or about something in this answer that a filter before the
 * server finds suspicious, and must not hold up the others. */
static struct tp_verdict shut_out_of_one(const struct tp_exchange *exchange)
{
    return say(TP_VERDICT_LATER, "the server does not let this screen send to this survey (%ld)",
               exchange->status);
}

/* What has no header comes from behind the server's own certificate, which let this round in. */
static struct tp_verdict refused_by_other(const struct tp_exchange *exchange, const char *words)
{
    bool at_work = exchange->status == 409;

    if ((exchange->openrosa && !at_work) || exchange->attempts >= TP_VERDICT_DOUBT_ATTEMPTS)
        return refused(exchange, words);
    return say(TP_VERDICT_LATER, "%s (%ld%s%s)",
               at_work ? "the server may still be taking this answer in" : words, exchange->status,
               said(exchange) ? ": " : "", said(exchange) ? exchange->message : "");
}

struct tp_verdict tp_verdict_of(const struct tp_exchange *exchange)
{
    if (!exchange->answered)
        return in_general(exchange);
    if (exchange->openrosa_server && shuts_out(exchange))
        return shut_out_of_one(exchange);
    if (exchange->openrosa && (exchange->status == 201 || exchange->status == 202))
        return of_success(exchange);
    for (size_t i = 0; i < sizeof(refusals) / sizeof(refusals[0]); i++) {
        if (refusals[i].status != exchange->status)
            continue;
        if (exchange->openrosa_server)
            return refused_by_other(exchange, refusals[i].other);
        if (exchange->openrosa)
            return refused(exchange, refusals[i].words);
    }
    return in_general(exchange);
}

bool tp_verdict_of_get(const struct tp_exchange *exchange, const char *what,
                       struct tp_verdict *verdict)
{
    struct tp_verdict general;

    if (exchange->answered && (exchange->openrosa || exchange->hash_proves) &&
        exchange->status == 200)
        return true;
    general = in_general(exchange);
    *verdict = say(general.kind, "%s: %s", what, general.words);
    return false;
}

bool tp_exchange_is_contact(const struct tp_exchange *exchange)
{
    return exchange->answered && exchange->openrosa;
}
