/*
 * The builders of a page: what a screen says between tp_ui_begin and tp_ui_end.
 *
 * Every builder copies what it is given and returns the node it made. When memory or a cap runs
 * out they return NULL, take NULL as a parent, and tp_ui_end reports it: a screen needs no checks
 * in between. Lengths are millimetres. Nothing is placed by hand: order, width and room decide.
 *
 * `id`s are stable names, unique on the page ("choice:bus"); NULL makes one from the kind and the
 * order. Thread: the main thread only.
 *
 *     struct tp_page *page = tp_ui_begin(ui, &(struct tp_page_spec){
 *         .id = "q:travel", .title = "Getting to your library", .status = "Question 3 of 9",
 *         .progress = 0.33, .more = _("More answers")});
 *     struct tp_node *body = tp_page_body(page);
 *     tp_ui_heading(body, tp_words("How do you usually travel to the library?"));
 *     tp_ui_text(body, TP_STYLE_HINT, tp_words("Choose one answer."));
 *     struct tp_node *list = tp_ui_choices(body);
 *     tp_ui_choice(list, &(struct tp_answer){.id = "choice:bus", .label = tp_words("By bus"),
 *         .mark = TP_MARK_RADIO, .chosen = true, .action = {.id = ACT_CHOOSE, .argument = 1}});
 *     tp_page_back(page, _("Back"), (struct tp_action){.id = ACT_BACK});
 *     tp_page_primary(page, _("Continue"), (struct tp_action){.id = ACT_NEXT});
 *     tp_page_bar(page, &(struct tp_button){.id = "bar:size", .label = tp_words(_("Text size")),
 *         .icon = TP_ICON_TEXT_SIZE, .action = {.id = ACT_SIZE}});
 *     tp_ui_end(ui, &error);
 */
#ifndef TP_KIOSK_UI_PAGE_H
#define TP_KIOSK_UI_PAGE_H

#include "kiosk/ui/ui.h"

/* ---- words ---- */

/* A paragraph with bold stretches. `markdown`: XLSForm's markdown is read out of `text` instead of
 * using `spans` (form/markdown.h). */
struct tp_words {
    const char *text; /* NULL is "" */
    const struct tp_text_span *spans;
    size_t span_count;
    bool markdown;    /* a survey's author wrote it: read aloud in the survey's language */
    bool written;     /* the same of plain text: a notice's */
    const char *clip; /* path of a recording of it; NULL: none */
};

static inline struct tp_words tp_words(const char *text)
{
    return (struct tp_words){.text = text};
}

/* Words of a survey, with the path of their recording or NULL. */
static inline struct tp_words tp_words_recorded(const char *text, const char *clip)
{
    return (struct tp_words){.text = text, .markdown = true, .clip = clip};
}

static inline struct tp_words tp_words_markdown(const char *text)
{
    return (struct tp_words){.text = text, .markdown = true};
}

/* Plain words that somebody wrote outside the interface. */
static inline struct tp_words tp_words_written(const char *text)
{
    return (struct tp_words){.text = text, .written = true};
}

/* ---- the page ---- */

struct tp_page_spec {
    const char *id;          /* the same id keeps the focus and the part */
    const char *title;       /* the title line; NULL none */
    const char *status;      /* at its other end; NULL none */
    double progress;         /* 0..1; below 0 no bar. (A zeroed spec shows an empty bar: say -1.) */
    const char *picture;     /* path of the large Easy Read picture beside the body; NULL none */
    const char *picture_alt; /* its words */
    const char *more;        /* on the button that turns to the next part: _("More answers"), where
                                there is room for it; else, and for NULL: _("More") */
    const char *earlier;     /* and back: NULL: _("Go back up") */
    bool centred;            /* the body stands in the middle of its room: welcome, thanks */
    bool dock_first;         /* where the dock takes a part of its own, that part shows first */
};

struct tp_node *tp_page_body(struct tp_page *page);

/* A column that stands below the body on every part: the field and keyboard. */
struct tp_node *tp_page_dock(struct tp_page *page);

/* A mark at a place of the glass, in shares of the screen; on every part, never mirrored. */
enum tp_pin {
    TP_PIN_CROSS, /* to be touched */
    TP_PIN_SEEN,  /* a touch was seen here */
};
struct tp_node *tp_page_pin(struct tp_page *page, enum tp_pin kind, double x, double y);

/* The actions, Back at the start and primary at the end of the line. */
struct tp_node *tp_page_back(struct tp_page *page, const char *label, struct tp_action action);
struct tp_node *tp_page_primary(struct tp_page *page, const char *label, struct tp_action action);
/* A plainer one, between the two ("Skip this question"), or at the end of the body where they leave
 * it no room. `icon` may be TP_ICON_NONE. */
struct tp_node *tp_page_extra(struct tp_page *page, const char *label, enum tp_icon icon,
                              struct tp_action action);

/* ---- containers ---- */

/* Below one another, `gap_mm` apart (0: the usual 4). */
struct tp_node *tp_ui_column(struct tp_node *parent, double gap_mm);

