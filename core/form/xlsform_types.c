/* The question types of XLSForm and their older names, as pyxform knows them. One table: a new type
 * is one line. */
#include <string.h>

#include "form/xlsform_parts.h"

#define INPUT(type_name, data)                                                                     \
    {                                                                                              \
        .name = (type_name), .tag = "input", .bind = (data)                                        \
    }
#define NOTE(type_name)                                                                            \
    {                                                                                              \
        .name = (type_name), .tag = "input", .bind = "string", .readonly = true                    \
    }
#define TIMESTAMP(type_name, which)                                                                \
    {                                                                                              \
        .name = (type_name), .bind = "dateTime", .preload = "timestamp", .preload_params = (which) \
    }
#define TODAY(type_name)                                                                           \
    {                                                                                              \
        .name = (type_name), .bind = "date", .preload = "date", .preload_params = "today"          \
    }
#define PROPERTY(type_name, which)                                                                 \
    {                                                                                              \
        .name = (type_name), .bind = "string", .preload = "property", .preload_params = (which)    \
    }
#define DAYS(type_name, limit)                                                                     \
    {                                                                                              \
        .name = (type_name), .tag = "input", .bind = "int",                                        \
        .constraint = "0 <= . and . <= " limit, .hint = "Enter a number 0-" limit "."              \
    }
#define REFUSED(type_name, reason)                                                                 \
    {                                                                                              \
        .name = (type_name), .refusal = (reason)                                                   \
    }

