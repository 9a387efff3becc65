/* Texts in the language of the session, with what they quote filled in. */
#include <string.h>

#include "base/mem.h"
#include "form/session_internal.h"
#include "form/xml.h"

/* One label with its outputs; far longer than any screen. */
#define TEXT_MAX ((size_t)8 * 1024 * 1024)

const char *tp_session_keep(struct tp_session *session, const char *text, size_t length)
{
    if (session->texts_revision != session->revision) {
        tp_arena_reset(&session->texts);
        session->texts_revision = session->revision;
    }
    return tp_arena_strndup(&session->texts, text, length);
}

/* ---- outputs ---- */

struct tp_output {
    const xmlNode *node;
    uint32_t context;
    struct tp_xpath_expr *expr; /* NULL: it cannot be compiled here */
};

static size_t output_slot(struct tp_output **table, size_t capacity, const xmlNode *node,
                          uint32_t context)
{
    uint64_t mixed = (uint64_t)(uintptr_t)node * UINT64_C(0x9E3779B97F4A7C15) + context;
    size_t at = (size_t)(mixed >> 20) & (capacity - 1);

    while (table[at] && (table[at]->node != node || table[at]->context != context))
        at = (at + 1) & (capacity - 1);
    return at;
}

static bool grow_outputs(struct tp_form *form)
{
    size_t capacity = form->output_capacity ? form->output_capacity * 2 : 64;
    struct tp_output **table;

    if (form->output_count * 2 < form->output_capacity)
        return true;
    table = tp_calloc(capacity, sizeof(struct tp_output *));
    if (!table)
        return false;
    for (size_t i = 0; i < form->output_capacity; i++)
        if (form->outputs[i])
            table[output_slot(table, capacity, form->outputs[i]->node, form->outputs[i]->context)] =
                form->outputs[i];
    tp_free(form->outputs);
    form->outputs = table;
    form->output_capacity = capacity;
    return true;
}

/* Compiled once for each place an output is read from: the form keeps it, which changes nothing
 * that anybody can see. */
static struct tp_xpath_expr *compiled_output(struct tp_form *form, const xmlNode *node,
                                             uint32_t context)
{
    const char *value = tp_form_output_source(node);
    struct tp_output *output;
    size_t at;

    if (!value || !grow_outputs(form))
        return NULL;
    at = output_slot(form->outputs, form->output_capacity, node, context);
    if (form->outputs[at])
        return form->outputs[at]->expr;
    output = tp_arena_alloc(&form->arena, 1, sizeof(*output));
    if (!output)
        return NULL;
    output->node = node;
    output->context = context;
    if (!tp_form_compile(form, node, context ? context : 1, value, "output", &output->expr, NULL))
        output->expr = NULL;
    tp_arena_finish(&form->scratch);
    form->outputs[at] = output;
    form->output_count++;
    return output->expr;
}

/* The question that an output refers to, where it is a path to a day, a time or both; else 0. */
static uint32_t day_shown(struct tp_session *session, const xmlXPathObject *value)
{
    xmlNodePtr element =
        value->type == XPATH_NODESET && value->nodesetval && value->nodesetval->nodeNr > 0
            ? value->nodesetval->nodeTab[0]
            : NULL;
    uint32_t node = element && element->type == XML_ELEMENT_NODE && element->doc == session->doc
                        ? tp_node_of_element(element)
                        : 0;
    enum tp_type type = node ? tp_node_bind(session, node)->type : TP_TYPE_STRING;

    return type == TP_TYPE_DATE || type == TP_TYPE_TIME || type == TP_TYPE_DATETIME ? node : 0;
}

static void put_output(struct tp_session *session, struct tp_xpath_expr *expr, uint32_t node,
                       struct tp_buf *out)
{
    bool shows = session->show_day && session->evaluating == 0;
    xmlXPathObjectPtr value = tp_session_eval(session, expr, node);
    uint32_t day = shows && value ? day_shown(session, value) : 0;