/* Side by side. Children share the width by tp_ui_weight (1 each); stacked instead when one would
 * be narrower than `min_item_mm` (grown with the text size), or the row does not fit the room. */
struct tp_node *tp_ui_row(struct tp_node *parent, double gap_mm, double min_item_mm);

/* Equal cells, as many columns as fit of `min_item_mm` each, `max_columns` at most (0: no limit).
 */
struct tp_node *tp_ui_grid(struct tp_node *parent, double min_item_mm, int max_columns);

/* Side by side at their own widths, wrapped. */
struct tp_node *tp_ui_flow(struct tp_node *parent, double gap_mm);

/* Of a flow: where it takes several rows, these are about equally long and fill the width: the
 * greetings in other languages. */
struct tp_node *tp_ui_filling(struct tp_node *flow);

/* Answers: two columns on a wide screen where every text fits on one line in half of it, else one;
 * with pictures, two where there is room. Three short ones stand side by side. */
struct tp_node *tp_ui_choices(struct tp_node *parent);

/* Answers that are pictures: each a tp_ui_choice with its picture above its words, in as many
 * columns as the words allow (up to four), the pictures of a row in one line. Where the words have
 * no room in two columns, the pictures stand beside them as in tp_ui_choices. */
struct tp_node *tp_ui_picture_choices(struct tp_node *parent);

/* A card with a border around what is put in it. `strong` has the border of the key colour, and is
 * no wider than what is in it needs. */
struct tp_node *tp_ui_panel(struct tp_node *parent, bool strong);

/* A red edge and the words of a problem above what is put in it (sketch 9). */
struct tp_node *tp_ui_alarm(struct tp_node *parent, struct tp_words message);

/* For children of a row: its share of the width; 0 takes only its own width. */
struct tp_node *tp_ui_weight(struct tp_node *node, double weight);

/* Decoration: left out where the page would not fit on one part with it. */
struct tp_node *tp_ui_optional(struct tp_node *node);

/* For what holds the steps of a scale, which are chosen by comparing them: they stay together, on a
 * part of their own where the question leaves them no room. */
struct tp_node *tp_ui_scale(struct tp_node *node);

/* In the middle of the width it gets, instead of filling or starting it; of a row: its children in
 * the middle of its height, but for a picture beside a long text, which stands at its start. */
struct tp_node *tp_ui_centred(struct tp_node *node);

/* ---- leaves ---- */

struct tp_node *tp_ui_text(struct tp_node *parent, enum tp_style style, struct tp_words words);

/* The question: TP_STYLE_HEADING, stays on every part where it leaves room. */
struct tp_node *tp_ui_heading(struct tp_node *parent, struct tp_words words);

struct tp_picture {
    const char *id, *path, *alt;
    double width_mm, height_mm; /* 0: what the place gives, at the picture's proportions */
    bool border;                /* a quiet border around a white card */
};
struct tp_node *tp_ui_picture(struct tp_node *parent, const struct tp_picture *picture);

/* A large sign in a filled circle (the check mark of the thank-you page), or plain. */
struct tp_node *tp_ui_icon(struct tp_node *parent, enum tp_icon icon, double size_mm, bool filled,
                           const char *alt);

/* ---- what can be touched ---- */

enum tp_mark { TP_MARK_NONE, TP_MARK_RADIO, TP_MARK_CHECKBOX };

struct tp_answer {
    const char *id;
    struct tp_words label;
    struct tp_words hint; /* a second, quieter line; usually empty */
    const char *spoken;   /* NULL: the label */
    const char *picture;  /* path; NULL none */
    const char *picture_alt;
    enum tp_icon icon; /* instead of a picture */
    enum tp_mark mark;
    bool chosen, disabled;
    struct tp_action action; /* id 0: an example, which cannot be touched */
};
struct tp_node *tp_ui_choice(struct tp_node *parent, const struct tp_answer *choice);

enum tp_button_kind {
    TP_BUTTON_SECONDARY, /* card, key-coloured border and words */
    TP_BUTTON_PRIMARY,   /* filled */
    TP_BUTTON_PLAIN,     /* card, ink words, thin border: like an answer */
};

struct tp_button {
    const char *id;
    struct tp_words label;
    const char *spoken;
    enum tp_button_kind kind;
    enum tp_icon icon;  /* before the words */
    enum tp_icon after; /* after them: the forward chevron */
    bool chosen;        /* shown filled: a setting that is on */
    bool disabled;
    bool large; /* "Touch to start" */
    bool wide;  /* fills the width it gets */
    bool stays; /* of the bar: shown when the bar is folded too: Help */
    struct tp_action action;
};
struct tp_node *tp_ui_button(struct tp_node *parent, const struct tp_button *button);

/* Adds one of up to six to the bar at the bottom: one row, or two of three on a tall screen. Uses
 * id, label, spoken, icon, chosen, disabled, stays, action. */
struct tp_node *tp_page_bar(struct tp_page *page, const struct tp_button *button);
#define TP_BAR_MAX 6

