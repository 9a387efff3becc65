/* What an author meant by a type that is none: a slip of the finger, or another program's word. */
#include <string.h>
#include <strings.h>

#include "form/xlsform_parts.h"

/* What authors are shown and steered to; older names are accepted and not suggested. */
static const char *const suggested[] = {
    "text",
    "integer",
    "decimal",
    "date",
    "time",
    "dateTime",
    "note",
    "range",
    "acknowledge",
    "calculate",
    "hidden",
    "start",
    "end",
    "today",
    "deviceid",
    "percentage",
    "begin_group",
    "end_group",
    "begin_repeat",
    "end_repeat",
    "csv-external",
    "xml-external",
    "select_one",
    "select_multiple",
    "rank",
    "select_one_from_file",
    "select_multiple_from_file",
    "begin group",
    "end group",
    "begin repeat",
    "end repeat",
};

/* Words of other programs and of everyday speech, with the type that does it. */
static const struct {
    const char *word;
    const char *type;
} meant[] = {
    {"group", "begin_group"},
    {"section", "begin_group"},
    {"page", "begin_group"},
    {"repeat", "begin_repeat"},
    {"select", "select_one"},
    {"radio", "select_one"},
    {"dropdown", "select_one"},
    {"choose_one", "select_one"},
    {"single_choice", "select_one"},
    {"yes_no", "select_one"},
    {"select_many", "select_multiple"},
    {"select_all", "select_multiple"},
    {"select_any", "select_multiple"},
    {"multiselect", "select_multiple"},
    {"multiple_choice", "select_multiple"},
    {"checkbox", "select_multiple"},
    {"checkboxes", "select_multiple"},
    {"ranking", "rank"},
    {"order", "rank"},
    {"number", "integer"},
    {"numeric", "integer"},
    {"float", "decimal"},
    {"double", "decimal"},
    {"scale", "range"},
    {"slider", "range"},
    {"textarea", "text"},
    {"paragraph", "text"},
    {"comment", "text"},
    {"info", "note"},
    {"label", "note"},
    {"heading", "note"},
    {"timestamp", "dateTime"},
    {"formula", "calculate"},
    {"calculation", "calculate"},
};

static const char *meant_by(const char *word)
{
    for (size_t i = 0; i < sizeof(meant) / sizeof(meant[0]); i++) {
        if (strcasecmp(meant[i].word, word) == 0)
            return meant[i].type;
    }
    return tp_xf_nearest(word, suggested, sizeof(suggested) / sizeof(suggested[0]));
}

static bool takes_list(const char *type)
{
    return strncmp(type, "select", 6) == 0 || strcmp(type, "rank") == 0;
}

/* "select multiple" as the one word it may have been. */
static const char *first_two_words(struct tp_xf_arena *arena, const char *text, size_t *length)
{
    size_t first = strcspn(text, " ");
    size_t second = text[first] ? strcspn(text + first + 1, " ") : 0;

    *length = first + 1 + second;
    return second
               ? tp_xf_printf(arena, "%.*s_%.*s", (int)first, text, (int)second, text + first + 1)
               : "";
}

/* Of "select_on yes_no" the first word is the type, or the first two, and the rest the list;
 * without one any list stands for it. */
const char *tp_xf_type_suggestion(struct tp_xf_arena *arena, const char *text)
{
    size_t length;
    const char *type;

    if (strlen(text) > 200)
        return NULL;
    type = meant_by(text);
    if (type)
        return takes_list(type) && !strchr(text, ' ') ? tp_xf_printf(arena, "%s yes_no", type)
                                                      : type;
    type = meant_by(first_two_words(arena, text, &length));
    if (!type || !takes_list(type)) {
        length = strcspn(text, " ");
        type = text[length] ? meant_by(tp_xf_copy(arena, text, length)) : NULL;
    }
    if (!type || !takes_list(type))
        return NULL;
    return tp_xf_printf(arena, "%s%s", type, text[length] ? text + length : " yes_no");
}
