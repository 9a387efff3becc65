#include <stdio.h>

#include "base/buf.h"
#include "tool/commands.h"

/* One line with its place; far more than it can be. */
#define LINE_MAX_BYTES 8192u

void tp_print_problems(const struct tp_problems *problems)
{
    size_t left = problems->errors + problems->warnings - problems->count;

    for (size_t i = 0; i < problems->count; i++) {
        struct tp_buf line;

        tp_buf_init(&line, LINE_MAX_BYTES);
        (void)tp_problem_line(&problems->items[i], &line);
        (void)fprintf(stderr, "%s\n", tp_buf_text(&line));
        tp_buf_finish(&line);
    }
    if (left)
        (void)fprintf(stderr, "and %zu more\n", left);
}
