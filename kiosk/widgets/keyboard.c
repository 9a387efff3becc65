#include "kiosk/widgets/keyboard.h"

#include <stdio.h>
#include <string.h>

#include "kiosk/i18n/catalog.h"
#include "kiosk/ui/lengths.h"

/* What a page with a keyboard holds beside it, in millimetres: the title line, a heading of two
 * lines, the actions, the bar and the gaps between, at the default size. */
#define AROUND_MM 118.0
#define KEY_MM 12.7
#define KEY_GAP_MM 3.5

static int64_t argument(enum tp_key_action action, enum tp_key_layer layer)
{
    return (int64_t)action * 16 + (int64_t)layer;
}

static const char *label_of(const struct tp_keyboard_key *key)
{
    switch (key->action) {
    case TP_KEY_DELETE:
        return _("Delete");
    case TP_KEY_DELETE_WORD:
        return _("Delete word");
    case TP_KEY_NEXT_LINE:
        return _("Next line");
    case TP_KEY_TYPE:
        return strcmp(key->text, " ") == 0 ? _("space") : key->label;
    default:
        return key->label;
    }
}

/* A voice passes over a sign by itself: it is called by its name. */
static const struct {
    const char *sign, *name;
} signs[] = {
    {".", tp_n("full stop")},
    {",", tp_n("comma")},
    {"?", tp_n("question mark")},
    {"!", tp_n("exclamation mark")},
    {"-", tp_n("hyphen")},
    {"/", tp_n("slash")},
    {":", tp_n("colon")},
    {"(", tp_n("open bracket")},
    {")", tp_n("close bracket")},
    {"£", tp_n("pound sign")},
    {"&", tp_n("and sign")},
    {"@", tp_n("at sign")},
    {"\"", tp_n("quotation mark")},
    {"'", tp_n("apostrophe")},
    {"’", tp_n("apostrophe")},
    {"%", tp_n("per cent")},
    {"+", tp_n("plus")},
    {"_", tp_n("underscore")},
    {"#", tp_n("hash")},
    {"$", tp_n("dollar sign")},
    {"*", tp_n("star")},
    {"=", tp_n("equals")},
    {"~", tp_n("tilde")},
    {".co.uk", tp_n("dot co dot U K")},
    {".com", tp_n("dot com")},
    {"،", tp_n("comma")},
    {"؛", tp_n("semicolon")},
    {"؟", tp_n("question mark")},
    {"۔", tp_n("full stop")},
    {"।", tp_n("full stop")},
};

static const char *sign_name(const char *sign)
{
    for (size_t i = 0; i < sizeof(signs) / sizeof(signs[0]); i++)
        if (strcmp(signs[i].sign, sign) == 0)
            return _(signs[i].name);
    return NULL;
}

static const char *spoken_of(const struct tp_app *app, const struct tp_keyboard_key *key)
{
    switch (key->action) {
    case TP_KEY_TYPE:
        return sign_name(key->text);
    case TP_KEY_SHIFT:
        return _("Capital letters");
    case TP_KEY_ORDER:
        return app->person.keys_ordered ? _("Letters as on other keyboards")
                                        : _("Letters in the order of the alphabet");
    case TP_KEY_LAYER:
        return key->layer == TP_LAYER_NUMBERS   ? _("Numbers and signs")
               : key->layer == TP_LAYER_ACCENTS ? _("Letters with accents")
               : key->layer == TP_LAYER_LATIN   ? _("Latin letters")
                                                : _("Letters");
    default:
        return NULL;
    }
}

static enum tp_icon icon_of(const struct tp_keyboard_key *key)
{
    switch (key->action) {
    case TP_KEY_DELETE:
        return TP_ICON_DELETE;
    case TP_KEY_DELETE_WORD:
        return TP_ICON_DELETE_WORD;
    case TP_KEY_NEXT_LINE:
        return TP_ICON_RETURN;
    case TP_KEY_TYPE:
        return strcmp(key->text, " ") == 0 ? TP_ICON_SPACE : TP_ICON_NONE;
    default:
        return TP_ICON_NONE;
    }
}

static void add_key(struct tp_app *app, struct tp_node *row, const struct tp_keyboard_key *key,
                    size_t index)
{
    char id[32];

    (void)snprintf(id, sizeof(id), "key:%zu", index);
    (void)tp_ui_key(row,
                    &(struct tp_key){.id = id,
                                     .label = label_of(key),
                                     .spoken = spoken_of(app, key),
                                     .icon = icon_of(key),
                                     .units = (double)key->width,
                                     .word = key->action != TP_KEY_TYPE,
                                     .chosen = key->action == TP_KEY_SHIFT && app->person.shift,
                                     .action = {.id = TP_ACT_KEY,
                                                .argument = argument(key->action, key->layer),
                                                .text = key->text}});
}

