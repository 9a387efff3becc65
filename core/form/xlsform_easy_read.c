/* Easy Read: each sentence starts a line (docs/ACCESSIBILITY.md, C1), whether the author broke the
 * lines or not. */
#include <string.h>
#include <strings.h>

#include "form/lint_words.h"
#include "form/xlsform_parts.h"

const char *tp_xf_tag(struct tp_xf *xf, const char *language)
{
    const char *open = strrchr(language, '(');
    const char *close = open ? strchr(open, ')') : NULL;

    if (!close || close == open + 1)
        return language;
    return tp_xf_copy(&xf->arena, open + 1, (size_t)(close - open - 1));
}

bool tp_xf_has_easy_read(struct tp_xf *xf)
{
    for (size_t i = 0; i < xf->survey.count; i++) {
        const struct tp_xf_column *column = &xf->survey.columns[i];

        if (column->count == 2 && strcmp(column->tokens[0], "label") == 0 &&
            strcasecmp(tp_xf_tag(xf, column->tokens[1]), "en-simple") == 0)
            return true;
    }
    return false;
}

const char *tp_xf_easy_read(struct tp_xf *xf, const char *language, const char *text)
{
    struct tp_sentence sentence = {0};
    const char *from = text;
    bool first = true;
    struct tp_buf out;

    if (!strstr(text, ". ") && !strstr(text, "? ") && !strstr(text, "! ") && !strstr(text, "* "))
        return text;
    if (strcasecmp(tp_xf_tag(xf, language), "en-simple") != 0)
        return text;
    tp_buf_init(&out, 2 * TP_WORKBOOK_CELL_MAX);
    while (tp_next_sentence(&from, &sentence)) {
        /* The author's own line ends stay, empty lines too. */
        if (!first && sentence.starts_line) {
            const char *gap = sentence.start;

            while (gap > text && strchr(" \t\n\r", gap[-1]))
                gap--;
            (void)tp_buf_add(&out, gap, (size_t)(sentence.start - gap));
        } else if (!first) {
            (void)tp_buf_putc(&out, '\n');
        }
        (void)tp_buf_add(&out, sentence.start, sentence.length);
        first = false;
    }
    if (tp_buf_ok(&out) && out.length)
        text = tp_xf_copy(&xf->arena, tp_buf_text(&out), out.length);
    tp_buf_finish(&out);
    return text;
}
