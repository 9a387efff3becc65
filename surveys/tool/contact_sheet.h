/*
 * Contact sheets: every page of a survey small, side by side, with its file's name under it, so
 * that an author sees the whole at a glance.
 *
 * A sheet takes TP_CONTACT_SHEET_PAGES pages and is written as soon as it is full
 * (contact-sheet-1.png, contact-sheet-2.png ...). Thread: the main thread only.
 */
#ifndef TP_TOOL_CONTACT_SHEET_H
#define TP_TOOL_CONTACT_SHEET_H

#include <SDL.h>
#include <stdbool.h>

#include "base/error.h"

#define TP_CONTACT_SHEET_COLUMNS 4
#define TP_CONTACT_SHEET_ROWS 5
#define TP_CONTACT_SHEET_PAGES (TP_CONTACT_SHEET_COLUMNS * TP_CONTACT_SHEET_ROWS)

struct tp_contact_sheet;

/* `folder` is where the sheets go; borrowed. */
bool tp_contact_sheet_create(const char *folder, struct tp_contact_sheet **sheet,
                             struct tp_error *error);

/* All pages have the size of the first. */
bool tp_contact_sheet_add(struct tp_contact_sheet *sheet, SDL_Surface *page, const char *name,
                          struct tp_error *error);

/* Writes what is left. */
bool tp_contact_sheet_finish(struct tp_contact_sheet *sheet, struct tp_error *error);

/* NULL is safe. */
void tp_contact_sheet_destroy(struct tp_contact_sheet *sheet);

#endif
