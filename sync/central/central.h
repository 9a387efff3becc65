/*
 * The store's services, made once and passed to every handler: clock, randomness, keys, readers,
 * the one writer, settings. It holds no state of its own: all of that is in the database, so that
 * many processes can serve one store.
 *
 * Thread: read-only after tp_central_open; what it points to says for itself.
 */
#ifndef TP_CENTRAL_CENTRAL_H
#define TP_CENTRAL_CENTRAL_H

#include <pthread.h>
#include <time.h>

#include "base/clock.h"
#include "base/config.h"
#include "base/random.h"
#include "base/zone.h"
#include "central/db/committer.h"
#include "central/db/pool.h"
#include "central/keys.h"

#define TP_URL_MAX 256u
#define TP_DATA_PATH_MAX 4096u

struct tp_settings {
    char data[TP_DATA_PATH_MAX];
    char db[TP_DATA_PATH_MAX]; /* a URL or a path; "": central.db in data */
    char listen[128];          /* host:port */
    char url[TP_URL_MAX]; /* how the outside names us, without a slash at the end; "": as asked */
    char title[128];      /* whose store it is, for the pages */
    char zone[64];        /* "Europe/London"; "": the machine's own */
    char certificate[TP_DATA_PATH_MAX];     /* PEM, to do TLS here; "": a proxy does it */
    char certificate_key[TP_DATA_PATH_MAX]; /* its private key */
    char metrics_token[128];                /* for /metrics from elsewhere; "": loopback only */
    long connections_each;                  /* at once from one address; 0: no limit */
    long workers;                           /* threads that serve */
    long connections;                       /* at once */
    long silent_hours;                      /* a screen not heard for this long is red */
    bool verbose;
};

/* Sane values for all; --data and --config then change them. */
void tp_settings_init(struct tp_settings *settings);
/* Section [central] of an INI file. */
bool tp_settings_read(struct tp_settings *settings, const char *path, struct tp_error *error);
/* The database's URL. */
const char *tp_settings_db(const struct tp_settings *settings, char path[TP_DATA_PATH_MAX]);

struct tp_known;

struct tp_central {
    struct tp_settings settings;
    struct tp_clock clock;
    struct tp_random random;
    struct tp_zone *zone; /* owned; NULL is UTC */
    struct tp_keys keys;
    struct tp_sql_pool *readers;    /* owned */
    struct tp_committer *committer; /* owned */
    struct tp_known *known;         /* owned; http/known.h */
    /* Bytes of request bodies held now; see TP_BODIES_MAX. */
    _Atomic size_t bodies;
    /* Downloads of answers, and searches, under way. */
    _Atomic int exports;
    /* Requests answered, by the hundreds of their status (index 2: 200 to 299). */
    _Atomic uint64_t answered[6];
    int64_t started_ms; /* monotonic */
    /* Password hashing takes 64 MiB and a tenth of a second: one at a time. */
    pthread_mutex_t hashing;
    /* Who is signing in at this moment, and who is changing a password. */
    _Atomic int signing_in;
    _Atomic int changing_passwords;
};

/* Opens the database (migrating it) and reads the keys. */
bool tp_central_open(const struct tp_settings *settings, const struct tp_clock *clock,
                     const struct tp_random *random, struct tp_central *central,
                     struct tp_error *error);
void tp_central_close(struct tp_central *central);

/* A day in the store's zone, "2026-11-23". */
#define TP_DAY_TEXT_MAX 16u
void tp_central_day(const struct tp_central *central, int64_t wall_ms, char day[TP_DAY_TEXT_MAX]);

/* A time in the store's zone: broken down like gmtime's. */
struct tm tp_central_local(const struct tp_central *central, int64_t wall_ms);

#endif
