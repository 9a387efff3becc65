/* One word for one thing: words of which a text in Easy Read should use one. */
#include <string.h>

#include "form/lint_phrase.h"
#include "form/lint_words.h"

/* Words that mean one thing; a name of a street or a service may use another all the same. */
#define THING(...) ((const char *const[]){__VA_ARGS__, NULL})
static const char *const *const things[] = {
    THING("survey", "questionnaire", "consultation", "poll"),
    THING("council", "local authority", "authority"),
    THING("staff", "employee", "worker", "personnel"),
    THING("picture", "image", "photo", "photograph"),
    THING("phone", "telephone"),
    THING("start", "begin", "commence"),
    THING("children", "kids", "youngsters"),
    THING("rubbish", "waste", "refuse", "litter"),
    THING("car park", "parking area"),
    THING("toilet", "lavatory", "bathroom", "restroom"),
    THING("email", "e-mail"),
    THING("leaflet", "brochure", "pamphlet", "flyer"),
    THING("money", "cash", "funds", "funding"),
    THING("trip", "journey"),
    THING("shop", "store"),
    THING("buy", "purchase"),
    THING("job", "employment"),
    THING("doctor", "GP", "physician"),
    THING("carer", "caregiver", "care giver"),
    THING("wheelchair", "wheel chair"),
    THING("pavement", "footpath", "sidewalk"),
    THING("make sure", "ensure"),
};

size_t tp_same_thing_count(void)
{
    return sizeof(things) / sizeof(things[0]);
}

const char *const *tp_same_thing(size_t index)
{
    return things[index];
}

bool tp_has_word(const struct tp_sentence *sentence, const char *word)
{
    const char *end = sentence->start + sentence->length;

    for (const char *p = tp_first_word(sentence->start, end); p < end; p = tp_next_word(p, end)) {
        size_t length = tp_phrase_at(p, end, word);

        /* "stored" is no shop */
        if (length == strlen(word) || (length == strlen(word) + 1 && p[length - 1] == 's'))
            return true;
    }
    return false;
}
