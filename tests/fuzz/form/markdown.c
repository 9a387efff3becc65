/* Label markdown: the spans always lie inside the text, in order. */
#include "form/markdown.h"

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *source = tp_strndup((const char *)data, size);
    struct tp_markdown markdown;
    size_t at = 0;

    if (!source || !tp_markdown_parse(source, &markdown))
        abort();
    for (size_t i = 0; i < markdown.span_count; i++) {
        if (markdown.spans[i].start < at || !markdown.spans[i].length)
            abort();
        at = markdown.spans[i].start + markdown.spans[i].length;
    }
    if (at > strlen(markdown.text))
        abort();
    tp_markdown_finish(&markdown);
    tp_free(source);
    return 0;
}
