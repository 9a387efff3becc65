/* The rules: one row each. Adding one is a function in rules_*.c and a row in rules.c. */
#ifndef TP_AUDIT_RULES_H
#define TP_AUDIT_RULES_H

#include "audit/audit.h"

struct audit_rule {
    const char *id;                          /* of docs/ACCESSIBILITY.md: "T2" */
    const char *name;                        /* "overlap" */
    void (*layout)(struct audit_page *page); /* asked once a page, of all its parts; or NULL */
    void (*pixels)(struct audit_page *page); /* asked of each drawn part; or NULL */
};
extern const struct audit_rule audit_rules[];
extern const size_t audit_rule_count;

/* rules_size.c */
void audit_rule_angle(struct audit_page *page);
void audit_rule_capital(struct audit_page *page);
void audit_rule_icon(struct audit_page *page);
/* rules_room.c */
void audit_rule_cut(struct audit_page *page);
void audit_rule_sideways(struct audit_page *page);
void audit_rule_overlap(struct audit_page *page);
void audit_rule_ink(struct audit_page *page);
void audit_rule_scale(struct audit_page *page);
/* rules_words.c */
void audit_rule_split(struct audit_page *page);
void audit_rule_characters(struct audit_page *page);
void audit_rule_edge(struct audit_page *page);
void audit_rule_spacing(struct audit_page *page);
void audit_rule_capitals(struct audit_page *page);
/* rules_touch.c */
void audit_rule_target(struct audit_page *page);
void audit_rule_gap(struct audit_page *page);
void audit_rule_answer(struct audit_page *page);
void audit_rule_more(struct audit_page *page);
void audit_rule_reach(struct audit_page *page);
/* rules_easy_read.c */
void audit_rule_beside(struct audit_page *page);
void audit_rule_sentence(struct audit_page *page);
void audit_rule_picture_drawn(struct audit_page *page);
/* rules_colour.c */
void audit_rule_contrast(struct audit_page *page);
void audit_rule_border(struct audit_page *page);
void audit_rule_sign(struct audit_page *page);
void audit_rule_focus(struct audit_page *page);
void audit_rule_chosen(struct audit_page *page);
/* rules_still.c */
void audit_rule_still(struct audit_page *page);

#endif
