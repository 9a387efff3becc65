/* See page.h: a page, its actions and its bar. */
#include "kiosk/ui/page.h"

#include "base/mem.h"
#include "kiosk/i18n/catalog.h"
#include "kiosk/ui/node.h"
#include "kiosk/ui/parts.h"

static void free_layouts(struct tp_node *root)
{
    for (struct tp_node *node = root; node; node = (struct tp_node *)tp_node_after(root, node))
        for (size_t i = 0; i < TP_NODE_TEXTS; i++)
            tp_text_free(node->pieces[i].layout);
}

void tp_page_destroy(struct tp_page *page)
{
    struct tp_chunk *chunks;

    if (!page)
        return;
    free_layouts(page->header);
    free_layouts(page->body);
    free_layouts(page->dock);
    free_layouts(page->actions);
    free_layouts(page->bar);
    tp_parts_destroy(page->parts);
    chunks = page->chunks;
    tp_free(page);
    tp_page_wipe(chunks);
}

static void set_status(struct tp_page *page)
{
    tp_node_words(page->status_node, 0, TP_STYLE_STATUS, tp_words(page->status));
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
    page->dock_first = spec->dock_first;
    page->id = tp_page_text(page, spec->id ? spec->id : "");
    page->title = tp_page_text(page, spec->title);
    page->status = tp_page_text(page, spec->status);
    page->more = tp_page_text(page, spec->more ? spec->more : _("More"));
    page->more_short = tp_page_text(page, _("More"));
    page->earlier = tp_page_text(page, spec->earlier ? spec->earlier : _("Go back up"));
    page->header = tp_node_make(page, NULL, TP_KIND_COLUMN, "page:header");
    page->body = tp_node_make(page, NULL, TP_KIND_COLUMN, "page:body");
    page->dock = tp_node_make(page, NULL, TP_KIND_COLUMN, "page:dock");
    page->actions = tp_node_make(page, NULL, TP_KIND_COLUMN, "page:actions");
    page->bar = tp_node_make(page, NULL, TP_KIND_COLUMN, "page:bar");
    if (page->failed)
        return page;
    page->header->place = TP_PLACE_HEADER;
    page->body->place = TP_PLACE_BODY;
    page->dock->place = TP_PLACE_DOCK;
    page->actions->place = TP_PLACE_ACTIONS;
    page->bar->place = TP_PLACE_BAR;
    if (page->title && (page->title_node = tp_node_add(page->header, TP_KIND_TEXT, "page:title")))
        tp_node_words(page->title_node, 0, TP_STYLE_TITLE, tp_words(page->title));
    if (page->status &&
        (page->status_node = tp_node_add(page->header, TP_KIND_TEXT, "page:status")))
        set_status(page);
    if (page->progress >= 0)
        page->progress_node = tp_node_add(page->header, TP_KIND_PROGRESS, "page:progress");
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

static struct tp_node *add_to_bar(struct tp_page *page, const struct tp_button *button)
{
    struct tp_node *node = tp_ui_button(page->bar, button);

    if (node) {
        node->bar = true;
        node->stays = button->stays;
        node->button = TP_BUTTON_PLAIN;
        node->pieces[0].style = TP_STYLE_BAR;
        node->pieces[0].align = TP_ALIGN_CENTRE;
    }
    return node;
}

struct tp_node *tp_page_bar(struct tp_page *page, const struct tp_button *button)
{
    int count = 0;

    if (!page || !page->bar)
        return NULL;
    for (const struct tp_node *other = page->bar->first; other; other = other->next)
        count += other != page->fold;
    if (count >= TP_BAR_MAX) {
        page->failed = true;
        return NULL;
    }
    return add_to_bar(page, button);
}

struct tp_node *tp_page_fold(struct tp_page *page, const struct tp_button *button)
{
    if (!page || !page->bar)
        return NULL;
    page->fold = add_to_bar(page, button);
    return page->fold;
}
