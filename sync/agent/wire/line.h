/*
 * What a server names may stand in: an INI file and a header.
 */
#ifndef TP_AGENT_WIRE_LINE_H
#define TP_AGENT_WIRE_LINE_H

#include <stdbool.h>
#include <stddef.h>

/* Nothing in these bytes could end a line. */
static inline bool tp_is_one_line(const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if ((unsigned char)text[i] < 0x20 || text[i] == 0x7F)
            return false;
    return true;
}

#endif
