#include "kiosk/widgets/text_edit.h"

#include <stdint.h>
#include <string.h>
#include <unictype.h>
#include <unigbrk.h>
#include <unistr.h>

#include "base/mem.h"

/* The longest character looked for: a family of emoji takes 25 bytes. */
#define CHARACTER_MAX 128

void tp_text_edit_init(struct tp_text_edit *edit)
{
    tp_buf_init(&edit->text, TP_TEXT_EDIT_MAX);
}

void tp_text_edit_finish(struct tp_text_edit *edit)
{
    tp_buf_finish(&edit->text);
}

const char *tp_text_edit_text(const struct tp_text_edit *edit)
{
    return tp_buf_text(&edit->text);
}

bool tp_text_edit_set(struct tp_text_edit *edit, const char *text)
{
    tp_buf_reset(&edit->text);
    if (!*text)
        return true;
    if (tp_buf_puts(&edit->text, text))
        return true;
    tp_buf_reset(&edit->text);
    return false;
}

static bool is_text(const char *text)
{
    const uint8_t *at = (const uint8_t *)text;
    ucs4_t character;

    if (u8_check(at, strlen(text)))
        return false;
    while ((at = u8_next(&character, at)))
        if (character != '\n' && uc_is_general_category(character, UC_CATEGORY_Cc))
            return false;
    return true;
}

bool tp_text_edit_add(struct tp_text_edit *edit, const char *text)
{
    size_t length = strlen(text);

    /* Asking first keeps the buffer good: one that has failed takes nothing more. */
    if (length == 0 || length > TP_TEXT_EDIT_MAX - edit->text.length || !is_text(text))
        return false;
    if (tp_buf_add(&edit->text, text, length))
        return true;
    edit->text.failed = false;
    return false;
}

/* Cuts the text to `length` bytes and wipes what is cut off. */
static bool cut(struct tp_text_edit *edit, size_t length)
{
    if (length >= edit->text.length)
        return false;
    tp_wipe(edit->text.data + length, edit->text.length - length);
    edit->text.length = length;
    return true;
}

bool tp_text_edit_delete(struct tp_text_edit *edit)
{
    const uint8_t *text = (const uint8_t *)tp_buf_text(&edit->text);
    size_t length = edit->text.length;
    size_t start = length > CHARACTER_MAX ? length - CHARACTER_MAX : 0;
    char breaks[CHARACTER_MAX];
    size_t last;

    if (length == 0)
        return false;
    /* From the beginning of a code point; forward, because what joins to what is decided so. */
    while ((text[start] & 0xc0) == 0x80)
        start++;
    u8_grapheme_breaks(text + start, length - start, breaks);
    last = length - start - 1;
    while (last > 0 && !breaks[last])
        last--;
    return cut(edit, start + last);
}

bool tp_text_edit_delete_word(struct tp_text_edit *edit)
{
    const char *text = tp_buf_text(&edit->text);
    size_t length = edit->text.length;

    while (length > 0 && strchr(" \n", text[length - 1]))
        length--;
    while (length > 0 && !strchr(" \n", text[length - 1]))
        length--;
    return cut(edit, length);
}

bool tp_text_at_sentence(const char *text)
{
    size_t length = strlen(text);

    if (length == 0 || text[length - 1] == '\n')
        return true;
    if (text[length - 1] != ' ')
        return false;
    while (length > 0 && text[length - 1] == ' ')
        length--;
    return length == 0 || strchr(".?!\n", text[length - 1]) != NULL;
}
