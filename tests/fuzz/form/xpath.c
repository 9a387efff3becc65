/* XPath expressions on a small document. What parses here must be evaluated by libxml2. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "base/mem.h"
#include "form/eval.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char document[] =
        "<d a=\"1\"><n>12</n><t>x y</t><day>2026-11-23</day><r><v>1</v></r><r><v>2</v></r></d>";
    char *expression = tp_strndup((const char *)data, size);
    const struct tp_eval_request request = {.name = "fuzz",
                                            .xml = document,
                                            .length = sizeof(document) - 1,
                                            .context = "/*[1]",
                                            .expression = expression,
                                            .now_ms = INT64_C(1795426867123)};
    struct tp_eval_result result;

    if (!expression)
        abort();
    if (tp_eval(&request, &result, NULL))
        tp_eval_finish(&result);
    tp_free(expression);
    return 0;
}
