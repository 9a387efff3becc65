/* ${name}: who is meant, and the path that stands for it where it is used. Inside a repeat the path
 * is relative, so that it means the same turn of the repeat. */
#include <stdlib.h>
#include <string.h>

#include "form/xlsform_parts.h"

/* Nobody's expression is longer once written out; stops a hostile one from growing without end. */
#define EXPANDED_MAX (8u * 1024u * 1024u)

/* No call of indexed-repeat is longer; keeps the look back short. */
#define CALL_MAX 4096

static int by_name(const void *a, const void *b)
{
    const struct tp_xf_name *x = a;
    const struct tp_xf_name *y = b;
    int order = strcmp(x->name, y->name);

    return order ? order
                 : (x->element->row > y->element->row) - (x->element->row < y->element->row);
}

static bool collect(struct tp_xf *xf, struct tp_xf_element *element)
{
    for (size_t i = 0; i < element->child_count; i++) {
        struct tp_xf_element *child = element->children[i];
        void *items = xf->names;

        if (child->kind == TP_XF_IS_INSTANCE)
            continue;
        if (!tp_xf_grow(&xf->arena, &items, xf->name_count, &xf->name_capacity, sizeof(*xf->names)))
            return false;
        xf->names = items;
        xf->names[xf->name_count++] = (struct tp_xf_name){child->name, child};
        if (!collect(xf, child))
            return false;
    }
    return true;
}

bool tp_xf_index_names(struct tp_xf *xf)
{
    xf->name_count = 0;
    if (!collect(xf, xf->root))
        return false;
    if (xf->name_count)
        qsort(xf->names, xf->name_count, sizeof(*xf->names), by_name);
    return true;
}

/* How many elements have the name; *first is the place of the first of them. */
static size_t find(const struct tp_xf *xf, const char *name, size_t length, size_t *first)
{
    size_t low = 0;
    size_t high = xf->name_count;
    size_t count = 0;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = strncmp(xf->names[middle].name, name, length);

        if (order == 0 && xf->names[middle].name[length])
            order = 1;
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    *first = low;
    while (low + count < xf->name_count && count < 2 &&
           strncmp(xf->names[low + count].name, name, length) == 0 &&
           !xf->names[low + count].name[length])
        count++;
    return count;
}

struct tp_xf_element *tp_xf_find(const struct tp_xf *xf, const char *name, size_t length)
{
    size_t first;

    return find(xf, name, length, &first) ? xf->names[first].element : NULL;
}

/* ---- checking ---- */

static const char *suggest(struct tp_xf *xf, const char *name)
{
    const char **names;

    /* Beyond some problems nobody reads suggestions, and each costs a walk over all names. */
    if (xf->problems->count > 40 || !xf->name_count)
        return NULL;
    names = tp_xf_alloc(&xf->arena, xf->name_count, sizeof(const char *));
    if (!names)
        return NULL;
    for (size_t i = 0; i < xf->name_count; i++)
        names[i] = xf->names[i].name;
    return tp_xf_nearest(name, names, xf->name_count);
}

static void check_one(struct tp_xf *xf, const struct tp_xf_table *table, unsigned row,
                      const char *column, const char *text, const struct tp_xf_reference *reference)
{
    const char *name = tp_xf_copy(&xf->arena, reference->name, reference->name_length);
    const char *nearest;
    size_t first;
    size_t count = find(xf, name, reference->name_length, &first);

    /* What the form makes for itself has no row; other programs do not know it by name. */
    if (count == 1 && !xf->names[first].element->row && strcmp(name, "instanceID") != 0)
        count = 0;
    if (reference->last_saved) {
        tp_xf_refuse(xf, table, row, column, text,
                     "'${last-saved#%.100s}' would show what the person before answered; a public "
                     "screen never does; remove it",
                     name);
    } else if (!count) {
        nearest = suggest(xf, name);
        tp_xf_error(xf, table, row, column, text, "'${%.100s}' names no question%s%s%s", name,
                    nearest ? "; did you mean '${" : "; check the name", nearest ? nearest : "",
                    nearest ? "}'?" : "");
    } else if (count > 1) {
        tp_xf_error(xf, table, row, column, text,
                    "'${%.100s}' could mean more than one question (rows %u and %u); give them "
                    "different names",
                    name, xf->names[first].element->row, xf->names[first + 1].element->row);
    }
}

const char *tp_xf_malformed(const char *text)
{
    const char *p = strstr(text, "${");

    while (p && p[2] == '}')
        p = strstr(p + 2, "${");
    return p;
}

