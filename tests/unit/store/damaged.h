/* A store with answers whose file a test damages, and what is left of it. */
#ifndef TP_TESTS_UNIT_STORE_DAMAGED_H
#define TP_TESTS_UNIT_STORE_DAMAGED_H

#include <dirent.h>

#include "unit/store/fixture.h"

#define ANSWERS 30u
#define PAGE 4096u

struct present {
    bool here[ANSWERS];
    unsigned count;
};

static inline bool look(void *context, const struct tp_outbox_item *item)
{
    struct present *present = context;
    unsigned number = fixture_number(item->instance_id);

    assert_in_range(number, 0, ANSWERS - 1);
    assert_false(present->here[number]);
    present->here[number] = true;
    present->count++;
    return true;
}

static inline struct present answers_of(struct fixture *f)
{
    struct present present = {0};

    assert_true(tp_outbox_each(f->store, TP_OUTBOX_WAITING, look, &present, &f->error));
    assert_true(tp_outbox_each(f->store, TP_OUTBOX_QUARANTINED, look, &present, &f->error));
    return present;
}

/* Every answer that is here opens to what was put. */
static inline void expect_whole(struct fixture *f)
{
    struct tp_outbox_batch batch;
    struct tp_buf plain;

    assert_true(tp_outbox_retry(f->store, NULL, NULL, &f->error));
    batch = fixture_next(f, ANSWERS);
    tp_buf_init(&plain, TP_OUTBOX_XML_MAX);
    for (size_t i = 0; i < batch.count; i++) {
        const char *id = batch.items[i].instance_id;

        tp_buf_reset(&plain);
        assert_true(tp_unseal(&f->seal, batch.items[i].sealed, batch.items[i].sealed_count, &plain,
                              &f->error));
        assert_non_null(strstr(tp_buf_text(&plain), id));
    }
    assert_int_equal(fixture_counts(f).quarantined, 0);
    tp_buf_finish(&plain);
    tp_outbox_batch_finish(&batch);
    assert_true(tp_outbox_release(f->store, true, &f->error));
}

static inline void fill(struct fixture *f)
{
    for (unsigned i = 0; i < ANSWERS; i++)
        assert_true(fixture_put(f, i));
    assert_true(tp_setting_set(f->store, TP_SETTING_VENUE, "Cowley Library", &f->error));
}

static inline void read_file(struct fixture *f, const char *path, struct tp_buf *file)
{
    tp_buf_init(file, 1u << 26);
    assert_true(tp_file_read(path, file, &f->error));
}

static inline void write_file(struct fixture *f, const char *path, const struct tp_buf *file)
{
    assert_true(tp_file_write_atomic(path, tp_buf_text(file), file->length, 0660, &f->error));
}

/* The name of the one file set aside, in the folder; "" where there is none. */
static inline const char *aside(struct fixture *f)
{
    static char path[512];
    DIR *folder = opendir(f->folder);
    struct dirent *entry;

    path[0] = '\0';
    while ((entry = readdir(folder))) {
        if (strstr(entry->d_name, "-damaged-") && !strstr(entry->d_name, "Z-1-"))
            (void)snprintf(path, sizeof(path), "%s/%s", f->folder, entry->d_name);
    }
    (void)closedir(folder);
    return path;
}

#endif
