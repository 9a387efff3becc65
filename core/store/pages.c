#include "store/pages.h"

#include <string.h>

#include "base/mem.h"
#include "store/db.h"
#include "store/log.h"
#include "store/looking.h"

/* Ours are 4,096; the header of a damaged file may say anything. */
#define PAGE_DEFAULT 4096u
#define PAGE_MIN 512u
#define PAGE_MAX 65536u

#define FILE_HEADER 100u
#define LEAF 0x0du /* a table's leaf page */
#define LEAF_HEADER 8u

/* sequence, instance_id, form_id, form_version, state, created_ms, created_trust, attempts,
 * last_error, sha256, sealed: as schema.c has them. */
#define COLUMNS 11u

/* The largest row of an outbox, with room for its texts. */
#define ROW_MAX (TP_SEAL_OVERHEAD + TP_OUTBOX_XML_MAX + TP_SEAL_PAD + 4096u)

struct reader {
    const struct tp_pages_source *file;
    const struct tp_pages_source *log;
    size_t page_size;
    uint64_t frames; /* in the log, of its present salt */
    unsigned char salt[TP_LOG_SALT];
    unsigned char *page;    /* the leaf looked at */
    unsigned char *spill;   /* an overflow page */
    unsigned char *payload; /* one row */
    size_t payload_room;
    bool no_memory;
    tp_pages_visit *visit;
    void *context;
    struct tp_pages_found found;
};

static uint32_t big_endian(const unsigned char *bytes, size_t count)
{
    uint32_t value = 0;

    for (size_t i = 0; i < count; i++)
        value = value << 8 | bytes[i];
    return value;
}

/* Clause 1.6: a variable-length integer. Returns its length; 0 where the bytes end before it. */
static size_t varint(const unsigned char *bytes, size_t count, uint64_t *value)
{
    uint64_t read = 0;

    for (size_t i = 0; i < count && i < 9; i++) {
        if (i == 8) {
            *value = read << 8 | bytes[i];
            return 9;
        }
        read = read << 7 | (bytes[i] & 0x7fu);
        if (!(bytes[i] & 0x80u)) {
            *value = read;
            return i + 1;
        }
    }
    return 0;
}

static bool is_page_size(uint32_t size)
{
    return size >= PAGE_MIN && size <= PAGE_MAX && (size & (size - 1)) == 0;
}

static void find_page_size(struct reader *r)
{
    struct tp_log_head head;
    unsigned char bytes[2];
    uint32_t size = 0;

    r->page_size = PAGE_DEFAULT;
    if (r->file->size >= FILE_HEADER && r->file->read(r->file->context, 16, bytes, 2)) {
        size = big_endian(bytes, 2);
        size = size == 1 ? PAGE_MAX : size;
    }
    if (is_page_size(size))
        r->page_size = size;
    if (!tp_log_read_head(r->log, &head))
        return;
    if (head.is_whole)
        r->page_size = head.page_size;
    memcpy(r->salt, head.salt, sizeof(r->salt));
    r->frames = (r->log->size - TP_LOG_HEADER) / (TP_LOG_FRAME_HEADER + r->page_size);
}

static uint64_t frame_offset(const struct reader *r, uint64_t frame)
{
    return TP_LOG_HEADER + frame * (TP_LOG_FRAME_HEADER + r->page_size);
}

/* The page that a frame of the log is for; 0 where it is of an older log. */
static uint32_t frame_page(const struct reader *r, uint64_t frame)
{
    unsigned char header[TP_LOG_FRAME_HEADER];

    if (!r->log->read(r->log->context, frame_offset(r, frame), header, sizeof(header)) ||
        memcmp(header + 8, r->salt, sizeof(r->salt)) != 0)
        return 0;
    return big_endian(header, 4);
}

static bool read_file_page(struct reader *r, uint32_t number, unsigned char *out)
{
    uint64_t offset = (uint64_t)(number - 1) * r->page_size;

    return number && offset + r->page_size <= r->file->size &&
           r->file->read(r->file->context, offset, out, r->page_size);
}

/* The newest version of a page: the log's last, where `with_log`, else the file's. */
static bool read_page(struct reader *r, uint32_t number, bool with_log, unsigned char *out)
{
    for (uint64_t frame = with_log ? r->frames : 0; frame > 0; frame--) {
        if (frame_page(r, frame - 1) == number)
            return r->log->read(r->log->context, frame_offset(r, frame - 1) + TP_LOG_FRAME_HEADER,
                                out, r->page_size);
    }
    return read_file_page(r, number, out);
}

/* Follows the overflow pages of a row (clause 1.6). */
static bool read_spill(struct reader *r, uint32_t next, bool with_log, size_t have, size_t size)
{
    const size_t room = r->page_size - 4;

    while (have < size) {
        size_t count = size - have < room ? size - have : room;

        if (!next || !read_page(r, next, with_log, r->spill))
            return false;
        memcpy(r->payload + have, r->spill + 4, count);
        next = big_endian(r->spill, 4);
        have += count;
    }
    return true;
}

