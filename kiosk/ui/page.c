/* See page.h: the arena of a page, and the builders. */
#include "kiosk/ui/page.h"

#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "form/markdown.h"
#include "kiosk/i18n/catalog.h"
#include "kiosk/ui/node.h"
#include "kiosk/ui/parts.h"

/* The words of a large button. */
#define LARGE_GROW 1.5
#define CHUNK_BYTES (32u * 1024u)
#define ALIGNMENT 16u

struct tp_chunk {
    struct tp_chunk *next;
    size_t used, size;
    _Alignas(ALIGNMENT) unsigned char bytes[];
};

/* ---- arena ---- */

void *tp_page_memory(struct tp_page *page, size_t size)
{
    struct tp_chunk *chunk = page->chunks;

    size = (size + ALIGNMENT - 1) & ~(size_t)(ALIGNMENT - 1);
    if (page->failed || size > TP_PAGE_BYTES_MAX - page->bytes) {
        page->failed = true;
        return NULL;
    }
    if (!chunk || chunk->size - chunk->used < size) {
        size_t room = size > CHUNK_BYTES ? size : CHUNK_BYTES;

        chunk = tp_calloc(1, sizeof(*chunk) + room);
        if (!chunk) {
            page->failed = true;
            return NULL;
        }
        chunk->size = room;
        chunk->next = page->chunks;
        page->chunks = chunk;
    }
    void *memory = chunk->bytes + chunk->used;

    chunk->used += size;
    page->bytes += size;
    return memory;
}

const char *tp_page_text(struct tp_page *page, const char *text)
{
    size_t length = text ? strnlen(text, TP_TEXT_MAX) : 0;
    char *copy = text ? tp_page_memory(page, length + 1) : NULL;

    if (copy)
        memcpy(copy, text, length);
    return copy;
}

static void free_layouts(struct tp_node *root)
{
    for (struct tp_node *node = root; node; node = (struct tp_node *)tp_node_after(root, node))
        for (size_t i = 0; i < TP_NODE_TEXTS; i++)
            tp_text_free(node->pieces[i].layout);
}

void tp_page_destroy(struct tp_page *page)
{
    struct tp_chunk *chunk;

    if (!page)
        return;
    free_layouts(page->header);
    free_layouts(page->body);
    free_layouts(page->dock);
    free_layouts(page->actions);
    free_layouts(page->bar);
    tp_parts_destroy(page->parts);
    chunk = page->chunks;
    tp_free(page);
    while (chunk) {
        struct tp_chunk *next = chunk->next;

        tp_wipe(chunk->bytes, chunk->used);
        tp_free(chunk);
        chunk = next;
    }
}

/* ---- nodes ---- */

const struct tp_node *tp_node_after(const struct tp_node *root, const struct tp_node *node)
{
    if (node->first)
        return node->first;
    while (node != root) {
        if (node->next)
            return node->next;
        node = node->parent;
    }
    return NULL;
}

/* FNV-1a; never 0. */
static uint32_t hash_of(const char *id)
{
    uint32_t hash = 2166136261u;

    for (; *id; id++)
        hash = (hash ^ (unsigned char)*id) * 16777619u;
    return hash ? hash : 1;
}

static struct tp_node *make(struct tp_page *page, struct tp_node *parent, enum tp_kind kind,
                            const char *id)
{
    struct tp_node *node;
    char made[48];

    if (!page || page->node_count >= TP_UI_NODES_MAX) {
        if (page)
            page->failed = true;
        return NULL;
    }
    node = tp_page_memory(page, sizeof(*node));
    if (!node)
        return NULL;
    page->ordinals[kind]++;
    if (!id) {
        (void)snprintf(made, sizeof(made), "%s %u", tp_kind_name(kind), page->ordinals[kind]);
        id = made;
    }
    page->node_count++;
    node->kind = kind;
    node->page = page;
    node->parent = parent;
    node->id = tp_page_text(page, id);
    node->weight = 1;
    if (!node->id)
        return NULL;
    if (parent) {
        node->place = parent->place;
        if (parent->last)
            parent->last->next = node;
        else
            parent->first = node;
        parent->last = node;
    }
    return node;
}

static struct tp_node *add(struct tp_node *parent, enum tp_kind kind, const char *id)
{
    return parent ? make(parent->page, parent, kind, id) : NULL;
}