    if (day && *tp_node_value(session, day)) {
        const struct tp_body *body = tp_node_body(session, day);

        session->show_day(session->show_context, tp_node_value(session, day),
                          body && body->appearance ? body->appearance : "", out);
    } else if (value) {
        tp_xpath_to_text(&session->env, value, out);
    }
    xmlXPathFreeObject(value);
}

/* The content of a <label>, <hint> or <value>, appended. */
static void put_content(struct tp_session *session, const xmlNode *element, uint32_t context,
                        uint32_t node, struct tp_buf *out)
{
    for (const xmlNode *part = element->children; part; part = part->next) {
        struct tp_xpath_expr *expr;

        if (part->type == XML_TEXT_NODE) {
            (void)tp_buf_puts(out, part->content ? (const char *)part->content : "");
            continue;
        }
        if (!tp_xml_is(part, "output", NULL)) {
            put_content(session, part, context, node, out);
            continue;
        }
        expr = compiled_output((struct tp_form *)session->form, part, context);
        if (expr)
            put_output(session, expr, node ? node : 1, out);
    }
}

static bool is_blank(const char *text)
{
    return !text[strspn(text, " \t\r\n")];
}

/* A text's words, kept; NULL where there are none. Text without outputs is the form's own. */
static const char *content(struct tp_session *session, const xmlNode *element, uint32_t context,
                           uint32_t node)
{
    const xmlNode *only = element->children;
    const char *kept = NULL;
    struct tp_buf text;

    if (!only)
        return NULL;
    if (!only->next && only->type == XML_TEXT_NODE)
        return is_blank((const char *)only->content) ? NULL : (const char *)only->content;
    tp_buf_init(&text, TEXT_MAX);
    put_content(session, element, context, node, &text);
    if (tp_buf_ok(&text) && !is_blank(tp_buf_text(&text)))
        kept = tp_session_keep(session, tp_buf_text(&text), text.length);
    tp_buf_finish(&text);
    return kept;
}

/* ---- itext ---- */

/* jr://images/cat.png -> cat.png */
static const char *file_name(const char *uri)
{
    const char *slash;

    if (!uri)
        return NULL;
    slash = strncmp(uri, "jr://", 5) != 0 ? NULL : strrchr(uri, '/');
    return slash ? slash + 1 : uri;
}

static const struct {
    const char *form;
    size_t offset; /* in struct tp_text */
    bool is_file;
} forms[] = {
    {"long", offsetof(struct tp_text, text), false},
    {"short", offsetof(struct tp_text, brief), false},
    {"image", offsetof(struct tp_text, image), true},
    {"big-image", offsetof(struct tp_text, big_image), true},
    {"alt", offsetof(struct tp_text, image_alt), false},
    {"audio", offsetof(struct tp_text, audio), true},
    {"video", offsetof(struct tp_text, video), true},
};

/* Where a form of a text is kept; NULL for one that is not known. */
static const char **place_of(struct tp_text *text, const char *form, bool *is_file)
{
    for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
        if (strcmp(form, forms[i].form) != 0)
            continue;
        *is_file = forms[i].is_file;
        return (const char **)(void *)((char *)text + forms[i].offset);
    }
    return NULL;
}

/* Fills what is still missing from one language's <text>. "-" is how pyxform writes a translation
 * that was left out. */
static void take_language(struct tp_session *session, const xmlNode *entry, uint32_t context,
                          uint32_t node, struct tp_text *text, const char **guidance,
                          bool last_resort)
{
    for (const xmlNode *value = tp_xml_first(entry); value; value = tp_xml_next(value)) {
        const char *form = tp_xml_attr(value, "form", NULL);
        const char *words = content(session, value, context, node);
        bool is_file = false;
        const char **place = form && !strcmp(form, "guidance")
                                 ? guidance
                                 : place_of(text, form ? form : "long", &is_file);

        if (words && place && !*place && (last_resort || strcmp(words, "-") != 0))
            *place = is_file ? file_name(words) : words;
    }
}

