/* Files as a test looks at them. */
#ifndef TP_TEST_FILES_H
#define TP_TEST_FILES_H

#include <stdio.h>
#include <string.h>

#include "base/file.h"

/* Whether the bytes stand anywhere in a file; a file that is not there has none. */
static inline bool file_has(const char *path, const void *bytes, size_t count)
{
    struct tp_buf file;
    bool has;

    tp_buf_init(&file, 256u << 20);
    has = tp_file_read(path, &file, NULL) && file.length &&
          memmem(file.data, file.length, bytes, count);
    tp_buf_finish(&file);
    return has;
}

/* What a small file says, in a static buffer; "" where there is none. */
static inline const char *file_text(const char *path)
{
    static char text[65536];
    struct tp_buf file;

    tp_buf_init(&file, sizeof(text) - 1);
    text[0] = '\0';
    if (tp_file_read(path, &file, NULL))
        (void)snprintf(text, sizeof(text), "%s", tp_buf_text(&file));
    tp_buf_finish(&file);
    return text;
}

#endif