static const struct tp_xf_type types[] = {
    INPUT("text", "string"),
    INPUT("string", "string"),
    INPUT("q string", "string"),
    INPUT("add text prompt", "string"),
    INPUT("integer", "int"),
    INPUT("int", "int"),
    INPUT("q int", "int"),
    INPUT("add integer prompt", "int"),
    INPUT("decimal", "decimal"),
    INPUT("q decimal", "decimal"),
    INPUT("add decimal prompt", "decimal"),
    INPUT("date", "date"),
    INPUT("q date", "date"),
    INPUT("add date prompt", "date"),
    INPUT("time", "time"),
    INPUT("dateTime", "dateTime"),
    INPUT("datetime", "dateTime"),
    INPUT("date time", "dateTime"),
    INPUT("q dateTime", "dateTime"),
    INPUT("q date time", "dateTime"),
    INPUT("add dateTime prompt", "dateTime"),
    INPUT("add date time prompt", "dateTime"),
    NOTE("note"),
    NOTE("q note"),
    NOTE("add note prompt"),
    {.name = "select one", .tag = "select1", .bind = "string"},
    {.name = "select all that apply", .tag = "select", .bind = "string"},
    {.name = "rank", .tag = "odk:rank", .bind = "odk:rank"},
    {.name = "range", .tag = "range", .bind = "int"},
    {.name = "acknowledge", .tag = "trigger", .bind = "string"},
    {.name = "q acknowledge", .tag = "trigger", .bind = "string"},
    {.name = "add acknowledge prompt", .tag = "trigger", .bind = "string"},
    {.name = "trigger", .tag = "trigger"},
    {.name = "calculate", .bind = "string"},
    {.name = "q calculate", .bind = "string"},
    {.name = "add calculate prompt", .bind = "string"},
    {.name = "hidden", .bind = "string"},
    {.name = "percentage", .tag = "input", .bind = "int", .constraint = "0 <= . and . <= 100"},
    {.name = "phone number",
     .tag = "input",
     .bind = "string",
     .constraint = "regex(., '^\\d*$')",
     .hint = "Enter numbers only."},
    DAYS("number of days in last month", "31"),
    DAYS("number of days in last six months", "183"),
    DAYS("number of days in last year", "365"),
    TIMESTAMP("start", "start"),
    TIMESTAMP("start time", "start"),
    TIMESTAMP("get start time", "start"),
    TIMESTAMP("end", "end"),
    TIMESTAMP("end time", "end"),
    TIMESTAMP("get end time", "end"),
    TODAY("today"),
    TODAY("get today"),
    PROPERTY("deviceid", "deviceid"),
    PROPERTY("device id", "deviceid"),
    PROPERTY("get device id", "deviceid"),
    PROPERTY("imei", "deviceid"),
    PROPERTY("uri:deviceid", "uri:deviceid"),
    PROPERTY("phonenumber", "phonenumber"),
    PROPERTY("get phone number", "phonenumber"),
    PROPERTY("uri:phonenumber", "uri:phonenumber"),
    PROPERTY("simserial", "simserial"),
    PROPERTY("sim id", "simserial"),
    PROPERTY("get sim id", "simserial"),
    PROPERTY("uri:simserial", "uri:simserial"),
    PROPERTY("subscriberid", "subscriberid"),
    PROPERTY("subscriber id", "subscriberid"),
    PROPERTY("get subscriber id", "subscriberid"),
    PROPERTY("uri:subscriberid", "uri:subscriberid"),
    PROPERTY("username", "username"),
    PROPERTY("uri:username", "uri:username"),
    PROPERTY("email", "email"),
    PROPERTY("uri:email", "uri:email"),
    {.name = "audit", .bind = "binary"},
    {.name = "csv-external"},
    {.name = "xml-external"},
    REFUSED("geopoint", TP_XF_NO_LOCATION),
    REFUSED("geotrace", TP_XF_NO_LOCATION),
    REFUSED("geoshape", TP_XF_NO_LOCATION),
    REFUSED("gps", TP_XF_NO_LOCATION),
    REFUSED("location", TP_XF_NO_LOCATION),
    REFUSED("q location", TP_XF_NO_LOCATION),
    REFUSED("q geopoint", TP_XF_NO_LOCATION),
    REFUSED("q geotrace", TP_XF_NO_LOCATION),
    REFUSED("q geoshape", TP_XF_NO_LOCATION),
    REFUSED("add location prompt", TP_XF_NO_LOCATION),
    REFUSED("start-geopoint", TP_XF_NO_LOCATION),
    REFUSED("background-geopoint", TP_XF_NO_LOCATION),
    REFUSED("photo", TP_XF_NO_RECORDING),
    REFUSED("image", TP_XF_NO_RECORDING),
    REFUSED("q picture", TP_XF_NO_RECORDING),
    REFUSED("q image", TP_XF_NO_RECORDING),
    REFUSED("add image prompt", TP_XF_NO_RECORDING),
    REFUSED("add photo prompt", TP_XF_NO_RECORDING),
    REFUSED("audio", TP_XF_NO_RECORDING),
    REFUSED("q audio", TP_XF_NO_RECORDING),
    REFUSED("add audio prompt", TP_XF_NO_RECORDING),
    REFUSED("video", TP_XF_NO_RECORDING),
    REFUSED("q video", TP_XF_NO_RECORDING),
    REFUSED("add video prompt", TP_XF_NO_RECORDING),
    REFUSED("background-audio", TP_XF_NO_RECORDING),
    REFUSED("file", TP_XF_NO_FILE),
    REFUSED("add file prompt", TP_XF_NO_FILE),
    REFUSED("barcode", TP_XF_NO_BARCODE),
    REFUSED("q barcode", TP_XF_NO_BARCODE),
    REFUSED("add barcode prompt", TP_XF_NO_BARCODE),
    REFUSED("osm", TP_XF_NO_MAP_TAGS),
};

struct command {
    const char *text;
    enum tp_xf_command command;
    bool from_file;
};

/* The longer of two that start alike comes first. */
static const struct command commands[] = {
    {"select_one_from_file", TP_XF_SELECT_ONE, true},
    {"select one from file", TP_XF_SELECT_ONE, true},
    {"select_multiple_from_file", TP_XF_SELECT_MULTIPLE, true},
    {"select multiple from file", TP_XF_SELECT_MULTIPLE, true},
    {"select_one_external", TP_XF_SELECT_ONE_EXTERNAL, false},
    {"add select one prompt using", TP_XF_SELECT_ONE, false},
    {"add select multiple prompt using", TP_XF_SELECT_MULTIPLE, false},
    {"select all that apply from", TP_XF_SELECT_MULTIPLE, false},
    {"select all that apply", TP_XF_SELECT_MULTIPLE, false},
    {"select one from", TP_XF_SELECT_ONE, false},
    {"select1", TP_XF_SELECT_ONE, false},
    {"select_one", TP_XF_SELECT_ONE, false},
    {"select one", TP_XF_SELECT_ONE, false},
    {"select_multiple", TP_XF_SELECT_MULTIPLE, false},
    {"rank", TP_XF_RANK, false},
};