/* Up to the next "}" or the end. */
static void check_malformed(struct tp_xf *xf, const struct tp_xf_table *table, unsigned row,
                            const char *column, const char *text, const char *from, const char *to)
{
    const char *p = tp_xf_malformed(from);
    size_t length = p ? strcspn(p, "}") : 0;

    if (!p || p >= to)
        return;
    length += p[length] == '}';
    tp_xf_error(xf, table, row, column, text,
                "'%.*s' is not a reference to a question; write '${', the question's name and '}', "
                "without spaces",
                (int)(length > 40 ? 40 : length), p);
}

static void check_cell(struct tp_xf *xf, const struct tp_xf_table *table, unsigned row,
                       const char *column, const char *text)
{
    struct tp_xf_reference reference;
    const char *from = text;

    if (!strstr(text, "${"))
        return;
    while (tp_xf_next_reference(from, &reference)) {
        check_malformed(xf, table, row, column, text, from, reference.start);
        check_one(xf, table, row, column, text, &reference);
        from = reference.end;
    }
    check_malformed(xf, table, row, column, text, from, from + strlen(from));
}

static bool has_references(enum tp_xf_sheet which, const struct tp_xf_column *column)
{
    const char *first = column->count ? column->tokens[0] : NULL;

    if (!first)
        return false;
    if (which == TP_XF_CHOICES)
        return strcmp(first, "label") == 0 || strcmp(first, "media") == 0;
    return strcmp(first, "name") != 0 && strcmp(first, "trigger") != 0;
}

static void check_table(struct tp_xf *xf, enum tp_xf_sheet which, const struct tp_xf_table *table)
{
    if (!table->sheet)
        return;
    for (size_t r = 1; r < table->sheet->count; r++) {
        const struct tp_workbook_row *row = &table->sheet->rows[r];

        for (size_t c = 0; c < row->count && c < table->count; c++) {
            if (has_references(which, &table->columns[c]))
                check_cell(xf, table, row->number, table->columns[c].header,
                           tp_workbook_cell(row, c));
        }
    }
}

void tp_xf_check_references(struct tp_xf *xf)
{
    struct tp_xf_table settings;

    check_table(xf, TP_XF_SURVEY, &xf->survey);
    check_table(xf, TP_XF_CHOICES, &xf->choices);
    if (tp_xf_setting(xf, "instance_name")) {
        settings = (struct tp_xf_table){.sheet = tp_workbook_sheet(xf->workbook, "settings")};
        check_cell(xf, &settings, settings.sheet->count > 1 ? settings.sheet->rows[1].number : 0,
                   "instance_name", tp_xf_setting(xf, "instance_name"));
    }
}

/* ---- paths ---- */

const char *tp_xf_path(struct tp_xf *xf, struct tp_xf_element *element)
{
    if (!element->path)
        element->path =
            element->parent
                ? tp_xf_printf(&xf->arena, "%s/%s", tp_xf_path(xf, element->parent), element->name)
                : tp_xf_printf(&xf->arena, "/%s", element->name);
    return element->path;
}

static bool inside(const struct tp_xf_element *element, const struct tp_xf_element *ancestor)
{
    for (element = element->parent; element; element = element->parent) {
        if (element == ancestor)
            return true;
    }
    return false;
}

/* The nearest ancestor of both (of `context` first) that is a repeat, or any group; the root does
 * not count. `steps` is how far it is from the context. */
static const struct tp_xf_element *common(const struct tp_xf_element *context,
                                          const struct tp_xf_element *target, bool repeat,
                                          unsigned *steps)
{
    *steps = 1;
    for (const struct tp_xf_element *up = context->parent; up && up->parent; up = up->parent) {
        if ((!repeat || up->kind == TP_XF_IS_REPEAT) && inside(target, up))
            return up;
        (*steps)++;
    }
    return NULL;
}

static const struct tp_xf_element *nearest_repeat(const struct tp_xf_element *element)
{
    for (element = element->parent; element; element = element->parent) {
        if (element->kind == TP_XF_IS_REPEAT)
            return element;
    }
    return NULL;
}

/* "/group/name" from just under `top` down to the element. */
static void below(struct tp_buf *out, const struct tp_xf_element *element,
                  const struct tp_xf_element *top)
{
    if (element->parent && element->parent != top)
        below(out, element->parent, top);
    (void)tp_buf_putc(out, '/');
    (void)tp_buf_puts(out, element->name);
}