/* One column of a record: where it is in the payload, and its serial type. */
struct column {
    uint64_t type;
    size_t at;
    size_t size;
};

static size_t size_of_type(uint64_t type)
{
    static const size_t sizes[] = {0, 1, 2, 3, 4, 6, 8, 8, 0, 0};

    if (type < sizeof(sizes) / sizeof(sizes[0]))
        return sizes[type];
    return type < 12 ? SIZE_MAX : (size_t)((type - 12) / 2);
}

/* Clause 2.1: the header of a record of COLUMNS columns that fill `size` bytes exactly. `have` is
 * how many of them are read yet. */
static bool read_columns(const unsigned char *payload, size_t have, size_t size,
                         struct column columns[COLUMNS])
{
    uint64_t header = 0;
    size_t at = varint(payload, have, &header);
    size_t data = (size_t)header;

    if (!at || header < at || header > have)
        return false;
    for (size_t i = 0; i < COLUMNS; i++) {
        size_t used = varint(payload + at, (size_t)header - at, &columns[i].type);

        columns[i].size = used ? size_of_type(columns[i].type) : SIZE_MAX;
        columns[i].at = data;
        if (!used || columns[i].size > size - data)
            return false;
        at += used;
        data += columns[i].size;
    }
    return at == header && data == size;
}

static bool is_text(const struct column *column, size_t max)
{
    return column->type >= 13 && column->type % 2 == 1 && column->size < max;
}

static bool is_blob(const struct column *column)
{
    return column->type >= 12 && column->type % 2 == 0;
}

static bool is_integer(const struct column *column)
{
    return column->type >= 1 && column->type <= 9 && column->type != 7;
}

/* Cheap, before anything large is read. */
static bool has_the_shape(const struct column columns[COLUMNS])
{
    return columns[0].type == 0 && is_text(&columns[1], TP_INSTANCE_ID_MAX) &&
           is_text(&columns[2], TP_FORM_ID_MAX) && is_text(&columns[3], TP_FORM_VERSION_MAX) &&
           is_integer(&columns[4]) && is_integer(&columns[5]) && is_integer(&columns[6]) &&
           is_integer(&columns[7]) && is_text(&columns[8], TP_OUTBOX_WORDS_MAX) &&
           is_blob(&columns[9]) && columns[9].size == TP_SHA256_BYTES && is_blob(&columns[10]);
}

static int64_t integer_of(const struct reader *r, const struct column *column)
{
    const unsigned char *bytes = r->payload + column->at;
    uint64_t value;

    if (column->type >= 8)
        return (int64_t)column->type - 8;
    value = bytes[0] & 0x80u ? UINT64_MAX : 0;
    for (size_t i = 0; i < column->size; i++)
        value = value << 8 | bytes[i];
    return (int64_t)value;
}

static void copy_text(const struct reader *r, const struct column *column, char *out)
{
    memcpy(out, r->payload + column->at, column->size);
    out[column->size] = '\0';
}

/* Takes the columns apart; false where a value is none that the store writes. */
static bool make_item(const struct reader *r, const struct column columns[COLUMNS],
                      uint64_t sequence, struct tp_outbox_item *item)
{
    int64_t state = integer_of(r, &columns[4]);
    int64_t trust = integer_of(r, &columns[6]);
    int64_t attempts = integer_of(r, &columns[7]);

    memset(item, 0, sizeof(*item));
    copy_text(r, &columns[1], item->instance_id);
    copy_text(r, &columns[2], item->form_id);
    copy_text(r, &columns[3], item->form_version);
    copy_text(r, &columns[8], item->last_error);
    tp_hex(r->payload + columns[9].at, TP_SHA256_BYTES, item->sha256);
    item->sequence = (int64_t)sequence;
    item->state = state == 0 ? TP_OUTBOX_WAITING : TP_OUTBOX_QUARANTINED;
    item->created.ms = integer_of(r, &columns[5]);
    item->created.trust = trust == 2   ? TP_CLOCK_CHECKED
                          : trust == 1 ? TP_CLOCK_UNCHECKED
                                       : TP_CLOCK_WRONG;
    item->attempts = attempts < 0 || attempts > UINT32_MAX ? 0 : (uint32_t)attempts;
    item->sealed = r->payload + columns[10].at;
    item->sealed_count = columns[10].size;
    return item->sequence > 0 && tp_instance_id_is_valid(item->instance_id) &&
           tp_text_is_name(item->form_id, TP_FORM_ID_MAX) &&
           tp_text_is_words(item->form_version, TP_FORM_VERSION_MAX) &&
           tp_text_is_words(item->last_error, TP_OUTBOX_WORDS_MAX);
}