/* The button that stands for those of the bar that do not stay when it is folded: on a quiet page
 * (tp_look.quiet), and where the words of the whole bar cannot be as large as they must (the
 * largest size on a small tablet). Its action leads to a page with what the others do. Comes first
 * in the bar: call it before tp_page_bar, and the help button last:
 *
 *     tp_page_fold(page, &(struct tp_button){.id = "bar:settings",
 *         .label = tp_words(_("Settings")), .icon = TP_ICON_SETTINGS, .action = ...});
 *     tp_page_bar(page, ... "bar:size" ...);
 *     tp_page_bar(page, &(struct tp_button){.id = "bar:help", .stays = true, ...});
 *
 * Without it the bar is never folded; its words are then as small as need be, down to the smallest
 * size. */
struct tp_node *tp_page_fold(struct tp_page *page, const struct tp_button *button);

/* A button that shows what it sets: "Aa" in a size or in the colours of a theme (sketch 8). */
struct tp_sample {
    const char *id;
    const char *text;             /* "Aa" */
    const char *spoken;           /* "Largest text" */
    const struct tp_theme *theme; /* NULL: the page's */
    bool has_size;
    enum tp_size size;
    bool chosen;
    struct tp_action action;
};
struct tp_node *tp_ui_sample(struct tp_node *parent, const struct tp_sample *sample);

/* What is typed, in large letters, with a caret. */
struct tp_field {
    const char *id;
    const char *text;
    size_t caret;       /* bytes; SIZE_MAX: at the end */
    bool editing;       /* shows the caret and a strong border */
    int lines;          /* high at least; 0: one */
    int max_lines;      /* shows the lines around the caret when there are more; 0: `lines` */
    double width_mm;    /* 0: the whole width. For a number, about 110 */
    const char *spoken; /* label for reading aloud */
    bool secret;        /* shows a dot for each character: a PIN */
    struct tp_action action;
};
struct tp_node *tp_ui_field(struct tp_node *parent, const struct tp_field *field);

/* Keys in centred rows, beside a field from the start of their place on; all keys are as wide as
 * the widest row allows, at most 28 mm. */
struct tp_node *tp_ui_keyboard(struct tp_node *parent);
struct tp_node *tp_ui_key_row(struct tp_node *keyboard);

struct tp_key {
    const char *id;
    const char *label; /* "q", "Delete" */
    const char *spoken;
    enum tp_icon icon; /* shown instead of a label that does not fit */
    double units;      /* width in keys; 0: 1 */
    bool word;         /* smaller words on the soft ground: Delete, 123, Aa */
    bool chosen;
    bool disabled;
    struct tp_action action;
};
struct tp_node *tp_ui_key(struct tp_node *row, const struct tp_key *key);

/* "There is a problem" at the top of the page; `action` brings the person to it (sketch 9). */
struct tp_problem_box {
    const char *id;
    struct tp_words title;   /* _("There is a problem") */
    struct tp_words message; /* lines parted by \n */
    struct tp_action action; /* id 0: nothing to touch */
    const char *picture;     /* path, in place of the sign: Easy Read; NULL: the sign */
    const char *picture_alt;
};
struct tp_node *tp_ui_problem(struct tp_node *parent, const struct tp_problem_box *problem);

/* One row of the check page (sketch 5), or one entry of several ("Child 1": its name) with a second
 * button that takes it out. The buttons' ids are the row's with ":change" and ":remove". */
struct tp_summary {
    const char *id;
    struct tp_words question, answer;
    const char *picture; /* path, before both: Easy Read; NULL none */
    const char *picture_alt;
    const char *change;        /* _("Change"); NULL: no button */
    const char *change_spoken; /* "Change: How often do you come?" */
    struct tp_action action;
    const char *remove; /* _("Remove"); NULL: no button */
    const char *remove_spoken;
    struct tp_action remove_action;
};
struct tp_node *tp_ui_summary(struct tp_node *parent, const struct tp_summary *summary);

/* A number by large steps: less, the value, more. */
struct tp_stepper {
    const char *id;
    struct tp_words value;   /* "7 out of 10" or "Not answered" */
    const char *less, *more; /* words for reading aloud */
    bool at_least, at_most;  /* the end is reached: that button rests */
    struct tp_action less_action, more_action;
};
struct tp_node *tp_ui_stepper(struct tp_node *parent, const struct tp_stepper *stepper);

/* One thing of a list that is put in order: its place, its words, two buttons that move it and one
 * that takes it out. In a tp_ui_column, one below the other. The buttons' ids are the row's with
 * ":up", ":down" and ":out". */
struct tp_ranked {
    const char *id;
    const char *place; /* "1"; NULL: not placed yet */
    struct tp_words label;
    const char *spoken;  /* "First: later opening"; NULL: the label */
    const char *picture; /* path; NULL none */
    const char *picture_alt;
    const char *up, *down; /* read aloud: "Move up: later opening" */
    const char *out;       /* likewise: "Take out: later opening"; NULL: no button */
    bool first, last;      /* the end is reached: that button rests */
    struct tp_action up_action, down_action, out_action;
};
struct tp_node *tp_ui_ranked(struct tp_node *parent, const struct tp_ranked *ranked);

#endif