void tp_keyboard_note(struct tp_app *app, struct tp_node *parent, enum tp_keyboard_kind kind)
{
    if (tp_keyboard_has_letters(app->person.language) ||
        (kind != TP_KEYBOARD_TEXT && kind != TP_KEYBOARD_MULTILINE))
        return;
    /* Translators: shown only where the screen's language is Chinese. */
    (void)tp_ui_text(parent, TP_STYLE_HINT,
                     tp_words(_("You cannot type Chinese characters here. Write in pinyin or "
                                "English, or touch Help to ask for another way.")));
}

/* How many keys stand side by side on a screen that is taller than wide. A wide one holds them all,
 * and is not tall enough for more rows. */
static float across(const struct tp_screen *screen)
{
    struct tp_lengths lengths = tp_lengths_of(screen, 0);

    if (screen->width >= screen->height)
        return 0;
    /* A pixel more for each: keys are whole pixels wide. */
    return (float)(screen->width - 2 * lengths.margin + lengths.key_gap) /
           (float)(lengths.target + 1 + lengths.key_gap);
}

static struct tp_keyboard_view view_of(const struct tp_app *app, enum tp_keyboard_kind kind)
{
    return (struct tp_keyboard_view){.language = app->person.language,
                                     .kind = kind,
                                     .layer = app->person.layer,
                                     .shift = app->person.shift,
                                     .ordered = app->person.keys_ordered,
                                     .across = across(&app->screen)};
}

void tp_keyboard_build(struct tp_app *app, struct tp_node *parent, enum tp_keyboard_kind kind)
{
    struct tp_node *keyboard = tp_ui_keyboard(parent);
    bool mirrored = tp_tag_is_rtl(app->person.language);
    struct tp_keyboard_view view = view_of(app, kind);
    struct tp_key_rows rows;
    size_t index = 0;

    tp_keyboard_rows(&view, &rows);
    for (size_t r = 0; r < rows.count; r++) {
        struct tp_node *row = tp_ui_key_row(keyboard);

        /* Keyboards are not mirrored, of whatever script: the page would be, so the order is. */
        for (size_t k = 0; k < rows.rows[r].count; k++, index++)
            add_key(app, row, &rows.rows[r].keys[mirrored ? rows.rows[r].count - 1 - k : k], index);
    }
}

bool tp_keyboard_press(struct tp_app *app, struct tp_text_edit *edit,
                       const struct tp_action *action)
{
    enum tp_key_layer layer = (enum tp_key_layer)(action->argument % 16);

    switch ((enum tp_key_action)(action->argument / 16)) {
    case TP_KEY_TYPE:
        return tp_text_edit_add(edit, action->text ? action->text : "");
    case TP_KEY_NEXT_LINE:
        return tp_text_edit_add(edit, "\n");
    case TP_KEY_DELETE:
        return tp_text_edit_delete(edit);
    case TP_KEY_DELETE_WORD:
        return tp_text_edit_delete_word(edit);
    case TP_KEY_SHIFT:
        app->person.shift = !app->person.shift;
        return false;
    case TP_KEY_ORDER:
        app->person.keys_ordered = !app->person.keys_ordered;
        return false;
    case TP_KEY_LAYER:
        app->person.layer = layer;
        app->person.shift = false;
        return false;
    }
    return false;
}

void tp_keyboard_settle(struct tp_app *app, const char *text, enum tp_keyboard_kind kind)
{
    bool words = kind == TP_KEYBOARD_TEXT || kind == TP_KEYBOARD_MULTILINE;

    app->person.shift = words && tp_keyboard_has_capitals(app->person.language) &&
                        app->person.layer == TP_LAYER_LETTERS && tp_text_at_sentence(text);
}

bool tp_keyboard_fits(const struct tp_app *app, enum tp_keyboard_kind kind, int lines)
{
    double height = tp_px_to_mm(&app->screen, app->screen.height);
    double capital = tp_type_of(TP_STYLE_FIELD, app->person.look.size).capital_mm;
    double grown = tp_type_of(TP_STYLE_BODY, app->person.look.size).capital_mm /
                   tp_type_of(TP_STYLE_BODY, TP_SIZE_DEFAULT).capital_mm;
    struct tp_keyboard_view view = view_of(app, kind);
    struct tp_key_rows rows;

    view.layer = TP_LAYER_LETTERS; /* another layer does not turn the page */
    tp_keyboard_rows(&view, &rows);
    /* A line of text is about twice the height of its capitals. */
    return height >= AROUND_MM * (grown > 1 ? grown : 1) + 2.0 * capital * (lines + 1) +
                         (double)rows.count * (KEY_MM * grown + KEY_GAP_MM);
}