static void set_markdown(struct tp_page *page, struct tp_piece *piece, const char *source)
{
    struct tp_markdown parsed;
    struct tp_text_span *spans;

    if (!tp_markdown_parse(source, &parsed)) {
        page->failed = true;
        return;
    }
    piece->text = tp_page_text(page, parsed.text);
    spans = tp_page_memory(page, parsed.span_count * sizeof(*spans) + 1);
    for (size_t i = 0; spans && i < parsed.span_count; i++)
        if (parsed.spans[i].bold || parsed.spans[i].heading)
            spans[piece->span_count++] =
                (struct tp_text_span){parsed.spans[i].start, parsed.spans[i].length};
    piece->spans = spans;
    tp_markdown_finish(&parsed);
}

static void set_words(struct tp_node *node, size_t index, enum tp_style style,
                      struct tp_words words)
{
    struct tp_piece *piece = &node->pieces[index];

    piece->style = style;
    if (words.markdown) {
        set_markdown(node->page, piece, words.text);
        return;
    }
    piece->text = tp_page_text(node->page, words.text ? words.text : "");
    if (words.span_count) {
        struct tp_text_span *spans = tp_page_memory(node->page, words.span_count * sizeof(*spans));

        if (!spans)
            return;
        memcpy(spans, words.spans, words.span_count * sizeof(*spans));
        piece->spans = spans;
        piece->span_count = words.span_count;
    }
}

static void set_action(struct tp_node *node, struct tp_action action, const char *spoken)
{
    node->action = action;
    node->action.text = tp_page_text(node->page, action.text);
    node->spoken = tp_page_text(node->page, spoken);
    node->target = hash_of(node->id);
}

/* ---- the page ---- */

static void set_status(struct tp_page *page)
{
    set_words(page->status_node, 0, TP_STYLE_STATUS, tp_words(page->status));
    page->status_node->pieces[0].align = TP_ALIGN_END;
}

struct tp_page *tp_page_create(struct tp_ui *ui, const struct tp_page_spec *spec)
{
    struct tp_page *page = tp_calloc(1, sizeof(*page));

    if (!page)
        return NULL;
    page->ui = ui;
    page->progress = spec->progress;
    page->centred = spec->centred;
    page->id = tp_page_text(page, spec->id ? spec->id : "");
    page->title = tp_page_text(page, spec->title);
    page->status = tp_page_text(page, spec->status);
    page->more = tp_page_text(page, spec->more ? spec->more : _("More"));
    page->earlier = tp_page_text(page, spec->earlier ? spec->earlier : _("Go back up"));
    page->header = make(page, NULL, TP_KIND_COLUMN, "page:header");
    page->body = make(page, NULL, TP_KIND_COLUMN, "page:body");
    page->dock = make(page, NULL, TP_KIND_COLUMN, "page:dock");
    page->actions = make(page, NULL, TP_KIND_COLUMN, "page:actions");
    page->bar = make(page, NULL, TP_KIND_COLUMN, "page:bar");
    if (page->failed)
        return page;
    page->header->place = TP_PLACE_HEADER;
    page->body->place = TP_PLACE_BODY;
    page->dock->place = TP_PLACE_DOCK;
    page->actions->place = TP_PLACE_ACTIONS;
    page->bar->place = TP_PLACE_BAR;
    if (page->title && (page->title_node = add(page->header, TP_KIND_TEXT, "page:title")))
        set_words(page->title_node, 0, TP_STYLE_TITLE, tp_words(page->title));
    if (page->status && (page->status_node = add(page->header, TP_KIND_TEXT, "page:status")))
        set_status(page);
    if (page->progress >= 0)
        page->progress_node = add(page->header, TP_KIND_PROGRESS, "page:progress");
    if (spec->picture) {
        page->picture_node =
            tp_ui_picture(page->header, &(struct tp_picture){.id = "page:picture",
                                                             .path = spec->picture,
                                                             .alt = spec->picture_alt,
                                                             .border = true});
        if (page->picture_node)
            page->picture_node->place = TP_PLACE_BODY;
    }
    return page;
}

struct tp_node *tp_page_body(struct tp_page *page)
{
    return page ? page->body : NULL;
}

struct tp_node *tp_page_dock(struct tp_page *page)
{
    return page ? page->dock : NULL;
}

