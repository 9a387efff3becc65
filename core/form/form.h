/*
 * A form: an ODK XForm compiled once, then shared by as many sessions as there are people.
 *
 * Reading is strict and bounded: no network, no DTD, no entities, and a cap on bytes, depth and
 * nodes. Every bind expression is compiled and put in one order of recalculation here, so that a
 * form that loads cannot fail later because of how it is written. What Talkpoint does not do (a
 * place on a map, a photograph, a bar code...) is refused by name with the way round.
 *
 * A form owns all it points to and never changes after loading. Sessions keep a pointer to it: it
 * must outlive them. Thread: loading any; a form and its sessions belong to one thread at a time.
 *
 * Sources: ODK XForms specification (getodk.github.io/xforms-spec), XPath 1.0.
 */
#ifndef TP_FORM_FORM_H
#define TP_FORM_FORM_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

/* Caps, each far above any survey a person could finish. */
#define TP_FORM_BYTES_MAX (64u * 1024u * 1024u) /* the XForm; 40,000 choices take about 8 MB */
#define TP_FORM_MEDIA_BYTES_MAX (64u * 1024u * 1024u) /* one CSV, XML or GeoJSON media file */
#define TP_FORM_DEPTH_MAX 100u                        /* XML elements within each other */
#define TP_FORM_NODES_MAX 4000000u                    /* XML nodes in form and media together */
#define TP_FORM_QUESTIONS_MAX 100000u                 /* nodes of the main instance at load */
#define TP_FORM_TEXT_MAX (64u * 1024u)                /* bytes of one label, hint or choice */
#define TP_FORM_EXPRESSION_MAX (64u * 1024u)          /* bytes of one XPath expression */

struct tp_form;
struct tp_problems;

struct tp_form_params {
    /* Where jr://file-csv/..., jr://file/... and the like are looked for; NULL: there are none.
     * Names with a directory in them are refused. */
    const char *media_dir;
    /* Load what a touchscreen cannot ask (uploads, maps, bar codes...) as plain text answers
     * instead of refusing it. For the author's tools and the conformance runner. */
    bool lenient;
    /* A media file that is not there is an empty list instead of a refusal: the form is looked at
     * before its media arrive. */
    bool media_may_be_missing;
    /* Takes every problem of the form, each a text with its place and what to do; NULL: loading
     * ends at the first. What does not let the rest be read (no XML, no instance, a cap, no memory)
     * ends it in any case. Borrowed. */
    struct tp_problems *problems;
};

/* `name` is what error texts call the form, usually its file name. `params` may be NULL. On
 * failure *form is untouched, and the error is the first of the problems; codes TP_ERR_INVALID (not
 * a form, or a mistake in it; cycles are named link by link), TP_ERR_UNSUPPORTED (refused by name),
 * TP_ERR_LIMIT, TP_ERR_NOT_FOUND (a media file), TP_ERR_MEMORY. */
bool tp_form_load(const char *name, const void *xml, size_t length,
                  const struct tp_form_params *params, struct tp_form **form,
                  struct tp_error *error);

/* The same from a file; media_dir NULL then means the file's own folder. */
bool tp_form_load_file(const char *path, const struct tp_form_params *params, struct tp_form **form,
                       struct tp_error *error);

/* NULL is safe. */
void tp_form_destroy(struct tp_form *form);

/* Names in the form's media files that have spaces, where a question takes several of them: they
 * could not be told apart in its answer. For authors: such a form loads, as JavaRosa loads it. */
void tp_form_check_names(const struct tp_form *form, struct tp_problems *problems);

/* Never NULL; "" where the form has none. */
const char *tp_form_id(const struct tp_form *form);
const char *tp_form_version(const struct tp_form *form);
const char *tp_form_title(const struct tp_form *form);
/* The key that the form's author wants answers encrypted to: base64RsaPublicKey of <submission>, as
 * it stands, not checked (store/odk.h). */
const char *tp_form_public_key(const struct tp_form *form);

struct tp_form_language {
    const char *name;    /* as the form writes it: "Polski (pl)" */
    const char *display; /* for a person: "Polski" */
    const char *tag;     /* BCP 47: "pl", "en-simple"; "" where the name has none */
    bool is_default;
};

/* In the form's order; a form without translations has none. */
size_t tp_form_language_count(const struct tp_form *form);
const struct tp_form_language *tp_form_language(const struct tp_form *form, size_t index);

/* The language that serves `tag` best: the same tag, else the same first subtag ("en" for "en-GB";
 * never "en-simple" unless asked for), else NULL. */
const struct tp_form_language *tp_form_language_find(const struct tp_form *form, const char *tag);

#endif
