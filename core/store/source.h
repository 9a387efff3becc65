/*
 * A file as a source of pages that may be unreadable in places. For core/store only.
 */
#ifndef TP_STORE_SOURCE_H
#define TP_STORE_SOURCE_H

#include "store/pages.h"

/* A file that is not there is an empty source. The source reads through *fd, which must outlive it
 * and is closed with tp_source_close. */
struct tp_pages_source tp_source_open(const char *path, int *fd);
void tp_source_close(int fd);

#endif