/* The languages to look in, best first: the session's, that of its first subtag, the default. */
static size_t languages_to_try(const struct tp_session *session, size_t tries[3])
{
    const struct tp_itext *itext = &session->form->itext;
    size_t count = 0;
    const char *tag = session->language ? session->language->tag : "";
    char primary[16];

    tries[count++] = session->language_index;
    if (strchr(tag, '-') && (size_t)(strchr(tag, '-') - tag) < sizeof(primary)) {
        const struct tp_form_language *base;

        (void)snprintf(primary, sizeof(primary), "%.*s", (int)(strchr(tag, '-') - tag), tag);
        base = tp_form_language_find(session->form, primary);
        if (base && base != session->language)
            tries[count++] = (size_t)(base - itext->languages);
    }
    if (itext->default_language != session->language_index)
        tries[count++] = itext->default_language;
    return count;
}

/* In Easy Read a picture says the same in every language: where the person's has none, that of the
 * form's Easy Read stands beside their words. */
static void take_easy_picture(struct tp_session *session, const xmlNode **texts, uint32_t context,
                              uint32_t node, struct tp_text *text)
{
    const struct tp_form_language *easy = tp_form_language_find(session->form, "en-simple");
    const xmlNode *entry = easy ? texts[easy - session->form->itext.languages] : NULL;
    struct tp_text other = {0};

    if (!entry || text->image || text->big_image)
        return;
    take_language(session, entry, context, node, &other, NULL, false);
    text->image = other.image;
    text->big_image = other.big_image;
    if (!text->image_alt)
        text->image_alt = other.image_alt;
}

void tp_session_itext(struct tp_session *session, uint32_t entry, uint32_t context, uint32_t node,
                      struct tp_text *text, const char **guidance)
{
    const xmlNode **texts = session->form->itext.entries[entry].texts;
    size_t tries[3] = {0};
    size_t count = languages_to_try(session, tries);

    for (size_t i = 0; i < count; i++)
        if (texts[tries[i]])
            take_language(session, texts[tries[i]], context, node, text, guidance, i + 1 == count);
    if (session->singly)
        take_easy_picture(session, texts, context, node, text);
}

/* ---- sources ---- */

static uint32_t entry_of(struct tp_session *session, const struct tp_text_source *source,
                         uint32_t node)
{
    struct tp_buf id;
    uint32_t entry;

    if (source->itext || !source->expr || !source->expr_is_id)
        return source->itext;
    tp_buf_init(&id, TP_ANSWER_MAX);
    tp_session_text_of(session, source->expr, node, &id);
    entry = tp_itext_find(&session->form->itext, tp_buf_text(&id));
    tp_buf_finish(&id);
    return entry;
}

static const char *evaluated(struct tp_session *session, struct tp_xpath_expr *expr, uint32_t node)
{
    const char *kept = NULL;
    struct tp_buf text;

    tp_buf_init(&text, TEXT_MAX);
    tp_session_text_of(session, expr, node, &text);
    if (tp_buf_ok(&text) && text.length)
        kept = tp_session_keep(session, tp_buf_text(&text), text.length);
    tp_buf_finish(&text);
    return kept;
}

void tp_session_texts(struct tp_session *session, const struct tp_text_source *source,
                      uint32_t node, struct tp_text *text, const char **guidance)
{
    uint32_t entry = entry_of(session, source, node);

    *text = (struct tp_text){0};
    if (guidance)
        *guidance = NULL;
    if (entry) {
        tp_session_itext(session, entry, source->context, node, text, guidance);
        return;
    }
    if (source->expr && !source->expr_is_id)
        text->text = evaluated(session, source->expr, node);
    else if (source->literal && *source->literal)
        text->text = source->literal;
    if (!text->text && source->node)
        text->text = content(session, source->node, source->context, node);
}

bool tp_session_words(struct tp_session *session, const struct tp_text_source *source,
                      uint32_t node, struct tp_buf *out)
{
    struct tp_text text;

    tp_session_texts(session, source, node, &text, NULL);
    if (!text.text)
        return false;
    return tp_buf_puts(out, text.text);
}
