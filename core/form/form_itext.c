/* Languages and texts. */
#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "form/form_internal.h"
#include "form/xml.h"

#define LANGUAGES_MAX 64u
/* BCP 47 tags of the length that anyone writes. */
#define TAG_MAX 35u

/* ---- ids ---- */

static uint32_t hash(const char *text)
{
    uint32_t value = 2166136261u;

    for (; *text; text++)
        value = (value ^ (unsigned char)*text) * 16777619u;
    return value;
}

uint32_t tp_itext_find(const struct tp_itext *itext, const char *id)
{
    uint32_t at;

    if (!itext->table_size)
        return 0;
    for (at = hash(id) & (itext->table_size - 1); itext->table[at];
         at = (at + 1) & (itext->table_size - 1))
        if (!strcmp(itext->entries[itext->table[at]].id, id))
            return itext->table[at];
    return 0;
}

static bool add_entry(struct tp_form *form, const char *id, uint32_t *entry)
{
    struct tp_itext *itext = &form->itext;
    uint32_t at = hash(id) & (itext->table_size - 1);

    *entry = tp_itext_find(itext, id);
    if (*entry)
        return true;
    while (itext->table[at])
        at = (at + 1) & (itext->table_size - 1);
    itext->entries[itext->count].id = id;
    itext->entries[itext->count].texts = tp_arena_alloc(
        &form->arena, itext->language_count, sizeof(*itext->entries[itext->count].texts));
    if (!itext->entries[itext->count].texts)
        return false;
    itext->table[at] = itext->count;
    *entry = itext->count++;
    return true;
}

/* ---- languages ---- */

/* Letters, digits and single hyphens, the first part 2 or 3 letters. */
static bool is_tag(const char *text, size_t length)
{
    size_t part = 0;
    bool first = true;

    if (length < 2 || length > TAG_MAX)
        return false;
    for (size_t i = 0; i <= length; i++) {
        if (i == length || text[i] == '-') {
            if (!part || part > 8 || (first && (part < 2 || part > 3)))
                return false;
            first = false;
            part = 0;
        } else if (!(first ? isalpha((unsigned char)text[i]) : isalnum((unsigned char)text[i]))) {
            return false;
        } else {
            part++;
        }
    }
    return true;
}

/* "Polski (pl)" is shown as "Polski" and has the tag "pl"; a bare "pl" is both. */
static bool read_language(struct tp_form *form, const char *name, struct tp_form_language *language)
{
    size_t length = strlen(name);
    const char *open = strrchr(name, '(');
    size_t shown = length;
    const char *tag = "";

    if (open && length && name[length - 1] == ')' &&
        is_tag(open + 1, length - (size_t)(open + 1 - name) - 1)) {
        tag = tp_arena_strndup(&form->arena, open + 1, length - (size_t)(open + 1 - name) - 1);
        shown = (size_t)(open - name);
        while (shown && isspace((unsigned char)name[shown - 1]))
            shown--;
    } else if (is_tag(name, length)) {
        tag = name;
    }
    *language = (struct tp_form_language){.name = name, .tag = tag};
    language->display = shown ? tp_arena_strndup(&form->arena, name, shown) : name;
    return language->tag && language->display;
}

static bool load_languages(struct tp_form *form, const xmlNode *element, struct tp_error *error)
{
    struct tp_itext *itext = &form->itext;
    bool chosen = false;

    for (const xmlNode *t = tp_xml_first(element); t; t = tp_xml_next(t))
        itext->language_count += tp_xml_is(t, "translation", NULL);
    if (itext->language_count > LANGUAGES_MAX)
        return tp_form_fail(form, element, error, TP_ERR_LIMIT, "more than %u languages",
                            LANGUAGES_MAX);
    itext->languages =
        tp_arena_alloc(&form->arena, itext->language_count, sizeof(*itext->languages));
    if (!itext->languages)
        return tp_fail_memory(error);
    itext->language_count = 0;
    for (const xmlNode *t = tp_xml_first(element); t; t = tp_xml_next(t)) {
        const char *name = tp_xml_attr(t, "lang", NULL);
        const char *is_default = tp_xml_attr(t, "default", NULL);

        if (!tp_xml_is(t, "translation", NULL))
            continue;
        if (!name)
            return tp_form_fail(form, t, error, TP_ERR_INVALID, "a <translation> has no lang");
        if (!read_language(form, name, &itext->languages[itext->language_count]))
            return tp_fail_memory(error);
        if (!chosen && is_default && strcmp(is_default, "false()") != 0) {
            itext->default_language = itext->language_count;
            chosen = true;
        }
        itext->language_count++;
    }
    if (itext->language_count)
        itext->languages[itext->default_language].is_default = true;
    return true;
}