static struct tp_node *add_action(struct tp_page *page, const char *id, const char *label,
                                  enum tp_button_kind kind, enum tp_icon icon, enum tp_icon after,
                                  struct tp_action action)
{
    return tp_ui_button(page ? page->actions : NULL, &(struct tp_button){.id = id,
                                                                         .label = tp_words(label),
                                                                         .kind = kind,
                                                                         .icon = icon,
                                                                         .after = after,
                                                                         .action = action});
}

struct tp_node *tp_page_back(struct tp_page *page, const char *label, struct tp_action action)
{
    struct tp_node *node = add_action(page, "page:back", label, TP_BUTTON_SECONDARY, TP_ICON_BACK,
                                      TP_ICON_NONE, action);

    if (page)
        page->back = node;
    return node;
}

struct tp_node *tp_page_primary(struct tp_page *page, const char *label, struct tp_action action)
{
    struct tp_node *node = add_action(page, "page:primary", label, TP_BUTTON_PRIMARY, TP_ICON_NONE,
                                      TP_ICON_FORWARD, action);

    if (page)
        page->primary = node;
    return node;
}

struct tp_node *tp_page_extra(struct tp_page *page, const char *label, enum tp_icon icon,
                              struct tp_action action)
{
    struct tp_node *node =
        add_action(page, "page:extra", label, TP_BUTTON_SECONDARY, icon, TP_ICON_NONE, action);

    if (page)
        page->extra = node;
    return node;
}

struct tp_node *tp_page_bar(struct tp_page *page, const struct tp_button *button)
{
    struct tp_node *node;
    int count = 0;

    if (!page || !page->bar)
        return NULL;
    for (const struct tp_node *other = page->bar->first; other; other = other->next)
        count++;
    if (count >= TP_BAR_MAX) {
        page->failed = true;
        return NULL;
    }
    node = tp_ui_button(page->bar, button);
    if (node) {
        node->bar = true;
        node->button = TP_BUTTON_PLAIN;
        node->pieces[0].style = TP_STYLE_BAR;
        node->pieces[0].align = TP_ALIGN_CENTRE;
    }
    return node;
}

/* ---- containers ---- */

struct tp_node *tp_ui_column(struct tp_node *parent, double gap_mm)
{
    struct tp_node *node = add(parent, TP_KIND_COLUMN, NULL);

    if (node)
        node->gap_mm = gap_mm;
    return node;
}

struct tp_node *tp_ui_row(struct tp_node *parent, double gap_mm, double min_item_mm)
{
    struct tp_node *node = add(parent, TP_KIND_ROW, NULL);

    if (node) {
        node->gap_mm = gap_mm;
        node->min_item_mm = min_item_mm;
    }
    return node;
}

struct tp_node *tp_ui_grid(struct tp_node *parent, double min_item_mm, int max_columns)
{
    struct tp_node *node = add(parent, TP_KIND_GRID, NULL);

    if (node) {
        node->min_item_mm = min_item_mm;
        node->max_columns = max_columns;
    }
    return node;
}

struct tp_node *tp_ui_flow(struct tp_node *parent, double gap_mm)
{
    struct tp_node *node = add(parent, TP_KIND_FLOW, NULL);

    if (node)
        node->gap_mm = gap_mm;
    return node;
}

struct tp_node *tp_ui_choices(struct tp_node *parent)
{
    struct tp_node *node = add(parent, TP_KIND_GRID, NULL);

    if (node) {
        node->choices = true;
        node->max_columns = 2;
    }
    return node;
}

struct tp_node *tp_ui_panel(struct tp_node *parent, bool strong)
{
    struct tp_node *node = add(parent, TP_KIND_PANEL, NULL);

    if (node)
        node->strong = strong;
    return node;
}

struct tp_node *tp_ui_alarm(struct tp_node *parent, struct tp_words message)
{
    struct tp_node *node = add(parent, TP_KIND_ALARM, NULL);

    (void)tp_ui_text(node, TP_STYLE_ALARM, message);
    return node;
}

struct tp_node *tp_ui_weight(struct tp_node *node, double weight)
{
    if (node)
        node->weight = weight;
    return node;
}

struct tp_node *tp_ui_optional(struct tp_node *node)
{
    if (node)
        node->optional = true;
    return node;
}

struct tp_node *tp_ui_centred(struct tp_node *node)
{
    if (node) {
        node->centred = true;
        if (node->kind == TP_KIND_TEXT)
            node->pieces[0].align = TP_ALIGN_CENTRE;
    }
    return node;
}

