/* See faces.h. */
#include "kiosk/gfx/faces.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define OFL "OFL-1.1"

const struct tp_face tp_faces[] = {
    {"Andika", "Latn Cyrl", "andika/Andika-Regular.ttf", "andika/Andika-Bold.ttf", 0, 1.0,
     "fonts-sil-andika", OFL, NULL},
    {"Noto Sans Arabic", "Arab", "noto/NotoSansArabic-Regular.ttf", "noto/NotoSansArabic-Bold.ttf",
     0, 1.1, "fonts-noto-core", OFL, NULL},
    {"Noto Sans Bengali", "Beng", "noto/NotoSansBengali-Regular.ttf",
     "noto/NotoSansBengali-Bold.ttf", 0, 1.05, "fonts-noto-core", OFL, NULL},
    {"Noto Sans Gurmukhi", "Guru", "noto/NotoSansGurmukhi-Regular.ttf",
     "noto/NotoSansGurmukhi-Bold.ttf", 0, 1.05, "fonts-noto-core", OFL, NULL},
    {"Noto Sans Gujarati", "Gujr", "noto/NotoSansGujarati-Regular.ttf",
     "noto/NotoSansGujarati-Bold.ttf", 0, 1.05, "fonts-noto-core", OFL, NULL},
    {"Noto Sans Devanagari", "Deva", "noto/NotoSansDevanagari-Regular.ttf",
     "noto/NotoSansDevanagari-Bold.ttf", 0, 1.05, "fonts-noto-core", OFL, NULL},
    {"Noto Sans Tamil", "Taml", "noto/NotoSansTamil-Regular.ttf", "noto/NotoSansTamil-Bold.ttf", 0,
     1.0, "fonts-noto-core", OFL, NULL},
    {"Noto Sans Ethiopic", "Ethi", "noto/NotoSansEthiopic-Regular.ttf",
     "noto/NotoSansEthiopic-Bold.ttf", 0, 1.0, "fonts-noto-core", OFL, NULL},
    {"Noto Sans Hebrew", "Hebr", "noto/NotoSansHebrew-Regular.ttf", "noto/NotoSansHebrew-Bold.ttf",
     0, 1.0, "fonts-noto-core", OFL, NULL},
    {"Noto Sans Thai", "Thai", "noto/NotoSansThai-Regular.ttf", "noto/NotoSansThai-Bold.ttf", 0,
     1.0, "fonts-noto-core", OFL, NULL},
    {"Noto Sans", "Grek *", "noto/NotoSans-Regular.ttf", "noto/NotoSans-Bold.ttf", 0, 1.0,
     "fonts-noto-core", OFL, NULL},
    /* The third face of the collection is Simplified Chinese. Opened at one size it takes 2.5 MB,
     * and 3 MB of its file. */
    {"Noto Sans CJK SC", "Hani Hira Kana Bopo Hang", "noto/NotoSansCJK-Regular.ttc",
     "noto/NotoSansCJK-Bold.ttc", 2, 1.0, "fonts-noto-cjk", OFL, "zh ja ko"},
    {"Noto Sans Symbols", "*", "noto/NotoSansSymbols-Regular.ttf", "noto/NotoSansSymbols-Bold.ttf",
     0, 1.0, "fonts-noto-core", OFL, NULL},
    {"Noto Sans Symbols 2", "*", "noto/NotoSansSymbols2-Regular.ttf", NULL, 0, 1.0,
     "fonts-noto-core", OFL, NULL},
    {"Noto Sans Math", "*", "noto/NotoSansMath-Regular.ttf", NULL, 0, 1.0, "fonts-noto-core", OFL,
     NULL},
};
const size_t tp_face_count = sizeof(tp_faces) / sizeof(tp_faces[0]);

static const char *const folders[] = {
    "/usr/share/fonts/truetype",
    "/usr/share/fonts/opentype",
    "/usr/local/share/fonts",
};

int tp_face_for_script(const char *script)
{
    for (size_t i = 0; script && strlen(script) == 4 && i < tp_face_count; i++)
        if (strstr(tp_faces[i].scripts, script))
            return (int)i;
    return -1;
}

bool tp_face_path(const struct tp_face *face, bool bold, char *path, size_t size)
{
    const char *file = bold && face->bold ? face->bold : face->regular;

    for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++) {
        int length = snprintf(path, size, "%s/%s", folders[i], file);

        if (length > 0 && (size_t)length < size && access(path, R_OK) == 0)
            return true;
    }
    return false;
}