static size_t count_texts(const xmlNode *element)
{
    size_t count = 0;

    for (const xmlNode *t = tp_xml_first(element); t; t = tp_xml_next(t))
        for (const xmlNode *text = tp_xml_first(t); text; text = tp_xml_next(text))
            count++;
    return count;
}

static bool load_texts(struct tp_form *form, const xmlNode *translation, size_t language,
                       struct tp_error *error)
{
    for (const xmlNode *text = tp_xml_first(translation); text; text = tp_xml_next(text)) {
        const char *id = tp_xml_attr(text, "id", NULL);
        uint32_t entry;

        if (!tp_xml_is(text, "text", NULL))
            continue;
        if (!id && form->lenient)
            continue;
        if (!id) {
            (void)tp_form_fail(form, text, error, TP_ERR_INVALID, "a <text> has no id");
            if (!tp_form_note(form, error))
                return false;
            continue;
        }
        if (!add_entry(form, id, &entry))
            return tp_fail_memory(error);
        if (!form->itext.entries[entry].texts[language])
            form->itext.entries[entry].texts[language] = text;
    }
    return true;
}

bool tp_form_load_itext(struct tp_form *form, const xmlNode *model, struct tp_error *error)
{
    struct tp_itext *itext = &form->itext;
    const xmlNode *element = tp_xml_first(model);
    size_t language = 0;
    size_t most;

    while (element && !tp_xml_is(element, "itext", NULL))
        element = tp_xml_next(element);
    if (!element)
        return true;
    if (!load_languages(form, element, error))
        return false;
    most = count_texts(element);
    itext->table_size = 16;
    while (itext->table_size < most * 2)
        itext->table_size *= 2;
    itext->table = tp_arena_alloc(&form->arena, itext->table_size, sizeof(*itext->table));
    itext->entries = tp_arena_alloc(&form->arena, most + 1, sizeof(*itext->entries));
    if (!itext->table || !itext->entries)
        return tp_fail_memory(error);
    itext->count = 1;
    for (const xmlNode *t = tp_xml_first(element); t; t = tp_xml_next(t))
        if (tp_xml_is(t, "translation", NULL) && !load_texts(form, t, language++, error))
            return false;
    return true;
}

/* ---- looking ---- */

size_t tp_form_language_count(const struct tp_form *form)
{
    return form->itext.language_count;
}

const struct tp_form_language *tp_form_language(const struct tp_form *form, size_t index)
{
    return index < form->itext.language_count ? &form->itext.languages[index] : NULL;
}

const struct tp_form_language *tp_form_language_find(const struct tp_form *form, const char *tag)
{
    const struct tp_itext *itext = &form->itext;
    size_t primary = strcspn(tag, "-");
    bool easy = !strcasecmp(tag + primary, "-simple");

    for (size_t i = 0; *tag && i < itext->language_count; i++)
        if (!strcasecmp(itext->languages[i].tag, tag))
            return &itext->languages[i];
    for (size_t i = 0; primary && !easy && i < itext->language_count; i++) {
        const char *other = itext->languages[i].tag;

        if (strcspn(other, "-") == primary && !strncasecmp(other, tag, primary) &&
            strcasecmp(other + primary, "-simple") != 0)
            return &itext->languages[i];
    }
    return NULL;
}