/* ---- leaves ---- */

struct tp_node *tp_ui_text(struct tp_node *parent, enum tp_style style, struct tp_words words)
{
    struct tp_node *node = add(parent, TP_KIND_TEXT, NULL);

    if (node)
        set_words(node, 0, style, words);
    return node;
}

struct tp_node *tp_ui_heading(struct tp_node *parent, struct tp_words words)
{
    struct tp_node *node = tp_ui_text(parent, TP_STYLE_HEADING, words);

    if (node)
        node->sticky = true;
    return node;
}

struct tp_node *tp_ui_spacer(struct tp_node *parent, double height_mm)
{
    struct tp_node *node = add(parent, TP_KIND_SPACER, NULL);

    if (node)
        node->height_mm = height_mm;
    return node;
}

struct tp_node *tp_ui_picture(struct tp_node *parent, const struct tp_picture *picture)
{
    struct tp_node *node = add(parent, TP_KIND_PICTURE, picture->id);

    if (!node)
        return NULL;
    node->path = tp_page_text(node->page, picture->path);
    node->alt = tp_page_text(node->page, picture->alt);
    node->width_mm = picture->width_mm;
    node->height_mm = picture->height_mm;
    node->border = picture->border;
    return node;
}

struct tp_node *tp_ui_icon(struct tp_node *parent, enum tp_icon icon, double size_mm, bool filled,
                           const char *alt)
{
    struct tp_node *node = add(parent, TP_KIND_ICON, NULL);

    if (!node)
        return NULL;
    node->icon = icon;
    node->width_mm = node->height_mm = size_mm;
    node->filled = filled;
    node->alt = tp_page_text(node->page, alt);
    node->weight = 0;
    return node;
}

/* ---- what can be touched ---- */

struct tp_node *tp_ui_choice(struct tp_node *parent, const struct tp_answer *choice)
{
    struct tp_node *node = add(parent, TP_KIND_CHOICE, choice->id);

    if (!node)
        return NULL;
    set_words(node, 0, TP_STYLE_BODY, choice->label);
    if (choice->hint.text && choice->hint.text[0])
        set_words(node, 1, TP_STYLE_HINT, choice->hint);
    set_action(node, choice->action, choice->spoken);
    node->path = tp_page_text(node->page, choice->picture);
    node->alt = tp_page_text(node->page, choice->picture_alt);
    node->icon = choice->icon;
    node->mark = choice->mark;
    node->chosen = choice->chosen;
    node->disabled = choice->disabled;
    node->answer = true;
    return node;
}

struct tp_node *tp_ui_button(struct tp_node *parent, const struct tp_button *button)
{
    struct tp_node *node = add(parent, TP_KIND_BUTTON, button->id);

    if (!node)
        return NULL;
    set_words(node, 0, button->kind == TP_BUTTON_PLAIN ? TP_STYLE_BODY : TP_STYLE_BUTTON,
              button->label);
    set_action(node, button->action, button->spoken);
    node->button = button->kind;
    node->icon = button->icon;
    node->after = button->after;
    node->chosen = button->chosen;
    node->disabled = button->disabled;
    node->large = button->large;
    if (button->large)
        node->pieces[0].grow = LARGE_GROW;
    node->wide = button->wide;
    return node;
}

struct tp_node *tp_ui_sample(struct tp_node *parent, const struct tp_sample *sample)
{
    struct tp_node *node = add(parent, TP_KIND_SAMPLE, sample->id);

    if (!node)
        return NULL;
    set_words(node, 0, TP_STYLE_BODY, tp_words(sample->text));
    node->pieces[0].align = TP_ALIGN_CENTRE;
    set_action(node, sample->action, sample->spoken);
    node->theme = sample->theme;
    node->has_size = sample->has_size;
    node->size = sample->size;
    node->chosen = sample->chosen;
    return node;
}

/* One dot for each character of a secret. */
static const char *dots_for(struct tp_page *page, const char *text)
{
    static const char dot[] = "\xE2\x97\x8F";
    size_t count = 0;
    char *dots;

    for (const char *at = text; *at; at++)
        count += (*at & 0xC0) != 0x80;
    dots = tp_page_memory(page, count * 3 + 1);
    for (size_t i = 0; dots && i < count; i++)
        memcpy(dots + i * 3, dot, 3);
    return dots;
}