const struct tp_xf_type *tp_xf_type(const char *name)
{
    for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
        if (strcmp(types[i].name, name) == 0)
            return &types[i];
    }
    return NULL;
}

const char *tp_xf_refusal_text(enum tp_xf_refusal refusal)
{
    switch (refusal) {
    case TP_XF_NO_LOCATION:
        return "a public screen does not record where a person is; ask for the place with a text "
               "or a select_one question";
    case TP_XF_NO_RECORDING:
        return "the screen takes no photographs, sound or film; ask with a text question";
    case TP_XF_NO_FILE:
        return "a public screen takes no files; ask with a text question";
    case TP_XF_NO_BARCODE:
        return "the screen has no scanner; ask with a text question";
    case TP_XF_NO_MAP_TAGS:
        return "map editing is not possible on this screen; ask with a text or a select_one "
               "question";
    case TP_XF_BUILT:
        break;
    }
    return "";
}

/* The other-answer endings pyxform accepts after a list's name. */
static bool is_or_other(const char *text)
{
    return strcmp(text, "or_other") == 0 || strcmp(text, "or other") == 0 ||
           strcmp(text, "or specify other") == 0;
}

static bool split_list(struct tp_xf_arena *arena, const char *rest, struct tp_xf_select *select)
{
    size_t length = strcspn(rest, " \t\n");

    if (!length)
        return false;
    if (rest[length] == ' ' && is_or_other(rest + length + 1))
        select->or_other = true;
    else if (rest[length])
        return false;
    select->list = tp_xf_copy(arena, rest, length);
    return true;
}

struct tp_xf_select tp_xf_select(struct tp_xf_arena *arena, const char *type)
{
    for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
        size_t length = strlen(commands[i].text);
        struct tp_xf_select select = {.command = commands[i].command,
                                      .from_file = commands[i].from_file};

        if (strncmp(type, commands[i].text, length) == 0 && type[length] == ' ' &&
            split_list(arena, type + length + 1, &select))
            return select;
    }
    return (struct tp_xf_select){0};
}

struct control_word {
    const char *text;
    enum tp_xf_control control;
};

static const struct control_word control_words[] = {
    {"looped group", TP_XF_REPEAT}, {"lgroup", TP_XF_REPEAT}, {"group", TP_XF_GROUP},
    {"repeat", TP_XF_REPEAT},       {"loop", TP_XF_LOOP},
};

static const char *after(const char *type, const char *word)
{
    size_t length = strlen(word);

    if (strncmp(type, word, length) != 0 || (type[length] != '_' && type[length] != ' '))
        return NULL;
    return type + length + 1;
}

enum tp_xf_control tp_xf_begin(struct tp_xf_arena *arena, const char *type, const char **list)
{
    const char *rest = after(type, "begin");

    *list = NULL;
    for (size_t i = 0; rest && i < sizeof(control_words) / sizeof(control_words[0]); i++) {
        size_t length = strlen(control_words[i].text);
        const char *name = rest + length;

        if (strncmp(rest, control_words[i].text, length) != 0 || (*name && *name != ' '))
            continue;
        if (!*name)
            return control_words[i].control;
        name++;
        if (strncmp(name, "over ", 5) == 0)
            name += 5;
        if (!*name || strpbrk(name, " \t\n"))
            continue;
        *list = tp_xf_copy(arena, name, strlen(name));
        return control_words[i].control;
    }
    return TP_XF_NO_CONTROL;
}

enum tp_xf_control tp_xf_end(const char *type)
{
    const char *rest = after(type, "end");

    for (size_t i = 0; rest && i < sizeof(control_words) / sizeof(control_words[0]); i++) {
        if (strcmp(rest, control_words[i].text) == 0)
            return control_words[i].control;
    }
    return TP_XF_NO_CONTROL;
}

const char *tp_xf_media_name(enum tp_xf_media media)
{
    static const char *const names[] = {"image", "big-image", "audio", "video", "alt"};

    return names[media];
}
