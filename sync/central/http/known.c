#include "central/http/known.h"

#include <pthread.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"

/* More than a large fleet's screens that send in one minute; 80 KiB. */
#define SLOTS 1024u

struct slot {
    unsigned char digest[32];
    char id[TP_DEVICE_ID_MAX]; /* "": free */
};

struct tp_known {
    pthread_mutex_t lock;
    struct slot slots[SLOTS]; /* under lock */
};

bool tp_known_create(struct tp_known **known, struct tp_error *error)
{
    struct tp_known *made = tp_calloc(1, sizeof(*made));

    if (!made)
        return tp_fail_memory(error);
    (void)pthread_mutex_init(&made->lock, NULL);
    *known = made;
    return true;
}

void tp_known_destroy(struct tp_known *known)
{
    if (!known)
        return;
    (void)pthread_mutex_destroy(&known->lock);
    tp_free(known);
}

/* Where a token's digest stands, if anywhere. */
static struct slot *slot_of(struct tp_known *known, const unsigned char digest[32])
{
    return &known->slots[(digest[0] * 256u + digest[1]) % SLOTS];
}

bool tp_known_find(struct tp_known *known, const char *token, char id[TP_DEVICE_ID_MAX])
{
    unsigned char digest[32];
    const struct slot *slot;
    bool found;

    tp_token_digest(token, digest);
    (void)pthread_mutex_lock(&known->lock);
    slot = slot_of(known, digest);
    found = *slot->id && sodium_memcmp(slot->digest, digest, sizeof(digest)) == 0;
    if (found)
        memcpy(id, slot->id, sizeof(slot->id));
    (void)pthread_mutex_unlock(&known->lock);
    return found;
}

void tp_known_add(struct tp_known *known, const char *token, const char *id)
{
    struct slot made;

    tp_token_digest(token, made.digest);
    (void)snprintf(made.id, sizeof(made.id), "%s", id);
    (void)pthread_mutex_lock(&known->lock);
    *slot_of(known, made.digest) = made;
    (void)pthread_mutex_unlock(&known->lock);
}

void tp_known_forget(struct tp_known *known, const char *id)
{
    (void)pthread_mutex_lock(&known->lock);
    for (size_t i = 0; i < SLOTS; i++) {
        if (strcmp(known->slots[i].id, id) == 0)
            known->slots[i].id[0] = '\0';
    }
    (void)pthread_mutex_unlock(&known->lock);
}
