#include <string.h>

#include "store/counting.h"
#include "store/db.h"
#include "store/odk.h"
#include "store/outbox.h"

static const char doing[] = "the answer cannot be saved";

static bool check(const struct tp_outbox_entry *entry, struct tp_error *error)
{
    if (!entry->instance_id || !tp_instance_id_is_valid(entry->instance_id))
        return tp_fail(error, TP_ERR_MISUSE, "%s: it has no proper instance ID", doing);
    if (!tp_text_is_name(entry->form_id, TP_FORM_ID_MAX) || !entry->form_version ||
        !tp_text_is_words(entry->form_version, TP_FORM_VERSION_MAX))
        return tp_fail(error, TP_ERR_MISUSE, "%s: its form has no proper id and version", doing);
    if (!entry->xml_count)
        return tp_fail(error, TP_ERR_MISUSE, "%s: it is empty", doing);
    if (entry->xml_count > TP_OUTBOX_XML_MAX)
        return tp_fail(error, TP_ERR_LIMIT, "%s: it has %zu bytes, at most %u are taken", doing,
                       entry->xml_count, TP_OUTBOX_XML_MAX);
    return tp_counts_check(entry->counts, entry->counts_count, error) &&
           tp_tallies_check(entry->tallies, entry->tallies_count, error);
}

static bool insert(struct tp_store *store, const struct tp_outbox_entry *entry,
                   const struct tp_buf *sealed, struct tp_error *error)
{
    unsigned char digest[TP_SHA256_BYTES];
    struct tp_store_time now;
    int64_t sequence = 0;

    tp_sha256(sealed->data, sealed->length, digest);
    return tp_store_now(store, &now, error) &&
           tp_db_integer(store, TP_SQL_PUT_SEQUENCE, TP_NO_VALUES, &sequence, doing, error) &&
           tp_db_run(
               store, TP_SQL_PUT,
               TP_VALUES(tp_integer(sequence), tp_text(entry->instance_id), tp_text(entry->form_id),
                         tp_text(entry->form_version), tp_integer(now.ms), tp_integer(now.trust),
                         tp_blob(digest, sizeof(digest)), tp_blob(sealed->data, sealed->length)),
               doing, error) &&
           tp_counts_apply(store, entry->counts, entry->counts_count, now.ms, error) &&
           tp_tallies_apply(store, entry->tallies, entry->tallies_count, error);
}

static bool save(struct tp_store *store, const struct tp_outbox_entry *entry,
                 const struct tp_buf *sealed, struct tp_error *error)
{
    int64_t known = 0;
    bool ok;

    if (!tp_db_begin(store, doing, error))
        return false;
    ok = tp_db_integer(store, TP_SQL_PUT_KNOWN, TP_VALUES(tp_text(entry->instance_id)), &known,
                       doing, error);
    /* A known one may have come back from the log of a commit that failed: the probe makes this
     * transaction write, so that its sync covers that log too. */
    ok = ok && (known ? tp_db_run(store, TP_SQL_PROBE, TP_NO_VALUES, doing, error)
                      : insert(store, entry, sealed, error));
    return tp_db_end(store, ok, doing, error);
}

static bool seal_for_odk(const struct tp_outbox_entry *entry, struct tp_buf *sealed,
                         struct tp_error *error)
{
    const struct tp_odk_answer answer = {.public_key = entry->odk_key,
                                         .form_id = entry->form_id,
                                         .form_version = entry->form_version,
                                         .instance_id = entry->instance_id,
                                         .xml = entry->xml,
                                         .xml_count = entry->xml_count};

    return tp_odk_seal(&answer, sealed, error);
}

static bool seal(struct tp_store *store, const struct tp_outbox_entry *entry, struct tp_buf *sealed,
                 struct tp_error *error)
{
    if (entry->odk_key && *entry->odk_key)
        return seal_for_odk(entry, sealed, error);
    if (!entry->key)
        return tp_fail(error, TP_ERR_MISUSE, "%s: there is no key to seal it to", doing);
    store->last_key = *entry->key;
    store->has_last_key = true;
    if (store->ready.is_ready &&
        memcmp(&store->ready.key, entry->key, sizeof(store->ready.key)) == 0)
        return tp_seal_with(&store->ready, entry->xml, entry->xml_count, sealed, error);
    return tp_seal(entry->key, entry->xml, entry->xml_count, sealed, error);
}

bool tp_outbox_put(struct tp_store *store, const struct tp_outbox_entry *entry,
                   struct tp_error *error)
{
    struct tp_buf sealed;
    bool ok;

    if (!check(entry, error))
        return false;
    /* Either kind adds less than the manifest's most. */
    tp_buf_init(&sealed, tp_seal_size(TP_OUTBOX_XML_MAX) + TP_ODK_MANIFEST_MAX + TP_ODK_PAD);
    ok = seal(store, entry, &sealed, error) &&
         (entry->practice || save(store, entry, &sealed, error));
    tp_buf_finish(&sealed);
    return ok;
}
