#include "store/log.h"

#include <string.h>

#include "base/mem.h"

#define MAGIC 0x377f0682u /* the lowest bit tells the order of bytes in checksums */
#define PAGE_MIN 512u
#define PAGE_MAX 65536u

/* More frames than any log of ours has. */
#define FRAMES_MAX (1u << 20)

/* One may be the interrupted commit. */
#define BROKEN_COMMITS 2u

static uint32_t word(const unsigned char *bytes, bool is_big_endian)
{
    return is_big_endian ? (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 |
                               (uint32_t)bytes[2] << 8 | bytes[3]
                         : (uint32_t)bytes[3] << 24 | (uint32_t)bytes[2] << 16 |
                               (uint32_t)bytes[1] << 8 | bytes[0];
}

static void checksum(const unsigned char *bytes, size_t count, bool is_big_endian, uint32_t sum[2])
{
    for (size_t i = 0; i + 8 <= count; i += 8) {
        sum[0] += word(bytes + i, is_big_endian) + sum[1];
        sum[1] += word(bytes + i + 4, is_big_endian) + sum[0];
    }
}

bool tp_log_read_head(const struct tp_pages_source *log, struct tp_log_head *head)
{
    unsigned char bytes[TP_LOG_HEADER + TP_LOG_FRAME_HEADER];
    uint32_t magic;

    if (log->size < sizeof(bytes) || !log->read(log->context, 0, bytes, sizeof(bytes)))
        return false;
    magic = word(bytes, true);
    *head = (struct tp_log_head){.page_size = word(bytes + 8, true), .is_big_endian = magic & 1u};
    checksum(bytes, 24, head->is_big_endian, head->sum);
    head->is_whole =
        (magic & ~1u) == MAGIC && head->page_size >= PAGE_MIN && head->page_size <= PAGE_MAX &&
        (head->page_size & (head->page_size - 1)) == 0 && head->sum[0] == word(bytes + 24, true) &&
        head->sum[1] == word(bytes + 28, true);
    memcpy(head->salt, bytes + (head->is_whole ? 16 : TP_LOG_HEADER + 8), TP_LOG_SALT);
    return true;
}

/* One frame after the other, whole so far or not. */
struct scan {
    const struct tp_pages_source *log;
    struct tp_log_head head;
    unsigned char *frame;
    bool is_whole;
    unsigned commits; /* behind the break */
};

/* False at the end of what belongs to this log. */
static bool next_frame(struct scan *s, uint64_t number)
{
    const size_t size = TP_LOG_FRAME_HEADER + s->head.page_size;
    const unsigned char *f = s->frame;

    if (TP_LOG_HEADER + (number + 1) * size > s->log->size)
        return false;
    if (!s->log->read(s->log->context, TP_LOG_HEADER + number * size, s->frame, size)) {
        s->is_whole = false;
        return true;
    }
    if (memcmp(f + 8, s->head.salt, TP_LOG_SALT) != 0) {
        /* The end, or a frame that is damaged itself: told by what follows. */
        s->is_whole = false;
        return true;
    }
    if (s->is_whole) {
        checksum(f, 8, s->head.is_big_endian, s->head.sum);
        checksum(f + TP_LOG_FRAME_HEADER, s->head.page_size, s->head.is_big_endian, s->head.sum);
        s->is_whole = s->head.sum[0] == word(f + 16, true) && s->head.sum[1] == word(f + 20, true);
    }
    if (!s->is_whole && word(f + 4, true) != 0)
        s->commits++;
    return true;
}

bool tp_log_is_broken(const struct tp_pages_source *log)
{
    struct scan s = {.log = log};

    if (!tp_log_read_head(log, &s.head))
        return false;
    if (!s.head.is_whole)
        s.head.page_size = 4096;
    s.is_whole = s.head.is_whole;
    s.frame = tp_calloc(TP_LOG_FRAME_HEADER + s.head.page_size, 1);
    for (uint64_t i = 0; s.frame && i < FRAMES_MAX && s.commits < BROKEN_COMMITS; i++) {
        if (!next_frame(&s, i))
            break;
    }
    tp_free(s.frame);
    return s.commits >= BROKEN_COMMITS;
}
