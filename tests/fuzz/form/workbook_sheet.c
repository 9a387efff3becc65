/* The XML inside an .xlsx file, which a fuzzer that mutates the ZIP around it seldom reaches: the
 * input is the sheet, or after a NUL byte the shared strings, or after another the styles. */
#include <stdlib.h>

#include "lib/xlsx_maker.h"
#include "workbook.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = malloc(size + 1);
    const char *parts[3] = {text, NULL, NULL};
    const char *p = text;
    struct tp_buf bytes;

    if (!text)
        return 0;
    memcpy(text, data, size);
    text[size] = '\0';
    for (int i = 1; i < 3; i++) {
        p += strlen(p) + 1;
        if (p > text + size)
            break;
        parts[i] = p;
    }
    tp_buf_init(&bytes, 16u * 1024u * 1024u);
    if (make_simple_xlsx(parts[0], parts[1], parts[2], &bytes))
        fuzz_workbook("f.xlsx", tp_buf_text(&bytes), bytes.length);
    tp_buf_finish(&bytes);
    free(text);
    return 0;
}
