/* See catalog.h. */
#include "kiosk/i18n/catalog.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/mem.h"
#include "kiosk/i18n/mo.h"

/* BCP 47 tags in use are far shorter. */
#define TAG_MAX 64u
/* A context and a sentence of the interface. */
#define KEY_MAX 2048u

struct tp_catalog {
    char *folder; /* owned; NULL: the usual places */
    char tag[TAG_MAX];
    struct tp_buf file;
    struct tp_mo mo;
    bool has_words, english;
    size_t missing;
};

static const char *const folders[] = {TP_PREFIX "/share/talkpoint/locale", "build/locale"};

/* What _() looks in; one interface, one thread. */
static struct tp_catalog *in_use;

struct tp_catalog *tp_catalog_create(const char *folder)
{
    struct tp_catalog *catalog = tp_calloc(1, sizeof(*catalog));

    if (!catalog)
        return NULL;
    tp_buf_init(&catalog->file, TP_CATALOG_FILE_MAX);
    (void)snprintf(catalog->tag, sizeof(catalog->tag), "en");
    catalog->english = true;
    if (folder && !(catalog->folder = tp_strdup(folder))) {
        tp_free(catalog);
        return NULL;
    }
    return catalog;
}

void tp_catalog_destroy(struct tp_catalog *catalog)
{
    if (!catalog)
        return;
    if (in_use == catalog)
        in_use = NULL;
    tp_buf_finish(&catalog->file);
    tp_free(catalog->folder);
    tp_free(catalog);
}

void tp_catalog_use(struct tp_catalog *catalog)
{
    in_use = catalog;
}

/* Letters, digits and hyphens: nothing that could leave the folder. */
static bool is_tag(const char *tag)
{
    size_t length = strlen(tag);

    return length > 0 && length < TAG_MAX &&
           strspn(tag, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-") == length;
}

static bool path_in(const char *folder, const char *tag, char path[PATH_MAX])
{
    int length = snprintf(path, PATH_MAX, "%s/%s.mo", folder, tag);

    return length > 0 && length < PATH_MAX && access(path, R_OK) == 0;
}

/* The file of the tag, or of the tag without its last part, and so on. */
static bool find_file(const struct tp_catalog *catalog, const char *tag, char path[PATH_MAX])
{
    char shorter[TAG_MAX];
    char *hyphen;

    if (!is_tag(tag))
        return false;
    (void)snprintf(shorter, sizeof(shorter), "%s", tag);
    do {
        if (catalog->folder && path_in(catalog->folder, shorter, path))
            return true;
        for (size_t i = 0; !catalog->folder && i < sizeof(folders) / sizeof(folders[0]); i++)
            if (path_in(folders[i], shorter, path))
                return true;
        hyphen = strrchr(shorter, '-');
        if (hyphen)
            *hyphen = '\0';
    } while (hyphen);
    return false;
}

bool tp_catalog_has(const struct tp_catalog *catalog, const char *tag)
{
    char path[PATH_MAX];

    return find_file(catalog, tag, path);
}

size_t tp_catalog_count(const struct tp_catalog *catalog, const char *tag)
{
    char path[PATH_MAX];
    struct tp_error error;
    struct tp_buf file;
    struct tp_mo mo = {0};
    size_t count = 0;

    tp_buf_init(&file, TP_CATALOG_FILE_MAX);
    if (find_file(catalog, tag, path) && tp_file_read(path, &file, &error) &&
        tp_mo_open(tp_buf_text(&file), file.length, &mo, &error))
        count = mo.count;
    tp_buf_finish(&file);
    return count;
}

bool tp_catalog_choose(struct tp_catalog *catalog, const char *tag, struct tp_error *error)
{
    char path[PATH_MAX];
    struct tp_buf file;
    struct tp_mo mo = {0};
    bool found;

    if (!is_tag(tag))
        return tp_fail(error, TP_ERR_MISUSE, "'%s' is not a language tag", tag);
    tp_buf_init(&file, TP_CATALOG_FILE_MAX);
    found = find_file(catalog, tag, path);
    if (found && (!tp_file_read(path, &file, error) ||
                  (!tp_mo_open(tp_buf_text(&file), file.length, &mo, error) &&
                   !tp_fail_prefix(error, "'%s'", path)))) {
        tp_buf_finish(&file);
        return false;
    }
    tp_buf_finish(&catalog->file);
    catalog->file = file;
    catalog->mo = mo;
    catalog->has_words = found;
    catalog->english = strcmp(tag, "en") == 0 || (strncmp(tag, "en-", 3) == 0 && strlen(tag) == 5);
    catalog->missing = 0;
    (void)snprintf(catalog->tag, sizeof(catalog->tag), "%s", tag);
    return true;
}

const char *tp_catalog_tag(const struct tp_catalog *catalog)
{
    return catalog->tag;
}

size_t tp_catalog_missing(const struct tp_catalog *catalog)
{
    return catalog->missing;
}

const char *tp_catalog_get(struct tp_catalog *catalog, const char *context, const char *text)
{
    char key[KEY_MAX];
    const char *found = NULL;
    int length;

    if (!text[0])
        return text;
    if (catalog->has_words) {
        length = context ? snprintf(key, sizeof(key), "%s\004%s", context, text)
                         : snprintf(key, sizeof(key), "%s", text);
        if (length > 0 && (size_t)length < sizeof(key))
            found = tp_mo_find(&catalog->mo, key);
    }
    if (!found && !catalog->english)
        catalog->missing++;
    return found ? found : text;
}

const char *tp_translate(const char *text)
{
    return in_use ? tp_catalog_get(in_use, NULL, text) : text;
}

const char *tp_translate_in(const char *context, const char *text)
{
    return in_use ? tp_catalog_get(in_use, context, text) : text;
}

bool tp_tag_is_rtl(const char *tag)
{
    static const char *const scripts[] = {"Arab", "Hebr", "Thaa", "Nkoo", "Syrc", "Adlm", "Rohg"};
    static const char *const languages[] = {"ar",  "arc", "ckb", "dv", "fa", "he", "ks", "nqo",
                                            "pnb", "prs", "ps",  "sd", "ug", "ur", "yi"};
    size_t first;

    if (!tag)
        return false;
    first = strcspn(tag, "-");
    for (const char *part = tag + first; *part; part += strcspn(part, "-")) {
        part++;
        if (strcspn(part, "-") != 4 || (part[0] >= '0' && part[0] <= '9'))
            continue;
        for (size_t i = 0; i < sizeof(scripts) / sizeof(scripts[0]); i++)
            if (strncasecmp(part, scripts[i], 4) == 0)
                return true;
        return false;
    }
    for (size_t i = 0; i < sizeof(languages) / sizeof(languages[0]); i++)
        if (strlen(languages[i]) == first && strncasecmp(tag, languages[i], first) == 0)
            return true;
    return false;
}

bool tp_catalog_check(const void *bytes, size_t size, struct tp_error *error)
{
    struct tp_mo mo;

    if (!tp_mo_open(bytes, size, &mo, error))
        return false;
    return tp_mo_find(&mo, "") == NULL || mo.count > 0;
}