/* Reads the rest of the row, by the newest overflow pages, else by the file's own. */
static bool complete(struct reader *r, const struct column columns[COLUMNS], uint32_t spill,
                     size_t have, size_t size, uint64_t sequence, struct tp_outbox_item *item)
{
    for (int with_log = r->frames ? 1 : 0; with_log >= 0; with_log--) {
        if (read_spill(r, spill, with_log == 1, have, size) &&
            make_item(r, columns, sequence, item) && tp_item_is_whole(item))
            return true;
    }
    return false;
}

/* How many bytes of a row of `size` stand in the leaf (clause 1.6). */
static size_t local_size(const struct reader *r, size_t size)
{
    const size_t usable = r->page_size;
    const size_t max = usable - 35;
    const size_t min = (usable - 12) * 32 / 255 - 23;
    const size_t fit = min + (size - min) % (usable - 4);

    if (size <= max)
        return size;
    return fit <= max ? fit : min;
}

static bool make_room(struct reader *r, size_t size)
{
    unsigned char *larger;

    if (r->payload && size <= r->payload_room)
        return true;
    larger = tp_realloc(r->payload, size, 1);
    if (!larger) {
        r->no_memory = true;
        return false;
    }
    r->payload = larger;
    r->payload_room = size;
    return true;
}

/* Looks at the cell at `at` of the leaf. False where a visit stops the reading. */
static bool read_cell(struct reader *r, size_t at)
{
    const unsigned char *cell = r->page + at;
    const size_t room = r->page_size - at;
    struct column columns[COLUMNS];
    struct tp_outbox_item item;
    uint64_t size = 0;
    uint64_t sequence = 0;
    size_t used = varint(cell, room, &size);
    size_t more = used ? varint(cell + used, room - used, &sequence) : 0;
    size_t local;
    uint32_t spill = 0;

    used += more;
    if (!more || size > ROW_MAX)
        return true;
    local = local_size(r, (size_t)size);
    if (local + (local < size ? 4 : 0) > room - used ||
        !read_columns(cell + used, local, (size_t)size, columns) || !has_the_shape(columns))
        return true;
    if (!make_room(r, (size_t)size))
        return false;
    memcpy(r->payload, cell + used, local);
    if (local < size)
        spill = big_endian(cell + used + local, 4);
    if (complete(r, columns, spill, local, (size_t)size, sequence, &item)) {
        r->found.answers++;
        return r->visit(r->context, &item);
    }
    r->found.damaged++;
    item = (struct tp_outbox_item){.sequence = (int64_t)(sequence & INT64_MAX)};
    return r->visit(r->context, &item);
}

static bool read_leaf(struct reader *r, bool first)
{
    const size_t start = first ? FILE_HEADER : 0;
    const unsigned char *header = r->page + start;
    size_t cells;

    if (header[0] != LEAF)
        return true;
    cells = big_endian(header + 3, 2);
    for (size_t i = 0; i < cells; i++) {
        size_t pointer = start + LEAF_HEADER + i * 2;
        size_t at;

        if (pointer + 2 > r->page_size)
            break;
        at = big_endian(r->page + pointer, 2);
        if (at >= start + LEAF_HEADER && at < r->page_size && !read_cell(r, at))
            return false;
    }
    return true;
}

static bool read_all(struct reader *r)
{
    for (uint64_t i = 0; i * r->page_size < r->file->size && i < UINT32_MAX; i++) {
        if (read_file_page(r, (uint32_t)i + 1, r->page) && !read_leaf(r, i == 0))
            return false;
    }
    for (uint64_t frame = 0; frame < r->frames; frame++) {
        uint32_t number = frame_page(r, frame);

        if (number &&
            r->log->read(r->log->context, frame_offset(r, frame) + TP_LOG_FRAME_HEADER, r->page,
                         r->page_size) &&
            !read_leaf(r, number == 1))
            return false;
    }
    return true;
}

bool tp_pages_read(const struct tp_pages_source *file, const struct tp_pages_source *log,
                   tp_pages_visit *visit, void *context, struct tp_pages_found *found,
                   struct tp_error *error)
{
    struct reader r = {.file = file, .log = log, .visit = visit, .context = context};
    bool ok = false;

    find_page_size(&r);
    r.page = tp_calloc(r.page_size, 1);
    r.spill = tp_calloc(r.page_size, 1);
    r.no_memory = !r.page || !r.spill;
    ok = !r.no_memory && read_all(&r);
    if (r.no_memory)
        tp_fail_memory(error);
    else if (!ok)
        tp_fail(error, TP_ERR_IO, "reading the damaged store was stopped");
    tp_free(r.payload);
    tp_free(r.spill);
    tp_free(r.page);
    if (ok)
        *found = r.found;
    return ok;
}
