#include "store/notice_pictures.h"

#include <string.h>

/* Marks words for xgettext, as kiosk/i18n/catalog.h does: the kiosk looks them up. */
#define tp_n(text) text

static const struct tp_notice_picture pictures[] = {
    {"bin", tp_n("A bin")},
    {"book-open", tp_n("A book")},
    {"bus", tp_n("A bus")},
    {"calendar", tp_n("A calendar")},
    {"clock", tp_n("A clock")},
    {"computer", tp_n("A computer")},
    {"no", tp_n("A cross")},
    {"crossing", tp_n("A crossing")},
    {"touch-screen", tp_n("A hand on a screen")},
    {"house", tp_n("A house")},
    {"letter", tp_n("A letter")},
    {"library", tp_n("A library")},
    {"idea", tp_n("A light bulb")},
    {"checklist", tp_n("A list")},
    {"padlock", tp_n("A padlock")},
    {"park", tp_n("A park")},
    {"front-desk", tp_n("A person at a desk")},
    {"person-reading", tp_n("A person reading")},
    {"wheelchair", tp_n("A person who uses a wheelchair")},
    {"school", tp_n("A school")},
    {"speech", tp_n("A speech bubble")},
    {"phone", tp_n("A telephone")},
    {"thumb-up", tp_n("A thumb that points up")},
    {"yes", tp_n("A tick")},
    {"email", tp_n("An email")},
    {"people-different", tp_n("Different people")},
    {"large-print", tp_n("Large print")},
    {"money", tp_n("Money")},
    {"council", tp_n("The council")},
    {"information", tp_n("The sign for information")},
};
#define COUNT (sizeof(pictures) / sizeof(pictures[0]))

const struct tp_notice_picture *tp_notice_picture(size_t index)
{
    return index < COUNT ? &pictures[index] : NULL;
}

const char *tp_notice_picture_words(const char *name)
{
    for (size_t i = 0; i < COUNT; i++)
        if (strcmp(pictures[i].name, name) == 0)
            return pictures[i].words;
    return NULL;
}