static const char *relative(struct tp_xf *xf, const struct tp_xf_element *context,
                            const struct tp_xf_element *target, unsigned flags)
{
    unsigned steps;
    const struct tp_xf_element *top = common(context, target, true, &steps);
    const char *path = NULL;
    struct tp_buf out;

    if (!top)
        return NULL;
    if ((flags & TP_XF_REFERENCE_PARENT) && top == nearest_repeat(target) &&
        (!nearest_repeat(top) || nearest_repeat(context) != top)) {
        top = top->parent;
        steps++;
    } else {
        top = common(context, target, false, &steps);
    }
    tp_buf_init(&out, EXPANDED_MAX);
    (void)tp_buf_puts(&out, flags & TP_XF_USE_CURRENT ? " current()/" : " ");
    for (unsigned i = 0; i < steps; i++)
        (void)tp_buf_puts(&out, i ? "/.." : "..");
    below(&out, target, top);
    (void)tp_buf_putc(&out, ' ');
    if (tp_buf_ok(&out))
        path = tp_xf_copy(&xf->arena, tp_buf_text(&out), out.length);
    else
        xf->arena.failed = true;
    tp_buf_finish(&out);
    return path;
}

/* The bracketed part of a text that a walk from left to right stands in or before. */
struct span {
    const char *start;
    const char *end;
};

static struct span next_brackets(const char *from)
{
    const char *open = strchr(from, '[');
    const char *close;

    while (open && open[1] == ']')
        open = strchr(open + 1, '[');
    close = open ? strchr(open, ']') : NULL;
    return close ? (struct span){open, close + 1} : (struct span){NULL, NULL};
}

/* What a text says about every reference in it; goes along from left to right with them. */
struct scan {
    bool instance;
    struct span brackets;
    const char *call; /* the last "indexed-repeat(" so far */
    const char *next_call;
};

static struct scan start_scan(const char *text)
{
    struct scan scan = {.next_call = strstr(text, "indexed-repeat(")};
    const char *instance = strstr(text, "instance(");

    scan.instance = instance && instance[9] && instance[9] != ')';
    if (scan.instance)
        scan.brackets = next_brackets(text);
    return scan;
}

/* Inside indexed-repeat(...), the arguments 0, 1, 3 and 5 name nodes and stay absolute. */
static bool is_node_argument(struct scan *scan, const struct tp_xf_reference *reference)
{
    unsigned argument = 0;

    while (scan->next_call && scan->next_call < reference->start) {
        scan->call = scan->next_call;
        scan->next_call = strstr(scan->call + 1, "indexed-repeat(");
    }
    if (!scan->call || reference->start - scan->call > CALL_MAX ||
        memchr(scan->call, ')', (size_t)(reference->start - scan->call)))
        return false;
    for (const char *p = scan->call; p < reference->start; p++)
        argument += *p == ',';
    return argument == 0 || argument == 1 || argument == 3 || argument == 5;
}

static const char *resolve(struct tp_xf *xf, struct scan *scan,
                           const struct tp_xf_reference *reference,
                           const struct tp_xf_element *context, unsigned flags)
{
    struct tp_xf_element *target = tp_xf_find(xf, reference->name, reference->name_length);
    const char *path;

    if (!target)
        return "";
    while (scan->brackets.start && scan->brackets.end <= reference->start)
        scan->brackets = next_brackets(scan->brackets.end);
    if (scan->instance && scan->brackets.start && scan->brackets.start < reference->start)
        flags |= TP_XF_USE_CURRENT;
    if (context && !is_node_argument(scan, reference)) {
        path = relative(xf, context, target, flags);
        if (path)
            return path;
    }
    return tp_xf_printf(&xf->arena, " %s ", tp_xf_path(xf, target));
}

const char *tp_xf_reference_path(struct tp_xf *xf, const char *text,
                                 const struct tp_xf_reference *reference,
                                 const struct tp_xf_element *context, unsigned flags)
{
    struct scan scan = start_scan(text);

    return resolve(xf, &scan, reference, context, flags);
}

const char *tp_xf_expand(struct tp_xf *xf, const char *text, const struct tp_xf_element *context,
                         unsigned flags)
{
    struct tp_xf_reference reference;
    struct scan scan;
    struct tp_buf out;
    const char *from = text;

    if (!strstr(text, "${"))
        return text;
    scan = start_scan(text);
    tp_buf_init(&out, EXPANDED_MAX);
    while (tp_buf_ok(&out) && tp_xf_next_reference(from, &reference)) {
        (void)tp_buf_add(&out, from, (size_t)(reference.start - from));
        (void)tp_buf_puts(&out, resolve(xf, &scan, &reference, context, flags));
        from = reference.end;
    }
    (void)tp_buf_puts(&out, from);
    if (tp_buf_ok(&out))
        text = tp_xf_copy(&xf->arena, tp_buf_text(&out), out.length);
    else
        xf->arena.failed = true;
    tp_buf_finish(&out);
    return text;
}