struct tp_node *tp_ui_field(struct tp_node *parent, const struct tp_field *field)
{
    struct tp_node *node = add(parent, TP_KIND_FIELD, field->id);
    const char *text = field->text ? field->text : "";

    if (!node)
        return NULL;
    node->pieces[0].style = TP_STYLE_FIELD;
    node->pieces[0].text =
        field->secret ? dots_for(node->page, text) : tp_page_text(node->page, text);
    set_action(node, field->action, field->spoken);
    node->target = field->action.id ? node->target : 0;
    node->caret = field->secret ? SIZE_MAX : field->caret;
    node->editing = field->editing;
    node->lines = field->lines > 0 ? field->lines : 1;
    node->max_lines = field->max_lines > node->lines ? field->max_lines : node->lines;
    node->width_mm = field->width_mm;
    return node;
}

struct tp_node *tp_ui_keyboard(struct tp_node *parent)
{
    return add(parent, TP_KIND_KEYBOARD, NULL);
}

struct tp_node *tp_ui_key_row(struct tp_node *keyboard)
{
    return add(keyboard, TP_KIND_KEY_ROW, NULL);
}

struct tp_node *tp_ui_key(struct tp_node *row, const struct tp_key *key)
{
    struct tp_node *node = add(row, TP_KIND_KEY, key->id);

    if (!node)
        return NULL;
    set_words(node, 0, key->word ? TP_STYLE_KEY_WORD : TP_STYLE_KEY, tp_words(key->label));
    node->pieces[0].align = TP_ALIGN_CENTRE;
    set_action(node, key->action, key->spoken);
    node->icon = key->icon;
    node->units = key->units > 0 ? key->units : 1;
    node->word = key->word;
    node->chosen = key->chosen;
    node->disabled = key->disabled;
    return node;
}

struct tp_node *tp_ui_problem(struct tp_node *parent, const struct tp_problem_box *problem)
{
    struct tp_node *node = add(parent, TP_KIND_PROBLEM, problem->id);

    if (!node)
        return NULL;
    (void)tp_ui_text(node, TP_STYLE_SUBHEAD, problem->title);
    (void)tp_ui_text(node, TP_STYLE_BODY, problem->message);
    node->icon = TP_ICON_PROBLEM;
    if (problem->action.id)
        set_action(node, problem->action, problem->message.text);
    return node;
}

struct tp_node *tp_ui_summary(struct tp_node *parent, const struct tp_summary *summary)
{
    struct tp_node *node = add(parent, TP_KIND_SUMMARY, summary->id), *change;
    char id[512];

    if (!node)
        return NULL;
    (void)tp_ui_text(node, TP_STYLE_BOLD, summary->question);
    (void)tp_ui_text(node, TP_STYLE_BODY, summary->answer);
    if (summary->change) {
        (void)snprintf(id, sizeof(id), "%s:change", node->id);
        change = tp_ui_button(node, &(struct tp_button){.id = id,
                                                        .label = tp_words(summary->change),
                                                        .spoken = summary->change_spoken,
                                                        .action = summary->action});
        if (change)
            change->wide = true;
    }
    return node;
}

static void add_step(struct tp_node *stepper, const char *which, const char *words,
                     enum tp_icon icon, bool at_end, struct tp_action action)
{
    char id[512];

    (void)snprintf(id, sizeof(id), "%s:%s", stepper->id, which);
    struct tp_node *node = tp_ui_button(stepper, &(struct tp_button){.id = id,
                                                                     .label = tp_words(""),
                                                                     .spoken = words,
                                                                     .icon = icon,
                                                                     .disabled = at_end,
                                                                     .action = action});
    if (node)
        node->answer = true;
}

struct tp_node *tp_ui_stepper(struct tp_node *parent, const struct tp_stepper *stepper)
{
    struct tp_node *node = add(parent, TP_KIND_STEPPER, stepper->id);

    if (!node)
        return NULL;
    set_words(node, 0, TP_STYLE_SUBHEAD, stepper->value);
    node->pieces[0].align = TP_ALIGN_CENTRE;
    add_step(node, "less", stepper->less, TP_ICON_MINUS, stepper->at_least, stepper->less_action);
    add_step(node, "more", stepper->more, TP_ICON_PLUS, stepper->at_most, stepper->more_action);
    return node;
}
