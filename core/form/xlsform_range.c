/* range: start, end and step of a scale, with optional ticks, labels and a starting mark. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "form/xlsform_parts.h"

/* Values are compared as whole billionths, so that 0.3 is three times 0.1. */
#define BILLION 1000000000.0
#define VALUE_MAX 1000000000.0

struct range {
    struct tp_xf *xf;
    struct tp_xf_element *element;
    bool broken; /* a problem was found */
    bool decimal;
    long long start, end, step, tick;
};

static void complain(struct range *range, const char *value, const char *text)
{
    range->broken = true;
    tp_xf_error(range->xf, &range->xf->survey, range->element->row,
                tp_xf_header(&range->xf->survey, "parameters", NULL), value, "%s", text);
}

static bool parse_value(const char *text, long long *value)
{
    char *end;
    double number = strtod(text, &end);

    if (end == text || *end || !isfinite(number) || fabs(number) > VALUE_MAX)
        return false;
    *value = llround(number * BILLION);
    return true;
}

/* Reads a parameter; false where it is not there or not a number (said). */
static bool read(struct range *range, const char *name, long long *value)
{
    const char *text = tp_xf_attribute(&range->element->parameters, name);

    if (!text)
        return false;
    if (!parse_value(text, value)) {
        range->broken = true;
        tp_xf_error(range->xf, &range->xf->survey, range->element->row,
                    tp_xf_header(&range->xf->survey, "parameters", NULL), text,
                    "%s must be a number between -1,000,000,000 and 1,000,000,000", name);
        return false;
    }
    range->decimal = range->decimal || *value % (long long)BILLION != 0;
    return true;
}

static long long low(const struct range *range)
{
    return range->start < range->end ? range->start : range->end;
}

static long long high(const struct range *range)
{
    return range->start < range->end ? range->end : range->start;
}

static void check_scale(struct range *range)
{
    long long width = high(range) - low(range);

    if (!range->step) {
        complain(range, NULL, "step must not be 0");
        range->step = 1;
    } else if (range->step > width) {
        complain(range, NULL, "step is larger than the way from start to end; make it smaller");
    }
}

static void check_ticks(struct range *range)
{
    if (!range->tick)
        complain(range, NULL, "tick_interval must not be 0");
    else if (range->tick > high(range) - low(range))
        complain(range, NULL, "tick_interval is larger than the way from start to end");
    else if (range->tick % range->step)
        complain(range, NULL, "tick_interval must be a multiple of step");
}

static void check_placeholder(struct range *range, long long placeholder)
{
    if ((placeholder - range->start) % range->step)
        complain(range, NULL, "placeholder must be one of the steps from start");
    else if (placeholder < low(range) || placeholder > high(range))
        complain(range, NULL, "placeholder must lie between start and end");
}

static bool no_ticks(const struct range *range)
{
    const char *appearance = tp_xf_attribute(&range->element->control, "appearance");

    return appearance && strstr(appearance, "no-ticks");
}

static void check_label(struct range *range, const struct tp_xf_choice *choice)
{
    long long value;

    if (!parse_value(choice->name, &value))
        complain(range, choice->name, "the names of the choices in tick_labelset must be numbers");
    else if (value < low(range) || value > high(range))
        complain(range, choice->name,
                 "the choices in tick_labelset must lie between start and end");
    else if ((value - range->start) % (range->tick ? range->tick : range->step))
        complain(range, choice->name,
                 "the choices in tick_labelset must be steps (or ticks) of the scale");
    else if (no_ticks(range) && value != range->start && value != range->end)
        complain(range, choice->name,
                 "with the appearance no-ticks, tick_labelset has labels for start and end only");
}

static void check_labels(struct range *range, const char *name)
{
    struct tp_xf_list *list = tp_xf_list(range->xf, name, false);

    if (!list) {
        complain(range, name, "tick_labelset must be the name of a list on the choices sheet");
        return;
    }
    for (size_t i = 0; i < list->count && !range->broken; i++)
        check_label(range, &list->choices[i]);
    if (no_ticks(range) && !range->broken && list->count < 2)
        complain(range, name,
                 "with the appearance no-ticks, tick_labelset needs labels for start and end");
    list->used = true;
    range->element->itemset = name;
}

static void check_appearance(struct range *range)
{
    static const char *const newer[] = {"tick_interval", "placeholder", "tick_labelset"};
    const char *appearance = tp_xf_attribute(&range->element->control, "appearance");

    if (!appearance || strstr(appearance, "vertical") || no_ticks(range))
        return;
    for (size_t i = 0; i < sizeof(newer) / sizeof(newer[0]); i++) {
        if (tp_xf_attribute(&range->element->parameters, newer[i])) {
            complain(range, newer[i],
                     "tick_interval, placeholder and tick_labelset go with the appearances "
                     "vertical and no-ticks, or none; change the appearance");
            return;
        }
    }
}

static bool set_defaults(struct range *range)
{
    static const struct tp_xf_attribute defaults[] = {{"start", "1"}, {"end", "10"}, {"step", "1"}};

    for (size_t i = 0; i < sizeof(defaults) / sizeof(defaults[0]); i++) {
        if (!tp_xf_attribute(&range->element->parameters, defaults[i].name) &&
            !tp_xf_set(range->xf, &range->element->parameters, defaults[i].name, defaults[i].value))
            return false;
    }
    return true;
}

/* The parameters become attributes of the control, the newer two under odk:. */
static bool put(struct range *range)
{
    struct tp_xf_element *element = range->element;

    for (size_t i = 0; i < element->parameters.count; i++) {
        const char *name = element->parameters.items[i].name;

        if (strcmp(name, "tick_labelset") == 0)
            continue;
        if (strcmp(name, "tick_interval") == 0)
            name = "odk:tick-interval";
        else if (strcmp(name, "placeholder") == 0)
            name = "odk:placeholder";
        if (!tp_xf_set(range->xf, &element->control, name, element->parameters.items[i].value))
            return false;
    }
    return !range->decimal || tp_xf_set(range->xf, &element->bind, "type", "decimal");
}

bool tp_xf_finish_range(struct tp_xf *xf, struct tp_xf_element *element)
{
    static const char *const known[] = {"start",         "end",           "step", "placeholder",
                                        "tick_interval", "tick_labelset", NULL};
    struct range range = {.xf = xf, .element = element, .step = 1};
    const char *labels = tp_xf_attribute(&element->parameters, "tick_labelset");
    long long placeholder;

    tp_xf_check_parameters(xf, element, known);
    check_appearance(&range);
    if (!set_defaults(&range))
        return false;
    if (read(&range, "start", &range.start) && read(&range, "end", &range.end) &&
        read(&range, "step", &range.step))
        check_scale(&range);
    if (!range.broken && read(&range, "tick_interval", &range.tick))
        check_ticks(&range);
    if (!range.broken && read(&range, "placeholder", &placeholder))
        check_placeholder(&range, placeholder);
    if (!range.broken && labels)
        check_labels(&range, labels);
    return put(&range);
}
